# SPDX-License-Identifier: MIT
from parity import assign, section, tell, tell_items


@section
def index():
    a = [10, 20, 30]
    for i in range(-4, 4):
        print(i, end=" ")
        tell(lambda: a[i])
    for i in range(-4, 4):
        tell(lambda: assign(a, i, i))
        print(a)
    print(len(a))


@section
def insert():
    a = []
    for i in range(-5, 6):
        tell(lambda: a.insert(i, i))
        print(a)
    for i in range(20):
        a.insert(3, i)
    print(a)


@section
def pop():
    a = [1, 2, 3, 4, 5, 6, 7]
    for i in (-1, 0, 2, -2, 5, -9, 0, -1, 0, 0):
        tell(lambda: a.pop(i))
        print(a)


@section
def extend_and_reverse():
    a = []
    for tail in ([], [1], (2, 3), "xyz", {"k": 1}, {7}, None, [1, 2], 1.5, ()):
        tell(lambda: a.extend(tail))
        print(a)
        a.reverse()
        print(a)
    tell(lambda: a.extend(a))
    print(a)
    a.clear()
    print(a, len(a))


@section
def sort():
    for a in ([], [1], [3, 1, 2], [2.5, 1, True, 0.5, False], ["b", "a", "", "B", "ab"],
              [(2, "x"), (1, "y"), (1, "x"), (1,)], [[3], [1, 2], [1], []],
              [5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1],
              [1, True, 1.0, 0, False, 0.0], [1, "a"], [None, None]):
        b = list(a)
        tell(b.sort)
        print(b)
        b = list(a)
        tell(lambda: b.sort(reverse=True))
        print(b)


@section
def slices():
    a = list(range(20))
    for c in ((None, None, None), (1, 3, None), (-3, None, None), (None, -2, None),
              (None, None, -1), (17, 1, -3), (30, 40, None), (3, 1, None), (0, 100, 7),
              (-100, 100, None), (None, None, 5), (-1, -9, -2), (100, None, -6), (None, 0, -8)):
        print(a[slice(*c)])
    tell(lambda: a[::0])
    tell(lambda: a["x":])
    print(a[:] is a, a[:] == a)


@section
def cycles():
    a, b = [1], [2]
    a.append(a)
    print(a)
    a.append(b)
    b.append(a)
    print(a)
    print(b)
    print((a, b))
    d = {}
    d["self"] = d
    d["list"] = a
    print(d)
    b.append(d)
    print(d)
    print(a)
    c = []
    twice = [c, c]
    print(twice)
    t = (c,)
    c.append(t)
    print(c)
    print(t)
    print(twice)


@section
def equality_and_order():
    texts = ["[]", "[1]", "[1, 2]", "[2]", "[1.0]", "[True]", "[[1]]", "[None]", "(1,)", "['a']"]
    for x in texts:
        for y in texts:
            a, b = eval(x), eval(y)
            print(x, y, a == b, a != b)
            tell(lambda: a < b)
            tell(lambda: a >= b)


@section
def unhashable():
    for key in ([], {}, ([],), (1, {}), {1}, (1, (2, [3])), (), (1, "a"), None, 1.5, "s"):
        tell(lambda: hash(key) and None)
        tell(lambda: assign({}, key, None))


@section
def iteration_while_it_changes():
    a = [1, 2, 3]
    it = iter(a)
    print(next(it, None))
    a.append(4)
    print(next(it, None))
    a.pop(0)
    print(next(it, None))
    print(next(it, None))
    a.append(5)
    print(next(it, None))
    other = iter(a)
    print(next(other, None))
    a.clear()
    print(next(other, None))
    growing = [0]
    third = iter(growing)
    for i in range(1, 6):
        print(next(third, None))
        growing.append(i)
    tell_items("rest", third)
    print(iter(other) is other)
