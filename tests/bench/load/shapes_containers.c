/* SPDX-License-Identifier: MIT
 * shapes_containers.c - live data in lists, dicts and weak containers. */
#include "shapes_own.h"

static ouro_ref key; /* of a dict with one entry; the runtime's for as long as the arena lasts */

static void begin_list(void)
{
    key = ouro_intern("a", 1);
    shape_begin_list();
}
static void begin_dict(void)
{
    key = ouro_intern("a", 1);
    shape_live = ouro_dict_new();
}

/* ---- records: a list of (i, [i, i], {'a': i}); dicts: a dict of them ---- */

enum { RECORD_BYTES = 256 }; /* more than a record takes, and its place */

static ouro_ref new_record(uint32_t i)
{
    ouro_ref list = meter_list(), dict = meter_dict();
    for (unsigned k = 0; k < 2; k++) meter_append(list, shape_int(i));
    meter_dict_set(CALL_DICT_FIRST, dict, key, shape_int(i));
    ouro_ref record = meter_triple(shape_int(i), list, dict);
    ouro_xdecref(list);
    ouro_xdecref(dict);
    return record;
}

static bool records_grow(size_t room)
{
    if (room < RECORD_BYTES) return false;
    ouro_ref record = new_record(shape_size);
    meter_append(shape_live, record);
    ouro_xdecref(record);
    return true;
}
static void records_turn(void)
{
    uint32_t i = shape_random(shape_size);
    ouro_ref record = new_record(i);
    meter_list_set(shape_live, i, record);
    ouro_xdecref(record);
}
const struct shape shape_records = {"records", begin_list, records_grow, records_turn, 0};

static bool dicts_grow(size_t room)
{
    if (room < 2 * RECORD_BYTES) return false;
    ouro_ref record = new_record(shape_size);
    meter_dict_set(CALL_DICT_INSERT, shape_live, shape_int(shape_size), record);
    ouro_xdecref(record);
    return true;
}
static void dicts_turn(void)
{
    uint32_t i = shape_random(shape_size);
    ouro_ref record = new_record(i);
    meter_dict_set(CALL_DICT_REPLACE, shape_live, shape_int(i), record);
    ouro_xdecref(record);
}
const struct shape shape_dicts = {"dicts", begin_dict, dicts_grow, dicts_turn, 0};

/* ---- dictchain: {'a': the one before} ---- */

static bool dictchain_grow(size_t room)
{
    if (room < 64) return false;
    ouro_ref dict = meter_dict();
    meter_dict_set(CALL_DICT_FIRST, dict, key, shape_live);
    if (!dict) return false;
    ouro_decref(shape_live);
    shape_live = dict;
    return true;
}
static void dictchain_turn(void)
{
    ouro_ref next = ouro_own(ouro_dict_get(shape_live, key));
    meter_dict_set(CALL_DICT_REPLACE, shape_live, key, next);
    ouro_decref(next);
}
const struct shape shape_dictchain = {"dictchain", begin_dict, dictchain_grow, dictchain_turn, 0};

/* ---- graph: complete graphs of up to 60 nodes, which are lists ---- */

enum { GRAPH_MOST = 60 };

/* A graph of n nodes; new reference to one of them. */
static ouro_ref new_graph(unsigned n)
{
    ouro_ref nodes[GRAPH_MOST] = {NULL};
    for (unsigned i = 0; i < n; i++) nodes[i] = meter_list();
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < n; k++) meter_append(nodes[i], nodes[k]);
    for (unsigned i = 1; i < n; i++) meter_release(nodes[i]);
    return nodes[0];
}
static bool graph_grow(size_t room)
{
    unsigned n = GRAPH_MOST;
    while (n > 2 && n * (128 + n / 16 * 80) > room) n--;
    if (n == 2) return false;
    ouro_ref graph = new_graph(n);
    bool is_kept = graph && shape_push(&shape_live, graph);
    ouro_xdecref(graph);
    return is_kept;
}
static void graph_turn(void) { meter_release(new_graph(2 + shape_random(4))); }
const struct shape shape_graph = {"graph", NULL, graph_grow, graph_turn, 0};

/* ---- list100k: one list, a pair among 16 numbers; dict100k: one dict of numbers ---- */

static bool list100k_grow(size_t room)
{
    if (room < 256 || shape_size >= SHAPE_MANY) return false;
    ouro_ref item = shape_size % 16 ? shape_int(shape_size) : shape_pair(NULL, NULL);
    meter_append(shape_live, item);
    ouro_xdecref(item);
    return true;
}
static void list100k_turn(void)
{
    ouro_ref item = shape_pair(NULL, NULL);
    meter_list_set(shape_live, shape_random((shape_size + 15) / 16) * 16, item);
    ouro_xdecref(item);
    meter_pop(shape_live);
    meter_append(shape_live, OURO_NONE);
}
const struct shape shape_list100k = {"list100k", begin_list, list100k_grow, list100k_turn, 0};

static bool dict100k_grow(size_t room)
{
    if (room < 512 || shape_size >= SHAPE_MANY) return false;
    meter_dict_set(CALL_DICT_INSERT, shape_live, shape_int(shape_size), OURO_NONE);
    return true;
}
static void dict100k_turn(void)
{
    ouro_ref i = shape_int(shape_random(shape_size)), value = shape_pair(NULL, NULL);
    meter_dict_set(CALL_DICT_REPLACE, shape_live, i, value);
    ouro_xdecref(value);
    meter_dict_del(shape_live, i);
    meter_dict_set(CALL_DICT_INSERT, shape_live, i, OURO_NONE);
}
const struct shape shape_dict100k = {"dict100k", begin_dict, dict100k_grow, dict100k_turn, 0};

/* ---- strings: short ones, by the thousand ---- */

static ouro_ref new_string(uint32_t i)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return meter_str(&letters[i % 8], 4 + i % 14);
}
static bool strings_grow(size_t room)
{
    if (room < 128) return false;
    ouro_ref text = new_string(shape_size);
    meter_append(shape_live, text);
    ouro_xdecref(text);
    return true;
}
static void strings_turn(void)
{
    uint32_t i = shape_random(shape_size);
    ouro_ref text = new_string(i);
    meter_list_set(shape_live, i, text);
    ouro_xdecref(text);
}
const struct shape shape_strings = {"strings", begin_list, strings_grow, strings_turn, 0};

/* ---- weak: a list of objects, and weak containers that have them as keys and as values ---- */

struct thing {
    struct ouro_obj header;
    ouro_ref item, weak;
};
OURO_TYPE_DEFINE(thing_type) = {
    .name = "thing",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct thing),
    .refs = OURO_REF_BIT(struct thing, item),
    .weak_word = OURO_WEAK_WORD(struct thing, weak),
};
enum { THING_BYTES = 512 }; /* more than one takes, and its places */

static ouro_ref weak_keys, weak_values;

static void weak_begin(void)
{
    shape_begin_list();
    weak_keys = ouro_weakkeys_new();
    weak_values = ouro_weakvalues_new();
}
static ouro_ref new_thing(uint32_t i)
{
    ouro_ref thing = meter_new(&thing_type);
    meter_weakvalues_set(weak_values, shape_int(i), thing);
    meter_weakkeys_set(weak_keys, thing, shape_int(i));
    return thing;
}
static bool weak_grow(size_t room)
{
    if (room < THING_BYTES) return false;
    ouro_ref thing = new_thing(shape_size);
    meter_append(shape_live, thing);
    ouro_xdecref(thing);
    return true;
}
static void weak_turn(void)
{
    uint32_t i = shape_random(shape_size);
    ouro_ref thing = new_thing(i);
    meter_list_set(shape_live, i, thing);
    ouro_xdecref(thing);
    ouro_ref garbage = new_thing(shape_size + 1);
    if (garbage) ((struct thing *)(void *)garbage)->item = ouro_own(garbage);
    meter_release(garbage);
}
const struct shape shape_weak = {"weak", weak_begin, weak_grow, weak_turn, 0};
