/* SPDX-License-Identifier: MIT
 * echo.c - receives bytes up to an end mark and prints their number and a hash; slow at times, so
 * that the ring fills up and the sender has to wait. */
#include "ouro/port.h"
#include "t.h"

enum { END = 0xff, SLOW_EVERY = 1000, SLOW_LOOPS = 200000 };

static uint8_t receive(void)
{
    for (;;) {
        int byte = ouro_port_get();
        if (byte >= 0) return (uint8_t)byte;
        ouro_port_wait();
    }
}

int main(void)
{
    uint32_t count = 0, hash = 5381;
    for (uint8_t byte = receive(); byte != END; byte = receive()) {
        hash = (hash * 33u + byte) & 0x7fffffffu;
        count++;
        for (volatile uint32_t n = 0; count % SLOW_EVERY == 0u && n < SLOW_LOOPS; n = n + 1u) {}
    }
    t_print_int((int64_t)count);
    t_print(" ");
    t_print_int((int64_t)hash);
    t_print("\n");
    return 7;
}
