#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draw the picture of README.md, the longest pause against the live data, ours and others':

    picture.py TABLE.tsv PEERS.tsv PICTURE.svg

Ours is the longest of all shapes in each arena, half of it alive, from the table of `make bench`;
the others' are of the same kind of processor.  Both axes are logarithmic.  The picture has no
background, and its text follows the reader's choice of light or dark.
"""
import collections
import math
import re
import sys

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 92, 590, 14, 352
X_RANGE, Y_RANGE = (5e3, 1.2e7), (3e2, 3e9)
X_NAMES = {1e4: "10 KB", 1e5: "100 KB", 1e6: "1 MB", 1e7: "10 MB"}
Y_NAMES = {1e3: "1,000", 1e4: "10,000", 1e5: "100,000", 1e6: "1 million", 1e7: "10 million",
           1e8: "100 million", 1e9: "1 billion"}
COLOURS = {"Ouro": "#8250df", "MicroPython": "#d4731c", "Lua 5.5": "#1f8fb5", "QuickJS": "#cf3f4f",
           "mruby": "#2c9c50"}
LABEL_PIXELS = 14
STYLE = ("text{font:12px sans-serif;fill:#57606a}"
         "@media(prefers-color-scheme:dark){text{fill:#9da7b3}}"
         "path{fill:none;stroke-width:1.5}.grid{stroke:#88888855;stroke-width:1}")


def scaled(value, limits, start, end):
    low, high = map(math.log10, limits)
    return round(start + (math.log10(value) - low) / (high - low) * (end - start), 1)


def point(live, pause):
    return scaled(live, X_RANGE, LEFT, RIGHT), scaled(pause, Y_RANGE, BOTTOM, TOP)


def our_curve(table):
    longest = collections.Counter()
    for line in open(table):
        match = re.match(r"pause\.max/(\d+)([KM])/\w+/50\t(\d+)\t", line)
        if match:
            live = int(match[1]) * {"K": 1 << 10, "M": 1 << 20}[match[2]] // 2
            longest[live] = max(longest[live], int(match[3]))
    return sorted(longest.items())


def their_curves(peers):
    curves = collections.defaultdict(list)
    for line in open(peers):
        if not line.startswith("#"):
            who, what, live, pause = line.rstrip("\n").split("\t")
            curves[who, what].append((int(live), int(pause)))
    return curves


def grid():
    for value, name in Y_NAMES.items():
        y = point(X_RANGE[0], value)[1]
        yield f'<path class="grid" d="M{LEFT} {y}H{RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>'
    for value, name in X_NAMES.items():
        x = point(value, Y_RANGE[0])[0]
        yield f'<path class="grid" d="M{x} {TOP}V{BOTTOM}"/>'
        yield f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{name}</text>'
    yield f'<text x="{LEFT}" y="{BOTTOM + 38}">longest pause in instructions, against live data</text>'


def draw(curves):
    """Curves, each with its name at its end, as far below the one above as it takes to read."""
    above = TOP
    for (who, what), curve in sorted(curves.items(), key=lambda item: -item[1][-1][1]):
        points = [point(*pair) for pair in curve]
        line = "L".join(f"{x} {y}" for x, y in points)
        style = f"stroke:{COLOURS[who]}" + ";stroke-width:4" * (who == "Ouro")
        yield f'<path d="M{line}" style="{style}"/>'
        above = max(above + LABEL_PIXELS, points[-1][1])
        place = f'x="{RIGHT + 10}" y="{round(above + 4)}" style="fill:{COLOURS[who]}"'
        yield f"<text {place}>{who}, {what}</text>"


def main(table, peers, picture):
    ours = our_curve(table)
    if len(ours) < 3:
        sys.exit(f"{table}: no rows of pause.max in three arenas or more")
    curves = their_curves(peers) | {("Ouro", "fifteen shapes"): ours}
    with open(picture, "w") as out:
        print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">', file=out)
        print(f"<style>{STYLE}</style>", *grid(), *draw(curves), "</svg>", sep="\n", file=out)


if __name__ == "__main__":
    main(*sys.argv[1:])
