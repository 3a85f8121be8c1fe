/* SPDX-License-Identifier: MIT
 * loader.c - runs from RAM on the board: programs an image into code memory, and verifies it.
 *
 * The emulator has put the image into RAM, and its place and length into the mailbox.  The status
 * is 0 only if every byte reads back as it should. */
#include "loader.h"

#include <stddef.h>

#include "boot.h"
#include "layout.h"
#include "ouro/port.h"

/* The UART's driver asks for its interrupt; the loader takes none. */
void boot_irq_enable(unsigned irq, bool on)
{
    (void)irq;
    (void)on;
}

static void say(const char *text)
{
    while (*text != '\0') ouro_port_put((uint8_t)*text++);
}

static void say_hex(uint32_t value)
{
    for (unsigned shift = 32; shift > 0u; shift -= 4u) {
        ouro_port_put((uint8_t) "0123456789abcdef"[value >> (shift - 4u) & 0xfu]);
    }
}

static _Noreturn void fail(const char *what)
{
    say("flash: ");
    say(what);
    say("\n");
    ouro_port_exit(1);
}

static void verify(const uint32_t *image, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        uint32_t found = loader_code_start[i];
        if (found == image[i]) continue;
        say("flash: address ");
        say_hex((uint32_t)&loader_code_start[i]);
        say(" holds ");
        say_hex(found);
        say(" instead of ");
        say_hex(image[i]);
        say("\n");
        fail("verification failed");
    }
}

_Noreturn void loader_main(void)
{
    const uint32_t *image = (const uint32_t *)layout_mailbox[MAILBOX_IMAGE];
    uint32_t words = (layout_mailbox[MAILBOX_IMAGE_BYTES] + 3u) / 4u;
    uint32_t room = (uint32_t)loader_code_end / 4u - (uint32_t)loader_code_start / 4u;
    if (words == 0u || words > room) fail("no image, or one larger than code memory");
    if (layout_mailbox[MAILBOX_MODE] != MAILBOX_VERIFY) {
        const char *error = loader_program(image, words);
        if (error) fail(error);
    }
    verify(image, words);
    say("flash: verified on the board\n");
    ouro_port_exit(0);
}
