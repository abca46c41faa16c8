#!/bin/sh
# Every walk of tests/tui/walks, at 80x24 and 120x40, in xterm-256color, vt100 and monochrome: the real program under libvterm.
# Two at once for each processor, since a walk mostly waits for clocks; WALKS="a b" names the walks that are wanted.
set -u
BUILD=${BUILD:-build}
export BUILD
# A thousand syncs a demonstration repository: in memory where there is room, since nobody pulls the plug in a walk.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && df -Pk /dev/shm | awk 'NR == 2 { exit $4 < 2000000 }'; then
    export TMPDIR=/dev/shm
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for script in tests/tui/walks/*.walk; do
    case " ${WALKS:-$(basename "$script" .walk)} " in *" $(basename "$script" .walk) "*) ;; *) continue ;; esac
    for size in 24x80 40x120; do
        for term in xterm-256color vt100 xterm-mono; do
            echo "$script $size $term"
        done
    done
done > "$out/list"
# shellcheck disable=SC2016
xargs -P "$((2 * $(getconf _NPROCESSORS_ONLN)))" -L 1 sh -c '
    log=$0/$(basename "$1").$2.$3
    "$BUILD/tests/tools/walk" "$1" "$2" "$3" "$BUILD/recto" > "$log" 2>&1 < /dev/null && exit 0
    cat "$log"
    echo "FAILED: $1 $2 $3"' "$out" < "$out/list" > "$out/failures" 2>&1
cat "$out/failures"
failed=$(grep -c '^FAILED: ' "$out/failures")
echo "$(wc -l < "$out/list") walks, $failed failed"
[ "$failed" -eq 0 ]
