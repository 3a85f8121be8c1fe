/* SPDX-License-Identifier: MIT
 * bytes.c - the bytes type, and what all bytes-like objects share. */
#include "types/bytes.h"

#include "hash.h"
#include "ouro/diag.h"
#include "types/quote.h"

extern const struct ouro_type ouro_bytes_type;

/* A cell has two words at least. */
static size_t size_for(size_t n) { return sizeof(struct bytes) + (n < 4 ? 4 : n); }
static size_t bytes_sizeof(ouro_ref self) { return size_for(bytes_length(self)); }

/* ---- making ---- */

static ouro_ref alloc(size_t n, uint8_t **data, const void *stack)
{
    if (n > UINT32_MAX / 2) {
        ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
        return NULL;
    }
    ouro_ref ref = (leaf_new)(&ouro_bytes_type, size_for(n), stack);
    if (!ref) return NULL;
    struct bytes *bytes = (struct bytes *)(void *)ref;
    bytes->length = (uint32_t)n;
    *data = bytes->data;
    return ref;
}

ouro_ref ouro_bytes_alloc(size_t n, uint8_t **data)
{
    OURO_THREAD_ONLY();
    return alloc(n, data, STACK());
}

ouro_ref ouro_bytes_new(const void *data, size_t n)
{
    OURO_THREAD_ONLY();
    uint8_t *to;
    ouro_ref ref = alloc(n, &to, STACK());
    if (ref && n) memcpy(to, data, n);
    return ref;
}

ouro_ref ouro_bytes_concat(ouro_ref a, ouro_ref b)
{
    OURO_THREAD_ONLY();
    if (!is_bytes_like(a) || !is_bytes_like(b))
        return error_about(OURO_TYPE_ERROR, "can't concat %T to %T", b, a);
    uint8_t *to;
    size_t n = bytes_length(a), m = bytes_length(b);
    const uint8_t *from_a = bytes_data(a), *from_b = bytes_data(b);
    ouro_ref held_a = bytes_hold(a), held_b = bytes_hold(b);
    ouro_ref sum = alloc(n + m, &to, STACK());
    if (sum && n) memcpy(to, from_a, n);
    if (sum && m) memcpy(to + n, from_b, m);
    ouro_xdecref(held_a);
    ouro_xdecref(held_b);
    return sum;
}

/* ---- reading ---- */

bool ouro_bytes_view(ouro_ref bytes_like, const uint8_t **data, size_t *n)
{
    if (!is_bytes_like(bytes_like)) {
        error_about(OURO_TYPE_ERROR, "a bytes-like object is required, not '%T'", bytes_like);
        return false;
    }
    *data = bytes_data(bytes_like);
    *n = bytes_length(bytes_like);
    return true;
}

/* ---- operations ---- */

/* As quote_text() wants it. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static size_t escape(char *out, const uint8_t *at, size_t *bytes)
{
    (void)bytes;
    if (*at >= ' ' && *at < 0x7f) return 0;
    out[1] = 'x';
    return 2 + ouro_format_hex(out + 2, *at, 2);
}

int bytes_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    size_t n = bytes_length(self);
    const char *text = (const char *)bytes_data(self);
    bool is_array = ouro_type_index(self) == OURO_TYPE_BYTEARRAY;
    (void)part;
    ouro_ref held = bytes_hold(self); /* what writes may run code that changes the array */
    (void)write_text(write, context, is_array ? "bytearray(b" : "b");
    (void)write_quoted(text, n, escape, is_array, write, context); /* as CPython does */
    ouro_xdecref(held);
    return is_array ? write_text(write, context, ")") : 0;
}

static bool is_array(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_BYTEARRAY; }
static bool is_view(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_MEMORYVIEW; }

int bytes_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (!is_bytes_like(other)) return OURO_NOT_IMPLEMENTED;
    size_t n = bytes_length(self), m = bytes_length(other), least = n < m ? n : m;
    if (op == OURO_EQ) {
        if (n != m) return 0;
    } else if ((is_view(self) || is_view(other)) && !is_array(self) && !is_array(other)) {
        return OURO_NOT_IMPLEMENTED; /* as in CPython, only a bytearray is ordered with a view */
    }
    int order = least ? memcmp(bytes_data(self), bytes_data(other), least) : 0;
    if (order == 0) order = n < m ? -1 : n > m;
    return answer_for(op, order < 0 ? -1 : order > 0);
}

/* Another one than that of a str of the same bytes. */
int bytes_hash(ouro_ref self, uint32_t *hash)
{
    *hash = ~hash_bytes(bytes_data(self), bytes_length(self));
    return 0;
}

ouro_ref bytes_iterate(ouro_ref self, size_t *position)
{
    if (*position >= bytes_length(self)) return NULL;
    return ouro_int_new(bytes_data(self)[(*position)++]);
}

void bytes_copy_span(uint8_t *to, const uint8_t *data, struct ouro_span span)
{
    if (span.step == 1 && span.count) memcpy(to, data + span.start, span.count);
    if (span.step == 1) return;
    ptrdiff_t at = span.start;
    for (size_t i = 0; i < span.count; i++, at += span.step) to[i] = data[at];
}

static ouro_ref bytes_take(ouro_ref self, struct ouro_span span)
{
    uint8_t *to;
    if (span.step == 1 && span.count == bytes_length(self)) return ouro_own(self);
    ouro_ref part = ouro_bytes_alloc(span.count, &to);
    if (part) bytes_copy_span(to, bytes_data(self), span);
    return part;
}

static const struct ouro_ops bytes_ops = {
    .repr = bytes_repr,
    .hash = bytes_hash,
    .compare = bytes_compare,
    .len = bytes_length,
    .iterate = bytes_iterate,
    .take = bytes_take,
};
const struct ouro_type ouro_bytes_type = {
    .name = "bytes",
    .index = OURO_TYPE_BYTES,
    .size_bytes = sizeof(struct bytes),
    .sizeof_bytes = bytes_sizeof,
    .ops = &bytes_ops,
};
