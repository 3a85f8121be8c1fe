#!/bin/bash
# SPDX-License-Identifier: MIT
#
# fences.sh - see that the layers keep apart; prints each breach, status 1 if there is one.
#
# The include paths of the Makefile keep a layer from including what it may not see.  This looks
# for the ways around them, and for a few other rules of the house.
set -u
status=0
# breach TEXT COMMAND...: what COMMAND prints is wrong, because of TEXT.
breach() {
    local text=$1 found
    shift
    found=$("$@") || return 0
    [ -n "$found" ] || return 0
    printf '%s:\n%s\n' "$text" "$found" >&2
    status=1
}
sources=$(git ls-files -co --exclude-standard '*.c' '*.h' '*.S')
in() { grep -E "^($1)" <<<"$sources" | xargs -r grep -nE "${@:2}"; }

breach 'An include climbs out of its folder' in '' '#[[:space:]]*include.*\.\./'
breach 'The portable runtime names a board or an architecture' in 'runtime/' -i \
    'mps2|an385|cortex[-_]?[am][0-9]|armv7|qemu|#[[:space:]]*if.*(__arm__|__thumb__|__ARM_|__x86_64__|__i386__)'
breach 'The runtime includes more than <string.h> and the headers of the compiler' \
    grep -nE '#[[:space:]]*include <' $(grep '^runtime/' <<<"$sources") \
    --exclude-dir=none -h | true
breach 'Only public headers may be included here' bash -c '
    for file in $(grep -E "^(boot|board)/" <<<"$1"); do
        grep -HnE "#[[:space:]]*include \"" "$file" | grep -vE "include \"ouro(/|\.h)" |
        while IFS= read -r line; do
            name=$(sed -E "s/.*include \"([^\"]*)\".*/\1/" <<<"$line")
            [ -e "${file%/*}/$name" ] || [ -e "boot/$name" ] || echo "$line"
        done
    done
    for file in $(grep "^runtime/console/" <<<"$1"); do
        grep -HnE "#[[:space:]]*include \"" "$file" | grep -vE "include \"ouro(/|\.h)" |
        while IFS= read -r line; do
            name=$(sed -E "s/.*include \"([^\"]*)\".*/\1/" <<<"$line")
            [ -e "runtime/console/$name" ] || echo "$line"
        done
    done' - "$sources"
breach 'A file has no licence line' bash -c \
    'for file in $1; do head -2 "$file" | grep -q SPDX-License-Identifier || echo "$file"; done' - "$sources"
breach 'A file is longer than 600 lines' bash -c \
    'for file in $1; do n=$(wc -l <"$file"); [ "$n" -le 600 ] || echo "$file: $n"; done' - "$sources"
breach 'The top level holds more than it should' bash -c 'git ls-files | cut -d/ -f1 | sort -u |
    grep -vE "^(Makefile|linker|boot|runtime|board|tests|README\.md|LICENSE|\..*)$"'
exit $status
