# SPDX-License-Identifier: MIT
import weakref

from parity import assign, section, tell


def add(a, b):
    return a + b


def one(x):
    pass


def three(x, y, z):
    pass


@section
def calls():
    for n in range(5):
        tell(lambda: add(*[1, 2, 3, 4][:n]))
    for n in range(3):
        tell(lambda: one(*[1, 2][:n]))
    for n in range(5):
        tell(lambda: three(*[1, 2, 3, 4][:n]))
    for thing in (1, "a", None, [], {}, (1,), 1.5):
        tell(lambda: thing())


def make_pair(total):
    def f(step):
        nonlocal total
        total += step
        return total

    def g(step):
        nonlocal total
        total += step
        return total

    return f, g


@section
def closures():
    f, g = make_pair(10)
    h, _ = make_pair(0)
    for _ in range(3):
        tell(lambda: f(1))
        tell(lambda: g(1))
        tell(lambda: h(1))
    print(f.__closure__[0].cell_contents, h.__closure__[0].cell_contents)
    print(f.__closure__[0] is g.__closure__[0], f is g)
    print(f == f, f == g)


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return "a point"

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)

    def __lt__(self, other):
        return (self.x, self.y) < (other.x, other.y)

    def __hash__(self):
        return self.x


@section
def special_methods():
    p, q, r, d = Point(1, 2), Point(1, 2), Point(0, 9), {}
    print(repr(p), str(p))
    print(p == q, p is q)
    print(p != q, p != r)
    print(r < p, r > p)
    tell(lambda: r <= p)
    tell(lambda: assign(d, p, "first"))
    tell(lambda: d.get(q))
    tell(lambda: d.get(r))
    print(d)
    x = [p, r]
    tell(x.sort)
    print(x[0] is r)
    print(x)
    tell(lambda: Point())
    tell(lambda: Point(p))
    tell(lambda: p())


class C:
    pass


@section
def attributes():
    o = C()
    tell(lambda: o.x)
    tell(lambda: setattr(o, "x", 1))
    tell(lambda: o.x)
    tell(lambda: setattr(C, "y", "of the class"))
    tell(lambda: o.y)
    tell(lambda: setattr(o, "y", "of the instance"))
    tell(lambda: o.y, lambda: C.y)
    tell(lambda: delattr(o, "y"))
    tell(lambda: o.y)
    tell(lambda: delattr(o, "y"))
    print(hasattr(o, "x"), hasattr(o, "z"))
    tell(lambda: C.z)
    tell(lambda: (1).z)
    tell(lambda: [].z)
    tell(lambda: setattr(1, "z", None))
    tell(lambda: setattr("s", "z", None))
    tell(lambda: getattr(o, 1))


class S:
    __slots__ = ("a", "b")


class D(S):
    pass


@section
def slots():
    o = S()
    tell(lambda: o.a)
    tell(lambda: setattr(o, "a", 1))
    tell(lambda: o.a)
    tell(lambda: setattr(o, "c", 1))
    tell(lambda: o.c)
    tell(lambda: delattr(o, "a"))
    tell(lambda: o.a)
    tell(lambda: delattr(o, "a"))
    print(hasattr(o, "a"), hasattr(o, "b"))
    tell(lambda: weakref.ref(o))
    d = D()
    tell(lambda: setattr(d, "c", 3))
    tell(lambda: setattr(d, "b", 2))
    tell(lambda: d.b, lambda: d.c)


class Base:
    pass


class Derived(Base):
    pass


@section
def inheritance():
    b, d = Base(), Derived()

    def who(self):
        return "base"

    who.__qualname__ = "Base.who"
    Base.who = who
    tell(lambda: b.who(), lambda: d.who())

    def who(self):
        return "derived"

    who.__qualname__ = "Derived.who"
    Derived.who = who
    tell(lambda: b.who(), lambda: d.who())
    print(isinstance(d, Base), isinstance(b, Derived))
    print(issubclass(Derived, Base), issubclass(Base, Derived))
    print(issubclass(Base, Base))
    print(isinstance(1, Base))
    tell(lambda: issubclass(1, Base))
    tell(lambda: d.who(1))
    tell(lambda: Base.who(d))
    tell(lambda: Base.who())
    tell(lambda: d.nobody())
    print(d.who == d.who, d.who is d.who)
    tell(lambda: d.who())
    print(Base, Derived)
    tell(lambda: Base(1))
