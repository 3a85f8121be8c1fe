/* SPDX-License-Identifier: MIT
 * attributes.c - random operations on attributes of instances, against arrays.
 *
 * Every instance has a shadow, its attributes in the order in which they were set.  Instances come
 * and go, of classes with and without slots and __del__, and refer to each other, cycles included.
 * The arena is small, so that MemoryError happens often: a call that fails must have changed
 * nothing.  The collector runs at random budgets all the while. */
#include "collector.h"
#include "ouro.h"
#include "t.h"

enum { INSTANCES = 16, NAMES = 24, SLOTS = 5, CLASSES = 4, OPERATIONS = 60000 };

struct shadow {
    ouro_ref ref; /* a root, counted; NULL: none */
    bool is_slotted;
    int length;
    int name[NAMES];
    ouro_ref value[NAMES]; /* borrowed from the instance */
};
static struct shadow shadows[INSTANCES];
static ouro_ref classes[CLASSES], names[NAMES];
static uint64_t rng;
static uint32_t failures, born, finalized;

static int rnd(int n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (int)((rng >> 11) % (unsigned)n);
}

static ouro_ref finalize(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    finalized++;
    ouro_xdecref(ouro_list_new()); /* allocates, which may collect */
    ouro_error_clear();
    return OURO_NONE;
}
static const struct ouro_function_def finalize_def = {"C.__del__", finalize, "self", 1, 1};

/* ---- comparing ---- */

static int find(const struct shadow *s, int name)
{
    int i = 0;
    while (i < s->length && s->name[i] != name) i++;
    return i;
}

static bool is_as_shadow(const struct shadow *s)
{
    size_t at = 0;
    ouro_ref name, value;
    int seen = 0;
    while (ouro_attr_next(s->ref, &at, &name, &value)) {
        int i = seen;
        if (s->is_slotted) /* in the order of its slots */
            for (i = 0; i < s->length && !ouro_equal(names[s->name[i]], name);) i++;
        if (!T_CHECK(seen < s->length) || !T_CHECK(i < s->length)) return false;
        if (!T_CHECK(ouro_equal(name, names[s->name[i]]) == 1)) return false;
        if (!T_CHECK(value == s->value[i])) return false;
        seen++;
    }
    return T_EQ(seen, s->length);
}

/* ---- operations ---- */

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

/* An equal name, sometimes another str.  New, or NULL. */
static ouro_ref name_object(int name)
{
    size_t bytes;
    if (rnd(4)) return ouro_own(names[name]);
    const char *text = ouro_str_bytes(names[name], &bytes);
    return ouro_str_new(text, bytes);
}

static bool set(struct shadow *s)
{
    int name = rnd(NAMES), other = rnd(INSTANCES), i = find(s, name);
    ouro_ref value = shadows[other].ref && rnd(2) ? shadows[other].ref : ouro_int_new(rnd(1000));
    ouro_ref key = name_object(name);
    if (!key) return ran_out();
    bool is_set = ouro_attr_set(s->ref, key, value) == 0;
    ouro_decref(key);
    if (s->is_slotted && name >= SLOTS)
        return T_CHECK(!is_set) && failed_with(OURO_ATTRIBUTE_ERROR);
    if (!is_set) return ran_out();
    s->name[i] = name;
    s->value[i] = value;
    if (i == s->length) s->length++;
    return true;
}

static bool del(struct shadow *s)
{
    int name = rnd(NAMES), i = find(s, name);
    ouro_ref key = name_object(name);
    if (!key) return ran_out();
    bool is_gone = ouro_attr_del(s->ref, key) == 0;
    ouro_decref(key);
    if (i == s->length) return T_CHECK(!is_gone) && failed_with(OURO_ATTRIBUTE_ERROR);
    s->length--;
    for (; i < s->length; i++) {
        s->name[i] = s->name[i + 1];
        s->value[i] = s->value[i + 1];
    }
    return T_CHECK(is_gone);
}

static bool get(struct shadow *s)
{
    int name = rnd(NAMES), i = find(s, name);
    ouro_ref key = name_object(name);
    if (!key) return ran_out();
    ouro_ref value = ouro_attr_get(s->ref, key);
    ouro_decref(key);
    if (i == s->length) return T_CHECK(!value) && failed_with(OURO_ATTRIBUTE_ERROR);
    ouro_xdecref(value);
    return T_CHECK(value == s->value[i]);
}

/* Another instance in its place; the old one lives on if others refer to it. */
static bool renew(struct shadow *s)
{
    int class = rnd(CLASSES);
    ouro_ref fresh = ouro_instance_new(classes[class]);
    if (!fresh) return ran_out();
    if (class >= 2) born++;
    ouro_xdecref(s->ref);
    *s = (struct shadow){.ref = fresh, .is_slotted = class % 2 != 0};
    return true;
}

static bool operate(void)
{
    struct shadow *s = &shadows[rnd(INSTANCES)];
    if (!s->ref || rnd(60) == 0) return renew(s);
    switch (rnd(8)) {
    case 0: return del(s);
    case 1:
    case 2: return get(s);
    case 3: (void)ouro_gc_step((uint32_t)rnd(20)); return is_as_shadow(s);
    case 4:
        if (rnd(100) == 0) (void)(rnd(2) ? ouro_gc_start(rnd(3)) : collector_start_old());
        return true;
    default: return set(s);
    }
}

static void settle(void)
{
    while (ouro_gc_step(1000) > 0) {}
    (void)ouro_gc_collect(2);
}

static void random_attributes(void)
{
    uint32_t seed = t_seed(), rounds = OPERATIONS * t_scale();
    t_restart(12 * 1024 + seed % 8 * 1024);
    rng = 0x9e3779b97f4a7c15u ^ (uint64_t)seed << 20;
    char text[2] = "a";
    for (int i = 0; i < NAMES; i++, text[0]++) names[i] = ouro_str_from(text);
    for (int i = 0; i < CLASSES; i++) {
        classes[i] =
            i % 2 ? ouro_class_new_slots("S", NULL, "a b c d e") : ouro_class_new("C", NULL);
        if (i >= 2) T_EQ(ouro_class_def(classes[i], "__del__", &finalize_def), 0);
    }
    ouro_gc_set_budget(1 + (uint32_t)rnd(20), 1 + (uint32_t)rnd(20));
    for (uint32_t i = 0; i < rounds; i++) {
        if (!operate()) {
            t_note("failed at operation", i);
            return;
        }
        if (i % 500) continue;
        const char *broken = ouro_diag_verify();
        if (!T_CHECK(broken == NULL)) return;
    }
    for (int i = 0; i < INSTANCES; i++)
        if (shadows[i].ref && !is_as_shadow(&shadows[i])) return;
    settle();
    for (int i = 0; i < INSTANCES; i++) ouro_xdecref(shadows[i].ref);
    for (int i = 0; i < CLASSES; i++) ouro_decref(classes[i]);
    for (int i = 0; i < NAMES; i++) ouro_decref(names[i]);
    settle();
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
    T_EQ(finalized, born);
    T_CHECK(failures > 0);
    t_note("calls without memory", failures);
    t_note("finalized", finalized);
}

static const struct t_test tests[] = {T_TEST(random_attributes)};
int main(void) { return t_run(tests, T_COUNT(tests)); }
