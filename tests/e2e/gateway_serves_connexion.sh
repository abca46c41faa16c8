#!/bin/sh
# `recto serve gateway` as a library runs it: profile and password by command, exports in every mode, the log, a port that is taken,
# --check, SIGHUP, SIGTERM; and `serve all` beside it.
set -eu
build=$PWD/${BUILD:-build}
recto=$build/recto client=$build/tests/tools/connexion_client
[ -x "$client" ] || { echo "$client is not built"; exit 77; }
work=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
fail() { echo "$*"; tail -n 5 "$work/log" 2> /dev/null; exit 1; }

record() { # record NUMBER TITLE
    printf '=LDR  00000cam a2200000 i 4500\n=001  ocm%08d\n=003  OCoLC\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\\\\n=035  \\\\$a(OCoLC)%d\n=245  10$a%s.\n=300  \\\\$a10 pages.\n\n' "$1" "$1" "$2"
}
marc() { "$recto" convert --from mrk --to marc -; }
start() { # start ARGUMENT...
    : > "$work/out"
    "$recto" "$@" > "$work/out" 2>> "$work/log" &
    server=$!
    for i in $(seq 200); do [ -s "$work/out" ] && break; sleep 0.05; done
    port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p; s/.*"port":\([0-9]*\).*/\1/p' "$work/out" | head -n 1)
    [ -n "$port" ] || fail "no port: $(cat "$work/out")"
}
export_as() { # export_as WANTED ARGUMENT...: the exit status of the client is looked at, too
    wanted=$1; shift
    "$client" --port "$port" "$@" > "$work/replies" 2>&1 || true
    grep -qF "$wanted" "$work/replies" || fail "client $*: wanted '$wanted', got '$(cat "$work/replies")'"
}
success='The record has been processed successfully. MMS ID: '

"$recto" init --institution 01TEST --network NET > "$work/init"
mkdir -p "$work/config/recto/data/service"
echo 'connections-per-second = 100000' > "$work/config/recto/data/service/gateway.conf"
record 101 "Cien años de soledad" | marc > "$work/one.mrc"
{ record 201 "First of three"; record 202 "Second of three"; record 203 "Third of three"; } | marc > "$work/three.mrc"
start serve gateway --port 0

# No profile yet, then one: it counts with the next record, without a new start.
export_as 'Import failed. Reason: no integration profile found for institution 01TEST.' --logon 01TEST --password gateway-word "$work/one.mrc"
"$recto" profile set TEST_OCLC name="Connexion of 01TEST" > "$work/profile"
printf 'gateway-word\n' > "$work/password"
chmod 600 "$work/password"
"$recto" profile passwd TEST_OCLC < "$work/password" > "$work/passwd" 2>&1 || fail "passwd: $(cat "$work/passwd")"
logon='--logon 01TEST --password gateway-word'
export_as 'Import failed. Reason: Logon failed - the Logon ID and/or password is/are not valid.' --logon 01TEST --password wrong "$work/one.mrc"
export_as "$success" $logon "$work/one.mrc"
id=$(sed -n "s/^$success\([0-9]*\).*/\1/p" "$work/replies")
"$recto" show "$id" | grep -q 'Cien años de soledad' || fail "$id is not shown"

# Every mode of the client.
export_as "$success" $logon --form web "$work/one.mrc"
export_as "$success$id" $logon --form web --user 100-123-456 --filler "$work/one.mrc"
export_as "$success" $logon --cut 1 "$work/one.mrc"
export_as "$success" $logon --nul "$work/one.mrc"
"$client" --port "$port" $logon --every-cut --quiet "$work/one.mrc" || fail "cut at every byte: exit $?"
"$client" --port "$port" $logon --every-cut --form web --quiet "$work/one.mrc" || fail "cut at every byte, web: exit $?"
for mode in '' '--header once' '--ahead 3' '--form web --ahead 3 --nul'; do
    export_as "$success" $logon --permanent $mode "$work/three.mrc"
    [ "$(grep -c "^$success" "$work/replies")" = 3 ] || fail "permanent $mode: $(cat "$work/replies")"
done
export_as 'Import failed. Reason: the record is incomplete.' $logon --stop 60 "$work/one.mrc"
export_as 'Import failed. Reason: Logon failed' --header none "$work/one.mrc"
head -c 4096 /dev/urandom | tr -d 'UAP0-9 \r\n\t\000' > "$work/rubbish"
export_as 'Import failed. Reason: the request could not be read.' --raw "$work/rubbish"
for point in header half record; do "$client" --port "$port" $logon --reset $point "$work/one.mrc"; done
export_as "$success$id" $logon "$work/one.mrc"
"$client" --port "$port" $logon --connections 20 --quiet --repeat 2 "$work/three.mrc" || fail "twenty at once: exit $?"

# Asked how it is; what is told.
"$recto" serve gateway --check --port "$port" > "$work/check" || fail "--check"
grep -q 'event\|gateway record' "$work/log" || fail "no line for a record"
if grep -q 'gateway-word' "$work/log"; then fail "the password is in the log"; fi
"$recto" gateway log --oclc 101 > "$work/rows" || fail "gateway log"
grep -q '101' "$work/rows" || fail "no row for 101: $(head -n 3 "$work/rows")"

# The port is taken.
status=0
timeout 10 "$recto" serve gateway --port "$port" > "$work/second" 2>&1 || status=$?
[ $status = 5 ] && grep -q "port $port on 127.0.0.1 is in use" "$work/second" || fail "port in use: exit $status, $(cat "$work/second")"

# SIGHUP reads the settings: a good file counts, a bad one is told and the old settings stay.
printf 'connections-per-second = 100000\nrecord-bytes = 1000\n' > "$work/config/recto/data/service/gateway.conf"
kill -HUP $server
for i in $(seq 100); do grep -q 'gateway reloaded' "$work/log" && break; sleep 0.05; done
{ record 301 "$(head -c 1500 /dev/zero | tr '\0' x)"; } | marc > "$work/long.mrc"
export_as 'Import failed. Reason: the record is too long.' $logon "$work/long.mrc"
echo 'idle = for ever' > "$work/config/recto/data/service/gateway.conf"
kill -HUP $server
for i in $(seq 100); do grep -q 'gateway not_reloaded' "$work/log" && break; sleep 0.05; done
grep -q 'gateway.conf:1: idle takes seconds' "$work/log" || fail "a bad setting is not told"
export_as "$success$id" $logon "$work/one.mrc"

# A clean end, and after it nobody is there.
kill -TERM $server
status=0
wait $server || status=$?
server=
[ $status = 0 ] || fail "SIGTERM: exit $status"
grep -q 'oclc="101" title="Cien años de soledad' "$work/log" || fail "no number and title in the log"
tail -n 1 "$work/log" | grep -q 'gateway stopped' || fail "no last word"
status=0
"$recto" serve gateway --check --port "$port" > "$work/check" 2>&1 || status=$?
[ $status = 5 ] || fail "--check of nobody: exit $status"
status=0
"$recto" serve gateway --port 0 > "$work/out" 2>&1 || status=$?
[ $status = 3 ] && grep -q 'gateway.conf:1: idle takes seconds' "$work/out" || fail "a bad setting at start: exit $status, $(cat "$work/out")"
rm "$work/config/recto/data/service/gateway.conf"

# A log as JSON, an address that others reach.
start --json serve gateway --port 0 --listen 0.0.0.0
export_as "$success$id" $logon "$work/one.mrc"
kill -TERM $server; wait $server || fail "json: exit $?"
server=
grep -q '^{"time":.*"event":"warning"' "$work/log" || fail "no warning for a public address"
grep -q '"event":"record".*"outcome":"' "$work/log" || fail "no JSON line for a record"

# Two addresses, one of them IPv6 where the system has it.
if grep -q '^0\{31\}1 ' /proc/net/if_inet6 2> /dev/null; then
    start serve gateway --port 0 --listen 127.0.0.1,::1
    export_as "$success$id" --host ::1 $logon "$work/one.mrc"
    export_as "$success$id" --host 127.0.0.1 $logon "$work/one.mrc"
    kill -TERM $server; wait $server || fail "two addresses: exit $?"
    server=
fi

# Both services.
start serve all --port 0 --z3950-port 0
for i in $(seq 100); do [ "$(wc -l < "$work/out")" -ge 2 ] && break; sleep 0.05; done
[ "$(wc -l < "$work/out")" = 2 ] || fail "serve all: $(cat "$work/out")"
for port in $(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/out"); do
    "$recto" serve gateway --check --port "$port" > "$work/check" || fail "serve all: nobody on $port"
done
kill -TERM $server; wait $server || fail "serve all: exit $?"
server=
"$recto" check --full > "$work/check" || fail "the repository is not sound: $(cat "$work/check")"
