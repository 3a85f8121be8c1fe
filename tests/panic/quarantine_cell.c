/* SPDX-License-Identifier: MIT
 * quarantine_cell.c - a freed object is written to; nobody asks for a cell of its size again.
 * expect 3: use after free: a cell in quarantine was written to
 * also 3: ^memory 0x[0-9a-f]{8}: free cell at 0x[0-9a-f]{8}, class 2, 32 bytes
 * also 3: , by 0x[0-9a-f]{8} main \(tests/panic/quarantine_cell.c:16\)$
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *buffer, *other;
    ouro_ref kept = ouro_str_alloc(7, &other);
    ouro_ref text;
    text = ouro_str_alloc(7, &buffer);
    ouro_decref(text);
    buffer[3] = 'x';
    for (unsigned i = 0; i < 100; i++) ouro_decref(ouro_str_alloc(300, &other));
    ouro_decref(kept);
    return 0;
}
