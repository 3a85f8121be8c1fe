/* SPDX-License-Identifier: MIT
 * special.c - special methods of the program's classes: __len__, __iter__, __add__...
 *
 * They are looked up by name, in the class and its bases, not in the instance, as in CPython.  The
 * name is a str on the C stack, so that looking up needs no memory and cannot fail; it costs some
 * 800 instructions, a hash among them.  What the runtime itself needs (__eq__, __hash__,
 * __del__...) is kept by number, see enum hook. */
#include "types/special.h"

#include "hash.h"
#include "types/attr.h"
#include "types/class.h"
#include "types/ops.h"
#include "types/str.h"

static const char names[][8] = {
    "add",     "sub", "mul",  "truediv", "floordiv", "mod",     "lshift",  "rshift",  "and",
    "or",      "xor", "pow",  "divmod",  "lt",       "le",      "eq",      "ne",      "gt",
    "ge",      "len", "bool", "iter",    "next",     "getitem", "setitem", "delitem", "contains",
    "getattr", "neg", "pos",  "invert",  "abs",      "int",     "float",   "index",
};
_Static_assert(sizeof names / sizeof names[0] == SPECIAL_INDEX + 1, "a name for each");

/* A str that is no object of the heap's: what is immortal is never counted. */
struct name {
    struct ouro_obj header;
    uint32_t hash;
    uint8_t length;
    char text[15]; /* "__rfloordiv__", and the zero byte */
} __attribute__((aligned(8)));
_Static_assert(offsetof(struct name, text) == offsetof(struct str, text), "it is a str");

/* What the class of an instance defines, borrowed; NULL: nothing, or it is no instance. */
static ouro_ref find(ouro_ref self, enum special special, bool is_reflected)
{
    if (!is_instance(self)) return NULL;
    struct name name = {.header = OBJECT_IN_FLASH(OURO_TYPE_STR), .text = "__r"};
    char *at = name.text + 2 + is_reflected;
    for (unsigned i = 0; i < sizeof names[0] && names[special][i]; i++) *at++ = names[special][i];
    at[0] = at[1] = '_';
    at[2] = '\0';
    name.length = (uint8_t)(at + 2 - name.text);
    name.hash = str_hash(&name.header);
    return class_find(as_class(*class_word(self)), &name.header);
}

bool special_call(ouro_ref self, enum special special, ouro_ref argument, ouro_ref *result)
{
    ouro_ref method = find(self, special, false);
    if (!method) return false;
    *result = class_call_hook(method, self, argument != NULL, &argument);
    return true;
}

/* ---- one object ---- */

/* What __len__ said, as a length: -1 with an error. */
static ptrdiff_t length_of(ouro_ref answer)
{
    int64_t n;
    if (ouro_int_get(answer, &n) < 0)
        error_about(OURO_TYPE_ERROR, "'%T' object cannot be interpreted as an integer", answer);
    else if (n < 0)
        ouro_error_set(OURO_VALUE_ERROR, "__len__() should return >= 0");
    else if (n > PTRDIFF_MAX)
        ouro_error_set(OURO_OVERFLOW_ERROR, "cannot fit 'int' into an index-sized integer");
    else
        return (ptrdiff_t)n;
    return -1;
}

ptrdiff_t special_len(ouro_ref self)
{
    ouro_ref answer;
    if (!special_call(self, SPECIAL_LEN, NULL, &answer)) return no_len(self);
    ptrdiff_t n = answer ? length_of(answer) : -1;
    ouro_xdecref(answer);
    return n;
}

int special_truth(ouro_ref self)
{
    ouro_ref answer;
    if (special_call(self, SPECIAL_BOOL, NULL, &answer)) {
        if (!answer || ouro_type_index(answer) == OURO_TYPE_BOOL) return truth(answer);
        error_about(OURO_TYPE_ERROR, "__bool__ should return bool, returned %T", answer);
        ouro_decref(answer);
        return -1;
    }
    if (!find(self, SPECIAL_LEN, false)) return truth_by_length(self);
    ptrdiff_t n = special_len(self);
    return n < 0 ? -1 : n > 0;
}

ouro_ref special_iter(ouro_ref self)
{
    ouro_ref iterator;
    if (!special_call(self, SPECIAL_ITER, NULL, &iterator)) return no_iter(self);
    if (iterator && !ops_of(iterator)->advance && !find(iterator, SPECIAL_NEXT, false)) {
        error_about(OURO_TYPE_ERROR, "iter() returned non-iterator of type '%T'", iterator);
        ouro_put(&iterator, NULL);
    }
    return iterator;
}

ouro_ref special_next(ouro_ref self)
{
    ouro_ref item;
    return special_call(self, SPECIAL_NEXT, NULL, &item) ? item : no_next(self);
}

ouro_ref special_get(ouro_ref self, ouro_ref key)
{
    ouro_ref item;
    return special_call(self, SPECIAL_GETITEM, key, &item) ? item : no_items(self);
}

ouro_ref special_attr(ouro_ref self, ouro_ref name)
{
    ouro_ref value;
    if (!attr_is_name(name)) return NULL;
    return special_call(self, SPECIAL_GETATTR, name, &value) ? value : attr_missing(self, name);
}

int special_set(ouro_ref self, ouro_ref key, ouro_ref value)
{
    ouro_ref method = find(self, value ? SPECIAL_SETITEM : SPECIAL_DELITEM, false);
    const ouro_ref arguments[] = {key, value};
    if (!method) return no_set(self, key, value);
    ouro_ref answer = class_call_hook(method, self, value ? 2 : 1, arguments);
    ouro_xdecref(answer);
    return answer ? 0 : -1;
}

bool special_contains(ouro_ref self, ouro_ref item, int *result)
{
    ouro_ref answer;
    if (!special_call(self, SPECIAL_CONTAINS, item, &answer)) return false;
    *result = truth(answer);
    return true;
}

/* ---- two objects ---- */

/* A method of one for what is done with another one. */
struct side {
    ouro_ref self, other;
    enum special special;
    bool is_reflected;
};

static bool ask(const struct side *side, ouro_ref *result)
{
    ouro_ref method = find(side->self, side->special, side->is_reflected);
    if (!method) return false;
    *result = class_call_hook(method, side->self, 1, &side->other);
    return *result != OURO_NOTIMPLEMENTED;
}

/* Is it of a class derived from that of the other, and not of the same? */
static bool is_derived(ouro_ref self, ouro_ref other)
{
    ouro_ref class = ouro_class_of(self), base = ouro_class_of(other);
    return class && base && class != base && ouro_issubclass(class, base) > 0;
}

bool special_binary(ouro_ref a, enum special special, ouro_ref b, ouro_ref *result)
{
    const struct side left = {a, b, special, false}, right = {b, a, special, true};
    bool are_alike = ouro_class_of(a) == ouro_class_of(b);
    bool is_first = is_derived(b, a) && find(b, special, true) != find(a, special, true);
    if (is_first && ask(&right, result)) return true;
    if (ask(&left, result)) return true;
    return !are_alike && !is_first && ask(&right, result);
}

int special_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    static const uint8_t swapped[] = {
        [OURO_LT] = OURO_GT, [OURO_LE] = OURO_GE, [OURO_EQ] = OURO_EQ,
        [OURO_NE] = OURO_NE, [OURO_GT] = OURO_LT, [OURO_GE] = OURO_LE,
    };
    const struct side left = {self, other, SPECIAL_COMPARE + op, false};
    const struct side right = {other, self, SPECIAL_COMPARE + swapped[op], false};
    ouro_ref answer;
    bool is_first = is_derived(other, self);
    if (ask(is_first ? &right : &left, &answer)) return truth(answer);
    return ask(is_first ? &left : &right, &answer) ? truth(answer) : OURO_NOT_IMPLEMENTED;
}

/* ---- NotImplemented ---- */

static int not_implemented_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write,
                                void *context)
{
    (void)self;
    (void)part;
    return write_text(write, context, "NotImplemented");
}

static const struct ouro_ops not_implemented_ops = {.repr = not_implemented_repr};
const struct ouro_type ouro_not_implemented_type = {
    .name = "NotImplementedType",
    .index = OURO_TYPE_NOTIMPLEMENTED,
    .size_bytes = sizeof(struct ouro_obj),
    .ops = &not_implemented_ops,
};
const struct ouro_obj ouro_not_implemented_object = OBJECT_IN_FLASH(OURO_TYPE_NOTIMPLEMENTED);
