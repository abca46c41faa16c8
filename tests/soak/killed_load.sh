#!/bin/bash
# SIGKILL at random moments of recto load, in a small file (one batch: half of the kills fall on its way to the commit) and in one
# of several batches: sound without any repair; the same command goes on where it stopped, and ends with each record once (RL-61, RL-63).
# KILLS_LOAD: hits wanted, a fifth of them in the larger file.
. tests/soak/kills.inc
all=${KILLS_LOAD:-600}

# What the interrupted run and those before have loaded may only grow: nothing that was committed goes.
seen=0
look() {
    local there
    there=$(count kw=words)
    [ "${there:-0}" -ge "$seen" ] || lose "there were $seen records, now ${there:-0}"
    seen=${there:-0}
}
begin() { fresh; seen=0; }
through() { # the file is loaded to its end
    [ "$ended" = 0 ] || lose "the load ended with $ended: $(tail -n 1 killed.err)"
    look
    [ "$seen" = "$records" ] || lose "after resuming: $seen of $records"
    [ "$(count "kw=w${records}w")" = 1 ] || lose 'the last record is not there once'
}
loads() { # name records hits options...
    local name=$1 want=$3
    records=$2
    shift 3
    books 1 "$records" load.mrc
    begin
    measure begin "$recto" load "$@" load.mrc
    while wanted "$want"; do
        if kill_in "$recto" load "$@" load.mrc; then
            sound
            look
        else
            through
            begin
        fi
    done
    ended=0
    "$recto" load "$@" load.mrc > killed.out 2> killed.err || ended=$?
    through
    sound
    row "$name" "$want"
}
loads 'load' 2500 $((all - all / 5))
loads 'load of several batches' "${KILLS_LOAD_RECORDS:-30000}" $((all / 5))
exit $broken
