#!/bin/bash
# The MARC room beside yaz-marcdump: whole process, one core, output to /dev/null; user and system time and wall time, medians of
# runs taken in turn (A B A B), so that the ratios hold whatever else the machine does. Then memory, two jobs, and how fast any
# program could touch these bytes at all. marc.sh RECTO FILE.mrc [RUNS]
set -eu
recto=$1
corpus=$2
runs=${3:-5}
bench=../shared/bench
table=${BENCH_TABLE:-/dev/null}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
records=$(tr -cd '\035' < "$corpus" | wc -c)
cat "$corpus" > /dev/null

spent() { # COMMAND...: "CPU WALL" in milliseconds of one run
    local TIMEFORMAT='%U %S %R'
    { time "$@" > /dev/null 2> /dev/null; } 2>&1 | awk '{ printf "%.0f %.0f\n", ($1 + $2) * 1000, $3 * 1000 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

beside() { # NAME GOAL (0: none is set) OUR-COMMAND -- PEER-COMMAND
    local name=$1 goal=$2 ours=() theirs=()
    shift 2
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    shift
    theirs=("$@")
    : > "$work/ours"; : > "$work/theirs"
    for ((run = 0; run < runs; run++)); do
        spent taskset -c 0 "${theirs[@]}" >> "$work/theirs"
        spent taskset -c 0 "${ours[@]}" >> "$work/ours"
    done
    awk -v name="$name" -v goal="$goal" -v n="$records" \
        -v a="$(cut -d' ' -f1 "$work/ours" | median)" -v b="$(cut -d' ' -f1 "$work/theirs" | median)" \
        -v aw="$(cut -d' ' -f2 "$work/ours" | median)" -v bw="$(cut -d' ' -f2 "$work/theirs" | median)" -v table="$table" 'BEGIN {
            if (a < 1) a = 1; if (aw < 1) aw = 1
            verdict = goal == 0 ? "" : b / a >= goal ? sprintf("goal %4.1f  reached", goal) : sprintf("goal %4.1f  MISSED", goal)
            printf "%s\t%.0f records/s\tyaz-marcdump %.0f\t%.1f\t%s\t%s\n", name, n * 1000 / a, n * 1000 / b, b / a, (goal ? ">= " goal : "-"),
                (goal == 0 ? "-" : b / a >= goal ? "met" : "NOT met") >> table
            printf "%-30s peer %7d ms   ours %6d ms  %9.0f rec/s   %5.1f times (wall %5.1f)   %s\n", name, b, a, n * 1000 / a, b / a, bw / aw, verdict }'
}

echo "-- $records records, $runs paired runs; the peer is yaz-marcdump"
beside "parse, no output" 5 "$recto" convert --to none "$corpus" -- yaz-marcdump -n "$corpus"
beside "to MARCXML" 12 "$recto" convert --to marcxml "$corpus" -- yaz-marcdump -o marcxml "$corpus"
beside "to ISO 2709, rebuilt" 8 "$recto" convert --to marc "$corpus" -- yaz-marcdump -o marc "$corpus"
beside "to line" 0 "$recto" convert --to line "$corpus" -- yaz-marcdump -o line "$corpus"
beside "to JSON" 0 "$recto" convert --to json "$corpus" -- yaz-marcdump -o json "$corpus"
"$recto" convert --to marc --to-encoding marc-8 --references "$corpus" > "$work/marc8.mrc" 2> /dev/null
beside "MARC-8 to UTF-8" 12 "$recto" convert --to marc "$work/marc8.mrc" -- yaz-marcdump -f marc-8 -t utf-8 -o marc "$work/marc8.mrc"
[ "$records" -gt 200000 ] ||
    beside "UTF-8 to MARC-8" 0 "$recto" convert --to marc --to-encoding marc-8 --references "$corpus" \
        -- yaz-marcdump -f utf-8 -t marc-8 -o marc "$corpus"

echo "-- two jobs beside one, wall time on two cores, and the same bytes"
for format in marcxml marc; do
    : > "$work/one"; : > "$work/two"
    for ((run = 0; run < runs; run++)); do
        spent "$recto" convert --jobs 1 --to $format "$corpus" >> "$work/one"
        spent "$recto" convert --jobs 2 --to $format "$corpus" >> "$work/two"
    done
    one=$("$recto" convert --jobs 1 --to $format "$corpus" 2> /dev/null | cksum)
    two=$("$recto" convert --jobs 2 --to $format "$corpus" 2> /dev/null | cksum)
    awk -v f=$format -v a="$(cut -d' ' -f2 "$work/one" | median)" -v b="$(cut -d' ' -f2 "$work/two" | median)" \
        -v same="$([ "$one" = "$two" ] && echo "same bytes" || echo "OTHER BYTES")" \
        'BEGIN { printf "%-30s one %6d ms   two %6d ms   %4.2f times   %s\n", f, a, b, a / b, same }'
done

echo "-- memory at its highest (KB): constant from a thousand records on"
head -c 1400000 "$corpus" > "$work/small.mrc"
for jobs in 1 2; do
    for file in "$work/small.mrc" "$corpus"; do
        kilobytes=$(/usr/bin/time -f %M "$recto" convert --jobs $jobs --to marcxml "$file" 2>&1 > /dev/null | tail -1)
        printf '%-30s %8d KB of records  %6s KB\n' "MARCXML, jobs $jobs" $(($(stat -c %s "$file") / 1024)) "$kilobytes"
    done
done

if [ -f $bench/scan_bound.c ] && cc -O2 -o "$work/bound" $bench/scan_bound.c 2> /dev/null; then
    echo "-- how fast any program could touch these bytes (in memory, without starting)"
    for pass in rt ft dir copy; do taskset -c 0 "$work/bound" $pass "$corpus" 5; done
fi
