#!/bin/sh
# Each promise of reliability is in promises.txt with what proves it (RL-206), once, and each file that is named there is there.
set -eu
list=tests/fault/promises.txt
wrong=0
for file in $(grep -v '^#' "$list" | grep -oE '(src|tests|data)/[A-Za-z0-9_./]*[a-z0-9]' | sort -u); do
    [ -e "$file" ] || { echo "$list names $file, which is not there"; wrong=1; }
done
[ -z "$(grep -v '^#' "$list" | awk -F '\t' 'NF != 3 || $1 !~ /^[0-9]+$/ || ($2 != "met" && $2 != "partly" && $2 != "not") || $3 == ""')" ] || { echo "$list: a line of another form"; wrong=1; }
[ -z "$(grep -v '^#' "$list" | cut -f 1 | sort | uniq -d)" ] || { echo "$list: a number twice"; wrong=1; }
spec=../shared/spec/reliability.md
if [ -e "$spec" ]; then
    for number in $(grep -oE '^(- |\| )RL-[0-9]+' "$spec" | grep -oE '[0-9]+'); do
        grep -q "^$number	" "$list" || { echo "$list: RL-$number is missing"; wrong=1; }
    done
else
    echo "skipped: no $spec to compare the numbers with"
fi
exit $wrong
