/* SPDX-License-Identifier: MIT
 * 10-interning.c - equal values that are one object, and memory that is used again. */
#include "lesson.h"

/* Section 10, block 1. */
static void ints(void)
{
    tell("CPython makes the ints from -5 to 256 once and for all; so they are one object:");
    enter("a = 5");
    ouro_ref a = ouro_int_new(5);
    enter("b = 5");
    ouro_ref b = ouro_int_new(5);
    ask("print(a is b)", a == b);
    CHECK(a == b);
    enter("c = 1000");
    ouro_ref c = ouro_int_new(1000);
    enter("d = 1000");
    ouro_ref d = ouro_int_new(1000);
    ask("print(c is d)", c == d);
    differs("False", "an int of 31 bits is no object here, but the\n"
                     "reference itself.  It takes no memory, and there is one of each.");
    CHECK(c == d && ouro_is_immediate(c));
    enter("e = 2**40");
    ouro_ref e = ouro_int_new((int64_t)1 << 40);
    enter("f = 2**40");
    ouro_ref f = ouro_int_new((int64_t)1 << 40);
    ask("print(e is f)", e == f);
    note("A larger int is an object of %u bytes: at %x, and at %x.", (unsigned)ouro_diag_sizeof(e),
         ouro_diag_id(e), ouro_diag_id(f));
    CHECK(e != f && ouro_equal(e, f) == 1);
    drop(e);
    drop(f);
}

/* Section 10, block 2. */
static void strings(void)
{
    tell("Strings that are names in a program are interned: of equal ones there is one.");
    enter("import sys");
    unsigned before = used_bytes();
    enter("s1 = 'hello'");
    ouro_ref s1 = ouro_intern("hello", 5); /* as for each name and name-like literal */
    unsigned one = used_bytes() - before;
    enter("s2 = 'hello'");
    ouro_ref s2 = ouro_intern("hello", 5);
    ask("print(s1 is s2)", s1 == s2);
    note("the first took %u bytes, %u with its place in a table; the second %u",
         (unsigned)ouro_diag_sizeof(s1), one, used_bytes() - before - one);
    CHECK(s1 == s2 && used_bytes() - before == one);

    tell("Others are not, unless one asks for it:");
    enter("a = 'long string with spaces'");
    ouro_ref a = ouro_str_from("long string with spaces");
    enter("b = 'long string with spaces'");
    ouro_ref b = ouro_str_from("long string with spaces");
    ask("print(a is b)", a == b);
    ask("print(a == b)", ouro_equal(a, b) == 1);
    CHECK(a != b);
    ouro_ref a1 = ouro_str_intern(a), b1 = ouro_str_intern(b);
    ask("print(sys.intern(a) is sys.intern(b))", a1 == b1);
    CHECK(a1 == b1 && ouro_diag_id(a1) == ouro_diag_id(a));
    note("Interning keeps no string alive: all go when nobody refers to them.");
    drop(a1);
    drop(b1);
    drop(a);
    drop(b);
    drop(s1);
    drop(s2);
    CHECK(used_bytes() == before);
}

/* Section 10, block 3. */
static void pools(void)
{
    tell("A list that is empty again keeps some of its memory, and what dies makes room\n"
         "for what is made next:");
    enter("l1 = []");
    ouro_ref l1 = ouro_list_new();
    unsigned empty = (unsigned)ouro_diag_sizeof(l1);
    enter("l1.append(1)");
    append(l1, ouro_int_new(1));
    unsigned one = (unsigned)ouro_diag_sizeof(l1);
    enter("del l1[0]");
    drop(ouro_list_pop(l1, 0));
    enter("print(l1)");
    say("%r", l1);
    note("%u bytes when it was made, %u with an item, %u now", empty, one,
         (unsigned)ouro_diag_sizeof(l1));
    uintptr_t place = ouro_diag_id(l1);
    enter("place = id(l1); del l1; l2 = []");
    drop(l1);
    ouro_ref l2 = ouro_list_new();
    ask("print(id(l2) == place)", ouro_diag_id(l2) == place);
    if (ouro_diag_id(l2) != place) differs("True", "freed memory waits here, to be checked.");
    note("The first was at %x, the second is at %x.", place, ouro_diag_id(l2));
    CHECK_MEMORY(ouro_diag_id(l2) == place);
    CHECK(empty > 0 && one > empty);
    drop(l2);
}

LESSON(10, "one object of many equal ones")
{
    ints();
    strings();
    pools();
}
