/* SPDX-License-Identifier: MIT
 * isr.h - what interrupt handlers may use: a pool of blocks, and mailboxes to the main loop.
 *
 * A handler may call no other function of the runtime: allocating and counting are the main loop's
 * (at CHECK >= 2 a handler that tries panics by name).  Nothing here masks interrupts, but on
 * processors without exclusive access, and there for 12 instructions at most.
 *
 *   handler    ouro_isr_pool_alloc, ouro_isr_pool_free, ouro_mailbox_post
 *   main loop  all
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_ISR_H
#define OURO_ISR_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- blocks of one size, shared by the main loop and handlers of any priority ---- */

/* The caller's; its fields are the pool's alone. */
struct ouro_isr_pool {
    volatile uint32_t stack;    /* of free blocks: see ouro_port_pop() */
    volatile uint32_t refusals; /* likewise; nothing is ever pushed */
    volatile uint16_t *below;   /* [1 .. count]: the free block below this one, or in use */
    uint8_t *blocks;
    uint32_t block_bytes, count;
};

/* Bytes of memory for so many blocks of so many bytes. */
#define OURO_ISR_POOL_BYTES(blocks, block_bytes)                                                   \
    ((blocks) * (((size_t)(block_bytes) + 7u) / 8u * 8u + sizeof(uint16_t)) + sizeof(uint16_t))

/* Make a pool in memory of the caller's, static or from ouro_mem_alloc().
 *   memory       8-byte aligned; OURO_ISR_POOL_BYTES() says how much is needed
 *   block_bytes  size of a block, rounded up to 8
 *   returns      blocks that fit, 65534 at most; each is 8-byte aligned
 *   cost         O(1) */
uint32_t ouro_isr_pool_init(struct ouro_isr_pool *pool, void *memory, size_t bytes,
                            size_t block_bytes);

/* Take a block, uninitialised.
 *   returns  NULL when all are in use, which is counted
 *   cost     O(1); once more from the start for each interrupt that meanwhile used the pool */
void *ouro_isr_pool_alloc(struct ouro_isr_pool *pool);

/* Give a block back; NULL is allowed.  What is not a block of this pool, or not in use, panics at
 * CHECK >= 1 (unless two contexts free one block in the same few instructions).
 *   cost     O(1), as above */
void ouro_isr_pool_free(struct ouro_isr_pool *pool, void *block);

struct ouro_isr_pool_stats {
    uint32_t blocks, peak; /* there are; most that were ever in use at once */
    uint32_t refusals;     /* requests that found none, up to 65535 */
};
void ouro_isr_pool_get_stats(const struct ouro_isr_pool *pool, struct ouro_isr_pool_stats *stats);

/* ---- messages, from one handler to the main loop ---- */

/* A ring of bytes with one producer and one consumer: each source of messages has its own.  The
 * caller's; its fields are the mailbox's alone. */
struct ouro_mailbox {
    uint8_t *ring;
    uint32_t mask;           /* bytes - 1 */
    uint32_t written, taken; /* run free; each has one writer */
    uint32_t refused;
};

enum { OURO_MAILBOX_PREFIX_BYTES = 2 }; /* the ring spends these on each message */

/* Make a mailbox, empty.
 *   ring   the caller's, static or from ouro_mem_alloc()
 *   bytes  a power of 2, 4 to 2^31; else it panics
 *   cost   O(1) */
void ouro_mailbox_init(struct ouro_mailbox *box, void *ring, size_t bytes);

/* Producer: post a message, all or nothing.
 *   bytes    0 to 65535
 *   returns  false when there is no room, which is counted
 *   cost     O(bytes) */
bool ouro_mailbox_post(struct ouro_mailbox *box, const void *message, size_t bytes);

/* Consumer: length of the next message, or -1 when there is none.  O(1). */
ptrdiff_t ouro_mailbox_next(const struct ouro_mailbox *box);

/* Consumer: take the next message.
 *   buffer   receives its first `room` bytes; what does not fit is dropped
 *   returns  its length, which may be more than `room`; -1 when there is none
 *   cost     O(room) */
ptrdiff_t ouro_mailbox_take(struct ouro_mailbox *box, void *buffer, size_t room);

/* Consumer: drop the next message, if there is one.  O(1). */
void ouro_mailbox_drop(struct ouro_mailbox *box);

/* Consumer: take the next message as a str.
 *   returns   new reference; NULL when there is no message, or with ValueError when it is not
 *             UTF-8, or with MemoryError; after an error it is still there
 *   cost      O(length) plus at most two allocations (one, but for the message that the ring's end
 *             cuts in two)
 *   collects  as an allocation does; a finalizer that then runs must leave this mailbox alone */
ouro_ref ouro_mailbox_take_str(struct ouro_mailbox *box);

/* Messages that found no room. */
uint32_t ouro_mailbox_refused(const struct ouro_mailbox *box);

#ifdef __cplusplus
}
#endif
#endif
