/* SPDX-License-Identifier: MIT
 * mmu.c - an identity map that gives the guards of an MPU.
 *
 * Sections of 1 MB, but pages of 4 KB for the megabyte of code and the first one of RAM, where the
 * guards lie.  Caches stay off: they would have to be invalidated first, and QEMU models none.
 * With the MMU on, RAM is normal memory, where unaligned access is allowed. */
#include <stddef.h>

#include "layout.h"
#include "mmu.h"

enum {
    PAGE_BYTES = 4096,
    MEGABYTE = 1 << 20,
    PAGES = MEGABYTE / PAGE_BYTES,
    L1_TABLE = 1,
    PAGE_CODE = 2 | 1 << 4 | 1 << 9 | 1 << 6 | 3 << 2, /* read-only, write-back */
    PAGE_RAM = 2 | 1 | 1 << 4 | 1 << 6 | 3 << 2,       /* read and write, not executable */
    SCTLR_M = 1 << 0,
};

#define TABLE(bytes) __attribute__((section(".noinit"), aligned(bytes)))
static TABLE(16384) uint32_t sections[4096];
static TABLE(1024) uint32_t code_pages[PAGES], ram_pages[PAGES];

static void map_pages(uint32_t *pages, const void *start, const void *closed, uint32_t flags)
{
    uint32_t address = (uint32_t)start;
    sections[address / MEGABYTE] = (uint32_t)pages | L1_TABLE;
    for (size_t i = 0; i < PAGES; i++, address += PAGE_BYTES) {
        pages[i] = address == (uint32_t)closed ? 0 : address | flags;
    }
}

void mmu_init(void)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) sections[i] = 0;
    for (size_t i = 0; i < board_mmu_region_count; i++) {
        const struct mmu_region *region = &board_mmu_regions[i];
        for (uint32_t n = 0; n < region->megabytes; n++) {
            uint32_t megabyte = region->first_megabyte + n;
            sections[megabyte] = megabyte * MEGABYTE | region->flags;
        }
    }
    map_pages(code_pages, layout_code_start, layout_code_start, PAGE_CODE);
    map_pages(ram_pages, layout_ram_start, layout_stack_guard, PAGE_RAM);

    uint32_t sctlr;
    __asm__ volatile("mcr p15, 0, %1, c2, c0, 0\n\t" /* TTBR0 */
                     "mcr p15, 0, %2, c2, c0, 2\n\t" /* TTBCR: TTBR0 serves all addresses */
                     "mcr p15, 0, %3, c3, c0, 0\n\t" /* DACR: domain 0 checks permissions */
                     "mcr p15, 0, %2, c8, c7, 0\n\t" /* TLBIALL */
                     "dsb\n\tisb\n\t"
                     "mrc p15, 0, %0, c1, c0, 0"
                     : "=&r"(sctlr)
                     : "r"(sections), "r"(0), "r"(1)
                     : "memory");
    __asm__ volatile("mcr p15, 0, %0, c1, c0, 0\n\tisb" : : "r"(sctlr | SCTLR_M) : "memory");
}
