/* include/recto/match/merge.h - merging two records, and saying of every field where it came from. Pure functions.
 *
 * @spec seed 002 and match-merge.md 5.2: the four predefined methods. Their words are "the Alma record" (here `existing`)
 * and "the external record" (here `incoming`); who calls decides which is which (decisions.md 3). The rules room will give
 * the same result type for rule files. */
#ifndef RECTO_MATCH_MERGE_H
#define RECTO_MATCH_MERGE_H

#include "recto/marc/record.h"

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

/* signs of style.md: R = X & and - */
typedef enum merge_origin {
    MERGE_FROM_EXISTING, /* R: kept */
    MERGE_FROM_INCOMING, /* X: taken */
    MERGE_FROM_BOTH,     /* =: the same in both */
    MERGE_COMBINED       /* &: made from both */
} merge_origin;

/* one field of the result, or one that was dropped, in the order to be shown */
typedef struct merge_line {
    merge_origin origin;
    bool kept;                     /* false: dropped; origin then says whose field was lost */
    char tag[MARC_TAG_LENGTH + 1]; /* "LDR" for the leader */
    text content;                  /* owned by the result; the leader's 24 bytes for LDR */
    size_t result_index;           /* of the field in the merged record; SIZE_MAX for the leader and for dropped fields */
    const char *rule;              /* which rule decided, in words: "keep 9XX" */
    int rule_line;                 /* line in the rule file; 0 for predefined methods */
    text other;                    /* what stands against it on the other side (same tag, nearest), or empty */
} merge_line;

typedef struct merge_result merge_result;

/** Merges; neither input is changed. RECTO_EINVALID: method NONE; RECTO_ENOMEM. */
recto_status match_merge(merge_result **out, merge_method method, const marc_record *existing, const marc_record *incoming,
                         recto_error *error);
/** Copy & Overlay: all of `chosen` replaces all of `open` apart from 001 (and 003, 005); same result type (decisions.md 1). */
recto_status match_overlay(merge_result **out, const marc_record *open, const marc_record *chosen, recto_error *error);
void merge_result_free(merge_result *result);
const marc_record *merge_result_record(const merge_result *result);
size_t merge_result_count(const merge_result *result);
const merge_line *merge_result_line(const merge_result *result, size_t index);

typedef struct merge_counts {
    size_t same, kept, taken, combined, dropped;
} merge_counts;
merge_counts merge_result_counts(const merge_result *result);

#endif
