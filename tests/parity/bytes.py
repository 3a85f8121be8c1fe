# SPDX-License-Identifier: MIT
from sys import getrefcount

from parity import assign, section, tell, tell_items

CUTS = [(None, None, -1), (1, 4, None), (-3, None, None), (None, None, 2), (8, 1, -3), (5, 2, None),
        (-100, 100, 4), (None, -3, -1), (100, None, -2), (3, 3, 1)]
DATA = b"abcdefghi"


@section
def bytes_repr():
    for data in (b"", b"abc", b"'", b'"', b"'\"", b"\n\r\t\\", b"\x00\x01\x1f ~\x7f", b"\x80\xff",
                 b"it's \"so\"", bytes(range(30, 60))):
        print(repr(data), str(data), len(data))


@section
def bytearray_repr():
    for data in (b"", b"abc", b"'", b'"', b"'\"", b"\n\r\t\\", b"\x00\x01\x1f ~\x7f", b"\x80\xff",
                 b"it's \"so\"", bytes(range(30, 60))):
        print(repr(bytearray(data)))


@section
def bytes_index():
    for thing in (DATA, bytearray(DATA), memoryview(DATA), memoryview(bytearray(DATA))):
        for i in (0, 8, 9, -1, -9, -10):
            print(i, end=" ")
            tell(lambda: thing[i])


@section
def bytes_slices():
    for cut in CUTS:
        print(DATA[slice(*cut)], bytearray(DATA)[slice(*cut)])
    tell(lambda: DATA[::0])
    tell(lambda: bytearray(DATA)[1:"x"])
    print(DATA[:] is DATA)


@section
def memoryview_slices():
    view = memoryview(DATA)
    for cut in ((1, 4, None), (-3, None, None), (5, 2, None), (-100, 100, None), (3, 3, 1),
                (None, -3, None), (100, None, None)):
        part = view[slice(*cut)]
        print(len(part))
        tell_items("items", iter(part))
    inner = view[2:8][1:4]
    tell_items("inner", iter(inner))
    tell(lambda: view[::0])


@section
def bytes_order():
    texts = (b"", b"a", b"ab", b"b", b"\xff")
    for x in texts:
        for y in texts:
            a, b = x, bytearray(y)
            print(a == b, a != b, a < b, b < a, a <= b, b >= a)
    for thing in (1, "ab", None, [97]):
        tell(lambda: b"ab" < thing)
        tell(lambda: thing >= bytearray(b"ab"))
        print(b"ab" == thing, bytearray(b"ab") != thing)


@section
def memoryviews_compared():
    array, view = bytearray(b"abc"), memoryview(b"abd")
    print(view == b"abd", b"abd" == view, array == view, view != array)
    print(view == memoryview(bytearray(b"abd")), view == "abd")
    tell(lambda: view < view)
    tell(lambda: view < b"abc")
    tell(lambda: b"abc" < view)
    tell(lambda: b"abc" >= view)
    tell(lambda: array < view)
    tell(lambda: view > array)
    tell(lambda: view <= array)
    tell(lambda: view < 1)
    tell(lambda: 1 < view)
    tell(lambda: array < 1)


@section
def bytes_hashes():
    view, writable = memoryview(DATA), memoryview(bytearray(DATA))
    print(hash(DATA) == hash(bytes(DATA)), hash(DATA) == hash(view))
    tell(lambda: hash(bytearray(DATA)))
    tell(lambda: hash(writable))
    d = {DATA: 1}
    tell(lambda: d.get(b"abc" + b"defghi"))
    tell(lambda: d.get(view))
    tell(lambda: d.get("abcdefghi"))
    tell(lambda: d.get(bytearray(b"abc")))
    tell(lambda: assign(d, bytearray(), 1))
    tell(lambda: assign(d, b"", 2))
    tell(lambda: assign(d, "", 3))
    print(d)


@section
def bytes_sums():
    for a, b in ((b"", b""), (b"a", b""), (b"", b"b"), (b"ab", b"cd")):
        tell(lambda: a + b)
        tell(lambda: a + bytearray(b))
        tell(lambda: a + memoryview(b))
    for thing in ("x", 1, None, []):
        tell(lambda: b"a" + thing)


@section
def bytearray_changes():
    array = bytearray(b"ab")
    for value in (99, 0, 255, 256, -1):
        tell(lambda: array.append(value))
        print(array, len(array))
    for i, value in ((0, 65), (-1, 66), (10, 67), (-10, 68), (0, 256), (1, -1)):
        tell(lambda: assign(array, i, value))
        print(array)


@section
def bytearray_grows():
    array = bytearray()
    for more in (b"", b"abc", bytearray(b"def"), memoryview(b"ghi")):
        tell(lambda: array.extend(more))
        print(array)
    tell(lambda: array.extend(array))
    print(array)
    for i in range(100):
        array.append(i)
    print(len(array), array[50], array[-1])
    print(array)
    tell(lambda: array.extend(5))
    tell(lambda: array.extend(None))


def set_size(array, n):
    if n < len(array):
        del array[n:]
    else:
        array += bytes(n - len(array))


@section
def bytearray_is_looked_at():
    array = bytearray(b"abc")
    view = memoryview(array)
    part = view[1:]
    tell(lambda: array.append(100))
    tell(lambda: set_size(array, 1))
    tell(lambda: array.extend(b"x"))
    print(array)
    tell(lambda: assign(view, 0, 65))
    tell(lambda: assign(part, 1, 67))
    tell(lambda: assign(part, 2, 68))
    tell(lambda: assign(view, 0, 256))
    print(array)
    tell(lambda: assign(memoryview(b"abc"), 0, 65))
    tell(lambda: assign(b"abc", 0, 65))
    view.release()
    tell(lambda: array.append(100))
    part.release()
    tell(lambda: array.append(100))
    tell(lambda: set_size(array, 6))
    print(array)
    tell(lambda: set_size(array, 2))
    print(array)


@section
def bytes_iteration():
    for thing in (b"", b"ab\xff", bytearray(b"xyz"), memoryview(b"123")):
        tell_items("items", iter(thing))
    array = bytearray(b"ab")
    it = iter(array)
    print(next(it, None))
    array.append(99)
    print(next(it, None), next(it, None), next(it, None))
    array.append(100)
    print(next(it, None))
    for thing in (5, "x", None, [1]):
        tell(lambda: memoryview(thing))
    print(type(b"").__name__, type(bytearray()).__name__, type(memoryview(b"")).__name__)


@section
def owners_of_memory():
    data = bytes(bytearray(b"some data"))
    print(getrefcount(data))
    view = memoryview(data)
    print(getrefcount(data))
    part = view[2:5]
    tell_items("part", iter(part))
    del view, data
    tell_items("part", iter(part))
    print(len(part))
    other = bytes(bytearray(b"other"))
    views = [memoryview(other) for _ in range(3)]
    print(len(views))
    del views
    print(getrefcount(other))
    it = iter(other)
    print(getrefcount(other))
    print(next(it))
    whole = other[:]
    print(getrefcount(other), whole is other)
    del it
    print(getrefcount(other))


@section
def an_empty_array_is_looked_at():
    array = bytearray()
    view = memoryview(array)
    print(len(view), bytes(view), view == b"")
    tell(lambda: array.append(1))
    tell(lambda: array.extend(b"ab"))
    tell(lambda: array.extend(b""))
    tell(lambda: set_size(array, 0))
    tell(lambda: set_size(array, 2))
    print(array)
    view.release()
    tell(lambda: array.append(1))
    view = memoryview(array)
    tell(lambda: array.extend(bytearray()))
    tell(lambda: set_size(array, 1))
    tell(lambda: set_size(array, 0))
    tell(lambda: assign(array, 9, 256))
    tell(lambda: assign(array, 9, 255))
    tell(lambda: assign(view, 9, 256))
    tell(lambda: assign(view, 0, 256))
    print(array)
