# SPDX-License-Identifier: MIT
from parity import assign, section, tell, tell_items, told

RANGES = [range(0, 5), range(0), range(5, 0), range(5, 0, -1), range(1, 10, 3), range(-3, 4, 2),
          range(10, -10, -7), range(0, 6, 2), range(0, 5, 2), range(3, 4, 100)]


@section
def ranges_are_sequences():
    for r in RANGES:
        print(r, len(r))
        tell_items("items", iter(r))
        for k in range(-3, 3):
            tell(lambda: r[k])
        for k in range(-2, 6):
            print(k in r)
    tell(lambda: range(0, 1, 0))


def is_view(thing):
    return isinstance(thing, memoryview)


@section
def sums_and_products():
    things = [[1, 2], [], (1, 2), (), "ab", "", "é", b"xy", b"", bytearray(b"z"), 3, 0, -1, True,
              None, 1.5, {}, memoryview(b"m")]
    for a in things:
        for b in things:
            if not (is_view(a) or is_view(b)) or isinstance(a, (bytes, bytearray)):
                tell(lambda: a + b)
            if not (is_view(a) or is_view(b)):
                tell(lambda: a * b)
    long = list(range(40))
    print(long + long == [*range(40), *range(40)], tuple(long) + () is tuple(long))
    print(long * 3 == long + long + long, len(tuple(long) * 5))


@section
def ranges_compare_as_sequences():
    for a in RANGES:
        for b in RANGES:
            print(a == b, a != b or hash(a) == hash(b))
    tell(lambda: RANGES[0] < RANGES[1])
    print(RANGES[0] == [0, 1, 2, 3, 4])


@section
def slice_objects():
    parts = (None, 1, -2, 0, 100)
    other = slice(1, 2, 3)
    for i in range(5):
        s = slice(parts[i], parts[4 - i], parts[(i + 1) % 5])
        print(s)
        tell(lambda: s.indices(10) and None)
        print(s == other, s == s)
        tell(lambda: hash(s) and None)
    print(other == slice(1, 2, 3))
    print(type(other).__name__)
    tell(lambda: slice(1.5, None, None).indices(10) and None)
    tell(lambda: slice(None, None, 0).indices(10) and None)


@section
def what_has_no_items():
    for thing in (1, 1.5, None, True, "a", [], (), {}):
        print(told(lambda: len(thing)))
        try:
            iterator = iter(thing)
        except TypeError as error:
            print(f"items TypeError: {error}")
        else:
            tell_items("items", iterator)
    tell(lambda: range(0, 3)[3])
    tell(lambda: range(0, 3)[-4])


def tell_sorted(call):
    try:
        result = call()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
        return
    print(None, len(result))
    print(type(result).__name__, sorted(result))


@section
def set_changes():
    s = set()
    print(s)
    for key in (1, 2, 1.0, True, 3, [], 2):
        tell(lambda: s.add(key))
        tell_sorted(lambda: s)
    tell(lambda: 2.0 in s)
    tell(lambda: "2" in s)
    tell(lambda: {} in s)
    tell(lambda: s.update([7, 8, 7]))
    tell_sorted(lambda: s)
    tell(lambda: s.update(5))
    s.discard(8)
    s.discard(9)
    tell_sorted(lambda: s)
    s.clear()
    print(s)
    tell(lambda: s.pop())
    tell_sorted(lambda: set("hello"))
    tell_sorted(lambda: set(range(0, 9, 2)))
    print(frozenset(), frozenset((1,)))
    tell(lambda: frozenset([[]]))


SETS = [[], [1], [1, 2], [2, 3, 4], [1, 2, 3, 4]]


@section
def set_algebra():
    for x in SETS:
        for y in SETS:
            a, b = set(x), frozenset(y)
            tell_sorted(lambda: a | b)
            tell_sorted(lambda: b & a)
            tell_sorted(lambda: a - b)
            tell_sorted(lambda: b ^ a)


@section
def set_comparisons():
    for x in SETS:
        for y in SETS:
            a, b = set(x), frozenset(y)
            print(a == b, a < b, a <= b, a >= b)
            print(a.issubset(b), a.isdisjoint(b))
    tell(lambda: set() < [])
    tell(lambda: set() == [])


@section
def frozensets_as_keys():
    d = {}
    for i, x in enumerate(SETS):
        tell(lambda: assign(d, frozenset(x), i))
    for x in ((), {1: 0}, (2, 1), (4, 3, 2), (4, 2, 1, 3, 1)):
        print(d.get(frozenset(x)))
    tell(lambda: d.get(set()))
    frozen = frozenset((1,))
    print(frozenset(frozen) is frozen, frozen.copy() is frozen)
