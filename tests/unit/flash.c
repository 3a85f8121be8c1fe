/* SPDX-License-Identifier: MIT
 * flash.c - constants: as good as objects of the heap, and nothing is ever written to them.
 *
 * Where flash cannot be written a single count would end this image.  tests/image looks where they
 * lie; tests/unit/flash.h declares them, and is compiled as C++ there. */
#include <string.h>

#include "object.h"
#include "repr_text.h"
#include "unit_types.h"
#include "unit/flash.h"

/* ---- tests ---- */

static void they_read_as_objects_do(void)
{
    T_TEXT(repr(OURO_CONST(flash_red)), "'red'");
    T_TEXT(repr(OURO_CONST(flash_wide)), "-1234567890123");
    T_TEXT(repr(OURO_CONST(flash_half)), "0.5");
    T_TEXT(repr(OURO_CONST(flash_pair)), "('red', 7)");
    T_TEXT(repr(OURO_CONST(flash_colours)), "{'red': ('red', 7), 'green': None, -3: 0.5}");
    T_TEXT(repr(OURO_CONST(flash_full)), "{1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 'red': True}");
    T_EQ(ouro_len(OURO_CONST(flash_colours)), 3);
    T_CHECK(ouro_tuple_get(OURO_CONST(flash_pair), -1) == ouro_int_new(7));
    T_CHECK(ouro_dict_get(OURO_CONST(flash_five), ouro_int_new(5)) == OURO_NONE);
    T_CHECK(ouro_dict_get(OURO_CONST(flash_five), ouro_int_new(6)) == NULL);
    T_EQ(objects(), 0);
}

static void they_equal_what_is_made(void)
{
    ouro_ref red = ouro_str_from("red"), wide = ouro_int_new(-1234567890123);
    ouro_ref half = ouro_float_new(0.5), pair = ouro_tuple_of(2, red, ouro_int_new(7));
    ouro_ref made[] = {red, wide, half, pair};
    ouro_ref constant[] = {OURO_CONST(flash_red), OURO_CONST(flash_wide), OURO_CONST(flash_half),
                           OURO_CONST(flash_pair)};
    for (unsigned i = 0; i < T_COUNT(made); i++) {
        uint32_t a, b;
        T_CHECK(ouro_type_index(made[i]) == ouro_type_index(constant[i]));
        T_EQ(ouro_equal(made[i], constant[i]), 1);
        T_EQ(ouro_hash(made[i], &a), 0);
        T_EQ(ouro_hash(constant[i], &b), 0);
        T_EQ(a, b);
        ouro_decref(made[i]);
    }
}

/* More than 254 bytes have another layout. */
#define FIFTY     "aaaaabbbbbcccccdddddeeeeefffffggggghhhhhiiiiijjjjj"
#define LONG_TEXT FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY
OURO_LONG_STR_CONST(flash_long, LONG_TEXT);

static void long_ones_are_strs_too(void)
{
    ouro_ref made = ouro_str_from(LONG_TEXT), interned = ouro_str_intern(OURO_CONST(flash_long));
    T_TEXT(ouro_str_bytes(OURO_CONST(flash_long), NULL), LONG_TEXT);
    T_EQ(ouro_len(OURO_CONST(flash_long)), 300);
    T_EQ(ouro_equal(made, OURO_CONST(flash_long)), 1);
    T_EQ(ouro_equal(OURO_CONST(flash_long), OURO_CONST(flash_red)), 0);
    T_EQ(ouro_equal(interned, made), 1);
    ouro_decref(interned);
    ouro_decref(made);
}

static void they_serve_as_keys(void)
{
    ouro_ref dict = ouro_dict_new(), red = ouro_str_from("red"), interned = ouro_intern("red", 3);
    T_EQ(ouro_dict_set(dict, OURO_CONST(flash_red), OURO_CONST(flash_pair)), 0);
    for (int i = 0; i < 200; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), OURO_NONE), 0);
    T_CHECK(ouro_dict_get(dict, red) == OURO_CONST(flash_pair));
    T_CHECK(ouro_dict_get(dict, OURO_CONST(flash_red)) == OURO_CONST(flash_pair));
    T_EQ(ouro_dict_del(dict, interned), 0);
    ouro_ref same = ouro_str_intern(OURO_CONST(flash_red));
    T_CHECK(same == interned);
    ouro_decref(same);
    ouro_decref(interned);
    ouro_decref(red);
    ouro_decref(dict);
    ouro_ref class_ = ouro_class_new("C", NULL), instance = ouro_call(class_, 0, NULL);
    T_EQ(ouro_attr_set(instance, OURO_CONST(flash_red), ouro_int_new(1)), 0);
    T_EQ(ouro_attr_set_string(instance, "red", ouro_int_new(2)), 0);
    T_CHECK(ouro_attr_get(instance, OURO_CONST(flash_red)) == ouro_int_new(2));
    size_t position = 0, attributes = 0;
    while (ouro_attr_next(instance, &position, NULL, NULL)) attributes++;
    T_EQ(attributes, 1);
    ouro_decref(instance);
    ouro_decref(class_);
}

/* Counted, moved, collected around, shared by everything. */
static void nothing_is_written(void)
{
    struct ouro_obj before = *OURO_CONST(flash_colours);
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < 100; i++) {
        T_EQ(ouro_list_append(list, OURO_CONST(flash_colours)), 0);
        T_EQ(ouro_list_append(list, OURO_CONST(flash_red)), 0);
        T_EQ(ouro_list_append(list, OURO_CONST(flash_pair)), 0);
    }
    T_EQ(ouro_list_append(list, list), 0);
    (void)ouro_gc_collect(2);
    ouro_ref taken = ouro_list_pop(list, 0), copy = ouro_dict_copy(taken);
    T_CHECK(taken == OURO_CONST(flash_colours) && ouro_dict_len(copy) == 3);
    T_EQ(ouro_dict_set(copy, OURO_CONST(flash_red), OURO_TRUE), 0);
    ouro_decref(taken);
    ouro_decref(copy);
    ouro_decref(list);
    (void)ouro_gc_collect(2);
    T_EQ(objects(), 0);
    T_CHECK(memcmp(&before, OURO_CONST(flash_colours), sizeof before) == 0);
    T_CHECK(!ouro_gc_is_tracked(OURO_CONST(flash_pair)));
    T_EQ(ouro_diag_sizeof(OURO_CONST(flash_pair)), 0);
}

static void a_constant_dict_cannot_be_changed(void)
{
    static const char message[] = "a constant dict cannot be changed";
    ouro_ref dict = OURO_CONST(flash_colours), red = OURO_CONST(flash_red), key, value;
    T_EQ(ouro_dict_set(dict, red, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, message);
    T_EQ(ouro_dict_set(dict, OURO_TRUE, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, message);
    T_CHECK(ouro_dict_setdefault(dict, OURO_TRUE, OURO_NONE) == NULL);
    fails(OURO_TYPE_ERROR, message);
    T_CHECK(ouro_dict_setdefault(dict, red, OURO_NONE) == OURO_CONST(flash_pair));
    T_EQ(ouro_dict_del(dict, red), -1);
    fails(OURO_TYPE_ERROR, message);
    T_CHECK(ouro_dict_pop(dict, red) == NULL);
    fails(OURO_TYPE_ERROR, message);
    T_EQ(ouro_dict_popitem(dict, &key, &value), -1);
    fails(OURO_TYPE_ERROR, message);
    T_EQ(ouro_dict_len(dict), 3);
}

/* A table has kept no hash of it: it is found by what it says. */
static void a_key_in_flash_is_found_by_an_equal_one(void)
{
    ouro_ref dict = ouro_dict_new(), red = ouro_str_from("red");
    for (int i = 0; i < 20; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), OURO_NONE), 0);
    T_EQ(ouro_dict_set(dict, OURO_CONST(flash_red), OURO_TRUE), 0);
    for (int hashed = 0; hashed < 2; hashed++) {
        uint32_t hash;
        T_CHECK(ouro_dict_get(dict, red) == OURO_TRUE);
        T_EQ(ouro_dict_set(dict, red, OURO_TRUE), 0);
        T_EQ(ouro_dict_len(dict), 21);
        T_EQ(ouro_hash(red, &hash), 0);
    }
    T_EQ(ouro_dict_del(dict, red), 0);
    ouro_decref(red);
    ouro_decref(dict);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(a_key_in_flash_is_found_by_an_equal_one),
    T_SMALL(they_read_as_objects_do),
    T_SMALL(they_equal_what_is_made),
    T_SMALL(they_serve_as_keys),
    T_SMALL(long_ones_are_strs_too),
    T_SMALL(nothing_is_written),
    T_SMALL(a_constant_dict_cannot_be_changed),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
