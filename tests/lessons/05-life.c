/* SPDX-License-Identifier: MIT
 * 05-life.c - creation, use, destruction; the moment at which a finalizer runs. */
#include "lesson.h"

static unsigned dropped_at, finalized;

static ouro_ref thing_init(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_attr_set_string(argv[0], "items", argv[1]) < 0 ? NULL : OURO_NONE;
}

static ouro_ref thing_del(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    unsigned late = instructions() - dropped_at;

    (void)function, (void)argc;
    say("destroyed with %R", ouro_attr_get_string(argv[0], "items"));
    if (dropped_at != 0) note("%u instructions after its last reference went", late);
    finalized++;
    return OURO_NONE;
}

static const struct ouro_function_def init_def = {
    .name = "Thing.__init__", .call = thing_init, .least = 2, .most = 2};
static const struct ouro_function_def del_def = {
    .name = "Thing.__del__", .call = thing_del, .least = 1, .most = 1};

static ouro_ref thing_class;

static ouro_ref thing(ouro_ref items)
{
    ouro_ref made = ouro_call(thing_class, 1, &items);
    ouro_decref(items);
    return made;
}

/* Drop the last reference, and let __del__ say how long that took. */
static void end(ouro_ref ref)
{
    dropped_at = instructions();
    drop(ref);
    dropped_at = 0;
}

static void create_class(void)
{
    tell("An object lives as long as somebody refers to it.  This one says when it ends:");
    enter("class Thing:\n"
          "    def __init__(self, items): self.items = items\n"
          "    def __del__(self): print('destroyed with', self.items)");
    thing_class = ouro_class_new("Thing", NULL);
    CHECK(ouro_class_def(thing_class, "__init__", &init_def) == 0);
    CHECK(ouro_class_def(thing_class, "__del__", &del_def) == 0);
}

/* Section 5, block 1. */
static void object_lifecycle(void)
{
    unsigned before = used_bytes();
    ouro_ref x = thing(list_of(3, ouro_int_new(1), ouro_int_new(2), ouro_int_new(3)));

    note("creation: %u bytes at %x", used_bytes() - before, ouro_diag_id(x));
    CHECK(used_bytes() > before);
    ouro_ref items = ouro_attr_get_string(x, "items");
    append(items, ouro_int_new(4));
    say("used: %r", items);
    ouro_decref(items);
    end(x);
    note("destruction: all but %u bytes are back, which the class needs to know that\n"
         "its instances have an attribute `items`",
         used_bytes() - before);
    CHECK_MEMORY(used_bytes() - before <= 48);
}

static void a_function(void)
{
    enter("def object_lifecycle():\n"
          "    x = Thing([1, 2, 3])\n"
          "    x.items.append(4)\n"
          "    print('used:', x.items)");
    enter("object_lifecycle()");
    object_lifecycle();
    CHECK(finalized == 1);
}

static void the_last_of_many(void)
{
    tell("With more than one reference it is the last that counts:");
    enter("a = Thing(['shared'])");
    ouro_ref a = thing(list_of(1, ouro_str_from("shared")));
    enter("b = [a]");
    ouro_ref b = list_of(1, ouro_own(a));
    enter("a = None");
    drop(a);
    note("still there: b refers to it");
    CHECK(finalized == 1);
    enter("b.clear()");
    dropped_at = instructions();
    ouro_list_clear(b);
    settle();
    dropped_at = 0;
    CHECK(finalized == 2);
    drop(b);
}

static void all_at_once(void)
{
    tell("What goes with a list goes in Python's order, and each finalizer once:");
    enter("c = [Thing([1]), Thing([2]), Thing([3])]");
    ouro_ref c = ouro_list_new();
    for (int i = 1; i <= 3; i++) append(c, thing(list_of(1, ouro_int_new(i))));
    enter("del c");
    drop(c);
    CHECK(finalized == 5);
}

LESSON(5, "creation, use, destruction")
{
    finalized = dropped_at = 0;
    create_class();
    a_function();
    the_last_of_many();
    all_at_once();
    drop(thing_class);
}
