/* SPDX-License-Identifier: MIT
 * 07-counting.c - reference counting, step by step. */
#include "lesson.h"

/* What sys.getrefcount(x) - 1 is: without the reference that the call itself holds. */
static void ask_count(ouro_ref x, int wanted)
{
    int count = (int)ouro_getrefcount(x) - 1;

    enter("print(sys.getrefcount(x) - 1)");
    say("%d", count);
    CHECK(count == wanted && ouro_diag_refcount(x) == (uint32_t)wanted);
}

/* Section 7, block 1. */
static void step_by_step(void)
{
    tell("Each object counts the references to it.");
    enter("import sys");
    enter("x = ['hello']");
    unsigned before = used_bytes();
    ouro_ref x = list_of(1, ouro_str_from("hello"));
    ask_count(x, 1);
    enter("y = x");
    ouro_ref y = ouro_own(x);
    ask_count(x, 2);
    enter("y = None");
    drop(y);
    ask_count(x, 1);
    note("getrefcount() says one more: it is given a reference, too.");

    tell("When the count falls to 0 the object dies at once, and what it held with it:");
    note("%u bytes in use", used_bytes() - before);
    enter("x = None");
    unsigned start = instructions();
    ouro_decref(x);
    unsigned took = instructions() - start;
    note("%u bytes in use, %u instructions later", used_bytes() - before, took);
    CHECK(used_bytes() == before);
}

static void who_counts(void)
{
    tell("Items of containers, attributes and arguments are references like any other:");
    enter("x = [1]");
    ouro_ref x = list_of(1, ouro_int_new(1));
    enter("pair = (x, x)");
    ouro_ref pair = ouro_tuple_of(2, x, x);
    ask_count(x, 3);
    enter("table = {'key': x}");
    ouro_ref table = ouro_dict_new(), key = ouro_str_from("key");
    CHECK(ouro_dict_set(table, key, x) == 0);
    ouro_decref(key);
    ask_count(x, 4);
    enter("copy = list(pair)");
    ouro_ref copy = ouro_list_new();
    CHECK(ouro_list_extend(copy, pair) == 0);
    ask_count(x, 6);
    enter("del pair, copy");
    drop(pair);
    drop(copy);
    ask_count(x, 2);
    enter("table.clear()");
    ouro_dict_clear(table);
    settle();
    ask_count(x, 1);
    drop(table);
    drop(x);
}

static void what_it_costs(void)
{
    enum { TIMES = 1000 };
    ouro_ref x = list_of(0), three = ouro_int_new(3);

    tell("What counting costs, measured over %u times up and down:", (unsigned)TIMES);
    ouro_ref volatile here = x;
    unsigned start = instructions();
    for (int i = 0; i < TIMES; i++) (void)here;
    unsigned loop = instructions() - start;
    start = instructions();
    for (int i = 0; i < TIMES; i++) {
        ouro_incref(here);
        ouro_decref(here);
    }
    unsigned up_down = instructions() - start - loop;
    here = three;
    start = instructions();
    for (int i = 0; i < TIMES; i++) {
        ouro_incref(here);
        ouro_decref(here);
    }
    unsigned of_int = instructions() - start - loop;
    bar("of a list", up_down / TIMES, up_down / TIMES);
    bar("of a small int", of_int / TIMES, up_down / TIMES);
    note("instructions for both; an int that is no object has no count.");
    CHECK(OURO_CHECK >= 2 || (up_down / TIMES < 50 && of_int < up_down));
    drop(x);
}

LESSON(7, "counting references")
{
    step_by_step();
    who_counts();
    what_it_costs();
}
