#!/bin/sh
# yaz-client, zoomsh and an SRU client against `recto serve z3950`: hits, records, diagnostics, databases, a port that is taken, a
# clean end.
set -eu
recto=$PWD/${BUILD:-build}/recto
for tool in yaz-client zoomsh xmllint curl; do
    command -v $tool > /dev/null || { echo "$tool is not installed"; exit 77; }
done
work=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
fail() { echo "$*"; exit 1; }

record() { # record NUMBER TITLE AUTHOR YEAR
    printf '=LDR  00000nam a2200000 i 4500\n=001  ocm%08d\n=003  OCoLC\n=008  760211s%s\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\\\\n' "$1" "$4"
    printf '=020  \\\\$a0306406152\n=100  1\\$a%s.\n=245  10$a%s.\n\n' "$3" "$2"
}
{ record 101 "Cien años de soledad" "García Márquez, Gabriel" 1967
  record 102 "One hundred years of solitude" "García Márquez, Gabriel" 1970
  record 103 "Rivers & <lakes>" "Waters, Ann" 1999; } > "$work/iz.mrk"
record 201 "Solitude of the network" "Netz, N." 2001 > "$work/nz.mrk"
$recto init --institution 01TEST --network NET > "$work/init"
$recto load --zone iz "$work/iz.mrk" > "$work/load"
$recto load --zone nz "$work/nz.mrk" >> "$work/load"
$recto serve z3950 --port 0 > "$work/out" 2> "$work/log" &
server=$!
for i in $(seq 100); do [ -s "$work/out" ] && break; sleep 0.05; done
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/out")
[ -n "$port" ] || fail "no port: $(cat "$work/out" "$work/log")"

# yaz-client: hits, a record in MARC 21 and in XML, result sets as operands, refusals by their numbers.
client() { printf 'open tcp:127.0.0.1:%s/%s\n%b\nquit\n' "$port" "$1" "$2" | timeout 20 yaz-client 2>&1; }
hits() { # hits DATABASE QUERY WANTED
    got=$(client "$1" "find $2" | sed -n 's/^Number of hits: \([0-9]*\).*/\1/p')
    [ "$got" = "$3" ] || fail "$1 $2: '$got' hits, wanted $3"
}
hits Default '@attr 1=4 solitude' 2
hits IZ '@attr 1=4 solitude' 1
hits NZ '@attr 1=4 solitude' 1
hits CZ '@attr 1=4 solitude' 0
hits Default '@attr 1=1003 garcia' 2
hits Default '@and @attr 1=1003 garcia @attr 1=31 1970' 1
hits Default '@not @attr 1=1003 garcia @attr 1=31 1970' 1
hits Default '@or @attr 1=31 1999 @attr 1=31 1970' 2
hits Default '@attr 1=4 @attr 4=1 "hundred years"' 1
hits Default '@attr 1=4 @attr 5=1 soli' 2
hits Default '@attr 1=7 9780306406157' 4
hits Default '@attr 1=1211 ocm00000102' 1
hits Default '@attr 1=12 102' 1
hits Default '@attr 1=1016 "años"' 1
client Default 'find @attr 1=1003 garcia\nfind @and @set 1 @attr 1=31 1970' > "$work/sets"
[ "$(sed -n 's/^Number of hits: \([0-9]*\).*/\1/p' "$work/sets" | tr '\n' ' ')" = "2 1 " ] || fail "result sets: $(cat "$work/sets")"
client IZ 'format usmarc\nfind @attr 1=31 1967\nshow 1' | grep -q 'Cien años de soledad' || fail "no MARC 21 record"
client IZ 'format xml\nfind @attr 1=31 1967\nshow 1' | grep -q '<datafield tag="245" ind1="1" ind2="0">' || fail "no MARCXML record"
refused() { client "$1" "$2" | grep -q "\[$3\]" || fail "$2 was not refused by $3: $(client "$1" "$2")"; }
refused Default 'find @attr 1=9999 x' 114
refused Default 'find @attr 1=4 @attr 5=2 x' 120
refused Nowhere 'find x' 109
refused Default 'format sutrs\nfind @attr 1=31 1967\nshow 1' 239
refused Default 'find @attr 1=31 1967\nshow 7' 13

# zoomsh
zoomsh "connect 127.0.0.1:$port/IZ" "set preferredRecordSyntax usmarc" "search @attr 1=4 rivers" "show 0 1" quit > "$work/zoom"
grep -q ': 1 hits' "$work/zoom" && grep -q 'Rivers & <lakes>' "$work/zoom" || fail "zoomsh: $(cat "$work/zoom")"

# SRU: sound XML, the right records, diagnostics of its own.
sru() { curl -s -m 10 "http://127.0.0.1:$port/$1"; }
sru "IZ?version=1.1&operation=searchRetrieve&recordPacking=xml&maximumRecords=5&query=dc.title=rivers" > "$work/sru.xml"
xmllint --noout "$work/sru.xml" || fail "SRU: no sound XML"
title=$(xmllint --xpath 'string(//*[local-name()="datafield"][@tag="245"]/*[@code="a"])' "$work/sru.xml")
[ "$title" = "Rivers & <lakes>." ] || fail "SRU: title '$title'"
[ "$(xmllint --xpath 'namespace-uri(//*[local-name()="leader"])' "$work/sru.xml")" = "http://www.loc.gov/MARC21/slim" ] || fail "SRU: namespace"
count() { sru "$1" | xmllint --xpath 'string(//*[local-name()="numberOfRecords"])' -; }
[ "$(count 'Default?version=1.2&operation=searchRetrieve&query=solitude')" = 2 ] || fail "SRU 1.2"
[ "$(count 'NZ?version=1.1&operation=searchRetrieve&query=solitude')" = 1 ] || fail "SRU in NZ"
[ "$(count 'Default?version=1.1&operation=searchRetrieve&query=dc.creator=garcia%20and%20dc.date%3E1968')" = 1 ] || fail "SRU: and, >"
[ "$(count 'Default?version=1.1&operation=searchRetrieve&query=cql.allRecords=1')" = 4 ] || fail "SRU: all records"
sru 'Default?version=1.1&operation=searchRetrieve&query=foo.bar=1' | grep -q 'info:srw/diagnostic/1/16' || fail "SRU: unknown index"
sru 'Default?version=1.1&operation=searchRetrieve&query=((' | grep -q 'info:srw/diagnostic/1/10' || fail "SRU: broken query"
sru 'Default?version=1.1&operation=explain' | xmllint --xpath 'string(//*[local-name()="port"])' - | grep -q "^$port$" || fail "SRU: explain"
[ "$(curl -s -m 10 -o "$work/nowhere" -w '%{http_code}' "http://127.0.0.1:$port/Nowhere?version=1.1&operation=searchRetrieve&query=x")" = 404 ] || fail "SRU: no such database"

# What is saved is found at once by a session that was open before.
{ printf 'open tcp:127.0.0.1:%s/IZ\nfind @attr 1=4 newcomer\n' "$port"; sleep 0.5
  record 104 "A newcomer" "New, N." 2020 > "$work/new.mrk"; $recto load --zone iz "$work/new.mrk" > "$work/load"
  printf 'find @attr 1=4 newcomer\nquit\n'; } | timeout 20 yaz-client > "$work/live" 2>&1
[ "$(sed -n 's/^Number of hits: \([0-9]*\).*/\1/p' "$work/live" | tr '\n' ' ')" = "0 1 " ] || fail "not current: $(cat "$work/live")"

# Twenty sessions at once.
for i in $(seq 20); do client Default 'find @attr 1=4 solitude\nshow 1+2' > "$work/session.$i" & sessions="${sessions:-} $!"; done
wait $sessions
for i in $(seq 20); do grep -q 'Number of hits: 2' "$work/session.$i" || fail "session $i: $(cat "$work/session.$i")"; done

# Rubbish on the port hurts nobody.
head -c 20000 /dev/urandom > "$work/rubbish"
timeout 5 curl -s -m 3 --data-binary @"$work/rubbish" "http://127.0.0.1:$port/Default" > "$work/ignored" || true
hits Default '@attr 1=4 solitude' 2

# The port is taken: who has it, and exit 5. Sockets of a process that nobody may attach to (RL-164) only root sees.
status=0
who=
[ "$(id -u)" != 0 ] || who=" (by PID $server"
timeout 10 $recto serve z3950 --port "$port" > "$work/second" 2>&1 || status=$?
[ $status = 5 ] && grep -q "port $port on 127.0.0.1 is in use$who" "$work/second" || fail "port in use: exit $status, $(cat "$work/second")"

# A clean end, with one line for it; no control character in the log whatever was asked.
client Default 'find @attr 1=4 "\\033[31mred"' > "$work/escape"
kill -TERM $server
status=0
wait $server || status=$?
server=
[ $status = 0 ] || fail "SIGTERM: exit $status"
tail -n 1 "$work/log" | grep -q 'stopped' || fail "no last word: $(tail -n 3 "$work/log")"
if LC_ALL=C grep -q "$(printf '\033')" "$work/log"; then fail "an escape sequence in the log"; fi
