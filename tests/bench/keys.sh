#!/bin/bash
# What a key costs: time from key to paint and bytes that cross the line, beside `vim -u NONE` on the same record as text, in one run,
# paired and repeated; ratios of medians, with a verdict (performance.md section 4 and 7). The list has no peer but a limit: 125
# bytes a row. BENCH_RUNS (3) runs of each.
set -eu
build=${BUILD:-build}
recto=$(realpath "$build/recto") latency=$(realpath "$build/tests/tools/key_latency")
runs=${BENCH_RUNS:-3} keys=${BENCH_KEYS:-120}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
command -v vim > /dev/null || { echo "skipped: vim is not there"; exit 0; }
"$recto" init --institution 01BENCH > /dev/null
awk 'BEGIN {
    for (r = 1; r <= 60; r++) {
        printf "=LDR  00000nam a2200000 i 4500\n=008  260101s2026\\\\\\\\xx\\\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n";
        printf "=100  1\\$aWriter number %d, Ann.\n=245  10$aEveryday record number %d in the list /$cAnn Writer.\n", r, r;
        for (i = 1; i <= 70; i++) printf "=650  \\0$aSubject number %d$xHistory$y19th century.\n", i;
        print "";
    }
}' > "$work/records.mrk"
"$recto" load "$work/records.mrk" > /dev/null
"$recto" show "$("$recto" search --limit 1 everyday | grep -o '99[0-9]*' | head -n 1)" > "$work/text"

row() { # NAME RECTO-BEFORE RECTO-KEYS VIM-BEFORE VIM-KEYS
    : > "$work/a"; : > "$work/b"
    for ((run = 1; run <= runs; run++)); do
        user=user$((RANDOM))$run
        "$recto" user add "$user" --name "$user" --roles CAT,CATX > /dev/null
        "$latency" 24x80 "$2" "$3" "$keys" 12 "$recto" --user "$user" >> "$work/a"
        "$latency" 24x80 "$4" "$5" "$keys" 12 vim -u NONE "$work/text" >> "$work/b"
    done
    awk -v name="$1" '
        { for (i = 1; i <= NF; i++) if ($i == "p50") p[FILENAME] = p[FILENAME] " " $(i + 1); else if ($i == "bytes") b[FILENAME] = b[FILENAME] " " $(i - 1) }
        function middle(list,   v, n, i, j, t) { n = split(list, v, " "); for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (v[j] + 0 < v[i] + 0) { t = v[i]; v[i] = v[j]; v[j] = t } return v[int((n + 1) / 2)] + 0 }
        END {
            t1 = middle(p[ARGV[1]]); t2 = middle(p[ARGV[2]]); n1 = middle(b[ARGV[1]]); n2 = middle(b[ARGV[2]]);
            verdict = "";
            if (name ~ /^list/) verdict = n1 <= 125 ? "met" : "not met";
            else verdict = (t1 <= t2 && n1 <= n2) ? "met" : (t1 <= t2 ? "time met, bytes not" : (n1 <= n2 ? "bytes met, time not" : "not met"));
            printf "%-22s %6.2f ms %6.2f ms  %4.2fx  %6.0f B %6.0f B  %4.2fx  %s\n", name, t1, t2, (t2 > 0 ? t1 / t2 : 0), n1, n2, (n2 > 0 ? n1 / n2 : 0), verdict;
        }' "$work/a" "$work/b"
}
printf '%-22s %9s %9s  %5s  %8s %8s  %5s\n' key recto vim ratio recto vim ratio
open='everyday<enter><wait>e<wait>'
row 'line down'            "$open<down><down><down><down><wait>" '<down>' '3j' 'j'
row 'page down, page up'   "$open<wait>" '<pgdn><pgup>' '' '^F^B'
row 'typed letter'         "$open<end><wait>" 'abcdefgh' 'A' 'abcdefgh'
row 'list row (limit 125)' 'everyday<enter><wait>' '<down><down><down><up>' '' 'jjjk'
