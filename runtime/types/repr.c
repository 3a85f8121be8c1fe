/* SPDX-License-Identifier: MIT
 * repr.c - repr() and str() as CPython prints them, written piece by piece: no string is built, and
 * the C stack stays flat at any nesting.
 *
 * What is being written is on a stack.  Whether an object is on it already is seen by looking
 * through it while it is short, and beyond by a bit for each granule of the heap. */
#include "types/ops.h"
#include "walk.h"

struct output {
    ouro_write_fn *write;
    void *context;
    struct stack stack;
    struct marks marks; /* of what is on the stack, once it is more than STACK_FIRST deep */
};

static int write_part(const struct output *out, ouro_ref ref, enum ouro_part part)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->repr) return ops->repr(ref, part, out->write, out->context);
    if (part == OURO_END) return 0;
    return write_format(out->write, out->context, "<%T object at 0x%p>", ref, ref);
}

/* Is it being written already?  If not, it is from now on: 1, 0, or -1 with MemoryError. */
static int is_inside_itself(struct output *out, ouro_ref ref)
{
    struct stack *stack = &out->stack;
    if (out->marks.words) return marks_set(&out->marks, ref);
    for (uint32_t i = 0; i < stack->depth; i++)
        if (stack->first[i].container == ref) return 1;
    if (stack->depth < STACK_FIRST) return 0;
    if (!marks_init(&out->marks)) return -1;
    for (uint32_t i = 0; i < stack->depth; i++)
        (void)marks_set(&out->marks, stack->first[i].container);
    (void)marks_set(&out->marks, ref);
    return 0;
}

/* Write an item, or the beginning of it if it has items itself. */
static int begin(struct output *out, ouro_ref ref)
{
    if (!ops_of(ref)->next) return write_part(out, ref, OURO_BEGIN);
    int is_inside = is_inside_itself(out, ref);
    if (is_inside < 0) return -1;
    if (is_inside) return write_part(out, ref, OURO_AGAIN);
    if (!stack_push(&out->stack, ref, NULL)) return -1;
    return write_part(out, ref, OURO_BEGIN);
}

/* The next to be written inside the innermost container, the punctuation before it written; a new
 * reference, since what writes may run code of the program's.  NULL at the end.  After a key comes
 * its item, which waits in the frame. */
static ouro_ref next(struct output *out)
{
    struct frame *top = stack_top(&out->stack);
    const struct ouro_ops *ops = ops_of(top->container);
    ouro_ref key = NULL, item = top->other;
    bool is_first = top->position == 0;
    if (item) {
        top->other = NULL;
        (void)write_text(out->write, out->context, ops->find ? ": " : ", ");
        return item;
    }
    if (!ops->next(top->container, &top->position, &key, &item)) return NULL;
    ouro_incref(item);
    if (key) {
        top->other = item;
        item = ouro_own(key);
    }
    if (!is_first) (void)write_text(out->write, out->context, key && !ops->find ? "), (" : ", ");
    return item;
}

static int write_items(struct output *out)
{
    while (out->stack.depth > 0) {
        ouro_ref item = next(out);
        int result;
        if (item) {
            result = begin(out, item);
            ouro_decref(item);
        } else {
            ouro_ref container = stack_top(&out->stack)->container;
            result = write_part(out, container, OURO_END);
            if (out->marks.words) marks_clear(&out->marks, container);
            stack_pop(&out->stack);
        }
        if (result < 0) return -1;
    }
    return 0;
}

int ouro_repr(ouro_ref ref, ouro_write_fn *write, void *context)
{
    struct output out = {.write = write, .context = context};
    stack_init(&out.stack, STACK_HOLDS_BOTH);
    int result = begin(&out, ref);
    if (result == 0) result = write_items(&out);
    stack_free(&out.stack);
    if (out.marks.words) marks_free(&out.marks);
    return result;
}

int ouro_str_of(ouro_ref ref, ouro_write_fn *write, void *context)
{
    const struct ouro_ops *ops = ops_of(ref);
    return ops->str ? ops->str(ref, write, context) : ouro_repr(ref, write, context);
}
