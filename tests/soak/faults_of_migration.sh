#!/bin/sh
# faults.sh while a newer program opens a repository of each older schema.
tests/soak/faults.sh migration
