/* SPDX-License-Identifier: MIT
 * forbidden.c - each function that allocates or counts panics by its name in an interrupt handler.
 *
 * The linker leads ouro_port_panic() to this file (--wrap), which keeps the text and jumps out of
 * the function: it has done nothing yet. */
#include <setjmp.h>
#include <string.h>

#include "ouro.h"
#include "t.h"

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *block, size_t bytes);
void *memalign(size_t alignment, size_t bytes);
void *aligned_alloc(size_t alignment, size_t bytes);
void free(void *block);

_Noreturn void __wrap_ouro_port_panic(const char *what);
_Noreturn void __real_ouro_port_panic(const char *what);

struct knot {
    struct ouro_obj header;
    ouro_ref weak;
};
OURO_TYPE_DEFINE(knot_type) = {
    .name = "knot",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct knot),
    .weak_word = OURO_WEAK_WORD(struct knot, weak),
};

static ouro_ref list, dict, knot, weak, field, empty;
static void *block, *other;

/* Name of the function that is to panic, and a call of it. */
/* clang-format off */
#define CALLS(CALL) \
    CALL(ouro_obj_new, ouro_obj_new(&knot_type)) \
    CALL(ouro_incref, ouro_incref(list)) \
    CALL(ouro_decref, ouro_decref(list)) \
    CALL(ouro_take, ouro_take(&field)) \
    CALL(ouro_put, ouro_put(&field, list)) \
    CALL(ouro_move, ouro_move(&empty, &field)) \
    CALL(ouro_int_new, ouro_int_new(INT64_MAX)) \
    CALL(ouro_float_new, ouro_float_new(1.5)) \
    CALL(ouro_str_new, ouro_str_new("text", 4)) \
    CALL(ouro_list_new, ouro_list_new()) \
    CALL(ouro_list_append, ouro_list_append(list, OURO_NONE)) \
    CALL(ouro_list_insert, ouro_list_insert(list, 0, OURO_NONE)) \
    CALL(ouro_list_set, ouro_list_set(list, 0, OURO_NONE)) \
    CALL(ouro_list_pop, ouro_list_pop(list, 0)) \
    CALL(ouro_list_clear, ouro_list_clear(list)) \
    CALL(ouro_dict_new, ouro_dict_new()) \
    CALL(ouro_dict_set, ouro_dict_set(dict, OURO_NONE, OURO_NONE)) \
    CALL(ouro_dict_del, ouro_dict_del(dict, OURO_NONE)) \
    CALL(ouro_dict_clear, ouro_dict_clear(dict)) \
    CALL(ouro_weakref_new, ouro_weakref_new(knot)) \
    CALL(ouro_weakref_get, ouro_weakref_get(weak)) \
    CALL(ouro_mem_alloc, ouro_mem_alloc(8)) \
    CALL(ouro_mem_resize, ouro_mem_resize(block, 16)) \
    CALL(ouro_mem_free, ouro_mem_free(block)) \
    CALL(ouro_gc_collect, ouro_gc_collect(2)) \
    CALL(ouro_gc_start, ouro_gc_start(2)) \
    CALL(ouro_gc_step, ouro_gc_step(1)) \
    CALL(ouro_init, ouro_init(NULL, 0)) \
    CALL(malloc, block = malloc(8)) \
    CALL(calloc, block = calloc(1, 8)) \
    CALL(realloc, other = realloc(block, 8)) \
    CALL(memalign, block = memalign(16, 8)) \
    CALL(aligned_alloc, block = aligned_alloc(16, 8)) \
    CALL(free, free(block))
/* clang-format on */

#define FUNCTION(name, call)                                                                       \
    static void call_##name(void) { call; }
CALLS(FUNCTION)

#define ROW(name, call) {#name, call_##name},
static const struct {
    const char *name;
    void (*call)(void);
} rows[] = {CALLS(ROW)};

static jmp_buf handler;
static const char *volatile panic_text;
static volatile bool is_expected, has_rung;
static volatile unsigned running;

_Noreturn void __wrap_ouro_port_panic(const char *what)
{
    if (!is_expected) __real_ouro_port_panic(what);
    panic_text = what;
    longjmp(handler, 1);
}

static void ring(void)
{
    ouro_port_every(0, NULL);
    is_expected = true;
    if (setjmp(handler) == 0) rows[running].call();
    is_expected = false;
    has_rung = true;
}

static void every_function_panics_by_its_name(void)
{
    if (OURO_CHECK < 2) {
        t_skip("only CHECK >= 2 looks whether a handler is running");
        return;
    }
    T_CHECK(!ouro_port_in_handler());
    list = ouro_list_new();
    dict = ouro_dict_new();
    field = ouro_own(list);
    block = ouro_mem_alloc(8);
    knot = ouro_obj_new(&knot_type);
    weak = ouro_weakref_new(knot);
    ouro_list_append(list, OURO_NONE);
    for (running = 0; running < T_COUNT(rows); running++) {
        static const char rest[] = " was called from an interrupt handler";
        size_t bytes = strlen(rows[running].name);
        panic_text = "no panic";
        has_rung = false;
        ouro_port_every(1000, ring);
        while (!has_rung) {}
        if (strncmp(panic_text, rows[running].name, bytes) != 0 ||
            strcmp(panic_text + bytes, rest) != 0)
            T_TEXT(panic_text, rows[running].name);
    }
    ouro_decref(weak);
    ouro_decref(knot);
    ouro_decref(field);
    ouro_decref(list);
    ouro_decref(dict);
    ouro_mem_free(block);
}

static const struct t_test tests[] = {T_TEST(every_function_panics_by_its_name)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
