#!/bin/sh
# Every command of the command line, and every option that its usage names, stands in the manual, in the completion and (the
# command) in README; nothing else is completed as a command. So a new one cannot stay unknown.
set -u
recto=$PWD/${BUILD:-build}/recto
man=data/man/recto.1 completion=data/completion/recto.bash
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
fault() { echo "$*"; wrong=1; }

"$recto" --help | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p' > "$work/commands"
[ "$(wc -l < "$work/commands")" -ge 35 ] || fault "recto --help lists only $(wc -l < "$work/commands") commands"
sed -n 's/^ *local commands="\(.*\)"$/\1/p' "$completion" | tr ' ' '\n' > "$work/completed"
sed 's/\\fB//g; s/\\fR//g; s/\\-/-/g' "$man" > "$work/man"
while read -r command; do
    grep -qx "$command" "$work/completed" || fault "completion: no $command"
    grep -q "^\\\\fB$(echo "$command" | sed 's/-/\\\\-/g')[ \\]" "$man" || fault "manual: no entry for $command"
    grep -Eq "(recto|\`| )$command[\` |.,]" README.md || fault "README: no $command"
    "$recto" "$command" --help | sed -n 1p | grep -o -e '--[a-z0-9-]*' | sort -u > "$work/options"
    while read -r option; do
        grep -q -e "$option" "$work/man" || fault "manual: no $option of $command"
        grep -E "^ *([a-z0-9|-]*\|)?$command(\|[a-z0-9|-]*)?\)|^ *\"\"\)" "$completion" | grep -q -e "$option" ||
            fault "completion: no $option of $command"
    done < "$work/options"
done < "$work/commands"
while read -r command; do
    grep -qx "$command" "$work/commands" || fault "completion: $command is no command"
done < "$work/completed"
# The two that are easily taken for each other name each other.
"$recto" check --help | grep -q 'recto checks' || fault "check --help does not point at checks"
"$recto" checks --help | grep -q 'recto check' || fault "checks --help does not point at check"
exit $wrong
