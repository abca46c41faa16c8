#!/bin/sh
# recto external against zebrasrv holding real records, and against yaz-ztest: the same hits as zoomsh counts, the records as
# they are in the file, several targets in one search, and more than one page.
set -eu
recto=$PWD/${BUILD:-build}/recto
data=$PWD/../shared/data/marc/utf8/loc-books-2014-100.mrc
for tool in zebrasrv zebraidx yaz-ztest zoomsh; do
    command -v $tool > /dev/null || { echo "$tool is not installed"; exit 77; }
done
[ -f "$data" ] || { echo "no real records beside the checkout"; exit 77; }
modules=$(dirname "$(find /usr/lib -name mod-grs-xml.so 2> /dev/null | head -n 1)")
[ -d "$modules" ] || { echo "zebra's record filters are not installed"; exit 77; }
work=$(mktemp -d)
zebra= ztest=
trap 'kill $zebra $ztest 2> /dev/null || true; rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
fail() { echo "$*"; exit 1; }

# A port nobody has: the servers here cannot be asked for a free one, so they are tried until one takes it.
start() { # start NAME COMMAND... -- with PORT in it; sets $port and $pid
    name=$1; shift
    for attempt in 1 2 3 4 5 6 7 8; do
        port=$((20000 + ($$ * 7 + attempt * 131) % 20000))
        command=$(echo "$*" | sed "s/PORT/$port/")
        (cd "$work" && exec $command) > "$work/$name.log" 2>&1 &
        pid=$!
        for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            sleep 0.1
            kill -0 $pid 2> /dev/null || break
            if zoomsh "connect 127.0.0.1:$port/Default" quit 2>&1 | grep -q refused; then continue; fi
            [ $wait -ge 3 ] && return 0
        done
        kill $pid 2> /dev/null || true
    done
    fail "$name does not start"
}

mkdir "$work/register"
cat > "$work/zebra.cfg" << CFG
profilePath: /usr/share/idzebra-2.0/tab
modulePath: $modules
attset: bib1.att
recordType: grs.marcxml.marc21
register: $work/register:500M
lockDir: $work
isam: b
perm.anonymous: r
CFG
(cd "$work" && zebraidx -c zebra.cfg init && zebraidx -c zebra.cfg update "$data") > "$work/index.log" 2>&1 || fail "zebraidx failed"
start zebra zebrasrv -c zebra.cfg tcp:127.0.0.1:PORT
zebra=$pid zebra_port=$port
start ztest yaz-ztest tcp:127.0.0.1:PORT
ztest=$pid ztest_port=$port

# The same number of hits as another client sees; every hit fetched, over several pages.
for query in "ti 4 history" "ti 4 the" "su 21 history" "au 1003 john"; do
    set -- $query
    theirs=$(zoomsh "connect 127.0.0.1:$zebra_port/Default" "search @attr 1=$2 @attr 4=6 $3" quit | sed -n 's/.*: \([0-9]*\) hits.*/\1/p')
    $recto external --address 127.0.0.1:$zebra_port/Default --index $1 --limit 100 $3 > "$work/hits" || [ $? = 1 ]
    ours=$(wc -l < "$work/hits")
    [ "$theirs" = "$ours" ] || fail "$query: zoomsh has $theirs hits, recto fetched $ours"
done
[ "$theirs" != "" ] || fail "zoomsh gave no count"

# The records are those of the file, title by title.
$recto convert --to mrk "$data" | sed -n 's/^=245  ..//p' > "$work/file.titles"
$recto --json external --address 127.0.0.1:$zebra_port/Default --index ti --limit 100 the > "$work/json"
[ -s "$work/json" ] || fail "nothing found"
if grep '"error"' "$work/json"; then fail "a record could not be read"; fi
$recto external --address 127.0.0.1:$zebra_port/Default --index ti --limit 100 the | cut -f 3 > "$work/titles"
while read -r title; do
    grep -qF "$(echo "$title" | cut -c 1-12)" "$work/file.titles" || fail "not in the file: $title"
done < "$work/titles"

# An index the target lacks: a sentence that names the box, exit 5, and no "nothing found".
status=0
$recto external --address 127.0.0.1:$zebra_port/Default --index isbn 0306406152 > "$work/out" 2> "$work/err" || status=$?
[ $status = 5 ] || fail "unsupported index: exit $status"
grep -q 'cannot search by ISBN' "$work/err" || fail "unsupported index: $(cat "$work/err")"
# Nothing found is 1, in silence.
status=0
$recto external --address 127.0.0.1:$zebra_port/Default --index ti zzyzx > "$work/out" 2> "$work/err" || status=$?
[ $status = 1 ] && [ ! -s "$work/out" ] && [ ! -s "$work/err" ] || fail "nothing found: exit $status, $(cat "$work/err")"
# A database that is not there.
status=0
$recto external --address 127.0.0.1:$zebra_port/Nowhere --index ti the > "$work/out" 2> "$work/err" || status=$?
[ $status = 5 ] && grep -q "no database 'Nowhere'" "$work/err" || fail "no database: exit $status, $(cat "$work/err")"

# yaz-ztest: canned records, in two targets asked at once; and a hostile query that must arrive as one term.
mkdir -p "$XDG_CONFIG_HOME/recto/data/targets"
for name in first second; do
    printf 'label = %s\nhost = localhost\nport = %s\ndatabase = Default\nbox ti = use 4, structure 6\n' $name "$ztest_port" \
        > "$XDG_CONFIG_HOME/recto/data/targets/$name.target"
done
$recto external --target first --target second --index ti --limit 5 'computer' > "$work/both" || fail "yaz-ztest: exit $?"
[ "$(grep -c '^first' "$work/both")" -ge 1 ] && [ "$(grep -c '^second' "$work/both")" -ge 1 ] || fail "not both answered: $(cat "$work/both")"
$recto external --target first --index ti '@and @or "x\" @attr 1=' > "$work/out" 2> "$work/err" || [ $? = 1 ] || fail "a hostile query: $(cat "$work/err")"
$recto target test first > "$work/test" || fail "target test failed"
grep -q 'session accepted' "$work/test" && grep -q 'fetched' "$work/test" || fail "target test: $(cat "$work/test")"
