#!/bin/sh
# The short form of tests/soak/killed_*.sh: a few kills of each kind that hit.
set -eu
BUILD=${BUILD:-build}
export BUILD
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
KILLS_LOAD=10 KILLS_LOAD_RECORDS=4000 tests/soak/killed_load.sh >> "$rows"
KILLS_SAVE=12 tests/soak/killed_saves.sh >> "$rows"
KILLS_MIGRATION=10 KILLS_MIGRATION_RECORDS=200 tests/soak/killed_migrations.sh >> "$rows"
KILLS_UPKEEP=12 tests/soak/killed_upkeep.sh >> "$rows"
cat "$rows"
[ "$(grep -c 'met$' "$rows")" = "$(wc -l < "$rows")" ]
