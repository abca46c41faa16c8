#!/bin/sh
# Searching a repository of SEARCH_RECORDS (100,000) records, inside the process: words rare, medium and common, one to three, newest
# first, by title and by relevance, each with 50 rows and the exact count; facets, headings, known items with their records.
# Usage: search.sh [RECTO [REPOSITORY]]; without a repository one is made from ../shared/bench and loaded.
set -eu
build=$(realpath "${BUILD:-build}")
recto=${1:-$build/recto}
records=${SEARCH_RECORDS:-100000}
bench=../shared/bench
tool=$build/tests/repo/search_bench
[ -x "$tool" ] || make -s BUILD="${BUILD:-build}" "${BUILD:-build}/tests/repo/search_bench"
if [ -n "${2:-}" ]; then
	exec "$tool" "$2"
fi
[ -d $bench ] || { echo "skipped: no $bench beside the checkout"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" LC_ALL=C.UTF-8
python3 $bench/make_corpus.py -n "$records" -o "$work/corpus.mrc" > /dev/null
"$recto" init --institution 01BENCH --network NET > /dev/null
"$recto" load "$work/corpus.mrc" > "$work/load" 2>&1
"$tool" "$work/repository.db"
