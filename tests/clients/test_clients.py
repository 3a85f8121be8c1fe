# SPDX-License-Identifier: MIT
"""Install into a folder below build/, build the programs beside this against what was installed,
and run them on the board: NAME prints NAME.txt.  The headers alone, too, in C and in C++."""
import fcntl
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
CLIENTS = sorted(p.stem for p in HERE.glob("*.txt"))
BOARDS = ["mps2-an385", "virt"]
OUT = pathlib.Path("build/clients").resolve()
PREFIX = "/opt/ouro"
OURO = f"{OUT}/root{PREFIX}"
HEADERS = sorted(str(p.relative_to("runtime/include"))
                 for p in pathlib.Path("runtime/include").rglob("*.h*"))
LANGUAGES = {"c11": ["-x", "c", "-std=c11"], "c++11": ["-x", "c++", "-std=c++11"],
             "c++20": ["-x", "c++", "-std=c++20", "-fno-exceptions", "-fno-rtti"]}


def run(*command):
    environment = {key: value for key, value in os.environ.items() if key not in ("BOARD", "CHECK")}
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                            env=environment)
    assert result.returncode == 0, result.stdout[-3000:]
    return result.stdout


def client(board, *targets):
    return run("make", "-s", "-C", str(HERE), f"OURO={OURO}", f"OUT={OUT}/{board}",
               f"BOARD={board}", *targets)


@pytest.fixture(scope="module")
def installed():
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run("make", "-s", "install", f"DESTDIR={OUT}/root", f"PREFIX={PREFIX}")
        for board in BOARDS:
            client(board, "all")


def files_below(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_any_folder_will_do_and_nothing_else_is_touched(installed, tmp_path):
    """Also one whose name the shell would take for more, also twice; PREFIX may be empty."""
    before = set(os.listdir("."))
    for _ in range(2):
        run("make", "-s", "install", f"DESTDIR={tmp_path}/it's a 'b", "PREFIX=")
    assert files_below(tmp_path / "it's a 'b") == files_below(pathlib.Path(OURO))
    assert os.listdir(tmp_path) == ["it's a 'b"] and set(os.listdir(".")) == before


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", CLIENTS)
def test_client(installed, name, board):
    printed = client(board, f"run-{name}").replace("\r", "")
    assert printed == (HERE / f"{name}.txt").read_text(encoding="utf-8")


def test_a_project_runs_its_own_tests(installed):
    assert "All tests successful" in client("mps2-an385", "test")


@pytest.mark.parametrize("header,language", [
    (header, language) for header in HEADERS + ["ouro/t.h"] for language in LANGUAGES
    if language != "c11" or not header.endswith(".hpp")])
def test_headers_are_clean(installed, header, language, tmp_path):
    source = tmp_path / "source"
    source.write_text(f'#include "{header}"\n#include "{header}"\n')
    run("arm-none-eabi-gcc", *LANGUAGES[language], "-mcpu=cortex-m3", "-mthumb", "-ffreestanding",
        "-nostdinc++", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{OURO}/include",
        "-fsyntax-only", str(source))


def test_no_program_carries_what_it_does_not_use(installed):
    names = run("arm-none-eabi-nm", f"{OUT}/mps2-an385/user_type.elf")
    assert " ouro_int_type" in names
    assert " ouro_dict_type" not in names and " ouro_set_type" not in names
