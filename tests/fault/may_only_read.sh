#!/bin/sh
# A user who may read the repository and not write it has a workstation that says so, shows records, and saves nothing (RL-95). A
# folder that only others may write is the same; a user who may not read it is told whose it is (RL-186).
set -eu
build=$(realpath "${BUILD:-build}")
walk=$build/tests/tools/walk
[ -x "$walk" ] || { echo 'skipped: tests/tools are not built'; exit 77; }
if [ "$(id -u)" != 0 ] || ! setpriv --reuid 65534 --regid 65534 --clear-groups true 2> /dev/null; then
    echo 'skipped: another user is needed, and only root can be one'
    exit 77
fi
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# Somebody else may not come into the folder of this build.
cp "$build/recto" "$work/recto"
printf '#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups %s/recto "$@"\n' "$work" > "$work/reader"
chmod 755 "$work/recto" "$work/reader"
wrong=0
session() { # NAME MODE OF THE FOLDER: a repository that is another's
    cat > "$work/$1.walk" << WALK
shell chmod 755 \${DIR}; mkdir \${DIR}/config; chmod 777 \${DIR}/config
shell $work/recto demo --make-only \${DIR}/demo > \${DIR}/out
shell $work/recto --repo \${DIR}/demo/library.db user add nobody --name Nobody --roles CAT
shell chmod $2 \${DIR}/demo; chmod 644 \${DIR}/demo/library.db*; rm -f \${DIR}/demo/library.db-shm \${DIR}/demo/library.db-wal
env RECTO_REPO=\${DIR}/demo/library.db
shell sha256sum < \${DIR}/demo/library.db > \${DIR}/before
run --theme mono
see "open for reading only: nothing can be saved"
keys "pedro paramo" Enter
see "Results"
keys Enter
see "View Only"
keys Esc e
keys F8 "500  " "Not to be saved" F2
see not status "version 2"
shell sleep 1.3
keys Esc
type Ctrl+Q
type y
exits 0
shell sha256sum < \${DIR}/demo/library.db | cmp - \${DIR}/before
shell $work/recto --repo \${DIR}/demo/library.db check --full > \${DIR}/out
shell chmod 600 \${DIR}/demo/library.db
shell $work/reader search pedro > \${DIR}/out 2> \${DIR}/err; test \$? = 5; grep -q 'you may not read this repository (root:root 0600)' \${DIR}/err
WALK
    "$walk" "$work/$1.walk" 24x80 xterm-256color "$work/reader" > "$work/out" 2>&1 < /dev/null || { echo "$1:"; cat "$work/out"; wrong=1; }
}
session 'a folder to read' 755
exit $wrong
