/* SPDX-License-Identifier: MIT
 * 12-tools.c - tracemalloc: bytes now and at the peak, and the calls that took them; a parent that
 * its children refer to weakly. */
#include <string.h>

#include "lesson.h"

enum { RECORDS_BYTES = 4096, TRACES = 40 };

/* ---- tracemalloc ---- */

static __attribute__((noinline)) ouro_ref make_x(void)
{
    ouro_ref x = ouro_list_new();
    for (int i = 0; i < 1000; i++) (void)ouro_list_append(x, ouro_int_new(1));
    return x;
}
static __attribute__((noinline)) ouro_ref make_y(void)
{
    char *buffer;
    ouro_ref y = ouro_str_alloc(5000, &buffer);
    for (int i = 0; i < 5000; i++) buffer[i] = "hello"[i % 5];
    return y;
}
static __attribute__((noinline)) ouro_ref make_z(void)
{
    ouro_ref z = ouro_list_new();
    for (int i = 0; i < 100; i++) {
        ouro_ref item = ouro_float_new(0.5 * i);
        (void)ouro_list_append(z, item);
        ouro_decref(item);
    }
    return z;
}

/* The name of the function above that an address is in: the last one that begins before it. */
static const char *name_of(uint32_t address, uint32_t *start)
{
    static const struct {
        ouro_ref (*begin)(void);
        const char *name;
    } functions[] = {{make_x, "make_x"}, {make_y, "make_y"}, {make_z, "make_z"}};
    const char *name = NULL;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        uint32_t at = (uint32_t)(uintptr_t)functions[i].begin & ~1u;
        if (address < at || (name && at < *start)) continue;
        *start = at;
        name = functions[i].name;
    }
    return name;
}

/* Section 12, block 1, at 1/1000 of its size. */
static ouro_ref current_and_peak(void)
{
    size_t current, peak;

    enter("x = [1] * 1000");
    ouro_ref x = make_x();
    enter("y = 'hello' * 1000");
    ouro_ref y = make_y();
    enter("current, peak = tracemalloc.get_traced_memory()");
    ouro_tracemalloc_get_traced_memory(&current, &peak);
    enter("print(current > 9000, peak >= current)");
    say("%t %t", current > 9000, peak >= current);
    note("Current memory usage: %u bytes\nPeak memory usage: %u bytes", (unsigned)current,
         (unsigned)peak);
    CHECK_MEMORY(current == ouro_diag_sizeof(x) + ouro_diag_sizeof(y));
    enter("y = None");
    drop(y);
    enter("current, peak = tracemalloc.get_traced_memory()");
    ouro_tracemalloc_get_traced_memory(&current, &peak);
    ask("print(peak - current > 5000)", peak - current > 5000);
    bar("current", (unsigned)current, (unsigned)peak);
    bar("peak", (unsigned)peak, (unsigned)peak);
    return x;
}

static void two_snapshots(void)
{
    static struct ouro_trace traces[2][TRACES];
    static struct ouro_trace_statistic top[2 * TRACES];
    struct ouro_snapshot before, after;
    int32_t sum = 0;

    tell("Two snapshots tell which calls took what is there more than before:");
    enter("mine = [tracemalloc.Filter(True, '<stdin>')]");
    enter("before = tracemalloc.take_snapshot().filter_traces(mine)");
    CHECK(ouro_tracemalloc_take_snapshot(&before, traces[0], TRACES) == 0);
    enter("z = [0.5 * i for i in range(100)]");
    ouro_ref z = make_z();
    enter("after = tracemalloc.take_snapshot().filter_traces(mine)");
    CHECK(ouro_tracemalloc_take_snapshot(&after, traces[1], TRACES) == 0);
    enter("top = after.compare_to(before, 'lineno')");
    int n = ouro_tracemalloc_compare_to(&after, &before, OURO_TRACE_LINE, false, top, 2 * TRACES);
    for (int i = 0; i < n; i++) sum += top[i].bytes_diff;
    ask("print(sum(line.size_diff for line in top) > 1600)", sum > 1600);
    for (int i = 0; i < n && top[i].bytes_diff != 0; i++) {
        struct text line = {0};
        ouro_tracemalloc_print_difference(&top[i], name_of, text_write, &line);
        note("%s", strchr(line.at, ' ') + 1);
    }
    note("(before each of these, the address of the call: `make symbolize` makes\n"
         "it a line of the source.  At the console: `trace start`, `trace diff`)");
    CHECK(n > 0 && sum > 1600);
    drop(z);
}

static void tracing(void)
{
    void *records = ouro_mem_alloc(RECORDS_BYTES);

    if (ouro_tracemalloc_is_tracing())
        note("(What `trace start` has recorded is lost: this lesson traces anew.)");
    tell("tracemalloc records each allocation, and the call that made it:");
    enter("import tracemalloc, weakref, gc");
    enter("tracemalloc.start()");
    CHECK(ouro_tracemalloc_start(1, records, RECORDS_BYTES) == 0);
    ouro_ref x = current_and_peak();
    two_snapshots();
    enter("tracemalloc.stop()");
    ouro_tracemalloc_stop();
    ask("print(tracemalloc.is_tracing())", ouro_tracemalloc_is_tracing());
    ouro_mem_free(records);
    drop(x);
}

/* ---- parent and child, section 12, block 2 ---- */

static bool is_weak; /* what add_child() makes */
static ouro_ref node_class;

static ouro_ref node_init(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    set(argv[0], "value", ouro_own(argv[1]));
    set(argv[0], "parent", OURO_NONE);
    set(argv[0], "children", ouro_list_new());
    return OURO_NONE;
}

static ouro_ref node_add_child(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref self = argv[0], child = argv[1], children = ouro_attr_get_string(self, "children");

    (void)function, (void)argc;
    append(children, ouro_own(child));
    ouro_decref(children);
    set(child, "parent", is_weak ? ouro_weakref_new(self) : ouro_own(self));
    return OURO_NONE;
}
static const struct ouro_function_def init_def = {
    .name = "Node.__init__", .call = node_init, .least = 2, .most = 2};
static const struct ouro_function_def add_child_def = {
    .name = "Node.add_child", .call = node_add_child, .least = 2, .most = 2};

static ouro_ref node(const char *value)
{
    ouro_ref text = ouro_str_from(value), made = ouro_call(node_class, 1, &text);
    ouro_decref(text);
    return made;
}

static void create_class(void)
{
    tell("A child that refers to its parent makes a cycle.  A weak reference does not:");
    enter("class Node:\n"
          "    def __init__(self, value):\n"
          "        self.value = value; self.parent = None; self.children = []\n"
          "    def add_child(self, child):\n"
          "        self.children.append(child)\n"
          "        child.parent = weakref.ref(self)");
    node_class = ouro_class_new("Node", NULL);
    CHECK(ouro_class_def(node_class, "__init__", &init_def) == 0);
    CHECK(ouro_class_def(node_class, "add_child", &add_child_def) == 0);
}

/* A root with a child; gives both. */
static void plant(ouro_ref *root, ouro_ref *child)
{
    ouro_ref add_child = ouro_str_from("add_child");

    enter("root = Node('Root'); child = Node('Child')");
    *root = node("Root");
    *child = node("Child");
    enter("root.add_child(child)");
    ouro_decref(ouro_call_method(*root, add_child, 1, child));
    ouro_decref(add_child);
}

static void weak_parent(void)
{
    ouro_ref root, child;

    is_weak = true;
    plant(&root, &child);
    enter("parent = child.parent()  # () gives the object itself");
    ouro_ref weak = ouro_attr_get_string(child, "parent"), parent = ouro_weakref_get(weak);
    enter("print(parent.value)");
    ouro_ref value = ouro_attr_get_string(parent, "value");
    say("%s", ouro_str_bytes(value, NULL));
    CHECK(parent == root);
    ouro_decref(value);
    unsigned before = used_bytes();
    enter("del root, parent");
    drop(parent);
    drop(root);
    ouro_ref gone = ouro_weakref_get(weak);
    enter("print(child.parent())");
    say("%r", gone);
    note("The root went at once, and %u bytes with it.", before - used_bytes());
    CHECK(gone == OURO_NONE && used_bytes() < before);
    enter("del child");
    drop(weak);
    drop(child);
    enter("print(gc.collect())");
    say("%d", (int)ouro_gc_collect(2));
}

static void strong_parent(void)
{
    ouro_ref root, child;
    unsigned before = used_bytes();

    tell("With an ordinary reference to the parent, only the collector frees them:");
    enter("def add_child(self, child):\n"
          "    self.children.append(child)\n"
          "    child.parent = self");
    enter("Node.add_child = add_child");
    is_weak = false;
    plant(&root, &child);
    unsigned planted = used_bytes() - before;
    enter("del root, child");
    drop(root);
    drop(child);
    note("Nothing went: %u bytes are in use that nobody can reach.", used_bytes() - before);
    CHECK(used_bytes() - before == planted);
    enter("print(gc.collect())");
    int found = (int)ouro_gc_collect(2);
    say("%d", found);
    CHECK(found >= 4 && used_bytes() == before);
}

LESSON(12, "tracemalloc; parents held weakly")
{
    tracing();
    create_class();
    weak_parent();
    strong_parent();
    drop(node_class);
}
