/* src/tui/pane_replace.c - every change that a replacement would make, one under the other, with yes and no for each (ED-40).
 *
 * Nothing is changed until the end: what was said yes to is then put in, as one step of undo a record. */
#include "replace.h"

#include "recto/base/plural.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL_ROWS = 9, DETAIL_LEAST = 14, VALUE_COLUMN = 15 };

typedef struct replace_model {
    workstation *station;
    replace_plan plan;
    list_view list;
    size_t rows_shown;
    char title[80];
} replace_model;

/* ---- drawing ---- */

static char verdict_sign(replace_verdict verdict)
{
    return verdict == REPLACE_YES ? 'y' : verdict == REPLACE_NO ? 'n' : ' ';
}

static void count_verdicts(const replace_model *model, size_t *yes, size_t *open)
{
    *yes = *open = 0;
    for (size_t i = 0; i < model->plan.count; i++) {
        *yes += model->plan.changes[i].verdict == REPLACE_YES ? 1 : 0;
        *open += model->plan.changes[i].verdict == REPLACE_OPEN ? 1 : 0;
    }
}

static void name_place(const replace_change *change, char out[static 16])
{
    if (change->code != '\0')
        snprintf(out, 16, "%s $$%c", change->tag, change->code);
    else
        snprintf(out, 16, "%s", change->tag);
}

static void draw_change(const replace_model *model, const surface *on, int y, size_t index, bool focused)
{
    const replace_change *change = &model->plan.changes[index];
    char place[16];
    name_place(change, place);
    if (index == model->list.current) {
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
        if (focused)
            surface_cursor(on, y, 0);
    }
    surface_format(on, y, 2, change->verdict == REPLACE_YES ? ROLE_MARK_CHANGED : ROLE_LABEL, "[%c]",
                   verdict_sign(change->verdict));
    surface_data(on, y, 6, VALUE_COLUMN - 7, ROLE_FIELD_TAG, text_from(place), false);
    surface_data(on, y, VALUE_COLUMN, on->columns - VALUE_COLUMN, ROLE_TEXT, text_of(change->after, change->after_length), true);
}

static size_t line_length(text words, int columns, bool utf8)
{
    size_t at = 0;
    int width = 0;
    while (at < words.length) {
        display_unit unit;
        display_next(&unit, words.bytes + at, words.length - at, utf8);
        if (width + unit.width > columns && at > 0)
            break;
        width += unit.width;
        at += unit.bytes;
    }
    return at;
}

static int draw_value(const surface *on, int y, int most, const char *sign, role look, text value)
{
    int used = 0;
    surface_put(on, y, 1, look, sign);
    while (used < most && y + used < on->rows) {
        size_t length = used + 1 < most ? line_length(value, on->columns - 4, surface_utf8(on)) : value.length;
        surface_data(on, y + used++, 3, on->columns - 3, look, text_of(value.bytes, length), true);
        value = text_of(value.bytes + length, value.length - length);
        if (value.length == 0)
            break;
    }
    return used;
}

/* The number of a field counts only as long as the record is what was searched. */
static void name_field(const replace_model *model, const replace_change *change, char out[static MARC_FIELD_NAME])
{
    const replace_record *where = &model->plan.records[change->record];
    if (marc_edit_revision(where->edit) == where->revision)
        marc_record_name_field(out, marc_edit_record(where->edit), change->field);
    else
        snprintf(out, MARC_FIELD_NAME, "%s", change->tag);
}

/* The change under the cursor, whole: where it is, what is there, what would be. */
static void draw_detail(const replace_model *model, const surface *on)
{
    const replace_change *change = &model->plan.changes[model->list.current];
    const edit_state *state = edit_state_of(model->plan.records[change->record].owner);
    const char code[] = { change->code, '\0' };
    char field[MARC_FIELD_NAME], number[MMS_ID_LENGTH], left[80];
    name_field(model, change, field);
    mms_id_format(number, state->id);
    snprintf(left, sizeof left, "%s%s%s of record %s", field, change->code != '\0' ? " $$" : "", code, number);
    surface_rule(on, 0, false, left, "");
    int half = (on->rows - 1) / 2;
    draw_value(on, 1, half, "-", ROLE_FROM_DROPPED, text_of(change->before, change->length));
    draw_value(on, 1 + half, half, "+", ROLE_FROM_INCOMING, text_of(change->after, change->after_length));
}

static void draw_replace(void *state, const surface *on, bool focused)
{
    replace_model *model = state;
    char right[60];
    size_t yes, open;
    count_verdicts(model, &yes, &open);
    snprintf(right, sizeof right, "%zu yes, %zu to be said", yes, open);
    surface_rule(on, 0, focused, model->title, right);
    int detail = on->rows >= DETAIL_LEAST ? DETAIL_ROWS : 0;
    model->rows_shown = on->rows - 1 - detail > 0 ? (size_t)(on->rows - 1 - detail) : 1;
    model->list.count = model->plan.count;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->plan.count; i++)
        draw_change(model, on, 1 + (int)i, model->list.top + i, focused);
    if (detail > 0 && model->plan.count > 0) {
        surface below = surface_part(on, on->rows - detail, 0, detail, on->columns);
        draw_detail(model, &below);
    }
}

static void position_replace(void *state, buffer *out)
{
    const replace_model *model = state;
    buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->plan.count);
}

/* ---- deciding ---- */

static bool is_open(workstation *station, const edit_session *session)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (station->records[i]->session == session)
            return true;
    return false;
}

static void apply(replace_model *model)
{
    workstation *station = model->station;
    size_t made = 0, records = 0, failed = 0;
    recto_error error = { 0 };
    for (size_t i = 0; i < model->plan.record_count; i++) {
        size_t before = made;
        edit_session *session = model->plan.records[i].owner;
        if (!is_open(station, session))
            continue;
        if (replace_plan_apply(&model->plan, i, model->title, &made, &error) != RECTO_OK)
            failed++;
        if (made > before) {
            records++;
            station_record_changed(station, session);
        }
    }
    station_pop(station, model);
    if (failed > 0)
        station_error(station, &error);
    else if (made == 0)
        station_say(station, "nothing was replaced");
    else
        station_say(station, "%zu change%s in %zu record%s; undo takes them back, one step a record", made, plural(made, "", "s"),
                    records, plural(records, "", "s"));
}

static void decide(replace_model *model, replace_verdict verdict)
{
    size_t yes, open;
    model->plan.changes[model->list.current].verdict = verdict;
    count_verdicts(model, &yes, &open);
    if (model->list.current + 1 < model->plan.count)
        model->list.current++;
    if (open == 0)
        station_say(model->station, "all is said: Enter puts in %zu change%s; Esc changes nothing", yes, plural(yes, "", "s"));
}

static void say_yes_to_rest(replace_model *model)
{
    for (size_t i = 0; i < model->plan.count; i++)
        if (model->plan.changes[i].verdict == REPLACE_OPEN)
            model->plan.changes[i].verdict = REPLACE_YES;
    apply(model);
}

static bool run_replace(void *state, const command *what, const char *argument, workstation *station)
{
    replace_model *model = state;
    (void)argument;
    if (strcmp(what->name, "replace.yes") == 0)
        decide(model, REPLACE_YES);
    else if (strcmp(what->name, "replace.no") == 0)
        decide(model, REPLACE_NO);
    else if (strcmp(what->name, "replace.all") == 0)
        say_yes_to_rest(model);
    else if (strcmp(what->name, "replace.stop") == 0 || strcmp(what->name, "list.open") == 0)
        apply(model);
    else if (strcmp(what->name, "pane.back") == 0) {
        station_pop(station, model);
        station_say(station, "nothing was replaced");
    } else
        return list_view_run(&model->list, what->name, model->rows_shown);
    return true;
}

static void release_replace(void *state, workstation *station)
{
    replace_model *model = state;
    (void)station;
    replace_plan_release(&model->plan);
    free(model);
}

bool replace_pane_is_of(const void *model, const edit_session *session)
{
    const replace_plan *plan = &((const replace_model *)model)->plan;
    for (size_t i = 0; i < plan->record_count; i++)
        if (plan->records[i].owner == session)
            return true;
    return false;
}

const pane_kind replace_pane = {
    .name = "replace",
    .title = "Replace",
    .draw = draw_replace,
    .run = run_replace,
    .position = position_replace,
    .release = release_replace,
    .wants_full_width = true,
};

/* ---- opening ---- */

/* The records that are gone through: the one in front, or all open ones of its family, as the tabs of the list have them (ED-40).
 */
static bool is_meant(workstation *station, edit_session *session, bool all)
{
    edit_session *front = station_session(station);
    if (edit_state_of(session)->view_only)
        return false;
    return session == front ||
           (all && front != NULL &&
            marc_family_of(marc_edit_record(edit_of(session))) == marc_family_of(marc_edit_record(edit_of(front))));
}

static recto_status look_through(replace_model *model, bool all, text scope, recto_error *error)
{
    workstation *station = model->station;
    text_pattern *pattern = NULL;
    recto_status status = text_pattern_new(&pattern, text_from(station->find_typed), error);
    for (size_t i = 0; i < station->record_count && status == RECTO_OK; i++) {
        edit_session *session = station->records[i]->session;
        if (is_meant(station, session, all))
            status = replace_plan_add(&model->plan, edit_of(session), session, pattern, text_from(station->replace_typed), scope,
                                      error);
    }
    if (status == RECTO_OK && model->plan.count == 0)
        station_say(station, "'%s' is not there%s", station->find_typed,
                    text_pattern_limits_met(pattern) > 0 ? ", as far as could be searched: the expression tries too much" : "");
    text_pattern_free(pattern);
    return status;
}

void replace_pane_open(workstation *station, bool all, text scope)
{
    recto_error error = { 0 };
    replace_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "replacing");
        return;
    }
    model->station = station;
    snprintf(model->title, sizeof model->title, "Replace %.*s by %.*s", FIT(station->find_typed, 30),
             FIT(station->replace_typed, 30));
    recto_status status = look_through(model, all, scope, &error);
    if (status != RECTO_OK)
        station_error(station, &error);
    if (status != RECTO_OK || model->plan.count == 0) {
        release_replace(model, station);
        return;
    }
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &replace_pane, model);
    station_say(station, "%zu change%s%s; y yes, n no, a all the rest, s stop here, Esc none", model->plan.count,
                plural(model->plan.count, "", "s"), model->plan.cut ? " (and more: only so many at once)" : "");
}
