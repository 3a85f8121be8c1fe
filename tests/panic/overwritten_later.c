/* SPDX-License-Identifier: MIT
 * overwritten_later.c - a freed object is written to, behind its header.
 * expect 2: a free cell was written to
 * also 2: ^memory 0x[0-9a-f]{8}: free cell at 0x[0-9a-f]{8}, class [0-9]+, [0-9]+ bytes
 */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *buffer;
    ouro_ref kept = ouro_str_alloc(20, &buffer), text = ouro_str_alloc(20, &buffer);
    ouro_decref(text);
    quarantine_flush();
    buffer[12] = 'x';
    for (unsigned i = 0; i < 200; i++) text = ouro_str_alloc(20, &buffer);
    return text == kept;
}
