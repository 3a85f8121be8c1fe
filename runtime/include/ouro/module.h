/* SPDX-License-Identifier: MIT
 * module.h - modules: a name, and a dict of what is defined under it.
 *
 * Attributes are got, set and deleted by ouro_attr_get() and the like (ouro/classes.h).
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_MODULE_H
#define OURO_MODULE_H

#include "ouro/classes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* New reference to an empty module.  NULL: MemoryError, or ValueError if the name is not UTF-8. */
ouro_ref ouro_module_new(const char *name);
/* Its dict, borrowed. */
ouro_ref ouro_module_dict(ouro_ref module);
/* Define a function: `def`, which lives for ever, under its name.  0, or -1 with MemoryError. */
int ouro_module_def(ouro_ref module, const struct ouro_function_def *def);

#ifdef __cplusplus
}
#endif
#endif
