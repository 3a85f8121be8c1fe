# SPDX-License-Identifier: MIT
import sys

from parity import section, tell, told

LINES = ["", "a", "abcabc", "aXbXXc", "  a b  c ", "\n", "a\nb\r\nc\rd", "née été", "\u2028x\u00a0y",
         "aaaa", "=a==b="]
PARTS = ["", "a", "bc", "X", "XX", "=", "é", "aa", "ée"]


@section
def find_in_str():
    for line in LINES:
        print([line.find(part) for part in PARTS], [line.rfind(part) for part in PARTS])
        print([line.find(part, 1, -1) for part in PARTS], [line.rfind(part, 2, 5) for part in PARTS])
        print([line.find("", start) for start in range(-3, 4)])


@section
def count_in_str():
    for line in LINES:
        print([line.count(part) for part in PARTS], [line.count(part, 1, -1) for part in PARTS])


@section
def ends_of_str():
    for line in LINES:
        print([line.startswith(part) for part in PARTS], [line.endswith(part) for part in PARTS])
        print([line.startswith(part, 1) for part in PARTS],
              [line.endswith(part, 0, -1) for part in PARTS])
    tell(lambda: "abc".startswith(("b", "a")))
    tell(lambda: "abc".endswith(("b", "a")))
    tell(lambda: "abc".startswith(("b", 1)))
    tell(lambda: "abc".endswith((1,)))
    tell(lambda: "abc".startswith(()))
    tell(lambda: "abc".startswith(1))
    tell(lambda: "abc".endswith(1))
    tell(lambda: "".startswith("", 1))


@section
def index_in_str():
    for text in ("abc", "été", ""):
        for part in ("b", "t", "", "x", 1):
            tell(lambda: text.index(part))
            tell(lambda: text.rindex(part))


@section
def split_str():
    for line in LINES:
        for most in (-1, 0, 1, 2):
            print(line.split(None, most), line.rsplit(None, most))
            print(line.split("X", most), line.rsplit("X", most))
    tell(lambda: "a".split(""))
    tell(lambda: "a".rsplit(1))
    print("a--b---c".split("--"), "a--b---c".rsplit("--"), "a--b---c".rsplit("--", 1))


@section
def lines_of_str():
    for line in LINES + ["\n\na\n", "a\v\f\x1c\x1d\x1eb\x85c", "\r\n", "\n\r", "\u2029\u202a"]:
        print(line.splitlines(), line.splitlines(True))


@section
def strip_str():
    for line in LINES + ["\u3000\u2003x\u205f\u1680", "\x1f\x85x", "\u200bx"]:
        for characters in (None, "", "a=", "é ", "X\n"):
            print(repr(line.strip(characters)), repr(line.lstrip(characters)),
                  repr(line.rstrip(characters)))
    tell(lambda: "a".strip(1))
    tell(lambda: "a".lstrip(1))
    tell(lambda: "a".rstrip(1))


@section
def parts_of_str():
    for line in LINES:
        for separator in ("a", "XX", "é", " ", "="):
            print(line.partition(separator), line.rpartition(separator))
    tell(lambda: "a".partition(""))
    tell(lambda: "a".rpartition(1))


@section
def replace_in_str():
    for line in LINES:
        print([line.replace(part, "-") for part in PARTS], [line.replace(part, "", 1) for part in PARTS])
        print([line.replace(part, "é€", 2) for part in PARTS])
    tell(lambda: "a".replace(1, ""))
    tell(lambda: "a".replace("", 1))


@section
def case_of_str():
    for text in ("", "abc", "ABC", "a-Z_9@[`{", "Hello, World", "{}", "MiXeD", " a", "xyzXYZ", "1"):
        print(repr(text.lower()), repr(text.upper()))


@section
def find_in_bytes():
    for line in (b"", b"abcabc", b"\0\xff\0", b"aaaa"):
        for part in (b"", b"a", b"bc", b"\0", b"aa", 97, 255, bytearray(b"c"), memoryview(b"\xff")):
            print(line.find(part), line.rfind(part), line.count(part), line.find(part, 1, -1))
    for part in ("a", 256, -1, None, [], 1.5):
        tell(lambda: b"a".find(part))
        tell(lambda: b"a".index(part))
        tell(lambda: b"a".count(part))
    tell(lambda: b"a".index(b"b"))
    tell(lambda: b"abc".startswith(b"ab"), lambda: b"abc".endswith((b"x", bytearray(b"c"))))
    tell(lambda: b"abc".startswith("ab"))
    tell(lambda: b"abc".endswith("ab"))
    tell(lambda: b"abc".endswith(("ab",)))


@section
def bytes_in_parts():
    for kind in (bytes, bytearray):
        for line in (b"", b"a,b,,c", b" a \t b\n", b"\xc2\xa0x\x1c", b"a\r\nb\x0bc"):
            text = kind(line)
            print(text.split(), text.split(b","), text.rsplit(b",", 1), text.splitlines())
            print(text.strip(), text.lstrip(b"a,"), text.rstrip(b"c\n"), text.partition(b","))
            print(text.rpartition(b","), text.replace(b",", b";"), text.replace(b"", b".", 2))
            print(text.upper(), text.lower())
    tell(lambda: b"a".split(b""))
    tell(lambda: b"a".split("a"))
    tell(lambda: b"a".strip("a"))
    tell(lambda: b"a".partition("a"))
    tell(lambda: b"a".replace("a", b""))
    tell(lambda: b"a".replace(b"a", ""))


@section
def bytes_joined():
    tell(lambda: b", ".join([b"a", bytearray(b"b"), memoryview(b"c")]))
    tell(lambda: bytearray(b"-").join([b"a", b"b"]))
    tell(lambda: b"".join([]))
    tell(lambda: b"".join((b"a",)))
    tell(lambda: b"x".join({b"a": 1, b"b": 2}))
    tell(lambda: b"x".join([b"a", "b"]))
    tell(lambda: b"x".join([1]))
    for data in (b"", b"\0\x01\xfe\xff", b"abc"):
        tell(data.hex, lambda: bytes.fromhex(data.hex()))
    for text in ("", " 0 1", "0g", "00 1", " 00\t01\n", "AbCd", "é0", "0", "0 0", b"00"):
        tell(lambda: bytes.fromhex(text))


@section
def identity_of_texts():
    text, data = "abc", b"abc"
    print(text.strip() is text, text.split("x")[0] is text, text.replace("x", "y") is text)
    print(text.partition("x")[0] is text, text.splitlines()[0] is text)
    print(data.strip() is data, data.split(b"x")[0] is data, data.replace(b"x", b"y") is data)
    array = bytearray(data)
    print(array.strip() is array, array.split(b"x")[0] is array, array.replace(b"x", b"") is array)
    array.strip().append(1)
    print(array)
    for made in (text.strip(), text.replace("a", "b"), data.split(b"b")[0], array.upper()):
        print(type(made).__name__, made)
    print(sys.getrefcount(array), len(array))
