#!/bin/sh
# Every write, every sync and every allocation of the main jobs fails once, and from there on; and the power cut at each. Names of
# jobs (tests/fault/fault_jobs.c) as arguments choose others than what a cataloger does. The layer under SQLite knows what a sync has
# made durable, so the files lie in memory where there is room: no disk is waited for.
set -eu
[ $# -gt 0 ] || set -- 'ingest of ten' save draft holdings 'load in bulk'
folder=
[ ! -w /dev/shm ] || [ "$(df -Pm /dev/shm | awk 'NR == 2 { print $4 }')" -lt 500 ] || folder=/dev/shm
work=$(mktemp -d ${folder:+-p $folder})
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
"${BUILD:-build}/tests/fault/faults" "$work" "${FAULTS_EVERY:-1}" "$@"
