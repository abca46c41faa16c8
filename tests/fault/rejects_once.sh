#!/bin/bash
# The file that rejects are added to, when the load is killed behind any of its writes, and when the disk is full at the commit: the same
# command goes on, and then each reject is there once, behind what was there before (RL-5, RL-63). Two loads at once do not share it.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/load.recto LC_ALL=C.UTF-8
if ! ${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o "$work/killed.so" tests/fault/killed_at_write.c 2> "$work/cc"; then
    echo "skipped: no compiler here: $(head -n 1 "$work/cc")"
    exit 77
fi
sanitizer=$(ldd "$recto" | awk '$1 ~ /^lib[a-z]*san[.]/ { printf "%s ", $3 }') # wants to be loaded first
cd "$work"
wrong=0
fault() { echo "$*"; wrong=1; }
# Of each ten records one is sound; so many rejects are more than one batch.
records=${REJECTS_RECORDS:-6000}
for ((i = 1; i <= records; i++)); do
    if ((i % 10 == 0)); then
        printf '=LDR  00000nam a2200000 i 4500\n=245  10$aBook %d\n=500  \\\\$aSound.\n\n' $i
    else
        printf '=LDR  00000nam a2200000 i 4500\n=2x\n=500  \\\\$aReject %d.\n\n' $i
    fi
done > load.mrk
fresh() { rm -f load.recto* rejects.mrk; "$recto" init --institution 01EXAMPLE > out; echo 'of an earlier load' > rejects.mrk; }
load() { # status [options...]: of the load
    local want=$1 status=0
    shift
    "$recto" load --rejects rejects.mrk "$@" load.mrk > out 2> err || status=$?
    [ $status = "$want" ] || fault "ended with $status, not $want: $(tail -n 1 err)"
}
whole() { # WHAT: the file and the repository are as if nothing had happened
    cmp -s rejects.mrk wanted.mrk ||
        fault "$1: $(grep -c Reject rejects.mrk || :) rejects, $(grep Reject rejects.mrk | sort -u | wc -l) of them different, of $rejects"
    [ "$("$recto" search --count kw=sound)" = $((records / 10)) ] || fault "$1: not each record is there once"
}
killed=0
cut_off() { # at which write into the file
    local status=0
    { KILL_FILE=$work/rejects.mrk KILL_WRITE=$1 LD_PRELOAD="$sanitizer$work/killed.so" \
        "$recto" load --rejects rejects.mrk load.mrk > out 2> err || status=$?; } 2> shell.err
    [ $status != 137 ] || killed=$((killed + 1))
}
fresh
load 1
cp rejects.mrk wanted.mrk
rejects=$(grep -c Reject wanted.mrk || :)
[ "$rejects" = $((records - records / 10)) ] || fault "$rejects rejects of $records records"
grep -qx 'of an earlier load' rejects.mrk || fault 'what was there before is gone'
whole 'a load in peace'
for number in 1 2 100 $((rejects / 2)) $((rejects * 3 / 4)) $((rejects - 1)) "$rejects"; do
    fresh
    cut_off $number
    load 1
    whole "killed behind write $number"
done
[ $killed = 7 ] || fault "$killed of 7 were killed"
# The same, and in between another load adds to the file: what it has added stays.
printf '=LDR  00000nam a2200000 i 4500\n=2x\n=500  \\\\$aOf another load.\n\n' > other.mrk
fresh
cut_off "$rejects"
"$recto" load --rejects rejects.mrk other.mrk > out 2> err || :
load 1
[ "$(grep -c 'Of another load' rejects.mrk)" = 1 ] || fault 'what another load has added is gone, or there twice'
[ "$(grep -c Reject rejects.mrk)" = "$rejects" ] || fault "with another load in between: $(grep -c Reject rejects.mrk) rejects of $rejects"
# No room for the commit, and room for the rejects: rolled back, they go.
full=0
for blocks in 130 160 190 220 250 280 310 340; do
    fresh
    status=0
    ( ulimit -c 0; ulimit -f $blocks; exec "$recto" load --rejects rejects.mrk load.mrk ) > out 2> err || status=$?
    grep -q 'record [0-9]*, byte' err && [ "$("$recto" search --count kw=sound 2> count.err)" -lt $((records / 10)) ] && full=$((full + 1))
    cmp -s -n "$(stat -c %s rejects.mrk)" rejects.mrk wanted.mrk || fault "within $blocks KB: the file is no beginning of what it will be"
    "$recto" load --rejects rejects.mrk load.mrk > out 2> err || :
    whole "within $blocks KB"
done
[ $full -gt 0 ] || fault 'the disk was never full'
# One at a time. Whether the first has its lock is only read: a lock taken to find out can be the one that the first is refused by.
fresh
mkfifo pipe
"$recto" load --rejects rejects.mrk --format mrk - < pipe > first.out 2>&1 &
first=$!
exec 7> pipe
printf '=LDR  00000nam a2200000 i 4500\n' >&7
for ((i = 0; i < 100; i++)); do
    ! grep -q "FLOCK.*:$(stat -c %i rejects.mrk) " /proc/locks || break
    sleep 0.1
done
load 4
grep -q 'another load is adding its rejects to this file' err || fault "two at once: $(cat err)"
exec 7>&-
wait $first || :
load 1
exit $wrong
