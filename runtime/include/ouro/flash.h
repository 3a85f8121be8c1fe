/* SPDX-License-Identifier: MIT
 * flash.h - constant objects, declared in C or C++: they lie in flash and cost no RAM.
 *
 *   OURO_STR_CONST(red, "red");
 *   OURO_FLOAT_CONST(half, 0.5);
 *   OURO_TUPLE_CONST(pair, OURO_CONST(red), OURO_CONST_INT(7));
 *   OURO_DICT_CONST(table, OURO_CONST(red), OURO_CONST(pair));
 *   ... ouro_dict_get(OURO_CONST(table), key) ...
 *
 * Each declares a static object; OURO_CONST(name) is the reference to it, borrowed and immortal: it
 * is never counted, so that nothing ever writes to it.  They refer to each other, to None, True and
 * False, and to small ints, never to objects in RAM.  A constant str has no room for its hash,
 * which is worked out each time: as a key that is often used, intern it first (ouro_str_intern()).
 * A constant dict cannot be changed (TypeError); copy it. */
#ifndef OURO_FLASH_H
#define OURO_FLASH_H

#include "ouro/types.h"

/* The reference to a constant. */
#define OURO_CONST(name) ((ouro_ref)(uintptr_t) & (name))
/* An int of -2^30 .. 2^30-1 as an item of a constant; it is no object at all. */
#define OURO_CONST_INT(value) ((ouro_ref)(uintptr_t)((uint32_t)(value) << 1 | 1u))

/* utf8: a literal of at most 254 bytes; or of 255 and more. */
#define OURO_STR_CONST(name, utf8)                                                                 \
    OURO_FLASH_LINK(name, ouro_str_from);                                                          \
    OURO_STATIC_ASSERT(sizeof(utf8) <= 255, "a long str: OURO_LONG_STR_CONST");                    \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        uint32_t hash;                                                                             \
        uint8_t length;                                                                            \
        char text[sizeof(utf8)];                                                                   \
    } name OURO_FLASH_ATTRIBUTES = {OURO_FLASH_HEADER(OURO_TYPE_STR), 0, sizeof(utf8) - 1, utf8}
#define OURO_LONG_STR_CONST(name, utf8)                                                            \
    OURO_FLASH_LINK(name, ouro_str_from);                                                          \
    OURO_STATIC_ASSERT(sizeof(utf8) > 255, "a short str: OURO_STR_CONST");                         \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        uint32_t hash;                                                                             \
        uint32_t length;                                                                           \
        uint32_t bytes;                                                                            \
        char text[sizeof(utf8)];                                                                   \
    } name OURO_FLASH_ATTRIBUTES = {OURO_FLASH_HEADER(OURO_TYPE_STR), 0, 255, sizeof(utf8) - 1,    \
                                    utf8}

/* An int of up to 64 bits. */
#define OURO_INT_CONST(name, integer)                                                              \
    OURO_FLASH_LINK(name, ouro_int_new);                                                           \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        int64_t value;                                                                             \
    } name OURO_FLASH_ATTRIBUTES = {OURO_FLASH_HEADER(OURO_TYPE_INT), integer}

#define OURO_FLOAT_CONST(name, real)                                                               \
    OURO_FLASH_LINK(name, ouro_float_new);                                                         \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        double value;                                                                              \
    } name OURO_FLASH_ATTRIBUTES = {OURO_FLASH_HEADER(OURO_TYPE_FLOAT), real}

/* 1 to 16 items. */
#define OURO_TUPLE_CONST(name, ...)                                                                \
    OURO_FLASH_LINK(name, ouro_tuple_new);                                                         \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        ouro_ref items[OURO_FLASH_COUNT(__VA_ARGS__)];                                             \
    } name OURO_FLASH_ATTRIBUTES = {                                                               \
        OURO_FLASH_HEADER(OURO_TYPE_TUPLE + OURO_FLASH_COUNT(__VA_ARGS__)), {__VA_ARGS__}}

/* 1 to 8 entries: key, value, key, value ...  No two keys may be equal. */
#define OURO_DICT_CONST(name, ...)                                                                 \
    OURO_FLASH_LINK(name, ouro_dict_new);                                                          \
    static const struct {                                                                          \
        struct ouro_obj header;                                                                    \
        uint32_t used;                                                                             \
        ouro_ref root;                                                                             \
        struct {                                                                                   \
            struct ouro_obj header;                                                                \
            ouro_ref items[OURO_FLASH_ROOM(OURO_FLASH_COUNT(__VA_ARGS__))];                        \
        } node __attribute__((aligned(8)));                                                        \
    } name OURO_FLASH_ATTRIBUTES = {                                                               \
        OURO_FLASH_HEADER(OURO_TYPE_DICT),                                                         \
        OURO_FLASH_COUNT(__VA_ARGS__) / 2,                                                         \
        (ouro_ref)(uintptr_t) & (name).node,                                                       \
        {OURO_FLASH_HEADER(OURO_TYPE_PAIRS + OURO_FLASH_KIND(OURO_FLASH_COUNT(__VA_ARGS__))),      \
         {__VA_ARGS__}}}

/* ---- what the macros are made of ---- */

/* The header of an object in flash: immortal, of no generation. */
enum {
    OURO_FLASH_TYPE_SHIFT = 21,
    OURO_FLASH_FLAGS = OURO_COUNT_ONE | 6u << 5 | OURO_FLAG_IMMORTAL
};
#define OURO_FLASH_HEADER(type)                                                                    \
    {                                                                                              \
        (uint32_t)(type) << OURO_FLASH_TYPE_SHIFT, OURO_FLASH_FLAGS                                \
    }
#define OURO_FLASH_ATTRIBUTES __attribute__((unused, aligned(8)))

/* Objects name their type by number: this makes the linker take in the type itself, by one of its
 * functions. */
#define OURO_FLASH_LINK(name, function)                                                            \
    static void *const name##_link __attribute__((used)) = (void *)(uintptr_t) & (function)

/* How many arguments, 1 to 16. */
#define OURO_FLASH_COUNT(...)                                                                      \
    OURO_FLASH_17TH(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define OURO_FLASH_17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, number, ...) number

/* A dict's node for n keys and values: its type, of the six sizes, and the room in it. */
#define OURO_FLASH_KIND(n) ((n) <= 8 ? ((n) + 1) / 2 - 1 : (n) <= 12 ? 4 : 5)
#define OURO_FLASH_ROOM(n) ((n) <= 8 ? ((n) + 1) / 2 * 2 : (n) <= 12 ? 12 : 16)

#endif
