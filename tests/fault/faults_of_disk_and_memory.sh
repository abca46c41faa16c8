#!/bin/sh
# The short form of tests/soak/faults.sh: each ninth event.
set -eu
FAULTS_EVERY=9 sh tests/soak/faults.sh
