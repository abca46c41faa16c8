#!/bin/bash
# What a key costs: time from key to paint and bytes that cross the line, beside `vim -u NONE` on the same record as text, in one run
# (performance.md sections 4 and 7). The two take turns, BENCH_TURNS (8) of each, so that what else the machine does falls on
# both: the time is the median of the turns' p50s, beside it the number of turns in which ours was the shorter. Where it is allowed
# both run before other programs (chrt). "processor": the part of it that the program itself had, which other work hardly moves.
# A row takes a minute; BENCH_ROWS="walk within" runs those named.
# "held": keys as a held key sends them, BENCH_PACE_MS (33) apart; what is drawn once they rest stands beside it, in bytes for the whole
# turn. "apart": 150 ms apart, when every key gets its full drawing; bytes only. vim shows no ruler here and Recto does: position, help at
# the cursor and alerts are in "rest" and "apart". The list has no peer but a limit: 125 bytes a row.
set -eu
build=${BUILD:-build}
recto=$(realpath "$build/recto") latency=$(realpath "$build/tests/tools/key_latency")
turns=${BENCH_TURNS:-8} keys=${BENCH_KEYS:-40} pace=${BENCH_PACE_MS:-33} size=${BENCH_SIZE:-24x80}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
first=
chrt -r 5 true 2> "$work/out" && first='chrt -r 5'
command -v vim > /dev/null || { echo "skipped: vim is not there"; exit 0; }

# One record of 90 fields, as different from one another as those of a full record are, and some more for the list.
mkdir "$work/first"
awk 'function word() { seed = (seed * 1103 + 12345) % 65536; return words[seed % count + 1] }
function phrase(n,   text, i) { text = ""; for (i = 0; i < n; i++) text = text (i ? " " : "") word(); return text }
BEGIN {
    seed = 7; count = split("history art music letters travel theory northern early collected essays river city women labor printing maps " \
        "language natural science law trade religion village century modern papers notes index garden harbour", words, " ");
    tags = split("500 505 520 650 651 655 700 710 740 830", tag, " ");
    for (r = 1; r <= 40; r++) {
        printf "=LDR  00000nam a2200000 i 4500\n=008  260101s2026\\\\\\\\xx\\\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n";
        printf "=100  1\\$aWriter number %d, Ann.\n=245  10$aEveryday record number %d in the list /$cAnn Writer.\n", r, r;
        for (i = 0; i < 86; i++) {
            t = tag[int(i * tags / 86) + 1];
            if (t < 600) printf "=%s  \\\\$a%s.\n", t, phrase(4 + i % 5);
            else if (t < 660) printf "=%s  \\0$a%s$x%s$y19th century.\n", t, phrase(1 + i % 3), word();
            else printf "=%s  1\\$a%s, %s,$d18%02d-19%02d.\n", t, word(), phrase(1), i, i;
        }
        print "";
    }
}' > "$work/records.mrk"
export HOME="$work/first" XDG_CONFIG_HOME="$work/first/config" RECTO_REPO="$work/first/repository.db"
"$recto" init --institution 01BENCH > /dev/null
"$recto" load "$work/records.mrk" > /dev/null
"$recto" show "$("$recto" search --limit 1 everyday | grep -o '99[0-9]*' | head -n 1)" > "$work/first/text"

turn() { # OUT KEYS PACE BEFORE SCRIPT COMMAND...: in a copy of its own, for both leave locks and swap files behind when they are ended
    local out=$1 keys=$2 pace=$3 before=$4 script=$5
    shift 5
    rm -rf "$work/now"
    cp -r "$work/first" "$work/now"
    (cd "$work/now" && HOME="$work/now" XDG_CONFIG_HOME="$work/now/config" RECTO_REPO="$work/now/repository.db" \
        $first "$latency" "$size" "$before" "$script" "$keys" "$pace" "$@") >> "$out"
}
row() { # NAME RECTO-BEFORE RECTO-KEYS VIM-BEFORE VIM-KEYS
    : > "$work/a"; : > "$work/b"; : > "$work/c"; : > "$work/d"
    for ((i = 1; i <= turns; i++)); do
        turn "$work/a" "$keys" "$pace" "$2" "$3" "$recto"
        turn "$work/b" "$keys" "$pace" "$4" "$5" vim -u NONE text
    done
    turn "$work/c" 20 150 "$2" "$3" "$recto"
    turn "$work/d" 20 150 "$4" "$5" vim -u NONE text
    awk -v name="$1" -v table="${BENCH_TABLE:-/dev/null}" '
        { for (i = 1; i <= NF; i++) {
              if ($i == "p50") time[FILENAME, ++n[FILENAME]] = $(i + 1);
              if ($i == "them") own[FILENAME, n[FILENAME]] = $(i + 1);
              if ($i == "bytes") bytes[FILENAME, n[FILENAME]] = $(i - 1);
              if ($i == "rest") rest[FILENAME, n[FILENAME]] = $(i - 2);
          } }
        function middle(of, file,   i, j, t, v) {
            for (i = 1; i <= n[file]; i++) v[i] = of[file, i] + 0;
            for (i = 1; i <= n[file]; i++) for (j = i + 1; j <= n[file]; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
            return (v[int((n[file] + 1) / 2)] + v[int(n[file] / 2) + 1]) / 2
        }
        END {
            a = ARGV[1]; b = ARGV[2];
            t1 = middle(time, a); t2 = middle(time, b); b1 = middle(bytes, a); b2 = middle(bytes, b);
            for (i = 1; i <= n[a]; i++) lower += time[a, i] + 0 <= time[b, i] + 0;
            faster = t1 <= t2 && 2 * lower >= n[a]; fewer = b1 <= b2;
            if (name ~ /^list/) verdict = b1 <= 125 && middle(bytes, ARGV[3]) <= 125 ? "met" : "NOT met";
            else verdict = faster && fewer ? "met" : faster ? "time met, bytes NOT" : fewer ? "bytes met, time NOT" : "NOT met";
            printf "key: %s\t%.3f ms, %.0f bytes\t%s\t%.2f, %.2f\t%s\t%s\n", name, t1, b1, sprintf("vim %.3f ms, %.0f bytes", t2, b2),
                   (t2 > 0 ? t1 / t2 : 0), (b2 > 0 ? b1 / b2 : 0), (name ~ /^list/ ? "<= 125 bytes" : "<= 1 both"), verdict >> table;
            printf "%-24s %6.3f %6.3f %4.2fx %2d/%-2d  %6.3f %6.3f  %6.1f %6.1f %4.2fx  %5.0f %5.0f  %6.1f %6.1f  %s\n", name, t1, t2,
                   (t2 > 0 ? t1 / t2 : 0), lower, n[a], middle(own, a), middle(own, b), b1, b2, (b2 > 0 ? b1 / b2 : 0), middle(rest, a), middle(rest, b),
                   middle(bytes, ARGV[3]), middle(bytes, ARGV[4]), verdict;
        }' "$work/a" "$work/b" "$work/c" "$work/d"
}
printf '%-24s %-27s %-13s  %-20s  %-11s  %-13s\n' '' 'key to paint, p50 ms' 'processor, ms' 'bytes a key, held' 'bytes, rest' 'bytes, apart'
printf '%-24s %6s %6s %5s %5s  %6s %6s  %6s %6s %5s  %5s %5s  %6s %6s\n' key recto vim ratio lower recto vim recto vim ratio recto vim recto vim
open='everyday<enter><wait>e<wait>'
wanted() { [[ " ${BENCH_ROWS:-$1} " == *" $1 "* ]]; }
! wanted walk || row 'line down from the top' "$open" '<down>' '3j' 'j'
! wanted sight || row 'line down, up in sight' "$open" '<down><down><down><up><up><up>' '3j' 'jjjkkk'
! wanted scroll || row 'line down, scrolling' "$open<pgdn><pgdn><end><wait>" '<down>' '22jL$' 'j'
! wanted page || row 'page down, page up' "$open" '<pgdn><pgdn><pgdn><pgup><pgup><pgup>' '' '^F^F^F^B^B^B'
! wanted end || row 'letter at the end' "$open<down><down><end><wait>" 'abcdefgh' '6jA' 'abcdefgh'
! wanted within || row 'letter within a field' "$open<down><down><right><right><wait>" 'abcdefgh' '6j9li' 'abcdefgh'
! wanted back || row 'backspace at the end' "$open<down><end><wait>" '<bs>' '9jA<wait>' '<bs>'
! wanted list || row 'list row (limit 125)' 'everyday<enter><wait>' '<down><down><down><up>' '' 'jjjk'
