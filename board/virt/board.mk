# SPDX-License-Identifier: MIT
# virt: QEMU's own machine with a Cortex-A7, booting from its CFI flash.
ARCH      := armv7 armv7a
CPU_FLAGS := -mthumb -mcpu=cortex-a7 -mfpu=neon-vfpv4 -mfloat-abi=hard
include board/loader.mk
