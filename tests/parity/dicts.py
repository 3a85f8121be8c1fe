# SPDX-License-Identifier: MIT
from sys import getrefcount

from parity import assign, delete, section, tell, tell_items


@section
def order_of_insertion():
    d = {}
    for i, key in enumerate(("b", "a", 3, 1, (1, 2), None, 1.5, "")):
        tell(lambda: assign(d, key, i))
        print(d)
    tell(lambda: assign(d, "a", "again"))
    print(d)
    tell(lambda: delete(d, "b"))
    tell(lambda: assign(d, "b", "back"))
    print(d)
    print(len(d))


@section
def many_keys():
    d = {i * 7 % 41: i for i in range(40)}
    for i in range(0, 40, 3):
        del d[i * 7 % 41]
    print(d)
    for i in range(10):
        d[100 + i] = i
        item = d.popitem()
        print(None)
        print(*item)
        d[i * 7 % 41] = -i
    print(d)
    print(d.copy())
    print(d == d.copy())


@section
def equal_keys_are_one():
    d = {}
    for key in (1, 1.0, True, 0, -0.0, False, "1", (1,), (True,), (1.0,), 2.0, 2):
        d[key] = key
        print(len(d), d)


@section
def get_and_setdefault():
    d = {"a": 1, "n": None}
    tell(lambda: d.get("a"))
    tell(lambda: d.get("n"))
    tell(lambda: d.get("x"))
    tell(lambda: d.get([]))
    tell(lambda: d.setdefault("a", 5))
    tell(lambda: d.setdefault("b", 6))
    tell(lambda: d.setdefault("n", 7))
    tell(lambda: d.setdefault({}, 8))
    print(d)
    tell(lambda: assign(d, {1}, 8))
    tell(lambda: d.pop([1]))
    tell(lambda: delete(d, ([],)))


@section
def removal():
    d = {"a": 1, "b": 2, "c": 3, "d": 4}
    tell(lambda: d.pop("b"))
    print(d)
    item = d.popitem()
    print(None)
    print(item)
    print(d)
    tell(lambda: delete(d, "a"))
    print(d)
    tell(lambda: d.popitem() and None)
    print(d)
    tell(lambda: d.popitem() and None)
    d.clear()
    print(d)
    d[1] = 2
    d.clear()
    print(d, len(d))


@section
def missing_keys():
    d = {}
    for key in ("x", 1, -5, 1.5, None, True, "it's", "", -1.5):
        tell(lambda: delete(d, key))
        tell(lambda: d.pop(key))


@section
def update():
    a = {"x": 1, "y": 2}
    for other in ({}, {"y": 3}, {"z": 4, "x": 5}, {1: 1, 1.0: 2}, {(): 0}):
        tell(lambda: a.update(other))
        print(a)
    tell(lambda: a.update(a))
    print(a)
    b = a.copy()
    b["new"] = None
    print(a == b, a is b)


@section
def equality():
    texts = ["{}", "{1: 2}", "{1.0: 2}", "{1: 2.0}", "{'a': []}", "{'a': [1]}", "{1: 2, 3: 4}",
             "{3: 4, 1: 2}", "[]", "{None: None}"]
    for x in texts:
        for y in texts:
            print(x, y, eval(x) == eval(y), eval(x) != eval(y))


@section
def iteration_while_it_changes():
    d = {"a": 1, "b": 2, "c": 3}
    it = iter(d)
    tell(lambda: next(it, None))
    d["b"] = 20
    tell(lambda: next(it, None))
    d["d"] = 4
    tell(lambda: next(it, None))
    tell(lambda: next(it, None))
    it = iter(d)
    del d["a"]
    tell_items("after del", it)
    it = iter(d)
    d.clear()
    tell_items("after clear", it)
    tell_items("empty", iter(d))
    d = {1: 1, 2: 2}
    it = iter(d)
    tell(lambda: next(it, None))
    del d[1]
    d[3] = 3
    tell_items("all", iter(d))
    print(iter(it) is it)


@section
def counts_of_keys_and_values():
    key, value, d = tuple(["key"]), ["value"], {}
    print(getrefcount(key), getrefcount(value))
    d[key] = value
    print(getrefcount(key), getrefcount(value))
    d[tuple(["key"])] = value
    print(getrefcount(key), getrefcount(value))
    d[None] = value
    print(getrefcount(key), getrefcount(value))
    copy = d.copy()
    print(getrefcount(key), getrefcount(value))
    d[key] = None
    print(getrefcount(key), getrefcount(value))
    del copy[key]
    print(getrefcount(key), getrefcount(value))
    del copy
    print(getrefcount(key), getrefcount(value))
    popped = d.pop(None)
    print(getrefcount(key), getrefcount(value))
    del popped
    d.clear()
    print(getrefcount(key), getrefcount(value))
