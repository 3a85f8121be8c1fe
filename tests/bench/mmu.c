/* SPDX-License-Identifier: MIT
 * mmu.c - minimum mutator utilisation: of any so many instructions, how many are the program's own,
 * at least.  The loop makes young cyclic garbage in 1 MiB, half of it alive.
 *
 *   mmu/WINDOW     the least share in any window of so many instructions, in thousandths
 *   mutator.share  of all instructions, in thousandths
 *
 * Of each allocation, with what the program does between it and the one before, the program's own
 * part is what the same takes with the collector off (the shortest), or all of it if that is less,
 * as where a cell is taken that was used before.  The rest is the collector's, and counts as coming
 * first; windows begin where it does. */
#include "load/cell.h"
#include "t.h"

enum { TURNS = 180000, LEARN_TURNS = 600, RING = 3 };

static uint32_t spent[TURNS]; /* between two allocations; each is a turn */
static uint32_t own[RING];    /* by its place in the ring */

/* A ring of three pairs, dropped as it is closed. */
static void make_ring(uint32_t took[RING])
{
    static uint64_t ended;
    struct pair *ring[RING];
    for (unsigned i = 0; i < RING; i++) {
        ring[i] = pair_of(ouro_obj_new(&pair_type));
        uint64_t now = ouro_port_instructions();
        took[i] = (uint32_t)(now - ended);
        ended = now;
        if (i > 0) ring[i - 1]->first = &ring[i]->header;
    }
    ring[RING - 1]->first = ouro_own(&ring[0]->header);
    ouro_decref(&ring[0]->header);
}

static void learn(void)
{
    uint32_t took[RING];
    ouro_gc_disable();
    make_ring(took);
    make_ring(own);
    for (unsigned i = 0; i < LEARN_TURNS; i += RING) {
        make_ring(took);
        for (unsigned k = 0; k < RING; k++)
            if (took[k] < own[k]) own[k] = took[k];
    }
    ouro_gc_enable();
    (void)ouro_gc_collect(2);
    make_ring(took);
}

/* The program's part of the first so many instructions of a turn. */
static uint64_t own_part(unsigned turn, uint64_t of_its_first)
{
    uint64_t part = own[turn % RING] < spent[turn] ? own[turn % RING] : spent[turn];
    uint64_t others = spent[turn] - part;
    if (of_its_first >= spent[turn]) return part;
    return of_its_first > others ? of_its_first - others : 0;
}

/* The window slides over the turns: whole ones from `first` to `last`, and the first part of the
 * next. */
static unsigned least_permille(uint64_t window)
{
    uint64_t inside = 0, mutator = 0, least = UINT64_MAX;
    unsigned last = 0;
    for (unsigned first = 0; first < TURNS; first++) {
        while (last < TURNS && inside + spent[last] <= window) {
            inside += spent[last];
            mutator += own_part(last, UINT64_MAX);
            last++;
        }
        if (last == TURNS) break;
        uint64_t all = mutator + own_part(last, window - inside);
        if (all < least) least = all;
        if (last > first) {
            inside -= spent[first];
            mutator -= own_part(first, UINT64_MAX);
        } else {
            last++; /* one turn is longer than the window */
        }
    }
    return least == UINT64_MAX ? 0 : (unsigned)(least * 1000 / window);
}

int main(void)
{
    static const uint32_t windows[] = {1000,   2000,   5000,    10000,   20000,   50000,   100000,
                                       200000, 500000, 1000000, 2000000, 5000000, 10000000};
    shape_restart(&shape_rings, 1024 * 1024);
    (void)shape_fill(50);
    (void)ouro_gc_collect(2);
    learn();
    uint64_t all = 0, mutator = 0;
    for (unsigned i = 0; i < TURNS; i += RING) {
        make_ring(&spent[i]);
        for (unsigned k = 0; k < RING; k++) {
            all += spent[i + k];
            mutator += own_part(i + k, UINT64_MAX);
        }
    }
    for (unsigned i = 0; i < T_COUNT(windows); i++) {
        t_print("mmu/");
        t_print_int(windows[i]);
        t_print(" ");
        t_print_int(least_permille(windows[i]));
        t_print(" permille\n");
    }
    t_print("mutator.share ");
    t_print_int((int64_t)(mutator * 1000 / all));
    t_print(" permille\n");
    return 0;
}
