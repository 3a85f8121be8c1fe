/* SPDX-License-Identifier: MIT
 * repr.c - repr() as CPython prints it, cycles and deep nesting included. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"

struct text {
    char bytes[400];
    size_t length, total; /* stored; written */
    uint32_t check;
};

static void collect(void *context, const char *bytes, size_t n)
{
    struct text *text = context;
    for (size_t i = 0; i < n; i++, text->total++) {
        text->check = text->check * 31 + (uint8_t)bytes[i];
        if (text->length < sizeof text->bytes - 1) text->bytes[text->length++] = bytes[i];
    }
    text->bytes[text->length] = '\0';
}

static struct text out;
static const char *repr(ouro_ref ref)
{
    memset(&out, 0, sizeof out);
    T_EQ(ouro_repr(ref, collect, &out), 0);
    return out.bytes;
}
/* The repr of an object that is dropped afterwards. */
static const char *repr_once(ouro_ref ref)
{
    (void)repr(ref);
    ouro_decref(ref);
    return out.bytes;
}
static void append(ouro_ref list, ouro_ref item)
{
    T_EQ(ouro_list_append(list, item), 0);
    ouro_decref(item);
}
static void set(ouro_ref dict, const char *key, ouro_ref value)
{
    ouro_ref text = ouro_str_from(key);
    T_EQ(ouro_dict_set(dict, text, value), 0);
    ouro_decref(text);
    ouro_decref(value);
}

static void simple_objects(void)
{
    T_TEXT(repr(OURO_NONE), "None");
    T_TEXT(repr(OURO_TRUE), "True");
    T_TEXT(repr(OURO_FALSE), "False");
    T_TEXT(repr_once(ouro_int_new(-1073741824)), "-1073741824");
    T_TEXT(repr_once(ouro_int_new(INT64_MIN)), "-9223372036854775808");
    T_TEXT(repr_once(ouro_float_new(0.1)), "0.1");
    T_TEXT(repr_once(ouro_float_new(1e16)), "1e+16");
    T_TEXT(repr_once(ouro_float_new(-0.0)), "-0.0");
    T_TEXT(repr_once(ouro_list_new()), "[]");
    T_TEXT(repr_once(ouro_dict_new()), "{}");
}

static void quotes_and_escapes(void)
{
    T_TEXT(repr_once(ouro_str_from("")), "''");
    T_TEXT(repr_once(ouro_str_from("it's")), "\"it's\"");
    T_TEXT(repr_once(ouro_str_from("say \"hi\"")), "'say \"hi\"'");
    T_TEXT(repr_once(ouro_str_from("it's \"both\"")), "'it\\'s \"both\"'");
    T_TEXT(repr_once(ouro_str_from("a\nb\rc\td\\e")), "'a\\nb\\rc\\td\\\\e'");
    T_TEXT(repr_once(ouro_str_new("\0\x1f\x7f", 3)), "'\\x00\\x1f\\x7f'");
    T_TEXT(repr_once(ouro_str_from("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")),
           "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'");
    T_TEXT(repr_once(ouro_str_from("\xc2\xa0\xc2\xad")), "'\\xa0\\xad'");
    T_TEXT(repr_once(ouro_str_from("\xe2\x80\xa8\xed\xa0\x80")), "'\\u2028\\ud800'");
    T_TEXT(repr_once(ouro_str_from("\xf3\xa0\x80\x81")), "'\\U000e0001'");
}

static void containers(void)
{
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new(), inner = ouro_list_new();
    append(list, ouro_int_new(1));
    append(list, ouro_str_from("two"));
    append(list, ouro_own(dict));
    append(inner, OURO_NONE);
    set(dict, "a", ouro_own(inner));
    set(dict, "b", ouro_dict_new());
    append(list, ouro_own(inner)); /* the same twice is no cycle */
    append(list, inner);
    T_TEXT(repr(list), "[1, 'two', {'a': [None], 'b': {}}, [None], [None]]");
    T_EQ(ouro_dict_set(dict, ouro_int_new(3), OURO_TRUE), 0);
    T_EQ(ouro_dict_set(dict, OURO_NONE, OURO_FALSE), 0);
    T_TEXT(repr(dict), "{'a': [None], 'b': {}, 3: True, None: False}");
    ouro_decref(list);
    ouro_decref(dict);
}

static void cycles(void)
{
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new();
    append(list, ouro_own(list));
    T_TEXT(repr(list), "[[...]]");
    set(dict, "me", ouro_own(dict));
    T_TEXT(repr(dict), "{'me': {...}}");
    append(list, ouro_own(dict));
    set(dict, "list", ouro_own(list));
    T_TEXT(repr(list), "[[...], {'me': {...}, 'list': [...]}]");
    T_TEXT(repr(dict), "{'me': {...}, 'list': [[...], {...}]}");
    ouro_decref(list);
    ouro_decref(dict);
    T_EQ(ouro_gc_collect(2), 2);
}

/* Holes where the first entries were: no comma too many. */
static void dicts_with_holes(void)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < 12; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), ouro_int_new(i)), 0);
    for (int i = 0; i < 12; i++)
        if (i != 5 && i != 11) T_EQ(ouro_dict_del(dict, ouro_int_new(i)), 0);
    T_TEXT(repr(dict), "{5: 5, 11: 11}");
    ouro_decref(dict);
}

struct plain {
    struct ouro_obj header;
    ouro_ref field;
};
OURO_TYPE_DEFINE(plain_type) = {
    .name = "plain",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct plain),
    .refs = OURO_REF_BIT(struct plain, field),
};

static void other_objects(void)
{
    ouro_ref ref = ouro_obj_new(&plain_type);
    T_CHECK(strncmp(repr(ref), "<plain object at 0x", 19) == 0);
    T_CHECK(out.bytes[out.length - 1] == '>');
    ouro_decref(ref);
}

static void long_strings_go_out_in_pieces(void)
{
    char *buffer;
    ouro_ref ref = ouro_str_alloc(50000, &buffer);
    memset(buffer, 'x', 50000);
    buffer[25000] = '\n';
    (void)repr(ref);
    T_EQ(out.total, 50003);
    ouro_decref(ref);
}

/* The C stack stays flat. */
static void deep_nesting(void)
{
    enum { DEEP = 100000 };
    ouro_gc_disable();
    ouro_ref ref = ouro_list_new();
    for (unsigned i = 1; i < DEEP; i++) {
        ouro_ref outer = i % 2 ? ouro_dict_new() : ouro_list_new();
        int result =
            i % 2 ? ouro_dict_set(outer, ouro_int_new(1), ref) : ouro_list_append(outer, ref);
        if (!T_EQ(result, 0)) return;
        ouro_decref(ref);
        ref = outer;
    }
    (void)repr(ref);
    T_EQ(out.total, 2 * DEEP + 3 * DEEP / 2);
    T_CHECK(strncmp(out.bytes, "{1: [{1: [", 10) == 0);
    ouro_decref(ref);
    while (ouro_gc_step(1000) > 0) {}
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
    T_EQ(stats.pages_large, 0);
}

/* Wherever memory ends, the answer is right or a MemoryError, and nothing is left behind. */
static void out_of_memory(void)
{
    bool failed = false;
    t_restart(32 * 1024);
    ouro_ref ref = ouro_list_new(), fill = ouro_list_new();
    for (unsigned i = 0; i < 150; i++) {
        ouro_ref outer = ouro_list_new();
        append(outer, ref);
        ref = outer;
    }
    while (ouro_list_append(fill, OURO_NONE) == 0) {}
    ouro_error_clear();
    while (ouro_list_len(fill) > 0) {
        struct ouro_mem_stats before, after;
        ouro_diag_mem(&before);
        memset(&out, 0, sizeof out);
        bool is_good = ouro_repr(ref, collect, &out) == 0;
        while (ouro_gc_step(1000) > 0) {}
        ouro_diag_mem(&after);
        T_EQ(after.objects, before.objects);
        T_EQ(after.used_bytes, before.used_bytes);
        if (is_good) {
            T_EQ(out.total, 302);
            break;
        }
        failed = true;
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        ouro_error_clear();
        for (unsigned i = 0; i < 60 && ouro_list_len(fill) > 0; i++)
            ouro_decref(ouro_list_pop(fill, -1));
        while (ouro_gc_step(1000) > 0) {}
    }
    T_CHECK(failed);
    ouro_decref(ref);
    ouro_decref(fill);
    while (ouro_gc_step(1000) > 0) {}
}

static const struct t_test tests[] = {
    T_SMALL(simple_objects),
    T_SMALL(quotes_and_escapes),
    T_SMALL(containers),
    T_SMALL(cycles),
    T_SMALL(dicts_with_holes),
    T_SMALL(other_objects),
    T_TEST(long_strings_go_out_in_pieces),
    T_TEST(deep_nesting),
    T_SMALL(out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
