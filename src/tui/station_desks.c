/* src/tui/station_desks.c - areas, open records and their panes: what is shown, what has the focus, what is closed.
 *
 * A pane that closes while one of its own functions runs is only taken off its stack; it is released when the key is done. */
#include "replace.h"
#include "rules.h"
#include "station.h"
#include "template_panes.h"

#include <stdlib.h>
#include <string.h>

desk *station_desk(workstation *station)
{
    if (station->area == AREA_RECORDS && !station->listing && station->focused_record < station->record_count)
        return station->records[station->focused_record];
    return &station->areas[station->area];
}

open_pane *desk_top(desk *desk, place place)
{
    pane_stack *stack = &desk->stacks[place];
    return stack->count > 0 ? &stack->panes[stack->count - 1] : NULL;
}

bool desk_has_companion(desk *desk)
{
    return desk->stacks[PLACE_COMPANION].count > 0;
}

open_pane *station_focused_pane(workstation *station)
{
    desk *desk = station_desk(station);
    open_pane *pane = desk_top(desk, desk->focus);
    return pane != NULL ? pane : desk_top(desk, desk->focus == PLACE_MAIN ? PLACE_COMPANION : PLACE_MAIN);
}

desk *station_record_desk(workstation *station, const edit_session *session)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (station->records[i]->session == session)
            return station->records[i];
    return NULL;
}

/* ---- closing ----------------------------------------------------------------------------------------------------- */

static void release_pane(workstation *station, const open_pane *pane)
{
    station_remove_source(station, pane->model);
    if (pane->kind->release != NULL)
        pane->kind->release(pane->model, station);
}

static void bury_later(workstation *station, const open_pane *pane)
{
    if (station->dead_count == PANES_IN_STACK)
        station_bury(station);
    station->dead[station->dead_count++] = *pane;
    station->dirty = true;
    station->hint_context = NULL;
}

void station_bury(workstation *station)
{
    while (station->dead_count > 0) {
        open_pane pane = station->dead[--station->dead_count];
        release_pane(station, &pane);
    }
}

static bool take_off(pane_stack *stack, const void *model, open_pane *out)
{
    for (size_t i = 0; i < stack->count; i++)
        if (stack->panes[i].model == model) {
            *out = stack->panes[i];
            memmove(&stack->panes[i], &stack->panes[i + 1], (stack->count - i - 1) * sizeof *stack->panes);
            stack->count--;
            return true;
        }
    return false;
}

static bool pop_from(workstation *station, desk *desk, const void *model)
{
    open_pane pane;
    for (place place = PLACE_MAIN; place <= PLACE_COMPANION; place++)
        if (take_off(&desk->stacks[place], model, &pane)) {
            bury_later(station, &pane);
            if (desk->stacks[desk->focus].count == 0)
                desk->focus = desk->focus == PLACE_MAIN && desk_has_companion(desk) ? PLACE_COMPANION : PLACE_MAIN;
            return true;
        }
    return false;
}

/* All desks: the areas', then those of the open records. */
static desk *desk_number(workstation *station, size_t number)
{
    if (number < AREA_COUNT)
        return &station->areas[number];
    return number - AREA_COUNT < station->record_count ? station->records[number - AREA_COUNT] : NULL;
}

static const open_pane *pane_of_model(workstation *station, const void *model, desk **where, place *at)
{
    for (size_t number = 0; (*where = desk_number(station, number)) != NULL; number++)
        for (*at = PLACE_MAIN; *at <= PLACE_COMPANION; (*at)++)
            for (size_t i = 0; i < (*where)->stacks[*at].count; i++)
                if ((*where)->stacks[*at].panes[i].model == model)
                    return &(*where)->stacks[*at].panes[i];
    return NULL;
}

void station_pop(workstation *station, void *model)
{
    desk *desk;
    place at;
    const open_pane *pane = pane_of_model(station, model, &desk, &at);
    if (pane == NULL || (pane->kind->may_close != NULL && !pane->kind->may_close(model, station)))
        return;
    pop_from(station, desk, model);
}

static void clear_desk(workstation *station, desk *desk)
{
    for (place place = PLACE_MAIN; place <= PLACE_COMPANION; place++)
        while (desk->stacks[place].count > 0)
            bury_later(station, &desk->stacks[place].panes[--desk->stacks[place].count]);
}

void station_release_panes(workstation *station)
{
    while (station->record_count > 0) {
        desk *desk = station->records[--station->record_count];
        clear_desk(station, desk);
        station_bury(station);
        free(desk->elsewhere);
        free(desk);
    }
    for (size_t i = 0; i < AREA_COUNT; i++)
        clear_desk(station, &station->areas[i]);
    station_bury(station);
    free(station->records);
    station->records = NULL;
}

/* ---- opening and focusing ---------------------------------------------------------------------------------------- */

void station_push(workstation *station, area area, place place, const pane_kind *kind, void *model)
{
    desk *desk = &station->areas[area];
    open_pane pane = { kind, model };
    if (area == AREA_RECORDS && kind != &records_pane && station->focused_record < station->record_count)
        desk = station->records[station->focused_record];
    if (area == AREA_RECORDS)
        station->listing = kind == &records_pane;
    station->area = area;
    station->hint_context = NULL;
    station->dirty = true;
    if (desk->stacks[place].count == PANES_IN_STACK) {
        station_say(station, "too many panes are open here; Esc closes one");
        bury_later(station, &pane);
        return;
    }
    desk->stacks[place].panes[desk->stacks[place].count++] = pane;
    desk->focus = place;
}

static void *find_on(desk *desk, const pane_kind *kind)
{
    for (int place = PLACE_COMPANION; place >= PLACE_MAIN; place--)
        for (size_t i = desk->stacks[place].count; i-- > 0;)
            if (desk->stacks[place].panes[i].kind == kind)
                return desk->stacks[place].panes[i].model;
    return NULL;
}

void *station_find(workstation *station, const pane_kind *kind)
{
    void *model = find_on(station_desk(station), kind);
    if (model == NULL && station->focused_record < station->record_count)
        model = find_on(station->records[station->focused_record], kind);
    for (size_t i = 0; model == NULL && i < AREA_COUNT; i++)
        model = find_on(&station->areas[i], kind);
    return model;
}

/* The areas of rules and jobs have their list from the first time they are shown. */
static void open_first_pane(workstation *station, area area)
{
    if (station->areas[area].stacks[PLACE_MAIN].count > 0)
        return;
    if (area == AREA_TEMPLATES)
        templates_pane_open(station);
    else if (area == AREA_RULES)
        rules_pane_open(station);
    else if (area == AREA_JOBS)
        jobs_pane_open(station);
}

void station_show(workstation *station, area area)
{
    station->area = area;
    open_first_pane(station, area);
    station->hint_context = NULL;
    station->dirty = true;
    if (area == AREA_RECORDS)
        station->listing = station->record_count == 0;
}

void station_focus_record(workstation *station, size_t index)
{
    if (index >= station->record_count)
        return;
    station->focused_record = index;
    station->area = AREA_RECORDS;
    station->listing = false;
    station->hint_context = NULL;
    station->dirty = true;
}

/* What has the focus is seen: the others of the stack keep their order below it. */
static void raise_pane(pane_stack *stack, const void *model)
{
    open_pane pane;
    if (take_off(stack, model, &pane))
        stack->panes[stack->count++] = pane;
}

void station_focus(workstation *station, void *model)
{
    desk *desk;
    place at;
    if (pane_of_model(station, model, &desk, &at) == NULL)
        return;
    station->hint_context = NULL;
    station->dirty = true;
    desk->focus = at;
    raise_pane(&desk->stacks[at], model);
    for (size_t i = 0; i < station->record_count; i++)
        if (station->records[i] == desk) {
            station_focus_record(station, i);
            return;
        }
    station->area = (area)(desk - station->areas);
    if (station->area == AREA_RECORDS)
        station->listing = true;
}

void station_swap_panes(workstation *station)
{
    desk *desk = station_desk(station);
    place other = desk->focus == PLACE_MAIN ? PLACE_COMPANION : PLACE_MAIN;
    if (desk_top(desk, other) == NULL) {
        station_say(station, "there is only one pane here");
        return;
    }
    desk->focus = other;
    station->hint_context = NULL;
    station->dirty = true;
}

/* The last pane of an area stays; an open record's editor goes out of sight, the record stays in the list (ED-63). */
bool station_step_out(workstation *station)
{
    desk *desk = station_desk(station);
    pane_stack *stack = &desk->stacks[desk->focus];
    if (stack->count == 0 || (desk->focus == PLACE_MAIN && stack->count == 1))
        return false;
    station_pop(station, stack->panes[stack->count - 1].model);
    return true;
}

void station_close_pane(workstation *station)
{
    if (station_step_out(station))
        return;
    if (station_desk(station)->session != NULL) {
        station->listing = true;
        station->hint_context = NULL;
        station->dirty = true;
    } else {
        station_say(station, "this pane stays; Ctrl+Q leaves Recto");
    }
}

/* ---- open records ------------------------------------------------------------------------------------------------ */

static desk *add_desk(workstation *station)
{
    desk *made = calloc(1, sizeof *made);
    if (made != NULL && station->record_count == station->record_capacity) {
        size_t capacity = station->record_capacity == 0 ? 16 : station->record_capacity * 2;
        desk **grown = realloc(station->records, capacity * sizeof(desk *));
        if (grown == NULL) {
            free(made);
            return NULL;
        }
        station->records = grown;
        station->record_capacity = capacity;
    }
    if (made != NULL)
        station->records[station->record_count++] = made;
    return made;
}

/* By now the record was looked at, and the tables with it. */
static void tell_faulty_tables(workstation *station)
{
    const recto_error *fault = catalog_tables_fault(station->options.catalog);
    if (fault == NULL || station->tables_told)
        return;
    station->tables_told = true;
    station_error(station, fault);
}

void station_add_session(workstation *station, edit_session **session)
{
    desk *desk = add_desk(station);
    if (desk == NULL) {
        station_no_memory(station, "opening a record");
        edit_leave(session);
        return;
    }
    desk->session = *session;
    *session = NULL;
    const edit_state *state = edit_state_of(desk->session);
    desk->kept_revision = state->is_new && !state->has_draft ? UINT64_MAX : marc_edit_revision(edit_of(desk->session));
    station_focus_record(station, station->record_count - 1);
    editor_pane_open(station, desk->session);
    tell_faulty_tables(station);
}

void station_focus_session(workstation *station, const edit_session *session)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (station->records[i]->session == session) {
            station->records[i]->focus = PLACE_MAIN;
            station_focus_record(station, i);
        }
}

edit_session *station_session(workstation *station)
{
    return station->focused_record < station->record_count ? station->records[station->focused_record]->session : NULL;
}

size_t station_session_count(const workstation *station)
{
    return station->record_count;
}

size_t station_session_number(const workstation *station)
{
    return station->focused_record < station->record_count ? station->focused_record + 1 : 0;
}

bool station_to_clipboard(workstation *station, text copied)
{
    return station->linear == NULL && station->terminal != NULL && terminal_to_clipboard(station->terminal, copied);
}

buffer *station_clipboard(workstation *station)
{
    return &station->clipboard;
}

static bool beside_is_of(const void *model, const edit_session *session)
{
    const edit_session *shown = beside_session(model);
    return shown == session || shown == NULL;
}

/* What shows a record, or would change it, at the desk of another goes with the record. */
static void leave_besides(workstation *station, const edit_session *session)
{
    for (size_t i = 0; i < station->record_count; i++) {
        pane_stack *stack = &station->records[i]->stacks[PLACE_COMPANION];
        for (size_t j = stack->count; j-- > 0;) {
            const open_pane *pane = &stack->panes[j];
            if ((pane->kind == &beside_pane && beside_is_of(pane->model, session)) ||
                (pane->kind == &replace_pane && replace_pane_is_of(pane->model, session)))
                pop_from(station, station->records[i], pane->model);
        }
    }
}

void station_close_session(workstation *station, edit_session *session)
{
    leave_besides(station, session);
    for (size_t i = 0; i < station->record_count; i++) {
        desk *desk = station->records[i];
        if (desk->session != session)
            continue;
        clear_desk(station, desk);
        memmove(&station->records[i], &station->records[i + 1], (station->record_count - i - 1) * sizeof(struct desk *));
        station->record_count--;
        station_drop_elsewhere(desk);
        free(desk);
        if (station->focused_record > i || station->focused_record == station->record_count)
            station->focused_record = station->focused_record > 0 ? station->focused_record - 1 : 0;
        if (station->record_count == 0 && station->area == AREA_RECORDS && !station->listing)
            station_show(station, AREA_SEARCH);
        station->dirty = true;
        return;
    }
}

static size_t open_number(workstation *station, mms_id id)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (edit_state_of(station->records[i]->session)->id == id)
            return i;
    return SIZE_MAX;
}

/* A record that was only opened to be read gives way to the same record opened for editing. */
static size_t make_way(workstation *station, size_t number)
{
    edit_session *viewed = station->records[number]->session, *gone = viewed;
    if (!edit_state_of(viewed)->view_only || edit_release(&viewed, NULL) != RECTO_OK)
        return number;
    station_close_session(station, gone);
    return SIZE_MAX;
}

void station_open_record(workstation *station, mms_id id, bool view_only)
{
    edit_session *session = NULL;
    recto_error error;
    size_t number = open_number(station, id);
    if (number != SIZE_MAX && !view_only)
        number = make_way(station, number);
    if (number != SIZE_MAX) {
        station_focus_record(station, number);
        station_desk(station)->focus = PLACE_MAIN;
        return;
    }
    recto_status status = view_only ? edit_open_view(&session, station->options.catalog, id, &error)
                                    : edit_open(&session, station->options.catalog, id, &error);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    const edit_state *state = edit_state_of(session);
    if (state->view_only && state->view_only_reason[0] != '\0')
        station_say(station, "View Only: %s", state->view_only_reason);
    station_add_session(station, &session);
}

void station_record_changed(workstation *station, edit_session *session)
{
    desk *desk = station_record_desk(station, session);
    for (size_t i = 0; desk != NULL && i < desk->stacks[PLACE_MAIN].count; i++)
        if (desk->stacks[PLACE_MAIN].panes[i].kind == &editor_pane)
            editor_pane_touched(desk->stacks[PLACE_MAIN].panes[i].model, station);
    station->dirty = true;
}

/* ---- small answers ----------------------------------------------------------------------------------------------- */

catalog *station_catalog(workstation *station)
{
    return station->options.catalog;
}

target_list *station_targets(workstation *station)
{
    recto_error error = { 0 };
    if (station->targets == NULL &&
        station->options.open_targets(&station->targets, station->options.targets_context, &error) != RECTO_OK)
        station_error(station, &error);
    return station->targets;
}

int station_columns(const workstation *station)
{
    return station->screen.columns;
}

int station_rows(const workstation *station)
{
    return station->screen.rows;
}

bool station_draws_later(const workstation *station)
{
    return station->terminal != NULL && station->linear == NULL;
}

int64_t station_now_ms(const workstation *station)
{
    return station->now_ms;
}

void station_redraw(workstation *station)
{
    station->dirty = true;
}

void station_add_source(workstation *station, const station_source *source)
{
    station_remove_source(station, source->context);
    if (station->source_count < SOURCES_MAX)
        station->sources[station->source_count++] = *source;
}

void station_remove_source(workstation *station, void *context)
{
    for (size_t i = 0; i < station->source_count; i++)
        if (station->sources[i].context == context)
            station->sources[i--] = station->sources[--station->source_count];
}
