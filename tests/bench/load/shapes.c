/* SPDX-License-Identifier: MIT
 * shapes.c - live data of every kind, and the loop beside it; shapes.h says how they are used.
 *
 * Numbers are immediate, so that their references take no memory. */
#include "shapes.h"

#include "shapes_own.h"
#include "t.h"

OURO_TYPE_DEFINE(pair_type) = {
    .name = "pair",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct pair),
    .refs = OURO_REF_BIT(struct pair, first) | OURO_REF_BIT(struct pair, second),
};

const struct shape *const shapes[] = {
    &shape_tuples, &shape_records, &shape_dicts,    &shape_dictchain, &shape_instances,
    &shape_rings,  &shape_graph,   &shape_list100k, &shape_dict100k,  &shape_random_links,
    &shape_chain,  &shape_alldead, &shape_stores,   &shape_strings,   &shape_weak,
};
const unsigned shape_count = sizeof shapes / sizeof shapes[0];

uint32_t shape_size, shape_full_size, shape_drops;
ouro_ref shape_live, shape_samples[SHAPE_SAMPLES];
static const struct shape *shape_now;
static ouro_ref ballast;
static uint32_t turns, random_state;

uint32_t shape_random(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return (uint32_t)((uint64_t)random_state * limit >> 32);
}

ouro_ref shape_int(uint32_t value) { return ouro_int_new(value & 0xfffffffu); }

ouro_ref shape_pair(ouro_ref first, ouro_ref second)
{
    ouro_ref ref = meter_new(&pair_type);
    if (!ref) {
        ouro_xdecref(first);
        ouro_xdecref(second);
        return NULL;
    }
    pair_of(ref)->first = first;
    pair_of(ref)->second = second;
    return ref;
}

bool shape_push(ouro_ref *head, ouro_ref item)
{
    ouro_ref tuple = meter_tuple(item, *head);
    if (!tuple) return false;
    ouro_decref(*head);
    *head = tuple;
    return true;
}

void shape_sample(ouro_ref ref)
{
    uint32_t i = shape_size < SHAPE_SAMPLES ? shape_size : shape_random(SHAPE_SAMPLES);
    shape_samples[i] = ref;
}
ouro_ref shape_any_sample(void)
{
    return shape_samples[shape_random(shape_size < SHAPE_SAMPLES ? shape_size : SHAPE_SAMPLES)];
}

void shape_begin_list(void) { shape_live = ouro_list_new(); }

/* ---- filling ---- */

void shape_restart(const struct shape *shape, size_t arena_bytes)
{
    t_restart(arena_bytes);
    shape_now = shape;
    shape_size = shape_full_size = shape_drops = turns = 0;
    random_state = 2463534242u;
    shape_live = ballast = OURO_NONE;
    if (shape->begin) shape->begin();
}

void shape_roots(ouro_ref roots[SHAPE_ROOTS])
{
    roots[0] = shape_live;
    roots[1] = ballast;
}

size_t shape_room(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.arena_bytes - stats.control_bytes;
}
size_t shape_taken(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.arena_bytes - stats.control_bytes - stats.free_bytes;
}

bool shape_fill(unsigned percent)
{
    size_t wanted = shape_room() / 100 * percent;
    uint32_t failures = meter.failures;
    for (size_t taken; (taken = shape_taken()) < wanted && meter.failures == failures;) {
        if (shape_now->grow(wanted - taken)) {
            shape_size++;
            continue;
        }
        if (wanted - taken < 64 || !shape_push(&ballast, shape_int(0))) break;
    }
    shape_full_size = shape_size;
    return meter.failures == failures;
}

/* ---- the loop ---- */

void shape_make_ring(unsigned length)
{
    ouro_ref first = shape_pair(NULL, NULL), last = first;
    for (unsigned i = 1; first && i < length; i++) {
        ouro_ref next = shape_pair(NULL, NULL);
        if (!next) break;
        pair_of(last)->first = next;
        last = next;
    }
    if (last) pair_of(last)->first = ouro_own(first);
    meter_release(first);
}

static void make_own_item(void)
{
    ouro_ref list = meter_list();
    meter_append(list, list);
    meter_release(list);
}

static void make_own_value(void)
{
    ouro_ref dict = meter_dict();
    meter_dict_set(CALL_DICT_ITSELF, dict, OURO_NONE, dict);
    meter_release(dict);
}

void shape_turn(const struct shape *shape)
{
    ouro_ref inner = meter_tuple(shape_int(turns), shape_int(1));
    ouro_ref outer = meter_tuple(shape_int(turns), inner);
    ouro_xdecref(inner);
    ouro_ref other = shape_pair(outer, NULL);
    if (other) pair_of(other)->second = shape_pair(NULL, NULL);
    meter_drop(other);
    shape_make_ring(3);
    turns++;
    if (turns % 8 == 0) make_own_item();
    if (turns % 16 == 0) make_own_value();
    if (shape->turn) shape->turn();
}
