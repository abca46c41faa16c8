#!/bin/sh
# Authority records without a screen: loaded, searched as a type of their own, saved, versions, a changed heading and its bibs.
set -u
RECTO=$(realpath "${BUILD:-build}")/recto
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export RECTO_REPO="$dir/library.db" RECTO_CLOCK=2025-11-22T13:52:00Z TZ=UTC
failed=0
fail() {
    echo "FAILED: $1"
    failed=1
}
# expect STATUS WHAT COMMAND...: ends with that status; what it said is in $dir/said
expect() {
    wanted=$1 what=$2
    shift 2
    "$@" > "$dir/said" 2>&1
    got=$?
    [ "$got" -eq "$wanted" ] || { fail "$what: status $got, not $wanted"; sed 's/^/    /' "$dir/said"; }
}
says() {
    grep -q -- "$2" "$dir/said" || { fail "$1: not said: $2"; sed 's/^/    /' "$dir/said"; }
}

"$RECTO" init --institution 01EXAMPLE > /dev/null || exit 1
cat > "$dir/authorities.mrk" <<'END'
=LDR  00000nz  a2200000n  4500
=001  n79021164
=003  DLC
=008  790416n|\azannaabn\\\\\\\\\\|a\aaa\\\\\\
=010  \\$an  79021164
=040  \\$aDLC$beng$erda$cDLC
=100  1\$aTwain, Mark,$d1835-1910
=400  1\$aClemens, Samuel Langhorne,$d1835-1910

=LDR  00000nz  a2200000n  4500
=001  nothing
=008  790416n|\azannaabn\\\\\\\\\\|a\aaa\\\\\\
=040  \\$aDLC

END
cat > "$dir/bibs.mrk" <<'END'
=LDR  00000nam a2200000 i 4500
=008  760311s1872\\\\nyu\\\\\\\\\\\000\1\eng\d
=100  1\$aTwain, Mark,$d1835-1910,$eauthor.
=245  10$aRoughing it.

END
expect 1 "a record without a heading is rejected" "$RECTO" load --rejects "$dir/rejects" "$dir/authorities.mrk"
says "load" "the authority record has no heading (1XX)"
expect 0 "bibs" "$RECTO" load "$dir/bibs.mrk"
expect 0 "bibs once more" "$RECTO" load --restart --rejects "$dir/rejects2" "$dir/bibs.mrk"
id=981000000000015801

expect 0 "search" "$RECTO" search --type authorities sf=clemens
says "search" "^$id	Twain, Mark, 1835-1910	Personal name	naf	(DLC)n  79021164	2025-11-22 13:52:00	R1 B2$"
expect 1 "titles do not find it" "$RECTO" search --type all-titles kw=clemens
says "hint" "1 authority record matches"
expect 2 "no index of theirs" "$RECTO" search --type authorities ti=twain
says "index" "authority records have no such index"
expect 0 "facets" "$RECTO" search --type authorities --facets kw=twain
says "facets" "Personal name	1"
expect 0 "json" "$RECTO" --json search --type authorities kw=twain
says "json" '"kind":"Personal name"'

"$RECTO" show "$id" | sed 's/1835-1910$/1835-1911/' > "$dir/changed.mrk"
expect 0 "save" "$RECTO" save "$dir/changed.mrk"
says "save" "The former heading is that of 2 bibs."
expect 4 "a save over a newer version" "$RECTO" save "$dir/changed.mrk"
expect 0 "validate" "$RECTO" validate "$dir/changed.mrk"
expect 0 "diff" "$RECTO" diff "$id" 1 2
says "diff" "1835-1911"
expect 1 "no bib has the new one" "$RECTO" authority bibs "$id"
expect 0 "former" "$RECTO" authority former "$id"
says "former" "Roughing it"
expect 0 "update" "$RECTO" authority update "$id"
says "update" "2 bibs changed, 0 skipped"
expect 0 "in the bibs" "$RECTO" search --count 'au=1911'
says "count" "^2$"
expect 0 "reverted" "$RECTO" job revert 1
expect 1 "not in the bibs" "$RECTO" search --count 'au=1911'
expect 0 "restored" "$RECTO" restore "$id" 1
expect 2 "no authority record" "$RECTO" authority bibs 991000000000025801
expect 0 "sound" "$RECTO" check --full
[ "$failed" -eq 0 ] && echo "authority records: all as they should be"
exit "$failed"
