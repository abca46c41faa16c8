/* src/catalog/drafts.c - working copies in the repository: what was typed comes back, with undo, cursor and identity.
 *
 * A draft belongs to its user and goes only by that user's hand (decisions.md 7). What its state bytes say: draft_state.c. */
#include "drafts.h"

#include "recto/repo/custody.h"

#include <stdio.h>
#include <string.h>

/* ---- storing */

static void say_not_stored(edit_session *session, const recto_error *failure)
{
    edit_state *state = &session->state;
    state->draft_failed = true;
    snprintf(state->draft_failure, sizeof state->draft_failure, "%.150s", failure->what);
}

static void write_title(buffer *out, const edit_session *session)
{
    if (session->state.is_template)
        buffer_append_format(out, "Template: %s", session->state.template_name);
    else
        marc_record_title(out, marc_edit_record(session->edit));
}

static void note_stored(edit_session *session, int64_t now)
{
    session->state.draft_failed = false;
    session->state.has_draft = true;
    session->state.draft_at = now;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
}

recto_status draft_store(edit_session *session, text view, recto_error *error)
{
    catalog *desk = session->catalog;
    const int64_t now = catalog_now(desk);
    recto_error failure = { .status = RECTO_OK };
    buffer bytes, log, state, title;
    buffer_init(&bytes, 0);
    buffer_init(&log, 0);
    buffer_init(&state, 0);
    buffer_init(&title, 0);
    repo_draft draft = {
        .id = session->state.id, .zone = session->state.zone, .base_version = session->state.version, .changed_at = now
    };
    snprintf(draft.owner, sizeof draft.owner, "%s", desk->user);
    recto_status status = repo_record_encode(&bytes, marc_edit_record(session->edit), &failure);
    if (status == RECTO_OK)
        status = marc_edit_log_write(&log, session->edit, &failure);
    if (status == RECTO_OK) {
        draft_state_write(&state, session, view);
        write_title(&title, session);
        string_keep(draft.title, sizeof draft.title, buffer_text(&title));
        draft.record = buffer_text(&bytes);
        draft.log = buffer_text(&log);
        draft.state = buffer_text(&state);
        status = buffer_failed(&state) ? recto_fail_memory(&failure, "keeping the draft")
                                       : repo_draft_put(desk->repo, &draft, &failure);
    }
    if (status == RECTO_OK) {
        note_stored(session, now);
    } else {
        say_not_stored(session, &failure);
        if (error != NULL)
            *error = failure;
    }
    buffer_release(&title);
    buffer_release(&state);
    buffer_release(&log);
    buffer_release(&bytes);
    return status;
}

/* Two sessions of one cataloger have one working copy: whoever holds the lock writes it (RL-28). */
static bool was_fetched(edit_session *session)
{
    catalog *desk = session->catalog;
    repo_lock holder;
    char sentence[128];
    if (!session->holds_lock || repo_lock_get(desk->repo, session->state.id, catalog_now(desk), &holder, NULL) != RECTO_OK ||
        strcmp(holder.owner, desk->user) != 0 || strcmp(holder.session, desk->session) == 0)
        return false;
    session->holds_lock = false;
    lock_sentence(sentence, sizeof sentence, desk, &holder);
    session_show_only(session, sentence);
    return true;
}

void edit_note_view(edit_session *session, text view)
{
    buffer_clear(&session->view);
    buffer_append_text(&session->view, view);
}

recto_status edit_keep_draft(edit_session *session, text view, recto_error *error)
{
    const bool changed = marc_edit_revision(session->edit) != session->kept_revision;
    const bool never_stored = session->state.is_new && !session->kept;
    if (session->state.view_only || (!changed && !never_stored && !session->state.draft_failed) || was_fetched(session))
        return RECTO_OK;
    edit_note_view(session, view);
    return draft_store(session, view, error);
}

recto_status draft_remove(catalog *catalog, mms_id id, recto_error *error)
{
    recto_status status = repo_draft_remove(catalog->repo, catalog->user, id, error);
    return status == RECTO_OK ? repo_notices_settle(catalog->repo, catalog->user, id, error) : status;
}

/* ---- reading back */

typedef struct draft_copy {
    mms_id wanted;
    bool found, failed;
    int zone, base_version;
    int64_t changed_at;
    buffer record, log, state;
} draft_copy;

static void copy_draft(void *context, const repo_draft *draft)
{
    draft_copy *copy = context;
    if (draft->id != copy->wanted)
        return;
    copy->found = true;
    copy->zone = draft->zone;
    copy->base_version = draft->base_version;
    copy->changed_at = draft->changed_at;
    buffer_append_text(&copy->record, draft->record);
    buffer_append_text(&copy->log, draft->log);
    buffer_append_text(&copy->state, draft->state);
    copy->failed = buffer_failed(&copy->record) || buffer_failed(&copy->log) || buffer_failed(&copy->state);
}

static recto_status find_draft(draft_copy *copy, catalog *catalog, mms_id id, recto_error *error)
{
    *copy = (draft_copy){ .wanted = id };
    buffer_init(&copy->record, 0);
    buffer_init(&copy->log, 0);
    buffer_init(&copy->state, 0);
    recto_status status = repo_drafts(catalog->repo, catalog->user, copy_draft, copy, error);
    return status == RECTO_OK && copy->failed ? recto_fail_memory(error, "reading a draft") : status;
}

static void release_copy(draft_copy *copy)
{
    buffer_release(&copy->record);
    buffer_release(&copy->log);
    buffer_release(&copy->state);
}

bool draft_exists(catalog *catalog, mms_id id)
{
    draft_copy copy;
    const bool found = find_draft(&copy, catalog, id, NULL) == RECTO_OK && copy.found;
    release_copy(&copy);
    return found;
}

/* What came back differs from what is stored, until it is saved: else it would be released, or overtaken, as unchanged. */
static recto_status compare_with_stored(edit_session *session, const draft_copy *copy, recto_error *error)
{
    marc_record *stored = NULL;
    if (copy->base_version > 0 &&
        repo_version_load(session->catalog->repo, copy->wanted, copy->base_version, &stored, error) != RECTO_OK)
        recto_error_clear(error); /* a version that cannot be read is told where versions are */
    recto_status status = marc_edit_saved_is(session->edit, stored, error);
    marc_record_free(stored);
    return status;
}

/* A record that was only open has a working copy, too; it is no draft (ED-18, ED-69). */
static bool holds_changes(const edit_session *session)
{
    return session->state.is_new || session->state.is_template || marc_edit_changed(session->edit);
}

static void take_identity(edit_session *session, const draft_copy *copy)
{
    session_set_identity(session, copy->wanted, copy->base_version, copy->base_version == 0);
    marc_edit_log_read(session->edit, buffer_text(&copy->log), NULL); /* a lost log loses only undo (RL-25) */
}

static void take_state(edit_session *session, const draft_copy *copy)
{
    draft_state_read(session, buffer_text(&copy->state));
    session->state.has_draft = holds_changes(session);
    session->state.draft_at = copy->changed_at;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
}

static recto_status open_copy(edit_session **out, catalog *catalog, draft_copy *copy, recto_error *error)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    recto_status status = repo_record_decode(&record, buffer_text(&copy->record), error);
    if (status == RECTO_OK)
        draft_leader_restore(record, buffer_text(&copy->state));
    if (status == RECTO_OK)
        status = session_new(&session, catalog, &record, error);
    if (status != RECTO_OK) {
        marc_record_free(record);
        return status;
    }
    session->state.zone = copy->zone;
    take_identity(session, copy);
    status = compare_with_stored(session, copy, error);
    take_state(session, copy);
    if (status == RECTO_OK)
        status = session_take_lock(session, error);
    if (status == RECTO_OK)
        status = session_fill_info(session, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        session_show_only(session, "the record is no longer in the repository");
        status = RECTO_OK;
    }
    if (status != RECTO_OK)
        session_free(session);
    else
        *out = session;
    return status;
}

static recto_status take_text(edit_session *session, draft_copy *copy, recto_error *error)
{
    marc_record *record = NULL;
    marc_edit *edit = NULL;
    recto_status status = repo_record_decode(&record, buffer_text(&copy->record), error);
    if (status == RECTO_OK)
        draft_leader_restore(record, buffer_text(&copy->state));
    if (status == RECTO_OK)
        status = marc_edit_new(&edit, &record, error);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    marc_edit_free(session->edit);
    session->edit = edit;
    take_identity(session, copy);
    take_state(session, copy);
    return RECTO_OK;
}

recto_status session_adopt_draft(edit_session *session, recto_error *error)
{
    draft_copy copy;
    recto_status status = find_draft(&copy, session->catalog, session->state.id, error);
    if (status == RECTO_OK && copy.found)
        status = take_text(session, &copy, error);
    release_copy(&copy);
    return status;
}

recto_status session_resume(edit_session **out, catalog *catalog, mms_id id, bool *found, recto_error *error)
{
    draft_copy copy;
    recto_status status = find_draft(&copy, catalog, id, error);
    *found = copy.found;
    if (status == RECTO_OK && copy.found)
        status = open_copy(out, catalog, &copy, error);
    release_copy(&copy);
    return status;
}

recto_status edit_resume(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    bool found = false;
    mms_id_format(where, id);
    if (session_open_for(catalog, id) != NULL)
        return recto_fail(error, RECTO_EREFUSED, where, "it is in your list", "this record is open already");
    recto_status status = session_resume(out, catalog, id, &found, error);
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "you have no draft of this record");
    return status;
}

/* A text of one's own comes first: it is opened from the list, not written over. */
static recto_status refuse_own_draft(edit_session *session, recto_error *error)
{
    draft_copy copy;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, session->state.id);
    recto_status status = find_draft(&copy, session->catalog, session->state.id, error);
    if (status == RECTO_OK && copy.found)
        status = recto_fail(error, RECTO_EREFUSED, where, "release this view of it, and open the draft from the list",
                            "you have a draft of this record");
    release_copy(&copy);
    return status;
}

/* A text that somebody overtook is no view: it is compared and re-applied (ED-84). */
static bool waits_for_its_lock(const edit_session *session)
{
    const edit_state *state = &session->state;
    return state->view_only && !state->pushed && state->locked_by[0] != '\0' && !state->is_template && !state->is_new &&
           !marc_edit_changed(session->edit);
}

bool edit_is_free(const edit_session *session)
{
    repo_lock holder;
    return waits_for_its_lock(session) && !lock_refuses(session->catalog, session->state.id, &holder);
}

recto_status edit_begin(edit_session *session, recto_error *error)
{
    edit_state *state = &session->state;
    char reason[sizeof state->view_only_reason];
    snprintf(reason, sizeof reason, "%s", state->pushed ? SESSION_PUSHED : state->view_only_reason);
    if (!state->pushed && !edit_is_free(session))
        return session_needs_edit(session, error);
    recto_status status = refuse_own_draft(session, error);
    if (status != RECTO_OK)
        return status;
    state->view_only = false;
    state->view_only_reason[0] = '\0';
    status = session_take_lock(session, error);
    if (status == RECTO_OK && !state->view_only)
        status = session_refresh(session, error);
    if (status == RECTO_OK && !state->view_only) {
        state->pushed = false;
        return RECTO_OK;
    }
    session_drop_lock(session);
    if (status != RECTO_OK)
        session_show_only(session, reason);
    return status == RECTO_OK ? session_needs_edit(session, error) : status;
}
