#!/bin/sh
# A process of Recto leaves no core file, and nobody of the same user may attach to it or read its memory: the kernel gives what is in
# /proc of such a process to root (RL-164). Looked at as another user, for root may do all that.
set -eu
build=$(realpath "${BUILD:-build}")
if ldd "$build/recto" | grep -q 'lib[a-z]*san[.]'; then
    echo 'skipped: sanitizers look for leaks as a debugger does'
    exit 77
fi
as=
if [ "$(id -u)" = 0 ]; then
    as='setpriv --reuid 65534 --regid 65534 --clear-groups'
    $as true 2> /dev/null || { echo 'skipped: another user is needed, and root cannot be one'; exit 77; }
fi
work=$(mktemp -d)
process=
trap '[ -z "$process" ] || kill "$process" 2> "$work/kill.err" || :; rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/home"
[ -z "$as" ] || chown 65534:65534 "$work/home"
cp "$build/recto" "$work/recto" # somebody else may not come into the folder of this build
chmod 755 "$work/recto"
export HOME="$work/home" XDG_CONFIG_HOME="$work/home" RECTO_REPO="$work/home/library.db"
$as "$work/recto" init --institution 01EXAMPLE > "$work/out"
wrong=0
ulimit -c unlimited 2> "$work/ulimit.err" || :
# One whose own processes are open to their user: else this test would prove nothing.
$as sleep 60 &
process=$!
sleep 0.3
$as head -c 1 "/proc/$process/environ" > "$work/byte" 2> "$work/err" || { echo "skipped: not even another's process may be read here: $(cat "$work/err")"; exit 77; }
kill "$process"
mkfifo "$work/pipe"
looked() { # NAME: at $process
    ! $as head -c 1 "/proc/$process/environ" > "$work/byte" 2> "$work/err" || { echo "$1: its user may read its memory"; wrong=1; }
    grep -q '^Max core file size  *0  *0 ' "/proc/$process/limits" || { echo "$1: $(grep 'core file' "/proc/$process/limits")"; wrong=1; }
}
started() { # until it is the program, and has done what comes first
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ "$(cat "/proc/$process/comm")" != recto ] || grep -q '^Max core file size  *0 ' "/proc/$process/limits" && break
        sleep 0.1
    done
    sleep 0.2
}
$as "$work/recto" load --format mrk - < "$work/pipe" > "$work/out" 2>&1 &
process=$!
exec 7> "$work/pipe"
started
looked 'a load'
exec 7>&-
wait "$process" || :
$as "$work/recto" serve gateway --port 0 > "$work/out" 2>&1 &
process=$!
started
looked 'the gateway'
kill "$process"
wait "$process" || :
process=
exit $wrong
