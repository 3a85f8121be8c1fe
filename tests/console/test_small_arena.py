# SPDX-License-Identifier: MIT
"""A board with 16 KiB of arena: running out of memory is an error like any other."""
import fcntl
import json
import os
import subprocess

import pytest

import board
from board import END, MEM_LINES, figures
from test_load import SKIPPING


@pytest.fixture(scope="module")
def image():
    if board.BOARD == "host":
        pytest.skip("the host's arena has one size")
    build = f"build/small/{board.BOARD}"
    (board.ROOT / "build/small").mkdir(parents=True, exist_ok=True)
    with open(board.ROOT / f"{build}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # workers of pytest would build it side by side
        made = subprocess.run(["make", "-s", f"BOARD={board.BOARD}", f"CHECK={board.CHECK}",
                               "ARENA=16K", f"BUILD={build}", f"{build}/ouro.elf"], cwd=board.ROOT,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              env=dict(os.environ, MAKEFLAGS=""))
    assert made.returncode == 0, made.stderr
    return board.ROOT / build / "ouro.elf"


def run_lines(image, text):
    run = subprocess.run(["timeout", "-k", "2", "600", str(board.ROOT / "board/emulate.sh"), "console",
                          board.BOARD, str(image)], input=board.bytes_of(text) + END,
                         capture_output=True, check=True)
    return run.stdout.decode().splitlines()


@pytest.mark.parametrize("document", [
    json.dumps([{"id": i, "name": f"row {i}", "at": [i / 7, None]} for i in range(300)], indent=1),
    json.dumps({f"key {i}": [i] for i in range(2000)}),
    json.dumps("x" * 40000), json.dumps(["x" * 9000]), "[" * 3000,
], ids=["many objects", "a wide dict", "a long string", "a string that fits once", "deep"])
def test_memory_error(image, document):
    lines = run_lines(image, f"load keep [1.5]\nmem\nload x {document}\n\nnames\nshow keep\nmem check\nmem\n"
                             "del *\ngc collect\nmem\n")
    error, rest = lines[MEM_LINES], lines[MEM_LINES + 1:]
    assert error.startswith("MemoryError: ") and ": line " in error and " column " in error
    assert rest[:4] == [SKIPPING, "keep            list", "[1.5]", "the heap is sound"]
    assert figures(lines[:MEM_LINES])["used"] == figures(rest[4:4 + MEM_LINES])["used"]
    assert figures(rest[5 + MEM_LINES:])["used"] == 0


def test_full_arena_can_be_emptied(image):
    """Looking at names and deleting them needs no memory."""
    fill = "".join(f"load n{i} {json.dumps(['x' * 400])}\n\n" for i in range(40))
    lines = run_lines(image, fill + "refs n0\nsizeof n0\ndel *\nnames\ngc collect\nmem\n")
    assert any(line.startswith("MemoryError") for line in lines)
    assert lines[-MEM_LINES - 3:-MEM_LINES - 1] != [] and figures(lines)["used"] == 0
    assert "1" in lines


def test_the_threshold_follows_the_arena(image):
    """Four objects a page; `config` tells the rule."""
    lines = run_lines(image, "mem\ngc threshold\nconfig\n")
    pages = figures(lines[:MEM_LINES])["pages"]
    assert lines[MEM_LINES] == f"{4 * pages} 10 10" and 4 * pages < 700
    assert "threshold 0              700 objects, or 4 a page if fewer" in lines
