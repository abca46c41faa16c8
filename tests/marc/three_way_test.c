/* tests/marc/three_way_test.c - one record of two texts that began from the same version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/marc/formats.h"
#include "recto/marc/three_way.h"

#include <stdlib.h>
#include <string.h>

#define LEADER "LDR 00000nam\\a2200000\\i\\4500\n"
#define BASE   LEADER "001 1\n005 1\n245 10 $aSea\n264 \\1 $aTown\n500 \\\\ $aOne\n650 \\0 $aShips\n"

static marc_record *parse(const char *lines)
{
    marc_record *record = NULL;
    assert_int_equal(marc_record_parse(&record, text_from(lines), MARC_FORMAT_LINE, NULL), RECTO_OK);
    return record;
}

static size_t kinds(const three_way_line *lines, size_t count, three_way_kind kind)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += lines[i].kind == kind;
    return found;
}

typedef struct trio {
    marc_record *base, *mine, *theirs, *merged;
    three_way_line *lines;
    size_t count;
} trio;

static void make(trio *out, const char *base, const char *mine, const char *theirs)
{
    *out = (trio){ .base = parse(base), .mine = parse(mine), .theirs = parse(theirs) };
    assert_int_equal(three_way_make(&out->lines, &out->count, out->base, out->mine, out->theirs, NULL), RECTO_OK);
}

static void merge(trio *trio, const char *wanted)
{
    marc_record *expected = parse(wanted);
    marc_record_free(trio->merged);
    trio->merged = NULL;
    assert_int_equal(three_way_merge(&trio->merged, trio->lines, trio->count, trio->mine, trio->theirs, NULL), RECTO_OK);
    assert_true(marc_record_equal(trio->merged, expected));
    marc_record_free(expected);
}

static void drop(trio *trio)
{
    marc_record_free(trio->base);
    marc_record_free(trio->mine);
    marc_record_free(trio->theirs);
    marc_record_free(trio->merged);
    free(trio->lines);
}

static void changes_of_both_sides(void **unused)
{
    trio trio;
    (void)unused;
    make(&trio, BASE, LEADER "001 1\n005 1\n245 10 $aSeas\n264 \\1 $aTown\n500 \\\\ $aOne\n500 \\\\ $aMine\n650 \\0 $aShips\n",
         LEADER "001 1\n005 2\n245 10 $aSea\n264 \\1 $aCity\n500 \\\\ $aOne\n650 \\0 $aShips\n651 \\0 $aOcean\n");
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_MINE), 2);
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_THEIRS), 2);
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_CONFLICT), 0);
    merge(&trio, LEADER "001 1\n005 2\n245 10 $aSeas\n264 \\1 $aCity\n500 \\\\ $aOne\n500 \\\\ $aMine\n650 \\0 $aShips\n"
                        "651 \\0 $aOcean\n");
    drop(&trio);
}

static void a_conflict_goes_either_way(void **unused)
{
    trio trio;
    (void)unused;
    make(&trio, BASE, LEADER "001 1\n005 1\n245 10 $aSeas\n264 \\1 $aTown\n650 \\0 $aShips\n",
         LEADER "001 1\n005 2\n245 10 $aOcean\n264 \\1 $aTown\n500 \\\\ $aTwo\n650 \\0 $aShips\n");
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_CONFLICT), 2);
    merge(&trio, LEADER "001 1\n005 2\n245 10 $aSeas\n264 \\1 $aTown\n650 \\0 $aShips\n");
    for (size_t i = 0; i < trio.count; i++)
        if (trio.lines[i].kind == THREE_WAY_CONFLICT)
            trio.lines[i].take_mine = false;
    merge(&trio, LEADER "001 1\n005 2\n245 10 $aOcean\n264 \\1 $aTown\n500 \\\\ $aTwo\n650 \\0 $aShips\n");
    drop(&trio);
}

static void the_same_change_is_one(void **unused)
{
    trio trio;
    (void)unused;
    make(&trio, BASE, LEADER "001 1\n005 1\n245 10 $aSeas\n264 \\1 $aTown\n500 \\\\ $aOne\n500 \\\\ $aNew\n650 \\0 $aShips\n",
         LEADER "001 1\n005 2\n245 10 $aSeas\n264 \\1 $aTown\n500 \\\\ $aOne\n500 \\\\ $aNew\n");
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_ALIKE), 2);
    assert_int_equal(kinds(trio.lines, trio.count, THREE_WAY_THEIRS), 1);
    merge(&trio, LEADER "001 1\n005 2\n245 10 $aSeas\n264 \\1 $aTown\n500 \\\\ $aOne\n500 \\\\ $aNew\n");
    drop(&trio);
}

static void an_empty_base(void **unused)
{
    trio trio;
    (void)unused;
    make(&trio, LEADER, LEADER "245 10 $aMine\n", LEADER "500 \\\\ $aTheirs\n");
    merge(&trio, LEADER "500 \\\\ $aTheirs\n245 10 $aMine\n");
    drop(&trio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_both_sides),
        cmocka_unit_test(a_conflict_goes_either_way),
        cmocka_unit_test(the_same_change_is_one),
        cmocka_unit_test(an_empty_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
