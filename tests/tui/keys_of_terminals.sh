#!/bin/sh
# Every row of the table of keys (editor.md 17, ED-202), in each of five terminals: a pseudo-terminal sends the bytes that the terminal
# sends for the key, and the action named happens; where the terminal cannot send a key, its second one does it. Then: what the
# terminal cannot send is marked in the help (ED-200), and Ctrl+S twice does not freeze the screen.
set -u
build=${BUILD:-build}
walk=$build/tests/tools/walk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 rows=0

# Bytes for a key where terminals differ: name, TERM, bytes in hexadecimal digits.
bytes_of() {
    case "$1 $2" in
    'F3 linux') echo 1B5B5B43 ;;
    'F1 linux') echo 1B5B5B41 ;;
    'F2 linux') echo 1B5B5B42 ;;
    'F5 linux') echo 1B5B5B45 ;;
    'F1 '*) echo 1B4F50 ;;
    'F2 '*) echo 1B4F51 ;;
    'F3 '*) echo 1B4F52 ;;
    'F5 '*) echo 1B5B31357E ;;
    'Shift+Tab linux') echo 1B09 ;;
    'Shift+Tab '*) echo 1B5B5A ;;
    'AddHoldings vt100') echo 1B68 ;; # 1B 08 is Alt+Backspace where kbs is 08 (ED-194)
    'AddHoldings '*) echo 1B08 ;;
    esac
}

# row NAME: the script on standard input runs in a record of its own, once in each terminal.
row() {
    cat > "$work/body"
    for term in xterm-256color tmux-256color screen-256color linux vt100; do
        rows=$((rows + 1))
        {
            cat <<'WALK'
env RECTO_CLOCK=2025-11-22T13:52:00Z
env RECTO_REPO=${DIR}/library.db
shell $RECTO init --institution 01EXAMPLE --network NETWORK
shell $RECTO user add tove --name Tove --roles CAT,CATX,CM,CA,PIO,PIOX
shell printf '=LDR  00000nam a2200000 i 4500\n=008  760311s1955\\\\\\\\mx\\\\\\\\\\\\\\\\\\\\\\\\000\\1\\spa\\d\n=020  \\\\$a0306406153\n=050  \\4$aPQ7297\n=100  1\\$aRulfo, Juan.\n=245  10$aPedro Paramo.\n=500  \\\\$aFirst note.\n=500  \\\\$aSecond note.\n' > ${DIR}/1.mrk
shell $RECTO --user tove save --zone iz ${DIR}/1.mrk
shell sed 's/Pedro Paramo/El llano/' ${DIR}/1.mrk > ${DIR}/2.mrk; $RECTO --user tove save --zone iz --on-match new ${DIR}/2.mrk
run --theme mono --user tove
keys "pedro" Enter e
see "mine"
WALK
            sed -e "s/@F1@/$(bytes_of F1 $term)/g; s/@F2@/$(bytes_of F2 $term)/g; s/@F3@/$(bytes_of F3 $term)/g; s/@F5@/$(bytes_of F5 $term)/g" \
                -e "s/@ShiftTab@/$(bytes_of Shift+Tab $term)/g; s/@AddHoldings@/$(bytes_of AddHoldings $term)/g" "$work/body"
            echo hangup
        } > "$work/row.walk"
        "$walk" "$work/row.walk" 24x80 $term "$build/recto" > "$work/out" 2>&1 < /dev/null && continue
        failed=$((failed + 1))
        echo "FAILED: $1, TERM=$term"
        cat "$work/out"
    done
}

row 'K1 save, twice within a second' <<'WALK'
bytes 13
see status "No changes to save."
bytes 13 13
bytes @F2@
see status "No changes to save."
WALK
row 'K2 save and release; K3 release; K4 save draft' <<'WALK'
bytes 1B5B31397E
keys "501  " "x"
bytes 1B13
see status "Draft kept"
bytes 1B12
see not "mine"
keys Ctrl+G F4 Ctrl+U "pedro" Enter e
see "mine"
bytes 1B52
see not "mine"
keys Ctrl+G F4 Ctrl+U "pedro" Enter e
see "mine"
bytes 1B73
see not "mine"
WALK
row 'K5 add field, K21 undo, K22 redo' <<'WALK'
bytes 1B5B31397E
see "1 new"
bytes 1A
see not "1 new"
bytes 19
see "1 new"
bytes 1A
bytes 1B5B327E
see "1 new"
WALK
row 'K6 add subfield; K7 remove field' <<'WALK'
bytes 1B5B46 1B5B32307E
keys "b" "sub"
see "$$b sub"
bytes 1A 1A 1A 1A 1A
bytes 1B5B46 04
keys "c" "own"
see "$$c own"
bytes 1B5B31373B357E
see not "Pedro Paramo. $$c"
bytes 1A
bytes 1B64
see not "$$a Pedro Paramo"
bytes 1A
see "$$a Pedro Paramo"
bytes 1B5B333B337E
see not "$$a Pedro Paramo"
WALK
row 'K8 form, K9 close it' <<'WALK'
bytes 1B5B41 1B5B41 1B5B41 1B5B41
bytes 06
see "Up to the raw string"
bytes 1B
see not "Up to the raw string"
WALK
row 'K10 headings' <<'WALK'
bytes 1B5B41
bytes @F3@
see "Headings for the field"
WALK
row 'K11 holdings, K12 items, K13 inventory' <<'WALK'
bytes @AddHoldings@
see "New Holdings"
bytes 1B
keys d
bytes 1B69
see "Inventory of bib"
bytes 1B
bytes 1B76
see "Inventory of bib"
bytes 1B
bytes 1B68
see "New Holdings"
WALK
row 'K14 PO line; K15 view in search; K16 find matches; K17 show or hide the editor' <<'WALK'
bytes 1B16
see "View Only"
bytes 1B0D
see "mine"
bytes @F5@
see "View Only"
bytes @F5@
see "mine"
bytes 1B6D
see not "unknown key"
WALK
row 'K18 menus by number, K19 and K20 zones of results' <<'WALK'
bytes 1B5B32317E
see "1 File"
bytes 1B
bytes 1B5B32317E 32
see "Save and Release Record"
bytes 1B
keys Ctrl+G F4 Ctrl+U "rulfo" Enter
see "[Institution"
bytes 1B32
see not "[Institution"
bytes 1B31
see "[Institution"
bytes 5D
see not "[Institution"
bytes 5B
see "[Institution"
WALK
row 'K23 split, K37 next and previous record' <<'WALK'
keys Ctrl+G F4 Ctrl+U "llano" Enter e
see "El llano"
bytes 1B70
see "Pedro Paramo"
see not "El llano"
bytes 1B6E
see "El llano"
bytes 1B5B31377E
see "beside"
see "Pedro Paramo"
WALK
row 'K24 expand, K25 enhance' <<'WALK'
bytes 05
see "emplate"
bytes 1B
bytes 1B05
see not "unknown key"
WALK
row 'K26 delete, K27 duplicate, K28 reload' <<'WALK'
bytes 1B44
see "Delete bib"
bytes 1B
bytes 1B5B31397E
keys "501  " "x"
see "1 new"
bytes 1B4C
see not "1 new"
bytes 1B43
see "New"
WALK
row 'K29 shelf list' <<'WALK'
bytes 1B63
see "Shelf list"
WALK
row 'K30 author number' <<'WALK'
bytes 1B5B41 1B5B41
see status "050"
bytes 1B61
see "$$b R85 1955"
WALK
row 'K31 next alert, the one before' <<'WALK'
bytes 1B5B31387E
see "alert 1 of"
bytes 1B5B31383B327E
see "alert "
WALK
row 'K32 copy, paste, cut field' <<'WALK'
bytes 03
bytes 16
see "1 new"
bytes 18
see not "1 new"
WALK
row 'K33 arrows, both forms; K35 previous box' <<'WALK'
see status "245"
bytes 1B5B42
see status "500"
bytes 1B4F41
see status "245"
bytes 1B4F42
see status "500"
bytes 1B5B41
see status "245"
bytes @ShiftTab@
see status "ind"
WALK
row 'K34 move field, by both keys' <<'WALK'
bytes 1B5B42
see status "500"
bytes 1B5B313B3542
see "500 # # $$a First note."
capture ROW ([0-9]+ fields, [0-9]+ changed|[0-9]+ fields)
bytes 1B5B313B3541
bytes 1B5B313B3342
see status "500"
bytes 1B5B313B3341
see status "500"
WALK
row 'K38 command line, outside edit' <<'WALK'
bytes 1B
see "out of the field"
bytes 3A
see "app.palette"
WALK
row 'K39 help; what cannot be sent is marked' <<'WALK'
bytes @F1@
see "Keys: Record editor"
see "Save Record"
bytes 1B
see not "Keys: Record editor"
bytes 1B
bytes 3F
see "Keys: Record editor"
only vt100 see "-key-: not sent by this terminal"
only vt100 see "-F12-"
WALK
echo "$rows rows, $failed failed"
[ "$failed" -eq 0 ]
