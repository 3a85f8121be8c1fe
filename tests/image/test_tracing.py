# SPDX-License-Identifier: MIT
"""Tracing that is off costs two instructions a call at most: none on the common paths; elsewhere the
stack pointer is taken and stored, or the tracer is asked for."""
import collections
import os
import re
import subprocess

import pytest

BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = os.environ.get("CHECK", "1")
BUILD = f"build/{BOARD}" + ("" if LEVEL == "1" else f"-check{LEVEL}")
COMMON = {"ouro_obj_new_plain", "leaf_new", "object_make", "block_take", "block_give", "pool_take",
          "pool_give", "block_take_grown"}
# These ask for the tracer first, and note their caller if there is one.
ASK_FIRST = {"ouro_mem_alloc", "ouro_mem_resize"}
# These put a note back behind a call of the program's, or belong to test builds.
OTHERS = {"error_save", "error_restore", "run_finalizer", "class_call_hook", "redzone_write"}


def objdump(*arguments):
    return subprocess.run(["arm-none-eabi-objdump", *arguments], check=True, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout


def accesses():
    """What each function of the library does with the two fields: lines of assembly."""
    image = objdump("-t", f"{BUILD}/tests/unit/tracing.elf")
    offsets = {name: int(re.search(rf"^([0-9a-f]+) .*\btracing_{name}$", image, re.M)[1], 16)
               for name in ("caller", "tracer")}
    found, known, function, member = {}, set(), None, ""
    for line in objdump("-d", "--no-show-raw-insn", f"{BUILD}/libouro.a").splitlines():
        if match := re.match(r"(\S+)\.o:", line):
            member = match[1]
        elif match := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = match[1]
            known.add(function)
        elif member and not member.startswith("tracemalloc"):
            for name, offset in offsets.items():
                if re.search(rf"\t(ldr|str)\S*\t.*\[r\d+, #{offset}\]", line):
                    found.setdefault(function, collections.defaultdict(list))[name].append(line)
    return found, known


@pytest.mark.skipif(BOARD == "microbit" or LEVEL not in "01", reason="tables of larger boards")
def test_two_instructions_at_most():
    found, known = accesses()
    assert len(found) > 10 and "ouro_dict_set" in found and "object_new" in found
    assert COMMON <= known and not COMMON & set(found)
    for function, lines in found.items():
        if lines["caller"] and function not in OTHERS:
            assert not lines["tracer"] or function in ASK_FIRST, function
            for line in lines["caller"]:
                assert "\tstr" in line and "strd" not in line, (function, line)
