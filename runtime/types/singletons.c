/* SPDX-License-Identifier: MIT
 * singletons.c - None, True and False: objects in flash. */
#include "object.h"
#include "ouro/types.h"

const struct ouro_type ouro_none_type = {
    .name = "NoneType",
    .index = OURO_TYPE_NONE,
    .size_bytes = sizeof(struct ouro_obj),
};
const struct ouro_type ouro_bool_type = {
    .name = "bool",
    .index = OURO_TYPE_BOOL,
    .size_bytes = sizeof(struct ouro_obj),
};

#define IN_FLASH(type)                                                                             \
    {                                                                                              \
        (uint32_t)(type) << TYPE_SHIFT,                                                            \
            OURO_COUNT_ONE | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT | OURO_FLAG_IMMORTAL          \
    }
const struct ouro_obj ouro_none_object = IN_FLASH(OURO_TYPE_NONE);
const struct ouro_obj ouro_false_object = IN_FLASH(OURO_TYPE_BOOL);
const struct ouro_obj ouro_true_object = IN_FLASH(OURO_TYPE_BOOL);
