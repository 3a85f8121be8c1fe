/* SPDX-License-Identifier: MIT
 * 13-slots.c - attributes in slots; a context manager that releases on error. */
#include "lesson.h"

enum { PEOPLE = 100 };

static const char *const fields[] = {"name", "age", "city"};

static ouro_ref person_init(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    for (int i = 0; i < 3; i++) {
        if (ouro_attr_set_string(argv[0], fields[i], argv[1 + i]) < 0) return NULL;
    }
    return OURO_NONE;
}
static const struct ouro_function_def init_def = {
    .name = "Person.__init__", .call = person_init, .least = 4, .most = 4};

static ouro_ref person(ouro_ref class_, ouro_ref name, ouro_ref city)
{
    const ouro_ref argv[] = {name, ouro_int_new(30), city};
    return ouro_call(class_, 3, argv);
}

/* Bytes that each of PEOPLE instances takes, what they share left out. */
static unsigned bytes_each(ouro_ref class_, ouro_ref name, ouro_ref city)
{
    ouro_ref people = ouro_list_new();

    for (int i = 0; i < PEOPLE; i++) append(people, OURO_NONE);
    unsigned before = used_bytes();
    for (int i = 0; i < PEOPLE; i++) {
        ouro_ref p = person(class_, name, city);
        (void)ouro_list_set(people, i, p);
        ouro_decref(p);
    }
    unsigned bytes = used_bytes() - before;
    drop(people);
    return bytes / PEOPLE;
}

/* Section 13, block 1. */
static void slots(void)
{
    tell("Attributes that are known beforehand need no dict in each instance:");
    enter("class RegularPerson:\n"
          "    def __init__(self, name, age, city):\n"
          "        self.name = name; self.age = age; self.city = city");
    enter("class EfficientPerson:\n"
          "    __slots__ = ['name', 'age', 'city']\n"
          "    __init__ = RegularPerson.__init__");
    ouro_ref regular = ouro_class_new("RegularPerson", NULL);
    ouro_ref efficient = ouro_class_new_slots("EfficientPerson", NULL, "name age city");
    ouro_ref name = ouro_str_from("Ada"), city = ouro_str_from("London");
    CHECK(ouro_class_def(regular, "__init__", &init_def) == 0);
    CHECK(ouro_class_def(efficient, "__init__", &init_def) == 0);
    enter("a = RegularPerson('Ada', 30, 'London')");
    enter("b = EfficientPerson('Ada', 30, 'London')");
    ouro_ref a = person(regular, name, city), b = person(efficient, name, city);
    enter("print(b.name, b.city)");
    say("%s %s", ouro_str_bytes(ouro_slot_get(b, 0), NULL),
        ouro_str_bytes(ouro_slot_get(b, 2), NULL));
    unsigned of_a = bytes_each(regular, name, city), of_b = bytes_each(efficient, name, city);
    bar("RegularPerson", of_a, of_a);
    bar("EfficientPerson", of_b, of_a);
    note("bytes each, over %d of them", (int)PEOPLE);
    enter("import sys");
    enter("print(sys.getsizeof(b))");
    say("%d", (int)ouro_diag_sizeof(b));
    differs("56", "the same three references, of 8 bytes there, and a larger\n"
                  "header.");
    note("Here a class keeps the names for all its instances, so that a regular\n"
         "one has no dict either until its attributes need one.");
    CHECK_MEMORY(of_b < of_a);

    tell("A slotted instance has these attributes and no others:");
    enter("a.email = 'ada@example.org'");
    ouro_ref email = ouro_str_from("ada@example.org");
    CHECK(ouro_attr_set_string(a, "email", email) == 0);
    enter("b.email = 'ada@example.org'");
    const char *message = "";
    CHECK(ouro_attr_set_string(b, "email", email) < 0);
    enum ouro_error_kind kind = ouro_error_get(&message);
    CHECK(kind == OURO_ATTRIBUTE_ERROR);
    say("%s: %s", ouro_error_name(kind), message);
    ouro_error_clear();
    drop(email);
    drop(a);
    drop(b);
    drop(name);
    drop(city);
    drop(regular);
    drop(efficient);
}

/* ---- a context manager: a file that lies in memory ---- */

static bool is_open;

static ouro_ref file_enter(ouro_ref value)
{
    is_open = true;
    return ouro_own(value);
}
static int file_leave(ouro_ref value, ouro_ref error)
{
    (void)value;
    is_open = false;
    say("closed%s", error ? " on an error" : "");
    return 0;
}
static const struct ouro_context_def file_def = {"file", file_enter, file_leave};

/* Section 13, block 2. */
static int process_large_file(ouro_ref context, bool is_broken)
{
    OURO_WITH(file, context)
    {
        char *buffer;
        OURO_AUTO(ouro_ref data) = ouro_str_alloc(4000, &buffer);
        CHECK(is_open && data && file.value);
        for (int i = 0; i < 4000; i++) buffer[i] = 'x';
        if (is_broken) {
            ouro_error_set(OURO_VALUE_ERROR, "broken data");
            break;
        }
        say("read %d", (int)ouro_len(data));
    }
    return ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
}

static void context_manager(void)
{
    tell("A context manager releases what it holds, whatever way leads out.  This file\n"
         "lies in memory, so that its closing shows:");
    enter("class File:\n"
          "    def __enter__(self): return self\n"
          "    def __exit__(self, kind, error, trace):\n"
          "        print('closed on an error' if error else 'closed')\n"
          "    def read(self): return 'x' * 4000");
    enter("def process_large_file(is_broken):\n"
          "    with File() as file:\n"
          "        data = file.read()\n"
          "        if is_broken: raise ValueError('broken data')\n"
          "        print('read', len(data))");
    unsigned before = used_bytes();
    ouro_ref text = ouro_str_from("contents"), context = ouro_context_new(&file_def, text);
    ouro_decref(text);
    enter("process_large_file(False)");
    CHECK(process_large_file(context, false) == 0 && !is_open);
    enter("process_large_file(True)");
    CHECK(process_large_file(context, true) < 0 && !is_open);
    ouro_ref error = ouro_error_catch();
    say("%s: %s", ouro_error_name(ouro_exception_kind(error)),
        ouro_str_bytes(ouro_exception_message(error), NULL));
    CHECK(ouro_exception_kind(error) == OURO_VALUE_ERROR);
    drop(error);
    drop(context);
    note("%u bytes of it are in use: the data went with the block, both times.",
         used_bytes() - before);
    CHECK(used_bytes() == before);
}

LESSON(13, "slots; release on every way out")
{
    slots();
    context_manager();
}
