/* src/tui/pane_records.c - the list of open records and kept drafts (ED-13 to ED-17, ED-63, ED-65, ED-74).
 *
 * Open records come from the workstation; drafts that are not open come from the repository each time the list is shown
 * anew. Closing a record's pane leaves it here; only Release takes it out. What is filtered away is neither released nor saved by
 * the acts on all that are listed. */
#include "records_list.h"

#include "recto/repo/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows -------------------------------------------------------------------------------------------------------- */

typedef struct noted {
    records_model *model;
    bool failed;
} noted;

static void note_notice(void *context, const repo_notice *notice)
{
    noted *noted = context;
    records_model *model = noted->model;
    repo_notice *grown = realloc(model->notices, (model->notice_count + 1) * sizeof *grown);
    if (grown == NULL)
        return;
    model->notices = grown;
    model->notices[model->notice_count++] = *notice;
}

static void read_drafts(records_model *model)
{
    recto_error error;
    noted noted = { .model = model };
    if (model->drafts_known && model->open_when_known == model->station->record_count)
        return;
    free(model->drafts);
    model->drafts = NULL;
    model->draft_count = 0;
    model->notice_count = 0;
    if (catalog_drafts(&model->drafts, &model->draft_count, model->station->options.catalog, &error) != RECTO_OK ||
        catalog_notices(model->station->options.catalog, note_notice, &noted, &error) != RECTO_OK)
        station_error(model->station, &error);
    model->drafts_known = true;
    model->open_when_known = model->station->record_count;
}

/* The newest notice about the record, which explains whose it is now; NULL: none. */
static const repo_notice *notice_of(const records_model *model, mms_id id)
{
    for (size_t i = 0; i < model->notice_count; i++)
        if (model->notices[i].id == id)
            return &model->notices[i];
    return NULL;
}

/* ED-14, ED-15: S saved, D draft, N new, P pushed and not saved since; * unsaved changes, X suppressed, L view only. */
static void letters_of(char out[static 6], edit_session *session)
{
    const edit_state *state = edit_state_of(session);
    const bool pushed = state->pushed;
    size_t at = 0;
    const bool is_new = state->is_new && !state->is_holdings;
    out[at++] = is_new ? 'N' : pushed || state->was_pushed ? 'P' : state->has_draft ? 'D' : 'S';
    if (marc_edit_changed(edit_of(session)))
        out[at++] = '*';
    if (state->suppressed)
        out[at++] = 'X';
    if (state->view_only && !pushed)
        out[at++] = 'L';
    out[at] = '\0';
}

static bool passes(const records_model *model, const row *row)
{
    char id[MMS_ID_LENGTH];
    bool passed = model->filter[0] == '\0';
    if ((model->zone != 0 && row->zone != model->zone) || !records_in_tab(model, row))
        return false;
    mms_id_format(id, row->id);
    passed = passed || strstr(id, model->filter) != NULL;
    buffer title, wanted;
    buffer_init(&title, 4096);
    buffer_init(&wanted, 4096);
    utf8_index_form(&title, text_from(row->title));
    utf8_index_form(&wanted, text_from(model->filter));
    passed = passed || strstr(buffer_string(&title), buffer_string(&wanted)) != NULL;
    buffer_release(&title);
    buffer_release(&wanted);
    return passed;
}

static void add_row(records_model *model, row *added)
{
    added->number = model->all++;
    model->tabs[added->family]++;
    if (passes(model, added))
        model->rows[model->list.count++] = *added;
}

static char zone_letter(const records_model *model, int zone)
{
    const repo_zone *found = catalog_zone_by_id(model->station->options.catalog, zone);
    return found != NULL ? (char)found->kind : ' ';
}

static void note_row(const records_model *model, row *row, const char *otherwise)
{
    const repo_notice *notice = notice_of(model, row->id);
    if (notice != NULL)
        snprintf(row->note, sizeof row->note, "%s by %.40s", notice->kind[0] == 't' ? "taken over" : "assigned", notice->by);
    else
        snprintf(row->note, sizeof row->note, "%s", otherwise);
}

static row row_of_session(const records_model *model, edit_session *session)
{
    const edit_state *state = edit_state_of(session);
    row made = { .session = session,
                 .id = state->id,
                 .zone = zone_letter(model, state->zone),
                 .family = marc_family_of(marc_edit_record(edit_of(session))) };
    char locked[64] = "";
    buffer title;
    buffer_init(&title, 4096);
    marc_record_title(&title, marc_edit_record(edit_of(session)));
    letters_of(made.letters, session);
    snprintf(made.title, sizeof made.title, "%s", title.length > 0 ? buffer_string(&title) : "(no title)");
    if (state->view_only && state->locked_by[0] != '\0')
        snprintf(locked, sizeof locked, "locked by %.40s", state->locked_by);
    if (locked[0] != '\0')
        snprintf(made.note, sizeof made.note, "%s", locked);
    else
        note_row(model, &made, "");
    buffer_release(&title);
    return made;
}

static bool is_open(const records_model *model, mms_id id)
{
    for (size_t i = 0; i < model->station->record_count; i++)
        if (edit_state_of(model->station->records[i]->session)->id == id)
            return true;
    return false;
}

static int compare_titles(const char *one, const char *other)
{
    buffer left, right;
    buffer_init(&left, 4096);
    buffer_init(&right, 4096);
    utf8_index_form(&left, text_from(one));
    utf8_index_form(&right, text_from(other));
    const int order = strcmp(buffer_string(&left), buffer_string(&right));
    buffer_release(&left);
    buffer_release(&right);
    return order;
}

/* Order: as opened, by title, by number, by state; within a zone when grouped; equal ones as opened. */
static int compare_rows(const void *one, const void *other, void *context)
{
    const records_model *model = context;
    const row *a = one, *b = other;
    int order = 0;
    if (model->grouped && a->zone != b->zone) {
        static const char zones[] = "INC";
        const char *left = strchr(zones, a->zone), *right = strchr(zones, b->zone);
        return (left != NULL ? (int)(left - zones) : 9) - (right != NULL ? (int)(right - zones) : 9);
    }
    if (model->sort == SORT_BY_TITLE)
        order = compare_titles(a->title, b->title);
    else if (model->sort == SORT_BY_ID)
        order = (a->id > b->id) - (a->id < b->id);
    else if (model->sort == SORT_BY_STATE)
        order = strcmp(a->letters, b->letters);
    if (order == 0)
        order = (a->number > b->number) - (a->number < b->number);
    return model->descending ? -order : order;
}

static const char *draft_note(const draft_row *draft)
{
    return draft->record_changed_since         ? "draft; saved by others since"
           : draft->age == DRAFT_PAST_ITS_YEAR ? "draft, over a year old"
           : draft->age == DRAFT_RESTING       ? "draft, untouched for 30 days"
                                               : "draft, not open";
}

static void gather(records_model *model)
{
    read_drafts(model);
    size_t most = model->station->record_count + model->draft_count;
    row *rows = realloc(model->rows, (most + 1) * sizeof *rows);
    model->list.count = model->all = model->resting = 0;
    memset(model->tabs, 0, sizeof model->tabs);
    if (rows == NULL)
        return;
    model->rows = rows;
    for (size_t i = 0; i < model->station->record_count; i++) {
        row made = row_of_session(model, model->station->records[i]->session);
        add_row(model, &made);
    }
    for (size_t i = 0; i < model->draft_count; i++) {
        const draft_row *draft = &model->drafts[i];
        row made = { .id = draft->id, .zone = zone_letter(model, draft->zone), .family = draft->family, .letters = "D" };
        if (is_open(model, draft->id))
            continue;
        if (draft->age != DRAFT_IN_USE && !model->with_resting) {
            model->resting++;
            continue;
        }
        snprintf(made.title, sizeof made.title, "%s", draft->title);
        note_row(model, &made, draft_note(draft));
        add_row(model, &made);
    }
    if (model->list.count > 1)
        qsort_r(model->rows, model->list.count, sizeof *model->rows, compare_rows, model);
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static void draw_row(const records_model *model, const surface *area, int at, size_t index)
{
    const row *row = &model->rows[index];
    char id[MMS_ID_LENGTH];
    bool current = index == model->list.current;
    int columns = area->columns;
    int note = display_width(text_from(row->note), surface_utf8(area)), title_columns = columns - 32 - (note > 0 ? note + 2 : 0);
    mms_id_format(id, row->id);
    surface_put(area, at, 0, ROLE_TEXT, current ? ">" : " ");
    surface_format(area, at, 2, ROLE_MARK_CHANGED, "%s", row->letters);
    surface_format(area, at, 7, ROLE_TEXT, "%c", row->zone);
    surface_data(area, at, 9, 20, ROLE_TEXT, text_from(id), false);
    surface_data(area, at, 30, title_columns > 10 ? title_columns : columns - 31, ROLE_TEXT, text_from(row->title), true);
    if (note > 0 && title_columns > 10)
        surface_data(area, at, columns - note - 1, note, ROLE_TEXT_DIM, text_from(row->note), false);
    if (current) {
        surface_paint(area, at, 0, columns, ROLE_SELECTION);
        surface_cursor(area, at, 0);
    }
}

static const char *sort_name(const records_model *model)
{
    static const char *const names[] = { "as opened", "by title", "by MMS ID", "by state" };
    return names[model->sort];
}

/* Title, author, number, who made and changed it and when (ED-13). */
static void draw_detail(records_model *model, const surface *area, int at)
{
    const row *row = model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
    catalog *catalog = model->station->options.catalog;
    bib_info info;
    char created[32], modified[32], line[400];
    if (row == NULL)
        return;
    if (repo_bib_info(catalog_repo(catalog), row->id, &info, catalog_now(catalog), NULL) != RECTO_OK) {
        surface_put(area, at, 2, ROLE_TEXT_DIM, "not in the repository yet");
        return;
    }
    clock_format_short(created, sizeof created, info.created_at, catalog_now(catalog));
    clock_format_short(modified, sizeof modified, info.modified_at, catalog_now(catalog));
    snprintf(line, sizeof line, "v%d, created %s by %s, modified %s by %s%s%.*s", info.version, created, info.created_by,
             modified, info.modified_by, info.creator[0] != '\0' ? "; " : "", FIT(info.creator, 120));
    surface_data(area, at, 2, area->columns - 2, ROLE_TEXT_DIM, text_from(line), true);
}

static void records_draw(void *pane, const surface *area, bool focused)
{
    records_model *model = pane;
    char left[200], right[120], zone[16] = "", found[32] = "";
    gather(model);
    if (model->filter[0] != '\0')
        snprintf(found, sizeof found, ", %zu found", model->list.count);
    if (model->zone != 0)
        snprintf(zone, sizeof zone, ", %cZ only", model->zone);
    snprintf(left, sizeof left, "Open records%s%s%s%s", model->filter[0] != '\0' || model->filtering ? " with " : "",
             model->filter, model->filtering ? "_" : "", zone);
    snprintf(right, sizeof right, "%s%s%s%s, %zu open", sort_name(model), model->descending ? ", descending" : "",
             model->grouped ? ", zones apart" : "", found, model->station->record_count);
    surface_rule(area, 0, focused, left, right);
    records_draw_tabs(model, area, 1);
    surface_put(area, 2, 2, ROLE_LABEL, "St   Z MMS ID               Title");
    model->shown_rows = area->rows > 4 ? (size_t)area->rows - 4 : 1;
    list_view_fit(&model->list, model->shown_rows);
    for (size_t i = 0; i < model->shown_rows && model->list.top + i < model->list.count; i++)
        draw_row(model, area, (int)i + 3, model->list.top + i);
    if (area->rows > 3)
        draw_detail(model, area, area->rows - 1);
    if (model->list.count == 0)
        surface_put(area, 4, 2, ROLE_TEXT_DIM,
                    model->all > 0 ? "No record of the list has this text, zone and family; / z f change it."
                                   : "No record is open. Ctrl+G goes to the search, Ctrl+N makes a new record.");
}

static void records_position(void *pane, buffer *out)
{
    const records_model *model = pane;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static row *current_row(records_model *model)
{
    return model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
}

/* Makes the row's record the focused one, out of its draft when it is not open. */
static bool focus_row(records_model *model)
{
    row *row = current_row(model);
    workstation *station = model->station;
    edit_session *session = NULL;
    recto_error error;
    if (row == NULL) {
        station_say(station, "the list is empty");
        return false;
    }
    if (row->session != NULL) {
        for (size_t i = 0; i < station->record_count; i++)
            if (station->records[i]->session == row->session)
                station_focus_record(station, i);
        station_desk(station)->focus = PLACE_MAIN;
        return true;
    }
    if (edit_resume(&session, station->options.catalog, row->id, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    model->drafts_known = false;
    station_add_session(station, &session);
    return true;
}

static void discard_decided(workstation *station, void *context, const char *choice)
{
    records_model *model = context;
    const row *row = current_row(model);
    recto_error error;
    if (strcmp(choice, "discard") != 0 || row == NULL || row->session != NULL)
        return;
    if (catalog_discard_draft(station->options.catalog, row->id, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "draft discarded");
    model->drafts_known = false;
}

static void ask_discard(records_model *model)
{
    static const dialog_choice choices[] = { { "discard", "Discard", 'd' }, { "keep", "Keep", 'k' }, { NULL, NULL, 0 } };
    const row *row = current_row(model);
    char id[MMS_ID_LENGTH], line[320];
    if (row == NULL || row->session != NULL) {
        station_say(model->station, "an open record is released with r; D is for drafts that are not open");
        return;
    }
    mms_id_format(id, row->id);
    snprintf(line, sizeof line, "The unsaved text of %s will be lost: %s", id, row->title);
    const char *lines[] = { line, NULL };
    const dialog question = { "Discard a draft", lines, choices, "keep", "keep", discard_decided, model };
    station_ask(model->station, &question);
}

/* ---- filter by typing (ED-16): letters narrow the list at once, Enter keeps, Esc takes the filter off ---- */

static bool records_typed(void *pane, const key *key, workstation *station)
{
    records_model *model = pane;
    size_t length = strlen(model->filter);
    (void)station;
    if (!model->filtering)
        return false;
    if (key->name == KEY_NAME_BACKSPACE) {
        while (length > 0 && ((unsigned char)model->filter[--length] & 0xC0) == 0x80) {
        }
        model->filter[length] = '\0';
    } else if (key->name == KEY_IS_TEXT && !key->ctrl && !key->alt && length + strlen(key->text) < sizeof model->filter) {
        memcpy(model->filter + length, key->text, strlen(key->text) + 1);
    } else {
        return false;
    }
    model->list.current = model->list.top = 0;
    return true;
}

/* What Enter and Esc mean while a filter is typed. @return false: none is */
static bool end_filter(records_model *model, const char *name)
{
    const bool keeps = strcmp(name, "list.open") == 0, drops = strcmp(name, "pane.back") == 0;
    if (!keeps && !drops)
        return false;
    if (!model->filtering && !(drops && model->filter[0] != '\0'))
        return false;
    model->filtering = false;
    if (drops)
        model->filter[0] = '\0';
    return true;
}

static void next_zone(records_model *model)
{
    model->zone = model->zone == 0 ? 'I' : model->zone == 'I' ? 'N' : model->zone == 'N' ? 'C' : 0;
    model->list.current = model->list.top = 0;
}

/* Each order ascending, then descending, then the next one. */
static void next_sort(records_model *model)
{
    if (model->descending)
        model->sort = (records_sort)((model->sort + 1) % SORT_ORDERS);
    model->descending = !model->descending;
}

static bool records_run(void *pane, const command *command, const char *argument, workstation *station)
{
    records_model *model = pane;
    const char *name = command->name;
    (void)argument;
    gather(model); /* keys typed ahead come before the next drawing */
    if (end_filter(model, name))
        return true;
    if (list_view_run(&model->list, name, model->shown_rows))
        return true;
    if (strcmp(name, "list.open") == 0)
        return focus_row(model), true;
    if (strcmp(name, "result.view") == 0) {
        if (current_row(model) != NULL && current_row(model)->session != NULL)
            record_pane_open(station, current_row(model)->id, 0, PLACE_MAIN);
        return true;
    }
    if (strncmp(name, "record.", 7) == 0 && strstr(command->contexts, "editor") != NULL && strcmp(name, "record.next") != 0 &&
        strcmp(name, "record.previous") != 0) {
        if (focus_row(model))
            station_execute(station, command, argument);
        return true;
    }
    if (strcmp(name, "records.release_all") == 0)
        records_ask_release(model);
    else if (strcmp(name, "records.save_all") == 0)
        records_save_all(model);
    else if (strcmp(name, "records.sort") == 0)
        next_sort(model);
    else if (strcmp(name, "records.zone") == 0)
        next_zone(model);
    else if (strcmp(name, "records.tab") == 0)
        records_next_tab(model);
    else if (strcmp(name, "records.resting") == 0)
        records_show_resting(model);
    else if (strcmp(name, "records.group") == 0)
        model->grouped = !model->grouped;
    else if (strcmp(name, "records.discard") == 0)
        ask_discard(model);
    else if (strcmp(name, "records.filter") == 0)
        model->filtering = true;
    else
        return false;
    return true;
}

static const char *records_cannot(void *pane, const command *command, workstation *station)
{
    records_model *model = pane;
    if (!model->drafts_known || model->open_when_known != station->record_count)
        gather(model); /* keys typed ahead come before the first drawing */
    bool needs_row = strcmp(command->name, "list.open") == 0 || strcmp(command->name, "record.release") == 0 ||
                     strcmp(command->name, "record.save") == 0 || strcmp(command->name, "result.view") == 0;
    if (needs_row && model->list.count == 0)
        return "no record is open";
    if ((strcmp(command->name, "records.release_all") == 0 || strcmp(command->name, "records.save_all") == 0) &&
        model->station->record_count == 0)
        return "no record is open";
    if (strcmp(command->name, "records.discard") == 0 && (current_row(model) == NULL || current_row(model)->session != NULL))
        return "this is no draft that is not open";
    return NULL;
}

static void records_release(void *pane, workstation *station)
{
    records_model *model = pane;
    (void)station;
    free(model->rows);
    free(model->drafts);
    free(model->notices);
    free(model);
}

const pane_kind records_pane = {
    .name = "records",
    .title = "Open Records",
    .draw = records_draw,
    .run = records_run,
    .typed = records_typed,
    .takes_letters = true,
    .cannot = records_cannot,
    .position = records_position,
    .release = records_release,
    .wants_full_width = true,
};

void records_pane_open(workstation *station)
{
    records_model *model = station_find(station, &records_pane);
    if (model != NULL) {
        station_focus(station, model);
        return;
    }
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_say(station, "no memory for the list of records");
        return;
    }
    model->station = station;
    model->tab = RECORDS_TAB_ALL;
    station_push(station, AREA_RECORDS, PLACE_MAIN, &records_pane, model);
}
