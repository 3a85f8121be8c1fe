/* SPDX-License-Identifier: MIT
 * object.c - reference counting: what lives, what dies, when and in which order; finalizers, weak
 * references, the dead queue and its budget.
 *
 * A `probe` writes its letter into a log when it is finalized, and then does what the test asks. */
#include "object.h"

#include <string.h>

#include "ouro.h"
#include "t.h"
#include "unit_types.h"

struct probe {
    struct ouro_obj header;
    ouro_ref first, second;
    ouro_ref weak;
    char letter;
};

static void finalize(ouro_ref self);

OURO_TYPE_DEFINE(probe_type) = {
    .name = "probe",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct probe),
    .refs = OURO_REF_BIT(struct probe, first) | OURO_REF_BIT(struct probe, second),
    .weak_word = OURO_WEAK_WORD(struct probe, weak),
    .finalize = finalize,
};

struct link {
    struct ouro_obj header;
    ouro_ref next, other;
};
OURO_TYPE_DEFINE(link_type) = {
    .name = "link",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct link),
    .refs = OURO_REF_BIT(struct link, next) | OURO_REF_BIT(struct link, other),
};

struct wide {
    struct ouro_obj header;
    ouro_ref field[SLOTS_MAX];
};
OURO_TYPE_DEFINE(wide_type) = {
    .name = "wide",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct wide),
    .refs = (1u << SLOTS_MAX) - 1u,
};

struct leaf {
    struct ouro_obj header;
    uint32_t word[3];
};
OURO_TYPE_DEFINE(leaf_type) = {
    .name = "leaf", .index = OURO_TYPE_USER, .size_bytes = sizeof(struct leaf)};

static char log_text[64];
static unsigned log_length;
static void (*at_finalize)(struct probe *self); /* or NULL */
static ouro_ref global;

static struct probe *probe_of(ouro_ref ref) { return (struct probe *)(void *)ref; }
static struct link *link_of(ouro_ref ref) { return (struct link *)(void *)ref; }

static void finalize(ouro_ref self)
{
    if (log_length < sizeof log_text - 1) log_text[log_length++] = probe_of(self)->letter;
    log_text[log_length] = '\0';
    if (at_finalize) at_finalize(probe_of(self));
}

static void begin(void (*action)(struct probe *))
{
    log_length = 0;
    log_text[0] = '\0';
    at_finalize = action;
    global = NULL;
}

static ouro_ref probe(char letter)
{
    ouro_ref ref = ouro_obj_new(&probe_type);
    if (T_CHECK(ref != NULL)) probe_of(ref)->letter = letter;
    return ref;
}

static struct ouro_gc_stats gc_stats(void)
{
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    return stats;
}

/* ---- counting ---- */

static void counts_go_up_and_down(void)
{
    ouro_ref ref = ouro_obj_new(&link_type);
    T_EQ(ouro_diag_refcount(ref), 1);
    T_CHECK(ouro_own(ref) == ref);
    ouro_incref(ref);
    T_EQ(ouro_diag_refcount(ref), 3);
    ouro_decref(ref);
    ouro_decref(ref);
    T_EQ(ouro_diag_refcount(ref), 1);
    T_EQ(objects(), 1);
    ouro_xincref(NULL);
    ouro_xdecref(NULL);
    ouro_xdecref(ref);
    T_EQ(objects(), 0);
    T_EQ(gc_stats().freed_by_count, 1);
}

static void immediates_have_no_memory(void)
{
    ouro_ref one = ouro_int_new(1);
    for (unsigned i = 0; i < 10; i++) ouro_incref(one);
    for (unsigned i = 0; i < 30; i++) ouro_decref(one);
    T_EQ(ouro_diag_refcount(one), UINT32_MAX);
    T_EQ(ouro_diag_sizeof(one), 0);
    T_EQ(ouro_type_index(one), OURO_TYPE_INT);
    T_CHECK(!ouro_gc_is_tracked(one) && !ouro_gc_is_finalized(one));
    T_EQ(objects(), 0);
}

/* They are const: where the board has an MPU, a write would fault. */
static void objects_in_flash_are_never_written(void)
{
    ouro_ref constants[3] = {OURO_NONE, OURO_TRUE, OURO_FALSE};
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < 3; i++) {
        struct ouro_obj before = *constants[i];
        for (unsigned k = 0; k < 40; k++) T_EQ(ouro_list_append(list, constants[i]), 0);
        for (unsigned k = 0; k < 40; k++) ouro_decref(ouro_list_pop(list, 0));
        for (unsigned k = 0; k < 100; k++) ouro_decref(constants[i]);
        ouro_incref(constants[i]);
        ouro_ref field = ouro_own(constants[i]);
        ouro_put(&field, ouro_take(&field));
        T_EQ(ouro_gc_collect(2), 0);
        T_CHECK(memcmp(&before, constants[i], sizeof before) == 0);
        T_EQ(ouro_diag_refcount(constants[i]), UINT32_MAX);
        T_EQ(ouro_diag_sizeof(constants[i]), 0);
        T_EQ(ouro_diag_deepsize(constants[i]), 0);
    }
    ouro_decref(list);
    T_EQ(objects(), 0);
}

static void a_count_that_overflows_makes_immortal(void)
{
    ouro_ref ref = ouro_obj_new(&link_type);
    uint32_t most = UINT32_MAX >> 10;
    set_refcount(ref, most - 1);
    ouro_incref(ref);
    T_EQ(ouro_diag_refcount(ref), most);
    T_EQ(gc_stats().overflowed, 0);
    ouro_incref(ref);
    T_EQ(ouro_diag_refcount(ref), UINT32_MAX);
    T_EQ(gc_stats().overflowed, 1);
    ouro_incref(ref);
    for (unsigned i = 0; i < 10; i++) ouro_decref(ref);
    T_EQ(gc_stats().overflowed, 1);
    T_EQ(objects(), 1);
    T_EQ(ouro_gc_collect(2), 0); /* and the collector leaves it alone */
    T_EQ(objects(), 1);
    ref->count_flags &= ~(uint32_t)OURO_FLAG_IMMORTAL;
    set_refcount(ref, 1);
    ouro_decref(ref);
    T_EQ(objects(), 0);
}

static void take_put_and_move(void)
{
    ouro_ref a = ouro_obj_new(&link_type), b = ouro_obj_new(&link_type);
    ouro_ref field = NULL, other = NULL;
    T_CHECK(ouro_take(&field) == NULL);
    ouro_put(&field, a); /* stolen */
    T_EQ(ouro_diag_refcount(a), 1);
    ouro_put(&field, b);
    T_EQ(objects(), 1);
    ouro_move(&other, &field);
    T_CHECK(field == NULL && other == b);
    T_EQ(ouro_diag_refcount(b), 1);
    ouro_ref taken = ouro_take(&other);
    T_CHECK(taken == b && other == NULL);
    ouro_put(&field, taken);
    ouro_put(&field, ouro_int_new(5));
    T_EQ(objects(), 0);
    T_CHECK(ouro_take(&field) == ouro_int_new(5));
}

/* ---- types ---- */

static void fields_begin_as_zero(void)
{
    for (unsigned round = 0; round < 3; round++) {
        ouro_ref ref = ouro_obj_new(&wide_type);
        struct wide *wide = (struct wide *)(void *)ref;
        for (unsigned i = 0; i < SLOTS_MAX; i++) T_CHECK(wide->field[i] == NULL);
        for (unsigned i = 0; i < SLOTS_MAX; i++) wide->field[i] = ouro_int_new(i);
        ouro_decref(ref); /* the next one gets this cell */
        ref = ouro_obj_new(&leaf_type);
        struct leaf *leaf = (struct leaf *)(void *)ref;
        for (unsigned i = 0; i < 3; i++) {
            T_EQ(leaf->word[i], 0);
            leaf->word[i] = 0xffffffffu;
        }
        ouro_decref(ref);
    }
    T_EQ(objects(), 0);
}

static void user_types_are_told_apart(void)
{
    ouro_ref a = ouro_obj_new(&leaf_type), b = ouro_obj_new(&wide_type), c = probe('c');
    T_CHECK(ouro_type_of(a) == &leaf_type && ouro_type_of(b) == &wide_type);
    T_CHECK(ouro_type_of(c) == &probe_type && ouro_type_of(ouro_int_new(1))->name[0] == 'i');
    T_CHECK(ouro_type_index(a) >= OURO_TYPE_BUILTINS);
    T_CHECK(!ouro_gc_is_tracked(a) && ouro_gc_is_tracked(b) && ouro_gc_is_tracked(c));
    T_EQ(ouro_diag_sizeof(a), 24);
    T_EQ(ouro_diag_id(a), (uintptr_t)a);
    begin(NULL);
    ouro_decref(a);
    ouro_decref(b);
    ouro_decref(c);
    T_TEXT(log_text, "c");
}

static void exhaustion_is_an_error_and_no_more(void)
{
    t_restart(8 * 1024);
    ouro_ref head = NULL, ref;
    uint32_t n = 0;
    while ((ref = ouro_obj_new(&link_type)) != NULL) {
        link_of(ref)->next = head;
        head = ref;
        n++;
    }
    const char *message;
    T_EQ(ouro_error_get(&message), OURO_MEMORY_ERROR);
    T_TEXT(message, "out of memory");
    T_TEXT(ouro_error_name(OURO_MEMORY_ERROR), "MemoryError");
    ouro_error_clear();
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    T_EQ(objects(), n);
    uint32_t seen = 0;
    for (ref = head; ref; ref = link_of(ref)->next) seen++;
    T_EQ(seen, n);
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.failures, 1);
    T_EQ(stats.pages_free, 0); /* what is left is shorter than a page, at the arena's end */
    T_CHECK(stats.largest_free_bytes < PAGE_BYTES);
    T_CHECK(stats.free_bytes < stats.largest_free_bytes + 64);
    ref = ouro_take(&link_of(head)->next);
    ouro_decref(head);
    head = ouro_obj_new(&link_type); /* one has gone, so one can come */
    T_CHECK(head != NULL);
    ouro_xdecref(head);
    ouro_decref(ref);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(objects(), 0);
}

/* ---- the order of dying ---- */

static void lists_drop_last_to_first(void)
{
    begin(NULL);
    ouro_ref list = ouro_list_new(), inner = ouro_list_new();
    for (char letter = 'a'; letter < 'a' + 20; letter++) {
        ouro_ref item = probe(letter);
        T_EQ(ouro_list_append(letter % 2 ? list : inner, item), 0);
        ouro_decref(item);
    }
    T_EQ(ouro_list_insert(list, 2, inner), 0); /* a c [b d f ...] e g ... s */
    ouro_decref(inner);
    ouro_decref(list);
    T_CHECK(log_length <= 1); /* one finalizer a call */
    while (ouro_gc_step(1000) > 0) {}
    T_TEXT(log_text, "sqomkigetrpnljhfdbca");
    T_EQ(objects(), 0);
}

static void dicts_drop_first_to_last(void)
{
    begin(NULL);
    ouro_ref dict = ouro_dict_new();
    for (char letter = 'a'; letter < 'a' + 12; letter++) {
        ouro_ref key = probe(letter), value = probe((char)(letter - 'a' + 'A'));
        T_EQ(ouro_dict_set(dict, key, value), 0);
        ouro_decref(key);
        ouro_decref(value);
    }
    ouro_decref(dict);
    while (ouro_gc_step(1000) > 0) {}
    T_TEXT(log_text, "aAbBcCdDeEfFgGhHiIjJkKlL");
    T_EQ(objects(), 0);
}

static void what_is_replaced_dies_at_once(void)
{
    begin(NULL);
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new(), key = ouro_int_new(1), a = probe('a');
    T_EQ(ouro_list_append(list, a), 0);
    ouro_decref(a);
    T_EQ(ouro_list_set(list, 0, OURO_NONE), 0);
    T_TEXT(log_text, "a");
    ouro_ref b = probe('b');
    T_EQ(ouro_dict_set(dict, key, b), 0);
    ouro_decref(b);
    T_EQ(ouro_dict_set(dict, key, OURO_NONE), 0);
    T_TEXT(log_text, "ab");
    ouro_decref(list);
    ouro_decref(dict);
}

/* ---- finalizers ---- */

static void revive(struct probe *self)
{
    if (!global) global = ouro_own(&self->header);
}

static void a_finalizer_runs_once(void)
{
    begin(revive);
    ouro_ref ref = probe('x');
    T_CHECK(!ouro_gc_is_finalized(ref));
    ouro_decref(ref);
    T_TEXT(log_text, "x");
    T_CHECK(global == ref && ouro_gc_is_finalized(ref));
    T_EQ(ouro_diag_refcount(ref), 1);
    T_EQ(gc_stats().resurrected, 1);
    T_EQ(objects(), 1);
    ouro_put(&global, NULL);
    T_TEXT(log_text, "x");
    T_EQ(objects(), 0);
}

static ouro_ref look_at;
static void look(struct probe *self)
{
    ouro_ref found = ouro_weakref_get(look_at);
    T_CHECK(found == &self->header);
    T_CHECK(self->first == ouro_int_new(7));
    T_EQ(ouro_gc_collect(2), 0); /* a mutator's finalizer may: nothing is found */
    ouro_decref(found);
}

/* As in CPython, at count 0 the weak references are cut after the finalizer. */
static void a_finalizer_sees_its_object_whole(void)
{
    begin(look);
    ouro_ref ref = probe('x');
    probe_of(ref)->first = ouro_int_new(7);
    look_at = ouro_weakref_new(ref);
    ouro_decref(ref);
    T_TEXT(log_text, "x");
    T_CHECK(ouro_weakref_get(look_at) == OURO_NONE);
    ouro_decref(look_at);
    T_EQ(objects(), 0);
}

static unsigned depth, deepest;
static void drop_child(struct probe *self)
{
    depth++;
    if (depth > deepest) deepest = depth;
    if (depth == OURO_FINALIZER_DEPTH) (void)ouro_gc_collect(2); /* finds a ring with one more */
    ouro_put(&self->first, NULL);
    depth--;
}

static void finalizers_nest_so_deep_and_no_deeper(void)
{
    begin(drop_child);
    depth = deepest = 0;
    ouro_ref head = NULL, ring = probe('0');
    probe_of(ring)->second = ring;
    for (unsigned i = 0; i < 40; i++) {
        ouro_ref ref = probe((char)('a' + i % 26));
        probe_of(ref)->first = head;
        head = ref;
    }
    ouro_decref(head);
    while (ouro_gc_step(100) > 0) {}
    T_EQ(log_length, 41);
    T_CHECK(memcmp(log_text, "nmlkjihg", OURO_FINALIZER_DEPTH) == 0);
    T_CHECK(strchr(log_text, '0') != NULL);
    T_EQ(deepest, OURO_FINALIZER_DEPTH);
    T_EQ(objects(), 0);
}

/* ---- weak references ---- */

static void weak_references_do_not_hold(void)
{
    begin(NULL);
    ouro_ref ref = probe('x'), weak = ouro_weakref_new(ref);
    T_EQ(ouro_diag_refcount(ref), 1);
    ouro_ref found = ouro_weakref_get(weak);
    T_CHECK(found == ref);
    T_EQ(ouro_diag_refcount(ref), 2);
    ouro_decref(found);
    T_CHECK(!ouro_gc_is_tracked(weak));
    ouro_decref(ref);
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    T_EQ(objects(), 0);
}

static int ignore(ouro_ref weak, ouro_ref context)
{
    (void)context;
    return ouro_weakref_get(weak) == OURO_NONE ? 0 : -1;
}

static void many_weak_references_to_one(void)
{
    enum { MANY = 300 };
    static ouro_ref weak[MANY];
    begin(NULL);
    ouro_ref ref = probe('x');
    for (unsigned i = 0; i < MANY; i++) weak[i] = ouro_weakref_new_with(ref, ignore, NULL);
    for (unsigned i = 0; i < MANY; i += 3) ouro_put(&weak[i], NULL);
    ouro_put(&weak[MANY - 1], NULL); /* the first and the last of its list */
    ouro_put(&weak[1], NULL);
    ouro_gc_set_budget(5, 5);
    ouro_decref(ref);
    T_TEXT(log_text, "x");
    T_EQ(ouro_heap->gc.dead_head != 0, 1); /* more than the budget: it waits, but reads as dead */
    for (unsigned i = 0; i < MANY; i++)
        if (weak[i]) T_CHECK(ouro_weakref_get(weak[i]) == OURO_NONE);
    for (unsigned i = 0; i < MANY / 2; i++) ouro_put(&weak[i], NULL);
    T_CHECK(ouro_diag_verify() == NULL);
    while (ouro_gc_step(10) > 0) {}
    for (unsigned i = MANY / 2; i < MANY; i++)
        if (weak[i]) T_CHECK(ouro_weakref_get(weak[i]) == OURO_NONE);
    for (unsigned i = 0; i < MANY; i++) ouro_put(&weak[i], NULL);
    T_EQ(objects(), 0);
}

static void types_without_room_for_weak_references(void)
{
    const char *message;
    ouro_ref list = ouro_list_new();
    T_CHECK(ouro_weakref_new(list) == NULL);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    ouro_error_clear();
    T_CHECK(ouro_weakref_new(ouro_int_new(3)) == NULL);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_CHECK(ouro_weakref_new(OURO_NONE) == NULL);
    T_EQ(ouro_diag_refcount(list), 1);
    ouro_decref(list);
}

/* ---- the dead queue ---- */

static ouro_ref chain(unsigned length)
{
    ouro_ref head = NULL;
    for (unsigned i = 0; i < length; i++) {
        ouro_ref ref = ouro_obj_new(&link_type);
        if (!T_CHECK(ref != NULL)) break;
        link_of(ref)->next = head;
        head = ref;
    }
    return head;
}

static void a_long_chain_dies_within_the_budget(void)
{
    enum { LENGTH = 100000 };
    ouro_gc_disable();
    ouro_ref head = chain(LENGTH);
    uint64_t before = gc_stats().units, instructions = ouro_port_instructions();
    ouro_decref(head);
    t_note("instructions of the decref", (int64_t)(ouro_port_instructions() - instructions));
    T_CHECK(gc_stats().units - before <= OURO_RELEASE_UNITS + 32);
    T_CHECK(objects() > LENGTH - OURO_RELEASE_UNITS);
    unsigned calls = 0;
    while (objects() > 0 && calls < LENGTH) { /* every allocation takes some along */
        before = gc_stats().units;
        ouro_ref ref = ouro_obj_new(&leaf_type);
        if (!T_CHECK(gc_stats().units - before <= OURO_ALLOC_UNITS + 32)) break;
        ouro_decref(ref);
        if (objects() == 1 && calls == LENGTH - 1) break;
        calls++;
    }
    T_EQ(objects(), 0);
    t_note("allocations until it is gone", calls);
    T_CHECK(calls <= LENGTH / (OURO_ALLOC_UNITS / 10));
    T_EQ(gc_stats().freed_by_count, LENGTH + calls);
}

static void small_structures_die_inside_the_call(void)
{
    ouro_ref head = chain(OURO_RELEASE_UNITS / 8); /* a link: two slots, and freeing it */
    ouro_decref(head);
    T_EQ(objects(), 0);
}

static void the_dead_are_reused_before_memory_runs_out(void)
{
    t_restart(OURO_CHECK >= 2 ? 48 * 1024 : 32 * 1024); /* red zones need some */
    ouro_gc_disable();
    ouro_gc_set_budget(1, 1);
    for (unsigned round = 0; round < 20; round++) {
        ouro_ref head = chain(1000); /* more than half of all that fits */
        if (!T_CHECK(head != NULL)) break;
        ouro_decref(head);
    }
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_SMALL(counts_go_up_and_down),
    T_SMALL(immediates_have_no_memory),
    T_SMALL(objects_in_flash_are_never_written),
    T_SMALL(a_count_that_overflows_makes_immortal),
    T_SMALL(take_put_and_move),
    T_SMALL(fields_begin_as_zero),
    T_SMALL(user_types_are_told_apart),
    T_SMALL(exhaustion_is_an_error_and_no_more),
    T_SMALL(lists_drop_last_to_first),
    T_TEST(dicts_drop_first_to_last),
    T_SMALL(what_is_replaced_dies_at_once),
    T_SMALL(a_finalizer_runs_once),
    T_SMALL(a_finalizer_sees_its_object_whole),
    T_TEST(finalizers_nest_so_deep_and_no_deeper),
    T_SMALL(weak_references_do_not_hold),
    T_SMALL(many_weak_references_to_one),
    T_SMALL(types_without_room_for_weak_references),
    T_TEST(a_long_chain_dies_within_the_budget),
    T_SMALL(small_structures_die_inside_the_call),
    T_TEST(the_dead_are_reused_before_memory_runs_out),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
