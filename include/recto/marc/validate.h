/* include/recto/marc/validate.h - what is wrong with a record, where, and what would be right.
 *
 * Every kind of finding is one row of one table: its stable code, its severity by default, and the sentence it says. The
 * severities follow match-merge.md section 9: block stops a save, warning and info never ask. A validation profile, a small
 * text file, gives any code another severity, for all fields or for one tag and subfield. */
#ifndef RECTO_MARC_VALIDATE_H
#define RECTO_MARC_VALIDATE_H

#include "recto/marc/tables.h"

typedef enum marc_severity {
    MARC_SEVERITY_IGNORE = -1, /* in profiles only: such a finding is not told */
    MARC_SEVERITY_INFO,
    MARC_SEVERITY_WARNING,
    MARC_SEVERITY_BLOCK
} marc_severity;

enum { MARC_SUGGESTION_SIZE = 64 };

typedef struct marc_finding {
    marc_severity severity;
    const char *code;  /* stable: "field-missing", "isbn-check-digit" ...; a row of marc_validate_findings */
    size_t field;      /* index; SIZE_MAX for the leader or the whole record */
    char subfield;     /* 0: none */
    size_t offset;     /* in the field's content */
    char where[48];    /* "245", "650[2] $a", "008/33" */
    char message[200]; /* names the value and what would be right (ED-109) */

    /* A replacement that would mend it, where one is likely: an editor may offer it, nothing applies it by itself. */
    bool fixable;
    size_t fix_offset, fix_length;         /* these bytes of the field's content, or of the leader */
    char suggestion[MARC_SUGGESTION_SIZE]; /* become this; "" takes them away */
} marc_finding;

/** One row of the table of findings. */
typedef struct marc_finding_kind {
    const char *code;
    marc_severity severity; /* by default */
    const char *sentence;   /* {1} to {4} stand for what the record has; a second form of it follows a bar: "one|other" */
} marc_finding_kind;
const marc_finding_kind *marc_validate_findings(size_t *count);

/* --- profiles: "validation exception profiles" of match-merge.md section 9 --- */

typedef struct marc_validation_profile marc_validation_profile;

/** Reads a profile. A line is `CODE SEVERITY`, `CODE TAG SEVERITY` or `CODE TAG $x SEVERITY` ("subfield-undefined 590 $9
 *  block"); X in a tag stands for any digit; the severity is block, warning, info or ignore; the narrower line wins, and of
 *  equals the later one. `name TEXT` names the profile; # begins a comment. Codes that have no line keep their default.
 *  @param name    of the file, for messages
 *  @param report  told of each faulty line with its number; may be NULL
 *  @return RECTO_EDATA when a line is faulty, error being the first of them; RECTO_ENOMEM. On failure *out stays NULL. */
typedef void (*marc_profile_report)(void *context, size_t line, const recto_error *fault);
recto_status marc_validation_profile_parse(marc_validation_profile **out, text file, const char *name, marc_profile_report report,
                                           void *context, recto_error *error);
void marc_validation_profile_free(marc_validation_profile *profile); /* NULL is welcome */
const char *marc_validation_profile_name(const marc_validation_profile *profile);
/** What a finding of this code weighs; profile NULL: by default. @param tag NULL or ""; @param subfield 0: none */
marc_severity marc_validation_severity(const marc_validation_profile *profile, const char *code, const char *tag, char subfield);
/** The profiles that are shipped: "data/validation/default.txt", ... */
const char *const *marc_validation_profile_files(size_t *count);

/* --- validating --- */

typedef struct marc_validate_options {
    const marc_validation_profile *profile; /* NULL: the severities of the table */
    marc_severity least;                    /* findings below it are not told, and cost least (0: info) */
} marc_validate_options;

/** Calls `visit` for each finding, in field order within each kind of check; the finding is lent for the call.
 *  @param tables   NULL: only what needs no tables is checked
 *  @param options  NULL: all findings, by default severity */
recto_status marc_validate_with(const marc_record *record, const marc_tables *tables, const marc_validate_options *options,
                                void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error);
recto_status marc_validate(const marc_record *record, const marc_tables *tables,
                           void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error);
const char *marc_severity_name(marc_severity severity); /* block, warning, info, ignore */
bool marc_severity_named(marc_severity *out, text name);

#endif
