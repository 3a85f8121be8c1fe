/* SPDX-License-Identifier: MIT
 * generator.c - generators: next, send, throw, close, and the end of their lives. */
#include <string.h>

#include "repr_text.h"
#include "unit_types.h"

static bool is_at_end(ouro_ref generator)
{
    return ouro_iter_next(generator) == NULL && ouro_error_get(NULL) == OURO_NO_ERROR;
}

/* def countdown(n): while n > 0: yield n; n -= 1 */
static ouro_ref countdown_step(ouro_ref self, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)self;
    int64_t n = 0;
    if (!sent || ouro_int_get(locals[0], &n) < 0 || n == 0) return NULL;
    if (*state == 1) n--;
    *state = 1;
    ouro_put(&locals[0], ouro_int_new(n));
    return n ? ouro_int_new(n) : NULL;
}
static const struct ouro_generator_def countdown = {
    .name = "countdown", .step = countdown_step, .locals = 1};

/* def total(): sum = 0; while True: try: sum += yield sum; except ValueError: sum = 100
 * with `finally: closed += 1` around it. */
static int closed;
static ouro_ref total_step(ouro_ref self, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)self;
    int64_t sum = 0, more = 0;
    if (locals[0]) (void)ouro_int_get(locals[0], &sum);
    if (!sent && ouro_error_get(NULL) == OURO_VALUE_ERROR) {
        ouro_error_clear();
        sum = 100;
    } else if (!sent || (*state && ouro_int_get(sent, &more) < 0)) {
        closed++;
        return NULL;
    }
    *state = 1;
    ouro_put(&locals[0], ouro_int_new(sum + more));
    return ouro_int_new(sum + more);
}
static const struct ouro_generator_def total = {
    .name = "total", .step = total_step, .locals = 2, .has_cleanup = true};

/* Asks itself for the next item, or goes on when it should end. */
static ouro_ref bad_step(ouro_ref self, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)locals;
    *state = 1;
    return sent == OURO_NONE ? ouro_iter_next(self) : OURO_TRUE;
}
static const struct ouro_generator_def reentrant = {.name = "reentrant", .step = bad_step};
static ouro_ref stubborn_step(ouro_ref self, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)self;
    (void)locals;
    (void)sent;
    *state = 1;
    return OURO_TRUE;
}
static const struct ouro_generator_def stubborn = {.name = "stubborn", .step = stubborn_step};

/* ---- tests ---- */

static void next_goes_on_where_it_stopped(void)
{
    ouro_ref three = ouro_int_new(3), g = ouro_generator_new(&countdown, 1, &three);
    ouro_ref it = ouro_iter(g);
    T_CHECK(it == g);
    ouro_decref(it);
    for (int i = 3; i > 0; i--) T_CHECK(ouro_iter_next(g) == ouro_int_new(i));
    T_CHECK(is_at_end(g) && is_at_end(g));
    ouro_ref list = ouro_list_new();
    ouro_decref(g);
    g = ouro_generator_new(&countdown, 1, &list); /* a step that fails ends it */
    T_EQ(ouro_diag_refcount(list), 2);
    T_CHECK(ouro_iter_next(g) == NULL);
    fails(OURO_TYPE_ERROR, "an integer is required");
    T_EQ(ouro_diag_refcount(list), 1); /* its locals are dropped */
    T_CHECK(is_at_end(g));
    ouro_decref(g);
    ouro_decref(list);
    T_EQ(objects(), 0);
}

static void send_and_throw(void)
{
    ouro_ref g = ouro_generator_new(&total, 0, NULL);
    T_CHECK(ouro_generator_send(g, ouro_int_new(1)) == NULL);
    fails(OURO_TYPE_ERROR, "can't send non-None value to a just-started generator");
    T_CHECK(ouro_iter_next(g) == ouro_int_new(0));
    T_CHECK(ouro_generator_send(g, ouro_int_new(5)) == ouro_int_new(5));
    T_CHECK(ouro_generator_send(g, ouro_int_new(6)) == ouro_int_new(11));
    ouro_error_set(OURO_VALUE_ERROR, "caught inside");
    T_CHECK(ouro_generator_throw(g) == ouro_int_new(100));
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    closed = 0;
    ouro_error_set(OURO_KEY_ERROR, "not caught");
    T_CHECK(ouro_generator_throw(g) == NULL);
    fails(OURO_KEY_ERROR, "not caught");
    T_EQ(closed, 1);
    T_CHECK(is_at_end(g));
    ouro_decref(g);
    T_EQ(closed, 1);
    g = ouro_generator_new(&total, 0, NULL); /* nothing of it has run: it catches nothing */
    ouro_error_set(OURO_VALUE_ERROR, "thrown");
    T_CHECK(ouro_generator_throw(g) == NULL);
    fails(OURO_VALUE_ERROR, "thrown");
    T_CHECK(is_at_end(g));
    ouro_decref(g);
    T_EQ(objects(), 0);
}

static void closing(void)
{
    ouro_ref g = ouro_generator_new(&total, 0, NULL);
    closed = 0;
    T_EQ(ouro_generator_close(g), 0); /* it has not begun: nothing of it runs */
    T_EQ(closed, 0);
    T_CHECK(is_at_end(g));
    ouro_decref(g);
    g = ouro_generator_new(&total, 0, NULL);
    (void)ouro_iter_next(g);
    T_EQ(ouro_generator_close(g), 0);
    T_EQ(ouro_generator_close(g), 0);
    T_EQ(closed, 1);
    T_CHECK(is_at_end(g));
    ouro_decref(g);
    g = ouro_generator_new(&stubborn, 0, NULL);
    T_CHECK(ouro_iter_next(g) == OURO_TRUE);
    T_EQ(ouro_generator_close(g), -1);
    fails(OURO_RUNTIME_ERROR, "generator ignored GeneratorExit");
    ouro_decref(g);
}

static void a_generator_that_dies_is_closed(void)
{
    closed = 0;
    ouro_ref g = ouro_generator_new(&total, 0, NULL);
    ouro_decref(g); /* it has not begun */
    T_EQ(closed, 0);
    g = ouro_generator_new(&total, 0, NULL);
    (void)ouro_iter_next(g);
    ouro_error_set(OURO_KEY_ERROR, "of before");
    ouro_decref(g);
    T_EQ(closed, 1);
    fails(OURO_KEY_ERROR, "of before");
    T_EQ(objects(), 0);
    ouro_ref list = ouro_list_new(); /* garbage of a cycle, too */
    ouro_ref argv[2] = {ouro_int_new(0), list};
    g = ouro_generator_new(&total, 2, argv);
    T_EQ(ouro_list_append(list, g), 0);
    (void)ouro_iter_next(g);
    ouro_decref(g);
    ouro_decref(list);
    T_EQ(closed, 1);
    (void)ouro_gc_collect(2); /* closing it drops its locals, and with them the cycle */
    T_EQ(closed, 2);
    T_EQ(objects(), 0);
}

static void a_running_generator_is_left_alone(void)
{
    ouro_ref g = ouro_generator_new(&reentrant, 0, NULL);
    T_CHECK(ouro_iter_next(g) == NULL);
    fails(OURO_VALUE_ERROR, "generator already executing");
    T_CHECK(is_at_end(g));
    ouro_decref(g);
}

static void repr_and_size(void)
{
    static const struct ouro_generator_def many = {
        .name = "many", .step = countdown_step, .locals = OURO_LOCALS_MOST};
    ouro_ref g = ouro_generator_new(&many, 0, NULL), zero = ouro_int_new(0);
    ouro_ref small = ouro_generator_new(&countdown, 1, &zero);
    T_CHECK(strncmp(repr(g), "<generator object many at 0x", 28) == 0);
    T_CHECK(ouro_gc_is_tracked(g));
    if (sizeof(void *) == 4) {
        T_EQ(ouro_diag_sizeof(g), 72);
        T_EQ(ouro_diag_sizeof(small), 24);
    }
    ouro_decref(small);
    ouro_decref(g);
}

static const struct t_test tests[] = {
    T_SMALL(next_goes_on_where_it_stopped),
    T_SMALL(send_and_throw),
    T_SMALL(closing),
    T_SMALL(a_generator_that_dies_is_closed),
    T_SMALL(a_running_generator_is_left_alone),
    T_SMALL(repr_and_size),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
