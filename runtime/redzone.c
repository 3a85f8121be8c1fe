/* SPDX-License-Identifier: MIT
 * redzone.c - red zones and poison, written and checked; test builds only (CHECK 2 and 3). */
#include "redzone.h"

enum { CODE_BITS = 24 };
static const uint32_t poison = 0xdeaddeadu, canary = 0xa5a5a5a5u;

/* The number in 24 bits, and above them what one byte of it cannot change unseen. */
static uint32_t code_of(uint32_t bytes)
{
    return bytes | (0x5au ^ bytes ^ bytes >> 8 ^ bytes >> 16) << CODE_BITS;
}

static uint32_t *code_word(const void *start, size_t room)
{
    return (uint32_t *)((uintptr_t)start + room - REDZONE_BYTES);
}

BLIND void redzone_write(void *start, size_t bytes, size_t room)
{
    uint32_t *code = code_word(start, room);
    for (uint8_t *at = (uint8_t *)start + bytes; at < (uint8_t *)code; at++) *at = (uint8_t)canary;
    code[0] = code_of((uint32_t)bytes);
    code[1] = caller_site() - CALL_BACK;
}

BLIND uint32_t redzone_asked(const void *start, size_t room)
{
    uint32_t code = *code_word(start, room), bytes = code & ((1u << CODE_BITS) - 1u);
    if (code == poison) return REDZONE_FREED;
    return code == code_of(bytes) && bytes <= room - REDZONE_BYTES ? bytes : REDZONE_LOST;
}

BLIND uint32_t redzone_site(const void *start, size_t room) { return code_word(start, room)[1]; }

BLIND bool redzone_is_intact(const void *start, size_t room)
{
    uint32_t bytes = redzone_asked(start, room);
    if (bytes >= REDZONE_FREED) return false;
    const uint8_t *at = (const uint8_t *)start + bytes, *end = (uint8_t *)code_word(start, room);
    for (; (uintptr_t)at % sizeof canary && at < end; at++)
        if (*at != (uint8_t)canary) return false;
    for (; at < end; at += sizeof canary)
        if (*(const uint32_t *)(const void *)at != canary) return false;
    return true;
}

BLIND void poison_write(void *start, size_t bytes)
{
    for (uint32_t *word = start, *end = word + bytes / sizeof *word; word < end; word++)
        *word = poison;
}

BLIND bool poison_is_intact(const void *start, size_t bytes)
{
    const uint32_t *word = start, *end = word + bytes / sizeof *word;
    while (word < end && *word == poison) word++;
    return word == end;
}
