#!/bin/sh
# Every walk of tests/tui/walks, at 80x24 and 120x40, in xterm-256color, vt100 and monochrome: the real program under libvterm.
set -u
build=${BUILD:-build}
walk=$build/tests/tools/walk
failed=0 count=0
for script in tests/tui/walks/*.walk; do
    for size in 24x80 40x120; do
        for term in xterm-256color vt100 xterm-mono; do
            count=$((count + 1))
            "$walk" "$script" $size $term "$build/recto" || { failed=$((failed + 1)); echo "FAILED: $script $size $term"; }
        done
    done
done
echo "$count walks, $failed failed"
[ $failed -eq 0 ]
