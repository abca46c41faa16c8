#!/bin/sh
# Each numbered statement of the search is in tests/catalog/search_statements.txt with what proves it.
set -eu
. tests/support/statements.inc
list_is_whole tests/catalog/search_statements.txt ../shared/spec/search.md '[0-9]+' 'met|partly|not|Alma' '- SE-[0-9]+'
