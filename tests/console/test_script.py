# SPDX-License-Identifier: MIT
"""Script mode and the commands that need no document."""
import os
import random
import re
import subprocess

import pytest

import board
from board import run_lines, run_raw, run_script


def test_output_is_pure():
    """No banner, no prompt, no echo, line feeds only."""
    assert run_raw("gc isenabled\n\n  gc   isenabled  \ngc isenabled\r\n") == b"True\n" * 3


def test_empty_input():
    assert run_raw("") == b""


def test_last_line_without_its_end_runs():
    assert run_raw("gc isenabled") == b"True\n"


def test_ctrl_c_drops_the_line():
    assert run_raw("panic now\x03gc isenabled\n" + "x" * 300 + "\x03gc isenabled\n") == b"True\n" * 2


def test_exit_ends_the_script():
    assert run_raw("exit\ngc isenabled\n") == b""


def test_same_script_same_output():
    script = "load a [[1],[2],{}]\nlink a append a\ndel a\ngc collect\ngc stats\nmem\nmem pools\n"
    assert run_script(script) == run_script(script)


@pytest.mark.skipif(board.BOARD == "host", reason="make run starts a board")
def test_make_run():
    run = subprocess.run(["make", "-s", "run", f"BOARD={board.BOARD}", f"CHECK={board.CHECK}"],
                         input=b"gc isenabled\n", capture_output=True, check=False, timeout=600,
                         cwd=board.ROOT)
    assert (run.returncode, run.stdout) == (0, b"True\n"), run.stderr[-2000:]


@pytest.mark.parametrize("line, answer", [
    ("nosuch", "error: unknown command 'nosuch'; try 'help'"),
    ("hlep", "error: unknown command 'hlep'; did you mean 'help'? 'help' lists them all"),
    ("Mem", "error: unknown command 'Mem'; did you mean 'mem'? 'help' lists them all"),
    ("h\x01\xff", r"error: unknown command 'h\x01\xc3\xbf'; try 'help'"),
    ("help nosuch", "error: unknown command 'nosuch'; try 'help'"),
    ("gc nosuch", "error: gc has no subcommand 'nosuch'; try 'help gc'"),
    ("gc", "usage: gc SUBCOMMAND"),
    ("gc collect x", "usage: gc collect [GENERATION]"),
    ("gc threshold 1 2 3 4", "usage: gc threshold [A [B [C]]]"),
    ("show", "usage: show NAME [KEY...]"),
    ("load", "usage: load NAME [JSON]"),
    ('"load"', "usage: load NAME [JSON]"),
    ("link a b", "usage: link A KEY B"),
    ("mem nosuch", "usage: mem [pools | map [PAGE] | check [N] | reset]"),
    ("panic", "usage: panic now"),
    ("panic later", "usage: panic now"),
    ("exit 1", "usage: exit"),
    ("show nosuch", "KeyError: no such name; try 'names'"),
    ("del nosuch", "KeyError: no such name; try 'names'"),
    ("link a b c", "KeyError: no such name; try 'names'"),
    ("x" * 256, "error: a line may have 255 bytes; this one was dropped"),
])
def test_clear_error(line, answer):
    assert run_lines(line + "\ngc isenabled\n") == [answer, "True"]


def test_help_lists_and_explains_every_command():
    names = [line.split()[0] for line in run_lines("help\n") if line.startswith("  ")]
    assert len(names) >= 15 and len(set(names)) == len(names)
    lines = run_lines("".join(f"help {name}\n" for name in names))
    assert [line.split()[1] for line in lines if line.startswith("usage: ")] == names


def test_help_explains_a_subcommand():
    assert run_lines("help gc step\nhelp gc disable\nhelp gc callbacks\n") == [
        "  gc step [N]           do N (1) units of work",
        "  gc enable | disable | isenabled",
        "  gc callbacks [add | remove]",
        "                        list them; add or remove one that prints"]
    assert run_lines("help gc nosuch\n") == run_lines("help gc\n")
    assert run_lines("help show it\n") == run_lines("help show\n")


def test_gc_switches():
    lines = run_lines("gc disable\ngc isenabled\ngc enable\ngc isenabled\n"
                      "gc threshold 5 6 7\ngc threshold\n")
    assert lines == ["False", "True", "5 6 7"]


def test_gc_by_the_names_of_python():
    lines = run_lines("load a [[]]\ngc freeze\ngc get_freeze_count\ngc get_objects\ngc unfreeze\n"
                      "gc get_freeze_count\ngc set_threshold 5 6 7\ngc get_threshold\n"
                      "gc get_objects 2\ngc set_debug 1\ngc get_debug\ndel a\ngc collect\n"
                      "gc set_debug 0\ngc garbage\nexit\n")
    assert lines[:3] == ["3", "0", "5 6 7"]
    assert sorted(line.split()[1] for line in lines[3:6]) == ["dict", "list", "list"]
    assert lines[6:10] == ["1", "gc: collecting generation 2...",
                           "gc: objects in each generation: 0 0 0",
                           "gc: objects in permanent generation: 0"]
    done = re.fullmatch(r"gc: done, 0 unreachable, 0 uncollectable, (\d+) instructions elapsed", lines[10])
    assert 0 < int(done[1]) < 20_000
    assert lines[11:] == ["collected 0 objects", "[]"]


def test_gc_steps_through_a_cycle():
    lines = run_lines("gc step 10\nload a []\nlink a append a\ndel a\ngc start\ngc start\n" +
                      "gc step 1\n" * 60 + "gc stats\n")
    assert lines[0] == "0 units, phase idle"
    assert lines[1].startswith("phase ") and lines[2].startswith("a cycle is running")
    phases = [line.split()[-1] for line in lines[3:63]]
    assert phases[-1] == "idle" and len(set(phases)) > 3, phases
    assert re.search(r"^collected +\S* ?\S* ?1$", "\n".join(lines), re.MULTILINE)


def test_about_this_image():
    lines = run_lines("version\nuptime\nconfig\n")
    assert lines[0].startswith("Ouro on " + board.BOARD)
    assert re.fullmatch(r"\d+ instructions", lines[1])
    assert f"board           {board.BOARD}" in lines


def test_panic_ends_with_a_status():
    run = subprocess.run(["timeout", "-k", "2", "600", *board.command_line()],
                         input=b"panic now\n" + board.END, capture_output=True, check=False)
    assert run.returncode not in (0, 124, 137)
    assert b"asked for at the console" in run.stdout + run.stderr


def test_any_bytes():
    """Random bytes, with and without structure; the console still answers.  Not Ctrl-D, the end."""
    seed = int(os.environ.get("SEED", "1"))
    print(f"repeat with SEED={seed}")
    pick = random.Random(seed)
    noise = bytes(pick.choice([byte for byte in range(256) if byte != 4]) for _ in range(6000))
    words = ["load", "show", "del", "a", "b", "gc", "step", "link", "{", "[1,", '"', "\\u", "\n",
             "\n\n", " ", "\x03", "mem", "]", "}", "99999999999", "*", "\t", "x" * 90]
    soup = "".join(pick.choice(words) + pick.choice(["", " "]) for _ in range(1500))
    output = run_raw(noise + b"\n\x03\n\n" + soup.encode() + b"\n\x03\n\nmem check\nversion\n")
    assert b"the heap is sound" in output and b"Ouro on" in output.splitlines()[-1]
