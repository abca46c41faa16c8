/* src/match/merge.c - merging two records by a program: the merged record, and a line about every field.
 *
 * merge_engine.c decides what is in the result, merge_order.c where it goes, merge_pair.c what stands against it. A field that
 * both records have, byte for byte, comes from both, whichever rule decided. Lines can be turned afterwards: the
 * lines are the truth, and the merged record follows them. */
#include "recto/match/merge.h"

#include "merge_order.h"

#include <stdlib.h>
#include <string.h>

struct merge_result {
    marc_record *record;
    arena *memory; /* of lines and what they say */
    merge_line *lines;
    size_t count;
};

void merge_result_free(merge_result *result)
{
    if (result == NULL)
        return;
    marc_record_free(result->record);
    arena_free(result->memory);
    free(result);
}

const marc_record *merge_result_record(const merge_result *result)
{
    return result->record;
}

size_t merge_result_count(const merge_result *result)
{
    return result->count;
}

const merge_line *merge_result_line(const merge_result *result, size_t index)
{
    return &result->lines[index];
}

static bool is_leader(const merge_line *line)
{
    return strcmp(line->tag, "LDR") == 0;
}

merge_counts merge_result_counts(const merge_result *result)
{
    merge_counts counts = { 0 };

    for (size_t i = 0; i < result->count; i++) {
        const merge_line *line = &result->lines[i];
        if (is_leader(line))
            continue;
        if (!line->kept)
            counts.dropped++;
        else if (line->origin == MERGE_FROM_BOTH)
            counts.same++;
        else if (line->origin == MERGE_FROM_EXISTING)
            counts.kept++;
        else if (line->origin == MERGE_FROM_INCOMING)
            counts.taken++;
        else
            counts.combined++;
    }
    return counts;
}

/* --- making a result --- */

/** A reader takes any three bytes for a tag; the record refuses a NUL and the leader's name. Such a field is kept under a tag
 *  that says it was odd, so that one bad directory entry does not stop a merge. */
static void make_storable(char out[static MARC_TAG_LENGTH + 1], const char tag[static MARC_TAG_LENGTH])
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        out[i] = tag[i] == '\0' ? '?' : tag[i];
    out[MARC_TAG_LENGTH] = '\0';
    if (memcmp(out, "LDR", MARC_TAG_LENGTH) == 0)
        out[MARC_TAG_LENGTH - 1] = '?';
}

/** Why the field is as it is. A kept field that no action concerned may have been brought once more by the other record. */
static const merge_reason *reason_of(const merge_field *field, const merge_side *other)
{
    const merge_reason *twins = field->twin != SIZE_MAX ? &other->fields[field->twin].reason : NULL;

    return field->reason.action == NULL && twins != NULL && twins->fate == FATE_STANDS ? twins : &field->reason;
}

static recto_status append_line(merge_result *result, const merge_run *run, const merge_place *place, recto_error *error)
{
    const merge_side *other = &run->sides[!place->incoming];
    const merge_field *field = place->field;
    const merge_reason *reason = reason_of(field, other);
    merge_line *line = &result->lines[result->count++];
    size_t against = field->twin != SIZE_MAX ? field->twin : field->counterpart;

    *line = (merge_line){ .kept = field->in_result, .content = field->field.content, .result_index = SIZE_MAX };
    line->origin = field->twin != SIZE_MAX ? MERGE_FROM_BOTH : place->incoming ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;
    make_storable(line->tag, field->field.tag);
    line->rule = merge_reason_words(result->memory, run, reason, line->tag);
    line->rule_line = reason->action != NULL ? reason->action->line : 0;
    if (line->rule == NULL)
        return RECTO_ENOMEM;
    if (against != SIZE_MAX)
        line->other = other->fields[against].field.content;
    if (!line->kept)
        return RECTO_OK;
    line->result_index = marc_record_count(result->record);
    return marc_record_append(result->record, line->tag, line->content, error);
}

static bool append_leader(merge_result *result, const merge_run *run, const char *existing, const char *incoming)
{
    const char *mine = arena_copy(result->memory, existing, MARC_LEADER_LENGTH);
    const char *theirs = arena_copy(result->memory, incoming, MARC_LEADER_LENGTH);
    const merge_reason *reason = &run->leader_reason;
    merge_line *line = &result->lines[result->count++];

    if (mine == NULL || theirs == NULL)
        return false;
    *line = (merge_line){ .kept = true, .tag = "LDR", .result_index = SIZE_MAX };
    line->rule = merge_reason_words(result->memory, run, reason, line->tag);
    line->rule_line = reason->action != NULL ? reason->action->line : 0;
    line->origin = memcmp(mine, theirs, MARC_LEADER_LENGTH) == 0 ? MERGE_FROM_BOTH
                   : run->leader_taken                           ? MERGE_FROM_INCOMING
                                                                 : MERGE_FROM_EXISTING;
    line->content = text_of(run->leader_taken ? theirs : mine, MARC_LEADER_LENGTH);
    line->other = text_of(run->leader_taken ? mine : theirs, MARC_LEADER_LENGTH);
    marc_record_set_leader(result->record, line->content.bytes);
    return line->rule != NULL;
}

static recto_status make_lines(merge_result *result, merge_run *run, const marc_record *primary, const marc_record *secondary,
                               recto_error *error)
{
    merge_side *sides = run->sides;
    merge_order order = { 0 };
    recto_status status = RECTO_ENOMEM;

    result->lines = arena_calloc(result->memory, 1 + sides[0].count + sides[1].count, sizeof *result->lines);
    if (result->lines != NULL && merge_pair(&sides[0], &sides[1]) && merge_order_result(&order, &sides[0], &sides[1]) &&
        merge_order_add_dropped(&order, &sides[0], &sides[1]) &&
        append_leader(result, run, marc_record_leader(primary), marc_record_leader(secondary)))
        status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < order.count; i++)
        status = append_line(result, run, &order.places[i], error);
    merge_order_release(&order);
    return status;
}

static recto_status check_program(const merge_program *program, recto_error *error)
{
    return program != NULL
               ? RECTO_OK
               : recto_fail(error, RECTO_EINVALID, NULL, "name a merge method or a merge rule", "no merge rule is chosen");
}

recto_status match_merge_run(merge_result **out, const merge_program *program, const marc_record *primary,
                             const marc_record *secondary, recto_error *error)
{
    merge_run run = { 0 };
    merge_result *result = NULL;
    recto_status status = check_program(program, error);

    if (status != RECTO_OK)
        return status;
    status = RECTO_ENOMEM;
    result = calloc(1, sizeof *result);
    if (result != NULL)
        result->memory = arena_new(0);
    if (result != NULL && result->memory != NULL && marc_record_new(&result->record, NULL) == RECTO_OK &&
        merge_run_init(&run, program, primary, secondary, result->memory))
        status = merge_run_program(&run, error);
    if (status == RECTO_OK)
        status = make_lines(result, &run, primary, secondary, error);
    if (status == RECTO_OK) {
        *out = result;
        result = NULL;
    }
    merge_run_release(&run);
    merge_result_free(result);
    return status == RECTO_ENOMEM ? recto_fail_memory(error, "merging records") : status;
}

static recto_status append_fields(marc_record *out, const merge_order *order, recto_error *error)
{
    recto_status status = RECTO_OK;

    for (size_t i = 0; status == RECTO_OK && i < order->count; i++) {
        char tag[MARC_TAG_LENGTH + 1];
        make_storable(tag, order->places[i].field->field.tag);
        status = marc_record_append(out, tag, order->places[i].field->field.content, error);
    }
    return status;
}

recto_status match_merge_record(marc_record *out, const merge_program *program, const marc_record *primary,
                                const marc_record *secondary, recto_error *error)
{
    merge_run run = { 0 };
    merge_order order = { 0 };
    recto_status status = check_program(program, error);

    marc_record_clear(out);
    if (status != RECTO_OK)
        return status;
    status = RECTO_ENOMEM;
    if (merge_run_init(&run, program, primary, secondary, NULL))
        status = merge_run_program(&run, error);
    if (status == RECTO_OK && !merge_order_result(&order, &run.sides[MERGE_PRIMARY], &run.sides[MERGE_SECONDARY]))
        status = RECTO_ENOMEM;
    if (status == RECTO_OK) {
        marc_record_set_leader(out, marc_record_leader(run.leader_taken ? secondary : primary));
        status = append_fields(out, &order, error);
    }
    merge_order_release(&order);
    merge_run_release(&run);
    return status == RECTO_ENOMEM ? recto_fail_memory(error, "merging records") : status;
}

/* --- turning lines --- */

static recto_status toggle_leader(merge_result *result, merge_line *line, recto_error *error)
{
    text content = line->content;

    if (line->origin == MERGE_FROM_BOTH)
        return recto_fail(error, RECTO_EINVALID, "LDR", NULL, "both records have the same leader");
    line->content = line->other;
    line->other = content;
    line->origin = line->origin == MERGE_FROM_EXISTING ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;
    line->toggled = !line->toggled;
    marc_record_set_leader(result->record, line->content.bytes);
    return RECTO_OK;
}

/** Where the field of a line is in the record, or would be. */
static size_t place_of_line(const merge_result *result, size_t index)
{
    size_t place = 0;

    for (size_t i = 0; i < index; i++)
        place += result->lines[i].result_index != SIZE_MAX;
    return place;
}

recto_status merge_result_toggle(merge_result *result, size_t index, recto_error *error)
{
    merge_line *line = index < result->count ? &result->lines[index] : NULL;

    if (line == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "there is no such line in the merge");
    if (is_leader(line))
        return toggle_leader(result, line, error);
    if (strcmp(line->tag, "001") == 0)
        return recto_fail(error, RECTO_EINVALID, "001", "change the merge rule if another number should stand",
                          "001 says which record this is, and stays");
    size_t place = place_of_line(result, index);
    if (line->kept) {
        marc_record_remove(result->record, place);
    } else {
        recto_status status = marc_record_insert(result->record, place, line->tag, line->content, error);
        if (status != RECTO_OK)
            return status;
    }
    line->kept = !line->kept;
    line->toggled = !line->toggled;
    for (size_t i = index; i < result->count; i++)
        if (!is_leader(&result->lines[i]))
            result->lines[i].result_index = result->lines[i].kept ? place++ : SIZE_MAX;
    return RECTO_OK;
}
