/* SPDX-License-Identifier: MIT
 * program.c - virt: program the CFI flash, two 16-bit Intel chips side by side.
 *
 * A command goes to both chips at once, hence the doubled halfwords.  While a bank erases or
 * programs, it answers with its status and holds no code: this runs from RAM. */
#include "loader.h"

#include <stddef.h>

enum {
    SECTOR_WORDS = 256 * 1024 / 4,
    BUFFER_WORDS = 128, /* written at once, aligned; the chips' buffers are larger */
    CMD_READ_ARRAY = 0x00ff00ff,
    CMD_CLEAR_STATUS = 0x00500050,
    CMD_ERASE = 0x00200020,
    CMD_CONFIRM = 0x00d000d0,
    CMD_PROGRAM_BUFFER = 0x00e800e8,
    STATUS_READY = 0x00800080,
    STATUS_ERRORS = 0x003a003a, /* erase, program, voltage, locked */
    POLLS = 1000000,
};

_Noreturn void loader_entry(void);

__attribute__((naked, target("arm"))) _Noreturn void loader_entry(void)
{
    __asm__("cpsid if\n\tldr sp, =loader_stack_top\n\tldr r0, =loader_main\n\tbx r0");
}

/* Wait for the end of a command.  NULL, or what went wrong. */
static const char *finish(volatile uint32_t *place, const char *failed)
{
    uint32_t status = 0, polls = POLLS;
    while ((status & STATUS_READY) != STATUS_READY && polls > 0u) {
        status = *place;
        polls--;
    }
    *place = CMD_CLEAR_STATUS;
    *place = CMD_READ_ARRAY;
    return polls > 0u && (status & STATUS_ERRORS) == 0u ? NULL : failed;
}

static const char *sector_erase(volatile uint32_t *sector)
{
    *sector = CMD_ERASE;
    *sector = CMD_CONFIRM;
    return finish(sector, "a sector does not erase");
}

static const char *buffer_program(volatile uint32_t *place, const uint32_t *image, uint32_t words)
{
    *place = CMD_PROGRAM_BUFFER;
    *place = (words - 1u) << 16 | (words - 1u);
    for (uint32_t i = 0; i < words; i++) place[i] = image[i];
    *place = CMD_CONFIRM;
    return finish(place, "a word does not program");
}

const char *loader_program(const uint32_t *image, uint32_t words)
{
    volatile uint32_t *code = loader_code_start;
    for (uint32_t i = 0; i < words; i += BUFFER_WORDS) {
        uint32_t count = words - i < BUFFER_WORDS ? words - i : BUFFER_WORDS;
        const char *error = i % SECTOR_WORDS == 0u ? sector_erase(&code[i]) : NULL;
        if (!error) error = buffer_program(&code[i], &image[i], count);
        if (error) return error;
    }
    return NULL;
}
