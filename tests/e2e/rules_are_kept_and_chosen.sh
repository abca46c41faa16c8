#!/bin/sh
# A zone's rules: kept with versions, guarded, listed beside the shipped ones, chosen for a use, and then at work in every save.
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
# Without a repository the shipped rules are there.
ends 0 "$recto" rule list --language merge
wants "merge${tab}overlay-but-local${tab}shipped" out
lacks 'norm' out
ends 0 "$recto" rule show carli
wants 'set brief_level."10"' out
ends 5 "$recto" rule save x /dev/null/x
"$recto" init --institution 01TEST --network NET > out

printf '# first\nrule "r" when exists "049" then removeField "049" end\n' > drop.rules
ends 0 "$recto" rule save drop drop.rules --note 'the first'
wants "norm${tab}drop${tab}1${tab}" out
printf '# second\nrule "r" when (TRUE) then removeField "049" removeField "949" end\n' > second.rules
ends 4 "$recto" rule save drop second.rules --if-version 0
wants 'version 1' err
ends 0 "$recto" --json rule save drop second.rules --if-version 1 --note 'the second'
wants '"language":"norm","name":"drop","shipped":false,"version":2,' out
ends 0 "$recto" rule versions drop
[ "$(cut -f 3 out | tr '\n' ' ')" = '2 1 ' ] || fail "versions: $(cat out)"
wants 'the first' out
ends 0 "$recto" rule show drop
wants '# second' out
ends 0 "$recto" rule show drop --version 1
wants '# first' out
ends 1 "$recto" rule show drop --version 3
ends 1 "$recto" rule show dorp
wants 'did you mean drop' err
ends 0 "$recto" rule print drop
wants 'removeField "949"' out
# Bad texts and bad names are not kept.
printf 'rule "r" when exists "049" then removeFeild "049" end\n' > bad.rules
ends 3 "$recto" rule save drop bad.rules
wants 'bad.rules:1:' err
ends 2 "$recto" rule save a/b drop.rules
ends 2 "$recto" rule save 'a,b' drop.rules
ends 2 "$recto" rule save ../../x drop.rules
ends 2 "$recto" rule save drop
ends 3 "$recto" rule save --language merge drop drop.rules
ends 0 "$recto" rule versions drop
[ "$(wc -l < out)" = 2 ] || fail "something was kept"
# One's own hides the shipped one of the same name, until it is deleted.
printf 'rule "all ten" when (TRUE) then set brief_level."10" end\n' > ten.rules
ends 0 "$recto" rule save carli ten.rules
ends 0 "$recto" rule list --language brief
[ "$(grep -c "${tab}carli${tab}" out)" = 1 ] || fail "carli twice: $(cat out)"
wants "brief${tab}carli${tab}1${tab}" out
printf 'LDR 00000nam\\a2200000u\\\\4500\n008 250101s2024\\\\\\\\nyua\\\\\\\\\\b\\\\\\\\001\\0\\eng\\d\n049 \\\\ $aX\n245 10 $aOne.\n949 \\\\ $aY\n\n' > one.line
ends 0 "$recto" rule apply --rule carli one.line
[ "$(cat out)" = "1${tab}10" ] || fail "the zone's own rule was not taken"
ends 0 "$recto" rule delete carli
ends 1 "$recto" rule delete carli
ends 0 "$recto" rule apply --rule carli one.line
[ "$(cat out)" = "1${tab}01" ] || fail "the shipped rule was not taken"
# Zones are apart.
ends 0 "$recto" rule list --zone nz
lacks 'drop' out
ends 2 "$recto" rule list --zone xz

# Chosen, a rule is at work in the next save.
save() { "$recto" --json save --format line --on-match new "$1" > out 2> err; }
number() { sed -n 's/.*"mms_id":"\([0-9]*\)".*/\1/p' out; }
save one.line
"$recto" show --format line "$(number)" > shown
wants '049' shown
ends 0 "$recto" rule use normalize-incoming drop
save one.line
"$recto" show --format line "$(number)" > shown
lacks '049' shown
lacks '949' shown
ends 0 "$recto" rule use normalize-incoming
wants "drop${tab}" out
ends 0 "$recto" --json rule use normalize-incoming
wants '{"use":"normalize-incoming","label":"' out
wants '"chosen":"drop"' out
ends 0 "$recto" rule use normalize-incoming drop,copy-019-to-035
ends 1 "$recto" rule use normalize-incoming drop,nothing
# What is in use cannot be deleted: every save would fail. One that hides a shipped rule can.
ends 4 "$recto" rule delete drop
wants 'the rule is in use: Normalization of incoming records' err
ends 0 "$recto" rule save carli ten.rules
ends 0 "$recto" rule use brief-level carli
ends 0 "$recto" rule delete carli
ends 2 "$recto" rule use brief-level carli,harvard
ends 0 "$recto" rule use normalize-incoming ''
save one.line
"$recto" show --format line "$(number)" > shown
wants '049' shown
# A rule that rejects.
printf 'rule "no mills" when exists "245.a.*Mills*" then set indication."true" end\n' > reject.rules
ends 0 "$recto" rule save no-mills reject.rules
ends 0 "$recto" rule use reject no-mills
sed 's/One\./Mills./' one.line > mills.line
ends 4 "$recto" save --format line --on-match new mills.line
wants 'no-mills' out
ends 0 "$recto" save --format line --on-match new one.line

# Who may: a cataloger applies and tries, but does not write or choose shared rules.
"$recto" user add cat1 --name 'Cat One' --roles CAT > out
ends 4 "$recto" --user cat1 rule save drop drop.rules
wants 'needs role' err
ends 4 "$recto" --user cat1 rule use reject ''
ends 0 "$recto" --user cat1 rule apply --rule drop one.line
ends 0 "$recto" --user cat1 rule list
