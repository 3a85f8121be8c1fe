#!/bin/bash
# SPDX-License-Identifier: MIT
#
# stress.sh PROGRAM... - random tests with new seeds, long runs, for $MINUTES minutes (default 3).
#
# The host's programs run in rounds, each with a seed of its own, at $SCALE times the usual length
# (default 10); then $LONG_RUN does $MILLIONS of operations (default 100, which take two minutes);
# then each of tests/random/ and tests/interrupt/ runs on each of $BOARDS; then Spin
# searches larger models; then mutants of the collector are tried for $MINUTES minutes more, 40 at
# least.  The last line says what ran.
# `make test TEST=random/NAME SEED=n SCALE=m` repeats a failure on a board; with HOST=1 on the host.
set -u
scale=$SCALE
[ "$scale" -gt 1 ] || scale=10
first=$SEED
[ "$first" -gt 1 ] || first=$(($(date +%s) % 1000000 + 2))
until=$(($(date +%s) + 60 * ${MINUTES:-3}))
export SCALE=$scale TAP_SECONDS=900
failed=0 rounds=0 board_runs=0

while [ "$(date +%s)" -lt "$until" ] || [ "$rounds" -eq 0 ]; do
    export SEED=$((first + rounds))
    echo "== host, SEED=$SEED SCALE=$SCALE"
    tests/tools/suite.py --out build/stress "$@" || failed=$((failed + 1))
    rounds=$((rounds + 1))
done
echo "== $MILLIONS million operations, SEED=$first"
SEED=$first SCALE=$MILLIONS timeout -k 2 $((60 + 30 * MILLIONS)) "$LONG_RUN" ||
    failed=$((failed + 1)) # run directly, so that it can be watched
for board in $BOARDS; do
    for source in tests/random/*.c tests/interrupt/*.c; do
        [ -e "$source" ] || continue
        name=${source#tests/}
        name=${name%.c}
        echo "== $board, $name, SEED=$first SCALE=$SCALE"
        make -s test BOARD="$board" TEST="$name" SEED="$first" SCALE="$SCALE" ||
            failed=$((failed + 1))
        board_runs=$((board_runs + 1))
    done
done
echo "== larger models"
LARGER=1 tests/tools/suite.py --out build/stress tests/spin/check.py || failed=$((failed + 1))
echo "== mutants, SEED=$first"
mutants=$(SEED=$first tests/tools/mutate.py --minutes="${MINUTES:-3}") || failed=$((failed + 1))
echo "$mutants"
echo "stress: $rounds rounds of $# host programs and $board_runs runs on boards," \
    "seeds $first to $((first + rounds - 1)) at SCALE=$SCALE;" \
    "$MILLIONS million operations; $(tail -1 <<<"$mutants"): $failed failed"
[ "$failed" -eq 0 ]
