# SPDX-License-Identifier: MIT
"""What all objects share: repr, ==, order, hash, len, iteration; and modules."""
import types
import weakref

from parity import hidden, section, tell, told


class C:
    pass


def f(x):
    return x


def one():
    yield 1


THINGS = [None, True, 3, 1.5, "text", (1,), [2], {3: 4}, {5}, frozenset([6]), b"7", bytearray(b"8"),
          range(9), slice(1, 2, 3)]
KINDS = ["None", "bool", "int", "float", "str", "tuple", "list", "dict", "set", "frozenset", "bytes",
         "bytearray", "range", "slice"]


@section
def order_of_all_kinds():
    for a, x in zip(KINDS, THINGS):
        for b, y in zip(KINDS, THINGS):
            print(a, b, end=" ")
            tell(lambda: x < y)


@section
def order_of_all_kinds_downwards():
    for a, x in zip(KINDS, THINGS):
        for b, y in zip(KINDS, THINGS):
            print(a, b, end=" ")
            tell(lambda: x >= y)


@section
def equality_of_all_kinds():
    for a, x in zip(KINDS, THINGS):
        print(a, [x == y for y in THINGS], [x != y for y in THINGS])


@section
def what_all_kinds_can_do():
    for a, x in zip(KINDS, THINGS):
        print(a, type(x).__name__)
        tell(lambda: hash(x) and None)
        tell(lambda: len(x))
        tell(lambda: iter(x) and None)
        tell(lambda: x())
        tell(lambda: x.nothing)
        tell(lambda: setattr(x, "nothing", 1))
        tell(lambda: delattr(x, "nothing"))


@section
def reprs_with_addresses():
    o, view = C(), memoryview(b"x")
    print(hidden(o), hidden([o, (o,), {1: o}]))
    print(hidden(f), hidden(one()), hidden(view))
    C.f = f
    f.__qualname__ = "C.f"
    print(hidden(o.f))
    print(hidden(types.CellType(5)), hidden(types.CellType()), hidden(types.CellType("x")))
    r, p = weakref.ref(o), weakref.proxy(o)
    print(hidden(r))
    print(hidden(p))
    print(hidden([r, p]))
    print(hidden(C))
    del o
    print(hidden(r))
    print(hidden(p))
    tell(lambda: r < r)
    tell(lambda: r.nothing)
    tell(lambda: len(r))


def missing(call):
    """Python 3.11 suggests a name that looks alike; that is left out."""
    return told(call).split(". Did you mean")[0]


@section
def modules_have_names():
    m = types.ModuleType("tools")
    del m.__doc__, m.__loader__, m.__package__, m.__spec__
    print(m, m.__name__)
    print(missing(lambda: m.x))
    tell(lambda: setattr(m, "x", 1))
    tell(lambda: m.x)
    m.y = [1]
    tell(lambda: m.y.append(m.x))
    print(m.y, hasattr(m, "y"), hasattr(m, "z"))
    tell(lambda: delattr(m, "x"))
    print(missing(lambda: m.x))
    print(missing(lambda: delattr(m, "x")))
    m.f = f
    tell(lambda: m.f(5))
    tell(lambda: m.f())
    print(type(m).__name__, m == m, m == types.ModuleType("tools"), {m: 1}[m])
    tell(lambda: m())
    tell(lambda: m < m)
    tell(lambda: len(m))
    tell(lambda: getattr(m, 5))
    print({k: v for k, v in m.__dict__.items() if k[0] != "_" and k != "f"})
    r = weakref.ref(m)
    print(r() is m)
    del m
    print(r() is None)


@section
def nested_deeply():
    for kind in (lambda x: [x], lambda x: (x,), lambda x: {"k": x}, lambda x: [1, (x, 2)]):
        x = None
        for _ in range(40):
            x = kind(x)
        y = None
        for _ in range(40):
            y = kind(y)
        print(x)
        print(x == y, x != y)
        z = kind(y)
        print(x == z, x != z)


@section
def cycles_of_all_kinds():
    x, d, s = [], {}, C()
    d["list"] = x
    x.append(d)
    x.append((x, d))
    s.self = s
    print(x)
    print(d)
    print((x,))
    d[1] = d
    print(d)
    print(x)
    t = ([],)
    t[0].append(t)
    print(t, t[0])
    y = [[]]
    y[0].append(y)
    print(y, y[0])
    print([y, y], {0: y})
    tell(lambda: hash(t))
    fresh = [t, y, t, y]
    print(fresh)


@section
def sets_change_while_one_walks():
    s = {1, 2, 3}
    it = iter(s)
    print(next(it) in s)
    s.add(4)
    tell(lambda: next(it))
    tell(lambda: next(it))
    it = iter(s)
    print(next(it) in s)
    s.discard(4)
    s.discard(3)
    tell(lambda: next(it))
    it = iter(s)
    s.clear()
    tell(lambda: next(it))
    s.update((5, 6))
    it = iter(s)
    s.discard(5)
    s.add(7)
    print(sorted(it))
    print(next(it, "None"))
    it = iter(frozenset((1,)))
    print(next(it), next(it, None), next(it, None))
    a = set("abc")
    for x in list(a):
        a.discard(x)
    print(a)
