# SPDX-License-Identifier: MIT
# microbit: nRF51822, Cortex-M0 at 16 MHz, 256 KB of flash, 16 KB of RAM.
ARCH      := mprofile armv6m
CPU_FLAGS := -mthumb -mcpu=cortex-m0
include board/loader.mk
