/* tests/match/records.h - records from lines of "TAG II $a..." (control fields: "TAG data"), for the tests of match/. */
#ifndef RECTO_TESTS_MATCH_RECORDS_H
#define RECTO_TESTS_MATCH_RECORDS_H

#include "recto/marc/record.h"

#include <string.h>

/** Lines are separated by newlines; a line that begins with "LDR " gives the leader. */
static inline marc_record *record_from_lines(const char *lines)
{
    marc_record *record = NULL;
    text rest = text_from(lines);

    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    while (rest.bytes != NULL && rest.length > 0) {
        char line[512] = "";
        char tag[4] = "";
        text piece = text_next_field(&rest, '\n');
        assert_true(piece.length >= 4 && piece.length < sizeof line);
        memcpy(line, piece.bytes, piece.length);
        memcpy(tag, line, 3);
        if (strcmp(tag, "LDR") == 0) {
            assert_int_equal(strlen(line), 4 + MARC_LEADER_LENGTH);
            marc_record_set_leader(record, line + 4);
        } else if (marc_tag_is_control(tag)) {
            assert_int_equal(marc_record_append(record, tag, text_from(line + 4), NULL), RECTO_OK);
        } else {
            char indicators[3] = { line[4], line[5], '\0' };
            assert_int_equal(marc_record_append_line(record, tag, indicators, line + 7, NULL), RECTO_OK);
        }
    }
    return record;
}

#endif
