# SPDX-License-Identifier: MIT
"""The board under a program: memory, time, serial line, and the tools that look at it."""
import os
import pathlib
import random
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = os.environ.get("BOARD", "mps2-an385")
CHECK = os.environ.get("CHECK", "1")
BUILD = ROOT / ("build/" + BOARD + ("" if CHECK == "1" else f"-check{CHECK}"))
ENVIRONMENT = dict(os.environ, BOARD=BOARD, BUILD=str(BUILD))


def call(*command, **options):
    return subprocess.run(["timeout", "-k", "2", "600", *command], check=False,
                          capture_output=True, env=ENVIRONMENT, **options)


def test_what_boot_promises_a_program():
    done = call(ROOT / "board/emulate.sh", "test", BOARD, BUILD / "tests/boot/board.elf")
    text = done.stdout.decode()
    assert done.returncode == 0 and "not ok" not in text, text
    assert len(re.findall(r"^ok ", text, re.M)) == 6


# Finalizes come first, last made first, as CPython's do: all that they may look at is still there.
LEAVING = ["finalize 'last'", "finalize 'loop'", "finalize 'first'",
           "__del__ 'first'", "__del__ 'silent'", "__del__ 'last'", "__del__ 'loop'"]


@pytest.mark.parametrize("script", [b"exit\n", b"\x04", b"names\nexit\n"], ids=["exit", "Ctrl-D", "later"])
def test_what_exit_calls(script):
    """After them the names go, first bound first; then a last collection finds the cycle."""
    done = call(ROOT / "board/emulate.sh", "console", BOARD, BUILD / "tests/boot/leave.elf", input=script)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0 and lines[-len(LEAVING):] == LEAVING, lines


def test_no_byte_is_lost():
    """100 KB at once, to a program that is slower than the sender."""
    generator = random.Random(1)
    data = bytes(generator.randrange(255) for _ in range(100_000))
    digest = 5381
    for byte in data:
        digest = (digest * 33 + byte) & 0x7FFFFFFF
    done = call(ROOT / "board/emulate.sh", "console", BOARD, BUILD / "tests/boot/echo.elf",
                input=data + b"\xff")
    assert (done.returncode, done.stdout) == (7, b"100000 %d\n" % digest)


@pytest.mark.skipif(not shutil.which("gdb-multiarch"), reason="gdb-multiarch is not installed")
def test_the_debugger_stops_at_main():
    done = call(ROOT / "board/debug.sh", input=b"backtrace\nquit\n")
    assert done.returncode == 0, done.stderr
    assert re.search(rb"Temporary breakpoint 1, main \(\) at .*boot/main.c", done.stdout)


@pytest.mark.skipif(not shutil.which("gcc"), reason="no compiler for this machine is installed")
def test_the_profile_names_functions():
    done = call(ROOT / "board/profile/profile.sh", input=b"version\n")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert re.fullmatch(r" *[\d,]+  100\.0 %  \(all\)", lines[0])
    assert any(line.endswith("  arena_init") for line in lines)
