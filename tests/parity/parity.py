# SPDX-License-Identifier: MIT
"""What the Python half of a pair is written with; parity.h says what a pair is.

A section is a function under @section; it runs where it is defined.  tell() prints what a call
returns, or the error in its place, as `say("%R")` does in C.
"""
import gc
import re

gc.disable()


def section(function):
    gc.collect()
    print("==", function.__name__)
    function()
    return function


def told(call):
    """repr() of what the call returns, or `Error: message`."""
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def hidden(thing):
    """repr() without addresses, as `say("%x")` in C."""
    return re.sub("0x[0-9a-f]+", "0x...", repr(thing))


def tell(*calls):
    print(*(told(call) for call in calls))


def tell_items(label, iterator):
    """The items that an iterator still gives, on one line."""
    try:
        print(label, end="")
        for item in iterator:
            print("", repr(item), end="")
        print()
    except Exception as error:
        print(f" {type(error).__name__}: {error}")


def assign(container, key, value):
    container[key] = value


def delete(container, key):
    del container[key]
