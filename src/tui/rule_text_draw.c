/* src/tui/rule_text_draw.c - how the rule editor looks: lines with their numbers, faults at their places, and the panel below.
 *
 * Long lines are not wrapped: the text moves sideways with the cursor. A fault is underlined where it stands, has its letter at
 * the edge, and its sentence in the panel, so that it is seen without colours. */
#include "rule_text_model.h"

#include <stdio.h>
#include <string.h>

enum {
    GUTTER = 7,
    TAB_COLUMNS = 4,
    PANEL_ROWS = 4,
    PANEL_ROWS_TALL = 8,
    ROWS_FOR_PANEL = 12,
    ROWS_FOR_TALL = 30,
    WIDE_COLUMNS = 100
};

/* ---- one line of text -------------------------------------------------------------------------------------------- */

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static bool is_frame_word(text word)
{
    static const char *const words[] = { "rule", "when", "then", "end", "merge", "priority", "salience" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(word, text_from(words[i])))
            return true;
    return false;
}

/* What the bytes from `at` on are, up to *end: comment, quoted text, a word of the frame, or other text. */
static role piece_at(text line, size_t at, size_t *end, bool *in_comment)
{
    text rest = text_of(line.bytes + at, line.length - at);
    if (*in_comment || text_starts(rest, TEXT("/*"))) {
        const char *close = rest.length > 2 || *in_comment ? memmem(rest.bytes, rest.length, "*/", 2) : NULL;
        *in_comment = close == NULL;
        *end = close == NULL ? line.length : (size_t)(close + 2 - line.bytes);
        return ROLE_CODE_COMMENT;
    }
    if (rest.bytes[0] == '#' || text_starts(rest, TEXT("//"))) {
        *end = line.length;
        return ROLE_CODE_COMMENT;
    }
    if (rest.bytes[0] == '"') {
        size_t i = at + 1;
        while (i < line.length && line.bytes[i] != '"')
            i += line.bytes[i] == '\\' && i + 1 < line.length && line.bytes[i + 1] == '"' ? 2 : 1;
        *end = i < line.length ? i + 1 : line.length;
        return ROLE_CODE_TEXT;
    }
    *end = at + 1;
    if (!is_word_byte(rest.bytes[0])) {
        while (*end < line.length && ((unsigned char)line.bytes[*end] & 0xC0) == 0x80)
            (*end)++;
        return ROLE_TEXT;
    }
    while (*end < line.length && is_word_byte(line.bytes[*end]))
        (*end)++;
    return is_frame_word(text_of(line.bytes + at, *end - at)) ? ROLE_CODE_WORD : ROLE_TEXT;
}

/* Is the beginning of this line inside a comment of several lines? */
static bool comment_before(const rule_text_model *model, size_t lines)
{
    bool inside = false;
    text rest = text_of(buffer_string(&model->edit.text), text_edit_line_start(&model->edit, lines));
    while (rest.bytes != NULL && rest.length > 0) {
        text line = text_next_field(&rest, '\n');
        for (size_t at = 0, end; at < line.length; at = end)
            piece_at(line, at, &end, &inside);
    }
    return inside;
}

/* Columns from the start of the line to a byte of it; tabs go to the next stop. */
static int column_of(text line, size_t offset, bool utf8)
{
    int column = 0;
    for (size_t at = 0; at < offset && at < line.length;) {
        display_unit unit;
        display_next(&unit, line.bytes + at, line.length - at, utf8);
        column += line.bytes[at] == '\t' ? TAB_COLUMNS - column % TAB_COLUMNS : unit.width;
        at += unit.bytes;
    }
    return column;
}

static void draw_piece(const surface *area, int row, int *column, int left, text piece, role look)
{
    for (size_t at = 0; at < piece.length && *column - left < area->columns;) {
        display_unit unit;
        display_next(&unit, piece.bytes + at, piece.length - at, surface_utf8(area));
        bool tab = piece.bytes[at] == '\t';
        if (*column >= left && !tab)
            surface_data(area, row, *column - left, unit.width, look, text_of(piece.bytes + at, unit.bytes), false);
        *column += tab ? TAB_COLUMNS - *column % TAB_COLUMNS : unit.width;
        at += unit.bytes;
    }
}

static size_t byte_of_character(text line, int character)
{
    size_t at = 0;
    for (int i = 1; i < character && at < line.length; i++) {
        int32_t code;
        at += utf8_decode(line.bytes + at, line.length - at, &code);
    }
    return at;
}

static void mark_faults(const rule_text_model *model, const surface *area, int row, text line, int number)
{
    for (size_t i = 0; i < model->check.count; i++) {
        const rule_fault *fault = &model->check.faults[i];
        if (fault->line != number)
            continue;
        int from = column_of(line, byte_of_character(line, fault->column), surface_utf8(area)) - model->left;
        int until = column_of(line, byte_of_character(line, fault->column + fault->length), surface_utf8(area)) - model->left;
        until = until <= from ? from + 1 : until; /* at the end of the line there is no character */
        from = from < 0 ? 0 : from;
        if (until > from)
            surface_paint(area, row, from, until - from, fault->warning ? ROLE_FAULT_WARNING : ROLE_FAULT);
    }
}

static void draw_line(const rule_text_model *model, const surface *canvas, int row, size_t index, bool *in_comment)
{
    text line = text_edit_line(&model->edit, index);
    const rule_fault *fault = rule_check_on_line(&model->check, (int)index + 1);
    surface area = surface_part(canvas, row, GUTTER, 1, canvas->columns - GUTTER);
    int column = 0;
    if (fault != NULL)
        surface_put(canvas, row, 0, fault->warning ? ROLE_ALERT_WARNING : ROLE_ALERT_BLOCK, fault->warning ? "W" : "E");
    surface_format(canvas, row, 1, ROLE_TEXT_DIM, "%5zu", index + 1);
    for (size_t at = 0, end; at < line.length; at = end) {
        role look = piece_at(line, at, &end, in_comment);
        draw_piece(&area, 0, &column, model->left, text_of(line.bytes + at, end - at), look);
    }
    mark_faults(model, &area, 0, line, (int)index + 1);
    if (column - model->left >= area.columns && column < column_of(line, line.length, surface_utf8(canvas)))
        surface_put(&area, 0, area.columns - 1, ROLE_TEXT_DIM, "…");
}

/* ---- the text ---------------------------------------------------------------------------------------------------- */

static void keep_in_sight(rule_text_model *model, int rows, int columns, size_t line, int column)
{
    if (line < model->top)
        model->top = line;
    if (line >= model->top + (size_t)rows)
        model->top = line - (size_t)rows + 1;
    if (column < model->left)
        model->left = column > 8 ? column - 8 : 0;
    if (column >= model->left + columns - 1)
        model->left = column - columns + 10;
}

static void draw_text(rule_text_model *model, const surface *canvas, bool focused)
{
    size_t line, offset, count = text_edit_lines(&model->edit);
    text_edit_place(&model->edit, &line, &offset);
    int column = column_of(text_edit_line(&model->edit, line), offset, surface_utf8(canvas));
    model->rows = canvas->rows > 0 ? (size_t)canvas->rows : 1;
    keep_in_sight(model, (int)model->rows, canvas->columns - GUTTER, line, column);
    bool in_comment = comment_before(model, model->top);
    for (size_t i = 0; i < model->rows && model->top + i < count; i++)
        draw_line(model, canvas, (int)i, model->top + i, &in_comment);
    if (focused)
        surface_cursor(canvas, (int)(line - model->top), GUTTER + column - model->left);
}

/* ---- the panel --------------------------------------------------------------------------------------------------- */

/* @return rows used: one, or as many as its sentence needs */
static int draw_fault(const surface *canvas, int row, const rule_fault *fault, bool current, bool whole)
{
    int column = surface_format(canvas, row, 1, fault->warning ? ROLE_ALERT_WARNING : ROLE_ALERT_BLOCK, "%c%c %d:%d %s ",
                                current ? '>' : ' ', fault->warning ? 'W' : 'E', fault->line, fault->column, fault->code);
    if (whole)
        return draw_wrapped(canvas, row, 1 + column, canvas->rows - row, ROLE_TEXT, text_from(fault->message));
    surface_data(canvas, row, 1 + column, canvas->columns - column - 1, ROLE_TEXT, text_from(fault->message), true);
    return 1;
}

/* The one on the cursor's line comes first; the first of them is seen whole. */
static void draw_faults(const rule_text_model *model, const surface *canvas)
{
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    const rule_fault *here = rule_check_on_line(&model->check, (int)line + 1);
    int row = 0;
    if (model->check.count == 0 && model->check.errors > 0)
        draw_wrapped(canvas, 0, 1, canvas->rows, ROLE_ALERT_BLOCK, text_from(model->check.error.what));
    if (here != NULL)
        row += draw_fault(canvas, row, here, true, true);
    for (size_t i = 0; i < model->check.count && row < canvas->rows; i++)
        if (&model->check.faults[i] != here)
            row += draw_fault(canvas, row, &model->check.faults[i], false, row == 0);
}

static void draw_order(const rule_text_model *model, const surface *canvas)
{
    size_t line, offset, here = SIZE_MAX, first = 0;
    text_edit_place(&model->edit, &line, &offset);
    for (size_t i = 0; i < model->check.order_count; i++) /* the rule whose head is the nearest one above the cursor */
        if (model->check.order[i].line <= (int)line + 1 &&
            (here == SIZE_MAX || model->check.order[i].line > model->check.order[here].line))
            here = i;
    if (here != SIZE_MAX && here >= (size_t)canvas->rows)
        first = here - (size_t)canvas->rows + 1;
    if (model->check.file == NULL)
        surface_put(canvas, 0, 1, ROLE_TEXT_DIM, "shown when the text has no errors");
    for (size_t i = 0; first + i < model->check.order_count && (int)i < canvas->rows; i++) {
        const rule_info *rule = &model->check.order[first + i];
        char place[60];
        snprintf(place, sizeof place, "line %d%s", rule->line, rule->priority != 0 ? ", priority " : "");
        if (rule->priority != 0)
            snprintf(place + strlen(place), sizeof place - strlen(place), "%d", rule->priority);
        int column = surface_format(canvas, (int)i, 1, ROLE_TEXT, "%c%3zu  ", first + i == here ? '>' : ' ', first + i + 1);
        column += surface_data(canvas, (int)i, 1 + column, canvas->columns - column - 24, ROLE_TEXT, text_from(rule->name), true);
        surface_put(canvas, (int)i, 3 + column, ROLE_TEXT_DIM, place);
    }
}

static void title_of_faults(const rule_text_model *model, char *out, size_t capacity)
{
    const rule_check *check = &model->check;
    if (check->errors == 0 && check->warnings == 0)
        snprintf(out, capacity, "no faults");
    else
        snprintf(out, capacity, "%zu error%s, %zu warning%s", check->errors, check->errors == 1 ? "" : "s", check->warnings,
                 check->warnings == 1 ? "" : "s");
}

static void draw_panel(const rule_text_model *model, const surface *canvas)
{
    bool wide = canvas->columns >= WIDE_COLUMNS;
    bool order = !wide && (model->check.errors + model->check.warnings == 0 || model->show_order);
    int left = wide ? canvas->columns / 2 : canvas->columns;
    char faults[60], right[60];
    title_of_faults(model, faults, sizeof faults);
    snprintf(right, sizeof right, "%zu rule%s", model->check.order_count, model->check.order_count == 1 ? "" : "s");
    surface part = surface_part(canvas, 0, 0, canvas->rows, left), body;
    surface_rule(&part, 0, false, order ? "They run in this order" : faults, order ? faults : "");
    body = surface_part(&part, 1, 0, part.rows - 1, part.columns);
    if (order)
        draw_order(model, &body);
    else
        draw_faults(model, &body);
    if (!wide)
        return;
    part = surface_part(canvas, 0, left, canvas->rows, canvas->columns - left);
    surface_rule(&part, 0, false, "They run in this order", right);
    body = surface_part(&part, 1, 0, part.rows - 1, part.columns);
    draw_order(model, &body);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void draw_head(const rule_text_model *model, const surface *canvas, bool focused)
{
    const catalog_rule *rule = &model->rule;
    char left[200], right[140] = "", saved[32];
    snprintf(left, sizeof left, "%s%s: %s", text_edit_changed(&model->edit) || model->is_new ? "*" : "",
             rule_language_label(rule->language), rule->name);
    if (model->view_only[0] != '\0')
        snprintf(right, sizeof right, "View Only: %.100s", model->view_only);
    else if (model->is_new)
        snprintf(right, sizeof right, "new");
    else if (rule->zone == 0)
        snprintf(right, sizeof right, "shipped; Save makes the zone's own");
    else {
        format_time_short(saved, sizeof saved, rule->saved_at, catalog_now(station_catalog(model->station)));
        snprintf(right, sizeof right, "version %d, %s, %s", rule->version, saved, rule->saved_by);
    }
    surface_rule(canvas, 0, focused, left, right);
}

void rule_text_draw(void *state, const surface *canvas, bool focused)
{
    rule_text_model *model = state;
    int panel = canvas->rows >= ROWS_FOR_TALL ? PANEL_ROWS_TALL : canvas->rows >= ROWS_FOR_PANEL ? PANEL_ROWS : 0;
    rule_text_check(model);
    surface_clear(canvas, ROLE_TEXT);
    draw_head(model, canvas, focused);
    surface area = surface_part(canvas, 1, 0, canvas->rows - 1 - panel, canvas->columns);
    draw_text(model, &area, focused);
    if (panel == 0)
        return;
    area = surface_part(canvas, canvas->rows - panel, 0, panel, canvas->columns);
    draw_panel(model, &area);
}
