#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Run the test suite and add everything up in one last line, `N passed, N failed`.

    suite.py [--out DIR] [--pytest LABEL:PATH]... [--skip TEXT]... PROGRAM...

PROGRAMs print TAP; prove runs them (through tap.sh, which keeps their output in DIR).  LABEL:PATH
runs pytest on PATH with BOARD=LABEL in the environment.  What was planned and not passed counts
as failed: a program that was not built, crashes, hangs or breaks its plan adds at least one.
Skipped points count neither way; their reasons are printed, and so is each TEXT, about what was left
out.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
POINT = re.compile(r"(not )?ok\b(?:[^#]*)(?:#\s*(SKIP)\s*(.*))?", re.IGNORECASE)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0
        self.skipped, self.bad = [], []

    def fail(self, where, count, why):
        self.failed += count
        self.bad.append(f"{where}: {why}")


def add_tap(tally, program, tap, status):
    """Count one program's points; `status` is its exit status as text."""
    plan, seen, failed = None, 0, 0
    for line in tap.splitlines():
        if line.startswith("1.."):
            plan = int(line[3:].split()[0])
        match = POINT.match(line)
        if match:
            seen += 1
            if match[1]:
                failed += 1
            elif match[2]:
                tally.skipped.append(f"{program}: {match[3] or 'no reason given'}")
            else:
                tally.passed += 1
    if failed:
        tally.fail(program, failed, f"{failed} of {plan} failed")
    if plan is None:
        tally.fail(program, 1, f"no plan, status {status}")
    elif seen < plan:
        tally.fail(program, plan - seen, f"{seen} of {plan} ran, status {status}")
    elif seen > plan:
        tally.fail(program, 1, f"{seen} ran of a plan of {plan}")
    elif status != "0" and not failed:
        tally.fail(program, 1, f"all passed, but the status is {status}")


def run_programs(tally, programs, out):
    built = [p for p in programs if os.path.exists(p)]
    for program in sorted(set(programs) - set(built)):
        tally.fail(program, 1, "was not built")
    if not built:
        return
    environment = dict(os.environ, TAP_DIR=str(out))
    before = tally.failed
    prove = subprocess.run(
        ["prove", f"-j{os.cpu_count()}", "-o", "--failures", "--exec",
         os.path.relpath(HERE / "tap.sh"), *built],
        env=environment, stdin=subprocess.DEVNULL, check=False)
    for program in built:
        base = out / program.removeprefix("build/").replace("/", "_")
        try:
            tap = pathlib.Path(f"{base}.tap").read_text(errors="replace")
            status = pathlib.Path(f"{base}.status").read_text().strip()
        except OSError:
            tap, status = "", "unknown"
        add_tap(tally, program, tap, status)
    if prove.returncode != 0 and tally.failed == before:
        tally.fail("prove", 1, f"ended with status {prove.returncode}")


def run_pytest(tally, label, path, out):
    where = f"{path} on {label}"
    report = out / f"pytest_{label}_{path.replace('/', '_')}.xml"
    command = ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider",
               "-n", str(os.cpu_count()), "--timeout", "600", f"--junitxml={report}", path]
    environment = dict(os.environ, BOARD=label)
    print(f"pytest {where}", flush=True)
    status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL,
                            check=False).returncode
    failed = 0
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        name = f"{where}: {case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            tally.fail(name, 1, "failed")
        elif skipped is not None:
            tally.skipped.append(f"{name}: {skipped.get('message')}")
        else:
            tally.passed += 1
    if not cases or (status != 0 and not failed):
        tally.fail(where, 1, f"{len(cases)} cases, pytest ended with status {status}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="build/test", type=pathlib.Path)
    parser.add_argument("--pytest", action="append", default=[], metavar="LABEL:PATH")
    parser.add_argument("--skip", action="append", default=[], metavar="TEXT")
    parser.add_argument("programs", nargs="*")
    arguments = parser.parse_args()
    # A make that a test starts is nobody's child job; variables come through the environment.
    for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL"):
        os.environ.pop(name, None)

    shutil.rmtree(arguments.out, ignore_errors=True)
    arguments.out.mkdir(parents=True)
    tally = Tally()
    tally.skipped.extend(arguments.skip)
    run_programs(tally, arguments.programs, arguments.out)
    for item in arguments.pytest:
        run_pytest(tally, *item.split(":", 1), arguments.out)

    for line in tally.skipped:
        print(f"skipped: {line}")
    for line in tally.bad:
        print(f"FAILED: {line}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
