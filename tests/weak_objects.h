/* SPDX-License-Identifier: MIT
 * weak_objects.h - what the tests of weak references refer to, and the callbacks they count.
 *
 * `C` has an identity and a few references; `Object` is equal to another one, and hashed, by what
 * is in its field arg. */
#ifndef WEAK_OBJECTS_H
#define WEAK_OBJECTS_H

#include "ouro.h"
#include "t.h"

struct object {
    struct ouro_obj header;
    ouro_ref arg, a, b, c;
    ouro_ref weak;
};

static struct object *object_of(ouro_ref ref) { return (struct object *)(void *)ref; }

static void (*at_finalize)(ouro_ref self);
static void object_finalize(ouro_ref self)
{
    if (at_finalize) at_finalize(self);
}
static int object_hash(ouro_ref self, uint32_t *hash)
{
    return ouro_hash(object_of(self)->arg, hash);
}
static int object_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (op != OURO_EQ || ouro_type_of(other)->ops != ouro_type_of(self)->ops)
        return OURO_NOT_IMPLEMENTED;
    return ouro_equal(object_of(self)->arg, object_of(other)->arg);
}
static const struct ouro_ops object_ops = {.hash = object_hash, .compare = object_compare};

#define OBJECT_TYPE(variable, type_name)                                                           \
    OURO_TYPE_DEFINE(variable) = {                                                                 \
        .name = (type_name),                                                                       \
        .index = OURO_TYPE_USER,                                                                   \
        .size_bytes = sizeof(struct object),                                                       \
        .refs = OURO_REF_BIT(struct object, arg) | OURO_REF_BIT(struct object, a) |                \
                OURO_REF_BIT(struct object, b) | OURO_REF_BIT(struct object, c),                   \
        .weak_word = OURO_WEAK_WORD(struct object, weak)
/* clang-format off */
OBJECT_TYPE(c_type, "C")};
OBJECT_TYPE(object_type, "Object"), .ops = &object_ops};
OBJECT_TYPE(dying_type, "Dying"), .finalize = object_finalize};
/* clang-format on */

static inline ouro_ref make(const struct ouro_type *type)
{
    ouro_ref ref = ouro_obj_new(type);
    T_CHECK(ref != NULL);
    return ref;
}
static inline ouro_ref make_object(int arg)
{
    ouro_ref ref = make(&object_type);
    object_of(ref)->arg = ouro_int_new(arg);
    return ref;
}
/* A reference of its own in a field. */
static inline void set(ouro_ref *field, ouro_ref value) { ouro_put(field, ouro_own(value)); }

/* Let what is due be done. */
static inline void settle(void)
{
    while (ouro_gc_step(1000) > 0) {}
}
/* Drop a reference, and let what is due be done. */
static inline void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}
static inline bool is_dead(ouro_ref weakref)
{
    ouro_ref target = ouro_weakref_get(weakref);
    ouro_decref(target);
    return target == OURO_NONE;
}
/* How many are left when what is dead is gone. */
static inline uint32_t objects(void)
{
    settle();
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.objects;
}

static unsigned calls;
static inline int count_call(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    T_CHECK(is_dead(weakref));
    calls++;
    return 0;
}

/* A log of words. */
static char log_text[256];
static size_t log_length;
static inline void log_add(const char *word)
{
    if (log_length) log_text[log_length++] = ' ';
    while (*word && log_length < sizeof log_text - 2) log_text[log_length++] = *word++;
    log_text[log_length] = '\0';
}
static inline void log_clear(void) { log_text[log_length = 0] = '\0'; }

static inline void begin(void)
{
    calls = 0;
    at_finalize = NULL;
    log_clear();
    ouro_gc_disable();
}

#endif
