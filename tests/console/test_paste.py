# SPDX-License-Identifier: MIT
"""Documents typed and pasted into a terminal: nothing is lost, whatever the size."""
import json
import random

import board
from test_load import SKIPPING


def big_document(bytes_wanted, indent):
    pick = random.Random(7)
    rows = []
    while len(text := json.dumps(rows, indent=indent)) < bytes_wanted:
        rows += [{"id": len(rows), "name": f"row {pick.randrange(10**9)}", "at": [pick.random(), None]}
                 for _ in range(50)]
    return text, repr(rows)


def test_typed(terminal):
    terminal.send('load a {"x"\r')
    terminal.read(r"\.\.\. ")
    terminal.send(": [1, 3\x7f2,\r")
    terminal.read(r"\.\.\. ")
    terminal.send("null]}\r")
    terminal.until_prompt()
    assert terminal.command("show a") == ["{'x': [1, 2, None]}"]
    terminal.command("del a")


def test_error_and_skipping(terminal):
    terminal.send("load a [1 2]\r")
    terminal.read(r"line 1 column 4 \(char 3\)\s+" + SKIPPING + r"\s+\.\.\. ")
    terminal.send("panic now\r")
    terminal.read(r"panic now\s+\.\.\. ")
    terminal.send("\r")
    terminal.until_prompt()
    assert terminal.command("names") == []


def test_ctrl_c_gives_up(terminal):
    terminal.send("load a [1,\r2,")
    terminal.read("2,")
    terminal.send("\x03")
    terminal.read(r"\^C\s+KeyboardInterrupt\s+ouro> ")
    assert terminal.command("names") == []


def test_ctrl_d_ends_a_document(terminal):
    terminal.send("load a [1,\r\x04")
    terminal.read(r"Expecting value: line 2 column 1 \(char 4\)\s+ouro> ")


def check_paste(terminal, keys, want):
    shown = terminal.paste(f"{keys}\r", board.FRESH_PROMPT, timeout=60)
    assert terminal.command("show a", timeout=60) == [want]
    terminal.command("del a")
    return shown


def test_paste_of_100_kb_in_lines(terminal):
    text, want = big_document(100_000, 1)
    shown = check_paste(terminal, "load a\r" + text.replace("\n", "\r"), want)
    assert shown.count("... ") == text.count("\n") + 1


def test_paste_of_100_kb_in_one_line(terminal):
    text, want = big_document(100_000, None)
    check_paste(terminal, "load a " + text, want)


def test_paste_of_100_kb_that_is_wrong(terminal):
    text, _ = big_document(100_000, 1)
    shown = terminal.paste("load a [,\r" + text.replace("\n", "\r") + "\r\r", board.FRESH_PROMPT, timeout=60)
    assert "line 1 column 2 (char 1)" in shown and "error" not in shown
    assert terminal.command("names") == []
