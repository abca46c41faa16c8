/* src/tui/search_draw.c - how search and results look, from the narrowest terminal to the widest (style.md section 2). */
#include "combine.h"
#include "search_model.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <string.h>

enum { FORM_ROWS = 3, LIST_HEAD_ROWS = 2, DETAIL_ROWS = 4, WIDE_COLUMNS = 120, WIDE_ROWS = 30, PANEL_COLUMNS = 43 };

const char *search_type_title(search_type type)
{
    static const char *const titles[] = { "All Titles", "Physical Titles", "Electronic Titles", "Physical Items", "Authorities" };

    return titles[type];
}

const char *search_sort_title(search_sort sort)
{
    static const char *const titles[] = { "rank",
                                          "title",
                                          "creator",
                                          "date",
                                          "newest date",
                                          "last modified",
                                          "last created",
                                          "MMS ID",
                                          "title, last first",
                                          "creator, last first",
                                          "series",
                                          "series, last first",
                                          "uniform title",
                                          "uniform title, last first",
                                          "call number",
                                          "call number, last first" };

    return titles[sort];
}

const bib_info *search_row(const search_model *model, size_t index)
{
    return index >= model->window && index - model->window < model->hits.row_count ? &model->hits.rows[index - model->window]
                                                                                   : NULL;
}

/* ---- the form ------------------------------------------------------------------------------------------------------------- */

/* The zone tabs with their counts: "[Institution 27] Network 4 Community 0" (SE-13). */
static void format_zones(buffer *out, const search_model *model)
{
    static const struct {
        zone_kind zone;
        const char *name;
    } zones[] = { { ZONE_INSTITUTION, "Institution" }, { ZONE_NETWORK, "Network" }, { ZONE_COMMUNITY, "Community" } };

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        bool chosen = model->zone == zones[i].zone;

        buffer_append_format(out, "%s%s%s", i > 0 ? " " : "", chosen ? "[" : "", zones[i].name);
        if (model->searched && model->counted)
            buffer_append_format(out, " %zu", model->counts[i]);
        buffer_append_string(out, chosen ? "]" : "");
    }
    buffer_append_string(out, model->zone == 0 ? " [All]" : "");
}

static void format_index(char *out, size_t capacity, const search_model *model, size_t line, bool utf8)
{
    const text label = search_index_label(model, model->index[line]);

    snprintf(out, capacity, "%s%.*s %s", line > 0 ? "and " : "", (int)label.length, label.bytes, utf8 ? "▾" : "v");
}

static void draw_form(search_model *model, const surface *canvas, bool focused)
{
    char labels[SEARCH_LINES][80];
    buffer zones;
    int input = 0;
    bool in_form = focused && model->focus != FOCUS_LIST;

    buffer_init(&zones, 0);
    format_zones(&zones, model);
    snprintf(labels[0], sizeof labels[0], "%s%s", search_type_title(model->type),
             in_form && model->focus == FOCUS_TYPE ? ": arrows choose" : "");
    surface_rule(canvas, 0, in_form, labels[0], buffer_string(&zones));
    buffer_release(&zones);
    if (in_form && model->focus == FOCUS_TYPE)
        surface_paint(canvas, 0, 3, (int)strlen(search_type_title(model->type)), ROLE_SELECTION);
    for (size_t i = 0; i < SEARCH_LINES; i++) {
        format_index(labels[i], sizeof labels[i], model, i, surface_utf8(canvas));
        if (display_width(text_from(labels[i]), surface_utf8(canvas)) + 3 > input)
            input = display_width(text_from(labels[i]), surface_utf8(canvas)) + 3;
    }
    for (size_t i = 0; i < SEARCH_LINES; i++) {
        bool on_index = in_form && model->focus == (i == 0 ? FOCUS_INDEX : FOCUS_INDEX_2);
        bool on_query = in_form && model->focus == (i == 0 ? FOCUS_QUERY : FOCUS_QUERY_2);
        int row = 1 + (int)i;
        int width = canvas->columns - input - 10;

        surface_data(canvas, row, 1, input, ROLE_LABEL, text_from(labels[i]), true);
        if (on_index) {
            surface_put(canvas, row, 0, ROLE_TEXT, ">");
            surface_paint(canvas, row, 1, input - 3, ROLE_SELECTION);
        }
        if (width > 0)
            line_input_draw(&model->query[i], canvas, row, input, width, on_query);
    }
    surface_put(canvas, 1, canvas->columns - 8, ROLE_HINT_KEY, "[Enter]");
}

/* ---- the list ------------------------------------------------------------------------------------------------------------- */

enum {
    COLUMN_NUMBER,
    COLUMN_STATE,
    COLUMN_TITLE,
    COLUMN_CREATOR,
    COLUMN_DATE,
    COLUMN_ZONE,
    COLUMN_INVENTORY,
    COLUMN_AGE,
    COLUMN_OCLC,
    COLUMN_MODIFIED,
    COLUMN_BY,
    COLUMN_COUNT
};
static const list_column list_columns[COLUMN_COUNT] = {
    { "   #", 4, 0, 0, 0 },    { "St", 2, 0, 0, 0 },          { "Title", 20, 16, 0, 0 }, { "Creator", 10, 5, 48, 0 },
    { "Date", 4, 0, 40, 0 },   { "Z", 1, 0, 0, 0 },           { "Inv", 6, 0, 64, 0 },    { "Mod", 5, 0, 72, WIDE_COLUMNS },
    { "OCLC", 10, 0, 120, 0 }, { "Modified", 10, 0, 120, 0 }, { "By", 8, 1, 120, 0 },
};

/* "I", and of a record that is linked to one of the network "I>N" (SE-15). */
void search_format_zone(char out[static 4], const search_model *model, size_t index)
{
    const bib_info *info = search_row(model, index);
    const repo_zone *other =
        info->linked_to != 0 && model->station != NULL ? catalog_zone_of(station_catalog(model->station), info->linked_to) : NULL;

    snprintf(out, 4, "%c%s%c", model->row_zones[index - model->window], other != NULL ? ">" : "",
             other != NULL ? (char)other->kind : '\0');
}

static bool some_are_linked(const search_model *model)
{
    for (size_t i = 0; i < model->hits.row_count; i++)
        if (model->hits.rows[i].linked_to != 0)
            return true;
    return false;
}

static void draw_row(const search_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const bib_info *info = search_row(model, index);
    bool current = index == model->list.current && model->focus == FOCUS_LIST;
    char number[24];
    char letters[4];
    char zone[4];
    char inventory[32];
    char age[32];
    char modified[32];

    snprintf(number, sizeof number, "%*zu", layout->width[COLUMN_NUMBER], index + 1);
    list_layout_cell(layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT_DIM, number);
    if (index == model->list.current)
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
    if (info == NULL)
        return;
    if (search_is_selected(model, info->id))
        surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "+");
    if (model->station != NULL && combine_is_marked(model->station, info->id))
        surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "<");
    bib_letters(letters, info);
    search_format_zone(zone, model, index);
    bib_inventory(inventory, sizeof inventory, info);
    clock_format_age(age, sizeof age, info->modified_at, model->now);
    modified[0] = '\0';
    if (layout->width[COLUMN_MODIFIED] > 0) /* a calendar for nothing would be most of a row's cost */
        clock_format_local(modified, sizeof modified, info->modified_at);
    modified[strlen(modified) > 10 ? 10 : strlen(modified)] = '\0';
    list_layout_cell(layout, COLUMN_STATE, canvas, row, info->locked_by[0] != '\0' ? ROLE_ALERT_WARNING : ROLE_TEXT, letters);
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT,
                     info->deleted            ? "(deleted)"
                     : info->title[0] != '\0' ? info->title
                                              : "(no title)");
    list_layout_cell(layout, COLUMN_CREATOR, canvas, row, ROLE_TEXT, info->creator);
    list_layout_cell(layout, COLUMN_DATE, canvas, row, ROLE_TEXT, info->date);
    list_layout_cell(layout, COLUMN_ZONE, canvas, row, ROLE_TEXT, zone);
    list_layout_cell(layout, COLUMN_INVENTORY, canvas, row, ROLE_TEXT, inventory);
    list_layout_cell(layout, COLUMN_AGE, canvas, row, ROLE_TEXT_DIM, age);
    list_layout_cell(layout, COLUMN_OCLC, canvas, row, ROLE_TEXT, info->oclc);
    list_layout_cell(layout, COLUMN_MODIFIED, canvas, row, ROLE_TEXT_DIM, modified);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, info->modified_by);
    if (current)
        surface_mark_row(canvas, row);
}

static void draw_nothing_found(const search_model *model, const surface *canvas, int row)
{
    surface_format(canvas, row, 1, ROLE_TEXT, "Nothing found in %s, %s.", search_type_title(model->type),
                   zone_title(model->zone));
    surface_data(canvas, row + 1, 1, canvas->columns - 2, ROLE_TEXT_DIM, text_from(model->hits.form), true);
    int end = search_draw_ways(model, canvas, row + 3);
    if (model->ways > 0)
        surface_put(canvas, end + 1 > row + 6 ? end + 1 : row + 6, 1, ROLE_TEXT,
                    "Enter runs the marked one, arrows choose. r searches other libraries.");
    else
        surface_put(canvas, row + 6, 1, ROLE_TEXT,
                    model->hits.hint.offers ? "Enter shows these. r searches other libraries (Search Resources)."
                                            : "Enter or r searches other libraries (Search Resources). / changes the search.");
}

/* What the results are narrowed by: "; eng, fre, Book". */
static void append_chosen(char *out, size_t capacity, const search_model *model)
{
    for (size_t i = 0; i < model->chosen_count; i++) {
        const catalog_facet_value *chosen = &model->chosen[i];
        const size_t at = strlen(out);

        snprintf(out + at, capacity - at, "%s%s", i == 0 ? "; " : ", ",
                 chosen->facet == FACET_LANGUAGE ? chosen->value : chosen->label);
    }
}

static void draw_list_head(const search_model *model, const surface *canvas, int row, bool focused)
{
    char left[200];
    char right[40] = "";
    size_t last = model->list.top + model->rows_shown;

    if (!model->searched) {
        surface_rule(canvas, row, focused, "Results", "");
        return;
    }
    if (last > model->hits.total)
        last = model->hits.total;
    if (model->hits.total == 0)
        snprintf(left, sizeof left, "Results: none");
    else
        snprintf(left, sizeof left, "Results %zu-%zu of %zu, by %s", model->list.top + 1, last, model->hits.total,
                 search_sort_title(model->sort));
    append_chosen(left, sizeof left, model);
    if (model->selected_count > 0)
        snprintf(right, sizeof right, "%zu selected  %.2f s", model->selected_count, model->hits.seconds);
    else
        snprintf(right, sizeof right, "%.2f s", model->hits.seconds);
    surface_rule(canvas, row, focused, left, right);
}

static int digits_of(size_t number)
{
    int digits = 1;

    while (number >= 10) {
        number /= 10;
        digits++;
    }
    return digits;
}

static bool has_banner(const search_model *model)
{
    return model->hits.total > 0 && model->hits.hint.shared[0] != '\0';
}

static int lines_of_row(const search_model *model)
{
    return search_two_lines(model) ? 2 : 1;
}

/* The rule, the banner, and what the columns are called. */
static int head_rows(const search_model *model)
{
    return (search_two_lines(model) ? 1 : LIST_HEAD_ROWS) + (has_banner(model) ? 1 : 0);
}

/* Several records with one OCLC number, and what can be done about it (SE-92). @return its rows */
static int draw_banner(const search_model *model, const surface *canvas, int row)
{
    char line[120];

    if (!has_banner(model))
        return 0;
    snprintf(line, sizeof line, "Several share OCLC %s: exports are refused (Multi matches). M merges two",
             model->hits.hint.shared);
    surface_data(canvas, row, 1, canvas->columns - 2, ROLE_ALERT_WARNING, text_from(line), true);
    return 1;
}

static void draw_list(search_model *model, const surface *canvas, int first_row, int rows, bool focused)
{
    const bool authorities = model->type == SEARCH_AUTHORITIES;
    list_column columns[LIST_COLUMNS_MAX];
    size_t count = COLUMN_COUNT;
    list_layout layout;
    int digits = digits_of(model->hits.total) + 1;

    if (authorities)
        search_authority_columns(columns, &count);
    else
        memcpy(columns, list_columns, sizeof list_columns);
    if (!authorities && some_are_linked(model))
        columns[COLUMN_ZONE].least = 3;
    if (digits > columns[COLUMN_NUMBER].least)
        columns[COLUMN_NUMBER].least = digits;
    const int banner = draw_banner(model, canvas, first_row + 1);
    const int lines = lines_of_row(model);
    const int head = head_rows(model);
    model->rows_shown = rows > head + lines ? (size_t)((rows - head) / lines) : 1;
    list_view_fit(&model->list, model->rows_shown);
    draw_list_head(model, canvas, first_row, focused && model->focus == FOCUS_LIST);
    if (!model->searched) {
        surface_put(canvas, first_row + 2, 1, ROLE_TEXT_DIM, "Type words, an MMS ID, an ISBN or (OCoLC)number and press Enter;");
        surface_put(canvas, first_row + 3, 1, ROLE_TEXT_DIM, "or a whole search: ti=\"war and peace\" AND yr>=1990");
        return;
    }
    if (model->hits.total == 0) {
        draw_nothing_found(model, canvas, first_row + 2);
        return;
    }
    if (lines > 1) {
        for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
            search_draw_two_lines(model, model->list.top + i, digits, canvas, first_row + head + (int)i * lines);
        return;
    }
    list_layout_make(&layout, columns, count, 0, canvas->columns);
    list_layout_header(&layout, columns, canvas, first_row + 1 + banner);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        (authorities ? search_draw_authority : draw_row)(model, model->list.top + i, &layout, canvas, first_row + head + (int)i);
}

/* ---- the current row, in full ------------------------------------------------------------------------------------ */

/* The row of the record that is shown below the list: the cursor's, or the one before while the keys run. */
static size_t below(const search_model *model)
{
    return model->shown_is_late ? model->shown_index : model->list.current;
}

static void format_lock(char *out, size_t capacity, const search_model *model, const bib_info *info)
{
    char since[32];

    out[0] = '\0';
    if (info == NULL || info->locked_by[0] == '\0')
        return;
    format_time_short(since, sizeof since, info->locked_at, model->now);
    snprintf(out, capacity, "locked by %s since %s", info->locked_by, since);
}

static void draw_detail(const search_model *model, const surface *canvas, int row)
{
    size_t index = below(model);
    const bib_info *info = search_row(model, index);
    char number[24];
    char lock[120];

    if (info == NULL)
        return;
    snprintf(number, sizeof number, "%zu", index + 1);
    format_lock(lock, sizeof lock, model, info);
    surface_rule(canvas, row, false, number, lock);
    draw_wrapped(canvas, row + 1, 1, 2, ROLE_TEXT, text_from(model->statement));
    surface_data(canvas, row + 3, 1, canvas->columns - 2, ROLE_TEXT_DIM, text_from(model->numbers), true);
}

static int draw_inventory(const bib_info *info, const surface *canvas, int row)
{
    surface_format(canvas, row++, 1, ROLE_TEXT, "Version %d   brief %02d   level %02d", info->version, info->brief_level,
                   info->cataloging_level);
    surface_format(canvas, row++, 1, ROLE_TEXT, "Export to WorldCat: %s", sync_title(info->sync));
    if (info->suppressed)
        surface_put(canvas, row++, 1, ROLE_ALERT_WARNING, "Suppressed from discovery");
    row++;
    surface_format(canvas, row++, 1, ROLE_TEXT, "Holdings %-4d  Items %d", info->holdings, info->items);
    surface_format(canvas, row++, 1, ROLE_TEXT, "Portfolios %d", info->portfolios);
    return row + 1;
}

static int draw_uses(const struct search_uses *uses, const bib_info *info, const surface *canvas, int row)
{
    surface_format(canvas, row++, 1, ROLE_TEXT, "Version %d   level %02d", info->version, info->cataloging_level);
    surface_format(canvas, row++, 1, ROLE_TEXT, "Source: %s", uses->vocabulary[0] != '\0' ? uses->vocabulary : "unknown");
    row++;
    surface_format(canvas, row++, 1, ROLE_TEXT, "See-from references %zu", uses->references);
    surface_format(canvas, row++, 1, ROLE_TEXT, "Bibs with this heading %zu", uses->bibs);
    return row + 1;
}

static void draw_state(const search_model *model, const bib_info *info, const surface *canvas)
{
    const struct search_uses *uses = search_uses_of(model, below(model));
    char lock[120];
    char created[32];
    int row = 1;

    format_lock(lock, sizeof lock, model, info);
    surface_rule(canvas, 0, false, uses != NULL ? "Use and state" : "Inventory and state", "");
    if (lock[0] != '\0') {
        lock[0] = 'L';
        surface_data(canvas, row++, 1, canvas->columns - 1, ROLE_ALERT_WARNING, text_from(lock), true);
    }
    row = uses != NULL ? draw_uses(uses, info, canvas, row) : draw_inventory(info, canvas, row);
    clock_format_local(created, sizeof created, info->created_at);
    surface_put(canvas, row, 1, ROLE_TEXT_DIM, "Created");
    surface_data(canvas, row, 10, 19, ROLE_TEXT_DIM, text_from(created), false);
    surface_data(canvas, row++, 30, canvas->columns - 31, ROLE_TEXT_DIM, text_from(info->created_by), true);
    clock_format_local(created, sizeof created, info->modified_at);
    surface_put(canvas, row, 1, ROLE_TEXT_DIM, "Modified");
    surface_data(canvas, row, 10, 19, ROLE_TEXT_DIM, text_from(created), false);
    surface_data(canvas, row++, 30, canvas->columns - 31, ROLE_TEXT_DIM, text_from(info->modified_by), true);
    surface_data(canvas, row, 1, canvas->columns - 2, ROLE_TEXT_DIM, text_from(info->material), true);
}

static void draw_preview(search_model *model, const surface *canvas, int row)
{
    size_t index = below(model);
    const bib_info *info = search_row(model, index);
    int left = canvas->columns - PANEL_COLUMNS - 1;
    int rows = canvas->rows - row;
    char heading[64];
    char id[MMS_ID_LENGTH];
    surface part;

    if (info == NULL)
        return;
    mms_id_format(id, info->id);
    snprintf(heading, sizeof heading, "%zu  %s %s", index + 1, record_noun(info->id), id);
    part = surface_part(canvas, row, 0, rows, left);
    surface_rule(&part, 0, false, heading, "");
    record_view_draw(&model->preview, &part, 1, rows - 1);
    part = surface_part(canvas, row, left, rows, 1);
    surface_vertical_rule(&part, 0);
    part = surface_part(canvas, row, left + 1, rows, PANEL_COLUMNS);
    draw_state(model, info, &part);
}

/* Rows for the current record: what a short list leaves free goes to it on wide screens. */
static int rows_below(const search_model *model, const surface *canvas, bool wide)
{
    int room = canvas->rows - FORM_ROWS;
    int rows = room * 9 / 20;

    if (!model->searched || model->hits.total == 0)
        return 0;
    if (!wide && search_two_lines(model))
        return 0; /* the rows say it */
    if (!wide)
        return canvas->rows >= 14 ? DETAIL_ROWS : 0;
    const int head = head_rows(model);
    const size_t lines = (size_t)lines_of_row(model);
    if (model->hits.total * lines < (size_t)(room - rows - head))
        rows = room - head - (int)(model->hits.total * lines);
    return rows;
}

void search_draw(void *state, const surface *canvas, bool focused)
{
    search_model *model = state;
    bool wide = canvas->columns >= WIDE_COLUMNS && canvas->rows >= WIDE_ROWS;
    int rows_for_one = rows_below(model, canvas, wide);
    int rows = canvas->rows - FORM_ROWS - rows_for_one;

    surface_clear(canvas, ROLE_TEXT);
    draw_form(model, canvas, focused);
    draw_list(model, canvas, FORM_ROWS, rows, focused);
    if (rows_for_one > 0 && wide)
        draw_preview(model, canvas, FORM_ROWS + rows);
    else if (rows_for_one > 0)
        draw_detail(model, canvas, FORM_ROWS + rows);
}
