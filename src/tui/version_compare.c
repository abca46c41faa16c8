/* src/tui/version_compare.c - see version_compare.h. */
#include "version_compare.h"

#include <stdlib.h>
#include <string.h>

void version_compare_init(version_compare *view)
{
    *view = (version_compare){ .left = NULL };
    record_lines_init(&view->lines);
}

void version_compare_clear(version_compare *view)
{
    marc_record_free(view->left);
    marc_record_free(view->right);
    free(view->differences);
    record_lines_clear(&view->lines);
    view->left = view->right = NULL;
    view->differences = NULL;
    view->difference_count = 0;
    view->laid_out_for = 0;
    view->placed = false;
    view->list = (list_view){ .count = 0 };
}

void version_compare_release(version_compare *view)
{
    version_compare_clear(view);
    record_lines_release(&view->lines);
}

recto_status version_compare_set(version_compare *view, marc_record *left, marc_record *right, recto_error *error)
{
    const size_t before = view->list.current;
    const bool again = view->left != NULL;
    version_compare_clear(view);
    view->left = left;
    view->right = right;
    recto_status status = record_difference_make(&view->differences, &view->difference_count, left, right, error);
    /* What every save changes is no difference to be looked at. */
    for (size_t i = 0; status == RECTO_OK && i < view->difference_count; i++)
        if (view->differences[i].kind == DIFFERENCE_CHANGED && record_difference_is_system(&view->differences[i], left, right))
            view->differences[i].kind = DIFFERENCE_NONE;
    if (status != RECTO_OK)
        version_compare_clear(view);
    if (again) { /* a field was taken back: the cursor stays where it was */
        view->list.current = before;
        view->placed = true;
    }
    return status;
}

/* ---- layout ---- */

static void add_side(version_compare *view, const marc_record *record, size_t field, size_t line, int columns, bool utf8)
{
    const marc_field shown = record_difference_field(record, field);
    record_lines_add(&view->lines, shown.tag, shown.content, line, columns, utf8, 0);
}

static void lay_out(version_compare *view, int columns, bool utf8)
{
    record_lines_clear(&view->lines);
    for (size_t i = 0; i < view->difference_count; i++) {
        const record_difference *line = &view->differences[i];
        if (line->kind == DIFFERENCE_NONE && view->differences_only)
            continue;
        if (line->kind == DIFFERENCE_ONLY_LEFT) {
            add_side(view, view->left, line->left, 2 * i + 1, columns, utf8);
            continue;
        }
        add_side(view, view->right, line->right, 2 * i, columns, utf8);
        if (line->kind == DIFFERENCE_CHANGED)
            add_side(view, view->left, line->left, 2 * i + 1, columns, utf8);
    }
    view->laid_out_for = columns;
    view->laid_out_utf8 = utf8;
    view->list.count = view->lines.count;
}

static size_t difference_at(const version_compare *view, size_t line)
{
    return view->lines.lines[line].field / 2;
}

static bool is_change(const version_compare *view, size_t line)
{
    return view->differences[difference_at(view, line)].kind != DIFFERENCE_NONE;
}

/* The first line of the next change behind the cursor; again from the top when there is none. */
static void next_change(version_compare *view, bool from_here)
{
    const size_t count = view->lines.count, start = view->list.current;
    for (size_t step = from_here ? 0 : 1; step <= count && count > 0; step++) {
        const size_t at = (start + step) % count;
        const bool begins = at == 0 || difference_at(view, at) != difference_at(view, at - 1);
        if (begins && is_change(view, at)) {
            view->list.current = at;
            return;
        }
    }
}

/* ---- drawing ---- */

static const char *sign_of(const version_compare *view, size_t line, role *look)
{
    *look = ROLE_FIELD_TEXT;
    switch (view->differences[line / 2].kind) {
    case DIFFERENCE_NONE:
        return " ";
    case DIFFERENCE_ONLY_LEFT:
        *look = ROLE_FROM_DROPPED;
        return "-";
    case DIFFERENCE_ONLY_RIGHT:
        *look = ROLE_MARK_NEW;
        return "+";
    case DIFFERENCE_CHANGED:
        break;
    }
    *look = line % 2 == 0 ? ROLE_DIFFERENT : ROLE_TEXT_DIM;
    return line % 2 == 0 ? "≠" : "v";
}

void version_compare_draw(version_compare *view, const surface *canvas, int first_row)
{
    const int content = canvas->columns - 4 - RECORD_CONTENT;
    if (view->laid_out_for != content || view->laid_out_utf8 != surface_utf8(canvas))
        lay_out(view, content, surface_utf8(canvas));
    if (!view->placed)
        next_change(view, true);
    view->placed = true;
    surface_format(canvas, first_row, 1, ROLE_TEXT_DIM, "+ %s  - %s  ≠ changed, v before", view->right_name, view->left_name);
    view->rows = canvas->rows > first_row + 1 ? (size_t)(canvas->rows - first_row - 1) : 0;
    list_view_fit(&view->list, view->rows);
    if (view->lines.count == 0)
        surface_format(canvas, first_row + 2, 1, ROLE_TEXT, "No field of %s differs from %s.", view->left_name, view->right_name);
    for (size_t i = 0; i < view->rows && view->list.top + i < view->lines.count; i++) {
        const size_t at = view->list.top + i;
        const int row = first_row + 1 + (int)i;
        role look;
        const char *sign = sign_of(view, view->lines.lines[at].field, &look);
        const bool current = at == view->list.current;
        if (view->lines.lines[at].first)
            surface_put(canvas, row, 2, look, sign);
        record_lines_draw(&view->lines, at, canvas, row, 4, canvas->columns - 4, ROLE_FIELD_TAG, look);
        if (current) {
            surface_put(canvas, row, 0, ROLE_TEXT, ">");
            surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
            surface_cursor(canvas, row, 0);
        }
    }
}

/* ---- moving ---- */

bool version_compare_run(version_compare *view, const char *command)
{
    if (strcmp(command, "version.differences") == 0) {
        view->differences_only = !view->differences_only;
        view->laid_out_for = 0;
        view->list.current = view->list.top = 0;
        view->placed = false;
        return true;
    }
    if (strcmp(command, "version.next") == 0) {
        next_change(view, false);
        return true;
    }
    return list_view_run(&view->list, command, view->rows);
}

const record_difference *version_compare_current(const version_compare *view)
{
    if (view->list.current >= view->lines.count)
        return NULL;
    const record_difference *difference = &view->differences[difference_at(view, view->list.current)];
    return difference->kind == DIFFERENCE_NONE ? NULL : difference;
}
