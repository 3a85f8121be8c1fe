/* SPDX-License-Identifier: MIT
 * masked.S - a stack that handlers share with the main loop, on ARMv6-M: without exclusive access,
 * so that interrupts are masked, for 12 instructions at most (tests/image counts them).
 * In assembly, since a compiler promises no number. */
    .syntax unified
    .thumb

    .macro function name
    .section .text.\name, "ax", %progbits
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

/* uint32_t ouro_port_pop(volatile uint32_t *stack, const volatile uint16_t *below, uint32_t count) */
    function ouro_port_pop
    push {r4-r7, lr}
    movs r5, #1
    lsls r5, r5, #16
    mrs r7, primask
    cpsid i
    ldr r3, [r0]
    lsls r4, r3, #16
    beq 1f              /* nothing lies on the stack */
    lsrs r4, r4, #16
    lsls r6, r4, #1
    ldrh r6, [r1, r6]
    subs r3, r3, r4
    adds r3, r3, r6
    b 2f
1:  lsrs r4, r3, #16
    cmp r4, r2
    bhs 3f              /* all were handed out */
    adds r4, r4, #1
    adds r3, r3, r5
2:  str r3, [r0]
    msr primask, r7
    mov r0, r4
    pop {r4-r7, pc}
3:  msr primask, r7
    movs r0, #0
    pop {r4-r7, pc}
    .size ouro_port_pop, . - ouro_port_pop

/* void ouro_port_push(volatile uint32_t *stack, volatile uint16_t *below, uint32_t number) */
    function ouro_port_push
    push {r4, r5, lr}
    lsls r3, r2, #1
    adds r1, r1, r3
    mrs r5, primask
    cpsid i
    ldr r3, [r0]
    strh r3, [r1]
    uxth r4, r3
    subs r3, r3, r4
    adds r3, r3, r2
    str r3, [r0]
    msr primask, r5
    pop {r4, r5, pc}
    .size ouro_port_push, . - ouro_port_push
