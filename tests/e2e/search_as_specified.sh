#!/bin/sh
# Statements of the search specification that can be tried from outside, each in the real program (tests/catalog/
# search_statements.txt names this file beside them).
set -u
recto=$(realpath "${BUILD:-build}")/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" LC_ALL=C.UTF-8 RECTO_CLOCK=2026-01-31T10:00:00Z
wrong=0
must() { [ "$2" = "$3" ] || { echo "$1: '$2' and not '$3'"; wrong=1; }; }
count() { "$recto" search --count "$@" 2> "$work/note"; }
note() { cat "$work/note"; }
# titles of the hits in order, their first word each
order() { "$recto" search --json "$@" 2> "$work/note" | sed 's/.*"title":"\([A-Za-z0-9]*\).*/\1/' | tr '\n' ' '; }

record() { # year, language, title, then fields as tag, indicators, content
    year=$1 language=$2
    shift 2
    printf 'LDR 00000nam\\a2200000\\i\\4500\n008 760211s%s\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\%s\\\\\n' "$year" "$language"
    title=$1
    shift
    for field in "$@"; do
        printf "%s\n" "$field"
    done
    printf '245 10 $a%s\n\n' "$title"
}
{
    record 1970 eng 'Alpha whales.' '020 \\ $a0-306-40615-2 (pbk.)' '035 \\ $a(OCoLC)ocm00000123$z(OCoLC)99' '050 \4 $aQA9$b.X1' '490 0\ $aZebra books' '900 \\ $agift of Ann'
    record 1980 fre 'Beta whales.' '020 \\ $a9780306406158' '035 \\ $a(OCoLC)123' '050 \4 $aQA76$b.A1' '240 10 $aUniform one.'
    record 1990 eng 'Gamma whales.' '022 \\ $a0317-8471$l1234-5679' '035 \\ $a(DE-604)BV123' '035 \\ $a(OCoLC)on1234567891' '490 0\ $aAardvark' '541 \\ $aBought'
    record 2000 eng 'Delta and sea whales.' '010 \\ $an 79021164 //r86' '022 \\ $y1234-5679' '041 0\ $aeng$ager' '019 \\ $a456' '910 \\ $agift' '035 \\ $a123456'
} > "$work/in.line"
"$recto" init --institution 01EX --network NET > "$work/init" || exit 1
"$recto" load --format line "$work/in.line" > "$work/load" 2>&1 || { cat "$work/load"; exit 1; }
record 1970 eng 'Network whale.' > "$work/network.line"
"$recto" load --zone nz --format line "$work/network.line" > "$work/load" 2>&1 || { cat "$work/load"; exit 1; }
alpha=$("$recto" search 'ti=alpha' | cut -f 1)
network=$("$recto" search --zone nz 'ti=network' | cut -f 1)

# SE-6, SE-9, SE-10: no inventory, so all titles alone, and that is said.
must SE-10 "$(count --zone iz "mms=$alpha")" 1
must SE-6 "$(count --zone iz --type physical-titles "mms=$alpha")" 0
must SE-9 "$(note | head -n 1)" "recto: 0 physical titles. 1 title without physical inventory matches: Enter to show (All titles)."
must SE-8 "$(count --zone nz --type physical-items whale; note | head -n 1)" "0
recto: The Network Zone holds no items. Search the Institution instead?"
# SE-13, SE-16: counts of zones; another zone's number.
must SE-16 "$(count --zone iz "$network"; note | head -n 1)" "0
recto: 0 in the Institution Zone. 1 in the Network Zone: Enter to show."
must SE-84 "$(count "mms=\"MMS $alpha \"")" 1
# SE-21, SE-23: local fields are indexes; a phrase as the record has it.
must SE-21 "$(count l900=ann) $(count l910=ann) $(count l9xx=gift) $(count 'l900="gift of ann"')" "1 0 2 1"
# SE-25: the searches that must exist, among them the tag.
must SE-25 "$(count --index oclc 123) $(count --index ti whales) $(count --index kw whales) $(count --index bc 1) $(count sync=bib) $(count sync=holdings) $(count 'sync="Do not publish"')" "2 4 4 0 5 0 0"
# SE-31: every operator of the table.
must 'SE-31 keywords' "$(count 'ti=whales AND ti=sea') $(count 'ti=whal*')" "1 5"
must 'SE-31 phrase' "$(count 'ti="sea whales"') $(count 'ti="whales sea"') $(count 'ti="sea wha*"')" "1 0 1"
must 'SE-31 starts with' "$(count 'ti^="delta and"') $(count 'ti^=whales')" "1 0"
must 'SE-31 equals' "$(count 'ti=="Gamma whales"') $(count 'ti==Gamma')" "1 0"
must 'SE-31 not' "$(count 'lang<>ger') $(count 'ti<>whales') $(count --zone iz 'ti<>whales')" "4 1 0"
must 'SE-31 empty' "$(count 'isbn=""') $(count 'isbn=*') $(count 'se=*') $(count 'lib=""')" "3 2 2 5"
must 'SE-31 range' "$(count 'yr>=1990') $(count 'yr<=1970') $(count 'yr=1980..1990') $(count 'mdate=2026-01')" "2 2 2 5"
must 'SE-31 list' "$(count 'oclc={123 ocn1234567891 77}')" 3
# SE-30, SE-35, SE-36: groups; the one-line form; mistakes have a place.
must SE-30 "$(count '(ti=alpha OR ti=beta) NOT lang=fre')" 1
must SE-35 "$(count 'ti="sea whales" AND sync=B AND mdate>=2026-01-01')" 1
must SE-36 "$("$recto" search 'tit=war' 2>&1)" "recto: unknown index 'tit' (column 1); did you mean ti?"
# SE-44, SE-45: orders.
must 'SE-44 title' "$(order --zone iz --sort title whales)" "Alpha Beta Delta Gamma "
must 'SE-44 backwards' "$(order --zone iz --sort title-backwards whales)" "Gamma Delta Beta Alpha "
must 'SE-44 date' "$(order --zone iz --sort date whales) $(order --zone iz --sort newest whales)" "Alpha Beta Gamma Delta  Delta Gamma Beta Alpha "
must 'SE-44 series' "$(order --zone iz --sort series whales) $(order --zone iz --sort series-backwards whales)" "Gamma Alpha Beta Delta  Alpha Gamma Beta Delta "
must 'SE-44 uniform title' "$(order --zone iz --sort uniform-title whales)" "Beta Alpha Gamma Delta "
must 'SE-45 call number' "$(order --zone iz --sort call-number whales) $(order --zone iz --sort call-number-backwards whales)" "Alpha Beta Gamma Delta  Beta Alpha Gamma Delta "
# SE-46, SE-47: exact counts; any of one facet, each of several.
must SE-46 "$("$recto" search --facets --zone iz whales | grep '^language' | cut -f 2,3 | tr '\t\n' '= ')" "eng=3 fre=1 ger=1 "
must SE-47 "$(count --zone iz --facet language=fre --facet language=ger whales) $(count --zone iz --facet language=eng --facet year=2000 whales)" "2 1"
# SE-48: all results, in each format.
for format in marc marcxml mrk json line; do
    "$recto" search --zone iz --format $format whales > "$work/export" 2> "$work/note"
    must "SE-48 $format" "$("$recto" convert --from $format --to line "$work/export" 2> "$work/note" | grep -c '^245')" 4
done
must 'SE-48 csv' "$("$recto" search --zone iz --format csv whales | wc -l)" 5
# SE-75 to SE-79: OCLC numbers.
for typed in 123 ocm00000123 '(OCoLC)123' '(ocolc) ocm123' OCM123 0000123; do
    must "SE-75 $typed" "$(count --index oclc "$typed")" 2
done
must 'SE-77 a bare number is none' "$(count oclc=123456) $(count sysno=123456)" "0 1"
must SE-78 "$(count oclc=99; note | head -n 1)" "0
recto: 0 by 035 \$a. 1 record has the number in 035 \$z or 019: Enter to show."
must 'SE-78 019' "$(count oclcz=456) $(count oclcz=99)" "1 1"
must 'osysid' "$(count 'osysid=(DE-604)bv123')" 1
# SE-80 to SE-83: ISBN, ISSN, LCCN.
for typed in 0306406152 9780306406157 978-0-306-40615-7 0-306-40615-2; do
    must "SE-81 $typed" "$(count --index isbn "$typed")" 1
done
must SE-80 "$(count isbn=9780306406158) $(count isbn=0306406153)" "1 0"
must SE-82 "$(order --sort title issn=12345679) $(order issn=0317-8471)" "Delta Gamma  Gamma "
must 'SE-82 where' "$("$recto" search issn=12345679 2>&1 > "$work/out")" "recto: Record 1 has this ISSN in 022 \$y, not in \$a."
must SE-83 "$(count 'lccn="n 79021164"') $(count lccn=n79-21164)" "1 1"
# SE-86: what plain words are.
must SE-86 "$(count "$alpha") $(count '(OCoLC)123') $(count ocm00000123) $(count 0306406152) $(count 0317-8471) $(count 123)" "1 2 2 1 1 0"
# SE-88: one key for two ways to write it, and ranges along the shelf.
must SE-90 "$("$recto" search --zone iz '"whales sea"' 2>&1 | grep -c 'with the words in any order')" 1
must 'SE-90 the last word' "$("$recto" search --zone iz 'whales nowhere' 2>&1 | grep -c '4 without "nowhere"')" 1
must SE-92 "$("$recto" search --zone iz oclc=123 2>&1 > "$work/out" | grep -c '2 records share OCLC 123')" 1
# SE-65 to SE-69: sets.
"$recto" set keep french 'lang=fre' --note 'of the harbour' --public
must SE-65 "$(count set=french) $("$recto" set list --json | grep -c '"kind":"logical".*"note":"of the harbour","created":"2026')" "1 1"
"$recto" set keep listed 'set=french' --items 2> "$work/note"
must 'SE-65 logical into itemized' "$("$recto" set members listed | wc -l)" 1
"$recto" set keep listed 'whales' --zone iz --items 2> "$work/note"
must 'SE-67 never twice' "$("$recto" set members listed | wc -l) $("$recto" set members listed | sort -u | wc -l)" "4 4"
"$recto" set subtract listed french
must SE-69 "$("$recto" set members listed | wc -l)" 3
# SE-24: a saved record is found by its new content at once, and no longer by the old.
"$recto" show --format line "$alpha" | sed 's/Alpha whales/Omega whales/' > "$work/changed.line"
"$recto" save "$work/changed.line" > "$work/out" || { cat "$work/out"; wrong=1; }
must SE-24 "$(count ti=omega) $(count ti=alpha)" "1 0"
exit $wrong
