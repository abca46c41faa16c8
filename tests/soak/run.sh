#!/bin/sh
# make soak: each part runs its long form, the one that measures waits alone, then the others two at a time, the longest first. They
# print rows "kill<TAB>name<TAB>runs<TAB>hits<TAB>lost<TAB>unsound<TAB>verdict" or "name<TAB>figure<TAB>peer<TAB>ratio<TAB>goal<TAB>verdict",
# which become one table: also when a part fails, runs out of time, or the soak is interrupted. A verdict of BROKEN, a part that does
# not end well, or fewer kills that hit than wanted end the soak with 1.
# SOAK=name runs one part; SOAK_RUNS is how many kills must hit in all (2000); SOAK_TOGETHER how many parts run at once; SOAK_MINUTES
# (38) when what still runs is stopped.
BUILD=${BUILD:-build}
SOAK_RUNS=${SOAK_RUNS:-2000}
KILLS_LOAD=${KILLS_LOAD:-$((SOAK_RUNS * 29 / 100 + 1))}
KILLS_SAVE=${KILLS_SAVE:-$((SOAK_RUNS * 29 / 100 + 1))}
KILLS_MIGRATION=${KILLS_MIGRATION:-$((SOAK_RUNS * 22 / 100 + 1))}
KILLS_UPKEEP=${KILLS_UPKEEP:-$((SOAK_RUNS * 14 / 100 + 1))}
KILLS_GATEWAY=${KILLS_GATEWAY:-$((SOAK_RUNS * 10 / 100 + 1))}
KILLS_TYPING=${KILLS_TYPING:-$((SOAK_RUNS * 5 / 100 + 1))}
began=${SOAK_BEGAN:-$(date +%s)}
SOAK_BEGAN=$began SOAK_MINUTES=${SOAK_MINUTES:-38}
export BUILD KILLS_LOAD KILLS_SAVE KILLS_MIGRATION KILLS_UPKEEP KILLS_GATEWAY KILLS_TYPING SOAK_BEGAN SOAK_MINUTES
logs=$BUILD/soak-logs
mkdir -p "$logs"
alone=crowd
parts='killed_load killed_migrations killed_while_typing faults_of_upkeep faults_of_migration faults killed_saves gateway_killed monkey killed_upkeep'

if [ "${1:-}" = one ]; then
    started=$(date +%s) status=0
    left=$((began + SOAK_MINUTES * 60 - started))
    echo "running  $2"
    if [ $left -gt 0 ]; then
        timeout -k 20 $left "tests/soak/$2.sh" > "$logs/$2.table" 2> "$logs/$2.log" < /dev/null &
        running=$!
        echo $$ > "$logs/$2.pid"
        trap 'kill $running; wait $running; rm -f "$logs/$2.pid"; exit 143' TERM
        wait $running || status=$?
        rm -f "$logs/$2.pid"
    else
        status=124
    fi
    took=$(($(date +%s) - started))
    case $status in
        0) ;;
        124 | 137) printf '%s\tstopped after %d s: out of time\t-\t-\tends\tNOT ENDED\n' "$2" $took >> "$logs/$2.table" ;;
        *) printf '%s\tended with %d: %s\t-\t-\tends well\tBROKEN\n' "$2" $status "$(tail -n 1 "$logs/$2.log")" >> "$logs/$2.table" ;;
    esac
    echo "ended    $2 ($took s)" | tee "$logs/$2.ended"
    exit 0
fi

names=
for name in $alone $parts; do
    [ -z "${SOAK:-}" ] || [ "$SOAK" = "$name" ] || continue
    names="$names $name"
    rm -f "$logs/$name.table" "$logs/$name.ended"
done
[ -n "$names" ] || { echo "no part is called $SOAK; there are: $alone $parts"; exit 2; }

tell() {
    echo
    for name in $names; do
        [ ! -e "$logs/$name.table" ] || cat "$logs/$name.table"
        [ -e "$logs/$name.ended" ] || printf '%s\tinterrupted\t-\t-\tends\tNOT ENDED\n' "$name"
    done > "$logs/table"
    awk -F '\t' -v some="${SOAK:+1}" -v wanted="$SOAK_RUNS" '
        function row(verdict, name, figure, peer, ratio, goal) {
            cells[++lines, 1] = verdict; cells[lines, 2] = name; cells[lines, 3] = figure
            cells[lines, 4] = peer; cells[lines, 5] = ratio; cells[lines, 6] = goal
            for (i = 1; i <= 6; i++) if (length(cells[lines, i]) > width[i]) width[i] = length(cells[lines, i])
            bad = bad || verdict == "BROKEN" || verdict == "NOT ENDED"
        }
        function kills(name, runs, hits, lost, unsound, verdict) {
            row(verdict, "kill -9: " name, hits " kills that hit (of " runs "): " lost " losses, " unsound " unsound", "all that was acknowledged",
                hits > 0 ? sprintf("%.3f", (hits - lost - unsound) / hits) : "-", "1")
        }
        BEGIN { row("verdict", "what", "Recto", "peer", "ratio", "goal") }
        $1 == "kill" { kills($2, $3, $4, $5, $6, $7); rows++; for (column = 3; column <= 6; column++) sum[column] += $column; next }
        { row($6, $1, $2, $3, $4, $5) }
        END {
            if (rows > 1 || !some)
                kills("all together, at least " wanted, sum[3] + 0, sum[4] + 0, sum[5] + 0, sum[6] + 0, sum[5] + sum[6] == 0 && (some || sum[4] >= wanted) ? "met" : "BROKEN")
            for (line = 1; line <= lines; line++) {
                for (i = 1; i <= 5; i++) printf "%-" width[i] + 2 "s", cells[line, i]
                print cells[line, 6]
            }
            exit bad
        }' "$logs/table"
    bad=$?
    echo "$(($(date +%s) - began)) s in all; what went wrong is in $logs"
}
# An interrupted xargs starts nothing more; what it has started is stopped by each part's own shell.
interrupted() {
    trap '' INT TERM
    kill $running 2> "$logs/kill.err"
    for name in $names; do
        [ ! -e "$logs/$name.pid" ] || kill "$(cat "$logs/$name.pid")" 2> "$logs/kill.err"
    done
    while ls "$logs" | grep -q '[.]pid$'; do sleep 0.2; done
    tell
    exit 1
}
rm -f "$logs"/*.pid
running=
trap interrupted INT TERM
for name in $names; do
    [ "$name" != "$alone" ] || { sh "$0" one $alone & running=$!; wait $running; }
done
rest=$(printf '%s\n' $names | grep -vx "$alone")
[ -z "$rest" ] || { printf '%s\n' $rest | xargs -P "${SOAK_TOGETHER:-2}" -n 1 sh "$0" one & running=$!; wait $running; }
tell
exit $bad
