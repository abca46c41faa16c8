#!/bin/bash
# Limits of what comes in, names of every kind, and doors that are taken: a sentence and an exit status each time (RL-103,
# RL-106, RL-108, RL-112, RL-138, RL-153, RL-192, RL-196).
set -eu
build=$(realpath "${BUILD:-build}")
recto=$build/recto
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || :; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/r.recto LC_ALL=C.UTF-8
fault() { echo "$*"; exit 1; }
expect() { # STATUS TEXT COMMAND...
    local wanted=$1 text=$2 status=0
    shift 2
    "$@" > out 2> err < /dev/null || status=$?
    [ $status = "$wanted" ] || fault "$*: ended with $status, not $wanted: $(cat err)"
    grep -qF -- "$text" err || fault "$*: does not say '$text': $(cat err)"
    if LC_ALL=C tr -d '\n' < err | LC_ALL=C grep -q '[[:cntrl:]]'; then fault "$*: a control byte on standard error"; fi
}
"$recto" init --institution 01X > out
book() { printf '=LDR  00000nam a2200000 i 4500\n=245  10$aBook\n=500  \\\\$aWords of it, and some more of them.\n\n'; }

# A text node and a depth beyond the limits; what follows is read.
{
    printf '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader><datafield tag="245" ind1="1" ind2="0"><subfield code="a">'
    head -c 11000000 /dev/zero | tr '\0' x
    printf '</subfield></datafield></record></collection>\n'
} > text.xml
expect 3 'more than 1 MiB' "$recto" convert --to mrk text.xml
deep() { for ((i = 0; i < 3000; i++)); do printf %s "$1"; done; }
{
    printf '{"leader":"00000nam a2200000 i 4500","fields":[{"245":{"ind1":"1","ind2":"0","subfields":['
    deep '{"a":['
    deep ']}'
    printf ']}}]}\n{"leader":"00000nam a2200000 i 4500","fields":[{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Good one"}]}}]}\n'
} > deep.json
expect 1 'nested deeper than 32' "$recto" convert --to mrk deep.json
grep -q 'Good one' out || fault 'the record behind a deep one is lost'

# Subfields of one field beyond the limit, in two formats.
{
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aMany\n=505  0\\'
    for ((i = 0; i < 10001; i++)); do printf '$tT'; done
    printf '\n\n=LDR  00000nam a2200000 i 4500\n=245  10$aGood one\n\n'
} > subfields.mrk
expect 1 '505 has 10001 subfields, more than 10000' "$recto" convert --to line subfields.mrk
grep -q 'Good one' out || fault 'the record behind one of too many subfields is lost'
{
    printf '{"leader":"00000nam a2200000 i 4500","fields":[{"505":{"ind1":"0","ind2":" ","subfields":[{"t":"T"}'
    for ((i = 0; i < 10000; i++)); do printf ',{"t":"T"}'; done
    printf ']}}]}\n'
} > subfields.json
expect 3 'has 10001 subfields, more than 10000' "$recto" convert --to line subfields.json

# Streams: a file larger than the memory there may be.
for ((i = 0; i < 2000; i++)); do book; done > many.mrk
for ((i = 0; i < 50; i++)); do cat many.mrk; done > more.mrk
if ! nm -D "$recto" 2> nm.err | grep -q __asan; then
    for to in marc marcxml json mrk; do
        (ulimit -v 131072; "$recto" convert --to $to more.mrk > converted 2> err) || fault "convert --to $to in 128 MiB: $(cat err)"
    done
    (ulimit -v 131072; "$recto" validate more.mrk > validated 2> err) || [ $? = 1 ] || fault "validate in 128 MiB: $(cat err)"
fi

# Names: as given, and shown without what they would do to a terminal.
odd=$(printf 'a\nb\033[31m.mrk') torn=$(printf 'torn\377\233.mrk')
book > ./-x.mrk
book > "$odd"
book > "$torn"
for name in -x.mrk "$odd" "$torn"; do
    "$recto" convert --to line -- "$name" > out 2> err || fault "a file named '$name': $(cat err)"
    grep -q 'Book' out || fault "a file named '$name' was not read"
done
expect 5 '^J^[[31m<FF>' "$recto" convert --to line "$(printf 'none\n\033[31m\377.mrk')"

# Binary to a terminal is refused; the text form is shown.
if command -v script > out; then
    script -qec "'$recto' convert --to marc ./-x.mrk" /dev/null < /dev/null > out 2>&1 && fault 'binary MARC went to a terminal'
    grep -q 'would upset the terminal' out || fault "binary to a terminal: $(cat out)"
    script -qec "'$recto' convert --to line ./-x.mrk" /dev/null < /dev/null > out 2>&1 || fault 'text did not go to a terminal'
    grep -q 'Book' out || fault 'text did not go to a terminal'
else
    echo 'skipped: there is no script(1) to be a terminal'
fi

# A port that another has: who has it is named, to whoever may know: sockets of a process that nobody may attach to (RL-164) only root sees.
"$recto" serve gateway --port 0 > server.out 2> server.err &
server=$!
for ((i = 0; i < 200; i++)); do [ -s server.out ] && break; sleep 0.05; done
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' server.out)
who=
[ "$(id -u)" != 0 ] || who=" (by PID $server"
expect 5 "port $port on 127.0.0.1 is in use$who" "$recto" serve gateway --port "$port"
kill "$server"
wait "$server" || :
server=

# SIGINT where nothing was begun: the command ends by the signal, as the shell that called it expects.
mkfifo never
(sleep 20 > never) &
writer=$!
status=0
# A shell without job control lets its children ignore SIGINT: env gives it back.
env --default-signal=INT "$recto" validate never > out 2> err &
reader=$!
sleep 0.5
kill -INT "$reader"
wait "$reader" || status=$?
kill "$writer" || :
wait "$writer" 2> wait.err || :
[ $status = 130 ] || fault "SIGINT in a command that only reads: ended with $status: $(cat err)"
