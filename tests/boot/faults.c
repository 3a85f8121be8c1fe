/* SPDX-License-Identifier: MIT
 * faults.c - an image that goes wrong in the way that test_faults.py asks for.
 *
 * The number of the case comes through the word of the mailbox that the flash loader uses, written
 * by the emulator's command line.  Each case runs under the same two callers, so that the
 * backtrace is known.  The functions are volatile in what they do, or the compiler would see the
 * fault coming and leave it out. */
#include <string.h>

#include "ouro/core.h"
#include "ouro/port.h"
#include "ouro/types.h"
#include "t.h"

#define NOINLINE __attribute__((noinline, noclone))

extern volatile uint32_t layout_mailbox[];
extern const uint8_t layout_stack_top[], layout_text_start[];
void boot_reset(void);

static volatile uint32_t zero;
static uint16_t ram_code[] = {0x4770, 0x4770}; /* bx lr */

static volatile uint32_t *pointer_to(uint32_t address)
{
    return (volatile uint32_t *)(address + zero);
}

static NOINLINE void null_read(void) { zero = *pointer_to(4); }
static NOINLINE void null_write(void) { *pointer_to(4) = 1; }
static NOINLINE void code_write(void) { *pointer_to((uint32_t)null_write & ~3u) = 1; }
static NOINLINE void hole_write(void) { *pointer_to(0x00400100u) = 1; }
static NOINLINE void unmapped_read(void) { zero = *pointer_to(0x60000000u); }

static NOINLINE void call(uint32_t address)
{
    void (*function)(void) = (void (*)(void))(address + zero);
    function();
    zero = 0; /* not a tail call */
}
static NOINLINE void ram_execute(void)
{
    call((uint32_t)ram_code | 1u);
    zero = 0;
}
static NOINLINE void null_call(void)
{
    call(1);
    zero = 0;
}
static NOINLINE void undefined(void) { __asm__ volatile("udf #1"); }
static NOINLINE void divide(void) { zero = 7u / zero; }
static NOINLINE void unaligned(void)
{
    uint32_t odd = (uint32_t)ram_code | 1u;
    __asm__ volatile("ldm %0!, {r2, r3}" : "+r"(odd) : : "r2", "r3");
}
static NOINLINE void library(void)
{
    memset((void *)(uintptr_t)pointer_to(0), 0, 64);
    zero = 0;
}

static NOINLINE uint32_t descend(uint32_t depth)
{
    volatile uint32_t frame[20];
    frame[0] = depth;
    if (depth == UINT32_MAX) return 0;
    uint32_t below = descend(depth + 1u);
    return below + frame[0];
}
static NOINLINE void stack_overflow(void) { zero = descend(0); }

static NOINLINE uint32_t descend_far(uint32_t depth)
{
    volatile uint32_t frame[1500];
    frame[depth % 1500u] = depth;
    if (depth == UINT32_MAX) return 0;
    uint32_t below = descend_far(depth + 1u);
    return below + frame[depth % 1500u];
}
static NOINLINE void stack_overflow_far(void) { zero = descend_far(0); }

static NOINLINE void panic(void) { ouro_port_panic("the sky is falling (chicken.c:42)"); }

/* Set pending an interrupt that no driver handles. */
static NOINLINE void interrupt(void)
{
#if __ARM_ARCH_PROFILE == 'M'
    *pointer_to(0xe000e100u) = 1u << 20; /* NVIC: enable, pend */
    *pointer_to(0xe000e200u) = 1u << 20;
#else
    *pointer_to(0x08000f00u) = 2u << 24 | 1u; /* GIC: software interrupt 1 to this core */
#endif
    while (zero == 0u) {}
}

/* Overwrite the callers' frames with what looks like frames: code and stack addresses, returns
 * from exceptions, numbers.  The word after the case's number is the seed. */
static NOINLINE void smash(void)
{
    volatile uint32_t *word;
    uint32_t random = layout_mailbox[2] + 1u;
    __asm__ volatile("mov %0, sp" : "=r"(word));
    while ((const uint8_t *)word < layout_stack_top) {
        random = random * 1664525u + 1013904223u;
        const uint32_t choices[] = {
            random,
            random >> 20,
            0xfffffff9u,
            (uint32_t)word + (random >> 24 & 0xfcu),
            (uint32_t)layout_text_start + (random >> 18 | 1u),
            (uint32_t)boot_reset + 8u,
        };
        *word++ = choices[(random >> 8) % T_COUNT(choices)];
    }
    __asm__ volatile("udf #1");
}

/* Take the UART away, so that the report of the fault faults itself. */
static NOINLINE void nested(void)
{
#if __ARM_ARCH_PROFILE == 'M'
    *pointer_to(0xe000ed98u) = 3; /* MPU: region 3, the peripherals, off */
    *pointer_to(0xe000eda0u) = 0;
    __asm__ volatile("dsb\n\tisb");
#else
    uint32_t sections;
    __asm__ volatile("mrc p15, 0, %0, c2, c0, 0" : "=r"(sections));
    pointer_to(sections)[0x090] = 0;
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0\n\tdsb\n\tisb" ::"r"(0));
#endif
    *pointer_to(4) = 1;
}

/* Through the runtime and back: the runtime finds fault with a finalizer. */
static NOINLINE void finalize(ouro_ref self) { zero = ouro_list_len(self); }
OURO_TYPE_DEFINE(finalized_type) = {
    .name = "finalized",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct ouro_obj),
    .finalize = finalize,
};
static NOINLINE void finalizer(void)
{
    ouro_ref object = ouro_obj_new(&finalized_type);
    ouro_put(&object, NULL);
    zero = 0;
}

/* The order that test_faults.py knows. */
static void (*const cases[])(void) = {
    null_read,          null_write, code_write, hole_write, unmapped_read, ram_execute,
    null_call,          undefined,  divide,     unaligned,  library,       stack_overflow,
    stack_overflow_far, panic,      interrupt,  smash,      nested,        finalizer,
};

static NOINLINE uint32_t inner(uint32_t number)
{
    cases[number % T_COUNT(cases)]();
    return zero;
}

static NOINLINE uint32_t outer(uint32_t number) { return inner(number) + 1u; }

/* Where no frame tells, the report searches the stack for code addresses: leave none of before. */
static NOINLINE void scrub(void)
{
    volatile uint32_t frame[160];
    for (unsigned i = 0; i < 160; i++) frame[i] = 0;
    __asm__ volatile("" : : "r"(frame) : "memory");
}

int main(void)
{
    ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start));
    scrub();
    t_print("going wrong\n");
    return outer(layout_mailbox[1]) == 1u ? 0 : 1;
}
