/* SPDX-License-Identifier: MIT
 * search.c - paths and retained sizes of random graphs, against a plain computation over a matrix.
 *
 * Objects are lists and dicts, some of them large; the model knows who refers to whom and what is
 * held from outside. */
#include <string.h>

#include "ouro.h"
#include "t.h"

enum { MOST = 40, ROUNDS = 150, NONE = 255 };

static ouro_ref object[MOST];
static uint8_t edges[MOST][MOST]; /* how many references from the first to the second */
static bool is_held[MOST];        /* from outside */
static unsigned count;

static uint32_t state;
static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

/* ---- the model ---- */

/* Hops from what is held to each object, by none of them `without` (or NULL); NONE: not reached. */
static void spread(uint8_t distance[MOST], ouro_ref without)
{
    for (unsigned i = 0; i < count; i++)
        distance[i] = is_held[i] && object[i] != without ? 0 : NONE;
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (unsigned i = 0; i < count; i++)
            for (unsigned j = 0; j < count; j++) {
                bool is_nearer =
                    edges[i][j] && distance[i] != NONE && distance[j] > distance[i] + 1;
                if (!is_nearer || object[j] == without) continue;
                distance[j] = (uint8_t)(distance[i] + 1);
                has_changed = true;
            }
    }
}

/* Bytes of what is reached from an object and not without it; and how many those are. */
static size_t retained(unsigned of, uint32_t *objects)
{
    uint8_t without[MOST] = {0};
    bool is_reached[MOST] = {false};
    size_t bytes = 0;
    spread(without, object[of]);
    is_reached[of] = true;
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (unsigned i = 0; i < count; i++)
            for (unsigned j = 0; j < count; j++)
                if (is_reached[i] && edges[i][j] && !is_reached[j])
                    has_changed = is_reached[j] = true;
    }
    *objects = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!is_reached[i] || (without[i] != NONE && i != of)) continue;
        bytes += ouro_diag_sizeof(object[i]);
        ++*objects;
    }
    return bytes;
}

/* ---- the heap ---- */

/* Some are large before they hold anything that counts. */
static void fill(ouro_ref o)
{
    unsigned n = below(4) ? below(5) : below(200);
    for (unsigned i = 0; i < n; i++) {
        bool is_list = ouro_type_index(o) == OURO_TYPE_LIST;
        int result = is_list ? ouro_list_append(o, OURO_NONE)
                             : ouro_dict_set(o, ouro_int_new((int)i), OURO_NONE);
        T_EQ(result, 0);
    }
}

static void connect(unsigned from, unsigned to)
{
    ouro_ref o = object[from];
    int result;
    if (ouro_type_index(o) == OURO_TYPE_LIST) {
        result = ouro_list_append(o, object[to]);
    } else {
        int key = 1000 + (int)ouro_dict_len(o);
        result = ouro_dict_set(o, ouro_int_new(key), object[to]);
    }
    T_EQ(result, 0);
    edges[from][to]++;
}

static void build(void)
{
    memset(edges, 0, sizeof edges);
    count = 2 + below(MOST - 2);
    for (unsigned i = 0; i < count; i++) {
        object[i] = below(2) ? ouro_list_new() : ouro_dict_new();
        fill(object[i]);
    }
    for (unsigned i = below(3 * count); i > 0; i--) connect(below(count), below(count));
    for (unsigned i = 0; i < count; i++) is_held[i] = below(4) == 0;
    for (unsigned i = 0; i < count; i++)
        if (!is_held[i]) ouro_decref(object[i]); /* of which nothing may be left: see alive() */
}

/* What nobody holds has died, unless it is in a cycle or reached from one. */
static bool is_alive(unsigned i)
{
    bool is_dead[MOST] = {false};
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (unsigned j = 0; j < count; j++) {
            unsigned holders = is_held[j];
            for (unsigned k = 0; k < count; k++) holders += edges[k][j] && !is_dead[k];
            if (holders || is_dead[j]) continue;
            is_dead[j] = has_changed = true;
        }
    }
    return !is_dead[i];
}

static void destroy(void)
{
    for (unsigned i = 0; i < count; i++)
        if (is_held[i]) ouro_decref(object[i]);
    ouro_gc_collect(2);
}

/* ---- the test ---- */

struct told {
    unsigned edges;
    ouro_ref last;
    bool is_chain;
};

static int follow(const struct ouro_edge *edge, void *context)
{
    struct told *told = context;
    bool is_first = edge->kind == OURO_EDGE_OUTSIDE;
    if (is_first != (told->edges == 0) || (!is_first && edge->holder != told->last))
        told->is_chain = false;
    told->last = edge->to;
    told->edges++;
    return 0;
}

static bool agrees(unsigned i)
{
    uint8_t distance[MOST] = {0};
    struct told told = {.is_chain = true};
    uint32_t objects, expected;
    spread(distance, NULL);
    T_CHECK(ouro_diag_path(object[i], NULL, follow, &told) >= 0);
    bool is_good = T_EQ(told.edges, distance[i] == NONE ? 0 : distance[i] + 1);
    is_good = is_good && T_CHECK(told.is_chain && (!told.edges || told.last == object[i]));
    size_t bytes = retained(i, &expected);
    is_good = T_EQ(ouro_diag_retained(object[i], &objects), bytes) && is_good;
    return T_EQ(objects, expected) && is_good;
}

static void graphs_agree_with_the_model(void)
{
    unsigned rounds = ROUNDS * t_scale(), reached = 0;
    state = t_seed();
    ouro_gc_disable(); /* garbage stays, and holds nothing */
    for (unsigned round = 0; round < rounds; round++) {
        build();
        for (unsigned tries = 0; tries < 8; tries++) {
            unsigned i = below(count);
            if (!is_alive(i)) continue;
            reached++;
            if (!agrees(i)) return;
        }
        destroy();
        if (!T_EQ(ouro_getallocatedblocks(), 0)) return;
    }
    t_note("objects asked about", reached);
    T_CHECK(reached > rounds);
}

static const struct t_test tests[] = {T_TEST(graphs_agree_with_the_model)};
int main(void) { return t_run(tests, T_COUNT(tests)); }
