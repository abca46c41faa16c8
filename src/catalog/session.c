/* src/catalog/session.c - an open record: its working copy, its identity, its lock. What is typed into it is marc/edit.h's. */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

recto_status session_new(edit_session **out, catalog *catalog, marc_record **record, recto_error *error)
{
    edit_session *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "opening a record");
    recto_status status = marc_edit_new(&made->edit, record, error);
    if (status != RECTO_OK) {
        free(made);
        return status;
    }
    made->catalog = catalog;
    made->kept_revision = marc_edit_revision(made->edit);
    buffer_init(&made->view, 1 << 20);
    buffer_init(&made->merged_incoming, 0);
    made->next = catalog->sessions;
    catalog->sessions = made;
    *out = made;
    return RECTO_OK;
}

void session_free(edit_session *session)
{
    if (session == NULL)
        return;
    for (edit_session **link = &session->catalog->sessions; *link != NULL; link = &(*link)->next)
        if (*link == session) {
            *link = session->next;
            break;
        }
    marc_edit_free(session->edit);
    buffer_release(&session->view);
    buffer_release(&session->merged_incoming);
    free(session);
}

edit_session *session_open_for(catalog *catalog, mms_id id)
{
    for (edit_session *session = catalog->sessions; session != NULL; session = session->next)
        if (session->state.id == id && !session->state.view_only)
            return session;
    return NULL;
}

void session_set_identity(edit_session *session, mms_id id, int version, bool is_new)
{
    edit_state *state = &session->state;
    const repo_zone *zone = catalog_zone_of(session->catalog, id);
    state->id = id;
    state->zone = zone != NULL ? zone->id : state->zone;
    state->zone_kind = zone != NULL ? zone->kind : state->zone_kind;
    state->version = version;
    state->stored_version = version;
    state->is_new = is_new;
    state->temporary_id = is_new;
    state->superseded = false;
}

void session_show_only(edit_session *session, const char *reason)
{
    session->state.view_only = true;
    snprintf(session->state.view_only_reason, sizeof session->state.view_only_reason, "%s", reason);
}

recto_status session_needs_edit(const edit_session *session, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    if (!session->state.view_only)
        return RECTO_OK;
    mms_id_format(where, session->state.id);
    return recto_fail(error, RECTO_EREFUSED, where, session->state.view_only_reason, "this record is open to be viewed only");
}

recto_status session_fill_info(edit_session *session, recto_error *error)
{
    edit_state *state = &session->state;
    catalog *desk = session->catalog;
    bib_info info;
    state->brief_level = match_brief_level(marc_edit_record(session->edit));
    if (state->is_new)
        return RECTO_OK;
    recto_status status = repo_bib_info(desk->repo, state->id, &info, catalog_now(desk), error);
    if (status != RECTO_OK)
        return status;
    state->brief_level = info.brief_level;
    state->cataloging_level = info.cataloging_level;
    state->suppressed = info.suppressed;
    state->stored_version = info.version;
    state->superseded = info.version != state->version;
    snprintf(state->locked_by, sizeof state->locked_by, "%s", info.locked_by);
    if (info.deleted)
        session_show_only(session, "this record has been deleted");
    return RECTO_OK;
}

recto_status session_give(edit_session **out, edit_session *session, recto_status status, recto_error *error)
{
    if (status == RECTO_OK)
        status = session_fill_info(session, error);
    if (status == RECTO_OK) {
        *out = session;
        return RECTO_OK;
    }
    session_drop_lock(session);
    session_free(session);
    return status;
}

/* What stands against editing before anybody's lock is asked for; NULL: nothing. */
static const char *why_view_only(const catalog *catalog, const repo_zone *zone, bool is_holdings)
{
    if (zone == NULL || zone->kind == ZONE_COMMUNITY)
        return CANNOT_CHANGE_COMMUNITY;
    if (catalog_is_read_only(catalog))
        return "the repository is open for reading only";
    if (is_holdings)
        return catalog_may(catalog, PRIVILEGE_HOLDINGS) ? NULL : privilege_sentence(PRIVILEGE_HOLDINGS);
    if (!catalog_may_in(catalog, zone))
        return privilege_sentence(zone->kind == ZONE_NETWORK ? PRIVILEGE_CATALOG_NETWORK : PRIVILEGE_CATALOG);
    return NULL;
}

recto_status session_take_lock(edit_session *session, recto_error *error)
{
    catalog *desk = session->catalog;
    edit_state *state = &session->state;
    repo_lock holder = { .id = 0 };
    char sentence[128];
    const char *reason = why_view_only(desk, catalog_zone_of(desk, state->id), state->is_holdings);
    const bool is_stored = !state->is_new || state->is_template || state->is_holdings;
    if (reason != NULL) {
        session_show_only(session, reason);
        return RECTO_OK;
    }
    if (!state->is_new && level_of_record_refuses(sentence, sizeof sentence, desk, state->id)) {
        session_show_only(session, sentence);
        return RECTO_OK;
    }
    recto_status status = catalog_session_needed(desk, error);
    if (status == RECTO_OK && is_stored)
        status = repo_lock_take(desk->repo, state->id, desk->user, desk->institution, desk->session, catalog_now(desk), &holder,
                                error);
    if (status == RECTO_ELOCKED) {
        recto_error_clear(error);
        lock_sentence(sentence, sizeof sentence, desk, &holder);
        session_show_only(session, sentence);
        snprintf(state->locked_by, sizeof state->locked_by, "%s", holder.owner);
        return RECTO_OK;
    }
    session->holds_lock = status == RECTO_OK && is_stored;
    if (status == RECTO_OK && holder.id != 0) /* who is there still, and let the lock run out (ED-82) */
        status = custody_tell(desk, "taken", holder.owner, state->id, "no key came for long, and the lock had run out", error);
    return status;
}

const edit_state *edit_state_of(const edit_session *session)
{
    return &session->state;
}

marc_edit *edit_of(edit_session *session)
{
    return session->edit;
}

text edit_view(const edit_session *session)
{
    return buffer_text(&session->view);
}
