# SPDX-License-Identifier: MIT
"""make flash and make run: what the flash image holds is what runs, and a bad one is noticed.

Works on a copy of the built firmware in a folder of its own, through the scripts that make calls.
"""
import os
import pathlib
import shutil
import subprocess
import time

import pexpect
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = os.environ.get("BOARD", "mps2-an385")
CHECK = os.environ.get("CHECK", "1")
BUILD = ROOT / ("build/" + BOARD + ("" if CHECK == "1" else f"-check{CHECK}"))


class Firmware:
    """A folder like build/BOARD, with what flash.sh and run.sh need."""

    def __init__(self, folder):
        self.folder, self.image = folder, folder / "flash.img"
        for name in ("ouro.elf", "loader.elf"):
            shutil.copy2(BUILD / name, folder / name)

    def environment(self, **more):
        return dict(os.environ, BOARD=BOARD, BUILD=str(self.folder), **more)

    def call(self, script, text="", **more):
        return subprocess.run(["timeout", "-k", "2", "600", ROOT / "board" / script], check=False,
                              input=text, capture_output=True, text=True,
                              env=self.environment(**more))

    def corrupt(self, offset=5000):
        data = bytearray(self.image.read_bytes())
        data[offset] ^= 0x10
        self.image.write_bytes(data)


@pytest.fixture(name="firmware")
def new_firmware(tmp_path):
    return Firmware(tmp_path)


def test_flash_writes_and_verifies(firmware):
    done = firmware.call("flash.sh")
    assert (done.returncode, done.stdout) == (0, "")
    assert "verified on the board" in done.stderr
    program = (firmware.folder / "ouro.bin").read_bytes()
    assert firmware.image.read_bytes()[:len(program)] == program
    assert firmware.call("flash.sh", VERIFY="1").returncode == 0


def test_flash_replaces_another_program(firmware):
    assert firmware.call("flash.sh").returncode == 0
    for offset in (100, 5000, 20000):
        firmware.corrupt(offset)
    assert firmware.call("flash.sh").returncode == 0
    assert firmware.call("flash.sh", VERIFY="1").returncode == 0


def test_a_corrupt_image_does_not_verify(firmware):
    assert firmware.call("flash.sh").returncode == 0
    firmware.corrupt()
    done = firmware.call("flash.sh", VERIFY="1")
    assert done.returncode == 1
    assert "verification failed" in done.stderr
    # It counts as older than the program: the next run flashes again, and works.
    done = firmware.call("run.sh", "version\n")
    assert (done.returncode, "verified on the board" in done.stderr) == (0, True)
    assert BOARD in done.stdout


def test_a_flash_that_cannot_be_written_is_a_failure(firmware):
    firmware.image.mkdir()
    done = firmware.call("flash.sh")
    assert done.returncode == 1
    assert "flash: " in done.stderr


def test_an_interrupted_flash_leaves_nothing_to_boot(firmware):
    (firmware.folder / "loader.elf").write_bytes(b"")  # nobody programs: the time runs out
    done = firmware.call("flash.sh", TIMEOUT="1")
    assert (done.returncode, firmware.image.exists()) == (1, False), done.stderr


def test_run_flashes_only_what_is_missing_or_older(firmware):
    assert "verified" in firmware.call("run.sh").stderr
    assert "verified" not in firmware.call("run.sh").stderr
    later = time.time() + 60
    os.utime(firmware.folder / "ouro.elf", (later, later))
    assert "verified" not in firmware.call("run.sh", KEEP="1").stderr
    assert "verified" in firmware.call("run.sh").stderr


def test_keep_needs_an_image(firmware):
    done = firmware.call("run.sh", KEEP="1")
    assert done.returncode == 1
    assert "KEEP=1" in done.stderr


def test_a_script_prints_the_output_of_the_console_alone(firmware):
    firmware.call("flash.sh")
    done = firmware.call("run.sh", 'load x\n[1, 2]\n\nshow x')  # no newline at the end
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[1, 2]"
    assert "\r" not in done.stdout and "ouro>" not in done.stdout


def test_a_panic_is_the_status_of_run(firmware):
    firmware.call("flash.sh")
    done = firmware.call("run.sh", "panic now\n")
    assert done.returncode == 71
    assert "panic: " in done.stdout and "backtrace" in done.stdout
    assert f"{BOARD} ended with status 71" in done.stderr


def test_a_script_that_exits_early_does_not_wait_for_the_rest_of_the_input(firmware):
    firmware.call("flash.sh")
    with subprocess.Popen([ROOT / "board/run.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=firmware.environment()) as run:
        run.stdin.write("exit\n")
        run.stdin.flush()
        assert run.wait(20) == 0  # with stdin still open


def test_the_terminal_passes_keys_and_comes_back(firmware):
    firmware.call("flash.sh")
    shell = pexpect.spawn("/bin/bash", ["--norc", "--noprofile"], timeout=200, encoding="utf-8",
                          env=dict(firmware.environment(), PS1="shell> ", TERM="dumb"))
    shell.expect_exact("shell> ")
    shell.sendline(f"stty -g; {ROOT}/board/run.sh; echo status $?; stty -g")
    shell.expect(r"\r\n([0-9a-f:]+)\r\n")
    before = shell.match[1]
    shell.expect_exact("ouro> ")
    shell.send("\x03")  # reaches the board, which gives a fresh prompt
    shell.expect_exact("ouro> ")
    shell.send("\x1dx")  # Ctrl-] x ends QEMU
    shell.expect(r"status (\d+)\r\n([0-9a-f:]+)\r\n")
    assert (shell.match[1], shell.match[2]) == ("0", before)
    shell.close(force=True)
