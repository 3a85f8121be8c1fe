# SPDX-License-Identifier: MIT
"""The collector as a program sees it: callbacks, counts, order of finalizers, what is kept."""
import gc
import weakref
from sys import getrefcount

from parity import section, tell

kept, gone = [], []


class C:
    def __init__(self, name):
        self.name = name


class Del(C):
    def __del__(self):
        print("del", self.name)


class Noted(C):
    def __del__(self):
        gone.append(self.name)


class Revived(C):
    def __del__(self):
        kept.append(self)


def ring(kind, names):
    """Objects that refer to the next of them, the last to the first."""
    made = [kind(name) for name in names]
    for a, b in zip(made, made[1:] + made[:1]):
        a.next = b
    return made


@section
def finalizers_of_rings():
    for n in range(1, 6):
        held = ring(Noted, "abcde"[:n])
        held.clear()
        print(n, list(gone), gc.collect() > 0, sorted(gone))  # in any order
        gone.clear()
    held = ring(Noted, "ab") + ring(Noted, "xy")
    held.clear()
    gc.collect()
    print(sorted(gone))
    held = ring(Del, "pqr")
    del held[1:]
    print(gc.collect())
    print(held[0].next.next.name)
    held[0].next = None
    print("cut")
    held.clear()
    print(gc.collect())


@section
def rings_that_revive_themselves():
    held = ring(Revived, "abc")
    held.clear()
    print(gc.collect())
    kept.sort(key=lambda o: o.name)
    print(len(kept), [o.name for o in kept], [o.next.name for o in kept])
    print([gc.is_finalized(o) for o in kept])
    print(gc.collect())
    kept.pop()
    print(gc.collect(), len(kept))
    kept.clear()
    print(gc.collect() > 0)
    print(gc.collect())
    held = ring(C, "xy")
    held[0].guard = Revived("g")
    held[0].guard.owner = held[1]
    held.clear()
    print(gc.collect())
    print([o.name for o in kept], kept[0].owner.name, kept[0].owner.next.name)
    kept[0].owner = None
    kept.clear()
    print(gc.collect() > 0)


@section
def callbacks_are_told():
    def say(phase, info):
        print(phase, sorted(info.items()))

    gc.callbacks.append(say)
    for generation in range(3):
        gc.collect(generation)
    for i in range(4):
        x = []
        for _ in range(i):
            x = [x]
        x.append(x)
        del x
        gc.collect(0)
    gc.callbacks.remove(say)
    print(gc.collect())


@section
def statistics():
    gc.collect()
    before = gc.get_stats()

    def since():
        return [[now[key] - then[key] for key in ("collections", "collected", "uncollectable")]
                for now, then in zip(gc.get_stats(), before)]

    print(since())
    for generation in range(3):
        x = []
        x.append(x)
        del x
        print(gc.collect(generation))
        print(since())
    old = []
    old.append(old)
    gc.collect()
    gc.collect()
    del old
    print(gc.collect(0), gc.collect(1), gc.collect(2))
    print(since())
    gc.collect(1)
    print(since())


@section
def who_refers_to_whom():
    a, b, c, d, t = [], [], [], {}, None
    b.append(a)
    c.append(a)
    c.append(b)
    d["a"] = a
    t = (a, b, a)

    def names(things):
        known = {id(a): "a", id(b): "b", id(c): "c", id(d): "d", id(t): "t"}
        return sorted(known[id(x)] for x in things if id(x) in known)

    print(names(gc.get_referents(b)), names(gc.get_referents(c)), names(gc.get_referents(d)))
    print(names(gc.get_referents(t)), names(gc.get_referents(a)), names(gc.get_referents(5)))
    for x in (a, b, c, d, t):
        print(names(gc.get_referrers(x)))
    print(names(gc.get_objects()))
    a.append(t)
    print(names(gc.get_referents(a)), names(gc.get_referrers(t)))
    c.clear()
    print(names(gc.get_referents(c)), names(gc.get_referrers(b)))
    print(gc.get_referents(1), gc.get_referents("x"), gc.get_referents(None))


@section
def generations():
    def where(x):
        return [any(y is x for y in gc.get_objects(g)) for g in range(3)]

    gc.collect()
    x = [[]]
    print(where(x))
    gc.collect(0)
    print(where(x))
    gc.collect(0)
    print(where(x))
    gc.collect(1)
    print(where(x))
    gc.collect(2)
    print(where(x))
    y = []
    gc.collect(1)
    print(where(x), where(y))
    gc.collect(2)
    print(where(y))
    gc.freeze()
    print(where(x), where(y), gc.get_freeze_count() > 0)
    z = []
    print(where(z))
    gc.unfreeze()
    print(where(x), where(y), where(z), gc.get_freeze_count())
    tell(lambda: gc.get_objects(3))
    tell(lambda: gc.get_objects(-2))


@section
def frozen_garbage():
    x = [Del("x")]
    x.append(x)
    gc.freeze()
    del x
    print(gc.collect())
    gc.unfreeze()
    print(gc.collect())
    y = [Del("y")]
    gc.freeze()
    del y
    print("y died all the same")
    gc.unfreeze()
    z = [Del("z")]
    z.append(z)
    gc.freeze()
    r = weakref.ref(z[0])
    del z
    print(gc.collect(), r() is None)
    gc.unfreeze()
    gc.collect()
    print(r() is None)
    print(gc.get_freeze_count())
    gc.freeze()
    print(gc.get_freeze_count() > 0)
    gc.unfreeze()
    print(gc.get_freeze_count())


@section
def garbage_is_saved():
    x = [1]
    x.append(x)
    gc.set_debug(gc.DEBUG_SAVEALL)
    print(gc.get_debug())
    del x
    print(gc.collect())
    print(len(gc.garbage), gc.garbage)
    gc.garbage[0].pop()
    gc.garbage.clear()
    print(gc.collect())
    held = ring(Noted, "ab")
    held.clear()
    gc.collect()
    print(sorted(gone[-2:]))
    print(sorted(o.name for o in gc.garbage if isinstance(o, Noted)))
    for o in gc.garbage:
        print(type(o).__name__ in ("Noted", "dict", "list"))
        break
    del o
    gc.set_debug(0)
    gc.garbage.clear()
    print(gc.collect() > 0, gc.garbage, gc.get_debug())
    x = []
    x.append(x)
    del x
    print(gc.collect())
    print(len(gc.garbage))


@section
def counts_in_cycles():
    held = ring(C, "abc")
    print([getrefcount(held[i]) for i in range(3)])
    held[0].me = held[0]
    print([getrefcount(held[i]) for i in range(3)])
    gc.collect()
    print([getrefcount(held[i]) for i in range(3)])
    a, b = held[0], held[1]
    held.clear()
    print(getrefcount(a), getrefcount(b))
    gc.collect()
    print(getrefcount(a), getrefcount(b))
    b.next = None
    print(getrefcount(a), getrefcount(b))
    a.me = None
    print(getrefcount(a), getrefcount(b))
    a.next = None
    print(getrefcount(a), getrefcount(b))
    r = weakref.ref(a)
    print(getrefcount(a), r() is a)
    del a
    print(r() is None)
    print(gc.collect())
