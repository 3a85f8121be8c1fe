/* SPDX-License-Identifier: MIT
 * function.h - functions, as methods and classes see them. */
#ifndef OURO_RUNTIME_FUNCTION_H
#define OURO_RUNTIME_FUNCTION_H

#include "object.h"
#include "ouro/classes.h"

/* "f" in CPython's messages and in repr: the function's __qualname__, or the name of its type. */
const char *function_name(ouro_ref callable);

/* Call with `self` before the other arguments.  New reference or NULL. */
ouro_ref function_call_bound(ouro_ref function, ouro_ref self, unsigned argc, const ouro_ref *argv);

/* Give a class or a module a function, under a name.  0 or -1. */
int function_def(ouro_ref holder, const char *name, const struct ouro_function_def *def);

#endif
