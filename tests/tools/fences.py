#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""See that the layers keep apart; prints each breach, status 1 if there is one.

The include paths of the Makefile keep a layer from including what it may not see.  This looks for
the ways around them, and for a few other rules of the house: licences, lengths, and what public
functions say of costs and references.
"""
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
FREESTANDING = {"float.h", "limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "string.h"}
MACHINE_WORDS = re.compile(
    r"mps2|an385|cortex[-_]?[am]\d|armv7|qemu|__arm__|__thumb|__ARM_|__x86_64__|__i386__", re.I)
TOP_LEVEL = {"Makefile", "linker", "boot", "runtime", "board", "tests", "README.md", "LICENSE"}
MAX_LINES = 600

# Folder, where its private headers stand (beside its own folder), which <headers> it may include
# (None: any).  The first that fits counts.
LAYERS = [
    ("runtime/console/", [], FREESTANDING | {"jsmn.h"}),
    ("runtime/malloc/", ["runtime", "runtime/include"], FREESTANDING | {"errno.h"}),
    ("runtime/", ["runtime", "runtime/include"], FREESTANDING),
    ("boot/", ["boot"], None),
    ("board/", ["boot", "board/loader"], None),
]


def layer_of(path):
    return next((layer for layer in LAYERS if str(path).startswith(layer[0])), None)


def includes_of(path, text):
    """Yield what is wrong with each include of one file."""
    layer = layer_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, name = match.groups()
        where = f"{path}:{number}: {name}"
        if ".." in name:
            yield f"{where}: an include climbs out of its folder"
        if not layer:
            continue
        folder, private, system = layer
        if kind == "<" and system is not None and name not in system:
            yield f"{where}: {folder} may not include this header of the C library"
        public = name == "ouro.h" or name.startswith("ouro/")
        places = [path.parent] + [pathlib.Path(p) for p in private]
        if kind == '"' and not public and not any((p / name).exists() for p in places):
            yield f"{where}: {folder} may not include this private header"


def breaches(path):
    text = path.read_text(errors="replace")
    lines = text.splitlines()
    yield from includes_of(path, text)
    if not any("SPDX-License-Identifier" in line for line in lines[:2]):
        yield f"{path}: no licence line at the top"
    if len(lines) > MAX_LINES:
        yield f"{path}: {len(lines)} lines, more than {MAX_LINES}"
    if str(path).startswith("runtime/"):
        for number, line in enumerate(lines, 1):
            if MACHINE_WORDS.search(line):
                yield f"{path}:{number}: the portable runtime names a machine: {line.strip()}"


COMMENT_OR_FUNCTION = re.compile(
    r"^/\*.*?\*/|^(?:static inline |inline )?(?P<type>[a-z_][\w ]*[ *]+)(?P<name>ouro_\w+)\("
    r"[^;{]*\)[^;{]*[;{]", re.S | re.M)
COST = re.compile(r"O\(|cost|instructions", re.I)
REFERENCE = re.compile(r"new reference|borrowed|stolen|steals|the same", re.I)


def undocumented(path):
    """Yield the public functions of a header that say nothing of their cost, or of the reference
    that they return.  A comment is about all functions up to the next one."""
    text = path.read_text()
    head, _, body = text.partition("*/")
    is_told = "What says nothing of its cost is O(" in " ".join(head.replace("\n *", "\n").split())
    comment = ""
    for match in COMMENT_OR_FUNCTION.finditer(body):
        if match["name"] is None:
            comment = match[0]
            continue
        if not is_told and not COST.search(comment):
            yield f"{path}: {match['name']} says nothing of its cost"
        if "ouro_ref" in match["type"] and not REFERENCE.search(comment):
            yield f"{path}: {match['name']} does not say whose the reference is"


def git_files(*arguments):
    listing = subprocess.run(["git", "ls-files", *arguments], check=True, capture_output=True,
                             text=True).stdout
    return [pathlib.Path(line) for line in listing.splitlines() if pathlib.Path(line).exists()]


def main():
    found = []
    for path in git_files("-co", "--exclude-standard", "*.c", "*.h", "*.S"):
        found.extend(breaches(path))
    for path in git_files("-co", "--exclude-standard", "runtime/include/*.h"):
        found.extend(undocumented(path))
    for top in sorted({path.parts[0] for path in git_files()}):
        if top not in TOP_LEVEL and not top.startswith("."):
            found.append(f"{top}: the top level of the tree is not the place for this")
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
