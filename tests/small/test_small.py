# SPDX-License-Identifier: MIT
"""A board without memory protection and with little memory: what faults there are, and the console.

The other boards' tests of faults (tests/boot) expect more than such a processor can notice.
"""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = os.environ.get("BOARD", "microbit")
CHECK = os.environ.get("CHECK", "1")
BUILD = ROOT / ("build/" + BOARD + ("" if CHECK == "1" else f"-check{CHECK}"))
IMAGE = BUILD / "tests/boot/faults.elf"
MAILBOX = {"microbit": 0x20001BF0}[BOARD]
PANIC, FAULT = 71, 72

# Number of the case in tests/boot/faults.c, its status, cause and innermost functions.
CASES = {
    "hole_write": (3, FAULT, "HardFault", ["hole_write", "inner", "outer", "main"]),
    "unmapped_read": (4, FAULT, "HardFault", ["unmapped_read", "inner", "outer", "main"]),
    "undefined": (7, FAULT, "HardFault", ["undefined", "inner", "outer", "main"]),
    "unaligned": (9, FAULT, "HardFault", ["unaligned", "inner", "outer", "main"]),
    "stack_overflow": (11, FAULT, "stack overflow", ["descend", "descend"]),
    "stack_overflow_far": (12, FAULT, "stack overflow", ["stack_overflow_far", "inner"]),
    "panic": (13, PANIC, "the sky is falling (chicken.c:42)", ["ouro_port_panic", "panic", "inner"]),
    "interrupt": (14, PANIC, "an interrupt that nobody handles",
                  ["ouro_port_panic", "board_irq", "irq_entry", "interrupt", "inner"]),
}


def emulate(mode, image, script="", extra=""):
    environment = dict(os.environ, QEMU_EXTRA=extra, TIMEOUT="20")
    return subprocess.run([ROOT / "board/emulate.sh", mode, BOARD, image], check=False, text=True,
                          input=script, capture_output=True, env=environment, timeout=600)


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_reported(case):
    number, status, cause, frames = CASES[case]
    done = emulate("test", IMAGE,
                   extra=f"-device loader,addr={MAILBOX + 4},data={number},data-len=4")
    assert done.returncode == status, done.stdout
    assert re.search(r"^(?:fault|panic): (.*)$", done.stdout, re.M)[1].startswith(cause)
    text = subprocess.run([ROOT / "boot/symbolize.py", IMAGE], input=done.stdout, text=True,
                          check=True, capture_output=True).stdout
    assert re.findall(r"^  #\d+ +0x[0-9a-f]{8}.*? (\w+) \(", text, re.M)[:len(frames)] == frames


def test_registers_are_those_at_the_fault():
    done = emulate("test", IMAGE, extra=f"-device loader,addr={MAILBOX + 4},data=15,data-len=4")
    assert len(re.findall(r"^r\d+ +0x[0-9a-f]{8}$", done.stdout, re.M)) == 13


def test_the_console_answers():
    script = 'load a [1, {"b": [2, null]}]\nshow a\ndel a\ngc collect\nmem\n\x04'
    done = emulate("console", BUILD / "ouro.elf", script)
    assert done.returncode == 0
    assert "[1, {'b': [2, None]}]" in done.stdout
    assert re.search(r"^used +0 bytes$", done.stdout, re.M)
