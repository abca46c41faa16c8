#!/bin/sh
# Integration profiles as files: made from the shipped one, changed, exported, imported, refused in words; the gateway's log.
set -eu
recto=${BUILD:-build}/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config"

# expect STATUS TEXT COMMAND...: ends with STATUS, and says TEXT on standard output or error.
expect() {
    wanted=$1 text=$2
    shift 2
    status=0
    "$@" > "$work/out" 2>&1 || status=$?
    [ $status = "$wanted" ] || { echo "$*: ended with $status, not $wanted"; cat "$work/out"; exit 1; }
    grep -q -- "$text" "$work/out" || { echo "$*: does not say '$text':"; cat "$work/out"; exit 1; }
}

$recto init --institution 01EXAMPLE --institution 02OTHER --network NET > "$work/init"
expect 2 'profile takes' $recto profile
expect 2 'profile takes' $recto profile show
[ -z "$($recto profile list)" ] || { echo 'a new repository has a profile'; exit 1; }
expect 1 'no such profile' $recto profile show IZ_OCLC

# The shipped one under a code of one's own, and a password that stands nowhere.
$recto profile set IZ_OCLC name='IZ_OCLC Connexion' 'description=For our own zone'
expect 1 'no password' $recto profile check IZ_OCLC
expect 0 'no password' $recto profile list
printf 'alma1234\n' | $recto profile passwd IZ_OCLC 2> "$work/note"
grep -q 'publicly known' "$work/note" || { echo 'the known password is not called so'; exit 1; }
expect 0 '"has_password":true' $recto --json profile list
printf 'a better one 77\n' | $recto profile passwd IZ_OCLC
expect 2 'there is no password' sh -c "printf '\n' | $recto profile passwd IZ_OCLC"
if grep -aq 'a better one 77' "$work"/repository.db*; then
    echo 'the password stands in the repository'; exit 1
fi

# Out, changed, in again; a password is no part of it and stays.
$recto profile export IZ_OCLC "$work/mine.profile"
if grep -q 'argon2\|a better one' "$work/mine.profile"; then echo 'the password is exported'; exit 1; fi
sed -i 's/^merge-method = .*/merge-method = Conditional subject headings/' "$work/mine.profile"
$recto profile import "$work/mine.profile"
expect 0 'merge-method = Conditional subject headings' $recto profile show IZ_OCLC
expect 0 '"merge-method":"Conditional subject headings"' $recto --json profile show IZ_OCLC
expect 0 'password set' $recto profile list
$recto profile export IZ_OCLC > "$work/again.profile"
cmp "$work/mine.profile" "$work/again.profile"

# What cannot be, in words, with the line.
sed 's/^serial-match/serial-mach/' "$work/mine.profile" > "$work/bad.profile"
expect 3 "unknown key 'serial-mach'; did you mean serial-match" $recto profile import "$work/bad.profile"
expect 4 'no integration profile found for institution 01EXAMPLE' $recto profile set SECOND name=Second
expect 4 'UNIMARC Bibliographic is not available' $recto profile set IZ_OCLC target-format=unimarc
expect 2 "no KEY=VALUE" $recto profile set IZ_OCLC active
expect 2 "choose yes, no" $recto profile set IZ_OCLC active=perhaps
expect 0 'Conditional subject headings' $recto profile keys merge-method
expect 0 'Do not override/merge a record with lower brief version' $recto profile keys

# Another institution has its own under the same code; the network's is seen by all.
$recto --institution 02OTHER profile set IZ_OCLC name=Theirs
$recto profile set NZ_OCLC institution=NET name='For all'
expect 0 'NET' $recto --institution 02OTHER profile list
expect 0 'IZ_OCLC Connexion' $recto profile list
if $recto profile list | grep -q Theirs; then echo "another institution's profile is listed"; exit 1; fi

$recto profile delete IZ_OCLC
expect 1 'no such profile' $recto profile delete IZ_OCLC
expect 0 'name = OCLC Connexion' $recto profile export

# The log of a gateway that nothing came through, and one that is not there.
status=0
$recto gateway log --day 2026-01-01 --oclc 123 > "$work/log" || status=$?
[ $status = 1 ] && [ ! -s "$work/log" ] || { echo 'the log of nothing is not empty'; exit 1; }
expect 2 'takes a day' $recto gateway log --day someday
expect 1 'no such row' $recto gateway retry 1
expect 2 'gateway takes' $recto gateway
$recto check --full > "$work/check"
