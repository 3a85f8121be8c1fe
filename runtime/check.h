/* SPDX-License-Identifier: MIT
 * check.h - assertions in four prices, and the switches that tests flip.
 *
 * Misuse and corruption end here, in ouro_port_panic(); exhaustion never does. */
#ifndef OURO_RUNTIME_CHECK_H
#define OURO_RUNTIME_CHECK_H

#include "ouro/config.h"
#include "ouro/port.h"

/* Where a panic was, for its report; in ordinary builds the address of the call has to do. */
#if OURO_CHECK < 2
#define PLACE
#else
#define PLACE OURO_HERE
#endif

/* In a library compiled for size: functions compiled for speed; and short ones that are to have all
 * that they call in their file and its headers inside.  Functions that hot ones seldom call are
 * kept out of them, and compiled for size. */
#if defined(__clang__) || defined(__SANITIZE_ADDRESS__) /* which would trip over these */
#define HOT
#define HOT_WHOLE
#define SELDOM __attribute__((noinline, cold))
#else
#define HOT       __attribute__((optimize("O2")))
#define HOT_WHOLE __attribute__((optimize("O2"), flatten))
#define SELDOM    __attribute__((noinline, cold, optimize("Os", "no-expensive-optimizations")))
#endif

#define OURO_CHECK_AT(level, expr)                                                                 \
    ((OURO_CHECK >= (level)) ? ((expr) ? (void)0 : ouro_port_panic(#expr PLACE))                   \
                             : (void)sizeof(expr))

#define ouro_require(e) OURO_CHECK_AT(0, e) /* the caller's contract; corruption met on the way */
#define ouro_assert(e)  OURO_CHECK_AT(1, e) /* O(1), local: the default build */
#define ouro_audit(e)   OURO_CHECK_AT(2, e) /* O(page) or O(object): test builds */

/* The same as ouro_require with a sentence for the person who reads the panic. */
#define ouro_require_that(e, sentence) ((e) ? (void)0 : ouro_port_panic(sentence PLACE))
#define ouro_assert_that(e, sentence)                                                              \
    ((OURO_CHECK >= 1) ? ouro_require_that(e, sentence) : (void)sizeof(e))

/* The same about a piece of memory: the report says what it is. */
void suspect(const void *address);
#define ouro_require_at(e, address, sentence)                                                      \
    ((e) ? (void)0 : (suspect(address), ouro_port_panic(sentence PLACE)))
#define ouro_assert_at(e, address, sentence)                                                       \
    ((OURO_CHECK >= 1) ? ouro_require_at(e, address, sentence) : (void)sizeof(e))

/* Rule N of the collector holds unless a test build takes it out (-DOURO_BREAK_RULE=N), to see
 * that the loss is noticed. */
#ifndef OURO_BREAK_RULE
#define OURO_BREAK_RULE 0
#endif
#define RULE(n) (OURO_BREAK_RULE != (n))

/* Look at all invariants at each phase change of the collector. */
#ifndef OURO_VALIDATE
#define OURO_VALIDATE (OURO_CHECK >= 3)
#endif

/* Under a sanitizer the host build marks free memory, so that a stray access is reported. */
#ifndef OURO_POISON
#define OURO_POISON 0
#endif
#if OURO_POISON
/* Functions that read and write what a sanitizer must believe to be free memory. */
#define BLIND __attribute__((no_sanitize_address))
void ouro_port_poison(const void *at, size_t bytes);
void ouro_port_unpoison(const void *at, size_t bytes);
/* Read a word that may lie in free memory: the collector and the validator look at every cell. */
__attribute__((noinline, no_sanitize_address, unused)) static uint32_t peek_word(const uint32_t *at)
{
    return *at;
}
#else
#define BLIND
static inline uint32_t peek_word(const uint32_t *at) { return *at; }
static inline void ouro_port_poison(const void *at, size_t bytes)
{
    (void)at;
    (void)bytes;
}
static inline void ouro_port_unpoison(const void *at, size_t bytes)
{
    (void)at;
    (void)bytes;
}
#endif

#endif
