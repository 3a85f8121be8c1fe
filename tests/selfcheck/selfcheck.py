#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""See that the suite notices what goes wrong; prints TAP.

Runs suite.py on programs that fail in one way each, on a board and on the host, and compares its
last line, its exit status and what it shows with what they must be.
"""
import os
import subprocess
import sys

BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = "" if os.environ.get("CHECK", "1") == "1" else f"-check{os.environ['CHECK']}"
SECONDS = 4

# name, passed, failed, what the output must show (on a board; on the host)
PROGRAMS = [
    ("fail", 1, 1, ("fail.c:6: 6 * 7: got 42, want 41",) * 2),
    ("skip", 1, 0, ("there is nothing to see here",) * 2),
    ("crash", 1, 2, ("panic: asked for",) * 2),
    ("fault", 1, 2, ("undefined instruction", "status 132")),
    ("hang", 1, 1, ("status 152",) * 2),
    ("short_plan", 2, 1, ("2 of 3 ran",) * 2),
    ("status", 1, 1, ("the status is 3",) * 2),
]


def suite(*arguments):
    environment = dict(os.environ, TAP_SECONDS=str(SECONDS))
    return subprocess.run(["tests/tools/suite.py", "--out", "build/selfcheck", *arguments],
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


def cases():
    for name, passed, failed, shown in PROGRAMS:
        yield f"{name} on {BOARD}", passed, failed, shown[0], [
            f"build/{BOARD}{LEVEL}/tests/selfcheck/{name}.elf"]
        yield f"{name} on the host", passed, failed, shown[1], [
            f"build/host-64/tests/selfcheck/{name}"]
    yield "a program that was not built", 0, 1, "was not built", ["build/host-64/tests/none"]
    yield "a failing pytest case", 1, 1, "assert (6 * 7) == 41", [
        "--pytest", "host:tests/selfcheck/test_fails.py"]
    yield "a pytest file that is missing", 0, 1, "0 cases, pytest ended", [
        "--pytest", "host:tests/selfcheck/test_missing.py"]


def main():
    table = list(cases())
    print(f"1..{len(table)}")
    status = 0
    for number, (name, passed, failed, shown, arguments) in enumerate(table, 1):
        run = suite(*arguments)
        lines = run.stdout.splitlines() or [""]
        good = (lines[-1] == f"{passed} passed, {failed} failed" and shown in run.stdout
                and (run.returncode != 0) == (failed > 0))
        if not good:
            status = 1
            for line in lines:
                print(f"# {line}")
            print(f"# want: {passed} passed, {failed} failed; '{shown}' shown")
        print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
