/* SPDX-License-Identifier: MIT
 * 08-cycles.c - what counting cannot free: a cycle, with the collector off and on. */
#include "lesson.h"

enum { CALLS = 1000 };

static int counts[2];

/* Section 8, block 1. */
static void create_cycle(void)
{
    ouro_ref list1 = ouro_list_new(), list2 = ouro_list_new();

    append(list1, ouro_own(list2));
    append(list2, ouro_own(list1));
    ouro_decref(list1); /* the variables end here, with their references */
    ouro_decref(list2);
    counts[0] = (int)ouro_diag_refcount(list1);
    counts[1] = (int)ouro_diag_refcount(list2);
}

static void collect(int wanted)
{
    ptrdiff_t found = ouro_gc_collect(2);

    enter("print(gc.collect())");
    say("%d", (int)found);
    CHECK(found == wanted);
}

static void collector_off(void)
{
    unsigned before = used_bytes();

    tell("Two lists that refer to each other keep each other's count at 1, for ever:");
    enter("import gc");
    enter("gc.disable()");
    ouro_gc_disable();
    enter("def create_cycle():\n"
          "    list1 = []\n"
          "    list2 = []\n"
          "    list1.append(list2)\n"
          "    list2.append(list1)");
    enter("create_cycle()");
    create_cycle();
    unsigned cycle = used_bytes() - before;
    note("Nobody can reach them.  Their counts are %d and %d; %u bytes are in use.", counts[0],
         counts[1], cycle);
    CHECK(counts[0] == 1 && counts[1] == 1 && cycle > 0);

    tell("Only a search for such cycles finds them: of each list, all references to it\n"
         "come from what is searched.");
    collect(2);
    note("%u bytes are in use.", used_bytes() - before);
    CHECK(used_bytes() == before);
}

static void weakly(void)
{
    tell("A weak reference shows the moment.  It does not count, and so keeps nothing:");
    enter("import weakref");
    enter("class Node: pass");
    enter("node = Node()");
    enter("node.me = node");
    enter("watch = weakref.ref(node)");
    enter("del node");
    ouro_ref node_class = ouro_class_new("Node", NULL);
    ouro_ref node = ouro_instance_new(node_class);
    set(node, "me", ouro_own(node));
    ouro_ref watch = ouro_weakref_new(node);
    ouro_decref(node);
    ask("print(watch() is None)", ouro_weakref_get(watch) == OURO_NONE);
    ouro_decref(node); /* what ouro_weakref_get() gave */
    collect(1);
    bool is_gone = ouro_weakref_get(watch) == OURO_NONE;
    ask("print(watch() is None)", is_gone);
    CHECK(is_gone);
    drop(watch);
    drop(node_class);
}

/* Make and lose cycles; returns the most bytes that were in use. */
static unsigned lose(int calls)
{
    unsigned before = used_bytes();

    ouro_diag_reset_peak();
    for (int i = 0; i < calls; i++) create_cycle();
    return peak_bytes() - before;
}

static void off_and_on(void)
{
    struct ouro_gc_stats start, end;

    tell("A thousand of them.  First the collector is off, and they pile up:");
    enter("for i in range(1000): create_cycle()");
    unsigned off = lose(CALLS);
    collect(2 * CALLS);
    note("Then it is on, and makes room by itself while the program runs:");
    enter("gc.enable()");
    ouro_gc_enable();
    enter("for i in range(1000): create_cycle()");
    ouro_gc_get_stats(&start);
    unsigned on = lose(CALLS);
    ouro_gc_get_stats(&end);
    ask("print(gc.collect() < 2000)", ouro_gc_collect(2) < 2 * CALLS);
    bar("most in use, off", off, off);
    bar("most in use, on", on, off);
    note("%u collections, in small steps between the calls.",
         (unsigned)(end.collections[0] - start.collections[0]));
    CHECK(on < off && end.collections[0] > start.collections[0]);
}

LESSON(8, "what counting cannot free")
{
    collector_off();
    weakly();
    off_and_on();
}
