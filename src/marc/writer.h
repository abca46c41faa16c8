/* src/marc/writer.h - what the writers of the single formats offer to write.c. Each appends one record or fails; write.c
 * takes back what a failed one left behind. */
#ifndef RECTO_MARC_WRITER_H
#define RECTO_MARC_WRITER_H

#include "recto/marc/formats.h"

/** @param long_records  numbers that do not fit are written as nines; otherwise RECTO_ELIMIT */
recto_status iso2709_write(buffer *out, const marc_record *record, bool long_records, recto_error *error);
recto_status marcxml_write(buffer *out, const marc_record *record, recto_error *error);
recto_status mrk_write(buffer *out, const marc_record *record, recto_error *error);
recto_status line_write(buffer *out, const marc_record *record, recto_error *error);
recto_status marcjson_write(buffer *out, const marc_record *record, recto_error *error);

/** RECTO_EDATA unless every tag is three letters or digits (a blank passes) and all text is valid UTF-8. */
recto_status writer_check_text(const marc_record *record, const char *format, recto_error *error);
recto_status writer_check_fields(const marc_record *record, const char *format, recto_error *error); /* without the leader */

/** The two indicators of a data field, each one character, a blank where it is missing. @return the bytes they take. */
size_t writer_indicators(text content, text indicators[static 2]);
/** Walks what comes behind the indicators. The code is one character, or empty for text before the first delimiter (then the
 *  value is not) and for a delimiter without a code (then it is). */
bool writer_next_subfield(text content, size_t *at, text *code, text *value);

#endif
