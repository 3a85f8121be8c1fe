# SPDX-License-Identifier: MIT
"""functools.lru_cache beside the cache; and where that has no counterpart, a model of it."""
import functools
import gc
from collections import OrderedDict

from parity import section, tell


def remembered(maxsize):
    @functools.lru_cache(maxsize)
    def double(x, _=None):
        print("computed", repr(x))
        return x * 2
    return double


def info(double):
    i = double.cache_info()
    return f"hits {i.hits} misses {i.misses} maxsize {i.maxsize} currsize {i.currsize}"


@section
def hits_and_misses():
    double = remembered(8)
    print(info(double))
    for x in (1, 2, 1, 3, 2, 2, 4, 1):
        print(double(x))
        print(info(double))
    double.cache_clear()
    print(info(double))
    print(double(1), info(double))


@section
def the_oldest_makes_room():
    double = remembered(3)
    for x in (1, 2, 3, 1, 4, 2, 1, 3, 3, 5, 4, 1, 2, 5):
        print(double(x))
    print(info(double))


@section
def equal_keys_share_an_entry():
    double = remembered(4)
    for x in (1, 1.0, True, "1", 2, 2.0, (1,), (1.0,), "a", "".join(["a"])):
        print(repr(double(x, None)))  # alone, 1 and 1.0 are two
    print(info(double))
    for x in ([], {}, (1, [])):
        tell(lambda: double(x, None))
    print(info(double))


@section
def caches_of_size_one_and_none():
    double = remembered(1)
    for x in (1, 1, 2, 2, 1):
        print(double(x))
    print(info(double))
    double = remembered(0)
    for x in (1, 1, 2):
        print(double(x))
    i = double.cache_info()
    print(i.hits, i.misses, i.currsize)


@section
def many_entries():
    double, calls = functools.lru_cache(50)(lambda x: None), 0
    for i in range(400):
        before = double.cache_info().misses
        double(i * i % 67)
        calls += double.cache_info().misses - before
        if i % 40 == 0:
            print(i, calls, info(double))
    print(calls, info(double))


class Said(str):
    def __del__(self):
        print("dropped", self)


@section
def what_makes_room_is_dropped():
    @functools.lru_cache(2)
    def say(x):
        return [Said(f"value {x}")]

    for x in (1, 2, 1, 3, 4, 3, 4):
        print("asked", x)
        say(x)
    print("clear")
    say.cache_clear()
    print("end")


@section
def the_end_is_in_the_order_of_use():
    for maxsize, keys in ((8, 8), (20, 13), (20, 50)):
        for is_cleared in True, False:
            @functools.lru_cache(maxsize)
            def say(x):
                return [Said(f"value {x}")]

            for x in range(keys):
                say(x)
            for i in range(40):
                say(i * i % keys)
            print("end", maxsize, is_cleared)
            if is_cleared:
                say.cache_clear()
                say(1)
            del say
            gc.collect()


class Expiring:
    """A cache with a time to live, as plain as can be."""

    def __init__(self, maxsize, ttl, clock):
        self.maxsize, self.ttl, self.clock, self.entries = maxsize, ttl, clock, OrderedDict()

    def get(self, key):
        if key in self.entries and self.clock() - self.entries[key][1] < self.ttl:
            self.entries.move_to_end(key)
            return self.entries[key][0]
        self.entries.pop(key, None)
        return None

    def set(self, key, value):
        self.entries[key] = value, self.clock()
        self.entries.move_to_end(key)
        if len(self.entries) > self.maxsize:
            self.entries.popitem(last=False)


@section
def entries_expire():
    now = 0
    cache = Expiring(100, 10, lambda: now)
    cache.set("a", 1)
    now = 5
    cache.set("b", 2)
    for now in (8, 9, 10, 14, 15, 16):
        print(now, cache.get("a"), cache.get("b"))
    cache.set("a", 3)
    now = 25
    print(cache.get("a"))
    cache.set("a", 4)
    now = 34
    print(cache.get("a"))
    cache.set("a", 5)
    now = 43
    print(cache.get("a"))
    now = 44
    print(cache.get("a"), cache.get("b"))


@section
def entries_expire_and_make_room():
    now = 0
    cache = Expiring(3, 100, lambda: now)
    for key in range(4):
        cache.set(key, key * 10)
    print([cache.get(key) for key in range(4)])
    cache.get(1)
    now = 50
    cache.set(9, 90)
    print([cache.get(key) for key in range(10)])
    cache.set(2, 21)
    for now in (99, 100, 101, 149, 150):
        print(now, [cache.get(key) for key in (1, 2, 3, 9)])
    for now in range(151, 156):
        cache.set(now, now)
        print([cache.get(key) for key in range(150, now + 1)])
