#!/bin/bash
# SIGKILL at random moments while a newer program opens a repository of an older schema, of each one there was: the old schema is there as
# it was, or the new one, never one between; and the next start ends it, with every record (RL-68). KILLS_MIGRATION: hits wanted.
. tests/soak/kills.inc
present=$("$old_repository" schemas)
each=$(( (${KILLS_MIGRATION:-440} + present - 2) / (present - 1) ))
records=${KILLS_MIGRATION_RECORDS:-1000}
fresh
books 1 "$records" load.mrc
"$recto" load load.mrc > load.out 2>&1
"$recto" search kw=w5w | cut -f 1 > id
"$recto" show "$(cat id)" > shown
cp killed.recto present.recto
rm -f present.recto-*
new=$("$old_repository" state present.recto)
renew() { rm -f killed.recto*; cp old.recto killed.recto; }
schema=1 all=0
while [ $schema -lt "$present" ]; do
    rm -f old.recto*
    "$old_repository" make present.recto old.recto $schema
    old=$("$old_repository" state old.recto)
    measure renew "$recto" search --count kw=words
    goal=$((hits + each)) attempts=$((runs + each * 20))
    while [ $hits -lt $goal ] && [ $runs -lt $attempts ]; do
        renew
        kill_in "$recto" search --count kw=words || [ "$(cat killed.out)" = "$records" ] || lose "schema $schema: $(cat killed.err)"
        state=$("$old_repository" state killed.recto)
        [ "$state" = "$old" ] || [ "${state% *}" = "${new% *}" ] || { complain "schema $schema: neither old nor new"; unsound=$((unsound + 1)); }
        found=$(count kw=words)
        [ "$found" = "$records" ] || lose "schema $schema: $found of $records records"
        "$recto" show "$(cat id)" | cmp -s - shown || lose "schema $schema: the record is another one"
        sound
        [ "$("$old_repository" state killed.recto)" = "$new" ] || { complain "schema $schema: not brought up"; unsound=$((unsound + 1)); }
    done
    schema=$((schema + 1))
done
row "migration from each of $((present - 1)) schemas" $((each * (present - 1)))
exit $broken
