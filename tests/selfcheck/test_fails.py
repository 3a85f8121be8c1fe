# SPDX-License-Identifier: MIT
"""One case passes, one fails; selfcheck.py sees that both are counted."""


def test_passes():
    assert 6 * 7 == 42


def test_fails():
    assert 6 * 7 == 41
