# SPDX-License-Identifier: MIT
from sys import getrefcount

from parity import section, tell


@section
def index():
    t = (10, 20, 30)
    for i in range(-4, 4):
        print(i, end=" ")
        tell(lambda: t[i])
    print(len(t), len(()))
    tell(lambda: ()[0])


@section
def repr():
    for t in ((), (1,), (1, 2), ("a", (1, 2), []), ((),), (None, True), ((1,), (2,)), [(), ()],
              {(1, 2): (3,)}, ("'",), (1.0, -0.0), tuple(range(19))):
        print(t)


@section
def slices():
    t = tuple(range(20))
    for c in ((None, None, None), (1, 3, None), (-3, None, None), (None, -2, None),
              (None, None, -1), (17, 1, -3), (30, 40, None), (3, 1, None), (0, 100, 7),
              (-100, 100, None), (None, None, 5), (-1, -9, -2)):
        print(t[slice(*c)])
    tell(lambda: t[::0])
    print(t[:] is t)
    print(t[5:5] is tuple())


@section
def sums():
    a = ("a", "b")
    for b in ((), (1,), (2, 3), [1], "x"):
        tell(lambda: a + b)
        tell(lambda: () + b)
    print(a + () is a)
    for _ in range(4):
        a = a + a
    print(a, len(a))


@section
def equality_and_order():
    texts = ["()", "(1,)", "(1, 2)", "(2,)", "(1.0,)", "(True,)", "((1,),)", "(None,)", "[1]",
             "('a',)"]
    for x in texts:
        for y in texts:
            a, b = eval(x), eval(y)
            print(x, y, a == b, a != b)
            tell(lambda: a <= b)
            tell(lambda: a > b)


@section
def as_keys():
    keys = ((), (1,), (1.0,), (True,), (1, 2), (2, 1), ((1,), 2), ("a",), (None,), (0,), (-0.0,),
            (False,))
    d = {}
    for key in keys:
        d[key] = key
    for key in keys:
        print(d.get(key))
    print(len(d), d)
    print(d.get((3,)))
    tell(lambda: d.get(([],)))


@section
def identity():
    a, b = (1, 2), tuple([1, 2])
    print(a is b, a == b)
    print(tuple() is tuple([]))
    x = []
    t = (x, x)
    print(t[0] is t[1])
    print(getrefcount(x))
    x.append(1)
    print(t)
    part = t[1:]
    print(getrefcount(x))
    del t
    print(getrefcount(x))
    print(part)
    print(part == (x,))
    del part
    print(x)
    print(type(a).__name__)
