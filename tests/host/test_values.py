# SPDX-License-Identifier: MIT
"""Random values, nested in each other, against this Python: repr, str, order, arithmetic, items,
slices, hashes, messages of errors.

value_check.c, built with the sanitizers, is questioned in batches.  Every run draws the same values
unless told otherwise; a million of them:

    make test TEST=host/test_values SEED=7 SCALE=50
"""
import operator
import os
import random
import struct
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "build/host-64/tests/host/value_check")
SEED = int(os.environ.get("SEED", "1"))
REQUESTS = 3000 * int(os.environ.get("SCALE", "1"))
BATCH = 20000

COMPARISONS = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv,
              operator.mod, operator.lshift, operator.rshift, operator.and_, operator.or_,
              operator.xor]
OF_SETS = [1, 8, 9, 10]
POINTS = [0, 7, 9, 10, 13, 27, 0x22, 0x27, 0x5c, 0x7e, 0x7f, 0x80, 0xa0, 0xad, 0xe9, 0xff, 0x100, 0x378,
          0x200b, 0x2028, 0x3042, 0xd800, 0xdfff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f40d, 0x10ffff]
INTS = [0, 1, -1, 2, 255, 256, -256, 2**30 - 1, 2**30, -2**30, -2**30 - 1, 2**31, 2**32, 2**53,
        2**53 + 1, 2**63 - 1, -2**63, 2**62]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.1, 1e16, 1e15, 123456789.0, 1e-5, 1e-4, 5e-324, 1.7976931348623157e308,
          float("inf"), float("-inf"), float("nan"), 2.0**53, 2.0**63, -2.0**63, 0.5, 1e22, 1e23]


# ---- values, and the words that say them ----

def any_float(rng):
    if rng.random() < 0.6:
        return rng.choice(FLOATS)
    return rng.choice([lambda: struct.unpack("<d", rng.randbytes(8))[0],
                       lambda: float(rng.randrange(-1000, 1000)),
                       lambda: rng.uniform(-10, 10)])()


def any_int(rng):
    kind = rng.randrange(3)
    if kind == 0:
        return rng.choice(INTS)
    return rng.randrange(-8, 9) if kind == 1 else rng.getrandbits(rng.randrange(1, 64)) - 2**31


def any_str(rng):
    n = rng.choice([0, 1, 2, 3, 8, 30]) if rng.random() < 0.98 else rng.randrange(250, 260)
    if rng.random() < 0.5:
        return "".join(rng.choice("ab'\"\\ \n") for _ in range(n))
    return "".join(chr(rng.choice(POINTS) if rng.random() < 0.7 else rng.randrange(0x3000))
                   for _ in range(n))


def any_atom(rng):
    kind = rng.randrange(12)
    if kind < 3:
        return [None, True, False][kind]
    if kind < 6:
        return any_int(rng)
    if kind < 8:
        return any_float(rng)
    return any_str(rng) if kind < 11 else rng.randbytes(rng.choice([0, 1, 2, 5, 20]))


def any_hashable(rng, depth):
    if depth == 0 or rng.random() < 0.7:
        return any_atom(rng)
    items = [any_hashable(rng, depth - 1) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    return frozenset(items[:1]) if rng.random() < 0.2 else tuple(items)


def any_value(rng, depth):
    kind = rng.randrange(10)
    if depth == 0 or kind < 3:
        return any_atom(rng)
    n = rng.choice([0, 1, 1, 2, 2, 3, 4, 5, 9, 20])
    if kind < 6:
        return [any_value(rng, depth - 1) for _ in range(n)]
    if kind == 6:
        return tuple(any_value(rng, depth - 1) for _ in range(n))
    if kind == 7:
        return {any_hashable(rng, 2): any_value(rng, depth - 1) for _ in range(n)}
    if kind == 8:
        return {any_hashable(rng, 2) for _ in range(min(n, 1))}
    return bytearray(rng.randbytes(n))


def numbers(rng):
    return rng.choice([any_int, any_float, lambda rng: rng.random() < 0.5])(rng)


def any_set(rng):
    items = {rng.randrange(6) for _ in range(rng.randrange(5))}
    return frozenset(items) if rng.random() < 0.5 else items


def any_sequence(rng):
    return rng.choice([any_str, any_bytes, lambda rng: any_value(rng, 1)])(rng)


def any_times(rng):
    return rng.choice([0, 1, 2, 3, 7, -1, True, None, 1.5])


BRACKETS = {tuple: "(", list: "[", set: "<", frozenset: "^"}


def encode(value):
    if value is None or isinstance(value, bool):
        return str(value)[0]
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8", "surrogatepass").hex()
    if isinstance(value, (bytes, bytearray)):
        return ("b" if isinstance(value, bytes) else "A") + value.hex()
    if isinstance(value, slice):
        return f"/ {encode(value.start)} {encode(value.stop)} {encode(value.step)} ;"
    if isinstance(value, dict):
        return " ".join(["{"] + [encode(x) for pair in value.items() for x in pair] + [";"])
    return " ".join([BRACKETS[type(value)]] + [encode(x) for x in value] + [";"])


def copied(value):
    """The same value, made of other objects, as those on the other side are."""
    if isinstance(value, float):
        return struct.unpack("<d", struct.pack("<d", value))[0]
    if isinstance(value, dict):
        return {copied(k): copied(v) for k, v in value.items()}
    return type(value)(map(copied, value)) if type(value) in BRACKETS else value


def changed(rng, value):
    """The value again, or one that is a little different."""
    if isinstance(value, (list, tuple)) and value and rng.random() < 0.7:
        items = list(value)
        i = rng.randrange(len(items))
        items[i] = changed(rng, items[i])
        return type(value)(items)
    if isinstance(value, (int, float)) and rng.random() < 0.3:
        return float(value) if isinstance(value, int) else value
    return value if rng.random() < 0.7 else any_value(rng, 1)


# ---- what changes a container: of each type, a letter, what it does, and what it takes ----

def any_index(rng):
    return rng.choice([0, 1, -1, 2, -2, 5, 9, -9, rng.randrange(-25, 25)])


def any_slice(rng):
    ends = [rng.choice([None, any_index(rng)]) for _ in range(2)]
    return slice(*ends, rng.choice([None, None, 1, 1, 2, -1, -2, 3]))


def any_subscript(rng):
    return any_slice(rng) if rng.random() < 0.5 else any_index(rng)


def any_iterable(rng):
    return any_value(rng, 1) if rng.random() < 0.3 else list(range(rng.randrange(8)))


def any_key(rng):
    return rng.choice([rng.randrange(12), float(rng.randrange(3)), "a", "b", (1,), None, []])


def any_keys(rng):
    return {any_key(rng) or 7: i for i in range(rng.randrange(4))}


def any_number(rng):
    return rng.randrange(12)


def any_numbers(rng):
    numbers = [any_number(rng) for _ in range(rng.randrange(6))]
    return rng.choice([list, tuple, set, frozenset, dict.fromkeys])(numbers)


def any_byte(rng):
    return rng.choice([0, 65, 255, -1, 256])


def any_bytes(rng):
    return rng.choice([bytes, bytearray])(rng.randbytes(rng.randrange(4)))


def assign(container, key, value):
    container[key] = value


def delete(container, key):
    del container[key]


def resize(array, n):
    if n > len(array):
        array.extend(bytes(n - len(array)))
    elif n < len(array):
        del array[n:]


class Unordered(Exception):
    """A sort that failed leaves its list in any order."""


VIEWS = []
CHANGES = {
    list: [("a", list.append, any_atom), ("i", list.insert, any_index, any_atom),
           ("p", list.pop, any_index), ("e", list.extend, any_iterable),
           ("o", lambda x, reverse: x.sort(reverse=reverse), lambda rng: rng.random() < 0.5),
           ("r", list.reverse), ("z", list.clear), ("=", assign, any_index, any_atom),
           ("=", assign, any_slice, any_iterable), ("-", delete, any_subscript)],
    dict: [("=", assign, any_key, any_atom), ("-", delete, any_key), ("p", dict.pop, any_number),
           ("q", dict.popitem), ("d", dict.setdefault, any_key, any_atom),
           ("u", dict.update, any_keys), ("z", dict.clear), ("y", dict.copy)],
    set: [("a", set.add, any_key), ("x", set.discard, any_number), ("k", set.remove, any_number),
          ("u", set.update, any_numbers), ("&", set.intersection_update, any_numbers),
          ("~", set.difference_update, any_numbers),
          ("^", set.symmetric_difference_update, any_numbers), ("<", set.issubset, any_numbers),
          (">", set.issuperset, any_numbers), ("!", set.isdisjoint, any_numbers),
          ("z", set.clear)],
    bytearray: [("a", bytearray.append, any_byte), ("e", bytearray.extend, any_bytes),
                ("=", assign, any_index, any_byte), ("z", resize, any_number),
                ("v", lambda x: VIEWS.append(memoryview(x)))],
}


def any_changes(rng):
    """A container, and what is done to it: letters, functions, arguments."""
    kind = rng.choice(list(CHANGES))
    start = {list: lambda: [rng.randrange(30) for _ in range(rng.choice([0, 3, 15, 17, 40]))],
             dict: lambda: {rng.randrange(40): i for i in range(rng.choice([0, 3, 8, 30]))},
             set: lambda: {rng.randrange(20) for _ in range(rng.choice([0, 3, 8, 30]))},
             bytearray: lambda: bytearray(rng.randbytes(rng.choice([0, 0, 5])))}[kind]()
    done = []
    for _ in range(rng.randrange(1, 12)):
        letter, function, *arguments = rng.choice(CHANGES[kind])
        if letter == "v" and rng.random() < 0.7 or letter == "z" and rng.random() < 0.7:
            continue
        done.append((letter, function, [argument(rng) for argument in arguments]))
    if kind is set:
        done = [(letter, function, [x if isinstance(x, int) else 3 if letter == "a" else x
                                    for x in arguments]) for letter, function, arguments in done]
    return start, done


def apply(x, done):
    told = []
    for letter, function, arguments in done:
        try:
            result = repr(function(x, *arguments))
        except Exception as error:  # pylint: disable=broad-except
            if letter == "o":
                raise Unordered from error
            message = error.args[0] if error.args else ""
            result = f"{type(error).__name__}: {repr(message) if type(error) is KeyError else message}"
        told.append(result)
    VIEWS.clear()
    return " | ".join(told + [repr(sorted(x) if isinstance(x, set) else x)])


# ---- requests ----

class Said(str):
    """Said already."""
    __repr__ = str.__str__


def is_sayable(value):
    """Has it no set of which the order would be told, and no int of more than 64 bits?"""
    if isinstance(value, (set, frozenset)) and len(value) > 1:
        return False
    if isinstance(value, int):
        return -2**63 <= value < 2**63
    if isinstance(value, dict):
        return all(is_sayable(x) for pair in value.items() for x in pair)
    return type(value) not in BRACKETS or all(map(is_sayable, value))


def draw(rng):
    """A request, and what answers it here."""
    kind = rng.choice("rrscccaaikhntlSggmmmj")
    if kind == "m":
        start, done = any_changes(rng)
        words = [letter + "".join(" " + encode(x) for x in arguments) + " ;" * (len(arguments) < 2)
                 for letter, _, arguments in done]
        return f"m {encode(start)} {' '.join(words)} .", lambda: Said(apply(start, done))
    x = any_value(rng, 3)
    if kind == "a":
        x, y = (any_set(rng), any_set(rng)) if rng.random() < 0.3 else (numbers(rng), numbers(rng))
        op = rng.choice(OF_SETS) if isinstance(x, (set, frozenset)) else rng.randrange(11)
        if op == 3 and isinstance(x, int) and isinstance(y, int):
            x, y = x >> 10, y >> 10  # 2^53 and more is rounded before, see ouro_arith()
        if op == 6 and isinstance(y, int) and y > 100:
            y %= 70
        return f"a {op} {encode(x)} {encode(y)}", lambda: ARITHMETIC[op](x, y)
    if kind == "c":
        y = copied(changed(rng, x)) if rng.random() < 0.8 else any_value(rng, 3)
        op = rng.randrange(6)
        return f"c {op} {encode(x)} {encode(y)}", lambda: COMPARISONS[op](x, y)
    if kind == "i":
        y = rng.choice([rng.randrange(-5, 5), any_hashable(rng, 1)])
        if isinstance(x, dict) and x and rng.random() < 0.5:
            y = copied(rng.choice(list(x)))
        return f"i {encode(x)} {encode(y)}", lambda: x[y]
    if kind == "k":
        y = any_hashable(rng, 1)
        if type(x) in BRACKETS and x and rng.random() < 0.5:
            y = copied(rng.choice(list(x)))
        return f"k {encode(x)} {encode(y)}", lambda: y in x
    if kind == "h":
        y = copied(changed(rng, x))
        return f"h {encode(x)} {encode(y)}", lambda: (hash(x), hash(y), x == y)[2] or "different"
    if kind == "j":
        x, y = any_sequence(rng), rng.choice([any_sequence, any_sequence, any_times])(rng)
        op, function = rng.choice([(0, operator.add), (2, operator.mul)])
        x, y = (z % 9 if isinstance(z, int) and z > 9 else z for z in (x, y))
        x, y = (x, y) if rng.random() < 0.7 else (y, x)
        return f"a {op} {encode(x)} {encode(y)}", lambda: function(x, y)
    if kind == "g":
        x = rng.choice([any_str(rng), rng.randbytes(9), list(range(20)), tuple(range(40))])
        ends = [rng.choice([None, 0, 1, -1, 3, -4, 100, -100, rng.randrange(-45, 45)])
                for _ in range(2)]
        step = rng.choice([None, 1, 2, -1, -3, 7, 0, 50])
        cut = slice(ends[0], ends[1], step)
        return f"g {encode(x)} {' '.join(map(encode, ends + [step]))}", lambda: x[cut]
    function = {"r": lambda: x, "s": lambda: str(x), "n": lambda: len(x), "t": lambda: bool(x),
                "l": lambda: list(x), "S": lambda: sorted(x)}[kind]
    return f"{kind} {encode(x)}", function


def expected(request, function):
    """The answer; None where there is none to compare, a kind alone where the words may differ."""
    try:
        result = function()
    except (OverflowError, Unordered):
        return None
    except Exception as error:  # pylint: disable=broad-except
        message = error.args[0] if error.args else ""
        if request[0] == "S":
            return type(error).__name__
        if isinstance(error, KeyError):
            message = repr(message)
        return f"{type(error).__name__}: {message}"
    if request[0] == "h" and result == "different":
        return None
    if not is_sayable(result):
        return "OverflowError" if isinstance(result, int) else None
    return repr(result)


def ask(requests):
    done = subprocess.run([PROGRAM], input="\n".join(requests) + "\n", encoding="utf-8",
                          errors="replace", stdout=subprocess.PIPE, check=True)
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(requests)
    return answers


def is_same(answer, got):
    """As it should be?  A message is cut off behind 95 bytes, maybe in the middle of a character."""
    if ":" not in answer:
        return got == answer or got.startswith(answer + ":")
    is_cut = len(answer.encode("utf-8", "replace")) > 95 and len(got.encode("utf-8")) > 90
    return got == answer or (is_cut and answer.startswith(got.rstrip("\ufffd")))


@pytest.mark.parametrize("part", range(max(1, REQUESTS // BATCH)))
def test_values(part):
    rng = random.Random(f"{SEED} {part}")
    asked = [(request, answer) for request, answer in
             ((request, expected(request, function)) for request, function in
              (draw(rng) for _ in range(min(REQUESTS, BATCH)))) if answer is not None]
    wrong = [(request, answer, got) for (request, answer), got in
             zip(asked, ask([request for request, _ in asked]))
             if not is_same(answer, got)]
    assert not wrong, f"SEED={SEED}: {len(wrong)} of {len(asked)}: {wrong[:10]}"
