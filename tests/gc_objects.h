/* SPDX-License-Identifier: MIT
 * gc_objects.h - what CPython's tests of the collector are made of: classes whose instances refer
 * to each other by attributes, finalizers that the test says, and what was written to stderr. */
#ifndef GC_OBJECTS_H
#define GC_OBJECTS_H

#include <string.h>

#include "ouro.h"
#include "t.h"

static inline uint32_t objects(void)
{
    struct ouro_mem_stats stats;
    while (ouro_gc_step(1000) > 0) {}
    ouro_diag_mem(&stats);
    return stats.objects;
}

static inline struct ouro_gc_stats gc_stats(void)
{
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    return stats;
}

/* ---- classes ---- */

/* A function under `__del__`; returns None. */
#define DEL(variable, function)                                                                    \
    static ouro_ref function##_call(ouro_ref closure, unsigned argc, const ouro_ref *argv)         \
    {                                                                                              \
        (void)closure;                                                                             \
        (void)argc;                                                                                \
        function(argv[0]);                                                                         \
        return OURO_NONE;                                                                          \
    }                                                                                              \
    static const struct ouro_function_def variable = {                                             \
        .name = "__del__", .call = function##_call, .parameters = "self", .least = 1, .most = 1}

static inline ouro_ref make_class(const char *name, const struct ouro_function_def *del)
{
    ouro_ref class = ouro_class_new(name, NULL);
    T_CHECK(class != NULL);
    if (del) T_EQ(ouro_class_def(class, "__del__", del), 0);
    return class;
}

static inline ouro_ref make_instance(ouro_ref class)
{
    ouro_ref instance = ouro_instance_new(class);
    T_CHECK(instance != NULL);
    return instance;
}

static inline void set(ouro_ref self, const char *name, ouro_ref value)
{
    T_EQ(ouro_attr_set_string(self, name, value), 0);
}
/* Steals the value. */
static inline void give(ouro_ref self, const char *name, ouro_ref value)
{
    set(self, name, value);
    ouro_decref(value);
}

/* An instance that refers to itself; the caller's reference is a borrowed one from now on. */
static inline ouro_ref make_loop(ouro_ref class)
{
    ouro_ref self = make_instance(class);
    give(self, "me", self);
    return self;
}

/* ---- collecting ---- */

/* Collect until nothing is left to find, and forget what was written. */
static inline void collect_all(void)
{
    while (ouro_gc_collect(2) > 0) {}
}

/* ---- what was written ---- */

static char written[4096];
static size_t written_length;
static inline void write_text(void *context, const char *text, size_t bytes)
{
    (void)context;
    if (written_length + bytes >= sizeof written) bytes = sizeof written - 1 - written_length;
    memcpy(written + written_length, text, bytes);
    written_length += bytes;
    written[written_length] = '\0';
}
static inline void write_from_start(void) { written[written_length = 0] = '\0'; }

static inline void begin(void)
{
    write_from_start();
    ouro_gc_disable();
    ouro_gc_set_output(write_text, NULL);
}

#endif
