/* src/tui/pane_combine.c - Merge Records & Combine Inventory: two records picked, the preview of their merge, the question, the
 * act.
 *
 * Nothing is written before the word was typed. The act is one job and can be taken back; so can a merge that was saved. */
#include "combine.h"

#include "recto/base/plural.h"
#include "preview_model.h"
#include "search.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the two records --------------------------------------------------------------------------------------------- */

static void describe_moves(preview_model *model)
{
    const combine_plan *plan = &model->plan;
    int used;

    if (plan->refusal[0] != '\0') {
        snprintf(model->moves_line, sizeof model->moves_line, "E cannot be done: %.170s", plan->refusal);
        return;
    }
    used = snprintf(
        model->moves_line, sizeof model->moves_line, "moves to R: %zu holding%s, %zu item%s, %zu portfolio%s; %zu link%s",
        plan->holdings, plural(plan->holdings, "", "s"), plan->items, plural(plan->items, "", "s"), plan->portfolios,
        plural(plan->portfolios, "", "s"), plan->relinked + plan->linked, plural(plan->relinked + plan->linked, "", "s"));
    if (plan->not_mended > 0 && used > 0 && (size_t)used < sizeof model->moves_line)
        snprintf(model->moves_line + used, sizeof model->moves_line - (size_t)used, "; W %zu link%s of others stay%s",
                 plan->not_mended, plural(plan->not_mended, "", "s"), plan->not_mended == 1 ? "s" : "");
}

/* Which record it is matters more here than when it was saved. */
static recto_status describe_side(char *out, size_t capacity, const char *name, workstation *station, mms_id id,
                                  recto_error *error)
{
    marc_record *record = NULL;
    bib_info info;
    buffer title;
    char digits[MMS_ID_LENGTH];
    recto_status status = catalog_load(station_catalog(station), id, &record, &info, error);

    if (status != RECTO_OK)
        return status;
    buffer_init(&title, 4096);
    append_title(&title, record);
    mms_id_format(digits, id);
    snprintf(out, capacity, "%s %s v%d brief %02d: %.*s", name, digits, info.version, match_brief_level(record),
             FIT(buffer_string(&title), 100));
    buffer_release(&title);
    marc_record_free(record);
    return RECTO_OK;
}

static recto_status make_plan(preview_model *model, workstation *station, recto_error *error)
{
    recto_status status =
        catalog_combine_plan(&model->plan, station_catalog(station), model->primary, model->secondary, NULL, error);

    model->result = status == RECTO_OK ? model->plan.result : NULL;
    if (status == RECTO_OK)
        status = describe_side(model->existing_line, sizeof model->existing_line, "R stays", station, model->primary, error);
    if (status == RECTO_OK)
        status = describe_side(model->incoming_line, sizeof model->incoming_line, "X goes ", station, model->secondary, error);
    describe_moves(model);
    snprintf(model->rule, sizeof model->rule, "%s", model->plan.rule);
    return status;
}

static void open_preview(workstation *station, mms_id primary, mms_id secondary)
{
    preview_model *model = preview_new(station);
    bool in_editor = station->area == AREA_RECORDS && !station->listing && station->record_count > 0;
    recto_error error;

    if (model == NULL)
        return;
    model->kind = PREVIEW_COMBINE;
    model->primary = primary;
    model->secondary = secondary;
    if (make_plan(model, station, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_release(model, station);
        return;
    }
    station->combine_primary = 0;
    if (preview_open(station, model, in_editor ? AREA_RECORDS : AREA_SEARCH, in_editor ? PLACE_COMPANION : PLACE_MAIN))
        station_say(station, "Nothing is changed yet. Space turns a field, w swaps the sides, m merges.");
}

bool combine_is_marked(const workstation *station, mms_id id)
{
    return station->combine_primary != 0 && station->combine_primary == id;
}

void combine_pick(workstation *station, mms_id id)
{
    char digits[MMS_ID_LENGTH];

    mms_id_format(digits, id);
    if (station->combine_primary == id) {
        station->combine_primary = 0;
        station_say(station, "%s is no longer marked", digits);
    } else if (station->combine_primary == 0) {
        station->combine_primary = id;
        station_say(station, "%s stays. Choose this again on the record that is to go into it", digits);
    } else {
        open_preview(station, station->combine_primary, id);
    }
}

void combine_two(workstation *station, mms_id stays, mms_id goes)
{
    open_preview(station, stays, goes);
}

void combine_swap(preview_model *model, workstation *station)
{
    mms_id primary = model->secondary;
    recto_error error;

    combine_plan_release(&model->plan);
    memset(&model->plan, 0, sizeof model->plan);
    model->result = NULL;
    model->secondary = model->primary;
    model->primary = primary;
    if (make_plan(model, station, &error) != RECTO_OK || preview_lines_fill(model, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_lines_release(model);
        station_pop(station, model);
        return;
    }
    station_say(station, "The sides are swapped: the record that stood at X stays now");
}

/* ---- open editors follow ----------------------------------------------------------------------------------------- */

/* An unchanged text is closed, so that it can be opened as it is stored now; a changed one stays, and its save will be told. */
static bool close_unchanged(workstation *station, mms_id id)
{
    for (size_t i = 0; i < station->record_count; i++) {
        edit_session *session = station->records[i]->session, *closing = session;

        if (edit_state_of(session)->id != id)
            continue;
        if (marc_edit_changed(edit_of(session)) || edit_release(&closing, NULL) != RECTO_OK)
            return false;
        station_close_session(station, session);
        return true;
    }
    return false;
}

static void search_again(workstation *station)
{
    if (station->area == AREA_SEARCH)
        search_pane_refresh(station);
}

/* ---- doing ------------------------------------------------------------------------------------------------------- */

static const char *fate(combine_secondary what)
{
    static const char *const words[] = {
        [COMBINE_DELETE] = "deleted", [COMBINE_SUPPRESS] = "suppressed", [COMBINE_KEEP] = "kept"
    };

    return words[what];
}

static void combine_now(preview_model *model, workstation *station)
{
    const mms_id primary = model->primary, secondary = model->secondary;
    const combine_secondary what = model->what;
    const size_t holdings = model->plan.holdings, items = model->plan.items;
    char stays[MMS_ID_LENGTH];
    int64_t job = 0;
    recto_error error;

    if (catalog_combine(&job, station_catalog(station), primary, secondary, what, &model->plan, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    mms_id_format(stays, primary);
    station_pop(station, model);
    close_unchanged(station, secondary);
    if (close_unchanged(station, primary))
        station_open_record(station, primary, false);
    search_again(station);
    station_say(station, "Merged into %s: %zu holding%s, %zu item%s moved, the other %s; job %lld", stays, holdings,
                plural(holdings, "", "s"), items, plural(items, "", "s"), fate(what), (long long)job);
}

static void word_typed(workstation *station, void *context, const char *answer)
{
    preview_model *model = context;
    char digits[MMS_ID_LENGTH];

    mms_id_format(digits, model->primary);
    const char *last = strlen(digits) > 4 ? digits + strlen(digits) - 4 : digits;
    if (answer != NULL && (strcmp(answer, "MERGE") == 0 || strcmp(answer, "merge") == 0 || strcmp(answer, last) == 0))
        combine_now(model, station);
    else
        station_say(station, "Nothing was changed");
}

static void fate_chosen(workstation *station, void *context, const char *choice)
{
    static const struct {
        const char *id;
        combine_secondary what;
    } fates[] = { { "delete", COMBINE_DELETE }, { "suppress", COMBINE_SUPPRESS }, { "keep", COMBINE_KEEP } };
    preview_model *model = context;

    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++)
        if (strcmp(fates[i].id, choice) == 0) {
            model->what = fates[i].what;
            station_prompt(station, "MERGE, or the last 4 digits of R:", "", word_typed, model);
            return;
        }
    station_say(station, "Nothing was changed");
}

void combine_apply(preview_model *model, workstation *station)
{
    static const dialog_choice choices[] = { { "cancel", "Cancel", 'c' },
                                             { "delete", "Delete it", 'd' },
                                             { "suppress", "Suppress it", 's' },
                                             { "keep", "Keep it", 'k' },
                                             { NULL, NULL, 0 } };
    const char *const lines[] = { model->existing_line,
                                  model->incoming_line,
                                  model->moves_line,
                                  model->counts_line,
                                  "What is to happen with the record at X, once it is empty?",
                                  NULL };

    station_ask(station, &(dialog){ .title = "Merge Records & Combine Inventory",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "cancel",
                                    .escape = "cancel",
                                    .done = fate_chosen,
                                    .context = model });
}

void combine_undo(workstation *station, mms_id id)
{
    char digits[MMS_ID_LENGTH];
    int64_t job = 0;
    recto_error error;

    for (size_t i = 0; i < station->record_count; i++)
        if (edit_state_of(station->records[i]->session)->id == id && marc_edit_changed(edit_of(station->records[i]->session))) {
            station_say(station, "The open record has changes that are not saved: undo or save them first");
            return;
        }
    if (catalog_undo_merge(&job, station_catalog(station), id, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    mms_id_format(digits, id);
    if (close_unchanged(station, id))
        station_open_record(station, id, false);
    search_again(station);
    station_say(station, "Merge taken back: %s is as it was before it; job %lld", digits, (long long)job);
}
