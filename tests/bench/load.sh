#!/bin/sh
# Loading LOAD_RECORDS (100,000) records with everything indexed and searchable, beside zebraidx on the same file in the same run:
# records a second, disk, memory. Usage: load.sh [RECTO [CORPUS]]; without a corpus one is made from ../shared/bench. LOAD_KEEP
# names a repository that is to be left behind. Our time ends when all is committed, indexed and searchable, and few segments are
# left (how many is told); Zebra's when its commit has ended.
set -eu
recto=$(realpath "${1:-${BUILD:-build}/recto}")
records=${LOAD_RECORDS:-100000}
bench=$(realpath ../shared/bench 2> /dev/null || :)
[ -n "$bench" ] && [ -d "$bench" ] || { echo "skipped: no ../shared/bench beside the checkout"; exit 0; }
command -v zebraidx > /dev/null || { echo "skipped: zebraidx is not installed"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" LC_ALL=C.UTF-8 RECTO_REPO="${LOAD_KEEP:-$work/repository.recto}"
corpus=${2:-$work/corpus.mrc}
[ -f "$corpus" ] || python3 "$bench/make_corpus.py" -n "$records" -o "$corpus" > /dev/null

measure() { # FILE COMMAND...: wall seconds, processor seconds, peak memory in MB of one command
    python3 -c '
import resource, subprocess, sys, time
begun = time.monotonic()
done = subprocess.run(sys.argv[2:], stdout=open(sys.argv[1], "w"), stderr=subprocess.STDOUT)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.2f %.2f %.0f" % (time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
sys.exit(done.returncode)' "$@"
}
megabytes() { du -scm --apparent-size "$@" 2> /dev/null | awk 'END { print $1 }'; }

"$recto" init --institution 01BENCH --network NET > /dev/null
cat "$corpus" > /dev/null # into memory, as far as there is room: whoever comes second would have it so
ours=$(measure "$work/load" "$recto" load "$corpus") || { cat "$work/load"; exit 1; }
loaded=$(sed -n 's/^\([0-9]*\) read.*/\1/p' "$work/load")
ours="$ours $(megabytes "$RECTO_REPO" "$RECTO_REPO-wal")"
segments=$(python3 -c '
import sqlite3, sys
base = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
print(base.execute("SELECT count(*) FROM posting_segment WHERE state = 1").fetchone()[0])' "$RECTO_REPO")
MEMMAX=1024 bash "$bench/zebra_setup.sh" "$work/zebra" > /dev/null
cd "$work/zebra"
zebraidx -c zebra.cfg init > /dev/null 2>&1
peer=$(measure "$work/zebra.out" zebraidx -c zebra.cfg update "$corpus")
peer="$peer $(megabytes reg)"

printf 'metric\trecto\tzebraidx\tratio\tgoal\tverdict\n'
echo "$loaded $ours $peer" | awk -v OFS='\t' -v segments="$segments" -v table="${BENCH_TABLE:-/dev/null}" '
function verdict(met) { return met ? "met" : "NOT met" }
function row(name, ours, peer, unit, ratio, goal, met) {
    print name, ours, peer, ratio, goal, verdict(met)
    printf "load: %s\t%s%s\tzebraidx %s%s\t%s\t%s\t%s\n", name, ours, unit, peer, unit, ratio, goal, verdict(met) >> table
}
{
    rate = $1 / $2; other = $1 / $6
    row("records a second (" $1 " records)", sprintf("%.0f", rate), sprintf("%.0f", other), "/s", sprintf("%.1f", rate / other), ">= 8", rate >= 8 * other)
    printf "processor seconds\t%.1f\t%.1f\t%.2f\t-\t-\n", $3, $7, $3 / $7
    row("disk", $5, $9, " MB", sprintf("%.2f", $5 / $9), "<= 0.5", $5 <= 0.5 * $9)
    row("peak memory", $4, $8, " MB", sprintf("%.2f", $4 / $8), "<= 0.5", $4 <= 0.5 * $8)
    printf "segments of the index left\t%d\t-\t-\t-\t-\n", segments
}'
