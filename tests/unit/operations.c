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
        check(names[kind], 700, 1900);
        T_EQ(ouro_weak_len(container), 0);
        ouro_decref(list);
        ouro_decref(container);
    }
}

static const struct t_test tests[] = {
    T_TEST(entries_of_weak_containers_go_one_by_one),
    T_TEST(a_for_over_a_list),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
