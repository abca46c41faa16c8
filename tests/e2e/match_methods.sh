#!/bin/sh
# recto match: every method against a loaded repository, fuzzy ones in steps, profiles, why and why not.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/repository.db" LC_ALL=C.UTF-8
cd "$work"
fail() { echo "$*" >&2; exit 1; }
wants() { grep -qF -e "$1" "$2" || { cat "$2" >&2; fail "no line with: $1"; }; }
ends() {
    wanted=$1
    shift
    status=0
    "$@" > out 2> err < /dev/null || status=$?
    [ $status = "$wanted" ] || { cat out err >&2; fail "$*: ended with $status, not $wanted"; }
}
"$recto" init --institution 01TEST --network NET > out
cat > stored.line <<'RECORDS'
LDR 00000nam\a2200000\i\4500
008 250101s1999\\\\nyua\\\\\b\\\\001\0\eng\d
010 \\ $a   97012345
020 \\ $a0801855667
024 7\ $a10.1000/182$2doi
035 \\ $a(OCoLC)ocm00000123$z(OCoLC)456
035 \\ $a(DE-627)987
100 1\ $aGarcía, Ana.
245 14 $aThe wind mills :$ba history.

LDR 00000nam\a2200000\i\4500
008 250101s2001\\\\nyua\\\\\b\\\\001\0\eng\d
020 \\ $z9780801855665
100 1\ $aOther, Ann.
245 10 $aWater mills.

LDR 00000cas\a2200000\i\4500
008 250101c19859999nyumr1p\\\\\\\0\\\b0eng\d
022 0\ $a0317-8471$l0378-5955
245 00 $aMill quarterly.

LDR 00000nam\a2200000\i\4500
008 250101s2011\\\\nyua\\\\\b\\\\001\0\eng\d
100 1\ $aGarcia, Ana.
245 10 $aWind mills.

RECORDS
"$recto" load --format line stored.line > out
id() { "$recto" search "$1" | cut -f 1; }
wind=$(id 'history') water=$(id 'water') quarterly=$(id 'quarterly')
later=$("$recto" search 'wind' | cut -f 1 | grep -v "$wind")
[ -n "$wind" ] && [ -n "$water" ] && [ -n "$quarterly" ] && [ -n "$later" ] || fail "the records are not there"

record() { # LINE...: a record for a book with these fields
    printf 'LDR 00000nam\\a2200000\\i\\4500\n008 250101s1999\\\\\\\\nyua\\\\\\\\\\b\\\\\\\\001\\0\\eng\\d\n'
    printf '%s\n' "$@"
    echo
}
matched() { # METHOD ID... : those and no others
    method=$1
    shift
    status=0
    "$recto" match --method "$method" --from line in.line > out 2> err || status=$?
    [ $status = $((1 - ($# > 0))) ] || { cat out err >&2; fail "$method: ended with $status"; }
    cut -f 2 out | sort > found
    for one; do echo "$one"; done | sort | cmp -s - found || { cat in.line out >&2; fail "$method: wanted $*"; }
}

# Numbers.
record '001 zzz' '035 \\ $a(OCoLC)456' '245 10 $aX.' > in.line
matched unique-oclc "$wind"
wants '035 $a (OCoLC)456 = 035 $z (OCoLC)456' out
matched 035 "$wind"
matched isbn
record '035 \\ $a(OCoLC-M)123' '245 10 $aX.' > in.line
matched unique-oclc
record '020 \\ $a9780801855665 (pbk.)' '245 10 $aX.' > in.line
matched isbn "$wind" "$water"
matched isbn-exact "$wind"
matched isbn-exact-024-035 "$wind"
matched isbn-024-035 "$wind" "$water"
record '022 \\ $a0378-5955' '245 10 $aX.' > in.line
matched issn "$quarterly"
matched issn-exact
matched issn-exact-024-035
matched issn-024-035 "$quarterly"
record '022 \\ $l0378-5955' '245 10 $aX.' > in.line
matched issn-exact "$quarterly"
record '010 \\ $a97-12345' '245 10 $aX.' > in.line
matched lccn "$wind"
record '024 7\ $a10.1000/182$2doi' '245 10 $aX.' > in.line
matched isbn-exact-024-035 "$wind"
record "001 $later" '245 10 $aX.' > in.line
matched 001 "$later"
record "024 8\\ \$a$later" '245 10 $aX.' > in.line
matched 024-original "$later"

# Titles: whole, without the article, accents and case.
record '245 10 $aWind mills, a history /$cby X.' > in.line
matched title "$wind"
record '245 10 $aWind mill.' > in.line
matched title
# Fuzzy stops at the first step that finds any: numbers, author with title, title alone.
record '020 \\ $a0801855667' '100 1\ $aGARCIA, Ana' '245 10 $aWind mills.' > in.line
matched fuzzy "$wind" "$water"
record '100 1\ $aGARCIA, Ana' '245 10 $aWind mills.' > in.line
matched fuzzy "$wind" "$later"
record '100 1\ $aNobody, Al.' '245 10 $aMill quarterly' > in.line
matched fuzzy "$quarterly"
# The extended ones want the same format, and a year that is at most one off.
record '100 1\ $aGARCIA, Ana' '245 10 $aWind mills.' > in.line
matched extended-fuzzy "$wind"
matched statement-fuzzy
# Names and labels are the same; the zone's own choice without --method.
record '035 \\ $a(OCoLC)123' '245 10 $aX.' > in.line
matched 'Unique OCLC Identifier' "$wind"
ends 0 "$recto" match --from line in.line
wants "$wind" out

# Profiles: rows in order, by kind, with a prefix, from a word and from a file.
record '035 \\ $a(DE-627)987' '020 \\ $a9780801855665' '245 10 $aX.' > in.line
matched 'all 035 prefix=(OCoLC)'
matched 'serial isbn'
matched 'serial issn; non-serial 035 prefix=(DE-627); all isbn' "$wind"
matched 'all 035 prefix=(XY); all isbn' "$wind" "$water"
printf '# ours\n1 serial issn-exact\n2 all isbn-exact off\n3 all isbn\n' > rows.txt
matched ./rows.txt "$wind" "$water"
matched rows.txt "$wind" "$water"

# JSON, several records, records that cannot be read.
{ record '035 \\ $a(OCoLC)999' '245 10 $aX.'; record '035 \\ $a(OCoLC)123' '245 10 $aX.'; } > in.line
ends 0 "$recto" --json match --method unique-oclc --from line in.line
wants "{\"record\":2,\"mms_id\":\"$wind\",\"zone\":\"iz\",\"method\":\"unique-oclc\",\"why\":\"035 \$a (OCoLC)123 = " out
[ "$(wc -l < out)" = 1 ] || fail "other matches"
printf 'LDR 00000nam\\a2200000\\i\\4500\n245 10 $aX.\n2\n\n' > broken.line
cat in.line >> broken.line
ends 1 "$recto" match --method unique-oclc --from line broken.line
wants 'record 1' err
wants "3	$wind" out

# Why not: the keys of both sides, step by step.
ends 0 "$recto" match --method unique-oclc --why-not "$wind" --from line in.line
wants "record 1 does not match $wind" out
wants "record 2 matches $wind" out
wants '999' out
record '020 \\ $a0801855667' '100 1\ $aGarcia, Ana' '245 10 $aWind mills.' > in.line
ends 1 "$recto" match --method fuzzy --why-not "$later" --from line in.line
wants 'other records match' out
ends 1 "$recto" --json match --method isbn --why-not "$quarterly" --from line in.line
wants "{\"record\":1,\"mms_id\":\"$quarterly\",\"matches\":false,\"reasons\":[\"" out
ends 1 "$recto" match --method isbn --why-not 991000000099995801 --from line in.line

# Wrong usage in words.
ends 2 "$recto" match --method fuzzi --from line in.line
wants 'fuzzi' err
ends 2 "$recto" match --method 'sometimes isbn; all fuzzy' --from line in.line
wants 'row 1' err
ends 2 "$recto" match --method 'all isbn; all isbn; all isbn; all isbn; all isbn; all isbn' --from line in.line
wants 'too many rows' err
ends 2 "$recto" match --method isbn --why-not x --from line in.line
ends 2 "$recto" match --method isbn
ends 5 "$recto" match --method isbn ./missing.mrc
ends 5 "$recto" match --method ./missing.txt in.line
"$recto" match --help > out
wants 'statement-fuzzy-serial' out
