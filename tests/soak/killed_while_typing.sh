#!/bin/sh
# kill -9 in the middle of typing, again and again (issue 5): never more than the last second is lost. SOAK_KILLS kills (200).
set -eu
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
recto=$(realpath "$build/recto") typist=$(realpath "$build/tests/tools/typist")
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work" XDG_STATE_HOME="$work" LC_ALL=C.UTF-8
unset RECTO_REPO RECTO_USER RECTO_CONFIG RECTO_KEYMAP || :
"$recto" demo --make-only "$work/demo" > /dev/null
export RECTO_REPO="$work/demo/library.db"
id=$("$recto" search --zone iz "pedro paramo" | grep -o '99[0-9]*' | head -n 1)
verdict=OK
figure=$("$typist" "$recto" "$id" "${SOAK_KILLS:-200}" 7) || verdict=BROKEN
"$recto" check --full > "$work/check" || verdict=BROKEN
printf 'killed while typing\t%s\tno more than a second lost\t%s\n' "${figure:-did not end}" "$verdict"
[ $verdict = OK ]
