/* src/tui/preview_draw.c - how the merge preview looks: fields with their signs, and the two values of the current one.
 *
 * Narrow screens show the values below the list, wide ones beside it, with the reasons and what Copy & Overlay would cost. */
#include "preview_model.h"
#include "record_difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE_COLUMNS = 120, DETAIL_ROWS = 4 };

/* ---- the list of fields ------------------------------------------------------------------------------------------ */

static void lay_out(preview_model *model, int content, bool utf8, bool wrapped)
{
    record_lines_clear(&model->lines);
    for (size_t i = 0; i < model->list.count; i++) {
        const merge_line *line = merge_result_line(model->result, model->shown[i]);

        record_lines_add(&model->lines, line->tag, line->content, i, content, utf8, wrapped ? 0 : 1);
    }
    model->laid_out_for = content;
    model->laid_out_utf8 = utf8;
}

/* Keeps all lines of the current field on the screen, its first one at least. */
static void fit(preview_model *model)
{
    size_t first = 0;
    size_t last;
    size_t rows = model->rows_shown > 0 ? model->rows_shown : 1;

    while (first < model->lines.count && model->lines.lines[first].field < model->list.current)
        first++;
    last = first;
    while (last + 1 < model->lines.count && model->lines.lines[last + 1].field == model->list.current)
        last++;
    if (model->top + rows <= last)
        model->top = last + 1 - rows;
    if (first < model->top)
        model->top = first;
    if (model->top >= model->lines.count)
        model->top = 0;
}

static void draw_fields(preview_model *model, const surface *canvas, bool wrapped)
{
    int content = canvas->columns - 4 - RECORD_CONTENT;

    if (model->laid_out_for != content || model->laid_out_utf8 != surface_utf8(canvas))
        lay_out(model, content, surface_utf8(canvas), wrapped);
    model->rows_shown = (size_t)canvas->rows;
    fit(model);
    for (int row = 0; row < canvas->rows && model->top + (size_t)row < model->lines.count; row++) {
        const record_line *shown = &model->lines.lines[model->top + (size_t)row];
        const merge_line *line = merge_result_line(model->result, model->shown[shown->field]);
        role look;
        char sign[2] = { preview_sign(model, line, &look), '\0' };
        bool current = shown->field == model->list.current;

        if (shown->first)
            surface_put(canvas, row, 2, look, sign);
        if (shown->first && line->toggled)
            surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "*");
        record_lines_draw(&model->lines, model->top + (size_t)row, canvas, row, 4, canvas->columns - 4, ROLE_FIELD_TAG,
                          line->kept ? ROLE_FIELD_TEXT : ROLE_FROM_DROPPED);
        if (current)
            surface_paint(canvas, row, 0, canvas->columns, ROLE_CURSOR_LINE);
        if (current && shown->first)
            surface_put(canvas, row, 0, ROLE_CURSOR_LINE, ">");
    }
}

/* ---- the two values ---------------------------------------------------------------------------------------------- */

typedef struct value_pair {
    text existing, incoming;
} value_pair; /* as R and X; contents of fields */

static value_pair values_of(const preview_model *model, const merge_line *line)
{
    value_pair pair = { line->content, line->content };

    if (line->origin == MERGE_FROM_BOTH)
        return pair;
    if (line->origin != MERGE_COMBINED && preview_side(model, line->origin) == 'R')
        pair.incoming = line->other;
    else
        pair.existing = line->other;
    return pair;
}

static bool is_control(const char *tag)
{
    return strcmp(tag, "LDR") == 0 || marc_tag_is_control(tag);
}

/* "1 0 $$a Title": one value with its indicators, as one line of text. */
static void append_value(buffer *out, const char *tag, text content)
{
    if (content.length == 0) {
        buffer_append_string(out, "(none)");
        return;
    }
    if (!is_control(tag) && content.length >= 2)
        buffer_append_format(out, "%c %c ", content.bytes[0] == ' ' ? '#' : content.bytes[0],
                             content.bytes[1] == ' ' ? '#' : content.bytes[1]);
    record_content(out, tag, content);
}

/* Draws `value` in one row; below it, on the next row, a sign under each byte that is marked. */
static void draw_value_row(const surface *canvas, int row, text value, const bool *marks)
{
    int columns = canvas->columns - 4;
    int used = 0;

    for (size_t at = 0; marks != NULL && at < value.length;) {
        display_unit unit;

        display_next(&unit, value.bytes + at, value.length - at, surface_utf8(canvas));
        if (used + unit.width > columns)
            break;
        for (int i = 0; marks[at] && i < unit.width; i++)
            surface_put(canvas, row + 1, 3 + used + i, ROLE_DIFFERENT, surface_utf8(canvas) ? "‾" : "^");
        used += unit.width;
        at += unit.bytes;
    }
    record_content_draw(canvas, row, 3, columns, ROLE_FIELD_TEXT, value, true);
}

/* Positions of a control field are compared one by one, other text by words. */
static void mark_differences(bool *marks, const char *tag, text one, text other)
{
    if (!is_control(tag)) {
        text_difference(marks, one, other);
        return;
    }
    for (size_t i = 0; i < one.length; i++)
        marks[i] = i >= other.length || one.bytes[i] != other.bytes[i];
}

static void draw_values_narrow(const preview_model *model, const surface *canvas, int row)
{
    const merge_line *line = preview_current(model);
    value_pair pair = values_of(model, line);
    buffer existing;
    buffer incoming;
    bool *marks = NULL;

    buffer_init(&existing, 0);
    buffer_init(&incoming, 0);
    append_value(&existing, line->tag, pair.existing);
    append_value(&incoming, line->tag, pair.incoming);
    if (incoming.length > 0)
        marks = calloc(incoming.length, sizeof *marks);
    if (marks != NULL && pair.existing.length > 0)
        mark_differences(marks, line->tag, buffer_text(&incoming), buffer_text(&existing));
    surface_put(canvas, row, 1, ROLE_FROM_EXISTING, "R");
    draw_value_row(canvas, row, buffer_text(&existing), NULL);
    surface_put(canvas, row + 1, 1, ROLE_FROM_INCOMING, "X");
    draw_value_row(canvas, row + 1, buffer_text(&incoming), pair.incoming.length > 0 ? marks : NULL);
    free(marks);
    buffer_release(&existing);
    buffer_release(&incoming);
}

/* ---- the panel of wide screens ----------------------------------------------------------------------------------- */

static int draw_value_wide(const surface *canvas, int row, const char *sign, role look, const char *tag, text content)
{
    buffer value;
    int next;

    buffer_init(&value, 0);
    append_value(&value, tag, content);
    surface_put(canvas, row, 1, look, sign);
    next = row + draw_wrapped(canvas, row, 3, 6, ROLE_FIELD_TEXT, buffer_text(&value));
    buffer_release(&value);
    return next;
}

/* Words of the incoming value that the existing one lacks: the marks of narrow screens, as text. */
static int draw_new_words(const preview_model *model, const surface *canvas, int row, const merge_line *line)
{
    value_pair pair = values_of(model, line);
    buffer existing;
    buffer incoming;
    buffer words;
    bool *marks;

    buffer_init(&existing, 0);
    buffer_init(&incoming, 0);
    buffer_init(&words, 0);
    append_value(&existing, line->tag, pair.existing);
    append_value(&incoming, line->tag, pair.incoming);
    marks = calloc(incoming.length + 1, sizeof *marks);
    if (marks != NULL && pair.existing.length > 0 && pair.incoming.length > 0) {
        mark_differences(marks, line->tag, buffer_text(&incoming), buffer_text(&existing));
        for (size_t i = 0; i < incoming.length; i++) {
            if (marks[i])
                buffer_append_char(&words, incoming.bytes[i]);
            else if (words.length > 0 && i > 0 && marks[i - 1])
                buffer_append_string(&words, " … ");
        }
    }
    if (words.length > 0) {
        surface_put(canvas, row, 1, ROLE_DIFFERENT, "≠");
        row += draw_wrapped(canvas, row, 3, 3, ROLE_DIFFERENT, buffer_text(&words));
    }
    free(marks);
    buffer_release(&existing);
    buffer_release(&incoming);
    buffer_release(&words);
    return row;
}

static const char *fate_of(const preview_model *model, const merge_line *line)
{
    if (!line->kept)
        return "dropped";
    if (line->origin == MERGE_COMBINED)
        return "combined";
    return preview_side(model, line->origin) == 'R' ? "kept" : "taken";
}

/* The reasons of the other fields, from the current one on, as far as there is room. */
static int draw_reasons(const preview_model *model, const surface *canvas, int row, int rows)
{
    int end = row + rows;

    surface_put(canvas, row++, 1, ROLE_LABEL, "Why the others stand");
    for (size_t step = 1; step < model->list.count && row < end; step++) {
        const merge_line *line = merge_result_line(model->result, model->shown[(model->list.current + step) % model->list.count]);
        char reason[160];

        if (line->origin == MERGE_FROM_BOTH)
            continue;
        if (line->toggled)
            snprintf(reason, sizeof reason, "%s  %-8s by hand", line->tag, fate_of(model, line));
        else if (line->rule_line > 0)
            snprintf(reason, sizeof reason, "%s  %-8s line %d   %s", line->tag, fate_of(model, line), line->rule_line,
                     line->rule != NULL ? line->rule : "");
        else
            snprintf(reason, sizeof reason, "%s  %-8s %s", line->tag, fate_of(model, line), line->rule != NULL ? line->rule : "");
        surface_data(canvas, row++, 2, canvas->columns - 3, ROLE_TEXT, text_from(reason), true);
    }
    return row;
}

/* "Overlay all fields but local:12  remove MARC."5"XX", or the method's own words where there is no file. */
static void format_reason(char *out, size_t capacity, const preview_model *model, const merge_line *line)
{
    const char *rule = line->rule != NULL ? line->rule : "";

    if (line->rule_line > 0)
        snprintf(out, capacity, "%s:%d  %s", model->rule, line->rule_line, rule);
    else
        snprintf(out, capacity, "rule: %s", rule[0] != '\0' ? rule : "what no action names stays");
}

static void format_detail_heading(const preview_model *model, char *left, size_t left_size, char *right, size_t right_size)
{
    const merge_line *line = preview_current(model);
    char reason[200];

    format_reason(reason, sizeof reason, model, line);
    if (line->toggled)
        snprintf(left, left_size, "%s, by hand against %s", line->tag, reason);
    else if (line->origin == MERGE_FROM_BOTH && line->rule == NULL)
        snprintf(left, left_size, "%s, the same in both", line->tag);
    else
        snprintf(left, left_size, "%s, by %s", line->tag, reason);
    if (model->change_count == 0)
        snprintf(right, right_size, "no change");
    else
        snprintf(right, right_size, "change %zu of %zu", preview_change_number(model), model->change_count);
}

static void draw_panel(const preview_model *model, const surface *canvas)
{
    const merge_line *line = preview_current(model);
    value_pair pair = values_of(model, line);
    char left[320];
    char right[40];
    int row = 0;
    int reasons;

    format_detail_heading(model, left, sizeof left, right, sizeof right);
    surface_rule(canvas, row++, false, line->tag, right);
    row = draw_value_wide(canvas, row, "R", ROLE_FROM_EXISTING, line->tag, pair.existing);
    row = draw_value_wide(canvas, row, "X", ROLE_FROM_INCOMING, line->tag, pair.incoming);
    row = draw_new_words(model, canvas, row, line);
    row += draw_wrapped(canvas, row + 1, 1, 3, ROLE_TEXT_DIM, text_from(left)) + 2;
    reasons = canvas->rows - row - 6;
    if (reasons >= 2)
        row = draw_reasons(model, canvas, row, reasons) + 1;
    if (model->cost_line[0] != '\0' && row + 2 < canvas->rows) {
        surface_put(canvas, row++, 1, ROLE_ALERT_WARNING, "If you choose Copy & Overlay instead");
        draw_wrapped(canvas, row, 2, 4, ROLE_TEXT, text_from(model->cost_line));
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void format_title(const preview_model *model, char *out, size_t capacity)
{
    static const char *const titles[] = {
        [PREVIEW_COPY] = "Merge preview", [PREVIEW_COMBINE] = "Merge & Combine", [PREVIEW_TRY] = "Trial of the rule"
    };
    size_t turned = preview_turned_count(model);
    const char *title = model->kind == PREVIEW_COPY && model->overlay ? "Overlay preview" : titles[model->kind];

    if (turned > 0)
        snprintf(out, capacity, "%s, %zu turned by hand", title, turned);
    else
        snprintf(out, capacity, "%s", title);
}

/* @return the row behind the head: that of the rule over the fields */
static int draw_head(const preview_model *model, const surface *canvas, bool focused)
{
    const char *const lines[] = { model->existing_line, model->result_line, model->moves_line, model->counts_line };
    char left[80];
    char right[160];
    int row = 1;

    format_title(model, left, sizeof left);
    snprintf(right, sizeof right, "rule: %s", model->rule);
    surface_rule(canvas, 0, focused, left, right);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i][0] != '\0')
            surface_data(canvas, row++, 1, canvas->columns - 1, ROLE_TEXT, text_from(lines[i]), true);
    return row;
}

static void draw_wide(preview_model *model, const surface *canvas, int head)
{
    int left = canvas->columns * 3 / 5 - 1;
    surface part = surface_part(canvas, head + 1, 0, canvas->rows - head - 1, left);

    draw_fields(model, &part, true);
    part = surface_part(canvas, head, left, canvas->rows - head, 1);
    surface_vertical_rule(&part, 0);
    part = surface_part(canvas, head, left + 1, canvas->rows - head, canvas->columns - left - 1);
    draw_panel(model, &part);
}

static void draw_narrow(preview_model *model, const surface *canvas, int head)
{
    surface part = surface_part(canvas, head + 1, 0, canvas->rows - head - 1 - DETAIL_ROWS, canvas->columns);
    char heading[320];
    char right_text[40];

    draw_fields(model, &part, false);
    if (canvas->rows <= head + 1 + DETAIL_ROWS)
        return;
    format_detail_heading(model, heading, sizeof heading, right_text, sizeof right_text);
    surface_rule(canvas, canvas->rows - DETAIL_ROWS, false, heading, right_text);
    draw_values_narrow(model, canvas, canvas->rows - DETAIL_ROWS + 1);
}

void preview_draw(void *state, const surface *canvas, bool focused)
{
    preview_model *model = state;
    bool wide = canvas->columns >= WIDE_COLUMNS && canvas->rows > 14;
    int head;

    surface_clear(canvas, ROLE_TEXT);
    head = draw_head(model, canvas, focused);
    surface_rule(canvas, head, false, wide ? "Result" : "", "");
    if (model->list.count == 0)
        surface_put(canvas, head + 1, 1, ROLE_TEXT, "No field differs: the result is what you have.");
    else if (wide)
        draw_wide(model, canvas, head);
    else
        draw_narrow(model, canvas, head);
}
