#!/bin/bash
# Random keys in the record editor: SOAK_KEYS of them (100,000) over 50 real records, then everything undone. The program must not
# fall, and the record must be byte for byte what it was: as a text by $EDITOR (an independent way out of the working copy) before
# the first key and after the last step back, and by Save, which finds no changes. With BUILD=build-asan under the sanitizers.
# MONKEY_SEED chooses other keys; WALK_KEYS=FILE keeps what was typed over the record that failed.
set -eu
build=${BUILD:-build}
recto=$(realpath "$build/recto") walk=$(realpath "$build/tests/tools/walk")
records=${SOAK_RECORDS:-50} keys=${SOAK_KEYS:-100000} seed=${MONKEY_SEED:-1}
real=$(realpath -q ../shared/data/marc || true)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
export HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/real.db" LC_ALL=C.UTF-8
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1
"$recto" init --institution 01MONKEY > /dev/null
if [ -n "$real" ]; then
    for file in "$real"/utf8/*.mrc "$real"/marc8/*.mrc; do
        "$recto" load "$file" > "$work/load.out" 2>&1 || : # what is broken in them is told and left out
    done
else
    echo "skipped: ../shared/data/marc is not there; the records are those of the demonstration" >&2
    "$recto" demo --make-only "$work/demo" > /dev/null
    export RECTO_REPO="$work/demo/library.db"
fi
# One of every so many, of at most 20 KB: on larger ones the same keys take hours.
"$recto" search --limit 100000 'yr>=1000' 2> "$work/search.err" | grep -o '^99[0-9]*' > "$work/all" || :
step=$(( $(wc -l < "$work/all") / (records * 2) )); [ "$step" -ge 1 ] || step=1
awk -v step="$step" 'NR % step == 0' "$work/all" | while read -r id; do
    [ "$("$recto" show --format marc "$id" | wc -c)" -le 20000 ] && echo "$id"
done | head -n "$records" > "$work/ids" || :
records=$(wc -l < "$work/ids")
each=$(( (keys + records - 1) / records ))
printf '#!/bin/sh\ncp "$1" "$OUT"\n' > "$work/editor" && chmod +x "$work/editor"
export EDITOR="$work/editor" OUT="$work/seen.mrk"

failed=0 done=0
while read -r id; do
    cat > "$work/monkey.walk" <<WALK
env RECTO_REPO=$RECTO_REPO
run --theme mono
keys "$id" Enter
keys e
see "$id"
keys Alt+Shift+E
shell mv $OUT $work/before.mrk
editing $seed $each
keys Alt+Shift+E
shell mv $OUT $work/after.mrk
shell cmp $work/before.mrk $work/after.mrk
keys F12
see "[Search]"
type Ctrl+Q
exits 0
WALK
    if "$walk" "$work/monkey.walk" 24x80 xterm-256color "$recto" > "$work/out" 2>&1; then
        done=$((done + each))
    else
        failed=$((failed + 1))
        { echo "seed $seed, record $id:"; cat "$work/out"; } >&2
        [ -z "${MONKEY_KEEP:-}" ] || cp "$work/before.mrk" "$work/after.mrk" "$MONKEY_KEEP" || :
        "$recto" lock break "$id" > /dev/null 2>&1 || :
    fi
    seed=$((seed + 1))
done < "$work/ids"
"$recto" check --full > "$work/check" || failed=$((failed + 1))
verdict=met
[ $failed -eq 0 ] && [ "$records" -gt 0 ] || verdict=BROKEN
printf 'monkey in the record editor\t%s keys over %s records, all undone, %s not as before\tthe records before\t%s\tbyte for byte\t%s\n' "$done" "$records" \
    "$failed" "$(awk -v failed="$failed" -v all="$records" 'BEGIN { printf "%.3f", (all > failed ? (all - failed) / all : 0) }')" $verdict
[ $verdict = met ]
