#!/bin/sh
# make soak: each script of tests/soak runs its long form, two at a time (crowd.sh, which measures, alone), and prints rows
# "kill<TAB>name<TAB>runs<TAB>hits<TAB>lost<TAB>unsound<TAB>verdict" or "name<TAB>figure<TAB>goal<TAB>verdict"; here they become two
# tables. A verdict of BROKEN, a script that ends with an error, or fewer kills that hit than wanted end the soak with 1.
# SOAK=name runs one script; SOAK_RUNS is how many kills must hit in all (2000); SOAK_TOGETHER how many scripts run at once.
BUILD=${BUILD:-build}
SOAK_RUNS=${SOAK_RUNS:-2000}
KILLS_LOAD=${KILLS_LOAD:-$((SOAK_RUNS * 29 / 100 + 1))}
KILLS_SAVE=${KILLS_SAVE:-$((SOAK_RUNS * 29 / 100 + 1))}
KILLS_MIGRATION=${KILLS_MIGRATION:-$((SOAK_RUNS * 22 / 100 + 1))}
KILLS_UPKEEP=${KILLS_UPKEEP:-$((SOAK_RUNS * 14 / 100 + 1))}
KILLS_GATEWAY=${KILLS_GATEWAY:-$((SOAK_RUNS * 10 / 100 + 1))}
KILLS_TYPING=${KILLS_TYPING:-$((SOAK_RUNS * 5 / 100 + 1))}
export BUILD KILLS_LOAD KILLS_SAVE KILLS_MIGRATION KILLS_UPKEEP KILLS_GATEWAY KILLS_TYPING
logs=$BUILD/soak-logs
mkdir -p "$logs"
began=$(date +%s)

if [ "${1:-}" = one ]; then
    started=$(date +%s)
    echo "running  $2"
    if ! "tests/soak/$2.sh" > "$logs/$2.table" 2> "$logs/$2.log"; then
        printf '%s\tended with an error: %s\t\tBROKEN\n' "$2" "$(tail -n 1 "$logs/$2.log")" >> "$logs/$2.table"
    fi
    echo "ended    $2 ($(($(date +%s) - started)) s)"
    exit 0
fi

names=
for script in tests/soak/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" != run ] || continue
    [ -z "${SOAK:-}" ] || [ "$SOAK" = "$name" ] || continue
    names="$names $name"
    rm -f "$logs/$name.table"
done
for name in $names; do
    [ "$name" != crowd ] || sh "$0" one crowd
done
printf '%s\n' $names | grep -vx crowd | xargs -P "${SOAK_TOGETHER:-2}" -n 1 sh "$0" one
: > "$logs/table"
for name in $names; do cat "$logs/$name.table" >> "$logs/table"; done

echo
awk -F '\t' -v wanted="${SOAK:+0}" -v runs="$SOAK_RUNS" '
    $1 == "kill" {
        if (!rows++) printf "%-64s %7s %7s %7s %7s  %s\n", "killed with SIGKILL", "runs", "hits", "lost", "unsound", "verdict"
        printf "%-64s %7s %7s %7s %7s  %s\n", $2, $3, $4, $5, $6, $7
        for (i = 3; i <= 6; i++) sum[i] += $i
    }
    END {
        if (rows) {
            verdict = sum[5] + sum[6] == 0 && (wanted == "0" || sum[4] >= runs) ? "met" : "BROKEN"
            printf "%-64s %7d %7d %7d %7d  %s\n\n", "all", sum[3], sum[4], sum[5], sum[6], verdict
            exit verdict != "met"
        }
    }' "$logs/table"
bad=$?
awk -F '\t' '$1 != "kill" { printf "%-8s %-44s %s (goal: %s)\n", $4, $1, $2, $3 }' "$logs/table"
grep -q 'BROKEN$' "$logs/table" && bad=1
echo "$(($(date +%s) - began)) s in all; what went wrong is in $logs"
exit $bad
