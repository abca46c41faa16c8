/* src/tui/pane_records.c - the list of open records and kept drafts (ED-13 to ED-17, ED-65).
 *
 * Open records come from the workstation; drafts that are not open come from the repository each time the list is shown
 * anew. Closing a record's pane leaves it here; only Release takes it out. */
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
    edit_session *session; /* NULL: a draft that is not open */
    mms_id id;
    char letters[4], zone;
    char title[240];
    char note[64];
} row;

typedef struct records_model {
    row *rows;
    draft_row *drafts;
    size_t draft_count;
    list_view list;
    size_t shown_rows;
    char filter[64];
    bool drafts_known;
    size_t open_when_known;
    workstation *station;
} records_model;

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void read_drafts(records_model *model)
{
    recto_error error;
    if (model->drafts_known && model->open_when_known == model->station->record_count)
        return;
    free(model->drafts);
    model->drafts = NULL;
    model->draft_count = 0;
    if (catalog_drafts(&model->drafts, &model->draft_count, model->station->options.catalog, &error) != RECTO_OK)
        station_error(model->station, &error);
    model->drafts_known = true;
    model->open_when_known = model->station->record_count;
}

static void letters_of(char out[static 4], edit_session *session)
{
    const edit_state *state = edit_state_of(session);
    size_t at = 0;
    out[at++] = state->is_new ? 'N' : state->has_draft ? 'D' : 'S';
    if (marc_edit_changed(edit_of(session)))
        out[at++] = '*';
    else if (state->suppressed)
        out[at++] = 'X';
    if (state->view_only)
        out[at++] = 'L';
    out[at] = '\0';
}

static bool passes(const records_model *model, const row *row)
{
    char id[MMS_ID_LENGTH];
    bool passed = model->filter[0] == '\0';
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

static void add_row(records_model *model, const row *added)
{
    if (passes(model, added))
        model->rows[model->list.count++] = *added;
}

static char zone_letter(const records_model *model, int zone)
{
    const repo_zone *found = catalog_zone_by_id(model->station->options.catalog, zone);
    return found != NULL ? (char)found->kind : ' ';
}

static row row_of_session(const records_model *model, edit_session *session)
{
    const edit_state *state = edit_state_of(session);
    row made = { .session = session, .id = state->id, .zone = zone_letter(model, state->zone) };
    buffer title;
    buffer_init(&title, 4096);
    marc_record_title(&title, marc_edit_record(edit_of(session)));
    letters_of(made.letters, session);
    snprintf(made.title, sizeof made.title, "%s", title.length > 0 ? buffer_string(&title) : "(no title)");
    if (state->view_only && state->locked_by[0] != '\0')
        snprintf(made.note, sizeof made.note, "locked by %.40s", state->locked_by);
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

static void gather(records_model *model)
{
    read_drafts(model);
    size_t most = model->station->record_count + model->draft_count;
    row *rows = realloc(model->rows, (most + 1) * sizeof *rows);
    model->list.count = 0;
    if (rows == NULL)
        return;
    model->rows = rows;
    for (size_t i = 0; i < model->station->record_count; i++) {
        row made = row_of_session(model, model->station->records[i]->session);
        add_row(model, &made);
    }
    for (size_t i = 0; i < model->draft_count; i++) {
        const draft_row *draft = &model->drafts[i];
        row made = { .id = draft->id, .zone = zone_letter(model, draft->zone), .letters = "D" };
        if (is_open(model, draft->id))
            continue;
        snprintf(made.title, sizeof made.title, "%s", draft->title);
        snprintf(made.note, sizeof made.note, "%s",
                 draft->record_changed_since ? "draft; saved by others since" : "draft, not open");
        add_row(model, &made);
    }
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static void draw_row(const records_model *model, const surface *area, int at, size_t index)
{
    const row *row = &model->rows[index];
    char id[MMS_ID_LENGTH];
    bool current = index == model->list.current;
    int columns = area->columns;
    int note = display_width(text_from(row->note), surface_utf8(area)), title_columns = columns - 31 - (note > 0 ? note + 2 : 0);
    mms_id_format(id, row->id);
    surface_put(area, at, 0, ROLE_TEXT, current ? ">" : " ");
    surface_format(area, at, 2, ROLE_MARK_CHANGED, "%s", row->letters);
    surface_format(area, at, 6, ROLE_TEXT, "%c", row->zone);
    surface_data(area, at, 8, 20, ROLE_TEXT, text_from(id), false);
    surface_data(area, at, 29, title_columns > 10 ? title_columns : columns - 30, ROLE_TEXT, text_from(row->title), true);
    if (note > 0 && title_columns > 10)
        surface_data(area, at, columns - note - 1, note, ROLE_TEXT_DIM, text_from(row->note), false);
    if (current) {
        surface_paint(area, at, 0, columns, ROLE_SELECTION);
        surface_cursor(area, at, 0);
    }
}

static void records_draw(void *pane, const surface *area, bool focused)
{
    records_model *model = pane;
    char left[160], right[64];
    gather(model);
    snprintf(left, sizeof left, "Open records%s%s", model->filter[0] != '\0' ? " with " : "", model->filter);
    snprintf(right, sizeof right, "%zu open", model->station->record_count);
    surface_rule(area, 0, focused, left, right);
    surface_put(area, 1, 2, ROLE_LABEL, "St  Z MMS ID               Title");
    model->shown_rows = area->rows > 2 ? (size_t)area->rows - 2 : 1;
    list_view_fit(&model->list, model->shown_rows);
    for (size_t i = 0; i < model->shown_rows && model->list.top + i < model->list.count; i++)
        draw_row(model, area, (int)i + 2, model->list.top + i);
    if (model->list.count == 0)
        surface_put(area, 3, 2, ROLE_TEXT_DIM,
                    model->filter[0] != '\0' ? "No record of the list has this text; / changes it."
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

static size_t unsaved_count(const workstation *station)
{
    size_t count = 0;
    for (size_t i = 0; i < station->record_count; i++)
        count += marc_edit_changed(edit_of(station->records[i]->session));
    return count;
}

static bool save_quietly(edit_session *session, recto_error *error)
{
    ingest_outcome outcome = { 0 };
    if (edit_save(&outcome, session, false, error) != RECTO_OK)
        return false;
    bool saved = outcome.kind == OUTCOME_UPDATED || outcome.kind == OUTCOME_ADDED || outcome.kind == OUTCOME_UNCHANGED ||
                 outcome.kind == OUTCOME_MERGED || outcome.kind == OUTCOME_OVERLAID;
    if (!saved)
        recto_fail(error, RECTO_EREFUSED, NULL, NULL, "%s", outcome.message);
    ingest_outcome_release(&outcome);
    return saved;
}

/* Goes on after a failure and never asks inside the loop (ED-74); what was refused stays open. */
static void release_all(workstation *station, bool save)
{
    recto_error error = { 0 };
    size_t released = 0, refused = 0;
    for (size_t i = station->record_count; i-- > 0;) {
        edit_session *session = station->records[i]->session, *closing = session;
        bool changed = marc_edit_changed(edit_of(session));
        if ((save && changed && !save_quietly(session, &error)) || edit_release(&closing, &error) != RECTO_OK) {
            refused++;
            continue;
        }
        station_close_session(station, session);
        released++;
    }
    if (refused > 0)
        station_say(station, "%zu released, %zu stay open: %s", released, refused, error.what);
    else
        station_say(station, "%zu record%s released", released, released == 1 ? "" : "s");
}

static void release_decided(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "cancel") != 0)
        release_all(station, strcmp(choice, "save") == 0);
}

static void ask_release_all(workstation *station)
{
    static const dialog_choice choices[] = { { "save", "Save and release", 's' },
                                             { "lose", "Release, lose changes", 'r' },
                                             { "cancel", "Cancel", 'c' },
                                             { NULL, NULL, 0 } };
    char line[160];
    size_t unsaved = unsaved_count(station);
    if (station->record_count == 0) {
        station_say(station, "no record is open");
        return;
    }
    snprintf(line, sizeof line, "Release %zu record%s? %zu ha%s unsaved changes.", station->record_count,
             station->record_count == 1 ? "" : "s", unsaved, unsaved == 1 ? "s" : "ve");
    const char *lines[] = { line, NULL };
    const dialog question = { "Release", lines, choices, "cancel", "cancel", release_decided, NULL };
    station_ask(station, &question);
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

static void filter_typed(workstation *station, void *context, const char *answer)
{
    records_model *model = context;
    (void)station;
    if (answer != NULL)
        snprintf(model->filter, sizeof model->filter, "%s", answer);
}

static bool records_run(void *pane, const command *command, const char *argument, workstation *station)
{
    records_model *model = pane;
    const char *name = command->name;
    (void)argument;
    gather(model); /* keys typed ahead come before the next drawing */
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
        ask_release_all(station);
    else if (strcmp(name, "records.discard") == 0)
        ask_discard(model);
    else if (strcmp(name, "records.filter") == 0)
        station_prompt(station, "Filter:", model->filter, filter_typed, model);
    else
        return false;
    return true;
}

static const char *records_cannot(void *pane, const command *command, workstation *station)
{
    records_model *model = pane;
    (void)station;
    bool needs_row = strcmp(command->name, "list.open") == 0 || strcmp(command->name, "record.release") == 0 ||
                     strcmp(command->name, "record.save") == 0 || strcmp(command->name, "result.view") == 0;
    if (needs_row && model->list.count == 0)
        return "no record is open";
    if (strcmp(command->name, "records.release_all") == 0 && model->station->record_count == 0)
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
    free(model);
}

const pane_kind records_pane = {
    .name = "records",
    .title = "Open Records",
    .draw = records_draw,
    .run = records_run,
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
    station_push(station, AREA_RECORDS, PLACE_MAIN, &records_pane, model);
}
