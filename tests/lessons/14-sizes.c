/* SPDX-License-Identifier: MIT
 * 14-sizes.c - sizes: of an object alone, and of all that it reaches. */
#include "lesson.h"

static unsigned size(ouro_ref ref) { return (unsigned)ouro_diag_sizeof(ref); }
static unsigned deep_size(ouro_ref ref) { return (unsigned)ouro_diag_deepsize(ref); }

/* Section 14, block 1, its first half. */
static void basic_objects(void)
{
    tell("sys.getsizeof() tells the bytes of an object itself.  Here these are the bytes\n"
         "that the arena spends on it, header and rounding included:");
    enter("import sys");
    ouro_ref hello = ouro_str_from("hello"), empty = ouro_list_new();
    enter("print(sys.getsizeof(1))");
    say("%d", (int)size(ouro_int_new(1)));
    differs("28", "an int of 31 bits is in the reference.");
    enter("print(sys.getsizeof('hello'))");
    say("%d", (int)size(hello));
    differs("54", "a header of 8 bytes, not 48.");
    enter("print(sys.getsizeof([]))");
    say("%d", (int)size(empty));
    differs("56", "the collector's list takes 16 of them, the header 16.");
    CHECK(size(ouro_int_new(1)) == 0);
    CHECK_MEMORY(size(hello) < 54 && size(empty) < 56);
    drop(hello);
    drop(empty);
}

static void containers(void)
{
    tell("A container's own size leaves out its items:");
    enter("text = 'x' * 1000");
    char *buffer;
    ouro_ref text = ouro_str_alloc(1000, &buffer);
    for (int i = 0; i < 1000; i++) buffer[i] = 'x';
    enter("holder = [text]");
    ouro_ref holder = list_of(1, ouro_own(text));
    ask("print(sys.getsizeof(text) > 1000)", size(text) > 1000);
    ask("print(sys.getsizeof(holder) > 1000)", size(holder) > 1000);
    note("text: %u bytes, holder: %u", size(text), size(holder));
    CHECK(size(text) > 1000 && size(holder) < 100);
    drop(text);
    drop(holder);

    tell("and grows with their number.  Here by nodes of 2, 4, 6, 8, 12 and 16\n"
         "references; nothing is ever copied:");
    ouro_ref list = ouro_list_new();
    unsigned largest = 4 * 70 + 60;
    static const char *const labels[] = {"0 items", "2", "8", "16", "17", "64"};
    static const int steps[] = {0, 2, 8, 16, 17, 64};
    enter("grown = list(range(64))");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        while (ouro_list_len(list) < (size_t)steps[i])
            append(list, ouro_int_new((int64_t)ouro_list_len(list)));
        bar(labels[i], size(list), largest);
    }
    enter("print(len(grown))");
    say("%d", (int)ouro_list_len(list));
    CHECK(size(list) >= 64 * sizeof(ouro_ref));
    drop(list);
}

/* Section 14, block 1, its second half. */
static void deep_sizes(void)
{
    tell("All that an object reaches, each object once, however often it is met:");
    enter("def deep_size(obj, seen=None):\n"
          "    seen = set() if seen is None else seen\n"
          "    if id(obj) in seen: return 0\n"
          "    seen.add(id(obj))\n"
          "    parts = [*obj, *obj.values()] if isinstance(obj, dict) else obj\n"
          "    if not isinstance(parts, (list, tuple)): parts = []\n"
          "    return sys.getsizeof(obj) + sum(deep_size(p, seen) for p in parts)");
    enter("data = [1, 2, 3, ['a', 'b', 'c'], {'key': 'value'}]");
    ouro_ref table = ouro_dict_new(), key = ouro_str_from("key"), value = ouro_str_from("value");
    CHECK(ouro_dict_set(table, key, value) == 0);
    ouro_decref(key);
    ouro_decref(value);
    ouro_ref inner = list_of(3, ouro_str_from("a"), ouro_str_from("b"), ouro_str_from("c"));
    unsigned before = deep_size(inner) + deep_size(table);
    ouro_ref data = list_of(5, ouro_int_new(1), ouro_int_new(2), ouro_int_new(3), inner, table);
    enter("print(f'Deep size: {deep_size(data)} bytes')");
    say("Deep size: %d bytes", (int)deep_size(data));
    differs("Deep size: 708 bytes", "larger headers and pointers.");
    enter("print(deep_size(data) == sys.getsizeof(data) + deep_size(data[3])\n"
          "      + deep_size(data[4]) + sum(map(sys.getsizeof, data[:3])))");
    say("%t", deep_size(data) == size(data) + before);
    CHECK(deep_size(data) == size(data) + before);
    drop(data);
}

static void shared_and_cyclic(void)
{
    tell("So what is shared counts once, and a cycle comes to an end:");
    enter("shared = ['a part'] * 2");
    ouro_ref part = ouro_str_from("a part");
    ouro_ref shared = list_of(2, ouro_own(part), part);
    ask("print(deep_size(shared) == sys.getsizeof(shared) + sys.getsizeof('a part'))",
        deep_size(shared) == size(shared) + size(part));
    CHECK(deep_size(shared) == size(shared) + size(part));
    enter("cyclic = []");
    enter("cyclic.append(cyclic)");
    ouro_ref cyclic = list_of(0);
    append(cyclic, ouro_own(cyclic));
    ask("print(deep_size(cyclic) == sys.getsizeof(cyclic))", deep_size(cyclic) == size(cyclic));
    CHECK(deep_size(cyclic) == size(cyclic));
    note("shared: %u bytes, cyclic: %u", deep_size(shared), deep_size(cyclic));
    drop(shared);
    ouro_list_clear(cyclic);
    drop(cyclic);
}

LESSON(14, "sizes, shallow and deep")
{
    basic_objects();
    containers();
    deep_sizes();
    shared_and_cyclic();
}
