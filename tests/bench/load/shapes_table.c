/* SPDX-License-Identifier: MIT
 * shapes_table.c - the shapes, one after the other. */
#include "shapes_own.h"

static ouro_ref names[2]; /* of attributes */
static ouro_ref class_;

static void begin_list(void) { shape_live = ouro_list_new(); }

/* ---- tuples: (i, next) ---- */

static bool tuples_grow(size_t room)
{
    return room >= 16 && shape_push(&shape_live, shape_int(shape_size));
}

/* ---- instances: .val = (i, i), .next ---- */

static void instances_begin(void)
{
    names[0] = ouro_intern("val", 3);
    names[1] = ouro_intern("next", 4);
    class_ = ouro_class_new("C", NULL);
}

static ouro_ref new_value(uint32_t i) { return meter_tuple(shape_int(i), shape_int(i)); }

static bool instances_grow(size_t room)
{
    if (room < 48) return false;
    ouro_ref instance = meter_instance(class_), value = new_value(shape_size);
    meter_attr_set(instance, names[0], value, true);
    meter_attr_set(instance, names[1], shape_live, true);
    ouro_xdecref(value);
    ouro_xdecref(shape_live);
    shape_live = instance;
    return instance != NULL;
}

static void instances_turn(void)
{
    ouro_ref value = new_value(0);
    meter_attr_set(shape_live, names[0], value, false);
    ouro_xdecref(value);
}

/* ---- list100k: one list, a pair among 16 numbers ---- */

static bool list_grow(size_t room)
{
    if (room < 256 || shape_size >= SHAPE_MANY) return false;
    ouro_ref item = shape_size % 16 ? shape_int(shape_size) : shape_pair(NULL, NULL);
    meter_append(shape_live, item);
    ouro_xdecref(item);
    return true;
}

static void list_turn(void)
{
    ouro_ref item = shape_pair(NULL, NULL);
    meter_list_set(shape_live, shape_random((shape_size + 15) / 16) * 16, item);
    ouro_xdecref(item);
    meter_pop(shape_live);
    meter_append(shape_live, OURO_NONE);
}

/* ---- all ---- */

const struct shape shapes[] = {
    {"tuples", NULL, tuples_grow, NULL},
    {"instances", instances_begin, instances_grow, instances_turn},
    {"list100k", begin_list, list_grow, list_turn},
};
const unsigned shape_count = sizeof shapes / sizeof shapes[0];
