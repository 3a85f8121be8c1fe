/* SPDX-License-Identifier: MIT
 * number.h - numbers out of texts and out of other objects; powers, divmod, signs.  Sums, products
 * and the like are in ouro/abstract.h.
 *
 * Ints have 64 bits at most: where Python's would have more, OverflowError is set.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_NUMBER_H
#define OURO_NUMBER_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- conversions ---- */

/* New reference to int(text, base), of a str, bytes or a bytearray: sign, white space around it,
 * "0x" and the like, underscores as in Python; digits and letters of ASCII.  O(length).
 *   base  2 .. 36, or 0: as the prefix says
 *   NULL  ValueError, OverflowError, TypeError or MemoryError */
ouro_ref ouro_int_from_str(ouro_ref text, int base);
/* New reference to int(x): an int as it is, a float cut off behind the point, a text as above, an
 * instance by its __int__ or __index__.  NULL: the same errors, OverflowError for infinity,
 * ValueError for nan. */
ouro_ref ouro_int_from(ouro_ref x);
/* New reference to float(text): decimal, exactly rounded; inf, infinity and nan in any case; white
 * space and underscores as above.  O(length), and see ouro_parse_float().  NULL: ValueError,
 * TypeError or MemoryError. */
ouro_ref ouro_float_from_str(ouro_ref text);
/* New reference to float(x): of a number, a text, or an instance by its __float__ or __index__.
 * NULL: as for a text, or what the method failed with. */
ouro_ref ouro_float_from(ouro_ref x);

/* ---- arithmetic: NULL is TypeError, MemoryError, or an error that is named ---- */

/* New reference to base ** exponent, or modulo a third int; NULL or None: there is none.  Of ints
 * an int, of a negative exponent a float.
 *   NULL  OverflowError; ZeroDivisionError (0 to a negative power); ValueError for a modulus of
 *         0, a base that has no inverse for it, and where Python's result is a complex number
 *   cost  O(1): of ints 64 steps, with a modulus 130 times as many; of floats 90,000
 *         instructions, for at most 0.502 of a unit from the true value */
ouro_ref ouro_pow(ouro_ref base, ouro_ref exponent, ouro_ref modulus);
/* New reference to a tuple, (a // b, a % b).  NULL: ZeroDivisionError, OverflowError. */
ouro_ref ouro_divmod(ouro_ref a, ouro_ref b);
/* New references to -x, +x, abs(x), ~x.  NULL: OverflowError. */
ouro_ref ouro_negative(ouro_ref x);
ouro_ref ouro_positive(ouro_ref x);
ouro_ref ouro_absolute(ouro_ref x);
ouro_ref ouro_invert(ouro_ref x);

#ifdef __cplusplus
}
#endif
#endif
