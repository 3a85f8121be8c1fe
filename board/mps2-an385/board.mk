# SPDX-License-Identifier: MIT
# mps2-an385: Cortex-M3 at 25 MHz, 4 MB of code RAM, 4 MB of RAM, 16 MB of PSRAM.
ARCH      := mprofile armv7 armv7m
CPU_FLAGS := -mthumb -mcpu=cortex-m3
include board/loader.mk
