#!/bin/sh
# The gateway as others start it and stand before it: the units are what systemd takes, a socket of the service manager is used
# (exports that come before the service is up wait in it), and stunnel on both sides carries an export with the true peer.
set -eu
build=$PWD/${BUILD:-build}
recto=$build/recto client=$build/tests/tools/connexion_client activate=$build/tests/tools/activate
for tool in "$client" "$activate"; do [ -x "$tool" ] || { echo "$tool is not built"; exit 77; }; done
work=$(mktemp -d)
server= inner= outer=
trap 'for p in $outer $inner $server; do kill $p 2> /dev/null || true; done; rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
fail() { echo "$*"; tail -n 5 "$work/log" 2> /dev/null; exit 1; }
wait_for() { for i in $(seq 200); do grep -q "$1" "$2" 2> /dev/null && return; sleep 0.05; done; fail "no '$1' in $2: $(cat "$2")"; }
success='The record has been processed successfully. MMS ID: '
logon='--logon 01TEST --password gateway-word'

"$recto" init --institution 01TEST --network NET > "$work/init"
"$recto" profile set TEST_OCLC name="Connexion of 01TEST" > "$work/profile"
printf 'gateway-word\n' > "$work/password"
"$recto" profile passwd TEST_OCLC < "$work/password" > "$work/passwd" 2>&1
record() { printf '=LDR  00000cam a2200000 i 4500\n=001  ocm%08d\n=003  OCoLC\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\\\\n=035  \\\\$a(OCoLC)%d\n=245  10$aNumber %d.\n=300  \\\\$a10 pages.\n\n' "$1" "$1" "$1"; }
for n in 1 2 3; do record $n | "$recto" convert --from mrk --to marc - > "$work/$n.mrc"; done

# The units, with the program where they look for it.
if command -v systemd-analyze > /dev/null; then
    mkdir "$work/units"
    sed "s#/usr/local/bin/recto#$recto#; s/^User=.*/User=root/; s/^Group=.*/Group=root/" data/systemd/recto-gateway.service > "$work/units/recto-gateway.service"
    cp data/systemd/recto-gateway.socket "$work/units/"
    if systemd-analyze verify --man=no "$work/units/recto-gateway.service" "$work/units/recto-gateway.socket" > "$work/verified" 2>&1; then
        if grep -q recto-gateway "$work/verified"; then fail "the units: $(cat "$work/verified")"; fi
    else
        fail "the units: $(cat "$work/verified")"
    fi
else
    echo "skipped: the units, for there is no systemd-analyze"
fi

# A socket of the service manager. The repository is not there yet when the first export is sent: it waits.
mkfifo "$work/gate"
"$activate" sh -c "read go < '$work/gate'; LISTEN_PID=\$\$ exec '$recto' serve gateway" > "$work/port" 2> "$work/log" &
server=$!
wait_for . "$work/port"
port=$(head -n 1 "$work/port")
"$client" --port "$port" $logon "$work/1.mrc" > "$work/early" 2>&1 &
early=$!
sleep 0.3
echo go > "$work/gate"
wait $early || fail "an export before the start: $(cat "$work/early")"
grep -qF "$success" "$work/early" || fail "an export before the start: $(cat "$work/early")"
"$recto" serve gateway --check --port "$port" > "$work/check" || fail "--check of a passed socket"
kill -TERM $server
wait $server || fail "SIGTERM under a service manager: exit $?"
server=

# stunnel beside Recto and beside Connexion, as data/stunnel/recto-gateway.conf has it, with ports and certificates of our own.
stunnel=$(command -v stunnel4 || command -v stunnel || true)
if [ -z "$stunnel" ] || ! command -v openssl > /dev/null; then
    echo "skipped: stunnel, which is not installed"
    exit 0
fi
mkdir -p "$work/config/recto/data/service"
echo 'proxies = 127.0.0.1' > "$work/config/recto/data/service/gateway.conf"
"$recto" serve gateway --port 0 > "$work/out" 2> "$work/log" &
server=$!
wait_for '\.$' "$work/out"
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/out")
for who in server client; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$who" -keyout "$work/$who.key" -out "$work/$who.crt" 2> "$work/openssl" ||
        fail "a certificate: $(cat "$work/openssl")"
    cat "$work/$who.key" "$work/$who.crt" > "$work/$who.pem"
    chmod 600 "$work/$who.pem"
done
free_port() { "$activate" true; }
tls=$(free_port) plain=$(free_port)
common='foreground = yes\nsyslog = no\npid =\nsocket = l:TCP_NODELAY=1\n'
{ printf "$common"; sed -n '/^\[recto-gateway\]/,/^;/p' data/stunnel/recto-gateway.conf | grep -v '^;' |
    sed "s#^accept = .*#accept = 127.0.0.1:$tls#; s#^connect = .*#connect = 127.0.0.1:$port#; s#^cert = .*#cert = $work/server.pem#; s#^CAfile = .*#CAfile = $work/client.crt#"; } > "$work/server.conf"
{ printf "$common"; sed -n '/^; \[recto-gateway\]/,$p' data/stunnel/recto-gateway.conf | sed 's/^; *//' |
    sed "s#^accept = .*#accept = 127.0.0.1:$plain#; s#^connect = .*#connect = 127.0.0.1:$tls#; s#^cert = .*#cert = $work/client.pem#; s#^CAfile = .*#CAfile = $work/server.crt#"; } > "$work/client.conf"
"$stunnel" "$work/server.conf" > "$work/stunnel-server" 2>&1 &
outer=$!
"$stunnel" "$work/client.conf" > "$work/stunnel-client" 2>&1 &
inner=$!
wait_for 'Configuration successful' "$work/stunnel-server"
wait_for 'Configuration successful' "$work/stunnel-client"
for i in $(seq 100); do
    "$client" --port "$plain" $logon "$work/2.mrc" > "$work/replies" 2>&1 || true
    grep -qF "$success" "$work/replies" && break
    sleep 0.05
done
grep -qF "$success" "$work/replies" || fail "through stunnel: $(cat "$work/replies" "$work/stunnel-server" "$work/stunnel-client")"
grep -q 'gateway record .*peer="127.0.0.1"' "$work/log" || fail "no peer in the log"
# Who has no certificate does not come through, and who comes past stunnel without its line is no Connexion client.
printf '\0' | timeout 10 openssl s_client -quiet -connect "127.0.0.1:$tls" > "$work/stranger" 2>&1 || true
if grep -q 'Import' "$work/stranger"; then fail "a stranger came through: $(cat "$work/stranger")"; fi
"$client" --port "$port" $logon "$work/3.mrc" > "$work/replies" 2>&1 || true
grep -q 'Import failed. Reason: the request could not be read.' "$work/replies" || fail "past the proxy: $(cat "$work/replies")"
kill -TERM $server; wait $server || fail "SIGTERM behind stunnel: exit $?"
server=
