/* SPDX-License-Identifier: MIT
 * config.h - the knobs.  Each is set with -D; nobody edits this file to change a build. */
#ifndef OURO_CONFIG_H
#define OURO_CONFIG_H

#ifdef __cplusplus
#define OURO_STATIC_ASSERT static_assert
#else
#define OURO_STATIC_ASSERT _Static_assert
#endif

/* Checking level.  0: callers' contracts only; 1: and O(1) checks, the default, all bounds hold;
 * 2: and O(page) or O(object) checks, freed memory is poisoned; 3: and the whole heap is verified
 * at every phase change. */
#ifndef OURO_CHECK
#define OURO_CHECK 1
#endif
OURO_STATIC_ASSERT(OURO_CHECK >= 0 && OURO_CHECK <= 3, "OURO_CHECK: 0..3");

/* Units of collector work that one allocation may do, at most; up to four times as many while
 * there is old garbage to find and memory is short.  Double it: the longest pause of an allocation
 * doubles, and a cycle may end twice as soon. */
#ifndef OURO_ALLOC_UNITS
#define OURO_ALLOC_UNITS 27
#endif
OURO_STATIC_ASSERT(OURO_ALLOC_UNITS >= 1 && OURO_ALLOC_UNITS <= 4096,
                   "OURO_ALLOC_UNITS: 1..4096 units");

/* Units of the dead queue that one decref may drain.  Double it: larger structures die inside the
 * call that dropped them, and the longest pause of a decref doubles. */
#ifndef OURO_RELEASE_UNITS
#define OURO_RELEASE_UNITS 16
#endif
OURO_STATIC_ASSERT(OURO_RELEASE_UNITS >= 1 && OURO_RELEASE_UNITS <= 4096,
                   "OURO_RELEASE_UNITS: 1..4096 units");

/* Finalizers that may be on the stack at once; deeper ones wait on the dead queue. */
#ifndef OURO_FINALIZER_DEPTH
#define OURO_FINALIZER_DEPTH 8
#endif
OURO_STATIC_ASSERT(OURO_FINALIZER_DEPTH >= 1 && OURO_FINALIZER_DEPTH <= 64,
                   "OURO_FINALIZER_DEPTH: 1..64 calls");

/* Default thresholds of the generations, CPython's meaning.  The first is two objects a page of the
 * arena where that is fewer. */
#ifndef OURO_THRESHOLD0
#define OURO_THRESHOLD0 700
#endif
#ifndef OURO_THRESHOLD1
#define OURO_THRESHOLD1 10
#endif
#ifndef OURO_THRESHOLD2
#define OURO_THRESHOLD2 10
#endif

#endif
