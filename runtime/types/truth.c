/* SPDX-License-Identifier: MIT
 * truth.c - any object taken as yes or no. */
#include "ouro/abstract.h"
#include "ouro/weakref.h"
#include "types/ops.h"
#include "types/special.h"

#pragma weak ouro_float_get /* only a float leads there, and comes with it */
#pragma weak ouro_proxy_get /* only a proxy */

int truth_by_length(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    return !ops->len || !ops->iterate || ops->len(ref) != 0;
}
UNLESS_SPECIAL int special_truth(ouro_ref ref) { return truth_by_length(ref); }

int ouro_truth(ouro_ref ref)
{
    double number = 0;
    int64_t whole;
    uint64_t bits;
    switch (ouro_type_index(ref)) {
    case OURO_TYPE_PROXY:
    case OURO_TYPE_PROXYCALL: return truth(ouro_proxy_get(ref));
    case OURO_TYPE_NONE: return 0;
    case OURO_TYPE_BOOL: return ref == OURO_TRUE;
    case OURO_TYPE_INT: return ouro_int_get(ref, &whole) == 0 && whole != 0;
    case OURO_TYPE_FLOAT:
        (void)ouro_float_get(ref, &number);
        __builtin_memcpy(&bits, &number, sizeof bits);
        return bits << 1 != 0; /* either zero */
    default: return special_truth(ref);
    }
}

int truth(ouro_ref answer)
{
    if (!answer) return -1;
    int result = ouro_truth(answer);
    ouro_decref(answer);
    return result;
}
