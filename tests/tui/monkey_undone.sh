#!/bin/sh
# The short form of tests/soak/monkey.sh: 1,500 keys over five records, all undone.
SOAK_RECORDS=5 SOAK_KEYS=1500 exec bash tests/soak/monkey.sh
