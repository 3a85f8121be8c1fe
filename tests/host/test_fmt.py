# SPDX-License-Identifier: MIT
"""The runtime's numbers against this Python's: repr(float), float(text), str.isprintable().

fmt_check.c, built with the sanitizers, is questioned in batches.  Every run draws the same numbers
unless told otherwise; two million of them:

    make test TEST=host/test_fmt SEED=7 SCALE=50
"""
import math
import os
import random
import struct
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "build/host-64/tests/host/fmt_check")
SEED = int(os.environ.get("SEED", "1"))
VALUES = 20000 * int(os.environ.get("SCALE", "1"))
BATCH = 100000

MALFORMED = """
|.|-|+|e|e5|.e5|-.|+.e1|1e|1e+|1e-|1e+-5|1.2.3|1..|..1|--1|+-1|1-|1e5.|1e5e5|1e5.0|0x10|1a|a1| 1|1\t
|1_0|1,5|inf|nan|Infinity|-inf|NaN|1f|1.0L|1e5 |1 e5|1e 5|\u0661|1\u0662|\u2212""".replace(
    "\n", "").split("|") + ["1e1_0", "1 "]


def ask(requests):
    """What fmt_check answers."""
    done = subprocess.run([PROGRAM], input="\n".join(requests) + "\n", encoding="utf-8",
                          stdout=subprocess.PIPE, check=True)
    answers = done.stdout.splitlines()
    assert len(answers) == len(requests)
    return answers


def bits_of(value):
    return struct.pack(">d", value).hex()


def double(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


def near(rng, value):
    """A double at most three steps away."""
    for _ in range(rng.randrange(4)):
        value = math.nextafter(value, rng.choice([-math.inf, math.inf]))
    return value


def any_double(rng):
    """Doubles of every kind, the awkward ones more often than chance would have them."""
    kind = rng.randrange(8)
    if kind < 2:
        return double(rng.getrandbits(64))
    if kind == 2:
        return double(rng.getrandbits(rng.randrange(1, 53)))    # subnormals
    if kind == 3:
        return near(rng, math.ldexp(1, rng.randrange(-1074, 1024)))
    if kind == 4:
        return near(rng, float(f"1e{rng.randrange(-324, 309)}"))
    if kind == 5:
        return float(rng.getrandbits(rng.randrange(1, 70)))
    if kind == 6:
        return near(rng, rng.randrange(10 ** rng.randrange(1, 9)) / 10 ** rng.randrange(1, 9))
    return double(rng.getrandbits(12) << 52 | rng.getrandbits(8) << rng.randrange(45))


def exact(numerator, power_of_2):
    """numerator * 2**power_of_2 as decimal text, all its digits."""
    if power_of_2 >= 0:
        return str(numerator << power_of_2)
    return f"{numerator * 5 ** -power_of_2}e{power_of_2}"


def halfway(rng):
    """Text halfway between two doubles, or next to it, in the last of very many digits."""
    kind = rng.randrange(3)
    mantissa = rng.getrandbits(rng.randrange(1, 53)) | (0 if kind == 0 else 1 << 52)
    power = -1074 if kind == 0 else rng.randrange(*(-1074, 972) if kind == 1 else (-120, 9))
    digits, _, exponent = exact(2 * mantissa + 1, power - 1).partition("e")
    exponent = int(exponent or 0)
    shift = rng.randrange(4)
    if shift == 1:
        digits = str(int(digits) - 1)
    elif shift == 2:
        zeros = rng.choice([0, 1, 20, 800])
        digits += "0" * zeros + "1"
        exponent -= zeros + 1
    elif shift == 3:
        zeros = rng.choice([0, 1, 30, 900])
        digits += "0" * zeros + ".000"
        exponent -= zeros
    return f"{digits}e{exponent}"


def any_text(rng):
    """Well-formed text of a number."""
    kind = rng.randrange(8)
    if kind == 0:
        return halfway(rng)
    if kind == 1:                       # a point anywhere, zeros around
        digits = "0" * rng.randrange(3) + str(rng.getrandbits(rng.randrange(1, 80)))
        at = rng.randrange(len(digits) + 1)
        return digits[:at] + "." + digits[at:]
    if kind == 2:                       # long runs of zeros that the exponent makes up for
        zeros = rng.randrange(1000)
        return f"0.{'0' * zeros}{rng.getrandbits(50)}E{zeros + rng.randrange(-330, 320):+}"
    if kind == 3:
        return f"{rng.getrandbits(50)}{'0' * rng.randrange(1000)}e-{rng.randrange(1300)}"
    if kind == 4:
        exponent = rng.getrandbits(rng.randrange(1, 90)) * rng.choice([-1, 1])
        return f"{rng.choice('+-')}{rng.getrandbits(30)}e{exponent}"
    sign = rng.choice(["", "-", "+"])
    digits = str(rng.randrange(10 ** rng.randrange(1, 20)))
    return f"{sign}{digits[0]}.{digits[1:]}e{rng.randrange(-330, 312)}"


def batches(count, salt):
    """(a generator to draw from, how many to draw) until `count` are drawn."""
    rng = random.Random(SEED * 1000 + salt)
    print(f"\nSEED {SEED}, {count} values")
    for done in range(0, count, BATCH):
        yield rng, min(BATCH, count - done)


def test_format():
    """Text as repr() has it, and reading it back gives the same bits."""
    for rng, count in batches(VALUES, 1):
        values = [any_double(rng) for _ in range(count)]
        texts = ask([f"f {bits_of(v)}" for v in values])
        for value, text in zip(values, texts):
            assert text == repr(value), bits_of(value)
        values = [v for v in values if math.isfinite(v)]
        for value, bits in zip(values, ask([f"p {v!r}" for v in values])):
            assert bits == bits_of(value), repr(value)


def test_parse():
    """Text to the same bits as float() has it."""
    for rng, count in batches(VALUES // 2, 2):
        texts = [any_text(rng) for _ in range(count)]
        for text, bits in zip(texts, ask([f"p {t}" for t in texts])):
            assert bits == bits_of(float(text)), text


def test_parse_judges():
    """What is a number and what is not, as float() has it for the characters of numbers."""
    for rng, count in batches(VALUES // 2, 3):
        texts = ["".join(rng.choices("0123..eE+-", k=rng.randrange(1, 8))) for _ in range(count)]
        for text, bits in zip(texts, ask([f"p {t}" for t in texts])):
            try:
                assert bits == bits_of(float(text)), text
            except ValueError:
                assert bits == "no", text


@pytest.mark.parametrize("text", MALFORMED, ids=ascii)
def test_malformed(text):
    """Not numbers here, even where Python takes them: spaces, underscores, words, other digits."""
    assert ask([f"p {text}"]) == ["no"]


def test_integers():
    rng = random.Random(SEED)
    values = [0, -1, 9, 10, 2 ** 31, 2 ** 32, 2 ** 63 - 1, -2 ** 63]
    values += [10 ** i + j for i in range(19) for j in (-1, 0)]
    values += [rng.randrange(-1 << rng.randrange(63), 1 << rng.randrange(1, 63))
               for _ in range(VALUES // 4)]
    assert ask([f"i {v}" for v in values]) == [str(v) for v in values]
    values = [rng.getrandbits(rng.randrange(1, 65)) for _ in range(VALUES // 4)] + [0, 2 ** 64 - 1]
    assert ask([f"h {v:x}" for v in values]) == [f"{v:x}" for v in values]


def test_printable():
    """Every code point."""
    [answer] = ask(["u"])
    wrong = [hex(c) for c in range(0x110000) if (answer[c] == "1") != chr(c).isprintable()]
    assert wrong == []
