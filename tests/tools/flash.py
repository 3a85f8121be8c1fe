#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""flash.py MAP - what an image has of the runtime, by the linker's map: bytes in code memory and in
RAM of libouro.a, and of what it needs from the compiler's and the C library.

The program itself, the start-up code and the arena are not counted.  Texts that ends of others
serve as well are there once, and counted once."""
import re
import sys

LIBRARIES = {"libouro.a": "flash.runtime", "libgcc.a": "flash.helpers", "libc.a": "flash.helpers"}
RAM = "data|bss|tdata|tbss|noinit"
# An input section that a program is loaded with or runs with: its name, address, size and library;
# the name may stand on a line of its own.
SECTION = re.compile(r"^ (\.(?:text|rodata|ARM.ex\w+|" + RAM + r")\b\S*|ouro_types)\s+"
                     r"0x([0-9a-f]+)\s+0x([0-9a-f]+) \S*/(\w+\.a)\(", re.M)


def sizes(path):
    """Bytes by figure."""
    text = open(path, encoding="utf-8").read().partition("\nLinker script and memory map\n")[2]
    found = {"flash.runtime": 0, "flash.helpers": 0, "flash.ram": 0}
    for name, address, size, library in SECTION.findall(text):
        if int(address, 16) == 0 or library not in LIBRARIES:
            continue  # dropped
        is_ram = re.match(rf"\.(?:{RAM})\b", name)
        found["flash.ram" if is_ram else LIBRARIES[library]] += int(size, 16)
    return {"flash.total": found["flash.runtime"] + found["flash.helpers"], **found}


if __name__ == "__main__":
    for figure, value in sizes(sys.argv[1]).items():
        print(figure, value, "bytes")
