#!/bin/bash
# The clock is set back by a year, forward by ten, and stands still, between saves, loads, jobs and drafts: 005 rises with every version
# (RL-42), the guard of versions holds (RL-41), the newest save is the newest version, the audit chain and everything else is sound.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/config RECTO_REPO=$work/clock.recto LC_ALL=C.UTF-8 TZ=UTC
wrong=0
fault() { echo "$*"; wrong=1; }
at() { export RECTO_CLOCK=$1; }
at 2026-01-31T12:00:00Z
"$recto" init --institution 01EXAMPLE > out
printf '=LDR  00000nam a2200000 i 4500\n=008  250101s2001\\\\\\\\xxu\\\\\\\\\\\\\\\\\\\\\\000\\1\\eng\\d\n=245  10$aVersion 1.\n\n' > one.mrk
"$recto" save one.mrk > out
id=$("$recto" search version | cut -f 1)

last= version=1
changed() { # TIME: changes the record, and looks at what that made
    at "$1"
    "$recto" show --format mrk "$id" > now.mrk
    cp now.mrk stale.mrk
    version=$((version + 1))
    sed -i "s/Version [0-9]*/Version $version/" now.mrk
    "$recto" save now.mrk > out 2> err || fault "$1: a save was refused: $(cat err)"
    stamp=$("$recto" show --format mrk "$id" | sed -n 's/^=005  //p')
    [ -z "$last" ] || [ "$(printf '%s\n%s\n' "$last" "$stamp" | LC_ALL=C sort | tail -n 1)" = "$stamp" ] && [ "$stamp" != "$last" ] ||
        fault "$1: 005 is $stamp after $last"
    last=$stamp
    [ "$("$recto" versions "$id" | wc -l)" = $version ] || fault "$1: not $version versions"
    "$recto" show "$id" | grep -q "Version $version" || fault "$1: the newest is not what was saved last"
    status=0
    "$recto" save stale.mrk > out 2> err || status=$? # the copy of before: refused whatever the clock says
    [ $status = 4 ] || fault "$1: a copy of the version before was taken ($status)"
    "$recto" check --full > check.out 2>&1 || fault "$1: $(cat check.out)"
}
for time in 2026-01-31T12:00:05Z 2025-01-31T12:00:00Z 2025-01-31T12:00:01Z 2036-02-01T00:00:00Z 2026-01-31T13:00:00Z 1999-12-31T23:59:59Z; do
    changed $time
done
for i in 1 2 3 4 5; do changed 2026-01-31T14:00:00Z; done

# A load and a job of a rule a year before what is there; revert ten years after.
at 2025-01-01T00:00:00Z
for i in 1 2 3 4; do printf '=LDR  00000nam a2200000 i 4500\n=245  10$aLoaded %d.\n=500  \\\\$aThe same words.\n\n' $i; done > many.mrk
"$recto" load many.mrk > out 2>&1 || fault "load: $(cat out)"
printf 'rule "n"\nwhen\n  exists "500"\nthen\n  replaceContents "500.a.same" with "other"\nend\n' > n.rules
run=$("$recto" rule apply --dry-run --set 'kw=words' --rule n.rules --sample 0 | sed -n 's/.*--apply-exactly //p')
at 2024-01-01T00:00:00Z
"$recto" rule apply --apply-exactly "$run" > out || fault "job: $(cat out)"
[ "$("$recto" search --count kw=other)" = 4 ] || fault 'the job did not change four records'
at 2035-01-01T00:00:00Z
job=$("$recto" job list | head -n 1 | grep -o '^[0-9]*')
"$recto" job revert "$job" > out || fault "revert: $(cat out)"
at 2020-01-01T00:00:00Z
[ "$("$recto" search --count kw=same)" = 4 ] || fault 'the revert did not bring four records back'
# Sorted by the last change the order is one, whatever the clocks were: each record once.
[ "$("$recto" search --sort modified --limit 20 'kw=same' 2> err | cut -f 1 | sort -u | wc -l)" = \
    "$("$recto" search --limit 20 'kw=same' 2> err | cut -f 1 | wc -l)" ] || fault 'sorted by change: a record twice, or not at all'
"$recto" lock list > out || fault "locks: $(cat out)"
"$recto" backup copy.recto > out
"$recto" --repo copy.recto check --full > check.out 2>&1 || fault "backup: $(cat check.out)"
"$recto" check --full > check.out 2>&1 || fault "at the end: $(cat check.out)"
exit $wrong
