/* src/tui/station_strip.c - two records side by side and the alerts of one of them: the other record becomes a vertical strip on
 * its own side, and the record that the alerts belong to moves to the left (ED-22).
 *
 * The left record's alerts lie over the right record; the right record's alerts lie with it in one stack, and which of the two is
 * on top has the focus. Focusing the record that is a strip opens it again. */
#include "station.h"

#include <stdio.h>
#include <string.h>

enum { STRIP_COLUMNS = 3, ALERTS_SHARE = 3 }; /* the alerts have a third */

typedef struct parts { /* of a desk with two records and alerts */
    const open_pane *main, *beside, *alerts;
    bool alerts_of_main, alerts_on_top;
} parts;

static const open_pane *in_stack(const pane_stack *stack, const pane_kind *kind)
{
    for (size_t i = stack->count; i-- > 0;)
        if (stack->panes[i].kind == kind)
            return &stack->panes[i];
    return NULL;
}

static bool parts_of(parts *out, workstation *station)
{
    desk *desk = station_desk(station);
    const pane_stack *companions = &desk->stacks[PLACE_COMPANION];
    const open_pane *top = desk_top(desk, PLACE_COMPANION);
    *out = (parts){ .main = desk_top(desk, PLACE_MAIN),
                    .beside = in_stack(companions, &beside_pane),
                    .alerts = in_stack(companions, &alerts_pane) };
    if (out->main == NULL || out->beside == NULL || out->alerts == NULL || (top != out->beside && top != out->alerts))
        return false;
    out->alerts_of_main = alerts_session(out->alerts->model) == desk->session;
    out->alerts_on_top = top == out->alerts;
    return out->alerts_of_main || alerts_session(out->alerts->model) == beside_session(out->beside->model);
}

bool station_has_strip(workstation *station)
{
    parts here;
    if (!station_is_split(station) || station->screen.columns < SPLIT_COLUMNS || !parts_of(&here, station))
        return false;
    return here.alerts_of_main ? here.alerts_on_top : station_desk(station)->focus == PLACE_COMPANION;
}

const open_pane *station_companion_seen(workstation *station)
{
    parts here;
    if (parts_of(&here, station) && !here.alerts_of_main && station_desk(station)->focus == PLACE_MAIN)
        return here.beside;
    return desk_top(station_desk(station), PLACE_COMPANION);
}

/* The title of the record downwards, a letter a row. */
static void draw_strip(const surface *area, const edit_session *session)
{
    buffer title;
    buffer_init(&title, 4096);
    if (session != NULL)
        marc_record_title(&title, marc_edit_record(edit_of((edit_session *)session)));
    const text whole = buffer_text(&title);
    surface_rule(area, 0, false, "", NULL);
    size_t at = 0;
    for (int row = 1; row < area->rows && at < whole.length; row++) {
        const size_t length = utf8_grapheme(whole.bytes + at, whole.length - at);
        surface_data(area, row, 0, area->columns, ROLE_TITLE, text_of(whole.bytes + at, length), false);
        at += length;
    }
    buffer_release(&title);
}

void station_draw_strip(workstation *station, const surface *work)
{
    parts here;
    if (!parts_of(&here, station))
        return;
    const desk *desk = station_desk(station);
    const bool strip_left = !here.alerts_of_main;
    const int alerts_columns = (work->columns - STRIP_COLUMNS - 2) / ALERTS_SHARE;
    const int record_columns = work->columns - STRIP_COLUMNS - 2 - alerts_columns;
    const int record_at = strip_left ? STRIP_COLUMNS + 1 : 0, alerts_at = record_at + record_columns + 1;
    const surface record = surface_part(work, 0, record_at, work->rows, record_columns);
    const surface alerts = surface_part(work, 0, alerts_at, work->rows, alerts_columns);
    const surface strip = surface_part(work, 0, strip_left ? 0 : alerts_at + alerts_columns + 1, work->rows, STRIP_COLUMNS);
    const bool on_alerts = desk->focus == PLACE_COMPANION && here.alerts_on_top;
    station_draw_side(station, here.alerts_of_main ? here.main : here.beside, &record, !on_alerts);
    station_draw_side(station, here.alerts, &alerts, on_alerts);
    draw_strip(&strip, here.alerts_of_main ? beside_session(here.beside->model) : desk->session);
    surface_vertical_rule(work, strip_left ? STRIP_COLUMNS : alerts_at - 1);
    surface_vertical_rule(work, strip_left ? alerts_at - 1 : alerts_at + alerts_columns);
}

void station_click_strip(workstation *station, int column)
{
    parts here;
    if (!parts_of(&here, station))
        return;
    const int alerts_columns = (station->screen.columns - STRIP_COLUMNS - 2) / ALERTS_SHARE;
    const int strip_left = here.alerts_of_main ? 0 : STRIP_COLUMNS + 1;
    if (column < strip_left)
        station_focus(station, here.main->model);
    else if (here.alerts_of_main && column >= station->screen.columns - STRIP_COLUMNS)
        station_focus(station, here.beside->model);
    else if (column >= station->screen.columns - alerts_columns - (here.alerts_of_main ? STRIP_COLUMNS + 1 : 0))
        station_focus(station, here.alerts->model);
    else
        station_focus(station, here.alerts_of_main ? here.main->model : here.beside->model);
}
