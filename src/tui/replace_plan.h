/* src/tui/replace_plan.h - where a pattern is found in records, and what replacing it would make of each place.
 *
 * A place is one value: a control field, or one subfield; patterns do not reach over delimiters, so no replacement can take a
 * field apart. Nothing is changed until replace_plan_apply. */
#ifndef RECTO_TUI_REPLACE_PLAN_H
#define RECTO_TUI_REPLACE_PLAN_H

#include "text_pattern.h"

#include "recto/marc/edit.h"

typedef enum replace_verdict { REPLACE_OPEN, REPLACE_YES, REPLACE_NO } replace_verdict;

typedef struct replace_change {
    size_t record;                       /* index in the plan */
    size_t field, offset, length;        /* the value within the field's content */
    char tag[MARC_TAG_LENGTH + 1], code; /* code 0: a control field */
    char *before, *after;                /* owned */
    size_t after_length;
    replace_verdict verdict;
} replace_change;

typedef struct replace_record {
    marc_edit *edit; /* lent */
    void *owner;     /* what the caller knows it by */
    uint64_t revision;
} replace_record;

typedef struct replace_plan {
    replace_record *records;
    size_t record_count, record_capacity;
    replace_change *changes; /* by record, field and offset */
    size_t count, capacity, matches;
    bool cut; /* there were more than REPLACE_CHANGES_MAX */
} replace_plan;

enum { REPLACE_CHANGES_MAX = 20000 };

/* Which fields: "245", "6XX", "245$a$b", several with blanks between; "" is all. */
bool replace_scope_is_sound(text scope);
bool replace_scope_has(text scope, const char *tag, char code);

void replace_plan_release(replace_plan *plan);
/** Adds what would change in a record. Nothing in 001 and 005. */
recto_status replace_plan_add(replace_plan *plan, marc_edit *edit, void *owner, text_pattern *pattern, text replacement,
                              text scope, recto_error *error);
/** Makes all changes of one record that were said yes to, as one step. EREFUSED: the record is no longer as it was. */
recto_status replace_plan_apply(const replace_plan *plan, size_t record, const char *title, size_t *made, recto_error *error);

#endif
