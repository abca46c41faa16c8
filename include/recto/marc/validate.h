/* include/recto/marc/validate.h - what is wrong with a record, where, and what would be right.
 *
 * Severities follow match-merge.md section 9: block stops a save, warning and info never ask. Profiles may change them. */
#ifndef RECTO_MARC_VALIDATE_H
#define RECTO_MARC_VALIDATE_H

#include "recto/marc/tables.h"

typedef enum marc_severity { MARC_SEVERITY_INFO, MARC_SEVERITY_WARNING, MARC_SEVERITY_BLOCK } marc_severity;

typedef struct marc_finding {
    marc_severity severity;
    const char *code;  /* stable: "field-missing", "isbn-check-digit" ... */
    size_t field;      /* index; SIZE_MAX for the leader or the whole record */
    char subfield;     /* 0: none */
    size_t offset;     /* in the field's content */
    char where[48];    /* "245", "650[2] $a", "008/33" */
    char message[200]; /* names the value and what would be right (ED-109) */
} marc_finding;

/** Calls `visit` for each finding, in field order; the finding is lent for the call. */
recto_status marc_validate(const marc_record *record, const marc_tables *tables,
                           void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error);
const char *marc_severity_name(marc_severity severity); /* block, warning, info */

#endif
