/* src/tui/text_pattern.c - see text_pattern.h. */
#include "text_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MATCH_LIMIT = 200000, DEPTH_LIMIT = 5000, HEAP_KILOBYTES = 8192, RESULT_BYTES = 4 << 20 };

struct text_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
    pcre2_match_data *found;
    size_t limits_met;
    bool expression;
};

void text_pattern_free(text_pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_match_data_free(pattern->found);
    pcre2_match_context_free(pattern->limits);
    pcre2_code_free(pattern->code);
    free(pattern);
}

static bool has_capital(text typed)
{
    for (size_t i = 0; i < typed.length; i++)
        if (typed.bytes[i] >= 'A' && typed.bytes[i] <= 'Z')
            return true;
    return false;
}

/* "/expression/flags" to what is within; false: plain text. */
static bool read_expression(text *typed, uint32_t *options, bool *words)
{
    size_t end = typed->length;
    while (end > 1 && (typed->bytes[end - 1] == 'i' || typed->bytes[end - 1] == 'w'))
        end--;
    if (end < 3 || typed->bytes[0] != '/' || typed->bytes[end - 1] != '/')
        return false;
    for (size_t i = end; i < typed->length; i++) {
        *options |= typed->bytes[i] == 'i' ? PCRE2_CASELESS : 0;
        *words |= typed->bytes[i] == 'w';
    }
    *typed = text_of(typed->bytes + 1, end - 2);
    return true;
}

static recto_status compile(text_pattern *pattern, text typed, uint32_t options, bool words, recto_error *error)
{
    int number = 0;
    size_t column = 0;
    pcre2_compile_context *context = words ? pcre2_compile_context_create(NULL) : NULL;
    if (context != NULL)
        pcre2_set_compile_extra_options(context, PCRE2_EXTRA_MATCH_WORD);
    pattern->code = pcre2_compile((PCRE2_SPTR)typed.bytes, typed.length, options, &number, &column, context);
    pcre2_compile_context_free(context);
    if (pattern->code == NULL) {
        char words_of_fault[120], place[40];
        pcre2_get_error_message(number, (PCRE2_UCHAR *)words_of_fault, sizeof words_of_fault);
        snprintf(place, sizeof place, "column %zu", column + 1);
        return recto_fail(error, RECTO_EINVALID, place, "plain text needs no slashes around it", "no expression: %s",
                          words_of_fault);
    }
    pattern->limits = pcre2_match_context_create(NULL);
    pattern->found = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (pattern->limits == NULL || pattern->found == NULL)
        return recto_fail_memory(error, "searching");
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(pattern->limits, HEAP_KILOBYTES);
    return RECTO_OK;
}

recto_status text_pattern_new(text_pattern **out, text typed, recto_error *error)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    bool words = false;
    text_pattern *pattern = calloc(1, sizeof *pattern);
    if (pattern == NULL)
        return recto_fail_memory(error, "searching");
    pattern->expression = read_expression(&typed, &options, &words);
    if (pattern->expression)
        options |= PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    else
        options |= PCRE2_LITERAL | (has_capital(typed) ? 0 : PCRE2_CASELESS);
    recto_status status = compile(pattern, typed, options, words, error);
    if (status == RECTO_OK)
        *out = pattern;
    else
        text_pattern_free(pattern);
    return status;
}

bool text_pattern_is_expression(const text_pattern *pattern)
{
    return pattern->expression;
}

size_t text_pattern_limits_met(const text_pattern *pattern)
{
    return pattern->limits_met;
}

bool text_pattern_find(text_pattern *pattern, text subject, size_t from, size_t *start, size_t *length)
{
    const char *bytes = subject.bytes != NULL ? subject.bytes : "";
    while (from <= subject.length) {
        int count = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, subject.length, from, 0, pattern->found, pattern->limits);
        if (count < 0) {
            pattern->limits_met += count != PCRE2_ERROR_NOMATCH ? 1 : 0;
            return false;
        }
        const size_t *vector = pcre2_get_ovector_pointer(pattern->found);
        *start = vector[0];
        *length = vector[1] > vector[0] ? vector[1] - vector[0] : 0; /* \K can put the end before the start */
        if (*length > 0)
            return true;
        for (from = vector[1] + 1; from < subject.length && ((unsigned char)bytes[from] & 0xC0) == 0x80;)
            from++;
    }
    return false;
}

static recto_status fail_substitution(int number, recto_error *error)
{
    char words[120];
    pcre2_get_error_message(number, (PCRE2_UCHAR *)words, sizeof words);
    if (number == PCRE2_ERROR_MATCHLIMIT || number == PCRE2_ERROR_DEPTHLIMIT || number == PCRE2_ERROR_HEAPLIMIT ||
        number == PCRE2_ERROR_NOMEMORY)
        return recto_fail(error, RECTO_ELIMIT, NULL, "write an expression that tries less", "%s", words);
    return recto_fail(error, RECTO_EINVALID, "replacement", "$1 is the first group, $$ a dollar sign", "%s", words);
}

/* The match that was found last gives way. */
static recto_status substitute(text_pattern *pattern, buffer *out, text subject, text replacement, recto_error *error)
{
    uint32_t options = PCRE2_SUBSTITUTE_MATCHED | PCRE2_SUBSTITUTE_REPLACEMENT_ONLY | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
    size_t size = replacement.length + 1024;
    if (!pattern->expression)
        options |= PCRE2_SUBSTITUTE_LITERAL;
    for (int attempt = 0; attempt < 2; attempt++) {
        size_t needed = size;
        char *room = buffer_reserve(out, size);
        if (room == NULL)
            return recto_fail_memory(error, "replacing");
        int made = pcre2_substitute(pattern->code, (PCRE2_SPTR)subject.bytes, subject.length, 0, options, pattern->found,
                                    pattern->limits, (PCRE2_SPTR)(replacement.length > 0 ? replacement.bytes : ""),
                                    replacement.length, (PCRE2_UCHAR *)room, &needed);
        if (made >= 0) {
            buffer_grow(out, needed);
            return RECTO_OK;
        }
        if (made != PCRE2_ERROR_NOMEMORY || needed > RESULT_BYTES)
            return fail_substitution(made, error);
        size = needed;
    }
    return recto_fail_memory(error, "replacing");
}

recto_status text_pattern_replace(text_pattern *pattern, buffer *out, size_t *count, text subject, text replacement,
                                  recto_error *error)
{
    size_t from = 0, start, length;
    while (text_pattern_find(pattern, subject, from, &start, &length)) {
        buffer_append(out, subject.bytes + from, start - from);
        recto_status status = substitute(pattern, out, subject, replacement, error);
        if (status != RECTO_OK)
            return status;
        from = start + length;
        (*count)++;
    }
    buffer_append(out, subject.bytes + from, subject.length - from);
    return buffer_failed(out) ? recto_fail_memory(error, "replacing") : RECTO_OK;
}
