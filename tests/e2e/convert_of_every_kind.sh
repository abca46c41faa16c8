#!/bin/sh
# recto convert as a stranger uses it: mnemonics, long records, options that do nothing where they stand, packed and foreign input, a
# named pipe, and several jobs, which must write the same bytes and the same messages as one.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
cd "$work"
fail() { echo "$*" >&2; exit 1; }
ends() { # STATUS TEXT ARGUMENTS...: convert ends so and says that
    wanted=$1 says=$2 status=0
    shift 2
    "$recto" convert "$@" > out 2> err < /dev/null || status=$?
    [ $status = "$wanted" ] || fail "convert $*: ended with $status, not $wanted: $(cat err)"
    grep -qF -e "$says" err || fail "convert $*: does not say '$says': $(cat err)"
}
printf 'LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 00 $aCaf\303\251 \327\220 and more.\n\n' > one.line
awk 'BEGIN { print "LDR 00000nam\\a2200000\\i\\4500\n001 2"
             for (i = 0; i < 15; i++) { printf "500 \\\\ $a"; for (j = 0; j < 1200; j++) printf "note %04d.", j; print "" }
             print "" }' > long.line

# Mnemonics are ASCII, and mean the same.
"$recto" convert --from line --to mrk --mnemonics one.line > one.mrk
grep -q '{eacute}' one.mrk || fail "no mnemonic: $(cat one.mrk)"
if LC_ALL=C grep -q "$(printf '[\200-\377]')" one.mrk; then fail "not ASCII: $(cat one.mrk)"; fi
"$recto" convert --from mrk --to line one.mrk > back.line
cmp one.line back.line || fail "mnemonics come back otherwise: $(cat back.line)"

# A long record is refused with the reason, or written with nines, and whole again.
ends 3 "ISO 2709 ends at 9,999" --from line --to marc long.line
"$recto" convert --from line --to marc --long-records long.line > long.mrc
[ "$(head -c 5 long.mrc)" = 99999 ] || fail "a long record begins with $(head -c 5 long.mrc)"
"$recto" convert --to json long.mrc > long.json 2> err
grep -q "were kept by their terminators" err || fail "nothing said of a long record: $(cat err)"
[ "$("$recto" convert --to line long.mrc 2> err | grep -c 'note 1199\.')" = 15 ] || fail "a long record came back in part"

# Options that would do nothing, and input that holds no records.
ends 2 "--mnemonics is for --to mrk" --from line --to json --mnemonics one.line
ends 2 "--lossy is for --to marc --to-encoding marc-8" --from line --to marc --lossy one.line
ends 2 "--long-records is for --to marc" --from line --to json --long-records one.line
ends 0 "one job works on it" --from line --to json --jobs 2 one.line
gzip -c long.mrc > packed.mrc
ends 3 "this is packed (gzip); unpack it first" --to json packed.mrc
yes | head -c 1000 > foreign
ends 3 "in no record format we know" --to json foreign
ends 5 "this is a directory" --to json "$work"
: > empty
"$recto" convert --to marcxml empty | grep -q '</collection>' || fail "nothing became no collection"

# One job or several, a file or a named pipe: the same.
"$recto" convert --from line --to marc one.line > one.mrc
i=0
while [ $i -lt 400 ]; do cat one.mrc; [ $((i % 50)) != 7 ] || printf 'rubbish\035'; i=$((i + 1)); done > many.mrc
cat long.mrc >> many.mrc
"$recto" convert --to marcxml many.mrc > a.out 2> a.err || true
"$recto" convert --to marcxml --jobs 3 many.mrc > b.out 2> b.err || true
mkfifo pipe
cat many.mrc > pipe &
"$recto" convert --to marcxml pipe 2> c.err > c.out || true
wait
cmp a.out b.out && cmp a.err b.err || fail "three jobs do otherwise than one"
cmp a.out c.out || fail "a named pipe gives other records"
[ "$(grep -c 'left out' a.err)" = 8 ] || fail "not every piece of rubbish was told of: $(cat a.err)"
