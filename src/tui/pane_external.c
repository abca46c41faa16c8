/* src/tui/pane_external.c - Search Resources: asking other libraries, reading what they have, and bringing it in.
 *
 * All chosen targets are asked at once and nothing waits for them: the event loop polls their sockets (SR-46). What is prefilled
 * from the open record is used only as far as it identifies it, so that the form need not be cleared (SR-13). */
#include "external_model.h"
#include "remembered.h"
#include "take.h"
#include "recto/catalog/rules.h"
#include "recto/catalog/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was sent ----------------------------------------------------------------------------------------------- */

static const dialog_choice close_choices[] = { { "close", "Close", 'c' }, { NULL, NULL, 0 } };

static void ignore_answer(workstation *station, void *context, const char *choice)
{
    (void)station;
    (void)context;
    (void)choice;
}

static void show_queries(external_model *model)
{
    enum { LINES = 16 };
    size_t count = model->search != NULL ? external_search_targets(model->search) : 0;
    const char *lines[LINES + 1] = { NULL };
    buffer made[LINES];

    if (count == 0) {
        station_say(model->station, "Nothing was sent yet");
        return;
    }
    if (count > LINES)
        count = LINES;
    for (size_t i = 0; i < count; i++) {
        const external_status *status = external_search_status(model->search, i);

        buffer_init(&made[i], 0);
        buffer_append_format(&made[i], "%s: %s", status->target->label, status->query != NULL ? status->query : "(nothing)");
        lines[i] = buffer_string(&made[i]);
    }
    station_ask(model->station, &(dialog){ .title = "Query as sent",
                                           .lines = lines,
                                           .choices = close_choices,
                                           .initial = "close",
                                           .escape = "close",
                                           .done = ignore_answer });
    for (size_t i = 0; i < count; i++)
        buffer_release(&made[i]);
}

/* ---- a hit ------------------------------------------------------------------------------------------------------- */

static void view_hit(external_model *model)
{
    const external_hit *hit = external_current_hit(model);
    marc_record *copy = NULL;
    recto_error error;

    if (hit == NULL)
        return;
    if (hit->record != NULL && marc_record_copy(&copy, hit->record, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    record_view_set(&model->view, copy);
    model->mode = MODE_VIEW;
}

static void step_hit(external_model *model, int step)
{
    if (step < 0 ? model->list.current == 0 : model->list.current + 1 >= model->list.count) {
        station_say(model->station, step < 0 ? "This is the first hit" : "This is the last hit that has come");
        return;
    }
    model->list.current += step < 0 ? SIZE_MAX : 1;
    external_fetch_ahead(model);
    if (model->mode == MODE_VIEW)
        view_hit(model);
}

/* ---- bringing in ------------------------------------------------------------------------------------------------- */

static const repo_zone *placement_zone(const external_model *model)
{
    catalog *house = station_catalog(model->station);
    const repo_zone *zone = catalog_zone(house, model->placement);

    return zone != NULL ? zone : catalog_zone(house, ZONE_INSTITUTION);
}

static void import_hit(external_model *model)
{
    workstation *station = model->station;
    const external_hit *hit = external_current_hit(model);
    const repo_zone *zone = placement_zone(model);
    marc_record *record = NULL;
    edit_session *session = NULL;
    recto_error error;
    recto_status status;

    if (hit == NULL || hit->record == NULL || zone == NULL)
        return;
    status = marc_record_copy(&record, hit->record, &error);
    if (status == RECTO_OK)
        status = catalog_normalize(station_catalog(station), zone->id, RULE_USE_NORMALIZE_EXTERNAL, record, &error);
    if (status == RECTO_OK)
        status = edit_new(&session, station_catalog(station), zone->id, &record, hit->target->label, &error);
    marc_record_free(record);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_add_session(station, &session);
    station_show(station, AREA_RECORDS);
    station_say(station, "Imported from %s. New in: %s; nothing is in the repository before Save", hit->target->label,
                zone->kind == ZONE_NETWORK ? "NETWORK" : "LOCAL (Institution Zone)");
}

static const dialog_choice import_choices[] = {
    { "open", "Open it", 'o' }, { "import", "Import anyway", 'i' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 }
};

static void import_answered(workstation *station, void *context, const char *choice)
{
    external_model *model = context;
    const external_row *row = external_current(model);
    marc_record *copy = NULL;
    mms_id held = row != NULL ? row->held : 0;
    char heading[120];

    if (strcmp(choice, "import") == 0) {
        import_hit(model);
        return;
    }
    if (strcmp(choice, "open") != 0 || held == 0) {
        station_say(station, "Not imported");
        return;
    }
    if (marc_record_copy(&copy, external_current_hit(model)->record, NULL) != RECTO_OK)
        copy = NULL;
    snprintf(heading, sizeof heading, "X %.*s  View Only  hit %zu", FIT(row->from->label, 60), row->number);
    station_open_record(station, held, false);
    if (copy != NULL && station_session(station) != NULL && edit_state_of(station_session(station))->id == held) {
        record_pane_open_copy(station, &copy, heading, PLACE_COMPANION);
        focus_editor(station);
    }
    marc_record_free(copy);
}

static void ask_import(external_model *model)
{
    const external_row *row = external_current(model);
    char line[160];
    char title[300];
    char id[MMS_ID_LENGTH];

    if (row == NULL || row->held == 0) {
        import_hit(model);
        return;
    }
    mms_id_format(id, row->held);
    snprintf(line, sizeof line, "Already in the %s: %s", zone_title(row->held_zone), id);
    snprintf(title, sizeof title, "\"%.*s\"", FIT(row->title, 200));
    station_ask(model->station,
                &(dialog){ .title = "Import",
                           .lines = (const char *const[]){ line, title,
                                                           model->placement == row->held_zone
                                                               ? "Importing makes a new record; Save will find this match."
                                                               : "Importing makes a new record in the zone of the placement.",
                                                           NULL },
                           .choices = import_choices,
                           .initial = "open",
                           .escape = "cancel",
                           .done = import_answered,
                           .context = model });
}

static void choose_placement(external_model *model, workstation *station)
{
    if (catalog_zone(station_catalog(station), ZONE_NETWORK) == NULL) {
        station_say(station, "There is no Network Zone: imports go to the Institution Zone");
        return;
    }
    bool enforced;
    (void)catalog_placement(&enforced, station_catalog(station), "");
    if (enforced) {
        model->placement = ZONE_NETWORK;
        station_say(station, "Imports go to: NETWORK, as the network has set for all (central_record_management)");
        return;
    }
    model->placement = model->placement == ZONE_NETWORK ? ZONE_INSTITUTION : ZONE_NETWORK;
    remembered_set(station, "placement", model->placement == ZONE_NETWORK ? "network" : "local");
    station_say(station, "Imports go to: %s", model->placement == ZONE_NETWORK ? "NETWORK" : "LOCAL (Institution Zone)");
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static bool run_on_hit(external_model *model, const char *name, workstation *station)
{
    edit_session *session = model->beside ? session_tied(&model->tie, station) : NULL;
    const external_hit *hit = external_current_hit(model);
    take_source source = { .external = hit->record, .target = hit->target->label };

    if (strcmp(name, "external.view") == 0 || strcmp(name, "list.open") == 0)
        view_hit(model);
    else if (strcmp(name, "external.import") == 0)
        ask_import(model);
    else if (strcmp(name, "external.more") == 0)
        external_fetch_more(model, EXTERNAL_PAGE);
    else if (strncmp(name, "external.", 9) != 0 || session == NULL || hit->record == NULL)
        return false;
    else if (strcmp(name, "external.preview") == 0)
        take_preview(station, session, &source, false);
    else if (strcmp(name, "external.merge") == 0)
        take_now(station, session, &source, false);
    else if (strcmp(name, "external.overlay") == 0)
        take_overlay_ask(station, session, &source);
    else
        return false;
    return true;
}

static void step_box(external_model *model, int step)
{
    size_t count = model->target_count + BOX_COUNT;

    model->focus = (model->focus + (step < 0 ? count - 1 : 1)) % count;
}

/* One step out: a search under way stops first, a view goes back to the same row, the hits to the form. */
static bool step_out(external_model *model)
{
    if (model->mode != MODE_FORM && external_is_busy(model)) {
        external_stop(model);
        return true;
    }
    if (model->mode == MODE_VIEW) {
        model->mode = MODE_HITS;
        return true;
    }
    if (model->mode == MODE_HITS) {
        model->mode = MODE_FORM;
        return true;
    }
    return false;
}

static bool run_on_form(external_model *model, const char *name, workstation *station)
{
    if (strcmp(name, "external.run") == 0)
        external_run_search(model);
    else if (strcmp(name, "external.clear") == 0)
        external_clear_form(model);
    else if (strcmp(name, "external.query") == 0)
        show_queries(model);
    else if (strcmp(name, "external.placement") == 0)
        choose_placement(model, station);
    else if (strcmp(name, "external.targets") == 0) {
        model->mode = MODE_FORM;
        model->focus = 0;
    } else if (strcmp(name, "external.stop") == 0 && external_is_busy(model))
        external_stop(model);
    else if (strcmp(name, "pane.back") == 0)
        return step_out(model);
    else if (strcmp(name, "pane.next") == 0 && model->mode == MODE_HITS && !model->beside)
        model->mode = MODE_FORM;
    else if (model->mode == MODE_FORM && (strcmp(name, "box.next") == 0 || strcmp(name, "box.previous") == 0))
        step_box(model, strcmp(name, "box.next") == 0 ? 1 : -1);
    else
        return false;
    return true;
}

static bool run_on_list(external_model *model, const char *name)
{
    if (model->mode == MODE_VIEW && record_view_run(&model->view, name))
        return true;
    if (model->mode == MODE_HITS && list_view_run(&model->list, name, model->rows_shown)) {
        external_fetch_ahead(model);
        return true;
    }
    if (strcmp(name, "record.next") == 0 || strcmp(name, "record.previous") == 0)
        step_hit(model, strcmp(name, "record.next") == 0 ? 1 : -1);
    else if (strcmp(name, "external.sort") == 0) {
        model->sort = (external_sort)((model->sort + 1) % EXTERNAL_SORTS);
        external_rows_sort(model);
        station_say(model->station, "Sorted by %s",
                    (const char *const[]){ "target", "date, newest first", "title", "encoding level" }[model->sort]);
    } else
        return false;
    return true;
}

static bool external_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    external_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (run_on_form(model, name, station))
        return true;
    if (model->mode == MODE_FORM)
        return false;
    return run_on_list(model, name) || (external_current_hit(model) != NULL && run_on_hit(model, name, station));
}

static const char *cannot_copy(const external_model *model, workstation *station)
{
    edit_session *session = model->beside ? session_tied(&model->tie, station) : NULL;

    if (!model->beside)
        return "no record is open: open the one to be changed in the editor, then search from there";
    return session_cannot_change(session);
}

static const char *external_cannot(void *state, const command *command_row, workstation *station)
{
    static const char *const copying[] = { "external.merge", "external.overlay", "external.preview" };
    static const char *const on_hits[] = { "external.view", "external.import", "external.more", "external.sort" };
    external_model *model = state;
    const char *name = command_row->name;
    const external_row *row = external_current(model);
    bool copies = false;
    bool needs_hit = false;

    for (size_t i = 0; i < sizeof copying / sizeof *copying; i++)
        copies = copies || strcmp(name, copying[i]) == 0;
    for (size_t i = 0; i < sizeof on_hits / sizeof *on_hits; i++)
        needs_hit = needs_hit || strcmp(name, on_hits[i]) == 0;
    if (strcmp(name, "external.stop") == 0 && !external_is_busy(model))
        return "no search is under way";
    if (!copies && !needs_hit)
        return NULL;
    if (row == NULL || model->mode == MODE_FORM)
        return "no hit is chosen";
    if (!row->readable && strcmp(name, "external.view") != 0 && strcmp(name, "external.more") != 0)
        return "this record could not be read and is never brought in half";
    return copies ? cannot_copy(model, station) : NULL;
}

static bool external_typed(void *state, const key *pressed, workstation *station)
{
    external_model *model = state;

    if (model->mode != MODE_FORM)
        return false;
    if (pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_DOWN) {
        step_box(model, pressed->name == KEY_NAME_UP ? -1 : 1);
        return true;
    }
    if (external_focused_box(model) != NULL)
        return line_input_typed(external_focused_box(model), pressed);
    if (pressed->name != KEY_IS_TEXT || pressed->ctrl || pressed->alt || strcmp(pressed->text, " ") != 0)
        return false;
    if (!target_list_get(station_targets(station), model->focus)->enabled) {
        station_say(station, "This target is switched off; its file in targets/ says why");
        return true;
    }
    model->chosen[model->focus] = !model->chosen[model->focus];
    external_keep_chosen(model);
    return true;
}

static void external_paste(void *state, text pasted, workstation *station)
{
    external_model *model = state;

    (void)station;
    if (model->mode == MODE_FORM && external_focused_box(model) != NULL)
        line_input_paste(external_focused_box(model), pasted);
}

static const char *external_context(void *state)
{
    const external_model *model = state;

    return model->mode == MODE_FORM ? "external" : "hits";
}

static void external_position(void *state, buffer *out)
{
    const external_model *model = state;

    if (model->mode != MODE_FORM && model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* The seconds of targets under way go on. */
static bool external_tick(void *state, workstation *station)
{
    (void)station;
    return external_is_busy(state);
}

static void external_release(void *state, workstation *station)
{
    external_model *model = state;

    station_remove_source(station, model);
    external_drop_search(model);
    for (size_t i = 0; i < BOX_COUNT; i++)
        line_input_release(&model->boxes[i]);
    record_view_release(&model->view);
    free(model->chosen);
    free(model);
}

const pane_kind external_pane = {
    .name = "external",
    .title = "Search Resources",
    .draw = external_draw,
    .run = external_run,
    .typed = external_typed,
    .paste = external_paste,
    .cannot = external_cannot,
    .tick = external_tick,
    .position = external_position,
    .release = external_release,
    .context = external_context,
    .takes_letters = true,
};

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static bool is_named(text names, const char *name)
{
    while (names.bytes != NULL)
        if (text_equal(text_next_field(&names, ' '), text_from(name)))
            return true;
    return false;
}

/* The targets of last time; all that are enabled the first time, or when none of them is left. */
static void choose_targets(external_model *model)
{
    target_list *list = station_targets(model->station);
    buffer kept;
    size_t chosen = 0;

    buffer_init(&kept, 0);
    remembered_get(model->station, "targets", &kept);
    for (size_t i = 0; i < model->target_count; i++) {
        const target *one = target_list_get(list, i);

        model->chosen[i] = one->enabled && kept.length > 0 && is_named(buffer_text(&kept), one->name);
        chosen += model->chosen[i];
    }
    for (size_t i = 0; chosen == 0 && i < model->target_count; i++)
        model->chosen[i] = target_list_get(list, i)->enabled;
    buffer_release(&kept);
}

/* Network is the default; the last choice is kept (SR-61). */
static void choose_default_placement(external_model *model)
{
    buffer kept;

    buffer_init(&kept, 0);
    remembered_get(model->station, "placement", &kept);
    model->placement = catalog_placement(NULL, station_catalog(model->station), buffer_string(&kept))->kind;
    buffer_release(&kept);
}

static external_model *external_model_new(workstation *station)
{
    external_model *model = calloc(1, sizeof *model);

    if (model == NULL)
        return NULL;
    model->station = station;
    model->target_count = target_list_count(station_targets(station));
    model->chosen = calloc(model->target_count + 1, sizeof *model->chosen);
    if (model->chosen == NULL) {
        free(model);
        return NULL;
    }
    for (size_t i = 0; i < BOX_COUNT; i++)
        line_input_init(&model->boxes[i], EXTERNAL_TERM_LIMIT);
    record_view_init(&model->view);
    choose_targets(model);
    choose_default_placement(model);
    return model;
}

static void open_pane_with(workstation *station, const external_prefill *filled, bool beside)
{
    external_model *model;

    if (station_targets(station) == NULL)
        return; /* what failed has been said */
    model = external_model_new(station);
    if (model == NULL) {
        station_no_memory(station, "opening Search Resources");
        return;
    }
    model->beside = beside;
    if (beside)
        model->tie = session_tie_to(station_session(station));
    if (filled->record != NULL)
        external_prefill_record(model, filled->record);
    if (filled->value != NULL)
        line_input_set(&model->boxes[filled->box], filled->value, false);
    external_focus_box(model, filled->value != NULL                    ? filled->box
                              : external_strongest(model) != BOX_COUNT ? external_strongest(model)
                                                                       : BOX_TITLE);
    if (model->target_count == 0)
        station_say(station, "No targets are configured; recto target list says where they come from");
    station_push(station, beside ? AREA_RECORDS : AREA_SEARCH, beside ? PLACE_COMPANION : PLACE_MAIN, &external_pane, model);
}

void external_pane_open_from(workstation *station, const external_prefill *filled)
{
    open_pane_with(station, filled, false);
}

void external_pane_open(workstation *station)
{
    edit_session *session = station_session(station);
    external_prefill filled = { .record = session != NULL ? marc_edit_record(edit_of(session)) : NULL };
    external_model *open = station_find(station, &external_pane);

    if (open != NULL && open->beside && session_tied(&open->tie, station) != NULL) {
        station_show(station, AREA_RECORDS);
        station_focus(station, open);
        return;
    }
    open_pane_with(station, &filled, session != NULL);
}
