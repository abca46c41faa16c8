#!/bin/sh
# recto rule: checking, printing, and applying rules to files in a pipe, without a repository; what is wrong is said with its
# place, and the exit status is that of cli.md.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/none.db" LC_ALL=C.UTF-8
cd "$work"
fail() { echo "$*" >&2; exit 1; }
wants() { grep -qF -e "$1" "$2" || { cat "$2" >&2; fail "no line with: $1"; }; } # TEXT FILE
lacks() { if grep -qF -e "$1" "$2"; then cat "$2" >&2; fail "a line with: $1"; fi; }
ends() { # STATUS COMMAND...: output in out, messages in err
    wanted=$1
    shift
    status=0
    "$@" > out 2> err < "${input:-/dev/null}" || status=$?
    [ $status = "$wanted" ] || { cat out err >&2; fail "$*: ended with $status, not $wanted"; }
    if LC_ALL=C tr -d '\n' < err | LC_ALL=C grep -q '[[:cntrl:]]'; then fail "$*: a control byte reached standard error"; fi
}

cat > two.line <<'RECORDS'
LDR 00000nam\a2200000Ki\4500
008 250101s2024\\\\nyua\\\\\b\\\\001\0\eng\d
049 \\ $aXXXA
245 00 $aThe mill /$cby one hand.
500 \\ $aGone$a
590 \\ $a
650 \4 $aMills.
650 \0 $aMills$zKent.

LDR 00000cas\a2200000\a\4500
008 250101s2024\\\\nyua\\\\\b\\\\001\0\eng\d
245 02 $aA journal.

RECORDS
cat > tidy.rules <<'RULES'
# a rule file as a library would paste it
rule "tags of the vendor" priority 2
when
  exists "049"
then
  removeField "049"
  removeField "650.{*,4}"
end
rule "articles"
when
  (existsControl "008.{35,3}.eng")
then
  changeSecondIndicator "245" to "4" if (exists "245.a.The *")
  replaceContents "500.a.Gone" with ""
  replaceControlContents "LDR.{17,1}.K" with "7"
end
RULES

# A result, in the format that is asked for; the second record is as it was.
ends 0 "$recto" rule apply --rule tidy.rules two.line --from line
wants 'LDR 00000nam\a22000007i\4500' out
wants '245 04 $aThe mill /' out
wants '650 \0 $aMills$zKent.' out
wants '245 02 $aA journal.' out
lacks '049' out
lacks '650 \4' out
# What the rule emptied is dropped, and what was empty before in the same record; with --keep-empty it stays.
lacks '500 ' out
lacks '590 ' out
ends 0 "$recto" rule apply --rule ./tidy.rules --keep-empty --from line two.line
wants '500 \\ $a$a' out
wants '590 \\ $a' out
# The rule and the records by standard input; names of a rule that is shipped.
input=two.line ends 0 "$recto" rule apply --from line --rule tidy.rules
wants '245 04' out
input=two.line ends 0 "$recto" rule apply --from line --rule tidy.rules --to marcxml -
wants '<subfield code="a">The mill /</subfield>' out
input=tidy.rules ends 0 "$recto" rule apply --from line --rule - two.line
wants '245 04' out
ends 0 "$recto" rule apply --from line --rule copy-019-to-035 two.line
ends 1 "$recto" rule apply --from line --rule copy-19-to-35 two.line
wants 'there is no rule and no file of this name' err

# Why: each step with rule and line, and which rule did not fire and for what reason.
ends 0 "$recto" rule apply --why --rule tidy.rules --from line two.line
wants "two.line: record 1: rule 'tags of the vendor', line 6, removeField: 049 \\\\ \$aXXXA removed" err
wants "record 1: rule 'articles', line 13, changeSecondIndicator: 245 00 \$aThe mill /\$cby one hand. -> 245 04 " err
wants "line 15, replaceControlContents: LDR 00000nam\\a2200000Ki\\4500 -> LDR 00000nam\\a22000007i\\4500" err
wants "record 2: rule 'tags of the vendor': exists 049 is false" err

# Many records: the same bytes whatever the number of jobs, and the order is kept.
i=0
: > one.line
while [ $i -lt 400 ]; do
    printf 'LDR 00000nam\\a2200000Ki\\4500\n001 n%d\n049 \\\\ $aX\n245 00 $aThe number %d.\n500 \\\\ $a%01000d\n\n' $i $i $i >> one.line
    i=$((i + 1))
done
"$recto" convert --from line --to marc one.line > many.mrc
ends 0 "$recto" rule apply --rule tidy.rules --to marc many.mrc
mv out one.mrc
ends 0 "$recto" rule apply --rule tidy.rules --to marc --jobs 3 many.mrc
cmp one.mrc out || fail "three jobs write something else"
ends 0 "$recto" rule apply --rule tidy.rules --to mrk many.mrc
[ "$(grep -c '^=245' out)" = 400 ] || fail "records were lost"
lacks '=049' out

# Odd records: told as by convert, the others go on. The status is 1 when some were left out, 3 when all were.
{ head -c 900 many.mrc; printf 'rubbish\035'; tail -c +2000 many.mrc; } > odd.mrc
status=0; "$recto" convert --to marc odd.mrc > converted 2> told || status=$?
ends $status "$recto" rule apply --rule tidy.rules --to marc odd.mrc
cmp err told || fail "rule apply and convert tell different things of odd records"
printf 'rubbish\035' > rubbish.mrc
status=0; "$recto" convert --from marc rubbish.mrc > converted 2> told || status=$?
ends $status "$recto" rule apply --from marc --rule tidy.rules rubbish.mrc

# Indication: what it says of each record; --keep and --reject print records as grep does lines.
cat > serials.rules <<'RULES'
rule "serials"
when
  (existsControl "LDR.{7,1}.s|i")
then
  set indication."true"
end
RULES
ends 0 "$recto" rule apply --rule serials.rules --from line two.line
printf '1\tfalse\n2\ttrue\n' | cmp - out || fail "indication of each record"
ends 0 "$recto" --json rule apply --rule serials.rules --from line two.line
wants '{"record":2,"indication":true' out
ends 0 "$recto" rule apply --keep --rule serials.rules --from line two.line
wants 'A journal' out
lacks 'The mill' out
ends 0 "$recto" rule apply --reject --rule serials.rules --from line two.line
wants 'The mill' out
lacks 'A journal' out
ends 1 "$recto" rule apply --keep --rule serials.rules many.mrc
[ ! -s out ] || fail "records were kept that are no serials"
ends 2 "$recto" rule apply --keep --rule tidy.rules many.mrc
wants 'need an indication rule' err

# Brief levels, by a shipped rule and by one of one's own that leaves some out.
ends 0 "$recto" rule apply --rule carli --from line two.line
printf '1\t05\n2\t10\n' | cmp - out || fail "brief levels: $(cat out)"
ends 0 "$recto" --json rule apply --rule carli --from line two.line
wants '{"record":1,"brief_level":5' out
printf 'rule "ten" when (exists "650") then set brief_level."10" end\n' > ten.rules
ends 0 "$recto" rule apply --rule ten.rules --from line two.line
printf '1\t10\n2\t-\n' | cmp - out || fail "a record that no rule levels: $(cat out)"

# Faults: place, code, found and expected; every rule's first error; warnings do not fail.
printf 'rule "a"\nwhen\n  (TRUE)\nthen\n  removeFeild "049"\nend\nrule "b"\nwhen\n  exsts "1"\nthen\nend\n' > bad.rules
ends 3 "$recto" rule check tidy.rules bad.rules serials.rules
wants 'bad.rules:5:3: E17 ' out
wants 'removeField' out
wants 'bad.rules:9:3: E16 ' out
[ "$(wc -l < out)" = 2 ] || fail "faults: $(cat out)"
ends 3 "$recto" --json rule check bad.rules
wants '{"file":"bad.rules","line":5,"column":3,"code":"E17","severity":"error","message":"' out
ends 0 "$recto" rule check tidy.rules serials.rules
[ ! -s out ] && [ ! -s err ] || fail "good files were not passed over in silence"
printf 'rule "a"\nwhen\n TRUE\nthen\n removeField "049"\nend\nrule "a"\nwhen\n TRUE\nthen\n removeField "9"\nend\n' > warned.rules
ends 0 "$recto" rule check warned.rules
wants 'warned.rules:7:' out
wants ' W02 ' out
input=bad.rules ends 3 "$recto" rule check -
wants '(standard input):5:3: E17' out
ends 3 "$recto" rule apply --rule bad.rules two.line
wants 'bad.rules:5:3: ' err
wants 'bad.rules:9:3: E16' err
[ ! -s out ] || fail "a bad rule printed something"
ends 3 "$recto" rule check --language merge tidy.rules
printf 'rule "x\nwhen' > quote.rules
ends 3 "$recto" rule check quote.rules
wants 'quote.rules:1:6: E01' out
: > empty.rules
ends 3 "$recto" rule check empty.rules
wants 'empty.rules:1:1: E10' out

# One layout for all: printed twice it is the same.
ends 0 "$recto" rule print tidy.rules
cp out printed.rules
ends 0 "$recto" rule print printed.rules
cmp out printed.rules || fail "printing changes what was printed"
ends 0 "$recto" rule apply --from line --rule printed.rules two.line
wants '245 04' out

# Wrong usage, hostile files and hostile rules end in words.
ends 2 "$recto" rule
wants 'check, print, apply' err
ends 2 "$recto" rule aply
ends 2 "$recto" rule check
ends 2 "$recto" rule apply two.line
wants 'needs --rule' err
ends 2 "$recto" rule apply --rule tidy.rules --to paper two.line
ends 2 "$recto" rule apply --rule tidy.rules --jobs 0 two.line
ends 2 "$recto" rule apply --rule tidy.rules one two
ends 2 "$recto" rule check --language french tidy.rules
ends 5 "$recto" rule check ./missing.rules
wants 'missing.rules' err
ends 5 "$recto" rule apply --rule tidy.rules ./missing.mrc
ends 5 "$recto" rule check ./.
printf 'rule "m" when merge then remove MARC."5"XX end\n' > merge.rules
ends 2 "$recto" rule apply --rule merge.rules two.line
wants 'needs two records' err
head -c 5000000 /dev/zero | tr '\0' '#' > huge.rules
ends 3 "$recto" rule check huge.rules
wants 'larger than' err
head -c 100000 /dev/urandom > noise.rules
ends 3 "$recto" rule check noise.rules
printf 'rule "\033[31mred" when (TRUE) then removeField "\033]0;x" end\n' > esc.rules
ends 3 "$recto" rule apply --rule esc.rules --from line two.line
awk 'BEGIN { printf "rule \"deep\" when "; for (i = 0; i < 100000; i++) printf "("; print "TRUE" }' > deep.rules
ends 3 "$recto" rule check deep.rules
# A rule that doubles fields without end: the record is left out, with the rule's name, and the next one is done.
awk 'BEGIN { print "rule \"doubling\" when (exists \"650\") then"; for (i = 0; i < 40; i++) print "copyField \"650\" to \"650\""; print "end" }' > double.rules
ends 1 "$recto" rule apply --rule double.rules --from line two.line
wants "record 1, byte " err
wants "doubling" err
wants 'the record was left out' err
wants 'A journal' out
# A full disk is an error.
status=0
"$recto" rule apply --rule tidy.rules --from line two.line > /dev/full 2> err || status=$?
[ $status = 5 ] || fail "a full disk ended with $status"
"$recto" rule --help > out
wants 'apply --dry-run' out
