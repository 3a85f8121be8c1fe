# SPDX-License-Identifier: MIT
import operator

from parity import section, tell


@section
def index_and_count():
    nan = float("nan")
    for items in ([], [1, 2, 1], (1.0, "a", None), "abcab", {"a": 1, "b": 2}, range(5), b"aba",
                  [[1], [1]], [nan, nan]):
        for item in (1, "a", "b", None, 97, [1], nan):
            tell(lambda: operator.indexOf(items, item), lambda: operator.countOf(items, item))
    tell(lambda: operator.indexOf(5, 1))
    tell(lambda: operator.countOf(None, 1))


@section
def list_remove():
    items = [1, 2.0, "a", True, None, [1], 2]
    for item in (1, 2, "a", [1], 1, 1, "x", None, 2, None):
        tell(lambda: items.remove(item))
        print(items)


@section
def dict_from():
    for items in ([], {"a": 1}, [("a", 1), ["b", 2], "cd"], (("x", 1), ("x", 2)), [1], [(1, 2, 3)],
                  ["a"], 5, None, [("a", 1), (1,)], [([], 1)], iter([("k", "v")]), "ab"):
        tell(lambda: dict(items))


@section
def dict_merge():
    base = {"a": 1, "b": 2}
    for other in ({"b": 3, "c": 4}, [("a", 9), ("d", 5)], {}, base):
        d = dict(base)
        d.update(other)
        print(d)
        d = dict(base)
        for key, value in dict(other).items():
            d.setdefault(key, value)
        print(d)
    d = dict(base)
    tell(lambda: d.update([("z", 1), 3]))
    print(d)
    tell(lambda: d.update(3))
    tell(lambda: {1: 2, 3: 4} | {3: 5, 6: 7}, lambda: {} | {}, lambda: base | base)
    print(base)


@section
def dict_fromkeys():
    for keys in ("abca", [1, 2, 1.0], {"x": 1}, (), range(3), None, 5, [[]], [1, [2]], {3}):
        tell(lambda: dict.fromkeys(keys, 0))


BOUNDS = (None, 0, 1, 3, -1, -2, 100, -100)
RANGES = [range(5), range(1, 10, 3), range(10, 0, -2), range(0), range(5, 1), range(-3, 3)]


@section
def range_slices():
    for r in RANGES:
        for start in BOUNDS:
            for stop in BOUNDS:
                print(*[repr(r[start:stop:step]) for step in (None, 1, 2, -1, -3)])
    big = range(1 << 40, 1 << 62, 12345)
    tell(lambda: big[5:-5:7], lambda: big[::-1])
    tell(lambda: range(3)[::0])
    tell(lambda: range(3)["a":])
    tell(lambda: range(3)[:1.5])


@section
def range_index():
    for r in RANGES:
        for value in (-3, 0, 1, 4, 10, 5):
            tell(lambda: r.index(value))
