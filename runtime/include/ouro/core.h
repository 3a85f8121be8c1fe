/* SPDX-License-Identifier: MIT
 * core.h - references, reference counting, types, errors, raw memory.
 *
 * A reference (ouro_ref) is either the address of an object, 8-byte aligned, or an immediate
 * integer: bit 0 set, value in the upper 31 bits, no memory behind it.  Every reference that
 * crosses a call is called new (the caller owns one count), borrowed (somebody else keeps it
 * alive) or stolen (the callee takes over the caller's count), as in CPython's C API.
 *
 * Failing calls return NULL, -1 or false, change nothing and set the error state.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_CORE_H
#define OURO_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouro/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The header of every object, 8 bytes; runtime/DESIGN.md draws it bit by bit. */
struct ouro_obj {
    uint32_t type_gc;     /* type index : 11 | gc field : 21 */
    uint32_t count_flags; /* reference count : 22 | flags : 10 */
};
typedef struct ouro_obj *ouro_ref;

/* ---- life of the runtime ---- */

/* Take over a block of memory and bring the runtime up in it.
 *   base   start of the arena; any alignment
 *   bytes  its size, 8 KiB to 16 MiB; nothing is ever taken from anywhere else
 *   returns 0, or -1 when the arena is too small or too large (nothing is touched then)
 *   cost    O(1): the arena is not walked
 * Calling it again starts afresh; whatever lived in an earlier arena is forgotten. */
int ouro_init(void *base, size_t bytes);

/* Seed the hashes of str and numbers, so that who sends keys cannot choose some that collide.  Call
 * it before anything else is made (panics otherwise); without it runs repeat.
 *   seed  128 bits that nobody else can know: of the board's source of entropy, or kept by it */
void ouro_set_hash_seed(const uint32_t seed[4]);

/* What CPython does at exit: call the finalizes of weakref.h that are alive, run a last full cycle,
 * tell of what is uncollectable (see ouro_gc_set_output).  Let go of the program's own references
 * before, and call ouro_finalize_run_all() before that if finalizes may look at them, as CPython
 * does.  O(heap).  The runtime may be used on. */
void ouro_fini(void);

/* Panic, naming `function`, if an interrupt handler is running: what allocates or counts is the
 * main loop's alone (ouro/isr.h has what handlers may call).  First in such a function, at CHECK
 * >= 2. */
void ouro_require_thread(const char *function);
#define OURO_THREAD_ONLY() (OURO_CHECK >= 2 ? ouro_require_thread(__func__) : (void)0)

/* ---- reference counting ---- */

enum {
    OURO_COUNT_ONE = 1u << 10,
    OURO_FLAG_IMMORTAL = 1u << 0,
    OURO_FLAG_CANDIDATE = 1u << 1,
};

/* Where the compiler does not inline what follows, it calls the library's copy. */
void ouro_incref_slow(ouro_ref ref);
void ouro_decref_slow(ouro_ref ref);

/* True if the reference is an immediate integer: it has no header. */
inline bool ouro_is_immediate(ouro_ref ref) { return ((uintptr_t)ref & 1u) != 0; }

/* Add one reference.
 *   cost     O(1), 8 instructions on the common path; past it, the collector is told (R1) */
inline void ouro_incref(ouro_ref ref)
{
    if (ouro_is_immediate(ref)) return;
    OURO_THREAD_ONLY();
    uint32_t word = ref->count_flags;
    if ((word & (OURO_FLAG_IMMORTAL | OURO_FLAG_CANDIDATE)) != 0u ||
        __builtin_add_overflow(word, (uint32_t)OURO_COUNT_ONE, &word)) {
        ouro_incref_slow(ref);
        return;
    }
    ref->count_flags = word;
}

/* Drop one reference; the object dies with the last one: its finalizer runs, its weak references
 * read as dead, and what it referred to is dropped too, at most OURO_RELEASE_UNITS of it within
 * this call.
 *   cost     O(1), 9 instructions on the common path */
inline void ouro_decref(ouro_ref ref)
{
    if (ouro_is_immediate(ref)) return;
    OURO_THREAD_ONLY();
    uint32_t word = ref->count_flags;
    if (word < 2u * OURO_COUNT_ONE || (word & (OURO_FLAG_IMMORTAL | OURO_FLAG_CANDIDATE)) != 0u) {
        ouro_decref_slow(ref);
        return;
    }
    ref->count_flags = word - OURO_COUNT_ONE;
}

/* The same for a reference that may be NULL. */
inline void ouro_xincref(ouro_ref ref)
{
    if (ref) ouro_incref(ref);
}
inline void ouro_xdecref(ouro_ref ref)
{
    if (ref) ouro_decref(ref);
}

/* Add a reference and return it, for `x = ouro_own(y)`.  Returns a new reference. */
inline ouro_ref ouro_own(ouro_ref ref)
{
    ouro_incref(ref);
    return ref;
}

/* Move a reference out of a field without counting it up and down: the field becomes NULL.
 *   returns  it as a new reference, now the caller's, or NULL if the field was empty
 * C code that reads a field and writes NULL by hand breaks rule R2; this is the way. */
ouro_ref ouro_take(ouro_ref *field);

/* Store a reference in a field and drop what was there.  Steals `value`, which may be NULL. */
void ouro_put(ouro_ref *field, ouro_ref value);

/* Move a reference from one field to another, empty one.  `*from` becomes NULL. */
void ouro_move(ouro_ref *to, ouro_ref *from);

/* ---- types ---- */

/* Piecewise output: called with each piece of a text in turn. */
typedef void ouro_write_fn(void *context, const char *text, size_t bytes);

/* Indices of the built-in types; constants, so that objects in flash can name their type.  Types
 * of other code follow, collected by the linker. */
enum ouro_type_index {
    OURO_TYPE_FREE, /* no object: a free cell */
    OURO_TYPE_NONE,
    OURO_TYPE_BOOL,
    OURO_TYPE_INT,
    OURO_TYPE_FLOAT,
    OURO_TYPE_STR,
    OURO_TYPE_LIST,
    /* Those that lead to an object without a count; the first and the last are in is_weak_type().
     */
    OURO_TYPE_WEAKREF,
    OURO_TYPE_WEAKCALL, /* a weakref with a callback */
    OURO_TYPE_PROXY,
    OURO_TYPE_PROXYCALL, /* a proxy with a callback */
    OURO_TYPE_FINALIZE,
    OURO_TYPE_WEAKENTRY, /* part of a weak container */
    /* Parts of containers, never seen by a program: nodes of 2, 4, 6, 8, 12 or 16 references. */
    OURO_TYPE_NODE,                         /* of lists and classes; dropped last to first */
    OURO_TYPE_VALUES = OURO_TYPE_NODE + 6,  /* of instances; dropped first to last */
    OURO_TYPE_ITEMS = OURO_TYPE_VALUES + 6, /* of tuples; dropped last to first */
    OURO_TYPE_PAIRS = OURO_TYPE_ITEMS + 6,  /* of dicts and sets; dropped first to last */
    OURO_TYPE_INDEX = OURO_TYPE_PAIRS + 6,  /* nodes and buckets of a hash trie */
    OURO_TYPE_HEAD = OURO_TYPE_INDEX + 3,   /* of a large dict or set */
    OURO_TYPE_DICT,
    OURO_TYPE_TUPLE, /* of 0 .. 16 items: an index for each length */
    OURO_TYPE_LONG_TUPLE = OURO_TYPE_TUPLE + 17,
    OURO_TYPE_SET,
    OURO_TYPE_FROZENSET,
    OURO_TYPE_BYTES,
    OURO_TYPE_BYTEARRAY,
    OURO_TYPE_MEMORYVIEW,
    OURO_TYPE_RANGE,
    OURO_TYPE_SLICE,
    OURO_TYPE_ITERATOR,
    OURO_TYPE_CELL,
    OURO_TYPE_FUNCTION,
    OURO_TYPE_METHOD,
    OURO_TYPE_CLASS,
    OURO_TYPE_INSTANCE,                       /* attributes in a node, laid out by its class */
    OURO_TYPE_SLOTTED,                        /* room for 1, 3 .. 15 slots */
    OURO_TYPE_ANCHOR = OURO_TYPE_SLOTTED + 8, /* what an object that got weak references keeps */
    OURO_TYPE_MODULE,
    OURO_TYPE_GENERATOR, /* room for 0, 2 .. 14 locals */
    OURO_TYPE_EXCEPTION = OURO_TYPE_GENERATOR + 8,
    OURO_TYPE_WEAKVALUES, /* WeakValueDictionary */
    OURO_TYPE_WEAKKEYS,   /* WeakKeyDictionary */
    OURO_TYPE_WEAKSET,
    OURO_TYPE_CACHE,
    OURO_TYPE_CACHEENTRY, /* part of one */
    OURO_TYPE_CONTEXT,
    OURO_TYPE_DICTKEYS, /* views of a dict */
    OURO_TYPE_DICTVALUES,
    OURO_TYPE_DICTITEMS,
    OURO_TYPE_NOTIMPLEMENTED,
    OURO_TYPE_BUILTINS,
    OURO_TYPE_USER = 0xff, /* in a descriptor: index given by the linker's order */
};

struct ouro_ops;

/* A type declares where its references are; nothing but the collector walks them, so no type can
 * break the bound.  References sit in words counted from the end of the header, word 0 first; an
 * object holds at most 16, and one that holds any has 504 bytes at most.  Descriptors are const and
 * live in flash. */
struct ouro_type {
    const char *name;
    uint16_t index;      /* OURO_TYPE_..., OURO_TYPE_USER for a type of your own */
    uint16_t size_bytes; /* of the fixed part, header included */
    uint32_t refs;       /* bit i: word i after the header is a reference or NULL */
    uint8_t weak_word;   /* 1 + the word that heads the list of weak references; 0: none allowed */
    bool is_hidden;      /* part of another object: get_objects and repr do not show it */
    bool drops_forward;  /* references are dropped first to last (dict), not last to first (list) */
    bool is_uncollectable : 1; /* has a finalizer that cannot run while it is part of a cycle: it is
                                * kept, with what it reaches, and listed by ouro_gc_garbage(), which
                                * the program has to link */
    /* Run once in the object's life, before it is freed; may revive it, allocate, collect. */
    void (*finalize)(ouro_ref self);
    /* Bytes of this very object, for types of variable size; NULL: size_bytes. */
    size_t (*sizeof_bytes)(ouro_ref self);
    /* What else it can do: repr, hash, ==, items.  NULL: an object with an identity and no more. */
    const struct ouro_ops *ops;
    /* Names of its words in their order, up to the last reference, separated by spaces, for
     * diagnostics; NULL: none. */
    const char *fields;
} __attribute__((aligned(32)));

/* The linker lays descriptors side by side; a type's number is a shift of its address. */
OURO_STATIC_ASSERT((sizeof(struct ouro_type) & (sizeof(struct ouro_type) - 1)) == 0,
                   "descriptors form an array");

/* 1 + the word of field `f`, for ouro_type.weak_word.  The field is an ouro_ref, zeroed, and the
 * runtime's alone. */
#define OURO_WEAK_WORD(struct_type, f)                                                             \
    (1u + (offsetof(struct_type, f) - sizeof(struct ouro_obj)) / sizeof(ouro_ref))

/* For ouro_type.weak_word: the word is in an object that is made with the first weak reference. */
#define OURO_WEAK_BY_ANCHOR 0xffu

/* Bit of field `f` in ouro_type.refs. */
#define OURO_REF_BIT(struct_type, f)                                                               \
    (1u << ((offsetof(struct_type, f) - sizeof(struct ouro_obj)) / sizeof(ouro_ref)))

/* Place a descriptor of your own in the linker-collected table:
 *   OURO_TYPE_DEFINE(pair_type) = { .name = "pair", .index = OURO_TYPE_USER, ... }; */
#define OURO_TYPE_DEFINE(variable)                                                                 \
    const struct ouro_type variable __attribute__((used, section("ouro_types")))

/* The descriptor of an object's type (of int for an immediate).  Borrowed, const, in flash. */
const struct ouro_type *ouro_type_of(ouro_ref ref);

/* Index of an object's type. */
inline unsigned ouro_type_index(ouro_ref ref)
{
    return ouro_is_immediate(ref) ? (unsigned)OURO_TYPE_INT : (unsigned)(ref->type_gc >> 21);
}

/* Create an object of a fixed-size type, its fields zeroed, tracked if the type has references.
 *   returns  new reference; NULL with MemoryError when the arena is exhausted (nothing changed)
 *   cost     O(1) plus at most OURO_ALLOC_UNITS of collection
 *   collects may run one step before taking the memory, never after
 *   context  thread mode; not from an interrupt */
ouro_ref ouro_obj_new(const struct ouro_type *type);

/* The same for a *plain* type: one of a program's own, with references, without a finalizer, and
 * small.  If the compiler sees the descriptor, it chooses this one by itself: it is quicker. */
ouro_ref ouro_obj_new_plain(const struct ouro_type *type, size_t granules);
enum { OURO_PLAIN_BYTES = 48 };

static inline bool ouro_type_is_plain(const struct ouro_type *type)
{
    return type->index == OURO_TYPE_USER && type->refs && !type->finalize &&
           type->size_bytes <= OURO_PLAIN_BYTES && OURO_CHECK < 2;
}
static inline ouro_ref ouro_obj_new_seen(const struct ouro_type *type)
{
    bool is_plain = ouro_type_is_plain(type);
    return __builtin_constant_p(is_plain) && is_plain
               ? ouro_obj_new_plain(type, (type->size_bytes + 7u) / 8u)
               : ouro_obj_new(type);
}
#define ouro_obj_new(type) ouro_obj_new_seen(type)

/* ---- errors ---- */

enum ouro_error_kind {
    OURO_NO_ERROR,
    OURO_MEMORY_ERROR,
    OURO_TYPE_ERROR,
    OURO_VALUE_ERROR,
    OURO_KEY_ERROR,
    OURO_INDEX_ERROR,
    OURO_OVERFLOW_ERROR,
    OURO_RUNTIME_ERROR,
    OURO_ATTRIBUTE_ERROR,
    OURO_REFERENCE_ERROR,
    OURO_BUFFER_ERROR,
    OURO_ZERO_DIVISION_ERROR,
};

/* The error state: what the last failing call reported, until cleared.
 *   message  receives the text, static; may be NULL
 *   returns  OURO_NO_ERROR when nothing failed */
enum ouro_error_kind ouro_error_get(const char **message);
void ouro_error_clear(void);

/* Set the error state.  `message` must live for ever (a literal). */
void ouro_error_set(enum ouro_error_kind kind, const char *message);

/* The same with a message made of a format, %s and %d, and what goes into it; cut off where it
 * exceeds 95 bytes. */
void ouro_error_format(enum ouro_error_kind kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Who is told of an error in what the runtime itself called, the callback of a weak reference for
 * one: `where` says whose, borrowed.  NULL, the default: nobody. */
typedef void ouro_error_hook(enum ouro_error_kind kind, const char *message, ouro_ref where);
void ouro_error_set_hook(ouro_error_hook *hook);

/* CPython's name of an error kind, e.g. "MemoryError". */
const char *ouro_error_name(enum ouro_error_kind kind);

/* ---- raw memory from the same arena ---- */

/* Uninitialised memory, 8-byte aligned, for buffers of C code.
 *   bytes    1 to the arena's size
 *   returns  NULL with MemoryError when there is no room (nothing changed)
 *   cost     O(1) and one byte of the page table a page of 512 bytes */
void *ouro_mem_alloc(size_t bytes);

/* Resize; contents are kept up to the smaller size.  NULL: the old block is still there.
 *   cost     O(1) in place, else a copy */
void *ouro_mem_resize(void *block, size_t bytes);

/* Give back; NULL is allowed.  Anything that is not a live block panics. */
void ouro_mem_free(void *block);

#ifdef __cplusplus
}
#endif
#endif
