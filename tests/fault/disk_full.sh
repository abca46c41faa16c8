#!/bin/bash
# A disk, and a limit of file sizes, that are full at ever later moments of a load, a save, a rebuild and a backup: a sentence and 5, never a
# signal; sound at once, nothing acknowledged is lost, and with room the same command goes on (RL-180, RL-6, RL-63).
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/few.recto LC_ALL=C.UTF-8
wrong=0 full=0
fault() { echo "$*"; wrong=1; }
for ((i = 1; i <= 1200; i++)); do
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aBook %d of a full disk\n=500  \\\\$aWords of number %d and w%dw.\n\n' $i $i $i
done > load.mrk
head -n 400 load.mrk > first.mrk
sed 's/Words of/More of/' load.mrk > second.mrk
printf '=LDR  00000nam a2200000 i 4500\n=245  10$aOne book\n\n' > save.mrk
"$recto" init --institution 01EXAMPLE > init.out
"$recto" load first.mrk > load.out 2>&1
cp few.recto first.recto
first=$("$recto" search --count 'kw=words')
said() { # status WHAT: 0, or 5 with the sentence
    case $1 in
        0) ;;
        5) full=$((full + 1)); grep -q 'no space left\|[Cc]annot write\|[Nn]o space' err || fault "$2: says only: $(cat err)" ;;
        *) fault "$2: ended with $1: $(cat err)" ;;
    esac
}
sound() { "$recto" check --full > check.out 2>&1 || fault "$1: $(head -n 3 check.out)"; }
run() { # WHAT command...: under a limit of $blocks kilobytes a file
    local what=$1 status=0
    shift
    ( ulimit -c 0; ulimit -f "$blocks"; exec "$@" ) > out 2> err || status=$?
    said $status "$what within $blocks KB"
    sound "$what within $blocks KB"
    ended=$status
}
again() { rm -f few.recto* copy.recto*; cp first.recto few.recto; }
for blocks in 40 100 160 240 330 420 520 640 800 1000 1400; do
    again
    run load "$recto" load second.mrk
    "$recto" load second.mrk > load.out 2>&1 || fault "the load does not go on after $blocks KB: $(cat load.out)"
    [ "$("$recto" search --count 'kw=more')" = 1200 ] && [ "$("$recto" search --count 'kw=words')" = "$first" ] ||
        fault "after $blocks KB: a record is missing, or there twice"
    again
    run save "$recto" save save.mrk
    [ "$("$recto" search --count 'ti=one' 2> count.err || :)" = $((ended == 0)) ] || fault "save within $blocks KB: ended with $ended, and that is not so"
    again
    run rebuild "$recto" check --rebuild-index
    again
    run backup "$recto" backup copy.recto
    [ $ended != 0 ] || "$recto" --repo copy.recto check --full > check.out 2>&1 || fault "backup within $blocks KB: $(cat check.out)"
    [ $ended = 0 ] || [ ! -e copy.recto ] || fault "backup within $blocks KB: failed, and left a copy"
    [ -z "$(ls copy.recto.new-* 2> ls.err)" ] || fault "backup within $blocks KB: left its work behind"
done
# A small disk in earnest, with ever less room.
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=6m none small 2> mount.err; then
    mounted=$work/small
    export RECTO_REPO=$work/small/few.recto
    for room in 30 80 150 250 400 700 1100 1700; do
        rm -f small/*
        cp first.recto small/few.recto
        free=$(df --output=avail -k small | tail -n 1)
        head -c $(((free - room) * 1024)) /dev/zero > small/filler
        status=0
        "$recto" load second.mrk > out 2> err || status=$?
        said $status "a load with $room KB left"
        rm small/filler
        sound "a load with $room KB left"
        "$recto" load second.mrk > load.out 2>&1 || fault "the load does not go on: $(cat load.out)"
        [ "$("$recto" search --count 'kw=more')" = 1200 ] || fault "a disk with $room KB: a record is missing, or there twice"
    done
else
    echo 'skipped: a small disk needs root to mount it; the limit of file sizes was tried'
fi
[ $full -ge 10 ] || fault "the disk was full only $full times"
echo "$full times full"
exit $wrong
