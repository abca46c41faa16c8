#!/bin/sh
# Every broken file through load, convert and validate: the exit status is one of cli.md, no signal, no control byte on standard error,
# a sentence whenever it failed, and a good record behind a bad one is loaded.
set -u
recto=$PWD/${BUILD:-build}/recto
shared=$PWD/../shared/data/marc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config"
wrong=0
fault() { echo "$*"; wrong=1; }
quiet() { # quiet WHAT: nothing on standard error that a terminal would act on
    if LC_ALL=C tr -d '\n' < "$work/err" | LC_ALL=C grep -q '[[:cntrl:]]'; then fault "$1: a control byte on standard error"; fi
    if LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$work/err"; then fault "$1: a C1 character on standard error"; fi
}
try() { # try COMMAND...: runs it with a limit, and judges how it ended
    status=0
    timeout 20 "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
    [ $status -le 5 ] || fault "$*: ended with $status: $(head -c 300 "$work/err")"
    [ $status -le 1 ] || [ -s "$work/err" ] || fault "$*: ended with $status and said nothing"
    quiet "$*"
}
wants() { # wants STATUS TEXT: of the last try
    [ $status = "$1" ] || fault "ended with $status, not $1: $(cat "$work/err")"
    grep -q -- "$2" "$work/err" || fault "does not say '$2': $(cat "$work/err")"
}

$recto init --institution 01TEST > "$work/init" || exit 1

# What no shared data is needed for.
record() { printf '=LDR  00000nam a2200000 i 4500\n=001  %s\n=008  760211s1970    nyu           000 1 eng d\n=245  00$a%s\n\n' "$1" "$2"; }
record good1 'First of three' | $recto convert --from mrk --to marc > "$work/good1.mrc" || fault 'convert failed'
record good2 'Third of three' | $recto convert --from mrk --to marc > "$work/good2.mrc"
bad() { printf '00060nam a2200049 a 4500\03624500990000\036  \037aNo such place\036\035'; }
{ cat "$work/good1.mrc"; bad; cat "$work/good2.mrc"; } > "$work/middle.mrc"
try "$recto" load --zone iz "$work/middle.mrc"
for title in 'First of three' 'Third of three'; do
    [ "$("$recto" search --zone all --count "ti=\"$title\"")" = 1 ] || fault "a good record beside a bad one is missing: $title"
done
: > "$work/empty.mrc"
for command in load validate convert; do
    try "$recto" $command "$work/empty.mrc"
    try "$recto" $command "$work/does-not-exist"
    wants 5 does-not-exist
    try "$recto" $command "$work"
    [ $status -ge 2 ] || fault "$command of a directory ended with $status"
    try "$recto" $command /dev/null
    mkfifo "$work/pipe-$command"
    cat "$work/good1.mrc" > "$work/pipe-$command" &
    try "$recto" $command "$work/pipe-$command"
    [ $status -le 1 ] || fault "$command of a pipe ended with $status: $(cat "$work/err")"
    wait
done
name="$work/$(printf 'x\033]0;PWNED\007\302\233.mrc')"
cp "$work/middle.mrc" "$name"
for command in load validate convert; do try "$recto" $command "$name"; done
try "$recto" load --encoding marc8 "$work/good1.mrc"
try "$recto" load --encoding klingon "$work/good1.mrc"
wants 2 klingon
# Wrong encodings: a MARC-8 record called UTF-8 and the reverse.
printf '=LDR  00000nam a2200000 i 4500\n=001  acc\n=245  00$aGr\303\274\303\237e\n\n' | $recto convert --from mrk --to marc > "$work/utf8.mrc"
for encoding in marc8 latin1 utf8 auto; do
    try "$recto" load --encoding $encoding "$work/utf8.mrc"
    try "$recto" convert --from-encoding $encoding --to mrk "$work/utf8.mrc"
done

if [ -d "$shared/broken" ]; then
    for file in "$shared"/broken/* "$shared"/derived/broken/*; do
        try "$recto" load --restart "$file"
        try "$recto" validate "$file"
        for format in marc marcxml mrk line json; do
            try "$recto" convert --to $format "$file"
            [ $status -gt 1 ] || [ ! -s "$work/out" ] || {
                cp "$work/out" "$work/again"
                try "$recto" convert --from $format --to $format "$work/again"
                cmp -s "$work/out" "$work/again" || fault "$file: written as $format and read again it is another: $(head -c 300 "$work/err")"
            }
        done
    done
else
    echo "skipped: ../shared/data/marc is not there; own files were tried"
fi
try "$recto" check --full
[ $status = 0 ] || fault "check: $(cat "$work/err" "$work/out")"
exit $wrong
