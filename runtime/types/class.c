/* SPDX-License-Identifier: MIT
 * class.c - the class type: a name, a base, what it defines, and the layout of its instances. */
#include "types/class.h"

#include <string.h>

#include "hash.h"
#include "types/attr.h"
#include "types/function.h"
#include "types/str.h"
#include "types/tree.h"
#include "types/ops.h"

bool node_reserve(ouro_ref *field, const struct ouro_type *family, unsigned i)
{
    if (!*field) {
        *field = node_make(family, i + 1, true);
        return *field != NULL;
    }
    struct tree tree = {.root = *field};
    bool has_room = tree_reserve(&tree, family, i, 1);
    *field = tree.root;
    return has_room;
}

/* ---- the layout ---- */

unsigned layout_find(const struct class *class, ouro_ref name)
{
    unsigned n = class->names;
    if (!is_str(name) || n == 0) return n;
    uint32_t hash = str_of(name)->hash;
    if (!hash) hash = str_hash(name);
    for (unsigned i = 0; i < n; i++) {
        ouro_ref known = *slot(class->layout, i);
        if (!known || (str_of(known)->hash && str_of(known)->hash != hash)) continue;
        if (known == name || str_equal(known, name)) return i;
    }
    return n;
}

bool layout_add(struct class *class, ouro_ref name)
{
    if (!node_reserve(&class->layout, node_types, class->names)) return false;
    (void)str_hash(name);
    *slot(class->layout, class->names++) = ouro_own(name);
    return true;
}

/* ---- looking up ---- */

const char *class_name(ouro_ref class)
{
    const char *name = ouro_str_bytes(as_class(class)->name, NULL), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

ouro_ref class_find(const struct class *class, ouro_ref name)
{
    for (;; class = as_class(class->base)) {
        ouro_ref found = ouro_dict_get(class->space, name);
        if (found || !class->base) return found;
    }
}

/* A hook of this very class, borrowed, or NULL. */
static ouro_ref own_hook(const struct class *class, enum hook hook)
{
    if (!class->hooks || (unsigned)hook >= node_capacity(class->hooks)) return NULL;
    return *slot(class->hooks, hook);
}

ouro_ref class_hook(const struct class *class, enum hook hook)
{
    for (;; class = as_class(class->base)) {
        ouro_ref found = own_hook(class, hook);
        /* A class that compares its instances itself does not hash them as its base did. */
        if (hook == HOOK_HASH && !found && own_hook(class, HOOK_EQ)) return NULL;
        if (found || !class->base) return found;
    }
}

/* The hook of that name; HOOKS: none. */
static enum hook hook_named(ouro_ref name)
{
    static const char *const names[HOOKS] = {
        [HOOK_INIT] = "__init__", [HOOK_REPR] = "__repr__", [HOOK_DEL] = "__del__",
        [HOOK_EQ] = "__eq__",     [HOOK_HASH] = "__hash__", [HOOK_STR] = "__str__",
        [HOOK_CALL] = "__call__", [HOOK_LT] = "__lt__",
    };
    const char *text = ouro_str_bytes(name, NULL);
    unsigned hook = 0;
    while (hook < HOOKS && strcmp(text, names[hook]) != 0) hook++;
    return (enum hook)hook;
}

/* ---- attributes ---- */

static void missing(ouro_ref self, ouro_ref name)
{
    if (attr_is_name(name))
        error_about(OURO_ATTRIBUTE_ERROR, "type object '%s' has no attribute '%S'",
                    class_name(self), name);
}

static ouro_ref class_get_attr(ouro_ref self, ouro_ref name)
{
    ouro_ref found = class_find(as_class(self), name);
    if (found) return ouro_own(found);
    if (attr_is_name(name) && strcmp(ouro_str_bytes(name, NULL), "__name__") == 0)
        return ouro_str_from(class_name(self));
    missing(self, name);
    return NULL;
}

static int class_del_attr(ouro_ref self, ouro_ref name, enum hook hook)
{
    struct class *class = as_class(self);
    if (!ouro_dict_get(class->space, name)) {
        missing(self, name);
        return -1;
    }
    if (hook < HOOKS) ouro_put(slot(class->hooks, hook), NULL); /* the dict still has it */
    return ouro_dict_del(class->space, name);
}

static bool reserve_hook(struct class *class, enum hook hook)
{
    memory_prepare();
    for (unsigned round = 0; !node_reserve(&class->hooks, node_types, hook);)
        if (!memory_relieve(&round)) return false;
    return true;
}

static int class_set_attr(ouro_ref self, ouro_ref name, ouro_ref value)
{
    struct class *class = as_class(self);
    if (!attr_is_name(name)) return -1;
    enum hook hook = hook_named(name);
    if (!value) return class_del_attr(self, name, hook);
    ouro_incref(value); /* before anything is collected: it may be borrowed from what dies */
    bool is_set = (hook == HOOKS || reserve_hook(class, hook)) &&
                  ouro_dict_set(class->space, name, value) == 0;
    if (!is_set || hook == HOOKS) {
        ouro_decref(value);
        return is_set ? 0 : -1;
    }
    if (hook == HOOK_DEL) class->flags |= CLASS_FINALIZES;
    ouro_put(slot(class->hooks, hook), value);
    return 0;
}

/* ---- the type ---- */

const char *class_prefix(ouro_ref name)
{
    return strchr(ouro_str_bytes(name, NULL), '.') ? "" : "__main__.";
}

static int class_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    ouro_ref name = as_class(self)->name;
    return write_format(write, context, "<class '%s%S'>", class_prefix(name), name);
}

/* Make an instance and initialize it. */
static ouro_ref class_call(ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    ouro_ref init = class_hook(as_class(self), HOOK_INIT);
    if (!init && argc > 0)
        return error_about(OURO_TYPE_ERROR, "%s() takes no arguments", class_name(self));
    ouro_xincref(init); /* the class may lose it meanwhile */
    ouro_ref instance = ouro_instance_new(self);
    if (!instance || !init) {
        ouro_xdecref(init);
        return instance;
    }
    ouro_ref result = function_call_bound(init, instance, argc, argv);
    ouro_decref(init);
    if (result == OURO_NONE) return instance;
    if (result) {
        error_about(OURO_TYPE_ERROR, "__init__() should return None, not '%T'", result);
        ouro_decref(result);
    }
    ouro_decref(instance);
    return NULL;
}

static const struct ouro_ops class_ops = {
    .repr = class_repr,
    .call = class_call,
    .get_attr = class_get_attr,
    .set_attr = class_set_attr,
};
const struct ouro_type ouro_class_type = {
    .name = "type",
    .index = OURO_TYPE_CLASS,
    .size_bytes = sizeof(struct class),
    .refs = OURO_REF_BIT(struct class, name) | OURO_REF_BIT(struct class, base) |
            OURO_REF_BIT(struct class, space) | OURO_REF_BIT(struct class, layout) |
            OURO_REF_BIT(struct class, hooks),
    .weak_word = OURO_WEAK_WORD(struct class, weak),
    .ops = &class_ops,
};

/* ---- making classes ---- */

ouro_ref ouro_class_new(const char *name, ouro_ref base)
{
    if (base && ouro_type_index(base) != OURO_TYPE_CLASS)
        return error_null(OURO_TYPE_ERROR, "bases must be types");
    if (base && as_class(base)->depth == DEPTH_MOST) {
        return error_about(OURO_TYPE_ERROR, "more than %d bases", DEPTH_MOST);
    }
    const ouro_ref name_and_base[] = {NULL, base};
    ouro_ref ref = object_holding(&ouro_class_type, 2, name_and_base);
    if (!ref) return NULL;
    struct class *class = as_class(ref);
    if (base) {
        class->depth = (uint8_t)(as_class(base)->depth + 1);
        class->flags = as_class(base)->flags & CLASS_FINALIZES;
    }
    class->name = ouro_str_from(name);
    class->space = class->name ? ouro_dict_new() : NULL;
    if (class->space) return ref;
    ouro_decref(ref);
    return NULL;
}

/* Append a slot to a class that is being made. */
static bool add_slot(struct class *class, const char *text, size_t bytes)
{
    if (class->names == SLOTTED_MOST) {
        error_about(OURO_TYPE_ERROR, "more than %d slots", SLOTTED_MOST);
        return false;
    }
    bool is_weak = bytes == 11 && memcmp(text, "__weakref__", bytes) == 0;
    if (is_weak && class->weak_slot) {
        ouro_error_set(OURO_TYPE_ERROR, "__weakref__ slot disallowed: we already got one");
        return false;
    }
    ouro_ref name = ouro_intern(text, bytes);
    bool is_added = false;
    if (name)
        for (unsigned round = 0; !(is_added = layout_add(class, name)) && memory_relieve(&round);) {
        }
    if (is_added && is_weak) {
        class->weak_slot = class->names;
        ouro_put(slot(class->layout, class->names - 1u), NULL); /* no name leads to the anchor */
    }
    ouro_xdecref(name);
    return is_added;
}

/* The slots of the base come first, under the numbers that they have there. */
static bool inherit_slots(struct class *class, const struct class *base)
{
    if (!base->names) return true;
    memory_prepare();
    for (unsigned round = 0; !node_reserve(&class->layout, node_types, base->names - 1u);)
        if (!memory_relieve(&round)) return false;
    for (unsigned i = 0; i < base->names; i++) {
        ouro_ref name = *slot(base->layout, i);
        ouro_xincref(name);
        *slot(class->layout, i) = name;
    }
    class->names = base->names;
    class->weak_slot = base->weak_slot;
    return true;
}

ouro_ref ouro_class_new_slots(const char *name, ouro_ref base, const char *slots)
{
    ouro_ref ref = ouro_class_new(name, base);
    if (!ref || (base && !(as_class(base)->flags & CLASS_IS_SLOTTED))) return ref;
    struct class *class = as_class(ref);
    class->flags |= CLASS_IS_SLOTTED;
    bool is_made = !base || inherit_slots(class, as_class(base));
    for (const char *at = slots; is_made && *at; at += strspn(at, " ")) {
        size_t bytes = strcspn(at, " ");
        is_made = add_slot(class, at, bytes);
        at += bytes;
    }
    if (is_made) return ref;
    ouro_decref(ref);
    return NULL;
}

int ouro_class_def(ouro_ref class, const char *name, const struct ouro_function_def *def)
{
    return function_def(class, name, def);
}

ouro_ref ouro_class_base(ouro_ref class) { return as_class(class)->base; }

int ouro_issubclass(ouro_ref class, ouro_ref of)
{
    if (ouro_type_index(class) != OURO_TYPE_CLASS || ouro_type_index(of) != OURO_TYPE_CLASS) {
        bool is_first = ouro_type_index(class) != OURO_TYPE_CLASS;
        ouro_error_set(OURO_TYPE_ERROR, is_first ? "issubclass() arg 1 must be a class"
                                                 : "issubclass() arg 2 must be a class");
        return -1;
    }
    while (class && class != of) class = as_class(class)->base;
    return class != NULL;
}
