/* src/match/merge_engine.h - the inside of a merge: two sides of fields, what the rules decided of each. Private to match/. */
#ifndef RECTO_MATCH_MERGE_ENGINE_H
#define RECTO_MATCH_MERGE_ENGINE_H

#include "recto/base/arena.h"
#include "recto/match/merge.h"

/* What the last action that concerned a field did with it. */
typedef enum merge_fate {
    FATE_UNTOUCHED,
    FATE_ADDED,
    FATE_REMOVED,
    FATE_SPARED, /* selected, but a clause refused it, or the whole action was not done */
    FATE_STANDS, /* not added: a field that is the same stands already */
    FATE_KEPT    /* by MERGE_KEEP */
} merge_fate;

typedef struct merge_reason {
    const merge_rule *rule;
    const merge_action *action; /* NULL: no action concerned it */
    merge_fate fate;
} merge_reason;

typedef struct merge_field {
    marc_field field;    /* content lent by the record, or the merge result's own copy */
    size_t index;        /* in its record */
    size_t sequence;     /* of the secondary's: the how manieth that was added */
    uint32_t packed_tag; /* three bytes, then 1 for a tag of digits */
    bool in_result;
    merge_reason reason;
    /* for the preview; SIZE_MAX: none */
    size_t twin;        /* field of the other record that is the same byte for byte, each used once */
    size_t counterpart; /* field of the other record that stands against it */
    size_t same;        /* of a further copy: the field of the other record that it repeats */
} merge_field;

typedef struct merge_side {
    merge_field *fields;
    size_t count;
} merge_side;

enum { MERGE_PRIMARY, MERGE_SECONDARY };
enum { MERGE_TAG_001 = 0x30303101 }; /* packed */

typedef struct merge_run {
    const merge_program *program;
    merge_side sides[2];
    bool explains;                     /* reasons are wanted; else what only gives reasons is left out */
    bool leader_removed, leader_taken; /* taken: the secondary's */
    merge_reason leader_reason;
    size_t steps, added;           /* comparisons so far; fields added so far */
    size_t *candidates, *standing; /* room for all fields of both sides */
} merge_run;

/** Fields of both records into `run`, their contents copied to `memory`. NULL: a batch, contents are lent, no reasons. False:
 *  no memory. */
bool merge_run_init(merge_run *run, const merge_program *program, const marc_record *primary, const marc_record *secondary,
                    arena *memory);
void merge_run_release(merge_run *run);
/** Executes the program: afterwards in_result, sequence and reason of every field are right. RECTO_ELIMIT, RECTO_ENOMEM. */
recto_status merge_run_program(merge_run *run, recto_error *error);

/* ---- selecting (merge_select.c) */

uint32_t merge_pack_tag(const char tag[static MARC_TAG_LENGTH]);

/** A pattern of digits and Xs: an X in it is any digit, and never the letter. */
bool merge_pattern_is_wild(const char pattern[static MARC_TAG_LENGTH]);

/** Does the tag fit the pattern? Most differ in the first byte. A tag with letters meets no wildcard but "***"; it may be XXX,
 *  which is what a reader makes of a tag that it cannot read. */
static inline bool merge_tag_fits(uint32_t packed, const char pattern[static MARC_TAG_LENGTH])
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if ((unsigned char)pattern[i] != (packed >> (24 - 8 * i) & 0xFF) && (pattern[i] != 'X' || (packed & 1) == 0))
            return pattern[i] == '*' && pattern[0] == '*';
    return (packed & 1) != 0 || !merge_pattern_is_wild(pattern);
}

bool merge_indicators_fit(const merge_selector *selector, const marc_field *field);

/** Is the field one that the selector is about? Asked of every field by every action, so it stands here. */
static inline bool merge_selects(const merge_selector *selector, const merge_field *field)
{
    for (size_t i = 0; i < selector->tag_count; i++)
        if (merge_tag_fits(field->packed_tag, selector->tags[i]))
            return (selector->indicator[0] == 0 && selector->indicator[1] == 0) || merge_indicators_fit(selector, &field->field);
    return false;
}

bool merge_selector_names(const merge_selector *selector, const char *tag);  /* by its full name */
bool merge_selectors_meet(const merge_selector *a, const merge_selector *b); /* may one field be selected by both? */

/** Does the field pass the clauses that look at fields one by one? Clauses of whole records pass. */
bool merge_clauses_pass(merge_run *run, const merge_action *action, const merge_field *field);
/** Do the clauses that look at a record as a whole hold? */
bool merge_action_is_due(merge_run *run, const merge_action *action);
bool merge_value_compares(merge_run *run, const merge_clause *clause, text value);

/** In the words of a preview: what the action does, and what came of it. NULL: no memory. */
const char *merge_reason_words(arena *memory, const merge_run *run, const merge_reason *reason, const char *tag);

#endif
