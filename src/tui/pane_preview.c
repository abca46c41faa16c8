/* src/tui/pane_preview.c - Merge Preview: what would be made, field by field, before it is done (SR-95, match-merge 5.3).
 *
 * Fields can be turned one by one; what is applied is exactly what is on the screen. Nothing is changed here: the preview works
 * on a merge result of its own. Signs tell the origins (R = X & -), `*` a line turned by hand; colours repeat them. */
#include "preview_model.h"
#include "take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void preview_position(void *state, buffer *out)
{
    const preview_model *model = state;

    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void go_to_change(preview_model *model, workstation *station, int step)
{
    size_t at = model->list.current;

    for (;;) {
        if (step < 0 ? at == 0 : at + 1 >= model->list.count) {
            station_say(station, step < 0 ? "No earlier change" : "No further change");
            return;
        }
        at += step < 0 ? SIZE_MAX : 1;
        if (preview_is_change(model, merge_result_line(model->result, model->shown[at])))
            break;
    }
    model->list.current = at;
}

static void apply_copy(preview_model *model, workstation *station, bool overlay)
{
    edit_session *session = session_tied(&model->tie, station);
    take_source source = { .match = model->match, .external = model->external, .target = model->target };
    const char *why = session_cannot_change(session);

    if (overlay == model->overlay)
        source.result = model->result;
    if (session == NULL)
        station_say(station, "Go back to the open record first; another one is in front");
    else if (why != NULL)
        station_say(station, "Cannot do that: %s", why);
    else if (overlay)
        take_overlay_ask(station, session, &source);
    else
        take_now(station, session, &source, false);
}

static void apply(preview_model *model, workstation *station, bool overlay)
{
    switch (model->kind) {
    case PREVIEW_COPY:
        apply_copy(model, station, overlay);
        break;
    case PREVIEW_COMBINE:
        combine_apply(model, station);
        break;
    case PREVIEW_TRY:
        station_say(station, "This is a trial of the rule: Esc goes back to it, nothing was changed");
        break;
    }
}

static bool preview_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    preview_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (list_view_run(&model->list, name, model->rows_shown) || preview_run_turn(model, name, station))
        return true;
    if (strcmp(name, "preview.next") == 0 || strcmp(name, "preview.previous") == 0) {
        go_to_change(model, station, strcmp(name, "preview.next") == 0 ? 1 : -1);
    } else if (strcmp(name, "preview.differences") == 0) {
        model->differences_only = !model->differences_only;
        preview_choose_shown(model);
    } else if (strcmp(name, "preview.swap") == 0 && model->kind == PREVIEW_COMBINE) {
        combine_swap(model, station);
    } else if (strcmp(name, "preview.apply") == 0) {
        apply(model, station, model->overlay);
    } else if (strcmp(name, "preview.overlay") == 0) {
        apply(model, station, true);
    } else {
        return false;
    }
    return true;
}

static const char *preview_cannot(void *state, const command *command_row, workstation *station)
{
    preview_model *model = state;
    bool applies = strcmp(command_row->name, "preview.apply") == 0;
    bool overlays = strcmp(command_row->name, "preview.overlay") == 0;

    if (strcmp(command_row->name, "preview.swap") == 0 && model->kind != PREVIEW_COMBINE)
        return "sides are swapped when two records of the repository are merged";
    if (overlays && model->kind != PREVIEW_COPY)
        return "this is not a copy onto an open record";
    if (applies && model->kind == PREVIEW_TRY)
        return "this is a trial of a rule; nothing is to be done";
    if (applies && model->kind == PREVIEW_COMBINE)
        return model->plan.refusal[0] != '\0' ? model->plan.refusal : NULL;
    return applies || overlays ? session_cannot_change(session_tied(&model->tie, station)) : NULL;
}

void preview_release(void *state, workstation *station)
{
    preview_model *model = state;

    (void)station;
    if (model->kind == PREVIEW_COMBINE)
        combine_plan_release(&model->plan); /* the result goes with it */
    else
        merge_result_free(model->result);
    rule_file_free(model->tried);
    marc_record_free(model->external);
    record_lines_release(&model->lines);
    preview_lines_release(model);
    free(model);
}

const pane_kind preview_pane = {
    .name = "preview",
    .title = "Merge Preview",
    .draw = preview_draw,
    .run = preview_run,
    .cannot = preview_cannot,
    .position = preview_position,
    .release = preview_release,
    .wants_full_width = true,
};

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static void date_of_005(char *out, size_t capacity, const marc_record *record, int64_t now)
{
    text stamp = marc_record_control(record, "005");
    int64_t ticks;

    snprintf(out, capacity, "%s", "");
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        format_time_short(out, capacity, ticks / 10, now);
}

static void describe_repository(char *out, size_t capacity, const marc_record *record, const bib_info *info, mms_id id,
                                int64_t now)
{
    char digits[MMS_ID_LENGTH];
    char saved[32];

    mms_id_format(digits, id);
    if (info->version == 0) {
        snprintf(out, capacity, "R bib %s, new, not yet saved    brief %02d", digits, match_brief_level(record));
        return;
    }
    format_time_short(saved, sizeof saved, info->modified_at, now);
    snprintf(out, capacity, "R repository %s v%d, %s, %s    brief %02d", digits, info->version, saved, info->modified_by,
             match_brief_level(record));
}

static void describe_other(char *out, size_t capacity, const marc_record *record, const char *name, int64_t now)
{
    char dated[32];
    buffer oclc;
    size_t field = marc_record_find(record, "035", 0);
    text number = { "", 0 };

    date_of_005(dated, sizeof dated, record, now);
    buffer_init(&oclc, 0);
    for (; field != SIZE_MAX && oclc.length == 0; field = marc_record_find(record, "035", field + 1))
        if (marc_field_subfield(marc_record_field(record, field), 'a', &number))
            number_oclc_key(&oclc, number);
    snprintf(out, capacity, "X %s %s%s%s%s    brief %02d", name, oclc.length > 0 ? "(OCoLC)" : "", buffer_string(&oclc),
             oclc.length > 0 && dated[0] != '\0' ? ", " : "", dated, match_brief_level(record));
    buffer_release(&oclc);
}

static void describe_cost(preview_model *model, const marc_record *open, const marc_record *other)
{
    buffer tags;
    size_t lost;

    buffer_init(&tags, 0);
    lost = fields_lost(&tags, open, other);
    snprintf(model->cost_line, sizeof model->cost_line,
             "%c replaces the record you have open: %zu of its fields would be lost%s%.240s.", model->match != 0 ? 'R' : 'X',
             lost, lost > 0 ? ": " : "", buffer_string(&tags));
    buffer_release(&tags);
}

/* Fills the lines of the head from the two records; `open` is the session's working copy. */
static recto_status describe(preview_model *model, workstation *station, edit_session *session, recto_error *error)
{
    catalog *house = station_catalog(station);
    const marc_record *open = marc_edit_record(edit_of(session));
    const marc_record *other = model->external;
    const edit_state *state = edit_state_of(session);
    int64_t now = catalog_now(house);
    marc_record *stored = NULL;
    bib_info info = { .version = 0 };
    recto_status status = RECTO_OK;

    if (model->match != 0 || state->version > 0)
        status = catalog_load(house, model->match != 0 ? model->match : state->id, &stored, &info, error);
    if (status != RECTO_OK)
        return status;
    if (model->match != 0)
        other = stored;
    if (model->match != 0) {
        describe_repository(model->existing_line, sizeof model->existing_line, stored, &info, model->match, now);
        describe_other(model->incoming_line, sizeof model->incoming_line, open, "the open record", now);
    } else {
        describe_repository(model->existing_line, sizeof model->existing_line, open, &info, state->id, now);
        describe_other(model->incoming_line, sizeof model->incoming_line, other, model->target, now);
    }
    if (other != NULL)
        describe_cost(model, open, other);
    marc_record_free(stored);
    return RECTO_OK;
}

static recto_status fill(preview_model *model, workstation *station, edit_session *session, const marc_record *external,
                         recto_error *error)
{
    recto_status status = RECTO_OK;

    if (external != NULL)
        status = marc_record_copy(&model->external, external, error);
    if (status == RECTO_OK)
        status = describe(model, station, session, error);
    snprintf(model->rule, sizeof model->rule, "%s",
             model->overlay ? "Copy & Overlay" : catalog_copy_rule(station_catalog(station), edit_state_of(session)->zone));
    return status;
}

preview_model *preview_new(workstation *station)
{
    preview_model *model = calloc(1, sizeof *model);

    if (model == NULL) {
        station_no_memory(station, "previewing a merge");
        return NULL;
    }
    record_lines_init(&model->lines);
    return model;
}

bool preview_open(workstation *station, preview_model *model, area area, place place)
{
    recto_error error;

    if (preview_lines_fill(model, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_release(model, station);
        return false;
    }
    station_push(station, area, place, &preview_pane, model);
    return true;
}

void preview_pane_open(workstation *station, edit_session *session, merge_result *result, bool overlay, mms_id match,
                       const marc_record *external, const char *from)
{
    preview_model *model = preview_new(station);
    recto_error error;

    if (model == NULL) {
        merge_result_free(result);
        return;
    }
    model->tie = session_tie_to(session);
    model->result = result;
    model->overlay = overlay;
    model->match = match;
    model->turned = overlay && match != 0; /* match_overlay takes the open record as the existing one */
    snprintf(model->target, sizeof model->target, "%s", from != NULL ? from : "");
    if (fill(model, station, session, external, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_release(model, station);
        return;
    }
    if (preview_open(station, model, AREA_RECORDS, PLACE_COMPANION))
        station_say(station, "Nothing is changed yet. Copy & %s puts this result in the editor.", overlay ? "Overlay" : "Merge");
}
