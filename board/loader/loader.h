/* SPDX-License-Identifier: MIT
 * loader.h - what the flash loader and a board's part of it share. */
#ifndef LOADER_H
#define LOADER_H

#include <stdint.h>

/* Code memory, from linker/NAME-loader.ld. */
extern volatile uint32_t loader_code_start[];
extern const uint8_t loader_code_end[];

/* board/NAME/loader: put `words` words of the image into code memory, which may need erasing.
 *   returns  NULL, or what went wrong */
const char *loader_program(const uint32_t *image, uint32_t words);

/* board/NAME/loader: the entry sets the stack and what the UART needs, and comes here. */
_Noreturn void loader_main(void);

#endif
