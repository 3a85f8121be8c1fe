# SPDX-License-Identifier: MIT
"""Faults and panics: what the dump says, where the backtrace leads, and the status.

Every case of faults.c runs on BOARD; the dump goes through boot/symbolize.py, as a user's would.
"""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = os.environ.get("BOARD", "mps2-an385")
CHECK = os.environ.get("CHECK", "1")
BUILD = ROOT / ("build/" + BOARD + ("" if CHECK == "1" else f"-check{CHECK}"))
IMAGE = BUILD / "tests/boot/faults.elf"
MAILBOX = {"mps2-an385": 0x203FFFF0, "virt": 0x40FFFFF0}[BOARD]
IS_M = BOARD == "mps2-an385"

CASES = ["null_read", "null_write", "code_write", "hole_write", "unmapped_read", "ram_execute",
         "null_call", "undefined", "divide", "unaligned", "library", "stack_overflow",
         "stack_overflow_far", "panic", "interrupt", "smash", "nested", "finalizer"]
CALLERS = ["inner", "outer", "main", "boot_reset"]
PANIC, FAULT, NESTED = 71, 72, 73


def run(case, seed=0):
    """Output and status of one case."""
    extra = (f"-device loader,addr={MAILBOX + 4},data={CASES.index(case)},data-len=4 "
             f"-device loader,addr={MAILBOX + 8},data={seed},data-len=4")
    done = subprocess.run([ROOT / "board/emulate.sh", "test", BOARD, IMAGE], check=False,
                          capture_output=True, text=True,
                          env=dict(os.environ, QEMU_EXTRA=extra, TIMEOUT="20"))
    return done.stdout, done.returncode


def symbolize(log):
    return subprocess.run([ROOT / "boot/symbolize.py", IMAGE], input=log, check=True, text=True,
                          capture_output=True).stdout


class Dump:
    """The parts of a symbolized dump."""

    def __init__(self, case, status=FAULT, seed=0):
        log, self.status = run(case, seed)
        assert self.status == status, log
        assert log.startswith("going wrong\n"), log
        assert "\r" not in log
        self.text = symbolize(log)
        self.cause = re.search(r"^(?:fault|panic): (.*)$", self.text, re.M)[1]
        self.frames = re.findall(r"^  #\d+ +0x[0-9a-f]{8}(?: (\w+) \(|.*)", self.text, re.M)

    def register(self, name):
        return int(re.search(rf"^{name} +0x([0-9a-f]{{8}})", self.text, re.M)[1], 16)

    def address(self):
        match = re.search(r"^addr 0x([0-9a-f]{8})(?: (.*))?$", self.text, re.M)
        return match and (int(match[1], 16), match[2])


@pytest.mark.parametrize("case, address, area", [
    ("null_read", 4, "null page"),
    ("null_write", 4, "null page"),
    ("code_write", None, "code and constants"),
    ("hole_write", 0x400100, None),
    ("unmapped_read", 0x60000000, None),
])
def test_a_bad_access_is_named_with_its_address(case, address, area):
    dump = Dump(case)
    assert re.search("access violation|not mapped", dump.cause)
    assert dump.frames == [case, *CALLERS]
    found, where = dump.address()
    assert address is None or found == address
    assert (where or "").startswith(area or "")


def test_ram_is_not_executed():
    dump = Dump("ram_execute")
    assert re.search("access violation", dump.cause)
    assert dump.frames == ["", "call", "ram_execute", *CALLERS]


def test_a_call_through_null_shows_the_caller():
    dump = Dump("null_call")
    assert dump.register("pc") == 0
    assert dump.frames == ["", "call", "null_call", *CALLERS]


def test_an_undefined_instruction():
    dump = Dump("undefined")
    assert dump.cause == "undefined instruction"
    assert dump.frames == ["undefined", *CALLERS]


@pytest.mark.skipif(not IS_M, reason="ARMv7-A has no trap for a division by zero")
def test_a_division_by_zero():
    dump = Dump("divide")
    assert dump.cause == "division by zero"
    assert dump.frames == ["divide", *CALLERS]


def test_an_unaligned_access():
    dump = Dump("unaligned")
    assert dump.cause == "unaligned access"
    assert dump.frames == ["unaligned", *CALLERS]


def test_the_backtrace_leaves_a_function_without_tables():
    dump = Dump("library")
    assert dump.frames == ["memset", "library", *CALLERS]


@pytest.mark.parametrize("case, function", [("stack_overflow", "descend"),
                                            ("stack_overflow_far", "descend_far")])
def test_a_stack_overflow_is_called_so(case, function):
    dump = Dump(case)
    assert dump.cause == "stack overflow"
    if case == "stack_overflow":
        assert set(dump.frames) == {function} and len(dump.frames) == 32
        assert "and more" in dump.text
    else:
        depth = dump.frames.count(function)
        assert depth > 3 and dump.frames == [function] * depth + [case, *CALLERS]


def test_a_panic_is_reported_like_a_fault():
    dump = Dump("panic", PANIC)
    assert dump.cause == "the sky is falling (chicken.c:42)"
    assert dump.frames == ["ouro_port_panic", "panic", *CALLERS]
    assert "runtime: phase idle" in dump.text


def test_the_backtrace_crosses_the_runtime_twice():
    """The runtime has no unwind tables in an ordinary build: at most one of its functions is shown
    each time."""
    dump = Dump("finalizer", PANIC)
    assert dump.cause.startswith("list was expected")
    frames = [name for name in dump.frames if name in ("finalize", "finalizer", *CALLERS)]
    assert dump.frames[0] == "ouro_port_panic"
    assert frames == ["finalize", "finalizer", *CALLERS]
    if CHECK <= "1":
        assert len(dump.frames) <= 5 + len(CALLERS)


def test_the_backtrace_crosses_an_interrupt():
    dump = Dump("interrupt", PANIC)
    assert dump.cause.startswith("an interrupt that nobody handles (")
    assert dump.frames[:2] == ["ouro_port_panic", "board_irq"]
    assert dump.frames[-5:] == ["interrupt", *CALLERS]
    assert re.search(r"^  #\d+ +0x\w+ interrupted|^  #\d+ +0x\w+ interrupt .* interrupted",
                     dump.text, re.M)


@pytest.mark.parametrize("seed", range(8))
def test_a_smashed_stack_ends_the_backtrace_not_the_dump(seed):
    dump = Dump("smash", seed=seed)
    assert dump.cause == "undefined instruction"
    assert dump.frames[0] == "smash" and len(dump.frames) <= 32
    assert "runtime: phase" in dump.text


def test_a_fault_while_reporting_one_ends_with_a_status():
    log, status = run("nested")
    assert status == NESTED, log
