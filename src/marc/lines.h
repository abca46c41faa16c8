/* src/marc/lines.h - what the two formats of lines, mrk and line, have in common: finding a record, and reporting by line. */
#ifndef RECTO_MARC_LINES_H
#define RECTO_MARC_LINES_H

#include "reader.h"

/** Takes one line, without its end, off the front of `rest`; false when nothing is left. */
bool lines_take(text *rest, text *line);
/** A handler of one line: puts its field into the record, or rejects the record. */
typedef recto_status (*line_handler)(marc_reader *reader, marc_record *record, text line, recto_error *error);
typedef struct line_format {
    bool (*is_leader)(text line); /* a record begins here, even without a blank line before */
    line_handler handle;
    bool (*goes_on)(text line); /* this line belongs to the one before; NULL: none does */
} line_format;
/** Reads the lines up to a blank one, or to a leader again, and gives each to the handler. */
recto_status lines_next(marc_reader *reader, marc_record *record, const line_format *format, recto_error *error);
/** RECTO_EDATA for control bytes other than TAB (RL-132). */
recto_status lines_check_bytes(marc_reader *reader, text line, recto_error *error);
recto_status lines_check_tag(marc_reader *reader, const char *tag, recto_error *error);
/** Sets the leader from up to 24 bytes in which a backslash is a blank; a shorter one is filled up and reported. */
void lines_set_leader(marc_reader *reader, marc_record *record, text leader);
/** Bytes of one character at the front, 1 for what is not UTF-8; 0 at the end. */
size_t lines_character(text rest);

#endif
