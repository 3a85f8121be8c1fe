/* SPDX-License-Identifier: MIT
 * operations.c - what operations on containers may cost, in instructions, at any size: on average
 * and at most, collector and dead queue as they come.
 *
 * On boards only, and at CHECK=0 and 1.  tests/bench/ops.c prints the figures. */
#include <string.h>

#include "ouro.h"
#include "ouro/port.h"
#include "t.h"

enum { MANY = 20000 };

static bool is_skipped(void)
{
    if (strcmp(ouro_port_board, "host") != 0 && OURO_CHECK < 2) return false;
    t_skip("bounds hold on boards, at CHECK=0 and 1");
    return true;
}

/* ---- a clock for calls ---- */

static uint64_t begun, total;
static uint32_t calls, longest, overhead;
static void begin(void) { begun = ouro_port_instructions(); }
static void end(void)
{
    uint32_t spent = (uint32_t)(ouro_port_instructions() - begun);
    spent = spent > overhead ? spent - overhead : 0;
    total += spent;
    calls++;
    if (spent > longest) longest = spent;
}
static void start(void)
{
    overhead = longest = 0;
    begin();
    end();
    overhead = longest;
    total = calls = longest = 0;
}
/* Were they as short as that? */
static void check(const char *name, uint32_t mean, uint32_t most)
{
    t_note(name, (int64_t)(total / calls));
    t_note("  at most", longest);
    T_CHECK(total <= (uint64_t)mean * calls);
    T_CHECK(longest <= most);
    start();
}
#define MEASURE(call)                                                                              \
    do {                                                                                           \
        begin();                                                                                   \
        (void)(call);                                                                              \
        end();                                                                                     \
    } while (0)

static ouro_ref list_of(uint32_t n)
{
    ouro_ref list = ouro_list_new();
    for (uint32_t i = 0; i < n; i++) T_EQ(ouro_list_append(list, ouro_int_new(i)), 0);
    return list;
}

/* ---- lists ---- */

static void a_for_over_a_list(void)
{
    if (is_skipped()) return;
    start();
    for (uint32_t n = 10; n <= MANY; n *= 10) {
        ouro_ref list = list_of(n), item, sum = NULL;
        begin();
        OURO_LIST_FOR(item, list) sum = (ouro_ref)((uintptr_t)sum ^ (uintptr_t)item);
        end();
        T_CHECK(sum != list);
        t_note("an item", (int64_t)(total / n));
        T_CHECK(total <= 20 * (uint64_t)n + 60);
        start();
        ouro_ref iterator = ouro_iter(list);
        for (uint32_t i = 0; i < n; i++) MEASURE(ouro_iter_next(iterator));
        check("ouro_iter_next", 40, 110);
        ouro_decref(iterator);
        ouro_decref(list);
    }
}

/* ---- tables ---- */

/* Key i of many, in an order that is not theirs; 7919 divides no number of them. */
static ouro_ref key_of(ouro_ref keys, uint32_t i)
{
    return ouro_list_get(keys, (ptrdiff_t)((uint64_t)i * 7919 % MANY));
}

#define FOR_KEYS(call)                                                                             \
    for (uint32_t i = 0; i < MANY; i++) {                                                          \
        ouro_ref key = key_of(keys, i);                                                            \
        MEASURE(call);                                                                             \
    }

static void changing_tables(void)
{
    if (is_skipped()) return;
    ouro_ref keys = ouro_list_new(), dict = ouro_dict_new(), set = ouro_set_new(), interned = NULL;
    ouro_ref cache = ouro_cache_new(MANY / 2, 0, NULL), names = ouro_list_new();
    for (uint32_t i = 0; i < MANY; i++) {
        char text[16] = "key";
        ouro_ref key = ouro_str_new(text, 3 + ouro_format_int(text + 3, i));
        uint32_t hash;
        T_EQ(ouro_hash(key, &hash), 0);
        T_EQ(ouro_list_append(keys, key), 0);
        ouro_decref(key);
    }
    start();
    FOR_KEYS(ouro_dict_set(dict, key, OURO_NONE));
    check("dict insert", 850, 2100);
    FOR_KEYS(ouro_dict_set(dict, key, OURO_TRUE));
    check("dict set", 140, 300);
    FOR_KEYS(ouro_set_add(set, key));
    check("set add", 750, 1950);
    FOR_KEYS(ouro_dict_del(dict, key));
    check("dict delete", 920, 1650);
    FOR_KEYS(ouro_cache_set(cache, key, OURO_NONE));
    check("cache set", 1300, 2450);
    for (uint32_t i = 0; i < MANY; i++) {
        size_t bytes;
        const char *text = ouro_str_bytes(key_of(keys, i), &bytes);
        MEASURE(interned = ouro_intern(text, bytes));
        T_EQ(ouro_list_append(names, interned), 0);
        ouro_decref(interned);
    }
    check("intern", 1500, 2000);
    ouro_ref all[] = {keys, dict, set, cache, names};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
}

/* Ints that would all fall into one place of a table that takes them as they are: here they are as
 * good as any. */
static void ints_made_to_collide(void)
{
    enum { INTS = 100000 };
    if (is_skipped()) return;
    ouro_ref dict = ouro_dict_new();
    start();
    for (uint32_t i = 0; i < INTS; i++)
        MEASURE(ouro_dict_set(dict, ouro_int_new((int64_t)i << 13), OURO_NONE));
    check("insert", 1000, 2100);
    for (uint32_t i = 0; i < INTS; i++)
        MEASURE(ouro_dict_get(dict, ouro_int_new((int64_t)i << 13)));
    check("get", 215, 380);
    T_EQ(ouro_dict_len(dict), INTS);
    ouro_decref(dict);
}

/* ---- weak containers ---- */

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

/* All die at once; their entries go in the calls that follow, one in each. */
static void entries_of_weak_containers_go_one_by_one(void)
{
    if (is_skipped()) return;
    ouro_ref (*const make[])(void) = {ouro_weakvalues_new, ouro_weakkeys_new, ouro_weakset_new};
    static const char *const names[] = {"values", "keys", "members"};
    for (unsigned kind = 0; kind < T_COUNT(make); kind++) {
        ouro_ref container = make[kind](), list = ouro_list_new(), other;
        for (uint32_t i = 0; i < MANY / 2; i++) {
            ouro_ref thing = ouro_obj_new(&thing_type);
            T_EQ(ouro_list_append(list, thing), 0);
            T_EQ(kind == 0   ? ouro_weakvalues_set(container, ouro_int_new(i), thing)
                 : kind == 1 ? ouro_weakkeys_set(container, thing, ouro_int_new(i))
                             : ouro_weakset_add(container, thing),
                 0);
            ouro_decref(thing);
        }
        while (ouro_gc_step(1000) > 0) {}
        ouro_list_clear(list);
        start();
        for (uint32_t i = 0; ouro_weak_len(container) > 0 && i < 2 * MANY; i++) {
            MEASURE(other = ouro_list_new());
            ouro_decref(other);
        }
        check(names[kind], 1030, 2000);
        T_EQ(ouro_weak_len(container), 0);
        ouro_decref(list);
        ouro_decref(container);
    }
}

static const struct t_test tests[] = {
    T_TEST(changing_tables),
    T_TEST(ints_made_to_collide),
    T_TEST(entries_of_weak_containers_go_one_by_one),
    T_TEST(a_for_over_a_list),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
