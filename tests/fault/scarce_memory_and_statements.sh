#!/bin/sh
# Allocations, statements, writes and syncs that fail in small jobs of marc, match, rules and repo: each says so, or does all. Each
# 67th event here; SCARCE_EVERY=1: each one.
set -eu
folder=
[ ! -w /dev/shm ] || [ "$(df -Pm /dev/shm | awk 'NR == 2 { print $4 }')" -lt 100 ] || folder=/dev/shm
work=$(mktemp -d ${folder:+-p $folder})
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
"${BUILD:-build}/tests/fault/scarce" "$work" "${SCARCE_EVERY:-67}" "$@"
