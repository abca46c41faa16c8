/* src/rules/run.h - a rule file at work on one record.
 *
 * The record is looked at through a list of fields that lend its bytes; only what changes is written, into an arena. The record
 * itself is touched at the very end, when nothing can go wrong any more: on failure it is as it was. */
#ifndef RECTO_RULES_RUN_H
#define RECTO_RULES_RUN_H

#include "tree.h"

/* What a run may grow to. A rule that copies 5** to 599 doubles the fields each time. */
enum { RUN_FIELD_LIMIT = 10000, RUN_CONTENT_LIMIT = 1 << 20, RUN_MEMORY_LIMIT = 64 << 20 };

typedef struct work_field {
    char tag[TAG_LIMIT + 1]; /* longer than a record can keep while rules run; see commit.c */
    bool control, fresh;     /* fresh: made or changed by a rule */
    bool removed;
    bool retagged; /* by the action at work; it goes to its place in the order of tags then */
    size_t origin; /* of the field in the record; SIZE_MAX: new */
    text content;
} work_field;

typedef struct run {
    const rule_file *file;
    const rule_node *rule; /* at work, for messages and events */
    const rule_action *action;
    rule_trace trace;
    void *context;
    recto_error *error;
    recto_status status; /* the first failure; everything then returns early */
    arena *memory;       /* made when first needed */
    work_field *fields;
    size_t count, capacity;
    size_t removed; /* fields marked so, to be dropped after the action */
    work_field leader;
    char leader_bytes[MARC_LEADER_LENGTH + 1];
    uint64_t present[16]; /* tags of digits that occur; tags that went are still in it */
    bool other_tags;      /* tags with other characters occur */
    size_t steps;
    buffer scratch; /* a content while it is put together */
    rule_result result;
    work_field inline_fields[96];
} run;

/* ---- the list of fields: work.c ---------------------------------------------------------------------------------- */

bool run_begin(run *r, const rule_file *file, const marc_record *record, recto_error *error);
void run_release(run *r);
recto_status run_commit(run *r, marc_record *record); /* commit.c */
bool run_fail(run *r, recto_status status, const char *what);
bool run_no_memory(run *r);
/** Counts steps; false when there were too many. */
static inline bool run_step(run *r, size_t steps)
{
    r->steps += steps;
    return r->steps <= RULES_STEP_LIMIT || run_fail(r, RECTO_ELIMIT, "too many steps");
}
void *run_alloc(run *r, size_t bytes);                        /* NULL: r->status says why */
bool run_keep(run *r, text *out, text bytes);                 /* a copy in the arena */
bool run_may_occur(const run *r, const tag_pattern *pattern); /* false: surely not */

/* Changes of fields; all of them tell the trace. */
bool run_set_content(run *r, work_field *field, text content); /* copied */
void run_set_tag(run *r, work_field *field, const char *tag);
/** Each field that got a tag goes past those that stand between it and its place in the order of tags. [U]: where a stable sort
 *  would put it, and nothing else moves. */
void run_place_retagged(run *r);
void run_remove(run *r, work_field *field); /* marked; gone after the action */
/** Behind the last field whose tag is not greater. `content` must live as long as the run. Moves r->fields. */
bool run_insert(run *r, const char *tag, text content);
void run_drop_removed(run *r);

/* ---- subfields: subfields.c -------------------------------------------------------------------------------------- */

typedef struct subfield {
    char code;
    text value;  /* behind the code */
    text whole;  /* delimiter, code and value */
    size_t next; /* where to read on */
} subfield;
/** @param at  0 at first; then the last one's next */
bool subfield_next(const work_field *field, size_t at, subfield *out);
text field_head(const work_field *field); /* the indicators */
char field_indicator(const work_field *field, int which);
static inline bool code_fits(const rule_path *path, char code)
{
    return path->code == code || (path->code == '*' && code != '\0');
}
/** Does the subfield's code, and its value when the path has one, fit? */
bool subfield_fits(const rule_path *path, const subfield *subfield);
/** Tag and indicators. */
bool field_fits(const rule_path *path, const work_field *field);
/** The whole path: also a subfield that fits, when one is named. */
bool field_matches(const rule_path *path, const work_field *field);
/** Of a control field: its data, or the slice. false: too short, or no such field. */
bool field_slice(const rule_path *path, const work_field *field, text *out);

/* ---- conditions: conditions.c ------------------------------------------------------------------------------------ */

typedef struct scope {
    const work_field *only; /* one occurrence; NULL: see tag */
    const tag_pattern *tag; /* only fields of this tag; NULL: the record */
} scope;
bool condition_holds(run *r, const condition *condition, const scope *scope);

/* ---- actions ----------------------------------------------------------------------------------------------------- */

/** May the action change this field: does it fit the path, and does the `if` hold? */
bool action_takes(run *r, const rule_action *action, const work_field *field);
bool action_run(run *r, const rule_action *action);            /* actions.c */
bool action_edit_subfields(run *r, const rule_action *action); /* action_subfields.c: within each field */
bool action_copy_field(run *r, const rule_action *action);     /* action_fields.c: whole fields */
bool action_copy_control(run *r, const rule_action *action);
bool action_combine(run *r, const rule_action *action);
bool action_duplicate_fields(run *r, const rule_action *action);
bool action_split(run *r, const rule_action *action);
bool action_system_number(run *r, const rule_action *action);
bool action_add_field(run *r, const rule_action *action);
bool action_add_control(run *r, const rule_action *action);
/** The content of the first subfield or control field that a SHAPE_SOURCE names. */
bool source_value(const run *r, const rule_path *path, const work_field *same, text *out);

/** Runs all rules on the list. @param untold  what is written about rules that do not fire; may be NULL */
bool run_rules(run *r, buffer *unfired);
void explain_rule(run *r, buffer *out, const rule_node *rule); /* explain.c */

#endif
