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
outputs=$(mktemp -d)
trap 'rm -rf "$table.new" "$outputs"' EXIT

# As many at once as there are processors, what takes longest first: figures are instructions, so
# that nothing depends on who else runs.
slow=(pause_large pause_budget float_large pause malloc_picolibc cost malloc_pools float)
run() {
    local image=$1 output=$outputs/${1//\//+} status=0
    TIMEOUT=3600 board/emulate.sh test "$BOARD" "$image" >"$output" 2>&1 || status=$?
    [ "$status" -eq 0 ] && return
    cat "$output" >&2
    echo "$image ended with status $status" >&2
    return 255
}
export -f run
export BOARD outputs
{
    for name in "${slow[@]}"; do printf '%s\n' "$@" | grep "/$name\.elf$" || true; done
    printf '%s\n' "$@" | grep -v -E "/($(IFS='|'; echo "${slow[*]}"))\.elf$" || true
} | xargs -P "$(nproc)" -I{} bash -c 'run {}'

{
    for image in "$@"; do
        tr -d '\r' <"$outputs/${image//\//+}" | awk '/^[a-z0-9_]+(\.[A-Za-z0-9_]+)*(\/[A-Za-z0-9_]+)* [0-9.]+ [a-z]+$/ {
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
