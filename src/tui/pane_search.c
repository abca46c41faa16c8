/* src/tui/pane_search.c - searching the repository and walking its results: what the keys do. How it looks: search_draw.c.
 *
 * A search runs on Enter, never per key. Rows are read in windows; the record of the current row is read when the cursor comes
 * to it, so that what stands below the list is as the repository has it now (SE-50). */
#include "external.h"
#include "remembered.h"
#include "search.h"
#include "search_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECENT_MS = 1000, NUMBERS_MARGIN = 60 };

/* ---- the query as text ------------------------------------------------------------------------------------------------------
 */

static text trimmed(const line_input *input)
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
static bool compose(search_model *model, buffer *out, const char **index)
{
    text first = trimmed(&model->query[0]);
    text second = trimmed(&model->query[1]);

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

/* ---- reading ----------------------------------------------------------------------------------------------------------------
 */

static catalog_query query_of(const search_model *model, size_t offset, size_t limit)
{
    return (catalog_query){ .type = model->type,
                            .zone = model->zone,
                            .index = model->ran_index,
                            .text = model->ran,
                            .sort = model->sort,
                            .offset = offset,
                            .limit = limit };
}

static void take_hits(search_model *model, catalog *house, catalog_hits *hits, size_t offset)
{
    catalog_hits_release(&model->hits);
    model->hits = *hits;
    model->window = offset;
    model->list.count = hits->total;
    model->now = catalog_now(house);
    for (size_t i = 0; i < hits->row_count && i < SEARCH_WINDOW; i++) {
        const repo_zone *zone = catalog_zone_by_id(house, hits->rows[i].zone);

        model->row_zones[i] = (char)(zone != NULL ? (int)zone->kind : ' ');
    }
}

static bool read_window(search_model *model, workstation *station, size_t offset)
{
    catalog *house = station_catalog(station);
    catalog_query query = query_of(model, offset, SEARCH_WINDOW);
    catalog_hits hits = { .rows = NULL };
    recto_error error;

    if (catalog_search(&hits, house, &query, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    take_hits(model, house, &hits, offset);
    return true;
}

static bool holds(const search_model *model, size_t index)
{
    return index >= model->window && index < model->window + model->hits.row_count;
}

/* The window follows the cursor; what is on the screen around it is inside, too. */
static void keep_window(search_model *model, workstation *station)
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

static void describe_record(search_model *model, const marc_record *record, const bib_info *info)
{
    char id[MMS_ID_LENGTH];
    buffer words;
    buffer imprint;
    text call_number = marc_record_text(record, "050", 'a');
    size_t at;

    buffer_init(&words, 0);
    buffer_init(&imprint, 0);
    marc_record_title_statement(&words, record);
    append_own_script(&imprint, record);
    append_part(&words, " = ", buffer_text(&imprint));
    buffer_clear(&imprint);
    marc_record_imprint(&imprint, record);
    append_part(&words, words.length > 0 && words.bytes[words.length - 1] == '.' ? " " : ". ", buffer_text(&imprint));
    buffer_clear(&imprint);
    if (marc_record_find(record, "300", 0) != SIZE_MAX)
        marc_field_join(&imprint, marc_record_field(record, marc_record_find(record, "300", 0)), NULL);
    append_part(&words, ". ", buffer_text(&imprint));
    copy_cut(model->statement, sizeof model->statement, words.length > 0 ? buffer_text(&words) : TEXT("(no title)"));
    buffer_release(&words);
    buffer_release(&imprint);
    mms_id_format(id, info->id);
    at = (size_t)snprintf(model->numbers, sizeof model->numbers, "MMS %s%s%s%s%s%s%s", id,
                          info->oclc[0] != '\0' ? "   OCLC " : "", info->oclc, info->isbn[0] != '\0' ? "   ISBN " : "",
                          info->isbn, info->issn[0] != '\0' ? "   ISSN " : "", info->issn);
    if (call_number.length > 0 && at < sizeof model->numbers)
        snprintf(model->numbers + at, sizeof model->numbers - at, "   LC %.*s", (int)call_number.length, call_number.bytes);
}

static void show_gone(search_model *model, mms_id id)
{
    record_view_set(&model->preview, NULL);
    model->shown = id;
    snprintf(model->statement, sizeof model->statement, "(deleted)");
    model->numbers[0] = '\0';
}

/* Reads the record of the current row, unless it was read a moment ago. */
static void show_current(search_model *model, workstation *station, bool again)
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
    if (row->id == model->shown && !again && station_now_ms(station) - model->shown_at_ms < RECENT_MS)
        return;
    model->shown_at_ms = station_now_ms(station);
    if (catalog_load(house, row->id, &record, &info, &error) != RECTO_OK) {
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

/* ---- running ------------------------------------------------------------------------------------------------------------------
 */

static void remember(search_model *model, const line_input *input)
{
    text typed = trimmed(input);
    char *copy;

    if (typed.length == 0 || (model->history_count > 0 && text_equal(typed, text_from(model->history[model->history_count - 1]))))
        return;
    copy = strndup(typed.bytes, typed.length);
    if (copy == NULL)
        return;
    if (model->history_count == SEARCH_HISTORY) {
        free(model->history[0]);
        memmove(&model->history[0], &model->history[1], (SEARCH_HISTORY - 1) * sizeof *model->history);
        model->history_count--;
    }
    model->history[model->history_count++] = copy;
}

static void run_again(search_model *model, workstation *station)
{
    catalog *house = station_catalog(station);
    catalog_query query = query_of(model, 0, SEARCH_WINDOW);
    catalog_hits hits = { .rows = NULL };
    recto_error error;

    if (model->ran == NULL)
        return;
    if (catalog_search(&hits, house, &query, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    model->searched = true;
    take_hits(model, house, &hits, 0);
    model->counted = catalog_search_counts(model->counts, house, &query, &error) == RECTO_OK;
    model->list.current = model->list.top = 0;
    model->focus = FOCUS_LIST;
    show_current(model, station, true);
    if (hits.total > 0 && hits.hint.sentence[0] != '\0')
        station_say(station, "%s", hits.hint.sentence);
    else if (hits.total > 0)
        station_say(station, "%zu found", hits.total);
    else
        station_say(station, "Nothing found in %s, %s", search_type_title(model->type), zone_title(model->zone));
}

/* Type, index and zone of the last search come back at the next start (SE-5). */
static void keep_choices(const search_model *model, workstation *station)
{
    char kept[80];

    snprintf(kept, sizeof kept, "%d %c %s", (int)model->type, model->zone != 0 ? (char)model->zone : 'A', model->index[0]->code);
    remembered_set(station, "search", kept);
}

static void recall_choices(search_model *model, workstation *station)
{
    buffer kept;
    const char *line;

    buffer_init(&kept, 0);
    remembered_get(station, "search", &kept);
    line = buffer_string(&kept);
    if (kept.length > 4 && line[0] >= '0' && line[0] <= '3' && line[1] == ' ' && strchr("INCA", line[2]) != NULL &&
        line[3] == ' ') {
        model->type = (search_type)(line[0] - '0');
        model->zone = line[2] == 'A' ? (zone_kind)0 : (zone_kind)line[2];
        if (repo_search_index(line + 4) != NULL)
            model->index[0] = repo_search_index(line + 4);
    }
    if (model->zone != 0 && catalog_zone(station_catalog(station), model->zone) == NULL)
        model->zone = ZONE_INSTITUTION;
    buffer_release(&kept);
}

static void run_search(search_model *model, workstation *station)
{
    buffer composed;
    const char *index = NULL;
    char *ran;

    buffer_init(&composed, 0);
    if (!compose(model, &composed, &index)) {
        station_say(station, "Type something to search for");
        buffer_release(&composed);
        return;
    }
    ran = buffer_take(&composed);
    if (ran == NULL)
        return;
    free(model->ran);
    model->ran = ran;
    model->ran_index = index;
    remember(model, &model->query[0]);
    model->history_at = model->history_count;
    keep_choices(model, station);
    run_again(model, station);
}

static void search_elsewhere(search_model *model, workstation *station)
{
    external_prefill prefill = { .box = BOX_KEYWORD };
    char value[SEARCH_TERM_LIMIT + 1];

    if (model->searched && model->hits.total > 0) {
        prefill.record = model->preview.record;
    } else {
        const char *code = model->index[0]->code;

        copy_cut(value, sizeof value, trimmed(&model->query[0]));
        if (!external_box_named(&prefill.box, code))
            prefill.box = strncmp(code, "oclc", 4) == 0 ? BOX_SYSTEM_NUMBER : BOX_KEYWORD;
        prefill.value = value;
    }
    external_pane_open_from(station, &prefill);
}

static void follow_hint(search_model *model, workstation *station)
{
    if (!model->hits.hint.offers) {
        search_elsewhere(model, station);
        return;
    }
    model->type = model->hits.hint.type;
    model->zone = model->hits.hint.zone;
    if (model->hits.hint.index != NULL && repo_search_index(model->hits.hint.index) != NULL) {
        model->ran_index = repo_search_index(model->hits.hint.index)->code;
        model->index[0] = repo_search_index(model->hits.hint.index);
    }
    run_again(model, station);
}

/* ---- choosing ----------------------------------------------------------------------------------------------------------------
 */

static void choose_zone(search_model *model, workstation *station, zone_kind zone)
{
    model->zone = zone;
    if (model->searched)
        run_again(model, station);
}

static void step_zone(search_model *model, workstation *station, int step)
{
    static const zone_kind zones[] = { ZONE_INSTITUTION, ZONE_NETWORK, ZONE_COMMUNITY };
    int at = 0;

    while (at < 2 && zones[at] != model->zone)
        at++;
    do {
        at = (at + step + 3) % 3;
    } while (at != 0 && catalog_zone(station_catalog(station), zones[at]) == NULL);
    choose_zone(model, station, zones[at]);
}

static void zone_by_name(search_model *model, workstation *station, const char *argument)
{
    if (argument == NULL || argument[0] == '\0' || strcmp(argument, "next") == 0)
        step_zone(model, station, 1);
    else if (strcmp(argument, "previous") == 0)
        step_zone(model, station, -1);
    else if (strchr("iI", argument[0]) != NULL)
        choose_zone(model, station, ZONE_INSTITUTION);
    else if (strchr("nN", argument[0]) != NULL)
        choose_zone(model, station, ZONE_NETWORK);
    else if (strchr("cC", argument[0]) != NULL)
        choose_zone(model, station, ZONE_COMMUNITY);
    else if (strchr("aA", argument[0]) != NULL)
        choose_zone(model, station, (zone_kind)0);
    else
        station_say(station, "Zones are institution, network, community and all");
}

static const dialog_choice sort_choices[] = {
    { "0", "Rank", 'r' },
    { "1", "Title", 't' },
    { "2", "Creator", 'c' },
    { "3", "Date", 'd' },
    { "4", "Date, newest first", 'n' },
    { "5", "Modified last", 'm' },
    { "6", "Created last", 'e' },
    { "7", "MMS ID", 'i' },
    { "", "As it is", 'a' },
    { NULL, NULL, 0 },
};

static void sort_chosen(workstation *station, void *context, const char *choice)
{
    search_model *model = context;

    if (choice[0] == '\0')
        return;
    model->sort = (search_sort)(choice[0] - '0');
    run_again(model, station);
}

static void ask_sort(search_model *model, workstation *station)
{
    const char initial[2] = { (char)('0' + (int)model->sort), '\0' };

    station_ask(station, &(dialog){ .title = "Sort results by",
                                    .lines = (const char *const[]){ NULL },
                                    .choices = sort_choices,
                                    .initial = initial,
                                    .escape = "",
                                    .done = sort_chosen,
                                    .context = model });
}

/* Index number `step` further among those offered in the form. */
static const search_index *step_index(const search_index *from, int step)
{
    size_t count;
    const search_index *all = repo_search_indexes(&count);
    size_t at = (size_t)(from - all);

    do
        at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
    while (!all[at].simple && strcmp(all[at].code, "yr") != 0);
    return &all[at];
}

static const search_index *index_by_letter(const search_index *from, const char *letter)
{
    const search_index *next = from;

    do
        next = step_index(next, 1);
    while (next != from && !text_equal_ascii_case(text_of(next->label, 1), text_of(letter, 1)));
    return next;
}

static void choose_type(search_model *model, int step)
{
    model->type = (search_type)(((int)model->type + step + 4) % 4);
}

static void type_by_letter(search_model *model, const char *letter)
{
    for (int i = 1; i <= 4; i++) {
        search_type type = (search_type)(((int)model->type + i) % 4);

        if (text_equal_ascii_case(text_of(search_type_title(type), 1), text_of(letter, 1))) {
            model->type = type;
            return;
        }
    }
}

static void index_by_name(search_model *model, workstation *station, const char *argument)
{
    const search_index *index;

    if (argument == NULL || argument[0] == '\0') {
        model->focus = model->focus == FOCUS_QUERY_2 ? FOCUS_INDEX_2 : FOCUS_INDEX;
        return;
    }
    index = repo_search_index(argument);
    if (index == NULL) {
        station_say(station, "Unknown index '%s'", argument);
        return;
    }
    model->index[0] = index;
    model->focus = FOCUS_QUERY;
}

static void type_by_name(search_model *model, workstation *station, const char *argument)
{
    if (argument == NULL || argument[0] == '\0') {
        model->focus = FOCUS_TYPE;
        return;
    }
    for (int i = 0; i < 4; i++)
        if (strncasecmp(search_type_title((search_type)i), argument, strlen(argument)) == 0) {
            model->type = (search_type)i;
            if (model->searched)
                run_again(model, station);
            return;
        }
    station_say(station, "Types are: all titles, physical titles, electronic titles, physical items");
}

/* ---- keys ---------------------------------------------------------------------------------------------------------------------
 */

static line_input *focused_input(search_model *model)
{
    if (model->focus == FOCUS_QUERY)
        return &model->query[0];
    return model->focus == FOCUS_QUERY_2 ? &model->query[1] : NULL;
}

static void recall(search_model *model, int step)
{
    if (step < 0 ? model->history_at == 0 : model->history_at >= model->history_count)
        return;
    model->history_at += step < 0 ? SIZE_MAX : 1;
    line_input_set(&model->query[0], model->history_at < model->history_count ? model->history[model->history_at] : "", false);
}

static bool typed_in_query(search_model *model, const key *pressed)
{
    if (model->focus == FOCUS_QUERY && pressed->name == KEY_NAME_UP) {
        recall(model, -1);
        return true;
    }
    if (pressed->name == KEY_NAME_UP) {
        model->focus = FOCUS_QUERY;
        return true;
    }
    if (pressed->name == KEY_NAME_DOWN) {
        if (model->focus == FOCUS_QUERY && model->history_at < model->history_count)
            recall(model, 1);
        else if (model->focus == FOCUS_QUERY)
            model->focus = FOCUS_QUERY_2;
        else if (model->searched)
            model->focus = FOCUS_LIST;
        return true;
    }
    return line_input_typed(focused_input(model), pressed);
}

/* Boxes of choices: arrows and Space go round, a letter goes to the next choice that begins with it (SE-22). */
static bool typed_in_choice(search_model *model, const key *pressed)
{
    bool letter = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt && pressed->text[0] != ' ';
    bool back = pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_LEFT;
    bool on = pressed->name == KEY_NAME_DOWN || pressed->name == KEY_NAME_RIGHT ||
              (pressed->name == KEY_IS_TEXT && pressed->text[0] == ' ');
    const search_index **index = &model->index[model->focus == FOCUS_INDEX ? 0 : 1];

    if (!letter && !back && !on)
        return false;
    if (model->focus == FOCUS_TYPE && letter)
        type_by_letter(model, pressed->text);
    else if (model->focus == FOCUS_TYPE)
        choose_type(model, back ? -1 : 1);
    else
        *index = letter ? index_by_letter(*index, pressed->text) : step_index(*index, back ? -1 : 1);
    return true;
}

static bool search_typed(void *state, const key *pressed, workstation *station)
{
    search_model *model = state;

    (void)station;
    if (model->focus == FOCUS_LIST)
        return false;
    return focused_input(model) != NULL ? typed_in_query(model, pressed) : typed_in_choice(model, pressed);
}

static void search_paste(void *state, text pasted, workstation *station)
{
    search_model *model = state;

    (void)station;
    if (focused_input(model) == NULL)
        model->focus = FOCUS_QUERY;
    line_input_paste(focused_input(model), pasted);
}

/* ---- commands
 * ------------------------------------------------------------------------------------------------------------------- */

static void focus_query(search_model *model)
{
    char *typed = strndup(trimmed(&model->query[0]).bytes, trimmed(&model->query[0]).length);

    model->focus = FOCUS_QUERY;
    model->history_at = model->history_count;
    if (typed != NULL)
        line_input_set(&model->query[0], typed, typed[0] != '\0'); /* the next letter begins a new search */
    free(typed);
}

static void clear_search(search_model *model)
{
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_set(&model->query[i], "", false);
    catalog_hits_release(&model->hits);
    model->hits = (catalog_hits){ .rows = NULL };
    record_view_set(&model->preview, NULL);
    model->searched = model->counted = false;
    model->list = (list_view){ .count = 0 };
    model->shown = 0;
    model->focus = FOCUS_QUERY;
}

static void step_box(search_model *model, int step)
{
    int boxes = model->searched ? FOCUS_LIST + 1 : FOCUS_LIST;

    model->focus = (search_focus)(((int)model->focus + step + boxes) % boxes);
}

/* Not locked, and the list stays in front (ED-187). */
static void push_record(workstation *station, mms_id id)
{
    station_open_record(station, id, true);
    station_show(station, AREA_SEARCH);
    station_say(station, "Pushed to Records");
}

/* Copy to Catalog: a record of another zone becomes a new one of the own institution. */
static void copy_to_catalog(workstation *station, mms_id id)
{
    edit_session *session = NULL;
    recto_error error;

    if (edit_copy_to_catalog(&session, station_catalog(station), id, false, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_add_session(station, &session);
    station_say(station, "New in: LOCAL (Institution Zone), a copy without a link; nothing is in the repository before Save");
}

static void open_versions(workstation *station, mms_id id)
{
    edit_session *session;

    station_open_record(station, id, true);
    session = station_session(station);
    if (session != NULL && edit_state_of(session)->id == id)
        versions_pane_open(station, session);
}

static bool run_on_row(const char *name, workstation *station, const bib_info *row)
{
    char id[MMS_ID_LENGTH];

    if (strcmp(name, "result.to_catalog") == 0)
        copy_to_catalog(station, row->id);
    else if (strcmp(name, "list.open") == 0 || strcmp(name, "result.view") == 0)
        record_pane_open(station, row->id, 0, PLACE_MAIN);
    else if (strcmp(name, "result.edit") == 0)
        station_open_record(station, row->id, false);
    else if (strcmp(name, "result.push") == 0)
        push_record(station, row->id);
    else if (strcmp(name, "result.versions") == 0)
        open_versions(station, row->id);
    else if (strcmp(name, "result.inventory") == 0 || strcmp(name, "inventory.holdings") == 0 ||
             strcmp(name, "inventory.items") == 0)
        inventory_pane_open(station, row->id);
    else if (strcmp(name, "result.copy_id") == 0) {
        mms_id_format(id, row->id);
        station_say(station, "MMS ID %s", id);
    } else
        return false;
    return true;
}

static bool run_choices(search_model *model, const char *name, const char *argument, workstation *station)
{
    if (strcmp(name, "search.type") == 0)
        type_by_name(model, station, argument);
    else if (strcmp(name, "search.zone") == 0)
        zone_by_name(model, station, argument);
    else if (strcmp(name, "search.institution") == 0)
        choose_zone(model, station, ZONE_INSTITUTION);
    else if (strcmp(name, "search.network") == 0)
        choose_zone(model, station, ZONE_NETWORK);
    else if (strcmp(name, "search.community") == 0)
        choose_zone(model, station, ZONE_COMMUNITY);
    else if (strcmp(name, "search.index") == 0)
        index_by_name(model, station, argument);
    else if (strcmp(name, "search.sort") == 0)
        ask_sort(model, station);
    else if (strcmp(name, "search.narrow") == 0)
        model->focus = FOCUS_QUERY_2;
    else if (strcmp(name, "search.clear") == 0)
        clear_search(model);
    else
        return false;
    return true;
}

/* `recto record.in_search` and tests run a search by its text. */
static void run_argument(search_model *model, workstation *station, const char *argument)
{
    if (argument != NULL && argument[0] != '\0') {
        model->index[0] = repo_search_index("kw");
        line_input_set(&model->query[0], argument, false);
        line_input_set(&model->query[1], "", false);
    }
    run_search(model, station);
}

static bool run_form(search_model *model, const char *name, const char *argument, workstation *station)
{
    if (strcmp(name, "search.focus") == 0)
        focus_query(model);
    else if (strcmp(name, "search.run") == 0)
        run_argument(model, station, argument);
    else if (strcmp(name, "box.next") == 0)
        step_box(model, 1);
    else if (strcmp(name, "box.previous") == 0)
        step_box(model, -1);
    else if (strcmp(name, "pane.back") == 0 && model->focus != FOCUS_LIST && model->searched)
        model->focus = FOCUS_LIST;
    else
        return false;
    return true;
}

static bool search_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    search_model *model = state;
    const char *name = command_row->name;
    const bib_info *row;

    if (run_form(model, name, argument, station) || run_choices(model, name, argument, station))
        return true;
    if (model->focus == FOCUS_LIST && list_view_run(&model->list, name, model->rows_shown)) {
        keep_window(model, station);
        show_current(model, station, false);
        return true;
    }
    if (strcmp(name, "result.external") == 0) {
        search_elsewhere(model, station);
        return true;
    }
    row = search_row(model, model->list.current);
    if (model->focus == FOCUS_LIST && row == NULL && (strcmp(name, "list.open") == 0 || strcmp(name, "result.view") == 0)) {
        follow_hint(model, station);
        return true;
    }
    return row != NULL && model->searched && run_on_row(name, station, row);
}

static const char *search_cannot(void *state, const command *command_row, workstation *station)
{
    search_model *model = state;
    const char *name = command_row->name;

    if ((strncmp(name, "result.", 7) == 0 || strncmp(name, "inventory.", 10) == 0) && strcmp(name, "result.external") != 0 &&
        strcmp(name, "result.view") != 0 && search_row(model, model->list.current) == NULL)
        return "no record is chosen: search first";
    if (strcmp(name, "search.network") == 0 && catalog_zone(station_catalog(station), ZONE_NETWORK) == NULL)
        return "this repository has no Network Zone";
    if (strcmp(name, "search.sort") == 0 && !model->searched)
        return "there are no results to sort";
    return NULL;
}

static const char *search_context(void *state)
{
    const search_model *model = state;

    return model->focus == FOCUS_LIST ? "results" : "search";
}

static void search_position(void *state, buffer *out)
{
    const search_model *model = state;

    if (model->searched && model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* The terminal may have grown: rows that the window does not hold are read. */
static bool search_tick(void *state, workstation *station)
{
    search_model *model = state;
    size_t window = model->window;
    size_t count = model->hits.row_count;

    if (!model->searched || model->list.count == 0)
        return false;
    keep_window(model, station);
    return window != model->window || count != model->hits.row_count;
}

static void search_release(void *state, workstation *station)
{
    search_model *model = state;

    (void)station;
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_release(&model->query[i]);
    for (size_t i = 0; i < model->history_count; i++)
        free(model->history[i]);
    catalog_hits_release(&model->hits);
    record_view_release(&model->preview);
    free(model->ran);
    free(model);
}

const pane_kind search_pane = {
    .name = "search",
    .title = "Search",
    .draw = search_draw,
    .run = search_run,
    .typed = search_typed,
    .paste = search_paste,
    .cannot = search_cannot,
    .tick = search_tick,
    .position = search_position,
    .release = search_release,
    .context = search_context,
    .takes_letters = true,
    .wants_full_width = true,
};

/* ---- doors
 * ---------------------------------------------------------------------------------------------------------------------- */

void search_pane_open(workstation *station)
{
    search_model *model = calloc(1, sizeof *model);
    recto_error error;

    if (model == NULL) {
        recto_fail_memory(&error, "opening the search");
        station_error(station, &error);
        return;
    }
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_init(&model->query[i], SEARCH_TERM_LIMIT);
    record_view_init(&model->preview);
    model->index[0] = repo_search_index("kw");
    model->index[1] = repo_search_index("yr");
    model->zone = ZONE_INSTITUTION;
    model->sort = SORT_TITLE;
    model->focus = FOCUS_QUERY;
    recall_choices(model, station);
    station_push(station, AREA_SEARCH, PLACE_MAIN, &search_pane, model);
}

bool search_pane_step(workstation *station, mms_id from, int step, mms_id *id)
{
    search_model *model = station_find(station, &search_pane);
    const bib_info *row = model == NULL ? NULL : search_row(model, model->list.current);

    if (row == NULL || row->id != from || (step < 0 ? model->list.current == 0 : model->list.current + 1 >= model->list.count))
        return false;
    model->list.current += step < 0 ? SIZE_MAX : 1;
    keep_window(model, station);
    show_current(model, station, false);
    row = search_row(model, model->list.current);
    if (row != NULL)
        *id = row->id;
    return row != NULL;
}

bool search_pane_place(workstation *station, mms_id id, size_t *number, size_t *total)
{
    search_model *model = station_find(station, &search_pane);
    const bib_info *row = model == NULL ? NULL : search_row(model, model->list.current);

    if (row == NULL || row->id != id)
        return false;
    *number = model->list.current + 1;
    *total = model->list.count;
    return true;
}
