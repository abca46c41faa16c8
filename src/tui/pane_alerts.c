/* src/tui/pane_alerts.c - all alerts of the open record as a list beside it; Enter goes to the field (ED-102).
 *
 * The list is the editor's own: what F7 steps through. So it is never older than the record, and the two never disagree. */
#include "editor.h"
#include "pane_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE_ROWS = 4 };

typedef struct alerts {
    workstation *station;
    edit_session *session; /* only compared: the record may be released while this is open */
    list_view list;
} alerts;

const edit_session *alerts_session(const void *model)
{
    return ((const alerts *)model)->session;
}

/* The editor whose alerts these are: the focused record's, or that of the record beside it. */
static editor *editor_here(const alerts *model)
{
    const pane_kind *const kinds[] = { &editor_pane, &beside_pane };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        editor *pane = station_find(model->station, kinds[i]);
        if (pane != NULL && pane->session == model->session && pane->session != NULL)
            return pane;
    }
    return NULL;
}

static void draw_alerts(void *model, const surface *on, bool focused)
{
    alerts *shown = model;
    editor *pane = editor_here(shown);
    char title[80] = "Alerts", right[32] = "";
    if (pane != NULL && !surface_hurries(on))
        editor_settle(pane);
    size_t count = pane != NULL ? pane->findings.count : 0;
    if (pane != NULL)
        snprintf(title, sizeof title, "Alerts E%zu W%zu I%zu", pane->findings.counts[MARC_SEVERITY_BLOCK],
                 pane->findings.counts[MARC_SEVERITY_WARNING], pane->findings.counts[MARC_SEVERITY_INFO]);
    if (count > 0)
        snprintf(right, sizeof right, "%zu/%zu", shown->list.current + 1, count);
    surface_rule(on, 0, focused, title, right);
    if (count == 0) {
        surface_put(on, 1, 1, ROLE_TEXT_DIM,
                    pane == NULL ? "These alerts belong to another record." : "Nothing wrong was found.");
        return;
    }
    const int whole = on->rows > 2 * WHOLE_ROWS ? WHOLE_ROWS : 0; /* the message under the cursor, uncut */
    size_t rows = on->rows > 1 ? (size_t)(on->rows - 1 - whole) : 1;
    shown->list.count = count;
    list_view_fit(&shown->list, rows);
    for (size_t i = shown->list.top; i < count && i < shown->list.top + rows; i++) {
        int y = (int)(i - shown->list.top) + 1;
        editor_draw_finding(on, y, &pane->findings.list[i]);
        if (i == shown->list.current) {
            surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
            if (focused)
                surface_cursor(on, y, 0);
        }
    }
    if (whole > 0 && shown->list.current < count) {
        surface_rule(on, on->rows - whole, false, pane->findings.list[shown->list.current].where, NULL);
        draw_wrapped(on, on->rows - whole + 1, 1, whole - 1, ROLE_TEXT,
                     text_from(pane->findings.list[shown->list.current].message));
    }
}

static void go_to_field(alerts *model, editor *pane, bool leave)
{
    if (model->list.current >= pane->findings.count)
        return;
    const editor_finding found = pane->findings.list[model->list.current];
    pane->findings.current = model->list.current;
    if (found.row != SIZE_MAX)
        editor_go_to(pane, found.row, found.subfield, found.offset);
    if (found.row == SIZE_MAX)
        station_say(model->station, "%s concerns the record as a whole: %s", found.where, found.message);
    else if (leave)
        station_focus(model->station, pane);
}

static bool run_alerts(void *model, const command *what, const char *argument, workstation *station)
{
    alerts *shown = model;
    editor *pane = editor_here(shown);
    (void)argument;
    if (pane == NULL)
        return false;
    editor_settle(pane);
    shown->list.count = pane->findings.count;
    if (strcmp(what->name, "list.open") == 0) {
        go_to_field(shown, pane, true);
        return true;
    }
    if (strcmp(what->name, "alert.next") == 0 || strcmp(what->name, "alert.previous") == 0) {
        editor_alert_step(pane, strcmp(what->name, "alert.next") == 0 ? 1 : -1);
        shown->list.current = pane->findings.current < pane->findings.count ? pane->findings.current : 0;
        return true;
    }
    if (!list_view_run(&shown->list, what->name, (size_t)station_rows(station) / 2))
        return false;
    go_to_field(shown, pane, false);
    return true;
}

static bool tick_alerts(void *model, workstation *station)
{
    editor *pane = editor_here(model);
    (void)station;
    if (pane == NULL || !editor_check_is_due(pane))
        return false;
    editor_check(pane);
    return true;
}

static void release_alerts(void *model, workstation *station)
{
    (void)station;
    free(model);
}

const pane_kind alerts_pane = {
    .name = "alerts",
    .title = "Alerts",
    .draw = draw_alerts,
    .run = run_alerts,
    .tick = tick_alerts,
    .release = release_alerts,
};

static void look_again(const alerts *model)
{
    editor *pane = editor_here(model);
    if (pane != NULL)
        editor_check(pane);
}

void alerts_pane_open(workstation *station, edit_session *session)
{
    alerts *model = station_find(station, &alerts_pane);
    if (model != NULL) {
        model->session = session;
        model->list = (list_view){ 0 };
        look_again(model);
        station_focus(station, model);
        return;
    }
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "listing the alerts");
        return;
    }
    model->station = station;
    model->session = session;
    look_again(model);
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &alerts_pane, model);
}
