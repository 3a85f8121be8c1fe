/* SPDX-License-Identifier: MIT
 * bytearray.c - the bytearray type: a length, and a bytes object that has room for at least that.
 *
 * To get memory may collect, and so run code of the program's that changes this very array: what is
 * to be done is worked out again afterwards. */
#include "types/bytes.h"

extern const struct ouro_type ouro_bytearray_type;

static struct bytes_view *array_of(ouro_ref ref) { return expect(ref, OURO_TYPE_BYTEARRAY); }

static size_t room_of(const struct bytes_view *array)
{
    return array->owner ? bytes_length(array->owner) : 0;
}

/* May its length change?  If not, BufferError. */
static bool is_alone(const struct bytes_view *array)
{
    if (!array->owner || refcount(array->owner) == 1) return true;
    ouro_error_set(OURO_BUFFER_ERROR, "Existing exports of data: object cannot be re-sized");
    return false;
}

/* Have room for `more` bytes behind the last; none, and views do not matter. */
static bool reserve(struct bytes_view *array, size_t more)
{
    if (more == 0) return true;
    while (is_alone(array)) {
        size_t needed = array->length + more;
        if (needed <= room_of(array)) return true;
        uint8_t *data;
        ouro_ref owner = ouro_bytes_alloc(needed + needed / 4 + 4, &data), old = array->owner;
        if (!owner) return false;
        if (!is_alone(array) || bytes_length(owner) < array->length + more) {
            object_discard(owner);
            continue;
        }
        if (array->length) memcpy(data, array->data, array->length);
        array->data = data;
        array->owner = owner;
        if (old) object_discard(old); /* no other reference, and no time for user code */
    }
    return false;
}

ouro_ref ouro_bytearray_new(const void *data, size_t n)
{
    ouro_ref ref = ouro_obj_new(&ouro_bytearray_type);
    if (ref) object_untrack(ref); /* for ever: it refers to nothing but bytes */
    if (!ref || n == 0) return ref;
    if (ouro_bytearray_resize(ref, n) < 0) {
        ouro_decref(ref);
        return NULL;
    }
    if (data) memcpy(view_of(ref)->data, data, n);
    return ref;
}

int ouro_bytearray_resize(ouro_ref ref, size_t n)
{
    OURO_THREAD_ONLY();
    struct bytes_view *array = array_of(ref);
    if (n > array->length) {
        if (!reserve(array, n - array->length)) return -1;
        memset(array->data + array->length, 0, n - array->length);
    } else if (n < array->length && !is_alone(array)) {
        return -1;
    }
    array->length = (uint32_t)n;
    return 0;
}

int ouro_bytearray_append(ouro_ref ref, int value)
{
    OURO_THREAD_ONLY();
    struct bytes_view *array = array_of(ref);
    if (!bytes_allow(ref, value) || !reserve(array, 1)) return -1;
    array->data[array->length++] = (uint8_t)value;
    return 0;
}

int ouro_bytearray_extend(ouro_ref ref, ouro_ref bytes_like)
{
    OURO_THREAD_ONLY();
    struct bytes_view *array = array_of(ref);
    size_t n, before;
    if (!is_bytes_like(bytes_like)) {
        error_about(OURO_TYPE_ERROR, "can't extend bytearray with %T", bytes_like);
        return -1;
    }
    ouro_incref(bytes_like); /* what is collected on the way may drop the last other reference */
    bool has_room;
    do {
        before = bytes_length(bytes_like);
        has_room = reserve(array, before);
        n = bytes_length(bytes_like);
    } while (has_room && n != before);
    if (has_room && n) memcpy(array->data + array->length, bytes_data(bytes_like), n);
    if (has_room) array->length += (uint32_t)n;
    ouro_decref(bytes_like);
    return has_room ? 0 : -1;
}

/* ---- operations ---- */

static ouro_ref bytearray_take(ouro_ref self, struct ouro_span span)
{
    const uint8_t *data = bytes_data(self);
    ouro_ref held = bytes_hold(self), part = ouro_bytearray_new(NULL, span.count);
    if (part) bytes_copy_span(view_of(part)->data, data, span);
    ouro_xdecref(held);
    return part;
}

ouro_ref bytearray_concat(ouro_ref self, ouro_ref other)
{
    ouro_ref bytes = ouro_bytes_concat(self, other);
    ouro_ref sum = bytes ? ouro_bytearray_new(bytes_data(bytes), bytes_length(bytes)) : NULL;
    ouro_xdecref(bytes);
    return sum;
}

static const struct ouro_ops bytearray_ops = {
    .repr = bytes_repr,
    .compare = bytes_compare,
    .len = bytes_length,
    .iterate = bytes_iterate,
    .take = bytearray_take,
};
const struct ouro_type ouro_bytearray_type = {
    .name = "bytearray",
    .index = OURO_TYPE_BYTEARRAY,
    .size_bytes = sizeof(struct bytes_view),
    .refs = OURO_REF_BIT(struct bytes_view, owner),
    .ops = &bytearray_ops,
};
