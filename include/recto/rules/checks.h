/* include/recto/rules/checks.h - a library's own checks: a condition of the rule languages, and what is said where it holds.
 *
 * A file of checks is text:
 *
 *     check "Private notes"
 *     severity block
 *     text a private note stands in 590: move it to 541 before saving
 *     field 590 $a
 *     when exists "590.a.*private*"
 *
 * `severity` is block, warning or info (warning when it is left out); `records` is bib, authority or all (bib when it is left
 * out); `field` is where the cursor goes, X standing for any digit (left out: the record as a whole); the condition is that of an
 * indication rule (rules.md part C) and goes on until the next check.
 * @spec editor.md ED-106a */
#ifndef RECTO_RULES_CHECKS_H
#define RECTO_RULES_CHECKS_H

#include "recto/marc/validate.h"
#include "recto/rules/rules.h"

enum { LOCAL_CHECKS_BYTES = 256 * 1024, LOCAL_CHECKS_MOST = 500 };

typedef struct local_checks local_checks;
typedef struct local_check {
    const char *name, *text; /* owned by the file of checks */
    marc_severity severity;
    char tag[MARC_TAG_LENGTH + 1]; /* "": the record as a whole */
    char subfield;                 /* 0: the field */
    size_t line;                   /* of the file, from 1 */
} local_check;

/** @param name  of the file, for messages. EDATA: the first fault as "NAME:LINE"; ELIMIT; ENOMEM. *out is then NULL. */
recto_status local_checks_parse(local_checks **out, text source, const char *name, recto_error *error);
void local_checks_free(local_checks *checks);          /* NULL is welcome */
size_t local_checks_count(const local_checks *checks); /* NULL: 0 */
const local_check *local_checks_get(const local_checks *checks, size_t index);

/** Calls `visit` for each check whose condition holds, in the order of the file, with the code "local-check". The place is that
 * of the first field of its tag that has its subfield. The record is not changed. */
recto_status local_checks_run(const local_checks *checks, const marc_record *record, marc_severity least,
                              void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error);

#endif
