/* src/rules/subfields.c - a field's content in pieces, and whether it fits a path. @spec rules.md 1.2, 1.3 */
#include "run.h"

#include <string.h>

text field_head(const work_field *field)
{
    text content = field->content;
    const char *end = content.length == 0 ? NULL : memchr(content.bytes, MARC_SUBFIELD_DELIMITER, content.length);
    return text_of(content.bytes, end == NULL ? content.length : (size_t)(end - content.bytes));
}

bool subfield_next(const work_field *field, size_t at, subfield *out)
{
    text content = field->content;
    if (at == 0)
        at = field_head(field).length;
    if (field->control || at >= content.length)
        return false;
    const char *begin = content.bytes + at;
    size_t left = content.length - at;
    const char *end = left == 1 ? NULL : memchr(begin + 1, MARC_SUBFIELD_DELIMITER, left - 1);
    size_t length = end == NULL ? left : (size_t)(end - begin);
    out->whole = text_of(begin, length);
    out->code = length > 1 ? begin[1] : '\0';
    out->value = length > 1 ? text_of(begin + 2, length - 2) : text_of(begin + length, 0);
    out->next = at + length;
    return true;
}

char field_indicator(const work_field *field, int which)
{
    text head = field_head(field);
    return head.length < (size_t)which ? ' ' : head.bytes[which - 1];
}

/* A wildcard never covers a control field. [U] */
static bool tag_fits(const tag_pattern *pattern, const work_field *field)
{
    if (pattern->number >= 0 || !pattern->wild)
        return memcmp(pattern->text, field->tag, (size_t)pattern->length + 1) == 0;
    return !field->control && tag_pattern_matches(pattern, field->tag);
}

/* In paths of control fields it covers 00X, and never the leader. */
static bool control_tag_fits(const tag_pattern *pattern, const work_field *field)
{
    if (!pattern->wild)
        return memcmp(pattern->text, field->tag, (size_t)pattern->length + 1) == 0;
    return strcmp(field->tag, "LDR") != 0 && tag_pattern_matches(pattern, field->tag);
}

static bool indicators_fit(const rule_path *path, const work_field *field)
{
    return (path->indicators[0] == '\0' || field_indicator(field, 1) == path->indicators[0]) &&
           (path->indicators[1] == '\0' || field_indicator(field, 2) == path->indicators[1]);
}

bool field_fits(const rule_path *path, const work_field *field)
{
    if (path->control)
        return field->control && control_tag_fits(&path->tag, field);
    return tag_fits(&path->tag, field) && (!path->has_indicators || (!field->control && indicators_fit(path, field)));
}

bool subfield_fits(const rule_path *path, const subfield *subfield)
{
    return code_fits(path, subfield->code) && (!path->has_value || glob_matches(&path->value, subfield->value));
}

bool field_slice(const rule_path *path, const work_field *field, text *out)
{
    *out = field->content;
    if (!path->has_slice)
        return true;
    if (field->content.length < path->position + path->slice_length)
        return false;
    *out = text_of(field->content.bytes + path->position, path->slice_length);
    return true;
}

bool field_matches(const rule_path *path, const work_field *field)
{
    subfield at = { .next = 0 };
    text slice;
    if (!field_fits(path, field))
        return false;
    if (path->control)
        return field_slice(path, field, &slice) && (!path->has_value || glob_matches(&path->value, slice));
    if (path->code == '\0')
        return true;
    while (subfield_next(field, at.next, &at))
        if (subfield_fits(path, &at))
            return true;
    return false;
}
