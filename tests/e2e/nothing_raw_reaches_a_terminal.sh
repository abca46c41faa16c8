#!/bin/bash
# Whatever is not the program's own comes to a terminal filtered, source by source: each holds an escape sequence, a C1 character, a
# direction override and a byte that is no UTF-8, is shown, and must be shown without them (RL-150, RL-205). Screens: hostile_names.walk.
set -eu
build=$(realpath "${BUILD:-build}")
recto=$build/recto
here=$PWD
command -v script > /dev/null || { echo 'skipped: there is no script(1) to be a terminal'; exit 77; }
work=$(mktemp -d)
pids=
trap 'for pid in $pids; do kill $pid 2> /dev/null || :; done; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state RECTO_REPO=$work/r.recto LC_ALL=C.UTF-8 TERM=xterm
wrong=0 sources=0
fault() { echo "$*"; wrong=1; }
evil=$'\033]0;PWNED\007\302\233\342\200\256' # of what may stand in text
torn=$evil$'\233'                            # and what is none
mild=$'\342\200\256PWNED\302\233'           # where an escape is refused at the door
# shellcheck disable=SC2016
is_clean() { # NAME: what was sent
    tr -d '\r\n\t' < sent > flat
    if LC_ALL=C grep -qP '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf' flat ||
        grep -qaxv '.*' flat; then
        fault "$1: raw bytes on the terminal: $(cat -v flat | head -c 300)"
    fi
}
shown() { # NAME COMMAND...: what it says contains the source, filtered; standard output and error are one terminal
    local name=$1
    shift
    sources=$((sources + 1))
    { printf 'exec '; printf '%q ' "$@"; } > command
    timeout 30 script -qec 'bash ./command' /dev/null < /dev/null > sent 2>&1 || :
    grep -q 'PWNED' sent || fault "$name: is not shown at all: $(cat -v sent | head -c 300)"
    is_clean "$name"
}
done_well() { "$@" > out 2> err < /dev/null || fault "$*: $(cat -v err)"; }

done_well "$recto" init --institution 01EXAMPLE
# What records hold: titles, headings, identifiers, tags. ISO 2709 carries anything; a file of text is refused when it holds an escape.
bare() { # TEXT of each field
    printf '001 %s\n008 760211s1970    nyu           000 1 eng d\n020   |a%s\n050  4|aQ1%s\n100 1 |aAuthor%s\n245 10|aTitle%s\n650  0|aSubject%s\n\n' \
        "${2:-h1}" "$1" "$1" "$1" "$1" "$1" | LC_ALL=C awk -f "$here/tests/support/iso2709.awk"
}
bare "$evil" > record.mrc
done_well "$recto" load --zone iz record.mrc
id=$("$recto" search --format json title | grep -o '"99[0-9]*"' | head -n 1 | tr -d '"')
printf '=LDR  00000nam a2200000 i 4500\n=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\d\n=245  10$aTitle%s\n=650  \\0$aSubject%s\n' "$mild" "$mild" > record.mrk
printf '=LDR  00000nam a2200000 i 4500\n=245  10$aTitle%s\n' "$evil" > escape.mrk
shown 'a record as text that is refused' "$recto" save "escape$evil.mrk"
shown 'a record' "$recto" show "$id"
for format in mrk json; do shown "a record as $format" "$recto" show --format $format "$id"; done
shown 'hits' "$recto" search title
for list in names subjects titles call-numbers; do shown "browsing $list" "$recto" browse $list; done
"$recto" show --format mrk "$id" 2> err | tr -d '\000-\011\013-\037' | sed 's/^=245.*/=245  10$aTitle'"$mild/" > second.mrk
done_well "$recto" save --policy load second.mrk
second=$("$recto" save record.mrk | cut -f 2)
for format in line marcxml; do shown "a record as $format" "$recto" show --format $format "$second"; done
shown 'a difference' "$recto" diff --all "$id"
shown 'who changed what' "$recto" blame "$id"
shown 'a preview of a merge' "$recto" merge --rule overlay-but-local --preview "$id" "$second"
shown 'findings' "$recto" validate record.mrc
shown 'conversion' "$recto" convert --to line record.mrk
shown 'conversion of blocks' "$recto" convert --to mrk record.mrc
for command in "show $id" 'search title'; do
    # shellcheck disable=SC2086
    shown "$command as JSON" "$recto" --json $command
done
# Names that people give.
done_well "$recto" user add evil --name "Anna$evil" --roles CAT
shown 'names of users' "$recto" user list
shown 'a user who is not there' "$recto" --user "no$torn" search title
done_well "$recto" set keep "kept$evil" title
shown 'names of sets' "$recto" set list
shown 'a set that is not there' "$recto" set members "none$torn"
shown 'an institution' "$recto" --institution "01$torn" search title
shown 'codes at the beginning' "$recto" --repo new.recto init --institution "01$torn"
printf 'rule "evil%s" when exists "650" then removeField "650" end\n' "$mild" > evil.rules
done_well "$recto" rule save evil evil.rules --note "note$mild"
shown 'the text of a rule' "$recto" rule show evil
shown 'notes of versions' "$recto" rule versions evil
shown 'a rule at work' "$recto" rule apply --rule evil record.mrk
done_well "$recto" rule apply --dry-run --rule evil --set "title OR $mild" --zone iz
shown 'titles of jobs' "$recto" job list
shown 'a job' "$recto" job show 1
shown 'a job that is not there' "$recto" job show "$torn"
shown 'a name of a rule' "$recto" rule save "name$torn" evil.rules
shown 'a rule that is not there' "$recto" rule show "none$torn"
printf 'rule "r" when exists "650" then removePWNED%s "650" end\n' "$mild" > bad.rules
shown 'a fault of a rule' "$recto" rule check bad.rules
done_well "$recto" template import --name "Mine$mild" record.mrk
shown 'names of templates' "$recto" template list
shown 'a template that is not there' "$recto" template show "none$torn"
done_well "$recto" profile set CONNEXION name="OCLC$mild" "description=Ours$mild"
shown 'profiles' "$recto" profile list
shown 'a profile' "$recto" profile show CONNEXION
shown 'a value of a profile' "$recto" profile set CONNEXION "active=$mild"
printf '%s = 1\n' "$evil" > bad.profile
shown 'a file of a profile' "$recto" profile import bad.profile
printf '[evil]\nText%s\n' "$evil" > strings
done_well "$recto" strings import strings
shown 'text strings' "$recto" strings export
printf '[%s]\nText\n[%s]\nText\n' "$mild" "$mild" > bad.strings
shown 'a file of text strings' "$recto" strings import bad.strings
sed "s/text 590 holds/text $mild holds/; s/exists \"590.*/exists \"245\"/" "$here/data/checks/example.txt" > evil.checks
done_well "$recto" checks import evil.checks
shown "a library's own checks" "$recto" validate --zone iz record.mrk
shown 'a save that they stop' "$recto" save record.mrk
done_well "$recto" checks clear
printf 'check "%s\n' "$evil" > bad.checks
shown 'a file of checks' "$recto" checks import bad.checks
shown 'a setting' "$recto" setting set serial_match_profile "none$mild"
# Names of files, arguments, the environment.
cp record.mrk "name$evil.mrk"
done_well "$recto" load "name$evil.mrk"
shown 'a file that is loaded again' "$recto" load "name$evil.mrk"
shown 'a file that is not there' "$recto" load "none$torn.mrk"
shown 'a repository that is not there' "$recto" --repo "none$torn.recto" search title
printf 'no repository' > "none$evil.recto"
shown 'a file that is no repository' "$recto" --repo "none$evil.recto" search title
shown 'a folder that is not there' "$recto" backup "none$torn/copy"
shown 'a command' "$recto" "$torn"
shown 'an option' "$recto" search "--$torn"
shown 'a value' "$recto" search --limit "$torn" title
shown 'the configuration' "$recto" --config "none$torn" search title
for name in RECTO_REPO RECTO_USER RECTO_INSTITUTION RECTO_CLOCK TERM; do
    command="$recto search title"
    [ $name != TERM ] || command=$recto
    # shellcheck disable=SC2086
    shown "the environment: $name" env "$name=$torn" $command
done
# Files of settings.
mkdir -p config/recto/keymaps config/recto/themes config/recto/data/targets config/recto/data/service config/recto/data/validation
printf '[all]\nCtrl+Q = %s\n%s = app.quit\n' "$evil" "$evil" > config/recto/keymaps/user.keymap
shown 'a keymap' "$recto" keymap
shown 'a name of a keymap' "$recto" keymap "$torn"
rm config/recto/keymaps/user.keymap
printf '%s = 1\n' "$evil" > config/recto/data/service/gateway.conf
shown 'settings of the gateway' timeout 5 "$recto" serve gateway --port 0
rm config/recto/data/service/gateway.conf
printf '%s = 1\n' "$evil" > config/recto/data/targets/evil.target
shown 'a file of a target' "$recto" target list
# What other programs send: their labels, diagnostics and records; what a parser says.
"$build/tests/tools/scripted_target" diagnostic 100 "detail$evil" > port &
pids="$pids $!"
for ((i = 0; i < 100; i++)); do [ -s port ] && break; sleep 0.05; done
printf 'label = The Evil%s One\nhost = 127.0.0.1\nport = %s\ndatabase = Default\nbox ti = use 4, structure 6\n' "$evil" "$(cat port)" > config/recto/data/targets/evil.target
shown "a target's label" "$recto" target list
shown "a target's diagnostic" "$recto" external --target evil --index ti water
grep -q 'detail' sent || fault "a target's diagnostic: its detail is not shown"
# The gateway: what a stranger sends as names and as a record, on its log and in its list.
printf 'gateway-word\n' | "$recto" profile passwd CONNEXION > out 2>&1
"$recto" convert --to marc record.mrk > record.mrc
"$recto" serve gateway --port 0 > serve.out 2> sent &
pids="$pids $!"
for ((i = 0; i < 100; i++)); do [ -s serve.out ] && break; sleep 0.05; done
port=$(sed -n 's/.*:\([0-9]*\)\.$/\1/p' serve.out)
"$build/tests/tools/connexion_client" --port "$port" --logon 01EXAMPLE --password gateway-word --user "User$evil" record.mrc > out || :
"$build/tests/tools/connexion_client" --port "$port" --logon "Logon$evil" --password x --user x record.mrc > out || :
is_clean 'the log of the gateway'
grep -q 'Title.*PWNED' sent || fault "the log of the gateway: no title: $(cat -v sent)"
shown "the gateway's list" "$recto" gateway log
shown 'a number of that list' "$recto" gateway retry "$torn"
printf '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><PWNED\342\200\215></record></collection>' > bad.xml
# The repository's file may be anybody's: SQLite speaks with its words.
if command -v sqlite3 > /dev/null; then
    cp r.recto words.recto
    sqlite3 words.recto "CREATE TRIGGER evil BEFORE INSERT ON version BEGIN SELECT RAISE(ABORT, '$torn'); END"
    printf '=LDR  00000nam a2200000 i 4500\n=245  10$aAnother\n' > another.mrk
    shown "SQLite's words" "$recto" --repo words.recto save another.mrk
    sqlite3 words.recto "CREATE TABLE \"$evil\" (a REFERENCES bib (doc)); INSERT INTO \"$evil\" VALUES (4711)"
    shown 'what SQLite finds in a file' "$recto" --repo words.recto check
fi
shown 'the XML parser' "$recto" convert --to mrk bad.xml
[ $sources -gt 65 ] || fault "only $sources sources were looked at"
exit $wrong
