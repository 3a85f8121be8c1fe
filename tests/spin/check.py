#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check the model of the collector (collector.pml) with Spin; prints TAP.

Spin tries every order of what mutator and collector can do on a small heap, and the report says how
many states that are, how deep the longest path is, and what memory was needed. What must hold is
searched to the end. Then each rule is removed in turn, and a search must find the harm. LONGER=1 in
the environment, as in `make spin`: one more that takes a minute or two; LARGER=1, as in `make
stress`: larger heaps, too, which take more. Writes to build/spin only.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

MODEL = pathlib.Path(__file__).resolve().parent / "collector.pml"
OUT = pathlib.Path("build/spin")
SECONDS = 900 # of the processor
SAFE = ["-DSAFETY", "-DCOLLAPSE"]
# States as hashes of 64 bits, of which two may be the same: about one in 10^5 that one is missed.
HASHED = ["-DSAFETY", "-DHC4"]
FAIR = ["-DNFAIR=3", "-DCOLLAPSE"]
ANY_ORDER = ["-DSAFETY", "-DCOLLAPSE", "-DRANDOMIZE=1"] # finds harm sooner
PLAIN = "-DFINALIZABLE=0 -DWEAKS=0"
TWO = "-DN=2 -DTWO"
INSIDE = TWO + " -DINSIDE" # the rule is missing only while a cycle interrupts another

# What is to hold, or to be noticed: name, definitions of the model, flags of the search, its depth.
HOLDS = [
    ("2 objects of a slot", "-DN=2", SAFE, 10**6),
    ("2 objects of a slot, finalizers keep nothing", "-DN=2 -DREVIVE=0", SAFE, 10**6),
    ("2 objects of a slot: garbage is freed in the end", "-DN=2 -DPACED", FAIR, 10**6),
    ("two cycles, 2 objects of a slot", TWO, SAFE, 4 * 10**6),
]
LONGER_HOLDS = [ # with one slot, no garbage of one cycle refers to a candidate of the other
    ("two cycles, 2 objects of 2 slots: garbage is freed in the end",
     TWO + " -DSLOTS=2 -DPACED " + PLAIN, FAIR, 10**6),
]
LARGER_HOLDS = [
    ("2 objects of 2 slots", "-DN=2 -DSLOTS=2", SAFE, 4 * 10**6),
    ("3 objects of a slot", "-DN=3", HASHED, 10**7),
    ("3 objects of a slot: garbage is freed in the end", "-DN=3 -DPACED " + PLAIN, FAIR, 4 * 10**6),
    ("4 objects of a slot, no finalizers, nothing weak", "-DN=4 " + PLAIN, HASHED, 10**7),
    ("two cycles, 2 objects of a slot: garbage is freed in the end", TWO + " -DPACED", FAIR,
     2 * 10**6),
    ("two cycles, 2 objects of 2 slots", TWO + " -DSLOTS=2 " + PLAIN, SAFE, 10**6),
]
# R9 is about what is dropped by something dead and holds something: three objects.
BROKEN = [(f"R{rule} removed", f"-DN=2 -DBREAK={rule}", ANY_ORDER, 10**6)
          for rule in (1, 2, 3, 4, 5, 6, 7, 8, 11)] + [
    ("R9 removed", "-DN=3 -DBREAK=9 -DWEAKS=0 -DCHAIN", ANY_ORDER, 10**6),
    ("R10 removed", "-DN=2 -DBREAK=10 -DREVIVE=0", ANY_ORDER, 10**6),
    ("MARK takes garbage for live", "-DN=2 -DPACED -DBREAK=20", FAIR, 10**6),
] + [(f"two cycles: R{rule} removed", f"{INSIDE} -DBREAK={rule}", ANY_ORDER, 4 * 10**6)
     for rule in (1, 2, 3, 4, 5, 6, 7, 8, 11, 18)] + [
    ("two cycles: R10 removed", INSIDE + " -DBREAK=10 -DREVIVE=0", ANY_ORDER, 4 * 10**6),
    ("two cycles: COUNT counts for both", INSIDE + " -DBREAK=21", ANY_ORDER, 4 * 10**6),
    ("two cycles: CUT leaves what is a candidate of the other",
     TWO + " -DSLOTS=2 -DPACED -DBREAK=22 " + PLAIN, FAIR, 10**6),
    ("two cycles: the old one gets no turn", TWO + " -DPACED -DBREAK=24", FAIR, 10**6),
]
LARGER_BROKEN = [
    ("two cycles: R9 removed", "-DN=3 -DTWO -DINSIDE -DBREAK=9 -DWEAKS=0 -DCHAIN", ANY_ORDER,
     7 * 10**6),
    ("two cycles: a second look is interrupted", TWO + " -DFINALIZABLE=2 -DBREAK=23", ANY_ORDER,
     5 * 10**6),
]


def search(task):
    """Build and run the verifier.  Returns its report."""
    name, defines, flags, depth = task
    folder = OUT / re.sub(r"\W+", "_", name)
    folder.mkdir(parents=True)
    fair = ["-a", "-f", "-N", "freed"] if flags == FAIR else []
    for command in (["spin", *defines.split(), "-a", str(MODEL)],
                    ["gcc", "-O0" if flags == ANY_ORDER else "-O1", "-w", *flags, "-DMEMLIM=4000", "-o", "pan", "pan.c"],
                    ["prlimit", f"--cpu={SECONDS}:", "./pan", f"-m{depth}", "-w20", *fair]):
        run = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if run.returncode != 0:
            return f"{command[0]} ended with status {run.returncode}\n{run.stdout}"
    return run.stdout


def figure(report, pattern):
    found = re.search(pattern, report)
    return found[1] if found else "?"


def bounds(report):
    states, depth = figure(report, r"(\d+) states, stored"), figure(report, r"reached (\d+)")
    memory = figure(report, r"([\d.]+)\s+total actual memory")
    seconds = figure(report, r"elapsed time ([\d.]+)")
    return f"{states} states, depth {depth}, {memory} MB, {seconds} s"


def holds(report):
    return "errors: 0" in report and not re.search("depth too small|not completed", report)


def is_noticed(report):
    return "errors: 1" in report and bool(re.search("assertion violated|acceptance cycle", report))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    is_larger = bool(os.environ.get("LARGER"))
    is_longer = is_larger or bool(os.environ.get("LONGER"))
    true = HOLDS + (LONGER_HOLDS if is_longer else []) + (LARGER_HOLDS if is_larger else [])
    tasks = true + (LARGER_BROKEN if is_larger else []) + BROKEN # the longest first
    failed = 0
    print(f"1..{len(tasks)}", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (task, report) in enumerate(zip(tasks, pool.map(search, tasks)), 1):
            is_good = (holds if task in true else is_noticed)(report)
            what = task[0] if task in true else f"{task[0]} is noticed"
            failed += not is_good
            print(f"# {bounds(report)}")
            if not is_good:
                print("\n".join(f"# {line}" for line in report.splitlines()[-20:]))
            print(f"{'ok' if is_good else 'not ok'} {number} - {what}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
