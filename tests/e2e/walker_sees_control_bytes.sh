#!/bin/sh
# The walker's own proof: a program that lets a control byte out of data through to the terminal does not pass a walk.
set -u
walk=${BUILD:-build}/tests/tools/walk
[ -x "$walk" ] || { echo "tests/tools are not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'run\n' > "$work/run.walk"
wrong=0
sends() { # sends PASSES BYTES: a program that sends the bytes and answers the barrier
    printf '#!/bin/sh\nprintf "%s"\nprintf "\\033_recto;1\\033\\134"\nsleep 0.2\n' "$2" > "$work/program"
    chmod +x "$work/program"
    if "$walk" "$work/run.walk" 24x80 xterm "$work/program" > "$work/out"; then passed=yes; else passed=no; fi
    [ $passed = "$1" ] || { echo "$2: passed: $passed"; head -n 3 "$work/out"; wrong=1; }
    [ $passed = yes ] || grep -q 'sent to the terminal' "$work/out" || { echo "$2: failed for another reason"; head -n 3 "$work/out"; wrong=1; }
}
sends yes '\\033[1;31mplain \\303\\251\\033[0m\\033(B\\016\\017\\r\\n'
sends yes '\\033]52;c;OTkx\\007'
for bytes in '\\033]52;c;not!\\007' '\\033]0;title\\007' '\\302\\233' '\\233' '\\000' '\\007' '\\033Pq\\033\\134' '\\342\\200\\256' '\\033[31\\033[0m' '\\303x' '\\033_other\\033\\134' '\\001'; do
    sends no "$bytes"
done
exit $wrong
