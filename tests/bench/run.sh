#!/bin/sh
# make bench: the figures of this machine beside the named peers, each pair in one run; only the ratios are firm. Every script of
# tests/bench prints its details and adds lines "name<TAB>ours<TAB>peer<TAB>ratio<TAB>goal<TAB>verdict" to the file BENCH_TABLE;
# here they become one table. Needs ../shared/bench; what is not there is said. BENCH_RECORDS (default 100000) sets the size,
# BENCH=name runs one script.
set -eu
BUILD=${BUILD:-build}
export BUILD LC_ALL=C.UTF-8
recto=$(realpath "$BUILD/recto")
bench=../shared/bench
records=${BENCH_RECORDS:-100000}
[ -d $bench ] || { echo "no $bench beside the checkout: the generator and the scripts behind the figures are there"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BENCH_TABLE="$work/table"
: > "$BENCH_TABLE"
corpus=$work/corpus.mrc
python3 $bench/make_corpus.py -n "$records" -o "$corpus" > /dev/null
bad=0

part() { # NAME TITLE COMMAND...
    [ -z "${BENCH:-}" ] || [ "$BENCH" = "$1" ] || return 0
    name=$1
    echo
    echo "== $2"
    shift 2
    "$@" || { bad=1; printf '%s\tended with an error\t-\t-\t-\tNOT met\n' "$name" >> "$BENCH_TABLE"; }
}
part marc "MARC: reading, writing, converting, beside yaz-marcdump" bash tests/bench/marc.sh "$recto" "$corpus"
part lint_compare "recto validate beside MARC::Lint on the real files" sh tests/bench/lint_compare.sh
part rules "Rules: a file of ten on every record" bash tests/bench/rules.sh "$recto" "$corpus"
part load "Load with everything indexed, beside zebraidx: $records records" env LOAD_RECORDS="$records" sh tests/bench/load.sh "$recto" "$corpus"
part search "Search inside the process: $records records" env SEARCH_RECORDS="$records" sh tests/bench/search.sh "$recto"
part gateway "The Connexion gateway into a repository" sh tests/bench/gateway.sh "$recto"
part keys "A key: time to paint and bytes, beside vim" bash tests/bench/keys.sh
part editor "Keys on large records, beside vim" bash tests/bench/editor.sh

echo
awk -F '\t' '{ printf "%-20s %-46s %-24s %-30s ratio %-10s goal %s\n", $6, $1, $2, $3, $4, $5 }' "$BENCH_TABLE"
exit $bad
