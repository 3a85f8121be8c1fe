# SPDX-License-Identifier: MIT
"""What a lesson prints, taken apart; and run as a program, what CPython prints in its place.

lesson.h shows the form: `>>>` and `...` begin Python, indented lines are remarks of the board, a
blank line ends an answer.  `python3 session.py` reads a lesson and prints, as JSON, what each of its
lines of Python printed.
"""
import contextlib
import dataclasses
import gc
import io
import json
import re
import sys

REMARK = "    "
DIFFERS = re.compile(r"    \(CPython: (.*?)\)")


@dataclasses.dataclass
class Example:
    source: str
    answer: list  # of lines, those of the board
    differs: list  # what CPython prints instead, according to the board


def parse(text):
    examples, in_answer = [], False
    for line in text.splitlines():
        if line.startswith(">>> "):
            examples.append(Example(line[4:], [], []))
            in_answer = True
        elif in_answer and line.startswith("... "):
            examples[-1].source += "\n" + line[4:]
        elif in_answer and (match := DIFFERS.match(line)):
            examples[-1].differs.append(match[1])
        elif in_answer and line and not line.startswith(REMARK):
            examples[-1].answer.append(line)
        in_answer = in_answer and line != ""
    return examples


def wanted(example):
    """What CPython should print."""
    return example.differs or example.answer


def run(examples):
    names = {"__name__": "__main__"}
    for example in examples:
        code = compile(example.source + "\n", "<stdin>", "single")
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                exec(code, names)
            except Exception as error:  # what the interpreter would end its traceback with
                print(f"{type(error).__name__}: {error}")
        yield output.getvalue().splitlines()


if __name__ == "__main__":
    EXAMPLES = parse(sys.stdin.read())
    gc.collect()
    json.dump(list(run(EXAMPLES)), sys.stdout)
