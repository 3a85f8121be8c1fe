# SPDX-License-Identifier: MIT
"""The commands that say who holds an object, and what there is: gc why, referrers, referents,
retained, objects, leaks."""
import re
import subprocess

import pytest

from board import BOARD, figures, run_lines

CONFIG = 'load config {"rooms": [1, 2, [], {"next": ["leaf"]}]}\n'
AT = r" at 0x[0-9a-f]{8,12}"


def rows_of(lines):
    """The rows of a census: objects and bytes by type."""
    rows = (re.fullmatch(r"(\S.*?) +([-+]?\d+) +([-+]?\d+)", line) for line in lines)
    return {row[1]: (int(row[2]), int(row[3])) for row in rows if row}


def test_why_tells_each_reference_and_the_whole():
    lines = run_lines(CONFIG + "gc why config rooms 3 next\n")
    steps = [("config", "dict"), ("['rooms']", "list"), ("[3]", "dict"), ("['next']", "list")]
    for line, (edge, name) in zip(lines, steps):
        assert re.fullmatch(re.escape(edge) + " +" + name + AT, line), line
    assert lines[4:] == ["config['rooms'][3]['next']"]


def test_why_looks_past_the_names_of_the_object_itself():
    assert run_lines(CONFIG + "gc why config\n") == ["nothing else holds it"]
    lines = run_lines(CONFIG + "load other [0]\nlink other append config\ngc why config\n")
    assert lines[-1] == "other[1]"


def test_why_takes_the_shortest():
    script = 'load far [[[["x"]]]]\nload near {"a": [0]}\n'
    script += "load leaf []\nlink near leaf leaf\nload mid [0]\nlink mid append leaf\nlink near b mid\n"
    assert run_lines(script + "gc why leaf\n")[-1] in ("near['leaf']", "mid[1]")
    assert run_lines(script + "del mid\ngc why leaf\n")[-1] == "near['leaf']"
    assert run_lines(script + "del near\ngc why leaf\n")[-1] == "mid[1]"


def test_long_keys_fit_the_terminal():
    key = "k" * 200
    lines = run_lines(f'load a {{"{key}": [[]]}}\ngc why a {key} 0\ngc referents a\n')
    assert all(len(line) < 80 for line in lines)
    assert lines[1].startswith("['" + "k" * 25 + "...") and lines[3].endswith("...")


def test_why_names_the_table_of_the_runtime_that_holds_it():
    script = "gc debug 32\nload x [1]\nload c []\nlink c append c\nlink c append x\ndel c\n"
    lines = run_lines(script + "gc collect\ngc why x\ngc debug 0\n")
    assert lines[1] == "1 reference from outside: gc.garbage"
    assert re.fullmatch(rf"<list{AT}>\[0\]\[1\]", lines[5])


@pytest.mark.skipif(BOARD == "host", reason="make symbolize is for boards")
def test_symbolize_names_variables():
    image = f"build/{BOARD}/ouro.elf"
    table = subprocess.run(["arm-none-eabi-nm", image], check=True, capture_output=True, text=True)
    at = re.search(r"^([0-9a-f]{8}) b is_stepping$", table.stdout, re.M)[1]
    line = f"1 reference from outside: global variable at 0x{at}"
    named = subprocess.run(["boot/symbolize.py", image], input=line + ", C stack at 0x20001000",
                           check=True, capture_output=True, text=True).stdout
    assert named == line + " is_stepping, C stack at 0x20001000"


def test_referrers_and_referents():
    lines = run_lines(CONFIG + "load other [0]\nlink other append config\ngc referrers config\n")
    assert sorted(re.sub(AT, "", line) for line in lines) == [
        f"{'[1]':32}of list", f"{'config':32}a name"]
    lines = run_lines(CONFIG + "gc referents config rooms\n")
    assert [re.sub(AT, "", line).split() for line in lines] == [
        ["[0]", "1"], ["[1]", "2"], ["[2]", "list"], ["[3]", "dict"]]
    assert run_lines("load a []\ngc referents a\n") == ["it refers to nothing"]


def test_retained_is_what_del_gives_back():
    script = 'load shared [1.5, 2.5]\nload a [[3.5, 4.5], {"k": "some text"}]\nlink a append shared\n'
    lines = run_lines(script + "mem\ngc retained a\ndel a\nmem\n")
    at = next(i for i, line in enumerate(lines) if "would go" in line)
    number = int(re.fullmatch(r"(\d+) bytes in 7 objects would go with it", lines[at])[1])
    freed = figures(lines[:at])["used"] - figures(lines[at + 1:])["used"]
    name = 64                       # and what red zones add to each object and node
    assert number <= freed <= number + name + (200 if BOARD == "host" else 0)


def test_a_cycle_is_retained_too():
    lines = run_lines("load a []\nload b []\nlink a append b\nlink b append a\ndel b\ngc retained a\n")
    assert re.fullmatch(r"\d+ bytes in 2 objects would go with it", lines[-1])


def test_objects_add_up():
    lines = run_lines('load a [[], {}, 1.5, "abc", [2.5, 3.5]]\ngc objects\nmem\n')
    rows = rows_of(lines)
    assert rows["list"][0] == 3 and rows["float"][0] == 3
    assert rows["total"][1] == figures(lines)["used"]
    sizes = [size for name, (_, size) in rows.items() if name != "total"]
    assert sizes == sorted(sizes, reverse=True)


def test_leaks_show_what_has_become_more():
    lines = run_lines("gc leaks show\n")
    assert lines == ["RuntimeError: nothing to compare with; try 'gc leaks start'"]
    script = 'load cache {}\ngc leaks start\nload a ["x"]\nlink cache one a\ndel a\ngc leaks show\n'
    rows = rows_of(run_lines(script))
    assert rows["list"][0] == 1 and rows["str"][0] == 2 and rows["total"][0] == 3
    assert run_lines("gc leaks start\nload a [1.5]\ndel a\ngc leaks show\n") == ["no change"]
    rows = rows_of(run_lines("load a [1.5]\ngc leaks start\ndel a\ngc leaks show\n"))
    assert rows["float"][0] == -1 and rows["list"][0] == -1


def test_errors():
    assert run_lines("gc why nix\n") == ["KeyError: no such name; try 'names'"]
    assert run_lines("gc why\ngc leaks\ngc objects 1\n") == [
        "usage: gc why NAME [KEY...]", "usage: gc leaks start | show", "usage: gc objects"]
