#!/bin/sh
# Runs the fuzzers that `make fuzz` has built, one after the other: FUZZ_SECONDS (60) each, or FUZZ_TARGET alone. What they find
# is in $BUILD/fuzz/found/TARGET-*, and is tried again with: FUZZ_TARGET=target $BUILD/tests/fuzz/fuzz FILE. With
# FUZZ_OPTIONS="-fork=1 -ignore_crashes=1" a long run goes on behind the first finding.
set -eu
BUILD=${BUILD:-build-fuzz}
shared=../shared/data/marc
here=tests/fuzz
seconds=${FUZZ_SECONDS:-60}
program=$BUILD/$here/fuzz
corpus=$BUILD/fuzz/corpus
mkdir -p "$corpus" "$BUILD/fuzz/found"

if [ -d "$shared" ] && [ ! -e "$BUILD/fuzz/made" ]; then
    find "$shared" -type f \( -name '*.mrc' -o -name '*.xml' \) ! -path '*/expected/*' -print0 | sort -z | xargs -0 "$BUILD/$here/corpus" "$corpus"
    : > "$BUILD/fuzz/made"
fi
[ -d "$shared" ] || echo "skipped: no $shared beside the checkout; only the seeds of $here/seeds are used"

status=0
for target in ${FUZZ_TARGET:-iso2709 marcxml mrk json line marc8 roundtrip rules frame index}; do
    mkdir -p "$corpus/$target"
    seeds=$here/seeds/$target
    [ "$target" != roundtrip ] || seeds=$(echo "$here"/seeds/*/ | tr ' ' ',' )
    tried=$program
    [ "$target" != frame ] || tried=$BUILD/$here/frame_fuzz
    [ "$target" != index ] || tried=$BUILD/$here/index_fuzz
    [ "$target" != rules ] || { tried=$BUILD/$here/rules_fuzz seeds=$(echo data/rules/*/ | tr ' ' ','); }
    dictionary=
    [ ! -e "$here/$target.dict" ] || dictionary=-dict=$here/$target.dict
    echo "$target: $seconds seconds"
    log=$BUILD/fuzz/$target.log
    # The corpus that grows comes first. Memory is bounded in fuzz.h; this limit is only for what ASan itself takes.
    # shellcheck disable=SC2086
    FUZZ_TARGET=$target ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 "$tried" "$corpus/$target" $(echo "$seeds" | tr ',' ' ') $dictionary \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len="${FUZZ_LENGTH:-16384}" \
        -artifact_prefix="$BUILD/fuzz/found/$target-" -print_final_stats=1 ${FUZZ_OPTIONS:-} > "$log" 2>&1 || status=1
    grep -E '^(tests/fuzz:|SUMMARY|==.*ERROR|Test unit written|stat::number_of_executed|stat::average|artifact)|^#[0-9]+.DONE' "$log" || tail -n 5 "$log"
done
exit $status
