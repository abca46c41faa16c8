#!/bin/sh
# Fifty processes on one repository (tests/fault/crowd.c): no save lost, and how long a save waits. CROWD_SECONDS (20) of each kind,
# and CROWD_BESIDE_SECONDS (600) of fifty catalogers who each save every two seconds, beside a gateway that takes records all the
# while and a load of CROWD_LOAD_RECORDS (a million) (RL-67, RL-70). CROWD_TASKS= leaves out all but the last. It measures waits, so
# nothing else should run on the machine.
set -eu
build=$(realpath "${BUILD:-build}")
recto=$build/recto crowd=$build/tests/fault/crowd client=$build/tests/tools/connexion_client
people=${CROWD_PEOPLE:-50} seconds=${CROWD_SECONDS:-20} beside=${CROWD_BESIDE_SECONDS:-600} records=${CROWD_LOAD_RECORDS:-1000000}
work=$(mktemp -d)
ended() {
    [ ! -e "$work/server" ] || kill "$(cat "$work/server")" 2> "$work/kill.err" || :
    rm -rf "$work"
}
trap ended EXIT
trap 'exit 143' INT TERM
bad=0
export HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
unset RECTO_REPO RECTO_USER RECTO_CONFIG || :
for task in ${CROWD_TASKS-counter pace full}; do
    mkdir "$work/$task"
    "$crowd" "$work/$task" "$task" "$people" "$seconds" || bad=1
    rm -rf "${work:?}/$task"
done

# number of the first, number of the last, title
books() {
    awk -v from="$1" -v to="$2" -v title="$3" 'BEGIN {
        for (i = from; i <= to; i++) {
            printf "=LDR  00000nam a2200000 i 4500\n=008  250101s%d\\\\\\\\xxu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\d\n", 1900 + i % 120
            printf "=035  \\\\$a(OCoLC)%d\n=100  1\\$aWriter%d, Ann,$d%d-\n", i, i % 5003, 1900 + i % 97
            printf "=245  10$a%s %d :$bof word%d and word%d /$cAnn Writer.\n", title, i, i % 7919, i % 104729
            printf "=264  \\1$aTown%d :$bHouse%d,$c%d.\n=300  \\\\$a%d pages ;$c23 cm\n", i % 211, i % 1009, 1900 + i % 120, i % 900 + 20
            printf "=500  \\\\$aA note of some length, with a word of its own: w%dw.\n=650  \\0$aSubject%d$xHistory.\n=650  \\0$aSubject%d.\n\n", i, i % 3001, i % 997
        }
    }'
}
books 1000000 $((999999 + records)) 'Loaded book' > "$work/load.mrk"
mkdir "$work/sent"
for part in $(seq 50); do
    books $((9000000 + part * 20)) $((9000019 + part * 20)) 'Book from afar' > "$work/sent.mrk"
    "$recto" convert --to marc "$work/sent.mrk" > "$work/sent/$part.mrc"
done
cat > "$work/beside.sh" <<BESIDE
set -eu
cd "$work"
"$recto" profile set IZ_OCLC name=Crowd > profile.out
printf 'crowd1234\n' | "$recto" profile passwd IZ_OCLC > passwd.out
"$recto" serve gateway --port 0 > server.out 2> server.err &
echo \$! > server
for i in \$(seq 200); do [ -s server.out ] && break; sleep 0.05; done
port=\$(sed -n 's/.*:\([0-9]*\)\.\$/\1/p' server.out)
( until [ -e over ]; do
    for part in sent/*.mrc; do
        "$client" --port "\$port" --logon 01EXAMPLE --password crowd1234 --quiet "\$part" >> sent.out 2>&1 || echo failed >> sent.bad
        [ ! -e over ] || break
        sleep 1
    done
done ) &
exec "$recto" load load.mrk > load.out 2> load.err
BESIDE
mkdir "$work/beside"
"$crowd" "$work/beside" beside "$people" "$beside" sh "$work/beside.sh" || { bad=1; tail -n 3 "$work/load.err" >&2; }
touch "$work/over"
[ ! -e "$work/sent.bad" ] || { echo "the gateway did not take all: $(tail -n 1 "$work/sent.out")" >&2; bad=1; }
kill "$(cat "$work/server")"
RECTO_REPO=$work/beside/crowd.recto "$recto" check --full > "$work/check.out" || bad=1
log=$(wc -c < "$work/beside/crowd.recto-wal" 2> "$work/wc.err" || echo 0)
there=$(RECTO_REPO=$work/beside/crowd.recto "$recto" search --count 'ti=loaded')
printf 'the repository after them\t%s; %s of the load; log %s bytes\t%s loaded\t-\tsound\t%s\n' "$(sed -n '1s/[.]$//p' "$work/check.out")" "$there" "$log" \
    "$records" "$([ $bad = 0 ] && [ "$there" = "$records" ] && echo met || echo BROKEN)"
[ $bad = 0 ] && [ "$there" = "$records" ]
