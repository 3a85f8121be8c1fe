#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""symbolize.py IMAGE.elf < log: append function (file:line) to every code address in a log, and
its name to the address of a variable that `gc why` tells.

A code address is an eight-digit hexadecimal number inside a function of the image: on the lines
of pc, lr and the backtrace any such number, elsewhere only an odd one, as pointers to Thumb code
are, since small even numbers are rarely code.  A return address stands for the call before it.
"""
import bisect
import os
import re
import subprocess
import sys

CROSS = os.environ.get("CROSS") or "arm-none-eabi-"
VARIABLE = re.compile(r"(?<=global variable at )0x([0-9a-f]{8})\b(?! \()")
ADDRESS = re.compile(r"\b0x([0-9a-fA-F]{8})\b")
CODE_LINE = re.compile(r"\s*(pc|lr|#\d+)\s")
RETURN_LINE = re.compile(r"\s*(lr|#[1-9]\d*)\s+0x[0-9a-f]{8}(?! interrupted)|"
                         r"\s*#0\s+0x[0-9a-f]{8} searched")


def functions(image):
    """Sorted (start, end) of every function."""
    table = subprocess.run([CROSS + "readelf", "-sW", image], capture_output=True, text=True,
                           check=True).stdout
    spans = []
    for line in table.splitlines():
        field = line.split()
        if len(field) == 8 and field[3] in ("FUNC", "NOTYPE") and field[6].isdigit():
            start, size = int(field[1], 16) & ~1, int(field[2], 0)
            if size > 0:
                spans.append((start, start + size))
    return sorted(spans)


def variables(image):
    """Sorted (start, end, name) of every variable."""
    table = subprocess.run([CROSS + "readelf", "-sW", image], capture_output=True, text=True,
                           check=True).stdout
    fields = (line.split() for line in table.splitlines())
    return sorted((int(field[1], 16), int(field[1], 16) + int(field[2], 0), field[7])
                  for field in fields if len(field) == 8 and field[3] == "OBJECT")


def name_variable(spans, match):
    address = int(match.group(1), 16)
    i = bisect.bisect_right(spans, (address, 1 << 32)) - 1
    if i < 0 or not spans[i][0] <= address < spans[i][1]:
        return match.group(0)
    return f"{match.group(0)} {spans[i][2]}"


def is_code(spans, address):
    """Inside a function, and beyond the vectors: a small number is only a number."""
    i = bisect.bisect_right(spans, (address, 1 << 32)) - 1
    return address >= 0x100 and i >= 0 and spans[i][0] <= address < spans[i][1]


class Places:
    """addr2line as a running process: address in, "function (file:line)" out."""

    def __init__(self, image):
        self.tool = subprocess.Popen([CROSS + "addr2line", "-f", "-e", image], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def name(self, address):
        self.tool.stdin.write(f"{address:#x}\n")
        self.tool.stdin.flush()
        function = self.tool.stdout.readline().strip()
        place = self.tool.stdout.readline().strip().split(" (")[0]
        path, _, line = place.rpartition(":")
        if path.startswith("/"):
            path = os.path.relpath(path)
        return function if path == "??" else f"{function} ({path}:{line})"


def main():
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.R_OK):
        sys.exit("usage: symbolize.py IMAGE.elf < log (the image must exist)")
    spans = functions(sys.argv[1])
    places = Places(sys.argv[1])
    data = variables(sys.argv[1])
    for line in sys.stdin:
        is_code_line = CODE_LINE.match(line) is not None
        back = 2 if RETURN_LINE.match(line) else 0

        def append(match):
            value = int(match.group(1), 16)
            address = (value & ~1) - back
            if not is_code(spans, address) or not (is_code_line or value & 1):
                return match.group(0)
            return f"{match.group(0)} {places.name(address)}"

        line = VARIABLE.sub(lambda match: name_variable(data, match), line)
        sys.stdout.write(ADDRESS.sub(append, line))


if __name__ == "__main__":
    main()
