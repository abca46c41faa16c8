#!/bin/sh
# kill -9 of the gateway during a stream of exports: tests/service/gateway_corridor_test.c with more kills.
set -eu
kills=${GATEWAY_KILLS:-200}
log=${BUILD:-build}/soak-logs/gateway_killed.out
if GATEWAY_KILLS=$kills "${BUILD:-build}/tests/service/gateway_corridor_test" > "$log" 2>&1; then verdict=met; else verdict=BROKEN; fi
printf 'gateway killed while exports come\t%s kills: %s\tall there, none half\t%s\n' "$kills" "$(grep -c '  OK ' "$log") tests passed" "$verdict"
[ "$verdict" = met ]
