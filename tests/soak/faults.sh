#!/bin/sh
# Every write, every sync and every seventh allocation of the main jobs fails once, and from there on; and the power cut at each.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${BUILD:-build}/tests/fault/faults" "$work" "${FAULTS_EVERY:-1}"
