#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""See that the random test notices the loss of each rule of the runtime's collector; prints TAP.

The build makes tests/random/collector.c eleven times for the host, each with one rule of R1..R11
taken out of the runtime (-DOURO_BREAK_RULE=N).  Each must fail within TRIES seeds.
"""
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

RULES = range(1, 12)
TRIES = 12
LIMIT = ["prlimit", "--cpu=60:"] # seconds of the processor: then SIGXCPU


def catch(rule):
    """The first seed with which the loss of the rule shows, and how it showed."""
    program = f"build/host-break/{rule}/tests/random/collector"
    if not os.path.exists(program):
        return None, "was not built"
    first = int(os.environ.get("SEED") or 1)
    for seed in range(first, first + TRIES):
        run = subprocess.run(LIMIT + [program], env=dict(os.environ, SEED=str(seed), SCALE="1"),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        if run.returncode == -signal.SIGXCPU:
            return seed, "hangs"
        if run.returncode != 0:
            telling = [line for line in run.stdout.splitlines() if "panic" in line or "not " in line
                       or line.startswith("# tests/")]
            return seed, (telling or [f"status {run.returncode}"])[0].lstrip("# ")
    return None, f"not noticed with {TRIES} seeds from {first} on"


def main():
    print(f"1..{len(RULES)}")
    status = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for rule, (seed, how) in zip(RULES, pool.map(catch, RULES)):
            good = seed is not None
            status |= not good
            print(f"# seed {seed}: {how}")
            print(f"{'ok' if good else 'not ok'} {rule} - R{rule} removed is caught", flush=True)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
