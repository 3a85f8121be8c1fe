/* SPDX-License-Identifier: MIT
 * attr.h - attributes and calls of any object, by the operations of its type. */
#ifndef OURO_RUNTIME_ATTR_H
#define OURO_RUNTIME_ATTR_H

#include "object.h"

ouro_ref attr_get(ouro_ref self, ouro_ref name);
int attr_set(ouro_ref self, ouro_ref name, ouro_ref value); /* NULL: delete */
ouro_ref attr_call(ouro_ref self, ouro_ref name, unsigned argc, const ouro_ref *argv);

/* Errors; those that return a reference return NULL.
 * "'C' object has no attribute 'x'" (AttributeError), or TypeError if the name is no str. */
ouro_ref attr_missing(ouro_ref self, ouro_ref name);
/* "'C' object is not callable" (TypeError). */
ouro_ref attr_not_callable(ouro_ref ref);
/* Is it a str?  If not, TypeError. */
bool attr_is_name(ouro_ref name);

#endif
