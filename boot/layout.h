/* SPDX-License-Identifier: MIT
 * layout.h - the boundary symbols of linker/sections.ld.  Only their addresses mean anything. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdint.h>

extern const uint8_t layout_code_start[], layout_code_end[]; /* vectors to the image of .data */
extern const uint8_t layout_text_start[], layout_text_end[];
extern const uint32_t layout_exidx_start[], layout_exidx_end[];
extern const uint8_t layout_data_source[];
extern uint8_t layout_data_start[], layout_data_end[], layout_bss_start[], layout_bss_end[];
extern uint8_t layout_ram_start[], layout_ram_end[];
extern uint8_t layout_stack_guard[], layout_stack_limit[], layout_stack_top[];
extern uint8_t layout_emergency_top[];

/* Written by the emulator's command line before reset; all words are 0 at power-on. */
enum mailbox_word { MAILBOX_MODE, MAILBOX_IMAGE, MAILBOX_IMAGE_BYTES, MAILBOX_WORDS };
enum {
    MAILBOX_SCRIPT = 0x73637269, /* "scri" in MAILBOX_MODE: the console runs from a pipe */
    MAILBOX_VERIFY = 0x76726679, /* "vrfy": the flash loader compares only */
};
extern volatile uint32_t layout_mailbox[];

#endif
