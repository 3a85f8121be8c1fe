/* SPDX-License-Identifier: MIT
 * compare.c - Python's ==, <, ... for any two objects, without recursion.
 *
 * Two objects that are compared by their items are walked side by side, depth first, to the first
 * pair that differs; that pair gives the answer, as in CPython, at any depth.  Two containers that
 * both hold themselves make an error of it. */
#include "hash.h"
#include "types/ops.h"
#include "walk.h"

enum { NESTED_MOST = 4 }; /* walks inside walks: a set in a set, a program's own __eq__ */

struct comparison {
    struct stack stack;
    enum ouro_op op;
    uint32_t unordered;   /* depth of the outermost mapping on the stack; 0: none */
    ouro_ref mappings[2]; /* it and its partner */
};

static bool is_equality(enum ouro_op op) { return op == OURO_EQ || op == OURO_NE; }

static int no_order(enum ouro_op op, ouro_ref a, ouro_ref b)
{
    static const char *const signs[] = {
        [OURO_LT] = "<",  [OURO_LE] = "<=", [OURO_EQ] = "==",
        [OURO_NE] = "!=", [OURO_GT] = ">",  [OURO_GE] = ">=",
    };
    error_about(OURO_TYPE_ERROR, "'%s' not supported between instances of '%T' and '%T'", signs[op],
                a, b);
    return -1;
}

/* Two that are not walked: what their types say. */
static int compare_leaves(ouro_ref x, ouro_ref y, enum ouro_op op)
{
    static const uint8_t swapped[] = {
        [OURO_LT] = OURO_GT, [OURO_LE] = OURO_GE, [OURO_EQ] = OURO_EQ,
        [OURO_NE] = OURO_EQ, [OURO_GT] = OURO_LT, [OURO_GE] = OURO_LE,
    };
    const struct ouro_ops *left = ops_of(x), *right = ops_of(y);
    enum ouro_op asked = op == OURO_NE ? OURO_EQ : op;
    int answer = OURO_NOT_IMPLEMENTED;
    if (left->compare) answer = left->compare(x, y, asked);
    if (answer == OURO_NOT_IMPLEMENTED && right->compare && right != left)
        answer = right->compare(y, x, (enum ouro_op)swapped[asked]);
    if (answer == OURO_NOT_IMPLEMENTED) answer = asked == OURO_EQ ? x == y : no_order(op, x, y);
    return op == OURO_NE && answer >= 0 ? !answer : answer;
}

static bool is_walked(ouro_ref x, ouro_ref y)
{
    const struct ouro_ops *ops = ops_of(x);
    return compares_items(ops) && ops == ops_of(y);
}

/* Go into two containers of a kind: 1, 0 if they differ at first sight, -1 with an error. */
static int enter(struct comparison *c, ouro_ref x, ouro_ref y)
{
    const struct ouro_ops *ops = ops_of(x);
    if ((ops->find || is_equality(c->op)) && ops->len(x) != ops->len(y)) return 0;
    uint32_t depth = c->stack.depth;
    if (depth > STACK_FIRST &&
        depth > object_count()) { /* deeper than there are objects: a cycle */
        ouro_error_set(OURO_RUNTIME_ERROR, "maximum recursion depth exceeded in comparison");
        return -1;
    }
    if (!stack_push(&c->stack, x, y)) return -1;
    if (ops->find && c->unordered == 0) {
        c->unordered = c->stack.depth;
        c->mappings[0] = x;
        c->mappings[1] = y;
    }
    return 1;
}

/* Are two items equal?  Identity comes first.  1 also if they are still to be walked. */
static int compare_items(struct comparison *c, ouro_ref x, ouro_ref y)
{
    if (x == y) return 1;
    if (is_walked(x, y)) return enter(c, x, y);
    if (c->stack.kind == STACK_BORROWS) return compare_leaves(x, y, OURO_EQ);
    ouro_incref(x); /* what compares may be the program's own, and drop them */
    ouro_incref(y);
    int answer = compare_leaves(x, y, OURO_EQ);
    ouro_decref(x);
    ouro_decref(y);
    return answer;
}

/* The answer, now that x and y are known to differ. */
static int decide(const struct comparison *c, ouro_ref x, ouro_ref y)
{
    if (is_equality(c->op)) return c->op == OURO_NE;
    if (c->unordered) return no_order(c->op, c->mappings[0], c->mappings[1]);
    if (is_walked(x, y)) return no_order(c->op, x, y);
    return compare_leaves(x, y, c->op);
}

enum step { ITEMS, AT_END, SHORTER, LONGER, FAILED };

/* The next items of the innermost pair. */
static enum step next_items(struct frame *top, ouro_ref *x, ouro_ref *y)
{
    const struct ouro_ops *ops = ops_of(top->container);
    size_t at = top->position;
    ouro_ref key;
    bool has_x = ops->next(top->container, &top->position, &key, x);
    if (ops->find) {
        int found = has_x ? ops->find(top->other, key, y) : 0;
        return !has_x ? AT_END : found > 0 ? ITEMS : found < 0 ? FAILED : SHORTER;
    }
    bool has_y = ops->next(top->other, &at, &key, y);
    return has_x ? has_y ? ITEMS : LONGER : has_y ? SHORTER : AT_END;
}

static int walk(struct comparison *c)
{
    while (c->stack.depth > 0) {
        ouro_ref x, y;
        enum step step = next_items(stack_top(&c->stack), &x, &y);
        if (step == ITEMS) {
            int same = compare_items(c, x, y);
            if (same < 0) return -1;
            if (same == 0) return decide(c, x, y);
        } else if (step == AT_END) {
            if (c->unordered == c->stack.depth) c->unordered = 0;
            stack_pop(&c->stack);
        } else if (step == FAILED) {
            return -1;
        } else if (c->unordered) {
            return decide(c, NULL, NULL);
        } else {
            return answer_for(c->op, step == SHORTER ? -1 : 1);
        }
    }
    return answer_for(c->op, 0);
}

static int compare(ouro_ref a, ouro_ref b, enum ouro_op op, enum stack_kind kind)
{
    struct comparison c;
    if (!is_walked(a, b)) return compare_leaves(a, b, op);
    if (ops_of(a)->find && !is_equality(op)) return no_order(op, a, b);
    if (a == b) return answer_for(op, 0);
    if (ouro_heap->comparing == NESTED_MOST) {
        ouro_error_set(OURO_RUNTIME_ERROR, "maximum recursion depth exceeded in comparison");
        return -1;
    }
    ouro_heap->comparing++;
    c.op = op;
    c.unordered = 0;
    stack_init(&c.stack, kind);
    int answer = enter(&c, a, b);
    if (answer == 0)
        answer = decide(&c, a, b);
    else if (answer > 0)
        answer = walk(&c);
    stack_free(&c.stack);
    ouro_heap->comparing--;
    return answer;
}

int ouro_compare(ouro_ref a, ouro_ref b, enum ouro_op op)
{
    return compare(a, b, op, STACK_HOLDS_BOTH);
}
int ouro_equal(ouro_ref a, ouro_ref b)
{
    if (ouro_is_immediate(a) && ouro_is_immediate(b)) return a == b;
    return compare(a, b, OURO_EQ, STACK_HOLDS_BOTH);
}

int keys_equal_slow(ouro_ref a, ouro_ref b) { return compare(a, b, OURO_EQ, STACK_BORROWS); }
