/* SPDX-License-Identifier: MIT
 * generators.c - generators: next, send, throw, close, their end, and what they hold. */
#include "parity.h"

/* ---- the generators ---- */

static ouro_ref squares_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    int64_t most, n = *state;
    (void)generator;
    if (!sent || ouro_int_get(locals[0], &most) < 0 || n == most) return NULL;
    ++*state;
    return ouro_int_new(n * n);
}
static ouro_ref echo_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    if (!sent) return NULL;
    if (++*state == 1) return ouro_str_from("ready");
    *state = 2;
    return ouro_own(sent);
}
static ouro_ref failing_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    if (!sent) return NULL;
    if (++*state == 1) return ouro_int_new(1);
    ouro_error_set(OURO_VALUE_ERROR, "no more");
    return NULL;
}
static ouro_ref catching_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    *state = 1;
    if (sent) return ouro_str_from("waiting");
    if (ouro_error_get(NULL) != OURO_VALUE_ERROR) return NULL;
    say("caught %R", ouro_error_catch());
    return ouro_str_from("caught");
}
static ouro_ref careful_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    if (*state == 0) say("begin");
    if (sent && *state < 2) return ouro_int_new(++*state);
    t_print("cleaned up\n");
    return NULL;
}
static ouro_ref stubborn_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    *state = 1;
    if (!sent && ouro_error_get(NULL) != OURO_NO_ERROR) return NULL;
    return ouro_str_from("still here");
}
static const struct ouro_generator_def squares_def = {
    .name = "squares", .step = squares_step, .locals = 1};
static const struct ouro_generator_def echo_def = {.name = "echo", .step = echo_step};
static const struct ouro_generator_def failing_def = {.name = "failing", .step = failing_step};
static const struct ouro_generator_def catching_def = {.name = "catching", .step = catching_step};
static const struct ouro_generator_def careful_def = {
    .name = "careful", .step = careful_step, .has_cleanup = true};
static const struct ouro_generator_def stubborn_def = {.name = "stubborn", .step = stubborn_step};

static ouro_ref squares(int n)
{
    ouro_ref most = ouro_int_new(n);
    return ouro_generator_new(&squares_def, 1, &most);
}
static ouro_ref begin(const struct ouro_generator_def *def)
{
    return ouro_generator_new(def, 0, NULL);
}

/* ---- the sections ---- */

static ouro_ref throw_into(ouro_ref generator, enum ouro_error_kind kind, const char *message)
{
    ouro_error_set(kind, message);
    return ouro_generator_throw(generator);
}
static int close_it(ouro_ref generator) { return ouro_generator_close(generator); }
static void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}

/* The items that it gives, in a list. */
static ouro_ref listed(ouro_ref items)
{
    ouro_ref list = ouro_list_new();
    if (ouro_list_extend(list, items) == 0) return list;
    ouro_decref(list);
    return NULL;
}
static ouro_ref tupled(ouro_ref items)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (ouro_ref item; (item = ouro_iter_next(items));) (void)ouro_tuple_add(&builder, item);
    return ouro_tuple_end(&builder);
}

static void generators_are_iterators(void)
{
    static const int lengths[] = {0, 1, 3, 10};
    for (size_t i = 0; i < T_COUNT(lengths); i++) say_items("items", squares(lengths[i]));
    ouro_ref g = squares(3), items[5], sorted = listed(ouro_set_from(squares(4)));
    say("%t %t %t", ouro_iter(g) == g, ouro_equal(g, g), ouro_equal(g, squares(3)));
    for (int i = 0; i < 5; i++) items[i] = ouro_iter_next(g);
    say("%R %R %R %R %R", items[0], items[1], items[2], items[3], items[4]);
    (void)ouro_list_sort(sorted, false);
    say("%R %R %R", listed(squares(5)), tupled(squares(2)), sorted);
    say("%s", ouro_type_name(g));
    say("%n", (int)ouro_len(g));
    say("%R", cut(g, 0, 1, NONE));
    say("%R", ouro_call(g, 0, NULL));
    say("%t", ouro_compare(g, g, OURO_LT));
}

static void generators_get_what_is_sent(void)
{
    static const char *const things[] = {"1", "'two'", "None", "[3]", "4.0"};
    ouro_ref g = begin(&echo_def);
    say("%R", ouro_generator_send(g, py("1")));
    say("%R", ouro_generator_send(g, OURO_NONE));
    for (size_t i = 0; i < T_COUNT(things); i++) say("%R", ouro_generator_send(g, py(things[i])));
    say("%R", ouro_iter_next(g));
    say("%n", close_it(g));
    say("%R", ouro_generator_send(g, py("1")));
    say("%R", ouro_generator_send(g, OURO_NONE));
    say("%R", ouro_iter_next(g));
}

static void generators_fail(void)
{
    ouro_ref g = begin(&failing_def), x = py("[0]");
    say("%R", ouro_iter_next(g));
    say("%R", ouro_iter_next(g));
    say("%R", ouro_iter_next(g));
    say("%n", close_it(g));
    say("%R", throw_into(g, OURO_KEY_ERROR, "'gone'"));
    say("%R", throw_into(begin(&failing_def), OURO_KEY_ERROR, "'at the start'"));
    say("%R", listed(begin(&failing_def)));
    say("%n", ouro_list_extend(x, begin(&failing_def)));
    say("%r", x);
    say("%R", ouro_set_from(begin(&failing_def)));
    say_items("items", begin(&failing_def));
}

static void errors_thrown_into_generators(void)
{
    ouro_ref g = begin(&catching_def);
    say("%S", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_VALUE_ERROR, "first"));
    say("%S", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_VALUE_ERROR, "second"));
    say("%S", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_TYPE_ERROR, "not caught"));
    say("%R", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_VALUE_ERROR, "late"));
    g = squares(5);
    ouro_ref first = ouro_iter_next(g);
    say("%R %R", first, ouro_iter_next(g));
    say("%R", throw_into(g, OURO_RUNTIME_ERROR, "stop"));
    say("%R", ouro_iter_next(g));
}

static void generators_are_closed(void)
{
    ouro_ref g = begin(&careful_def), items[3];
    (void)close_it(g);
    say("never begun");
    g = begin(&careful_def);
    say("%R", ouro_iter_next(g));
    (void)close_it(g);
    say("closed");
    (void)close_it(g);
    say("%R", ouro_iter_next(g));
    g = begin(&careful_def);
    for (int i = 0; i < 3; i++) items[i] = ouro_iter_next(g);
    say("%R %R %R", items[0], items[1], items[2]);
    (void)close_it(g);
    g = begin(&careful_def);
    say("%R", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_VALUE_ERROR, "on the way"));
    (void)close_it(g);
    say("end");
}

static void generators_die(void)
{
    drop(begin(&careful_def));
    say("not begun");
    ouro_ref g = begin(&careful_def), holder = ouro_list_new();
    say("%R", ouro_iter_next(g));
    drop(g);
    say("dropped");
    g = begin(&careful_def);
    say("%R", ouro_iter_next(g));
    (void)ouro_list_append(holder, g);
    drop(g);
    ouro_list_clear(holder);
    settle();
    say("cleared");
    g = begin(&careful_def);
    ouro_decref(listed(g));
    drop(g);
    say("at its end");
    g = begin(&careful_def);
    say("%R", ouro_iter_next(g));
    (void)ouro_list_append(holder, g);
    (void)ouro_list_append(holder, holder);
    drop(g);
    drop(holder);
    say("in a cycle");
    (void)ouro_gc_collect(2);
    say("collected");
}

static void generators_that_do_not_end(void)
{
    ouro_ref g = begin(&stubborn_def);
    say("%S", ouro_iter_next(g));
    say("%n", close_it(g));
    say("%S", ouro_iter_next(g));
    say("%R", throw_into(g, OURO_VALUE_ERROR, "out"));
    say("%n", close_it(g));
    say("%R", ouro_iter_next(g));
    g = begin(&stubborn_def);
    say("%n", close_it(g));
    say("%R", ouro_iter_next(g));
    g = begin(&stubborn_def);
    ouro_ref first = ouro_iter_next(g);
    say("%S %S", first, ouro_iter_next(g));
    say("%n", close_it(g));
    say("%R", throw_into(g, OURO_KEY_ERROR, "1"));
    say("%R", ouro_iter_next(g));
}

static ouro_ref again;

static ouro_ref reentrant_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    if (!sent) return NULL;
    say("%R", ouro_iter_next(again));
    if (++*state == 2) return NULL;
    say("%R", ouro_generator_send(again, py("1")));
    say("%n", close_it(again));
    say("%R", throw_into(again, OURO_KEY_ERROR, "'x'"));
    return ouro_str_from("yielded");
}
static const struct ouro_generator_def reentrant_def = {.name = "reentrant",
                                                        .step = reentrant_step};

static void running_generators_cannot_be_resumed(void)
{
    again = begin(&reentrant_def);
    say("%S", ouro_iter_next(again));
    say("%R", ouro_iter_next(again));
    say("%R", ouro_iter_next(again));
    again = begin(&reentrant_def);
    say("%S", ouro_iter_next(again));
    (void)close_it(again);
}

static ouro_ref holding_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    return sent && *state < 2 ? ouro_int_new(++*state) : NULL;
}
static const struct ouro_generator_def holding_def = {
    .name = "holding", .step = holding_step, .locals = 1};
static ouro_ref holding(ouro_ref thing) { return ouro_generator_new(&holding_def, 1, &thing); }

static void say_count(ouro_ref thing) { say("%d", (int)ouro_getrefcount(thing)); }

static void locals_of_generators(void)
{
    ouro_gc_disable();
    ouro_ref thing = ouro_list_new(), g = holding(thing), items[3];
    say_count(thing);
    ouro_ref h = holding(thing);
    say_count(thing);
    ouro_xdecref(ouro_iter_next(g));
    say_count(thing);
    (void)close_it(g);
    say_count(thing);
    for (int i = 0; i < 3; i++) items[i] = ouro_iter_next(h);
    say("%R %R %R", items[0], items[1], items[2]);
    say_count(thing);
    g = holding(thing);
    ouro_xdecref(ouro_iter_next(g));
    say("%R", throw_into(g, OURO_KEY_ERROR, "1"));
    g = holding(thing);
    say_count(thing);
    drop(g);
    say_count(thing);
    ouro_ref both[] = {holding(thing), holding(thing)};
    say("%d %d", (int)ouro_getrefcount(thing), (int)T_COUNT(both));
    drop(both[0]);
    drop(both[1]);
    say_count(thing);
}

static const struct section sections[] = {
    SECTION(generators_are_iterators),
    SECTION(generators_get_what_is_sent),
    SECTION(generators_fail),
    SECTION(errors_thrown_into_generators),
    SECTION(generators_are_closed),
    SECTION(generators_die),
    SECTION(generators_that_do_not_end),
    SECTION(running_generators_cannot_be_resumed),
    SECTION(locals_of_generators),
};
PARITY_MAIN(sections)
