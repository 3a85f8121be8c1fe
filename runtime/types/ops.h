/* SPDX-License-Identifier: MIT
 * ops.h - what the operations of types share.
 *
 * An object is *followed* when its items are compared, hashed or printed in its place: by a loop
 * over a stack (walk.h), never by recursion. */
#ifndef OURO_RUNTIME_OPS_H
#define OURO_RUNTIME_OPS_H

#include <string.h>

#include "fmt_text.h"
#include "object.h"
#include "ouro/abstract.h"

/* Of a type that has none: everything is NULL. */
extern const struct ouro_ops no_ops;

inline const struct ouro_ops *ops_of(ouro_ref ref)
{
    const struct ouro_ops *ops = type_at(ouro_type_index(ref))->ops;
    return ops ? ops : &no_ops;
}

/* Is it compared item by item? */
static inline bool compares_items(const struct ouro_ops *ops) { return ops->next && !ops->compare; }
/* Is it hashed item by item? */
static inline bool hashes_items(const struct ouro_ops *ops) { return ops->hash_mix && !ops->hash; }

/* The answer to `op` when self is less than (-1), equal to (0) or greater than (1) the other, or
 * neither (2: a NaN is about). */
static inline int answer_for(enum ouro_op op, int order)
{
    static const uint8_t yes[] = {
        [OURO_LT] = 1, [OURO_LE] = 3, [OURO_EQ] = 2, [OURO_NE] = 13, [OURO_GT] = 4, [OURO_GE] = 6,
    };
    return yes[op] >> (order + 1) & 1;
}

/* Is the answer true?  1 or 0; -1 if it is NULL.  Steals it. */
int truth(ouro_ref answer);

/* Set KeyError with repr() of a key that is not there; missing.c */
void error_missing(ouro_ref key);

/* repr of a str; str_repr.c */
int str_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context);

/* A str as a sequence of code points, O(bytes); str_items.c */
size_t str_points(ouro_ref self);
ouro_ref str_iterate(ouro_ref self, size_t *position);
ouro_ref str_take(ouro_ref self, struct ouro_span span);

/* How sets and a dict's views of keys and items compare; a `op` b of them as ouro_arith() gives it,
 * false if they are none or have no such operator.  set.c */
int set_compare(ouro_ref self, ouro_ref other, enum ouro_op op);
bool set_arith(ouro_ref a, enum ouro_arith op, ouro_ref b, ouro_ref *result);
/* item in self, of a view of keys or items; dict_view.c */
int view_contains(ouro_ref self, ouro_ref item);

/* Go through what any object gives when it is iterated, until `take` answers other than 0: that
 * answer; 0 at the end; -1 with the error set, which may be the iterator's.  Each item is held
 * meanwhile.  iterator.c */
typedef int item_fn(void *context, ouro_ref item);
int each_item(ouro_ref items, item_fn *take, void *context);

/* Set the TypeError of a + b, of which a is a sequence and b is another thing.  Returns NULL. */
ouro_ref error_concat(ouro_ref a, ouro_ref b);

/* list_take.c, bytearray.c: self + other is a list, or a bytearray; NULL with TypeError, too. */
ouro_ref list_take(ouro_ref self, struct ouro_span span);
ouro_ref list_concat(ouro_ref self, ouro_ref other);
ouro_ref bytearray_concat(ouro_ref self, ouro_ref other);

/* A field of a range, 64 bits with a sign but for the count of its numbers; range.c */
enum range_field { RANGE_START, RANGE_STOP, RANGE_STEP, RANGE_COUNT };
uint64_t range_get(ouro_ref range, enum range_field field);

/* int and bool are ints to each other; number.c */
int int_compare(ouro_ref self, ouro_ref other, enum ouro_op op);
int int_hash(ouro_ref self, uint32_t *hash);

#endif
