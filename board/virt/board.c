/* SPDX-License-Identifier: MIT
 * board.c - virt: what the MMU maps, and who gets which interrupt. */
#include "armv7a/gic.h"
#include "armv7a/mmu.h"
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

const char ouro_port_board[] = "virt";

const uintptr_t board_gic_distributor = 0x08000000u, board_gic_cpu = 0x08010000u;

const struct mmu_region board_mmu_regions[] = {
    {0x400, 32, MMU_RAM},   /* RAM and arena; the first megabyte by pages */
    {0x080, 1, MMU_DEVICE}, /* GIC */
    {0x090, 1, MMU_DEVICE}, /* UART */
};
const unsigned board_mmu_region_count = sizeof board_mmu_regions / sizeof board_mmu_regions[0];

void board_init(void) { uart_init(); }

void board_irq(unsigned irq)
{
    if (irq == board_uart_irq) {
        serial_receive();
    } else if (irq == ALARM_IRQ) {
        alarm_rang();
    } else {
        ouro_port_panic("an interrupt that nobody handles" OURO_HERE);
    }
}
