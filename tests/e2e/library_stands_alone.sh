#!/bin/sh
# librecto.a without the rest of the house: the example of tests/example/ is compiled from the installed headers, linked with nothing but
# the archive and the libraries that its opening comment names, and does what it says.
set -u
build=$PWD/${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }

[ -e "$build/librecto.a" ] || fail "there is no $build/librecto.a: make all"
mkdir -p "$work/include" && cp -r include/recto "$work/include/" && cp tests/example/titles.c "$build/librecto.a" "$work/"
cd "$work" || exit 1
sanitize=
nm librecto.a 2> /dev/null | grep -q __asan_init && sanitize="-fsanitize=address,undefined"
# The line of the example's opening comment, as it stands there.
line=$(sed -n 's/^ \*   cc /cc /p' titles.c)
[ -n "$line" ] || fail "the example names no command to build it"
${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror $sanitize ${line#cc } 2> "$work/log" || fail "$line: $(cat "$work/log")"

record() { printf '=LDR  00000nam a2200000 i 4500\n=001  %s\n=008  240101s2024    xx            000 0 eng d\n=035  \\\\$a(OCoLC)ocn000000%s\n=245  10$aCaf{eacute} number %s /$cA. B.\n\n' "$1" "$1" "$1"; }
{ record 123; printf '=LDR  x\n245 lost its sign\n\n'; record 456; } > in.mrk
./titles in.mrk > out.xml 2> words || fail "the example failed: $(cat words)"
grep -q 'Café number 123' words && grep -q 'OCLC 123 from 035' words && grep -q 'OCLC 456 from 035' words || fail "what it said: $(cat words)"
grep -q 'in.mrk: record 2, line 8' words || fail "the bad record is not named: $(cat words)"
xmllint --noout out.xml || fail "it wrote no XML: $(cat out.xml)"
[ "$(grep -c 'Seen by the example' out.xml)" = 2 ] || fail "its notes are missing: $(cat out.xml)"
./titles out.xml > again.xml 2> words || fail "what it wrote is not read: $(cat words)"
[ "$(grep -c 'Seen by the example' again.xml)" = 4 ] || fail "the second round: $(cat again.xml)"
# Nothing of sockets, databases or screens came along.
ldd ./titles | grep -E 'yaz|sqlite|ncurses|sodium|pcre' && fail "it is linked with more than it needs"
exit 0
