# SPDX-License-Identifier: MIT
"""`lesson N step` on a terminal: a key goes on, Ctrl-C ends it, and nothing is left behind."""
from board import figures

WAITING = r"-- a key goes on, Ctrl-C ends --"
FIRST_PROSE = "Every object has an identity"


def test_a_key_goes_on(terminal):
    terminal.send("lesson 3 step\r")
    assert FIRST_PROSE not in terminal.read(WAITING)
    for key in " x\r":
        terminal.send(key)
        shown = terminal.read(WAITING)
        assert ">>> " in shown
    terminal.send("\r")
    assert "all memory is back" in terminal.until_prompt()


def test_ctrl_c_ends_it(terminal):
    terminal.send("lesson 3 step\r")
    terminal.read(WAITING)
    terminal.send("\x03")
    assert ">>> " not in terminal.until_prompt()
    assert figures(terminal.command("mem"))["used"] == 0
    assert "all memory is back" in "".join(terminal.command("lesson 3"))
