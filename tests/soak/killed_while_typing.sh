#!/bin/sh
# kill -9 in the middle of typing, again and again (issue 5): never more than the last second is lost. KILLS_TYPING kills (100).
set -eu
build=${BUILD:-build}
kills=${KILLS_TYPING:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
recto=$(realpath "$build/recto") typist=$(realpath "$build/tests/tools/typist")
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work" XDG_STATE_HOME="$work" LC_ALL=C.UTF-8
unset RECTO_REPO RECTO_USER RECTO_CONFIG RECTO_KEYMAP || :
"$recto" demo --make-only "$work/demo" > /dev/null
export RECTO_REPO="$work/demo/library.db"
id=$("$recto" search --zone iz "pedro paramo" | grep -o '99[0-9]*' | head -n 1)
lost=0 unsound=0 verdict=met
figure=$("$typist" "$recto" "$id" "$kills" 7) || { lost=1 verdict=BROKEN; }
"$recto" check --full > "$work/check" || { unsound=1 verdict=BROKEN; cat "$work/check" >&2; }
printf 'kill\tediting\t%s\t%s\t%s\t%s\t%s\n' "$kills" "$kills" $lost $unsound $verdict
most=$(printf '%s\n' "${figure:-}" | sed -n 's/.*most lost \([0-9]*\) ms.*/\1/p')
printf 'typing lost by a kill\t%s\tvim: 4000 ms (updatetime as it comes)\t%s\tat most 1000 ms\t%s\n' "${figure:-did not end}" \
    "$(awk -v most="${most:-0}" 'BEGIN { printf "%.3f", most / 4000 }')" $verdict
[ $verdict = met ]
