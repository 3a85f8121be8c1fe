/* SPDX-License-Identifier: MIT
 * object_overrun.c - a byte is written behind an object, into the rest of its cell.
 * expect 2: an object was overrun
 * also 2: ^memory 0x[0-9a-f]{8}: cell at 0x[0-9a-f]{8}, class 2, 32 bytes, .*asked for 17,
 * also 2: , by 0x[0-9a-f]{8} main \(tests/panic/object_overrun.c:15\)$
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *buffer;
    ouro_ref text;
    text = ouro_str_alloc(3, &buffer);
    buffer[4] = 'x';
    ouro_decref(text);
    return 0;
}
