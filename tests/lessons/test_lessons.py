# SPDX-License-Identifier: MIT
"""The lessons: each holds what it teaches, prints what CPython prints, and measures what it tells.

All of them run in one boot of the board, and in another one of a board with 128 KiB of arena.
"""
import functools
import json
import os
import pathlib
import re
import subprocess

import pytest

from session import parse, run, wanted

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = os.environ.get("CHECK", "1")
BUILD = f"build/{BOARD}" + ("" if LEVEL == "1" else f"-check{LEVEL}")
NUMBERS = [int(path.name[:2]) for path in sorted(HERE.glob("[0-9]*.c"))]
COLUMNS = 80
# {section: blocks of code in it}
CODE_BLOCKS = dict.fromkeys(range(1, 10), 1) | {10: 3, 11: 2, 12: 2, 13: 2, 14: 1, 15: 1}
# What the size of the arena shows in, and where it cannot: sizes of objects.
FOLLOWS_THE_ARENA = {1: r"\d+ pages$", 6: r"bytes at 0x\w+, far from", 8: r"most in use, on +[\d,]+",
                     9: r"Generation 0 after \d+"}
SAME_IN_EVERY_ARENA = [3, 4, 10, 14]

on_a_board = pytest.mark.skipif(BOARD == "host", reason="the host measures neither bytes nor time")


def run_script(image, text):
    command = ([str(ROOT / "build/host-64/ouro")] if BOARD == "host" else
               [str(ROOT / "board/emulate.sh"), "console", BOARD, str(ROOT / BUILD / f"{image}.elf")])
    result = subprocess.run(["timeout", "-k", "2", "600", *command], input=text.encode() + b"\x04",
                            capture_output=True, check=True, cwd=ROOT)
    return result.stdout.decode()


@functools.lru_cache(maxsize=None)
def lessons(image="ouro", before=""):
    """{number: what it prints}, all in one boot, after the commands in `before`."""
    text = run_script(image, before + "".join(f"lesson {number}\n" for number in NUMBERS))
    parts = re.split(r"^(?=Lesson \d+: )", text, flags=re.M)
    assert before or parts[0] == ""
    return {int(part.split()[1][:-1]): part for part in parts[1:]}


@functools.lru_cache(maxsize=None)
def python(number):
    """What CPython prints for each of a lesson's lines of Python."""
    result = subprocess.run(["/usr/bin/python3", str(HERE / "session.py")], input=lessons()[number],
                            stdout=subprocess.PIPE, text=True, check=True, timeout=600,
                            env=dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1"))
    return json.loads(result.stdout)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("image", ["ouro", pytest.param("ouro-128k", marks=on_a_board)])
def test_holds_what_it_teaches(image, number):
    text = lessons(image)[number]
    assert "FAILED" not in text
    checks = re.search(r"^(\d+) checks held; all memory is back\.$", text, re.M)
    assert int(checks[1]) >= 5


@pytest.mark.parametrize("number", NUMBERS)
def test_prints_what_python_prints(number):
    examples = parse(lessons()[number])
    assert len(examples) >= 5
    for example, printed in zip(examples, python(number), strict=True):
        assert wanted(example) == printed, example.source


@pytest.mark.parametrize("number", NUMBERS)
def test_says_why_python_differs(number):
    for match in re.finditer(r"^    \(CPython: .*?\)(.*)$", lessons()[number], re.M):
        assert len(match[1].split()) >= 4


@on_a_board
@pytest.mark.parametrize("number", NUMBERS)
def test_fits_the_screen(number):
    lines = lessons()[number].splitlines()
    assert max(map(len, lines)) < COLUMNS
    assert not [line for line in lines if line.endswith(" ")]


@on_a_board
@pytest.mark.parametrize("number, figure", FOLLOWS_THE_ARENA.items())
def test_figures_follow_the_arena(number, figure):
    large, small = (re.search(figure, lessons(image)[number], re.M)[0] for image in ("ouro", "ouro-128k"))
    assert large != small


@on_a_board
@pytest.mark.parametrize("number", SAME_IN_EVERY_ARENA)
def test_sizes_do_not(number):
    assert lessons("ouro")[number] == lessons("ouro-128k")[number]


@pytest.mark.parametrize("section, blocks", CODE_BLOCKS.items())
def test_has_every_block_of_code(section, blocks):
    source = "".join(path.read_text() for path in HERE.glob(f"{section:02}-*.c"))
    found = {int(block) for block in re.findall(rf"ection {section}, block (\d+)", source)}
    assert found == set(range(1, blocks + 1))


def test_do_not_mind_what_else_there_is():
    before = 'load a [[1], {"b": 2.5}]\nlink a append a\ndel a\nload c ["text", 1.5]\ngc disable\n'
    assert "FAILED" not in "".join(lessons("ouro", before).values())


@on_a_board
@pytest.mark.parametrize("before", [
    "gc debug 32", "gc threshold 0 0 0", "gc threshold 2 3 4", "load a [[1]]\ngc freeze",
    "gc start\ngc step 1", "trace start 8"])
@pytest.mark.parametrize("image", ["ouro", "ouro-128k"])
def test_do_not_mind_the_switches(image, before):
    texts = lessons(image, before + "\n")
    assert "FAILED" not in "".join(texts.values())
    assert texts[9].split("0 after ")[1][:9] == lessons(image)[9].split("0 after ")[1][:9]


@on_a_board
def test_sets_the_switches_back():
    lines = run_script("ouro", "gc debug 32\ngc threshold 2 3 4\ngc disable\nlesson 9\n"
                       "gc debug\ngc threshold\ngc isenabled\n").splitlines()
    assert lines[-3:] == ["32", "2 3 4", "False"]


@on_a_board
def test_need_room():
    text = "x" * 40000
    lines = run_script("ouro-128k", f'load a "{text}"\nlesson 3\n').splitlines()
    assert lines == ["error: a lesson needs 100 KiB of free memory"]


SESSION = """A paragraph
>>> a = [1,
...      2]
    a remark
>>> print(len(a))
2
    (CPython: 3) a reason
>>> print(a)
[1, 2]

Not an answer
>>> a.nothing
AttributeError: wrong
"""


def test_a_session_is_taken_apart():
    examples = parse(SESSION)
    assert [example.source for example in examples] == [
        "a = [1,\n     2]", "print(len(a))", "print(a)", "a.nothing"]
    assert list(map(wanted, examples)) == [[], ["3"], ["[1, 2]"], ["AttributeError: wrong"]]
    assert list(run(examples)) == [
        [], ["2"], ["[1, 2]"], ["AttributeError: 'list' object has no attribute 'nothing'"]]


def test_lists_them_and_refuses_others():
    lines = run_script("ouro", "lesson\nlesson 99\nlesson x\nlesson 3 4\n").splitlines()
    assert [int(line[:4]) for line in lines[:len(NUMBERS)]] == NUMBERS
    assert lines[len(NUMBERS) + 1:] == ["error: there is no such lesson; 'lesson' lists them",
                                        "usage: lesson [N [step]]", "usage: lesson [N [step]]"]
