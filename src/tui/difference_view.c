/* src/tui/difference_view.c - see difference_view.h. */
#include "difference_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 10000, LEFT = 3 };

void difference_view_init(difference_view *view)
{
    *view = (difference_view){ .before = NULL };
    buffer_init(&view->notes, 1 << 20);
    record_lines_init(&view->lines);
}

void difference_view_clear(difference_view *view)
{
    marc_record_free(view->before);
    marc_record_free(view->after);
    free(view->differences);
    for (size_t i = 0; i < view->step_count; i++) {
        free(view->steps[i].before);
        free(view->steps[i].after);
        free(view->steps[i].reason);
    }
    view->before = view->after = NULL;
    view->differences = NULL;
    view->difference_count = view->change_count = view->step_count = view->row_count = 0;
    buffer_clear(&view->notes);
    view->laid_out_for = 0;
    view->top = 0;
}

void difference_view_release(difference_view *view)
{
    difference_view_clear(view);
    free(view->steps);
    free(view->rows);
    buffer_release(&view->notes);
    record_lines_release(&view->lines);
}

/* ---- what happened ----------------------------------------------------------------------------------------------- */

static char *copy_of(text content)
{
    return strndup(content.bytes == NULL ? "" : content.bytes, content.length);
}

void difference_view_trace(void *context, const rule_event *event)
{
    difference_view *view = context;
    char reason[300];

    if (view->step_count == STEPS_MAX)
        return;
    if (view->step_count == view->step_capacity) {
        size_t capacity = view->step_capacity == 0 ? 32 : view->step_capacity * 2;
        view_step *grown = realloc(view->steps, capacity * sizeof *grown);

        if (grown == NULL)
            return;
        view->steps = grown;
        view->step_capacity = capacity;
    }
    snprintf(reason, sizeof reason, "line %d %s, rule \"%.*s\"", event->line, event->action, FIT(event->rule, 200));
    view_step *made = &view->steps[view->step_count++];
    *made = (view_step){ .before = event->had ? copy_of(event->before) : NULL,
                         .after = event->has ? copy_of(event->after) : NULL,
                         .reason = strdup(reason) };
    memcpy(made->tag, event->tag, sizeof made->tag);
}

recto_status difference_view_set(difference_view *view, marc_record *before, marc_record *after, recto_error *error)
{
    view->before = before;
    view->after = after;
    recto_status status = record_difference_make(&view->differences, &view->difference_count, before, after, error);

    for (size_t i = 0; status == RECTO_OK && i < view->difference_count; i++)
        view->change_count += view->differences[i].kind != DIFFERENCE_NONE;
    return status;
}

void difference_view_note(difference_view *view, const char *line)
{
    buffer_append_string(&view->notes, line);
    buffer_append_char(&view->notes, '\n');
    view->laid_out_for = 0;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void add_row(difference_view *view, const view_line *row)
{
    if (view->row_count == view->row_capacity) {
        size_t capacity = view->row_capacity == 0 ? 64 : view->row_capacity * 2;
        view_line *grown = realloc(view->rows, capacity * sizeof *grown);

        if (grown == NULL) {
            view->failed = true;
            return;
        }
        view->rows = grown;
        view->row_capacity = capacity;
    }
    view->rows[view->row_count++] = *row;
}

static text content_at(const marc_record *record, size_t field, const char **tag)
{
    if (field == RECORD_LEADER_INDEX) {
        *tag = "LDR";
        return text_of(marc_record_leader(record), MARC_LEADER_LENGTH);
    }
    *tag = marc_record_field(record, field)->tag;
    return marc_record_field(record, field)->content;
}

static void add_side(difference_view *view, const marc_record *record, size_t field, char sign, role look, int columns, bool utf8)
{
    const char *tag;
    text content = content_at(record, field, &tag);
    size_t first = view->lines.count;

    record_lines_add(&view->lines, tag, content, field, columns, utf8, 0);
    for (size_t i = first; i < view->lines.count; i++)
        add_row(view, &(view_line){ .sign = i == first ? sign : ' ', .look = look, .line = i });
}

static void add_words(difference_view *view, text words, role look)
{
    add_row(view, &(view_line){ .sign = ' ', .look = look, .line = SIZE_MAX, .words = words });
}

/* The steps that led from what stood before to what stands now: forwards from the one, else backwards from the other. */
static size_t add_chain(difference_view *view, text from, bool forward)
{
    size_t found = 0;

    for (size_t n = 0; n < view->step_count; n++) {
        const view_step *step = &view->steps[forward ? n : view->step_count - 1 - n];
        const char *here = forward ? step->before : step->after, *there = forward ? step->after : step->before;

        if (here == NULL || !text_equal(text_from(here), from))
            continue;
        add_words(view, text_from(step->reason), ROLE_TEXT_DIM);
        found++;
        if (there == NULL)
            break;
        from = text_from(there);
    }
    return found;
}

static void add_reasons(difference_view *view, const record_difference *change)
{
    const char *tag;
    bool had = change->kind != DIFFERENCE_ONLY_RIGHT;
    text content = had ? content_at(view->before, change->left, &tag) : content_at(view->after, change->right, &tag);

    if (view->step_count == 0 || add_chain(view, content, had) > 0)
        return;
    for (size_t i = 0; i < view->step_count; i++)
        if (strcmp(view->steps[i].tag, tag) == 0)
            add_words(view, text_from(view->steps[i].reason), ROLE_TEXT_DIM);
}

static void add_difference(difference_view *view, const record_difference *one, int columns, bool utf8)
{
    if (one->kind == DIFFERENCE_NONE) {
        if (view->whole)
            add_side(view, view->after, one->right, ' ', ROLE_FIELD_TEXT, columns, utf8);
        return;
    }
    if (one->kind != DIFFERENCE_ONLY_RIGHT)
        add_side(view, view->before, one->left, '-', ROLE_FROM_DROPPED, columns, utf8);
    if (one->kind != DIFFERENCE_ONLY_LEFT)
        add_side(view, view->after, one->right, '+', ROLE_MARK_NEW, columns, utf8);
    add_reasons(view, one);
}

/* A line of the notes over as many rows as it needs. */
static void add_note(difference_view *view, text line, int columns, bool utf8)
{
    do {
        size_t end = 0, blank = 0;
        int used = 0;

        while (end < line.length) {
            display_unit unit;

            display_next(&unit, line.bytes + end, line.length - end, utf8);
            if (used + unit.width > columns)
                break;
            used += unit.width;
            end += unit.bytes;
            blank = line.bytes[end - 1] == ' ' ? end : blank;
        }
        if (end < line.length && blank > 0)
            end = blank;
        if (end == 0)
            end = line.length;
        add_words(view, text_of(line.bytes, end), ROLE_TEXT);
        line = text_of(line.bytes + end, line.length - end);
    } while (line.length > 0);
}

static void lay_out(difference_view *view, int columns, bool utf8)
{
    text notes = buffer_text(&view->notes);

    record_lines_clear(&view->lines);
    view->row_count = 0;
    for (size_t i = 0; i < view->difference_count; i++)
        add_difference(view, &view->differences[i], columns - LEFT - RECORD_CONTENT - 1, utf8);
    if (view->row_count == 0 && view->before != NULL)
        add_words(view, TEXT("Nothing is changed."), ROLE_TEXT);
    if (notes.length > 0 && view->row_count > 0)
        add_words(view, TEXT(""), ROLE_TEXT);
    while (notes.bytes != NULL && notes.length > 0)
        add_note(view, text_next_field(&notes, '\n'), columns - LEFT - 1, utf8);
    view->laid_out_for = columns;
    view->laid_out_utf8 = utf8;
}

static void draw_row(const difference_view *view, const view_line *shown, const surface *canvas, int row)
{
    char sign[2] = { shown->sign, '\0' };
    bool reason = shown->line == SIZE_MAX && shown->look == ROLE_TEXT_DIM;

    surface_put(canvas, row, 1, shown->look, sign);
    if (shown->line != SIZE_MAX)
        record_lines_draw(&view->lines, shown->line, canvas, row, LEFT, canvas->columns - LEFT, ROLE_FIELD_TAG, shown->look);
    else
        surface_data(canvas, row, reason ? LEFT + RECORD_CONTENT : 1, canvas->columns - (reason ? LEFT + RECORD_CONTENT : 1),
                     shown->look, shown->words, true);
}

void difference_view_draw(difference_view *view, const surface *canvas, int first_row, int rows)
{
    size_t last;

    if (view->laid_out_for != canvas->columns || view->laid_out_utf8 != surface_utf8(canvas))
        lay_out(view, canvas->columns, surface_utf8(canvas));
    view->shown = rows > 0 ? (size_t)rows : 1;
    last = view->row_count > view->shown ? view->row_count - view->shown : 0;
    if (view->top > last)
        view->top = last;
    for (size_t i = 0; (int)i < rows && view->top + i < view->row_count; i++)
        draw_row(view, &view->rows[view->top + i], canvas, first_row + (int)i);
}

bool difference_view_run(difference_view *view, const char *command)
{
    record_view scrolled = { .lines = { .count = view->row_count }, .top = view->top, .rows = view->shown };

    if (strcmp(command, "version.differences") == 0) {
        view->whole = !view->whole;
        view->laid_out_for = 0;
        return true;
    }
    bool used = record_view_run(&scrolled, command);

    view->top = scrolled.top;
    return used;
}
