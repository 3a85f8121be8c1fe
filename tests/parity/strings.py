# SPDX-License-Identifier: MIT
from sys import intern

from parity import section, tell, tell_items


def copy(text):
    """An equal str that is another object, and no constant of this program."""
    return "".join([text[:2], text[2:]])


@section
def repr_escapes():
    for s in ("", "a", "it's", '"', "'\"", "a\\b", "\n\r\t", "\x00\x01\x1f", "\x7f", "café", "€",
              "🐍", "\xa0", "\u2028", "\xad", "\uffff"):
        print(repr(s))


@section
def str_within_containers():
    for x in ("it's", ["it's"], ("a", "b\n"), {"k": "v\t"}, {"one"}, "a\nb", "", 1, 1.0,
              [1.0, "x", None, True], ("single",)):
        print(str(x))


WORDS = ["", "a", "b", "ab", "A", "abc", "a ", "~", "é", "z", "€", "🐍"]


@section
def equality():
    for a in WORDS:
        print([a == b for b in WORDS])
    for a in WORDS:
        print([a != b for b in WORDS])


@section
def order():
    for a in WORDS:
        print([a < b for b in WORDS])
    for a in WORDS:
        print([a >= b for b in WORDS])


@section
def lengths():
    for a in WORDS:
        print(len(a))


@section
def slices():
    s = "aé€xyz"
    for c in ((None, None, None), (1, 3, None), (-3, None, None), (None, -2, None),
              (None, None, -1), (5, 1, -2), (10, 20, None), (3, 1, None), (0, 100, 3),
              (-100, 100, None), (None, None, 2), (-1, -4, -1)):
        print(repr(s[slice(*c)]))
    tell(lambda: s[::0])
    print(s[:] is s)


@section
def iteration():
    for a in WORDS:
        tell_items("items", iter(a))
    tell_items("long", iter("abcé🐍\x00z"))


@section
def made_of_others():
    for separator in ("", ", ", "é"):
        for items in ([], ["a"], ["a", "", "ü🐍"], ("x", "y" * 300), {"k": 1}, "abc", {"s"}, [1],
                      ["a", None], ["a", b"b"]):
            tell(lambda: separator.join(items))
    tell(lambda: "%s is %d%% of %s" % ("half", 50, "€"))
    tell(lambda: "%u" % 4000000000)
    tell(lambda: "" % ())
    tell(lambda: "plain")


@section
def interning():
    a, b, c = intern(copy("alpha")), intern(copy("alpha")), intern(copy("beta"))
    d, f = "".join(["gam", "ma"]), "".join(["gam", "ma"])
    e = intern(d)
    print(a is b)
    print(a is c)
    print(d is e)
    print(f is d)
    print(intern(f) is d)
    print(f == d)
    print(repr(a), repr(c), repr(d))
    print(intern(copy("€")) is intern(copy("€")))
    print(intern("") is intern(copy("")))
    print({copy("alpha"): 1}[a])


@section
def as_keys():
    d = {}
    for i, word in enumerate(WORDS):
        tell(lambda: d.__setitem__(word, i))
    for word in WORDS:
        print(d[word])
    print(d)
    print(d.get("absent"))
