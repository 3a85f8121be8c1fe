# SPDX-License-Identifier: MIT
"""Arithmetic, truth, subscripts and membership, by the same operators on all kinds of objects."""
import operator

from parity import section, tell, told

inf, nan = float("inf"), float("nan")
SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
         "//": operator.floordiv, "%": operator.mod, "<<": operator.lshift, ">>": operator.rshift,
         "&": operator.and_, "|": operator.or_, "^": operator.xor}


def table(signs, values):
    for sign in signs:
        for a in values:
            print(sign, repr(a), *(told(lambda: SIGNS[sign](a, b)) for b in values), sep="; ")


@section
def ints():
    table(("+", "-", "*", "//", "%", "&", "|", "^"),
          [0, 1, -1, 7, -7, 3, -3, 255, 1073741823, -1073741824, 1073741824, 2147483648])


@section
def quotients_of_ints():
    table("/", [0, 1, -1, 7, -7, 3, 255, 1000000007, -1073741824, 9007199254740992])


@section
def shifts():
    for sign in ("<<", ">>"):
        for a in (0, 1, -1, 5, -5, 1073741823, 1 << 40, -(1 << 40)):
            print(sign, a, *(told(lambda: SIGNS[sign](a, b)) for b in (0, 1, 3, 20, -1)), sep="; ")
            print(told(lambda: a >> 63), told(lambda: a >> 64), told(lambda: a >> 1000))
    print(1 << 62, -1 << 63, 0 << 1000)


@section
def floats():
    table(("+", "-", "*", "/"), [0.0, -0.0, 1.5, -2.5, 1e300, 1e-300, 0.1, inf, -inf, nan])


@section
def quotients_of_floats():
    table(("//", "%"), [0.0, -0.0, 1.5, -2.5, 7.0, -7.0, 0.1, -0.3, 1e300, -1e-300, 5e-324, inf,
                        -inf, nan])


@section
def mixed_numbers():
    table(("+", "-", "*", "/", "//", "%"), [True, False, 2, -3, 0.5, -4.0, 0])
    table(("&", "|", "^", "<<"), [True, False, 2])


@section
def operands_that_are_no_numbers():
    for sign in SIGNS:
        tell(lambda: SIGNS[sign](1, None if sign == "*" else "a"))
        tell(lambda: SIGNS[sign](1.5, None))
        tell(lambda: SIGNS[sign](None, 2))
        tell(lambda: SIGNS[sign]({}, set()))
    for sign in ("<<", ">>", "&", "|", "^"):
        tell(lambda: SIGNS[sign](1, 2.0))
        tell(lambda: SIGNS[sign](1.5, 2))


@section
def truth():
    for x in (None, True, False, 0, 1, -1, 0.0, -0.0, 1e-300, nan, "", "a", "0", (), (0,), [], [[]],
              {}, {0: 0}, 10000000000, b"", b"a", bytearray(), bytearray(b"\0"), range(0), range(3),
              set(), frozenset([1]), slice(0), memoryview(b"")):
        print(bool(x))


class Odd:
    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        return self.answer


@section
def answers_taken_as_truth():
    for answer in (None, True, 0, 2, 0.0, 0.5, "", "x", [], [0], (), {}):
        print(bool(Odd(answer) == 1), Odd(answer) != 1, 5 in [Odd(answer)] and True)
        print(bool(Odd(answer) == 5), [Odd(answer)] == [1])


CONTAINERS = [[1, 2, 3], (4, 5), "aé€z", b"xyz", bytearray(b"ab"), memoryview(b"cd"),
              range(10, 20, 2), {"k": "v", 1: 2}, {7}, None, 5, 1.5]


@section
def items_by_index():
    for x in CONTAINERS:
        for key in (0, 1, -1, 2, -9, 9, True, "k", None, 1.0, []):
            if not isinstance(x, range) or isinstance(key, int):
                tell(lambda: x[key])


@section
def items_are_set():
    for x in ([1, 2, 3], {"k": "v", 1: 2}, bytearray(b"abc"), memoryview(bytearray(b"d")), (1, 2),
              "text", b"bytes", {1}, range(3), None, 5):
        for key, value in ((0, 65), (-1, 66), (9, 67), ("k", 68), (None, 69), (0, 256), (0, "x"),
                           (0, None), ([], 1)):
            tell(lambda: operator.setitem(x, key, value))
        print(None if isinstance(x, memoryview) else repr(x))


@section
def items_are_deleted():
    for x in ([1, 2, 3, 4], {"k": "v", 1: 2}, (1, 2), "text", {1}, range(3), None, 5):
        for key in (0, -1, 9, 1, "k", None, []):
            tell(lambda: operator.delitem(x, key))
        print(repr(x))


@section
def membership():
    for x in CONTAINERS:
        for item in (1, 1.0, True, 4, "a", "é€", "", "k", None, [], 14, 15, 120, 300, b"x", b"yz",
                     -1, 7):
            tell(lambda: item in x)


@section
def membership_of_iterators():
    it = iter([1, 2, 3, 4, 5])
    print(3 in it, next(it, None), 9 in it, next(it, None))
    for n in range(8):
        it = iter(range(5))
        print(n in it, list(it))
    tell(lambda: 5 in {"a": 5}, lambda: "a" in {"a": 5}, lambda: [] in {})
    tell(lambda: (1, 2) in [(1, 2)], lambda: nan in [nan], lambda: float("nan") in [nan])


@section
def conversions():
    for x in ([1, 2], (3, 4), "abc", {"k": 1}, range(3), b"de", (), [], "", iter([5, 6]), None, 7):
        tell(lambda: list(x))
    for x in ([1, 2], (3, 4), "abc", {"k": 1}, range(30), b"de", (), [], "", iter([5, 6]), None, 7):
        tell(lambda: tuple(x))
    t, long = (1, 2), [0] * 40
    print(tuple(t) is t, tuple(iter(t)) is t, tuple([]) is tuple(), len(tuple(long)), list(t) == [1, 2])


@section
def texts():
    for x in (None, 1.5, "it's", ["a", ("b",)], {"k": {1: "x"}}, b"b", range(3), "", "é" * 100, {1},
              [list(range(30))] * 3):
        print(repr(x), str(x), len(repr(x)), len(str(x)))
        print(repr(repr(x)))
    s = "text"
    print(str(s) is s)
    for a, b in (("a", "b"), ("", "é"), ("x", ""), ("€", "🐍"), ("a", 1), ("a", None), (1, "b")):
        tell(lambda: a + b)
