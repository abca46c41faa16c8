/* src/tui/search_reading.c - from what was typed to the rows that are shown: the query, the window of rows, the current record.
 */
#include "search_model.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <string.h>

enum { RECENT_MS = 1000, KEYS_REST_MS = 5, SHOW_AFTER_MS = 90 }; /* a key that is held repeats every 30 to 60 ms */

/* ---- the query as text ------------------------------------------------------------------------------------------- */

text search_line_text(const line_input *input)
{
    text typed = buffer_text(&input->text);

    return typed.bytes == NULL ? TEXT("") : text_trim(typed);
}

static void append_quoted(buffer *out, const char *code, text value)
{
    buffer_append_format(out, "%s=\"", code);
    for (size_t i = 0; i < value.length; i++)
        if (value.bytes[i] != '"')
            buffer_append_char(out, value.bytes[i]);
    buffer_append_char(out, '"');
}

/* "1967-2007" in a number index is a range. */
static bool append_range(buffer *out, const char *code, text value)
{
    const char *dash = memchr(value.bytes, '-', value.length);
    text from;
    text to;
    int64_t number;

    if (dash == NULL)
        return false;
    from = text_trim(text_of(value.bytes, (size_t)(dash - value.bytes)));
    to = text_trim(text_of(dash + 1, value.length - (size_t)(dash - value.bytes) - 1));
    if (!text_to_integer(from, &number) || !text_to_integer(to, &number))
        return false;
    buffer_append_format(out, "%s>=%.*s AND %s<=%.*s", code, (int)from.length, from.bytes, code, (int)to.length, to.bytes);
    return true;
}

static bool looks_like_form(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.bytes[i] == '=' || value.bytes[i] == '<' || value.bytes[i] == '>')
            return true;
    return false;
}

/* One line of the form as a part of the one-line form: each word of a word index is a condition of its own. */
static void append_condition(buffer *out, const search_index *index, text value)
{
    text rest = value;
    bool begun = false;

    if (looks_like_form(value) && strcmp(index->code, "kw") == 0) {
        buffer_append_format(out, "(%.*s)", (int)value.length, value.bytes);
        return;
    }
    if (index->kind == 'n' && append_range(out, index->code, value))
        return;
    if (index->kind != 'w' || memchr(value.bytes, '"', value.length) != NULL) {
        append_quoted(out, index->code, value);
        return;
    }
    while (rest.bytes != NULL) {
        text word = text_trim(text_next_field(&rest, ' '));

        if (word.length == 0)
            continue;
        buffer_append_string(out, begun ? " AND " : "");
        append_quoted(out, index->code, word);
        begun = true;
    }
}

/* Builds what catalog_search takes. @return false: nothing was typed */
bool search_compose(search_model *model, buffer *out, const char **index)
{
    text first = search_line_text(&model->query[0]);
    text second = search_line_text(&model->query[1]);

    if (first.length == 0 && second.length == 0)
        return false;
    if (second.length == 0) {
        buffer_append_text(out, first);
        *index = strcmp(model->index[0]->code, "kw") == 0 ? NULL : model->index[0]->code;
        return true;
    }
    if (first.length == 0) {
        buffer_append_text(out, second);
        *index = model->index[1]->code;
        return true;
    }
    *index = NULL;
    append_condition(out, model->index[0], first);
    buffer_append_string(out, " AND ");
    append_condition(out, model->index[1], second);
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

catalog_query search_query_of(search_model *model, size_t offset, size_t limit)
{
    for (size_t i = 0; i < model->chosen_count; i++)
        model->choices[i] = (facet_choice){ model->chosen[i].facet, text_from(model->chosen[i].value) };
    return (catalog_query){ .type = model->type,
                            .zone = model->zone,
                            .index = model->ran_index,
                            .text = model->ran,
                            .sort = model->sort,
                            .offset = offset,
                            .limit = limit,
                            .choices = model->choices,
                            .choice_count = model->chosen_count };
}

void search_take_hits(search_model *model, catalog *house, catalog_hits *hits, size_t offset)
{
    catalog_hits_release(&model->hits);
    model->hits = *hits;
    model->window = offset;
    model->list.count = hits->total;
    model->now = catalog_now(house);
    memset(model->uses, 0, sizeof model->uses);
    search_forget_editions(model);
    for (size_t i = 0; i < hits->row_count && i < SEARCH_WINDOW; i++) {
        const repo_zone *zone = catalog_zone_by_id(house, hits->rows[i].zone);

        model->row_zones[i] = (char)(zone != NULL ? (int)zone->kind : ' ');
    }
}

static bool read_window(search_model *model, workstation *station, size_t offset)
{
    catalog *house = station_catalog(station);
    catalog_query query = search_query_of(model, offset, SEARCH_WINDOW);
    catalog_hits hits = { .rows = NULL };
    recto_error error;

    if (catalog_search(&hits, house, &query, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    search_take_hits(model, house, &hits, offset);
    return true;
}

static bool holds(const search_model *model, size_t index)
{
    return index >= model->window && index < model->window + model->hits.row_count;
}

/* The window follows the cursor; what is on the screen around it is inside, too. */
void search_keep_window(search_model *model, workstation *station)
{
    size_t rows = model->rows_shown;
    size_t last;

    if (!model->searched || model->list.count == 0)
        return;
    list_view_fit(&model->list, rows > 0 ? rows : 1);
    last = model->list.top + rows;
    last = last > model->list.count ? model->list.count - 1 : last > 0 ? last - 1 : 0;
    if (!holds(model, model->list.top) || !holds(model, last) || !holds(model, model->list.current))
        read_window(model, station, model->list.current > SEARCH_WINDOW / 2 ? model->list.current - SEARCH_WINDOW / 2 : 0);
}

static void append_part(buffer *out, const char *between, text part)
{
    if (part.length == 0)
        return;
    if (out->length > 0)
        buffer_append_string(out, between);
    buffer_append_text(out, part);
}

const char *search_sentence_end(const buffer *words)
{
    const char last = words->length > 0 ? words->bytes[words->length - 1] : ' ';
    return strchr(".?!", last) != NULL ? " " : ". ";
}

/* An ISBN is kept as it was typed, and what is wrong with it is shown, never corrected (SE-80). */
static bool has_wrong_digit(const char *isbn)
{
    buffer key;
    bool valid = true, is_key;

    buffer_init(&key, 0);
    is_key = isbn[0] != '\0' && number_isbn_key(&key, text_from(isbn), &valid);
    buffer_release(&key);
    return is_key && !valid;
}

static void describe_record(search_model *model, const marc_record *record, const bib_info *info)
{
    char id[MMS_ID_LENGTH];
    buffer words;
    buffer imprint;
    text call_number = marc_record_text(record, "050", 'a');
    size_t at;

    if (catalog_is_authority(info->id)) {
        search_describe_authority(model, record, info);
        return;
    }
    buffer_init(&words, 0);
    buffer_init(&imprint, 0);
    marc_record_title_statement(&words, record);
    append_own_script(&imprint, record);
    append_part(&words, " = ", buffer_text(&imprint));
    buffer_clear(&imprint);
    marc_record_imprint(&imprint, record);
    append_part(&words, search_sentence_end(&words), buffer_text(&imprint));
    buffer_clear(&imprint);
    if (marc_record_find(record, "300", 0) != SIZE_MAX)
        marc_field_join(&imprint, marc_record_field(record, marc_record_find(record, "300", 0)), NULL);
    append_part(&words, search_sentence_end(&words), buffer_text(&imprint));
    string_keep(model->statement, sizeof model->statement, words.length > 0 ? buffer_text(&words) : TEXT("(no title)"));
    buffer_release(&words);
    buffer_release(&imprint);
    mms_id_format(id, info->id);
    at = (size_t)snprintf(model->numbers, sizeof model->numbers, "MMS %s%s%s%s%s%s%s%s", id,
                          info->oclc[0] != '\0' ? "   OCLC " : "", info->oclc, info->isbn[0] != '\0' ? "   ISBN " : "",
                          info->isbn, has_wrong_digit(info->isbn) ? " (wrong check digit)" : "",
                          info->issn[0] != '\0' ? "   ISSN " : "", info->issn);
    if (call_number.length > 0 && at < sizeof model->numbers)
        snprintf(model->numbers + at, sizeof model->numbers - at, "   LC %.*s", (int)call_number.length, call_number.bytes);
}

static void show_gone(search_model *model, mms_id id)
{
    const bib_info *row = id != 0 ? search_row(model, model->list.current) : NULL;

    if (row != NULL) /* the row says so from now on, and cannot be selected (SE-50) */
        model->hits.rows[model->list.current - model->window].deleted = true;
    record_view_set(&model->preview, NULL);
    model->shown = id;
    snprintf(model->statement, sizeof model->statement, "(deleted)");
    model->numbers[0] = '\0';
}

/* ---- reading ahead ---- */

static void read_next(search_model *model, workstation *station)
{
    size_t current = model->list.current;
    const bib_info *row = model->goes_up ? (current > 0 ? search_row(model, current - 1) : NULL) : search_row(model, current + 1);
    recto_error error;

    if (row == NULL || (model->ahead != NULL && model->ahead_info.id == row->id))
        return;
    marc_record_free(model->ahead);
    model->ahead = NULL;
    model->ahead_at_ms = station_now_ms(station);
    if (catalog_load(station_catalog(station), row->id, &model->ahead, &model->ahead_info, &error) != RECTO_OK)
        model->ahead = NULL; /* told when the cursor comes to it */
}

static size_t ahead_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const search_model *model = context;
    int64_t left = model->ahead_due_ms - station_now_ms(model->station);

    (void)out;
    (void)capacity;
    *timeout_ms = left > 0 ? (int)left : 0;
    return 0;
}

static bool ahead_step(void *context, const struct pollfd *polled, size_t count)
{
    search_model *model = context;

    (void)polled;
    (void)count;
    bool late = model->shown_is_late;
    if (station_now_ms(model->station) < model->ahead_due_ms)
        return false;
    station_remove_source(model->station, model);
    search_show_now(model, model->station);
    read_next(model, model->station);
    return late;
}

void search_read_ahead(search_model *model, workstation *station)
{
    model->station = station;
    model->ahead_due_ms = station_now_ms(station) + (model->shown_is_late ? SHOW_AFTER_MS : KEYS_REST_MS);
    station_add_source(station, &(station_source){ .wanted = ahead_wanted, .step = ahead_step, .context = model });
}

static bool take_ahead(search_model *model, workstation *station, mms_id id, marc_record **record, bib_info *info)
{
    if (model->ahead == NULL || model->ahead_info.id != id || station_now_ms(station) - model->ahead_at_ms >= RECENT_MS)
        return false;
    *record = model->ahead;
    *info = model->ahead_info;
    model->ahead = NULL;
    model->shown_at_ms = model->ahead_at_ms;
    return true;
}

/* Reads the record of the current row, unless it was read a moment ago. */
void search_show_current(search_model *model, workstation *station, bool again)
{
    catalog *house = station_catalog(station);
    const bib_info *row = search_row(model, model->list.current);
    marc_record *record = NULL;
    bib_info info;
    recto_error error;
    size_t top = model->preview.top;

    if (!model->searched || row == NULL) {
        show_gone(model, 0);
        model->statement[0] = '\0';
        return;
    }
    model->shown_index = model->list.current;
    model->shown_is_late = false;
    if (row->id == model->shown && !again && station_now_ms(station) - model->shown_at_ms < RECENT_MS)
        return;
    model->shown_at_ms = station_now_ms(station);
    if (!take_ahead(model, station, row->id, &record, &info) &&
        catalog_load(house, row->id, &record, &info, &error) != RECTO_OK) {
        show_gone(model, row->id);
        if (error.status != RECTO_ENOTFOUND)
            station_error(station, &error);
        return;
    }
    describe_record(model, record, &info);
    model->hits.rows[model->list.current - model->window] = info;
    record_view_set(&model->preview, record);
    if (model->shown == info.id)
        model->preview.top = top;
    model->shown = info.id;
    model->now = catalog_now(house);
}

void search_show_soon(search_model *model, workstation *station)
{
    const bib_info *shown = search_row(model, model->shown_index);

    model->shown_is_late = true;
    if (shown == NULL || shown->id != model->shown) /* the window has moved on: the old record has no row any more */
        search_show_now(model, station);
    search_read_ahead(model, station);
}

void search_show_now(search_model *model, workstation *station)
{
    if (model->shown_is_late)
        search_show_current(model, station, false);
}
