# SPDX-License-Identifier: MIT
"""`trace`: which calls allocated what is in use, with names where the image has a table of them."""
import re
import subprocess

import pytest

from board import BOARD, CHECK, ROOT, figures, run_lines, run_script

LOAD = 'load a [1,2.5,"abc",{"k":[1.5,2.5]}]\n'
HAS_NAMES = BOARD != "host"
OLDEST = ["ouro_console_run", "commands_run", "command_load"]  # main() has jumped to the first
FRAME = r"0x[0-9a-f]{8}(?: (?P<name>\w+)(?:\+0x[0-9a-f]+)?)?"
STATISTIC = re.compile(FRAME + r": size=(?P<size>\d+) B"
                       r"(?: \((?P<size_diff>[+-]\d+) B\))?, count=(?P<count>\d+)"
                       r"(?: \((?P<count_diff>[+-]\d+)\))?(?:, average=\d+ B)?")


def statistics(lines):
    """The lines that are statistics; all must be."""
    return [STATISTIC.fullmatch(line) or pytest.fail(line) for line in lines]


def sums(rows, *keys):
    return tuple(sum(int(row[key]) for row in rows) for key in keys)


def test_nothing_is_traced_before_it_starts():
    lines = run_lines("trace\ntrace top\ntrace peak\ntrace stop\ntrace diff\n")
    assert lines == ["nothing is traced; try 'trace start'"] * 4


def test_wrong_arguments():
    lines = run_lines("trace start 9\ntrace start x\ntrace what\ntrace stop 1\ntrace where a\n"
                      + LOAD + "trace where a 3 x\n")
    assert lines[0] == "ValueError: the number of frames must be in range [1; 8]"
    assert lines[1:4] == ["usage: trace [SUBCOMMAND]"] * 3
    assert lines[4].startswith("KeyError: no such name")
    assert lines[5] == "KeyError: no such key"


def test_the_top_adds_up():
    lines = run_lines("trace start\n" + LOAD + "trace top 100\ntrace\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("frames"))
    rows, state = statistics(lines[:at]), figures(lines[at:])
    assert len(rows) >= 3
    assert sums(rows, "size", "count") == (state["traced"], state["blocks"])
    sizes = [int(row["size"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert state["peak"] >= state["traced"] > 0 and state["frames"] == 1
    assert state["tracebacks"] >= len(rows)
    assert "... and" in run_script("trace start\n" + LOAD + "trace top 1\n")


def test_differences():
    script = "trace start\n" + LOAD + "trace diff 99\ntrace diff\ndel a\ngc collect\ntrace diff 99\n"
    before, after = run_script(script).split("collected")
    after = after.splitlines()[1:]
    made, dropped = statistics(before.splitlines()), statistics(after)
    assert sums(made, "size", "count") == sums(made, "size_diff", "count_diff")
    assert sums(dropped, "size_diff", "count_diff") == tuple(
        -value for value in sums(made, "size_diff", "count_diff"))
    assert sums(dropped, "size", "count") == (0, 0)
    sizes = [abs(int(row["size_diff"])) for row in dropped]
    assert sizes == sorted(sizes, reverse=True)


def test_peak():
    lines = run_lines("trace start\n" + LOAD + "del a\ntrace peak\ntrace reset\ntrace peak\n"
                      "trace stop\ntrace peak\n")
    one, other = (re.fullmatch(r"current (\d+) B, peak (\d+) B", line) for line in lines[:2])
    assert int(one[2]) > int(one[1]) == int(other[1]) == int(other[2])
    assert lines[2:] == ["nothing is traced; try 'trace start'"]


def test_stacks_lead_to_the_main_program():
    lines = run_lines("trace start 8\n" + LOAD + "trace stacks 99\n")
    stacks, frames = [], []
    for line in lines:
        if line.startswith("  "):
            frames.append(re.fullmatch("  " + FRAME, line) or pytest.fail(line))
        else:
            statistics([line])
            frames = []
            stacks.append(frames)
    assert len(stacks) >= 3 and all(len(frames) >= 4 for frames in stacks)
    if HAS_NAMES:
        for frames in stacks:
            names = [frame["name"] for frame in frames]
            assert names[:3] == OLDEST, names


@pytest.mark.parametrize("keys", ["", " 3", " 3 k 1"])
def test_where_an_object_was_made(keys):
    lines = run_lines("trace start 8\n" + LOAD + f"trace where a{keys}\n")
    assert len(lines) >= 4
    names = [re.fullmatch("  " + FRAME, line)["name"] for line in lines]
    assert not HAS_NAMES or names[:3] == OLDEST
    assert run_lines(LOAD + f"trace start\ntrace where a{keys}\n") == ["not recorded"]


@pytest.mark.skipif(not HAS_NAMES, reason="make symbolize reads a board's image")
def test_symbolize_tells_the_lines():
    text = run_script("trace start 4\n" + LOAD + "trace top\n")
    done = subprocess.run(["make", "-s", "symbolize", f"BOARD={BOARD}", f"CHECK={CHECK}"], cwd=ROOT,
                          input=text, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(text.splitlines())
    for line in lines:
        assert re.match(r"0x\w{8} \w+ \(runtime/console/\w+\.c:\d+\) \w+\+0x", line), line
