# SPDX-License-Identifier: MIT
from sys import getrefcount

from parity import assign, section, tell, told

KINDS = [TypeError, ValueError, KeyError, IndexError, OverflowError, RuntimeError, AttributeError,
         ReferenceError, BufferError, MemoryError]


@section
def exceptions_as_text():
    for kind in KINDS:
        for error in (kind("a message"), kind(), kind("it's"), kind('"')):
            print(repr(error), str(error), type(error).__name__)


def catch(call):
    """The error of the call, None if there is none."""
    try:
        call()
    except Exception as error:
        return error.with_traceback(None)
    return None


def fail(error):
    raise error


@section
def errors_caught_and_raised():
    error = ValueError("mine")
    print(getrefcount(error))
    for _ in range(3):
        caught = catch(lambda: fail(error))
        print(caught is error, repr(caught))
    del caught
    print(getrefcount(error))
    tell(lambda: fail(error))
    print(catch(lambda: None))
    for call in (lambda: [][0], lambda: {}["x"], lambda: [].x, lambda: 1 < "a", lambda: hash([])):
        caught = catch(call)
        print(type(caught).__name__, repr(caught), str(caught))
        tell(lambda: fail(caught))


def fail_while_handling(first, second):
    try:
        raise first
    except Exception:
        raise second


@section
def errors_have_causes():
    first, second, third = KeyError("first"), ValueError("second"), TypeError("third")
    print(first.__context__)
    caught = catch(lambda: fail_while_handling(first, second))
    print(caught is second, caught.__context__ is first, repr(caught))
    caught = catch(lambda: fail_while_handling(second, third))
    print(repr(caught.__context__), repr(caught.__context__.__context__))
    print(caught.__context__.__context__.__context__)
    caught.__context__ = None
    print(repr(caught), caught.__context__)
    print(repr(second.__context__))
    second.__context__ = third
    print(repr(second.__context__), third.__context__)
    second.__context__ = None
    print(first == first, first == KeyError("first"), hash(first) == hash(first))
    tell(lambda: first < second)
    tell(lambda: len(first))
    tell(lambda: iter(first))
    tell(lambda: first())


class Logged:
    """Says what happens, and ends errors of one kind."""

    def __init__(self, name, ends=()):
        self.name, self.ends = name, ends

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, error, traceback):
        print("exit", self.name, repr(error))
        return isinstance(error, self.ends)


@section
def contexts():
    with Logged("plain") as name:
        print("inside", name)
    print("behind")

    def run(context, error):
        with context as name:
            print("inside", name)
            if error:
                raise error
        print("behind")

    tell(lambda: run(Logged("a"), None))
    tell(lambda: run(Logged("b"), ValueError("passed on")))
    tell(lambda: run(Logged("c", ValueError), ValueError("ended")))
    tell(lambda: run(Logged("d", ValueError), KeyError("another")))


@section
def contexts_in_contexts():
    def run(outer_ends, inner_ends, error):
        with Logged("outer", outer_ends):
            with Logged("inner", inner_ends):
                raise error
            print("between")
        print("behind")

    tell(lambda: run((), (), ValueError("one")))
    tell(lambda: run(ValueError, (), ValueError("two")))
    tell(lambda: run((), ValueError, ValueError("three")))
    tell(lambda: run(KeyError, ValueError, KeyError("four")))


class Failing:
    def __init__(self, at_enter, at_exit):
        self.at_enter, self.at_exit = at_enter, at_exit

    def __enter__(self):
        print("enter")
        if self.at_enter:
            raise ValueError("in enter")
        return 1

    def __exit__(self, kind, error, traceback):
        print("exit", repr(error))
        if self.at_exit:
            raise TypeError("in exit")


@section
def contexts_that_fail():
    def run(context, error):
        with context:
            print("inside")
            if error:
                raise error
        print("behind")

    tell(lambda: run(Failing(True, False), None))
    tell(lambda: run(Failing(False, True), None))
    tell(lambda: run(Failing(False, True), KeyError("inside")))
    caught = catch(lambda: run(Failing(False, True), KeyError("inside")))
    print(repr(caught), repr(caught.__context__))
    tell(lambda: run(Failing(False, False), KeyError("inside")))
    for thing in (1, [], None, "x"):
        tell(lambda: run(thing, None))


class OnlyEnter:
    def __enter__(self):
        print("entered")


@section
def half_a_context():
    def run(thing):
        with thing:
            print("inside")

    tell(lambda: run(OnlyEnter()))
    tell(lambda: run(object))
    for i in range(4):
        context = Logged(i)
        count = getrefcount(context)
        with context:
            print(getrefcount(context) - count)
        print(getrefcount(context) - count)


def leave_by_break():
    for i in range(5):
        with Logged(i):
            if i == 1:
                break
            print("turn", i)


def leave_by_return():
    with Logged("return"):
        return 5


@section
def ways_out_of_contexts():
    leave_by_break()
    print(leave_by_return())
    for i in range(2):
        with Logged(i):
            continue
    print("end")


@section
def released_on_error():
    class Name(str):
        def __del__(self):
            print("released", str(self))

    def run(n):
        held = [Name("a")]
        if n == 0:
            return "early"
        held.append(Name("b"))
        if n == 1:
            raise ValueError("after b")
        held.append(Name("c"))
        return "late"

    for n in range(3):
        print(n, told(lambda: run(n)))
    for i in range(3):
        x = Name(f"turn {i}")
        del x


@section
def errors_change_nothing():
    x, d, s = [1, 2], {"a": 1}, {1}
    tell(lambda: x.pop(5))
    tell(lambda: assign(x, 7, 0))
    tell(lambda: d.pop("b"))
    tell(lambda: assign(d, [], 0))
    tell(lambda: d.setdefault({}, 0))
    tell(lambda: s.add([]))
    tell(lambda: s.update(5))
    tell(lambda: d.update({1: 2}))
    tell(lambda: x.extend(None))
    tell(lambda: x.sort())
    print(x, d, s)
