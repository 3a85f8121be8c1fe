/* SPDX-License-Identifier: MIT
 * 09-generations.c - one object's trip through three generations; and the bounded pause, drawn. */
#include "lesson.h"

static void print_three(const uint32_t of[3])
{
    say("(%d, %d, %d)", (int)of[0], (int)of[1], (int)of[2]);
}

/* Section 9, block 1. */
static void controlling_the_collector(void)
{
    uint32_t threshold[3];

    tell("The collector looks at young objects often and at old ones seldom:");
    enter("import gc");
    enter("print(gc.get_threshold())");
    ouro_gc_get_threshold(threshold);
    print_three(threshold);
    if (threshold[0] != 700)
        differs("(700, 10, 10)", "a small arena is full before 700 objects are.");
    note("Generation 0 after %d objects more than were freed, generation 1 after\n"
         "%d collections of 0, generation 2 after %d of 1.",
         (int)threshold[0], (int)threshold[1], (int)threshold[2]);
    enter("print(gc.collect())");
    say("%d", (int)ouro_gc_collect(2));
    enter("gc.disable()");
    ouro_gc_disable();
    ask("print(gc.isenabled())", ouro_gc_isenabled());
    enter("gc.enable()");
    ouro_gc_enable();
    ask("print(gc.isenabled())", ouro_gc_isenabled());
    enter("gc.set_threshold(1000, 20, 5)");
    ouro_gc_set_threshold(1000, 20, 5);
    ouro_gc_get_threshold(threshold);
    enter("print(gc.get_threshold())");
    print_three(threshold);
    CHECK(threshold[0] == 1000 && threshold[2] == 5 && ouro_gc_isenabled());
}

/* Which generation an object is in, found by looking through all of them; -1: none. */
static int generation_of(ouro_ref object)
{
    struct ouro_gc_cursor cursor;
    int found = -1;

    for (int generation = 0; generation < 3; generation++) {
        (void)ouro_gc_objects(&cursor, generation);
        for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o))
            if (o == object) found = generation;
    }
    return found;
}

static void where(ouro_ref x, int wanted)
{
    enter("print(generation_of(x))");
    say("%d", generation_of(x));
    CHECK(generation_of(x) == wanted);
}

static void a_trip(void)
{
    tell("What survives a collection of its generation moves up.  No collection but\n"
         "those asked for, and this object's trip:");
    enter("gc.disable()");
    ouro_gc_disable();
    enter("def generation_of(x):\n"
          "    is_in = [any(o is x for o in gc.get_objects(g)) for g in range(3)]\n"
          "    return is_in.index(True)");
    enter("x = []");
    ouro_ref x = ouro_list_new();
    where(x, 0);
    for (int i = 0; i < 3; i++) {
        static const char *const calls[] = {"n = gc.collect(0)", "n = gc.collect(1)",
                                            "n = gc.collect(2)"};
        enter(calls[i]);
        (void)ouro_gc_collect(i);
        where(x, i < 2 ? i + 1 : 2);
    }
    drop(x);
}

static void young_and_old(void)
{
    tell("A cycle that is old waits for its generation, however often the young are\n"
         "looked at:");
    enter("a = []");
    enter("a.append(a)");
    ouro_ref a = list_of(0);
    append(a, ouro_own(a));
    enter("print(gc.collect())");
    say("%d", (int)ouro_gc_collect(2));
    enter("del a");
    ouro_decref(a);
    for (int i = 0; i < 3; i++) {
        static const char *const calls[] = {"print(gc.collect(0))", "print(gc.collect(1))",
                                            "print(gc.collect(2))"};
        enter(calls[i]);
        int found = (int)ouro_gc_collect(i);
        say("%d", found);
        CHECK(found == (i == 2));
    }
}

/* ---- the bounded pause ---- */

enum { COLUMNS = 60, ROWS = 6, ROUND = 50 };

struct pause {
    unsigned whole, longest, calls;
    unsigned at[COLUMNS];    /* the longest of each part of the calls */
    char phase[COLUMNS + 1]; /* initial of the phase that part was in */
};

/* n pairs of lists live while two cycles are collected: one in a single call, one by and by, in the
 * calls of a program that makes and drops lists.  The longest of these calls is the pause.
 *   pause  its `calls` say how many there will be, or 0 */
static void measure(int n, struct pause *pause)
{
    unsigned expected = pause->calls;
    ouro_ref live = ouro_list_new();

    *pause = (struct pause){0};
    for (int i = 0; i < n; i++) append(live, list_of(1, list_of(0)));
    unsigned start = instructions();
    (void)ouro_gc_collect(2);
    pause->whole = instructions() - start;
    (void)ouro_gc_start(2);
    for (; ouro_gc_get_phase() != OURO_GC_IDLE; pause->calls++) {
        start = instructions();
        ouro_ref x = ouro_list_new();
        unsigned took = instructions() - start;
        unsigned column = expected > 0 ? pause->calls * COLUMNS / expected : 0;
        if (took > pause->longest) pause->longest = took;
        if (column < COLUMNS && took > pause->at[column]) {
            pause->at[column] = took;
            pause->phase[column] = ouro_gc_phase_name(ouro_gc_get_phase())[0];
        }
        ouro_decref(x);
    }
    drop(live);
}

static void draw(const struct pause *pause)
{
    char line[COLUMNS + 1];
    unsigned height = (pause->longest / ROWS / ROUND + 1) * ROUND; /* of a row, in instructions */

    for (unsigned row = ROWS; row-- > 0;) {
        unsigned floor = row * height, length = 0;
        for (unsigned i = 0; i < COLUMNS; i++) {
            bool is_higher = pause->at[i] > floor;
            line[i] = is_higher ? '#' : ' ';
            if (is_higher) length = i + 1;
        }
        line[length] = '\0';
        const char *margin = floor == 0 ? "    " : floor < 100 ? "   " : floor < 1000 ? "  " : "";
        note("%s%u |%s", margin, floor, line);
    }
    note("       %s", pause->phase);
}

static void the_bounded_pause(void)
{
    static const int sizes[] = {10, 100, 1000};
    static const char *const labels[] = {"20 lists", "200 lists", "2000 lists"};
    struct pause pause[3] = {{0}};

    tell("CPython stops the program while it collects; the more objects live, the longer.\n"
         "Here each call does a small part of the work.  A full collection, in one go:");
    for (int i = 0; i < 3; i++) measure(sizes[i], &pause[i]);
    for (int i = 0; i < 3; i++) bar(labels[i], pause[i].whole, pause[2].whole);
    tell("The same in parts; the longest call that the program had to wait for:");
    for (int i = 0; i < 3; i++) bar(labels[i], pause[i].longest, pause[2].whole);
    note("instructions.  The work grows with the heap, the pause does not.");
    tell("The %u calls of the last of these collections, from its start to its end;\n"
         "count, mark, cut and free are what it does one after the other:",
         pause[2].calls);
    measure(sizes[2], &pause[2]);
    draw(&pause[2]);
    enter("gc.enable()");
    enter("print(gc.collect())");
    ouro_gc_enable();
    say("%d", (int)ouro_gc_collect(2));
    CHECK(OURO_CHECK >= 2 || pause[2].whole > 20 * pause[0].whole);
    CHECK(OURO_CHECK >= 2 || ouro_tracemalloc_is_tracing() || /* which adds to each call */
          (pause[2].longest < 3000 && pause[2].longest < 2 * pause[1].longest));
}

LESSON(9, "three generations, and a bounded pause")
{
    controlling_the_collector();
    a_trip();
    young_and_old();
    the_bounded_pause();
}
