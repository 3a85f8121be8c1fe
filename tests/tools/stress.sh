#!/bin/bash
# SPDX-License-Identifier: MIT
#
# stress.sh PROGRAM... - random tests with new seeds, long runs, for $MINUTES minutes (default 3).
#
# The host's programs run in rounds, each with a seed of its own, at $SCALE times the usual length
# (default 10, or 3 for MINUTES=1); then $LONG_RUN does $MILLIONS of operations (default 100, three
# seconds each); then the images of $BOARDS that `make stress-images` builds run; then Spin searches
# larger models, for 9 minutes of the processor; then mutants of the collector are tried for
# $MINUTES minutes more, 40 at least.  All of it takes 17 minutes of the processor with MINUTES=1
# MILLIONS=2, the build included.  The last lines say what ran, with which seeds, and
# `N passed, N failed`.
# `make test TEST=random/NAME SEED=n SCALE=m` repeats a failure on a board; with HOST=1 on the host.
set -u
minutes=${MINUTES:-3} scale=$SCALE
[ "$scale" -gt 1 ] || scale=$((minutes < 3 ? 3 * minutes : 10))
first=$SEED
[ "$first" -gt 1 ] || first=$(($(date +%s) % 1000000 + 2))
until=$(($(date +%s) + 60 * minutes))
export SCALE=$scale TAP_SECONDS=900
passed=0 failed=0 rounds=0

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# stage WHAT COMMAND... - run it; its last line says how many passed and failed.
stage() {
    local good bad
    echo "== $1"
    shift
    "$@" | tee "$log"
    read -r good bad < <(tail -1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
}

# Directly, so that it can be watched.
long_run() {
    if SCALE=$MILLIONS timeout -k 2 $((60 + 30 * MILLIONS)) "$LONG_RUN"; then
        echo "1 passed, 0 failed"
    else
        echo "0 passed, 1 failed"
    fi
}

images() {
    local board list=()
    for board in $BOARDS; do
        make -s BOARD="$board" SEED="$first" SCALE="$scale" stress-images || true
        mapfile -t -O ${#list[@]} list < <(make -s BOARD="$board" stress-list)
    done
    tests/tools/suite.py --out build/stress "${list[@]}"
}

while [ "$(date +%s)" -lt "$until" ] || [ "$rounds" -eq 0 ]; do
    export SEED=$((first + rounds))
    stage "host, SEED=$SEED SCALE=$SCALE" tests/tools/suite.py --out build/stress "$@"
    rounds=$((rounds + 1))
done
export SEED=$first
stage "$MILLIONS million operations, SEED=$first" long_run
stage "$BOARDS, SEED=$first SCALE=$SCALE" images
LARGER=1 stage "larger models" tests/tools/suite.py --out build/stress tests/spin/check.py
stage "mutants, SEED=$first" tests/tools/mutate.py --minutes="$minutes"
echo "stress: $rounds rounds of $# host programs, seeds $first to $((first + rounds - 1)) at" \
    "SCALE=$SCALE; $MILLIONS million operations; boards: $BOARDS"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
