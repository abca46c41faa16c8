#!/bin/sh
# Each numbered statement of the editor, and each line of its table of keys, is in statements.txt with what proves it.
set -eu
. tests/support/statements.inc
list_is_whole tests/tui/statements.txt ../shared/spec/editor.md 'K?[0-9]+[a-z]?' 'met|partly|not|Alma' '- ED-[0-9]+[a-z]?|\| K[0-9]+ '
