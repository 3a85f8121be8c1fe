# SPDX-License-Identifier: MIT
"""What the built firmware and library must be, besides working: small, quick to boot, and free of
the C library's malloc.  Limits that a change breaks are broken promises, not numbers to raise."""
import os
import re
import subprocess

import pytest

BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = os.environ.get("CHECK", "1")
BUILD = f"build/{BOARD}" + ("" if LEVEL == "1" else f"-check{LEVEL}")

# Bytes, for Cortex-M3: all modules at the default checking level, of which a program links what it
# uses; and what one links that uses every type, by level.  The aim for the latter is 48 KiB; until it
# is reached, these keep the library from growing.
LIBRARY_TEXT_LIMIT = 131_200
ALL_TYPES_LIMIT = {"0": 82_200, "1": 82 * 1024}
ALL_TYPES_RAM = 1024            # besides the arena
BOOT_LIMIT = 200_000            # instructions from reset to the prompt
FORBIDDEN = re.compile(r"_?(malloc|calloc|realloc|free|memalign|sbrk|v?s?n?printf|scanf)(_r)?$")
# What the library may need from elsewhere: string.h, the compiler's helpers, the panic, the
# stack of what interrupt handlers share, at CHECK >= 2 whether one is running, the linker's ends of
# the type table.
NEEDED = re.compile(r"mem(cpy|move|set|cmp|chr)$|str(len|n?cmp|r?chr|c?spn)$|__aeabi_(?!u?ldivmod)|"
                    r"__(clz|ctz|popcount)[sd]i2$|ouro_port_(panic|pop|push|in_handler)$|"
                    r"__(start|stop)_ouro_types$|__gnu_thumb1_case_\w+$")


def output_of(*command):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True).stdout


def symbols(image):
    return [line.split() for line in output_of("arm-none-eabi-nm", image).splitlines()]


def test_no_allocator_and_no_printf_of_the_c_library():
    names = {fields[-1] for fields in symbols(f"{BUILD}/ouro.elf")}
    assert not [name for name in names if FORBIDDEN.match(name)]


def test_the_library_stands_alone():
    fields = [line for line in symbols(f"{BUILD}/libouro.a") if len(line) > 1]
    defined = {line[-1] for line in fields if line[-2] not in "Uwv"}
    wanted = {line[-1] for line in fields if line[-2] == "U"} - defined
    assert not [name for name in sorted(wanted) if not NEEDED.match(name)]


def test_the_library_is_small():
    if BOARD != "mps2-an385" or LEVEL != "1":
        pytest.skip("the limit is for Cortex-M3 at CHECK=1")
    total = output_of("arm-none-eabi-size", "-t", f"{BUILD}/libouro.a").splitlines()[-1]
    assert int(total.split()[0]) <= LIBRARY_TEXT_LIMIT


@pytest.mark.skipif(BOARD != "mps2-an385" or LEVEL != "1", reason="the limits are for Cortex-M3")
@pytest.mark.parametrize("level", ALL_TYPES_LIMIT)
def test_all_types_are_small(level):
    build = BUILD if level == LEVEL else f"{BUILD}-check{level}"
    text = output_of("tests/tools/flash.py", f"{build}/tests/bench/flash.map")
    sizes = {name: int(value) for name, value in re.findall(r"^(\S+) (\d+) bytes$", text, re.M)}
    assert sizes["flash.runtime"] > 30 * 1024       # the map was understood
    assert sizes["flash.total"] <= ALL_TYPES_LIMIT[level]
    assert sizes["flash.ram"] <= ALL_TYPES_RAM


TYPES = "bool|bytes|cache|class|context|dict|exception|float|function|generator|instance|list|" \
        "int|memoryview|method|module|range|set|slice|str|tuple|weakref"
SEARCH = r"(ouro_)?(search|census|edge)_|ouro_diag_path"


# A program, the types that it links and what is not in it.
@pytest.mark.skipif(BOARD == "microbit", reason="has no room for some of the programs")
@pytest.mark.parametrize("program, types, absent", [
    ("bench/object", "", SEARCH),
    ("image/lists", "bool int list", r"str_|index_|table_|tuple_|iterator_|ouro_format_float|printable|"
     "__aeabi_d|" + SEARCH),
    ("image/dicts", "bool dict int str", r"list_|ouro_format_float|__aeabi_d|" + SEARCH),
])
def test_a_program_links_what_it_uses(program, types, absent):
    names = {fields[-1] for fields in symbols(f"{BUILD}/tests/{program}.elf")}
    assert "ouro_decref_slow" in names
    assert {f"ouro_{name}_type" for name in TYPES.split("|")} & names == \
        {f"ouro_{name}_type" for name in types.split()}
    assert not [name for name in names if re.match(absent, name)]


@pytest.mark.skipif(BOARD == "microbit", reason="has no room for the programs")
@pytest.mark.parametrize("program", ["lists", "dicts"])
def test_the_programs_work(program):
    output_of("board/emulate.sh", "test", BOARD, f"{BUILD}/tests/image/{program}.elf")


def test_boot_is_quick():
    text = output_of("board/emulate.sh", "test", BOARD, f"{BUILD}/tests/bench/boot.elf")
    assert int(re.search(r"^boot\.instructions (\d+)", text, re.M)[1]) < BOOT_LIMIT


@pytest.mark.skipif(BOARD != "microbit", reason="no other architecture masks interrupts")
@pytest.mark.parametrize("function", ["ouro_port_pop", "ouro_port_push"])
def test_interrupts_are_masked_for_12_instructions_at_most(function):
    text = output_of("arm-none-eabi-objdump", "-d", f"--disassemble={function}",
                     f"{BUILD}/boot/armv6m/masked.o")
    lines = re.findall(r"^ +([0-9a-f]+):\t[0-9a-f ]+\t(\S+)\s*(.*)", text, re.M)
    code = [(int(at, 16), name, rest) for at, name, rest in lines]
    place = {at: i for i, (at, name, rest) in enumerate(code)}

    def longest(i):
        """Instructions from number i to the msr that ends the masking, by the longest way."""
        name, rest = code[i][1:]
        if name == "msr":
            return 1
        after = [i + 1] if not re.match(r"b(\.n)?$", name) else []
        if re.match(r"b(\w\w)?(\.n)?$", name):
            after.append(place[int(rest.split()[0], 16)])
        return 1 + max(longest(j) for j in after)

    masked = [i for i, (at, name, rest) in enumerate(code) if name == "cpsid"]
    assert len(masked) == 1
    assert 3 <= longest(masked[0] + 1) <= 12
