# SPDX-License-Identifier: MIT
# emulator.sh - how QEMU becomes a microbit; sourced by the scripts in board/.
machine=(-M microbit)
icount=shift=6     # 64 ns, 1.024 timer ticks an instruction (ticks.c)
mailbox=0x20001bf0 # layout_mailbox
payload=0x00020000 # where the flash loader finds the program: the upper half of the flash
flash_bytes=0      # a flash image is as long as the program
# Options that boot an ELF file, a flash image, and the flash loader with a flash image.
boot_elf() { options=(-kernel "$1"); }
boot_flash() { options=(-device "loader,file=$1,addr=0,force-raw=on"); }
boot_loader() { boot_flash "$2"; options+=(-device "loader,file=$1,cpu-num=0"); }
