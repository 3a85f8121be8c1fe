/* SPDX-License-Identifier: MIT
 * 02-stack-heap.c - the stack, where variables come and go, and the heap, where objects live. */
#include "lesson.h"

enum { FRAME_BYTES = 64 };

static uintptr_t stack_start, stack_lowest;

static unsigned stack_bytes(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    if (here < stack_lowest) stack_lowest = here;
    return (unsigned)(stack_start - here);
}

/* Section 2, block 1. */
static __attribute__((noinline)) void my_function(void)
{
    unsigned before = used_bytes();
    ouro_ref a = list_of(3, ouro_int_new(1), ouro_int_new(2), ouro_int_new(3)); /* a = [1, 2, 3] */
    ouro_ref b = ouro_own(a);                                                   /* b = a */
    ouro_ref c = ouro_int_new(5);                                               /* c = 5 */

    say("%t %d %r", a == b, (int)ouro_getrefcount(a) - 1, c);
    note("on the stack: a at %x, b at %x, %u bytes each\n"
         "on the heap:  the list, at %x, %u bytes",
         (uintptr_t)&a, (uintptr_t)&b, (unsigned)sizeof a, ouro_diag_id(a), used_bytes() - before);
    CHECK(a == b && ouro_getrefcount(a) == 3);
    CHECK_MEMORY(ouro_diag_sizeof(a) == used_bytes() - before);
    drop(a);
    drop(b);
    drop(c);
    CHECK(used_bytes() == before);
}

static void variables_and_objects(void)
{
    tell("A variable of a function lives on the stack, the object that it refers to on\n"
         "the heap.  (In C, the stack is the processor's.)");
    enter("import sys");
    enter("def my_function():\n"
          "    a = [1, 2, 3]\n"
          "    b = a  # the same list\n"
          "    c = 5\n"
          "    print(a is b, sys.getrefcount(a) - 1, c)");
    enter("my_function()");
    my_function();
}

/* Returns how many calls it was, itself included; what is written keeps the compiler from joining
 * their frames. */
static __attribute__((noinline)) unsigned descend(unsigned depth)
{
    volatile char frame[FRAME_BYTES];

    frame[0] = 1;
    (void)stack_bytes();
    unsigned below = depth > 1 ? descend(depth - 1) : 0;
    return below + (unsigned)frame[0];
}

static void plates(void)
{
    unsigned depths[3] = {1, 4, 16}, calls[3], bytes[3];

    tell("The stack is a pile of plates: each call puts one on top, each return takes it\n"
         "off.  Its high-water mark is how high the pile ever was:");
    enter("def descend(depth): return 1 if depth == 1 else 1 + descend(depth - 1)");
    for (int i = 0; i < 3; i++) {
        calls[i] = descend(depths[i]);
        bytes[i] = (unsigned)(stack_start - stack_lowest);
    }
    enter("print(descend(1), descend(4), descend(16))");
    say("%d %d %d", (int)calls[0], (int)calls[1], (int)calls[2]);
    bar("descend(1)", bytes[0], bytes[2]);
    bar("descend(4)", bytes[1], bytes[2]);
    bar("descend(16)", bytes[2], bytes[2]);
    note("%u bytes a call; now it is at %u again, its high-water mark %u.",
         (bytes[2] - bytes[1]) / 12, stack_bytes(), (unsigned)(stack_start - stack_lowest));
    CHECK((bytes[2] - bytes[1]) / 12 >= FRAME_BYTES);
    CHECK(bytes[2] - bytes[1] == 4 * (bytes[1] - bytes[0]));
    CHECK(stack_bytes() < bytes[0]);
}

static void any_order(void)
{
    unsigned before = used_bytes();

    tell("On the heap objects go in any order, and their places are used again:");
    enter("x, y, z = 1.5, 2.5, 3.5");
    ouro_ref x = ouro_float_new(1.5), y = ouro_float_new(2.5), z = ouro_float_new(3.5);
    draw_page(x);
    enter("del y");
    drop(y);
    draw_page(x);
    enter("print(x + z)");
    say("%R", ouro_float_new(5.0));
    drop(x);
    drop(z);
    CHECK(used_bytes() == before);

    tell("So the heap has a high-water mark of its own:");
    enter("many = [float(i) for i in range(1000)]");
    ouro_diag_reset_peak();
    ouro_ref many = ouro_list_new();
    for (int i = 0; i < 1000; i++) append(many, ouro_float_new(i));
    unsigned high = used_bytes() - before;
    enter("del many[10:]");
    while (ouro_list_len(many) > 10) drop(ouro_list_pop(many, -1));
    unsigned left = used_bytes() - before;
    enter("print(len(many))");
    say("%d", (int)ouro_list_len(many));
    bar("1000 floats", high, high);
    bar("10 floats", left, high);
    bar("high-water mark", peak_bytes() - before, high);
    CHECK_MEMORY(high >= 16000 && left < 600 && peak_bytes() - before >= high);
    drop(many);
    note("That mark stays, as the stack's does: %u bytes there, %u here.",
         (unsigned)(stack_start - stack_lowest), peak_bytes() - before);
}

LESSON(2, "stack and heap")
{
    stack_start = stack_lowest = (uintptr_t)__builtin_frame_address(0);
    variables_and_objects();
    plates();
    any_order();
}
