/* include/recto/rules/rules.h - the rule languages of a library: merge, normalization, indication, brief level.
 *
 * A rule file is parsed to a tree once and run on any number of records. Nothing here reads a file, a clock or a repository.
 * Files that Alma accepts run unchanged; what is wrong is said as a compiler says it: place, found, expected, nearest name.
 * A rule file is hostile: its size, depth and the steps of a run are limited. @spec rules.md (all parts) */
#ifndef RECTO_RULES_RULES_H
#define RECTO_RULES_RULES_H

#include "recto/match/merge.h"

typedef enum rule_language {
    RULES_UNKNOWN = 0,   /* found out from the text: "when merge" and the actions used */
    RULES_MERGE,         /* "merge" */
    RULES_NORMALIZATION, /* "norm" */
    RULES_INDICATION,    /* "indication" */
    RULES_BRIEF_LEVEL    /* "brief" */
} rule_language;
rule_language rule_language_named(const char *name); /* RULES_UNKNOWN: none */
const char *rule_language_name(rule_language language);
const char *rule_language_label(rule_language language); /* "Merge rule" */

enum { RULES_FILE_LIMIT = 4 * 1024 * 1024, RULES_DEPTH_LIMIT = 200, RULES_COUNT_LIMIT = 10000, RULES_STEP_LIMIT = 10000000 };

/* An error (E..) or a warning (W..) of rules.md part E. */
typedef struct rule_fault {
    int line, column; /* from 1, in characters */
    int length;       /* characters of the token that is at fault; 1 at the end of the file */
    bool warning;
    const char *code;  /* "E17" */
    char message[240]; /* unknown action 'dropField', expected an action; did you mean removeField? */
} rule_fault;
typedef void (*rule_fault_report)(void *context, const rule_fault *fault);

typedef struct rule_file rule_file;

/** Parses. Every fault is reported in the order of the text, the first error of each rule; warnings too.
 *  @param source  UTF-8 (a BOM is allowed), copied where needed; @param name for messages; @param report may be NULL
 *  @return RECTO_OK (warnings at most); RECTO_EDATA: errors, *out is NULL and `error` is the first of them as
 *          "NAME:LINE:COLUMN"; RECTO_ELIMIT; RECTO_ENOMEM */
recto_status rule_file_parse(rule_file **out, text source, const char *name, rule_language language, rule_fault_report report,
                             void *context, recto_error *error);
void rule_file_free(rule_file *file);

const char *rule_file_name(const rule_file *file);
rule_language rule_file_language(const rule_file *file);
size_t rule_file_count(const rule_file *file); /* rules */
typedef struct rule_info {
    const char *name;
    int line, priority;
    size_t order; /* 0: runs first. @spec rules.md 3.5; shown by the rule editor */
} rule_info;
rule_info rule_file_rule(const rule_file *file, size_t index); /* in the order of the file */

/** The tree as text: one canonical layout, which parses to an equal tree. Comments are not part of the tree. */
void rule_file_print(buffer *out, const rule_file *file);
bool rule_file_equal(const rule_file *a, const rule_file *b); /* the trees, places apart */

/** For match_merge_run; lent, lives as long as the file. NULL for other languages. */
const merge_program *rule_file_merge_program(const rule_file *file);

/* What one action of a rule did to one field, for previews ("why"). Texts are lent for the call. */
typedef struct rule_event {
    const char *rule;
    int line;           /* of the action */
    const char *action; /* "replaceContents" */
    char tag[MARC_TAG_LENGTH + 1];
    bool had, has;      /* field before, field after: both: changed; neither cannot be */
    text before, after; /* contents */
} rule_event;
typedef void (*rule_trace)(void *context, const rule_event *event);

typedef struct rule_result {
    bool changed;       /* the record is not what it was */
    size_t rules_fired; /* whose `when` held */
    bool indication;    /* some rule set it "true" */
    int brief_level;    /* 0: no rule fired */
} rule_result;

/** Runs a normalization, indication or brief-level file on a record, in place. On failure the record is as it was.
 *  @param trace  may be NULL, and then costs nothing. RECTO_ELIMIT: more than RULES_STEP_LIMIT steps (message names the rule
 *  and line); RECTO_EINVALID: a merge file; RECTO_ENOMEM. @spec rules.md parts B and C */
recto_status rule_file_apply(rule_result *out, const rule_file *file, marc_record *record, rule_trace trace, void *context,
                             recto_error *error);

/** The task "clear empty fields": subfields without a value go, then data fields without subfields. RECTO_ENOMEM.
 *  @spec rules.md 3.4 */
recto_status rule_clear_empty(marc_record *record, recto_error *error);
/** rule_file_apply and, behind a normalization file that changed the record, rule_clear_empty: what everybody calls who keeps or
 *  shows the result. With RECTO_ENOMEM the record may be changed. */
recto_status rule_file_normalize(rule_result *out, const rule_file *file, marc_record *record, rule_trace trace, void *context,
                                 recto_error *error);

/** Which rules of the file would not fire on this record and why: "rule 'Brief 10': exists LDR.{17,1} is false". Lines of
 *  text, one a rule, for the rule editor's "try". */
void rule_file_explain(buffer *out, const rule_file *file, const marc_record *record);

#endif
