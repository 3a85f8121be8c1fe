# SPDX-License-Identifier: MIT
import operator

from parity import section, tell, told

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv,
             operator.mod, operator.lshift, operator.rshift, operator.and_, operator.or_,
             operator.xor]
NAMES = ["add", "sub", "mul", "truediv", "floordiv", "mod", "lshift", "rshift", "and", "or", "xor"]
ORDER = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
ORDERS = ["lt", "le", "eq", "gt", "ge"]


def define(cls, *names):
    """Each method tells its name and the arguments."""
    for name in names:
        setattr(cls, f"__{name}__", lambda self, *rest, name=name: (f"__{name}__",) + rest)


def make(name, base, *names):
    cls = type(name, (base,) if base else (), {"__repr__": lambda self: f"<{name}>"})
    define(cls, *names)
    return cls


def answering(method, answer):
    """An instance of a class whose only method answers just that."""
    return type("C", (), {method: lambda self, *rest: answer})()


@section
def lengths():
    for answer in (0, 3, True, -1, 2.5, None, 1 << 62, [1]):
        thing = answering("__len__", answer)
        tell(lambda: min(len(thing), 9))
        tell(lambda: bool(thing))
    tell(lambda: len(answering("x", 1)))
    tell(lambda: bool(answering("x", 1)))


@section
def truths():
    for answer in (True, False, 1, 0, None, "", [], 2.0):
        tell(lambda: bool(answering("__bool__", answer)))

    class Both:
        def __bool__(self):
            return False

        def __len__(self):
            return 3

    print(bool(Both()), len(Both()))
    print(all([answering("__bool__", True), answering("__len__", 1)]))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        if self.n == 13:
            raise ValueError("13")
        self.n -= 1
        return self.n


@section
def iteration():
    print(list(Countdown(4)), tuple(Countdown(3)), sorted(set(Countdown(3))))
    print(2 in Countdown(4), 9 in Countdown(4))
    whole = [0]
    whole.extend(Countdown(2))
    print(whole)
    whole[1:1] = Countdown(3)
    print(whole)
    tell(lambda: list(Countdown(14)))
    tell(lambda: 5 in Countdown(15))
    print({1, 2} | set(Countdown(4)), {1, 2}.issubset(Countdown(3)), {5}.union(Countdown(2)))
    thing = Countdown(2)
    print(iter(thing) is thing)
    print(next(thing))
    print(next(thing))
    for answer in ([], iter([1]), 5, None, Countdown(1)):
        tell(lambda: list(answering("__iter__", answer)))
    for call in (iter, next, list, set):
        tell(lambda: call(answering("x", 1)))
    tell(lambda: 1 in answering("x", 1))
    tell(lambda: {1}.union(answering("x", 1)))


@section
def subscripts():
    log = []

    class Record:
        def __getitem__(self, key):
            return ("get", key)

        def __setitem__(self, key, value):
            log.append(("set", key, value))

        def __delitem__(self, key):
            if key == "x":
                raise KeyError(key)
            log.append(("del", key))

    record = Record()
    print(record[0], record["a"], record[(1, 2)], record[-1])
    print(record[1:2])
    record["k"] = 5
    record[1] = None
    del record[3]
    print(log)

    def delete():
        del record["x"]
    tell(delete)
    other = answering("x", 1)

    def put():
        other[0] = 1

    def remove_str():
        del other["a"]
    tell(lambda: other[0])
    tell(put)
    tell(remove_str)
    tell(lambda: record[1:2:3])
    for answer in (True, 0, [], "yes", None):
        print(1 in answering("__contains__", answer))


@section
def arithmetic():
    a = make("A", None, *NAMES, *("r" + name for name in NAMES))()
    for call in OPERATORS:
        print(call(a, 1), call(1, a), call(a, a), call([], a), call((), a), call(a, {1}),
              call({1}, a), call(2.5, a), call(None, a))


@section
def reflected_arithmetic():
    names = [name for pair in ((name, "r" + name) for name in NAMES) for name in pair]
    Base = make("Base", None, *names)
    Plain = make("Plain", Base)
    Derived = make("Derived", Base, "radd", "sub")
    Right = make("Right", None, "radd", "rsub")
    base, plain, derived, right = Base(), Plain(), Derived(), Right()
    things = (base, plain, derived, right)
    for x in things:
        for y in things:
            tell(lambda: x + y)
            tell(lambda: x - y)
    tell(lambda: right * base, lambda: base * right)
    tell(lambda: right * right)


@section
def not_implemented():
    print(repr(NotImplemented), type(NotImplemented).__name__)
    Shy = type("Shy", (), {f"__{name}__": lambda self, other: NotImplemented
                           for name in NAMES + ["r" + n for n in NAMES] + ORDERS})
    Shy.__repr__ = lambda self: "<Shy>"
    shy, a = Shy(), make("A", None, "radd", "sub", "gt")()
    for call in OPERATORS:
        tell(lambda: call(shy, 1))
        tell(lambda: call(shy, shy))
    tell(lambda: shy + a, lambda: a - shy)
    tell(lambda: shy < a, lambda: a > shy)
    for call in ORDER:
        tell(lambda: call(shy, 1))
        tell(lambda: call(1, shy))
        tell(lambda: call(shy, Shy()))
        tell(lambda: call(shy, shy))


@section
def comparisons():
    def method(name):
        return lambda self, other: log.append((self.__class__.__name__, name)) or name in true
    Base = type("Base", (), {f"__{name}__": method(name) for name in ORDERS})
    Derived = type("Derived", (Base,), {"__gt__": method("gt")})
    Low = type("Low", (), {"__lt__": method("lt"), "__le__": method("le")})
    things = [Base(), Derived(), Low(), 3]
    for true in (("lt", "ge", "eq"), ("gt", "le")):
        for call in ORDER:
            for x in things:
                for y in things:
                    log = []
                    print(told(lambda: call(x, y)), log)


@section
def attributes_made_up():
    class Any:
        known = 1

        def __getattr__(self, name):
            if name.startswith("no"):
                raise AttributeError("never " + name)
            return name + "!"

    any_ = Any()
    any_.own = 2
    print(any_.known, any_.own, any_.other)
    tell(lambda: any_.nothing)
    print(hasattr(any_, "x"), hasattr(any_, "now"))
    any_.other = 3
    print(any_.other)
    del any_.other
    print(any_.other)
    tell(lambda: Any.other)
    tell(lambda: getattr(any_, "b"))
    tell(lambda: getattr(any_, 1))
    print(any_.__class__.__name__)
    tell(lambda: answering("x", 1).y)


@section
def instances_are_not_asked():
    thing = answering("x", 1)
    thing.__len__ = lambda: 3
    thing.__iter__ = lambda: iter([])
    thing.__add__ = lambda other: 1
    thing.__getitem__ = lambda key: 1
    thing.__contains__ = lambda key: True
    thing.__bool__ = lambda: False
    tell(lambda: len(thing))
    tell(lambda: iter(thing))
    tell(lambda: thing + 1)
    tell(lambda: 1 + thing)
    tell(lambda: thing[0])
    tell(lambda: 1 in thing)
    tell(lambda: bool(thing))
    tell(lambda: next(thing))
    tell(lambda: thing < thing)
    tell(lambda: thing == thing, lambda: thing != thing)
