#!/bin/sh
# faults.sh of what keeps a repository quick and safe.
tests/soak/faults.sh 'tidying the index' 'index made anew' backup
