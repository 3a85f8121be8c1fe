# SPDX-License-Identifier: MIT
from parity import section, tell, told

inf, nan = float("inf"), float("nan")


@section
def int_repr():
    for x in (0, -1, 255, 1073741823, -1073741824, 1073741824, -1073741825, 4294967296,
              9223372036854775807, -9223372036854775808):
        print(repr(x), str(x))


@section
def float_repr():
    for x in (0.0, -0.0, 1.0, 0.1, 1e16, 123456789012345.6, 1e-5, 0.0001, 1e15, 1.5e300, 5e-324,
              inf, -inf, nan, 3.141592653589793, 1e22, 100.0, 2.5e-10, 1.7976931348623157e308):
        print(repr(x))


@section
def constants():
    print(repr(None), repr(True), repr(False))
    print(str(None), str(True), str(False))
    for a, b in ((None, None), (None, False), (True, 1), (False, 0), (True, 1.0), (True, 2),
                 (None, 0), (True, True), (False, 0.0)):
        print(a == b)
    print(type(None).__name__, type(True).__name__, type(1).__name__)


VALUES = ["0", "1", "-1", "True", "1.0", "0.5", "-0.0", "1073741824", "inf", "1073741824.0", "nan",
          "'a'"]


def table(cell):
    for a in VALUES:
        row = []
        for b in VALUES:
            try:
                row.append(cell(eval(a), float("nan") if b == "nan" else eval(b)))
            except TypeError:
                row.append(None)
        print(a, row)


@section
def equality():
    table(lambda a, b: a == b)


@section
def order():
    table(lambda a, b: a < b)
    table(lambda a, b: a >= b)


@section
def equal_values_have_equal_hashes():
    table(lambda a, b: a != b or hash(a) == hash(b))


@section
def order_errors():
    for a, b in ((1, "a"), (None, None), (None, 1), (1.5, "a"), ("a", 1), (1, None), ([], 1),
                 ((1,), [1]), ({}, {}), (True, ""), (1, (1,))):
        tell(lambda: a < b)
        tell(lambda: a >= b)
        tell(lambda: a == b, lambda: a != b)


@section
def wide_and_narrow():
    for x in (1073741823, 1073741824, -1073741824, -1073741825, 4611686018427387904,
              9007199254740993, 9223372036854775807):
        y = int(str(x))
        f = float(x)
        print(x == y, x <= y, x < y)
        print(repr(f), x == f, x < f, f < x)


@section
def small_ints_are_one_object():
    for i in range(-5, 7):
        b = [int(str(i))]
        print(i, i is int(str(i)), b[0] is i)
    print(True is (i == i))


@section
def nan_in_containers():
    x, y, z = float("nan"), float("nan"), float("nan")
    a, b, d = [x, 0], [x, 0], {}
    print(x == x, x != x)
    print(a == b)
    print(a == [y, 0])
    print(a < b, a <= b)
    d[x] = 1
    print(told(lambda: d.get(x)))
    print(told(lambda: d.get(y)))
    d[y] = 2
    print(d, len(d))
    s = {0}
    s.add(x)
    s.add(x)
    print(len(s))
    s.add(y)
    print(len(s))
    print(x in s)
    print(z in s)
