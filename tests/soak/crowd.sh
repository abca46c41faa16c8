#!/bin/sh
# Fifty processes on one repository (tests/fault/crowd.c): no save lost, and how long a save waits.
set -eu
crowd=${BUILD:-build}/tests/fault/crowd
people=${CROWD_PEOPLE:-50} seconds=${CROWD_SECONDS:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for task in counter pace full; do
    mkdir "$work/$task"
    "$crowd" "$work/$task" "$task" "$people" "$seconds"
done
