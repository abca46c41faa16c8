#!/bin/bash
# recto backup while others save and load without a pause: each copy is sound and whole, has every save that was acknowledged before it began,
# and is done although the writers never stop (RL-85). It opens without any step, and locks in it are of nobody who lives (RL-86).
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
writers=
trap '[ -z "$writers" ] || kill $writers 2> /dev/null || :; wait; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/crowd.recto LC_ALL=C.UTF-8
wrong=0
fault() { echo "$*"; wrong=1; }
"$recto" init --institution 01EXAMPLE > out
for ((i = 1; i <= 3000; i++)); do
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aLoaded %d\n=500  \\\\$aWords w%dw of the beginning.\n\n' $i $i
done > load.mrk
"$recto" load load.mrk > out 2>&1
saver() { # number: saves until the file "stop" is there, and writes down what was acknowledged
    local n=0 id
    while [ ! -e stop ]; do
        n=$((n + 1))
        printf '=LDR  00000nam a2200000 i 4500\n=245  10$aSaver %d save %d\n\n' "$1" $n > "one$1.mrk"
        id=$("$recto" save "one$1.mrk" 2> "err$1" | grep -o '99[0-9]\{14,17\}' | head -n 1) || continue
        [ -z "$id" ] || echo "$id Saver $1 save $n" >> "told$1"
    done
}
loader() { while [ ! -e stop ]; do "$recto" load --restart load.mrk > load.out 2>&1 || :; done; }
for i in 1 2 3 4; do saver $i & writers="$writers $!"; done
loader & writers="$writers $!"
for ((copy = 1; copy <= ${BACKUPS:-4}; copy++)); do
    sleep 0.3
    cat told? > before.$copy 2> cat.err || :
    loaded=$("$recto" search --count 'kw=beginning')
    timeout 120 "$recto" backup copy$copy.recto > out 2> err || fault "backup $copy: $(cat err)"
    echo "$loaded" > loaded.$copy
    "$recto" check --full > check.out 2>&1 || fault "check in the crowd: $(cat check.out)" # no false finding (RL-84)
    "$recto" check > check.out 2>&1 || fault "check in the crowd: $(cat check.out)"
done
# A process that is stopped while it waits holds nobody up (RL-75).
"$recto" serve gateway --port 0 > serve.out 2> serve.err &
idle=$!
for i in $(seq 100); do grep -qi 'listening\|ready' serve.err serve.out && break; sleep 0.05; done
kill -STOP $idle
before=$(cat told? | wc -l)
for i in $(seq 200); do [ "$(cat told? | wc -l)" -le $((before + 3)) ] || break; sleep 0.05; done
[ "$(cat told? | wc -l)" -gt $((before + 3)) ] || fault 'nobody saves while a process is stopped'
kill -9 $idle
wait $idle 2> wait.err || :
: > stop
wait $writers
writers=
unset RECTO_REPO
for ((copy = 1; copy <= ${BACKUPS:-4}; copy++)); do
    "$recto" --repo copy$copy.recto check --full > check.out 2>&1 || fault "copy $copy: $(cat check.out)"
    [ "$("$recto" --repo copy$copy.recto search --count 'kw=beginning')" -ge "$(cat loaded.$copy)" ] || fault "copy $copy lacks loaded records"
    while read -r id title; do
        "$recto" --repo copy$copy.recto show "$id" 2> err | grep -q "$title\$" || fault "copy $copy lacks $title, acknowledged before it began"
    done < before.$copy
done
[ "$(cat told? | wc -l)" -gt 4 ] || fault 'hardly a save was acknowledged'
# One of them is worked on at once.
printf '=LDR  00000nam a2200000 i 4500\n=245  10$aInto the copy\n\n' > one.mrk
"$recto" --repo copy1.recto save one.mrk > out || fault "the copy cannot be saved to: $(cat out)"
"$recto" --repo crowd.recto check --full > check.out 2>&1 || fault "the crowd's: $(cat check.out)"
echo "$(cat told? | wc -l) saves acknowledged, $(wc -l < before.1) before the first copy"
exit $wrong
