# SPDX-License-Identifier: MIT
"""Documents take no more memory here than MicroPython would spend on the same objects.

Its side is arithmetic, in blocks of 16 bytes: a str has an object and a text (its json makes one of
each key, too), a float is a single, and nothing is counted for the table of the blocks."""
import json
import pathlib

import pytest

from board import BOARD, MEM_LINES, figures, run_lines

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
DICT_ROOMS = [0, 1, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521,
              691, 907, 1181, 1531, 1999]


def blocks(size):
    return -(-size // 16) * 16


def micropython_bytes(value):
    if isinstance(value, dict):
        room = next(room for room in DICT_ROOMS if room >= len(value))
        return 16 + blocks(8 * room) + sum(map(micropython_bytes, [*value, *value.values()]))
    if isinstance(value, list):
        room = 4
        while room < len(value):
            room *= 2
        return 16 + blocks(4 * room) + sum(map(micropython_bytes, value))
    if isinstance(value, str):
        return 16 + blocks(len(value.encode("utf-8", "surrogatepass")) + 1)
    if isinstance(value, float):
        return 16
    if isinstance(value, int) and not isinstance(value, bool) and not -2**30 <= value < 2**30:
        return 32
    return 0


@pytest.mark.skipif(BOARD == "host", reason="pointers of 8 bytes")
@pytest.mark.parametrize("file", sorted(DATA.iterdir()), ids=lambda file: file.name)
def test_document(file):
    text = file.read_bytes()
    lines = run_lines(b"load b 0\nmem\nload a\n" + text + b"\nmem\n")
    ours = figures(lines[MEM_LINES:])["used"] - figures(lines[:MEM_LINES])["used"]
    theirs = micropython_bytes(json.loads(text))
    print(f"{file.name}: {ours} bytes, MicroPython {theirs}")
    assert ours <= theirs
