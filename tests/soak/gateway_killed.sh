#!/bin/sh
# kill -9 of the gateway during a stream of exports: tests/service/gateway_corridor_test.c with more kills. KILLS_GATEWAY: how many.
# What was answered with success is there and whole, the repository is sound after each. A hit: records were still coming.
set -eu
kills=${KILLS_GATEWAY:-200}
build=${BUILD:-build}
mkdir -p "$build/soak-logs"
log=$build/soak-logs/gateway_killed.out
verdict=met
GATEWAY_KILLS=$kills "$build/tests/service/gateway_corridor_test" > "$log" 2>&1 || verdict=BROKEN
hits=$(sed -n 's/.*times killed, \([0-9]*\) of them while.*/\1/p' "$log")
printf 'kill\tgateway\t%s\t%s\t%s\t%s\t%s\n' "$kills" "${hits:-0}" "$([ $verdict = met ] && echo 0 || echo see)" "$([ $verdict = met ] && echo 0 || echo "$log")" "$verdict"
[ "$verdict" = met ]
