/* src/marc/validate_check.h - what the parts of the validator share. Private to validate*.c.
 *
 * A check calls check_report with its kind of finding, the place, and the texts for the sentence. Whatever is shown goes
 * through one filter there, and costs nothing where the profile ignores the finding. */
#ifndef RECTO_MARC_VALIDATE_CHECK_H
#define RECTO_MARC_VALIDATE_CHECK_H

#include "recto/marc/validate.h"

#include "recto/base/arena.h"

/* rows of the table in validate_findings.c */
typedef enum finding_kind {
    FINDING_LEADER_MISSING,
    FINDING_LEADER_VALUE,
    FINDING_RECORD_TOO_LONG,
    FINDING_TAG_MALFORMED,
    FINDING_FIELD_MISSING,
    FINDING_FIELD_EMPTY,
    FINDING_FIELD_REPEATED,
    FINDING_FIELD_DUPLICATE,
    FINDING_FIELD_UNDEFINED,
    FINDING_FIELD_OBSOLETE,
    FINDING_FIELD_TOO_LONG,
    FINDING_MAIN_ENTRY_REPEATED,
    FINDING_INDICATOR_INVALID,
    FINDING_INDICATOR_OBSOLETE,
    FINDING_SUBFIELD_MALFORMED,
    FINDING_SUBFIELD_EMPTY,
    FINDING_SUBFIELD_MISSING,
    FINDING_SUBFIELD_REPEATED,
    FINDING_SUBFIELD_UNDEFINED,
    FINDING_SUBFIELD_OBSOLETE,
    FINDING_SUBFIELD_ORDER,
    FINDING_SOURCE_MISSING,
    FINDING_SOURCE_UNASKED,
    FINDING_NOT_UTF8,
    FINDING_CONTROL_CHARACTER,
    FINDING_TERMINATOR_INSIDE,
    FINDING_REPLACEMENT_CHARACTER,
    FINDING_FIXED_LENGTH,
    FINDING_FIXED_BLANK,
    FINDING_FIXED_CODE,
    FINDING_FIXED_CODE_OBSOLETE,
    FINDING_FIXED_DATE,
    FINDING_FIXED_FORM,
    FINDING_DATE_COMBINATION,
    FINDING_DATE_DIFFERS,
    FINDING_ISBN_CHECK_DIGIT,
    FINDING_ISBN_FORM,
    FINDING_ISBN_QUALIFIER,
    FINDING_ISBN_CANCELED_VALID,
    FINDING_ISSN_CHECK_DIGIT,
    FINDING_ISSN_FORM,
    FINDING_NUMBER_CHECK_DIGIT,
    FINDING_NUMBER_FORM,
    FINDING_LCCN_FORM,
    FINDING_LCCN_PADDING,
    FINDING_SYSTEM_NUMBER_FORM,
    FINDING_OCLC_FORM,
    FINDING_CODE_UNDEFINED,
    FINDING_CODE_OBSOLETE,
    FINDING_CODE_LENGTH,
    FINDING_LANGUAGE_DIFFERS,
    FINDING_TRANSLATION_DIFFERS,
    FINDING_TITLE_ENTRY,
    FINDING_NONFILING_ARTICLE,
    FINDING_NONFILING_COUNT,
    FINDING_NONFILING_NO_ARTICLE,
    FINDING_PUNCTUATION,
    FINDING_SERIES_UNTRACED,
    FINDING_HOST_MISSING,
    FINDING_TERM_DIFFERS,
    FINDING_CONTENT_TYPE_DIFFERS,
    FINDING_CARRIER_MEDIA_DIFFERS,
    FINDING_CATEGORY_MEDIA_DIFFERS,
    FINDING_EXTENT_CARRIER_DIFFERS,
    FINDING_FORM_CARRIER_DIFFERS,
    FINDING_LINK_MISSING,
    FINDING_LINK_MALFORMED,
    FINDING_LINK_BROKEN,
    FINDING_LINK_AMBIGUOUS,
    FINDING_LINK_NUMBER_REUSED,
    FINDING_LINK_SCRIPT,
    FINDING_KIND_COUNT
} finding_kind;

typedef struct field_note { /* what is known of a field before the fields are walked */
    uint32_t occurrence;    /* of its tag: the second of three */
    uint32_t total;
    uint32_t next;    /* index + 1 of the next field of this tag; 0: none */
    uint32_t same_as; /* index + 1 of an earlier field with the same bytes; 0: none */
} field_note;

typedef struct field_link {        /* $6 of a field: "880-01" in a 245, "245-01" in an 880 */
    char tag[MARC_TAG_LENGTH + 1]; /* of the field that is not the 880 */
    char number[3];
    bool in_880;
} field_link;

enum { NUMERIC_TAGS = 1000 };

typedef struct validation {
    const marc_record *record;
    const marc_tables *tables; /* may be NULL: only what needs no tables is checked */
    const marc_validation_profile *profile;
    marc_severity least;
    marc_family family;
    arena *memory;
    bool *starved;                /* for want of memory not all was looked at; whoever checks may say so */
    size_t count;                 /* of fields */
    field_note *notes;            /* by index */
    uint32_t first[NUMERIC_TAGS]; /* index + 1 of the first field of a tag of three digits; 0: none */
    field_link *links;            /* sorted */
    size_t link_count;
    void (*visit)(void *context, const marc_finding *finding);
    void *context;
} validation;

typedef struct finding_fix { /* what would mend it */
    bool offered;
    size_t offset, length; /* these bytes of the content */
    text instead;          /* become these */
} finding_fix;

typedef struct finding_place { /* where a finding is */
    size_t field;              /* SIZE_MAX: leader or record */
    char subfield;
    size_t offset;
    const char *suffix; /* of `where`: "/33", NULL for none; for the leader and missing fields the whole of it */
    const char *tag;    /* what a profile's line may name; NULL: that of the field */
    finding_fix fix;
} finding_place;

enum { FINDING_ARGUMENTS = 4, SHOWN_LENGTH = 96 };
#define ARGUMENTS(...) ((const text[FINDING_ARGUMENTS]){ __VA_ARGS__ })
#define NO_ARGUMENTS   ((const text[FINDING_ARGUMENTS]){ { NULL, 0 } })

/* validate_report.c */

/** Tells a finding: the sentence of its row with {1} ... filled in, each argument filtered and cut to 40 columns ({1+}: 90).
 *  @param form  0, or 1 for the sentence behind the bar */
void check_report(const validation *check, finding_kind kind, finding_place place, int form,
                  const text arguments[static FINDING_ARGUMENTS]);
text check_number(char out[static 24], size_t number); /* as an argument */
/** "0 1 3" of the codes that are not obsolete, cut where it grows long. */
text check_list_codes(char out[static SHOWN_LENGTH], const marc_code *codes, size_t count);
/** The code nearest to a wrong one: the other case, or one byte different; an empty text when several are or none is. */
text check_nearest_code(const marc_code *codes, size_t count, text wrong);
finding_place check_at_field(size_t index);
finding_place check_at_subfield(size_t index, const marc_subfield *subfield);
finding_fix check_fix_value(const marc_subfield *subfield, text instead); /* the whole value of a subfield */
finding_fix check_fix_indicator(int which, const char *instead);          /* one character */

/* validate_notes.c */
bool check_note_fields(validation *check); /* false: no memory */
/** Index of the first field of a tag, and of the next one of that tag; SIZE_MAX: none. For the tags of the standard. */
size_t check_first(const validation *check, int tag);
size_t check_next(const validation *check, size_t index);
const marc_field *check_first_field(const validation *check, int tag); /* NULL: none */
bool check_has(const validation *check, int from_tag, int to_tag);     /* any field of these tags */
bool check_is_local(const char *tag);                                  /* 9 in it, or letters */
bool check_is_digit(char byte);
bool check_all_digits(text value); /* and at least one */

/* validate_profile.c */
marc_severity profile_severity(const marc_validation_profile *profile, size_t kind, const char *tag, char subfield);
/** Has the profile a line for this very subfield? Then it is told even in a local field, which nothing else defines. */
bool profile_names_subfield(const marc_validation_profile *profile, size_t kind, const char *tag, char subfield);
/* validate_findings.c */
extern const marc_finding_kind finding_kinds[FINDING_KIND_COUNT];

/* validate_fixed.c */
void check_leader(const validation *check);
void check_control_field(const validation *check, size_t index, const marc_field *field);
/* validate_dates.c */
void check_dates(const validation *check);

/* validate_values.c, validate_numbers.c */
void check_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield);
bool check_number_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield);
void check_source(const validation *check, size_t index, const marc_field *field, const marc_field_definition *definition);

/* validate_links.c */
bool check_collect_links(validation *check); /* false: no memory */
void check_link(const validation *check, size_t index, const marc_field *field);

/* validate_language.c, validate_title.c, validate_carrier.c: one part of the record against another */
void check_languages(const validation *check);
void check_titles(const validation *check);
void check_carriers(const validation *check);
void check_punctuation(const validation *check, size_t index); /* validate_punctuation.c: of the 245 at this index */

#endif
