#!/bin/bash
# SPDX-License-Identifier: MIT
#
# install.sh GROUP... - make sure that the Debian packages of these groups are there.
#
# Costs one dpkg-query when they are; otherwise installs the missing ones with apt-get (through
# sudo where the user is not root).  Reads nothing from stdin and writes to stderr only, so that
# `printf 'gc stats\n' | make -s run` works on a machine that has nothing installed yet.
set -u
exec </dev/null >&2

declare -A packages=(
    [build]="gcc-arm-none-eabi binutils-arm-none-eabi picolibc-arm-none-eabi libjsmn-dev"
    [newlib]="libnewlib-arm-none-eabi"
    [run]="qemu-system-arm"
    [debug]="qemu-system-arm gdb-multiarch"
    [python]="python3"
    [host]="gcc libc6-dev gcc-multilib"
    [test]="qemu-system-arm gdb-multiarch perl python3 python3-pytest python3-pexpect
            python3-pytest-xdist python3-pytest-timeout pkgconf spin"
    [spin]="spin gcc libc6-dev python3 perl"
    [plot]="gnuplot-nox"
    [lint]="clang-format clang-tidy cppcheck"
)

missing() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

wanted=()
for group in "$@"; do
    read -r -d '' -a list <<<"${packages[$group]?unknown group $group}"
    wanted+=("${list[@]}")
done
if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system; these packages' tools are needed: ${wanted[*]}"
    exit 0
fi
# Two of these may run at once under make -j; the second finds the work done.
exec 9>"${TMPDIR:-/tmp}/ouro-install.$(id -u)" && flock 9
mapfile -t lacking < <(missing "${wanted[@]}" | sort -u)
[ ${#lacking[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Please install these Debian packages as root: ${lacking[*]}"
        exit 1
    fi
    as_root=(sudo)
fi
echo "Installing ${lacking[*]}"
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -o DPkg::Lock::Timeout=300 "$@" 9>&-
}
apt update || echo "apt-get update failed; trying with the lists that are there."
apt install -y --no-install-recommends "${lacking[@]}" || true
mapfile -t lacking < <(missing "${lacking[@]}")
if [ ${#lacking[@]} -ne 0 ]; then
    echo "Could not install these Debian packages, please install them by hand: ${lacking[*]}"
    exit 1
fi
