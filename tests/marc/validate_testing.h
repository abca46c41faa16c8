/* tests/marc/validate_testing.h - what the tests of tables and validation begin with: the shipped tables, and records from lines.
 */
#ifndef RECTO_TESTS_MARC_VALIDATE_TESTING_H
#define RECTO_TESTS_MARC_VALIDATE_TESTING_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "recto/base/resource.h"
#include "recto/marc/validate.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

__attribute__((unused)) static marc_tables *shipped_tables(void)
{
    marc_tables *tables = NULL;
    size_t count = 0;
    const char *const *files = marc_tables_files(&count);
    assert_int_equal(marc_tables_new(&tables, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++) {
        resource file;
        assert_int_equal(resource_open_built_in(&file, files[i], NULL), RECTO_OK);
        assert_int_equal(marc_tables_add(tables, file.content, files[i], NULL), RECTO_OK);
        resource_release(&file);
    }
    return tables;
}

static void append_line(marc_record *record, text piece)
{
    char line[512] = "", tag[4] = "";
    assert_true(piece.length >= 4 && piece.length < sizeof line);
    memcpy(line, piece.bytes, piece.length);
    memcpy(tag, line, 3);
    if (strcmp(tag, "LDR") == 0) {
        assert_int_equal(strlen(line), 4 + MARC_LEADER_LENGTH);
        marc_record_set_leader(record, line + 4);
    } else if (marc_tag_is_control(tag)) {
        assert_int_equal(marc_record_append(record, tag, text_from(line + 4), NULL), RECTO_OK);
    } else {
        const char indicators[3] = { line[4], line[5], '\0' };
        assert_int_equal(marc_record_append_line(record, tag, indicators, line + 7, NULL), RECTO_OK);
    }
}

/* Lines "TAG II $a..." or "00X data"; "LDR data". */
__attribute__((unused)) static marc_record *record_of(const char *lines)
{
    marc_record *record = NULL;
    text rest = text_from(lines);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    while (rest.bytes != NULL && rest.length > 0)
        append_line(record, text_next_field(&rest, '\n'));
    return record;
}

#endif
