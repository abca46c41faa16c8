#!/bin/sh
# Templates, text strings and macros as files: out, in, refused in words; a record from a template is saved by a pipe.
set -eu
recto=${BUILD:-build}/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_CLOCK=2025-11-22T12:00:00Z TZ=UTC

# expect STATUS TEXT COMMAND...: ends with STATUS, and says TEXT on standard output or error.
expect() {
    wanted=$1 text=$2
    shift 2
    status=0
    "$@" > "$work/out" 2>&1 || status=$?
    [ $status = "$wanted" ] || { echo "$*: ended with $status, not $wanted"; cat "$work/out"; exit 1; }
    grep -qF -- "$text" "$work/out" || { echo "$*: does not say '$text':"; cat "$work/out"; exit 1; }
}

$recto init --institution 01EXAMPLE --network NET > "$work/init"
expect 2 'template takes' $recto template
expect 0 'Book (Default)	delivered	bib' $recto template list
expect 0 '"name":"Serial (Default)","scope":"delivered"' $recto --json template list
expect 0 '=245  10$a{ask:Title}{cursor}' $recto template show 'book (default)'
expect 1 'no template of this name' $recto template show Nothing
expect 4 "stays" $recto template delete 'Book (Default)'

# Out, changed, in again under a name of one's own.
$recto template export 'Book (Default)' "$work/book.mrk"
sed 's/^=650.*/=690  \\\\$aOf {user} at {symbol}, {today:%d.%m.%Y}/' "$work/book.mrk" > "$work/mine.mrk"
expect 4 "Recto's own" $recto template import "$work/mine.mrk"
expect 0 'private template Mine, version 1' $recto template import --name Mine "$work/mine.mrk"
expect 0 'version 2' $recto template import --name Mine "$work/mine.mrk"
expect 0 '# scope: private' $recto template show Mine
expect 2 'not a scope' $recto template import --name Mine --scope everybody "$work/mine.mrk"
printf '# name: Empty\n' > "$work/empty.mrk"
expect 3 'no field in the template' $recto template import "$work/empty.mrk"
printf '=245  10$a{ask:}\n' > "$work/bad.mrk"
expect 3 'says not what to ask' $recto template import --name Bad "$work/bad.mrk"

# A record from it: values filled in, what was not answered left out; and into the repository.
$recto new --template Mine Title='Of templates' Year=2025 Publisher=Nobody > "$work/record.mrk"
grep -qF '=008  251122s2025' "$work/record.mrk"
grep -qF '=245  10$aOf templates' "$work/record.mrk"
grep -qF '$bNobody,$c2025' "$work/record.mrk"
grep -qF 'at 01EXAMPLE, 22.11.2025' "$work/record.mrk"
if grep -q '=020\|{ask\|{cursor' "$work/record.mrk"; then echo 'what was not answered stands in the record'; exit 1; fi
expect 2 'asks for no such thing' $recto new --template Mine Colour=red
expect 0 'Of templates' sh -c "$recto new --template Mine 'Title=Of templates' Year=2025 --to marc | $recto convert --to line -"
$recto save "$work/record.mrk" > "$work/saved" 2>&1 || { cat "$work/saved"; exit 1; }
expect 0 'Of templates' $recto search 'ti=templates'

# Strings and macros: one file each, checked at the door.
printf '[rights] Alt+1 r\n$$a For {user} only.\n' > "$work/strings"
$recto strings import "$work/strings"
$recto strings export > "$work/back"
cmp "$work/strings" "$work/back"
printf '[a]\nx\n[a]\ny\n' > "$work/twice"
expect 3 'line 3' $recto strings import "$work/twice"
printf '[note]\nfield.append\ntype "500"\n' > "$work/macros"
$recto macros import "$work/macros"
expect 0 'field.append' $recto macros export
[ -z "$($recto macros --shared export)" ] || { echo 'there are shared macros'; exit 1; }
expect 2 'strings takes' $recto strings
expect 0 'Sound' $recto check --full
expect 0 'deleted' sh -c "$recto template delete Mine && echo deleted"
expect 1 'no template' $recto template show Mine
expect 0 'Sound' $recto check --full
