#!/bin/sh
# The short form of tests/soak/faults*.sh: each 89th event.
set -eu
export FAULTS_EVERY=89
tests/soak/faults.sh
tests/soak/faults_of_upkeep.sh
tests/soak/faults_of_migration.sh
