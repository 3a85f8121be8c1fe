# SPDX-License-Identifier: MIT
"""README.md shows the lessons as they really print."""
import pytest

import board
import readme


@pytest.mark.skipif((board.BOARD, board.CHECK) != ("mps2-an385", "1"), reason="README has this board")
def test_lessons_in_the_readme():
    text = readme.README.read_text()
    assert [match[1] for match in readme.TRANSCRIPT.finditer(text)] == [
        "lesson 8", "lesson 9", "lesson 12"]
    assert readme.rewritten(text) == text, "run `make readme`"


@pytest.mark.parametrize("one, other, same", [
    ("a 1,000 #", "a 1,002 #", True), ("a 1,000 #", "a 1,003 #", False),
    ("a 99 #", "a 98 #", False), ("a 1,000 ##", "a 1,000 #", False), ("a\n64", "a 64", False),
])
def test_only_the_clock_may_vary(one, other, same):
    assert readme.is_same(one, other) == same
