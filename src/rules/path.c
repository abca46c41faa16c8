/* src/rules/path.c - field paths: TAG.{i,j}.c.value and TAG.{position,length}.value. @spec rules.md 1.2
 *
 * A path is cut at the first period, then braces, then one code; all behind the next period is the value. */
#include "pattern.h"

#include <string.h>

enum { SLICE_LIMIT = 99999 };

static bool find_braces(text *inside, text *rest, text_fault *fault)
{
    const char *close = memchr(rest->bytes, '}', rest->length);
    if (close == NULL)
        return text_fault_set(fault, "E21", "{ without }, expected }");
    size_t length = (size_t)(close - rest->bytes);
    *inside = text_of(rest->bytes + 1, length - 1);
    *rest = text_of(close + 1, rest->length - length - 1);
    if (rest->length > 0 && rest->bytes[0] != '.')
        return text_fault_set(fault, "E21", "no period after }, expected . or the end of the text");
    return true;
}

static bool split_pair(text inside, text pair[2], text_fault *fault)
{
    const char *comma = inside.length == 0 ? NULL : memchr(inside.bytes, ',', inside.length);
    if (comma == NULL)
        return text_fault_set(fault, "E22", "one value in braces, expected two with a comma between");
    size_t first = (size_t)(comma - inside.bytes);
    pair[0] = text_of(inside.bytes, first);
    pair[1] = text_of(comma + 1, inside.length - first - 1);
    if (pair[1].length > 0 && memchr(pair[1].bytes, ',', pair[1].length) != NULL)
        return text_fault_set(fault, "E22", "more than two values in braces, expected two");
    return true;
}

static bool parse_number(size_t *out, text raw, text_fault *fault)
{
    int64_t number = 0;
    text digits = text_trim(raw);
    if (!text_to_integer(digits, &number) || number < 0 || number > SLICE_LIMIT)
        return text_fault_set(fault, "E23", "position or length is not a number from 0 to %d, expected {position,length}",
                              SLICE_LIMIT);
    *out = (size_t)number;
    return true;
}

static bool parse_braces(rule_path *path, text *rest, text_fault *fault)
{
    text inside = { "", 0 }, pair[2] = { { "", 0 }, { "", 0 } };
    if (!find_braces(&inside, rest, fault) || !split_pair(inside, pair, fault))
        return false;
    if (path->control) {
        path->has_slice = true;
        return parse_number(&path->position, pair[0], fault) && parse_number(&path->slice_length, pair[1], fault);
    }
    path->has_indicators = true;
    return indicator_parse(&path->indicators[0], pair[0], fault) && indicator_parse(&path->indicators[1], pair[1], fault);
}

/* A text is code and value when its second character is a period; else it is a value for any subfield. A code is never a
 * backslash: that begins an escaped character. [U] */
static bool parse_subpart(rule_path *path, text *value, text rest, text_fault *fault)
{
    if (rest.length == 1 || (rest.length > 1 && rest.bytes[1] == '.' && rest.bytes[0] != '\\')) {
        if (!code_parse(&path->code, text_of(rest.bytes, 1), fault))
            return false;
        path->has_value = rest.length > 1;
        *value = path->has_value ? text_of(rest.bytes + 2, rest.length - 2) : text_of("", 0);
        return true;
    }
    if (rest.length == 0)
        return text_fault_set(fault, "E26", "nothing after the period, expected a subfield code");
    path->code = '*';
    path->any_value = path->has_value = true;
    *value = rest;
    return true;
}

/* [U] A search text that begins with ^ or ends with $ may be a regular expression. */
static bool looks_like_expression(text raw)
{
    return raw.length > 1 && (raw.bytes[0] == '^' || raw.bytes[raw.length - 1] == '$');
}

/* What does not compile matches nothing, so it is no fault; the checker warns of it. */
static bool add_expression(rule_path *path, const path_context *context, text raw)
{
    text_fault refused = { 0 };
    if (!looks_like_expression(raw))
        return true;
    if (!expression_compile(&path->expression, raw, false, "W05", &refused)) {
        path->no_expression = arena_copy(context->memory, refused.message, strlen(refused.message));
        return refused.code != NULL && path->no_expression != NULL;
    }
    if (context->keep(context->keeper, path->expression))
        return true;
    expression_free(path->expression);
    path->expression = NULL;
    return false;
}

static bool parse_value(rule_path *path, const path_context *context, text raw, path_use use, text_fault *fault)
{
    if (use != PATH_SELECT) {
        unescaped search;
        if (!text_created(&path->words, context->memory, raw, fault))
            return false;
        if (use == PATH_CREATE)
            return true;
        if (!text_unescape(&search, context->memory, raw, fault))
            return false;
        for (size_t i = 0; i < search.bytes.length; i++)
            path->has_wildcard |= search.bytes.bytes[i] == '*' && search.plain[i];
        fault->code = NULL;
        if (!add_expression(path, context, raw))
            return false;
    }
    return glob_compile(&path->value, context->memory, raw, use == PATH_SELECT, fault);
}

bool path_parse(rule_path *out, const path_context *context, quoted source, path_use use, bool control, text_fault *fault)
{
    text rest = source.raw, value = { "", 0 };
    *out = (rule_path){ .source = source, .control = control };
    fault->code = NULL;
    if (!tag_pattern_parse(&out->tag, text_next_field(&rest, '.'), fault))
        return false;
    if (rest.bytes == NULL)
        return true;
    if (rest.length > 0 && rest.bytes[0] == '{') {
        if (!parse_braces(out, &rest, fault))
            return false;
        if (rest.length == 0)
            return true;
        rest = text_of(rest.bytes + 1, rest.length - 1);
    }
    if (control) {
        out->has_value = true;
        value = rest;
    } else if (!parse_subpart(out, &value, rest, fault)) {
        return false;
    }
    return !out->has_value || parse_value(out, context, value, use, fault);
}
