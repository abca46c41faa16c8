#!/bin/sh
# The Connexion gateway into a repository of GATEWAY_RECORDS (100,000) records: records a second on one connection, and the time
# from the last byte of a record to its reply, with match, merge, save and index. New records, merges into records that are there,
# and the same on 20 connections. Beside them what one durable commit of this disk costs, which is the floor of every reply.
# Usage: gateway.sh [RECTO [CORPUS]]; needs ../shared/bench for the corpus when none is given.
set -eu
build=$(realpath "${BUILD:-build}")
recto=${1:-$build/recto}
records=${GATEWAY_RECORDS:-100000}
sent=${GATEWAY_SENT:-5000}
bench=../shared/bench
client=$build/tests/tools/connexion_client
[ -x "$client" ] || make -s BUILD="${BUILD:-build}" "${BUILD:-build}/tests/tools/connexion_client"
[ -n "${2:-}" ] || [ -d $bench ] || { echo "skipped: no $bench beside the checkout"; exit 0; }
work=$(mktemp -d)
server=
trap 'kill $server 2> /dev/null || true; rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8

corpus=${2:-$work/corpus.mrc}
[ -n "${2:-}" ] || python3 $bench/make_corpus.py -n $((records + sent)) -o "$corpus" > /dev/null
# The last ones are not loaded: they are new to the repository. The first ones are in it, and come again with another 005.
awk -v RS='\035' -v ORS='\035' -v from="$records" 'NR > from && length > 20' "$corpus" | LC_ALL=C tr -d '\n' > "$work/new.mrc"
LC_ALL=C awk -v RS='\035' -v ORS='\035' -v to="$records" 'NR <= to' "$corpus" > "$work/loaded.mrc"
"$recto" init --institution 01BENCH --network NET > "$work/init"
"$recto" load "$work/loaded.mrc" > "$work/load" 2>&1
"$recto" profile set IZ_OCLC name=Bench > "$work/profile"
printf 'bench1234\n' > "$work/password"
chmod 600 "$work/password"
"$recto" profile passwd IZ_OCLC --password-file "$work/password" > "$work/passwd" 2>&1 || "$recto" profile passwd IZ_OCLC < "$work/password" > "$work/passwd"
mkdir -p "$work/config/recto/data/service"
printf 'connections-per-second = 100000\n' > "$work/config/recto/data/service/gateway.conf"
"$recto" serve gateway --port 0 > "$work/out" 2> "$work/log" &
server=$!
for i in $(seq 200); do [ -s "$work/out" ] && break; sleep 0.05; done
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' "$work/out")
[ -n "$port" ] || { echo "no port:"; cat "$work/log"; exit 1; }

ask() { "$client" --port "$port" --logon 01BENCH --password bench1234 --quiet --times "$@" | tail -n 1; }
cpu() { awk '{ printf "%.2f", ($14 + $15) / '"$(getconf CLK_TCK)"' }' "/proc/$server/stat"; }
turn() { # TITLE ARGUMENT...: with the processor time of the service
    title=$1; shift
    before=$(cpu)
    figures=$(ask "$@")
    printf '%-34s %s' "$title" "$figures"
    # One by one, a save is asked for in 5 ms and a thousand a second; what is sent ahead waits for the same write.
    echo "$figures" | awk -v title="$title" -v durable="$durable" -v one="$(case $title in *ahead* | *replay*) ;; *) echo 1 ;; esac)" '{
        rate = p99 = 0
        for (i = 2; i <= NF; i++) { if ($i == "a" && $(i + 1) ~ /^second/) rate = $(i - 1); if ($i == "p99") p99 = $(i + 1) }
        printf "gateway: %s\t%d/s, p99 %.1f ms\tfdatasync p50 %s ms\t-\t%s\t%s\n", title, rate, p99, durable,
            (one ? ">= 1000/s, p99 <= 5 ms" : "-"), (!one ? "-" : rate >= 1000 && p99 <= 5 ? "met" : "NOT met") }' >> "${BENCH_TABLE:-/dev/null}"
    printf '; service %s s of CPU\n' "$(echo "$(cpu) $before" | awk '{ printf "%.2f", $1 - $2 }')"
}
durable=-
if [ -e $bench/fsync_cost.py ]; then
    echo "one durable write of this disk:"
    python3 $bench/fsync_cost.py "$work/durable" | tee "$work/cost"
    durable=$(awk '/^fdatasync/ { print $3 }' "$work/cost")
fi
head -c 300000 "$work/new.mrc" > "$work/warm.mrc"
ask --permanent "$work/warm.mrc" > "$work/warm" || true
LC_ALL=C awk -v RS='\035' -v ORS='\035' 'NR > 400 && NR <= 2400' "$work/new.mrc" > "$work/fresh.mrc"
LC_ALL=C awk -v RS='\035' -v ORS='\035' 'NR > 2400 && NR <= 4400' "$work/new.mrc" > "$work/fresh-ahead.mrc"
# Known ones come again with other words in their texts, of the same length, so that each is merged and saved.
LC_ALL=C awk -v RS='\035' -v ORS='\035' 'NR <= 2000 { print substr($0, 1, 24) swapped(substr($0, 25)) }
    function swapped(s) { gsub(/ of /, " OF ", s); gsub(/ the /, " THE ", s); gsub(/pages/, "PAGES", s); return s }' \
    "$work/loaded.mrc" > "$work/known.mrc"
turn "new, one connection" --permanent "$work/fresh.mrc"
turn "new, 16 sent ahead" --permanent --ahead 16 "$work/fresh-ahead.mrc"
turn "merges, one connection" --permanent "$work/known.mrc"
turn "the same again (replay)" --permanent "$work/known.mrc"
LC_ALL=C awk -v RS='\035' -v ORS='\035' 'NR > 4400 && NR <= 4500' "$work/new.mrc" > "$work/crowd.mrc"
begun=$(date +%s%N) before=$(cpu)
"$client" --port "$port" --logon 01BENCH --password bench1234 --quiet --permanent --connections 20 "$work/crowd.mrc" > "$work/crowd" 2>&1 || true
echo "$begun $(date +%s%N) $before $(cpu)" | awk '{ s = ($2 - $1) / 1e9
    printf "%-34s 2000 records in %.3f s: %d a second (goal 50: %s); service %.2f s of CPU\n", "20 connections, the same 100 each", s, 2000 / s,
    (2000 / s >= 50 ? "met" : "MISSED"), $4 - $3 }'
grep -o 'outcome="[a-z_]*"' "$work/log" | sort | uniq -c | sort -rn | head -n 6
grep VmHWM "/proc/$server/status"
kill -TERM $server
wait $server
server=
