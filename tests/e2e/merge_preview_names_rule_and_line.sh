#!/bin/sh
# recto merge by rule files, predefined methods and a zone's own rules: the preview says of every field where it comes from and
# by which action in which line; combine does it in the repository with all that hangs on a record, and undo-merge takes it back.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/repository.db" LC_ALL=C.UTF-8
cd "$work"
fail() { echo "$*" >&2; exit 1; }
wants() { grep -qF -e "$1" "$2" || { cat "$2" >&2; fail "no line with: $1"; }; }
lacks() { if grep -qF -e "$1" "$2"; then cat "$2" >&2; fail "a line with: $1"; fi; }
ends() {
    wanted=$1
    shift
    status=0
    "$@" > out 2> err < /dev/null || status=$?
    [ $status = "$wanted" ] || { cat out err >&2; fail "$*: ended with $status, not $wanted"; }
}
tab=$(printf '\t')

cat > ours.line <<'RECORD'
LDR 00000nam\a2200000K\\4500
001 991000000000000001
008 250101s2024\\\\nyua\\\\\b\\\\001\0\eng\d
035 \\ $a(OCoLC)77
245 10 $aMills of Kent.
500 \\ $aSigned by the author.$5Loc
500 \\ $aOld note.
590 \\ $aShelved with maps.
650 \0 $aMills.

RECORD
cat > theirs.line <<'RECORD'
LDR 00000nam\a2200000\i\4500
001 ocm00000077
008 250101s2024\\\\nyua\\\\\b\\\\001\0\eng\d
035 \\ $a(OCoLC)77
245 10 $aMills of Kent :$bwind and water.
500 \\ $aIncludes index.
590 \\ $aTheirs, not ours.
650 \0 $aMills.
650 \6 $aMoulins.

RECORD
cat > keep5.rules <<'RULES'
# keeps what carries our code
rule "keep ours"
when
  merge
then
  replace MARC.control."LDR"
  replace MARC."245" if exists
  remove MARC."5"XX if not exists subfield "5" excluding "590"
  add MARC."500"
  add MARC."650" excluding second indicator "6"
end
RULES

# The result is the same on the way of a file and of the preview, and the preview says why, line by line.
ends 0 "$recto" merge --rule keep5.rules --from line ours.line theirs.line
cp out merged
wants 'LDR 00000nam\a2200000\i\4500' merged
wants '001 991000000000000001' merged
wants '500 \\ $aSigned by the author.$5Loc' merged
wants '500 \\ $aIncludes index.' merged
lacks 'Old note' merged
lacks 'Moulins' merged
[ "$(grep -c '^650' merged)" = 1 ] || fail "an identical field was added"
ends 0 "$recto" merge --preview --rule ./keep5.rules --from line ours.line theirs.line
grep -v '^- ' out | cut -c 3- | cut -f 1 > shown
sed '/^$/d' merged | cmp - shown || fail "the preview shows another result"
line_of() { grep -n -F -e "$1" keep5.rules | cut -d : -f 1; }
wants "X LDR 00000nam\\a2200000\\i\\4500${tab}replace \"LDR\" (line $(line_of 'control."LDR"'))" out
wants "- 245 10 \$aMills of Kent.${tab}replace \"245\"" out
grep -F 'wind and water' out | grep -q "(line $(line_of '"245"'))" || fail "245 without its line"
grep -F 'Old note' out | grep -q "^- .*(line $(line_of 'subfield "5"'))" || fail "500 dropped without its line"
grep -F 'Signed by' out | grep -q '^R ' || fail "500 with our code is not kept"
grep -F '650 \0 $aMills.' out | grep -q '^= ' || fail "650 of both is not of both"
grep -F 'Moulins' out | grep -q "^- .*(line $(line_of 'indicator "6"'))" || fail "650 dropped without its line"

# JSON: the keys of cli.md, one object a field.
ends 0 "$recto" --json merge --preview --rule keep5.rules --from line ours.line theirs.line
wants '{"tag":"LDR","text":"LDR 00000nam\\a2200000\\i\\4500","from":"secondary","kept":true,"rule":"replace \"LDR\"","line":6}' out
grep -F '"tag":"590"' out | grep -F 'Shelved with maps' | grep -q '"from":"primary","kept":true' || fail "590 of the primary"
grep -F 'Moulins' out | grep -q '"from":"secondary","kept":false' || fail "650 of the secondary"
[ "$(grep -vc '^{"tag":"...","text":".*","from":"\(primary\|secondary\|both\|combined\)","kept":\(true\|false\),"rule":".*","line":[0-9]*}$' out)" = 0 ] ||
    { cat out; fail "a line of other keys"; }

# Predefined methods by name and label; their shipped files have lines, and make the same.
for method in replace-245-035 overlay-but-local keep-old conditional-subjects; do
    ends 0 "$recto" merge --rule $method --from line ours.line theirs.line
    cp out method
    "$recto" rule show $method > shipped.rules
    ends 0 "$recto" merge --rule shipped.rules --from line ours.line theirs.line
    cmp out method || fail "$method: method and file differ"
done
ends 0 "$recto" merge --rule 'Overlay all fields but local' --preview --from line ours.line theirs.line
wants "LDR 00000nam" out
ends 1 "$recto" merge --rule overlay-all --from line ours.line theirs.line
wants 'overlay-all' err
ends 2 "$recto" merge ours.line theirs.line
ends 2 "$recto" merge --rule keep-old ours.line
ends 3 "$recto" merge --rule keep-old --from line ours.line keep5.rules
ends 5 "$recto" merge --rule keep-old ours.line ./missing.mrc
printf 'rule "a" when merge then add MARC."65" end\n' > bad.rules
ends 3 "$recto" merge --rule bad.rules --from line ours.line theirs.line
wants 'bad.rules:1:' err
printf 'rule "n" when TRUE then removeField "500" end\n' > norm.rules
ends 2 "$recto" merge --rule norm.rules --from line ours.line theirs.line
wants 'no merge rule' err

# Records of the repository, and a zone's own rule.
"$recto" init --institution 01TEST --network NET > out
save() { "$recto" --json save --format line --on-match new "$1" | sed 's/.*"mms_id":"\([0-9]*\)".*/\1/'; }
sed '/^001/d' ours.line > one.line
sed '/^001/d' theirs.line > other.line
primary=$(save one.line) secondary=$(save other.line)
printf 'LDR 00000nam\\a2200000\\i\\4500\n245 10 $aA part.\n773 0\\ $tMills of Kent$w%s\n\n' "$secondary" > part.line
part=$(save part.line)
"$recto" rule save ours keep5.rules > out
"$recto" rule save keep-old keep5.rules --note 'hides the method' > out
ends 0 "$recto" merge --rule ours --preview "$primary" "$secondary"
wants "(line 6)" out
ends 0 "$recto" merge --rule keep-old "$primary" "$secondary"
wants 'wind and water' out
"$recto" rule delete keep-old
ends 0 "$recto" merge --rule keep-old "$primary" "$secondary"
lacks 'wind and water' out
ends 1 "$recto" merge --rule keep-old "$primary" 991000000099995801

# Combine: looked at, refused without a yes, done, and taken back.
"$recto" show --format line "$primary" "$secondary" "$part" | sed '/^005/d; s/^LDR .....//' > before
ends 0 "$recto" combine --plan --rule ours "$primary" "$secondary"
wants 'links: 1 record will name the primary' out
wants '(line 6)' out
ends 0 "$recto" --json combine --plan "$primary" "$secondary"
wants "{\"primary\":\"$primary\",\"secondary\":\"$secondary\"" out
wants '"relinked":1' out
ends 2 "$recto" combine "$primary" "$secondary"
wants 'needs --yes' err
"$recto" show --format line "$primary" "$secondary" "$part" | sed '/^005/d; s/^LDR .....//' | cmp - before || fail "looking changed something"
ends 0 "$recto" combine --rule ours --yes "$primary" "$secondary"
job=$(cut -f 1 out)
"$recto" show --format line "$primary" > out
wants 'wind and water' out
wants 'Shelved with maps' out
"$recto" show --format line "$part" > out
wants "$primary" out
lacks "$secondary" out
ends 0 "$recto" job records "$job"
wants "$secondary" out
ends 0 "$recto" undo-merge "$primary"
"$recto" show --format line "$primary" "$secondary" "$part" | sed '/^005/d; s/^LDR .....//' | cmp - before || fail "undo-merge left a trace"
ends 4 "$recto" undo-merge "$primary"
ends 4 "$recto" job revert "$job"
ends 0 "$recto" combine --rule ours --secondary suppress --yes "$primary" "$secondary"
ends 0 "$recto" job revert "$(cut -f 1 out)"
"$recto" show --format line "$primary" "$secondary" "$part" | sed '/^005/d; s/^LDR .....//' | cmp - before || fail "revert left a trace"
ends 0 "$recto" combine --secondary keep --yes "$primary" "$secondary"
"$recto" show "$secondary" > out || fail "the secondary was not kept"
ends 2 "$recto" combine --secondary burn --yes "$primary" "$secondary"
ends 2 "$recto" combine --yes "$primary" "$primary"
ends 2 "$recto" combine --yes "$primary" x
ends 1 "$recto" combine --yes "$primary" 991000000099995801
ends 2 "$recto" undo-merge x
"$recto" check --full > out || { cat out; fail "the repository is not sound"; }

# The warning about the wrong primary, and choosing all the same.
ends 4 "$recto" rule use match-merge copy-cataloging
wants 'written with the incoming record as primary' err
wants '--despite' err
ends 0 "$recto" rule use match-merge copy-cataloging --despite
ends 0 "$recto" rule use copy-merge copy-cataloging
ends 0 "$recto" rule use copy-merge
wants 'copy-cataloging' out
ends 1 "$recto" rule use copy-merge no-such-rule
ends 2 "$recto" rule use merge-copy keep-old
wants 'copy-merge, match-merge' err
