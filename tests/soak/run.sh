#!/bin/sh
# make soak: each script of tests/soak runs its long form and prints lines "name<TAB>figure<TAB>goal<TAB>verdict"; here they
# become one table. A verdict of BROKEN, or a script that ends with an error, ends the soak with 1.
# SOAK=name runs one script; SOAK_RUNS changes how many kills there are in all (2000).
BUILD=${BUILD:-build}
SOAK_RUNS=${SOAK_RUNS:-2000}
export BUILD SOAK_RUNS
logs=$BUILD/soak-logs
mkdir -p "$logs"
: > "$logs/table"
bad=0
for script in tests/soak/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" != run ] || continue
    [ -z "${SOAK:-}" ] || [ "$SOAK" = "$name" ] || continue
    echo "running  $name"
    if ! "$script" > "$logs/$name.table" 2> "$logs/$name.log"; then
        bad=1
        printf '%s\tended with an error: %s\t\tBROKEN\n' "$name" "$(tail -n 1 "$logs/$name.log")" >> "$logs/$name.table"
    fi
    cat "$logs/$name.table" >> "$logs/table"
done
echo
awk -F '\t' '{ printf "%-8s %-44s %s (goal: %s)\n", $4, $1, $2, $3 }' "$logs/table"
grep -q 'BROKEN$' "$logs/table" && bad=1
exit $bad
