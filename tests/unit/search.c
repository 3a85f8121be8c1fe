/* SPDX-License-Identifier: MIT
 * search.c - searches in steps: bounded, in a full arena, while the program changes the heap. */
#include "heap.h"
#include "search_text.h"

/* Go on to the end, in steps of so many units, telling the edges.  Returns the last status. */
static enum ouro_search_status finish(struct ouro_search *search, uint32_t units)
{
    enum ouro_search_status status;
    told[told_bytes = 0] = '\0';
    while ((status = ouro_search_step(search, units)) <= OURO_SEARCH_FOUND)
        if (status == OURO_SEARCH_FOUND) (void)tell_edge(&search->edge, NULL);
    return status;
}

/* Names: a list of `count` lists, the last of them in "x" of a dict in the last but one. */
static ouro_ref make_names(unsigned count, ouro_ref *leaf)
{
    ouro_ref names = ouro_dict_new(), all = in_dict(names, "all", ouro_list_new()), last = NULL;
    for (unsigned i = 0; i < count; i++) last = in_list(all, ouro_list_new());
    *leaf = in_dict(in_list(last, ouro_dict_new()), "x", ouro_list_new());
    return names;
}

static void steps_of_any_size_find_the_same(void)
{
    ouro_ref leaf, names = make_names(50, &leaf);
    struct ouro_search search;
    for (uint32_t units = 1; units < 3000; units = units * 3 + 1) {
        ouro_search_path(&search, leaf, names);
        T_EQ(finish(&search, units), OURO_SEARCH_DONE);
        T_TEXT(told, "all[49][0]['x']");
        T_CHECK(search.is_exact);
        ouro_search_end(&search);
        ouro_search_referrers(&search, leaf, names);
        T_EQ(finish(&search, units), OURO_SEARCH_DONE);
        T_TEXT(told, "['x']");
        ouro_search_end(&search);
        ouro_search_retained(&search, leaf);
        T_EQ(finish(&search, units), OURO_SEARCH_DONE);
        T_EQ(search.bytes, ouro_diag_sizeof(leaf));
        T_CHECK(search.is_exact);
        ouro_search_end(&search);
    }
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    ouro_decref(names);
}

static void no_cycle_starts_meanwhile(void)
{
    ouro_ref leaf, names = make_names(5, &leaf);
    struct ouro_search search;
    ouro_gc_set_threshold(1, 1, 1);
    ouro_search_path(&search, leaf, names);
    T_EQ(ouro_search_step(&search, 1), OURO_SEARCH_GOES_ON);
    T_EQ(ouro_gc_get_phase(), OURO_GC_SEARCH);
    for (unsigned i = 0; i < 20; i++) ouro_decref(ouro_list_new());
    T_CHECK(!ouro_gc_start(0));
    T_EQ(ouro_gc_get_phase(), OURO_GC_SEARCH);
    T_EQ(finish(&search, 10), OURO_SEARCH_DONE);
    T_TEXT(told, "all[4][0]['x']");
    ouro_search_end(&search);
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    T_CHECK(ouro_gc_start(0));
    ouro_search_path(&search, leaf, names); /* which ends the cycle first */
    T_EQ(finish(&search, 10), OURO_SEARCH_DONE);
    ouro_search_end(&search);
    ouro_decref(names);
}

static void what_is_asked_for_breaks_it_off(void)
{
    ouro_ref leaf, names = make_names(5, &leaf);
    struct ouro_search search, other;
    const char *message;
    ouro_search_path(&search, leaf, names);
    (void)ouro_search_step(&search, 10);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    T_EQ(ouro_search_step(&search, 10), OURO_SEARCH_BROKEN);
    T_EQ(ouro_error_get(&message), OURO_RUNTIME_ERROR);
    T_EQ(ouro_search_step(&search, 10), OURO_SEARCH_BROKEN); /* for good */
    ouro_search_end(&search);

    ouro_search_path(&search, leaf, names);
    (void)ouro_search_step(&search, 10);
    ouro_search_path(&other, leaf, names);
    T_EQ(finish(&other, 10), OURO_SEARCH_DONE);
    T_EQ(ouro_search_step(&search, 10), OURO_SEARCH_BROKEN);
    ouro_search_end(&search);
    T_EQ(ouro_gc_get_phase(), OURO_GC_SEARCH); /* the other's still */
    ouro_search_end(&other);
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    ouro_error_clear();
    ouro_decref(names);
}

static ouro_ref asked_of;
static int answer;
static void ask(ouro_ref self)
{
    (void)self;
    answer = ouro_diag_path(asked_of, NULL, tell_edge, NULL);
    if (ouro_diag_deepsize(asked_of) != SIZE_MAX) answer = 1;
    ouro_error_clear();
}
struct asking {
    struct ouro_obj header;
    ouro_ref next;
};
OURO_TYPE_DEFINE(asking_type) = {
    .name = "asking",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct asking),
    .refs = OURO_REF_BIT(struct asking, next),
    .finalize = ask,
};

static void finalizers_get_no_answer(void)
{
    asked_of = ouro_list_new();
    ouro_ref asking = ouro_obj_new(&asking_type);
    answer = 0;
    ouro_decref(asking);
    T_EQ(answer, -1);
    ouro_decref(asked_of);
}

/* ---- changes between two steps ---- */

static void changes_are_noticed(void)
{
    ouro_ref leaf, names = make_names(20, &leaf), all = ouro_dict_get(names, ouro_intern("all", 3));
    struct ouro_search search;
    unsigned exact = 0, searches = 0;
    for (unsigned at = 1;; at++) { /* after each number of steps in turn */
        bool has_changed = false;
        ouro_search_path(&search, leaf, names);
        for (unsigned i = 0; ouro_search_step(&search, 40) == OURO_SEARCH_GOES_ON; i++) {
            if (i != at) continue;
            T_EQ(ouro_list_set(all, 3, ouro_list_get(all, 4)), 0); /* no count of `all` changes */
            in_list(all, ouro_list_new());
            has_changed = true;
        }
        exact += search.is_exact;
        searches++;
        if (search.status == OURO_SEARCH_FOUND) (void)finish(&search, 40);
        ouro_search_end(&search);
        if (!has_changed) break;
    }
    T_CHECK(searches > 20);
    T_CHECK(exact > 0 && exact < searches / 3); /* in the first pass and the last it may be too */
    ouro_decref(names);
}

/* At each step something of the heap is torn down or built up; nothing dangling is ever read (the
 * host build would tell), and what is told is there. */
static int check_edge(const struct ouro_edge *edge)
{
    if (edge->kind == OURO_EDGE_INDEX)
        return T_CHECK(ouro_list_get(edge->holder, (ptrdiff_t)edge->number) == edge->to);
    if (edge->kind == OURO_EDGE_KEY)
        return T_CHECK(ouro_dict_get(edge->holder, edge->key) == edge->to);
    return 1;
}

static uint32_t random_state = 1;
static uint32_t below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * limit >> 32);
}

static ouro_ref held[32];
static void change_something(void)
{
    unsigned i = below(32), j = below(32);
    if (!held[i]) {
        held[i] = below(2) ? ouro_list_new() : ouro_dict_new();
    } else if (below(4) == 0) {
        ouro_put(&held[i], NULL);
    } else if (ouro_type_index(held[i]) == OURO_TYPE_DICT && held[j]) {
        T_EQ(ouro_dict_set(held[i], ouro_int_new((int)below(50)), held[j]), 0);
    } else if (ouro_type_index(held[i]) == OURO_TYPE_LIST && ouro_list_len(held[i]) >= 20) {
        ouro_list_clear(held[i]);
    } else if (ouro_type_index(held[i]) == OURO_TYPE_LIST && held[j]) {
        T_EQ(ouro_list_append(held[i], held[j]), 0);
    }
}

static void a_heap_in_motion(void)
{
    enum { SEARCHES = OURO_CHECK >= 3 ? 60 : 300 };
    unsigned done = 0, broken = 0, edges = 0;
    unsigned searches = SEARCHES * t_scale();
    random_state = t_seed();
    for (unsigned n = 0; n < searches; n++) {
        struct ouro_search search;
        enum ouro_search_status status;
        ouro_gc_collect(2);
        for (unsigned i = 0; i < 20; i++) change_something();
        ouro_ref of = held[below(32)];
        if (!of) continue;
        if (n % 3 == 0)
            ouro_search_path(&search, of, NULL);
        else if (n % 3 == 1)
            ouro_search_referrers(&search, of, NULL);
        else
            ouro_search_retained(&search, of);
        if (below(2)) { /* it may lose its last other reference */
            for (unsigned i = 0; i < 32; i++)
                if (held[i] == of) ouro_put(&held[i], NULL);
        }
        while ((status = ouro_search_step(&search, 1 + below(200))) <= OURO_SEARCH_FOUND) {
            edges += status == OURO_SEARCH_FOUND;
            if (status == OURO_SEARCH_FOUND && !check_edge(&search.edge)) return;
            if (below(4) == 0) change_something(); /* it must not grow faster than we look */
        }
        done += status == OURO_SEARCH_DONE;
        broken += status == OURO_SEARCH_BROKEN;
        ouro_error_clear();
        ouro_search_end(&search);
        if (!T_CHECK(ouro_diag_verify() == NULL)) return;
    }
    for (unsigned i = 0; i < 32; i++) ouro_put(&held[i], NULL);
    ouro_gc_collect(2);
    t_note("searches done", done);
    t_note("searches broken off", broken);
    t_note("edges", edges);
    T_CHECK(done > broken && edges > SEARCHES / 3);
}

/* ---- size ---- */

static void a_full_arena(void)
{
    ouro_ref leaf, names, all;
    t_restart(32 * 1024);
    ouro_gc_disable();
    names = make_names(10, &leaf);
    all = ouro_dict_get(names, ouro_intern("all", 3));
    unsigned count = 0;
    for (ouro_ref item; (item = ouro_list_new()); count++) {
        int result = ouro_list_append(all, item);
        ouro_decref(item);
        if (result < 0) break;
    }
    for (;;) { /* and the last bytes */
        ouro_ref item = ouro_int_new(INT64_MAX - count++);
        if (!item || ouro_list_append(all, item) < 0) break;
        ouro_decref(item);
    }
    ouro_error_clear();
    uint32_t failures = ouro_heap->failures, objects;
    T_TEXT(path_to(leaf, names), "all[9][0]['x']");
    T_TEXT(referrers_of(leaf, names), "['x'] ");
    T_CHECK(ouro_diag_deepsize(names) > 9000);
    T_CHECK(ouro_diag_retained(all, &objects) > 9000 && objects > 300);
    struct ouro_census census;
    T_EQ(ouro_diag_census(&census), 0);
    T_EQ(ouro_heap->failures, failures); /* nothing was asked for */
    ouro_decref(names);
}

/* Garbage in cycles waits while a search is under way; when memory runs out the search gives way.
 */
static void memory_comes_first(void)
{
    ouro_ref leaf, names;
    struct ouro_search search;
    t_restart(16 * 1024);
    names = make_names(5, &leaf);
    ouro_search_path(&search, leaf, names);
    T_EQ(ouro_search_step(&search, 1), OURO_SEARCH_GOES_ON);
    unsigned made = 0;
    for (; ouro_gc_get_phase() == OURO_GC_SEARCH && made < 5000; made++) {
        ouro_ref loop = ouro_list_new();
        if (!T_CHECK(loop && ouro_list_append(loop, loop) == 0)) return;
        ouro_decref(loop);
    }
    T_CHECK(made > 100 && made < 5000);
    T_EQ(ouro_heap->failures, 0);
    T_EQ(ouro_search_step(&search, 1), OURO_SEARCH_BROKEN);
    ouro_search_end(&search);
    ouro_error_clear();
    ouro_decref(names);
}

/* Instructions of the longest step of `units`, and of all. */
struct cost {
    uint64_t longest, all;
    uint32_t steps;
};
static struct cost measure(struct ouro_search *search, uint32_t units)
{
    struct cost cost = {0};
    enum ouro_search_status status;
    do {
        uint64_t began = ouro_port_instructions();
        status = ouro_search_step(search, units);
        uint64_t took = ouro_port_instructions() - began;
        if (took > cost.longest) cost.longest = took;
        cost.all += took;
        cost.steps++;
    } while (status <= OURO_SEARCH_FOUND);
    T_EQ(status, OURO_SEARCH_DONE);
    ouro_search_end(search);
    return cost;
}

/* A chain of lists, 10,000 long: every list is looked at a fixed number of times. */
static void a_long_chain(void)
{
    enum { MANY = 10000, UNITS = 100, UNIT = 85 /* instructions at most */ };
    struct ouro_search search;
    ouro_gc_disable();
    ouro_ref top = ouro_list_new(), last = top;
    for (unsigned i = 0; i < MANY; i++) last = in_list(last, ouro_list_new());
    ouro_search_path(&search, last, NULL);
    struct cost cost = measure(&search, UNITS);
    t_note("chain of 10000: instructions a list", (int64_t)(cost.all / MANY));
    t_note("longest step of 100 units, instructions", (int64_t)cost.longest);
    T_CHECK(cost.steps > MANY);
    if (OURO_CHECK < 2) T_CHECK(cost.longest < UNITS * UNIT);
    if (OURO_CHECK < 2) T_CHECK(cost.all / MANY < 4500);
    ouro_search_retained(&search, top);
    cost = measure(&search, UNITS);
    t_note("retained: instructions a list", (int64_t)(cost.all / MANY));
    T_EQ(search.objects, MANY + 1);
    T_CHECK(search.is_exact);
    if (OURO_CHECK < 2) T_CHECK(cost.longest < UNITS * UNIT);
    ouro_decref(top);
}

static void deepsize_of_100000_objects_needs_no_memory(void)
{
    enum { MANY = 100000 };
    ouro_gc_disable();
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < MANY; i++) in_list(list, ouro_list_new());
    char *text;
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats); /* next to nothing is left */
    ouro_ref rest = ouro_str_alloc(stats.largest_free_bytes - 2048, &text);
    if (!T_CHECK(rest != NULL)) return;
    uint64_t began = ouro_port_instructions();
    size_t bytes = ouro_diag_deepsize(list);
    t_note("deepsize: instructions an object",
           (int64_t)((ouro_port_instructions() - began) / MANY));
    T_EQ(bytes, ouro_diag_sizeof(list) + MANY * ouro_diag_sizeof(ouro_list_get(list, 0)));
    ouro_decref(rest);
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_SMALL(steps_of_any_size_find_the_same),
    T_SMALL(no_cycle_starts_meanwhile),
    T_SMALL(what_is_asked_for_breaks_it_off),
    T_SMALL(finalizers_get_no_answer),
    T_TEST(changes_are_noticed),
    T_TEST(a_heap_in_motion),
    T_TEST(a_full_arena),
    T_TEST(memory_comes_first),
    T_TEST(a_long_chain),
    T_TEST(deepsize_of_100000_objects_needs_no_memory),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
