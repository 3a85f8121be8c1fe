/* SPDX-License-Identifier: MIT
 * 04-references.c - value and reference; what can be changed, and what is made anew. */
#include <string.h>

#include "lesson.h"

/* a + b, for two str. */
static ouro_ref joined(ouro_ref a, const char *b)
{
    size_t bytes, more = strlen(b);
    const char *text = ouro_str_bytes(a, &bytes);
    char *buffer;
    ouro_ref sum = ouro_str_alloc(bytes + more, &buffer);

    memcpy(buffer, text, bytes);
    for (size_t i = 0; i < more; i++) buffer[bytes + i] = b[i];
    return sum;
}

/* The str of a text without its quotes, as print() has it. */
static void print_str(ouro_ref str) { say("%s", ouro_str_bytes(str, NULL)); }

/* Section 4, block 1. */
static void lists(void)
{
    tell("Assignment copies a reference, never the object.  Whoever has a reference to a\n"
         "list sees what others do to it:");
    enter("list1 = [1, 2, 3]");
    ouro_ref list1 = list_of(3, ouro_int_new(1), ouro_int_new(2), ouro_int_new(3));
    unsigned before = used_bytes();
    enter("list2 = list1");
    ouro_ref list2 = ouro_own(list1);
    note("%u bytes more in use: one more reference, no other list.", used_bytes() - before);
    CHECK(used_bytes() == before && list1 == list2);
    enter("list2.append(4)");
    append(list2, ouro_int_new(4));
    enter("print(list1)");
    say("%r", list1);
    ask("print(list1 is list2)", list1 == list2);
    CHECK(ouro_list_len(list1) == 4);
    drop(list1);
    drop(list2);
}

/* Section 4, block 1, its second half. */
static void strings(void)
{
    tell("A str cannot be changed.  What seems to change it makes another:");
    enter("str1 = 'hello'");
    ouro_ref str1 = ouro_str_from("hello");
    enter("str2 = str1");
    ouro_ref str2 = ouro_own(str1);
    ask("print(str1 is str2)", str1 == str2);
    unsigned before = used_bytes();
    enter("str2 = str2 + ' world'");
    ouro_ref sum = joined(str2, " world");
    ouro_decref(str2);
    str2 = sum;
    note("%u bytes more in use: a new object, at %x and not at %x.", used_bytes() - before,
         ouro_diag_id(str2), ouro_diag_id(str1));
    enter("print(str1)");
    print_str(str1);
    enter("print(str2)");
    print_str(str2);
    ask("print(str1 is str2)", str1 == str2);
    CHECK(str1 != str2);
    CHECK_MEMORY(used_bytes() - before == ouro_diag_sizeof(str2));
    drop(str1);
    drop(str2);
}

static void a_copy(void)
{
    tell("Whoever wants another list asks for a copy; its items are the same objects:");
    enter("a = [[1], 2.5]");
    ouro_ref a = list_of(2, list_of(1, ouro_int_new(1)), ouro_float_new(2.5));
    unsigned before = used_bytes();
    enter("b = list(a)");
    ouro_ref b = ouro_list_new();
    CHECK(ouro_list_extend(b, a) == 0);
    ask("print(a is b)", a == b);
    ask("print(a[1] is b[1])", ouro_list_get(a, 1) == ouro_list_get(b, 1));
    enter("b.append(3)");
    append(b, ouro_int_new(3));
    enter("b[0].append('seen by both')");
    append(ouro_list_get(b, 0), ouro_str_from("seen by both"));
    enter("print(a, b)");
    say("%r %r", a, b);
    note("The copy costs %u bytes: a list, and no items.", (unsigned)ouro_diag_sizeof(b));
    CHECK(ouro_list_get(a, 0) == ouro_list_get(b, 0));
    CHECK(used_bytes() - before > ouro_diag_sizeof(b));
    drop(a);
    drop(b);
}

LESSON(4, "value and reference")
{
    lists();
    strings();
    a_copy();
}
