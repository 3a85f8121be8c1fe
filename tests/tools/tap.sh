#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tap.sh PROGRAM - run one test program for prove and keep its output.
#
#   build/BOARD*/tests/...   an image for a board, in QEMU
#   build/host-*/tests/...   a program of this machine
#   *.py, *.sh               a script that prints TAP
#
# An image of tests/panic/ must panic: one TAP point says whether the text that its source expects
# was printed, and the status was that of a panic.  The source says, each in a line of its own:
#   expect: TEXT      from checking level 1 on; `expect 2: TEXT` from 2 on; the highest that fits
#   also 2: REGEX     the symbolized report must have such a line, too, from level 2 on
# The output goes to stdout and to $TAP_DIR/NAME.tap, the exit status to NAME.status.  No program
# takes more than $TAP_SECONDS (default 60) of the processor, so that others on the machine make no
# difference, and ten times as long by the clock; a hang ends with status 152, or 124 or 137.
set -u
program=$1
seconds=${TAP_SECONDS:-60}
out=${TAP_DIR:-build/test}/$(tr / _ <<<"${program#build/}")
mkdir -p "${out%/*}"

run() {
    local limit=(timeout -k 2 "$((10 * seconds))") script_limit=(timeout -k 2 "$((30 * seconds))")
    export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
    case $program in
    *.py) "${script_limit[@]}" /usr/bin/python3 "$program" ;;
    *.sh) "${script_limit[@]}" bash "$program" ;;
    build/host-*)
        ulimit -S -t "$seconds"
        "${limit[@]}" "$program"
        ;;
    *)
        local board=${program#build/}
        board=${board%%/*}
        ulimit -S -t "$seconds"
        TIMEOUT=$((10 * seconds)) board/emulate.sh test "${board%-check?}" "$program"
        ;;
    esac </dev/null
}

run_panic() {
    local source=tests/${program#*/tests/} level=1 expected= missing= status at text
    source=${source%.elf}.c
    case $program in build/*-check?/*) level=${program#build/*-check} level=${level%%/*} ;; esac
    echo "1..1"
    run >"$out.log" 2>&1
    status=$?
    boot/symbolize.py "$program" <"$out.log" >"$out.symbols"
    while IFS=$'\t' read -r word at text; do
        [ "${at:-1}" -le "$level" ] || continue
        if [ "$word" = expect ]; then
            expected=$text
        elif ! grep -qE -- "$text" "$out.symbols"; then
            missing=$text
        fi
    done < <(sed -nE 's/ *(\*\/)?$//
        s/^ \* (expect|also) ?([0-3]?): (.*)/\1\t\2\t\3/p' "$source" | sed -E 's/\t\t/\t1\t/' | sort -s -k2,2n)
    if [ "$status" -eq 71 ] && [ -n "$expected" ] && [ -z "$missing" ] &&
        grep -qF -- "panic: $expected" "$out.log"; then
        echo "ok 1 - panics with \"$expected\""
    else
        sed 's/^/# /' "$out.symbols"
        echo "not ok 1 - expected \"$expected\" ${missing:+, \"$missing\" }and status 71, got $status"
    fi
    return 0
}

# What is no TAP becomes a comment: a crash dump then shows under prove -o.
case $program in
*/tests/panic/*) run_panic ;;
*) run ;;
esac 2>&1 | tr -d '\r' | sed -uE '/^(ok |not ok |1\.\.|#|Bail out!)/!s/^/# /' | tee "$out.tap"
status=${PIPESTATUS[0]}
echo "$status" >"$out.status"
exit "$status"
