#!/bin/sh
# Each promise of reliability is in promises.txt with what proves it (RL-206).
set -eu
. tests/support/statements.inc
list_is_whole tests/fault/promises.txt ../shared/spec/reliability.md '[0-9]+' 'met|partly|not' '(- |\| )RL-[0-9]+'
