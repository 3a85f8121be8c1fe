/* SPDX-License-Identifier: MIT
 * types.h - None, bool, int, float, str, list, tuple, dict, its views, iterators, range, slice, and
 * what can be done with any object.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_TYPES_H
#define OURO_TYPES_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a type can do besides being collected ---- */

enum ouro_op { OURO_LT, OURO_LE, OURO_EQ, OURO_NE, OURO_GT, OURO_GE };
enum { OURO_NOT_IMPLEMENTED = 2 };

/* Which items a slice takes: the first, their distance, how many. */
struct ouro_span {
    ptrdiff_t start, step;
    size_t count;
};

/* What `repr` is asked to write. */
enum ouro_part {
    OURO_BEGIN, /* all of it; of a type with items, what stands before them */
    OURO_END,   /* what stands behind the items */
    OURO_AGAIN, /* in place of the whole, inside itself: "[...]" */
};

/* The operations of a type, in flash; NULL for what it cannot.  Types with the same operations are
 * compared with each other as one (tuples of all lengths).  The runtime follows items without
 * recursion, so none of these calls ouro_repr, ouro_hash or ouro_equal for them.  References are
 * borrowed throughout.  An int returned is 0, or -1 with the error set. */
struct ouro_ops {
    /* Write a part of repr(); NULL: "<name object at 0x...>". */
    int (*repr)(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context);
    /* Write str(); NULL: the same as repr(). */
    int (*str)(ouro_ref self, ouro_write_fn *write, void *context);
    /* Hash.  Equal objects, equal hashes.  NULL: that of its items, or of its identity, or
     * TypeError, see `compare`. */
    int (*hash)(ouro_ref self, uint32_t *hash);
    /* self `op` other: 1, 0, -1, or OURO_NOT_IMPLEMENTED.  Never asked for OURO_NE.  NULL: item by
     * item, or if there are no items by identity.  A type with this and no `hash` is unhashable. */
    int (*compare)(ouro_ref self, ouro_ref other, enum ouro_op op);

    /* Items, for types that have some. */
    size_t (*len)(ouro_ref self);
    /* The next item, from *position = 0 on (of a sequence: item *position, and 1 is added), and
     * its key if it is a mapping (others leave *key alone).  False at the end.  O(1), and safe if
     * the object changed meanwhile. */
    bool (*next)(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item);
    /* A mapping's item under a key: 1, 0 if there is none, or -1.  Of a type that gives keys and
     * has no `find` the items are pairs, (key, item). */
    int (*find)(ouro_ref self, ouro_ref key, ouro_ref *item);
    /* Mix an item's hash into the hash of those before it.  NULL: unhashable. */
    uint32_t (*hash_mix)(uint32_t hash, uint32_t item_hash);

    /* What iter() of it gives next, a new reference, from *position = 0 on; NULL at the end, or
     * with the error set.  ouro_iterate_items() where `next` says it all.  NULL: not iterable. */
    ouro_ref (*iterate)(ouro_ref self, size_t *position);
    /* For an iterator itself: what it gives next, a new reference; NULL at the end, or with the
     * error set.  It goes on where it stopped, and is its own iter(). */
    ouro_ref (*advance)(ouro_ref self);
    /* What a slice takes of it, a new reference; NULL with the error set.  `self` is held. */
    ouro_ref (*take)(ouro_ref self, struct ouro_span span);
    /* The RuntimeError of one who iterates while `len` changes; NULL: that is allowed. */
    const char *size_changed;

    /* Call it: a new reference, or NULL with the error set.  NULL: TypeError. */
    ouro_ref (*call)(ouro_ref self, unsigned argc, const ouro_ref *argv);
    /* An attribute: a new reference, or NULL with AttributeError set.  NULL: it has none. */
    ouro_ref (*get_attr)(ouro_ref self, ouro_ref name);
    /* Set an attribute to a value, or delete it: NULL. */
    int (*set_attr)(ouro_ref self, ouro_ref name, ouro_ref value);
    /* type(self).__name__ where types are made at run time; NULL: the descriptor's name. */
    const char *(*type_name)(ouro_ref self);
};

/* For types with items that are compared and hashed by their identity nevertheless. */
int ouro_identity_compare(ouro_ref self, ouro_ref other, enum ouro_op op);
int ouro_identity_hash(ouro_ref self, uint32_t *hash);

/* `iterate` of a type with items: its keys if it is a mapping, else its items.  New reference. */
ouro_ref ouro_iterate_items(ouro_ref self, size_t *position);

/* ---- objects in flash: immortal, no memory, incref and decref leave them alone ---- */

extern const struct ouro_obj ouro_none_object, ouro_false_object, ouro_true_object;
#define OURO_NONE  ((ouro_ref)(uintptr_t)&ouro_none_object)
#define OURO_FALSE ((ouro_ref)(uintptr_t)&ouro_false_object)
#define OURO_TRUE  ((ouro_ref)(uintptr_t)&ouro_true_object)

/* Borrowed, but immortal: no need to count. */
static inline ouro_ref ouro_bool(bool value) { return value ? OURO_TRUE : OURO_FALSE; }

/* ---- int: 31 bits immediate, boxed up to 64 ---- */

/* New reference; immediate (no memory) for -2^30 .. 2^30-1.  NULL: MemoryError. */
ouro_ref ouro_int_new(int64_t value);
/* 0 and the value, or -1 with TypeError.  True and False count as 1 and 0, as in Python. */
int ouro_int_get(ouro_ref ref, int64_t *value);

/* ---- float: an IEEE 754 double ---- */

/* New reference; NULL: MemoryError. */
ouro_ref ouro_float_new(double value);
/* 0 and the value (an int is converted), or -1 with TypeError. */
int ouro_float_get(ouro_ref ref, double *value);

/* ---- str: immutable UTF-8, length and hash cached ---- */

/* New reference to a string of these bytes.  O(bytes).
 *   utf8   valid UTF-8 (surrogates may stand for themselves, as in Python); may hold zero bytes
 *   NULL   MemoryError, or ValueError when the bytes are not UTF-8 */
ouro_ref ouro_str_new(const char *utf8, size_t bytes);
/* The same for a C string. */
ouro_ref ouro_str_from(const char *utf8);
/* The bytes of a str (borrowed, followed by a zero byte) and their number; NULL with TypeError. */
const char *ouro_str_bytes(ouro_ref str, size_t *bytes);
/* A string whose bytes the caller fills in before anybody else sees it: *buffer has room for
 * `bytes`.  The caller vouches for valid UTF-8.  New reference; NULL: MemoryError. */
ouro_ref ouro_str_alloc(size_t bytes, char **buffer);

/* Of equal interned strings there is one, so that identity tells whether they are equal, and a
 * dict finds them soonest.  Interning keeps no string alive.
 *   returns  new reference to the interned string of this text; NULL with MemoryError, or
 *            ValueError when the bytes are not UTF-8
 *   cost     O(1) beyond hashing and comparing the text */
ouro_ref ouro_str_intern(ouro_ref str);
ouro_ref ouro_intern(const char *utf8, size_t bytes);

/* ---- list: a tree of nodes of 16, indexed by shifts; no append ever copies the list ---- */

/* New reference to an empty list; NULL: MemoryError. */
ouro_ref ouro_list_new(void);
size_t ouro_list_len(ouro_ref list);
/* Item i, borrowed.  i < 0 counts from the end.  NULL with IndexError.  O(depth), depth <= 5. */
ouro_ref ouro_list_get(ouro_ref list, ptrdiff_t i);
/* Replace item i; takes a reference of its own.  0, or -1 with IndexError.  O(depth). */
int ouro_list_set(ouro_ref list, ptrdiff_t i, ouro_ref item);
/* Append; takes a reference of its own.  0, or -1 with MemoryError.  O(depth). */
int ouro_list_append(ouro_ref list, ouro_ref item);
/* Insert before position i (clamped, as in Python).  O(n - i). */
int ouro_list_insert(ouro_ref list, ptrdiff_t i, ouro_ref item);
/* Remove and return item i: a new reference.  O(n - i); at the end O(depth).  NULL: IndexError. */
ouro_ref ouro_list_pop(ouro_ref list, ptrdiff_t i);
/* Take out the first item that is equal to this one.  O(n).  0, or -1 with ValueError where there
 * is none, or what a comparison failed with. */
int ouro_list_remove(ouro_ref list, ouro_ref item);
/* Append what any object gives when it is iterated (a mapping: its keys).  O(n).  0, or -1 with
 * MemoryError, TypeError or the iterator's error; what was appended before that stays. */
int ouro_list_extend(ouro_ref list, ouro_ref items);
/* Turn the order round.  O(n). */
void ouro_list_reverse(ouro_ref list);
/* Sort by <, largest first if reversed; stable.  O(n log n) comparisons, and n references of
 * memory. Meanwhile the list is empty. returns 0, or -1 with MemoryError (nothing changed), with
 * what a comparison failed with, or with ValueError when a program changed the list meanwhile: the
 * items are in some order */
int ouro_list_sort(ouro_ref list, bool is_reversed);
/* Drop every item; the nodes die through the dead queue. */
void ouro_list_clear(ouro_ref list);

/* Walk over a list, the quickest way: the items borrowed, each while the list holds it.  What is
 * added and taken away meanwhile shifts the rest as it does for Python's iterators.
 *   ouro_ref item;
 *   OURO_LIST_FOR(item, list) { ... }
 *   list   borrowed; held by the caller
 *   cost   13 instructions an item; 50 where a node begins, or where one of any list was replaced
 */
#define OURO_LIST_FOR(item, list)                                                                  \
    for (struct ouro_list_walk walk_##item = {(list), 0, NULL, NULL, 0};                           \
         ((item) = ouro_list_walk_next(&walk_##item)) != NULL;)

struct ouro_list_walk { /* the functions' own, but for the first two: from where on */
    ouro_ref list;
    size_t position;    /* of `end` */
    ouro_ref *at, *end; /* items to come, in one node */
    uint32_t changes;   /* what `ouro_heap` begins with: nodes of lists that were replaced */
};
extern struct heap *ouro_heap;
ouro_ref ouro_list_walk_slowly(struct ouro_list_walk *walk);
/* The next item, borrowed; NULL at the end. */
static inline ouro_ref ouro_list_walk_next(struct ouro_list_walk *walk)
{
    if (walk->at != walk->end && walk->changes == *(const uint32_t *)(const void *)ouro_heap) {
        ouro_ref item = *walk->at;
        if (item) { /* else the list ends here */
            walk->at++;
            return item;
        }
    }
    return ouro_list_walk_slowly(walk);
}

/* ---- tuple: immutable; up to 16 items in the object itself, 8 bytes and 4 an item ---- */

extern const struct ouro_obj ouro_empty_tuple_object;
#define OURO_EMPTY_TUPLE ((ouro_ref)(uintptr_t)&ouro_empty_tuple_object)

/* Is it a tuple, of whatever length?  (Tuples of different lengths have different types.) */
static inline bool ouro_is_tuple(ouro_ref ref)
{
    return ouro_type_index(ref) - (unsigned)OURO_TYPE_TUPLE <=
           (unsigned)(OURO_TYPE_LONG_TUPLE - OURO_TYPE_TUPLE);
}

/* New reference to a tuple of n items; takes references of its own to them.  All empty tuples are
 * one object.  O(n).  NULL: MemoryError. */
ouro_ref ouro_tuple_new(size_t n, const ouro_ref *items);
/* The same of the n <= 16 arguments that follow. */
ouro_ref ouro_tuple_of(size_t n, ...);
size_t ouro_tuple_len(ouro_ref tuple);
/* Item i, borrowed.  i < 0 counts from the end.  NULL with IndexError.  O(depth), depth <= 5. */
ouro_ref ouro_tuple_get(ouro_ref tuple, ptrdiff_t i);
/* tuple[start:stop], clamped as in Python; the whole of it is the tuple itself.  New reference;
 * NULL: MemoryError.  O(stop - start). */
ouro_ref ouro_tuple_slice(ouro_ref tuple, ptrdiff_t start, ptrdiff_t stop);
/* a + b.  New reference; NULL: MemoryError, or TypeError if b is no tuple.  O(n). */
ouro_ref ouro_tuple_concat(ouro_ref a, ouro_ref b);

/* A tuple whose length is not known beforehand.  Nobody sees it before it is complete.
 *   struct ouro_tuple_builder builder;
 *   ouro_tuple_begin(&builder);
 *   while (...) if (ouro_tuple_add(&builder, item) < 0) { ouro_tuple_abandon(&builder); ... }
 *   ouro_ref tuple = ouro_tuple_end(&builder); */
enum { OURO_TUPLE_CHUNK = 16 };
struct ouro_tuple_builder { /* the functions' own */
    size_t length;
    unsigned shift;
    ouro_ref root;
    ouro_ref chunk[OURO_TUPLE_CHUNK];
};
void ouro_tuple_begin(struct ouro_tuple_builder *builder);
/* Takes a reference of its own.  0, or -1 with MemoryError (nothing changed).  O(depth). */
int ouro_tuple_add(struct ouro_tuple_builder *builder, ouro_ref item);
/* New reference, or NULL with MemoryError; either way the builder holds nothing any more.  O(1). */
ouro_ref ouro_tuple_end(struct ouro_tuple_builder *builder);
/* Drop what was added. */
void ouro_tuple_abandon(struct ouro_tuple_builder *builder);

/* ---- dict: insertion-ordered; no insert ever rehashes the table ---- */

/* Keys are compared by ==, identity first.  A tuple serves as a key if it is nested no more than 16
 * levels deep (RuntimeError). */

/* New reference to an empty dict; NULL: MemoryError. */
ouro_ref ouro_dict_new(void);
size_t ouro_dict_len(ouro_ref dict);
/* Value of a key, borrowed; NULL without an error when it is missing, with TypeError when the key
 * cannot be hashed.  O(1). */
ouro_ref ouro_dict_get(ouro_ref dict, ouro_ref key);
/* Set; takes references of its own to key and value.  0, or -1 with MemoryError or TypeError. */
int ouro_dict_set(ouro_ref dict, ouro_ref key, ouro_ref value);
/* The value of a key, borrowed, which becomes `value` if there is none.  NULL with MemoryError or
 * TypeError. */
ouro_ref ouro_dict_setdefault(ouro_ref dict, ouro_ref key, ouro_ref value);
/* Remove.  0, or -1 with KeyError or TypeError.  O(1). */
int ouro_dict_del(ouro_ref dict, ouro_ref key);
/* Remove and return the value: a new reference.  NULL with KeyError or TypeError.  O(1). */
ouro_ref ouro_dict_pop(ouro_ref dict, ouro_ref key);
/* Remove the youngest entry: new references to its key and value.  0, or -1 with KeyError. */
int ouro_dict_popitem(ouro_ref dict, ouro_ref *key, ouro_ref *value);
/* Set all entries of another dict.  O(n).  0, or -1 with MemoryError, or RuntimeError when a
 * finalizer changed the other's size; what was set before stays. */
int ouro_dict_update(ouro_ref dict, ouro_ref other);
/* New reference to a dict of the same entries.  O(n).  NULL: as update. */
ouro_ref ouro_dict_copy(ouro_ref dict);
/* Set the entries of another dict, or the pairs that any object gives when it is iterated; without
 * `overrides` only those whose key is not there.  O(n).  0, or -1 with TypeError, ValueError (no
 * pair), the iterator's error or those of update; what was set before stays. */
int ouro_dict_merge(ouro_ref dict, ouro_ref items, bool overrides);
/* New references to dict(items), of such items; to a dict of the keys that any object gives, each
 * with this value; and to a | b of two dicts, which ouro_arith() does not know.  O(n).  NULL with
 * the same errors. */
ouro_ref ouro_dict_from(ouro_ref items);
ouro_ref ouro_dict_fromkeys(ouro_ref keys, ouro_ref value);
ouro_ref ouro_dict_union(ouro_ref a, ouro_ref b);
/* Walk in insertion order: start with *position = 0; true while there is an entry.  Borrowed. */
bool ouro_dict_next(ouro_ref dict, size_t *position, ouro_ref *key, ouro_ref *value);
void ouro_dict_clear(ouro_ref dict);
/* Views of a dict: of its keys, its values, its (key, value) tuples, always as it is then.  They
 * have a len(), are iterated, printed and asked for what is in them; those of keys and items are
 * like sets (ouro/set.h).  New reference; NULL: MemoryError. */
ouro_ref ouro_dict_keys(ouro_ref dict);
ouro_ref ouro_dict_values(ouro_ref dict);
ouro_ref ouro_dict_items(ouro_ref dict);

/* ---- iterators ---- */

/* New reference to an iterator: of what can be iterated a new one, of an iterator itself.  NULL
 * with TypeError or MemoryError. */
ouro_ref ouro_iter(ouro_ref ref);
/* What the iterator gives next, a new reference; NULL without an error at its end, NULL with one
 * otherwise (RuntimeError where a dict or a set changed its size meanwhile).  An error of before is
 * cleared then, so that the state tells the two apart.  O(1). */
ouro_ref ouro_iter_next(ouro_ref iterator);

/* ---- range: numbers from start on by steps, none of them in memory ---- */

/* New reference to range(start, stop, step); NULL with ValueError for a step of 0, or MemoryError.
 */
ouro_ref ouro_range_new(int64_t start, int64_t stop, int64_t step);
/* How many numbers; at most 2^64 - 1. */
uint64_t ouro_range_len(ouro_ref range);
/* Number i, a new reference.  i < 0 counts from the end.  NULL: IndexError, or MemoryError. */
ouro_ref ouro_range_get(ouro_ref range, int64_t i);
/* Is it one of the numbers?  O(1). */
bool ouro_range_contains(ouro_ref range, int64_t value);
/* Where it is; -1 with ValueError, or OverflowError beyond 2^63 - 1.  O(1). */
int64_t ouro_range_index(ouro_ref range, int64_t value);
/* range[slice], a new reference to a range; NULL with MemoryError, TypeError, ValueError, or
 * OverflowError where its stop or step has more than 64 bits.  O(1). */
ouro_ref ouro_range_slice(ouro_ref range, ouro_ref slice);

/* ---- slice: start, stop and step of a subscript, each an int or None ---- */

/* New reference; NULL: MemoryError. */
ouro_ref ouro_slice_new(ouro_ref start, ouro_ref stop, ouro_ref step);
/* The items that a slice takes of n, as slice.indices() says.
 *   returns  0, or -1 with TypeError (none of int and None) or ValueError (a step of 0) */
int ouro_slice_span(ouro_ref slice, size_t n, struct ouro_span *span);
/* ref[slice] of a list, tuple, str or bytes-like object: a new reference of the same type; NULL
 * with an error.  O(n). */
ouro_ref ouro_slice_of(ouro_ref ref, ouro_ref slice);
/* list[slice] = items, of anything that can be iterated: with a step of 1 as many as there are,
 * else as many as the slice takes.  0, or -1 with MemoryError or ValueError (nothing changed),
 * TypeError, or RuntimeError when a finalizer changed the list meanwhile.  O(n - start + items). */
int ouro_list_set_slice(ouro_ref list, ouro_ref slice, ouro_ref items);
/* del list[slice].  0, or -1 with the same errors.  O(n - start). */
int ouro_list_del_slice(ouro_ref list, ouro_ref slice);

/* ---- any object ---- */

/* type(x).__name__; lives as long as the type.  For messages. */
const char *ouro_type_name(ouro_ref ref);
/* Python's len(): -1 with TypeError for what has none.  O(n) the first time of a str of 255 bytes
 * and more that ouro_str_alloc() made, and each time of a constant one. */
ptrdiff_t ouro_len(ouro_ref ref);

/* a `op` b, as in Python: 1, 0, or -1 with an error, TypeError where there is no order.  No
 * recursion; nesting beyond 16 levels takes memory from the arena.  O(n). */
int ouro_compare(ouro_ref a, ouro_ref b, enum ouro_op op);
/* Python's hash(): equal values, equal hashes, across int, bool and float.  -1 with TypeError for
 * list and dict and what holds one, else 0 and the hash.  O(n) for a tuple; nesting beyond 16
 * levels takes memory from the arena. */
int ouro_hash(ouro_ref ref, uint32_t *hash);
/* Python's == : 1, 0, or -1 with an error.  No recursion; nesting costs memory from the arena. */
int ouro_equal(ouro_ref a, ouro_ref b);
/* repr() as CPython prints it, piece by piece; cycles as [...] and {...}.
 *   cost    O(n); the C stack stays flat, nesting beyond 16 levels takes memory from the arena
 *   returns 0, or -1 with MemoryError (part of the text may have been written) */
int ouro_repr(ouro_ref ref, ouro_write_fn *write, void *context);
/* str(), the same way: a str as it is, everything else as repr() if its type says nothing else.
 * O(n). */
int ouro_str_of(ouro_ref ref, ouro_write_fn *write, void *context);

#ifdef __cplusplus
}
#endif
#endif
