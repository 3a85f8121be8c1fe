/* SPDX-License-Identifier: MIT
 * instance.c - instances: attributes, slots, sizes, finalizers, cycles, exhaustion. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

static void collect_all(void)
{
    while (ouro_gc_step(1000) > 0) {}
    (void)ouro_gc_collect(2);
}

/* The names "a00", "a01", ... */
enum { NAMES = 40 };
static ouro_ref names[NAMES];
static void make_names(void)
{
    char text[4] = "a00";
    for (int i = 0; i < NAMES; i++) {
        text[1] = (char)('0' + i / 10);
        text[2] = (char)('0' + i % 10);
        names[i] = ouro_str_from(text);
    }
}
/* Drop them, with a class: then nothing must be left. */
static void finish(ouro_ref class)
{
    ouro_decref(class);
    for (int i = 0; i < NAMES; i++) ouro_decref(names[i]);
    collect_all();
    T_EQ(objects(), 0);
}
static ouro_ref begin(const char *slots)
{
    make_names();
    return slots ? ouro_class_new_slots("C", NULL, slots) : ouro_class_new("C", NULL);
}

/* The attributes of an instance are those named, in this order, each with its number as value. */
static bool has(ouro_ref o, const int *wanted, size_t n)
{
    size_t at = 0;
    ouro_ref name, value;
    for (size_t i = 0; i < n; i++) {
        if (!T_CHECK(ouro_attr_next(o, &at, &name, &value))) return false;
        if (!T_CHECK(ouro_equal(name, names[wanted[i]]) == 1)) return false;
        if (!T_CHECK(value == number(wanted[i]))) return false;
        if (!T_CHECK(ouro_attr_get(o, names[wanted[i]]) == value)) return false;
    }
    return T_CHECK(!ouro_attr_next(o, &at, NULL, NULL));
}
#define HAS(o, ...) has(o, (int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

static void give(ouro_ref o, int i) { T_EQ(ouro_attr_set(o, names[i], number(i)), 0); }

/* ---- attributes ---- */

static void values_come_back(void)
{
    ouro_ref class = begin(NULL), o = ouro_instance_new(class), other = ouro_instance_new(class);
    for (int i = 0; i < NAMES; i++) {
        T_EQ(ouro_attr_has(o, names[i]), 0);
        give(o, i);
        for (int k = 0; k <= i; k++) T_CHECK(ouro_attr_get(o, names[k]) == number(k));
    }
    T_CHECK(!ouro_attr_next(other, &(size_t){0}, NULL, NULL));
    T_EQ(ouro_attr_has(other, names[0]), 0);
    for (int i = 0; i < NAMES; i++) T_EQ(ouro_attr_set(o, names[i], number(-i)), 0);
    for (int i = 0; i < NAMES; i++) T_CHECK(ouro_attr_get(o, names[i]) == number(-i));
    for (int i = 0; i < NAMES; i++) T_EQ(ouro_attr_del(o, names[i]), 0);
    for (int i = 0; i < NAMES; i++) T_EQ(ouro_attr_has(o, names[i]), 0);
    ouro_decref(o);
    ouro_decref(other);
    finish(class);
}

static void order_is_that_of_setting(void)
{
    ouro_ref class = begin(NULL), o = ouro_instance_new(class), p = ouro_instance_new(class);
    give(o, 0), give(o, 1), give(o, 2);
    HAS(o, 0, 1, 2);
    T_EQ(ouro_attr_del(o, names[0]), 0);
    HAS(o, 1, 2);
    give(o, 0); /* again: now it is the last */
    HAS(o, 1, 2, 0);
    T_EQ(ouro_attr_del(o, names[2]), 0);
    give(o, 3);
    give(o, 2);
    HAS(o, 1, 0, 3, 2);
    give(p, 2), give(p, 1), give(p, 5); /* another order than the first instance's */
    HAS(p, 2, 1, 5);
    T_EQ(ouro_attr_del(p, names[1]), 0);
    T_EQ(ouro_attr_del(p, names[5]), 0);
    give(p, 1);
    HAS(p, 2, 1);
    ouro_decref(o);
    ouro_decref(p);
    finish(class);
}

static void equal_names_are_one(void)
{
    for (int round = 0; round < 2; round++) {
        ouro_ref class = begin(round ? "a00 a01" : NULL), o = ouro_instance_new(class);
        give(o, 0);
        T_EQ(ouro_attr_set_string(o, "a00", number(5)), 0);
        T_EQ(ouro_attr_set_string(o, "a01", number(1)), 0);
        T_CHECK(ouro_attr_get(o, names[0]) == number(5));
        T_CHECK(ouro_attr_get(o, names[1]) == number(1));
        T_CHECK(ouro_attr_get_string(o, "a00") == number(5));
        size_t at = 0, n = 0;
        while (ouro_attr_next(o, &at, NULL, NULL)) n++;
        T_EQ(n, 2);
        ouro_decref(o);
        finish(class);
    }
}

static void errors(void)
{
    ouro_ref class = begin(NULL), o = ouro_instance_new(class);
    T_CHECK(ouro_attr_get(o, names[7]) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a07'");
    T_EQ(ouro_attr_del(o, names[7]), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a07'");
    T_CHECK(ouro_attr_get(o, number(5)) == NULL);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'int'");
    T_EQ(ouro_attr_set(o, OURO_NONE, number(5)), -1);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    T_EQ(ouro_attr_del(o, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    T_EQ(ouro_attr_has(o, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    T_CHECK(ouro_attr_get(number(5), names[0]) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "'int' object has no attribute 'a00'");
    T_EQ(ouro_attr_set(number(5), names[0], OURO_NONE), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'int' object has no attribute 'a00'");
    T_CHECK(ouro_slot_get(o, 0) == NULL);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    T_CHECK(ouro_slot_get(number(5), 0) == NULL);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    ouro_decref(o);
    finish(class);
}

static void references_are_counted(void)
{
    for (int round = 0; round < 2; round++) {
        ouro_ref class = begin(round ? "a00 a01" : NULL), o = ouro_instance_new(class);
        ouro_ref value = ouro_list_new(), other = ouro_list_new();
        T_EQ(ouro_attr_set(o, names[0], value), 0);
        T_EQ(ouro_diag_refcount(value), 2);
        ouro_ref got = ouro_attr_get(o, names[0]);
        T_CHECK(got == value);
        T_EQ(ouro_diag_refcount(value), 3);
        ouro_decref(got);
        T_EQ(ouro_attr_set(o, names[0], other), 0);
        T_EQ(ouro_diag_refcount(value), 1);
        T_EQ(ouro_attr_set(o, names[1], value), 0);
        T_EQ(ouro_attr_del(o, names[0]), 0);
        T_EQ(ouro_diag_refcount(other), 1);
        ouro_decref(o);
        T_EQ(ouro_diag_refcount(value), 1);
        ouro_decref(value);
        ouro_decref(other);
        finish(class);
    }
}

/* ---- slots ---- */

static void slots_by_name_and_number(void)
{
    ouro_ref class = begin("a00 a01 a02"), o = ouro_instance_new(class);
    T_CHECK(ouro_attr_get(o, names[1]) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a01'");
    T_CHECK(ouro_slot_get(o, 1) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a01'");
    T_EQ(ouro_attr_del(o, names[1]), -1);
    fails(OURO_ATTRIBUTE_ERROR, "a01");
    give(o, 1);
    T_CHECK(ouro_slot_get(o, 1) == number(1));
    T_EQ(ouro_slot_set(o, 0, number(0)), 0);
    T_EQ(ouro_slot_set(o, 2, number(2)), 0);
    HAS(o, 0, 1, 2);
    T_EQ(ouro_slot_set(o, 1, NULL), 0);
    HAS(o, 0, 2);
    T_EQ(ouro_attr_set(o, names[3], number(3)), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a03'");
    T_EQ(ouro_attr_del(o, names[3]), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'a03'");
    T_EQ(ouro_attr_set(class, names[3], number(3)), 0);
    T_EQ(ouro_attr_set(o, names[3], number(4)), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object attribute 'a03' is read-only");
    T_CHECK(ouro_attr_get(o, names[3]) == number(3));
    T_CHECK(ouro_slot_get(o, 3) == NULL);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    T_EQ(ouro_slot_set(o, 3, OURO_NONE), -1);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    ouro_decref(o);
    finish(class);
}

static void slots_are_inherited(void)
{
    ouro_ref base = begin("a00 a01"), o;
    ouro_ref derived = ouro_class_new_slots("D", base, "a02"), open, mixed;
    T_EQ(ouro_attr_set(base, names[2], number(77)), 0); /* hidden by the slot */
    o = ouro_instance_new(derived);
    T_CHECK(ouro_attr_get(o, names[2]) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "'D' object has no attribute 'a02'");
    give(o, 2), give(o, 1), give(o, 0);
    HAS(o, 0, 1, 2);
    T_CHECK(ouro_slot_get(o, 2) == number(2));
    ouro_decref(o);
    open = ouro_class_new("E", derived); /* no slots: any attribute */
    o = ouro_instance_new(open);
    give(o, 9), give(o, 0);
    HAS(o, 9, 0);
    ouro_decref(o);
    mixed = ouro_class_new_slots("F", open, "a05");
    o = ouro_instance_new(mixed);
    give(o, 9), give(o, 5);
    HAS(o, 9, 5);
    ouro_decref(o);
    ouro_decref(mixed);
    ouro_decref(open);
    ouro_decref(derived);
    finish(base);
}

static void too_many_slots(void)
{
    ouro_ref class = begin("a b c d e f g h i j k l m n");
    T_CHECK(class != NULL);
    T_CHECK(ouro_class_new_slots("D", class, "o") == NULL);
    fails(OURO_TYPE_ERROR, "more than 14 slots");
    T_CHECK(ouro_class_new_slots("D", NULL, "__weakref__ __weakref__") == NULL);
    fails(OURO_TYPE_ERROR, "__weakref__ slot disallowed: we already got one");
    ouro_ref o = ouro_instance_new(class);
    for (unsigned i = 0; i < 14; i++) T_EQ(ouro_slot_set(o, i, number(i)), 0);
    for (unsigned i = 0; i < 14; i++) T_CHECK(ouro_slot_get(o, i) == number(i));
    T_CHECK(ouro_class_of(o) == class);
    ouro_decref(o);
    finish(class);
}

/* ---- sizes ---- */

static size_t bytes_with(ouro_ref class, int attributes)
{
    ouro_ref o = ouro_instance_new(class);
    for (int i = 0; i < attributes; i++) give(o, i);
    size_t bytes = ouro_diag_sizeof(o);
    ouro_decref(o);
    return bytes;
}

static void sizes(void)
{
    if (sizeof(void *) != 4) {
        t_skip("sizes are those of 32 bits");
        return;
    }
    ouro_ref class = begin(NULL), slotted;
    for (int round = 0; round < 2; round++) { /* the layout grows, and is there */
        T_EQ(bytes_with(class, 0), 16);
        T_EQ(bytes_with(class, 2), 32);
        T_EQ(bytes_with(class, 4), 40);
        T_EQ(bytes_with(class, 6), 56);
        T_EQ(bytes_with(class, 16), 88);
    }
    slotted = ouro_class_new_slots("S", NULL, "");
    T_EQ(bytes_with(slotted, 0), 16);
    ouro_decref(slotted);
    slotted = ouro_class_new_slots("S", NULL, "a00 a01");
    T_EQ(bytes_with(slotted, 2), 24);
    ouro_decref(slotted);
    slotted = ouro_class_new_slots("S", NULL, "a00 a01 a02 a03");
    T_EQ(bytes_with(slotted, 4), 32);
    ouro_decref(slotted);
    finish(class);
}

/* ---- the end of life ---- */

static int finalized;
static ouro_ref kept;

/* def __del__(self): global finalized, kept; finalized += 1; kept = self */
static ouro_ref finalize(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    finalized++;
    if (finalized == 1) kept = ouro_own(argv[0]);
    return OURO_NONE;
}
static ouro_ref fail(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    finalized++;
    ouro_error_format(OURO_VALUE_ERROR, "of %d", (int)argc);
    (void)argv;
    return NULL;
}
static const struct ouro_function_def del_def = {"C.__del__", finalize, "self", 1, 1},
                                      fail_def = {"C.__del__", fail, "self", 1, 1};

static void del_runs_once(void)
{
    for (int round = 0; round < 2; round++) {
        ouro_ref class = begin(round ? "a00" : NULL), derived;
        uint32_t special = ouro_heap->gc.special;
        finalized = 0;
        ouro_ref plain = ouro_instance_new(class);
        T_EQ(ouro_heap->gc.special, special); /* an instance without __del__ costs nothing */
        T_EQ(ouro_gc_is_finalized(plain), 0);
        T_EQ(ouro_class_def(class, "__del__", &del_def), 0);
        ouro_decref(plain);
        T_EQ(finalized, 0);
        derived = ouro_class_new("D", class);
        ouro_ref o = ouro_instance_new(derived);
        T_EQ(ouro_heap->gc.special, special + 1);
        T_EQ(ouro_gc_is_finalized(o), 0);
        ouro_decref(o);
        T_EQ(finalized, 1);
        T_CHECK(kept == o); /* revived */
        T_EQ(ouro_gc_is_finalized(o), 1);
        T_EQ(ouro_heap->gc.special, special);
        ouro_decref(kept);
        T_EQ(finalized, 1);
        o = ouro_instance_new(class);
        ouro_decref(o);
        T_EQ(finalized, 2);
        ouro_decref(derived);
        finish(class);
    }
}

static void del_in_a_cycle(void)
{
    ouro_ref class = begin(NULL);
    T_EQ(ouro_class_def(class, "__del__", &del_def), 0);
    finalized = 1; /* revive none */
    for (int i = 0; i < 5; i++) {
        ouro_ref a = ouro_instance_new(class), b = ouro_instance_new(class);
        T_EQ(ouro_attr_set(a, names[0], b), 0);
        T_EQ(ouro_attr_set(b, names[0], a), 0);
        ouro_decref(a);
        ouro_decref(b);
    }
    T_EQ(finalized, 1);
    T_EQ(ouro_gc_collect(2), 10);
    T_EQ(finalized, 11);
    finish(class);
}

static void an_error_in_del_is_nobodys(void)
{
    ouro_ref class = begin(NULL);
    T_EQ(ouro_class_def(class, "__del__", &fail_def), 0);
    ouro_ref o = ouro_instance_new(class);
    finalized = 0;
    ouro_error_format(OURO_KEY_ERROR, "before %s", "it");
    ouro_decref(o);
    T_EQ(finalized, 1);
    fails(OURO_KEY_ERROR, "before it");
    finish(class);
}

/* Attributes are dropped in the order in which they were set, as in CPython. */
static int dropped[4], drops;
static ouro_ref note(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t letter = 0;
    ouro_ref value = ouro_slot_get(argv[0], 0);
    (void)function;
    (void)argc;
    (void)ouro_int_get(value, &letter);
    if (drops < 4) dropped[drops++] = (int)letter;
    return OURO_NONE;
}
static const struct ouro_function_def note_def = {"N.__del__", note, "self", 1, 1};

static void attributes_are_dropped_in_order(void)
{
    for (int round = 0; round < 2; round++) {
        ouro_ref class = begin(round ? "a00 a01 a02" : NULL);
        ouro_ref noting = ouro_class_new_slots("N", NULL, "letter");
        T_EQ(ouro_class_def(noting, "__del__", &note_def), 0);
        ouro_ref o = ouro_instance_new(class);
        drops = 0;
        for (int i = 0; i < 3; i++) {
            ouro_ref value = ouro_instance_new(noting);
            T_EQ(ouro_slot_set(value, 0, number(i)), 0);
            T_EQ(ouro_attr_set(o, names[i], value), 0);
            ouro_decref(value);
        }
        ouro_decref(o);
        collect_all();
        T_EQ(drops, 3);
        for (int i = 0; i < 3; i++) T_EQ(dropped[i], i);
        ouro_decref(noting);
        finish(class);
    }
}

/* ---- weak references ---- */

static void weak_references_cost_an_anchor(void)
{
    ouro_ref class = begin(NULL), o = ouro_instance_new(class);
    give(o, 0), give(o, 1);
    size_t bytes = ouro_diag_sizeof(o);
    ouro_ref weak = ouro_weakref_new(o);
    T_CHECK(weak != NULL);
    if (sizeof(void *) == 4) T_EQ(ouro_diag_sizeof(o), bytes + 24);
    HAS(o, 0, 1);
    give(o, 2), give(o, 0), give(o, 20);
    HAS(o, 0, 1, 2, 20);
    T_EQ(ouro_attr_del(o, names[0]), 0);
    give(o, 0);
    HAS(o, 1, 2, 20, 0);
    ouro_ref got = ouro_weakref_get(weak);
    T_CHECK(got == o);
    ouro_decref(got);
    ouro_decref(o);
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    finish(class);
}

static void weak_references_need_a_slot(void)
{
    ouro_ref class = begin("a00 a01"), o = ouro_instance_new(class), derived, weak;
    T_CHECK(ouro_weakref_new(o) == NULL);
    fails(OURO_TYPE_ERROR, "cannot create weak reference to 'C' object");
    ouro_decref(o);
    derived = ouro_class_new_slots("D", class, "__weakref__ a02");
    o = ouro_instance_new(derived);
    give(o, 0), give(o, 1), give(o, 2);
    weak = ouro_weakref_new(o);
    T_CHECK(weak != NULL);
    HAS(o, 0, 1, 2);
    T_CHECK(ouro_slot_get(o, 3) == number(2));
    ouro_decref(o);
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    ouro_decref(derived);
    finish(class);
}

static ouro_ref late; /* a weak reference made by __del__ */
static ouro_ref refer(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    late = ouro_weakref_new(argv[0]);
    return OURO_NONE;
}
static const struct ouro_function_def refer_def = {"C.__del__", refer, "self", 1, 1};

/* In a cycle both the anchor and what it belongs to are garbage, in either order. */
static void weak_references_to_cycles(void)
{
    ouro_ref class = begin(NULL);
    T_EQ(ouro_class_def(class, "__del__", &refer_def), 0);
    for (int i = 0; i < 30; i++) {
        ouro_ref o = ouro_instance_new(class);
        ouro_ref weak = i % 2 ? ouro_weakref_new(o) : NULL;
        T_EQ(ouro_attr_set(o, names[0], o), 0);
        if (i % 3) T_EQ(ouro_attr_set(o, names[1], class), 0);
        ouro_decref(o);
        late = NULL;
        (void)ouro_gc_collect(2);
        (void)ouro_gc_collect(2); /* an anchor made by __del__ is younger: it holds o for a cycle */
        if (weak) T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
        if (T_CHECK(late != NULL)) T_CHECK(ouro_weakref_get(late) == OURO_NONE);
        ouro_xdecref(weak);
        ouro_decref(late);
    }
    finish(class);
}

/* ---- cycles ---- */

static void cycles_are_collected(void)
{
    ouro_ref class = begin(NULL), slotted = ouro_class_new_slots("S", NULL, "a00 a01");
    for (int i = 0; i < 20; i++) {
        ouro_ref o = ouro_instance_new(i % 2 ? class : slotted);
        T_EQ(ouro_attr_set(o, names[0], o), 0);
        if (i % 2)
            for (int k = 20; k < 20 + i; k++) T_EQ(ouro_attr_set(o, names[k], o), 0);
        ouro_decref(o);
    }
    T_CHECK(objects() > 40);
    T_EQ(ouro_gc_collect(0), 20 + 2);      /* instances, and the dicts of those with more than 16 */
    ouro_ref self = ouro_str_from("self"); /* a class that refers to its instance */
    ouro_ref o = ouro_instance_new(class);
    T_EQ(ouro_attr_set(class, self, o), 0);
    ouro_decref(o);
    ouro_decref(self);
    ouro_decref(slotted);
    finish(class);
}

/* ---- exhaustion ---- */
/* Fill the arena but for `spare` cells of 16 bytes; returns a chain of what fills it. */
static ouro_ref fill(unsigned spare)
{
    ouro_ref chain = OURO_NONE, next, held[64];
    for (unsigned i = 0; i < spare; i++) held[i] = ouro_cell_new(NULL);
    while ((next = ouro_method_new(chain, chain)) || (next = ouro_cell_new(chain))) {
        ouro_decref(chain);
        chain = next;
    }
    ouro_error_clear();
    for (unsigned i = 0; i < spare; i++) ouro_xdecref(held[i]);
    return chain;
}

static void exhaustion_changes_nothing(void)
{
    for (unsigned spare = 0; spare < 4; spare++) {
        t_restart(16 * 1024);
        ouro_ref class = begin(NULL), o = ouro_instance_new(class), value = ouro_list_new();
        for (int i = 0; i < 16; i++) give(o, i);
        ouro_ref p = ouro_instance_new(class), q = ouro_instance_new(class);
        give(p, 1);
        ouro_ref chain = fill(spare);
        bool can_p = ouro_attr_set(p, names[0], number(0)) == 0; /* out of order: a dict */
        T_EQ(ouro_error_get(NULL), can_p ? OURO_NO_ERROR : OURO_MEMORY_ERROR);
        ouro_error_clear();
        bool can_o = ouro_attr_set(o, names[20], value) == 0; /* no room in the layout */
        T_EQ(ouro_error_get(NULL), can_o ? OURO_NO_ERROR : OURO_MEMORY_ERROR);
        ouro_error_clear();
        T_EQ(ouro_diag_refcount(value), can_o ? 2 : 1);
        T_EQ(ouro_attr_has(o, names[20]), can_o);
        if (can_p)
            HAS(p, 1, 0);
        else
            HAS(p, 1);
        if (!can_o) HAS(o, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        T_EQ(ouro_attr_set(o, names[3], number(3)), 0); /* needs none */
        T_CHECK(ouro_diag_verify() == NULL);
        bool can_q = ouro_attr_set(q, names[0], number(0)) == 0;
        T_EQ(ouro_error_get(NULL), can_q ? OURO_NO_ERROR : OURO_MEMORY_ERROR);
        ouro_error_clear();
        if (spare == 0) T_CHECK(!can_p && !can_o && !can_q);
        T_CHECK(spare > 0 || ouro_instance_new(class) == NULL);
        T_CHECK(spare > 0 || ouro_class_new("D", class) == NULL);
        ouro_error_clear();
        ouro_decref(chain);
        ouro_decref(o);
        ouro_decref(p);
        ouro_decref(q);
        ouro_decref(value);
        finish(class);
    }
}

static const struct t_test tests[] = {
    T_TEST(values_come_back),
    T_TEST(order_is_that_of_setting),
    T_TEST(equal_names_are_one),
    T_TEST(errors),
    T_TEST(references_are_counted),
    T_TEST(slots_by_name_and_number),
    T_TEST(slots_are_inherited),
    T_TEST(too_many_slots),
    T_TEST(sizes),
    T_TEST(del_runs_once),
    T_TEST(del_in_a_cycle),
    T_TEST(an_error_in_del_is_nobodys),
    T_TEST(attributes_are_dropped_in_order),
    T_TEST(weak_references_cost_an_anchor),
    T_TEST(weak_references_need_a_slot),
    T_TEST(weak_references_to_cycles),
    T_TEST(cycles_are_collected),
    T_TEST(exhaustion_changes_nothing),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
