#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bench.sh TABLE IMAGE... - run the bench images on $BOARD, write their figures to TABLE, show it.
#
# One figure a line: name TAB value TAB unit, no header, plain decimals.  The images print lines
# `name value unit`; the sizes come from the libraries and the firmware of $BUILD:
#   lib.text    text of libouro.a, all modules (the linker drops what a program does not use)
#   level.text  the same at each checking level
#   flash       what a program that uses all types has of them: see flash.py; at level 0: flash.../0
#   ram.static  .data, .bss and the like of the firmware: neither stacks nor arena
set -eu -o pipefail
table=$1
shift
mkdir -p "${table%/*}"
trap 'rm -f "$table.new"' EXIT

{
    for image in "$@"; do
        output=$(TIMEOUT=1800 board/emulate.sh test "$BOARD" "$image") || {
            status=$?
            printf '%s\n%s ended with status %d\n' "$output" "$image" "$status" >&2
            exit 1
        }
        tr -d '\r' <<<"$output" | awk '/^[a-z0-9_]+(\.[A-Za-z0-9_]+)*(\/[A-Za-z0-9_]+)* [0-9.]+ [a-z]+$/ {
            print $1 "\t" $2 "\t" $3; n++ }
            END { if (!n) { print "no figure in the output" > "/dev/stderr"; exit 1 } }'
        case $image in
        build/*/tests/bench/levels.elf)
            build=${image%/tests/*} level=1
            case $build in *-check?) level=${build##*-check} ;; esac
            "${CROSS}size" -t "$build/libouro.a" |
                awk -v level="$level" '/TOTALS/ { print "level.text/" level "\t" $1 "\tbytes" }'
            ;;
        build/*-check?/tests/bench/flash.elf)
            build=${image%/tests/*}
            tests/tools/flash.py "${image%.elf}.map" |
                awk -v level="${build##*-check}" '{ print $1 "/" level "\t" $2 "\t" $3 }'
            ;;
        build/*/tests/bench/flash.elf)
            tests/tools/flash.py "${image%.elf}.map" | tr ' ' '\t'
            ;;
        esac
    done
    "${CROSS}size" -t "$BUILD/libouro.a" | awk '/TOTALS/ { print "lib.text\t" $1 "\tbytes" }'
    "${CROSS}size" -A "$BUILD/ouro.elf" | awk '
        $1 ~ /^\.(data|bss|tdata|tbss|noinit)$/ { n += $2 } END { print "ram.static\t" n "\tbytes" }'
} >"$table.new"
mv "$table.new" "$table"
cat "$table"
