/* SPDX-License-Identifier: MIT
 * cache.c - the cache: who makes room, who is too old, and what user code may do meanwhile. */
#include "collector.h"
#include "object.h"
#include "ouro.h"
#include "ouro/port.h"
#include "t.h"

static uint32_t now;
static uint32_t clock(void) { return now; }

static uint32_t objects(void)
{
    struct ouro_mem_stats stats;
    collector_drain(UINT32_MAX); /* what died dies in pieces */
    ouro_diag_mem(&stats);
    return stats.objects;
}
static ouro_ref key(uint32_t i) { return ouro_int_new(i); }

/* The value of an int key as a number, -1 if it is missing. */
static int64_t get(ouro_ref cache, uint32_t i)
{
    int64_t number = -1;
    ouro_ref value = ouro_cache_get(cache, key(i));
    if (value) {
        (void)ouro_int_get(value, &number);
        ouro_decref(value);
    }
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    return number;
}
static void set(ouro_ref cache, uint32_t i, int64_t value)
{
    T_EQ(ouro_cache_set(cache, key(i), ouro_int_new(value)), 0);
}
static bool info_is(ouro_ref cache, uint32_t hits, uint32_t misses, uint32_t size)
{
    struct ouro_cache_info info;
    ouro_cache_info(cache, &info);
    return T_EQ(info.hits, hits) & T_EQ(info.misses, misses) & T_EQ(info.currsize, size);
}

/* ---- tests ---- */

static void the_least_recently_used_makes_room(void)
{
    ouro_ref cache = ouro_cache_new(3, 0, NULL);
    for (uint32_t i = 0; i < 3; i++) set(cache, i, i * 10);
    T_EQ(get(cache, 0), 0); /* 1 is the oldest now */
    set(cache, 3, 30);
    T_EQ(get(cache, 1), -1);
    set(cache, 2, 21); /* to set is to use */
    set(cache, 4, 40);
    T_EQ(get(cache, 0), -1);
    T_EQ(get(cache, 2), 21);
    T_EQ(get(cache, 3), 30);
    T_EQ(get(cache, 4), 40);
    T_CHECK(info_is(cache, 4, 2, 3));
    T_CHECK(ouro_cache_get(cache, cache) == NULL); /* hashed by its identity */
    ouro_ref list = ouro_list_new();
    T_CHECK(ouro_cache_get(cache, list) == NULL && ouro_error_get(NULL) == OURO_TYPE_ERROR);
    T_EQ(ouro_cache_set(cache, list, list), -1);
    ouro_error_clear();
    ouro_cache_clear(cache);
    T_CHECK(info_is(cache, 0, 0, 0));
    T_EQ(get(cache, 4), -1);
    set(cache, 5, 50);
    T_EQ(get(cache, 5), 50);
    ouro_decref(list);
    ouro_decref(cache);
    T_EQ(objects(), 0);
}

static void one_and_none(void)
{
    ouro_ref one = ouro_cache_new(1, 0, NULL), none = ouro_cache_new(0, 0, NULL);
    set(one, 1, 1);
    set(one, 2, 2);
    T_EQ(get(one, 1), -1);
    T_EQ(get(one, 2), 2);
    set(none, 1, 1);
    T_EQ(get(none, 1), -1);
    T_CHECK(info_is(none, 0, 1, 0));
    ouro_decref(none);
    ouro_decref(one);
    T_EQ(objects(), 0);
}

static void what_is_too_old_is_missing(void)
{
    now = UINT32_MAX - 5; /* the clock wraps around meanwhile */
    ouro_ref cache = ouro_cache_new(100, 10, clock);
    set(cache, 1, 1);
    now += 9;
    T_EQ(get(cache, 1), 1); /* to get it does not make it younger */
    now += 1;
    T_EQ(get(cache, 1), -1);
    T_CHECK(info_is(cache, 1, 1, 0));
    set(cache, 2, 2);
    now += 6;
    set(cache, 2, 3); /* to set it does */
    now += 6;
    T_EQ(get(cache, 2), 3);
    ouro_decref(cache);
    T_EQ(objects(), 0);
}

/* Expired entries go although nobody asks for them, one or two a call. */
static void the_expired_are_swept(void)
{
    now = 0;
    ouro_ref cache = ouro_cache_new(1000, 10, clock);
    struct ouro_cache_info before, after;
    for (uint32_t i = 0; i < 50; i++) set(cache, i, i);
    now = 100;
    ouro_cache_info(cache, &before);
    T_EQ(before.currsize, 50);
    for (uint32_t i = 0; i < 50; i++) {
        T_EQ(get(cache, 999), -1);
        ouro_cache_info(cache, &after);
        T_CHECK(before.currsize - after.currsize <= 2);
        before = after;
    }
    T_EQ(after.currsize, 0);
    ouro_decref(cache);
}

/* Against a plain array of what was set when and used when: with a limit to the number, then with
 * one to the age. */
static void as_a_model_says(void)
{
    enum { KEYS = 24 };
    uint32_t state = t_seed(), turns = 3000 * t_scale();
    for (unsigned has_ttl = 0; has_ttl < 2; has_ttl++) {
        struct {
            bool is_in;
            uint32_t born, used, value;
        } model[KEYS] = {0};
        uint32_t limit = has_ttl ? KEYS : 12, ttl = has_ttl ? 40 : 0, count = 0, oldest = KEYS;
        ouro_ref cache = ouro_cache_new(limit, ttl, clock);
        for (uint32_t turn = 1; turn <= turns; turn++) {
            state = state * 1664525u + 1013904223u;
            now += state >> 28 == 0 ? 30 : state >> 31;
            uint32_t i = (state >> 8) % KEYS;
            if (ttl && now - model[i].born >= ttl) model[i].is_in = false;
            if (state >> 16 & 1) {
                int64_t want = model[i].is_in ? (int64_t)model[i].value : -1;
                if (!T_EQ(get(cache, i), want)) break;
            } else {
                set(cache, i, turn);
                model[i].is_in = true;
                model[i].born = now;
                model[i].value = turn;
            }
            model[i].used = turn;
            count = 0;
            for (uint32_t k = oldest = 0; k < KEYS; k++) {
                count += model[k].is_in;
                if (model[k].is_in && (!model[oldest].is_in || model[k].used < model[oldest].used))
                    oldest = k;
            }
            if (count > limit) model[oldest].is_in = false;
        }
        ouro_decref(cache);
    }
    T_EQ(objects(), 0);
}

/* Objects whose end uses the cache that they were in. */
struct probe {
    struct ouro_obj header;
    ouro_ref cache;
};
static unsigned ends;
static void probe_ends(ouro_ref self)
{
    ouro_ref cache = ((struct probe *)(void *)self)->cache;
    uint32_t i = 1000 + ends++ % 7;
    (void)ouro_cache_set(cache, key(i), OURO_TRUE);
    ouro_ref value = ouro_cache_get(cache, key(i));
    if (value) ouro_decref(value);
    if (ends % 50 == 0) ouro_cache_clear(cache);
    ouro_error_clear();
}
OURO_TYPE_DEFINE(probe_type) = {
    .name = "probe",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct probe),
    .refs = OURO_REF_BIT(struct probe, cache),
    .finalize = probe_ends,
};
static ouro_ref probe(ouro_ref cache)
{
    ouro_ref ref = ouro_obj_new(&probe_type);
    if (ref) ((struct probe *)(void *)ref)->cache = ouro_own(cache);
    return ref;
}

static void user_code_may_use_it(void)
{
    now = 0;
    ends = 0;
    t_restart(32 * 1024); /* so small that setting has to make room */
    ouro_ref cache = ouro_cache_new(60, 20, clock);
    for (uint32_t i = 0; i < 3000; i++) {
        now++;
        ouro_ref value = probe(cache);
        if (value && ouro_cache_set(cache, key(i % 90), value) < 0) ouro_error_clear();
        ouro_xdecref(value);
        ouro_ref list = ouro_list_new(); /* garbage of cycles, probes in it */
        value = list ? probe(cache) : NULL;
        if (value) {
            (void)ouro_list_append(list, value);
            (void)ouro_list_append(list, list);
            ouro_decref(value);
        }
        ouro_xdecref(list);
        ouro_error_clear();
    }
    T_CHECK(ends > 2500);
    struct ouro_cache_info info;
    ouro_cache_info(cache, &info);
    T_CHECK(info.currsize <= 61); /* one more if user code set one on the way */
    ouro_cache_clear(cache);
    ouro_decref(cache);
    for (int i = 0; i < 3; i++) (void)ouro_gc_collect(2);
}

/* No call's length depends on how many there are. */
static void calls_are_bounded(void)
{
    uint32_t longest[2][2] = {{0}};
    for (unsigned large = 0; large < 2; large++) {
        uint32_t size = large ? 8000 : 400;
        now = 0;
        t_restart(SIZE_MAX);
        ouro_ref cache = ouro_cache_new(size, 1000000, clock);
        for (uint32_t i = 0; i < 3 * size; i++) {
            uint64_t start = ouro_port_instructions();
            T_EQ(ouro_cache_set(cache, key(i), OURO_NONE), 0);
            uint64_t middle = ouro_port_instructions();
            ouro_ref value = ouro_cache_get(cache, key(i - i % 7));
            uint64_t end = ouro_port_instructions();
            (void)value;
            if (middle - start > longest[large][0]) longest[large][0] = (uint32_t)(middle - start);
            if (end - middle > longest[large][1]) longest[large][1] = (uint32_t)(end - middle);
        }
        T_CHECK(info_is(cache, 3 * size, 0, size));
        t_note("longest set", longest[large][0]);
        t_note("longest get", longest[large][1]);
        ouro_decref(cache);
    }
    if (sizeof(void *) != 4 || OURO_CHECK >= 2) return; /* virtual time there */
    T_CHECK(longest[1][1] <= longest[0][1] + longest[0][1] / 2);
    T_CHECK(longest[1][0] <= 3 * longest[0][0]);
}

static const struct t_test tests[] = {
    T_SMALL(the_least_recently_used_makes_room),
    T_SMALL(one_and_none),
    T_SMALL(what_is_too_old_is_missing),
    T_SMALL(the_expired_are_swept),
    T_SMALL(as_a_model_says),
    T_TEST(user_code_may_use_it),
    T_TEST(calls_are_bounded),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
