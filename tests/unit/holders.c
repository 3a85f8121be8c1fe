/* SPDX-License-Identifier: MIT
 * holders.c - where the references of C code are told to be: in globals, on the stack, in tables of
 * the runtime, or nowhere to be found. */
#include "heap.h"
#include "search_text.h"

#include "ouro/gc.h"

static struct ouro_edge outside; /* of the last look; kind NAME if there was none */

static int keep(const struct ouro_edge *edge, void *context)
{
    (void)context;
    if (edge->kind == OURO_EDGE_OUTSIDE) outside = *edge;
    return 0;
}

/* Addresses are passed as their complements, so that no frame holds a copy. */
static uintptr_t hide(ouro_ref o) { return ~(uintptr_t)o; }

/* What is said of the references to an object that no object holds. */
__attribute__((noinline, noipa)) static const char *places_of(uintptr_t hidden)
{
    outside = (struct ouro_edge){.kind = OURO_EDGE_NAME};
    T_CHECK(ouro_diag_path((ouro_ref)~hidden, NULL, keep, NULL) >= 0);
    told[told_bytes = 0] = '\0';
    ouro_edge_write_places(&outside, tell, NULL);
    outside.to = NULL;
    return told;
}

/* A text and an address. */
static bool is_at(const char *said, const char *text, const void *at)
{
    char want[80], *end = want;
    size_t bytes = strlen(text);
    memcpy(end, text, bytes);
    end += bytes;
    memcpy(end, " at 0x", 6);
    end += 6;
    end += ouro_format_hex(end, (uintptr_t)at, sizeof at == 4 ? 8 : 12);
    *end = '\0';
    return T_TEXT(said, want);
}

static ouro_ref global, other;

static void a_global(void)
{
    global = ouro_list_new();
    uintptr_t hidden = hide(global);
    T_CHECK(is_at(places_of(hidden), "global variable", &global));
    T_EQ(outside.number, 1);
    other = ouro_own(global);
    T_CHECK(is_at(places_of(hidden), "global variable", &global < &other ? &other : &global));
    T_EQ(outside.number, 2);
    T_EQ(outside.places[OURO_PLACE_GLOBAL].words, 2);
    ouro_put(&other, NULL);
    ouro_put(&global, NULL);
}

/* A copy that counts for nothing: nobody can tell which of the two is the reference. */
static void more_words_than_references(void)
{
    static ouro_ref volatile copy;
    global = copy = ouro_list_new();
    const char *said = places_of(hide(global));
    T_CHECK(strstr(said, "global variable at 0x") == said && strstr(said, " perhaps"));
    copy = NULL;
    said = places_of(hide(global));
    T_CHECK(!strstr(said, "perhaps"));
    ouro_put(&global, NULL);
}

__attribute__((noinline, noipa)) static uintptr_t make_on(ouro_ref *at)
{
    *at = ouro_list_new();
    return hide(*at);
}

/* Sanitized code leaves copies of locals about. */
static bool is_skipped(void)
{
    if (strcmp(ouro_port_board, "host") != 0) return false;
    t_skip("on boards");
    return true;
}

static void the_stack(void)
{
    if (is_skipped()) return;
    ouro_ref volatile local[1];
    uintptr_t hidden = make_on((ouro_ref *)(uintptr_t)local);
    T_CHECK(is_at(places_of(hidden), "C stack", (const void *)(uintptr_t)local));
    T_EQ(outside.places[OURO_PLACE_STACK].words, 1);
    global = ouro_own((ouro_ref)~hidden);
    const char *said = places_of(hidden);
    T_CHECK(strstr(said, "global variable at 0x") && strstr(said, ", C stack at 0x"));
    T_EQ(outside.number, 2);
    ouro_put(&global, NULL);
    ouro_decref(local[0]);
}

/* Nor in a global, nor on the stack: its complement is all that there is. */
__attribute__((noinline, noipa)) static void own_in_global(uintptr_t hidden)
{
    global = ouro_own((ouro_ref)~hidden);
}

static void nowhere(void)
{
    if (is_skipped()) return;
    ouro_ref volatile local[1];
    uintptr_t hidden = make_on((ouro_ref *)(uintptr_t)local);
    local[0] = NULL;
    T_TEXT(places_of(hidden), "a register, or memory that is not declared");
    T_EQ(outside.number, 1);
    own_in_global(hidden);
    T_CHECK(strstr(places_of(hidden), ", a register, or memory that is not declared"));
    ouro_put(&global, NULL);
    ouro_decref((ouro_ref)~hidden);
}

static void tables_of_the_runtime(void)
{
    ouro_ref volatile local[1] = {ouro_exception_new(OURO_VALUE_ERROR, NULL, NULL)};
    uintptr_t hidden = hide(local[0]);
    ouro_error_raise(local[0]);
    ouro_decref(local[0]);
    local[0] = NULL;
    T_TEXT(places_of(hidden), "the current exception");
    ouro_error_clear();

    local[0] = ouro_gc_garbage();
    hidden = hide(local[0]);
    local[0] = NULL;
    T_TEXT(places_of(hidden), "gc.garbage");

    ouro_ref text = ouro_str_intern(ouro_str_from("a text that is interned"));
    T_TEXT(places_of(hide(ouro_heap->interned)), "the table of interned strings");
    ouro_decref(text);
}

static ouro_ref nothing(ouro_ref context)
{
    (void)context;
    return OURO_NONE;
}

/* Each is held by the list, also by a link in the middle of it; none that was called is. */
static void finalizes(void)
{
    uintptr_t hidden[3];
    ouro_ref class = ouro_class_new("C", NULL);
    global = ouro_instance_new(class);
    ouro_decref(class);
    for (unsigned i = 0; i < 3; i++) {
        ouro_ref volatile local[1] = {ouro_finalize_new(global, nothing, OURO_NONE)};
        hidden[i] = hide(local[0]);
        ouro_decref(local[0]);
        local[0] = NULL;
    }
    for (unsigned i = 0; i < 3; i++) T_TEXT(places_of(hidden[i]), "the list of finalizes");
    other = ouro_own((ouro_ref)~hidden[1]);
    T_CHECK(strstr(places_of(hidden[1]), "the list of finalizes, global variable at 0x"));
    T_CHECK(ouro_finalize_call(other) == OURO_NONE);
    T_CHECK(is_at(places_of(hidden[1]), "global variable", &other));
    ouro_put(&other, NULL);
    ouro_put(&global, NULL);
}

static int noted(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    return 0;
}

/* Where the queue of callbacks ended once is a copy that holds nothing. */
static void a_callback_that_has_run(void)
{
    ouro_ref class = ouro_class_new("C", NULL), target = ouro_instance_new(class);
    global = ouro_weakref_new_with(target, noted, OURO_NONE);
    ouro_decref(target);
    ouro_decref(class);
    T_CHECK(ouro_heap->gc.due_tail == global);
    T_CHECK(is_at(places_of(hide(global)), "global variable", &global));
    ouro_put(&global, NULL);
}

/* The way down begins where the whole structure is held. */
static void of_what_holds_it(void)
{
    global = ouro_list_new();
    ouro_ref leaf = in_list(global, ouro_list_new());
    T_CHECK(is_at(places_of(hide(leaf)), "global variable", &global));
    T_EQ(ouro_diag_referrers(global, NULL, keep, NULL), 1);
    T_EQ(outside.places[OURO_PLACE_GLOBAL].words, 1);
    outside.to = NULL;
    ouro_put(&global, NULL);
}

static void in_steps_of_any_size(void)
{
    global = ouro_list_new();
    for (uint32_t units = 1; units < 100000; units *= 10) {
        struct ouro_search search;
        enum ouro_search_status status;
        ouro_search_path(&search, global, NULL);
        unsigned found = 0;
        while ((status = ouro_search_step(&search, units)) <= OURO_SEARCH_FOUND)
            if (status == OURO_SEARCH_FOUND && ++found) (void)keep(&search.edge, NULL);
        T_EQ(found, 1);
        T_EQ(outside.places[OURO_PLACE_GLOBAL].words, 1);
        T_CHECK(outside.places[OURO_PLACE_GLOBAL].at == &global);
        outside.to = NULL;
        ouro_search_end(&search);
    }
    ouro_put(&global, NULL);
}

static const struct t_test tests[] = {
    T_TEST(a_global),
    T_TEST(more_words_than_references),
    T_TEST(the_stack),
    T_TEST(nowhere),
    T_TEST(tables_of_the_runtime),
    T_TEST(finalizes),
    T_TEST(a_callback_that_has_run),
    T_TEST(of_what_holds_it),
    T_TEST(in_steps_of_any_size),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
