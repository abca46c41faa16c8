#!/bin/bash
# SIGKILL at a random moment of load and save, with the real program: what was acknowledged is there and whole, check --full is
# sound, and a load that was cut off goes on where it stopped and ends with each record once (RL-200, RL-63).
# SOAK_RUNS kills in all, half of them in each.
set -eu
recto=$(pwd)/${BUILD:-build}/recto
runs=$(( (${SOAK_RUNS:-2000} + 1) / 2 ))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RECTO_REPO=$work/killed.recto

book() { # number
    printf '=LDR  00000nam a2200000 i 4500\n=008  250101s2001\\\\\\\\xxu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\d\n=035  \\\\$a(OCoLC)%d\n=245  10$aBook %d of the killed load /$cAnn Writer.\n=500  \\\\$aThe same words in every record, and one of its own: w%dw.\n\n' "$1" "$1" "$1"
}
is_sound() { "$recto" check --full > check.out 2>&1 || { cat check.out >&2; return 1; }; }
# Sleeps a random part of so many milliseconds, then kills. Status: 0 it had ended by itself, and well.
kill_within() { # pid milliseconds
    sleep "$(printf '0.%03d' $((RANDOM % $2 + 1)))"
    kill -9 "$1" 2> /dev/null || :
    wait "$1" 2> /dev/null
}

# Loads. The place to go on is part of the repository; each round is a new one when the file is through.
records=2000; cut=0 unsound=0 wrong=0
for ((i = 1; i <= records; i++)); do book "$i"; done > load.mrk
"$recto" convert --to marc load.mrk > load.mrc
fresh() { rm -f killed.recto*; "$recto" init --institution 01EXAMPLE > /dev/null; }
through() { # the file is loaded to its end: each record is there once
    found=$("$recto" search --count 'kw=words')
    [ "$found" = "$records" ] || { echo "after resuming: $found of $records" >&2; wrong=$((wrong + 1)); }
    whole=$((whole + 1))
    fresh
}
fresh
whole=0
for ((run = 1; run <= runs; run++)); do
    "$recto" load load.mrc > load.out 2>&1 &
    if kill_within $! 300; then
        through
        continue
    fi
    cut=$((cut + 1))
    is_sound || unsound=$((unsound + 1))
done
"$recto" load load.mrc > load.out 2>&1 || { cat load.out >&2; wrong=$((wrong + 1)); }
through
[ $((unsound + wrong)) = 0 ] && verdict=met || verdict=BROKEN
printf 'load killed\t%d kills, %d loads brought to their end, %d unsound, %d resumed wrongly\t0 and 0\t%s\n' "$cut" "$whole" "$unsound" "$wrong" "$verdict"

# Saves: each acknowledged one is written down by the loop that is killed together with its save.
fresh
: > told
lost=0 unsound=0 cut=0 number=0
for ((run = 1; run <= runs; run++)); do
    book $((100000 + run)) > one.mrk
    : > save.out # here: one that is killed before it has begun leaves no answer of the one before
    "$recto" save one.mrk > save.out 2>&1 &
    pid=$!
    if [ $((run % 2)) = 0 ]; then
        kill_within $pid 30 || cut=$((cut + 1))
    else
        wait $pid || :
    fi
    id=$(grep -o '99[0-9]\{14,17\}' save.out | head -n 1 || :)
    [ -z "$id" ] || echo "$id $((100000 + run))" >> told
    [ $((run % 50)) != 0 ] || is_sound || unsound=$((unsound + 1))
done
while read -r id number; do
    "$recto" show "$id" | grep -q "Book $number of the killed load" || { echo "lost: $id" >&2; lost=$((lost + 1)); }
done < told
[ $((unsound + lost)) = 0 ] && verdict=met || verdict=BROKEN
printf 'save killed\t%d kills, %d acknowledged, %d lost, %d unsound\t0 and 0\t%s\n' "$cut" "$(wc -l < told)" "$lost" "$unsound" "$verdict"
