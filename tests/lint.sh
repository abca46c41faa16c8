#!/bin/sh
# Floors, banned words, formatting, clang-tidy and cppcheck; silent when all is well. LINT_FAST=1 leaves out the last two.
set -u
build=${BUILD:-build}
mkdir -p "$build"
status=0
sources=$(find src include tests -name '*.[ch]' | sort)

sh tests/floors.sh || status=1

# Functions that are not bounded or not reentrant, SQL and curses outside of their rooms.
grep -rnE '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|localtime|gmtime|system|popen)\(' src include && status=1
grep -rnE '"(SELECT|INSERT (INTO|OR)|UPDATE|DELETE FROM|CREATE|DROP|PRAGMA) ' src --include='*.c' | grep -v '^src/repo/' && status=1
grep -rlE '#include <(ncurses|curses)' src | grep -vE '^src/tui/(surface|terminal|decoder|screen)' && status=1

clang-format --dry-run -Werror $sources || status=1
[ "${LINT_FAST:-0}" = 1 ] && exit $status

flags="-std=c17 -Iinclude -Itests -D_GNU_SOURCE -DRECTO_VERSION=TEXT_OF_LINT -DTEXT_OF_LINT=__FILE__ -DTEST_BUILD=__FILE__ $(pkg-config --cflags libxml-2.0 sqlite3 ncursesw yaz cmocka vterm)"
# tests/tidy.h says what errors give; the file that makes them is read without it.
find src -name '*.c' ! -path src/base/error.c | sort | xargs -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet "$@" -- -include tests/tidy.h '"$flags"' 2> /dev/null' \
    tidy > "$build/tidy.log" || status=1
clang-tidy --quiet src/base/error.c -- $flags 2> /dev/null >> "$build/tidy.log" || status=1
grep -E 'warning:|error:' -A 3 "$build/tidy.log"
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j "$(nproc)" -Iinclude -D_GNU_SOURCE \
    --suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory src || status=1
exit $status
