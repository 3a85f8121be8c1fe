# SPDX-License-Identifier: MIT
import gc
import weakref
from sys import getrefcount

from parity import assign, delete, section, tell


class C:
    pass


def ref_with(target, number):
    return weakref.ref(target, lambda r: print(f"called {number}, dead {r() is None}"))


@section
def reading():
    o = C()
    r, again = weakref.ref(o), weakref.ref(o)
    print(r is again)
    print(weakref.getweakrefcount(o))
    print(getrefcount(o))
    got = r()
    print(got is o)
    print(getrefcount(o))
    del o
    print(r() is None)
    del got
    print(r() is None)
    print(again() is None)
    for thing in (1, "a", None, [], {}, (1,), 1.5):
        tell(lambda: weakref.ref(thing))


@section
def order_of_callbacks():
    o = C()
    refs = [ref_with(o, i) for i in range(5)]
    print(weakref.getweakrefcount(o))
    refs[2] = None
    print(weakref.getweakrefcount(o))
    del o
    print(refs[0]() is None, refs[4]() is None)
    o = C()
    plain, first, second = weakref.ref(o), ref_with(o, 10), ref_with(o, 11)
    print(plain is first, first is second)
    o.me = o
    del o
    print("a cycle")
    gc_count = gc.collect()
    print(gc_count)
    print(plain() is None, first() is None, second() is None)


@section
def equality_of_references():
    a, b = C(), C()
    x, y, z = weakref.ref(a), ref_with(a, 1), weakref.ref(b)
    print(x == y, x == z)
    print(x is y, x != z)
    hash_x = hash(x)
    print(hash_x == hash(a))
    print(y == y, y != x)
    del a
    print(x == y, x == x)
    tell(lambda: hash(x) and None)
    print(hash(x) == hash_x)
    tell(lambda: hash(y) and None)
    del b
    print(x == z)
    print("end")


@section
def proxies():
    o = C()
    p = weakref.proxy(o)
    o.x = 5
    tell(lambda: p.x)
    tell(lambda: setattr(p, "y", 6))
    tell(lambda: o.y)
    tell(lambda: p.z)
    print(weakref.proxy(o) is p)
    print(weakref.getweakrefcount(o))
    print(p == p)
    del o
    tell(lambda: p.x)
    tell(lambda: setattr(p, "x", None))
    tell(lambda: p.y)


class Ordered:
    def __lt__(self, other):
        print("asked")
        return other is not self


@section
def proxies_compare():
    o, other = Ordered(), C()
    p, q = weakref.proxy(o), weakref.proxy(other)
    for a in (o, p, other, q, 1):
        for b in (p, q):
            tell(lambda: a < b)
            tell(lambda: b > a)
            tell(lambda: b == a)
            tell(lambda: b != a)
            tell(lambda: a >= b)
    tell(lambda: bool(p))
    tell(lambda: hash(p))
    del o
    tell(lambda: bool(p))
    tell(lambda: p < q)
    tell(lambda: q == p)
    tell(lambda: str(p))


def say_finalized(name):
    print("finalize", repr(name))
    return name


@section
def finalizers():
    o = C()
    f = weakref.finalize(o, say_finalized, "one")
    g = weakref.finalize(o, say_finalized, "two")
    print(f.alive, g.alive)
    del o
    print(f.alive, g.alive)
    tell(f)
    o = C()
    f = weakref.finalize(o, say_finalized, "three")
    tell(f)
    tell(f)
    print(f.alive)
    del o
    o = C()
    f = weakref.finalize(o, say_finalized, "four")
    print(f.detach() is not None)
    del o
    print(f.alive)
    print("end")


@section
def weak_values():
    d, o, p = weakref.WeakValueDictionary(), C(), C()
    tell(lambda: assign(d, "o", o))
    tell(lambda: assign(d, "p", p))
    tell(lambda: assign(d, "n", 1))
    print(len(d))
    print(d.get("o") is o)
    o = None
    print(len(d))
    tell(lambda: d.get("o"))
    tell(lambda: delete(d, "o"))
    tell(lambda: delete(d, "p"))
    print(len(d))
    tell(lambda: d.pop("q"))


@section
def weak_keys_and_sets():
    d, s, o, p = weakref.WeakKeyDictionary(), weakref.WeakSet(), C(), C()
    tell(lambda: assign(d, o, "value"))
    tell(lambda: assign(d, 1, "value"))
    tell(lambda: s.add(o), lambda: s.add(p))
    tell(lambda: s.add(o))
    tell(lambda: s.add("s"))
    print(len(d), len(s))
    tell(lambda: d.get(o), lambda: p in d)
    o = None
    print(len(d), len(s))
    print(p in s)
    tell(lambda: s.discard(p))
    print(p in s)
    tell(lambda: s.pop())
    print(len(s))
