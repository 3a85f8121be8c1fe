/* SPDX-License-Identifier: MIT
 * class.h - classes and the layout of their instances, between class.c and instance*.c.
 *
 * A class keeps the names of its instances' attributes in the order in which they were first set:
 * its layout.  An instance keeps just the values, by the same numbers. */
#ifndef OURO_RUNTIME_CLASS_H
#define OURO_RUNTIME_CLASS_H

#include "object.h"
#include "ouro/classes.h"

/* What the runtime itself asks classes for; kept by number, so that no name is looked up. */
enum hook {
    HOOK_INIT,
    HOOK_REPR,
    HOOK_DEL,
    HOOK_EQ,
    HOOK_HASH,
    HOOK_STR,
    HOOK_CALL,
    HOOK_LT,
    HOOKS,
};

enum {
    LAYOUT_MOST = 16,  /* names in a layout */
    SLOTTED_MOST = 14, /* slots */
    SLOTTED_TYPES = SLOTTED_MOST / 2 + 1,
    DEPTH_MOST = 15, /* bases above a class: looking through them is bounded */

    CLASS_IS_SLOTTED = 1,
    CLASS_FINALIZES = 2, /* it or a base has __del__ */
};

struct class
{
    struct ouro_obj header;
    ouro_ref name;   /* str */
    ouro_ref base;   /* class or NULL */
    ouro_ref space;  /* dict: what was defined in the class */
    ouro_ref layout; /* NULL or a node of `names` names; NULL for the slot of weak references */
    ouro_ref hooks;  /* NULL or a node, by enum hook */
    ouro_ref weak;
    uint8_t names, depth, flags;
    uint8_t weak_slot; /* of a slotted class: 1 + the slot that holds the anchor; 0: none */
};

static inline struct class *as_class(ouro_ref ref)
{
    return OURO_CHECK >= 1 ? expect(ref, OURO_TYPE_CLASS) : ref;
}

static inline bool is_instance(ouro_ref ref)
{
    if (ouro_is_immediate(ref)) return false;
    return (ref->type_gc >> TYPE_SHIFT) - OURO_TYPE_INSTANCE <= SLOTTED_TYPES;
}
/* What an instance is: 0, or if it has slots 1 more than half of what it has room for, which is an
 * odd number. */
static inline unsigned instance_form(ouro_ref instance)
{
    return (instance->type_gc >> TYPE_SHIFT) - OURO_TYPE_INSTANCE;
}
/* Where an instance of that form keeps its class: behind its slots, so that it is dropped last. */
static inline ouro_ref *class_word_of(ouro_ref instance, unsigned form)
{
    return slot(instance, form ? 2 * form - 1 : 1);
}
static inline ouro_ref *class_word(ouro_ref instance)
{
    return class_word_of(instance, instance_form(instance));
}

/* The __name__ of a class; lives as long as the class. */
const char *class_name(ouro_ref class);
/* What repr() writes before a class's name, a str: "__main__.", but nothing if it names a module.
 */
const char *class_prefix(ouro_ref name);
/* What the class or a base defines under a name, borrowed; NULL: nothing.  O(bases). */
ouro_ref class_find(const struct class *class, ouro_ref name);
/* The same for a hook. */
ouro_ref class_hook(const struct class *class, enum hook hook);

/* Call a function of the class, held meanwhile, with an instance before the other arguments.  New
 * reference or NULL. */
ouro_ref class_call_hook(ouro_ref function, ouro_ref self, unsigned argc, const ouro_ref *argv);

/* Number of a name in the layout; class->names if it is not there. */
unsigned layout_find(const struct class *class, ouro_ref name);
/* Append a name.  False: no memory (nothing changed); no user code runs. */
bool layout_add(struct class *class, ouro_ref name);

/* Make room for reference `i` < 16 of the node in a field.  False: no memory, nothing changed. */
bool node_reserve(ouro_ref *field, const struct ouro_type *family, unsigned i);

/* ---- instances ---- */

extern const struct ouro_type ouro_dict_type; /* dict.c */

ouro_ref instance_get_attr(ouro_ref self, ouro_ref name);
int instance_set_attr(ouro_ref self, ouro_ref name, ouro_ref value);
/* The word that heads an instance's list of weak references.
 *   is_wanted  if it has none yet, make it: may collect
 *   returns    NULL if it has none, or with MemoryError */
ouro_ref *instance_weak_head(ouro_ref self, bool is_wanted);

#endif
