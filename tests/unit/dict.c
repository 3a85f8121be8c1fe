/* SPDX-License-Identifier: MIT
 * dict.c - the dict type: lookup, order, holes, the index in odd shapes, sizes and exhaustion. */
#include <string.h>

#include "hash.h"
#include "object.h"
#include "ouro.h"
#include "t.h"
#include "types/table.h"
#include "unit_types.h"

/* {0: 0, 1: -1, ... n-1: 1-n} */
static ouro_ref numbers(int n)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < n; i++)
        if (!T_EQ(ouro_dict_set(dict, number(i), number(-i)), 0)) break;
    return dict;
}
static struct head *head_of(ouro_ref dict) { return (struct head *)(void *)*slot(dict, 1); }

static void values_come_back(void)
{
    for (int n = 0; n < 300; n += n < 20 ? 1 : 37) {
        ouro_ref dict = numbers(n);
        T_EQ(ouro_dict_len(dict), n);
        for (int i = 0; i < n; i++)
            if (!T_CHECK(ouro_dict_get(dict, number(i)) == number(-i))) return;
        T_CHECK(ouro_dict_get(dict, number(n)) == NULL);
        T_CHECK(ouro_dict_get(dict, OURO_NONE) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
        ouro_decref(dict);
    }
    settle();
    T_EQ(objects(), 0);
}

static void errors(void)
{
    ouro_ref dict = numbers(20), list = ouro_list_new();
    T_EQ(ouro_dict_del(dict, number(20)), -1);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    ouro_error_clear();
    T_CHECK(ouro_dict_get(dict, list) == NULL);
    fails(OURO_TYPE_ERROR, "unhashable type: 'list'");
    T_EQ(ouro_dict_set(dict, list, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'list'");
    T_EQ(ouro_dict_set(dict, dict, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'dict'");
    T_EQ(ouro_dict_del(dict, dict), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'dict'");
    T_EQ(ouro_diag_refcount(list), 1);
    T_EQ(ouro_diag_refcount(dict), 1);
    T_EQ(ouro_dict_len(dict), 20);
    ouro_decref(list);
    ouro_decref(dict);
}

/* As in CPython a key that is there already stays; only the value changes. */
static void equal_keys_are_one(void)
{
    for (int extra = 0; extra < 30; extra += 15) {
        ouro_ref dict = ouro_dict_new(), one = ouro_float_new(1.0), text = ouro_str_from("key");
        for (int i = 0; i < extra; i++) T_EQ(ouro_dict_set(dict, number(100 + i), OURO_NONE), 0);
        T_EQ(ouro_dict_set(dict, number(1), number(10)), 0);
        T_EQ(ouro_dict_set(dict, OURO_TRUE, number(11)), 0);
        T_EQ(ouro_dict_set(dict, one, number(12)), 0);
        T_EQ(ouro_dict_set(dict, text, number(13)), 0);
        ouro_ref other = ouro_str_from("key");
        T_EQ(ouro_dict_set(dict, other, number(14)), 0);
        T_EQ(ouro_dict_len(dict), extra + 2);
        T_CHECK(ouro_dict_get(dict, number(1)) == number(12));
        T_CHECK(ouro_dict_get(dict, other) == number(14));
        size_t at = (size_t)extra;
        ouro_ref key, value;
        T_CHECK(ouro_dict_next(dict, &at, &key, &value) && key == number(1));
        T_CHECK(ouro_dict_next(dict, &at, &key, &value) && key == text);
        T_EQ(ouro_diag_refcount(one), 1);
        T_EQ(ouro_diag_refcount(other), 1);
        T_EQ(ouro_diag_refcount(text), 2);
        T_EQ(ouro_dict_del(dict, OURO_TRUE), 0);
        T_EQ(ouro_dict_del(dict, other), 0);
        T_EQ(ouro_dict_len(dict), extra);
        ouro_decref(dict);
        ouro_decref(one);
        ouro_decref(text);
        ouro_decref(other);
    }
    settle();
    T_EQ(objects(), 0);
}

static void keys_of_other_types(void)
{
    ouro_ref dict = numbers(12), weird = ouro_float_new(0.5), wide = number(INT64_MAX);
    ouro_ref same = number(INT64_MAX), zero = ouro_float_new(-0.0);
    T_EQ(ouro_dict_set(dict, OURO_NONE, number(1)), 0);
    T_EQ(ouro_dict_set(dict, weird, number(2)), 0);
    T_EQ(ouro_dict_set(dict, wide, number(3)), 0);
    T_EQ(ouro_dict_set(dict, zero, number(4)), 0); /* equals 0 */
    T_CHECK(ouro_dict_get(dict, OURO_NONE) == number(1));
    T_CHECK(ouro_dict_get(dict, weird) == number(2));
    T_CHECK(ouro_dict_get(dict, same) == number(3));
    T_CHECK(ouro_dict_get(dict, OURO_FALSE) == number(4));
    T_EQ(ouro_dict_len(dict), 15);
    ouro_decref(weird);
    ouro_decref(wide);
    ouro_decref(same);
    ouro_decref(zero);
    ouro_decref(dict);
}

/* setdefault, pop, popitem, update and copy, on small tables and large ones. */
static void operations_on_whole_entries(void)
{
    for (int n = 1; n <= 40; n += 13) {
        ouro_ref dict = numbers(n), real = ouro_float_new(0.5), other = numbers(5), k, v;
        T_CHECK(ouro_dict_setdefault(dict, number(n), real) == real);
        T_EQ(ouro_diag_refcount(real), 2);
        T_CHECK(ouro_dict_setdefault(dict, number(0), real) == number(0));
        T_EQ(ouro_diag_refcount(real), 2);
        T_CHECK(ouro_dict_pop(dict, number(n)) == real); /* the dict's reference is ours */
        T_EQ(ouro_diag_refcount(real), 2);
        ouro_decref(real);
        T_CHECK(ouro_dict_pop(dict, number(n)) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
        ouro_error_clear();
        T_EQ(ouro_dict_set(other, number(0), real), 0);
        T_EQ(ouro_dict_update(dict, other), 0);
        T_EQ(ouro_dict_len(dict), n > 5 ? n : 5);
        T_CHECK(ouro_dict_get(dict, number(0)) == real);
        ouro_ref copy = ouro_dict_copy(dict);
        T_EQ(ouro_equal(copy, dict), 1);
        for (int i = (n > 5 ? n : 5) - 1; i >= 0; i--) {
            T_EQ(ouro_dict_popitem(dict, &k, &v), 0);
            T_CHECK(k == number(i) && v == (i ? number(-i) : real));
            ouro_decref(v);
        }
        T_EQ(ouro_dict_popitem(dict, &k, &v), -1);
        T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
        ouro_error_clear();
        T_EQ(ouro_dict_len(copy), n > 5 ? n : 5);
        ouro_decref(dict);
        ouro_decref(copy);
        ouro_decref(other);
        settle();
        T_EQ(ouro_diag_refcount(real), 1);
        ouro_decref(real);
    }
    T_EQ(objects(), 0);
}

/* ---- order and holes ---- */

/* What next() gives is exactly the ints in `keys`, in this order. */
static bool has_order(ouro_ref dict, const int *keys, unsigned n)
{
    size_t at = 0;
    ouro_ref key, value;
    for (unsigned i = 0; i < n; i++) {
        if (!T_CHECK(ouro_dict_next(dict, &at, &key, &value))) return false;
        if (!T_CHECK(key == number(keys[i])) || !T_CHECK(value == number(-keys[i]))) return false;
        if (!T_CHECK(ouro_dict_get(dict, key) == value)) return false;
    }
    return T_CHECK(!ouro_dict_next(dict, &at, NULL, NULL)) && T_EQ(ouro_dict_len(dict), n);
}

static void order_survives_deletes(void)
{
    enum { KEYS = 400 };
    static int keys[KEYS];
    uint32_t rng = t_seed();
    for (unsigned size = 1; size <= KEYS; size = size < 12 ? size + 1 : size * 3) {
        unsigned n = size;
        ouro_ref dict = numbers((int)n);
        for (unsigned i = 0; i < n; i++) keys[i] = (int)i;
        for (int fresh = 1000; fresh < 1300; fresh++) { /* one goes, sometimes one comes */
            rng = rng * 1664525u + 1013904223u;
            if (n > 0) {
                unsigned at = (rng >> 8) % n;
                T_EQ(ouro_dict_del(dict, number(keys[at])), 0);
                memmove(&keys[at], &keys[at + 1], (--n - at) * sizeof keys[0]);
            }
            if (rng >> 30 && n < KEYS) {
                T_EQ(ouro_dict_set(dict, number(fresh), number(-fresh)), 0);
                keys[n++] = fresh;
            }
            if (!has_order(dict, keys, n)) return;
        }
        ouro_decref(dict);
        settle();
        T_EQ(objects(), 0);
    }
}

static void holes_are_closed(void)
{
    ouro_ref dict = numbers(2000);
    size_t full = ouro_diag_sizeof(dict);
    for (int i = 0; i < 1990; i++) T_EQ(ouro_dict_del(dict, number(i)), 0);
    settle();
    T_CHECK(ouro_diag_sizeof(dict) * 2 < full);
    for (int i = 0; i < 20; i++) { /* deletes alone close fewer than they leave behind */
        T_EQ(ouro_dict_set(dict, number(5000 + i), OURO_NONE), 0);
        T_EQ(ouro_dict_del(dict, number(5000 + i)), 0);
    }
    T_CHECK(head_of(dict)->fill < 60);
    T_CHECK(ouro_diag_verify() == NULL);
    for (int i = 1990; i < 2000; i++) T_CHECK(ouro_dict_get(dict, number(i)) == number(-i));
    for (int i = 1990; i < 2000; i++) T_EQ(ouro_dict_del(dict, number(i)), 0);
    settle();
    T_EQ(ouro_dict_len(dict), 0);
    T_EQ(objects(), 1); /* an emptied dict is small again */
    T_EQ(ouro_dict_set(dict, number(1), number(2)), 0);
    ouro_decref(dict);
    T_EQ(objects(), 0);
}

/* A queue: at the front one goes, at the back one comes; memory stays bounded. */
static void a_queue_of_keys_stays_small(void)
{
    ouro_ref dict = numbers(100);
    size_t most = 0;
    for (int i = 0; i < 20000; i++) {
        T_EQ(ouro_dict_set(dict, number(100 + i), number(-100 - i)), 0);
        T_EQ(ouro_dict_del(dict, number(i)), 0);
        if (ouro_diag_sizeof(dict) > most) most = ouro_diag_sizeof(dict);
        if (i % 1000 == 0 && !T_CHECK(ouro_dict_get(dict, number(100 + i)) != NULL)) break;
    }
    T_EQ(ouro_dict_len(dict), 100);
    T_CHECK(most < 16000);
    t_note("bytes of 100 entries, at most", (int64_t)most);
    ouro_dict_clear(dict);
    settle();
    T_EQ(objects(), 1);
    ouro_decref(dict);
}

/* ---- the index ---- */

static void check_dict(int n)
{
    ouro_ref dict = numbers(n);
    for (int i = 0; i < n; i++)
        if (!T_CHECK(ouro_dict_get(dict, number(i)) == number(-i))) return;
    for (int i = 0; i < n; i += 2) T_EQ(ouro_dict_del(dict, number(i)), 0);
    for (int i = 0; i < n; i++)
        if (!T_CHECK(ouro_dict_get(dict, number(i)) == (i % 2 ? number(-i) : NULL))) return;
    ouro_decref(dict);
    settle();
}

static void other_seeds_other_shapes(void)
{
    for (uint32_t seed = 0; seed < 60; seed++) {
        for (unsigned i = 0; i < 4; i++) ouro_heap->hash_seed[i] = seed * 2654435761u + i;
        check_dict(17 + (int)seed * 9);
    }
    T_EQ(objects(), 0);
}

/* Strings whose cached hash is set by hand: all equal, or equal in all but a few bits. */
static ouro_ref text(unsigned i, uint32_t hash)
{
    char name[24] = "k";
    size_t length = 1 + ouro_format_int(name + 1, i);
    ouro_ref ref = ouro_str_new(name, length);
    if (T_CHECK(ref != NULL)) ((uint32_t *)(void *)ref)[2] = hash;
    return ref;
}

static void check_hashes(unsigned n, uint32_t mask, uint32_t same)
{
    ouro_ref dict = ouro_dict_new();
    for (unsigned i = 0; i < n; i++) {
        ouro_ref key = text(i, ((i * 2654435761u) & mask) | same);
        T_EQ(ouro_dict_set(dict, key, number(i)), 0);
        ouro_decref(key);
    }
    T_EQ(ouro_dict_len(dict), n);
    for (unsigned i = 0; i < n; i++) {
        ouro_ref key = text(i, ((i * 2654435761u) & mask) | same);
        if (!T_CHECK(ouro_dict_get(dict, key) == number(i))) return;
        if (i % 3) T_EQ(ouro_dict_del(dict, key), 0);
        ouro_decref(key);
    }
    size_t at = 0;
    ouro_ref value;
    for (unsigned i = 0; i < n; i += 3)
        if (!T_CHECK(ouro_dict_next(dict, &at, NULL, &value) && value == number(i))) return;
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_decref(dict);
    settle();
    T_EQ(objects(), 0);
}

static void keys_of_equal_hash(void)
{
    check_hashes(16, 0, 0x12345678u);
    check_hashes(17, 0, 0x12345678u); /* one more than a bucket holds: 32 bits do not tell */
    check_hashes(500, 0, 1);
    check_hashes(500, 0, 0xffffffffu);
    check_hashes(300, 0xf0000000u, 1); /* alike but in the last nibble that is looked at */
    check_hashes(300, 0x00000ff0u, 1);
    check_hashes(300, 0xffe00000u, 7); /* the bits that items keep */
}

static void a_hundred_thousand_keys(void)
{
    enum { MANY = 100000 };
    ouro_gc_disable();
    ouro_ref dict = numbers(MANY);
    T_EQ(ouro_dict_len(dict), MANY);
    for (int i = 0; i < MANY; i += 7)
        if (!T_CHECK(ouro_dict_get(dict, number(i)) == number(-i))) break;
    T_CHECK(ouro_dict_get(dict, number(MANY)) == NULL);
    T_CHECK(ouro_diag_verify() == NULL);
    t_note("bytes an entry", (int64_t)(ouro_diag_sizeof(dict) / MANY));
    size_t at = 0;
    ouro_ref key;
    for (int i = 0; i < MANY; i++)
        if (!T_CHECK(ouro_dict_next(dict, &at, &key, NULL) && key == number(i))) break;
    ouro_decref(dict);
    settle();
    T_EQ(objects(), 0);
}

/* ---- memory ---- */

static void sizes_on_a_32_bit_board(void)
{
    if (sizeof(void *) != 4) {
        t_skip("sizes are those of 32-bit addresses");
        return;
    }
    static const struct {
        int entries;
        size_t bytes;
    } sizes[] = {{0, 16}, {1, 32}, {2, 40}, {3, 56}, {4, 56}};
    for (unsigned i = 0; i < T_COUNT(sizes); i++) {
        ouro_ref dict = numbers(sizes[i].entries);
        T_EQ(ouro_diag_sizeof(dict), sizes[i].bytes);
        ouro_decref(dict);
    }
    ouro_ref real = ouro_float_new(0.5);
    T_EQ(ouro_diag_sizeof(real), 16);
    ouro_decref(real);
}

/* Levels of the index under a node. */
static unsigned levels(ouro_ref node)
{
    unsigned deepest = 0;
    for (uint32_t refs = type_of(node)->refs; refs; refs &= refs - 1) {
        ouro_ref child = *slot(node, (unsigned)__builtin_ctz(refs));
        unsigned below = child ? levels(child) : 0;
        if (below > deepest) deepest = below;
    }
    return deepest + 1;
}

/* No insert asks for more than a node a level of the entries, one a level of the index, a head. */
static void growing_asks_for_a_node_a_level(void)
{
    ouro_ref dict = ouro_dict_new();
    uint32_t most = 0;
    for (int i = 0; i < 20000; i++) {
        uint32_t before = ouro_heap->node_requests;
        if (!T_EQ(ouro_dict_set(dict, number(i), OURO_NONE), 0)) break;
        uint32_t asked = ouro_heap->node_requests - before, allowed = 1;
        if (asked > most) most = asked;
        if (asked <= 1) continue;
        if (i >= 8) allowed = 1 + head_of(dict)->levels + levels(head_of(dict)->index) + 1;
        if (i == 8) allowed += 4; /* the index of the first eight is made */
        if (!T_CHECK(asked <= allowed)) {
            t_note("entries", i);
            t_note("asked", asked);
            t_note("allowed", allowed);
            break;
        }
    }
    t_note("nodes that one insert asked for, at most", most);
    ouro_decref(dict);
    settle();
}

static void memory_error_changes_nothing(void)
{
    for (size_t arena = 8 * 1024; arena <= 32 * 1024; arena *= 2) {
        t_restart(arena);
        ouro_ref dict = ouro_dict_new(), value = ouro_float_new(1.5);
        int n = 0;
        while (ouro_dict_set(dict, number(n), value) == 0) n++;
        fails(OURO_MEMORY_ERROR, "out of memory");
        T_EQ(ouro_diag_refcount(value), n + 1);
        for (int i = 0; i < 5; i++) T_EQ(ouro_dict_set(dict, number(n), value), -1);
        T_EQ(ouro_diag_refcount(value), n + 1);
        T_EQ(ouro_dict_len(dict), n);
        T_EQ(ouro_dict_set(dict, number(n / 2), OURO_NONE), 0); /* replacing needs no memory */
        size_t at = 0;
        ouro_ref key, got;
        for (int i = 0; i < n; i++) {
            if (!T_CHECK(ouro_dict_next(dict, &at, &key, &got) && key == number(i))) break;
            if (!T_CHECK(ouro_dict_get(dict, key) == got)) break;
        }
        T_CHECK(!ouro_dict_next(dict, &at, NULL, NULL));
        T_CHECK(ouro_diag_verify() == NULL);
        ouro_decref(dict);
        settle();
        T_EQ(ouro_diag_refcount(value), 1);
        ouro_decref(value);
        T_EQ(objects(), 0);
    }
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(values_come_back),
    T_SMALL(errors),
    T_SMALL(equal_keys_are_one),
    T_SMALL(keys_of_other_types),
    T_SMALL(operations_on_whole_entries),
    T_TEST(order_survives_deletes),
    T_TEST(holes_are_closed),
    T_SMALL(a_queue_of_keys_stays_small),
    T_TEST(other_seeds_other_shapes),
    T_TEST(keys_of_equal_hash),
    T_TEST(a_hundred_thousand_keys),
    T_SMALL(sizes_on_a_32_bit_board),
    T_TEST(growing_asks_for_a_node_a_level),
    T_SMALL(memory_error_changes_nothing),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
