/* SPDX-License-Identifier: MIT
 * weak.c - lists of weak references: their invariants (W1..W4), each broken on purpose, and many
 * callbacks at once, of which a call runs one. */
#include "weak.h"

#include "collector.h"
#include "invariant.h"
#include "ouro.h"
#include "t.h"

struct cell {
    struct ouro_obj header;
    ouro_ref next, weak;
};
OURO_TYPE_DEFINE(cell_type) = {
    .name = "cell",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = OURO_REF_BIT(struct cell, next),
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
};
static struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }

static bool is_intact(void) { return t_is_intact(ouro_diag_verify()); }
static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

enum { MANY = 10000 };
static unsigned calls;
static ouro_ref target, newest;
static int called(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    calls++;
    T_CHECK(ouro_weakref_get(weakref) == OURO_NONE);
    T_CHECK(!newest || ouro_weakref_get(newest) == OURO_NONE);
    return 0;
}

static void lists_are_checked(void)
{
    ouro_ref cell = ouro_obj_new(&cell_type), other = ouro_obj_new(&cell_type), refs[3];
    refs[0] = ouro_weakref_new_with(cell, called, NULL);
    refs[1] = ouro_weakref_new_with(cell, called, NULL);
    refs[2] = ouro_weakref_new(cell); /* shared: it comes first */
    ouro_ref elsewhere = ouro_weakref_new(other), lone = ouro_obj_new(&cell_type);
    is_intact();
    T_BREAK("W2", cell->count_flags, cell->count_flags & ~(uint32_t)FLAG_HAS_WEAK);
    T_BREAK("W1", cell_of(cell)->weak, NULL);
    T_BREAK("W1", cell_of(cell)->weak, lone);
    T_BREAK("W1", cell_of(cell)->weak, elsewhere);
    T_BREAK("W1", weakref_of(refs[2])->prev, refs[0]);
    T_BREAK("W1", lone->count_flags, lone->count_flags | FLAG_HAS_WEAK);
    T_BREAK("W2", weakref_of(refs[0])->target, lone);
    T_BREAK("W2", weakref_of(refs[0])->prev, NULL);
    T_BREAK("W3", weakref_of(refs[0])->prev, elsewhere);
    T_BREAK("W3", weakref_of(refs[2])->next, refs[0]);
    T_BREAK("W3", weakref_of(refs[1])->next, refs[1]);
    ouro_gc_set_budget(1, 1); /* dropping cuts them off, and leaves what is due for later */
    calls = 0;
    ouro_decref(cell);
    while (weakref_of(refs[0])->target && T_CHECK(ouro_gc_step(1) > 0)) {}
    struct gc *gc = &ouro_heap->gc;
    if (!T_CHECK(gc->due_head != NULL)) return;
    is_intact();
    T_BREAK("W4", gc->due_tail, lone);
    T_BREAK("W4", gc->due_tail, NULL);
    T_BREAK("W4", gc->due_head, elsewhere);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(calls, 2);
    for (unsigned i = 0; i < 3; i++) ouro_decref(refs[i]);
    ouro_decref(elsewhere);
    ouro_decref(other);
    ouro_decref(lone);
    while (ouro_gc_step(1000) > 0) {}
    is_intact();
    T_EQ(object_count(), 0);
}

/* Make as many, or as fit, on a list that keeps them. */
static ouro_ref make_many(unsigned *made)
{
    ouro_ref list = ouro_list_new();
    target = ouro_obj_new(&cell_type);
    for (*made = 0; *made < MANY; ++*made) {
        newest = ouro_weakref_new_with(target, called, NULL);
        if (!newest) break;
        int result = ouro_list_append(list, newest);
        ouro_decref(newest);
        if (result < 0) break;
    }
    newest = ouro_list_get(list, 0); /* borrowed: the oldest, cut off last */
    calls = 0;
    return list;
}

/* Each call runs one callback at most, and none before the whole list is cut off. */
static void go_on(unsigned made)
{
    unsigned before = calls, steps = 0;
    while (calls < made && steps++ < 4 * MANY) {
        T_CHECK(ouro_gc_step(32) > 0);
        if (!T_CHECK(calls <= before + 1)) return;
        before = calls;
    }
    T_EQ(calls, made);
    newest = NULL;
}

static void one_callback_a_call(void)
{
    unsigned made;
    ouro_gc_disable();
    ouro_ref list = make_many(&made);
    t_note("weak references", made);
    ouro_decref(target);
    T_CHECK(calls <= 1);
    go_on(made);
    ouro_decref(list);
    is_intact();
}

static void one_callback_a_call_in_a_cycle(void)
{
    unsigned made;
    ouro_gc_disable();
    ouro_ref list = make_many(&made);
    cell_of(target)->next = target;
    T_CHECK(ouro_gc_start(2));
    go_on(made);
    ouro_decref(list);
    while (ouro_gc_step(1000) > 0) {}
    is_intact();
    T_EQ(object_count(), 0);
}

static const struct t_test tests[] = {
    T_TEST(lists_are_checked),
    T_TEST(one_callback_a_call),
    T_TEST(one_callback_a_call_in_a_cycle),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
