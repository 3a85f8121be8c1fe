/* SPDX-License-Identifier: MIT
 * board.c - mps2-an385: what the memory protection unit opens, and who gets which interrupt. */
#include "armv7m/mpu.h"
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

const char ouro_port_board[] = "mps2-an385";

const struct mpu_region board_mpu_regions[] = {
    {(const void *)0x00000000u, 22, MPU_CODE},   /* 4 MB */
    {(const void *)0x20000000u, 22, MPU_RAM},    /* 4 MB */
    {(const void *)0x21000000u, 24, MPU_RAM},    /* 16 MB */
    {(const void *)0x40000000u, 18, MPU_DEVICE}, /* APB and FPGAIO */
};
const unsigned board_mpu_region_count = sizeof board_mpu_regions / sizeof board_mpu_regions[0];

void board_init(void)
{
    ticks_init();
    uart_init();
}

void board_irq(unsigned irq)
{
    if (irq == board_uart_irq) {
        serial_receive();
    } else if (irq == TICKS_IRQ) {
        ticks_wrapped();
    } else if (irq == ALARM_IRQ) {
        alarm_rang();
    } else {
        ouro_port_panic("an interrupt that nobody handles" OURO_HERE);
    }
}
