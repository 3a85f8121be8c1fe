/* SPDX-License-Identifier: MIT
 * intern.c - interned strings: one of each, kept alive by nobody, found in O(1) at any number. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

static ouro_ref intern(const char *text) { return ouro_intern(text, strlen(text)); }
static ouro_ref numbered(unsigned i)
{
    char name[24] = "name";
    return ouro_intern(name, 4 + ouro_format_int(name + 4, i));
}

static void equal_strings_are_one(void)
{
    ouro_ref a = intern("spam"), b = intern("spam"), c = intern("eggs");
    ouro_ref other = ouro_str_from("spam"), first = ouro_str_from("ham");
    T_CHECK(a == b && a != c && other != a);
    T_EQ(ouro_diag_refcount(a), 2);
    ouro_ref d = ouro_str_intern(other), e = ouro_str_intern(first), f = ouro_str_intern(a);
    T_CHECK(d == a && e == first && f == a); /* the first of its text is the one */
    T_EQ(ouro_diag_refcount(a), 4);
    T_EQ(ouro_diag_refcount(other), 1);
    T_CHECK(intern("ham") == first);
    ouro_decref(first);
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_ref refs[] = {a, b, c, d, e, f, other, first};
    for (unsigned i = 0; i < T_COUNT(refs); i++) ouro_decref(refs[i]);
    settle();
    T_EQ(objects(), 0);
}

static void interning_keeps_nothing_alive(void)
{
    for (unsigned i = 0; i < 1000; i++) {
        ouro_ref name = numbered(i);
        if (!T_CHECK(name != NULL)) return;
        T_EQ(ouro_diag_refcount(name), 1);
        ouro_decref(name);
    }
    settle();
    T_EQ(objects(), 0);
    T_EQ(ouro_heap->interned_count, 0);
}

/* What is dead, but not freed yet, is not found again. */
static void the_dead_are_refused(void)
{
    ouro_gc_set_budget(1, 1);
    ouro_ref list = ouro_list_new(), name = intern("phoenix");
    T_EQ(ouro_list_append(list, name), 0);
    for (unsigned i = 0; i < 200; i++) T_EQ(ouro_list_append(list, OURO_NONE), 0);
    ouro_decref(name);
    ouro_decref(list); /* dies piece by piece */
    bool was_dead = false;
    for (unsigned i = 0; i < 2000 && ouro_heap->gc.dead_head; i++) {
        struct ouro_obj *o = (struct ouro_obj *)granule_at(ouro_heap->gc.dead_head);
        if (o == name) {
            was_dead = true;
            ouro_ref again = intern("phoenix");
            T_EQ(ouro_diag_refcount(again), 1); /* perhaps in the cell of the dead, but anew */
            T_CHECK(!has_flag(again, FLAG_DEAD));
            T_CHECK(intern("phoenix") == again);
            ouro_decref(again);
            ouro_decref(again);
        }
        (void)ouro_gc_step(1);
    }
    T_CHECK(was_dead);
    settle();
    T_EQ(objects(), 0);
}

static void many_names(void)
{
    enum { MANY = 20000 };
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < MANY; i++) {
        ouro_ref name = numbered(i);
        if (!T_CHECK(name && ouro_list_append(list, name) == 0)) return;
        ouro_decref(name);
    }
    for (unsigned i = 0; i < MANY; i++) {
        ouro_ref name = numbered(i);
        bool is_same = T_CHECK(name == ouro_list_get(list, (ptrdiff_t)i));
        ouro_decref(name);
        if (!is_same) return;
    }
    T_EQ(ouro_heap->interned_count, MANY);
    T_CHECK(ouro_diag_verify() == NULL);
    for (unsigned i = 0; i < MANY / 2; i++) ouro_decref(ouro_list_pop(list, -1));
    settle();
    T_EQ(ouro_heap->interned_count, MANY / 2);
    ouro_decref(list);
    settle();
    T_EQ(objects(), 0);
}

static void memory_error_changes_nothing(void)
{
    t_restart(8 * 1024);
    ouro_ref list = ouro_list_new(), name;
    unsigned n = 0;
    for (; (name = numbered(n)); n++) {
        int result = ouro_list_append(list, name);
        ouro_decref(name);
        if (result < 0) break;
    }
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
    T_CHECK(ouro_diag_verify() == NULL);
    for (unsigned i = 0; i < n; i++) {
        name = numbered(i); /* needs none */
        if (!T_CHECK(name && name == ouro_list_get(list, (ptrdiff_t)i))) return;
        ouro_decref(name);
    }
    ouro_decref(list);
    settle();
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(equal_strings_are_one),        T_TEST(interning_keeps_nothing_alive),
    T_TEST(the_dead_are_refused),         T_TEST(many_names),
    T_TEST(memory_error_changes_nothing),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
