#!/bin/sh
# Figures of this machine beside the named peers, in one run; only the ratios are firm. Needs ../shared/bench; what is not
# there is said. BENCH_RECORDS (default 100000) sets the size.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
bench=../shared/bench
records=${BENCH_RECORDS:-100000}
[ -d $bench ] || { echo "no $bench beside the checkout: the generator and the latency script are there"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
corpus=$work/corpus.mrc
python3 $bench/make_corpus.py -n "$records" -o "$corpus" > /dev/null

seconds() { # COMMAND...: median of three whole-process wall times
    for run in 1 2 3; do
        start=$(date +%s%N)
        "$@" > /dev/null 2>&1
        end=$(date +%s%N)
        echo $(( (end - start) / 1000000 ))
    done | sort -n | sed -n 2p
}

echo "== MARC: reading, writing, converting"
bash tests/bench/marc.sh "$recto" "$corpus"

echo "== recto validate beside MARC::Lint on the real files"
sh tests/bench/lint_compare.sh

echo "== Rules: a file of ten on every record"
bash tests/bench/rules.sh "$recto" "$corpus"

echo "== Load with full index: $records records"
"$recto" init --institution 01BENCH --network NET
"$recto" load "$corpus"
ls -l "$RECTO_REPO" | awk '{ printf "repository %.0f MB\n", $5 / 1e6 }'

echo "== Load beside zebraidx"
LOAD_RECORDS=$records sh tests/bench/load.sh "$recto" "$corpus"

echo "== Search, whole process"
for query in 'oclc=1' 'history' 'ti="history of"' 'the of and'; do
    printf '%-20s %s ms\n' "$query" "$(seconds "$recto" search --limit 50 "$query")"
done

echo "== Workstation with $records records, beside vim -u NONE on a text of 90 KB: start-up, keys, bytes a key"
"$recto" convert --to line "$corpus" 2> /dev/null | head -c 90000 > "$work/text"
beside_vim() { # USER KEYS VIM-KEYS: a user of its own each time, for records that were left open come back
    "$recto" user add "$1" --name "$1" --roles CAT,CATX,PIO > /dev/null
    python3 $bench/pty_latency.py --runs 1 --size 24x80 --keys "$2" --quit '^Q' \
        --vs "vim -u NONE $work/text" --vs-keys "$3" --vs-quit '<esc>:q!<enter>' -- "$recto" --user "$1" | grep -v ' n=1 '
}
for run in 1 2 3; do
    echo "-- the result list, run $run"
    beside_vim "list$run" 'h,i,s,t,o,r,y,<enter>,<down>*20,<up>*20' 'j*20,k*20'
    echo "-- the editor, run $run"
    beside_vim "editor$run" 'h,i,s,t,o,r,y,<enter>,e,<down>*15,<up>*8,<end>,b*40' 'j*15,k*8,A,b*40'
done
