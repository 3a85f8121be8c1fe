# SPDX-License-Identifier: MIT
# emulator.sh - how QEMU becomes an mps2-an385; sourced by the scripts in board/.
machine=(-M mps2-an385)
icount=shift=6     # 64 ns, 1.6 timer ticks an instruction (ticks.c)
mailbox=0x203ffff0 # layout_mailbox
payload=0x21000000 # where the flash loader finds the program: PSRAM
flash_bytes=0      # a flash image is as long as the program
# Options that boot an ELF file, a flash image, and the flash loader with a flash image.
boot_elf() { options=(-kernel "$1"); }
boot_flash() { options=(-device "loader,file=$1,addr=0,force-raw=on"); }
boot_loader() { boot_flash "$2"; options+=(-device "loader,file=$1,cpu-num=0"); }
