#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""names.py IMAGE.elf > names.S: the functions of an image as a table for the image itself.

names.py IMAGE.elf OTHER.elf: fail unless both have the same functions at the same addresses, since
a table made from the one is linked into the other.
"""
import os
import subprocess
import sys

CROSS = os.environ.get("CROSS") or "arm-none-eabi-"


def functions(image):
    """Address and name of every function, and where the last one ends."""
    table = subprocess.run([CROSS + "readelf", "-sW", image], capture_output=True, text=True,
                           check=True).stdout
    found, end = {}, 0
    for line in table.splitlines():
        field = line.split()
        if len(field) == 8 and field[3] == "FUNC" and field[6].isdigit() and int(field[2], 0) > 0:
            start = int(field[1], 16) & ~1
            name = field[7].split(".")[0]
            found[start] = min(name, found.get(start, name))
            end = max(end, start + int(field[2], 0))
    return sorted(found.items()), end


def main():
    if len(sys.argv) == 3:
        if functions(sys.argv[1]) != functions(sys.argv[2]):
            sys.exit(f"{sys.argv[2]}: the table of functions has moved them")
        return
    found, end = functions(sys.argv[1])
    print('.section .rodata.boot_names,"a"\n.global boot_names\n.balign 4\nboot_names:')
    for number, (start, _) in enumerate(found):
        print(f".word {start:#x}, name_{number}")
    print(f".global boot_names_last\nboot_names_last: .word {end:#x}, 0")
    for number, (_, name) in enumerate(found):
        print(f'name_{number}: .asciz "{name}"')


if __name__ == "__main__":
    main()
