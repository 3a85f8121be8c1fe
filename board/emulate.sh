#!/bin/bash
# SPDX-License-Identifier: MIT
# emulate.sh MODE BOARD IMAGE - run an image on an emulated board; the status is the guest's.
#
#   test     serial output on stdout, no input, deterministic; ends after $TIMEOUT seconds (60)
#   console  serial console on this terminal: every key reaches the board, Ctrl-] x ends QEMU;
#            with a stdin that is no terminal, script mode: bytes pass through unchanged
#
# IMAGE is an ELF file, or a flash image (*.img).  $QEMU_EXTRA adds options (a profiler plugin).
# Script mode is told to the board by a word that QEMU's loader device writes into its mailbox.
set -u
mode=$1 board=$2 image=$3
. "$(dirname "$0")/$board/emulator.sh"

if [ ! -r "$image" ]; then
    echo "emulate.sh: cannot read $image" >&2
    exit 2
fi
case $image in
    *.img) boot_flash "$image" ;;
    *) boot_elf "$image" ;;
esac
read -r -a extra <<<"${QEMU_EXTRA:-}"
common=("${machine[@]}" -display none -semihosting-config "enable=on,target=native"
    "${options[@]}" ${extra[@]+"${extra[@]}"})
script=(-device "loader,addr=$mailbox,data=0x73637269,data-len=4")

case $mode in
    test)
        exec timeout -k 2 "${TIMEOUT:-60}" qemu-system-arm "${common[@]}" "${script[@]}" \
            -monitor none -serial stdio -icount "$icount,sleep=off" </dev/null
        ;;
    console)
        if [ -t 0 ]; then
            exec qemu-system-arm "${common[@]}" -icount "$icount" -echr 29 \
                -chardev stdio,id=console,mux=on,signal=off -serial chardev:console \
                -mon chardev=console
        fi
        exec qemu-system-arm "${common[@]}" "${script[@]}" -icount "$icount" -monitor none \
            -chardev stdio,id=console,signal=off -serial chardev:console
        ;;
    *)
        echo "emulate.sh: mode $mode: test or console" >&2
        exit 2
        ;;
esac
