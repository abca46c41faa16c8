#!/bin/sh
# Runs test programs (cmocka) and scripts, each with a time limit, and adds them up. A script counts as one test; exit 77
# means skipped, with its reason on the last line. Output of each is kept in $BUILD/test-logs.
BUILD=${BUILD:-build}
export BUILD
logs=$BUILD/test-logs
mkdir -p "$logs"
passed=0 failed=0 skipped=0 bad=
for test in "$@"; do
    case $test in
        *.sh) log=$logs/$(basename "$(dirname "$test")")-$(basename "$test").log; command="$(sed -n '1s/^#! *//p' "$test") $test" ;;
        *) log=$logs/$(basename "$(dirname "$test")")-$(basename "$test").log; command=$test ;;
    esac
    started=$(date +%s)
    timeout -k 5 "${TEST_TIMEOUT:-480}" $command > "$log" 2>&1 < /dev/null
    status=$? seconds=$(($(date +%s) - started))
    case $test in
        *.sh) ok=0 wrong=0 left=0
            case $status in
                0) ok=1 ;;
                77) left=1; echo "skipped  $test: $(tail -n 1 "$log")" ;;
                *) wrong=1 ;;
            esac ;;
        *) ok=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log" | awk '{n+=$1} END {print n+0}')
            wrong=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$log" | awk '{n+=$1} END {print n+0}')
            left=$(sed -n 's/^\[  SKIPPED \] \([0-9]*\) test.*/\1/p' "$log" | awk '{n+=$1} END {print n+0}')
            [ "$left" -gt 0 ] && grep -h '^skipped:' "$log"
            [ $status -ne 0 ] && [ "$wrong" -eq 0 ] && wrong=1 ;;
    esac
    passed=$((passed + ok)) failed=$((failed + wrong)) skipped=$((skipped + left))
    if [ "$wrong" -gt 0 ]; then
        bad="$bad $test"
        echo "FAILED   $test (exit $status, $seconds s); the end of $log:"
        tail -n 40 "$log" | sed 's/^/    /'
    else
        echo "ok       $test ($ok, $seconds s)"
    fi
done
echo
[ -z "$bad" ] || echo "failed:$bad"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
