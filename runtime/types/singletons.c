/* SPDX-License-Identifier: MIT
 * singletons.c - None, True and False: objects in flash. */
#include "types/ops.h"

static int none_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)self;
    (void)part;
    return write_text(write, context, "None");
}

static int bool_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    return write_text(write, context, self == OURO_TRUE ? "True" : "False");
}

static const struct ouro_ops none_ops = {.repr = none_repr};
static const struct ouro_ops bool_ops = {
    .repr = bool_repr,
    .hash = int_hash,
    .compare = int_compare,
};

const struct ouro_type ouro_none_type = {
    .name = "NoneType",
    .index = OURO_TYPE_NONE,
    .size_bytes = sizeof(struct ouro_obj),
    .ops = &none_ops,
};
const struct ouro_type ouro_bool_type = {
    .name = "bool",
    .index = OURO_TYPE_BOOL,
    .size_bytes = sizeof(struct ouro_obj),
    .ops = &bool_ops,
};

const struct ouro_obj ouro_none_object = OBJECT_IN_FLASH(OURO_TYPE_NONE);
const struct ouro_obj ouro_false_object = OBJECT_IN_FLASH(OURO_TYPE_BOOL);
const struct ouro_obj ouro_true_object = OBJECT_IN_FLASH(OURO_TYPE_BOOL);
