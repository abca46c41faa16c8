/* include/recto/match/merge.h - merging two records, and saying of every field where it came from. Pure functions.
 *
 * There is one engine. It runs a merge_program: rules, each a list of actions (add, remove, replace), as the merge rule
 * language has them (rules.md part A). The rules room parses rule files to programs; the four predefined methods of seed 002
 * are constant programs here (match-merge.md 5.2); Copy & Overlay is one more. The engine knows a primary record, which
 * receives the result, and a secondary, which is only read; who is which is the caller's business (rules.md 2.2,
 * decisions.md 3). Where seed 002 says "the Alma record" and "the external record" primary is the first. */
#ifndef RECTO_MATCH_MERGE_H
#define RECTO_MATCH_MERGE_H

#include "recto/marc/record.h"

/* ---- programs: what to do, as data ------------------------------------------------------------------------------------- */

/* MERGE_KEEP changes nothing: it says of fields that stand, or were not taken, why. No rule language writes it; the
 * predefined methods do, so that a preview can say "keep 9XX". */
typedef enum merge_verb { MERGE_ADD, MERGE_REMOVE, MERGE_REPLACE, MERGE_KEEP } merge_verb;

/* MARC."541,561" (" ","0"): fields by tag and indicators. "LDR" among the tags is the leader, and no wildcard covers it.
 * 001 is never removed: wildcards do not touch it; `replace "001"` exchanges it where the secondary has one, `add "001"`
 * brings one where there is none. Tags with letters are outside of all wildcards (rules.md 2.1, match-merge 5.2).
 * Indicators select data fields only. */
typedef struct merge_selector {
    /* each three characters; 'X' is any digit in a tag of digits and Xs, else itself ("AVX"); "***" is every field
     * whatsoever, which no rule language writes: Copy & Overlay */
    const char (*tags)[MARC_TAG_LENGTH + 1];
    size_t tag_count;
    char indicator[2]; /* 0: any; ' ': blank */
} merge_selector;

typedef enum merge_comparison { MERGE_CONTAINS, MERGE_EQUALS, MERGE_MATCHES } merge_comparison;

typedef enum merge_clause_kind {
    MERGE_EXCLUDING_FIELDS,    /* excluding "001,035" | MARC."035"("9"," "): selector */
    MERGE_EXCLUDING_INDICATOR, /* excluding second indicator "8": which, character */
    MERGE_EXCLUDING_SUBFIELD,  /* excluding subfield ("2","local"): code, value */
    MERGE_IF_EXISTS,           /* if [does not] exist: negated. Of remove and replace: has the secondary such fields?
                                  Of add: has the primary, at that moment? (rules.md 2.3) */
    MERGE_IF_SUBFIELD,         /* if [not] exists subfield "5": code, negated */
    MERGE_WHEN                 /* when [not] MARC."246"."5" contains "N": selector, code, comparison, value, negated. Of the
                                  field itself where the two selectors can meet, else of the primary as a whole */
} merge_clause_kind;

/** Does the value match? For MERGE_MATCHES, whose regular expression the rules room compiled: `expression` is its. */
typedef bool (*merge_expression)(const void *expression, text value);

typedef struct merge_clause {
    merge_clause_kind kind;
    bool negated;
    merge_selector selector;
    int which;      /* 1 or 2 */
    char character; /* an indicator */
    char code;      /* a subfield code */
    merge_comparison comparison;
    text value; /* CONTAINS, case ignored: without '*' a part, else the whole, '*' being any run and '\' making the next
                 * character itself. EQUALS and EXCLUDING_SUBFIELD: the value as it is. MATCHES: unused */
    const void *expression;
    merge_expression matches;
} merge_clause;

typedef struct merge_action {
    merge_verb verb;
    merge_selector selector;
    const merge_clause *clauses;
    size_t clause_count;
    int line;          /* in the rule file; 0 for predefined methods */
    const char *words; /* what it does, for the preview: "keep 9XX"; NULL: the engine writes it from the action */
} merge_action;

typedef struct merge_rule {
    const char *name;
    const merge_action *actions;
    size_t action_count;
    int line;
} merge_rule;

typedef struct merge_program { /* lent: its owner (a rule file, or a constant table) outlives every result made with it */
    const char *name;
    const merge_rule *rules; /* in the order of execution (rules.md 3.5) */
    size_t rule_count;
} merge_program;

/* ---- the predefined methods --------------------------------------------------------------------------------------------- */

typedef enum merge_method {
    MERGE_NONE = 0,
    MERGE_REPLACE_245_035,     /* "replace-245-035": Replace 245 and 035 OCLC if exist */
    MERGE_OVERLAY_BUT_LOCAL,   /* "overlay-but-local": Overlay all fields but local */
    MERGE_KEEP_OLD,            /* "keep-old": Keep only old value */
    MERGE_CONDITIONAL_SUBJECTS /* "conditional-subjects": Conditional subject headings */
} merge_method;

typedef struct merge_method_info {
    merge_method method;
    const char *name, *label;
} merge_method_info;

const merge_method_info *merge_methods(size_t *count);
merge_method merge_method_named(const char *name); /* by name or label; MERGE_NONE: unknown */
const char *merge_method_label(merge_method method);
const merge_program *merge_method_program(merge_method method); /* NULL for MERGE_NONE */

/* ---- results ------------------------------------------------------------------------------------------------------------ */

/* signs of style.md: R = X & and - */
typedef enum merge_origin {
    MERGE_FROM_EXISTING, /* R: of the primary record, kept */
    MERGE_FROM_INCOMING, /* X: of the secondary record, taken */
    MERGE_FROM_BOTH,     /* =: the same in both */
    MERGE_COMBINED       /* &: made from both */
} merge_origin;

/* one field of the result, or one that was dropped, in the order to be shown */
typedef struct merge_line {
    merge_origin origin;
    bool kept;                     /* false: dropped; origin then says whose field was lost */
    bool toggled;                  /* the cataloger turned what the rule had decided */
    char tag[MARC_TAG_LENGTH + 1]; /* "LDR" for the leader */
    text content;                  /* owned by the result; the leader's 24 bytes for LDR */
    size_t result_index;           /* of the field in the merged record; SIZE_MAX for the leader and for dropped fields */
    const char *rule;              /* which rule kept, took, replaced or dropped it, in words: "keep 9XX" */
    int rule_line;                 /* line in the rule file; 0 for predefined methods and where no action touched it */
    text other;                    /* what stands against it on the other side (same tag, nearest), or empty */
} merge_line;

typedef struct merge_result merge_result;

/** Merges by a program; neither input is changed. The result copies what it needs of the records but lends the words of the
 *  program. RECTO_EINVALID: no program; RECTO_ELIMIT: more steps than MERGE_STEP_LIMIT; RECTO_ENOMEM.
 *  @spec rules.md 2.2, 2.3 */
recto_status match_merge_run(merge_result **out, const merge_program *program, const marc_record *primary,
                             const marc_record *secondary, recto_error *error);
enum { MERGE_STEP_LIMIT = 50000000 }; /* comparisons of a field with a selector or clause */

/** Only the merged record, into `out` (cleared first): for batches, without the lines of the preview. */
recto_status match_merge_record(marc_record *out, const merge_program *program, const marc_record *primary,
                                const marc_record *secondary, recto_error *error);

/** The same by a predefined method. RECTO_EINVALID: method NONE. */
recto_status match_merge(merge_result **out, merge_method method, const marc_record *existing, const marc_record *incoming,
                         recto_error *error);
/** Copy & Overlay: all of `chosen` replaces all of `open` apart from 001 (and 003, 005); same result type (decisions.md 1). */
recto_status match_overlay(merge_result **out, const marc_record *open, const marc_record *chosen, recto_error *error);
void merge_result_free(merge_result *result);
const marc_record *merge_result_record(const merge_result *result);
size_t merge_result_count(const merge_result *result);
const merge_line *merge_result_line(const merge_result *result, size_t index);

/** Turns one line: a kept field is dropped, a dropped one comes back at its place; the merged record and all result_index
 *  follow; toggling again gives what was before. The lines keep their order and number. There is one leader, so its line
 *  takes the other record's: content and `other` change places, and the origin with them. RECTO_EINVALID: 001, which says
 *  what record this is, and a leader that is the same in both. @spec search-resources SR-95, match-merge 5.3 */
recto_status merge_result_toggle(merge_result *result, size_t index, recto_error *error);

typedef struct merge_counts {
    size_t same, kept, taken, combined, dropped;
} merge_counts;
merge_counts merge_result_counts(const merge_result *result);

#endif
