/* src/repo/locks.c - who may change a record: a row by user, institution and session (RL-40 to RL-51).
 *
 * A lock ages from the moment its session ended or gave its last sign, and counts no more after 60 minutes (a setting). A
 * live session gives a sign every minute and so never loses one, unless the setting lock_idle_minutes says how long a lock may
 * be held without a key (ED-82). A stale lock is removed when another takes the record.
 * Time comes in as an argument and is the wall clock's; what is stored and compared is steady.c's. */
#include "store.h"
#include <stdio.h>
#include <string.h>

enum { SECONDS_A_MINUTE = 60, SIGNS_MISSED_SECONDS = 180 };

bool lock_is_stale(int64_t left_or_seen_at, int64_t now, int minutes)
{
    return now - left_or_seen_at > (int64_t)minutes * SECONDS_A_MINUTE;
}

static int minutes_of(repo *repo, const char *setting, int otherwise)
{
    int64_t minutes = otherwise;
    buffer value;
    buffer_init(&value, 100);
    if (repo_setting_get(repo, 0, setting, &value, NULL) != RECTO_OK || !text_to_integer(buffer_text(&value), &minutes) ||
        minutes < 1 || minutes > 7 * 24 * 60)
        minutes = otherwise;
    buffer_release(&value);
    return (int)minutes;
}

int lock_minutes(repo *repo)
{
    return minutes_of(repo, "lock_timeout_minutes", LOCK_MINUTES_DEFAULT);
}

static int idle_minutes(repo *repo)
{
    return minutes_of(repo, "lock_idle_minutes", 0);
}

bool lock_is_idle(repo *repo, int64_t used_at, int64_t now)
{
    const int minutes = idle_minutes(repo);
    return minutes > 0 && lock_is_stale(used_at, now, minutes);
}

typedef struct lock_state {
    repo_lock lock;
    bool left; /* the session has ended, or its process is gone */
    bool stale;
} lock_state;

static void read_lock(lock_state *out, const rows *rows, int64_t wall)
{
    const int64_t now = steady_now(rows->repo, wall);
    process_identity identity;
    const int64_t left_at = row_int64(rows, 6);
    const bool has_session = !row_is_null(rows, 7);
    memset(out, 0, sizeof *out);
    out->lock.id = row_int64(rows, 0);
    row_string(rows, 1, out->lock.owner, sizeof out->lock.owner);
    row_string(rows, 2, out->lock.institution, sizeof out->lock.institution);
    row_string(rows, 3, out->lock.session, sizeof out->lock.session);
    out->lock.taken_at = row_int64(rows, 4);
    out->lock.last_seen_at = row_int64(rows, 5);
    row_string(rows, 7, identity.host, sizeof identity.host);
    row_string(rows, 8, identity.boot, sizeof identity.boot);
    identity.process = row_int64(rows, 9);
    identity.started = row_int64(rows, 10);
    out->left = has_session && (left_at > 0 || !process_lives(&identity));
    const int minutes = lock_minutes(rows->repo);
    const int64_t aging_since = left_at > 0 ? left_at : out->lock.last_seen_at;
    const bool attached = !out->left && now - out->lock.last_seen_at <= SIGNS_MISSED_SECONDS;
    const int idle = attached ? idle_minutes(rows->repo) : 0;
    out->lock.attached = attached;
    if (!out->left)
        process_terminal(out->lock.terminal, &identity);
    out->lock.used_at = attached ? row_int64(rows, 11) : aging_since;
    out->lock.expires_at = attached && idle == 0 ? 0
                           : attached            ? out->lock.used_at + (int64_t)idle * SECONDS_A_MINUTE
                                                 : aging_since + (int64_t)minutes * SECONDS_A_MINUTE;
    out->stale = attached ? idle > 0 && lock_is_stale(out->lock.used_at, now, idle) : lock_is_stale(aging_since, now, minutes);
    out->lock.taken_at = steady_shown(rows->repo, out->lock.taken_at, wall);
    out->lock.last_seen_at = steady_shown(rows->repo, out->lock.last_seen_at, wall);
    out->lock.expires_at = steady_shown(rows->repo, out->lock.expires_at, wall);
    out->lock.used_at = steady_shown(rows->repo, out->lock.used_at, wall);
}

/* RECTO_ENOTFOUND, without an error filled, when there is no row. */
static recto_status find_lock(lock_state *out, repo *repo, mms_id id, int64_t now, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_LOCK_GET, "i", id);
    if (rows_next(&rows)) {
        found = true;
        read_lock(out, &rows, now);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

/* User, institution, since, idle for, expires at: in this order (RL-48). */
static recto_status refuse(const repo_lock *lock, const char *user, int64_t now, int minutes, recto_error *error)
{
    char since[40], idle[24], expires[64], where[32], todo[160];
    const bool other_session = strcmp(lock->owner, user) == 0;
    clock_format_short(since, sizeof since, lock->taken_at, now);
    clock_format_age(idle, sizeof idle, lock->used_at, now);
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)lock->id);
    if (lock->expires_at > 0) {
        char until[40];
        clock_format_short(until, sizeof until, lock->expires_at, now);
        (void)snprintf(expires, sizeof expires, "expires at %s", until);
        (void)snprintf(todo, sizeof todo, "ask %s, or wait until %s", lock->owner, until);
    } else {
        (void)snprintf(expires, sizeof expires, "expires %d min after leaving", minutes);
        (void)snprintf(todo, sizeof todo, other_session ? "release it in your other session" : "ask %s to release it",
                       lock->owner);
    }
    return recto_fail(error, RECTO_ELOCKED, where, todo, "locked by %s%s (%s) since %s, idle for %s, %s", lock->owner,
                      other_session ? " in another session" : "", lock->institution, since, idle, expires);
}

static recto_status take(repo *repo, mms_id id, const char *user, const char *institution, const char *session, int64_t now,
                         repo_lock *holder, recto_error *error)
{
    lock_state state = { .stale = true };
    recto_status status = steady_begin(repo, now, error);
    if (status != RECTO_OK)
        return status;
    const int64_t stamp = steady_now(repo, now);
    status = find_lock(&state, repo, id, now, error);
    if (status == RECTO_ENOTFOUND)
        return store_run(repo, error, SQL_LOCK_ADD, "isssi", id, user, institution, session, stamp);
    if (status != RECTO_OK)
        return status;
    const bool same_user = strcmp(state.lock.owner, user) == 0;
    if (same_user && strcmp(state.lock.session, session) == 0)
        return store_run(repo, error, SQL_LOCK_RENEW, "ii", id, stamp);
    if (state.stale && state.lock.attached && !same_user && holder != NULL)
        *holder = state.lock;
    if (state.stale || (same_user && state.left))
        return store_run(repo, error, SQL_LOCK_ADD, "isssi", id, user, institution, session, stamp);
    if (holder != NULL)
        *holder = state.lock;
    return refuse(&state.lock, user, now, lock_minutes(repo), error);
}

recto_status repo_lock_take(repo *repo, mms_id id, const char *user, const char *institution, const char *session, int64_t now,
                            repo_lock *holder, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, take(repo, id, user, institution, session, now, holder, error), error);
}

recto_status repo_lock_release(repo *repo, mms_id id, const char *session, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_LOCK_RELEASE, "is", id, session), error);
}

static recto_status fail_free(mms_id id, recto_error *error)
{
    char where[32];
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "nobody has locked this record");
}

recto_status repo_lock_get(repo *repo, mms_id id, int64_t now, repo_lock *out, recto_error *error)
{
    lock_state state = { .stale = true };
    recto_status status = find_lock(&state, repo, id, now, error);
    if (status == RECTO_ENOTFOUND || (status == RECTO_OK && state.stale))
        return fail_free(id, error);
    if (status == RECTO_OK)
        *out = state.lock;
    return status;
}

/* The lock and its audit row go together: if the row cannot be written the lock stays (RL-49, RL-175). */
static recto_status break_with_audit(repo *repo, const lock_state *state, const char *by, const char *reason, int64_t now,
                                     recto_error *error)
{
    char object[MMS_ID_LENGTH], detail[320], since[CLOCK_ISO_LENGTH];
    mms_id_format(object, state->lock.id);
    clock_format_iso(since, state->lock.taken_at);
    (void)snprintf(detail, sizeof detail, "held by %s since %s: %s", state->lock.owner, since, reason);
    const audit_entry entry = { .at = now,
                                .actor = by,
                                .acting_as = by,
                                .act = "lock.break",
                                .object = object,
                                .zone = "",
                                .outcome = "done",
                                .detail = detail };
    recto_status status = repo_audit(repo, &entry, error);
    return status == RECTO_OK ? store_run(repo, error, SQL_LOCK_REMOVE, "i", state->lock.id) : status;
}

recto_status repo_lock_break(repo *repo, mms_id id, const char *by, const char *reason, int64_t now, recto_error *error)
{
    bool own;
    lock_state state = { .stale = true };
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = find_lock(&state, repo, id, now, error);
    if (status == RECTO_ENOTFOUND)
        status = fail_free(id, error);
    if (status == RECTO_OK)
        status = break_with_audit(repo, &state, by, reason, now, error);
    return change_end(repo, own, status, error);
}

recto_status repo_locks(repo *repo, int64_t now, void (*visit)(void *context, const repo_lock *lock), void *context,
                        recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_LOCKS, "");
    while (rows_next(&rows)) {
        lock_state state;
        read_lock(&state, &rows, now);
        if (!state.stale)
            visit(context, &state.lock);
    }
    return rows_close(&rows);
}
