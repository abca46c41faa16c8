#!/bin/sh
# Bad input: a clear sentence on standard error with what and what to do, the exit status of cli.md, and nothing lost.
set -eu
recto=${BUILD:-build}/recto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config"

# expect STATUS TEXT COMMAND...: ends with STATUS, and says TEXT on one line of standard error, without a control byte.
expect() {
    wanted=$1 text=$2
    shift 2
    status=0
    "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
    [ $status = "$wanted" ] || { echo "$*: ended with $status, not $wanted"; cat "$work/err"; exit 1; }
    grep -q -- "$text" "$work/err" || { echo "$*: does not say '$text':"; cat "$work/err"; exit 1; }
    if LC_ALL=C tr -d '\n' < "$work/err" | LC_ALL=C grep -q '[[:cntrl:]]'; then
        echo "$*: a control byte reached standard error"; exit 1
    fi
}

expect 5 'recto init' $recto search x
expect 2 "no command 'saerch'; did you mean search?" $recto saerch x
expect 2 "no command 'qqqqqqq'; recto --help" $recto qqqqqqq
expect 2 "no command 'laod'; did you mean load?" $recto help laod
expect 2 'recto load --help' $recto load --frobnicate x
# A global option behind its command: told where it goes, not called unknown.
expect 2 '--repo is for all commands and stands before the command: recto --repo ... search' $recto search --repo x.db x
expect 2 'recto --user ... load' $recto load --user=anna x.mrc
expect 2 'recto --help lists' $recto --frobnicate search x
expect 2 'not there yet' $recto publish
expect 2 'unknown option' $recto search --frobnicate x
expect 2 'never given as an option' $recto --password secret search x
$recto init --institution 01TEST --network NET > "$work/init"
grep -q 'institution 01TEST, network NET' "$work/init" || { echo "init does not name what it made: $(cat "$work/init")"; exit 1; }
expect 4 'exists, and stays as it is; name another with --repo' $recto init --institution 01TEST
expect 5 '/backup.db: cannot write the backup: No such file or directory; its folder must be there' $recto backup "$work/none/backup.db"
# Help, however it is asked for.
for way in 'help' '--help' '-h'; do
    $recto $way > "$work/help" && grep -q '^  search ' "$work/help" || { echo "recto $way shows no commands"; exit 1; }
    cmp -s "$work/help" "$work/help.before" || [ "$way" = help ] || { echo "recto $way shows something else"; exit 1; }
    cp "$work/help" "$work/help.before"
done
$recto load --help > "$work/help"
$recto help load | cmp -s "$work/help" - && $recto load -h | cmp -s "$work/help" - || { echo 'help load, load --help and load -h differ'; exit 1; }
# The folder of the configuration: --config, and RECTO_CONFIG, which nothing read before.
expect 2 'none: --config takes the folder' $recto --config "$work/none" target list
mkdir -p "$work/other/data/targets"
$recto --config "$work/other" target add ours --host z.example.org > "$work/out"
grep -q '^port  *= 210$' "$work/other/data/targets/ours.target" || { echo 'target add --config wrote elsewhere, or no port'; exit 1; }
RECTO_CONFIG="$work/other" $recto target list | grep -q '^ours' || { echo 'RECTO_CONFIG is not read'; exit 1; }
if $recto target list | grep -q '^ours'; then echo 'a target of another configuration is listed'; exit 1; fi
# Nothing was read: the reason alone, no sum of nothing.
$recto load --zone xx "$work/none.mrc" > "$work/out" 2> "$work/err" || true
[ ! -s "$work/out" ] || { echo "load with a wrong option counts: $(cat "$work/out")"; exit 1; }
expect 2 'ti' $recto search 'tit=x'
expect 2 "did you mean ti?" $recto search 'tit=x'
expect 2 "unknown index 'zz' (column 1); recto search --help lists the indexes" $recto search 'zz=x'
$recto search --help | grep -q '^  ti  *Title' || { echo 'search --help lists no indexes'; exit 1; }
expect 1 'job list' $recto job show 99
expect 2 'set keep takes NAME QUERY' $recto set keep alone
expect 5 '/none/strings.txt: cannot write: No such file or directory; its folder must be there' $recto strings export "$work/none/strings.txt"
printf 'rule "x"\n' > "$work/no.checks"
expect 3 'no.checks:1: ' $recto checks import "$work/no.checks"
expect 1 'rejects: No such file or directory; check the name' $recto load --rejects "$work/none/rejects.mrc" "$work/junk.mrc"
printf 'this belongs nowhere\n' > "$work/nowhere.txt"
expect 3 'nowhere.txt: record 1, line 1: ' $recto template import "$work/nowhere.txt"
expect 3 'nowhere.txt: line 1: ' $recto macros import "$work/nowhere.txt"
expect 3 'name the format with --from' $recto convert "$work/nowhere.txt"
expect 2 'there are ask and load' $recto save --policy foo "$work/nowhere.txt"
expect 1 'nobody: no such user; recto user add' $recto user passwd nobody
expect 2 'no MMS ID' $recto show 12x
expect 1 . $recto show 991000000000995801
expect 5 'missing.mrc' $recto load "$work/missing.mrc"
printf 'this is not a record\n' > "$work/junk.mrc"
expect 1 'junk.mrc' $recto load "$work/junk.mrc" || true

# A name with an escape sequence is opened as named and shown harmlessly.
name=$(printf '%s/x\033[31m.mrc' "$work")
expect 5 '\^\[' $recto load "$name"

# Records with ESC, C1 and NUL in them: loaded or rejected, and shown without a control byte on a terminal.
printf '=LDR  00000nam a2200000 i 4500\n=001  x1\n=008  760211s1970    nyu           000 1 eng d\n=245  00$aTitle \033[31m red \302\233 here\n\n' > "$work/hostile.mrk"
$recto load "$work/hostile.mrk" > "$work/out" 2> "$work/err" || true
script -qec "$recto search --zone all title" /dev/null < /dev/null > "$work/terminal" || true
if LC_ALL=C tr -d '\r\n\t' < "$work/terminal" | LC_ALL=C grep -q '[[:cntrl:]]'; then
    echo 'a control byte of a record reached the terminal'; cat -v "$work/terminal"; exit 1
fi

# Standard output that cannot be written is an error, not a success.
status=0
printf '=LDR  00000nam a2200000 i 4500\n=245  00$aTitle\n\n' | $recto convert --from mrk --to line > /dev/full 2> "$work/err" || status=$?
[ $status = 5 ] || { echo "convert to a full disk ended with $status"; exit 1; }

# Not a repository; a directory that cannot be written; TERM=dumb.
printf 'no database' > "$work/other.db"
expect 3 'not a Recto repository' $recto --repo "$work/other.db" search x
expect 5 'TERM=dumb' env TERM=dumb $recto
$recto check --full > "$work/check"
