# SPDX-License-Identifier: MIT
"""Line editing, history and completion, as seen on a terminal's screen."""
import os
import random
import re

import pytest

from board import FRESH_PROMPT

LEFT, RIGHT, UP, DOWN = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B"
HOME, END, DELETE, BACKSPACE = "\x1b[H", "\x1b[F", "\x1b[3~", "\x7f"

# keys, the line they make, the cursor's column in it (None: at the end)
EDITS = {
    "typed": ("abc", "abc", None),
    "backspace": ("abc" + BACKSPACE, "ab", None),
    "ctrl-h": ("abc\x08\x08", "a", None),
    "backspace at the start": ("a" + HOME + BACKSPACE, "a", 0),
    "left": ("abc" + LEFT, "abc", 2),
    "left too far": ("ab" + LEFT * 5, "ab", 0),
    "right": ("abc" + LEFT * 3 + RIGHT, "abc", 1),
    "right too far": ("abc" + RIGHT * 3, "abc", None),
    "application keys": ("abc\x1bOD\x1bOD\x1bOC", "abc", 2),
    "insert": ("ac" + LEFT + "b", "abc", 2),
    "insert at the start": ("bc" + HOME + "a", "abc", 1),
    "home": ("abc" + HOME, "abc", 0),
    "home, other codes": ("abc\x1b[1~x\x05\x1bOHy\x05\x1b[7~z", "zyxabc", 1),
    "end": ("abc" + HOME + END, "abc", None),
    "end, other codes": ("a\x01\x1b[4~b\x01\x1bOFc\x01\x1b[8~d", "abcd", None),
    "delete": ("abc" + HOME + DELETE, "bc", 0),
    "delete at the end": ("abc" + DELETE, "abc", None),
    "ctrl-a ctrl-e": ("bc\x01a\x05d", "abcd", None),
    "ctrl-b ctrl-f": ("abc\x02\x02\x02\x06", "abc", 1),
    "ctrl-d in a line": ("abc\x01\x04", "bc", 0),
    "ctrl-k": ("abcd" + LEFT * 2 + "\x0b", "ab", None),
    "ctrl-u": ("abcd" + LEFT + "\x15", "d", 0),
    "ctrl-w": ("show one  two  \x17", "show one  ", None),
    "ctrl-w in a line": ("one two" + LEFT + "\x17", "one o", 4),
    "words": ("one two\x1bb\x1bbx\x1bfy", "xoney two", 5),
    "ctrl-l": ("abc" + LEFT + "\x0c", "abc", 2),
    "utf-8": ("aéb€c😀" + BACKSPACE + LEFT * 2 + "x", "aébx€c", 4),
    "utf-8 delete": ("é€" + HOME + DELETE, "€", 0),
    "unknown sequences": ("a\x1b[15~b\x1b[1;5Cc\x1bOPd\x1b[Ze", "abcde", None),
    "an escape cut short": ("a\x1b[12\x7fb", "b", None),
    "zero and other controls": ("a\x00\x0f\x12\x13\x1c\x1fb", "ab", None),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit(terminal, name):
    keys, text, column = EDITS[name]
    terminal.send(keys)
    terminal.see(text, column)


def test_what_is_seen_is_run(terminal):
    terminal.send("ersXion" + LEFT * 3 + BACKSPACE + HOME + "v")
    terminal.see("version", 1)
    assert any("Ouro on" in line for line in terminal.command(""))


def test_history(terminal):
    for line in ("names", "mem reset", "mem reset", "gc count"):
        terminal.command(line)
    terminal.send(UP)
    terminal.see("gc count")
    terminal.send(UP)
    terminal.see("mem reset")
    terminal.send("\x10\x0e\x0e")
    terminal.see("gc count")
    terminal.send(DOWN)
    terminal.see("")
    terminal.send(UP + BACKSPACE * 5 + "isenabled")
    terminal.see("gc isenabled")
    assert terminal.command("") == ["True"]


def test_history_forgets_the_oldest(terminal):
    for i in range(30):
        terminal.command(f"type name_{i}_" + "x" * 50)
    terminal.send(UP * 29)
    terminal.read("\x07")
    terminal.see("type name_14_" + "x" * 50)
    terminal.send(DOWN * 15)
    terminal.see("type name_29_" + "x" * 50)


def test_complete(terminal):
    terminal.send("hel\t")
    terminal.see("help ")
    terminal.send("lo\t")
    terminal.see("help load ")
    terminal.send("\x15gc co\t")
    terminal.see("gc co")
    terminal.send("u\t")
    terminal.see("gc count ")
    terminal.send("\x15gc set_d\t")
    terminal.see("gc set_debug ")


def test_complete_in_the_line(terminal):
    terminal.send("del pools" + LEFT * 5 + HOME + "\x0bmem  x" + LEFT * 2 + "po\t")
    terminal.see("mem pools  x", 10)


def test_complete_lists(terminal):
    terminal.send("de\t\t")
    shown = terminal.read("ouro> de")
    terminal.see("de")
    assert shown.replace("\x07", "").split() [-4:-2] == ["deepsize", "del"], shown


def test_complete_names(terminal):
    terminal.command("load apple 1")
    terminal.command("load apricot 2")
    terminal.send("show ap\t")
    terminal.see("show ap")
    terminal.send("r\t")
    terminal.see("show apricot ")
    terminal.send("\x15link ap\t\t")
    assert "apple           apricot" in terminal.read("ouro> link ap")
    terminal.command("\x15del *")


def test_nothing_to_complete(terminal):
    terminal.send("nosuch \t\t\tx\t\t")
    terminal.see("nosuch x")


def test_long_line_scrolls(terminal):
    text = "".join(chr(ord("a") + i % 26) for i in range(200))
    window = 73
    terminal.send(text)
    terminal.see(text[-(window - 1):])
    terminal.send(HOME)
    terminal.see(text[:window], 0)


def test_longest_line(terminal):
    name = "n" * (255 - len("type "))
    assert terminal.command("type " + name)[-1].startswith("KeyError")


def test_too_long_line(terminal):
    lines = terminal.command("version " + "x" * 300)
    assert lines[-1] == "error: a line may have 255 bytes; this one was dropped"


def test_ctrl_c_drops_the_line(terminal):
    terminal.send("panic now\x03")
    terminal.see("")
    assert terminal.command("") == []


def test_line_ends(terminal):
    terminal.send("gc isenabled\ngc isenabled\r\ngc isenabled\r")
    for _ in range(3):
        assert "True" in terminal.until_prompt()
    terminal.see("")


def test_ctrl_d_leaves(new_terminal):
    assert new_terminal.leave() == 0


def test_exit_leaves(new_terminal):
    new_terminal.send("exit\r")
    assert new_terminal.wait() == 0


def test_any_byte(new_terminal):
    """Every byte, then random ones; but not Ctrl-D, which leaves, nor Ctrl-], QEMU's own."""
    seed = int(os.environ.get("SEED", "1"))
    print(f"repeat with SEED={seed}")
    pick = random.Random(seed)
    allowed = [byte for byte in range(256) if byte not in (0x04, 0x1d)]
    keys = allowed + [pick.choice(allowed) for _ in range(2000)]
    keys += [pick.choice(b"\x1b[O;0123456789~ABCDHF\t\x7f\x01\x05\x0b") for _ in range(2000)]
    os.write(new_terminal.child.child_fd, bytes(keys))
    os.write(new_terminal.child.child_fd, b"\x03\x05\x15\rversion\r")
    new_terminal.screen.put = lambda text: None
    new_terminal.read("Ouro on .*?, built", timeout=30)
    new_terminal.until_prompt()
    assert new_terminal.leave() == 0


def test_idle_time_goes_to_the_collector(terminal):
    """What a command left over is drained; a cycle that was started by hand waits for gc step."""
    depth = 200
    terminal.command(f"load a {'[' * depth}{']' * depth}")
    terminal.command("del a")
    for _ in range(20):  # a loaded host may have had no time to idle
        if ["objects", "0"] in [line.split() for line in terminal.command("mem")]:
            break
    else:
        pytest.fail("idle time drained nothing")
    terminal.command("load a [[]]")
    assert terminal.command("gc start") == ["phase count"]
    assert terminal.command("gc step 1")[0].endswith(" units, phase count")
    assert terminal.command("gc step 10000")[0].endswith("phase idle")
    terminal.command("del a")


def test_idle_time_runs_a_cycle_that_is_due(new_terminal):
    """A lower threshold makes one due; no command after that makes an object."""
    new_terminal.command("load a [[[]]]")
    new_terminal.command("link a append a")
    new_terminal.command("del a")
    assert "collections     0 0 0" in new_terminal.command("gc stats")
    new_terminal.command("gc threshold 2 10 10")
    for _ in range(20):
        lines = new_terminal.command("gc stats")
        if "collected       3 0 0" in lines:
            break
    else:
        pytest.fail("idle time collected nothing")
    assert "collections     1 0 0" in lines and "phase           idle" in lines


def test_what_idle_time_prints_leaves_the_line(new_terminal):
    """A callback prints where the prompt was; then the prompt, and what was typed, stand below."""
    for line in ("gc callbacks add", "load a [[[]]]", "link a append a", "del a"):
        new_terminal.command(line)
    new_terminal.send("gc threshold 2 10 10\rgc sto")
    printed = new_terminal.read(r"gc: stop, .*\n").replace("\r\r", "\r")
    assert re.search(r"\r\x1b\[Kgc: start, generation 0\r\n", printed), printed
    assert printed.endswith("\r\x1b[Kgc: stop, generation 0, collected 3, uncollectable 0\r\n"), printed
    new_terminal.see("gc sto")
    new_terminal.send("\x7fa\t")
    new_terminal.see("gc sta")


def test_ctrl_c_ends_a_long_list(new_terminal):
    """Of 20,000 lines; what was typed before it is not lost."""
    new_terminal.paste("load a [" + ",".join(["[]"] * 20_000) + "]\r", FRESH_PROMPT, 60)
    new_terminal.send("gc get_objects\r")
    new_terminal.read(r"[0-9a-f]{8} list")
    new_terminal.send("\x03")
    printed = new_terminal.read(r"\^C\s+ouro> ", timeout=30)
    assert printed.count("\n") < 18_000
    assert new_terminal.command("gc isenabled") == ["True"]
