# SPDX-License-Identifier: MIT
"""Fixtures of the console's tests."""
import pytest

from board import Terminal


@pytest.fixture(scope="module")
def shared_terminal():
    console = Terminal()
    yield console
    console.kill()


@pytest.fixture
def terminal(shared_terminal):
    """One console for all tests of a file; each begins at a fresh prompt."""
    shared_terminal.send("\x03")
    shared_terminal.read(r"\^C\s+ouro> ")
    return shared_terminal


@pytest.fixture
def new_terminal():
    console = Terminal()
    yield console
    console.kill()
