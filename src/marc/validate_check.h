/* src/marc/validate_check.h - what the parts of the validator share. Private to validate*.c. */
#ifndef RECTO_MARC_VALIDATE_CHECK_H
#define RECTO_MARC_VALIDATE_CHECK_H

#include "recto/marc/validate.h"

#include "recto/base/arena.h"

typedef struct field_note { /* what is known of a field before the fields are walked */
    size_t index;
    size_t occurrence, total; /* of its tag: the second of three */
    size_t same_as;           /* an earlier field with the same bytes; SIZE_MAX */
} field_note;

typedef struct field_link {        /* $6 of a field: "880-01" in a 245, "245-01" in an 880 */
    char tag[MARC_TAG_LENGTH + 1]; /* of the field that is not the 880 */
    char number[3];
    bool in_880;
} field_link;

typedef struct validation {
    const marc_record *record;
    const marc_tables *tables; /* may be NULL: only what needs no tables is checked */
    marc_family family;
    arena *memory;
    field_note *notes; /* by index */
    field_link *links; /* sorted */
    size_t link_count;
    void (*visit)(void *context, const marc_finding *finding);
    void *context;
} validation;

typedef struct finding_place { /* where a finding is */
    size_t field;              /* SIZE_MAX: leader or record */
    char subfield;
    size_t offset;
    const char *suffix; /* of `where`: "/33", NULL for none; for the leader and missing fields the whole of it */
} finding_place;

enum { SHOWN_LENGTH = 96 };
/** A value as a message may show it: no control bytes, at most 40 columns. */
const char *check_shown(char out[static SHOWN_LENGTH], text value);

void check_report(const validation *check, marc_severity severity, const char *code, finding_place place, const char *message,
                  ...) __attribute__((format(printf, 5, 6)));

/** "0, 1, 3" of the codes that are not obsolete, cut where it grows long. */
const char *check_list_codes(char out[static SHOWN_LENGTH], const marc_code *codes, size_t count);

/* validate_fixed.c */
void check_leader(const validation *check);
void check_control_field(const validation *check, size_t index, const marc_field *field);

/* validate_values.c */
bool check_collect_links(validation *check); /* false: no memory */
void check_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield);
void check_link(const validation *check, size_t index, const marc_field *field);

#endif
