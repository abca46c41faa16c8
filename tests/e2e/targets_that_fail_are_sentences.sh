#!/bin/sh
# A target that is down, one that never answers, one that wants a password: each a clear sentence within its own time, while the
# hits of the one that works are shown; and no password in anything that is written.
set -eu
build=${BUILD:-build}
recto=$PWD/$build/recto
scripted=$PWD/$build/tests/tools/scripted_target
[ -x "$scripted" ] || { echo "tests/tools are not built"; exit 77; }
work=$(mktemp -d)
pids=
trap 'kill $pids 2> /dev/null || true; rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/repository.db" LC_ALL=C.UTF-8
targets=$XDG_CONFIG_HOME/recto/data/targets
mkdir -p "$targets"
fail() { echo "$*"; exit 1; }

await() { # await FILE: until it has a line
    for i in $(seq 100); do [ -s "$1" ] && return 0; sleep 0.05; done
    fail "$1 stays empty"
}
target() { # target NAME PORT MORE
    printf 'label = The %s One\nhost = 127.0.0.1\nport = %s\ndatabase = Default\nconnect-timeout = 2\nanswer-timeout = 2\n%b\nbox ti = use 4, structure 6\n' \
        "$1" "$2" "${3:-}" > "$targets/$1.target"
}
for fault in refused silent hang account closes web; do
    "$scripted" $fault > "$work/$fault.port" &
    pids="$pids $!"
    await "$work/$fault.port"
    target $fault "$(cat "$work/$fault.port")"
done
target account "$(cat "$work/account.port")" 'account = yes'
printf 'label = The nameless One\nhost = no-such-host.invalid\nport = 210\nconnect-timeout = 2\nbox ti = use 4\n' > "$targets/nameless.target"

# The one that works is Recto's own.
$recto init --institution 01TEST > "$work/init"
printf '=LDR  00000nam a2200000 i 4500\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\\\\n=245  00$aWater everywhere.\n\n' > "$work/water.mrk"
$recto load --zone iz "$work/water.mrk" > "$work/load"
$recto serve z3950 --port 0 > "$work/serve.out" 2> "$work/serve.err" &
pids="$pids $!"
await "$work/serve.out"
target good "$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/serve.out")"

umask 077
printf 'account 100200300 sesame-17-secret\n' > "$XDG_CONFIG_HOME/recto/target-accounts"
started=$(date +%s)
status=0
$recto external --target good --target refused --target silent --target hang --target account --target closes --target web \
    --target nameless --index ti water > "$work/out" 2> "$work/err" || status=$?
took=$(($(date +%s) - started))
[ $status = 0 ] || fail "exit $status: $(cat "$work/err")"
grep -q '^good	1	Water everywhere' "$work/out" || fail "the good hit is missing: $(cat "$work/out")"
[ $took -le 5 ] || fail "took $took seconds: the targets waited for each other"
expect() { grep -q "$1" "$work/err" || fail "missing: $1; got: $(cat "$work/err")"; }
expect 'Cannot reach The refused One: 127.0.0.1 refused port'
expect 'The silent One did not answer in 2 seconds'
expect 'The hang One did not answer in 2 seconds'
expect 'User or password for The account One not accepted'
expect 'The closes One closed the connection'
expect 'The web One answered something that is not Z39.50'
grep -q 'name no-such-host.invalid not found' "$work/err" || grep -q 'nameless One did not answer' "$work/err" || fail "nameless: $(cat "$work/err")"

# The same as JSON; and alone, a failure is exit 5, never "nothing found".
$recto --json external --target good --target refused --index ti water > "$work/json" || fail "json: exit $?"
grep -q '"target":"refused","error":"Cannot reach' "$work/json" || fail "json: $(cat "$work/json")"
for fault in refused silent account; do
    status=0
    $recto external --target $fault --index ti water > "$work/alone" 2>> "$work/err" || status=$?
    [ $status = 5 ] && [ ! -s "$work/alone" ] || fail "$fault alone: exit $status"
done

# The password: nowhere. A file that others may read is refused, with the command that puts it right.
$recto target list >> "$work/out"
$recto target test account >> "$work/out" 2>> "$work/err" && fail "a refused account passed the test"
if grep -l 'sesame' "$work"/*out "$work"/*err "$work/json"; then fail "the password was written"; fi
chmod 644 "$XDG_CONFIG_HOME/recto/target-accounts"
status=0
$recto external --target good --index ti water > "$work/out" 2> "$work/err" || status=$?
[ $status = 4 ] && grep -q 'chmod 600' "$work/err" || fail "open accounts: exit $status, $(cat "$work/err")"
