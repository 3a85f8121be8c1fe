/* SPDX-License-Identifier: MIT
 * search_edge.c - what a reference is called: the field, index or key that leads to it. */
#include "search.h"

#include "ouro/diag.h"
#include "ouro/generator.h"
#include "types/class.h"
#include "types/ops.h"

/* Does the type belong to a family of `n` whose first index is this? */
static bool is_of(ouro_ref o, unsigned first, unsigned n)
{
    return (o->type_gc >> TYPE_SHIFT) - first < n;
}
static bool is_slotted(ouro_ref o) { return is_of(o, OURO_TYPE_SLOTTED, SLOTTED_TYPES); }

static void set_text(struct ouro_edge *edge, const char *text, size_t bytes)
{
    edge->kind = OURO_EDGE_FIELD;
    edge->text = text;
    edge->text_bytes = (uint32_t)bytes;
}

/* What the words of the built-in types are called, as `fields` says it of others: not in their
 * descriptors, so that only who asks links it. */
static const char *built_in_names(unsigned type)
{
    static const struct {
        uint8_t first, last;
        const char *names;
    } known[] = {
        {OURO_TYPE_WEAKREF, OURO_TYPE_FINALIZE, "target next prev hash context"},
        {OURO_TYPE_WEAKENTRY, OURO_TYPE_WEAKENTRY, "target next prev hash token item"},
        {OURO_TYPE_BYTEARRAY, OURO_TYPE_MEMORYVIEW, "length data owner"},
        {OURO_TYPE_SLICE, OURO_TYPE_SLICE, "start stop step"},
        {OURO_TYPE_ITERATOR, OURO_TYPE_ITERATOR, "over"},
        {OURO_TYPE_CELL, OURO_TYPE_CELL, "cell_contents"},
        {OURO_TYPE_FUNCTION, OURO_TYPE_FUNCTION, "closure"},
        {OURO_TYPE_METHOD, OURO_TYPE_METHOD, "__func__ __self__"},
        {OURO_TYPE_CLASS, OURO_TYPE_CLASS, "__name__ __base__ __dict__ layout hooks"},
        {OURO_TYPE_INSTANCE, OURO_TYPE_INSTANCE, "__dict__ __class__"},
        {OURO_TYPE_ANCHOR, OURO_TYPE_ANCHOR, "values more"},
        {OURO_TYPE_MODULE, OURO_TYPE_MODULE, "__name__ __dict__ weak"},
        {OURO_TYPE_GENERATOR, OURO_TYPE_GENERATOR + OURO_LOCALS_MOST / 2,
         "def state locals[0] locals[1] locals[2] locals[3] locals[4] locals[5] locals[6] "
         "locals[7] locals[8] locals[9] locals[10] locals[11] locals[12] locals[13]"},
        {OURO_TYPE_EXCEPTION, OURO_TYPE_EXCEPTION, "kind message cause"},
        {OURO_TYPE_WEAKVALUES, OURO_TYPE_WEAKSET, "data token"},
        {OURO_TYPE_CACHE, OURO_TYPE_CACHE, "used root oldest"},
        {OURO_TYPE_CACHEENTRY, OURO_TYPE_CACHEENTRY, "key value newer"},
        {OURO_TYPE_CONTEXT, OURO_TYPE_CONTEXT, "value"},
        {OURO_TYPE_DICTKEYS, OURO_TYPE_DICTITEMS, "dict"},
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
        if (type >= known[i].first && type <= known[i].last) return known[i].names;
    return NULL;
}

/* The word-th of the names of a type's words, if they have names. */
static void name_word(struct ouro_edge *edge, ouro_ref o, unsigned word)
{
    const char *at = built_in_names(ouro_type_index(o));
    if (!at) at = type_of(o)->fields;
    edge->kind = OURO_EDGE_FIELD;
    edge->number = word;
    while (at && word-- > 0)
        if ((at = strchr(at, ' '))) at++;
    if (at) set_text(edge, at, strcspn(at, " "));
}

/* The name that the class has for value i of its instance. */
static void name_value(struct ouro_edge *edge, ouro_ref instance, uint32_t i)
{
    const struct class *class = (const struct class *)(const void *)*class_word(instance);
    ouro_ref name = i < class->names ? *slot(class->layout, i) : NULL;
    size_t bytes;
    edge->kind = OURO_EDGE_FIELD;
    edge->number = i;
    const char *text = name ? ouro_str_bytes(name, &bytes) : NULL;
    if (text) set_text(edge, text, bytes);
}

/* A key, or the value behind one; of a set, a member. */
static void name_entry(struct ouro_edge *edge, const struct search_way *way)
{
    bool has_values = !is_of(way->holder, OURO_TYPE_SET, 2);
    edge->kind = has_values && way->slot % 2 ? OURO_EDGE_KEY : OURO_EDGE_MEMBER;
    if (edge->kind == OURO_EDGE_KEY) edge->key = *slot(way->node, way->slot - 1);
}

static void name_part(struct ouro_edge *edge, const struct search_way *way)
{
    if (search_is_hidden(way->holder)) { /* a part that C code holds, of what is being built */
        name_word(edge, way->node, way->slot);
    } else if (is_of(way->node, OURO_TYPE_ANCHOR, 1)) {
        set_text(edge, "__dict__", 8); /* of what came too late for the values */
    } else if (is_of(way->holder, OURO_TYPE_INSTANCE, 1)) {
        name_value(edge, way->holder, way->slot);
    } else if (is_of(way->holder, OURO_TYPE_LIST, 1) ||
               is_of(way->holder, OURO_TYPE_LONG_TUPLE, 1)) {
        edge->kind = OURO_EDGE_INDEX;
        edge->number = way->index;
    } else if (is_of(way->node, OURO_TYPE_PAIRS, 6)) {
        name_entry(edge, way);
    } else if (is_of(way->node, OURO_TYPE_CACHEENTRY, 1)) {
        edge->kind = way->slot ? OURO_EDGE_KEY : OURO_EDGE_MEMBER;
        edge->key = *slot(way->node, 0);
    } else {
        name_word(edge, way->holder, way->word);
    }
}

struct ouro_edge search_edge(const struct search_way *way, ouro_ref to)
{
    struct ouro_edge edge = {.holder = way->holder, .to = to};
    if (way->node) {
        name_part(&edge, way);
    } else if (is_of(way->holder, OURO_TYPE_TUPLE, OURO_TUPLE_CHUNK + 1)) {
        edge.kind = OURO_EDGE_INDEX;
        edge.number = way->word;
    } else if (is_slotted(way->holder)) {
        if (slot(way->holder, way->word) == class_word(way->holder))
            set_text(&edge, "__class__", 9);
        else
            name_value(&edge, way->holder, way->word);
    } else {
        name_word(&edge, way->holder, way->word);
    }
    return edge;
}

/* ---- writing ---- */

static bool is_atom(ouro_ref ref) { return ouro_is_immediate(ref) || !type_of(ref)->refs; }

/* May repr() write it without running code of the program's?  A tuple of atoms, too. */
static bool is_plain(ouro_ref ref)
{
    if (is_atom(ref)) return true;
    if (!is_of(ref, OURO_TYPE_TUPLE, OURO_TUPLE_CHUNK + 1)) return false;
    for (uint32_t refs = type_of(ref)->refs; refs; refs &= refs - 1)
        if (!is_atom(*slot(ref, (unsigned)__builtin_ctz(refs)))) return false;
    return true;
}

static void write_object(ouro_ref ref, ouro_write_fn *write, void *context)
{
    (void)write_format(write, context, "<%T at 0x%p>", ref, ref);
}

static void write_field(const struct ouro_edge *edge, ouro_write_fn *write, void *context)
{
    if (!edge->text) {
        (void)write_format(write, context, ".<word %d>", (int)edge->number);
        return;
    }
    (void)write_text(write, context, ".");
    write(context, edge->text, edge->text_bytes);
}

void ouro_edge_write(const struct ouro_edge *edge, ouro_write_fn *write, void *context)
{
    switch (edge->kind) {
    case OURO_EDGE_OUTSIDE: write_object(edge->to, write, context); return;
    case OURO_EDGE_NAME: (void)ouro_str_of(edge->key, write, context); return;
    case OURO_EDGE_FIELD: write_field(edge, write, context); return;
    case OURO_EDGE_MEMBER: (void)write_text(write, context, "<member>"); return;
    case OURO_EDGE_INDEX: (void)write_format(write, context, "[%d]", (int)edge->number); return;
    case OURO_EDGE_KEY: break;
    }
    (void)write_text(write, context, "[");
    if (is_plain(edge->key))
        (void)ouro_repr(edge->key, write, context);
    else
        write_object(edge->key, write, context);
    (void)write_text(write, context, "]");
}
