/* SPDX-License-Identifier: MIT
 * bytes.c - bytes, bytearray and memoryview: what they say, how they compare, who keeps whom. */
#include <string.h>

#include "repr_text.h"
#include "unit_types.h"

static const char *repr_once(ouro_ref ref)
{
    if (!T_CHECK(ref != NULL)) return "";
    (void)repr(ref);
    ouro_decref(ref);
    return out;
}
static ouro_ref bytes(const char *text) { return ouro_bytes_new(text, strlen(text)); }
static ouro_ref array(const char *text) { return ouro_bytearray_new(text, strlen(text)); }
static ouro_ref slice(ouro_ref ref, ouro_ref start, ouro_ref stop, ouro_ref step)
{
    ouro_ref s = ouro_slice_new(start, stop, step), part = ouro_slice_of(ref, s);
    ouro_decref(s);
    return part;
}
#define INT(n) ouro_int_new(n)

/* ---- tests ---- */

static void repr_is_as_in_python(void)
{
    static const char all[] = "\x00\x7f\x80'\"\n\t\r\\ z";
    T_TEXT(repr_once(ouro_bytes_new(all, sizeof all - 1)),
           "b'\\x00\\x7f\\x80\\'\"\\n\\t\\r\\\\ z'");
    T_TEXT(repr_once(bytes("")), "b''");
    T_TEXT(repr_once(bytes("it's")), "b\"it's\"");
    T_TEXT(repr_once(bytes("say \"")), "b'say \"'");
    T_TEXT(repr_once(array("abc")), "bytearray(b'abc')");
    T_TEXT(repr_once(array("it's")), "bytearray(b\"it\\'s\")");
    T_TEXT(repr_once(array("")), "bytearray(b'')");
    T_TEXT(repr_once(ouro_bytearray_new(NULL, 3)), "bytearray(b'\\x00\\x00\\x00')");
    ouro_ref view = ouro_memoryview_new(out, 3, NULL, true);
    T_CHECK(strncmp(repr(view), "<memory at 0x", 13) == 0);
    ouro_decref(view);
}

static void bytes_are_read_by_index(void)
{
    ouro_ref b = bytes("abc"), a = array("abc"), v = ouro_memoryview_of(b);
    ouro_ref all[] = {b, a, v};
    static const char *const messages[] = {"index out of range", "bytearray index out of range",
                                           "index out of bounds on dimension 1"};
    for (unsigned k = 0; k < 3; k++) {
        for (int i = 0; i < 3; i++) {
            T_EQ(ouro_bytes_get(all[k], i), 'a' + i);
            T_EQ(ouro_bytes_get(all[k], i - 3), 'a' + i);
        }
        T_EQ(ouro_len(all[k]), 3);
        T_EQ(ouro_bytes_get(all[k], 3), -1);
        fails(OURO_INDEX_ERROR, messages[k]);
        T_EQ(ouro_bytes_get(all[k], -4), -1);
        fails(OURO_INDEX_ERROR, messages[k]);
        const uint8_t *data;
        size_t n;
        T_CHECK(ouro_bytes_view(all[k], &data, &n) && n == 3 && memcmp(data, "abc", 3) == 0);
        ouro_decref(all[k]);
    }
    T_EQ(ouro_bytes_get(OURO_NONE, 0), -1);
    fails(OURO_TYPE_ERROR, "a bytes-like object is required, not 'NoneType'");
    T_EQ(ouro_bytes_get(INT(5), 0), -1);
    fails(OURO_TYPE_ERROR, "a bytes-like object is required, not 'int'");
    T_EQ(objects(), 0);
}

static void bytes_are_written_where_that_is_allowed(void)
{
    ouro_ref b = bytes("abc"), a = array("abc"), v = ouro_memoryview_of(a),
             fixed = ouro_memoryview_of(b);
    T_EQ(ouro_bytes_set(a, 0, 'A'), 0);
    T_EQ(ouro_bytes_set(v, -1, 255), 0);
    T_TEXT(repr(a), "bytearray(b'Ab\\xff')");
    T_EQ(ouro_bytes_set(a, 3, 0), -1);
    fails(OURO_INDEX_ERROR, "bytearray index out of range");
    T_EQ(ouro_bytes_set(a, 0, 256), -1);
    fails(OURO_VALUE_ERROR, "byte must be in range(0, 256)");
    T_EQ(ouro_bytes_set(v, 0, -1), -1);
    fails(OURO_VALUE_ERROR, "memoryview: invalid value for format 'B'");
    T_EQ(ouro_bytes_set(b, 0, 1), -1);
    fails(OURO_TYPE_ERROR, "'bytes' object does not support item assignment");
    T_EQ(ouro_bytes_set(fixed, 0, 1), -1);
    fails(OURO_TYPE_ERROR, "cannot modify read-only memory");
    T_TEXT(repr(a), "bytearray(b'Ab\\xff')");
    ouro_decref(fixed);
    ouro_decref(v);
    ouro_decref(a);
    ouro_decref(b);
}

static void slices(void)
{
    ouro_ref b = bytes("abcdef"), a = array("abcdef"), v = ouro_memoryview_of(a);
    T_TEXT(repr_once(slice(b, INT(1), INT(-1), OURO_NONE)), "b'bcde'");
    T_TEXT(repr_once(slice(b, OURO_NONE, OURO_NONE, INT(-2))), "b'fdb'");
    T_TEXT(repr_once(slice(b, INT(9), OURO_NONE, OURO_NONE)), "b''");
    ouro_ref whole = slice(b, OURO_NONE, OURO_NONE, OURO_NONE);
    T_CHECK(whole == b);
    ouro_decref(whole);
    T_TEXT(repr_once(slice(a, INT(1), OURO_NONE, INT(2))), "bytearray(b'bdf')");
    T_TEXT(repr_once(slice(a, INT(4), INT(2), OURO_NONE)), "bytearray(b'')");
    ouro_ref part = slice(v, INT(2), INT(4), OURO_NONE);
    T_EQ(ouro_len(part), 2);
    T_EQ(ouro_bytes_set(part, 0, 'C'), 0);
    T_TEXT(repr(a), "bytearray(b'abCdef')");
    T_CHECK(slice(v, OURO_NONE, OURO_NONE, INT(2)) == NULL);
    fails(OURO_VALUE_ERROR, "memoryview: a slice cannot have a step");
    ouro_decref(part);
    ouro_decref(v);
    ouro_decref(a);
    ouro_decref(b);
    T_EQ(objects(), 0);
}

static void comparing_and_hashing(void)
{
    ouro_ref b = bytes("abc"), a = array("abc"), more = bytes("abcd"), text = ouro_str_from("abc");
    ouro_ref v = ouro_memoryview_of(b), w = ouro_memoryview_of(a);
    T_EQ(ouro_equal(b, a), 1);
    T_EQ(ouro_equal(a, v), 1);
    T_EQ(ouro_equal(v, b), 1);
    T_EQ(ouro_equal(b, more), 0);
    T_EQ(ouro_equal(b, text), 0);
    T_EQ(ouro_compare(b, more, OURO_LT), 1);
    T_EQ(ouro_compare(more, a, OURO_GT), 1);
    T_EQ(ouro_compare(a, b, OURO_LE), 1);
    T_EQ(ouro_compare(b, text, OURO_LT), -1);
    fails(OURO_TYPE_ERROR, "'<' not supported between instances of 'bytes' and 'str'");
    T_EQ(ouro_compare(b, w, OURO_LT), -1);
    fails(OURO_TYPE_ERROR, "'<' not supported between instances of 'bytes' and 'memoryview'");
    uint32_t x, y, z;
    T_EQ(ouro_hash(b, &x), 0);
    T_EQ(ouro_hash(v, &y), 0);
    T_EQ(ouro_hash(text, &z), 0);
    T_CHECK(x == y && x != z);
    T_EQ(ouro_hash(a, &x), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'bytearray'");
    T_EQ(ouro_hash(w, &x), -1);
    fails(OURO_VALUE_ERROR, "cannot hash writable memoryview object");
    ouro_ref dict = ouro_dict_new();
    T_EQ(ouro_dict_set(dict, b, INT(1)), 0);
    T_EQ(ouro_dict_set(dict, text, INT(2)), 0);
    T_CHECK(ouro_dict_get(dict, v) == INT(1) && ouro_dict_get(dict, text) == INT(2));
    ouro_ref all[] = {dict, v, w, text, more, a, b};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    T_EQ(objects(), 0);
}

static void iteration_gives_ints(void)
{
    ouro_ref a = array("\x01\xff"), it = ouro_iter(a);
    T_CHECK(ouro_iter_next(it) == INT(1));
    T_EQ(ouro_bytearray_append(a, 7), 0); /* allowed, and seen */
    T_CHECK(ouro_iter_next(it) == INT(255) && ouro_iter_next(it) == INT(7));
    T_CHECK(ouro_iter_next(it) == NULL && ouro_error_get(NULL) == OURO_NO_ERROR);
    ouro_decref(it);
    ouro_decref(a);
}

static void an_array_grows(void)
{
    ouro_ref a = ouro_bytearray_new(NULL, 0);
    uint32_t state = 1;
    for (int i = 0; i < 3000; i++) {
        state = state * 1664525u + 1013904223u;
        if (!T_EQ(ouro_bytearray_append(a, (int)(state >> 24)), 0)) break;
    }
    T_EQ(ouro_len(a), 3000);
    T_EQ(objects(), 2);
    state = 1;
    for (int i = 0; i < 3000; i++) {
        state = state * 1664525u + 1013904223u;
        if (!T_EQ(ouro_bytes_get(a, i), state >> 24)) break;
    }
    T_EQ(ouro_bytearray_append(a, 256), -1);
    fails(OURO_VALUE_ERROR, "byte must be in range(0, 256)");
    T_EQ(ouro_bytearray_resize(a, 2), 0);
    ouro_ref b = bytes("xyz");
    T_EQ(ouro_bytearray_resize(a, 0), 0);
    T_EQ(ouro_bytearray_extend(a, b), 0);
    T_EQ(ouro_bytearray_extend(a, a), 0);
    T_EQ(ouro_bytearray_resize(a, 8), 0);
    T_TEXT(repr(a), "bytearray(b'xyzxyz\\x00\\x00')");
    T_EQ(ouro_bytearray_extend(a, OURO_TRUE), -1);
    fails(OURO_TYPE_ERROR, "can't extend bytearray with bool");
    T_TEXT(repr_once(ouro_bytes_concat(b, a)), "b'xyzxyzxyz\\x00\\x00'");
    T_CHECK(ouro_bytes_concat(b, INT(1)) == NULL);
    fails(OURO_TYPE_ERROR, "can't concat int to bytes");
    ouro_decref(b);
    ouro_decref(a);
    T_EQ(objects(), 0);
}

static void an_array_that_is_viewed_keeps_its_length(void)
{
    static const char existing[] = "Existing exports of data: object cannot be re-sized";
    ouro_ref a = array("abc"), v = ouro_memoryview_of(a), again = ouro_memoryview_of(v);
    T_EQ(ouro_bytearray_append(a, 'd'), -1);
    fails(OURO_BUFFER_ERROR, existing);
    T_EQ(ouro_bytearray_resize(a, 1), -1);
    fails(OURO_BUFFER_ERROR, existing);
    T_EQ(ouro_bytearray_extend(a, v), -1);
    fails(OURO_BUFFER_ERROR, existing);
    T_TEXT(repr(a), "bytearray(b'abc')");
    ouro_decref(v);
    T_EQ(ouro_bytearray_append(a, 'd'), -1);
    fails(OURO_BUFFER_ERROR, existing);
    ouro_decref(a); /* the view goes on showing what was */
    T_EQ(ouro_bytes_get(again, 2), 'c');
    ouro_decref(again);
    T_EQ(objects(), 0);
    a = array("abc");
    ouro_decref(ouro_memoryview_of(a));
    T_EQ(ouro_bytearray_append(a, 'd'), 0);
    ouro_decref(a);
}

static void a_view_keeps_its_owner(void)
{
    static uint8_t buffer[4] = {1, 2, 3, 4};
    ouro_ref owner = ouro_list_new(), v = ouro_memoryview_new(buffer, 4, owner, false);
    T_EQ(ouro_diag_refcount(owner), 2);
    ouro_decref(owner);
    T_EQ(ouro_bytes_set(v, 1, 9), 0);
    T_EQ(buffer[1], 9);
    ouro_ref part = slice(v, INT(1), INT(3), OURO_NONE);
    ouro_decref(v);
    T_EQ(ouro_bytes_get(part, 0), 9);
    T_EQ(ouro_diag_refcount(owner), 1);
    T_EQ(ouro_list_append(owner, part), 0); /* a cycle */
    ouro_decref(part);
    T_EQ(ouro_gc_collect(2), 2); /* the list and the view */
    T_EQ(objects(), 0);
    T_CHECK(ouro_memoryview_of(OURO_NONE) == NULL);
    fails(OURO_TYPE_ERROR, "memoryview: a bytes-like object is required, not 'NoneType'");
}

static void sizes(void)
{
    ouro_ref b = ouro_bytes_new("0123456789", 10), a = array("x"), v = ouro_memoryview_of(b);
    T_EQ(ouro_diag_sizeof(b), 24);
    if (sizeof(void *) == 4) {
        T_EQ(ouro_diag_sizeof(a), 24);
        T_EQ(ouro_diag_sizeof(v), 24);
    }
    ouro_decref(v);
    ouro_decref(a);
    ouro_decref(b);
}

static const struct t_test tests[] = {
    T_SMALL(repr_is_as_in_python),
    T_SMALL(bytes_are_read_by_index),
    T_SMALL(bytes_are_written_where_that_is_allowed),
    T_SMALL(slices),
    T_SMALL(comparing_and_hashing),
    T_SMALL(iteration_gives_ints),
    T_TEST(an_array_grows),
    T_SMALL(an_array_that_is_viewed_keeps_its_length),
    T_SMALL(a_view_keeps_its_owner),
    T_SMALL(sizes),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
