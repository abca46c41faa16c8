#!/bin/bash
# Ten rules on every record of a file, the whole process on one core: user and system time, medians of runs taken in turn with
# recto convert, which is the same way without the rules. The goal is 50,000 records a second. rules.sh RECTO FILE.mrc [RUNS]
set -eu
recto=$1
corpus=$2
runs=${3:-5}
goal=50000
rules=tests/bench/ten.rules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
records=$(tr -cd '\035' < "$corpus" | wc -c)
cat "$corpus" > /dev/null

spent() { # COMMAND...: milliseconds of user and system time of one run, its output in a file
    local TIMEFORMAT='%U %S'
    { time taskset -c 0 "$@" > "$work/out" 2> /dev/null; } 2>&1 | awk '{ printf "%.0f\n", ($1 + $2) * 1000 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for ((run = 0; run < runs; run++)); do
    spent "$recto" convert --to marc "$corpus" >> "$work/convert"
    spent "$recto" rule apply --rule $rules --to marc "$corpus" >> "$work/apply"
done
changed=$("$recto" rule apply --rule $rules --to line "$corpus" 2> /dev/null | grep -c 'Loaded from the spring file' || true)
awk -v n="$records" -v c="$(median < "$work/convert")" -v a="$(median < "$work/apply")" -v goal=$goal -v changed="$changed" -v table="${BENCH_TABLE:-/dev/null}" 'BEGIN {
    if (a < 1) a = 1
    rate = n * 1000 / a
    verdict = rate >= goal ? "reached" : "MISSED"
    printf "ten rules on each record\t%.0f records/s\tconvert %.0f\t%.2f\t>= %d/s\t%s\n", rate, n * 1000 / c, c / a, goal, (rate >= goal ? "met" : "NOT met") >> table
    printf "%-30s %d of %d records changed; without rules %d ms, with rules %d ms  %9.0f rec/s   goal %d  %s\n", \
        "ten rules, one core", changed, n, c, a, rate, goal, verdict }'
head -c 1400000 "$corpus" > "$work/small.mrc"
for file in "$work/small.mrc" "$corpus"; do
    kilobytes=$(/usr/bin/time -f %M "$recto" rule apply --rule $rules --to marc "$file" 2>&1 > /dev/null | tail -1)
    printf '%-30s %8d KB of records  %6s KB of memory\n' "ten rules" $(($(stat -c %s "$file") / 1024)) "$kilobytes"
done
one=$("$recto" rule apply --rule $rules --to marc "$corpus" 2> /dev/null | cksum)
two=$("$recto" rule apply --jobs 2 --rule $rules --to marc "$corpus" 2> /dev/null | cksum)
[ "$one" = "$two" ] && echo "two jobs write the same bytes" || echo "two jobs write OTHER BYTES"
