#!/bin/sh
# What recto validate finds on the real files beside MARC::Lint: one table, by kind of finding. A finding is counted once for each
# record and tag. Needs Perl with MARC::Lint and ../shared/data/marc; says what is not there. LINT_DETAILS=FILE keeps every line
# ("which kind file record tag") for looking at what only one of them finds.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
data=../shared/data/marc
[ -d $data ] || { echo "skipped: no $data beside the checkout"; exit 0; }
perl -MMARC::Lint -MMARC::Batch -e 1 2> /dev/null || { echo "skipped: no Perl with MARC::Lint (libmarc-lint-perl)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8

cat > "$work/lint.pl" <<'PERL'
use strict; use warnings; use MARC::Batch; use MARC::Lint;
my @kinds = (
    [ qr/Only one 1XX/, 'main-entry-repeated' ], [ qr/No 245/, 'field-missing' ], [ qr/Field is not repeatable/, 'field-repeated' ],
    [ qr/No subfield 6/, 'link-missing' ], [ qr/Indicator \d must be/, 'indicator' ],
    [ qr/Subfield _. is not allowed/, 'subfield-undefined' ], [ qr/Subfield _. is not repeatable/, 'subfield-repeated' ],
    [ qr/invalid control character/, 'control-character' ], [ qr/Subfields are not allowed/, 'control-field-subfields' ],
    [ qr/^020.*checksum/, 'isbn-check-digit' ], [ qr/^020.*(wrong number|invalid characters)/, 'isbn-form' ],
    [ qr/^020.*qualifier/, 'isbn-qualifier' ], [ qr/^020.*numerically valid/, 'isbn-canceled-valid' ],
    [ qr/^022/, 'issn' ], [ qr/evenly divisible|exactly 7/, 'code-length' ], [ qr/may be obsolete/, 'code-obsolete' ],
    [ qr/^04[13].*is not valid/, 'code-undefined' ], [ qr/Must have a subfield _a/, 'subfield-missing' ],
    [ qr/requires period/, 'period-behind-question-mark' ],
    [ qr/First subfield|too few subfields/, 'subfield-order' ],
    [ qr/may be an article|not appear to be an article|Non-filing/, 'nonfiling' ],
    [ qr/^245/, 'punctuation' ],
);
my $lint = MARC::Lint->new;
binmode STDOUT, ':utf8';
for my $file (@ARGV) {
    my $batch = MARC::Batch->new('USMARC', $file);
    $batch->strict_off; $batch->warnings_off;
    my $number = 0;
    while (1) {
        my $record = eval { $batch->next };
        if ($@) { $number++; next }
        last unless $record;
        $number++;

        local $SIG{__WARN__} = sub { };
        eval { $lint->check_record($record) };
        my %seen;
        for my $warning ($lint->warnings) {
            my ($tag) = $warning =~ /^(\w{3}):/;
            $tag = 'rec' unless defined $tag;
            $tag = '245' if $warning =~ /No 245/;
            my ($kind) = map { $_->[1] } grep { $warning =~ $_->[0] } @kinds;
            $kind = 'other' unless defined $kind;
            $tag = '1XX' if $kind eq 'main-entry-repeated';
            my $line = "$kind $file $number $tag";
            print "$line\n" unless $seen{$line}++;
        }
    }
}
PERL

files=$(ls $data/utf8/*.mrc $data/marc8/*.mrc)
perl "$work/lint.pl" $files 2> /dev/null | sort -u > "$work/lint"
for file in $files; do
    "$recto" --json validate "$file" 2> /dev/null | sed "s|^{|{\"file\":\"$file\",|" || true
done | python3 -c '
import json, sys
same = {"indicator-invalid": "indicator", "indicator-obsolete": "indicator", "subfield-obsolete": "subfield-undefined",
        "issn-form": "issn", "issn-check-digit": "issn", "nonfiling-article": "nonfiling", "nonfiling-count": "nonfiling",
        "nonfiling-no-article": "nonfiling", "terminator-inside": "control-field-subfields"}
for line in sys.stdin:
    found = json.loads(line)
    tag = found["where"][:3]
    kind = same.get(found["code"], found["code"])
    if kind == "main-entry-repeated":
        tag = "1XX"
    print(kind, found["file"], found["record"], tag)
' | sort -u > "$work/recto"

# In an 880 MARC::Lint names the field that the 880 belongs to: found by both when Recto names the 880 of that record.
awk -v details="${LINT_DETAILS:-/dev/null}" '
    FNR == NR { ours[$0] = 1; next }
    { linked = $1 " " $2 " " $3 " 880"
      if ($0 in ours) { both[$1]++; hit[$0] = 1 }
      else if (linked in ours) { both[$1]++; hit[linked] = 1 }
      else { lint[$1]++; print "lint", $0 > details }
      kinds[$1] = 1 }
    END {
      for (line in ours) if (!(line in hit)) { split(line, part, " "); recto[part[1]]++; kinds[part[1]] = 1; print "recto", line > details }
      printf "%-30s %8s %15s %11s\n", "kind (record and tag)", "both", "only MARC::Lint", "only Recto"
      for (kind in kinds) printf "%-30s %8d %15d %11d\n", kind, both[kind], lint[kind], recto[kind] | "sort"
    }' "$work/recto" "$work/lint"
cat <<'WORDS'
What only MARC::Lint has, looked at one by one: two 1XX of the same tag are field-repeated here; an indicator, subfield or order that
cannot be read is subfield-malformed here, 245 without $a is subfield-missing, and $8 may stand first; a nonfiling indicator that is
blank is an indicator that is wrong here, and told once.
WORDS
