#!/bin/sh
# The terminal goes away: no process is left that spins, sleeps or holds the repository, and what was typed is offered again (RL-21,
# RL-22): by SIGHUP; with SIGHUP ignored, as nohup has it, so that only the reading tells; with a question open; with a target in a
# child process; with an editor of the cataloger's own in front, which hears of it too. The processor time is printed and not judged.
set -eu
build=$(realpath "${BUILD:-build}")
walk=$build/tests/tools/walk
[ -x "$walk" ] || { echo 'skipped: tests/tools are not built'; exit 77; }
# In memory where there is room, since nobody pulls the plug here.
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in plain deaf; do
    cat > "$work/$program" << PROGRAM
#!/bin/sh
status=0
trap $([ $program = deaf ] && echo "''" || echo :) HUP
$build/recto "\$@" || status=\$?
times >> "$work/times"
exit \$status
PROGRAM
done
chmod +x "$work/plain" "$work/deaf"
wrong=0
# What has the repository open, or works in its folder, after the workstation has ended.
left='shell for i in 1 2 3 4 5 6 7 8 9 10; do ls -l /proc/[0-9]*/fd 2> ${DIR}/ls.err | grep -q "${DIR}/demo" || exit 0; sleep 0.2; done; exit 1'
offered='run --theme mono
see "1 record was open when you left"
keys Enter
see "Typed when the line was cu"
keys Alt+S
see status "version 2"
type Ctrl+Q
exits 0
shell $RECTO check --full'
begin='shell $RECTO demo --make-only ${DIR}/demo > ${DIR}/out
env RECTO_REPO=${DIR}/demo/library.db'
typed='keys "pedro paramo" Enter
keys e
keys F8 "500  " "Typed when the line was cu"'
cut() { # NAME PROGRAM FIRST LAST: a session that begins and goes on like that before its line is cut
    printf '%s\n' "$begin" "$3" "$typed" "$4" hangup 'exits 0' "$left" "$offered" > "$work/$1.walk"
    "$walk" "$work/$1.walk" 24x80 xterm-256color "$work/$2" > "$work/out" 2>&1 < /dev/null || { echo "$1, $2:"; cat "$work/out"; wrong=1; }
}
for program in plain deaf; do
    cut 'typing' $program 'run --theme mono' ''
    cut 'a question' $program 'run --theme mono' 'keys Alt+Shift+R'
    cut 'a target beside it' $program 'run --theme mono demo ${DIR}/demo' ''
    tail -n 1 "$work/times"
done
printf '#!/bin/sh\necho $$ > "%s/editor.pid"\nsleep 60 &\nwait\n' "$work" > "$work/editor"
chmod +x "$work/editor"
cut 'an editor in front' plain "env EDITOR=$work/editor
run --theme mono" "type Alt+Shift+E
shell for i in \$(seq 100); do [ -s $work/editor.pid ] && exit 0; sleep 0.1; done; exit 1"
stayed() { grep '^State:' "/proc/$(cat "$work/editor.pid")/status" 2> "$work/grep.err" | grep -vq zombie; }
for i in 1 2 3 4 5 6 7 8 9 10; do stayed || break; sleep 0.2; done
[ -s "$work/editor.pid" ] || { echo 'the editor was not there'; wrong=1; }
! stayed || { echo 'the editor stayed'; wrong=1; }
exit $wrong
