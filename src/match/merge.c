/* src/match/merge.c - two records into one by a predefined method, and the origin of every field.
 *
 * A method is a table: the first row that fits a field says whether the existing record's field stays and whether the
 * incoming record's is added. What comes of it:
 * - Kept fields stay where they are, in their order.
 * - An added field goes behind the last kept field whose tag is not greater. Added fields of one hundred (5XX, 6XX) keep the
 *   order they had in the incoming record; catalogers order notes and subjects by meaning, and nobody asked to sort them.
 * - A field that is to be added and stands already, byte for byte, is not doubled (rules.md 2.3).
 * - A field that both records have, byte for byte, comes from both, whichever rule would have decided. */
#include "recto/match/merge.h"

#include "merge_order.h"

#include <stdlib.h>
#include <string.h>

/* --- methods as tables --- */

typedef enum field_form { FORM_ANY, FORM_OCLC_035, FORM_LOCAL_035, FORM_LETTERS } field_form;

typedef struct merge_row {
    const char *pattern; /* of marc_tag_matches; NULL: any tag */
    field_form form;
    bool keep, add; /* the existing record's; the incoming record's */
    const char *rule;
} merge_row;

/* Outside of every wildcard, and the MMS ID belongs to the repository. @spec match-merge.md 5.2 */
#define ROWS_FOR_ALL                                                                                                             \
    { "001", FORM_ANY, true, false, "keep 001" },                                                                                \
    {                                                                                                                            \
        NULL, FORM_LETTERS, true, false, "keep fields with letters in the tag"                                                   \
    }

static const merge_row replace_245_035[] = {
    ROWS_FOR_ALL,
    { "035", FORM_OCLC_035, true, true, "keep 035 with OCoLC, add the external 035" },
    { "035", FORM_LOCAL_035, true, true, "keep 035 9#, add the external 035" },
    { "035", FORM_ANY, false, true, "replace other 035" },
    { "245", FORM_ANY, true, true, "keep 245, add the external 245" },
    { NULL, FORM_ANY, false, true, "replace all other fields" },
};

static const merge_row overlay_but_local[] = {
    ROWS_FOR_ALL,
    { "035", FORM_LOCAL_035, true, true, "keep 035 9#, add the external 035" },
    { "035", FORM_ANY, false, true, "replace 035" },
    { "9XX", FORM_ANY, true, false, "keep 9XX, take no external 9XX" },
    { NULL, FORM_ANY, false, true, "replace all other fields" },
};

static const merge_row keep_old[] = {
    { NULL, FORM_ANY, true, false, "keep all fields of the existing record" },
};

static const merge_row conditional_subjects[] = {
    ROWS_FOR_ALL,
    { "035", FORM_ANY, true, false, "keep 035, take no external 035" },
    { "9XX", FORM_ANY, true, false, "keep 9XX, take no external 9XX" },
    { "65X", FORM_ANY, true, true, "keep 65X, add the external 65X" },
    { "6XX", FORM_ANY, false, true, "replace 6XX other than 65X" },
    { "7XX", FORM_ANY, true, true, "keep 7XX, add the external 7XX" },
    { NULL, FORM_ANY, false, true, "replace all other fields" },
};

static const merge_row overlay_copy[] = {
    /* Copy & Overlay. @spec decisions.md 1 */
    { "001", FORM_ANY, true, false, "keep 001" },
    { "003", FORM_ANY, true, false, "keep 003" },
    { "005", FORM_ANY, true, false, "keep 005" },
    { NULL, FORM_ANY, false, true, "overlay: replace everything" },
};

typedef struct merge_plan {
    const merge_row *rows; /* the last one fits every field */
    bool keep_leader;
    const char *leader_rule;
} merge_plan;

static const merge_plan plans[] = {
    [MERGE_REPLACE_245_035] = { replace_245_035, false, "replace the leader" },
    [MERGE_OVERLAY_BUT_LOCAL] = { overlay_but_local, false, "replace the leader" },
    [MERGE_KEEP_OLD] = { keep_old, true, "keep the leader" },
    [MERGE_CONDITIONAL_SUBJECTS] = { conditional_subjects, false, "replace the leader" },
};
static const merge_plan overlay_plan = { overlay_copy, false, "overlay: replace the leader" };

static const merge_method_info methods[] = {
    /* labels as seed 002 has them */
    { MERGE_REPLACE_245_035, "replace-245-035", "Replace 245 and 035 OCLC if exist" },
    { MERGE_OVERLAY_BUT_LOCAL, "overlay-but-local", "Overlay all fields but local" },
    { MERGE_KEEP_OLD, "keep-old", "Keep only old value" },
    { MERGE_CONDITIONAL_SUBJECTS, "conditional-subjects", "Conditional subject headings" },
};
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

const merge_method_info *merge_methods(size_t *count)
{
    *count = METHOD_COUNT;
    return methods;
}

merge_method merge_method_named(const char *name)
{
    text wanted = text_trim(text_from(name));

    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (text_equal_ascii_case(wanted, text_from(methods[i].name)) ||
            text_equal_ascii_case(wanted, text_from(methods[i].label)))
            return methods[i].method;
    return MERGE_NONE;
}

const char *merge_method_label(merge_method method)
{
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (methods[i].method == method)
            return methods[i].label;
    return "no merge method";
}

static bool contains_oclc(text value)
{
    static const text wanted = { "OCoLC", 5 };

    for (size_t i = 0; i + wanted.length <= value.length; i++)
        if (text_equal_ascii_case(text_of(value.bytes + i, wanted.length), wanted))
            return true;
    return false;
}

static bool has_oclc_number(const marc_field *field)
{
    marc_subfield subfield;
    size_t offset = 0;

    while (marc_field_next_subfield(field, &offset, &subfield))
        if (subfield.code == 'a' && contains_oclc(subfield.value))
            return true;
    return false;
}

static bool has_letters(const char *tag)
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (tag[i] < '0' || tag[i] > '9')
            return true;
    return false;
}

static bool has_form(const marc_field *field, field_form form)
{
    switch (form) {
    case FORM_OCLC_035:
        return has_oclc_number(field);
    case FORM_LOCAL_035:
        return marc_field_indicator(field, 1) == '9' && marc_field_indicator(field, 2) == ' ';
    case FORM_LETTERS:
        return has_letters(field->tag);
    case FORM_ANY:
        break;
    }
    return true;
}

static const merge_row *row_for(const merge_row *row, const marc_field *field)
{
    while ((row->pattern != NULL && !marc_tag_matches(field->tag, row->pattern)) || !has_form(field, row->form))
        row++;
    return row;
}

/* --- the result --- */

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

merge_counts merge_result_counts(const merge_result *result)
{
    merge_counts counts = { 0 };

    for (size_t i = 0; i < result->count; i++) {
        const merge_line *line = &result->lines[i];
        if (strcmp(line->tag, "LDR") == 0)
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

/* --- deciding --- */

static bool load_side(merge_side *side, arena *memory, const marc_record *record)
{
    side->count = marc_record_count(record);
    side->fields = arena_calloc(memory, side->count + 1, sizeof *side->fields);
    if (side->fields == NULL)
        return false;
    for (size_t i = 0; i < side->count; i++) {
        const marc_field *field = marc_record_field(record, i);
        merge_field *mine = &side->fields[i];
        const char *copy = arena_copy(memory, field->content.bytes, field->content.length);
        if (copy == NULL)
            return false;
        mine->field = *field;
        mine->field.content.bytes = copy;
        mine->twin = mine->same = mine->counterpart = SIZE_MAX;
        mine->index = i;
    }
    return true;
}

/** @param existing  says which column of the table counts */
static void decide(merge_side *side, const merge_row *rows, bool existing)
{
    for (size_t i = 0; i < side->count; i++) {
        const merge_row *row = row_for(rows, &side->fields[i].field);
        side->fields[i].in_result = existing ? row->keep : row->add;
        side->fields[i].rule = row->rule;
    }
}

/** A field that is kept is not added a second time. */
static void forget_doubles(const merge_side *existing, merge_side *incoming)
{
    for (size_t i = 0; i < incoming->count; i++) {
        merge_field *field = &incoming->fields[i];
        size_t standing = field->twin != SIZE_MAX ? field->twin : field->same;
        if (standing != SIZE_MAX && existing->fields[standing].in_result)
            field->in_result = false;
    }
}

/** A reader takes any three bytes for a tag; the record refuses a NUL and the leader's name. Such a field is kept under a tag
 *  that says it was odd, so that one bad directory entry does not stop a merge. */
static void make_storable(char tag[static MARC_TAG_LENGTH + 1])
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (tag[i] == '\0')
            tag[i] = '?';
    if (strcmp(tag, "LDR") == 0)
        tag[MARC_TAG_LENGTH - 1] = '?';
}

static recto_status append_lines(merge_result *result, const merge_order *order, const merge_side sides[2], recto_error *error)
{
    for (size_t i = 0; i < order->count; i++) {
        const merge_place *place = &order->places[i];
        const merge_side *other = &sides[!place->incoming];
        const merge_field *field = place->field;
        merge_line *line = &result->lines[result->count++];
        size_t against = field->twin != SIZE_MAX ? field->twin : field->counterpart;

        *line = (merge_line){
            .kept = field->in_result, .content = field->field.content, .rule = field->rule, .result_index = SIZE_MAX
        };
        line->origin = field->twin != SIZE_MAX ? MERGE_FROM_BOTH : place->incoming ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;
        memcpy(line->tag, field->field.tag, sizeof line->tag);
        make_storable(line->tag);
        if (against != SIZE_MAX)
            line->other = other->fields[against].field.content;
        if (!line->kept)
            continue;
        line->result_index = marc_record_count(result->record);
        recto_status status = marc_record_append(result->record, line->tag, line->content, error);
        if (status != RECTO_OK)
            return status;
    }
    return RECTO_OK;
}

static bool add_leader(merge_result *result, const merge_plan *plan, const char *existing, const char *incoming)
{
    const char *mine = arena_copy(result->memory, existing, MARC_LEADER_LENGTH);
    const char *theirs = arena_copy(result->memory, incoming, MARC_LEADER_LENGTH);
    merge_line *line = &result->lines[result->count++];

    if (mine == NULL || theirs == NULL)
        return false;
    *line = (merge_line){ .kept = true, .tag = "LDR", .result_index = SIZE_MAX, .rule = plan->leader_rule };
    line->origin = memcmp(mine, theirs, MARC_LEADER_LENGTH) == 0 ? MERGE_FROM_BOTH
                   : plan->keep_leader                           ? MERGE_FROM_EXISTING
                                                                 : MERGE_FROM_INCOMING;
    line->content = text_of(plan->keep_leader ? mine : theirs, MARC_LEADER_LENGTH);
    line->other = text_of(plan->keep_leader ? theirs : mine, MARC_LEADER_LENGTH);
    marc_record_set_leader(result->record, line->content.bytes);
    return true;
}

static recto_status merge_by_plan(merge_result **out, const merge_plan *plan, const marc_record *existing,
                                  const marc_record *incoming, recto_error *error)
{
    merge_side sides[2] = { { 0 } }; /* [0] existing, [1] incoming */
    merge_order order = { 0 };
    recto_status status = RECTO_ENOMEM;
    merge_result *result = calloc(1, sizeof *result);

    if (result == NULL)
        return recto_fail_memory(error, "merging records");
    result->memory = arena_new(0);
    if (result->memory == NULL || marc_record_new(&result->record, error) != RECTO_OK)
        goto out;
    if (!load_side(&sides[0], result->memory, existing) || !load_side(&sides[1], result->memory, incoming))
        goto out;
    result->lines = arena_calloc(result->memory, 1 + sides[0].count + sides[1].count, sizeof *result->lines);
    if (result->lines == NULL || !merge_pair(&sides[0], &sides[1]))
        goto out;
    decide(&sides[0], plan->rows, true);
    decide(&sides[1], plan->rows, false);
    forget_doubles(&sides[0], &sides[1]);
    if (!merge_order_make(&order, &sides[0], &sides[1]) ||
        !add_leader(result, plan, marc_record_leader(existing), marc_record_leader(incoming)))
        goto out;
    status = append_lines(result, &order, sides, error);
    if (status == RECTO_OK) {
        *out = result;
        result = NULL;
    }
out:
    merge_order_release(&order);
    merge_result_free(result);
    return status == RECTO_ENOMEM ? recto_fail_memory(error, "merging records") : status;
}

recto_status match_merge(merge_result **out, merge_method method, const marc_record *existing, const marc_record *incoming,
                         recto_error *error)
{
    if (method <= MERGE_NONE || method > MERGE_CONDITIONAL_SUBJECTS)
        return recto_fail(error, RECTO_EINVALID, NULL, "choose one of the methods that recto merge --help lists",
                          "no merge method is chosen");
    return merge_by_plan(out, &plans[method], existing, incoming, error);
}

recto_status match_overlay(merge_result **out, const marc_record *open, const marc_record *chosen, recto_error *error)
{
    return merge_by_plan(out, &overlay_plan, open, chosen, error);
}
