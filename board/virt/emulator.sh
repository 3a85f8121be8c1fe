# SPDX-License-Identifier: MIT
# emulator.sh - how QEMU becomes a virt board; sourced by the scripts in board/.
machine=(-M virt -cpu cortex-a7 -m 128 -nic none)
icount=shift=4     # 16 ns: one tick of the generic timer an instruction (ticks.c)
mailbox=0x40fffff0 # layout_mailbox
# Options that boot an ELF file, and a flash image.
boot_elf() { options=(-device "loader,file=$1,cpu-num=0"); }
boot_flash() { options=(-drive "if=pflash,format=raw,file=$1"); }
