#!/bin/sh
# The short form of tests/soak/crowd.sh: the lost-update test, eight processes, two seconds.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${BUILD:-build}/tests/fault/crowd" "$work" counter 8 2
