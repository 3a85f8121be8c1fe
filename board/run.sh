#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - the board's console in this terminal, or a script from a pipe.
#
# Boots $BUILD/flash.img, flashed first where it is missing or older than the program; KEEP=1
# boots it as it is.  From a pipe the byte 0x04 is appended to the input, by which the board
# knows its end.  The status is the board's.
set -u
cd "$(dirname "$0")/.." || exit 1
image=$BUILD/flash.img

if [ -n "${KEEP:-}" ]; then
    if [ ! -f "$image" ]; then
        echo "run: KEEP=1, but there is no $image" >&2
        exit 1
    fi
elif [ ! -f "$image" ] || [ "$image" -ot "$BUILD/ouro.elf" ]; then
    board/flash.sh </dev/null || exit 1
fi

if [ -t 0 ]; then
    settings=$(stty -g)
    trap 'stty "$settings"' EXIT
    board/emulate.sh console "$BOARD" "$image"
    status=$?
else
    exec 3< <(exec cat - <(printf '\004'))
    feeder=$!
    # The output goes through a relay that ends when its reader does (`| head`); QEMU would not.
    exec 4> >(exec cat)
    relay=$!
    board/emulate.sh console "$BOARD" "$image" <&3 >&4 &
    emulator=$!
    trap 'kill "$feeder" "$emulator" 2>/dev/null' EXIT
    exec 4>&-
    wait "$relay"
    kill "$emulator" 2>/dev/null
    wait "$emulator"
    status=$?
fi
[ $status = 0 ] || echo "run: $BOARD ended with status $status" >&2
exit $status
