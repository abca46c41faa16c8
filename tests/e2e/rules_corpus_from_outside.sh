#!/bin/sh
# Every rule file of ../shared/corpus/rules through the command line: its manifest says whether it parses, where its first error
# is, and what it makes of a record. Compared as its README says: sorted by tag, stable.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
corpus=../shared/corpus/rules
[ -f $corpus/manifest.tsv ] || { echo "skipped: no $corpus beside the checkout"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" RECTO_REPO="$work/none.db" LC_ALL=C.UTF-8
tab=$(printf '\t')
failures=0 rules=0 results=0
wrong() { echo "$*"; failures=$((failures + 1)); }

by_tag() { # the leader, then by tag; fields of one tag keep their order
    sed '/^$/d' "$1" | sed 's/^LDR/000/' | sort -s -k1,1.3 | sed 's/^000 /LDR /'
}

# Empty columns must not run together: read takes tabs for blanks.
tail -n +2 $corpus/manifest.tsv | sed "s/$tab/|/g" > "$work/rows"
while IFS='|' read -r file kind valid code line column input secondary expected rest; do
    rules=$((rules + 1))
    status=0
    "$recto" rule check $corpus/"$file" > "$work/out" 2> "$work/err" || status=$?
    if [ "$valid" = no ]; then
        [ $status = 3 ] || wrong "$file: check ended with $status"
        grep -q "^$corpus/$file:$line:$column: $code " "$work/out" || { wrong "$file: not $line:$column: $code"; cat "$work/out"; }
        continue
    fi
    if [ $status != 0 ] || [ -s "$work/out" ] || [ -s "$work/err" ]; then
        wrong "$file: check ended with $status"
        cat "$work/out" "$work/err"
    fi
    # What is printed parses to the same: printed again it is the same text.
    "$recto" rule print $corpus/"$file" > "$work/printed"
    "$recto" rule print "$work/printed" | cmp -s - "$work/printed" || wrong "$file: printed, it does not parse to the same"
    [ -n "$input" ] || continue
    results=$((results + 1))
    case $expected in
        =indication=*) wanted=${expected#=indication=}
            "$recto" rule apply --rule $corpus/"$file" --from line $corpus/"$input" > "$work/out"
            [ "$(cut -f 2 "$work/out")" = "${wanted:-false}" ] || wrong "$file: $(cat "$work/out")"
            continue ;;
        =brief_level=*)
            "$recto" rule apply --rule $corpus/"$file" --from line $corpus/"$input" > "$work/out"
            [ "$(cut -f 2 "$work/out")" = "${expected#=brief_level=}" ] || wrong "$file: $(cat "$work/out")"
            continue ;;
    esac
    if [ "$kind" = merge ]; then
        "$recto" merge --rule $corpus/"$file" --from line $corpus/"$input" $corpus/"$secondary" > "$work/out"
    else
        "$recto" rule apply --rule $corpus/"$file" --from line $corpus/"$input" > "$work/out"
    fi
    by_tag "$work/out" > "$work/sorted"
    sed '/^$/d' $corpus/"$expected" | diff "$work/sorted" - > "$work/diff" || { wrong "$file: another result"; cat "$work/diff"; }
done < "$work/rows"
echo "$rules rule files, $results results, $failures failures"
[ $rules -gt 0 ] && [ $failures = 0 ]
