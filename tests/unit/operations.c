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

static const struct t_test tests[] = {
    T_TEST(a_for_over_a_list),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
