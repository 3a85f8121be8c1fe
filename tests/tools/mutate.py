#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Break the collector one line at a time and see that the tests notice; one that is killed has passed.

    mutate.py [WORD...]     all mutants, or those whose file or description has one of the words
    mutate.py --minutes=N   as many as there is time for, LEAST at least, in an order made from $SEED
    mutate.py --check       only see that each text is there (make lint)

Each mutant of tests/tools/mutants.py replaces one text of the runtime by another.  It is built for the
host twice, as on a board (32 bits, CHECK=1, with the common paths) and with every check (64 bits,
CHECK=3, all invariants at every phase change), and run under the random test of the collector,
then under unit tests.  A mutant that nothing kills is a hole in the tests.  One that goes on for ever
is killed by a limit: TIMES as many basic blocks as the sources themselves take (tests/tools/blocks.c).
A text that is not found exactly once is an error, so that the table keeps up with the sources.  The
sources themselves must pass, or nothing is said about any mutant.  Needs no make; writes to
build/mutants only.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from mutants import MUTANTS

FLAGS = ["-std=c11", "-ffreestanding", "-O1", "-w", "-D_POSIX_C_SOURCE=200809L",
         "-Iruntime/include", "-Iruntime", "-Itests"]
COUNTED = "-fsanitize-coverage=trace-pc"
BUILDS = {"check3": ["-m64", "-DOURO_CHECK=3", "-DOURO_POISON=1"],
          "check1": ["-m32", "-DOURO_CHECK=1"]}
# In this order, each in both builds, until one fails: the test, and the seeds to try.
TESTS = {"random/collector": range(1, 2), "unit/collector": range(1, 2),
         "unit/collector_rules": range(1, 2), "unit/pageset": range(1, 2),
         "unit/test_tracking": range(1, 2), "unit/test_weakref": range(1, 2),
         "unit/pool": range(1, 2), "unit/object": range(1, 2), "unit/two_cycles": range(1, 2),
         "unit/pacing": range(1, 2), "unit/relief": range(1, 2), "unit/window": range(1, 2),
         "random/collector again": range(2, 7)}
TOO_LARGE = [("unit/object", "check3")] # with red zones and pointers of 64 bits
PORT, COUNTER = "tests/host/port.c", "tests/tools/blocks.c"
TOP = pathlib.Path("build/mutants").resolve()
TREE = TOP / "tree" # the sources as they were at the start
TIMES = 3 # as many blocks as without any mutant: then it goes on for ever
MOST = 10**12
LEAST = 40 # mutants that are tried however long that takes


def file_of(test):
    return f"tests/{test.split()[0]}.c"


def sources():
    """All that is compiled: the runtime, the harness, the tests."""
    runtime = sorted(str(path.relative_to(TREE)) for folder in ("runtime", "runtime/types")
                     for path in (TREE / folder).glob("*.c"))
    return runtime + ["tests/t.c", PORT, COUNTER] + sorted({file_of(test) for test in TESTS})


def object_of(source):
    return source.replace("/", "_") + ".o"


def compile_to(folder, build, source, root):
    """Compile a source of the tree at `root`; what the compiler has against it, or None."""
    flags = FLAGS + BUILDS[build] + ([COUNTED] if source != COUNTER else [])
    target = str(folder / object_of(source))
    run = subprocess.run(["gcc", *flags, "-MMD", "-c", "-o", target, source], cwd=root,
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else None


def link(build, objects, program):
    mode = BUILDS[build][0]
    run = subprocess.run(["gcc", mode, "-o", program, *objects], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else None


def run_test(program, seed, most):
    """Run it for `most` blocks.  Returns how it showed that something is wrong, or None; its blocks."""
    environment = dict(os.environ, SEED=str(seed), SCALE="1", BLOCKS=str(most))
    run = subprocess.run([program], env=environment, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         errors="replace", check=False)
    if run.returncode == 0:
        return None, int(run.stdout.split()[-1])
    telling = [line for line in run.stdout.splitlines()
               if line.startswith(("panic:", "# tests/", "# ouro_diag_verify", "# blocks:"))]
    return (telling or [f"status {run.returncode}"])[0].lstrip("# ")[:70], 0


def affected(folder, changed):
    """The sources whose objects in `folder` were made from the file `changed`."""
    for source in sources():
        made_from = (folder / object_of(source)).with_suffix(".d").read_text()
        if changed in made_from.replace("\\\n", " ").split():
            yield source


def try_tests(folder, objects_of, limits, tests=TESTS):
    """Link and run the tests until one fails; how it failed, or None.

    `objects_of` compiles for a build.  `limits` has the blocks of each run, and gets what it lacks."""
    common = [source for source in sources() if source not in map(file_of, TESTS)]
    for test, seeds in tests.items():
        for build in BUILDS:
            if (test, build) in TOO_LARGE:
                continue
            program = f"{folder}/{build}"
            objects = objects_of(build)
            error = link(build, [objects[source] for source in [*common, file_of(test)]], program)
            if error:
                raise RuntimeError(error)
            for seed in seeds:
                name = f"{test.split()[0]} {build} seed {seed}"
                how, blocks = run_test(program, seed, TIMES * limits.get(name, MOST))
                if how:
                    return f"{name}: {how}"
                limits.setdefault(name, blocks)
    return None


def measure(objects):
    """Run the tests on the sources as they are.  Returns the blocks of each run."""
    limits = {}

    def measure_one(test):
        folder = TOP / test.replace("/", "_")
        folder.mkdir()
        how = try_tests(folder, objects.get, limits, {test: TESTS[test]})
        if how:
            raise RuntimeError(f"the tests fail without any mutant: {how}")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(measure_one, reversed(TESTS))) # the longest first
    return limits


def build_all():
    """Compile the sources as they are.  Returns the objects, by build and source."""
    objects = {build: {} for build in BUILDS}
    jobs = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for build in BUILDS:
            folder = TOP / build
            folder.mkdir(parents=True)
            for source in sources():
                objects[build][source] = str(folder / object_of(source))
                jobs.append(pool.submit(compile_to, folder, build, source, TREE))
    errors = [job.result() for job in jobs if job.result()]
    if errors:
        raise RuntimeError(errors[0])
    return objects


def texts_of(mutants, root):
    """The mutants' texts of their files; an error if an old text is not there just once."""
    texts, wrong = [], []
    for path, old, new, what in mutants:
        text = (root / path).read_text()
        if text.count(old) != 1:
            wrong.append(f"{path}: {what}: found {text.count(old)} times, not once:\n{old}")
        texts.append(text.replace(old, new))
    if wrong:
        raise RuntimeError("mend tests/tools/mutants.py\n" + "\n".join(wrong))
    return texts


def kill(number, mutant, text, objects, limits):
    """Build and test a mutant; what killed it, or None."""
    root = TOP / str(number)
    shutil.copytree(TREE, root)
    (root / mutant[0]).write_text(text)

    @cache
    def objects_of(build):
        mine, folder = dict(objects[build]), root / build / "o"
        folder.mkdir(parents=True)
        for source in affected(TOP / build, mutant[0]):
            error = compile_to(folder, build, source, root)
            if error:
                raise RuntimeError(f"mutant {number}, {mutant[3]}, does not compile:\n{error}")
            mine[source] = str(folder / object_of(source))
        return mine

    (root / "run").mkdir()
    how = try_tests(root / "run", objects_of, limits)
    shutil.rmtree(root)
    return how


def chosen(words):
    """The mutants that the words choose, in an order made from the seed."""
    mutants = [mutant for mutant in MUTANTS
               if not words or any(re.search(word, mutant[0] + " " + mutant[3]) for word in words)]
    random.Random(int(os.environ.get("SEED") or 1)).shuffle(mutants)
    return mutants


def try_all(mutants, seconds):
    """Try mutants until the time is over.  Returns whether all that were tried were killed."""
    shutil.rmtree(TOP, ignore_errors=True)
    for folder in ("runtime", "tests"):
        shutil.copytree(folder, TREE / folder, ignore=shutil.ignore_patterns("*.gz", "*.json"))
    texts = texts_of(mutants, TREE)
    objects = build_all()
    limits = measure(objects)
    until, tried, killed = time.monotonic() + seconds, 0, 0

    def try_one(number):
        if number > LEAST and time.monotonic() >= until:
            return "not tried"
        return kill(number, mutants[number - 1], texts[number - 1], objects, limits)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(try_one, range(1, len(mutants) + 1))
        for (path, _, _, what), how in zip(mutants, results):
            if how == "not tried":
                continue
            tried += 1
            killed += how is not None
            print(f"{'killed ' if how else 'SURVIVES'} {path}: {what}", flush=True)
            print(f"    {how or 'nothing noticed'}", flush=True)
    print(f"mutants: {tried} tried of {len(mutants)}, SEED={os.environ.get('SEED') or 1}; killed are")
    print(f"{killed} passed, {tried - killed} failed")
    return killed == tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    mutants = chosen(options.words)
    if options.check:
        texts_of(mutants, pathlib.Path())
        return 0
    return 0 if try_all(mutants, 60 * options.minutes) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as problem:
        sys.exit(f"mutate: {problem}")
