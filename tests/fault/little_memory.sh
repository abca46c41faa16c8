#!/bin/bash
# Memory that ends, in earnest: the address space is limited in small steps, from too little to begin to enough. It fails then in
# whatever library asks for it. The command ends with a message and its status, never by a signal; the repository is sound, what was
# acknowledged is there, and with memory the same command works (RL-119, RL-193).
set -eu
recto=$(realpath "${BUILD:-build}/recto")
if nm -D "$recto" 2> /dev/null | grep -q __asan; then echo 'skipped: a sanitizer needs more address space than there is'; exit 77; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/few.recto LC_ALL=C.UTF-8
steps=${MEMORY_STEPS:-16}
wrong=0 words=0 signals=0 worked=0
fault() { echo "$*"; wrong=1; }
for ((i = 1; i <= 1500; i++)); do
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aBook %d of little memory\n=500  \\\\$aWords of number %d and w%dw.\n\n' $i $i $i
done > load.mrk
printf '=LDR  00000nam a2200000 i 4500\n=245  10$aSaved with little memory\n=500  \\\\$aOnly one.\n\n' > save.mrk
"$recto" init --institution 01EXAMPLE > init.out
"$recto" load load.mrk > load.out 2>&1
cp few.recto first.recto

limited() { # kilobytes command...
    local kilobytes=$1
    shift
    ( ulimit -c 0; ulimit -v "$kilobytes"; exec "$@" ) > out 2> err < /dev/null
}
# The least, in steps of 1 MB, with which the command works.
least() { # command...
    local low=4096 high=1048576 middle
    while [ $((high - low)) -gt 1024 ]; do
        middle=$(((low + high) / 2))
        again
        if limited $middle "$@"; then high=$middle; else low=$middle; fi
    done
    echo $high
}
again() { rm -f few.recto*; cp first.recto few.recto; }
sound() { "$recto" check --full > check.out 2>&1 || fault "$*: $(head -n 3 check.out)"; }
try() { # name command...
    local name=$1 enough status
    shift
    enough=$(least "$@")
    for ((step = 0; step <= steps; step++)); do
        again
        status=0
        limited $((enough - step * 512)) "$@" || status=$?
        case $status in
            0) worked=$((worked + 1)) ;;
            [1-5]) words=$((words + 1)); [ -s err ] || fault "$name: ended with $status without a word" ;;
            126 | 127) break ;; # not enough to begin
            *) signals=$((signals + 1)); fault "$name with $((enough - step * 512)) KB: ended with $status: $(tail -n 2 err)" ;;
        esac
        sound "$name at $((enough - step * 512)) KB"
        [ "$("$recto" search --count kw=words)" -ge 1500 ] || fault "$name: records are lost"
        if [ $status = 0 ] && [ "$name" = save ]; then
            [ "$("$recto" search --count 'ti=saved')" = 1 ] || fault 'a save was acknowledged and is not there'
        fi
    done
}
try save "$recto" save save.mrk
try load "$recto" load --restart --jobs 1 load.mrk
try 'load by two' "$recto" load --restart --jobs 2 load.mrk
try search "$recto" search --facets 'kw=words'
try rebuild "$recto" check --rebuild-index
echo "$worked worked, $words ended with a message, $signals by a signal"
exit $wrong
