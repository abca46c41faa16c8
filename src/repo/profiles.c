/* src/repo/profiles.c - integration profiles with their versions. */
#include "recto/repo/profiles.h"
#include "store.h"
#include <assert.h>
#include <string.h>

enum { SOURCE = 9, HASH = 9 }; /* columns behind those of a profile's row */

static void read_profile(repo_profile *out, const rows *rows)
{
    *out = (repo_profile){ .zone = row_int(rows, 0),
                           .active = row_int(rows, 4) != 0,
                           .has_password = row_int(rows, 5) != 0,
                           .version = row_int(rows, 6),
                           .saved_at = row_int64(rows, 7) };
    row_string(rows, 1, out->code, sizeof out->code);
    row_string(rows, 2, out->type, sizeof out->type);
    row_string(rows, 3, out->name, sizeof out->name);
    row_string(rows, 8, out->saved_by, sizeof out->saved_by);
}

recto_status repo_profiles(repo *repo, int zone, void (*visit)(void *context, const repo_profile *profile), void *context,
                           recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_PROFILES, "n", zone);
    while (rows_next(&rows)) {
        repo_profile profile;
        read_profile(&profile, &rows);
        visit(context, &profile);
    }
    return rows_close(&rows);
}

recto_status repo_profile_get(repo *repo, int zone, const char *code, repo_profile *out, buffer *source, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_PROFILE_GET, "ns", zone, code);
    if (rows_next(&rows)) {
        found = true;
        read_profile(out, &rows);
        if (source != NULL)
            buffer_append_text(source, row_text(&rows, SOURCE));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && source != NULL && buffer_failed(source))
        return recto_fail_memory(error, "reading a profile");
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

recto_status repo_profile_active(repo *repo, int zone, const char *type, repo_profile *out, buffer *hash, size_t *count,
                                 recto_error *error)
{
    rows rows;
    *count = 0;
    (void)rows_open(&rows, repo, error, SQL_PROFILE_ACTIVE, "ns", zone, type);
    while (rows_next(&rows)) {
        if ((*count)++ > 0)
            continue;
        read_profile(out, &rows);
        buffer_append_text(hash, row_text(&rows, HASH));
    }
    return rows_close(&rows);
}

recto_status repo_profile_put(repo *repo, repo_profile *profile, text source, recto_error *error)
{
    int64_t last = 0;
    assert(repo->writing && "a profile is saved in a transaction");
    recto_status status = store_number(&last, repo, error, SQL_PROFILE_LAST_VERSION, "ns", profile->zone, profile->code);
    if (status != RECTO_OK)
        return status;
    profile->version = (int)last + 1;
    status = store_run(repo, error, SQL_PROFILE_PUT, "nsssnnist", profile->zone, profile->code, profile->type, profile->name,
                       (int)profile->active, profile->version, profile->saved_at, profile->saved_by, source);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_PROFILE_VERSION_ADD, "nsnist", profile->zone, profile->code, profile->version,
                           profile->saved_at, profile->saved_by, source);
    return status;
}

recto_status repo_profile_set_password(repo *repo, int zone, const char *code, const char *hash, recto_error *error)
{
    assert(repo->writing && "a password is set in a transaction");
    recto_status status = store_run(repo, error, SQL_PROFILE_SET_PASSWORD, "nss", zone, code, hash);
    return status == RECTO_OK && store_changes(repo) == 0 ? RECTO_ENOTFOUND : status;
}

recto_status repo_profile_delete(repo *repo, int zone, const char *code, const char *user, int64_t now, recto_error *error)
{
    int64_t last = 0;
    assert(repo->writing && "a profile is deleted in a transaction");
    recto_status status = store_run(repo, error, SQL_PROFILE_DELETE, "ns", zone, code);
    if (status == RECTO_OK && store_changes(repo) == 0)
        return RECTO_ENOTFOUND;
    if (status == RECTO_OK)
        status = store_number(&last, repo, error, SQL_PROFILE_LAST_VERSION, "ns", zone, code);
    if (status == RECTO_OK) /* a version without a text: here it was deleted */
        status =
            store_run(repo, error, SQL_PROFILE_VERSION_ADD, "nsniss", zone, code, (int)last + 1, now, user, (const char *)NULL);
    return status;
}
