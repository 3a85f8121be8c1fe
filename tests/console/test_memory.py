# SPDX-License-Identifier: MIT
"""The commands that show memory: mem, mem pools, mem map, mem check."""
import re

import pytest

from board import BOARD, MEM_LINES, figures, run_lines

FILL = 'load a [[],{},1.5,"abc",[2.5,3.5]]\n'
PAGE_BYTES = 512


def test_mem_adds_up():
    shown = figures(run_lines("mem\n"))
    assert shown["arena"] == shown["control"] + shown["used"] + shown["lost"] + shown["free"]
    assert shown["pages"] == shown["pages free"] + shown["pages pool"] + shown["pages large"]
    assert shown["largest free"] <= shown["free"] and shown["used"] <= shown["peak"]
    assert shown["fragmentation"] == 0 and shown["page"] == PAGE_BYTES


def test_peak_is_forgotten():
    shown = run_lines("load a [1,2,3]\ndel a\nmem\nmem reset\nmem\n")
    first, second = figures(shown[:MEM_LINES]), figures(shown[MEM_LINES:])
    assert first["peak"] > first["used"] and second["peak"] == second["used"]


def test_mem_check():
    assert run_lines(FILL + "mem check\n") == ["the heap is sound"]


# ---- mem pools ----

def test_pools_have_the_columns_of_cpython():
    lines = run_lines(FILL + "mem pools\nmem\n")
    assert lines[0].split("  ")[0] == "class" and "num pages   blocks in use  avail blocks" in lines[0]
    rows = [list(map(int, line.split())) for line in lines[2:] if re.match(r" +\d+( +\d+){4}$", line)]
    totals = dict(re.findall(r"^(\S.*?) +=([ \d]+)$", "\n".join(lines), re.MULTILINE))
    totals = {label: int(value) for label, value in totals.items()}
    assert len(rows) >= 3 and all(pages > 0 for _, _, pages, _, _ in rows)
    assert sum(size * used for _, size, _, used, _ in rows) == totals["# bytes in allocated blocks"]
    assert sum(size * free for _, size, _, _, free in rows) == totals["# bytes in available blocks"]
    pages = sum(pages for _, _, pages, _, _ in rows)
    assert totals["Total"] == pages * PAGE_BYTES
    assert totals["# bytes lost to page headers"] == pages * 8
    shown = figures(lines)
    assert shown["pages pool"] == pages
    assert shown["lost"] == pages * 8 + totals["# bytes lost to quantization"]
    assert 0 < totals["#   of them not asked for"] < totals["# bytes in allocated blocks"]


# ---- mem map ----

def pages_of(lines):
    """The pages that a map draws, folded lines unfolded."""
    drawn, last = "", ""
    for line in lines[3:]:
        assert len(line) < 80
        if folded := re.fullmatch(r" +\.\.\. (\d+) more lines? like it", line):
            drawn += last * int(folded[1])
        else:
            number, last = line.split()
            assert int(number) == len(drawn)
            drawn += last
    return drawn


def test_map_of_an_empty_arena_is_folded():
    lines = run_lines("mem map\n")
    pages = int(lines[0].split()[0])
    assert len(lines) <= 7
    assert pages_of(lines) == "-" * pages


@pytest.mark.skipif(BOARD == "host",
                    reason="what is freed waits in the quarantine of CHECK=3")
def test_map_shows_pages_and_blocks():
    lines = run_lines(FILL + 'load b "' + "x" * 5000 + '"\nmem\nmem map\n')
    shown, drawn = figures(lines[:MEM_LINES]), pages_of(lines[MEM_LINES:])
    assert len(drawn) == shown["pages"]
    assert drawn.count("o") + drawn.count("O") == shown["pages pool"]
    assert re.fullmatch(r"[oO]+-+bB{8,10}b[b.]*", drawn), re.sub("-+", "-", drawn)


@pytest.mark.skipif(BOARD == "host",
                    reason="what is freed waits in the quarantine of CHECK=3")
def test_map_shows_what_became_free():
    document = "[" + ",".join(f'"{"y" * 470}{i}"' for i in range(20)) + "]"  # a page each
    lines = run_lines(f"load a {document}\nload keep 1.5\nload b {document}\ndel a\nmem\nmem map\n")
    shown, drawn = figures(lines[:MEM_LINES]), pages_of(lines[MEM_LINES:])
    free = drawn.count(".") + drawn.count("-")
    assert drawn.count(".") >= 15 and "O" * 15 in drawn
    assert free == shown["pages free"]


def test_map_of_a_large_heap_is_readable():
    """Half a megabyte in use."""
    document = "[" + ",".join(["[0.5,1.5]"] * 5000) + "]"
    lines = run_lines(f"load a\n{document}\nmem\nmem map\n")
    assert len(pages_of(lines[MEM_LINES:])) == figures(lines[:MEM_LINES])["pages"]
    assert len(lines) - MEM_LINES < 40


@pytest.mark.skipif(BOARD == "host",
                    reason="what is freed waits in the quarantine of CHECK=3")
def test_map_of_a_page_of_cells():
    lines = run_lines(FILL + "mem map 0\nmem map 1\nmem map 2\n")
    cells = [line.strip() for line in lines if re.fullmatch(r"  [-.+A-Za-z]{3,31}", line)]
    assert len(cells) == 3
    assert "l" in "".join(cells) and "N" in "".join(cells) and "f" in "".join(cells)
    used = [int(line.split()[0]) for line in lines if "cells of" in line]
    assert used == [sum(mark.isalpha() for mark in row) for row in cells]
    sizes = [int(line.split()[2]) for line in lines if "cells of" in line]
    assert sizes == [len(row) for row in cells]


def test_map_of_a_page_of_blocks():
    load = 'load b "' + "x" * 5000 + '"\n'
    drawn = pages_of(run_lines(load + "mem map\n"))
    lines = run_lines(load + f"mem map {drawn.index('B')}\nmem map {drawn.index('-')}\n")
    assert re.fullmatch(r"page at 0x[0-9a-f]{8,12}", lines[0])
    assert re.fullmatch(r"  0x[0-9a-f]{8,12} +50\d\d bytes  str", lines[1])
    assert lines[2].startswith("page at ") and lines[3].endswith(" bytes  never used")


@pytest.mark.parametrize("line, answer", [
    ("mem map x", "usage: mem [pools | map [PAGE] | check [N] | reset]"),
    ("mem map 1 2", "usage: mem [pools | map [PAGE] | check [N] | reset]"),
    ("mem pools 1", "usage: mem [pools | map [PAGE] | check [N] | reset]"),
])
def test_wrong_use(line, answer):
    assert run_lines(line + "\n") == [answer]


def test_there_is_a_last_page():
    pages = figures(run_lines("mem\n"))["pages"]
    lines = run_lines(f"mem map {pages - 1}\nmem map {pages}\n")
    assert lines[-1] == f"error: the last page is {pages - 1}" and lines[0].startswith("page at ")


def test_check_in_pieces():
    lines = run_lines(FILL + "mem check 1\nmem check 100000\nmem check\n")
    assert lines == ["sound so far", "a pass has ended: the heap is sound", "the heap is sound"]
