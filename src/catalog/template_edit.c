/* src/catalog/template_edit.c - a template in an editing session: locked, drafted and undone as a record is (ED-91). */
#include "inside.h"
#include "template_text.h"

#include "recto/catalog/templates.h"
#include "recto/repo/templates.h"

#include <stdio.h>
#include <string.h>

/* A template has a number of its own, but is no record: the session says so of itself. */
static void become_template(edit_session *session, const catalog_template *info, int version)
{
    edit_state *state = &session->state;
    session_set_identity(session, info->id, 0, true);
    state->is_template = true;
    state->template_version = version;
    session->template_scope = (int)info->scope;
    snprintf(state->template_name, sizeof state->template_name, "%s", info->name);
}

static recto_status open_stored(edit_session **out, catalog *catalog, const catalog_template *info, recto_error *error)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    repo_template stored;
    recto_status status = catalog_template_load(NULL, &record, catalog, info, 0, error);
    if (status == RECTO_OK) /* it may have been saved since it was listed */
        status = repo_template_by_id(catalog->repo, info->id, &stored, NULL, error);
    if (status == RECTO_OK)
        status = session_new(&session, catalog, &record, error);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    become_template(session, info, stored.version);
    session->kept = true; /* nothing is lost of what is stored */
    const char *why = catalog_template_cannot(catalog, info);
    if (why != NULL)
        session_show_only(session, why);
    else
        status = session_take_lock(session, error);
    return session_give(out, session, status, error);
}

recto_status catalog_template_edit(edit_session **out, catalog *catalog, const catalog_template *info, recto_error *error)
{
    bool found = false;
    if (info->scope == TEMPLATE_DELIVERED)
        return recto_fail(error, RECTO_EREFUSED, info->name, "duplicate it and change the copy",
                          "a template that comes with Recto is not changed");
    if (session_open_for(catalog, info->id) != NULL)
        return recto_fail(error, RECTO_EREFUSED, info->name, "it is in your list", "this template is open already");
    recto_status status = session_resume(out, catalog, info->id, &found, error);
    return status != RECTO_OK || found ? status : open_stored(out, catalog, info, error);
}

/* After a draft came back the session knows no saved state: what is stored is looked at. */
static bool is_as_stored(edit_session *session)
{
    repo_template stored;
    marc_record *record = NULL;
    bool same = false;
    buffer source;
    buffer_init(&source, TEMPLATE_FILE_MAX);
    if (repo_template_by_id(session->catalog->repo, session->state.id, &stored, &source, NULL) == RECTO_OK && !stored.deleted &&
        template_text_read(&record, NULL, buffer_text(&source), stored.name, NULL) == RECTO_OK)
        same = marc_record_equal(record, marc_edit_record(session->edit));
    marc_record_free(record);
    buffer_release(&source);
    return same;
}

recto_status edit_save_template(int *version, edit_session *session, const char *note, recto_error *error)
{
    edit_state *state = &session->state;
    catalog_template saved;
    *version = 0;
    recto_status status = session_needs_edit(session, error);
    if (status != RECTO_OK)
        return status;
    marc_edit_settle(session->edit);
    if (is_as_stored(session))
        return RECTO_OK;
    status = catalog_template_save(&saved, session->catalog, (template_scope)session->template_scope, state->template_name,
                                   marc_edit_record(session->edit), state->template_version, note, error);
    if (status != RECTO_OK) {
        draft_store(session, buffer_text(&session->view), NULL);
        return status;
    }
    marc_edit_mark_saved(session->edit);
    draft_remove(session->catalog, state->id, NULL);
    state->template_version = saved.version;
    state->has_draft = false;
    state->draft_failed = false;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
    *version = saved.version;
    return RECTO_OK;
}
