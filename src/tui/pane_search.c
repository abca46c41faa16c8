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

/* ---- running ----------------------------------------------------------------------------------------------------- */

/* What was typed in Keywords as it was typed; of another index or two lines the one-line form, which says them (SE-35, SE-37). */
static void remember(search_model *model, bool ran)
{
    const bool plain = strcmp(model->index[0]->code, "kw") == 0 && search_line_text(&model->query[1]).length == 0;
    text typed = plain || !ran ? search_line_text(&model->query[0]) : text_from(model->hits.form);
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
    model->history_changed = true;
}

/* As many rows as two screens have: what is first seen of a million records does not wait for rows that nobody may ask for. */
static size_t first_rows(const search_model *model)
{
    enum { LEAST_ROWS = 40 };
    const size_t rows = 2 * model->rows_shown;
    return rows < LEAST_ROWS ? LEAST_ROWS : rows < SEARCH_WINDOW ? rows : SEARCH_WINDOW;
}

bool search_run_again(search_model *model, workstation *station)
{
    catalog *house = station_catalog(station);
    catalog_query query = search_query_of(model, 0, first_rows(model));
    catalog_hits hits = { .rows = NULL };
    recto_error error;

    if (model->ran == NULL)
        return false;
    if (catalog_search(&hits, house, &query, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    model->searched = true;
    search_take_hits(model, house, &hits, 0);
    search_find_ways(model, house, &query);
    model->counted = catalog_search_counts(model->counts, house, &query, &error) == RECTO_OK;
    model->list.current = model->list.top = 0;
    model->focus = FOCUS_LIST;
    search_show_current(model, station, true);
    if (hits.total > 0 && hits.hint.sentence[0] != '\0')
        station_say(station, "%s", hits.hint.sentence);
    else if (hits.total > 0)
        station_say(station, "%zu found", hits.total);
    else
        station_say(station, "Nothing found in %s, %s", search_type_title(model->type), zone_title(model->zone));
    return true;
}

/* Type, index and zone of the last search come back at the next start (SE-5). */
static void keep_choices(search_model *model, workstation *station)
{
    char kept[80];

    snprintf(kept, sizeof kept, "%d %c %s", (int)model->type, model->zone != 0 ? (char)model->zone : 'A', model->index[0]->code);
    if (strcmp(kept, model->kept) == 0) /* nothing is written for nothing */
        return;
    remembered_set(station, "search", kept);
    memcpy(model->kept, kept, sizeof kept);
}

static void recall_choices(search_model *model, workstation *station)
{
    buffer kept;
    const char *line;

    buffer_init(&kept, 0);
    remembered_get(station, "search", &kept);
    line = buffer_string(&kept);
    snprintf(model->kept, sizeof model->kept, "%s", line);
    if (kept.length > 4 && line[0] >= '0' && line[0] <= '0' + SEARCH_AUTHORITIES && line[1] == ' ' &&
        strchr("INCA", line[2]) != NULL && line[3] == ' ') {
        search_set_type(model, (search_type)(line[0] - '0'));
        model->zone = line[2] == 'A' ? (zone_kind)0 : (zone_kind)line[2];
        if (repo_search_index(line + 4) != NULL && repo_search_offers(model->type, repo_search_index(line + 4)))
            model->index[0] = repo_search_index(line + 4);
    }
    if (model->zone != 0 && catalog_zone(station_catalog(station), model->zone) == NULL)
        model->zone = ZONE_INSTITUTION;
    buffer_release(&kept);
    search_recall_orders(model, station);
}

void search_run_text(search_model *model, workstation *station)
{
    buffer composed;
    const char *index = NULL;
    char *ran;

    buffer_init(&composed, 0);
    if (!search_compose(model, &composed, &index)) {
        station_say(station, "Type something to search for");
        buffer_release(&composed);
        return;
    }
    ran = buffer_take(&composed);
    if (ran == NULL)
        return;
    model->selected_count = model->chosen_count = 0;
    memset(model->places, 0, sizeof model->places);
    free(model->ran);
    model->ran = ran;
    model->ran_index = index;
    search_typing_done(model);
    model->came_from = AREA_SEARCH;
    keep_choices(model, station);
    remember(model, search_run_again(model, station));
    model->history_at = model->history_count;
    if (model->searched && model->hits.total == 0 && model->hits.hint.certain && model->hits.hint.offers) {
        model->zone = model->hits.hint.zone; /* an MMS ID names its zone: it is found there, and that is said (SE-16) */
        search_run_again(model, station);
        station_say(station, "This MMS ID is of the %s, which is shown now", zone_title(model->zone));
    }
    search_open_single(model, station);
}

static void search_elsewhere(search_model *model, workstation *station)
{
    external_prefill prefill = { .box = BOX_KEYWORD };
    char value[SEARCH_TERM_LIMIT + 1];

    if (model->searched && model->hits.total > 0) {
        prefill.record = model->preview.record;
    } else {
        const char *code = model->index[0]->code;

        string_keep(value, sizeof value, search_line_text(&model->query[0]));
        if (!external_box_named(&prefill.box, code))
            prefill.box = strncmp(code, "oclc", 4) == 0 ? BOX_SYSTEM_NUMBER : BOX_KEYWORD;
        prefill.value = value;
    }
    external_pane_open_from(station, &prefill);
}

static void follow_hint(search_model *model, workstation *station)
{
    if (search_follow_way(model, station))
        return;
    if (!model->hits.hint.offers) {
        search_elsewhere(model, station);
        return;
    }
    search_set_type(model, model->hits.hint.type);
    model->zone = model->hits.hint.zone;
    if (model->hits.hint.index != NULL && repo_search_index(model->hits.hint.index) != NULL) {
        model->ran_index = repo_search_index(model->hits.hint.index)->code;
        model->index[0] = repo_search_index(model->hits.hint.index);
    }
    search_run_again(model, station);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

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
    model->index[0] = repo_search_index("kw"); /* which every earlier search can be asked in */
    line_input_set(&model->query[1], "", false);
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
    const size_t before = model->query[0].text.length;
    const bool used = line_input_typed(focused_input(model), pressed);

    if (used && model->focus == FOCUS_QUERY && (pressed->name == KEY_IS_TEXT || model->query[0].text.length != before))
        search_typed_more(model);
    return used;
}

static bool search_typed(void *state, const key *pressed, workstation *station)
{
    search_model *model = state;

    (void)station;
    if (model->focus == FOCUS_LIST)
        return false;
    return focused_input(model) != NULL ? typed_in_query(model, pressed) : search_typed_choice(model, pressed);
}

static void search_paste(void *state, text pasted, workstation *station)
{
    search_model *model = state;

    (void)station;
    if (focused_input(model) == NULL)
        model->focus = FOCUS_QUERY;
    line_input_paste(focused_input(model), pasted);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void focus_query(search_model *model)
{
    char *typed = strndup(search_line_text(&model->query[0]).bytes, search_line_text(&model->query[0]).length);

    model->focus = FOCUS_QUERY;
    model->history_at = model->history_count;
    if (typed != NULL)
        line_input_set(&model->query[0], typed, typed[0] != '\0'); /* the next letter begins a new search */
    free(typed);
}

static void step_box(search_model *model, int step)
{
    int boxes = model->searched ? FOCUS_LIST + 1 : FOCUS_LIST;

    model->focus = (search_focus)(((int)model->focus + step + boxes) % boxes);
}

/* `recto record.in_search` and tests run a search by its text. */
static void run_argument(search_model *model, workstation *station, const char *argument)
{
    if (argument != NULL && argument[0] != '\0') {
        model->index[0] = repo_search_index("kw");
        line_input_set(&model->query[0], argument, false);
        line_input_set(&model->query[1], "", false);
    }
    search_run_text(model, station);
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
    else if (strcmp(name, "pane.back") == 0 && model->focus != FOCUS_LIST && model->came_from != AREA_SEARCH) {
        const area from = model->came_from;

        model->came_from = AREA_SEARCH;
        model->focus = model->searched ? FOCUS_LIST : FOCUS_QUERY;
        station_show(station, from);
    } else if (strcmp(name, "pane.back") == 0 && model->focus != FOCUS_LIST) {
        model->focus = FOCUS_LIST; /* also before the first search: ":" and "?" work there (ED-201) */
        if (!model->searched)
            station_say(model->station, "out of the form: \":\" command, ? keys, / types again");
    } else
        return false;
    return true;
}

static bool search_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    search_model *model = state;
    const char *name = command_row->name;
    size_t before = model->list.current;
    const bib_info *row;

    if (run_form(model, name, argument, station) || search_run_choice(model, name, argument, station))
        return true;
    if (model->focus == FOCUS_LIST && model->hits.total > 0 && list_view_run(&model->list, name, model->rows_shown)) {
        model->goes_up = model->list.current < before;
        search_keep_window(model, station);
        search_show_soon(model, station);
        return true;
    }
    if (model->focus == FOCUS_LIST && search_step_way(model, name))
        return true;
    search_show_now(model, station);
    if (strcmp(name, "result.external") == 0) {
        search_elsewhere(model, station);
        return true;
    }
    row = search_row(model, model->list.current);
    if (model->focus == FOCUS_LIST && row == NULL && (strcmp(name, "list.open") == 0 || strcmp(name, "result.view") == 0)) {
        follow_hint(model, station);
        return true;
    }
    return row != NULL && model->searched && search_run_on_row(model, name, row->id);
}

static bool is_about_row(const char *name)
{
    static const char *const of_records[] = { "record.combine", "record.undo_merge", "record.share", "record.related",
                                              "record.duplicate" };

    for (size_t i = 0; i < sizeof of_records / sizeof *of_records; i++)
        if (strcmp(name, of_records[i]) == 0)
            return true;
    return (strncmp(name, "result.", 7) == 0 || strncmp(name, "inventory.", 10) == 0) && strcmp(name, "result.external") != 0 &&
           strcmp(name, "result.view") != 0;
}

static const char *search_cannot(void *state, const command *command_row, workstation *station)
{
    search_model *model = state;
    const char *name = command_row->name;
    const char *why;

    if (is_about_row(name) && search_row(model, model->list.current) == NULL)
        return "no record is chosen: search first";
    if (search_row(model, model->list.current) != NULL && search_row(model, model->list.current)->deleted &&
        (strncmp(name, "result.", 7) == 0 || strcmp(name, "list.open") == 0) && strcmp(name, "result.external") != 0)
        return "this record was deleted meanwhile";
    if (search_row(model, model->list.current) != NULL &&
        (why = record_family_cannot(search_row(model, model->list.current)->id, name)) != NULL)
        return why;
    if (strcmp(name, "search.network") == 0 && catalog_zone(station_catalog(station), ZONE_NETWORK) == NULL)
        return "this repository has no Network Zone";
    if (strcmp(name, "search.sort") == 0 && !model->searched)
        return "there are no results to sort";
    if (strcmp(name, "search.export") == 0 && model->hits.total == 0)
        return "there are no results to export";
    if (strcmp(name, "result.merge_shared") == 0 && model->hits.hint.shared[0] == '\0')
        return "no two of these were found by an OCLC number that they share";
    if ((strcmp(name, "search.facets") == 0 || strcmp(name, "search.keep") == 0) && !model->searched)
        return "search first";
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
    search_keep_window(model, station);
    return window != model->window || count != model->hits.row_count;
}

static void search_release(void *state, workstation *station)
{
    search_model *model = state;

    search_keep_history(model, station);
    search_typing_done(model);
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_release(&model->query[i]);
    for (size_t i = 0; i < model->history_count; i++)
        free(model->history[i]);
    catalog_hits_release(&model->hits);
    buffer_release(&model->labels);
    search_forget_editions(model);
    record_view_release(&model->preview);
    marc_record_free(model->ahead);
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

/* ---- doors ------------------------------------------------------------------------------------------------------- */

void search_pane_open(workstation *station)
{
    search_model *model = calloc(1, sizeof *model);

    if (model == NULL) {
        station_no_memory(station, "opening the search");
        return;
    }
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_init(&model->query[i], SEARCH_TERM_LIMIT);
    record_view_init(&model->preview);
    model->index[0] = repo_search_index("kw");
    model->index[1] = repo_search_index("yr");
    model->zone = ZONE_INSTITUTION;
    for (size_t i = 0; i < sizeof model->sorts / sizeof *model->sorts; i++)
        model->sorts[i] = SORT_TITLE;
    model->focus = FOCUS_QUERY;
    model->station = station;
    buffer_init(&model->labels, 0);
    search_read_labels(model, station);
    search_read_order(model, station);
    search_recall_rows(model, station);
    recall_choices(model, station);
    search_recall_history(model, station);
    station_push(station, AREA_SEARCH, PLACE_MAIN, &search_pane, model);
}

void search_pane_goes_back(workstation *station, area from)
{
    search_model *model = station_find(station, &search_pane);

    if (model != NULL)
        model->came_from = from;
}

void search_pane_refresh(workstation *station)
{
    search_model *model = station_find(station, &search_pane);
    size_t current = model == NULL ? 0 : model->list.current;

    if (model == NULL || !model->searched)
        return;
    search_run_again(model, station);
    model->list.current = current < model->list.count ? current : model->list.count > 0 ? model->list.count - 1 : 0;
    search_keep_window(model, station);
    search_show_current(model, station, true);
}

bool search_pane_step(workstation *station, mms_id from, int step, mms_id *id)
{
    search_model *model = station_find(station, &search_pane);
    const bib_info *row = model == NULL ? NULL : search_row(model, model->list.current);

    if (row == NULL || row->id != from || (step < 0 ? model->list.current == 0 : model->list.current + 1 >= model->list.count))
        return false;
    model->list.current += step < 0 ? SIZE_MAX : 1;
    search_keep_window(model, station);
    search_show_current(model, station, false);
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
