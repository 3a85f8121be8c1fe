/* SPDX-License-Identifier: MIT
 * overwritten_link.c - the first word of a freed object is written to: it links the free cells.
 * expect: a free cell was written to
 * also: ^memory 0x[0-9a-f]{8}: free cell at 0x[0-9a-f]{8}, class [0-9]+, [0-9]+ bytes
 * also 2: , by 0x[0-9a-f]{8} main \(tests/panic/overwritten_link.c:16\)$
 */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref kept = ouro_float_new(0.5);
    ouro_ref real;
    real = ouro_float_new(1.5);
    ouro_decref(real);
    quarantine_flush();
    real->type_gc = 2;
    real = ouro_float_new(2.5);
    return real == kept;
}
