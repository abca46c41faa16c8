#!/bin/sh
# The short form of tests/soak/faults*.sh: each 47th event.
set -eu
export FAULTS_EVERY=47
tests/soak/faults.sh
tests/soak/faults_of_upkeep.sh
tests/soak/faults_of_migration.sh
