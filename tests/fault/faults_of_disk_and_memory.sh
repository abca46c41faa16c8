#!/bin/sh
# The short form of tests/soak/faults.sh: each 47th event.
set -eu
FAULTS_EVERY=47 sh tests/soak/faults.sh
