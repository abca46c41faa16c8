/* src/catalog/template_fill.c - values in braces: what they are, what is asked for, and a record with all of them filled in.
 *
 * Pure: time, user and answers come in as arguments. What stands in braces and is no value of ours stays as it is. */
#include "recto/catalog/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum value_kind {
    VALUE_NONE,
    VALUE_TODAY,
    VALUE_DATE_008,
    VALUE_YEAR,
    VALUE_USER,
    VALUE_SYMBOL,
    VALUE_CURSOR,
    VALUE_ASK,
    VALUE_CHOOSE
} value_kind;

static const struct {
    const char *word;
    value_kind kind;
} words[] = {
    { "today", VALUE_TODAY },   { "008date", VALUE_DATE_008 }, { "year", VALUE_YEAR }, { "user", VALUE_USER },
    { "symbol", VALUE_SYMBOL }, { "cursor", VALUE_CURSOR },    { "ask", VALUE_ASK },   { "choose", VALUE_CHOOSE },
};

typedef struct value {
    value_kind kind;
    text argument; /* behind the colon */
    size_t length; /* with its braces */
} value;

static bool value_at(value *out, text rest)
{
    const char *end = rest.length > 0 && rest.bytes[0] == '{' ? memchr(rest.bytes, '}', rest.length) : NULL;
    if (end == NULL)
        return false;
    text inside = text_of(rest.bytes + 1, (size_t)(end - rest.bytes) - 1);
    const text word = text_next_field(&inside, ':');
    *out = (value){ .argument = inside.bytes != NULL ? inside : TEXT(""), .length = (size_t)(end - rest.bytes) + 1 };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(word, text_from(words[i].word)))
            out->kind = words[i].kind;
    return out->kind != VALUE_NONE;
}

/* ---- prompts ----------------------------------------------------------------------------------------------------- */

/* "Year/4": the slash and a number at the end are its width. */
static text split_width(text label, size_t *width)
{
    int64_t number;
    for (size_t at = label.length; at-- > 0;)
        if (label.bytes[at] == '/') {
            if (text_to_integer(text_of(label.bytes + at + 1, label.length - at - 1), &number) && number > 0 && number < 100) {
                *width = (size_t)number;
                return text_of(label.bytes, at);
            }
            break;
        }
    return label;
}

static bool prompt_of(template_prompt *out, const value *found, const char *place)
{
    text argument = found->argument, label = argument;
    *out = (template_prompt){ .width = 0 };
    if (found->kind == VALUE_CHOOSE) {
        const char *mark = memchr(argument.bytes, '?', argument.length);
        label = mark != NULL ? text_of(argument.bytes, (size_t)(mark - argument.bytes)) : text_from(place);
        if (mark != NULL)
            argument = text_of(mark + 1, argument.length - label.length - 1);
        string_keep(out->choices, sizeof out->choices, argument);
    }
    label = split_width(label, &out->width);
    string_keep(out->label, sizeof out->label, text_trim(label));
    snprintf(out->place, sizeof out->place, "%s", place);
    return out->label[0] != '\0' && (found->kind == VALUE_ASK || out->choices[0] != '\0');
}

static size_t prompt_index(const template_prompt *prompts, size_t count, const template_prompt *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(prompts[i].label, wanted->label) == 0)
            return i;
    return SIZE_MAX;
}

recto_status template_text_prompts(template_prompt *out, size_t *count, text source, const char *place, recto_error *error)
{
    for (size_t at = 0; at < source.length; at++) {
        value found;
        template_prompt prompt;
        if (!value_at(&found, text_of(source.bytes + at, source.length - at)) ||
            (found.kind != VALUE_ASK && found.kind != VALUE_CHOOSE))
            continue;
        if (!prompt_of(&prompt, &found, place))
            return recto_fail(error, RECTO_EDATA, place, "{ask:Place}, {ask:Year/4}, {choose:a|b|c}",
                              "a prompt says not what to ask");
        if (prompt_index(out, *count, &prompt) != SIZE_MAX)
            continue;
        if (*count == TEMPLATE_PROMPTS_MAX)
            return recto_fail(error, RECTO_ELIMIT, place, NULL, "more than %d prompts", TEMPLATE_PROMPTS_MAX);
        out[(*count)++] = prompt;
    }
    return RECTO_OK;
}

recto_status template_prompts(template_prompt *out, size_t *count, const marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    *count = 0;
    for (size_t i = 0; status == RECTO_OK && i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield piece;
        char place[16];
        snprintf(place, sizeof place, "%s", field->tag);
        if (marc_tag_is_control(field->tag))
            status = template_text_prompts(out, count, field->content, place, error);
        for (size_t at = 0;
             status == RECTO_OK && !marc_tag_is_control(field->tag) && marc_field_next_subfield(field, &at, &piece);) {
            snprintf(place, sizeof place, "%s $%c", field->tag, piece.code > ' ' ? piece.code : ' ');
            status = template_text_prompts(out, count, piece.value, place, error);
        }
    }
    return status;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Only letters that give numbers and names of days and months: a format is somebody's text. */
static void put_date(buffer *out, int64_t now, text format)
{
    struct tm parts;
    const time_t moment = (time_t)now;
    if (localtime_r(&moment, &parts) == NULL)
        return;
    for (size_t i = 0; i < format.length; i++) {
        char pattern[3] = { '%', 0, 0 }, piece[64];
        if (format.bytes[i] != '%' || i + 1 == format.length || strchr("YymdHMSjeBbAaFGVu", format.bytes[i + 1]) == NULL) {
            buffer_append_char(out, format.bytes[i]);
            continue;
        }
        pattern[1] = format.bytes[++i];
        if (strftime(piece, sizeof piece, pattern, &parts) > 0)
            buffer_append_string(out, piece);
    }
}

static const char *answer_of(const template_values *values, const template_prompt *prompt)
{
    const size_t at = values->prompts != NULL ? prompt_index(values->prompts, values->prompt_count, prompt) : SIZE_MAX;
    const char *answer = at != SIZE_MAX && values->answers != NULL ? values->answers[at] : NULL;
    return answer != NULL ? answer : "";
}

typedef struct span { /* what became of one text */
    size_t prompts, answered, cursor;
} span;

/* Fill characters where nothing was answered; zeros in front of a short number, blanks behind a short word. */
static void put_fixed(buffer *out, const char *answer, size_t width)
{
    const size_t given = strlen(answer), missing = given < width ? width - given : 0;
    const bool number = given > 0 && strspn(answer, "0123456789") == given;
    for (size_t i = 0; number && i < missing; i++)
        buffer_append_char(out, '0');
    buffer_append(out, answer, given < width ? given : width);
    for (size_t i = 0; !number && i < missing; i++)
        buffer_append_char(out, given == 0 ? '|' : ' ');
}

static void put_value(buffer *out, const value *found, const template_values *values, span *what)
{
    template_prompt prompt;
    switch (found->kind) {
    case VALUE_TODAY:
        put_date(out, values->now, found->argument.length > 0 ? found->argument : TEXT("%Y-%m-%d"));
        break;
    case VALUE_DATE_008:
        put_date(out, values->now, TEXT("%y%m%d"));
        break;
    case VALUE_YEAR:
        put_date(out, values->now, TEXT("%Y"));
        break;
    case VALUE_USER:
        buffer_append_string(out, values->user != NULL ? values->user : "");
        break;
    case VALUE_SYMBOL:
        buffer_append_string(out, values->symbol != NULL ? values->symbol : "");
        break;
    case VALUE_CURSOR:
        what->cursor = out->length;
        break;
    default:
        if (!prompt_of(&prompt, found, "?"))
            break;
        const char *answer = answer_of(values, &prompt);
        what->prompts++;
        what->answered += answer[0] != '\0';
        if (prompt.width > 0)
            put_fixed(out, answer, prompt.width);
        else
            buffer_append_string(out, answer);
    }
}

static span fill(buffer *out, text source, const template_values *values)
{
    span what = { .cursor = SIZE_MAX };
    for (size_t at = 0; at < source.length;) {
        value found;
        if (value_at(&found, text_of(source.bytes + at, source.length - at))) {
            put_value(out, &found, values, &what);
            at += found.length;
        } else {
            buffer_append_char(out, source.bytes[at++]);
        }
    }
    return what;
}

void template_fill_text(buffer *out, size_t *cursor, text source, const template_values *values)
{
    const span what = fill(out, source, values);
    if (cursor != NULL)
        *cursor = what.cursor;
}

/* ---- a record ---------------------------------------------------------------------------------------------------- */

/* @return is anything left of it? */
static bool fill_data_field(buffer *out, size_t *cursor, const marc_field *field, const template_values *values)
{
    marc_subfield piece;
    size_t kept = 0, left_out = 0, answered = 0;
    bool headless = false;
    *cursor = SIZE_MAX;
    buffer_append_char(out, marc_field_indicator(field, 1));
    buffer_append_char(out, marc_field_indicator(field, 2));
    for (size_t at = 0; marc_field_next_subfield(field, &at, &piece);) {
        const size_t before = out->length;
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, piece.code);
        const span what = fill(out, piece.value, values);
        const bool empty = what.prompts > 0 && what.answered == 0;
        if (what.cursor != SIZE_MAX) {
            *cursor = what.cursor;
            if (empty) { /* a frame to go on typing in */
                out->length = before + 2;
                *cursor = out->length;
            }
        } else if (empty && !buffer_failed(out)) {
            out->length = before;
            out->bytes[before] = '\0';
            headless |= kept == 0;
            left_out++;
            continue;
        }
        answered += what.answered;
        kept++;
    }
    if (headless && answered == 0 && *cursor == SIZE_MAX)
        return false; /* a form subdivision without its heading says nothing */
    return kept > 0 || left_out == 0;
}

static recto_status fill_field(marc_record *made, template_cursor *cursor, const marc_field *field, const template_values *values,
                               buffer *content, recto_error *error)
{
    size_t at = SIZE_MAX;
    bool kept = true;
    buffer_clear(content);
    if (marc_tag_is_control(field->tag))
        at = fill(content, field->content, values).cursor;
    else
        kept = fill_data_field(content, &at, field, values);
    if (buffer_failed(content))
        return recto_fail_memory(error, "filling a template");
    if (!kept)
        return RECTO_OK;
    if (at != SIZE_MAX && cursor->field == SIZE_MAX)
        *cursor = (template_cursor){ .field = marc_record_count(made), .offset = at };
    return marc_record_append(made, field->tag, buffer_text(content), error);
}

recto_status template_fill(marc_record **out, template_cursor *cursor, const marc_record *record, const template_values *values,
                           recto_error *error)
{
    marc_record *made = NULL;
    buffer content;
    template_cursor at = { SIZE_MAX, SIZE_MAX };
    recto_status status = marc_record_new(&made, error);
    buffer_init(&content, 1 << 20);
    if (status == RECTO_OK)
        marc_record_set_leader(made, marc_record_leader(record));
    for (size_t i = 0; status == RECTO_OK && i < marc_record_count(record); i++)
        status = fill_field(made, &at, marc_record_field(record, i), values, &content, error);
    buffer_release(&content);
    if (status != RECTO_OK) {
        marc_record_free(made);
        return status;
    }
    if (cursor != NULL)
        *cursor = at;
    *out = made;
    return RECTO_OK;
}
