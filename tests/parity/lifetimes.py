# SPDX-License-Identifier: MIT
import gc
from sys import getrefcount

from parity import section, tell

kept = None


class C:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


class Revived(C):
    def __del__(self):
        global kept
        print("revive", self.name)
        kept = self


class Plain:
    pass


@section
def counts():
    x = []
    print(getrefcount(x))
    y = x
    print(getrefcount(x))
    a = [x, x, x]
    print(getrefcount(x))
    t = (x, x)
    print(getrefcount(x))
    a.pop()
    print(getrefcount(x))
    a[0] = None
    print(getrefcount(x))
    part = a[::-1]
    print(getrefcount(x))
    del part, a
    print(getrefcount(x))
    inner = (t,)
    print(getrefcount(x), getrefcount(t))
    del t, inner
    print(getrefcount(x))
    del y
    print(getrefcount(x))
    it = iter(x)
    print(getrefcount(x))
    next(it, None)
    print(getrefcount(x))


@section
def finalizers_run_at_the_last_reference():
    a, b, x = C("a"), C("b"), []
    del a
    print("a is gone")
    x.append(b)
    del b
    print("b is in the list")
    x.clear()
    print("cleared")
    x.append(C("c"))
    x[0] = None
    print("replaced")
    x.append(C("d"))
    x.pop()
    print("popped")
    x.append(C("e"))
    del x
    print("the end")


@section
def order_in_containers():
    x = [C(name) for name in "abcd"]
    del x
    print("list")
    d = {i: C(name) for i, name in enumerate("abcd")}
    del d
    print("dict")
    t = tuple([C(name) for name in "abcd"])
    del t
    print("tuple")


@section
def chains_die_from_the_head():
    head = None
    for name in "abcde":
        o = C(name)
        o.next = head
        head = o
    del o
    print("made")
    del head
    print("dropped")
    outer = C("outer")
    outer.list = [C("inner")]
    del outer
    print("end")


@section
def revived_once():
    global kept
    o = Revived("x")
    del o
    print(kept is not None)
    print(kept.name)
    print(getrefcount(kept))
    print(gc.is_finalized(kept))
    kept = None
    print("no second time")
    o = Revived("y")
    print(gc.is_finalized(o))
    o.me = o
    del o
    print("a cycle")
    print("collected", gc.collect())
    print(kept is not None)
    kept.me = None
    kept = None
    print("collected", gc.collect())


@section
def what_collect_returns():
    print("collected", gc.collect())
    a = []
    a.append(a)
    del a
    print("collected", gc.collect())
    a = {}
    a[1] = a
    del a
    print("collected", gc.collect())
    a = []
    b = (a,)
    a.append(b)
    del a, b
    print("collected", gc.collect())
    a, b, c = [], [], []
    a.append(b)
    b.append(c)
    c.append(a)
    del a, b
    print("collected", gc.collect())
    del c
    print("collected", gc.collect())
    a = []
    a.extend([a] * 100)
    a.append([1, 2, [3]])
    del a
    print("collected", gc.collect())
    tell(lambda: gc.collect(3))
    print(gc.collect(0))
    print(gc.isenabled())
    gc.enable()
    print(gc.isenabled())
    gc.disable()


@section
def finalizers_in_cycles():
    a = C("a")
    a.me = a
    del a
    print("dropped")
    print("still there")
    gc.collect()
    print("collected")
    a = C("b")
    a.list = [a]
    outside = [a.list]
    del a
    gc.collect()
    print("held from outside")
    outside.clear()
    print("let go")
    gc.collect()
    print("collected")
    a = C("c")
    a.me = a
    del a.me
    del a
    print("the cycle was undone")
    gc.collect()
    print("end")


@section
def what_is_tracked():
    for text in ("1", "1.5", "None", "True", "'a'", "[]", "[1]", "{'a': []}", "(1, [])", "{1}",
                 "10000000000"):
        print(text, gc.is_tracked(eval(text)))
    print(gc.is_tracked(Plain()))
    print(gc.is_tracked(Plain))
    print(gc.is_finalized([]), gc.is_finalized(1))


@section
def thresholds_and_counts():
    print(gc.get_threshold())
    gc.set_threshold(100, 5, 3)
    print(gc.get_threshold())
    gc.collect()
    for generation in range(2):
        for _ in range(3):
            gc.collect(generation)
            print(*gc.get_count()[1:])
    gc.collect()
    print(*gc.get_count()[1:])
    gc.collect(0)
    print(*gc.get_count()[1:])
