/* src/rules/action_fields.c - actions that make fields, or look at several at once. @spec rules.md 3.3
 *
 * What is copied is collected first: a rule that copies 5** to 599 does not see its own copies. */
#include "run.h"

#include <string.h>

bool source_value(const run *r, const rule_path *path, const work_field *same, text *out)
{
    subfield at = { .next = 0 };
    if (path->code == '\0') {
        for (size_t i = 0; i < r->count; i++)
            if (r->fields[i].control && field_fits(path, &r->fields[i])) {
                *out = r->fields[i].content;
                return true;
            }
        return false;
    }
    bool within = same != NULL && tag_pattern_matches(&path->tag, same->tag);
    for (size_t i = 0; i < (within ? 1 : r->count); i++) {
        const work_field *field = within ? same : &r->fields[i];
        for (at.next = 0; field_fits(path, field) && subfield_next(field, at.next, &at);)
            if (subfield_fits(path, &at)) {
                *out = at.value;
                return true;
            }
    }
    return false;
}

/* ---- new fields -------------------------------------------------------------------------------------------------- */

static bool finish_scratch(run *r, text *out)
{
    if (buffer_failed(&r->scratch))
        return r->scratch.length > RUN_CONTENT_LIMIT ? run_fail(r, RECTO_ELIMIT, "a field grows over a mebibyte")
                                                     : run_no_memory(r);
    return run_keep(r, out, buffer_text(&r->scratch));
}

static char created_indicator(const rule_path *path, int which)
{
    char wanted = path->indicators[which - 1];
    return path->has_indicators && wanted != '\0' ? wanted : ' ';
}

static void begin_content(run *r, const rule_path *path)
{
    buffer_clear(&r->scratch);
    buffer_append_char(&r->scratch, created_indicator(path, 1));
    buffer_append_char(&r->scratch, created_indicator(path, 2));
}

static void append_subfield(run *r, char code, text value)
{
    buffer_append_char(&r->scratch, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(&r->scratch, code);
    buffer_append_text(&r->scratch, value);
}

/* There is no occurrence yet: the `if` looks at all fields of the tag. */
static bool may_add(run *r, const rule_action *action)
{
    scope all = { .tag = &action->arguments[0].path.tag };
    return action->only_if == NULL || condition_holds(r, action->only_if, &all);
}

static bool insert_subfield(run *r, const rule_path *path, char code, text value)
{
    text content = { "", 0 };
    if (tag_pattern_is_control(&path->tag))
        return true;
    begin_content(r, path);
    append_subfield(r, code, value);
    return finish_scratch(r, &content) && run_insert(r, path->tag.text, content);
}

bool action_add_field(run *r, const rule_action *action)
{
    const rule_path *path = &action->arguments[0].path;
    return !may_add(r, action) || insert_subfield(r, path, path->code, path->words);
}

static bool may_be_control(const tag_pattern *tag)
{
    return tag_pattern_is_control(tag) && !tag_pattern_is_leader(tag);
}

static bool insert_control(run *r, const tag_pattern *tag, text value)
{
    text content = { "", 0 };
    return !may_be_control(tag) || (run_keep(r, &content, value) && run_insert(r, tag->text, content));
}

bool action_add_control(run *r, const rule_action *action)
{
    const rule_path *path = &action->arguments[0].path;
    return !may_add(r, action) || insert_control(r, &path->tag, path->words);
}

/* ---- copies ------------------------------------------------------------------------------------------------------ */

/* Whole fields keep their indicators unless the target has some; single subfields begin with blank ones. */
static void begin_copy(run *r, const work_field *field, const rule_path *from, const rule_path *to)
{
    begin_content(r, to);
    if (from->code == '\0' && to->code == '\0' && !to->has_indicators) {
        buffer_clear(&r->scratch);
        buffer_append_text(&r->scratch, field_head(field));
    }
}

/* The content of the copy in the scratch buffer. [U]: a control field copied to a data field without a code becomes $a; a field
 * copied to a code becomes that code in each subfield. */
static bool write_copy(run *r, const work_field *field, const rule_path *from, const rule_path *to)
{
    subfield at = { .next = 0 };
    bool to_control = may_be_control(&to->tag);
    if (field->control != to_control && !field->control)
        return false;
    if (to_control) {
        buffer_clear(&r->scratch);
        buffer_append_text(&r->scratch, field->content);
        return true;
    }
    begin_copy(r, field, from, to);
    if (field->control)
        append_subfield(r, to->code != '\0' ? to->code : 'a', field->content);
    while (subfield_next(field, at.next, &at)) {
        if (from->code != '\0' && !subfield_fits(from, &at))
            continue;
        if (to->code != '\0' && at.code != '\0')
            append_subfield(r, to->code, at.value);
        else
            buffer_append_text(&r->scratch, at.whole);
    }
    return true;
}

bool action_copy_field(run *r, const rule_action *action)
{
    const rule_path *from = &action->arguments[0].path, *to = &action->arguments[1].path;
    size_t count = 0, found = r->count;
    text *copies = tag_pattern_is_leader(&to->tag) || found == 0 ? NULL : run_alloc(r, found * sizeof *copies);
    if (copies == NULL)
        return r->status == RECTO_OK;
    for (size_t i = 0; i < found; i++) {
        const work_field *field = &r->fields[i];
        if (!field_matches(from, field) || !action_takes(r, action, field) || !write_copy(r, field, from, to))
            continue;
        if (!finish_scratch(r, &copies[count++]))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!run_insert(r, to->tag.text, copies[i]))
            return false;
    return true;
}

bool action_copy_control(run *r, const rule_action *action)
{
    const rule_path *from = &action->arguments[0].path;
    const tag_pattern *to = &action->arguments[1].tags[0];
    for (size_t i = 0; i < r->count; i++) {
        const work_field *field = &r->fields[i];
        subfield at = { .next = 0 };
        if (!field_matches(from, field) || !action_takes(r, action, field))
            continue;
        if (from->code == '\0')
            return !field->control || insert_control(r, to, field->content);
        while (subfield_next(field, at.next, &at))
            if (subfield_fits(from, &at))
                return insert_control(r, to, at.value);
    }
    return true;
}

/* ---- several fields at once -------------------------------------------------------------------------------------- */

static bool is_excluded(text codes, char code)
{
    return code != '\0' && codes.length > 0 && memchr(codes.bytes, code, codes.length) != NULL;
}

static void append_others(run *r, const work_field *field, text excluded)
{
    subfield at = { .next = 0 };
    while (subfield_next(field, at.next, &at))
        if (!is_excluded(excluded, at.code))
            buffer_append_text(&r->scratch, at.whole);
}

/* The listed codes come from the first field only. [U] */
bool action_combine(run *r, const rule_action *action)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < r->count; i++) {
        work_field *field = &r->fields[i];
        if (field->control || !field_matches(&action->arguments[0].path, field) || !action_takes(r, action, field))
            continue;
        if (first == SIZE_MAX) {
            first = i;
            buffer_clear(&r->scratch);
            buffer_append_text(&r->scratch, field->content);
            continue;
        }
        append_others(r, field, action->arguments[1].words);
        run_remove(r, field);
    }
    text content = { "", 0 };
    if (r->removed == 0)
        return true;
    if (!finish_scratch(r, &content) || !run_set_content(r, &r->fields[first], content))
        return false;
    run_drop_removed(r);
    return true;
}

static bool is_named(const rule_action *action, const work_field *field)
{
    for (size_t i = 0; i < action->arguments[0].tag_count; i++) {
        const tag_pattern *tag = &action->arguments[0].tags[i];
        if ((!field->control || !tag->wild) && tag_pattern_matches(tag, field->tag))
            return true;
    }
    return false;
}

static bool stands_before(run *r, size_t index)
{
    const work_field *field = &r->fields[index];
    for (size_t i = 0; i < index; i++)
        if (!r->fields[i].removed && run_step(r, 1) && r->fields[i].content.length == field->content.length &&
            strcmp(r->fields[i].tag, field->tag) == 0 && text_equal(r->fields[i].content, field->content))
            return true;
    return false;
}

bool action_duplicate_fields(run *r, const rule_action *action)
{
    for (size_t i = 1; i < r->count; i++) {
        scope occurrence = { .only = &r->fields[i] };
        if (is_named(action, &r->fields[i]) && stands_before(r, i) &&
            (action->only_if == NULL || condition_holds(r, action->only_if, &occurrence)))
            run_remove(r, &r->fields[i]);
    }
    run_drop_removed(r);
    return r->status == RECTO_OK;
}

/* ---- pieces and numbers ------------------------------------------------------------------------------------------ */

/* Blanks around a piece do not belong to it. [U] */
static bool insert_pieces(run *r, const rule_path *from, const rule_path *to, text value)
{
    while (value.bytes != NULL) {
        const char *cut = text_find(value, from->words);
        size_t length = cut == NULL ? value.length : (size_t)(cut - value.bytes);
        text piece = text_trim(text_of(value.bytes, length));
        value = cut == NULL ? text_of(NULL, 0) : text_of(cut + from->words.length, value.length - length - from->words.length);
        if (piece.length > 0 && (!run_step(r, 1) || !insert_subfield(r, to, to->code, piece)))
            return false;
    }
    return true;
}

static bool collect_values(run *r, const rule_action *action, text **values, size_t *count)
{
    const rule_path *from = &action->arguments[0].path;
    for (int round = 0; round < 2; round++) { /* the first counts */
        *count = 0;
        for (size_t i = 0; i < r->count; i++) {
            subfield at = { .next = 0 };
            if (!field_fits(from, &r->fields[i]) || !action_takes(r, action, &r->fields[i]))
                continue;
            for (; subfield_next(&r->fields[i], at.next, &at);)
                if (code_fits(from, at.code)) {
                    if (round > 0)
                        (*values)[*count] = at.value;
                    ++*count;
                }
        }
        if (*count == 0)
            return r->status == RECTO_OK;
        if (round == 0 && (*values = run_alloc(r, *count * sizeof **values)) == NULL)
            return false;
    }
    return true;
}

bool action_split(run *r, const rule_action *action)
{
    text *values = NULL;
    size_t count = 0;
    if (!collect_values(r, action, &values, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!insert_pieces(r, &action->arguments[0].path, &action->arguments[1].path, values[i]))
            return false;
    return true;
}

bool action_system_number(run *r, const rule_action *action)
{
    const rule_path *path = &action->arguments[0].path;
    text number = { "", 0 }, source = { "", 0 }, content = { "", 0 };
    if (!source_value(r, &action->arguments[1].path, NULL, &number) ||
        !source_value(r, &action->arguments[2].path, NULL, &source) || !may_add(r, action) || tag_pattern_is_control(&path->tag))
        return r->status == RECTO_OK;
    begin_content(r, path);
    append_subfield(r, path->code, TEXT("("));
    buffer_append_text(&r->scratch, text_trim(source));
    buffer_append_string(&r->scratch, ")");
    buffer_append_text(&r->scratch, text_trim(number));
    return finish_scratch(r, &content) && run_insert(r, path->tag.text, content);
}
