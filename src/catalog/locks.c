/* src/catalog/locks.c - whose lock refuses us, and the words for it. The rules of time are the repository's. */
#include "inside.h"

#include <stdio.h>
#include <string.h>

bool lock_refuses(catalog *catalog, mms_id id, repo_lock *holder)
{
    const int64_t now = catalog_now(catalog);
    *holder = (repo_lock){ .id = 0 };
    if (repo_lock_get(catalog->repo, id, now, holder, NULL) != RECTO_OK)
        return false;
    if (catalog->session[0] != '\0' && strcmp(holder->session, catalog->session) == 0)
        return false;
    if (holder->expires_at != 0 && now > holder->expires_at)
        return false;
    /* One's own session that has ended: coming back finds the lock again (decisions.md 5). */
    return !(strcmp(holder->owner, catalog->user) == 0 && !holder->attached);
}

void lock_sentence(char *out, size_t capacity, const catalog *catalog, const repo_lock *lock)
{
    char since[32];
    clock_format_short(since, sizeof since, lock->taken_at, catalog_now(catalog));
    if (strcmp(lock->owner, catalog->user) == 0)
        snprintf(out, capacity, "open in your other session%s%s since %s", lock->terminal[0] != '\0' ? " on " : "",
                 lock->terminal, since);
    else if (strcmp(lock->institution, catalog->institution) == 0)
        snprintf(out, capacity, "%s has it since %s", lock->owner, since);
    else /* a record of the network: whom to ask sits elsewhere (ED-87) */
        snprintf(out, capacity, "%s of %s has it since %s", lock->owner, lock->institution, since);
}

recto_status catalog_lock_break(catalog *catalog, mms_id id, const char *reason, recto_error *error)
{
    char object[MMS_ID_LENGTH];
    mms_id_format(object, id);
    recto_status status = need_privilege(catalog, PRIVILEGE_LOCK_BREAK, "lock.break", object, error);
    if (status != RECTO_OK)
        return status;
    if (reason == NULL || text_trim(text_from(reason)).length == 0)
        return recto_fail(error, RECTO_EINVALID, object, "say why: the former holder will read it", "a reason is needed");
    return repo_lock_break(catalog->repo, id, catalog->user, reason, catalog_now(catalog), error);
}
