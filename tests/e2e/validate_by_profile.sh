#!/bin/sh
# recto validate: findings as lines and as JSON with a suggestion, severities by a profile, faults of a profile by line.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
cd "$work"
fail() { echo "$*" >&2; exit 1; }
wants() { # TEXT FILE: what the last command wrote
    grep -qF -e "$1" "$2" || { cat "$2" >&2; fail "no line with: $1"; }
}
cat > records.txt <<'RECORDS'
LDR 00000nam\a2200000\i\4500
008 250101s2024\\\\nyua\\\j\b\\\\001\1deng\d
020 \\ $a0306406153
245 00 $aOne title /$cBy me.
590 \\ $aShelf$9kept from the public
610 20 $aTable$9private

RECORDS

status=0; "$recto" validate --from line records.txt > out 2> err || status=$?
[ $status = 0 ] || fail "warnings gave $status"
wants "record 1: warning: 020 \$a: ISBN 0306406153: the check digit 3 is wrong, 2 would be right" out
wants "(isbn-check-digit)" out
wants "record 1: warning: 610 \$9: \$9 is not defined in 610" out
if grep -q 590 out; then fail "a local field was found wanting"; fi

"$recto" --json validate --from line records.txt > out
wants '"code":"isbn-check-digit"' out
wants '"suggestion":"2"' out

printf 'name Ours\nsubfield-undefined 6XX $9 block\nsubfield-undefined 590 $9 block\nisbn-check-digit ignore\n' > ours.txt
status=0; "$recto" validate --from line --profile ours.txt records.txt > out 2> err || status=$?
[ $status = 1 ] || fail "a block gave $status"
wants "record 1: block: 610 \$9" out
wants "record 1: block: 590 \$9" out
if grep -q isbn out; then fail "an ignored finding was told"; fi

printf 'subfield-odd warning\nfield-missing 245 hard\n' > bad.txt
status=0; "$recto" validate --from line --profile bad.txt records.txt > out 2> err || status=$?
[ $status = 3 ] || fail "a bad profile gave $status"
wants "bad.txt:1: there is no finding of this code" err
wants "bad.txt:2: there is no such severity" err
status=0; "$recto" validate --profile nowhere records.txt > out 2> err || status=$?
[ $status -ne 0 ] || fail "a profile that is not there was taken"
wants "no such validation profile" err

"$recto" validate --codes > out
wants "isbn-check-digit         warning" out
"$recto" validate --codes --profile marcxml-bib-import > out
wants "punctuation              ignore" out
