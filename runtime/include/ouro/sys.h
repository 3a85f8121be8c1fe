/* SPDX-License-Identifier: MIT
 * sys.h - what CPython's sys tells about memory, under its names.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_SYS_H
#define OURO_SYS_H

#include "ouro/diag.h"
#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The reference count as sys.getrefcount() says it: with the reference that the call itself would
 * hold.  What is immortal or immediate says UINT32_MAX. */
uint32_t ouro_getrefcount(ouro_ref ref);

/* Bytes that the arena really spends on an object, header, rounding and nodes included: see
 * ouro_diag_sizeof(); ouro_diag_deepsize() has what it reaches, too.  O(nodes). */
static inline size_t ouro_getsizeof(ouro_ref ref) { return ouro_diag_sizeof(ref); }

/* id(): two objects that live at the same time differ in it. */
static inline uintptr_t ouro_id(ouro_ref ref) { return ouro_diag_id(ref); }

/* The one str of all equal ones: a new reference; NULL with MemoryError.  O(length). */
static inline ouro_ref ouro_sys_intern(ouro_ref str) { return ouro_str_intern(str); }

/* Memory blocks that objects have, whatever their size; nodes of containers are blocks too. */
uint32_t ouro_getallocatedblocks(void);

/* Write what sys._debugmallocstats() writes, in its columns; classes without a page are left out.
 * O(pages). */
void ouro_debugmallocstats(ouro_write_fn *write, void *context);

#ifdef __cplusplus
}
#endif
#endif
