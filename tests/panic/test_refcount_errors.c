/* SPDX-License-Identifier: MIT
 * test_refcount_errors.c - of CPython's test_gc: an object whose reference count is too low is
 * named by address, count and type when the collector meets it.
 * expect 3: G9: fewer references counted than found
 * also 3: ^memory 0x[0-9a-f]{8}: cell at 0x[0-9a-f]{8}, class 1, 24 bytes, type 6 list, count 1
 */
#include "object.h"
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref a = ouro_list_new(), b = ouro_list_new();
    (void)ouro_list_append(a, b);
    (void)ouro_list_append(a, b);
    set_refcount(b, 1); /* two references to it are left */
    (void)ouro_gc_collect(2);
    return 0;
}
