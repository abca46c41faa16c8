#!/bin/sh
# Each numbered statement of the editor is in statements.txt with what proves it, once, and each file that is named there is there.
set -eu
list=tests/tui/statements.txt
states='met|partly|not|Alma'
wrong=0
for file in $(grep -v '^#' "$list" | grep -oE '(src|tests|data|keymaps)/[A-Za-z0-9_./]*[a-z0-9]' | sort -u); do
    [ -e "$file" ] || { echo "$list names $file, which is not there"; wrong=1; }
done
odd=$(grep -v '^#' "$list" | grep -vE "^K?[0-9]+[a-z]?	($states)	[^	]+\$" || true)
[ -z "$odd" ] || { echo "$list: a line of another form: $odd"; wrong=1; }
twice=$(grep -v '^#' "$list" | cut -f 1 | sort | uniq -d)
[ -z "$twice" ] || { echo "$list: a number twice: $twice"; wrong=1; }
spec=../shared/spec/editor.md
if [ -e "$spec" ]; then
    for number in $(grep -oE '^(- ED-[0-9]+[a-z]?|\| K[0-9]+ )' "$spec" | grep -oE 'K?[0-9]+[a-z]?'); do
        grep -q "^$number	" "$list" || { echo "$list: $number is missing"; wrong=1; }
    done
else
    echo "skipped: no $spec to compare the numbers with"
fi
exit $wrong
