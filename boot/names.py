#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""names.py IMAGE.elf > names.S: functions and variables of an image as a table for the image itself.

names.py IMAGE.elf OTHER.elf: fail unless both have the same at the same addresses, since a table
made from the one is linked into the other.
"""
import os
import subprocess
import sys

CROSS = os.environ.get("CROSS") or "arm-none-eabi-"


def symbols(image):
    """Address and name of every function and variable; None for what lies behind one and is none."""
    table = subprocess.run([CROSS + "readelf", "-sW", image], capture_output=True, text=True,
                           check=True).stdout
    fields = [line.split() for line in table.splitlines()]
    fields = [field for field in fields if len(field) == 8 and field[0][:-1].isdigit()]
    ram = next(int(field[1], 16) for field in fields if field[7] == "layout_ram_start")
    found, code_end, ends = {}, 0, set()
    for field in fields:
        start, size, kind = int(field[1], 16), int(field[2], 0), field[3]
        if size == 0 or not (kind == "FUNC" or (kind == "OBJECT" and start >= ram)):
            continue
        name = field[7].split(".")[0]
        if kind == "FUNC":
            start &= ~1
            code_end = max(code_end, start + size)
        else:
            ends.add(start + size)
        found[start] = min(name, found.get(start, name))
    for end in ends | {code_end}:
        found.setdefault(end, None)
    return sorted(found.items(), key=lambda item: item[0])


def main():
    if len(sys.argv) == 3:
        if symbols(sys.argv[1]) != symbols(sys.argv[2]):
            sys.exit(f"{sys.argv[2]}: the table of names has moved them")
        return
    found = symbols(sys.argv[1])
    print('.section .rodata.boot_names,"a"\n.global boot_names\n.balign 4\nboot_names:')
    for number, (start, name) in enumerate(found):
        if number == len(found) - 1:
            print(".global boot_names_last\nboot_names_last:")
        print(f".word {start:#x}, " + (f"name_{number}" if name else "0"))
    for number, (_, name) in enumerate(found):
        if name:
            print(f'name_{number}: .asciz "{name}"')


if __name__ == "__main__":
    main()
