/* SPDX-License-Identifier: MIT
 * attr.h - errors about attributes. */
#ifndef OURO_RUNTIME_ATTR_H
#define OURO_RUNTIME_ATTR_H

#include "object.h"

/* "'C' object has no attribute 'x'" (AttributeError), or TypeError if the name is no str. */
void attr_missing(ouro_ref self, ouro_ref name);
/* "'C' object is not callable" (TypeError). */
void attr_not_callable(ouro_ref ref);
/* Is it a str?  If not, TypeError. */
bool attr_is_name(ouro_ref name);

#endif
