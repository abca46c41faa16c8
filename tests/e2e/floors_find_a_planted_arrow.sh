#!/bin/sh
# The floor check is silent on the house as it stands, and finds an arrow that runs upstairs when one is planted.
set -eu
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r src include "$copy"
sh tests/floors.sh "$copy"
plant() { # FILE INCLUDE
    printf '#include "%s"\n' "$2" >> "$copy/$1"
    if sh tests/floors.sh "$copy" > "$copy/found"; then
        echo "the arrow from $1 to $2 was not found"
        exit 1
    fi
    grep -q "^$1:" "$copy/found"
    cp "$1" "$copy/$1"
}
plant src/marc/record.c recto/repo/repo.h
plant src/match/match.c recto/catalog/catalog.h
plant include/recto/base/text.h recto/marc/record.h
plant src/tui/surface.c ../repo/sql.h
