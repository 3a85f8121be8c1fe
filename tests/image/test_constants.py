# SPDX-License-Identifier: MIT
"""Constant objects (ouro/flash.h) lie in flash, whether C or C++ declares them, and cost no RAM."""
import os
import re
import subprocess

import pytest

BOARD = os.environ.get("BOARD", "mps2-an385")
LEVEL = os.environ.get("CHECK", "1")
BUILD = f"build/{BOARD}" + ("" if LEVEL == "1" else f"-check{LEVEL}")
NAMES = {"red", "green", "wide", "half", "pair", "colours", "five", "full"}


def objdump(image):
    """Symbols of constants: name -> (address, section)."""
    text = subprocess.run(["arm-none-eabi-objdump", "-t", image], check=True, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
    lines = re.findall(r"^([0-9a-f]+) .{7} (\S+)\t[0-9a-f]+ (\S+)$", text, re.M)
    return {name: (int(at, 16), section) for at, section, name in lines}


def test_constants_lie_in_flash():
    symbols = objdump(f"{BUILD}/tests/unit/flash.elf")
    first, last = symbols["layout_code_start"][0], symbols["layout_code_end"][0]
    for name in NAMES:
        address, section = symbols["flash_" + name]
        assert section == ".rodata" and first <= address < last, name
        assert address % 8 == 0, name
    links = {f"flash_{name}_link" for name in NAMES}
    assert not links & set(symbols), "the linker drops these"


@pytest.mark.parametrize("optimization", ["-O0", "-O2"])
def test_constants_of_cxx_lie_in_flash(tmp_path, optimization):
    """No constructor runs for them, and no warning is given."""
    source, image = tmp_path / "constants.cpp", tmp_path / "constants.o"
    source.write_text('#include "unit/flash.h"\nouro_ref const all[] = {' +
                      ", ".join(f"OURO_CONST(flash_{name})" for name in sorted(NAMES)) +
                      "};\nouro_ref one(int i) { return all[i]; }\n")
    subprocess.run(["arm-none-eabi-g++", "--specs=picolibc.specs", "-mcpu=cortex-m3", "-mthumb",
                    "-std=c++11", optimization, "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                    "-Iruntime/include", "-Itests", "-c", "-o", image, source], check=True)
    symbols = {re.sub(r"^_ZL\d+", "", name): where for name, where in objdump(image).items()}
    assert {symbols["flash_" + name][1] for name in NAMES} == {".rodata"}
    assert not [section for at, section in symbols.values() if "init_array" in section]
