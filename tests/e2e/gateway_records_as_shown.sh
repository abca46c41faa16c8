#!/bin/sh
# Real records, UTF-8 and MARC-8, through the wire with the real program: what `recto show` gives is what was sent, but for the fields
# that belong to the repository (001, 003, 005, 035) and what the leader says of
# lengths and coding.
set -eu
build=$PWD/${BUILD:-build}
recto=$build/recto client=$build/tests/tools/connexion_client
data=$PWD/../shared/data/marc
[ -x "$client" ] || { echo "$client is not built"; exit 77; }
[ -d "$data/utf8" ] || { echo "skipped: no ../shared/data/marc beside the checkout"; exit 77; }
work=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
fail() { echo "$*"; tail -n 5 "$work/log" 2> /dev/null; exit 1; }

"$recto" init --institution 01TEST --network NET > "$work/init"
"$recto" profile set TEST_OCLC name="Connexion of 01TEST" > "$work/profile"
printf 'gateway-word\n' > "$work/password"
"$recto" profile passwd TEST_OCLC < "$work/password" > "$work/passwd" 2>&1
mkdir -p "$work/config/recto/data/service"
echo 'connections-per-second = 100000' > "$work/config/recto/data/service/gateway.conf"
"$recto" serve gateway --port 0 > "$work/out" 2> "$work/log" &
server=$!
for i in $(seq 200); do [ -s "$work/out" ] && break; sleep 0.05; done
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/out")
[ -n "$port" ] || fail "no port: $(cat "$work/out")"

# Of each file a few; only those that arrive as new records are compared: what is merged is another test's business. Of the leader:
# status, type, level, control; encoding level and form.
compared=0 marc8=0
for file in "$data"/utf8/*.mrc "$data"/marc8/*.mrc; do
    LC_ALL=C awk -v RS='\035' -v ORS='\035' -v work="$work" 'NR <= 6 { gsub(/^[\r\n]+/, ""); if (length > 30) { name = work "/one." NR; printf "%s\035", $0 > name; close(name) } }' "$file"
    for one in "$work"/one.*; do
        [ -e "$one" ] || continue
        "$client" --port "$port" --logon 01TEST --password gateway-word "$one" > "$work/reply" 2>&1 || true
        if grep -q 'New record' "$work/reply"; then
            id=$(sed -n 's/.*MMS ID: \([0-9]*\).*/\1/p' "$work/reply")
            "$recto" show --format mrk "$id" > "$work/shown"
            "$recto" convert --from marc --to mrk "$one" > "$work/sent" 2> "$work/said"
            for side in shown sent; do grep -v '^=LDR\|^=00[135]  \|^=035  \|^$' "$work/$side" > "$work/$side.fields"; done
            for side in shown sent; do sed -n 's/^=LDR  .....\(....\)........\(..\).*/\1 \2/p' "$work/$side" >> "$work/$side.fields"; done
            cmp -s "$work/sent.fields" "$work/shown.fields" || fail "$file, $(basename "$one"): $(diff "$work/sent.fields" "$work/shown.fields" | head -n 6)"
            compared=$((compared + 1))
            case $(dd if="$one" bs=1 skip=9 count=1 2> "$work/said") in a) ;; *) marc8=$((marc8 + 1)) ;; esac
        fi
        rm "$one"
    done
done
[ $compared -gt 50 ] && [ $marc8 -gt 10 ] || fail "only $compared compared, $marc8 of them MARC-8"
kill -TERM $server; wait $server || fail "SIGTERM: exit $?"
server=
echo "$compared real records shown as they were sent, $marc8 of them MARC-8"
