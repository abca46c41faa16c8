/* src/catalog/custody.c - locks that are taken over and records that are handed on; nobody's text is lost by either.
 *
 * @spec editor.md ED-84, ED-85, ED-87, ED-88, ED-90 */
#include "inside.h"

#include "recto/catalog/custody.h"

#include <stdio.h>
#include <string.h>

/* ---- who holds it */

recto_status catalog_lock_facts(buffer *lines, catalog *catalog, mms_id id, recto_error *error)
{
    const int64_t now = catalog_now(catalog);
    repo_lock lock;
    char since[40], idle[32], until[40];
    recto_status status = repo_lock_get(catalog->repo, id, now, &lock, error);
    if (status != RECTO_OK)
        return status;
    clock_format_short(since, sizeof since, lock.taken_at, now);
    clock_format_age(idle, sizeof idle, lock.used_at, now);
    buffer_append_format(lines, "Locked by    %s%s\n", lock.owner,
                         strcmp(lock.owner, catalog->user) != 0        ? ""
                         : strcmp(lock.session, catalog->session) == 0 ? " (this session)"
                                                                       : " (another session)");
    if (strcmp(lock.owner, catalog->user) == 0 && lock.terminal[0] != '\0')
        buffer_append_format(lines, "Terminal     %s\n", lock.terminal);
    buffer_append_format(lines, "Institution  %s\nSince        %s\nIdle for     %s\n", lock.institution, since, idle);
    if (lock.expires_at != 0) {
        clock_format_short(until, sizeof until, lock.expires_at, now);
        buffer_append_format(lines, "Expires      %s\n", until);
    } else {
        buffer_append_string(lines, "Expires      not while the session is there\n");
    }
    return RECTO_OK;
}

/* ---- taking over */

recto_status custody_tell(catalog *catalog, const char *kind, const char *owner, mms_id id, const char *reason,
                          recto_error *error)
{
    repo_notice notice = { .id = id, .at = catalog_now(catalog) };
    snprintf(notice.owner, sizeof notice.owner, "%s", owner);
    snprintf(notice.kind, sizeof notice.kind, "%s", kind);
    snprintf(notice.by, sizeof notice.by, "%s", catalog->user);
    string_keep(notice.reason, sizeof notice.reason, text_from(reason));
    return repo_notice_add(catalog->repo, &notice, error);
}

static bool is_own_other(catalog *catalog, mms_id id)
{
    repo_lock holder;
    return repo_lock_get(catalog->repo, id, catalog_now(catalog), &holder, NULL) == RECTO_OK &&
           strcmp(holder.owner, catalog->user) == 0 && strcmp(holder.session, catalog->session) != 0;
}

/* One's own text from one's own other session: nobody has to allow that, and nobody else is told (RL-28). */
static recto_status fetch_own(edit_session *session, recto_error *error)
{
    catalog *desk = session->catalog;
    recto_status status =
        repo_lock_break(desk->repo, session->state.id, desk->user, "fetched into another session", catalog_now(desk), error);
    if (status != RECTO_OK)
        return status;
    session->state.view_only = false;
    session->state.view_only_reason[0] = '\0';
    status = session_take_lock(session, error);
    if (status == RECTO_OK && !session->state.view_only)
        status = session_adopt_draft(session, error);
    return status == RECTO_OK ? session_refresh(session, error) : status;
}

static recto_status break_and_tell(catalog *catalog, mms_id id, const char *reason, recto_error *error)
{
    transaction change = { .repo = NULL };
    repo_lock holder;
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status != RECTO_OK)
        return status;
    if (lock_refuses(catalog, id, &holder)) {
        status = catalog_lock_break(catalog, id, reason, error);
        if (status == RECTO_OK && strcmp(holder.owner, catalog->user) != 0)
            status = custody_tell(catalog, "taken", holder.owner, id, reason, error);
    }
    return transaction_end(&change, status, error);
}

recto_status edit_take_over(edit_session *session, const char *reason, recto_error *error)
{
    catalog *desk = session->catalog;
    edit_state *state = &session->state;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, state->id);
    if (!state->view_only)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "this record is yours already");
    if (is_own_other(desk, state->id))
        return fetch_own(session, error);
    recto_status status = need_privilege(desk, PRIVILEGE_LOCK_BREAK, "lock.break", where, error);
    if (status == RECTO_OK && (reason == NULL || text_trim(text_from(reason)).length == 0))
        status = recto_fail(error, RECTO_EINVALID, where, "say why: the former holder will read it", "a reason is needed");
    if (status == RECTO_OK)
        status = break_and_tell(desk, state->id, reason, error);
    if (status != RECTO_OK)
        return status;
    state->view_only = false;
    state->view_only_reason[0] = '\0';
    status = session_take_lock(session, error);
    if (status == RECTO_OK)
        status = session_refresh(session, error);
    return status;
}

/* ---- what the former owner, or the receiver, is told */

typedef struct telling {
    catalog *catalog;
    void (*visit)(void *context, const repo_notice *notice);
    void *context;
    size_t count;
} telling;

static void tell_one(void *context, const repo_notice *notice)
{
    telling *work = context;
    work->count++;
    work->visit(work->context, notice);
}

/* The lock is the proof, not the notice: it may have been given back to us since. */
static void follow_locks(catalog *catalog)
{
    for (edit_session *session = catalog->sessions; session != NULL; session = session->next) {
        repo_lock holder;
        char sentence[128];
        if (!session->holds_lock || session->state.view_only || !lock_refuses(catalog, session->state.id, &holder))
            continue;
        if (strcmp(holder.owner, catalog->user) != 0) /* else it is one working copy, and the other session's now */
            draft_store(session, buffer_text(&session->view), NULL);
        session->holds_lock = false;
        lock_sentence(sentence, sizeof sentence, catalog, &holder);
        session_show_only(session, sentence);
        snprintf(session->state.locked_by, sizeof session->state.locked_by, "%s", holder.owner);
    }
}

recto_status catalog_tell(catalog *catalog, void (*visit)(void *context, const repo_notice *notice), void *context,
                          recto_error *error)
{
    telling work = { .catalog = catalog, .visit = visit, .context = context };
    recto_status status = repo_notices(catalog->repo, catalog->user, true, tell_one, &work, error);
    if (status != RECTO_OK || work.count == 0)
        return status;
    follow_locks(catalog);
    return catalog_is_read_only(catalog) ? RECTO_OK : repo_notices_told(catalog->repo, catalog->user, error);
}

recto_status catalog_notices(catalog *catalog, void (*visit)(void *context, const repo_notice *notice), void *context,
                             recto_error *error)
{
    return repo_notices(catalog->repo, catalog->user, false, visit, context, error);
}

recto_status edit_reapply(edit_session *session, const marc_record *merged, recto_error *error)
{
    char title[64];
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = session_fill_info(session, error);
    snprintf(title, sizeof title, "Re-apply to version %d", session->state.stored_version);
    if (status == RECTO_OK)
        status = marc_edit_become(session->edit, merged, title, error);
    return status == RECTO_OK ? edit_rebase(session, error) : status;
}

/* ---- assigning */

static recto_status must_be_a_cataloger(catalog *catalog, const char *name, recto_error *error)
{
    repo_user user;
    recto_status status = repo_user_get(catalog->repo, name, &user, error);
    if (status != RECTO_OK)
        return status;
    if (strcmp(name, catalog->user) == 0)
        return recto_fail(error, RECTO_EINVALID, name, "name another cataloger", "the record is yours already");
    if (!user.active)
        return recto_fail(error, RECTO_EREFUSED, name, "name another cataloger", "this user is inactive");
    if ((roles_privileges(user.roles) & 1U << PRIVILEGE_CATALOG) == 0)
        return recto_fail(error, RECTO_EREFUSED, name, "name another cataloger", "this user may not catalog");
    return RECTO_OK;
}

/* The receiver is not here: the lock is that of a session of theirs that has ended, and ages as any other. */
static recto_status hand_lock_over(edit_session *session, const char *user, recto_error *error)
{
    catalog *desk = session->catalog;
    const int64_t now = catalog_now(desk);
    char name[64];
    if (!session->holds_lock)
        return RECTO_OK;
    recto_status status = repo_session_begin(desk->repo, user, desk->institution, now, name, error);
    if (status == RECTO_OK)
        status = repo_lock_release(desk->repo, session->state.id, desk->session, error);
    if (status == RECTO_OK)
        status = repo_lock_take(desk->repo, session->state.id, user, desk->institution, name, now, NULL, error);
    if (status == RECTO_OK)
        status = repo_session_end(desk->repo, name, now, error);
    return status;
}

recto_status edit_assign(edit_session **session, const char *user, const char *reason, recto_error *error)
{
    edit_session *open = *session;
    catalog *desk = open->catalog;
    transaction change = { .repo = NULL };
    char where[MMS_ID_LENGTH], detail[300];
    mms_id_format(where, open->state.id);
    snprintf(detail, sizeof detail, "to %.*s: %.*s", FIT(user, 63), FIT(reason != NULL ? reason : "", 190));
    recto_status status = session_needs_edit(open, error);
    if (status == RECTO_OK)
        status = must_be_a_cataloger(desk, user, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, desk, false, error);
    if (status != RECTO_OK)
        return status;
    marc_edit_settle(open->edit);
    status = draft_store(open, buffer_text(&open->view), error);
    if (status == RECTO_OK)
        status = repo_draft_hand_over(desk->repo, open->state.id, desk->user, user, error);
    if (status == RECTO_OK)
        status = hand_lock_over(open, user, error);
    if (status == RECTO_OK)
        status = custody_tell(desk, "assigned", user, open->state.id, reason, error);
    if (status == RECTO_OK)
        status = catalog_audit(desk, "record.assign", where, open->state.zone, "assigned", detail, error);
    status = transaction_end(&change, status, error);
    if (status != RECTO_OK)
        return status;
    open->holds_lock = false;
    taken_release(open);
    session_free(open);
    *session = NULL;
    return RECTO_OK;
}
