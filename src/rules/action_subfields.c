/* src/rules/action_subfields.c - actions within a field: each goes over the subfields once and writes the content anew.
 *
 * A field in which nothing would change is left alone before a byte is written. @spec rules.md 3.3, 3.4 */
#include "run.h"

#include <string.h>

/* A field at work. */
typedef struct edit {
    run *r;
    const rule_action *action;
    const rule_path *path;
    const work_field *field;
    buffer *out;
} edit;

/* ---- finding and replacing (3.4) --------------------------------------------------------------------------------- */

/* [U] The expression is used where its text does not stand in the value as it is. */
static bool uses_expression(const rule_path *path, text value)
{
    return path->expression != NULL && text_find(value, path->words) == NULL;
}

static bool is_found(const rule_path *path, text value)
{
    size_t start, length;
    if (!path->has_value || uses_expression(path, value))
        return true;
    if (path->has_wildcard)
        return glob_find(&path->value, value, &start, &length);
    return path->words.length > 0 && text_find(value, path->words) != NULL;
}

static void replace_all(const edit *e, text value, text with)
{
    const char *found = NULL;
    while ((found = text_find(value, e->path->words)) != NULL) {
        size_t before = (size_t)(found - value.bytes);
        buffer_append(e->out, value.bytes, before);
        buffer_append_text(e->out, with);
        value = text_of(found + e->path->words.length, value.length - before - e->path->words.length);
    }
    buffer_append_text(e->out, value);
}

static void replace_stretch(const edit *e, text value, text with, size_t start, size_t length)
{
    buffer_append(e->out, value.bytes, start);
    buffer_append_text(e->out, with);
    buffer_append(e->out, value.bytes + start + length, value.length - start - length);
}

/* $0 to $9 are groups of the match. */
static void append_groups(const edit *e, text value, text with, const size_t *spans)
{
    for (size_t i = 0; i < with.length; i++) {
        char digit = with.bytes[i] == '$' && i + 1 < with.length ? with.bytes[i + 1] : '\0';
        if (digit < '0' || digit > '9') {
            buffer_append_char(e->out, with.bytes[i]);
            continue;
        }
        size_t group = 2 * (size_t)(digit - '0');
        if (spans[group] != SIZE_MAX && spans[group] <= spans[group + 1])
            buffer_append(e->out, value.bytes + spans[group], spans[group + 1] - spans[group]);
        i++;
    }
}

static bool replace_expression(const edit *e, text value, text with)
{
    size_t spans[2 * EXPRESSION_GROUPS];
    switch (expression_find(e->path->expression, value, spans)) {
    case EXPRESSION_NO:
        buffer_append_text(e->out, value);
        return true;
    case EXPRESSION_YES:
        break;
    case EXPRESSION_LIMIT:
        return run_fail(e->r, RECTO_ELIMIT, "the regular expression takes too many steps");
    case EXPRESSION_NO_MEMORY:
        return run_no_memory(e->r);
    }
    buffer_append(e->out, value.bytes, spans[0]);
    append_groups(e, value, with, spans);
    buffer_append(e->out, value.bytes + spans[1], value.length - spans[1]);
    return true;
}

static bool replace_value(const edit *e, text value)
{
    text with = e->action->arguments[1].words;
    size_t start = 0, length = 0;
    if (!e->path->has_value)
        buffer_append_text(e->out, with);
    else if (uses_expression(e->path, value))
        return replace_expression(e, value, with);
    else if (e->path->has_wildcard && glob_find(&e->path->value, value, &start, &length))
        replace_stretch(e, value, with, start, length);
    else if (!e->path->has_wildcard && e->path->words.length > 0)
        replace_all(e, value, with);
    else
        buffer_append_text(e->out, value);
    return true;
}

/* ---- one subfield ------------------------------------------------------------------------------------------------ */

/* @param nth  of the subfields with this code, from 0 */
static bool is_touched(const edit *e, const subfield *at, size_t nth)
{
    switch (e->action->kind) {
    case ACTION_CHANGE_SUBFIELD_BUT_FIRST:
        return nth > 0 && subfield_fits(e->path, at);
    case ACTION_REPLACE_BUT_FIRST:
        return nth > 0 && is_found(e->path, at->value);
    case ACTION_REPLACE_ONLY_FIRST:
        return nth == 0 && is_found(e->path, at->value);
    case ACTION_REPLACE:
        return is_found(e->path, at->value);
    default:
        return subfield_fits(e->path, at);
    }
}

static void append_coded(const edit *e, const subfield *at, char code)
{
    buffer_append_char(e->out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(e->out, code);
    buffer_append_text(e->out, at->value);
}

static void append_joined(const edit *e, const subfield *at, text more, bool before)
{
    buffer_append(e->out, at->whole.bytes, 2);
    buffer_append_text(e->out, before ? more : at->value);
    buffer_append_text(e->out, before ? at->value : more);
}

/* prefixSubField, suffixSubField: with the content of another subfield; none, no effect. */
static void append_with_source(const edit *e, const subfield *at, bool before)
{
    text more = { "", 0 };
    (void)source_value(e->r, &e->action->arguments[1].path, e->field, &more);
    append_joined(e, at, more, before);
}

static bool edit_one(const edit *e, const subfield *at)
{
    switch (e->action->kind) {
    case ACTION_REMOVE_SUBFIELD:
        return true;
    case ACTION_CHANGE_SUBFIELD:
    case ACTION_CHANGE_SUBFIELD_BUT_FIRST:
        append_coded(e, at, e->action->arguments[1].character);
        return true;
    case ACTION_PREFIX:
    case ACTION_SUFFIX:
        append_joined(e, at, e->action->arguments[1].words, e->action->kind == ACTION_PREFIX);
        return true;
    case ACTION_PREFIX_SUBFIELD:
    case ACTION_SUFFIX_SUBFIELD:
        append_with_source(e, at, e->action->kind == ACTION_PREFIX_SUBFIELD);
        return true;
    default:
        buffer_append(e->out, at->whole.bytes, 2);
        return replace_value(e, at->value);
    }
}

static bool is_any_touched(const edit *e)
{
    subfield at = { .next = 0 };
    size_t nth = 0;
    while (subfield_next(e->field, at.next, &at))
        if (code_fits(e->path, at.code) && is_touched(e, &at, nth++))
            return true;
    return false;
}

static bool edit_each(const edit *e)
{
    subfield at = { .next = 0 };
    size_t nth = 0;
    while (subfield_next(e->field, at.next, &at)) {
        bool touched = code_fits(e->path, at.code) && is_touched(e, &at, nth++);
        if (touched && (!run_step(e->r, 1) || !edit_one(e, &at)))
            return false;
        if (!touched)
            buffer_append_text(e->out, at.whole);
    }
    return true;
}

/* ---- the field as a whole ---------------------------------------------------------------------------------------- */

static bool is_listed(text codes, char code)
{
    return code != '\0' && codes.length > 0 && memchr(codes.bytes, code, codes.length) != NULL;
}

static bool move_to_end(const edit *e)
{
    text codes = e->action->arguments[1].words;
    subfield at = { .next = 0 };
    while (subfield_next(e->field, at.next, &at))
        if (!is_listed(codes, at.code))
            buffer_append_text(e->out, at.whole);
    for (size_t i = 0; i < codes.length; i++)
        for (at.next = 0;
             (i == 0 || !is_listed(text_of(codes.bytes, i), codes.bytes[i])) && subfield_next(e->field, at.next, &at);)
            if (at.code == codes.bytes[i] && run_step(e->r, 1))
                buffer_append_text(e->out, at.whole);
    return e->r->status == RECTO_OK;
}

static bool stands_before(const edit *e, const subfield *wanted)
{
    subfield at = { .next = 0 };
    while (subfield_next(e->field, at.next, &at) && at.whole.bytes != wanted->whole.bytes)
        if (!run_step(e->r, 1) || text_equal(at.whole, wanted->whole))
            return true;
    return false;
}

static bool drop_duplicates(const edit *e)
{
    text codes = e->action->arguments[1].words;
    subfield at = { .next = 0 };
    while (subfield_next(e->field, at.next, &at))
        if (!is_listed(codes, at.code) || !stands_before(e, &at))
            buffer_append_text(e->out, at.whole);
    return e->r->status == RECTO_OK;
}

static bool append_new(const edit *e)
{
    const text head = field_head(e->field);
    buffer_append(e->out, e->field->content.bytes + head.length, e->field->content.length - head.length);
    buffer_append_char(e->out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(e->out, e->path->code);
    buffer_append_text(e->out, e->path->words);
    return true;
}

static bool edit_whole(const edit *e)
{
    switch (e->action->kind) {
    case ACTION_MOVE_TO_END:
        return move_to_end(e);
    case ACTION_DUPLICATE_SUBFIELDS:
        return drop_duplicates(e);
    case ACTION_ADD_SUBFIELD:
        return append_new(e);
    default:
        return edit_each(e);
    }
}

static bool is_worth_it(const edit *e)
{
    switch (e->action->kind) {
    case ACTION_MOVE_TO_END:
    case ACTION_DUPLICATE_SUBFIELDS:
        return field_matches(e->path, e->field);
    case ACTION_ADD_SUBFIELD:
        return true;
    default:
        return is_any_touched(e);
    }
}

static bool edit_field(run *r, const rule_action *action, work_field *field)
{
    edit e = { r, action, &action->arguments[0].path, field, &r->scratch };
    if (field->control || !is_worth_it(&e))
        return true;
    buffer_clear(&r->scratch);
    buffer_append_text(&r->scratch, field_head(field));
    if (!edit_whole(&e))
        return false;
    if (buffer_failed(&r->scratch))
        return r->scratch.length > RUN_CONTENT_LIMIT ? run_fail(r, RECTO_ELIMIT, "a field grows over a mebibyte")
                                                     : run_no_memory(r);
    return run_set_content(r, field, buffer_text(&r->scratch));
}

bool action_edit_subfields(run *r, const rule_action *action)
{
    for (size_t i = 0; i < r->count; i++)
        if (field_fits(&action->arguments[0].path, &r->fields[i]) && action_takes(r, action, &r->fields[i]) &&
            !edit_field(r, action, &r->fields[i]))
            return false;
    return true;
}
