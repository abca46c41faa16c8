/* src/marc/writer.h - what the writers of the single formats offer to write.c. Each appends one record or fails; write.c
 * takes back what a failed one left behind. */
#ifndef RECTO_MARC_WRITER_H
#define RECTO_MARC_WRITER_H

#include "recto/marc/formats.h"

recto_status iso2709_write(buffer *out, const marc_record *record, recto_error *error);
recto_status marcxml_write(buffer *out, const marc_record *record, recto_error *error);
recto_status mrk_write(buffer *out, const marc_record *record, recto_error *error);
recto_status line_write(buffer *out, const marc_record *record, recto_error *error);
recto_status marcjson_write(buffer *out, const marc_record *record, recto_error *error);

/** RECTO_EDATA unless every tag is three letters or digits (a blank passes) and all text is valid UTF-8. */
recto_status writer_check_text(const marc_record *record, const char *format, recto_error *error);

#endif
