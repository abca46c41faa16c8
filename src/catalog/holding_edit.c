/* src/catalog/holding_edit.c - a holdings record in an editing session: every field of it, locked, drafted and undone as a bib
 * is.
 *
 * The form of the inventory knows the 852; captions, patterns and holdings statements (853 to 878) are written in the grid.
 * @spec editor.md ED-165, inventory-orders.md IO-40 */
#include "inside.h"

#include <stdio.h>

/* Holdings have a number and versions of their own, but no place among the bibs: the session says so of itself. */
static void become_holdings(edit_session *session, const holding *info)
{
    edit_state *state = &session->state;
    session_set_identity(session, info->id, 0, true);
    state->is_holdings = true;
    state->holdings_of = info->bib;
    state->holdings_version = info->version;
}

static recto_status open_stored(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    holding info;
    recto_status status = catalog_holding_load(catalog, id, &record, &info, error);
    if (status == RECTO_OK)
        status = session_new(&session, catalog, &record, error);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    become_holdings(session, &info);
    session->kept = true; /* nothing is lost of what is stored */
    status = session_take_lock(session, error);
    return session_give(out, session, status, error);
}

recto_status edit_open_holding(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    bool found = false;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    if (session_open_for(catalog, id) != NULL)
        return recto_fail(error, RECTO_EREFUSED, where, "it is in your list", "these holdings are open already");
    recto_status status = session_resume(out, catalog, id, &found, error);
    return status != RECTO_OK || found ? status : open_stored(out, catalog, id, error);
}

/* Shows what was stored: its 005 has changed, an empty call number may have been filled. */
static recto_status show_stored(edit_session *session, bool *changed, recto_error *error)
{
    marc_record *stored = NULL;
    holding info;
    recto_status status = catalog_holding_load(session->catalog, session->state.id, &stored, &info, error);
    *changed = status == RECTO_OK && !marc_record_equal(stored, marc_edit_record(session->edit));
    if (*changed)
        status = marc_edit_become(session->edit, stored, SAVE_STEP, error);
    if (status == RECTO_OK)
        session->state.holdings_version = info.version;
    marc_record_free(stored);
    return status;
}

/* After a draft came back the session knows no saved state: what is stored is looked at. */
static bool is_as_stored(edit_session *session)
{
    marc_record *stored = NULL;
    bool same = catalog_holding_load(session->catalog, session->state.id, &stored, NULL, NULL) == RECTO_OK &&
                marc_record_equal(stored, marc_edit_record(session->edit));
    marc_record_free(stored);
    return same;
}

recto_status edit_save_holding(int *version, edit_session *session, recto_error *error)
{
    edit_state *state = &session->state;
    mms_id id = state->id;
    bool changed;
    *version = 0;
    recto_status status = session_needs_edit(session, error);
    if (status != RECTO_OK)
        return status;
    marc_edit_settle(session->edit);
    if (is_as_stored(session))
        return RECTO_OK;
    status = catalog_holding_save(session->catalog, &id, state->holdings_of, marc_edit_record(session->edit),
                                  state->holdings_version, error);
    if (status != RECTO_OK) {
        draft_store(session, buffer_text(&session->view), NULL);
        return status;
    }
    state->holdings_version++;
    show_stored(session, &changed, NULL); /* the save stands; at worst the grid shows the old 005 */
    marc_edit_mark_saved(session->edit);
    draft_remove(session->catalog, state->id, NULL);
    state->has_draft = false;
    state->draft_failed = false;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
    *version = state->holdings_version;
    return RECTO_OK;
}
