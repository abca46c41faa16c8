/* src/match/merge_engine.c - runs a merge program: which fields of two records are in the result, and by whose word.
 *
 * Actions run in order, each on the result of those before it: a field that one action added may be removed by the next.
 * What is decided here:
 * - A field is not added where one that is the same, byte for byte, stood when the action began. Copies that a record has of
 *   a field all come, because nobody asked to clean it.
 * - 001 says what record this is. No wildcard touches it; only `replace "001"` exchanges it, and only for another one.
 * - The leader likewise: removed and added, or replaced, it is the secondary's; removed alone, it stays.
 * - An action that is not done as a whole leaves its reason with the fields it would have touched. */
#include "merge_engine.h"

#include <stdlib.h>
#include <string.h>

/* --- loading --- */

static bool load_side(merge_side *side, const marc_record *record, arena *memory)
{
    side->count = marc_record_count(record);
    for (size_t i = 0; i < side->count; i++) {
        merge_field *mine = &side->fields[i];
        mine->field = *marc_record_field(record, i);
        mine->index = i;
        mine->sequence = 0;
        mine->packed_tag = merge_pack_tag(mine->field.tag);
        mine->in_result = false;
        mine->reason = (merge_reason){ 0 };
        mine->twin = mine->counterpart = mine->same = SIZE_MAX;
        if (memory == NULL)
            continue;
        mine->field.content.bytes = arena_copy(memory, mine->field.content.bytes, mine->field.content.length);
        if (mine->field.content.bytes == NULL)
            return false;
    }
    return true;
}

bool merge_run_init(merge_run *run, const merge_program *program, const marc_record *primary, const marc_record *secondary,
                    arena *memory)
{
    size_t total = marc_record_count(primary) + marc_record_count(secondary) + 1;
    merge_field *fields = malloc(total * (sizeof *fields + 2 * sizeof(size_t)));

    *run = (merge_run){ .program = program, .explains = memory != NULL };
    if (fields == NULL)
        return false;
    run->sides[MERGE_PRIMARY].fields = fields; /* one block for all */
    run->sides[MERGE_SECONDARY].fields = fields + marc_record_count(primary);
    run->candidates = (size_t *)(void *)(fields + total);
    run->standing = run->candidates + total;
    if (!load_side(&run->sides[MERGE_PRIMARY], primary, memory) || !load_side(&run->sides[MERGE_SECONDARY], secondary, memory))
        return false;
    for (size_t i = 0; i < run->sides[MERGE_PRIMARY].count; i++)
        run->sides[MERGE_PRIMARY].fields[i].in_result = true;
    return true;
}

void merge_run_release(merge_run *run)
{
    free(run->sides[MERGE_PRIMARY].fields);
    *run = (merge_run){ 0 };
}

/* --- one action --- */

typedef struct doing {
    merge_run *run;
    const merge_rule *rule;
    const merge_action *action;
    bool names_001;
} doing;

static bool tag_is_001(const merge_field *field)
{
    return field->packed_tag == MERGE_TAG_001;
}

static bool selects(doing *doing, const merge_field *field)
{
    doing->run->steps += doing->action->selector.tag_count;
    return merge_selects(&doing->action->selector, field);
}

static void note(const doing *doing, merge_field *field, merge_fate fate)
{
    field->reason = (merge_reason){ doing->rule, doing->action, fate };
}

/** The reason of a field that an action would have touched, unless what brought it says more. */
static void note_spared(const doing *doing, merge_field *field)
{
    if (field->reason.fate != FATE_ADDED)
        note(doing, field, FATE_SPARED);
}

static void remove_fields(doing *doing, bool exchanges_001)
{
    for (int s = MERGE_PRIMARY; s <= MERGE_SECONDARY; s++) {
        merge_side *side = &doing->run->sides[s];
        for (size_t i = 0; i < side->count; i++) {
            merge_field *field = &side->fields[i];
            if (!field->in_result || !selects(doing, field))
                continue;
            if ((tag_is_001(field) && !exchanges_001) || !merge_clauses_pass(doing->run, doing->action, field)) {
                note_spared(doing, field);
                continue;
            }
            field->in_result = false;
            note(doing, field, FATE_REMOVED);
        }
    }
}

static int compare_fields(const merge_field *a, const merge_field *b)
{
    if (a->packed_tag != b->packed_tag)
        return a->packed_tag < b->packed_tag ? -1 : 1;
    if (a->field.content.length != b->field.content.length)
        return a->field.content.length < b->field.content.length ? -1 : 1;
    return a->field.content.length == 0 ? 0 : memcmp(a->field.content.bytes, b->field.content.bytes, a->field.content.length);
}

/* A number below the count of the primary's fields is one of those, else one of the secondary's: they lie in one block. */
static merge_field *field_at(const merge_run *run, size_t number)
{
    return &run->sides[MERGE_PRIMARY].fields[number];
}

static int by_field(const void *left, const void *right, void *context)
{
    const merge_run *run = context;

    return compare_fields(field_at(run, *(const size_t *)left), field_at(run, *(const size_t *)right));
}

/** All fields that the action selects and that are in the result (or are not, of the secondary). @return their number */
static size_t list_selected(doing *doing, size_t *list, bool in_result)
{
    merge_run *run = doing->run;
    size_t first = in_result ? 0 : run->sides[MERGE_PRIMARY].count;
    size_t end = run->sides[MERGE_PRIMARY].count + run->sides[MERGE_SECONDARY].count;
    size_t count = 0;

    for (size_t i = first; i < end; i++) {
        merge_field *field = field_at(run, i);
        if (field->in_result != in_result || !selects(doing, field))
            continue;
        if ((tag_is_001(field) && !doing->names_001) || !merge_clauses_pass(run, doing->action, field)) {
            if (!in_result)
                note_spared(doing, field);
            continue;
        }
        list[count++] = i;
    }
    return count;
}

/** Is one of the standing fields the same? They are sorted where they are many. */
static bool stands_already(const doing *doing, const merge_field *field, size_t standing, bool sorted)
{
    const merge_run *run = doing->run;
    size_t low = 0;
    size_t high = standing;

    for (size_t i = 0; !sorted && i < standing; i++)
        if (compare_fields(field_at(run, run->standing[i]), field) == 0)
            return true;
    while (sorted && low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_fields(field_at(run, run->standing[middle]), field) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return sorted && low < standing && compare_fields(field_at(run, run->standing[low]), field) == 0;
}

static bool has_001(const merge_run *run)
{
    for (int s = MERGE_PRIMARY; s <= MERGE_SECONDARY; s++)
        for (size_t i = 0; i < run->sides[s].count; i++)
            if (run->sides[s].fields[i].in_result && tag_is_001(&run->sides[s].fields[i]))
                return true;
    return false;
}

static void add_fields(doing *doing)
{
    enum { FEW = 256 };
    merge_run *run = doing->run;
    size_t count = list_selected(doing, run->candidates, false);
    size_t standing = count == 0 ? 0 : list_selected(doing, run->standing, true);
    bool sorted = count * standing > FEW;
    bool one_001 = count > 0 && doing->names_001 && has_001(run);

    if (sorted)
        qsort_r(run->standing, standing, sizeof *run->standing, by_field, run);
    run->steps += sorted ? (count + standing) * 8 : count * standing;
    for (size_t i = 0; i < count; i++) {
        merge_field *field = field_at(run, run->candidates[i]);
        if (stands_already(doing, field, standing, sorted) || (one_001 && tag_is_001(field))) {
            note(doing, field, FATE_STANDS);
            continue;
        }
        one_001 = one_001 || tag_is_001(field);
        field->in_result = true;
        field->sequence = run->added++;
        note(doing, field, FATE_ADDED);
    }
}

/** Does the secondary have a 001 that the action takes? Else the primary's stays. */
static bool finds_001(doing *doing)
{
    const merge_side *side = &doing->run->sides[MERGE_SECONDARY];

    for (size_t i = 0; doing->names_001 && doing->action->verb == MERGE_REPLACE && i < side->count; i++)
        if (tag_is_001(&side->fields[i]) && selects(doing, &side->fields[i]) &&
            merge_clauses_pass(doing->run, doing->action, &side->fields[i]))
            return true;
    return false;
}

static void do_leader(const doing *doing, bool due)
{
    merge_run *run = doing->run;
    merge_verb verb = doing->action->verb;
    merge_fate fate = due ? FATE_STANDS : FATE_SPARED;

    if (verb == MERGE_KEEP)
        fate = FATE_KEPT;
    else if (due && verb == MERGE_REMOVE)
        run->leader_removed = true;
    else if (due && (verb == MERGE_REPLACE || run->leader_removed)) {
        run->leader_taken = true;
        run->leader_removed = false;
        fate = FATE_ADDED;
    }
    if (run->leader_reason.fate != FATE_ADDED || fate == FATE_ADDED)
        run->leader_reason = (merge_reason){ doing->rule, doing->action, fate };
}

/** The action is not done: the fields that it would have touched say why they are as they are. */
static void note_not_done(doing *doing)
{
    for (int s = MERGE_PRIMARY; s <= MERGE_SECONDARY; s++) {
        merge_side *side = &doing->run->sides[s];
        for (size_t i = 0; i < side->count; i++) {
            merge_field *field = &side->fields[i];
            bool removable = doing->action->verb != MERGE_ADD && field->in_result;
            bool addable = doing->action->verb != MERGE_REMOVE && s == MERGE_SECONDARY && !field->in_result;
            if ((removable || addable) && selects(doing, field))
                note_spared(doing, field);
        }
    }
}

static void keep_fields(doing *doing)
{
    for (int s = MERGE_PRIMARY; s <= MERGE_SECONDARY; s++) {
        merge_side *side = &doing->run->sides[s];
        for (size_t i = 0; i < side->count; i++) {
            merge_field *field = &side->fields[i];
            if (field->in_result == (s == MERGE_PRIMARY) && selects(doing, field) &&
                merge_clauses_pass(doing->run, doing->action, field))
                note(doing, field, FATE_KEPT);
        }
    }
}

/** What gives reasons and changes nothing. */
static void explain_action(doing *doing, bool due)
{
    if (!doing->run->explains)
        return;
    if (!due)
        note_not_done(doing);
    else if (doing->action->verb == MERGE_KEEP)
        keep_fields(doing);
}

static void do_action(merge_run *run, const merge_rule *rule, const merge_action *action)
{
    if (action->verb == MERGE_KEEP && !run->explains)
        return; /* it only gives reasons */
    doing doing = { run, rule, action, merge_selector_names(&action->selector, "001") };
    bool due = merge_action_is_due(run, action);

    if (merge_selector_names(&action->selector, "LDR"))
        do_leader(&doing, due);
    explain_action(&doing, due);
    if (!due || action->verb == MERGE_KEEP)
        return;
    if (action->verb != MERGE_ADD)
        remove_fields(&doing, finds_001(&doing));
    if (action->verb != MERGE_REMOVE)
        add_fields(&doing);
}

recto_status merge_run_program(merge_run *run, recto_error *error)
{
    for (size_t r = 0; r < run->program->rule_count; r++) {
        const merge_rule *rule = &run->program->rules[r];
        for (size_t a = 0; a < rule->action_count; a++) {
            do_action(run, rule, &rule->actions[a]);
            if (run->steps > MERGE_STEP_LIMIT)
                return recto_fail(error, RECTO_ELIMIT, rule->name, "split the rule, or look at the record for what is wrong",
                                  "merging takes more than %d steps (rule line %d)", MERGE_STEP_LIMIT, rule->actions[a].line);
        }
    }
    return RECTO_OK;
}
