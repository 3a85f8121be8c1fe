#!/bin/bash
# SPDX-License-Identifier: MIT
#
# plot.sh TABLE.tsv - draw the figures of `make bench` into the table's folder, as SVG and PNG.
#
#   pause      the longest pause against the live data, beside other collectors' (bench/peers.tsv)
#   histogram  how many calls memory management added how much to
#   mmu        the least share of the program in a window, beside MicroPython's: 0 up to its pause
set -eu -o pipefail
table=$1
folder=${table%/*}
peers=tests/bench/peers.tsv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ours: the longest of all shapes in each arena, half of it alive.
awk -F'\t' '$1 ~ /^pause\.max\/[0-9]+[KM]\/.*\/50$/ {
        split($1, part, "/")
        size = part[2] * (part[2] ~ /M/ ? 1048576 : 1024) / 2
        if ($2 > most[size]) most[size] = $2 }
    END { for (size in most) print size "\t" most[size] }' "$table" | sort -n >"$work/ours"
sed -n 's|^pause\.histogram/\([0-9]*\)\t\([0-9]*\)\t.*|\1\t\2|p' "$table" >"$work/histogram"
sed -n 's|^mmu/\([0-9]*\)\t\([0-9]*\)\t.*|\1\t\2|p' "$table" | awk '{ print $1 "\t" $2 / 1000 }' >"$work/mmu"
for file in ours histogram mmu; do
    [ -s "$work/$file" ] || { echo "$table: no figures for the picture of $file" >&2; exit 1; }
done

curves=
while IFS=$'\t' read -r who what; do
    grep -P "^$who\t$what\t" "$peers" >"$work/$who $what"
    curves+=", '$work/$who $what' using 3:4 with linespoints title '$who, $what'"
done < <(grep -v '^#' "$peers" | cut -f 1,2 | uniq)
# MicroPython with a list of tuples in 1 MiB, half alive: what the mmu bench has, too.
stop=$(awk -F'\t' '$1 == "MicroPython" && $2 == "tuples" && $3 == 524288 { print $4 }' "$peers")

draw() {
    local name=$1 commands=$2
    gnuplot <<END
set terminal svg size 900,520 font "sans,12" background "white"
set output "$folder/$name.svg"
set datafile separator "\t"
set grid
set key outside right
set format x "10^{%L}"
$commands
set terminal pngcairo size 900,520 font "sans,11"
set output "$folder/$name.png"
replot
END
}
draw pause "set logscale xy; set format y '10^{%L}'; set yrange [100:]
    set title 'Longest pause'; set xlabel 'live bytes'; set ylabel 'instructions, Cortex-M3'
    plot '$work/ours' using 1:2 with linespoints linewidth 4 title 'Ouro, all shapes'$curves"
draw histogram "set format x '%g'; set logscale y; set format y '10^{%L}'
    set title 'What memory management adds to a call: 1 MiB, half alive, all shapes'
    set xlabel 'instructions (the last bar: all that are longer)'; set ylabel 'calls'
    set xrange [-20:1020]; set yrange [0.5:]; set style fill solid 0.6; set boxwidth 20; unset key
    plot '$work/histogram' using 1:2 with boxes"
draw mmu "set logscale x; set xrange [1000:]; set yrange [0:1]
    set title 'Least share of the program in any window: young cyclic garbage, 1 MiB, half alive'
    set xlabel 'window, instructions'; set ylabel 'share'; p = $stop
    plot '$work/mmu' using 1:2 with linespoints linewidth 3 title 'Ouro', \
        [1000:1e7] (x <= p ? 0 : (x - p) / x) with lines title 'MicroPython, at best'"
