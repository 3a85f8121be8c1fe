# SPDX-License-Identifier: MIT
"""AddressSanitizer sees inside the arena: a read of freed memory, or past the end of a live
object, is reported where it happens."""
import os
import subprocess

import pytest

ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")


def run(bits, misuse):
    return subprocess.run([f"build/host-{bits}/tests/host/use_after_free", misuse],
                          env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("misuse", ["cell", "block", "overrun", "tail"])
def test_misuse_is_reported(bits, misuse):
    done = run(bits, misuse)
    assert done.returncode != 0
    assert "AddressSanitizer: use-after-poison" in done.stdout
    assert "read_word" in done.stdout
    assert "unnoticed" not in done.stdout


@pytest.mark.parametrize("bits", [64, 32])
def test_proper_use_is_not(bits):
    done = run(bits, "nothing")
    assert (done.returncode, done.stdout[:9]) == (0, "unnoticed")
