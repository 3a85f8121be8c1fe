/* SPDX-License-Identifier: MIT
 * classes.h - functions, cells, bound methods, classes and their instances.
 *
 *   static ouro_ref bark(ouro_ref function, unsigned argc, const ouro_ref *argv)
 *   {
 *       return ouro_attr_get(argv[0], name);   (argv[0] is self)
 *   }
 *   static const struct ouro_function_def dog_bark = {.name = "Dog.bark", .call = bark,
 *                                                     .least = 1, .most = 1, .parameters = "self"};
 *
 *   ouro_ref dog = ouro_class_new("Dog", NULL);
 *   ouro_class_def(dog, "bark", &dog_bark);
 *   ouro_ref rex = ouro_call(dog, 0, NULL);
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_CLASSES_H
#define OURO_CLASSES_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- any object ---- */

/* Call a function, a bound method, a class (makes an instance, and initializes it by __init__), or
 * an instance whose class has __call__.
 *   argv     argc references, borrowed from the caller for as long as the call lasts
 *   returns  new reference, or NULL with the error that the callee set, or TypeError
 *   cost     O(1) and the callee's own */
ouro_ref ouro_call(ouro_ref callable, unsigned argc, const ouro_ref *argv);

/* The same for an attribute, found as by ouro_attr_get(). */
ouro_ref ouro_call_method(ouro_ref self, ouro_ref name, unsigned argc, const ouro_ref *argv);

/* Attributes, named by a str; fastest by an interned str (the very one that the class
 * has met first).
 * Of an instance, then of its class, then of the class's bases; a function of the class comes back
 * bound.
 *   returns  get: a new reference; set, del: 0; has: 1 or 0.  Else NULL or -1 with AttributeError,
 *            TypeError (the name is no str) or MemoryError; nothing has changed then
 *   cost     O(bases); setting takes a reference of its own to `value` */
ouro_ref ouro_attr_get(ouro_ref self, ouro_ref name);
int ouro_attr_set(ouro_ref self, ouro_ref name, ouro_ref value);
int ouro_attr_del(ouro_ref self, ouro_ref name);
int ouro_attr_has(ouro_ref self, ouro_ref name);
/* The same, by an interned str. */
ouro_ref ouro_attr_get_string(ouro_ref self, const char *name);
int ouro_attr_set_string(ouro_ref self, const char *name, ouro_ref value);

/* Walk through the attributes of an instance, in the order in which they were set: start with
 * *position = 0; true while there is one.  Borrowed; either may be NULL. */
bool ouro_attr_next(ouro_ref instance, size_t *position, ouro_ref *name, ouro_ref *value);

/* ---- cell: a variable that closures share, 16 bytes ---- */

/* New reference to a cell that holds `value` (a reference of its own), or nothing: NULL. */
ouro_ref ouro_cell_new(ouro_ref value);
/* What it holds, borrowed; NULL with ValueError when it is empty. */
ouro_ref ouro_cell_get(ouro_ref cell);
/* Steals nothing: takes a reference of its own.  NULL empties the cell. */
void ouro_cell_set(ouro_ref cell, ouro_ref value);

/* ---- function: C code and what it closes over, 16 bytes ---- */

enum {
    OURO_VARIADIC = 255,      /* of ouro_function_def.most: any number */
    OURO_ARGUMENTS_MOST = 16, /* of a method, self included */
};

/* What a function does; const, in flash. */
struct ouro_function_def {
    const char *name; /* as Python's __qualname__: "f", "C.method" */
    /* The function itself (for what it closes over), and its arguments, all borrowed.
     * Returns a new reference, or NULL with the error set. */
    ouro_ref (*call)(ouro_ref function, unsigned argc, const ouro_ref *argv);
    const char *parameters; /* their names, separated by spaces, for messages; NULL: not told */
    uint8_t least, most;    /* how many arguments it takes */
};

/* New reference to a function.
 *   def      lives for ever
 *   closure  what it closes over: a cell, or a tuple of them, or any object; a reference of its
 *            own is taken; NULL: nothing */
ouro_ref ouro_function_new(const struct ouro_function_def *def, ouro_ref closure);
/* What it closes over, borrowed; NULL: nothing. */
ouro_ref ouro_function_closure(ouro_ref function);

/* ---- bound method: a function and its first argument, 16 bytes ---- */

/* New reference; takes references of its own. */
ouro_ref ouro_method_new(ouro_ref function, ouro_ref self);
/* Its two parts, borrowed. */
ouro_ref ouro_method_function(ouro_ref method);
ouro_ref ouro_method_self(ouro_ref method);

/* ---- class: a name, a base, and what it defines ---- */

/* New reference to a class.
 *   name  "C", or with the name of its module, "module.C"; of "C" the module is __main__
 *   base  the class that it is derived from, or NULL; at most 15 stand above each other
 *   NULL  TypeError or MemoryError
 * What is defined under __init__, __repr__, __str__, __eq__, __lt__, __hash__, __call__ or __del__
 * is used as in Python.  Define __del__ before the first instance and the first derived class are
 * made.  Others have to be asked for, see OURO_USE_SPECIAL_METHODS.  __eq__ and __hash__ are also
 * called while a dict or a set looks for a key; if they change it then, the search begins anew, and
 * RuntimeError ends one that never would. */
ouro_ref ouro_class_new(const char *name, ouro_ref base);
/* New reference to one whose instances have just these attributes, as with __slots__: 14 at most,
 * those of its bases included, and "__weakref__" if weak references to them are wanted. slots names
 * separated by spaces If the base has no slots, this class has none either. */
ouro_ref ouro_class_new_slots(const char *name, ouro_ref base, const char *slots);
/* Define a method: `def`, which lives for ever, under a name.  0, or -1 with MemoryError.  Other
 * attributes of a class are set by ouro_attr_set(). */
int ouro_class_def(ouro_ref class_, const char *name, const struct ouro_function_def *def);
/* Borrowed; NULL: none. */
ouro_ref ouro_class_base(ouro_ref class_);
/* 1, 0, or -1 with TypeError.  O(bases). */
int ouro_issubclass(ouro_ref class_, ouro_ref of);
int ouro_isinstance(ouro_ref ref, ouro_ref class_);

/* ---- special methods ---- */

/* At file scope, once in a program: what functions for objects of any kind (ouro/types.h,
 * ouro/abstract.h, ouro/number.h) do with instances is what their classes define as
 *
 *   __len__ __bool__ __iter__ __next__ __getitem__ __setitem__ __delitem__ __contains__ __getattr__
 *   __lt__ __le__ __eq__ __gt__ __ge__ (of != the opposite of __eq__)
 *   __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __lshift__ __rshift__ __and__ __or__
 *   __xor__ __pow__ __divmod__, and the reflected ones, __radd__...
 *   __neg__ __pos__ __invert__ __abs__ __int__ __float__ __index__ (for int() and float())
 *
 * in CPython's order of asking.  Those of two objects return OURO_NOTIMPLEMENTED for what they
 * cannot; __next__ ends by NULL without an error.  What has __getitem__ alone is not iterable.
 * Each costs a look-up by name, some 800 instructions, and its own.  (The methods named before at
 * ouro_class_new() and __enter__ and __exit__ need no asking for.) */
#define OURO_USE_SPECIAL_METHODS                                                                   \
    static const void *const ouro_special_methods __attribute__((used)) =                          \
        &ouro_not_implemented_object

extern const struct ouro_obj ouro_not_implemented_object;
#define OURO_NOTIMPLEMENTED ((ouro_ref)(uintptr_t)&ouro_not_implemented_object)

/* ---- instance ---- */

/* New reference to an instance; __init__ is not called, see ouro_call().  16 bytes, and 16 more
 * with one or two attributes; with slots 12 and 4 a slot, rounded up to 8. */
ouro_ref ouro_instance_new(ouro_ref class_);
/* The class of an instance, borrowed; NULL for everything else. */
ouro_ref ouro_class_of(ouro_ref ref);
/* Slot i, in the order of the class's `slots`, those of its base first.  Get: borrowed; NULL with
 * AttributeError when it is empty, or IndexError.  Set: takes a reference of its own, NULL empties
 * it; 0, or -1 with IndexError.  A slot __weakref__ is the runtime's alone. */
ouro_ref ouro_slot_get(ouro_ref instance, unsigned i);
int ouro_slot_set(ouro_ref instance, unsigned i, ouro_ref value);

#ifdef __cplusplus
}
#endif
#endif
