/* SPDX-License-Identifier: MIT
 * cell.c - the cell type: a variable that closures share. */
#include "object.h"
#include "ouro/classes.h"
#include "types/ops.h"

struct cell {
    struct ouro_obj header;
    ouro_ref value;
};

static struct cell *cell_of(ouro_ref ref) { return expect(ref, OURO_TYPE_CELL); }

static int cell_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    ouro_ref value = cell_of(self)->value;
    return write_format(write, context,
                        value ? "<cell at 0x%p: %T object at 0x%p>" : "<cell at 0x%p: empty>", self,
                        value, value);
}

static const struct ouro_ops cell_ops = {.repr = cell_repr};
const struct ouro_type ouro_cell_type = {
    .name = "cell",
    .index = OURO_TYPE_CELL,
    .size_bytes = sizeof(struct cell),
    .refs = OURO_REF_BIT(struct cell, value),
    .ops = &cell_ops,
};

ouro_ref ouro_cell_new(ouro_ref value) { return object_holding(&ouro_cell_type, 1, &value); }

ouro_ref ouro_cell_get(ouro_ref cell)
{
    ouro_ref value = cell_of(cell)->value;
    if (!value) ouro_error_set(OURO_VALUE_ERROR, "Cell is empty");
    return value;
}

void ouro_cell_set(ouro_ref cell, ouro_ref value)
{
    ouro_xincref(value);
    ouro_put(&cell_of(cell)->value, value);
}
