/* src/tui/pane_editor_form_draw.c - the fixed-field form on the screen: the raw string, each element with what its code means,
 * and the codes to choose from. */
#include "editor_form.h"

#include <stdio.h>

enum { OFFSET_COLUMN = 1, NAME_COLUMN = 7, VALUE_COLUMN = 15, MEANING_LEAST_COLUMN = 21, SPLIT_LEAST = 70, HEAD_ROWS = 3 };

static void shown_bytes(char *out, size_t capacity, text bytes)
{
    size_t i = 0;
    for (; i < bytes.length && i + 1 < capacity; i++)
        out[i] = bytes.bytes[i] == ' ' ? '#' : bytes.bytes[i];
    out[i] = '\0';
}

static void draw_raw(const editor *pane, const surface *on, const editor_row *row, const marc_position *current)
{
    enum { RAW_COLUMN = 8 };
    surface_put(on, 1, 1, ROLE_FIELD_TAG, row->tag);
    for (size_t i = 0; i < row->content.length && (int)i + RAW_COLUMN < on->columns; i++) {
        bool here = i >= current->offset && i < current->offset + current->length;
        text shown = row->content.bytes[i] == ' ' ? TEXT("#") : text_of(row->content.bytes + i, 1);
        surface_data(on, 1, RAW_COLUMN + (int)i, 1, here ? ROLE_SELECTION : ROLE_FIELD_FIXED, shown, false);
    }
    if (pane->form.raw) {
        surface_put(on, 1, 0, ROLE_CURSOR_LINE, ">");
        surface_cursor(on, 1, RAW_COLUMN + (int)pane->offset);
    }
}

/* What the element says, units joined; one that stands there again, and blanks behind the first one, say nothing more.
 * @return false: an undefined code is in it */
static bool append_meaning(buffer *out, const editor_row *row, const marc_position *position)
{
    bool defined = true;
    for (size_t at = 0; at < position->length && position->code_count > 0; at += editor_form_unit(position)) {
        text unit = editor_form_unit_at(row, position, at);
        const marc_code *code = marc_position_code(position, unit);
        bool blank = text_trim(unit).length == 0;
        if (at > 0 && (blank || text_equal(unit, editor_form_unit_at(row, position, at - editor_form_unit(position)))))
            continue;
        if (out->length > 0)
            buffer_append_string(out, ", ");
        if (code != NULL) {
            buffer_append_text(out, code->label);
        } else {
            char shown[16];
            shown_bytes(shown, sizeof shown, unit);
            buffer_append_format(out, unit.length == 0 ? "(missing)" : "(undefined) %s", shown);
            defined = false;
        }
    }
    if (position->code_count == 0)
        buffer_append_text(out, position->label);
    return defined;
}

static void draw_element(const editor *pane, const surface *on, int y, const editor_row *row, const marc_position *position,
                         bool current)
{
    char value[24], place_of[16];
    buffer meaning;
    size_t left = position->offset < row->content.length ? row->content.length - position->offset : 0;
    shown_bytes(
        value, sizeof value,
        text_of(row->content.bytes + (left > 0 ? position->offset : 0), left < position->length ? left : position->length));
    if (position->length > 1)
        snprintf(place_of, sizeof place_of, "%02zu-%02zu", position->offset, position->offset + position->length - 1);
    else
        snprintf(place_of, sizeof place_of, "%02zu", position->offset);
    if (current)
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
    surface_put(on, y, OFFSET_COLUMN, ROLE_TEXT_DIM, place_of);
    surface_data(on, y, NAME_COLUMN, VALUE_COLUMN - NAME_COLUMN - 1, ROLE_LABEL,
                 position->name.length > 0 ? position->name : position->label, true);
    int used = surface_data(on, y, VALUE_COLUMN, on->columns - VALUE_COLUMN, position->system ? ROLE_FIELD_READ_ONLY : ROLE_INPUT,
                            text_from(value), false);
    if (current && !pane->form.choosing && !pane->form.raw)
        surface_cursor(on, y, VALUE_COLUMN + (int)pane->form.unit_cursor);
    int x = VALUE_COLUMN + used + 1;
    if (x < MEANING_LEAST_COLUMN)
        x = MEANING_LEAST_COLUMN;
    buffer_init(&meaning, 4096);
    bool defined = append_meaning(&meaning, row, position);
    surface_data(on, y, x, on->columns - x, defined ? ROLE_TEXT : ROLE_ALERT_WARNING, buffer_text(&meaning), true);
    buffer_release(&meaning);
}

static void draw_choices(editor *pane, const surface *on, const marc_position *position)
{
    char title[160];
    list_view *choices = &pane->form.choices;
    snprintf(title, sizeof title, "%.*s%s", (int)(position->label.length < 100 ? position->label.length : 100),
             position->label.bytes, position->system ? ": computed" : "");
    surface_data(on, 0, 0, on->columns, ROLE_LABEL, text_from(title), true);
    if (position->code_count == 0)
        surface_put(on, 1, 1, ROLE_TEXT_DIM, position->system ? "the program sets it on saving" : "free text");
    choices->count = position->code_count;
    list_view_fit(choices, on->rows > 1 ? (size_t)on->rows - 1 : 1);
    for (size_t i = choices->top; i < choices->count && (int)(i - choices->top) + 1 < on->rows; i++) {
        const marc_code *code = &position->codes[i];
        int y = (int)(i - choices->top) + 1;
        bool here = i == choices->current;
        if (here)
            surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
        int x = 1 + surface_data(on, y, 1, 8, ROLE_FIELD_FIXED, code->code, false) + 1;
        x += surface_data(on, y, x, on->columns - x, code->obsolete ? ROLE_TEXT_DIM : ROLE_TEXT, code->label, true);
        if (code->obsolete && x + 11 < on->columns)
            surface_put(on, y, x + 1, ROLE_TEXT_DIM, "(obsolete)");
        if (here && pane->form.choosing) {
            surface_paint(on, y, 0, on->columns, ROLE_SELECTION);
            surface_cursor(on, y, 1);
        }
    }
}

void editor_draw_form(editor *pane, const surface *on)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL || fixed->position_count == 0 || on->rows <= HEAD_ROWS)
        return;
    char title[160];
    snprintf(title, sizeof title, "%s %.*s", row.tag, (int)(fixed->name.length < 100 ? fixed->name.length : 100),
             fixed->name.bytes);
    if (pane->form.element >= fixed->position_count)
        pane->form.element = fixed->position_count - 1;
    const marc_position *current = editor_form_element(fixed, pane->form.element);
    surface_rule(on, 0, false, title, "Enter chooses, Up to the raw string, Esc closes");
    draw_raw(pane, on, &row, current);
    int rows = on->rows - HEAD_ROWS;
    int split = on->columns >= SPLIT_LEAST ? on->columns * 3 / 5 : on->columns;
    surface left = surface_part(on, HEAD_ROWS, 0, rows, split - 1);
    list_view elements = { fixed->position_count, pane->form.element, pane->form.top };
    list_view_fit(&elements, (size_t)rows);
    pane->form.top = elements.top;
    for (size_t i = elements.top; i < fixed->position_count && (int)(i - elements.top) < rows; i++)
        draw_element(pane, &left, (int)(i - elements.top), &row, editor_form_element(fixed, i), i == pane->form.element);
    if (split < on->columns) {
        surface right = surface_part(on, HEAD_ROWS, split, rows, on->columns - split);
        draw_choices(pane, &right, current);
    } else if (pane->form.choosing) {
        surface_clear(&left, ROLE_TEXT);
        draw_choices(pane, &left, current);
    }
}
