#!/bin/sh
# Checks the floor plan from the #include lines: a room may include only the doors of rooms on lower floors, and only its
# own private headers. Prints each arrow that runs upstairs, sideways or through a wall, and fails if there is one.
# Usage: floors.sh [ROOT]
cd "${1:-.}" || exit 2
find src include -name '*.[ch]' | sort | xargs awk '
function floor_of(room) { return room in floors ? floors[room] : -1 }
BEGIN {
    split("base 0 marc 1 index 1 match 2 rules 3 repo 4 z3950 4 catalog 5 service 6 tui 7 cli 8 main 9", plan, " ")
    for (i = 1; i in plan; i += 2) floors[plan[i]] = plan[i + 1]
    # What a floor number does not say: the columns "may touch" of the plan of the house.
    split("repo:rules repo:match repo:z3950 z3950:repo z3950:rules z3950:match tui:service", never, " ")
    for (i in never) forbidden[never[i]] = 1
}
FNR == 1 {
    split(FILENAME, parts, "/")
    room = parts[1] == "src" ? (FILENAME ~ /^src\/(main|late)\.c$/ ? "main" : parts[2]) : parts[3]
    public = parts[1] == "include"
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    name = $0; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
    if (name ~ /^recto\//) {
        split(name, door, "/")
        to = door[2]
        if (floor_of(to) < 0) complain("unknown room " to)
        else if (to != room && floor_of(to) >= floor_of(room)) complain(room " may not include " to ", which is not on a lower floor")
        else if ((room ":" to) in forbidden) complain(room " may not include " to)
    } else if (public) complain("a door may include doors only, by their full name")
    else if (name ~ /\//) complain("private headers lie beside their sources")
}
function complain(what) { printf "%s:%d: %s (%s)\n", FILENAME, FNR, what, name; bad = 1 }
END { exit bad }'
