#!/bin/sh
# Settings of zones and local checks on the command line: listed, set, refused in words; checks stop a save and say where; what a
# normalization on save changed is told with the save and stands in the version's note.
set -eu
recto=$(realpath "${BUILD:-build}")/recto
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" LC_ALL=C.UTF-8
must() { [ "$2" = "$3" ] || { echo "$1: '$2' and not '$3'"; exit 1; }; }
refused() { # what, wanted status, words, command...
	what=$1 wanted=$2 words=$3 status=0
	shift 3
	"$@" > "$work/out" 2> "$work/error" || status=$?
	must "$what: status" "$status" "$wanted"
	grep -q "$words" "$work/error" "$work/out" || { echo "$what: not said:"; cat "$work/error" "$work/out"; exit 1; }
}

"$recto" init --institution 01EX --network NET > "$work/init"
# Settings.
must "what holds otherwise" "$("$recto" setting get default_library)" MAIN
"$recto" setting set default_library LAW
must "what is set" "$("$recto" setting get default_library)" LAW
must "listed" "$("$recto" setting list --zone iz | grep -c '^iz	default_library	LAW	set')" 1
for name in $("$recto" setting list | cut -f 2); do
	grep -q " $name[ \"]" "$here/data/completion/recto.bash" || { echo "completion: no setting $name"; exit 1; }
done
"$recto" setting set default_library ''
must "taken back" "$("$recto" setting get default_library)" MAIN
"$recto" setting set central_record_management ENFORCE_NETWORK
must "of the network" "$("$recto" setting get central_record_management --zone nz)" ENFORCE_NETWORK
refused "a value there is not" 2 "DEFAULT_NETWORK|ENFORCE_NETWORK" "$recto" setting set central_record_management maybe
refused "another zone's" 2 "has no such setting" "$recto" setting set central_record_management ENFORCE_NETWORK --zone iz
refused "an unknown one" 1 "recto setting list" "$recto" setting get nothing
refused "a range" 2 "1..10080" "$recto" setting set lock_timeout_minutes 0
refused "a match method" 2 "match" "$recto" setting set serial_match_profile 'nonsense here'
"$recto" setting set serial_match_profile none
# Local checks: of a file, and of a zone.
printf '=LDR  00000nam a2200000 i 4500\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n=029  1\\$aGBVCP$b123\n=245  10$aWhales.\n=590  \\\\$aone\n=590  \\\\$aa private note\n' > "$work/1.mrk"
refused "validate with checks" 1 'block: 590 $a: 590 holds a private note' "$recto" validate --checks "$here/data/checks/example.txt" "$work/1.mrk"
"$recto" checks import "$here/data/checks/example.txt"
must "three of them" "$("$recto" checks list | cut -f 1,2,3 | head -1)" 'Private note	block	590 $a'
"$recto" checks export > "$work/exported"
cmp "$work/exported" "$here/data/checks/example.txt"
refused "validate as the zone does" 1 "private note" "$recto" validate --zone iz "$work/1.mrk"
refused "a save is stopped" 3 "private note" "$recto" save "$work/1.mrk"
sed -i '/private/d' "$work/1.mrk"
id=$("$recto" save "$work/1.mrk" | cut -f 2)
printf 'check "x"\ntext y\nwhen exist "590"\n' > "$work/bad"
refused "a fault is told with its line" 3 ":3" "$recto" checks import "$work/bad"
printf 'check "x"\nseverity loud\n' > "$work/bad"
refused "no such severity" 3 ":2" "$recto" checks import "$work/bad"
printf 'check "x"\ntext y\n' > "$work/bad"
refused "no condition" 3 "no condition" "$recto" checks import "$work/bad"
"$recto" checks clear
must "none is left" "$("$recto" checks list | wc -l)" 0
# Normalization at every save: what it changed is said, and in the note of the version.
printf 'rule "clean"\nwhen\n  TRUE\nthen\n  removeField "029"\nend\n' > "$work/clean"
"$recto" rule save --language norm clean "$work/clean" > "$work/saved" 2>&1 || { cat "$work/saved"; exit 1; }
"$recto" rule use normalize-save clean > "$work/saved" 2>&1 || { cat "$work/saved"; exit 1; }
"$recto" show --format mrk "$id" > "$work/2.mrk"
sed -i 's/Whales/Whales again/' "$work/2.mrk"
"$recto" save "$work/2.mrk" > "$work/out"
grep -q "On save: 029 taken out" "$work/out" || { echo "not said:"; cat "$work/out"; exit 1; }
must "the note" "$("$recto" versions "$id" | grep -c 'on save: 029 taken out')" 1
echo "settings and checks: ok"
