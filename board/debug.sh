#!/bin/bash
# SPDX-License-Identifier: MIT
# debug.sh - gdb on the board, with the symbols of $BUILD/ouro.elf, stopped at main().
#
# The board's serial output comes to this terminal too.  Its input is the pipe $BUILD/debug.in:
# from another terminal, `printf 'mem\n' > build/mps2-an385/debug.in`.
set -u
cd "$(dirname "$0")/.." || exit 1
socket=$BUILD/debug.gdb input=$BUILD/debug.in
rm -f "$socket" "$input"
mkfifo "$input" || exit 1

# In a session of its own, so that Ctrl-C stops the program and not the emulator.
QEMU_EXTRA="-S -gdb unix:$socket,server=on,wait=off" \
    setsid board/emulate.sh console "$BOARD" "$BUILD/ouro.elf" <>"$input" &
emulator=$!
trap 'kill $emulator 2>/dev/null; rm -f "$socket" "$input"' EXIT

for _ in {1..50}; do
    [ -S "$socket" ] && break
    sleep 0.1
done
[ -S "$socket" ] || { echo "debug: the emulator did not start" >&2; exit 1; }
gdb-multiarch -q "$BUILD/ouro.elf" -ex "set confirm off" -ex "target remote $socket" \
    -ex "tbreak main" -ex "continue"
