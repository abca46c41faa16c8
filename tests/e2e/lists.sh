#!/bin/sh
# Facets, browse lists and sets on the command line: counts, order, what a file of identifiers found, sets within queries.
set -eu
recto=$(realpath "${BUILD:-build}")/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" LC_ALL=C.UTF-8
must() { [ "$2" = "$3" ] || { echo "$1: '$2' and not '$3'"; exit 1; }; }

printf '%s\n' 'LDR 00000nam\a2200000\i\4500' '008 760211s1970\\\\nyu\\\\\\\\\\\000\1\eng\\' '020 \\ $a0306406152' '245 10 $aWhales.' '650 \0 $aWhales$xHistory.' '' \
	'LDR 00000nam\a2200000\i\4500' '008 760211s1980\\\\nyu\\\\\\\\\\\000\1\fre\\' '035 \\ $a(OCoLC)77' '245 10 $aBaleines.' '650 \0 $aWhales.' > "$work/in.line"
"$recto" init --institution 01EX --network NET > "$work/init"
"$recto" load --format line "$work/in.line" > "$work/load" 2>&1 || { cat "$work/load"; exit 1; }
must "languages" "$("$recto" search --facets --facet year=1970 'su=whales' | sed -n 's/^language\t\([a-z]*\)\t\([0-9]*\).*/\1=\2/p')" "eng=1"
must "any of two years" "$("$recto" search --count --facet year=1970 --facet year=1980 'su=whales')" 2
must "headings" "$("$recto" browse subjects --before 0 whales | cut -f 4 | tr '\n' '|')" "Whales.|Whales -- History.|"
must "a list of values" "$("$recto" search --count 'isbn={9780306406157 12}')" 1
"$recto" set keep old 'yr<=1975' --public
must "a logical set" "$("$recto" search --count 'set=old')" 1
must "not in it" "$("$recto" search --count 'su=whales NOT set=old')" 1
printf '0-306-40615-2\n(OCoLC)77\n(OCoLC)78\n' > "$work/ids"
status=0
"$recto" set fill mine "$work/ids" > "$work/report" 2> "$work/note" || status=$?
must "status of a file with a stranger" "$status" 1
must "what was not found" "$(cat "$work/report")" "3	(OCoLC)78	not found"
must "members" "$("$recto" set members mine | wc -l)" 2
# What was not found is a file of its own, ready to be mended and tried again (SE-68); it overwrites nothing.
"$recto" set fill mine "$work/ids" --unfound "$work/unfound" > "$work/report" 2> "$work/note" && exit 1
must "the unfound as a file" "$(cat "$work/unfound")" "(OCoLC)78"
"$recto" set fill mine "$work/ids" --unfound "$work/unfound" > "$work/report" 2> "$work/note" && exit 1
must "a file that is there" "$(grep -c 'a file of this name exists' "$work/note")" 1
# Where nothing was filled there is none, or it would stand in the way of the next try.
"$recto" set fill mine "$work/none" --unfound "$work/again" > "$work/report" 2> "$work/note" && exit 1
must "why" "$(grep -c 'No such file' "$work/note")" 1
"$recto" set keep asked 'su=whales' > "$work/report"
"$recto" set fill asked "$work/ids" --unfound "$work/again" > "$work/report" 2> "$work/note" && exit 1
must "no file of what was not found" "$(ls "$work" | grep -c again)" 0
# A set is of one type (SE-66): nothing here has physical inventory.
"$recto" set keep shelved 'su=whales' --type physical-titles
must "a typed set in a query" "$("$recto" search --count 'set=shelved')" 0
must "its members" "$("$recto" set members shelved | wc -l)" 0
"$recto" set keep wrong 'su=whales' --type titles 2> "$work/note" && exit 1
must "a type that is none" "$(grep -c 'no such type' "$work/note")" 1
"$recto" set subtract mine old
must "without the old" "$("$recto" search --count 'set=mine AND lang=fre')" 1
must "all that is left" "$("$recto" set members mine | wc -l)" 1
status=0
"$recto" search --count 'set=nothing' > "$work/out" 2> "$work/error" || status=$?
must "an unknown set" "$(grep -c 'there is no set of this name' "$work/error")" 1
echo "lists: ok"
