#!/bin/bash
# SPDX-License-Identifier: MIT
# size.sh - text, data and bss of each module of $BUILD, what a program that uses all types has of
# them (not on a small board), and how much arena is left.
set -eu
elf=$BUILD/ouro.elf

for library in libouro libouro-console; do
    "${CROSS}size" -t "$BUILD/$library.a" | awk -v library="$library.a" '
        NR == 1 { printf "%-20s %8s %8s %8s\n", library, "text", "data", "bss"; next }
        { name = $6; sub(/\.o$/, "", name); if (name ~ /TOTALS/) name = "total"
          printf "  %-18s %8d %8d %8d\n", name, $1, $2, $3 }'
done
if [ -e "$BUILD/tests/bench/flash.map" ]; then
    tests/tools/flash.py "$BUILD/tests/bench/flash.map" | awk '{ printf "%-20s %8d\n", $1, $2 }'
fi
"${CROSS}size" "$elf" | awk 'NR == 2 { printf "%-20s %8d %8d %8d\n", "ouro.elf", $1, $2, $3 }'
"${CROSS}nm" "$elf" | awk '
    function hex(text,    i, n) {
        for (i = 1; i <= length(text); i++)
            n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
        return n
    }
    $3 == "ouro_arena_start" { start = hex($1) }
    $3 == "ouro_arena_end" { end = hex($1) }
    END { printf "arena left           %8d bytes\n", end - start }'
