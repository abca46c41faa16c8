/* src/tui/external_draw.c - how Search Resources looks: form, one line for each target, hits, and a hit as MARC.
 *
 * From 100 columns form and hits stand side by side (SR-14), below that one or the other has the pane. A target's failure is a
 * line among the others and never reads as "no records" (SR-100, SR-101). */
#include "external_model.h"

#include "recto/base/plural.h"

#include <stdio.h>
#include <string.h>

enum { DETAIL_ROWS = 5, LABEL_COLUMNS = 21 };

/* ---- the form -------------------------------------------------------------------------------------------------------------- */

static void draw_target(const external_model *model, const surface *canvas, int row, size_t index, bool focused)
{
    const target *shown = target_list_get(station_targets(model->station), index);
    char line[300];

    snprintf(line, sizeof line, "%s%s%s", shown->label, shown->note != NULL && shown->note[0] != '\0' ? "  " : "",
             shown->note != NULL ? shown->note : "");
    surface_put(canvas, row, 0, ROLE_TEXT, focused ? ">" : " ");
    surface_put(canvas, row, 1, ROLE_TEXT, model->chosen[index] ? "[x]" : "[ ]");
    surface_data(canvas, row, 5, canvas->columns - 6, shown->enabled ? ROLE_TEXT : ROLE_HINT_OFF, text_from(line), true);
    if (focused)
        surface_paint(canvas, row, 1, canvas->columns - 2, ROLE_SELECTION);
}

static void draw_box(external_model *model, const surface *canvas, int row, external_box box, bool focused)
{
    bool usable = external_box_usable(model, box);

    surface_put(canvas, row, 0, ROLE_TEXT, focused ? ">" : " ");
    surface_put(canvas, row, 1, usable ? ROLE_LABEL : ROLE_HINT_OFF, external_box_label(box));
    if (!usable && !focused && model->boxes[box].text.length == 0) {
        surface_put(canvas, row, LABEL_COLUMNS + 1, ROLE_HINT_OFF, "(not searchable there)");
        return;
    }
    if (canvas->columns > LABEL_COLUMNS + 3)
        line_input_draw(&model->boxes[box], canvas, row, LABEL_COLUMNS + 1, canvas->columns - LABEL_COLUMNS - 3, focused);
}

static void draw_form(external_model *model, const surface *canvas, bool focused)
{
    size_t lines = model->target_count + 1 + BOX_COUNT;
    size_t line_of_focus = model->focus < model->target_count ? model->focus : model->focus + 1;
    size_t rows = canvas->rows > 1 ? (size_t)canvas->rows - 1 : 0;
    char right[60];

    snprintf(right, sizeof right, model->beside ? "beside the open record" : "no record open");
    surface_rule(canvas, 0, focused, "Search Resources", canvas->columns > 50 ? right : "");
    if (line_of_focus < model->form_top)
        model->form_top = line_of_focus;
    if (rows > 0 && line_of_focus >= model->form_top + rows)
        model->form_top = line_of_focus - rows + 1;
    if (lines <= rows)
        model->form_top = 0;
    for (size_t i = 0; i < rows && model->form_top + i < lines; i++) {
        size_t line = model->form_top + i;
        int row = 1 + (int)i;

        if (line < model->target_count)
            draw_target(model, canvas, row, line, focused && model->focus == line);
        else if (line == model->target_count)
            surface_rule(canvas, row, false, "Boxes are joined with and", "");
        else
            draw_box(model, canvas, row, (external_box)(line - model->target_count - 1), focused && model->focus + 1 == line);
    }
}

/* ---- targets under way ------------------------------------------------------------------------------------------- */

static const char *state_word(external_state state)
{
    static const char *const words[] = { "connecting", "searching", "fetching", "done", "failed", "stopped" };

    return words[state];
}

/* @return rows used */
static int draw_status(const external_status *status, const surface *canvas, int row, int rows)
{
    char line[160];
    double seconds = (double)status->elapsed_ms / 1000.0;
    bool done = status->state == EXTERNAL_DONE;

    surface_data(canvas, row, 2, 20, ROLE_LABEL, text_from(status->target->label), true);
    if (status->state == EXTERNAL_FAILED) {
        surface_put(canvas, row, 0, ROLE_ALERT_BLOCK, "E");
        snprintf(line, sizeof line, "failed, %.1f s", seconds);
        surface_put(canvas, row, 23, ROLE_ALERT_BLOCK, line);
        return canvas->columns >= 100
                   ? draw_wrapped(canvas, row, 40, rows, ROLE_ALERT_BLOCK, text_from(status->failure))
                   : 1 + draw_wrapped(canvas, row + 1, 4, rows > 2 ? 2 : rows - 1, ROLE_ALERT_BLOCK, text_from(status->failure));
    }
    if (status->hits < 0)
        snprintf(line, sizeof line, "%-10s  %.1f s", state_word(status->state), seconds);
    else if (status->hits == 0 && done)
        snprintf(line, sizeof line, "%-10s  %.1f s  no records found", state_word(status->state), seconds);
    else
        snprintf(line, sizeof line, "%-10s  %.1f s  %zu of %lld %s", state_word(status->state), seconds, status->fetched,
                 (long long)status->hits, plural((uint64_t)status->hits, "hit", "hits"));
    surface_put(canvas, row, 0, ROLE_TEXT, done || status->state == EXTERNAL_STOPPED ? " " : "~");
    surface_put(canvas, row, 23, ROLE_TEXT, line);
    return 1;
}

static int draw_statuses(const external_model *model, const surface *canvas, int row)
{
    size_t count = model->search != NULL ? external_search_targets(model->search) : 0;
    int most = canvas->rows / 2;

    for (size_t i = 0; i < count && row < most; i++)
        row += draw_status(external_search_status(model->search, i), canvas, row, most - row);
    return row;
}

/* ---- hits -------------------------------------------------------------------------------------------------------- */

enum {
    COLUMN_NUMBER,
    COLUMN_HELD,
    COLUMN_TITLE,
    COLUMN_CREATOR,
    COLUMN_DATE,
    COLUMN_KIND,
    COLUMN_LEVEL,
    COLUMN_EXTENT,
    COLUMN_AGENCY,
    COLUMN_HEADINGS,
    COLUMN_CHANGED,
    COLUMN_OCLC,
    COLUMN_TARGET,
    COLUMN_COUNT
};
static const list_column columns[COLUMN_COUNT] = {
    { "   #", 4, 0, 0, 0 },    { "Held", 4, 0, 0, 0 },  { "Title", 14, 8, 0, 0 },    { "Creator", 9, 3, 56, 0 },
    { "Date", 4, 0, 0, 0 },    { "Type", 4, 0, 60, 0 }, { "Lvl", 3, 0, 0, 0 },       { "Extent", 10, 2, 110, 0 },
    { "Cat", 7, 0, 100, 0 },   { "6XX", 4, 0, 120, 0 }, { "Changed", 10, 0, 90, 0 }, { "OCLC", 10, 0, 76, 0 },
    { "Target", 8, 1, 70, 0 },
};

static void draw_row(const external_model *model, size_t index, const list_layout *layout, const surface *canvas, int row,
                     bool focused)
{
    const external_row *hit = &model->rows[index];
    bool current = index == model->list.current;
    char number[24];
    char held[2] = { (char)(hit->held != 0 ? (int)hit->held_zone : '-'), '\0' };
    char agency[32];

    snprintf(number, sizeof number, "%4zu", index + 1);
    snprintf(agency, sizeof agency, "%s%s%s", hit->agency, hit->rda ? " " : "", hit->rda ? "rda" : "");
    list_layout_cell(layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT_DIM, number);
    if (current)
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
    list_layout_cell(layout, COLUMN_HELD, canvas, row, ROLE_MARK_LINKED, hit->readable ? held : "E");
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, hit->readable ? ROLE_TEXT : ROLE_ALERT_BLOCK, hit->title);
    list_layout_cell(layout, COLUMN_CREATOR, canvas, row, ROLE_TEXT, hit->creator);
    list_layout_cell(layout, COLUMN_DATE, canvas, row, ROLE_TEXT, hit->date);
    list_layout_cell(layout, COLUMN_KIND, canvas, row, ROLE_TEXT, hit->kind);
    list_layout_cell(layout, COLUMN_LEVEL, canvas, row, ROLE_TEXT, hit->level);
    list_layout_cell(layout, COLUMN_EXTENT, canvas, row, ROLE_TEXT, hit->extent);
    list_layout_cell(layout, COLUMN_AGENCY, canvas, row, ROLE_TEXT, agency);
    list_layout_cell(layout, COLUMN_HEADINGS, canvas, row, ROLE_TEXT, hit->headings);
    list_layout_cell(layout, COLUMN_CHANGED, canvas, row, ROLE_TEXT_DIM, hit->changed);
    list_layout_cell(layout, COLUMN_OCLC, canvas, row, ROLE_TEXT, hit->oclc);
    list_layout_cell(layout, COLUMN_TARGET, canvas, row, ROLE_TEXT_DIM, hit->from->label);
    if (current && focused)
        surface_mark_row(canvas, row);
}

static void format_held(const external_row *row, char *out, size_t capacity)
{
    char id[MMS_ID_LENGTH];

    if (!row->readable)
        snprintf(out, capacity, "Cannot be imported: %s", row->problem);
    else if (row->held == 0)
        snprintf(out, capacity, "Not held: no match in the catalog");
    else {
        mms_id_format(id, row->held);
        snprintf(out, capacity, "Already in the %s: %s", zone_title(row->held_zone), id);
    }
}

static void draw_detail(const external_model *model, const surface *canvas, int row)
{
    const external_row *hit = external_current(model);
    char heading[80];
    char line[400];
    int width = canvas->columns - 2;

    if (hit == NULL)
        return;
    snprintf(heading, sizeof heading, "%s, hit %zu", hit->from->label, hit->number);
    surface_rule(canvas, row, false, heading, "");
    surface_data(canvas, row + 1, 1, width, ROLE_TITLE, text_from(hit->statement), true);
    snprintf(line, sizeof line, "%s%s%s", hit->imprint, hit->extent[0] != '\0' ? "  " : "", hit->extent);
    surface_data(canvas, row + 2, 1, width, ROLE_TEXT, text_from(line), true);
    snprintf(line, sizeof line, "OCLC %s   level %s   %s%s   changed %s   6XX %s", hit->oclc[0] != '\0' ? hit->oclc : "-",
             hit->level, hit->agency, hit->rda ? " rda" : "", hit->changed[0] != '\0' ? hit->changed : "-",
             hit->headings[0] != '\0' ? hit->headings : "-");
    surface_data(canvas, row + 3, 1, width, ROLE_TEXT_DIM, text_from(line), true);
    format_held(hit, line, sizeof line);
    surface_data(canvas, row + 4, 1, width, hit->held != 0 || !hit->readable ? ROLE_ALERT_WARNING : ROLE_TEXT, text_from(line),
                 true);
}

static void draw_no_rows(const external_model *model, const surface *canvas, int row)
{
    size_t failed = 0;
    size_t count = model->search != NULL ? external_search_targets(model->search) : 0;

    for (size_t i = 0; i < count; i++)
        failed += external_search_status(model->search, i)->state == EXTERNAL_FAILED;
    if (count == 0)
        surface_put(canvas, row, 1, ROLE_TEXT_DIM, "Fill a box and press Enter.");
    else if (external_search_busy(model->search))
        surface_put(canvas, row, 1, ROLE_TEXT_DIM, "Waiting for the first answer. Esc stops, and keeps what has come.");
    else if (failed == count)
        surface_put(canvas, row, 1, ROLE_TEXT, "No target could be asked; what to do stands above.");
    else if (failed > 0)
        surface_put(canvas, row, 1, ROLE_TEXT, "The targets that answered have none; the others could not be asked.");
    else
        surface_put(canvas, row, 1, ROLE_TEXT, "No target has such a record. Esc goes back to the form.");
}

static void draw_hits(external_model *model, const surface *canvas, bool focused)
{
    list_layout layout;
    char left[80];
    char right[60];
    bool busy = model->search != NULL && external_search_busy(model->search);
    int row;
    int rows;

    snprintf(left, sizeof left, "Hits, %zu%s", model->list.count, busy ? ", searching" : "");
    snprintf(right, sizeof right, "import to: %s", model->placement == ZONE_NETWORK ? "NETWORK" : "LOCAL");
    surface_rule(canvas, 0, focused, left, right);
    row = draw_statuses(model, canvas, 1);
    if (model->list.count == 0) {
        draw_no_rows(model, canvas, row + 1);
        return;
    }
    list_layout_make(&layout, columns, COLUMN_COUNT, 0, canvas->columns);
    list_layout_header(&layout, columns, canvas, row++);
    rows = canvas->rows - row - (canvas->rows >= 14 ? DETAIL_ROWS : 0);
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, row + (int)i, focused);
    if (canvas->rows >= 14)
        draw_detail(model, canvas, canvas->rows - DETAIL_ROWS);
}

static void draw_view(external_model *model, const surface *canvas, bool focused)
{
    const external_row *hit = external_current(model);
    char heading[120];
    char right[40];
    char held[160];

    if (hit == NULL)
        return;
    snprintf(heading, sizeof heading, "X %s  View Only  brief %02d", hit->from->label,
             model->view.record != NULL ? match_brief_level(model->view.record) : 0);
    snprintf(right, sizeof right, "hit %zu/%zu", model->list.current + 1, model->list.count);
    surface_rule(canvas, 0, focused, heading, right);
    surface_data(canvas, 1, 1, canvas->columns - 2, ROLE_TITLE, text_from(hit->title), true);
    format_held(hit, held, sizeof held);
    surface_data(canvas, 2, 1, canvas->columns - 2, hit->held != 0 || !hit->readable ? ROLE_ALERT_WARNING : ROLE_TEXT_DIM,
                 text_from(held), true);
    record_view_draw(&model->view, canvas, 3, canvas->rows - 3);
    if (!hit->readable) {
        const external_hit *raw = external_current_hit(model);

        surface_put(canvas, 3, 1, ROLE_LABEL, "Its bytes, as they came:");
        if (raw != NULL)
            draw_wrapped(canvas, 4, 1, canvas->rows - 4, ROLE_TEXT, raw->raw);
    }
}

void external_draw(void *state, const surface *canvas, bool focused)
{
    external_model *model = state;
    surface part = *canvas;

    surface_clear(canvas, ROLE_TEXT);
    if (canvas->columns >= EXTERNAL_SPLIT_COLUMNS) {
        int form = canvas->columns >= 120 ? EXTERNAL_FORM_COLUMNS + 8 : EXTERNAL_FORM_COLUMNS;

        part = surface_part(canvas, 0, 0, canvas->rows, form);
        draw_form(model, &part, focused && model->mode == MODE_FORM);
        part = surface_part(canvas, 0, form, canvas->rows, 1);
        surface_vertical_rule(&part, 0);
        part = surface_part(canvas, 0, form + 1, canvas->rows, canvas->columns - form - 1);
        if (model->mode == MODE_FORM) {
            draw_hits(model, &part, false);
            return;
        }
    }
    if (model->mode == MODE_FORM)
        draw_form(model, &part, focused);
    else if (model->mode == MODE_HITS)
        draw_hits(model, &part, focused);
    else
        draw_view(model, &part, focused);
}
