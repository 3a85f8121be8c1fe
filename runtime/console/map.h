/* SPDX-License-Identifier: MIT
 * map.h - the arena drawn as text. */
#ifndef CONSOLE_MAP_H
#define CONSOLE_MAP_H

#include "ouro/console.h"

/* All of it, a character a page.  O(heap). */
void map_print(void);
/* One page: a character a cell, or what else is in it.  O(what lies before it). */
enum ouro_command_result map_page(uint32_t page);

#endif
