#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""traces.py OUT.S TRACE.mt.gz... - allocation traces as an assembler file that defines `traces`.

An event is a word, operation << 28 | id, and for all but free another with the size.  The table's
entries are struct trace of tests/bench/replay/replay.h."""
import gzip
import os
import sys

OPERATIONS = {"a": 0, "c": 1, "r": 2, "f": 3}


def read(path):
    """Words of the events, number of ids, and the peak of live requested bytes."""
    words, sizes, live, peak = [], {}, 0, 0
    for line in gzip.open(path, "rt"):
        if line.startswith("#"):
            continue
        fields = line.split()
        number, size = int(fields[1]), max(1, int(fields[2])) if fields[0] != "f" else 0
        words.append(OPERATIONS[fields[0]] << 28 | number)
        if fields[0] != "f":
            words.append(size)
        live += size - sizes.get(number, 0)
        sizes[number] = size
        peak = max(peak, live)
    return words, max(sizes) + 1, peak


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    table, data = [], []
    for path in paths:
        name = os.path.basename(path).split(".")[0]
        words, ids, peak = read(path)
        table.append(f".word name_{name}, data_{name}, end_{name}, {ids}, {peak}")
        data.append(f'name_{name}: .asciz "{name}"\n.balign 4\ndata_{name}:')
        data += [".word " + ",".join(map(str, words[i:i + 16])) for i in range(0, len(words), 16)]
        data.append(f"end_{name}:")
    with open(out, "w", encoding="ascii") as file:
        print(".section .rodata\n.balign 4", *data, ".global traces, traces_end\ntraces:", *table,
              "traces_end:", sep="\n", file=file)


if __name__ == "__main__":
    main()
