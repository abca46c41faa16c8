#!/bin/bash
# SIGKILL at random moments of what works on many records: a job of a rule, taking it back, making the index anew, and a backup. The
# repository is sound; a job has changed what its rows say; a copy has its name only when it is whole. KILLS_UPKEEP: hits wanted.
. tests/soak/kills.inc
each=$(( (${KILLS_UPKEEP:-320} + 3) / 4 ))
records=600
fresh
books 1 $records load.mrc
"$recto" load load.mrc > load.out 2>&1
cat > drop.rules <<'RULES'
rule "note"
when
  exists "500"
then
  replaceContents "500.a.The same words" with "Other words"
end
RULES
cp killed.recto loaded.recto
renew() { rm -f killed.recto*; cp loaded.recto killed.recto; }

# Words are found in the records, and what is found is what the rows of the job say.
agree() { # what
    local other
    other=$(count kw=other)
    [ $((${other:-0} + $(count kw=same))) = $records ] || lose "$1: a record has neither words"
}
plan() {
    renew
    "$recto" rule apply --dry-run --set 'kw=words' --rule drop.rules --sample 0 > plan.out
    run=$(sed -n 's/.*--apply-exactly //p' plan.out)
}
plan
cp killed.recto planned.recto
renew_plan() { rm -f killed.recto*; cp planned.recto killed.recto; }
measure renew_plan "$recto" rule apply --apply-exactly "$run"
while wanted $each; do
    renew_plan
    kill_in "$recto" rule apply --apply-exactly "$run" || [ "$ended" = 0 ] || lose "a job ended with $ended: $(cat killed.err)"
    agree 'a job'
    sound
done
row 'job of a rule on 600 records' $each

renew_plan
"$recto" rule apply --apply-exactly "$run" > job.out
job=$("$recto" job list | head -n 1 | grep -o '^[0-9]*')
cp killed.recto changed.recto
renew_changed() { rm -f killed.recto*; cp changed.recto killed.recto; }
measure renew_changed "$recto" job revert "$job"
while wanted $each; do
    renew_changed
    kill_in "$recto" job revert "$job" || [ "$ended" = 0 ] || lose "a revert ended with $ended: $(cat killed.err)"
    agree 'a revert'
    sound
done
row 'job taken back' $each

measure renew "$recto" check --rebuild-index
while wanted $each; do
    kill_in "$recto" check --rebuild-index || [ "$ended" = 0 ] || lose "a rebuild ended with $ended: $(cat killed.err)"
    [ "$(count kw=words)" = $records ] || lose 'a rebuild: records are not found'
    sound
done
row 'index made anew' $each

without_copy() { rm -f copy*; }
measure without_copy "$recto" backup copy.recto
while wanted $each; do
    without_copy
    kill_in "$recto" backup copy.recto || [ "$ended" = 0 ] || lose "a backup ended with $ended: $(cat killed.err)"
    [ ! -e copy.recto ] || "$recto" --repo copy.recto check --full > check.out 2>&1 || lose "a copy is not whole: $(cat check.out)"
    [ ! -e copy.recto ] || [ "$("$recto" --repo copy.recto search --count kw=words)" = $records ] || lose 'a copy lacks records'
    sound
done
row 'backup' $each
exit $broken
