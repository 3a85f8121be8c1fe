/* SPDX-License-Identifier: MIT
 * shapes_own.h - what the shapes' own files share. */
#ifndef SHAPES_OWN_H
#define SHAPES_OWN_H

#include "shapes.h"

/* The shape that is alive, and the reference that keeps it alive. */
extern const struct shape *shape_now;
extern ouro_ref shape_live;

/* An immediate int. */
ouro_ref shape_int(uint32_t value);
/* A new pair; steals both. */
ouro_ref shape_pair(ouro_ref first, ouro_ref second);
/* *head = (item, *head); false: no memory. */
bool shape_push(ouro_ref *head, ouro_ref item);

#endif
