# SPDX-License-Identifier: MIT
"""`gc`: callbacks, what it says of one object, the clock, Python's own names, wrong arguments."""
import re

import pytest

from board import run_lines

CYCLE = "load a [1]\nlink a append a\ndel a\n"


def test_a_callback_prints_each_cycle():
    lines = run_lines("gc callbacks\ngc callbacks add\ngc callbacks\n" + CYCLE +
                      "gc collect 0\ngc callbacks remove\n")
    assert lines[0] == "no callbacks"
    assert re.fullmatch(r"0x[0-9a-f]{8} prints", lines[1])
    assert lines[2:] == ["gc: start, generation 0",
                         "gc: stop, generation 0, collected 1, uncollectable 0",
                         "collected 1 object"]


def test_a_callback_is_there_once():
    script = "gc callbacks add\n" * 2 + "gc callbacks remove\n" * 2 + "gc collect\ngc callbacks\n"
    assert run_lines(script) == ["ValueError: it is there", "ValueError: it is not there",
                                 "collected 0 objects", "no callbacks"]


def test_the_clock_times_cycles():
    lines = run_lines("gc clock\ngc clock on\n" + CYCLE + "gc collect\ngc stats\ngc clock off\n")
    rows = dict(re.fullmatch(r"(\S.*?) {2,}(\d+) instructions", line).groups()
                for line in lines if line.endswith(" instructions"))
    assert lines[0] == "off" and list(rows) == ["duration of 0", "duration of 1", "duration of 2",
                                                "longest pause"]
    assert int(rows["duration of 2"]) > 0 and rows["duration of 0"] == "0"
    assert "float peak                 1 objects" in lines


def test_what_is_said_of_one_object():
    script = 'load b [[1], "a text"]\n'
    script += "gc is_tracked b 0\ngc is_tracked b 1\ngc is_finalized b\n"
    assert run_lines(script) == ["True", "False", "False"]
    ours, pythons = "gc referrers b 0\ngc referents b\n", "gc get_referrers b 0\ngc get_referents b\n"
    told = [[re.sub(r"0x[0-9a-f]+", "0x", line) for line in run_lines(script + asked)]
            for asked in (ours, pythons)]
    assert told[0] == told[1] and len(told[0]) == 6


@pytest.mark.parametrize("arguments", [
    "callbacks what", "callbacks add 1", "clock what", "clock on 1", "is_tracked", "is_finalized",
    "get_referrers", "set_threshold 1 2 x", "set_threshold 1 2 3 4", "set_threshold 4294967296",
    "set_threshold -1", "set_debug 64", "set_debug -1", "get_objects 0 1", "collect 1 2", "collect x",
    "collect 99999999999999999999", "step x", "step 5 5", "step -1", "collect_for", "freeze 1",
    "garbage 1", "isenabled x"])
def test_wrong_arguments(arguments):
    name = arguments.split()[0]
    lines = run_lines(f"gc {arguments}\ngc isenabled\n")
    assert re.fullmatch(rf"usage: gc {name}( \S.*)?", lines[0]) and lines[1:] == ["True"]


@pytest.mark.parametrize("arguments, error", [
    ("collect 3", "invalid generation"), ("collect -1", "invalid generation"),
    ("start 3", "invalid generation"), ("start -1", "invalid generation"),
    ("get_objects 3", "generation parameter must be less than the number of available generations (3)"),
    ("get_objects -1", "generation parameter cannot be negative")])
def test_generations_that_there_are_not(arguments, error):
    """In the words of CPython."""
    assert run_lines(f"gc {arguments}\n") == [f"ValueError: {error}"]


def test_gc_alone():
    assert run_lines("gc\n") == ["usage: gc SUBCOMMAND"]


def test_thresholds_that_are_not_given_stay():
    assert run_lines("gc set_threshold 5\ngc threshold\ngc set_threshold 6 7\ngc threshold\n"
                     "gc threshold 4294967295 0 8\ngc get_threshold\n") == \
        ["5 10 10", "6 7 10", "4294967295 0 8"]
