#!/bin/sh
# A rule on a set: the dry run changes nothing and tells all; --apply-exactly does precisely that and nothing else; reverting
# leaves every record as it was. What somebody changed in between is skipped and told.
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
i=1
while [ $i -le 30 ]; do
    printf 'LDR 00000nam\\a2200000Ki\\4500\n001 x%d\n008 250101s2024\\\\\\\\nyua\\\\\\\\\\b\\\\\\\\001\\0\\eng\\d\n' $i
    [ $((i % 3)) = 0 ] || printf '049 \\\\ $aXXX%d\n' $i
    printf '100 1\\ $aMiller, Anna.\n245 10 $aMills of Kent /$cvolume%d.\n\n' $i
    i=$((i + 1))
done > mills.line
printf 'LDR 00000nam\\a2200000Ki\\4500\n001 y1\n049 \\\\ $aXXX\n245 10 $aOther things.\n\n' >> mills.line
"$recto" load --format line mills.line > out
"$recto" search --limit 100 mills | cut -f 1 | sort > ids
[ "$(wc -l < ids)" = 30 ] || fail "the set has not 30 records"
other=$("$recto" search other | cut -f 1)
# What is in the repository, but for the stamp of the last save and the lengths in the leader.
dump() { "$recto" show --format line $(cat ids) "$other" | sed '/^005 /d; s/^LDR \(.....\)\(.......\)...../LDR _\2_/'; }
dump > before
cat > drop.rules <<'RULES'
rule "local"
when
  exists "049"
then
  removeField "049"
  replaceContents "100.a.Miller" with "Müller"
end
RULES

# The dry run: counts, a sample of three, nothing changed.
ends 0 "$recto" rule apply --dry-run --set mills --rule drop.rules
wants '30 records: 20 would change, 10 would not, 0 skipped, 0 failed' out
[ "$(grep -c '^- 049' out)" = 3 ] || fail "a sample of three"
wants '+ 100 1\ $aMüller, Anna.' out
wants '- 100 1\ $aMiller, Anna.' out
run=$(sed -n 's/.*--apply-exactly //p' out)
dump | cmp - before || fail "the dry run changed a record"
for id in $(cat ids); do [ "$("$recto" versions $id | wc -l)" = 1 ] || fail "the dry run made a version"; done
ends 0 "$recto" --json rule apply --dry-run --set mills --rule drop.rules --diff
wants '"read":30,"changed":20,"unchanged":10,"skipped":0,"failed":0}' out
[ "$(grep -c '"removed":\["049' out)" = 20 ] || fail "--diff shows not all"
ends 0 "$recto" rule apply --dry-run --set mills --rule drop.rules --sample 0
if grep -q 049 out; then fail "a sample of none"; fi
# Nothing in the set: 1, as a search that finds nothing.
ends 1 "$recto" rule apply --dry-run --set xyzzy --rule drop.rules
ends 2 "$recto" rule apply --dry-run --set 'tit=x' --rule drop.rules
# A set of another type is refused, also inside a query; one of titles is taken (SE-66).
ends 0 "$recto" set keep persons 'hd=mills' --type authorities
ends 0 "$recto" set keep copies 'mills' --type physical-items
ends 0 "$recto" set keep titles 'mills' --type all-titles
ends 2 "$recto" rule apply --dry-run --set 'set=persons' --rule drop.rules
wants 'set of authority records, and the job works on titles' err
ends 2 "$recto" rule apply --dry-run --set 'mills AND NOT set=copies' --rule drop.rules
wants 'set of physical items' err
ends 0 "$recto" rule apply --dry-run --set 'set=titles' --rule drop.rules --sample 0
ends 2 "$recto" rule apply --set mills --rule drop.rules
wants 'add --dry-run' err
ends 2 "$recto" rule apply --dry-run --rule drop.rules
ends 3 "$recto" rule apply --dry-run --set mills --rule mills.line

# The rule's file changes, one record is saved by somebody, another is locked no more than the set itself: exactly what was
# shown is done.
printf 'rule "all" when (TRUE) then removeField "245" end\n' > drop.rules
mine=$(head -n 1 ids)
"$recto" show --format line "$mine" | sed 's/Miller, Anna/Miller, Bertha/' > mine.line
"$recto" save --format line --on-match new mine.line > out
dump > before
ends 1 "$recto" rule apply --apply-exactly "$run"
wants '19 changed, 0 unchanged, 1 skipped, 0 failed' out
job=$(cut -f 1 out)
dump > after
[ "$(diff before after | grep -c '^< 049')" = 19 ] || fail "not 19 fields went"
[ "$(diff before after | grep -c '^> 100 1. $aMüller')" = 19 ] || fail "not 19 fields changed"
[ "$(diff before after | grep -c '^[<>]')" = 57 ] || { diff before after; fail "something else changed"; }
ends 0 "$recto" job records "$job"
[ "$(grep -c "changed$(printf '\t')" out)" = 19 ] || fail "rows of the job"
grep "^$mine" out | grep -q 'skipped.*changed since' || fail "the skipped record has no reason"
ends 0 "$recto" --json job show "$job"
wants '"type":"rule","status":"done"' out
wants '"counters":{"read":20,"changed":19,"unchanged":0,"skipped":1,"failed":0}' out
wants '"started_at":"' out
wants '"ended_at":"' out
"$recto" show --format line "$other" | grep -q '049' || fail "a record outside of the set was changed"
"$recto" search --count müller > out
[ "$(cat out)" = 19 ] || fail "the index does not follow the job: $(cat out)"

# Applying the same run again finds every record changed since.
ends 1 "$recto" rule apply --apply-exactly "$run"
wants '0 changed, 0 unchanged, 20 skipped' out

# Back: as before, and once only; a record that was saved in between stays as its author left it.
second=$(sed -n 2p ids)
"$recto" show --format line "$second" | sed 's/Mills of Kent/Mills of Essex/' > mine.line
"$recto" save --format line --on-match new mine.line > out
ends 1 "$recto" job revert "$job"
wants '18 changed, 0 unchanged, 1 skipped' out
dump > reverted
diff before reverted > difference || true
"$recto" show "$second" | grep -q Essex || fail "somebody's save was overwritten"
[ "$(grep -c '^[<>]' difference)" -le 5 ] || { cat difference; fail "more than the one record differs"; }
ends 0 "$recto" job show "$job"
wants 'partly-reverted' out

# A run that nothing disturbs goes there and back without a trace.
dump > before
cp before again
ends 0 "$recto" rule apply --dry-run --set mills --rule initial-normalization
run=$(sed -n 's/.*--apply-exactly //p' out)
printf 'rule "w" when exists "245" then suffix "245.c" with " [x]" end\n' > suffix.rules
"$recto" rule save mark suffix.rules --note 'for the test' > out
ends 0 "$recto" rule apply --dry-run --set mills --rule mark
run=$(sed -n 's/.*--apply-exactly //p' out)
ends 0 "$recto" rule apply --apply-exactly "$run"
job=$(cut -f 1 out)
dump > after
[ "$(grep -c '\[x\]' after)" = 30 ] || fail "not all were marked"
ends 0 "$recto" job revert "$job"
dump | cmp - before || fail "reverting left a trace"
ends 4 "$recto" job revert "$job"
wants 'taken back already' err
"$recto" check --full > out || { cat out; fail "the repository is not sound"; }

# What a rule has emptied goes, as it does on the way of a file.
printf 'rule "e" when exists "100" then replaceContents "245.c" with "" replaceContents "100.a" with "" end\n' > empty.rules
ends 0 "$recto" rule apply --dry-run --set mills --rule empty.rules --sample 1
wants '+ 245 10 $aMills' out
if grep -q '^+.*\$c' out; then fail "an empty subfield would be kept"; fi
if grep -q '^+ 100' out; then fail "an empty field would be kept"; fi
ends 0 "$recto" rule apply --apply-exactly "$(sed -n 's/.*--apply-exactly //p' out)"
"$recto" show --format line "$second" > out
if grep -q '^100\|\$c' out; then cat out; fail "an empty field was kept"; fi

# Numbers that are none, jobs that are no runs, rights that are missing.
ends 2 "$recto" job show abc
ends 1 "$recto" job show 9999
ends 2 "$recto" rule apply --apply-exactly 0
ends 2 "$recto" rule apply --apply-exactly "$job"
wants 'no trial' err
ends 2 "$recto" rule apply --apply-exactly "$run" --set mills
ends 2 "$recto" job resolve 1
ends 2 "$recto" job
"$recto" user add cat1 --name 'Cat One' --roles CAT > out
ends 4 "$recto" --user cat1 job revert "$job"
wants 'needs role' err
# A title that is too long is cut between characters; here one is where the limit goes through.
long=aa$(printf 'я%.0s' $(seq 60))
ends 0 "$recto" rule apply --dry-run --set "mills OR $long" --rule drop.rules
ends 0 "$recto" job list
wants 'OR aaяяя' out
if grep -qaxv '.*' out; then fail "half a character: $(cat -v out)"; fi
