#!/bin/sh
# Random keys at the workstation of the demonstration, in every keymap, at two sizes: it answers after each forty, sends nothing to the
# terminal that is not its own, ends with 0 when it is told to, and leaves a sound repository. MONKEY_KEYS=20000 for a long evening;
# a failure names seed and key, and WALK_KEYS=FILE keeps what was typed.
set -u
build=${BUILD:-build}
walk=$build/tests/tools/walk
keys=${MONKEY_KEYS:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 seed=${MONKEY_SEED:-1}
for run in 'default 24x80 xterm-256color' 'default 40x120 vt100' 'vi 24x80 xterm-mono' 'emacs 40x120 xterm-256color' 'connexion 24x80 vt100'; do
    set -- $run
    cat > "$work/monkey.walk" <<WALK
shell \$RECTO demo --make-only \${DIR}/demo > \${DIR}/out
shell \$RECTO keymap default | awk '{ for (i = 1; i <= NF; i++) if (\$i ~ /^[a-z_]+\\.[a-z_]+\$/) print \$i }' | sort -u > \${DIR}/commands
env RECTO_REPO=\${DIR}/demo/library.db
env VISUAL=true
run --theme mono --keymap $1 demo \${DIR}/demo
monkey $seed $keys \${DIR}/commands
hangup
exits 0
shell \$RECTO check --full
WALK
    "$walk" "$work/monkey.walk" "$2" "$3" "$build/recto" || { failed=$((failed + 1)); echo "FAILED: seed $seed, $run"; }
    seed=$((seed + 1))
done
[ $failed -eq 0 ]
