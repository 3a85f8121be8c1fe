/* SPDX-License-Identifier: MIT
 * isr_mailbox.c - rings of messages from an interrupt handler to the main loop.
 *
 * A message is two bytes of length, then its bytes; all of it may wrap around the ring's end.  The
 * producer alone writes `written`, the consumer alone `taken`: a release when one has finished with
 * the bytes, an acquire before the other looks at them, and no lock. */
#include <string.h>

#include "check.h"
#include "ouro/isr.h"

enum { MESSAGE_MOST = 0xffff, RING_LEAST = 4 };

static uint32_t acquire(const uint32_t *index) { return __atomic_load_n(index, __ATOMIC_ACQUIRE); }

void ouro_mailbox_init(struct ouro_mailbox *box, void *ring, size_t bytes)
{
    ouro_require_that(bytes >= RING_LEAST && (bytes & (bytes - 1)) == 0 && bytes <= 1u << 31,
                      "a mailbox needs a power of 2 bytes");
    *box = (struct ouro_mailbox){.ring = ring, .mask = (uint32_t)bytes - 1u};
}

/* Bytes from `at` to the ring's end, `bytes` at most. */
static size_t before_end(const struct ouro_mailbox *box, uint32_t at, size_t bytes)
{
    size_t left = box->mask + 1u - (at & box->mask);
    return bytes < left ? bytes : left;
}

static void copy_in(struct ouro_mailbox *box, uint32_t at, const void *from, size_t bytes)
{
    size_t first = before_end(box, at, bytes);
    memcpy(box->ring + (at & box->mask), from, first);
    memcpy(box->ring, (const uint8_t *)from + first, bytes - first);
}

static void copy_out(const struct ouro_mailbox *box, uint32_t at, void *to, size_t bytes)
{
    size_t first = before_end(box, at, bytes);
    memcpy(to, box->ring + (at & box->mask), first);
    memcpy((uint8_t *)to + first, box->ring, bytes - first);
}

bool ouro_mailbox_post(struct ouro_mailbox *box, const void *message, size_t bytes)
{
    uint32_t at = box->written;
    uint32_t room = box->mask + 1u - (at - acquire(&box->taken));
    if (bytes > MESSAGE_MOST || bytes + OURO_MAILBOX_PREFIX_BYTES > room) {
        box->refused++;
        return false;
    }
    const uint8_t prefix[OURO_MAILBOX_PREFIX_BYTES] = {(uint8_t)bytes, (uint8_t)(bytes >> 8)};
    copy_in(box, at, prefix, sizeof prefix);
    copy_in(box, at + OURO_MAILBOX_PREFIX_BYTES, message, bytes);
    __atomic_store_n(&box->written, at + OURO_MAILBOX_PREFIX_BYTES + (uint32_t)bytes,
                     __ATOMIC_RELEASE);
    return true;
}

ptrdiff_t ouro_mailbox_next(const struct ouro_mailbox *box)
{
    uint8_t prefix[OURO_MAILBOX_PREFIX_BYTES];
    if (acquire(&box->written) == box->taken) return -1;
    copy_out(box, box->taken, prefix, sizeof prefix);
    return prefix[0] | prefix[1] << 8;
}

void ouro_mailbox_drop(struct ouro_mailbox *box)
{
    ptrdiff_t bytes = ouro_mailbox_next(box);
    if (bytes < 0) return;
    __atomic_store_n(&box->taken, box->taken + OURO_MAILBOX_PREFIX_BYTES + (uint32_t)bytes,
                     __ATOMIC_RELEASE);
}

ptrdiff_t ouro_mailbox_take(struct ouro_mailbox *box, void *buffer, size_t room)
{
    ptrdiff_t bytes = ouro_mailbox_next(box);
    if (bytes < 0) return -1;
    if ((size_t)bytes < room) room = (size_t)bytes;
    copy_out(box, box->taken + OURO_MAILBOX_PREFIX_BYTES, buffer, room);
    ouro_mailbox_drop(box);
    return bytes;
}

uint32_t ouro_mailbox_refused(const struct ouro_mailbox *box) { return box->refused; }
