/* SPDX-License-Identifier: MIT
 * text.c - searching, splitting and changing texts.  (What they give is compared with CPython's by
 * tests/parity/texts.c.)  Here: what the operations have to do with each other, for all short texts
 * of three letters, one of which takes two bytes; and what happens meanwhile. */
#include <string.h>

#include "object.h"
#include "unit_types.h"

static const char *const letters[] = {"a", "b", "\xc3\xa9"};

/* Text number n of those with up to `most` letters; NULL behind the last. */
static ouro_ref text_number(unsigned n, unsigned most)
{
    char text[16] = "";
    unsigned length = 0;
    for (unsigned count = 1; n >= count; count *= 3, length++) n -= count;
    if (length > most) return NULL;
    for (; length > 0; length--, n /= 3) strcat(text, letters[n % 3]);
    return ouro_str_from(text);
}

static bool same(ouro_ref a, ouro_ref b)
{
    bool are_equal = ouro_equal(a, b) == 1;
    ouro_decref(a);
    return are_equal;
}

/* The first or last position at which a slice of the text is the part. */
static ptrdiff_t found_slowly(ouro_ref text, ouro_ref part, int direction)
{
    ptrdiff_t n = ouro_len(text), m = ouro_len(part), at = -1;
    for (ptrdiff_t i = 0; i + m <= n; i++) {
        ouro_ref slice = ouro_slice_new(ouro_int_new(i), ouro_int_new(i + m), OURO_NONE);
        if (same(ouro_slice_of(text, slice), part) && (at < 0 || direction < 0)) at = i;
        ouro_decref(slice);
    }
    return at;
}

static bool is_split_right(ouro_ref text, ouro_ref part)
{
    ouro_ref parts = ouro_str_split(text, part, -1), back = ouro_str_rsplit(text, part, -1);
    ouro_ref by = ouro_str_from("-"), joined = ouro_str_join(by, parts);
    ouro_ref three = ouro_str_partition(text, part), empty = ouro_str_from("");
    ptrdiff_t count = ouro_str_count(text, part, 0, PTRDIFF_MAX);
    bool is_right = same(ouro_str_join(part, parts), text) & (ouro_len(parts) == count + 1) &
                    same(ouro_str_replace(text, part, by, -1), joined) &
                    same(ouro_str_join(part, back), text) & (ouro_len(back) == count + 1) &
                    same(ouro_str_join(empty, three), text);
    ouro_ref all[] = {parts, back, by, joined, three, empty};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    return is_right;
}

static void operations_agree(void)
{
    ouro_ref text, part;
    for (unsigned n = 0; (text = text_number(n, 5)); n++) {
        for (unsigned k = 0; (part = text_number(k, 2)); k++) {
            bool is_right = true;
            for (int direction = -1; direction <= 1; direction += 2)
                is_right &= ouro_str_find(text, part, 0, PTRDIFF_MAX, direction) ==
                            found_slowly(text, part, direction);
            if (k > 0) is_right &= is_split_right(text, part);
            if (!T_CHECK(is_right)) t_note("text and part", n * 100 + k);
            ouro_decref(part);
        }
        ouro_decref(text);
    }
    settle();
    T_EQ(objects(), 0);
}

/* ---- what runs meanwhile ---- */

static ouro_ref array; /* that is being split */
static unsigned tries;
static void change(ouro_ref self)
{
    (void)self;
    tries++;
    T_EQ(ouro_bytearray_resize(array, 0), -1);
    fails(OURO_BUFFER_ERROR, "Existing exports of data: object cannot be re-sized");
}
struct changer {
    struct ouro_obj header;
    ouro_ref self;
};
OURO_TYPE_DEFINE(changer_type) = {
    .name = "changer",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct changer),
    .refs = OURO_REF_BIT(struct changer, self),
    .finalize = change,
};

/* A finalizer that runs while parts are made cannot change what is being split. */
static void what_is_split_stays_as_it_is(void)
{
    char line[600];
    memset(line, ',', sizeof line);
    array = ouro_bytearray_new(line, sizeof line);
    ouro_ref comma = ouro_bytes_new(",", 1), changer = ouro_obj_new(&changer_type);
    ((struct changer *)(void *)changer)->self = changer; /* garbage in a cycle from now on */
    T_CHECK(ouro_gc_start(2));
    while (ouro_gc_get_phase() < OURO_GC_FINALIZE) (void)ouro_gc_step(1);
    T_EQ(tries, 0);
    ouro_ref parts = ouro_str_split(array, comma, -1);
    T_EQ(tries, 1);
    T_EQ(ouro_list_len(parts), sizeof line + 1);
    T_EQ(ouro_bytearray_resize(array, 0), 0);
    ouro_decref(parts);
    ouro_decref(comma);
    ouro_decref(array);
}

static void wrong_types_leave_nothing_behind(void)
{
    ouro_ref list = ouro_list_new(), text = ouro_str_from("a"), data = ouro_bytes_new("a", 1);
    uint32_t before = objects();
    T_EQ(ouro_str_find(list, text, 0, 1, 1), -2);
    fails(OURO_TYPE_ERROR, "must be str, not list");
    T_EQ(ouro_str_count(data, text, 0, 1), -1);
    fails(OURO_TYPE_ERROR, "argument should be integer or bytes-like object, not 'str'");
    T_CHECK(!ouro_str_split(text, data, -1));
    fails(OURO_TYPE_ERROR, "must be str or None, not bytes");
    T_CHECK(!ouro_str_partition(list, text));
    fails(OURO_TYPE_ERROR, "must be str, not list");
    T_CHECK(!ouro_str_replace(text, text, list, -1));
    fails(OURO_TYPE_ERROR, "replace() argument 2 must be str, not list");
    T_CHECK(!ouro_bytes_join(data, text));
    fails(OURO_TYPE_ERROR, "sequence item 0: expected a bytes-like object, str found");
    settle();
    T_EQ(objects(), before);
    T_CHECK(ouro_diag_refcount(text) == 1 && ouro_diag_refcount(data) == 1);
}

static const struct t_test tests[] = {
    T_TEST(operations_agree),
    T_TEST(what_is_split_stays_as_it_is),
    T_SMALL(wrong_types_leave_nothing_behind),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
