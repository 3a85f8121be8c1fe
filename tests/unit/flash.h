/* SPDX-License-Identifier: MIT
 * flash.h - constants for flash.c, in what C and C++ have in common. */
#ifndef UNIT_FLASH_H
#define UNIT_FLASH_H

#include "ouro/flash.h"

OURO_STR_CONST(flash_red, "red");
OURO_STR_CONST(flash_green, "green");
OURO_INT_CONST(flash_wide, -1234567890123);
OURO_FLOAT_CONST(flash_half, 0.5);
OURO_TUPLE_CONST(flash_pair, OURO_CONST(flash_red), OURO_CONST_INT(7));
OURO_DICT_CONST(flash_colours, OURO_CONST(flash_red), OURO_CONST(flash_pair),
                OURO_CONST(flash_green), OURO_NONE, OURO_CONST_INT(-3), OURO_CONST(flash_half));
OURO_DICT_CONST(flash_five, OURO_CONST_INT(1), OURO_NONE, OURO_CONST_INT(2), OURO_NONE,
                OURO_CONST_INT(3), OURO_NONE, OURO_CONST_INT(4), OURO_NONE, OURO_CONST_INT(5),
                OURO_NONE);
OURO_DICT_CONST(flash_full, OURO_CONST_INT(1), OURO_CONST_INT(0), OURO_CONST_INT(2),
                OURO_CONST_INT(0), OURO_CONST_INT(3), OURO_CONST_INT(0), OURO_CONST_INT(4),
                OURO_CONST_INT(0), OURO_CONST_INT(5), OURO_CONST_INT(0), OURO_CONST_INT(6),
                OURO_CONST_INT(0), OURO_CONST_INT(7), OURO_CONST_INT(0), OURO_CONST(flash_red),
                OURO_TRUE);

#endif
