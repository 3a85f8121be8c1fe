# SPDX-License-Identifier: MIT
"""CPython beside the runtime: each NAME.py is run by this machine's python3, the program of NAME.c
on the board (or here, under the sanitizers), and what they print is compared, section by section.
"""
import functools
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = os.environ.get("CHECK", "1")
BUILD = f"build/{BOARD}" + ("" if LEVEL == "1" else f"-check{LEVEL}")
TOPICS = sorted(p.stem for p in HERE.glob("*.c") if p.with_suffix(".py").exists())
PAIRS = [(topic, name) for topic in TOPICS
         for name in re.findall(r"^@section\ndef (\w+)", (HERE / f"{topic}.py").read_text(), re.M)]
LEAST_LINES = 10


def sections(text):
    """{name: lines}, in the order of the text."""
    found = {}
    for line in text.replace("\r", "").splitlines():
        if line.startswith("== "):
            found[line[3:]] = lines = []
        else:
            lines.append(line)
    return found


def run(*command):
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1",
                       ASAN_OPTIONS="detect_leaks=0")
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          timeout=600, env=environment, encoding="utf-8")


@functools.lru_cache(maxsize=None)
def python(topic):
    result = run("/usr/bin/python3", str(HERE / f"{topic}.py"))
    assert result.returncode == 0
    return sections(result.stdout)


@functools.lru_cache(maxsize=None)
def ours(topic):
    if BOARD == "host":
        result = run(f"build/host-64/tests/parity/{topic}")
    else:
        result = run("board/emulate.sh", "test", BOARD, f"{BUILD}/tests/parity/{topic}.elf")
    assert result.returncode == 0, result.stdout[-1000:]
    return sections(result.stdout)


@pytest.mark.parametrize("topic,name", PAIRS)
def test_pair(topic, name):
    wanted = python(topic)[name]
    assert len(wanted) >= LEAST_LINES
    assert ours(topic).get(name) == wanted


@pytest.mark.parametrize("topic", TOPICS)
def test_the_halves_have_the_same_sections(topic):
    assert list(ours(topic)) == list(python(topic))


def test_there_are_enough_pairs():
    assert len(PAIRS) >= 60
