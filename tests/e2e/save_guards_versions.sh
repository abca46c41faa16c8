#!/bin/sh
# recto save: a known record by its 001 and 005; never over a version that its author has not seen (decisions 14).
set -eu
recto=${BUILD:-build}/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db"
$recto init --institution 01TEST --network NET > "$work/out"
cat > "$work/new.mrk" <<'MRK'
=LDR  00000nam a2200000 i 4500
=008  760211s1970\\\\nyu\\\\\\\\\\\000\1\eng\d
=035  \\$a(OCoLC)ocm01234567
=245  10$aOne hundred years of solitude.

MRK
$recto --json save --zone nz "$work/new.mrk" > "$work/out"
grep -q '"outcome":"added"' "$work/out"
id=$(sed -n 's/.*"mms_id":"\([0-9]*\)".*/\1/p' "$work/out")
$recto show --format mrk "$id" > "$work/mine.mrk"
cp "$work/mine.mrk" "$work/yours.mrk"

# Unchanged: no version.
$recto --json save "$work/mine.mrk" > "$work/out"
grep -q '"outcome":"unchanged"' "$work/out"

sed -i 's/solitude\./solitude :/' "$work/mine.mrk"
$recto --json save "$work/mine.mrk" > "$work/out"
[ "$($recto versions "$id" | wc -l)" = 2 ]

# The other copy is of the first version: refused with 4, and says who and when.
sed -i 's/solitude\./loneliness./' "$work/yours.mrk"
status=0
$recto save "$work/yours.mrk" > "$work/out" 2> "$work/err" || status=$?
[ $status = 4 ]
cat "$work/out" "$work/err" | grep -q 'version 2'
$recto show "$id" | grep -q 'solitude :'
status=0
$recto save --if-version 1 "$work/yours.mrk" > "$work/out" 2> "$work/err" || status=$?
[ $status = 4 ]
$recto save --if-version 2 "$work/yours.mrk" > "$work/out"
$recto show "$id" | grep -q 'loneliness'

# The same number again, from outside: a match, and each way of answering it.
status=0
$recto --json save --zone nz "$work/new.mrk" > "$work/out" || status=$?
[ $status = 4 ]
grep -q '"outcome":"needs_decision"' "$work/out"
grep -q "\"mms_id\":\"$id\"" "$work/out"
status=0
$recto --json save --zone nz --on-match refuse "$work/new.mrk" > "$work/out" || status=$?
[ $status = 4 ]
sed 's/nam a2200000 i/cam a2200000 i/; s/=245.*/=245  10$aOne hundred years of solitude \/$cGabriel Garcia Marquez./' "$work/new.mrk" > "$work/newer.mrk"
$recto --json save --zone nz --on-match merge "$work/newer.mrk" > "$work/out"
grep -q '"outcome":"merged"' "$work/out"
$recto show "$id" | grep -q 'Gabriel Garcia Marquez'
[ "$($recto search --zone nz --count --index oclc 1234567)" = 1 ]
$recto --json save --zone nz --on-match new "$work/new.mrk" > "$work/out"
grep -q '"outcome":"added"' "$work/out"
for number in 1234567 ocm01234567 '(OCoLC)1234567' '(OCoLC)ocm01234567'; do
    [ "$($recto search --zone nz --count --index oclc "$number")" = 2 ]
done
$recto check --full > "$work/out"
