#!/bin/bash
# SPDX-License-Identifier: MIT
# flash.sh - write $BUILD/ouro.elf to the board's flash image, $BUILD/flash.img, and verify it.
#
# A loader that runs from the board's RAM does the work on the board: it erases, programs, reads
# back and compares (virt), or compares what the loader device put into code RAM (mps2-an385).
# It works on a copy, so that an interrupted flash leaves no half of one to boot.
# VERIFY=1 compares only.  Status 1, and a flash image marked as older than any program, when the
# flash fails or does not verify.
set -u
cd "$(dirname "$0")/.." || exit 1
. "board/$BOARD/emulator.sh"
image=$BUILD/flash.img program=$BUILD/ouro.bin copy=$BUILD/flash.img.part

fail() {
    echo "flash: $1" >&2
    [ -f "$image" ] && touch -d @0 "$image"
    exit 1
}

"${CROSS:-arm-none-eabi-}objcopy" -O binary "$BUILD/ouro.elf" "$program" || fail "no program"
bytes=$(stat -c %s "$program")
mode=0
if [ -n "${VERIFY:-}" ]; then
    mode=0x76726679 # MAILBOX_VERIFY
    [ -f "$image" ] || fail "$image does not exist"
    copy=$image
elif [ "$flash_bytes" = 0 ]; then
    cp "$program" "$copy" || fail "cannot write $copy"
else
    truncate -s "$flash_bytes" "$copy" || fail "cannot write $copy"
fi

boot_loader "$BUILD/loader.elf" "$copy"
word() { printf 'loader,addr=%d,data=%d,data-len=4' $((mailbox + 4 * $1)) $(($2)); }
timeout -k 2 "${TIMEOUT:-60}" qemu-system-arm "${machine[@]}" -display none -monitor none \
    -serial stdio -semihosting-config enable=on,target=native "${options[@]}" \
    -device "loader,file=$program,addr=$payload,force-raw=on" -device "$(word 0 $mode)" \
    -device "$(word 1 $payload)" -device "$(word 2 "$bytes")" </dev/null >&2
status=$?
[ $status = 0 ] || fail "$image does not hold $BUILD/ouro.elf (status $status of the flash loader)"
[ "$copy" = "$image" ] || mv -T "$copy" "$image" || fail "cannot write $image"
touch "$image"
echo "flash: $bytes bytes in $image" >&2
