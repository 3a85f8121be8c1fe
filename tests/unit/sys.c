/* SPDX-License-Identifier: MIT
 * sys.c - what CPython's sys tells about memory. */
#include "search_text.h"

static void getrefcount_counts_the_call(void)
{
    ouro_ref list = ouro_list_new(), holder = ouro_list_new();
    T_EQ(ouro_getrefcount(list), 2); /* as sys.getrefcount(x) of a fresh x */
    T_EQ(ouro_list_append(holder, list), 0);
    T_EQ(ouro_getrefcount(list), 3);
    T_EQ(ouro_getrefcount(list), ouro_diag_refcount(list) + 1);
    ouro_decref(holder);
    T_EQ(ouro_getrefcount(list), 2);
    T_EQ(ouro_getrefcount(OURO_NONE), UINT32_MAX);
    T_EQ(ouro_getrefcount(ouro_int_new(7)), UINT32_MAX);
    ouro_decref(list);
}

static void getsizeof_is_what_the_arena_spends(void)
{
    struct ouro_mem_stats before, after;
    ouro_ref made[3];
    for (unsigned i = 0; i < 3; i++) {
        ouro_diag_mem(&before);
        made[i] = i == 0   ? ouro_list_new()
                  : i == 1 ? ouro_str_from("eleven text")
                           : ouro_float_new(1.5);
        ouro_diag_mem(&after);
        if (OURO_CHECK < 2)
            T_EQ(ouro_getsizeof(made[i]), after.used_bytes - before.used_bytes);
        else
            T_CHECK(ouro_getsizeof(made[i]) <= after.used_bytes - before.used_bytes);
    }
    size_t empty = ouro_getsizeof(made[0]);
    for (unsigned i = 0; i < 40; i++) T_EQ(ouro_list_append(made[0], made[1]), 0);
    T_CHECK(ouro_getsizeof(made[0]) >=
            empty + 40 * sizeof(ouro_ref)); /* its nodes, not its items */
    T_EQ(ouro_diag_deepsize(made[0]), ouro_getsizeof(made[0]) + ouro_getsizeof(made[1]));
    T_EQ(ouro_getsizeof(OURO_NONE), 0); /* in flash: none of the arena */
    T_EQ(ouro_getsizeof(ouro_int_new(1)), 0);
    for (unsigned i = 0; i < 3; i++) ouro_decref(made[i]);
}

static void id_and_intern(void)
{
    ouro_ref a = ouro_str_from("some name"), b = ouro_str_from("some name");
    T_CHECK(ouro_id(a) != ouro_id(b));
    ouro_ref one = ouro_sys_intern(a), other = ouro_sys_intern(b);
    T_CHECK(ouro_id(one) == ouro_id(other));
    T_CHECK(ouro_id(ouro_int_new(1)) == ouro_id(ouro_int_new(1)));
    ouro_ref all[] = {a, b, one, other};
    for (unsigned i = 0; i < 4; i++) ouro_decref(all[i]);
}

static void getallocatedblocks_counts_up_and_down(void)
{
    uint32_t before = ouro_getallocatedblocks();
    char *text;
    ouro_ref list = ouro_list_new(), large = ouro_str_alloc(2000, &text);
    memset(text, 'x', 2000);
    T_EQ(ouro_getallocatedblocks(), before + 2);
    T_EQ(ouro_list_append(list, large), 0); /* a node */
    T_EQ(ouro_getallocatedblocks(), before + 3);
    ouro_decref(large);
    ouro_decref(list);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(ouro_getallocatedblocks(), before);
}

/* The number behind a label of the report. */
static size_t total(const char *label)
{
    const char *at = strstr(told, label);
    size_t value = 0;
    if (!T_CHECK(at != NULL)) return 0;
    for (at = strchr(at, '=') + 1; *at == ' '; at++) {}
    for (; *at >= '0' && *at <= '9'; at++) value = value * 10 + (size_t)(*at - '0');
    return value;
}

static void debugmallocstats_adds_up(void)
{
    struct ouro_mem_stats stats;
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < 100; i++) in_list(list, ouro_list_new());
    told[told_bytes = 0] = '\0';
    ouro_debugmallocstats(tell, NULL);
    ouro_diag_mem(&stats);
    T_CHECK(strncmp(told, "class   size   num pages   blocks in use  avail blocks\n", 55) == 0);
    T_EQ(total("# bytes in allocated blocks"), stats.used_bytes); /* no block, cells only */
    T_EQ(total("Total"), (size_t)stats.pages_pool * stats.page_bytes);
    T_EQ(total("# bytes lost to page headers"), (size_t)stats.pages_pool * 8);
    T_CHECK(total("#   of them not asked for") < total("# bytes in allocated blocks"));
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_SMALL(getrefcount_counts_the_call),
    T_SMALL(getsizeof_is_what_the_arena_spends),
    T_SMALL(id_and_intern),
    T_SMALL(getallocatedblocks_counts_up_and_down),
    T_SMALL(debugmallocstats_adds_up),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
