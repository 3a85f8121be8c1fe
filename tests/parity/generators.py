# SPDX-License-Identifier: MIT
import gc
from sys import getrefcount

from parity import section, tell, tell_items, told


def squares(n):
    for i in range(n):
        yield i * i


def echo():
    got = yield "ready"
    while True:
        got = yield got


def failing():
    yield 1
    raise ValueError("no more")


def catching():
    while True:
        try:
            yield "waiting"
        except ValueError as error:
            print("caught", repr(error))
            yield "caught"


def careful():
    print("begin")
    try:
        yield 1
        yield 2
    finally:
        print("cleaned up")


def stubborn():
    while True:
        try:
            yield "still here"
        except GeneratorExit:
            pass


def throw(generator, error):
    """What comes next, None at the end."""
    try:
        return generator.throw(error)
    except StopIteration:
        return None
    finally:
        del error  # its traceback leads to here


def send(generator, value):
    try:
        return generator.send(value)
    except StopIteration:
        return None


@section
def generators_are_iterators():
    for n in (0, 1, 3, 10):
        tell_items("items", squares(n))
    g = squares(3)
    print(iter(g) is g, g == g, g == squares(3))
    print(next(g, None), next(g, None), next(g, None), next(g, None), next(g, None))
    print(list(squares(5)), tuple(squares(2)), sorted(set(squares(4))))
    print(type(g).__name__)
    tell(lambda: len(g))
    tell(lambda: g[0:1])
    tell(lambda: g())
    tell(lambda: g < g)


@section
def generators_get_what_is_sent():
    g = echo()
    tell(lambda: send(g, 1))
    tell(lambda: send(g, None))
    for thing in (1, "two", None, [3], 4.0):
        tell(lambda: send(g, thing))
    print(next(g))
    tell(lambda: g.close())
    tell(lambda: send(g, 1))
    tell(lambda: send(g, None))
    print(next(g, "None"))


@section
def generators_fail():
    g = failing()
    tell(lambda: next(g, None))
    tell(lambda: next(g, None))
    tell(lambda: next(g, None))
    tell(lambda: g.close())
    tell(lambda: throw(g, KeyError("gone")))
    tell(lambda: throw(failing(), KeyError("at the start")))
    tell(lambda: list(failing()))
    x = [0]
    tell(lambda: x.extend(failing()))
    print(x)
    tell(lambda: set(failing()))
    tell_items("items", failing())


@section
def errors_thrown_into_generators():
    g = catching()
    print(next(g))
    tell(lambda: throw(g, ValueError("first")))
    print(next(g))
    tell(lambda: throw(g, ValueError("second")))
    print(next(g))
    tell(lambda: throw(g, TypeError("not caught")))
    tell(lambda: next(g, None))
    tell(lambda: throw(g, ValueError("late")))
    g = squares(5)
    print(next(g), next(g))
    tell(lambda: throw(g, RuntimeError("stop")))
    print(next(g, None))


@section
def generators_are_closed():
    g = careful()
    g.close()
    print("never begun")
    g = careful()
    print(next(g))
    g.close()
    print("closed")
    g.close()
    print(next(g, None))
    g = careful()
    print(next(g), next(g), next(g, None))
    g.close()
    g = careful()
    print(next(g))
    tell(lambda: throw(g, ValueError("on the way")))
    g.close()
    print("end")


@section
def generators_die():
    g = careful()
    del g
    print("not begun")
    g = careful()
    print(next(g))
    del g
    print("dropped")
    g = careful()
    print(next(g))
    holder = [g]
    del g
    holder.clear()
    print("cleared")
    g = careful()
    list(g)
    del g
    print("at its end")
    g = careful()
    print(next(g))
    ring = [g]
    ring.append(ring)
    del g, ring
    print("in a cycle")
    gc.collect()
    print("collected")


@section
def generators_that_do_not_end():
    g = stubborn()
    print(next(g))
    tell(lambda: g.close())
    print(next(g))
    tell(lambda: throw(g, ValueError("out")))
    tell(lambda: g.close())
    print(next(g, None))
    g = stubborn()
    tell(lambda: g.close())
    print(next(g, None))
    g = stubborn()
    print(next(g), next(g))
    tell(lambda: g.close())
    tell(lambda: throw(g, KeyError(1)))
    print(next(g, None))


again = None


def reentrant():
    print(told(lambda: next(again)))
    print(told(lambda: again.send(1)))
    print(told(lambda: again.close()))
    print(told(lambda: again.throw(KeyError("x"))))
    yield "yielded"
    print(told(lambda: next(again)))


@section
def running_generators_cannot_be_resumed():
    global again
    again = reentrant()
    print(next(again, None))
    print(next(again, None))
    print(next(again, None))
    again = reentrant()
    print(next(again, None))
    again.close()
    again = None


def holding(thing):
    yield 1
    yield 2


@section
def locals_of_generators():
    thing = []
    g = holding(thing)
    print(getrefcount(thing))
    h = holding(thing)
    print(getrefcount(thing))
    next(g)
    print(getrefcount(thing))
    g.close()
    print(getrefcount(thing))
    print(next(h), next(h), next(h, None))
    print(getrefcount(thing))
    g = holding(thing)
    next(g)
    throw_result = told(lambda: throw(g, KeyError(1)))
    print(throw_result)
    g = holding(thing)
    print(getrefcount(thing))
    del g
    print(getrefcount(thing))
    both = [holding(thing), holding(thing)]
    print(getrefcount(thing), len(both))
    del both
    print(getrefcount(thing))
