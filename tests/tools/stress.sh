#!/bin/bash
# SPDX-License-Identifier: MIT
#
# stress.sh BOARD... - random tests with seeds of their own, long, on the host and on each board.
#
# $STRESS_ROUNDS rounds (default 10) on the host under the sanitizers, SCALE=10 and a new seed
# each, then one run on each board.  The last line says what ran.  A failure prints the seed, and
# `make test TEST=random/NAME SEED=n SCALE=m` repeats it.
set -u
rounds=${STRESS_ROUNDS:-10}
export SCALE=${STRESS_SCALE:-10} TAP_SECONDS=600
first=$(($(date +%s) % 1000000))
failed=0 runs=0
names=()
for source in tests/random/*.c; do
    [ -e "$source" ] && names+=("$(basename "$source" .c)")
done

for ((round = 0; round < rounds; round++)); do
    export SEED=$((first + round))
    echo "== host, SEED=$SEED SCALE=$SCALE"
    make -s test-host-random || failed=$((failed + 1))
    runs=$((runs + 1))
done
for board in "$@"; do
    export SEED=$first
    for name in "${names[@]}"; do
        echo "== $board, $name, SEED=$SEED SCALE=$SCALE"
        make -s test BOARD="$board" TEST="random/$name" || failed=$((failed + 1))
        runs=$((runs + 1))
    done
done
echo "stress: $runs runs of ${#names[@]} random tests and the model, seeds $first.. at SCALE=$SCALE, $failed failed"
[ "$failed" -eq 0 ]
