#!/bin/sh
# A repository that is missing, something else, damaged, read-only, newer than the program, or on a full disk: a sentence, exit 3 to 5,
# nothing lost, and the repository sound afterwards.
set -u
recto=$PWD/${BUILD:-build}/recto
walk=$PWD/${BUILD:-build}/tests/tools/walk
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
chmod 755 "$work"
export HOME="$work" XDG_CONFIG_HOME="$work/config"
wrong=0
fault() { echo "$*"; wrong=1; }
expect() { # expect STATUSES TEXT COMMAND...
    wanted=$1 text=$2
    shift 2
    status=0
    timeout 30 "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
    case " $wanted " in *" $status "*) ;; *) fault "$*: ended with $status, not $wanted: $(cat -v "$work/err" | head -c 300)" ;; esac
    [ "$status" = 0 ] || grep -qi -- "$text" "$work/err" || fault "$*: does not say '$text': $(cat -v "$work/err" | head -c 300)"
    if LC_ALL=C tr -d '\n' < "$work/err" | LC_ALL=C grep -q '[[:cntrl:]]'; then fault "$*: a control byte on standard error"; fi
}
records() { awk -v n="$1" -v s="$2" 'BEGIN { for (i = 1; i <= n; i++) printf "=LDR  00000nam a2200000 i 4500\n=001  %s%d\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\d\n=245  00$aTitle %s %d of many, long enough to need room on a disk that has little\n=500  ##$a%600s\n\n", s, i, s, i, "x" }'; }

good=$work/good.db
$recto --repo "$good" init --institution 01TEST > "$work/init" || exit 1
records 60 first > "$work/first.mrk"
$recto --repo "$good" load --zone iz "$work/first.mrk" > "$work/out" 2>&1 || fault "load: $(cat "$work/out")"
id=$($recto --repo "$good" search --zone all --limit 1 'first 7' | cut -f1)

# Missing; a directory; a text file; empty; a database of another program.
expect 5 'recto init' $recto --repo "$work/none.db" search x
[ ! -e "$work/none.db" ] || fault 'a search made a repository'
expect '3 4 5' . $recto --repo "$work" search x
printf 'this is a letter to my aunt\n' > "$work/text.db"
expect 3 'not a Recto repository; name the right file with --repo, or' $recto --repo "$work/text.db" search x
expect '3 4' . $recto --repo "$work/text.db" init --institution 01TEST
[ "$(cat "$work/text.db")" = 'this is a letter to my aunt' ] || fault 'init wrote over a text file'
: > "$work/empty.db"
expect '3 5' . $recto --repo "$work/empty.db" search x
[ ! -s "$work/empty.db" ] || fault 'a search wrote into an empty file'

# Damaged: cut short, pages of noise, one byte flipped in each of many places. Never a signal; check says so.
size=$(wc -c < "$good")
head -c $((size / 2)) "$good" > "$work/short.db"
head -c 50 "$good" > "$work/stub.db"
for page in 0 1 3 7 12 20 33; do
    cp "$good" "$work/page$page.db"
    head -c 8192 /dev/urandom | dd of="$work/page$page.db" bs=8192 seek=$page conv=notrunc 2> "$work/dd"
done
damaged=0
for file in short stub page0 page1 page3 page7 page12 page20 page33; do
    for command in 'search --zone all title' "show $id" "load --zone iz $work/first.mrk" 'check --full'; do
        cp "$work/$file.db" "$work/now.db"
        rm -f "$work/now.db-wal" "$work/now.db-shm"
        status=0
        timeout 30 $recto --repo "$work/now.db" $command > "$work/out" 2> "$work/err" < /dev/null || status=$?
        [ $status -le 5 ] || fault "$file: $command ended with $status"
        [ $status -le 1 ] || [ -s "$work/err" ] || [ -s "$work/out" ] || fault "$file: $command ended with $status and said nothing"
        [ "$command" != 'check --full' ] || [ $status = 0 ] || damaged=$((damaged + 1))
    done
done
# A finding is one line with what to do: SQLite's own words for a page come in several.
cp "$good" "$work/lines.db"
for page in 21 22 23; do
    head -c 8192 /dev/urandom | dd of="$work/lines.db" bs=8192 seek=$page conv=notrunc 2> "$work/dd"
done
$recto --repo "$work/lines.db" check --full > "$work/out" 2> "$work/err"
grep -q 'page' "$work/out" || fault "three bad pages were not found: $(cat "$work/out" "$work/err")"
if grep -v '^NOT sound' "$work/out" | grep -v '; '; then fault 'a finding of check --full without what to do'; fi
expect 5 'put a backup in its place' $recto --repo "$work/short.db" search x
[ $damaged -ge 8 ] || fault "check --full found $damaged of 9 damaged files"

# Read-only, as a user without rights.
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
    chmod -R a+rX "$work"
    as='setpriv --reuid=65534 --regid=65534 --clear-groups'
    cp "$good" "$work/readonly.db"
    chmod 444 "$work/readonly.db"
    if $as test -x "$recto" 2> "$work/err"; then
        expect '4 5' 'readonly.db' $as $recto --repo "$work/readonly.db" load --restart --zone iz "$work/first.mrk"
        expect '4 5' "$work" $as $recto --repo "$work/new.db" init --institution 01TEST
        mkdir -p "$work/closed"
        cp "$good" "$work/closed/r.db"
        chmod 700 "$work/closed"
        expect '4 5' 'r.db' $as $recto --repo "$work/closed/r.db" search x
        chmod 640 "$work/readonly.db"
        expect 5 "you may not read this repository (root:[a-z]* 0640)" $as $recto --repo "$work/readonly.db" search x
        chmod 444 "$work/readonly.db"
        cmp -s "$good" "$work/readonly.db" || fault 'a read-only repository changed'
    else
        echo 'skipped: the program cannot be reached by another user'
    fi
else
    echo 'skipped: read-only files need another user'
fi

# Disk full: in init, load and save; in the editor the text stays, and the status line says that no draft was stored.
mkdir "$work/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=3m none "$work/small" 2> "$work/err"; then
    mounted=$work/small
    small=$work/small/repository.db
    $recto --repo "$small" init --institution 01TEST > "$work/out" 2>&1 || fault "init in 3 MB: $(cat "$work/out")"
    $recto --repo "$small" load --zone iz "$work/first.mrk" > "$work/out" 2>&1
    before=$($recto --repo "$small" search --zone all --count first)
    records 12000 second > "$work/second.mrk"
    expect 5 'no space left' $recto --repo "$small" load --zone iz "$work/second.mrk"
    expect 0 . $recto --repo "$small" check --full
    umount "$work/small" && mount -t tmpfs -o size=3m none "$work/small" && cp "$good" "$small"
    dd if=/dev/zero of="$work/small/filler" bs=1k 2> "$work/dd"
    records 1 third > "$work/third.mrk"
    expect 5 'no space left' $recto --repo "$small" save --zone iz "$work/third.mrk"
    rm "$work/small/filler"
    expect 0 . $recto --repo "$small" check --full
    after=$($recto --repo "$small" search --zone all --count first)
    [ "$before" = 60 ] && [ "$after" = 60 ] || fault "disk full: $before records before, $after after"
    umount "$work/small" && mount -t tmpfs -o size=3m none "$work/small"
    cat > "$work/full.walk" <<WALK
shell cp $good $small
env RECTO_REPO=$small
run --theme mono
keys "first 7" Enter
keys e
see "Title first"
shell dd if=/dev/zero of=$work/small/filler bs=1k 2> /dev/null; test -s $work/small/filler
keys F8 "500  " "Typed on a full disk"
shell sleep 1.2
keys " and on"
see "Typed on a full disk and on"
see "Draft NOT stored"
see "disk"
shell sleep 1.2
shell grep -q 'Typed on a full disk and on' \${DIR}/recto/kept-*.mrk
keys Alt+S
see "Typed on a full disk and on"
see "disk"
shell rm $work/small/filler
keys "." F2
see status "version 2"
shell sleep 0.5; test -z "\$(ls \${DIR}/recto)"
type Ctrl+Q
exits 0
shell \$RECTO check --full
shell \$RECTO show $id | grep -q 'Typed on a full disk and on.'
# Leaving while it cannot be stored: asked for, and written elsewhere.
run --theme mono
keys "first 7" Enter
keys e
shell dd if=/dev/zero of=$work/small/filler bs=1k 2> /dev/null; test -s $work/small/filler
keys F8 "500  " "Kept in a file"
shell sleep 1.2
keys "."
see "Draft NOT stored"
keys Ctrl+Q
see "A draft is not stored"
keys w
see "File: "
type Ctrl+U "\${DIR}/kept.mrk" Enter
exits 0
shell grep -q 'Kept in a file[.]' \${DIR}/kept.mrk
shell rm $work/small/filler
shell \$RECTO check --full
WALK
    "$walk" "$work/full.walk" 24x80 xterm-256color "$recto" || fault 'the editor on a full disk'
else
    echo 'skipped: a small disk needs root to mount it'
fi
$recto --repo "$good" check --full > "$work/out" || fault "check: $(cat "$work/out")"
exit $wrong
