#!/bin/bash
# SIGKILL at random moments of recto save: new records, and changes of one record. What was acknowledged is there and whole; the one in
# flight wholly or not at all (RL-61). KILLS_SAVE: hits wanted, half in each.
. tests/soak/kills.inc
each=$(( (${KILLS_SAVE:-600} + 1) / 2 ))
fresh
books 1 50 first.mrc
"$recto" load first.mrc > load.out 2>&1
nothing() { :; }

# New ones.
number=100000
next_book() { number=$((number + 1)); book $number > one.mrk; }
told=told
: > $told
measure next_book "$recto" save one.mrk
attempt() {
    local id there
    next_book
    kill_in "$recto" save one.mrk || [ "$ended" = 0 ] || lose "a save ended with $ended: $(cat killed.err)"
    id=$(grep -o '99[0-9]\{14,17\}' killed.out | head -n 1 || :)
    [ -z "$id" ] || echo "$id $number" >> $told
    there=$(count "kw=w${number}w")
    [ "${there:-0}" -le 1 ] || lose "book $number is there $there times"
    [ "$there" = 0 ] || "$recto" search "kw=w${number}w" | grep -q "Book $number of the killed load" || lose "book $number is not whole"
}
while wanted $each; do
    attempt
    sound
done
while read -r id number; do
    "$recto" show "$id" | grep -q "Book $number of the killed load" || lose "acknowledged and not there: $id"
done < $told
row 'save of a new record' $each

# Changes of one record: its version is the last that was acknowledged, or one more.
id=$("$recto" search kw=w7w | cut -f 1)
known() { "$recto" versions "$id" | wc -l; }
last=1 change=0
prepare() {
    change=$((change + 1))
    "$recto" show --format mrk "$id" | sed "s/killed load.* \//killed load, change $change \//" > mine.mrk
}
measure prepare "$recto" save mine.mrk
last=$(known)
while wanted $each; do
    prepare
    acknowledged=0
    if ! kill_in "$recto" save mine.mrk; then
        [ "$ended" = 0 ] || lose "a change ended with $ended: $(cat killed.err)"
        acknowledged=1
    fi
    grep -q "$id" killed.out && acknowledged=1
    versions=$(known)
    whole=$("$recto" show "$id" | grep -c "killed load, change $change /" || :)
    case $((versions - last)) in
        0) [ $acknowledged = 0 ] && [ "$whole" = 0 ] || lose "change $change: $acknowledged acknowledged, none stored" ;;
        1) [ "$whole" = 1 ] || lose "change $change: a version without it" ;;
        *) lose "change $change: $last versions, then $versions" ;;
    esac
    last=$versions
    sound
done
row 'save of a change' $each
exit $broken
