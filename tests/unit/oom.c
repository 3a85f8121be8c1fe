/* SPDX-License-Identifier: MIT
 * oom.c - out of memory is ordinary: every operation that allocates fails cleanly or succeeds.
 *
 * Each row of the table is an operation and what it works on.  It is tried with its 1st, 2nd, 3rd,
 * ... request for memory and all later ones refused, until it succeeds; and in small arenas that
 * are truly full, with one more object given back after each failure.  A failing call must set
 * MemoryError and leave everything as it was: what the objects hold, their counts, the bytes in
 * use; the heap must be sound.  The tables are in oom_operations.h and oom_methods.h.
 *
 * Refusing needs the hook that CHECK=2 and up compile in (the host builds have it). */
#include "collector.h"
#include "ouro.h"
#include "object.h"
#include "t.h"
#include "unit/oom_methods.h"

enum { DEEPEST = 6, ATTEMPTS = 400, FILLERS = 3000 };

/* A row of either table. */
enum { OPERATIONS = T_COUNT(operations) + T_COUNT(methods) };
static const struct operation *row(unsigned i)
{
    return i < T_COUNT(operations) ? &operations[i] : &methods[i - T_COUNT(operations)];
}

/* ---- what must not change ---- */

struct state {
    uint32_t digest;
    size_t used_bytes;
    uint32_t objects;
};

static uint32_t mix(uint32_t digest, uint32_t word) { return (digest ^ word) * 16777619u; }

/* What an object is and holds, counts included.  Allocates nothing. */
static uint32_t digest_of(ouro_ref o, uint32_t digest, unsigned depth)
{
    if (!o || !is_counted(o)) return mix(digest, (uint32_t)(uintptr_t)o);
    const struct ouro_type *type = type_of(o);
    const struct ouro_ops *ops = type->ops;
    digest = mix(mix(digest, type->index), ouro_diag_refcount(o));
    if (depth == DEEPEST) return digest;
    if (ops && ops->next) {
        size_t at = 0;
        ouro_ref key = NULL, item;
        while (ops->next(o, &at, &key, &item)) {
            digest = digest_of(key, digest, depth + 1);
            digest = digest_of(item, digest, depth + 1);
        }
        return mix(digest, ops->len ? (uint32_t)ops->len(o) : 0);
    }
    for (uint32_t refs = type->refs; refs; refs &= refs - 1)
        digest = digest_of(*slot(o, (unsigned)__builtin_ctz(refs)), digest, depth + 1);
    if (ouro_type_index(o) != OURO_TYPE_STR) return digest;
    size_t bytes;
    const char *text = ouro_str_bytes(o, &bytes);
    for (size_t i = 0; i < bytes; i++) digest = mix(digest, (uint8_t)text[i]);
    return digest;
}

static struct state state_of(const struct world *w)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    uint32_t digest = digest_of(w->a, 1, 0);
    digest = digest_of(w->b, digest, 0);
    digest = digest_of(w->c, digest, 0);
    return (struct state){digest, stats.used_bytes, stats.objects};
}

static bool failed_cleanly(const struct world *w, struct state *before, unsigned room)
{
    collector_drain(UINT32_MAX); /* what was made in vain dies in pieces, as everything does */
    struct state after = state_of(w);
    if (room & LEARNS) before->digest = after.digest;
    if (after.used_bytes - before->used_bytes <= (room & (LEARNS - 1))) {
        before->used_bytes = after.used_bytes;
        before->objects = after.objects;
    }
    bool is_clean =
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR) & T_CHECK(after.digest == before->digest) &
        T_EQ(after.used_bytes, before->used_bytes) & T_EQ(after.objects, before->objects);
    ouro_error_clear();
    const char *broken = ouro_diag_verify();
    return !(broken && !T_TEXT(broken, "sound")) && is_clean;
}

static void drop_all(struct world *w)
{
    ouro_xdecref(w->result);
    ouro_xdecref(w->c);
    ouro_xdecref(w->b);
    ouro_xdecref(w->a);
    ouro_mem_free(w->block);
    *w = (struct world){0};
    (void)ouro_gc_collect(2);
}

static size_t used_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.used_bytes;
}

/* ---- refusing ---- */

/* The operation with request number `from` and all later ones refused.  True: it succeeded. */
static bool attempt(const struct operation *operation, unsigned from, bool *is_sound)
{
    struct world w = {0};
    operation->prepare(&w, operation->n);
    (void)ouro_gc_collect(2);
    struct state before = state_of(&w);
    ouro_heap->refuse_from = from;
    bool has_worked = operation->run(&w, operation->n);
    ouro_heap->refuse_from = 0;
    if (has_worked) {
        *is_sound = T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    } else {
        *is_sound = failed_cleanly(&w, &before, operation->room);
        if (operation->room) { /* left behind once, not again and again */
            ouro_heap->refuse_from = 1;
            T_CHECK(!operation->run(&w, operation->n));
            ouro_heap->refuse_from = 0;
            *is_sound &= failed_cleanly(&w, &before, 0);
        }
    }
    drop_all(&w);
    *is_sound &= T_EQ(used_bytes(), 0);
    return has_worked;
}

static void every_request_may_be_refused(void)
{
    if (OURO_CHECK < 2) {
        t_skip("requests are refused at CHECK=2 and up");
        return;
    }
    for (unsigned i = 0; i < OPERATIONS; i++) {
        bool is_sound = true, has_worked = false;
        t_restart(64 * 1024);
        for (unsigned from = 1; from < ATTEMPTS && is_sound && !has_worked; from++)
            has_worked = attempt(row(i), from, &is_sound);
        if (!T_CHECK(has_worked && is_sound)) T_TEXT(row(i)->name, "sound");
    }
}

/* ---- full arenas ---- */

static ouro_ref fillers[FILLERS];
static unsigned filled;

/* Objects of all sizes until not even the smallest fits.  None is tracked. */
static void fill(void)
{
    static const uint16_t sizes[] = {800, 300, 180, 100, 60, 30, 3};
    char *buffer;
    for (unsigned i = 0; i < T_COUNT(sizes); i++)
        for (unsigned n = 0; n < 4u << i || i + 1 == T_COUNT(sizes); n++) {
            if (filled == FILLERS || !(fillers[filled] = ouro_str_alloc(sizes[i], &buffer))) break;
            filled++;
        }
    while (filled < FILLERS && (fillers[filled] = ouro_float_new(0.5))) filled++;
    T_CHECK(filled < FILLERS);
    ouro_error_clear();
}

/* Room comes back object by object, every third one first, so that it is scattered. */
static bool make_room(void)
{
    static unsigned next;
    if (filled == 0) return false;
    next = (next + 3) % filled;
    ouro_decref(fillers[next]);
    fillers[next] = fillers[--filled];
    return true;
}

static bool works_in_a_full_arena(const struct operation *operation, size_t arena)
{
    struct world w = {0};
    bool is_sound = true, has_worked = false;
    t_restart(arena);
    operation->prepare(&w, operation->n);
    filled = 0;
    fill();
    while (is_sound && !has_worked) {
        struct state before = state_of(&w);
        has_worked = operation->run(&w, operation->n);
        if (has_worked) break;
        is_sound = failed_cleanly(&w, &before, operation->room);
        if (!T_CHECK(make_room())) return false;
    }
    while (filled > 0) ouro_decref(fillers[--filled]);
    drop_all(&w);
    return T_EQ(used_bytes(), 0) && is_sound;
}

static void full_arenas(void)
{
    static const size_t arenas[] = {16 * 1024, 24000, 32 * 1024};
    for (unsigned i = 0; i < OPERATIONS; i++)
        for (unsigned a = 0; a < T_COUNT(arenas); a++)
            if (!T_CHECK(works_in_a_full_arena(row(i), arenas[a]))) T_TEXT(row(i)->name, "sound");
}

/* ---- garbage makes room ---- */

/* What memory is short of is held by a cycle, or waits on the dead queue: then nothing fails. */
static void garbage_is_not_out_of_memory(void)
{
    t_restart(16 * 1024);
    ouro_gc_disable();
    for (unsigned round = 0; round < 300; round++) {
        ouro_ref list = ouro_list_new(), probe = ouro_obj_new(&probe_type);
        if (!T_CHECK(list && probe)) return;
        for (unsigned i = 0; i < 20; i++)
            if (!T_EQ(ouro_list_append(list, probe), 0)) return;
        ((struct probe *)(void *)probe)->first = list; /* the list's only reference */
        ouro_decref(probe);
    }
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
}

static const struct t_test tests[] = {
    T_TEST(every_request_may_be_refused),
    T_TEST(full_arenas),
    T_TEST(garbage_is_not_out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
