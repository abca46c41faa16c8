#!/bin/sh
# recto diff, blame and restore: what differs between any two versions, who changed what, and taking it back as a new version.
set -eu
recto=${BUILD:-build}/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db"
RECTO_CLOCK=2025-11-22T10:00:00Z $recto init --institution 01TEST > "$work/out"
$recto user add tove --name Tove --roles CAT,CATX
cat > "$work/1.mrk" <<'MRK'
=LDR  00000nam a2200000 i 4500
=008  760211s1970\\\\nyu\\\\\\\\\\\000\1\eng\d
=245  10$aPedro Páramo /$cJuan Rulfo.
=500  \\$aFirst note.
=650  \0$aRevolutions.
=650  \0$aGhosts.

MRK
RECTO_CLOCK=2025-11-22T11:00:00Z $recto --json save "$work/1.mrk" > "$work/out"
id=$(sed -n 's/.*"mms_id":"\([0-9]*\)".*/\1/p' "$work/out")
# Version 2: $c changed, the note gone, a field come; the subjects change places. Version 3, by another: a subject changed.
$recto show "$id" | sed -e 's/cJuan Rulfo\./cby Juan Rulfo./' -e '/First note/d' -e 's/^=650.*Revolutions.*/=651  \\0$aMexico./' \
    > "$work/2.mrk"
RECTO_CLOCK=2025-11-22T12:00:00Z $recto save "$work/2.mrk" > "$work/out"
$recto show "$id" | sed 's/Ghosts/Ghosts -- Fiction/' > "$work/3.mrk"
RECTO_CLOCK=2025-11-22T13:00:00Z $recto --user tove save "$work/3.mrk" > "$work/out"

# Any two versions; without numbers the last save; with one number all since then.
$recto diff "$id" 1 2 > "$work/out"
grep -qx -e '-245 10 $aPedro Páramo /$cJuan Rulfo\.' "$work/out"
grep -qx -e '+245 10 $aPedro Páramo /$cby Juan Rulfo\.' "$work/out"
grep -q -e '^-500 .*First note' "$work/out"
grep -q -e '^+651 .*Mexico' "$work/out"
[ "$(grep -c '^[-+][0-9L]' "$work/out")" = 5 ]
$recto diff --all "$id" 1 2 | grep -q '^[-+]005 '
$recto diff "$id" > "$work/out"
[ "$(grep -c '^[-+][0-9L]' "$work/out")" = 2 ]
$recto diff "$id" 1 > "$work/out"
grep -q 'Ghosts -- Fiction' "$work/out"
grep -q 'version 3' "$work/out"
$recto --json diff "$id" 2 3 > "$work/out"
grep -q '"kind":"changed","tag":"650","occurrence":1,"before":"650 .*Ghosts\.","after":"650 .*Fiction\."' "$work/out"
# Backwards too; nothing differs: 1.
$recto diff "$id" 2 1 | grep -q -e '^+500 '
status=0
$recto diff "$id" 2 2 > "$work/out" 2> "$work/err" || status=$?
[ $status = 1 ] && [ ! -s "$work/out" ] && grep -q 'do not differ' "$work/err"

# Who changed what, to the subfield.
$recto blame "$id" > "$work/out"
[ "$(wc -l < "$work/out")" = "$($recto show --format line "$id" | grep -c .)" ]
tab=$(printf '\t')
grep -q "^1${tab}2025-11-22T11:00:00Z${tab}.*${tab}008 " "$work/out"
grep -q "^2${tab}2025-11-22T12:00:00Z${tab}.*${tab}245 " "$work/out"
grep -q "^3${tab}2025-11-22T13:00:00Z${tab}tove${tab}save${tab}650 " "$work/out"
$recto blame --subfields "$id" | grep -q '245 .*a:1 c:2$'
$recto --json blame "$id" | grep '"tag":"245"' | grep -q '"version":2,.*"subfields":\[{"code":"a","version":1,.*{"code":"c","version":2,'

# One field, of several of its tag; then the rest.
$recto restore "$id" --version 1 --field '500[1]' > "$work/out"
$recto show "$id" | grep -q 'First note'
$recto show "$id" | grep -q 'by Juan Rulfo'
$recto versions "$id" | grep -q '500 restored from version 1'
$recto --json restore "$id" 1 > "$work/out"
grep -q '"outcome":"updated"' "$work/out"
$recto diff "$id" 1 5 2> "$work/err" > "$work/out" || [ $? = 1 ]
[ ! -s "$work/out" ]
# Nothing to restore makes no version; it is blame that tells by which version it came back.
$recto --json restore "$id" 1 | grep -q '"outcome":"unchanged"'
[ "$($recto versions "$id" | wc -l)" = 5 ]
$recto blame "$id" | grep -q "^5${tab}.*245 "
# All fields of a tag: both subjects as they were in version 1; too many go.
$recto restore "$id" 3 --field 650 > "$work/out"
[ "$($recto show "$id" | grep -c '^=650')" = 1 ]

# In words, each with its status.
expect() {
    wanted=$1
    words=$2
    shift 2
    status=0
    "$recto" "$@" > "$work/out" 2> "$work/err" || status=$?
    [ $status = "$wanted" ] || { echo "status $status of: $*"; cat "$work/err"; exit 1; }
    grep -q "$words" "$work/err" || { echo "not told of: $*"; cat "$work/err"; exit 1; }
}
expect 1 'no version 99' diff "$id" 1 99
expect 2 'is no version' diff "$id" one
expect 2 'takes one MMS ID' blame
expect 2 '650\[2\]' restore "$id" 1 --field '650[0]'
expect 2 'one version' restore "$id"
expect 4 "is the system's" restore "$id" 1 --field 005
expect 1 'has this field' restore "$id" 1 --field 999
$recto check --full > "$work/out"
