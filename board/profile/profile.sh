#!/bin/bash
# SPDX-License-Identifier: MIT
# profile.sh - instructions by function of a run of $BUILD/ouro.elf, counted exactly by a plugin.
#
# The run is that of the script on stdin, from reset to its end; from a terminal it is the way to
# the prompt.  The board's output goes to stderr, the table to stdout.
set -u
cd "$(dirname "$0")/../.." || exit 1
plugin=build/tools/qemu-profile.so counts=$BUILD/profile.txt

if [ ! "$plugin" -nt board/profile/qemu-profile.c ]; then
    mkdir -p build/tools
    gcc -O2 -shared -fPIC -o "$plugin" board/profile/qemu-profile.c || exit 1
fi
if [ -t 0 ]; then exec </dev/null; fi
cat - <(printf '\004') | QEMU_EXTRA="-plugin ./$plugin,out=$counts" \
    timeout -k 2 "${TIMEOUT:-300}" board/emulate.sh console "$BOARD" "$BUILD/ouro.elf" >&2
status=$?
[ -s "$counts" ] || { echo "profile: nothing was counted (status $status)" >&2; exit 1; }
exec board/profile/by-function.py "$BUILD/ouro.elf" "$counts"
