/* SPDX-License-Identifier: MIT
 * shapes_links.c - live data that hangs together by its own links. */
#include "shapes_own.h"

/* ---- tuples: (i, next) ---- */

static bool tuples_grow(size_t room)
{
    return room >= 16 && shape_push(&shape_live, shape_int(shape_size));
}
const struct shape shape_tuples = {"tuples", NULL, tuples_grow, NULL, 0};

/* ---- instances: .val = (i, i), .next ---- */

static ouro_ref class_, name_val, name_next;

static void instances_begin(void)
{
    name_val = ouro_intern("val", 3);
    name_next = ouro_intern("next", 4);
    class_ = ouro_class_new("C", NULL);
}
static ouro_ref new_value(uint32_t i) { return meter_tuple(shape_int(i), shape_int(i)); }

static bool instances_grow(size_t room)
{
    if (room < 48) return false;
    ouro_ref instance = meter_instance(class_), value = new_value(shape_size);
    meter_attr_set(instance, name_val, value, true);
    meter_attr_set(instance, name_next, shape_live, true);
    ouro_xdecref(value);
    if (!instance) return false;
    ouro_decref(shape_live);
    shape_live = instance;
    return true;
}
static void instances_turn(void)
{
    ouro_ref value = new_value(0);
    meter_attr_set(shape_live, name_val, value, false);
    ouro_xdecref(value);
}
const struct shape shape_instances = {"instances", instances_begin, instances_grow, instances_turn,
                                      0};

/* ---- rings: one ring, linked both ways ---- */

static bool insert_pair(void)
{
    ouro_ref node = shape_pair(NULL, NULL);
    if (!node) return false;
    struct pair *pair = pair_of(node);
    if (shape_live == OURO_NONE) {
        pair->first = ouro_own(node);
        pair->second = ouro_own(node);
        shape_live = node;
        return true;
    }
    struct pair *before = pair_of(shape_live), *behind = pair_of(before->second);
    pair->first = ouro_own(shape_live);
    ouro_move(&pair->second, &before->second);
    before->second = ouro_own(node);
    meter_put(&behind->first, node);
    return true;
}
static bool rings_grow(size_t room) { return room >= 16 && insert_pair(); }

static void rings_turn(void)
{
    struct pair *before = pair_of(shape_live), *node = pair_of(before->second);
    struct pair *behind = pair_of(node->second);
    meter_put(&before->second, ouro_own(&behind->header));
    meter_put(&behind->first, ouro_own(shape_live)); /* the node dies */
    shape_size -= !insert_pair();
}
const struct shape shape_rings = {"rings", NULL, rings_grow, rings_turn, 0};

/* ---- random: references to lower addresses, and a chain through all ---- */

struct fork {
    struct ouro_obj header;
    ouro_ref next, left, right;
};
OURO_TYPE_DEFINE(fork_type) = {
    .name = "fork", .index = OURO_TYPE_USER, .size_bytes = sizeof(struct fork), .refs = 7};

static bool random_grow(size_t room)
{
    if (room < 24) return false;
    ouro_ref ref = meter_new(&fork_type);
    if (!ref) return false;
    struct fork *fork = (struct fork *)(void *)ref;
    fork->next = shape_live;
    shape_live = ref;
    shape_sample(ref);
    fork->left = ouro_own(shape_any_sample());
    fork->right = ouro_own(shape_any_sample());
    return true;
}
static void random_turn(void)
{
    ouro_ref a = shape_any_sample(), b = shape_any_sample();
    ouro_ref high = a > b ? a : b, low = a > b ? b : a;
    meter_put(&((struct fork *)(void *)high)->left, ouro_own(low));
}
const struct shape shape_random_links = {"random", NULL, random_grow, random_turn, 0};

/* ---- stores: into live data throughout ---- */

static bool stores_grow(size_t room)
{
    if (room < 32) return false;
    ouro_ref item = shape_pair(NULL, NULL), ref = shape_pair(item, shape_live);
    if (!ref) return false;
    shape_live = ref;
    shape_sample(ref);
    return true;
}
static void stores_turn(void)
{
    for (unsigned i = 0; i < 8; i++)
        meter_put(&pair_of(shape_any_sample())->first, shape_pair(NULL, NULL));
}
const struct shape shape_stores = {"stores", NULL, stores_grow, stores_turn, 0};

/* ---- chain and alldead: all of it is dropped at once, then it grows again ---- */

enum { GROWS_BY = 6 }; /* in a turn */

static bool is_growing;

static void begin_dropping(void) { is_growing = false; }

static bool chain_grow(size_t room)
{
    if (room < 16 || shape_size >= SHAPE_MANY) return false;
    ouro_ref ref = shape_pair(NULL, shape_live);
    if (ref) shape_live = ref;
    return ref;
}

/* Grow if there is room; true when it is as large as it was. */
static bool grow_again(const struct shape *shape)
{
    for (unsigned i = 0; i < GROWS_BY && shape_size < shape_full_size; i++)
        if (shape->grow(SIZE_MAX)) shape_size++;
    return shape_size >= shape_full_size;
}

static void chain_turn(void)
{
    if (meter.is_learning) return;
    if (is_growing) {
        is_growing = !grow_again(&shape_chain);
        return;
    }
    meter_drop(shape_live);
    shape_live = OURO_NONE;
    shape_size = 0;
    shape_drops++;
    is_growing = true;
}
const struct shape shape_chain = {"chain", begin_dropping, chain_grow, chain_turn, 3};

/* Once most of the dead ring is gone, it grows again. */
static void alldead_turn(void)
{
    static bool is_waiting;
    if (meter.is_learning) return;
    if (!is_growing) {
        meter_release(shape_live);
        shape_live = OURO_NONE;
        shape_size = 0;
        shape_drops++;
        is_growing = is_waiting = true;
    } else if (is_waiting) {
        is_waiting = shape_taken() > shape_room() / 4;
    } else {
        is_growing = !grow_again(&shape_alldead);
    }
}
const struct shape shape_alldead = {"alldead", begin_dropping, rings_grow, alldead_turn, 3};
