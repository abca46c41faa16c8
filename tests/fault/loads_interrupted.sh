#!/bin/bash
# A load that is interrupted in words: SIGINT and SIGTERM finish the batch, say where the load stopped and add up; the same command goes on
# there and says so; a second SIGINT ends it at once, and what was not committed is not there (RL-63, RL-64). Each record is there once.
set -eu
build=$(realpath "${BUILD:-build}")
recto=$build/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/load.recto LC_ALL=C.UTF-8
records=${INTERRUPTED_RECORDS:-6000}
wrong=0 stopped=0
fault() { echo "$*"; wrong=1; }
for ((i = 1; i <= records; i++)); do
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aBook %d\n=500  \\\\$aWords of number %d and w%dw.\n\n' $i $i $i
done > load.mrk
fresh() { rm -f load.recto*; "$recto" init --institution 01EXAMPLE > out; }
fresh
start=${EPOCHREALTIME/./}
"$recto" load load.mrk > out 2>&1
length=$((${EPOCHREALTIME/./} - start))
numbers() { sed -n 's/^\([0-9]*\) read, \([0-9]*\) added, \([0-9]*\) rejected.*/\1 \2 \3/p' out; }
interrupted() { # PART SIGNAL...: after so many hundredths of a load
    local part=$1 before status=0
    shift
    before=$("$recto" search --count kw=words 2> err || :)
    "$recto" load load.mrk > out 2> err &
    pid=$!
    sleep "$(printf '0.%06d' $((length * part / 100 > 999999 ? 999999 : length * part / 100)))"
    for signal in "$@"; do kill -s "$signal" $pid 2> kill.err || :; done
    wait $pid 2> wait.err || status=$?
    there=$("$recto" search --count kw=words 2> count.err || :)
    "$recto" check --full > check.out 2>&1 || fault "$part %: $(cat check.out)"
    case $status in
        0) grep -q 'loaded to its end' err || [ "$there" = $records ] || fault "$part %: ended with 0, with $there records" ;;
        1)  stopped=$((stopped + 1))
            read -r read added rejected <<< "$(numbers)"
            [ "$read" = $((added + rejected)) ] || fault "$part %: $(cat out) does not add up"
            [ "$there" = $((before + added)) ] || fault "$part %: $before before, $added added, $there there"
            grep -q "Stopped at record .*; run the same command to go on[.]" err || fault "$part %: does not say where it stopped: $(cat err)"
            [ "$before" = 0 ] || grep -q "Resuming load.mrk at record $((before + 1)) ($before already loaded)" err ||
                fault "$part %: does not say where it goes on: $(cat err)" ;;
        130 | 143) [ $# -gt 1 ] || [ "$there" = "$before" ] || fault "$part %: ended with $status, and $there records are there" ;;
        *) fault "$part %: ended with $status: $(cat err)" ;;
    esac
}
for part in 20 35 50 65 80 90; do
    fresh
    interrupted $part INT
    interrupted $part TERM
    interrupted $part INT INT
    status=0
    "$recto" load load.mrk > out 2> err || status=$?
    [ $status = 0 ] || fault "$part %: the last load ended with $status: $(cat err)"
    [ "$("$recto" search --count kw=words)" = $records ] || fault "$part %: not each record is there once"
    [ "$("$recto" search --count kw=w${records}w)" = 1 ] || fault "$part %: the last record is not there once"
done
[ $stopped -gt 0 ] || fault 'no load was stopped in the middle'
echo "$stopped loads stopped in the middle"
exit $wrong
