#!/bin/sh
# Searching inside the process: words rare, medium and common, one to three, newest first, by title and by relevance, each with 50
# rows and the exact count; facets, headings, known items with their records (tests/repo/search_bench.c says how).
# Usage: search.sh [RECTO [REPOSITORY [ROWS]]]. With a REPOSITORY that one is searched, whatever its size, and only read: for ten
# million records load it once (recto init, recto load) and name it here. Its file is read through before, so that what is
# measured is a session of a day's work, not the disk: SEARCH_COLD=1 leaves that out. ROWS: only rows of the table that begin so.
# Without a repository one of SEARCH_RECORDS (100,000) records is made from ../shared/bench and loaded.
# SEARCH_QUERIES (200): how many of each kind.
set -eu
build=$(realpath "${BUILD:-build}")
recto=${1:-$build/recto}
repository=${2:-}
records=${SEARCH_RECORDS:-100000}
queries=${SEARCH_QUERIES:-200}
bench=../shared/bench
tool=$build/tests/repo/search_bench
[ -x "$tool" ] || make -s BUILD="${BUILD:-build}" "${BUILD:-build}/tests/repo/search_bench"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$repository" ]; then
	[ -d $bench ] || { echo "skipped: no $bench beside the checkout"; exit 0; }
	repository=$work/repository.db
	export RECTO_REPO="$repository" HOME="$work" LC_ALL=C.UTF-8
	python3 $bench/make_corpus.py -n "$records" -o "$work/corpus.mrc" > /dev/null
	"$recto" init --institution 01BENCH --network NET > /dev/null
	"$recto" load "$work/corpus.mrc" > "$work/load" 2>&1
fi
[ -n "${SEARCH_COLD:-}" ] || cat "$repository" > /dev/null
result=0
"$tool" "$repository" "$queries" ${3:+"$3"} > "$work/table" || result=$?
cat "$work/table"
# One line for each kind of row into the table of all benches: the worst p99 of its orders beside its goal.
if [ -n "${BENCH_TABLE:-}" ]; then
	awk 'NR > 2 && NF > 7 {
		goal = ($(NF - 1) == "NOT") ? $(NF - 2) : $(NF - 1)
		first = ($(NF - 1) == "NOT") ? NF - 6 : NF - 5
		name = substr($0, 1, 34); sub(/ +$/, "", name)
		if (!(name in worst)) order[++count] = name
		if ($first + 0 >= worst[name]) worst[name] = $first + 0
		goals[name] = goal
	}
	END { for (i = 1; i <= count; i++) printf "search: %s\tp99 %.3f ms\tno peer\t-\tp99 <= %s ms\t%s\n", order[i], worst[order[i]],
		goals[order[i]], worst[order[i]] <= goals[order[i]] ? "met" : "NOT met" }' "$work/table" >> "$BENCH_TABLE"
fi
exit "$result"
