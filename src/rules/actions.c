/* src/rules/actions.c - actions on whole fields that need no new field, and the table of all of them. @spec rules.md 3.3 */
#include "run.h"

#include <string.h>

bool action_takes(run *r, const rule_action *action, const work_field *field)
{
    scope occurrence = { .only = field };
    return !field->removed && run_step(r, 1 + field->content.length / 256) && field_fits(&action->arguments[0].path, field) &&
           (action->only_if == NULL || condition_holds(r, action->only_if, &occurrence)) && r->status == RECTO_OK;
}

static bool takes_match(run *r, const rule_action *action, const work_field *field)
{
    return field_matches(&action->arguments[0].path, field) && action_takes(r, action, field);
}

static bool remove_fields(run *r, const rule_action *action)
{
    for (size_t i = 0; i < r->count; i++)
        if (takes_match(r, action, &r->fields[i]))
            run_remove(r, &r->fields[i]);
    run_drop_removed(r);
    return true;
}

/* A data field does not become a control field, nor the other way round, and nothing becomes the leader. [U] */
static bool change_tags(run *r, const rule_action *action)
{
    const tag_pattern *tag = &action->arguments[1].tags[0];
    if (tag_pattern_is_leader(tag))
        return true;
    for (size_t i = 0; i < r->count; i++)
        if (r->fields[i].control == tag_pattern_is_control(tag) && takes_match(r, action, &r->fields[i]))
            run_set_tag(r, &r->fields[i], tag->text);
    run_place_retagged(r);
    return true;
}

static bool set_indicator(run *r, work_field *field, size_t place, char value)
{
    text head = field_head(field);
    char indicators[2] = { ' ', ' ' };
    for (size_t i = 0; i < 2 && i < head.length; i++)
        indicators[i] = head.bytes[i];
    if (head.length > 2) /* an unsound field: characters of several bytes */
        return true;
    indicators[place] = value;
    buffer_clear(&r->scratch);
    buffer_append(&r->scratch, indicators, sizeof indicators);
    buffer_append_text(&r->scratch, text_of(field->content.bytes + head.length, field->content.length - head.length));
    return !buffer_failed(&r->scratch) ? run_set_content(r, field, buffer_text(&r->scratch)) : run_no_memory(r);
}

static bool change_indicators(run *r, const rule_action *action)
{
    size_t place = action->kind == ACTION_SECOND_INDICATOR;
    for (size_t i = 0; i < r->count; i++)
        if (!r->fields[i].control && takes_match(r, action, &r->fields[i]) &&
            !set_indicator(r, &r->fields[i], place, action->arguments[1].character))
            return false;
    return true;
}

/* ---- control fields ---------------------------------------------------------------------------------------------- */

/* The leader keeps its length: a new text is cut or filled with blanks to that of the slice. [U] */
static bool replace_in_leader(run *r, const rule_path *path, text words)
{
    char leader[MARC_LEADER_LENGTH];
    size_t length = path->has_slice ? path->slice_length : MARC_LEADER_LENGTH;
    memcpy(leader, r->leader_bytes, sizeof leader);
    for (size_t i = 0; i < words.length; i++)
        if ((unsigned char)words.bytes[i] >= 0x80)
            return true;
    memset(leader + path->position, ' ', length);
    memcpy(leader + path->position, words.bytes, words.length < length ? words.length : length);
    if (!run_set_content(r, &r->leader, text_of(leader, sizeof leader)))
        return false;
    memcpy(r->leader_bytes, leader, sizeof leader);
    return true;
}

/* Elsewhere the field grows or shrinks with the text. [U] */
static bool replace_in_control(run *r, work_field *field, const rule_path *path, text words)
{
    size_t begin = path->position, end = path->has_slice ? begin + path->slice_length : field->content.length;
    if (field == &r->leader)
        return replace_in_leader(r, path, words);
    buffer_clear(&r->scratch);
    buffer_append(&r->scratch, field->content.bytes, begin);
    buffer_append_text(&r->scratch, words);
    buffer_append(&r->scratch, field->content.bytes + end, field->content.length - end);
    return !buffer_failed(&r->scratch) ? run_set_content(r, field, buffer_text(&r->scratch)) : run_no_memory(r);
}

static bool replace_control(run *r, const rule_action *action)
{
    const rule_path *path = &action->arguments[0].path;
    text words = action->arguments[1].words;
    if (tag_pattern_is_leader(&path->tag))
        return !takes_match(r, action, &r->leader) || replace_in_control(r, &r->leader, path, words);
    for (size_t i = 0; i < r->count; i++)
        if (takes_match(r, action, &r->fields[i]) && !replace_in_control(r, &r->fields[i], path, words))
            return false;
    return true;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static bool set_indication(run *r, const rule_action *action)
{
    r->result.indication |= action->arguments[0].number != 0;
    return true;
}

static bool set_brief_level(run *r, const rule_action *action)
{
    r->result.brief_level = action->arguments[0].number;
    return true;
}

static const struct {
    bool (*run)(run *r, const rule_action *action);
    bool needs_field; /* does nothing on a record without a field of the first argument's tag */
} table[ACTION_COUNT] = {
    [ACTION_ADD_FIELD] = { action_add_field, false },
    [ACTION_ADD_SUBFIELD] = { action_edit_subfields, true },
    [ACTION_ADD_CONTROL] = { action_add_control, false },
    [ACTION_REMOVE_FIELD] = { remove_fields, true },
    [ACTION_REMOVE_SUBFIELD] = { action_edit_subfields, true },
    [ACTION_REMOVE_CONTROL] = { remove_fields, true },
    [ACTION_CHANGE_FIELD] = { change_tags, true },
    [ACTION_CHANGE_CONTROL] = { change_tags, true },
    [ACTION_CHANGE_SUBFIELD] = { action_edit_subfields, true },
    [ACTION_CHANGE_SUBFIELD_BUT_FIRST] = { action_edit_subfields, true },
    [ACTION_FIRST_INDICATOR] = { change_indicators, true },
    [ACTION_SECOND_INDICATOR] = { change_indicators, true },
    [ACTION_COPY_FIELD] = { action_copy_field, true },
    [ACTION_COPY_CONTROL] = { action_copy_control, true },
    [ACTION_COMBINE] = { action_combine, true },
    [ACTION_DUPLICATE_FIELDS] = { action_duplicate_fields, false },
    [ACTION_DUPLICATE_SUBFIELDS] = { action_edit_subfields, true },
    [ACTION_MOVE_TO_END] = { action_edit_subfields, true },
    [ACTION_REPLACE] = { action_edit_subfields, true },
    [ACTION_REPLACE_BUT_FIRST] = { action_edit_subfields, true },
    [ACTION_REPLACE_ONLY_FIRST] = { action_edit_subfields, true },
    [ACTION_REPLACE_CONTROL] = { replace_control, true },
    [ACTION_PREFIX] = { action_edit_subfields, true },
    [ACTION_SUFFIX] = { action_edit_subfields, true },
    [ACTION_PREFIX_SUBFIELD] = { action_edit_subfields, true },
    [ACTION_SUFFIX_SUBFIELD] = { action_edit_subfields, true },
    [ACTION_SPLIT] = { action_split, true },
    [ACTION_SYSTEM_NUMBER] = { action_system_number, false },
    [ACTION_INDICATION] = { set_indication, false },
    [ACTION_BRIEF_LEVEL] = { set_brief_level, false },
};

bool action_run(run *r, const rule_action *action)
{
    if (table[action->kind].needs_field && !run_may_occur(r, &action->arguments[0].path.tag))
        return true;
    return run_step(r, r->count) && table[action->kind].run(r, action) && r->status == RECTO_OK;
}
