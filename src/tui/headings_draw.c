/* src/tui/headings_draw.c - the list of headings on the screen: authorized ones starred, references leading to the form to use.
 */
#include "headings_model.h"

#include <stdio.h>
#include <string.h>

enum {
    INPUT_ROW = 1,
    HEADER_ROW = 2,
    FIRST_ROW = 3,
    COUNT_COLUMNS = 7,
    SOURCE_COLUMNS = 8,
    FOOT_ROWS = 6,
    BECOMES_ROWS = 3,
    TAG_COLUMNS = 4
};

const char *heading_kind_title(browse_kind kind)
{
    static const char *const titles[] = { [BROWSE_NAMES] = "Names",
                                          [BROWSE_SUBJECTS] = "Subjects",
                                          [BROWSE_SERIES] = "Series",
                                          [BROWSE_TITLES] = "Titles",
                                          [BROWSE_CALL_NUMBERS] = "Call numbers of bibs",
                                          [BROWSE_SHELF] = "Shelf list" };
    return titles[kind];
}

static void draw_header(const headings_model *model, const surface *canvas)
{
    const int right = canvas->columns - COUNT_COLUMNS - SOURCE_COLUMNS - 1;
    surface_put(canvas, HEADER_ROW, 6 + TAG_COLUMNS, ROLE_LABEL,
                model->kind == BROWSE_SHELF || model->kind == BROWSE_CALL_NUMBERS ? "Call number" : "Heading");
    surface_put(canvas, HEADER_ROW, 5, ROLE_LABEL, "Tag");
    surface_put(canvas, HEADER_ROW, right, ROLE_LABEL,
                model->kind != BROWSE_SHELF              ? "   Bibs"
                : model->shelf.level == SHELF_HOLDINGS   ? "  Hold."
                : model->shelf.level == SHELF_ALL_LEVELS ? "    All"
                                                         : "  Items");
    surface_put(canvas, HEADER_ROW, right + COUNT_COLUMNS + 1, ROLE_LABEL, "Source");
}

/* Works of the author whose name stands above in the box differ in their titles, which a narrow list would cut. */
static void draw_shown(const headings_model *model, const surface *canvas, int row, int column, int columns, role look,
                       const char *shown)
{
    const text name = buffer_text(&model->name), whole = text_from(shown);
    if (name.length > 0 && text_starts(whole, name) && display_width(whole, surface_utf8(canvas)) > columns) {
        const text title = text_of(shown + name.length, whole.length - name.length);
        const int used = surface_put(canvas, row, column, ROLE_TEXT_DIM, "… ");
        surface_data(canvas, row, column + used, columns - used, look, title, true);
    } else {
        surface_data(canvas, row, column, columns, look, whole, true);
    }
}

static void draw_heading(const headings_model *model, const surface *canvas, int row, size_t index)
{
    const catalog_heading *heading = &model->rows.rows[index];
    const int right = canvas->columns - COUNT_COLUMNS - SOURCE_COLUMNS - 1, column = 6 + TAG_COLUMNS;
    const bool reference = heading->form == AUTHORITY_SEE;
    if (heading->form == AUTHORITY_HEADING)
        surface_put(canvas, row, 2, ROLE_MARK_LINKED, "*");
    else if (reference)
        surface_put(canvas, row, 2, ROLE_TEXT_DIM, "x");
    surface_data(canvas, row, 5, MARC_TAG_LENGTH, ROLE_FIELD_TAG, text_from(heading->tag), false);
    draw_shown(model, canvas, row, column, right - column - 1, reference ? ROLE_TEXT_DIM : ROLE_TEXT, heading->shown);
    if (heading->count > 0)
        surface_format(canvas, row, right, ROLE_TEXT, "%7zu", heading->count);
    surface_data(canvas, row, right + COUNT_COLUMNS + 1, SOURCE_COLUMNS - 1, ROLE_TEXT_DIM, text_from(heading->vocabulary), true);
    if (index == model->list.current) {
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
        surface_mark_row(canvas, row);
    }
}

/* The lines below the expanded row. @return how many */
static int draw_references(const headings_model *model, const surface *canvas, int row, int end)
{
    text rest = buffer_text(&model->references);
    int lines = 0;
    while (rest.length > 0 && row + lines < end) {
        const text line = text_next_field(&rest, '\n');
        surface_data(canvas, row + lines++, 10 + TAG_COLUMNS, canvas->columns - 11 - TAG_COLUMNS, ROLE_TEXT_DIM, line, true);
    }
    return lines;
}

static int reference_lines(const headings_model *model)
{
    int lines = model->references.length > 0;
    for (size_t i = 0; i < model->references.length; i++)
        lines += model->references.bytes[i] == '\n';
    return lines;
}

static void draw_list(headings_model *model, const surface *canvas, int end)
{
    const int below = model->expanded != SIZE_MAX ? reference_lines(model) : 0;
    const int rows = end - FIRST_ROW - below;
    int row = FIRST_ROW;
    model->rows_shown = rows > 1 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = model->list.top; i < model->rows.count && row < end; i++) {
        draw_heading(model, canvas, row++, i);
        if (i == model->expanded)
            row += draw_references(model, canvas, row, end);
    }
    if (model->rows.count == 0)
        surface_put(canvas, FIRST_ROW, 2, ROLE_TEXT_DIM,
                    model->kind == BROWSE_SHELF ? "Nothing here. Alt+G level, Alt+T type, Alt+B library, Alt+K location."
                                                : "There is no such list here yet: no record has a heading of this kind.");
}

/* The row under the cursor: the whole of it, where it leads, what is told of it, and the field as it would be. */
static void draw_foot(const headings_model *model, const surface *canvas, int top)
{
    const catalog_heading *heading = headings_current(model);
    surface_rule(canvas, top, false,
                 heading == NULL || model->kind == BROWSE_SHELF || model->kind == BROWSE_CALL_NUMBERS ? ""
                 : heading->form == AUTHORITY_HEADING                                                 ? "authorized"
                 : heading->form == AUTHORITY_SEE                                                     ? "reference"
                                                  : "of bibs, no authority record",
                 "");
    if (heading == NULL)
        return;
    int column = 1;
    if (heading->form == AUTHORITY_SEE)
        column += surface_put(canvas, top + 1, column, ROLE_LABEL, "use: ");
    surface_data(canvas, top + 1, column, canvas->columns - column - 1, ROLE_TEXT, text_from(heading->use), true);
    surface_data(canvas, top + 2, 1, canvas->columns - 2, ROLE_TEXT_DIM, buffer_text(&model->about), true);
    if (!model->for_field || model->becomes.length == 0)
        return;
    surface_data(canvas, top + 3, 1, MARC_TAG_LENGTH, ROLE_FIELD_TAG, text_from(model->tag), false);
    (void)draw_wrapped(canvas, top + 3, 5, BECOMES_ROWS, ROLE_FIELD_TEXT, buffer_text(&model->becomes));
}

void headings_draw(void *state, const surface *canvas, bool focused)
{
    headings_model *model = state;
    char left[240], right[80], shelf[120] = "";
    const int foot = model->for_field ? FOOT_ROWS : 3, end = canvas->rows - foot;
    surface_clear(canvas, ROLE_TEXT);
    if (model->kind == BROWSE_SHELF)
        headings_shelf_sentence(model, shelf, sizeof shelf);
    snprintf(left, sizeof left, "%s: %s%s%s%s", model->for_field ? "Headings for the field" : "Browse",
             heading_kind_title(model->kind), shelf, model->vocabulary[0] != '\0' ? ", " : "", model->vocabulary);
    snprintf(right, sizeof right, "%s", zone_title(model->zone));
    surface_rule(canvas, 0, focused, left, right);
    surface_put(canvas, INPUT_ROW, 1, ROLE_LABEL, "From:");
    draw_header(model, canvas);
    draw_list(model, canvas, end);
    draw_foot(model, canvas, end);
    line_input_draw(&model->input, canvas, INPUT_ROW, 7, canvas->columns - 8, focused);
}
