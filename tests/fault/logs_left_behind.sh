#!/bin/bash
# A -wal that a killed process left: with its -shm, without it, with the -shm of another day, cut off or garbled at its end, carried with
# the file to another place; and one that belongs to another repository, or to the file before a backup was put in its place. What was
# acknowledged is there whenever the log is its own; a foreign log is never taken in silence for a sound repository (RL-11, RL-61).
set -eu
build=$(realpath "${BUILD:-build}")
recto=$build/recto
work=$(mktemp -d)
keeper=
trap '[ -z "$keeper" ] || kill -9 "$keeper" 2> /dev/null || :; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config LC_ALL=C.UTF-8
wrong=0
fault() { echo "$*"; wrong=1; }
book() { printf '=LDR  00000nam a2200000 i 4500\n=245  10$a%s %d\n=500  \\\\$aWords w%dw of %s.\n\n' "$2" "$1" "$1" "$2"; }
# make NAME TITLE: a repository whose log holds its last eight saves, with nobody left who would move them into the file.
make() {
    export RECTO_REPO=$work/$1.recto
    "$recto" init --institution 01EXAMPLE > out
    for i in 1 2 3; do book $i "$2"; done > some.mrk
    "$recto" load some.mrk > out 2>&1
    "$recto" serve gateway --port 0 > serve.out 2> serve.err &
    keeper=$!
    for i in $(seq 100); do grep -qi 'listening\|ready' serve.err serve.out && break; sleep 0.05; done
    for i in 11 12 13 14 15 16 17 18; do book $i "$2" > one.mrk; "$recto" save one.mrk > out || fault "save $i"; done
    kill -9 "$keeper"
    wait "$keeper" 2> wait.err || :
    keeper=
    [ -s "$RECTO_REPO-wal" ] || fault "$1: no log was left"
}
has() { # FILE WANTED WHAT
    found=$("$recto" --repo "$1" search --count kw=words 2> err || :)
    [ "$found" = "$2" ] || fault "$3: ${found:-0} records, not $2: $(cat err)"
    "$recto" --repo "$1" check --full > check.out 2>&1 || fault "$3: $(cat check.out)"
}
make mine Mine
make yours Yours
bring() { rm -f now.recto*; for end in "$@"; do cp "mine.recto$end" "now.recto$end"; done; }

bring '' -wal -shm
has now.recto 11 'log and index of the log'
bring '' -wal
has now.recto 11 'the log alone'
bring '' -wal
cp yours.recto-shm now.recto-shm
has now.recto 11 'with the index of another log'
bring '' -wal
head -c 20000 /dev/urandom > now.recto-shm
has now.recto 11 'with noise for an index of the log'
mkdir elsewhere
cp mine.recto elsewhere/mine.recto
cp mine.recto-wal elsewhere/mine.recto-wal
has elsewhere/mine.recto 11 'carried elsewhere'
# Without it the last saves are missing, which nobody can know, and the rest is whole.
bring ''
"$recto" --repo now.recto check --full > check.out 2>&1 || fault "without its log: $(cat check.out)"

# The last transaction cut off, or its last frame garbled: that one is not there, all before it is.
size=$(wc -c < mine.recto-wal)
for cut in 1 4120 12000; do
    bring '' -wal
    truncate -s $((size - cut)) now.recto-wal
    "$recto" --repo now.recto check --full > check.out 2>&1 || fault "cut by $cut: $(cat check.out)"
    found=$("$recto" --repo now.recto search --count kw=words 2> err || :)
    [ "${found:-0}" -ge 3 ] && [ "${found:-0}" -le 11 ] || fault "cut by $cut: $found records"
done
for at in 40 4200 30000; do
    bring '' -wal
    printf '\377\377\377\377' | dd of=now.recto-wal bs=1 seek=$at conv=notrunc 2> dd.err
    "$recto" --repo now.recto check --full > check.out 2>&1 || fault "garbled at $at: $(cat check.out)"
done

# The log of another repository, and of this one before a backup was put in its place: refused, or found by check; never a crash, and
# never "sound" with records that are not its own.
foreign() { # WHAT, with now.recto and now.recto-wal in place
    local status=0
    cp now.recto kept.recto
    "$recto" --repo now.recto search --count kw=words > out 2> err || status=$?
    [ $status -le 5 ] || fault "$1: search ended with $status"
    status=0
    "$recto" --repo now.recto check --full > check.out 2>&1 || status=$?
    [ $status -le 5 ] || fault "$1: check ended with $status"
    if [ $status = 0 ]; then
        own=$("$recto" --repo now.recto search --count "ti=$2" 2> err || :)
        [ "${own:-0}" -ge 3 ] || fault "$1: taken for sound, with ${own:-0} of its own records"
    fi
    echo "$1: check ended with $status: $(head -n 1 check.out)"
}
bring ''
cp yours.recto-wal now.recto-wal
foreign 'the log of another repository' mine
export RECTO_REPO=$work/mine.recto
"$recto" backup copy.recto > out
book 30 Mine > one.mrk
"$recto" serve gateway --port 0 > serve.out 2> serve.err &
keeper=$!
for i in $(seq 100); do grep -qi 'listening\|ready' serve.err serve.out && break; sleep 0.05; done
"$recto" save one.mrk > out
kill -9 "$keeper"
wait "$keeper" 2> wait.err || :
keeper=
rm -f now.recto*
cp copy.recto now.recto
cp mine.recto-wal now.recto-wal
foreign 'the log of the file before the backup' mine
exit $wrong
