/* SPDX-License-Identifier: MIT
 * memoryview.c - the memoryview type: somebody's memory, and a reference that keeps it there.
 *
 * Of a bytearray it is the bytes object behind it that is kept, so that the array sees by its count
 * that it is being looked at. */
#include "types/bytes.h"

extern const struct ouro_type ouro_memoryview_type;

ouro_ref ouro_memoryview_new(void *data, size_t n, ouro_ref owner, bool is_readonly)
{
    ouro_require_that(n <= UINT32_MAX, "a memoryview shows 4 GiB at most");
    const ouro_ref refs[] = {owner};
    ouro_ref ref = object_holding(&ouro_memoryview_type, 1, refs);
    if (!ref) return NULL;
    struct bytes_view *view = view_of(ref);
    view->length = (uint32_t)n;
    view->data = data;
    view->is_readonly = is_readonly;
    return ref;
}

/* The view of an array that never had a byte: both get an owner, so that the array is not alone.
 * Steals the view, if it fails. */
static ouro_ref look_at_nothing(ouro_ref ref, struct bytes_view *array)
{
    uint8_t *data;
    ouro_ref owner = ref && !array->owner ? ouro_bytes_alloc(0, &data) : NULL;
    if (owner && !array->owner) {
        array->data = data;
        array->owner = ouro_own(owner);
    }
    ouro_xdecref(owner); /* to get memory may have run code that filled the array */
    if (ref && array->owner) {
        view_of(ref)->owner = ouro_own(array->owner);
        return ref;
    }
    ouro_xdecref(ref);
    return NULL;
}

ouro_ref ouro_memoryview_of(ouro_ref ref)
{
    if (!is_bytes_like(ref))
        return error_about(OURO_TYPE_ERROR, "memoryview: a bytes-like object is required, not '%T'",
                           ref);
    bool is_bytes = ouro_type_index(ref) == OURO_TYPE_BYTES;
    bool is_bare = ouro_type_index(ref) == OURO_TYPE_BYTEARRAY && !view_of(ref)->owner;
    ouro_incref(ref); /* what is collected on the way may drop the last other reference */
    ouro_ref view = ouro_memoryview_new(bytes_data(ref), bytes_length(ref),
                                        is_bytes ? ref : view_of(ref)->owner,
                                        is_bytes || view_of(ref)->is_readonly);
    if (is_bare) view = look_at_nothing(view, view_of(ref));
    ouro_decref(ref);
    return view;
}

/* ---- operations ---- */

static int memoryview_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    return write_format(write, context, "<memory at 0x%p>", self);
}

static int memoryview_hash(ouro_ref self, uint32_t *hash)
{
    if (view_of(self)->is_readonly) return bytes_hash(self, hash);
    ouro_error_set(OURO_VALUE_ERROR, "cannot hash writable memoryview object");
    return -1;
}

static ouro_ref memoryview_take(ouro_ref self, struct ouro_span span)
{
    const struct bytes_view *view = view_of(self);
    if (span.step == 1)
        return ouro_memoryview_new(view->data + span.start, span.count, view->owner,
                                   view->is_readonly);
    return error_null(OURO_VALUE_ERROR, "memoryview: a slice cannot have a step");
}

static const struct ouro_ops memoryview_ops = {
    .repr = memoryview_repr,
    .hash = memoryview_hash,
    .compare = bytes_compare,
    .len = bytes_length,
    .iterate = bytes_iterate,
    .take = memoryview_take,
};
const struct ouro_type ouro_memoryview_type = {
    .name = "memoryview",
    .index = OURO_TYPE_MEMORYVIEW,
    .size_bytes = sizeof(struct bytes_view),
    .refs = OURO_REF_BIT(struct bytes_view, owner),
    .ops = &memoryview_ops,
};
