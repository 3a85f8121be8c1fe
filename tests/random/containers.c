/* SPDX-License-Identifier: MIT
 * containers.c - random operations on lists, dicts and sets, against arrays.
 *
 * Every container has a shadow, an array of what it should hold.  The arena is small, so that
 * MemoryError happens often: a call that fails must have changed nothing.  Containers hold each
 * other, cycles included; the collector runs at random budgets all the while.  What a shadow does
 * not name from a root is garbage, and after settling nothing else may be gone.  Cycles over the
 * young interrupt cycles over the old. */
#include <string.h>

#include "collector.h"
#include "ouro.h"
#include "t.h"

enum { CONTAINERS = 12, ITEMS = 60, KEYS = 90, OPERATIONS = 60000 };

/* A shadow's item: an int, a boxed float (its value), or the container of that number. */
struct item {
    enum { A_NUMBER, A_FLOAT, A_CONTAINER } kind;
    int value;
};
struct shadow {
    ouro_ref ref; /* a root, counted */
    enum { LIST, DICT, SET } type;
    int length;
    int key[ITEMS]; /* of a dict or a set, in insertion order */
    struct item item[ITEMS];
};
static struct shadow shadows[CONTAINERS];
static uint64_t rng;
static uint32_t failures, interrupted;

static int rnd(int n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (int)((rng >> 11) % (unsigned)n);
}

/* ---- keys and items ---- */

/* Key k as an object: ints, floats that equal ints, bools, strings.  New, or NULL. */
static ouro_ref key_object(int k)
{
    char name[16] = "key";
    if (k < 2 && rnd(2)) return ouro_bool(k != 0);
    if (k < 40) return rnd(4) ? ouro_int_new(k) : ouro_float_new(k);
    if (k < 45) return ouro_float_new(k + 0.5);
    return ouro_str_new(name, 3 + ouro_format_int(name + 3, k));
}

static struct item random_item(void)
{
    struct item item = {.kind = rnd(3) ? A_NUMBER : rnd(2) ? A_FLOAT : A_CONTAINER};
    item.value = item.kind == A_CONTAINER ? rnd(CONTAINERS) : rnd(10000);
    return item;
}
/* New, or NULL. */
static ouro_ref item_object(struct item item)
{
    if (item.kind == A_NUMBER) return ouro_int_new(item.value);
    if (item.kind == A_FLOAT) return ouro_float_new(item.value + 0.25);
    return ouro_own(shadows[item.value].ref);
}
static bool is_item(ouro_ref ref, struct item item)
{
    double real;
    if (!ref) return false;
    if (item.kind == A_NUMBER) return ref == ouro_int_new(item.value);
    if (item.kind == A_CONTAINER) return ref == shadows[item.value].ref;
    return ouro_type_index(ref) == OURO_TYPE_FLOAT && ouro_float_get(ref, &real) == 0 &&
           real == item.value + 0.25;
}

/* The last call failed: was it for want of memory? */
static bool ran_out(void)
{
    bool is_right = T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
    failures++;
    return is_right;
}
static bool failed_with(enum ouro_error_kind kind)
{
    bool is_right = T_EQ(ouro_error_get(NULL), kind);
    ouro_error_clear();
    return is_right;
}

/* ---- comparing ---- */

static bool is_as_list(const struct shadow *s)
{
    if (!T_EQ(ouro_list_len(s->ref), s->length)) return false;
    for (int i = 0; i < s->length; i++)
        if (!T_CHECK(is_item(ouro_list_get(s->ref, i), s->item[i]))) return false;
    return true;
}

static bool is_key(ouro_ref key, int k)
{
    int64_t whole;
    double real;
    size_t n;
    if (k >= 45) {
        const char *text = ouro_str_bytes(key, &n);
        return text && n == 5 && text[3] == '0' + k / 10 && text[4] == '0' + k % 10;
    }
    if (k >= 40) return ouro_float_get(key, &real) == 0 && real == k + 0.5;
    if (ouro_type_index(key) == OURO_TYPE_FLOAT)
        return ouro_float_get(key, &real) == 0 && real == k;
    return ouro_int_get(key, &whole) == 0 && whole == k;
}

static bool is_as_dict(const struct shadow *s)
{
    size_t at = 0;
    ouro_ref key, value;
    if (!T_EQ(ouro_dict_len(s->ref), s->length)) return false;
    for (int i = 0; i < s->length; i++) {
        if (!T_CHECK(ouro_dict_next(s->ref, &at, &key, &value))) return false;
        if (!T_CHECK(is_key(key, s->key[i]) && is_item(value, s->item[i]))) return false;
        if (!T_CHECK(ouro_dict_get(s->ref, key) == value)) return false;
    }
    return T_CHECK(!ouro_dict_next(s->ref, &at, NULL, NULL));
}
static bool is_as_set(const struct shadow *s)
{
    size_t at = 0;
    ouro_ref key;
    if (!T_EQ(ouro_set_len(s->ref), s->length)) return false;
    for (int i = 0; i < s->length; i++) {
        if (!T_CHECK(ouro_set_next(s->ref, &at, &key) && is_key(key, s->key[i]))) return false;
        if (!T_EQ(ouro_set_contains(s->ref, key), 1)) return false;
    }
    return T_CHECK(!ouro_set_next(s->ref, &at, &key));
}
static bool is_as_shadow(const struct shadow *s)
{
    return s->type == LIST ? is_as_list(s) : s->type == DICT ? is_as_dict(s) : is_as_set(s);
}

/* ---- lists ---- */

static void shadow_insert(struct shadow *s, int at, struct item item)
{
    memmove(&s->item[at + 1], &s->item[at], (size_t)(s->length - at) * sizeof item);
    memmove(&s->key[at + 1], &s->key[at], (size_t)(s->length - at) * sizeof s->key[0]);
    s->item[at] = item;
    s->length++;
}
static void shadow_remove(struct shadow *s, int at)
{
    s->length--;
    memmove(&s->item[at], &s->item[at + 1], (size_t)(s->length - at) * sizeof s->item[0]);
    memmove(&s->key[at], &s->key[at + 1], (size_t)(s->length - at) * sizeof s->key[0]);
}
/* Python's clamping of an insert position. */
static int clamped(int i, int n)
{
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

static bool list_put_in(struct shadow *s, int i, bool is_append)
{
    struct item item = random_item();
    ouro_ref ref = item_object(item);
    if (!ref) return ran_out();
    int result = is_append ? ouro_list_append(s->ref, ref) : ouro_list_insert(s->ref, i, ref);
    ouro_decref(ref);
    if (result < 0) return ran_out();
    shadow_insert(s, is_append ? s->length : clamped(i, s->length), item);
    return true;
}

static bool list_replace(struct shadow *s, int i)
{
    int at = i < 0 ? i + s->length : i;
    struct item item = random_item();
    ouro_ref ref = item_object(item);
    if (!ref) return ran_out();
    int result = ouro_list_set(s->ref, i, ref);
    ouro_decref(ref);
    if (at < 0 || at >= s->length) return T_EQ(result, -1) && failed_with(OURO_INDEX_ERROR);
    s->item[at] = item;
    return T_EQ(result, 0);
}

static bool list_take_out(struct shadow *s, int i)
{
    int at = i < 0 ? i + s->length : i;
    ouro_ref ref = ouro_list_pop(s->ref, i);
    if (at < 0 || at >= s->length) return T_CHECK(ref == NULL) && failed_with(OURO_INDEX_ERROR);
    bool is_good = T_CHECK(is_item(ref, s->item[at]));
    ouro_xdecref(ref);
    shadow_remove(s, at);
    return is_good;
}

static bool list_operation(struct shadow *s)
{
    int i = rnd(2 * ITEMS) - ITEMS;
    switch (rnd(s->length < ITEMS ? 8 : 3)) {
    case 0: return list_replace(s, i);
    case 1:
    case 2: return list_take_out(s, rnd(3) ? -1 : i);
    case 3:
        if (rnd(20)) return true;
        ouro_list_clear(s->ref);
        s->length = 0;
        return true;
    case 4: return list_put_in(s, i, false);
    default: return list_put_in(s, 0, true);
    }
}

/* ---- dicts ---- */

static int entry_of(const struct shadow *s, int k)
{
    int i = 0;
    while (i < s->length && s->key[i] != k) i++;
    return i;
}

static bool dict_set(struct shadow *s, int k)
{
    int at = entry_of(s, k);
    if (at == ITEMS) return true;
    struct item item = random_item();
    ouro_ref key = key_object(k), ref = key ? item_object(item) : NULL;
    if (!ref) {
        ouro_xdecref(key);
        return ran_out();
    }
    int result = ouro_dict_set(s->ref, key, ref);
    ouro_decref(key);
    ouro_decref(ref);
    if (result < 0) return ran_out();
    if (at == s->length) {
        shadow_insert(s, at, item);
        s->key[at] = k;
    }
    s->item[at] = item;
    return true;
}

static bool dict_del(struct shadow *s, int k)
{
    int at = entry_of(s, k);
    ouro_ref key = key_object(k);
    if (!key) return ran_out();
    int result = ouro_dict_del(s->ref, key);
    ouro_decref(key);
    if (at == s->length) return T_EQ(result, -1) && failed_with(OURO_KEY_ERROR);
    shadow_remove(s, at);
    return T_EQ(result, 0);
}

static bool dict_get(const struct shadow *s, int k)
{
    int at = entry_of(s, k);
    ouro_ref key = key_object(k);
    if (!key) return ran_out();
    ouro_ref ref = ouro_dict_get(s->ref, key);
    ouro_decref(key);
    if (at == s->length) return T_CHECK(ref == NULL) && T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    return T_CHECK(is_item(ref, s->item[at]));
}

static bool dict_operation(struct shadow *s)
{
    int k = rnd(KEYS);
    switch (rnd(12)) {
    case 0:
        if (rnd(30)) return true;
        ouro_dict_clear(s->ref);
        s->length = 0;
        return true;
    case 1:
    case 2:
    case 3:
    case 4: return dict_del(s, s->length > 0 && rnd(4) ? s->key[rnd(s->length)] : k);
    case 5: return dict_get(s, k);
    default: return dict_set(s, k);
    }
}

/* ---- sets: a shadow whose items are all the same number ---- */

static bool set_add(struct shadow *s, int k)
{
    int at = entry_of(s, k);
    ouro_ref key = at == ITEMS ? NULL : key_object(k);
    if (!key) return at == ITEMS || ran_out();
    int result = ouro_set_add(s->ref, key);
    ouro_decref(key);
    if (result < 0) return ran_out();
    if (at < s->length) return true;
    shadow_insert(s, at, (struct item){A_NUMBER, 0});
    s->key[at] = k;
    return true;
}

static bool set_discard(struct shadow *s, int k)
{
    int at = entry_of(s, k);
    ouro_ref key = key_object(k);
    if (!key) return ran_out();
    int result = ouro_set_discard(s->ref, key);
    ouro_decref(key);
    if (!T_EQ(result, at < s->length)) return false;
    if (result) shadow_remove(s, at);
    return true;
}

static bool set_pop(struct shadow *s)
{
    ouro_ref key = ouro_set_pop(s->ref);
    if (s->length == 0) return T_CHECK(!key) && failed_with(OURO_KEY_ERROR);
    bool is_good = T_CHECK(key && is_key(key, s->key[s->length - 1]));
    ouro_xdecref(key);
    s->length--;
    return is_good;
}

static bool set_operation(struct shadow *s)
{
    int k = rnd(KEYS);
    switch (rnd(12)) {
    case 0:
        if (rnd(30)) return set_pop(s);
        ouro_set_clear(s->ref);
        s->length = 0;
        return true;
    case 1:
    case 2:
    case 3:
    case 4: return set_discard(s, s->length > 0 && rnd(4) ? s->key[rnd(s->length)] : k);
    default: return set_add(s, k);
    }
}

/* ---- the run ---- */

static ouro_ref make(unsigned type)
{
    return type == LIST ? ouro_list_new() : type == DICT ? ouro_dict_new() : ouro_set_new();
}

/* A new, empty container in place of an old one, which others may still hold. */
static bool renew(struct shadow *s)
{
    int number = (int)(s - shadows);
    for (int i = 0; i < CONTAINERS; i++) /* a shadow names containers by number: only if unheld */
        for (int k = 0; k < shadows[i].length; k++)
            if (&shadows[i] != s && shadows[i].item[k].kind == A_CONTAINER &&
                shadows[i].item[k].value == number)
                return true;
    unsigned type = (unsigned)rnd(3);
    ouro_ref ref = make(type);
    if (!ref) return ran_out();
    ouro_ref old = s->ref;
    *s = (struct shadow){.ref = ref, .type = type};
    ouro_xdecref(old); /* with itself inside, garbage that only a cycle frees */
    return true;
}

static bool collect_some(void)
{
    if (rnd(40) == 0) ouro_gc_set_budget((uint32_t)(1 + rnd(60)), (uint32_t)(1 + rnd(60)));
    if (rnd(30) == 0) (void)(rnd(4) ? ouro_gc_start(rnd(3)) : collector_start_old());
    interrupted += ouro_heap->gc.parked_phase != OURO_GC_IDLE;
    if (rnd(400) == 0) return T_CHECK(ouro_gc_collect(rnd(3)) >= 0);
    (void)ouro_gc_step((uint32_t)rnd(20));
    return true;
}

/* All that is alive is what the shadows name, and every count is exact. */
static bool settle(void)
{
    uint32_t held[CONTAINERS];
    for (int i = 0; i < 3; i++) T_CHECK(ouro_gc_collect(2) >= 0);
    for (int i = 0; i < CONTAINERS; i++) held[i] = 1;
    for (int i = 0; i < CONTAINERS; i++)
        for (int k = 0; k < shadows[i].length; k++)
            if (shadows[i].item[k].kind == A_CONTAINER) held[shadows[i].item[k].value]++;
    for (int i = 0; i < CONTAINERS; i++)
        if (!T_EQ(ouro_diag_refcount(shadows[i].ref), held[i])) return false;
    const char *broken = ouro_diag_verify();
    return T_TEXT(broken ? broken : "intact", "intact");
}

static bool operate(uint32_t turn)
{
    struct shadow *s = &shadows[rnd(CONTAINERS)];
    bool is_good = collect_some();
    if (rnd(60) == 0) is_good = renew(s) && is_good;
    is_good = (s->type == LIST   ? list_operation(s)
               : s->type == DICT ? dict_operation(s)
                                 : set_operation(s)) &&
              is_good;
    if (turn % 4 == 0) is_good = is_as_shadow(s) && is_good;
    if (turn % 500 == 499) is_good = settle() && is_good;
    return is_good;
}

static bool start(size_t arena)
{
    t_restart(arena);
    memset(shadows, 0, sizeof shadows);
    failures = interrupted = 0;
    for (int i = 0; i < CONTAINERS; i++) {
        shadows[i].type = (unsigned)i % 3;
        shadows[i].ref = make(shadows[i].type);
        if (!T_CHECK(shadows[i].ref != NULL)) return false;
    }
    return true;
}

/* Drop every root: after that nothing may be left. */
static void finish(void)
{
    for (int i = 0; i < CONTAINERS; i++) ouro_decref(shadows[i].ref);
    for (int i = 0; i < 3; i++) T_CHECK(ouro_gc_collect(2) >= 0);
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
    T_EQ(stats.used_bytes, 0);
}

static void run(size_t arena)
{
    rng = 88172645463325252u ^ (t_seed() + arena) * 0x9e3779b97f4a7c15u;
    uint32_t operations = OPERATIONS * t_scale();
    if (!start(arena)) return;
    for (uint32_t turn = 0; turn < operations; turn++) {
        if (operate(turn)) continue;
        t_note("failed at operation", (int64_t)turn);
        t_restart(SIZE_MAX);
        return;
    }
    t_note("MemoryErrors", failures);
    t_note("steps with an old cycle interrupted", interrupted);
    T_CHECK(interrupted > 0);
    finish();
}

/* An address takes twice the room on a 64-bit host. */
static size_t kib(size_t n) { return n * 1024 * sizeof(void *) / 4; }

static void in_8_kib(void)
{
    run(kib(8));
    T_CHECK(failures > 0);
}
static void in_12_kib(void) { run(kib(12)); }
static void in_64_kib(void)
{
    run(kib(64));
    T_EQ(failures, 0);
}

static const struct t_test tests[] = {
    T_TEST(in_8_kib),
    T_TEST(in_12_kib),
    T_TEST(in_64_kib),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
