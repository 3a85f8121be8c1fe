# SPDX-License-Identifier: MIT
from operator import and_, or_, sub, xor

from parity import assign, hidden, section, tell, tell_items

OPERATORS = [and_, or_, sub, xor]


def tell_sorted(call):
    try:
        result = call()
        print(type(result).__name__, sorted(result))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


@section
def views_follow_their_dict():
    d = {}
    views = [d.keys(), d.values(), d.items()]
    keys = ["a", 2, None, (1, "x")]
    for n in range(5):
        for view in views:
            print(view, len(view), bool(view))
        if n < 4:
            d[keys[n]] = n * n
    del d[2]
    for view in views:
        tell_items(type(view).__name__, view)
        print(list(view))
    d["v"] = views[1]
    print(d)
    d["v"] = views[2]
    print(d)
    print(views[2])


@section
def what_is_in_a_view():
    d = {"a": 1, 2: "b", (): None, 1.5: []}
    things = ["a", 1, 2.0, (), None, ("a", 1), (2, "b"), [], "b", (1.5, []), (1.5, 0),
              ("a", 1, 1), {}, ("a",), ("a", True)]
    for thing in things:
        print(repr(thing), end=" ")
        tell(lambda: thing in d.keys())
        tell(lambda: thing in d.values())
        tell(lambda: thing in d.items())
    tell(lambda: ([], 1) in d.items())


@section
def views_as_operands():
    d, other = {1: "a", 2: "b", 3: "c"}, {3: "c", 2: "x", 4: "d"}
    keys, items = d.keys(), d.items()
    others = [other.keys(), {1, 7}, frozenset((2,)), [3, 3, 4], other, ()]
    for operator in OPERATORS:
        for thing in others:
            tell_sorted(lambda: operator(keys, thing))
            tell_sorted(lambda: operator(thing, keys))
        tell_sorted(lambda: operator(items, other.items()))
        tell_sorted(lambda: operator(items, [(1, "a"), (5, "e")]))
        tell(lambda: operator(d.values(), other.values()))
        tell(lambda: operator(keys, 5))
    tell(lambda: keys + keys)
    print(keys.isdisjoint([4, 5]), keys.isdisjoint([4, 3]))
    print(items.isdisjoint(other.items()), items.isdisjoint({3: "d"}.items()))
    tell(lambda: keys.isdisjoint(1))


@section
def views_compare_as_sets():
    dicts = [{}, {1: "a"}, {1: "b"}, {2: "x", 1: "a"}]
    for x in dicts:
        for y in dicts:
            for a, b in ((x.keys(), y.keys()), (x.items(), y.items())):
                print(a == b, a != b, a < b, a <= b, a > b, a >= b)
        print(x.keys() == {1}, {1} <= x.keys())
    d = {1: 2}
    values = d.values()
    print(values == values, values == d.values())
    print(d.keys() == [1])
    tell(lambda: d.keys() < [1])
    tell(lambda: values < values)
    tell(lambda: hash(d.keys()) and None)
    tell(lambda: hash(d.items()) and None)
    tell(lambda: hash(values) and None)


@section
def views_while_the_dict_changes():
    d = {1: "a", 2: "b", 3: "c"}
    iterators = [iter(d.keys()), iter(d.values()), iter(d.items()), iter(d)]
    for iterator in iterators:
        tell(lambda: next(iterator))
    d[2] = "B"
    for iterator in iterators:
        tell(lambda: next(iterator))
    d[4] = "d"
    for iterator in iterators:
        tell(lambda: next(iterator))
    del d[4]
    for iterator in iterators:
        tell(lambda: next(iterator))


@section
def other_keys_of_the_same_number():
    d = {i: i * i for i in range(12)}
    for i, view in enumerate((d.keys(), d.values(), d.items(), d)):
        iterator = iter(view)
        print(next(iterator))
        del d[i]
        d[i + 12] = None
        tell_items("rest", iterator)
        tell_items("no more", iterator)
    given = 0
    try:
        for key in d:
            given += 1
            del d[key]
            d[key + 12] = None
    except RuntimeError as error:
        print(f"RuntimeError: {error}", given)
    print(len(d))


@section
def methods_of_sets():
    for b in [2, 3, 3], (1,), {4: 0}, "ab", [], [[]], 7:
        a = {1, 2, 3}
        f = frozenset(a)
        tell_sorted(lambda: a.union(b))
        tell_sorted(lambda: f.intersection(b))
        tell_sorted(lambda: f.difference(b))
        tell_sorted(lambda: f.symmetric_difference([3, 4, 4]))
        tell(lambda: a.issubset(b))
        tell(lambda: a.issuperset(b))
        tell(lambda: a.isdisjoint(b))
        tell(lambda: a.intersection_update(b))
        tell_sorted(lambda: a)
        tell(lambda: a.update([5, 6, 7]))
        tell(lambda: a.difference_update((6, 8)))
        tell_sorted(lambda: a)
        tell(lambda: a.symmetric_difference_update((6, 7, 7)))
        tell_sorted(lambda: a)
    s = set("xy")
    for key in "x", "x", 1.5, None, []:
        tell(lambda: s.remove(key))
    tell(lambda: s.difference_update(s))
    tell_sorted(lambda: s)


@section
def operators_of_sets():
    a, f = {1, 2}, frozenset((2, 3))
    for operator in OPERATORS:
        for thing in f, set(), [1], {1: 2}, 3, None:
            tell_sorted(lambda: operator(a, thing))
            tell_sorted(lambda: operator(thing, f))
    tell(lambda: a + a)


@section
def names_of_iterators():
    d = {1: 2}
    for thing in ([1], (1, 2), (), d, d.keys(), d.values(), d.items(), {1}, frozenset((1,)),
                  range(2), b"ab", bytearray(b"a")):
        iterator = iter(thing)
        print(type(iterator).__name__)
        tell_items("items", iterator)
        print(type(iterator).__name__, hidden(iterator))
    tell(lambda: iter(None))
