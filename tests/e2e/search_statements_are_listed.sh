#!/bin/sh
# Each numbered statement of the search is in tests/catalog/search_statements.txt with what proves it, once, and each file that is
# named there is there.
set -eu
list=tests/catalog/search_statements.txt
wrong=0
for file in $(grep -v '^#' "$list" | grep -oE '(src|tests|data|keymaps)/[A-Za-z0-9_./]*[a-z0-9]' | sort -u); do
    [ -e "$file" ] || { echo "$list names $file, which is not there"; wrong=1; }
done
odd=$(grep -v '^#' "$list" | grep -vE "^[0-9]+	(met|partly|not|Alma)	[^	]+\$" || true)
[ -z "$odd" ] || { echo "$list: a line of another form: $odd"; wrong=1; }
twice=$(grep -v '^#' "$list" | cut -f 1 | sort | uniq -d)
[ -z "$twice" ] || { echo "$list: a number twice: $twice"; wrong=1; }
spec=../shared/spec/search.md
if [ -e "$spec" ]; then
    for number in $(grep -oE '^- SE-[0-9]+' "$spec" | grep -oE '[0-9]+'); do
        grep -q "^$number	" "$list" || { echo "$list: SE-$number is missing"; wrong=1; }
    done
else
    echo "skipped: no $spec to compare the numbers with"
fi
exit $wrong
