# SPDX-License-Identifier: MIT
import operator

from parity import section, tell

TEXTS = ["0", "12", "-7", "+5", " 42\n", "\u00a03\u2003", "", " ", "+", "-", "--1", "1 2", "0x1f",
         "0X1F", "0b101", "0o17", "0x", "0x_1", "0x__1", "010", "00", "0_0", "1_000", "1__0", "_1",
         "1_", "z", "Zz", "12a", "9223372036854775807", "-9223372036854775808", "é", "1.5", "0b2",
         "it's", "a\"b'c", "-0x10", "1e5"]


@section
def int_of_str():
    for text in TEXTS:
        for base in (10, 0, 16, 2, 36):
            if base in (16, 36) and len(text) > 16:
                continue                    # more than 64 bits
            tell(lambda: int(text, base))
    for base in (1, 37, -1):
        tell(lambda: int("1", base))
    tell(lambda: int([], 10))
    tell(lambda: int(1, 10))


@section
def int_of_anything():
    for x in (0, 5, True, False, 2.9, -2.9, -0.0, 1e18, 1 << 40, "12", " -3 ", b"77", b" 1\t", b"x",
              "0x10", None, [], (1,), float("inf"), float("-inf"), float("nan"), 0.5, b"\xff"):
        tell(lambda: int(x))
        tell(lambda: type(int(x)).__name__)


REALS = ["0", "1.5", "-2.25e3", " .5 ", "5.", "1e400", "-1e-400", "inf", "-Infinity", "+iNf", "nan",
         "-nan", "infin", "1_0.2_5", "1__0", "_1", "1_", "1_.5", "1._5", "1e1_0", "", " ", ".", "e5",
         "1e", "1e+", "0x10", "1.5x", "1 2", "é", "\u30001.5\u3000", "+-1", "in", "nano", "i"]


@section
def float_of_str():
    for text in REALS:
        tell(lambda: float(text))
    for x in (b"1.5", b" inf", b"\xa01", 3, True, 1.5, 1 << 60, None, [], "x\ty", b"a'b"):
        tell(lambda: float(x))


@section
def int_powers():
    for x in (0, 1, -1, 2, -2, 3, 7, 10, -10, True):
        print([x ** y for y in range(0, 10)])
    for x, y in ((2, 62), (-2, 63), (-2, 61), (3, 39), (10, 18), (1, 1 << 40), (-1, (1 << 40) + 1),
                 (0, 5), (0, 0), (1, 0), (-1, 0)):
        tell(lambda: x ** y)
    for x, y in ((2, -1), (2, -3), (10, -2), (-2, -3), (0, -1), (True, -1), (3, -1), (1, -5),
                 (4, -1), (-1, -3)):
        tell(lambda: x ** y)


@section
def powers_modulo():
    for m in (1, 2, 7, 12, -7, -12, 97, 1 << 31, (1 << 62) - 57, -(1 << 61) + 1, (1 << 63) - 1):
        print([pow(x, y, m) for x in (0, 1, -1, 5, 10 ** 17 + 3, -(1 << 63))
               for y in (0, 1, 2, 13, (1 << 63) - 1)])
        for x in (1, 3, 5, -11, 10 ** 17 + 3):
            tell(lambda: pow(x, -1, m), lambda: pow(x, -5, m))
    tell(lambda: pow(2, 3, 0))
    tell(lambda: pow(2, -1, 4))
    tell(lambda: pow(0, -1, 5), lambda: pow(0, -1, 1))
    tell(lambda: pow(2.0, 3, 5))
    tell(lambda: pow("a", 2, 3))
    tell(lambda: pow(2, "a", 3))
    tell(lambda: pow(2, 3, None))


SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, -3.0, float("inf"), float("-inf"),
           float("nan"), 1e300, 1e-300, 5e-324]


@section
def float_powers():
    for x in SPECIAL:
        for y in SPECIAL:
            if x < 0 and y == y and abs(y) != float("inf") and y != int(y):
                continue                    # complex
            tell(lambda: x ** y)
    for x, y in ((2, 0.5), (2.0, 10), (10, 0.5), (9.0, 0.5), (27.0, 1 / 3), (1.1, 7), (0.1, 3),
                 (1.5, 100), (1.0000001, 1e7), (0.9999999, 1e7), (2.0, -1074), (2.0, -1075),
                 (2.0, 1023), (2.0, 1024), (1.7, -1387.5), (3.7, 2), (1e154, 2), (1e155, 2),
                 (1e-162, 2), (1e-163, 2), (7, -3), (123.456, 4.5), (1e10, 1.5), (2.5, True)):
        tell(lambda: x ** y)


@section
def divmods():
    for a in (7, -7, 0, 1, True, 7.5, -7.5, 1e17, float("inf"), (1 << 62) + 1):
        for b in (2, -2, 3, 0, 0.0, 2.5, -2.5, False, float("inf"), 1 << 40):
            tell(lambda: divmod(a, b))
    tell(lambda: divmod("a", 1))
    tell(lambda: divmod(1, None))


@section
def signs():
    for x in (0, 1, -1, True, False, 1 << 40, -(1 << 40), 1 << 30, -(1 << 30), 0.0, -0.0, 1.5, -1.5,
              float("inf"), float("-inf"), float("nan"), "a", [], None):
        tell(lambda: -x, lambda: +x)
        tell(lambda: abs(x))
        tell(lambda: ~x)


def answering(method, answer):
    return type("C", (), {method: lambda self, *rest: answer})()


@section
def numbers_of_classes():
    for method in ("int", "float", "index"):
        for answer in (5, 2.5, "x", None):
            thing = answering(f"__{method}__", answer)
            tell(lambda: int(thing))
            if (method, answer) != ("float", None):
                tell(lambda: float(thing))
    for method, call in (("neg", operator.neg), ("pos", operator.pos), ("abs", abs),
                         ("invert", operator.invert)):
        tell(lambda: call(answering(f"__{method}__", "yes")))
        tell(lambda: call(answering("__x__", 1)))
    tell(lambda: answering("__pow__", "p") ** 2, lambda: 2 ** answering("__rpow__", "r"))
    tell(lambda: divmod(answering("__divmod__", "d"), 2))
    tell(lambda: divmod(2, answering("__rdivmod__", "r")))
    tell(lambda: answering("__x__", 1) ** 2)
    tell(lambda: divmod(2, answering("__x__", 1)))
    tell(lambda: pow(answering("__x__", 1), 2, 3))
