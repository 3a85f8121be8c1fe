# SPDX-License-Identifier: MIT
"""The console under test: as a script's reader and as a terminal's partner.

BOARD names the board, or `host` for the sanitizer build of the same console; CHECK the checking
level.  The images are built by make.
"""
import os
import pathlib
import re
import select
import subprocess
import time

import pexpect

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = os.environ.get("BOARD", "mps2-an385")
CHECK = os.environ.get("CHECK", "1")
PROMPT = "ouro> "
FRESH_PROMPT = r"(\A|\n)ouro> "
END = b"\x04"
MEM_LINES = 15  # that `mem` prints


def command_line():
    """What starts the console with the terminal, or the pipe, it is given."""
    if BOARD == "host":
        return [str(ROOT / "build/host-64/ouro")]
    level = "" if CHECK == "1" else f"-check{CHECK}"
    image = ROOT / f"build/{BOARD}{level}/ouro.elf"
    return [str(ROOT / "board/emulate.sh"), "console", BOARD, str(image)]


PATIENCE = 10 # limits are for a quiet machine: a busy one may take so many times as long


def bytes_of(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def run_raw(text, timeout=60, status=0):
    """Pipe a script in; return the bytes that come out."""
    run = subprocess.run(["timeout", "-k", "2", str(PATIENCE * timeout), *command_line()],
                         input=bytes_of(text) + END, capture_output=True, check=False)
    assert run.returncode == status, (run.returncode, run.stderr[-2000:], run.stdout[-2000:])
    return run.stdout


def run_script(text, timeout=60):
    """Pipe a script in; return the text that comes out."""
    return run_raw(text, timeout).decode("utf-8", "surrogatepass")


def run_lines(text, timeout=60):
    return run_script(text, timeout).splitlines()


def figures(lines):
    """`label   value unit` lines as a dict from label to value."""
    rows = (re.match(r"(\S.*?) {2,}(\d+)", line) for line in lines)
    return {row[1]: int(row[2]) for row in rows if row}


class Screen:
    """As much of a VT100 as the console uses: one line and a cursor are kept."""

    def __init__(self):
        self.line, self.column, self.bells = [], 0, 0

    def put(self, text):
        for part in re.findall(r"\x1b\[\d*[A-Za-z]|\x1b|[^\x1b]", text, re.DOTALL):
            self._one(part)

    def _one(self, part):
        if len(part) > 1:
            self._sequence(part)
        elif part == "\r":
            self.column = 0
        elif part == "\b":
            self.column = max(0, self.column - 1)
        elif part == "\n":
            self.line = []
        elif part == "\a":
            self.bells += 1
        else:
            self.line[self.column:self.column + 1] = [part]
            self.column += 1

    def _sequence(self, part):
        count = int(part[2:-1] or 1)
        if part[-1] == "D":
            self.column -= count
        elif part == "\x1b[K":
            del self.line[self.column:]
        elif part in ("\x1b[H", "\x1b[2J"):
            self.line, self.column = [], 0
        else:
            raise AssertionError(f"unexpected sequence {part!r}")

    @property
    def text(self):
        """The line; blanks at its end cannot be seen."""
        return "".join(self.line).rstrip()


class Terminal:
    """A console in a terminal of 80 columns."""

    def __init__(self):
        command, *arguments = command_line()
        if BOARD == "host":  # QEMU does this for a board
            command, arguments = "/bin/sh", ["-c", f"stty raw -echo && exec {command}"]
        self.child = pexpect.spawn(command, arguments, encoding="utf-8", codec_errors="replace",
                                   dimensions=(24, 80), echo=False)
        self.child.delaybeforesend = None
        self.screen = Screen()
        self.log, self.seen = "", 0  # all that was printed; how much of it was waited for
        self.shown = 0               # how much of it is on the screen
        self.until_prompt()

    def _more(self, timeout=0.2):
        try:
            self.log += self.child.read_nonblocking(65536, timeout=timeout)
        except pexpect.TIMEOUT:
            return
        whole = len(self.log) - len(re.search(r"(\x1b(\[\d*)?)?\Z", self.log)[0])
        self.screen.put(self.log[self.shown:whole])
        self.shown = whole

    def read(self, pattern, timeout=20):
        """Read up to a pattern; return all that was printed since the last one, and it."""
        end = time.monotonic() + PATIENCE * timeout
        while not (match := re.compile(pattern).search(self.log, self.seen)):
            assert time.monotonic() < end, f"no {pattern!r} in {self.log[self.seen:]!r}"
            self._more()
        text = self.log[self.seen:match.end()]
        self.seen = match.end()
        return text

    def until_prompt(self, timeout=20):
        """Return what was printed before the next fresh prompt."""
        return self.read(FRESH_PROMPT, timeout).removesuffix(PROMPT)

    def send(self, keys):
        self.child.send(keys)

    def paste(self, text, pattern, timeout):
        """Send a text of any size, reading what comes back meanwhile, up to a pattern."""
        left = bytes_of(text)
        end = time.monotonic() + PATIENCE * timeout
        os.set_blocking(self.child.child_fd, False)
        while left and time.monotonic() < end:
            _, writable, _ = select.select([], [self.child.child_fd], [], 0.01)
            if writable:
                left = left[os.write(self.child.child_fd, left[:1024]):]
            self._more(0)
        os.set_blocking(self.child.child_fd, True)
        return self.read(pattern, timeout)

    def command(self, line, timeout=20):
        """Run a command; return the lines that it printed."""
        self.send(line + "\r")
        return self.until_prompt(timeout).replace("\r", "").split("\n")[1:-1]

    def see(self, text, column=None, timeout=5):
        """Wait until the current line shows the prompt and this text, the cursor at a column."""
        want = ((PROMPT + text).rstrip(), len(PROMPT) + (len(text) if column is None else column))
        end = time.monotonic() + PATIENCE * timeout
        while (self.screen.text, self.screen.column) != want and time.monotonic() < end:
            self._more()
        got = (self.screen.text, self.screen.column)
        assert got == want, f"{got} instead of {want}"
        self.seen = len(self.log)

    def leave(self):
        """Ctrl-D on an empty line; return the exit status."""
        self.send("\x04")
        return self.wait()

    def wait(self):
        """Wait for the end; return the exit status."""
        self.child.expect(pexpect.EOF, timeout=PATIENCE * 20)
        self.child.close()
        return self.child.exitstatus

    def kill(self):
        self.child.close(force=True)
