#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""by-function.py IMAGE.elf COUNTS: instructions by function.

COUNTS is what qemu-profile.c writes: an address (hex) and how often it ran, a line each.
"""
import bisect
import collections
import os
import subprocess
import sys

SHOWN = 40


def functions(image):
    """Sorted (start, end, name) of the symbols that are code."""
    tool = (os.environ.get("CROSS") or "arm-none-eabi-") + "nm"
    listing = subprocess.run([tool, "-S", "-n", image], capture_output=True, text=True, check=True)
    table = []
    for line in listing.stdout.splitlines():
        field = line.split()
        if len(field) == 4 and field[2] in "tTwW":
            start = int(field[0], 16) & ~1
            table.append((start, start + max(int(field[1], 16), 2), field[3]))
    return sorted(table)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: by-function.py IMAGE.elf COUNTS")
    table = functions(sys.argv[1])
    starts = [start for start, _, _ in table]
    by_name = collections.Counter()
    with open(sys.argv[2], encoding="ascii") as counts:
        for line in counts:
            address, runs = line.split()
            address = int(address, 16)
            i = bisect.bisect_right(starts, address) - 1
            is_inside = i >= 0 and address < table[i][1]
            by_name[table[i][2] if is_inside else "?"] += int(runs)
    total = sum(by_name.values())
    print(f"{total:>14,}  100.0 %  (all)")
    for name, runs in by_name.most_common(SHOWN):
        print(f"{runs:>14,}  {100 * runs / total:5.1f} %  {name}")


if __name__ == "__main__":
    main()
