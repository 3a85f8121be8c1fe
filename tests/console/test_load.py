# SPDX-License-Identifier: MIT
"""`load`: documents become the objects that Python makes of them, or are refused as Python does."""
import json
import pathlib
import random
import subprocess
import sys

import pytest

import board
from board import END, MEM_LINES, bytes_of, figures, run_lines, run_script
from documents import MALFORMED, VALID

sys.setrecursionlimit(10000)
DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
SKIPPING = "The input is skipped up to an empty line or Ctrl-C."
BATCH = 30  # documents to one start of the board


def batches(documents):
    return [documents[i:i + BATCH] for i in range(0, len(documents), BATCH)]


def python_error(document):
    """What json.load says about a document, as text; None if it is right."""
    try:
        json.loads(document.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
    except json.JSONDecodeError as error:
        return f"JSONDecodeError: {error}"
    except UnicodeDecodeError:
        return "JSONDecodeError: Invalid UTF-8"
    return None


def json_tool_accepts(document, tmp_path):
    file = tmp_path / "document.json"
    file.write_bytes(document)
    run = subprocess.run(["/usr/bin/python3", "-m", "json.tool", str(file)],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return run.returncode == 0


@pytest.mark.parametrize("file", sorted(DATA.iterdir()), ids=lambda file: file.name)
def test_file(file):
    """The memory comes back too: used is what it was before, to the byte."""
    text = file.read_bytes()
    lines = run_lines(b"mem\nload a\n" + text + b"\nload b " + b" ".join(text.split(b"\n")) +
                      b"\nshow a\nshow b\nnames\nmem check\ndel a\ndel b\ngc collect\nmem\n")
    before, shown, after = lines[:MEM_LINES], lines[MEM_LINES:MEM_LINES + 5], lines[MEM_LINES + 6:]
    want = repr(json.loads(text))
    assert shown[:2] == [want, want]
    assert [line.split()[0] for line in shown[2:4]] == ["a", "b"]
    assert shown[4] == "the heap is sound"
    for figure in ("used", "free", "objects"):
        assert figures(before)[figure] == figures(after)[figure]


def test_there_are_enough_malformed_documents():
    assert len(MALFORMED) == len(set(MALFORMED)) >= 60


@pytest.mark.parametrize("documents", batches(MALFORMED), ids=lambda d: repr(d[0])[:12])
def test_malformed(documents, tmp_path):
    """Refused as json.tool refuses it; the heap as it was, the old binding too."""
    for document in documents:
        assert not json_tool_accepts(document, tmp_path), document
    script = b"load x [0]\nmem\n"
    for document in documents:
        script += b"load x\n" + document + b"\n\x03\nshow x\n"
    lines = run_lines(script + b"gc collect\nmem\n")
    assert figures(lines[:MEM_LINES])["used"] == figures(lines[-MEM_LINES:])["used"]
    assert [line for line in lines[MEM_LINES:-MEM_LINES - 1] if line == "[0]"] == ["[0]"] * len(documents), lines


@pytest.mark.parametrize("document", MALFORMED, ids=repr)
def test_place_of_the_error(document):
    """Line and column, and the words, are Python's."""
    first = run_lines(b"load x\n" + document)[0]
    want = python_error(document)
    if want.endswith("UTF-8"):
        assert first.startswith("JSONDecodeError") and ": line 1 column " in first
    else:
        assert first == want


@pytest.mark.parametrize("documents", batches(VALID), ids=lambda d: repr(d[0])[:12])
def test_valid(documents, tmp_path):
    script = b""
    for document in documents:
        script += b"load x\n" + document + b"\nshow x\n"
        script += b"load y " + b" ".join(document.split(b"\n")) + b"\nshow y\n"
    lines = run_lines(script)
    want = [repr(json.loads(document)) for document in documents for _ in "xy"]
    assert lines == want
    for document in documents:
        assert json_tool_accepts(document, tmp_path)


def some_value(pick, depth):
    kind = pick.randrange(8 if depth else 5)
    if kind == 0:
        return pick.randrange(-2**63, 2**63) >> pick.randrange(64)
    if kind == 1:
        return pick.random() * 10.0 ** pick.randrange(-30, 30)
    if kind == 2:
        return "".join(pick.choice("ab'\"\\\n\x7f\x00é€😀\ud800 ") for _ in range(pick.choice([0, 1, 9, 600])))
    if kind == 3:
        return pick.choice([None, True, False])
    if kind == 4:
        return f"word {pick.randrange(99)}"
    if kind < 7:
        return [some_value(pick, depth - 1) for _ in range(pick.randrange(8))]
    return {f"k{pick.randrange(50)}": some_value(pick, depth - 1) for _ in range(pick.randrange(8))}


def test_random_documents():
    seed = int(board.os.environ.get("SEED", "1"))
    print(f"repeat with SEED={seed}")
    pick = random.Random(seed)
    values = [[some_value(pick, 4) for _ in range(pick.choice([1, 10]))] for _ in range(12)]
    script, want = b"", []
    for value in values:
        for indent in (None, 1):
            text = json.dumps(value, ensure_ascii=True, indent=indent)
            script += b"load x" + pick.choice([b" ", b"\n"]) + bytes_of(text) + b"\nshow x\n"
            want.append(repr(value))
    assert run_lines(script + b"mem check\n") == want + ["the heap is sound"]


def test_broken_random_documents():
    """One byte of a document changed, dropped or added: judged as Python judges it."""
    seed = int(board.os.environ.get("SEED", "1"))
    print(f"repeat with SEED={seed}")
    pick = random.Random(seed)
    script, want = b"", []
    for _ in range(150):
        text = bytearray(json.dumps(some_value(pick, 2)).encode()[:400])
        at = pick.randrange(len(text))
        text[at:at + pick.randrange(2)] = bytes([pick.choice(b'[]{},:"\\0123-+.eEntfx \x01')])[:pick.randrange(2)]
        text = bytes(text)
        error = python_error(text)
        try:
            is_too_big = not error and any(abs(i) > 2**63 for i in ints_of(json.loads(text)))
        except RecursionError:
            is_too_big = False
        if is_too_big or (error and "Unterminated" in error):
            continue
        script += b"load x 0\nload x\n" + text + b"\n\x03\n\nshow x\n"
        want.append("0" if error else repr(json.loads(text)))
    lines = run_lines(script)
    shown = [line for line in lines if not line.startswith(("JSONDecodeError", "KeyboardInterrupt", "The input"))]
    assert shown == want


def ints_of(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [i for item in value for i in ints_of(item)]
    return [value] if isinstance(value, int) else []


@pytest.mark.parametrize("text, column", [
    ("9223372036854775808", 1), ("[1, -9223372036854775809]", 5), ('{"a": ' + "9" * 400 + "}", 7)])
def test_int_beyond_64_bits(text, column):
    """The one difference: Python's ints have no end."""
    lines = run_lines(f"load x {text}\n\nnames\nmem\n")
    place = f": line 1 column {column} (char {column - 1})"
    assert lines[:2] == ["OverflowError: int needs more than 64 bits" + place, SKIPPING]
    assert figures(lines[2:])["used"] == 0


def test_rest_is_skipped_and_never_run():
    lines = run_lines("load x [1 2]\npanic now\n]\ngc isenabled\n\ngc isenabled\n")
    assert lines == ["JSONDecodeError: Expecting ',' delimiter: line 1 column 4 (char 3)", SKIPPING,
                     "True"]


def test_ctrl_c_ends_the_skipping():
    assert run_lines("load x\n[1 2]\npanic now\n\x03gc isenabled\n")[2:] == ["True"]


def test_end_of_input_in_a_document():
    assert run_lines('load x {"a": [1,\n') == [
        "JSONDecodeError: Expecting value: line 2 column 1 (char 10)"]


def test_end_of_input_while_skipping():
    assert run_lines("load x [1 2]\npanic now")[1:] == [SKIPPING]


def test_bad_name_takes_its_document_along():
    for head in ("load 1x [1,", "load 1x\n[1,", 'load {"a": 1}'):
        lines = run_lines(head + "\npanic now\n\ngc isenabled\n")
        assert lines == ["ValueError: a name is made of letters, digits and _", SKIPPING, "True"]


def test_deep_document():
    """Far deeper than a recursive reader could go on the board's stack."""
    depth = 20000
    lines = run_lines("load x\n" + "[" * depth + "]" * depth + "\nshow x\ndeepsize x\ndel x\ngc collect\nmem\n",
                      timeout=100)
    assert lines[0] == "[" * depth + "]" * depth
    assert int(lines[1]) >= 16 * depth and figures(lines)["used"] == 0


def test_names_and_paths():
    lines = run_lines('load d {"a b": [10, [20, 30]], "n": null}\nshow d "a b" 1 -1\nshow d n\n'
                      'type d "a b"\nrefs d\nrefs d n\nshow d x\nshow d n x\nshow d "a b" 2\n'
                      'show d "a b" x\nid d "a b" 0\n')
    assert lines[:8] == ["30", "None", "list", "1", "immortal", "KeyError: no such key",
                         "TypeError: only a list or a dict has items",
                         "IndexError: list index out of range"]
    assert lines[8] == "ValueError: a list needs a number as index"
    assert lines[9].endswith(" (immediate)")


def test_references_are_counted():
    lines = run_lines("load a []\nload b [1]\nrefs a\nlink b append a\nrefs a\nlink b 0 a\nrefs a\n"
                      "show b\ndel b\nrefs a\n")
    assert lines == ["1", "2", "3", "[[], []]", "1"]


def test_cycle_is_collected():
    lines = run_lines('load a {"x": [1.5]}\nlink a self a\nrefs a\nshow a\nmem\ndel a\ngc collect\nmem\n')
    assert lines[:2] == ["2", "{'x': [1.5], 'self': {...}}"]
    assert lines[MEM_LINES + 2] == "collected 2 objects"
    assert figures(lines[2:MEM_LINES + 2])["used"] > 0 == figures(lines[MEM_LINES + 3:])["used"]


def test_binding_again_drops_the_old():
    lines = run_lines("load a [1.5]\nmem\nload a [2.5]\nmem\ndel *\nmem\n")
    used = [figures(lines[i:i + MEM_LINES])["used"] for i in (0, MEM_LINES, 2 * MEM_LINES)]
    assert used[0] == used[1] > used[2] == 0


def test_sizes():
    lines = run_lines("load a [[], []]\nsizeof a\ndeepsize a\nsizeof a 0\nlink a self a\nlink a 1 a\ndeepsize a\n"
                      "load n 5\nsizeof n\n")
    own, deep, empty = (int(line) for line in lines[:3])
    assert deep == own + 2 * empty
    assert lines[3] == "ValueError: a list needs a number as index"
    assert int(lines[4]) == own + empty and lines[5] == "0"
