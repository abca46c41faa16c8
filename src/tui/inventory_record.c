/* src/tui/inventory_record.c - holdings as a whole record in the editor: at the right of their bib, or by themselves (ED-165). */
#include "editor.h"
#include "inventory.h"
#include "station.h"

#include <string.h>

static bool open_by_itself(workstation *station, mms_id holding)
{
    edit_session *session = NULL;
    recto_error error = { 0 };
    recto_status status = edit_open_holding(&session, station_catalog(station), holding, &error);
    if (status == RECTO_EREFUSED && strstr(error.what, "open already") != NULL) {
        station_open_record(station, holding, false); /* which shows it */
        return true;
    }
    if (status != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    const edit_state *state = edit_state_of(session);
    if (state->view_only)
        station_say(station, "View Only: %s", state->view_only_reason);
    else
        station_say(station, "Holdings %lld: F8 adds a field, F2 saves, Alt+S saves and releases", (long long)holding);
    station_add_session(station, &session);
    return true;
}

static bool hangs_on(workstation *station, const edit_session *session, mms_id bib)
{
    mms_id linked = 0;
    const edit_state *state = edit_state_of(session);
    if (state->id != bib && state->zone_kind == ZONE_NETWORK)
        catalog_inventory_bib(&linked, station_catalog(station), state->id, NULL);
    return state->id == bib || linked == bib;
}

void inventory_open_record(workstation *station, mms_id holding, mms_id bib)
{
    edit_session *left = station_desk(station)->session;
    const size_t number = station->focused_record;
    const bool beside = left != NULL && left == station_session(station) && hangs_on(station, left, bib);
    if (!open_by_itself(station, holding))
        return;
    edit_session *right = station_session(station);
    if (!beside || right == NULL || right == left || edit_state_of(right)->id != holding)
        return;
    station_focus_record(station, number);
    beside_open(station, right);
    void *shown = station_find(station, &beside_pane);
    if (shown != NULL)
        station_focus(station, shown);
}
