# SPDX-License-Identifier: MIT
# emulator.sh - how QEMU becomes a virt board; sourced by the scripts in board/.
machine=(-M virt -cpu cortex-a7 -m 128 -nic none)
icount=shift=4     # 16 ns: one tick of the generic timer an instruction (ticks.c)
mailbox=0x40fffff0 # layout_mailbox
payload=0x46000000 # where the flash loader finds the program
flash_bytes=67108864
# Options that boot an ELF file, a flash image, and the flash loader with a flash image.
boot_elf() { options=(-device "loader,file=$1,cpu-num=0"); }
boot_flash() { options=(-drive "if=pflash,format=raw,file=$1"); }
boot_loader() { boot_flash "$2"; options+=(-device "loader,file=$1,cpu-num=0"); }
