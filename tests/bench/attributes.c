/* SPDX-License-Identifier: MIT
 * attributes.c - what attributes, calls and instances cost: the mean and the longest call, by the
 * number of attributes or slots; and the bytes of an instance.
 *
 * Names are interned.  The clock's own cost is taken off. */
#include "ouro.h"
#include "t.h"

enum { NAMES = 24, ROUNDS = 500 };

static ouro_ref names[NAMES], method, argv[1];
static uint64_t overhead, total;
static uint32_t calls, longest;

static uint64_t started;
static void begin(void) { started = ouro_port_instructions(); }
static void end(void)
{
    uint64_t spent = ouro_port_instructions() - started;
    spent = spent > overhead ? spent - overhead : 0;
    total += spent;
    calls++;
    if (spent > longest) longest = (uint32_t)spent;
}
/* The compiler is not to drop what nobody needs. */
static inline void keep(uintptr_t value) { __asm__ volatile("" : : "r"(value)); }
#define MEASURE(call)                                                                              \
    do {                                                                                           \
        begin();                                                                                   \
        __typeof__(call) result = (call);                                                          \
        end();                                                                                     \
        keep((uintptr_t)result);                                                                   \
    } while (0)

static void print_figure(const char *kind, const char *name, uint32_t size, uint64_t value,
                         const char *unit)
{
    t_print(kind);
    t_print(name);
    t_print("/");
    t_print_int(size);
    t_print(" ");
    t_print_int((int64_t)value);
    t_print(unit);
}
static void report(const char *name, uint32_t size)
{
    print_figure("op.mean/", name, size, (total + calls / 2) / calls, " instructions\n");
    print_figure("op.max/", name, size, longest, " instructions\n");
    total = calls = longest = 0;
}

static ouro_ref nothing(ouro_ref function, unsigned argc, const ouro_ref *arguments)
{
    (void)function;
    (void)argc;
    (void)arguments;
    return OURO_NONE;
}
static const struct ouro_function_def nothing_def = {"C.nothing", nothing, "self", 1, 1};

/* An instance of a class with `n` attributes, or slots. */
static ouro_ref make(uint32_t n, bool is_slotted)
{
    char slots[64], *at = slots;
    for (uint32_t i = 0; i < n && is_slotted; i++) {
        *at++ = 'a';
        *at++ = (char)('a' + i);
        *at++ = ' ';
    }
    *at = '\0';
    ouro_ref class =
        is_slotted ? ouro_class_new_slots("C", NULL, slots) : ouro_class_new("C", NULL);
    (void)ouro_class_def(class, "nothing", &nothing_def);
    ouro_ref o = ouro_instance_new(class);
    for (uint32_t i = 0; i < n; i++) (void)ouro_attr_set(o, names[i], OURO_NONE);
    ouro_decref(class);
    return o;
}

static void measure_attributes(uint32_t n, bool is_slotted)
{
    ouro_ref o = make(n, is_slotted);
    ouro_ref value = ouro_list_new();
    for (uint32_t i = 0; i < n; i++) (void)ouro_attr_set(o, names[i], value);
    for (uint32_t i = 0; i < ROUNDS; i++)
        for (uint32_t k = 0; k < n; k++) MEASURE(ouro_attr_get(o, names[k]));
    report(is_slotted ? "slotted_get" : "attr_get", n);
    for (uint32_t i = 0; i < ROUNDS; i++)
        for (uint32_t k = 0; k < n; k++) MEASURE(ouro_attr_set(o, names[k], value));
    report(is_slotted ? "slotted_set" : "attr_set", n);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        begin();
        ouro_ref bound = ouro_attr_get(o, method);
        end();
        ouro_decref(bound);
    }
    report(is_slotted ? "slotted_method" : "method_get", n);
    for (uint32_t i = 0; i < ROUNDS; i++) MEASURE(ouro_call_method(o, method, 0, argv));
    report(is_slotted ? "slotted_call" : "method_call", n);
    print_figure("bytes/", is_slotted ? "slotted" : "instance", n, ouro_diag_sizeof(o), " bytes\n");
    ouro_decref(o);
    ouro_decref(value);
}

static void measure_slots(void)
{
    ouro_ref o = make(8, true);
    for (uint32_t i = 0; i < ROUNDS; i++) MEASURE(ouro_slot_get(o, i % 8));
    report("slot_get", 8);
    for (uint32_t i = 0; i < ROUNDS; i++) MEASURE(ouro_slot_set(o, i % 8, OURO_TRUE));
    report("slot_set", 8);
    ouro_decref(o);
}

/* Instances made and filled, their attributes set for the first time, in a program's own way. */
static void measure_making(uint32_t n)
{
    ouro_ref first = make(n, false), class = ouro_class_of(first);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        ouro_ref o;
        begin();
        o = ouro_instance_new(class);
        for (uint32_t k = 0; k < n; k++) (void)ouro_attr_set(o, names[k], OURO_NONE);
        end();
        ouro_decref(o);
    }
    report("instance_new", n);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        ouro_ref o = ouro_instance_new(class);
        for (uint32_t k = 0; k < n; k++) {
            begin();
            (void)ouro_attr_set(o, names[k], OURO_NONE);
            end();
        }
        ouro_decref(o);
    }
    report("attr_add", n);
    ouro_decref(first);
}

int main(void)
{
    begin();
    end();
    overhead = total;
    total = calls = longest = 0;
    t_restart(SIZE_MAX);
    for (uint32_t i = 0; i < NAMES; i++) {
        char text[2] = {'a', (char)('a' + i)};
        names[i] = ouro_intern(text, sizeof text);
    }
    method = ouro_intern("nothing", 7);
    for (uint32_t n = 2; n <= 16; n *= 2) measure_attributes(n, false);
    for (uint32_t n = 2; n <= 8; n *= 2) measure_attributes(n, true);
    for (uint32_t n = 2; n <= 16; n *= 2) measure_making(n);
    measure_making(24);
    measure_slots();
    return 0;
}
