/* SPDX-License-Identifier: MIT
 * use_after_free.c - misuse that only a sanitizer can see; test_sanitizers.py expects its report.
 *
 *   use_after_free cell      read an object that its last reference has left
 *   use_after_free block     read a raw block that was given back
 *   use_after_free overrun   read past the end of an object, within its cell
 *   use_after_free tail      read past the end of a raw block, within its page
 *   use_after_free nothing   the same programs without the misuse */
#include <stdio.h>
#include <string.h>

#include "ouro.h"

static uint32_t read_word(const void *at) { return *(const volatile uint32_t *)at; }

int main(int argc, char **argv)
{
    const char *misuse = argc > 1 ? argv[1] : "nothing";
    uint32_t sum = 0;

    ouro_init(ouro_arena_start, (size_t)((uintptr_t)ouro_arena_end - (uintptr_t)ouro_arena_start));
    ouro_ref list = ouro_list_new();
    void *block = ouro_mem_alloc(100);
    memset(block, 0, 100);
    sum += read_word(list) + read_word(block);
    ouro_ref text = ouro_str_from("abc");
    if (strcmp(misuse, "overrun") == 0) sum += read_word(ouro_str_bytes(text, NULL) + 7);
    if (strcmp(misuse, "tail") == 0) sum += read_word((char *)block + 104);
    ouro_decref(text);
    ouro_decref(list);
    ouro_mem_free(block);
    if (strcmp(misuse, "cell") == 0) sum += read_word(list);
    if (strcmp(misuse, "block") == 0) sum += read_word((char *)block + 64);
    printf("unnoticed %u\n", (unsigned)sum);
    return 0;
}
