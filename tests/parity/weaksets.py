# SPDX-License-Identifier: MIT
"""Weak containers, finalize and order among what dies."""
import gc
import weakref

from parity import assign, delete, section, tell, told


class C:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


class Equal(C):
    def __eq__(self, other):
        return self.name == other.name

    def __hash__(self):
        return len(self.name)


def make(names):
    return [C(name) for name in names]


@section
def weak_values_die_with_their_objects():
    d, held = weakref.WeakValueDictionary(), make("abcde")
    for i, o in enumerate(held):
        d[i] = o
    del o
    print(len(d), dict(d))
    held[2] = None
    print(len(d), dict(d))
    tell(lambda: d.get(2), lambda: d.get(3))
    held.pop()
    held.pop(0)
    print(len(d), dict(d))
    d["again"] = held[0]
    print(dict(d))
    tell(lambda: d.pop(1), lambda: d.pop(1))
    tell(lambda: delete(d, 1))
    d[3] = held[0]
    print(dict(d))
    held.clear()
    print(len(d), dict(d))
    tell(lambda: d.get(3), lambda: d.get("again"))
    print(3 in d, len(d))


@section
def weak_keys_die_with_their_objects():
    d, held = weakref.WeakKeyDictionary(), make("abcde")
    for i, o in enumerate(held):
        d[o] = i
    del o
    print(len(d), list(d.items()))
    held[2] = None
    print(len(d), list(d.items()))
    d[held[0]] = "changed"
    print(list(d.items()))
    for o in (held[0], held[1]):
        tell(lambda: d.pop(o), lambda: o in d)
        print(o in d, len(d))
    del o
    print(len(d), list(d.items()))
    tell(lambda: delete(d, held[3]))
    tell(lambda: d.get(held[4]))
    held.clear()
    print(len(d), list(d.items()))
    tell(lambda: assign(d, "str", 1))
    tell(lambda: assign(d, [], 1))
    tell(lambda: assign(d, None, 1))


@section
def weak_sets_forget():
    s, held = weakref.WeakSet(), make("abc")
    for o in held + held:
        s.add(o)
    del o
    print(len(s), sorted(map(repr, s)))
    held.pop()
    print(len(s), sorted(map(repr, s)))
    print(held[0] in s, 1 in s, held in s)
    other = weakref.WeakSet(make("xyz") and held)
    new = C("new")
    other.add(new)
    s.update(other)
    print(len(s), sorted(map(repr, s)))
    tell(lambda: s.remove(new))
    tell(lambda: s.discard(new))
    tell(lambda: s.add([]))
    tell(lambda: s.add(5))
    held.clear()
    print(len(s), len(other))
    s.clear()
    tell(lambda: s.pop())


@section
def members_are_told_apart_by_equality():
    s, d = weakref.WeakSet(), weakref.WeakKeyDictionary()
    a, b, c = Equal("one"), Equal("one"), Equal("two")
    for o in (a, b, c):
        s.add(o)
        assign(d, o, repr(o))
        print(len(s), len(d))
    del o
    print(a in s, b in s, c in s, Equal("two") in s, Equal("six") in s)
    tell(lambda: d.get(b), lambda: d.get(Equal("two")))
    a = None
    print(len(s), len(d), b in s)
    s.add(b)
    print(len(s), b in s)
    tell(lambda: d.pop(Equal("two")))
    print(len(d))
    b = c = None
    print(len(s), len(d))


@section
def members_may_die_while_one_walks():
    d, held = weakref.WeakValueDictionary(), make("abcdef")
    for i, o in enumerate(held):
        d[i] = o
    del o
    seen = []
    for key, value in d.items():
        seen.append((key, repr(value)))
        del value
        if key % 2 == 0:
            held[key + 1] = None
        print(key, len(seen))
    print(seen)
    print(len(d), dict(d))
    for key in list(d.keys()):
        held[key] = None
        print(len(d), sorted(d))
        tell(lambda: d.get(key))


@section
def weak_references_in_cycles():
    a, b, d = C("a"), C("b"), weakref.WeakValueDictionary()
    a.other, b.other = b, a
    r = weakref.ref(a, lambda r: print("callback of a"))
    q = weakref.ref(b, lambda r: print("callback of b"))
    d["a"], d["b"] = a, b
    print(len(d), r() is a, q() is b)
    del b
    print(len(d), q() is None)
    del a
    print(len(d), r() is None)
    print(gc.collect() > 0)
    print(len(d), r() is None, q() is None)
    ring = C("ring")
    ring.me = ring
    ring.ref = weakref.ref(ring, lambda r: print("never called"))
    del ring
    print(gc.collect() > 0)
    o = C("o")
    refs = [weakref.ref(o, lambda r, i=i: print("callback", i)) for i in range(4)]
    refs.pop(1)
    del o
    print(len(refs), [r() for r in refs])


@section
def finalize_in_order():
    def say(*words):
        print("finalize", *words)
        return "said"

    o, p = C("o"), C("p")
    f = [weakref.finalize(o, say, i) for i in range(3)]
    g = weakref.finalize(p, say, "p")
    print([x.alive for x in f], g.alive)
    print(f[1]())
    print([x.alive for x in f])
    o.me, p.o = o, o
    del o
    print(gc.collect())
    print([x.alive for x in f])
    del p
    print([x.alive for x in f], g.alive)
    print(gc.collect() > 0)
    print([x.alive for x in f])
    print(f[0](), g(), g.detach())


class Del(C):
    def __del__(self):
        print("del", self.name)


@section
def finalizers_and_callbacks():
    o = Del("plain")
    r = weakref.ref(o, lambda r: print("callback, dead", r() is None))
    f = weakref.finalize(o, print, "finalize")
    del o
    print(r() is None, f.alive)
    o = Del("ring")
    o.me = o
    r = weakref.ref(o, lambda r: print("callback, dead", r() is None))
    f = weakref.finalize(o, print, "finalize")
    del o
    gc.collect()
    print(r() is None, f.alive)
    a, b = Del("a"), Del("b")
    a.b, b.a = b, a
    r = [weakref.ref(x, lambda r: print("callback")) for x in (a, b)]
    del a, b
    gc.collect()
    print([x() for x in r])


@section
def proxies_stand_for_objects():
    o = C("o")
    p = weakref.proxy(o)
    print(p.name, str(p), p == p, p == o, o == p, p != 5)
    p.name = "changed"
    print(o.name, p.name)
    tell(lambda: p.nothing)
    tell(lambda: delattr(p, "name"))
    tell(lambda: p.name)
    tell(lambda: hash(p))
    tell(lambda: weakref.proxy(5))
    o = None
    tell(lambda: p.name)
    tell(lambda: str(p))
    tell(lambda: p == 5)
    tell(lambda: hash(p))
    tell(lambda: delattr(p, "name"))
