/* include/recto/marc/record.h - a MARC record in memory: a leader and an ordered list of fields.
 *
 * This room knows no file, screen, socket or SQL. Fields stay in the order received; nothing here sorts or cleans.
 * A field is its tag and its bytes as ISO 2709 has them: a control field is plain data; a data field is two indicators,
 * then any number of subfields, each 0x1F, a code and a value. So whatever came in can be given back to the byte.
 * Text is UTF-8 once a format reader has converted it. Positions and lengths count bytes from 0, as MARC 21 does.
 * Ownership: the record owns every field and every byte; a text that is handed out lives until that field is next
 * changed or the record is freed; a field is named by its index, which shifts as fields are inserted and removed. */
#ifndef RECTO_MARC_RECORD_H
#define RECTO_MARC_RECORD_H

#include "recto/base/error.h"
#include "recto/base/text.h"

enum {
    MARC_LEADER_LENGTH = 24,
    MARC_TAG_LENGTH = 3,
    MARC_SUBFIELD_DELIMITER = 0x1F,
    MARC_FIELD_TERMINATOR = 0x1E,
    MARC_RECORD_TERMINATOR = 0x1D
};

typedef struct marc_record marc_record;

/** What one field is. Lent by marc_record_field; do not keep it over an edit. */
typedef struct marc_field {
    char tag[MARC_TAG_LENGTH + 1]; /* terminated; usually digits, but whatever three bytes came in */
    text content;                  /* all its bytes, without the field terminator */
} marc_field;

/** One subfield of a data field. */
typedef struct marc_subfield {
    char code;     /* 0 for stray bytes before the first delimiter or a delimiter with no code */
    text value;    /* lent by the field */
    size_t offset; /* of the delimiter within the field's content */
} marc_subfield;

/** An empty record: a leader of `00000nam a2200000 i 4500` and no fields. RECTO_ENOMEM. */
recto_status marc_record_new(marc_record **out, recto_error *error);
void marc_record_free(marc_record *record); /* all of it, in one call; NULL is welcome */
/** A record of its own, with the same leader and fields; yours to free. RECTO_ENOMEM, *out left alone. */
recto_status marc_record_copy(marc_record **out, const marc_record *record, recto_error *error);
void marc_record_clear(marc_record *record); /* as new, memory kept: for readers that reuse one */

const char *marc_record_leader(const marc_record *record); /* 24 bytes and a NUL */
/** Any 24 bytes; lengths and base address in it say nothing about the record and are made anew by the ISO 2709 writer. */
void marc_record_set_leader(marc_record *record, const char leader[static MARC_LEADER_LENGTH]);

size_t marc_record_count(const marc_record *record);                          /* of fields */
const marc_field *marc_record_field(const marc_record *record, size_t index); /* index < count (asserted) */

/** Inserts a field before `index` (count appends). The content is copied and not looked into: an editor or a reader may
 *  hold unsound fields; marc_validate says what is wrong.
 *  @param tag  any three bytes; "LDR" is refused. RECTO_EINVALID, RECTO_ENOMEM, record as it was */
recto_status marc_record_insert(marc_record *record, size_t index, const char *tag, text content, recto_error *error);
/** The same behind the last field. */
recto_status marc_record_append(marc_record *record, const char *tag, text content, recto_error *error);
/** Appends a data field from indicators and `$a...$b...` line text ("$aTitle /$cAuthor."; {dollar} is a dollar sign), or a
 *  control field, whose line is its content.
 *  @param indicators  two characters; '\\' and '#' are blanks, what is missing is one. NULL for a control field
 *  @return RECTO_EDATA with the column when the line is no subfields, else as marc_record_insert */
recto_status marc_record_append_line(marc_record *record, const char *tag, const char *indicators, const char *line,
                                     recto_error *error);
/** Puts another tag and content in place of the field at `index` (asserted to be there); errors as marc_record_insert. The
 * content may lie in the field itself. */
recto_status marc_record_replace(marc_record *record, size_t index, const char *tag, text content, recto_error *error);
void marc_record_remove(marc_record *record, size_t index);         /* index < count (asserted); the fields behind move up */
void marc_record_move(marc_record *record, size_t from, size_t to); /* the field at `from` ends at index `to` */

/** Where a new field of this tag goes in tag order: behind the last field whose tag is not greater. */
size_t marc_record_place(const marc_record *record, const char *tag);
/** Index of the first field at or after `from` whose tag matches; 'X' in the pattern is any digit ("6XX"). SIZE_MAX: none. */
size_t marc_record_find(const marc_record *record, const char *pattern, size_t from);
bool marc_tag_matches(const char *tag, const char *pattern); /* as above: "6XX", "24X", "245" */
bool marc_tag_is_control(const char *tag);                   /* 00X */
/** How a person is told of a field: "245", "500[2]" of several; its number in the record, nobody sees. @return out */
enum { MARC_FIELD_NAME = 32 };
const char *marc_record_name_field(char out[static MARC_FIELD_NAME], const marc_record *record, size_t index);
bool marc_record_equal(const marc_record *a, const marc_record *b); /* leader and every field, byte for byte */

/* Reading a field. */
char marc_field_indicator(const marc_field *field, int which); /* 1 or 2; ' ' when missing */
/** Walks the subfields: start with *offset = 0, false at the end. Stray bytes come as a subfield of code 0. */
bool marc_field_next_subfield(const marc_field *field, size_t *offset, marc_subfield *out);
bool marc_field_subfield(const marc_field *field, char code, text *value); /* first of that code; false: none */
/** Appends the values of all subfields whose code is in `codes` (NULL: all), joined by one blank. */
void marc_field_join(buffer *out, const marc_field *field, const char *codes);
/** First value of a subfield over all fields that match, or an empty text: marc_record_text(r, "245", 'a'). */
text marc_record_text(const marc_record *record, const char *pattern, char code);
/** Content of the first control field of that tag, or an empty text. */
text marc_record_control(const marc_record *record, const char *tag);

/* What a result list shows; appended, trimmed of trailing ISBD punctuation, without control characters of MARC. */
void marc_record_title(buffer *out, const marc_record *record); /* 245 $a $b $n $p; 1XX of an authority record; 852 of holdings */
void marc_record_title_statement(buffer *out, const marc_record *record); /* 245 whole, as written */
void marc_record_creator(buffer *out, const marc_record *record);         /* 1XX $a [$b $c $q], else first 7XX */
void marc_record_date(buffer *out, const marc_record *record);            /* 008/07-10 when digits, else year in 264/260 $c */
void marc_record_imprint(buffer *out, const marc_record *record);         /* 264/260 $a $b $c */

#endif
