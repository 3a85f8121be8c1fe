/* SPDX-License-Identifier: MIT
 * instance.c - instances: where they keep their attributes.
 *
 * An instance of a class with slots holds the values itself, by their numbers in the class's
 * layout.  Any other has a node of values, by the same numbers, in the order in which attributes
 * were set.  What would break that order, and what the layout has no room for, goes into a dict,
 * which stands with the list of weak references in an anchor in place of the node.  So no attribute
 * ever moves, and a pair of attributes costs 32 bytes. */
#include "types/class.h"

#include <string.h>

#include "collector.h"
#include "fmt_text.h"
#include "types/attr.h"
#include "types/function.h"
#include "types/special.h"
#include "types/tree.h"

struct anchor {
    struct ouro_obj header;
    ouro_ref values; /* a node, or NULL */
    ouro_ref more;   /* a dict of what came too late for the node, or NULL */
    ouro_ref weak;   /* the list of weak references */
};

const struct ouro_type anchor_type = {
    .name = "anchor",
    .index = OURO_TYPE_ANCHOR,
    .size_bytes = sizeof(struct anchor),
    .refs = OURO_REF_BIT(struct anchor, values) | OURO_REF_BIT(struct anchor, more),
    .is_hidden = true,
    .drops_forward = true,
};

static const struct class *class_at(ouro_ref instance)
{
    return (const struct class *)(const void *)*class_word(instance);
}
static bool is_slotted(ouro_ref instance) { return instance_form(instance) != 0; }

/* The anchor of an instance that is not slotted, or NULL. */
static struct anchor *anchor_of(ouro_ref instance)
{
    ouro_ref values = *slot(instance, 0);
    bool is_anchor = values && ouro_type_index(values) == OURO_TYPE_ANCHOR;
    return is_anchor ? (struct anchor *)(void *)values : NULL;
}
/* The field that holds the node of values. */
static ouro_ref *values_of(ouro_ref instance)
{
    struct anchor *anchor = anchor_of(instance);
    return anchor ? &anchor->values : slot(instance, 0);
}
/* The dict of what came too late, or NULL. */
__attribute__((noinline)) static ouro_ref more_of(ouro_ref instance)
{
    struct anchor *anchor = anchor_of(instance);
    return anchor ? anchor->more : NULL;
}

/* The word for attribute `i` of the layout, or NULL if there is none yet. */
__attribute__((noinline)) static ouro_ref *place(ouro_ref instance, unsigned i)
{
    if (is_slotted(instance)) return slot(instance, i);
    ouro_ref values = *values_of(instance);
    return values && i < node_capacity(values) ? slot(values, i) : NULL;
}

/* The word for a name; NULL: none yet, or the name is not in the layout. */
HOT_WHOLE static ouro_ref *find(ouro_ref instance, const struct class *class, ouro_ref name)
{
    unsigned i = layout_find(class, name);
    return i < class->names ? place(instance, i) : NULL;
}

/* ---- getting ---- */

/* What a name of an instance, or else of its class, stands for: borrowed, or NULL. */
HOT_WHOLE static ouro_ref look_up(ouro_ref self, ouro_ref name, bool *is_own)
{
    const struct class *class = class_at(self);
    unsigned i = layout_find(class, name);
    const ouro_ref *word = i < class->names ? place(self, i) : NULL;
    ouro_ref value = word ? *word : NULL;
    *is_own = true;
    if (value) return value;
    if (!is_slotted(self)) {
        ouro_ref more = more_of(self);
        if (more && (value = ouro_dict_get(more, name))) return value;
    } else if (word) {
        return NULL; /* an empty slot */
    }
    *is_own = false;
    return class_find(class, name);
}

UNLESS_SPECIAL ouro_ref special_attr(ouro_ref self, ouro_ref name)
{
    return attr_missing(self, name);
}

ouro_ref instance_get_attr(ouro_ref self, ouro_ref name)
{
    bool is_own;
    ouro_ref found = look_up(self, name, &is_own);
    if (found && !is_own && ouro_type_index(found) == OURO_TYPE_FUNCTION)
        return ouro_method_new(found, self);
    if (found) return ouro_own(found);
    if (attr_is_name(name) && strcmp(ouro_str_bytes(name, NULL), "__class__") == 0)
        return ouro_own(*class_word(self));
    return special_attr(self, name);
}

/* The word of an attribute whose name is the very str that the layout has; NULL: look again. */
static inline ouro_ref *find_quickly(ouro_ref self, ouro_ref name)
{
    if (ouro_is_immediate(self)) return NULL;
    unsigned form = instance_form(self);
    if (form > SLOTTED_TYPES) return NULL;
    const struct class *class = (const void *)*class_word_of(self, form);
    if (!class->layout) return NULL;
    const ouro_ref *first = slot(class->layout, 0), *at = first, *end = first + class->names;
    while (*at++ != name)
        if (at == end) return NULL;
    unsigned number = (unsigned)(at - first); /* from 1 on */
    if (form) return slot(self, number - 1);
    ouro_ref values = *slot(self, 0);
    if (!values || values->type_gc >> TYPE_SHIFT == OURO_TYPE_ANCHOR) return NULL;
    return number <= node_capacity(values) ? slot(values, number - 1) : NULL;
}

SELDOM static ouro_ref own_slowly(ouro_ref ref)
{
    ouro_incref_slow(ref);
    return ref;
}

/* ouro_own(), in a way that needs no stack frame. */
static inline ouro_ref own(ouro_ref ref)
{
    return ouro_is_immediate(ref) || count_simply(ref) ? ref : own_slowly(ref);
}

HOT ouro_ref ouro_attr_get(ouro_ref self, ouro_ref name)
{
    ouro_ref *word = find_quickly(self, name);
    return word && *word ? own(*word) : attr_get(self, name);
}

/* A function of the class is called at once, without a bound method. */
ouro_ref ouro_call_method(ouro_ref self, ouro_ref name, unsigned argc, const ouro_ref *argv)
{
    bool is_own = true;
    ouro_ref found = is_instance(self) ? look_up(self, name, &is_own) : NULL;
    if (!found || is_own || ouro_type_index(found) != OURO_TYPE_FUNCTION)
        return attr_call(self, name, argc, argv);
    ouro_incref(found); /* the class may lose it meanwhile */
    ouro_ref result = function_call_bound(found, self, argc, argv);
    ouro_decref(found);
    return result;
}

/* ---- setting ---- */

/* Does no value stand behind number `i`?  Then setting that one keeps the order. */
static bool is_last(ouro_ref self, unsigned i)
{
    ouro_ref more = more_of(self);
    if (more && ouro_dict_len(more) > 0) return false;
    for (ouro_ref *word; (word = place(self, ++i));)
        if (*word) return false;
    return true;
}

/* An anchor in place of the node of values.  False: no memory, nothing changed. */
static bool make_anchor(ouro_ref *word)
{
    ouro_ref ref = object_make(&anchor_type, sizeof(struct anchor));
    if (!ref) return false;
    ouro_move(&((struct anchor *)(void *)ref)->values, word);
    *word = ref;
    return true;
}

/* A dict for what comes too late. */
static bool make_more(ouro_ref self)
{
    if (!anchor_of(self) && !make_anchor(slot(self, 0))) return false;
    ouro_ref *more = &anchor_of(self)->more;
    if (!*more) *more = object_make(&ouro_dict_type, ouro_dict_type.size_bytes);
    return *more != NULL;
}

/* What is to become of an attribute that the node of values does not have yet. */
enum added { NO_MEMORY, ADDED, COMES_TOO_LATE };

/* One attempt; steals `value` when it is ADDED.  User code runs last, if at all. */
static enum added add(ouro_ref self, ouro_ref name, ouro_ref value)
{
    struct class *class = as_class(*class_word(self));
    unsigned i = layout_find(class, name);
    ouro_ref *word = i < class->names ? place(self, i) : NULL;
    if (word && *word) { /* set by a finalizer meanwhile */
        ouro_put(word, value);
        return ADDED;
    }
    if (i == LAYOUT_MOST || !is_last(self, i)) return make_more(self) ? COMES_TOO_LATE : NO_MEMORY;
    if (i == class->names && !layout_add(class, name)) return NO_MEMORY;
    if (!node_reserve(values_of(self), values_types, i)) return NO_MEMORY;
    *place(self, i) = value;
    return ADDED;
}

/* Set in the dict of what came too late, unless a finalizer made room for it in the node. */
static int set_late(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_ref more = ouro_own(more_of(self));
    int result = ouro_dict_set(more, name, value);
    ouro_ref *word = find(self, class_at(self), name);
    if (result == 0 && word && *word) {
        ouro_put(word, ouro_own(value));
        result = ouro_dict_del(more, name);
    }
    ouro_decref(more);
    return result;
}

SELDOM static int add_attr(ouro_ref self, ouro_ref name, ouro_ref value)
{
    enum added added;
    if (!attr_is_name(name)) return -1;
    ouro_incref(self); /* before anything is collected */
    ouro_incref(value);
    ouro_incref(name);
    memory_prepare();
    for (unsigned round = 0; !(added = add(self, name, value)) && memory_relieve(&round);) {}
    int result = added == ADDED ? 0 : added == NO_MEMORY ? -1 : set_late(self, name, value);
    if (added != ADDED) ouro_decref(value);
    ouro_decref(name);
    ouro_decref(self);
    return result;
}

/* A slotted instance has no other attributes. */
SELDOM static int refuse(ouro_ref self, ouro_ref name)
{
    if (!attr_is_name(name)) return -1;
    if (class_find(class_at(self), name))
        error_about(OURO_ATTRIBUTE_ERROR, "'%T' object attribute '%S' is read-only", self, name);
    else
        (void)attr_missing(self, name);
    return -1;
}

SELDOM static int del_attr(ouro_ref self, ouro_ref name)
{
    ouro_ref *word = find(self, class_at(self), name);
    if (word && *word) {
        ouro_put(word, NULL);
        return 0;
    }
    if (is_slotted(self)) {
        if (!word) return refuse(self, name);
        error_about(OURO_ATTRIBUTE_ERROR, "%S", name);
        return -1;
    }
    ouro_ref more = more_of(self);
    if (more && ouro_dict_get(more, name)) return ouro_dict_del(more, name);
    (void)attr_missing(self, name);
    return -1;
}

int instance_set_attr(ouro_ref self, ouro_ref name, ouro_ref value)
{
    if (!value) return del_attr(self, name);
    ouro_ref *word = find(self, class_at(self), name);
    if (is_slotted(self) ? !word : !word || !*word)
        return is_slotted(self) ? refuse(self, name) : add_attr(self, name, value);
    ouro_put(word, ouro_own(value));
    return 0;
}

HOT_WHOLE int ouro_attr_set(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_ref *word = find_quickly(self, name);
    ouro_ref old = word ? *word : NULL;
    ouro_require(value != NULL);
    if (!old) return attr_set(self, name, value);
    ouro_incref(value);
    *word = value;
    ouro_decref(old);
    return 0;
}

bool ouro_attr_next(ouro_ref self, size_t *position, ouro_ref *name, ouro_ref *value)
{
    if (!is_instance(self)) expect_failed(OURO_TYPE_INSTANCE);
    const struct class *class = class_at(self);
    for (; *position < class->names; ++*position) {
        ouro_ref *word = place(self, (unsigned)*position);
        if (!word || !*word || *position + 1 == class->weak_slot) continue;
        if (name) *name = *slot(class->layout, (unsigned)*position);
        if (value) *value = *word;
        ++*position;
        return true;
    }
    ouro_ref more = is_slotted(self) ? NULL : more_of(self);
    if (!more) return false;
    if (*position < LAYOUT_MOST) *position = LAYOUT_MOST;
    size_t at = *position - LAYOUT_MOST;
    bool is_there = ouro_dict_next(more, &at, name, value);
    *position = at + LAYOUT_MOST;
    return is_there;
}

/* ---- slots by number ---- */

/* Is there a slot of that number? */
static inline bool has_slot(ouro_ref self, unsigned i)
{
    unsigned type = ouro_type_index(self) - OURO_TYPE_SLOTTED;
    if (type >= SLOTTED_TYPES) return false;
    const struct class *class = (const void *)*slot(self, 2 * type + 1);
    return i < class->names && i + 1 != class->weak_slot;
}

SELDOM static ouro_ref no_slot(ouro_ref self, unsigned i)
{
    if (has_slot(self, i))
        (void)attr_missing(self, *slot(class_at(self)->layout, i));
    else
        ouro_error_set(OURO_INDEX_ERROR, "slot index out of range");
    return NULL;
}

HOT_WHOLE ouro_ref ouro_slot_get(ouro_ref self, unsigned i)
{
    unsigned type = ouro_type_index(self) - OURO_TYPE_SLOTTED; /* room for 2 type + 1 of them */
    if (type < SLOTTED_TYPES && i <= 2 * type && *slot(self, i)) return *slot(self, i);
    return no_slot(self, i);
}

HOT_WHOLE int ouro_slot_set(ouro_ref self, unsigned i, ouro_ref value)
{
    if (!has_slot(self, i)) {
        (void)no_slot(self, i);
        return -1;
    }
    ouro_xincref(value);
    ouro_put(slot(self, i), value);
    return 0;
}

/* ---- weak references ---- */

static bool holds_anchor(const ouro_ref *word)
{
    return *word && ouro_type_index(*word) == OURO_TYPE_ANCHOR;
}

ouro_ref *instance_weak_head(ouro_ref self, bool is_wanted)
{
    const struct class *class = class_at(self); /* NULL once CUT has dropped it */
    unsigned at = !is_slotted(self) ? 1u : class ? class->weak_slot : 0;
    if (at == 0) return NULL;
    ouro_ref *word = slot(self, at - 1u);
    if (is_wanted && !holds_anchor(word)) {
        memory_prepare();
        for (unsigned round = 0; !holds_anchor(word) && !make_anchor(word);)
            if (!memory_relieve(&round)) return NULL;
    }
    return holds_anchor(word) ? &((struct anchor *)(void *)*word)->weak : NULL;
}
