/* SPDX-License-Identifier: MIT
 * bytes.h - the layouts of bytes-like objects, and the operations that they share.
 *
 * bytes holds its data; a bytearray and a memoryview have the same words, since both refer to data
 * that their owner holds.  The owner of a bytearray's data is a bytes object of its own: whoever
 * else has a reference to that is a view, so that its count tells whether the array may grow. */
#ifndef OURO_RUNTIME_BYTES_H
#define OURO_RUNTIME_BYTES_H

#include "ouro/bytes.h"
#include "types/ops.h"

struct bytes {
    struct ouro_obj header;
    uint32_t length;
    uint8_t data[];
};

struct bytes_view { /* a bytearray or a memoryview */
    struct ouro_obj header;
    uint32_t length;
    uint8_t *data;
    ouro_ref owner; /* may be NULL */
    bool is_readonly;
};

static inline struct bytes_view *view_of(ouro_ref ref) { return (struct bytes_view *)(void *)ref; }

static inline bool is_bytes_like(ouro_ref ref)
{
    return ouro_type_index(ref) - OURO_TYPE_BYTES <=
           (unsigned)(OURO_TYPE_MEMORYVIEW - OURO_TYPE_BYTES);
}
/* Of a bytes-like object. */
static inline size_t bytes_length(ouro_ref ref) { return view_of(ref)->length; }
static inline uint8_t *bytes_data(ouro_ref ref)
{
    if (ouro_type_index(ref) == OURO_TYPE_BYTES) return ((struct bytes *)(void *)ref)->data;
    return view_of(ref)->data;
}

/* Keep the data of a bytes-like object where they are, and its length as it is: a new reference to
 * be dropped, or NULL. */
static inline ouro_ref bytes_hold(ouro_ref ref)
{
    ouro_ref owner = ouro_type_index(ref) == OURO_TYPE_BYTES ? ref : view_of(ref)->owner;
    ouro_xincref(owner);
    return owner;
}

/* Where byte i is, or NULL with IndexError. */
uint8_t *bytes_at(ouro_ref ref, ptrdiff_t i);

/* May it have a byte of that value?  If not, ValueError. */
bool bytes_allow(ouro_ref ref, int value);

/* Operations; see struct ouro_ops. */
int bytes_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context);
int bytes_compare(ouro_ref self, ouro_ref other, enum ouro_op op);
int bytes_hash(ouro_ref self, uint32_t *hash);
ouro_ref bytes_iterate(ouro_ref self, size_t *position);
/* Copy what a span takes of some bytes. */
void bytes_copy_span(uint8_t *to, const uint8_t *data, struct ouro_span span);

#endif
