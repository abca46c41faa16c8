/* src/repo/users.c - users and their password hashes, the audit trail, and the places of loads that were cut off. */
#include "store.h"
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* ---- users --------------------------------------------------------------------------------------------------------------- */

recto_status repo_user_put(repo *repo, const repo_user *user, recto_error *error)
{
    bool own;
    if (user->name[0] == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "a user needs a name");
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_USER_PUT, "sssn", user->name, user->full_name, user->roles, user->active ? 1 : 0);
    return change_end(repo, own, status, error);
}

static void read_user(repo_user *out, const rows *rows)
{
    memset(out, 0, sizeof *out);
    row_string(rows, 0, out->name, sizeof out->name);
    row_string(rows, 1, out->full_name, sizeof out->full_name);
    row_string(rows, 2, out->roles, sizeof out->roles);
    out->active = row_int(rows, 3) != 0;
    out->has_password = row_int(rows, 4) != 0;
}

static recto_status fail_unknown(const char *name, recto_error *error)
{
    return recto_fail(error, RECTO_ENOTFOUND, name, "an administrator adds users with: recto user add", "no such user");
}

recto_status repo_user_get(repo *repo, const char *name, repo_user *out, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_USER_GET, "s", name);
    if (rows_next(&rows)) {
        found = true;
        read_user(out, &rows);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? fail_unknown(name, error) : status;
}

recto_status repo_users(repo *repo, void (*visit)(void *context, const repo_user *user), void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_USERS, "");
    while (rows_next(&rows)) {
        repo_user user;
        read_user(&user, &rows);
        visit(context, &user);
    }
    return rows_close(&rows);
}

recto_status repo_user_set_password(repo *repo, const char *name, const char *hash, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_USER_SET_PASSWORD, "ss", name, hash);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = fail_unknown(name, error);
    return change_end(repo, own, status, error);
}

recto_status repo_user_password(repo *repo, const char *name, buffer *out, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_USER_PASSWORD, "s", name);
    if (rows_next(&rows) && !row_is_null(&rows, 0)) {
        found = true;
        buffer_append_text(out, row_text(&rows, 0));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, name, NULL, "this user has no password");
    return status;
}

/* ---- audit ---------------------------------------------------------------------------------------------------------------- */

/* Each part with its end, so that no two rows have the same bytes; then the hash of the row before (RL-174). */
void audit_hash(unsigned char out[static AUDIT_HASH_LENGTH], text before, int64_t at, const text *parts, size_t count)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, AUDIT_HASH_LENGTH);
    (void)crypto_generichash_update(&state, (const unsigned char *)before.bytes, before.length);
    unsigned char when[8];
    for (int i = 0; i < 8; i++)
        when[i] = (unsigned char)((uint64_t)at >> (8 * i));
    (void)crypto_generichash_update(&state, when, sizeof when);
    for (size_t i = 0; i < count; i++) {
        (void)crypto_generichash_update(&state, (const unsigned char *)parts[i].bytes, parts[i].length);
        (void)crypto_generichash_update(&state, (const unsigned char *)"", 1);
    }
    (void)crypto_generichash_final(&state, out, AUDIT_HASH_LENGTH);
}

static recto_status last_hash(buffer *out, repo *repo, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_AUDIT_LAST, "");
    if (rows_next(&rows))
        buffer_append_text(out, row_text(&rows, 0));
    return rows_close(&rows);
}

recto_status repo_audit(repo *repo, const audit_entry *entry, recto_error *error)
{
    char host[64] = "";
    unsigned char hash[AUDIT_HASH_LENGTH];
    buffer before;
    assert(repo->writing && "an audit row belongs to the transaction of its act");
    buffer_init(&before, 1000);
    (void)gethostname(host, sizeof host - 1);
    recto_status status = last_hash(&before, repo, error);
    if (status == RECTO_OK && buffer_failed(&before))
        status = recto_fail_memory(error, "writing the audit trail");
    if (status == RECTO_OK) {
        const text parts[AUDIT_PARTS] = { text_from(entry->actor),  text_from(entry->acting_as), text_from(host),
                                          text_from(RECTO_VERSION), text_from(entry->act),       text_from(entry->object),
                                          text_from(entry->zone),   text_from(entry->outcome),   text_from(entry->detail) };
        audit_hash(hash, buffer_text(&before), entry->at, parts, AUDIT_PARTS);
        status = store_run(repo, error, SQL_AUDIT_ADD, "itttttttttb", entry->at, parts[0], parts[1], parts[2], parts[3], parts[4],
                           parts[5], parts[6], parts[7], parts[8], text_of((const char *)hash, sizeof hash));
    }
    buffer_release(&before);
    return status;
}

/* ---- places of loads --------------------------------------------------------------------------------------------- */

recto_status repo_load_place_get(repo *repo, text file_key, uint64_t *done_bytes, uint64_t *done_records, recto_error *error)
{
    rows rows;
    *done_bytes = *done_records = 0;
    (void)rows_open(&rows, repo, error, SQL_LOAD_PLACE_GET, "b", file_key);
    if (rows_next(&rows)) {
        *done_bytes = (uint64_t)row_int64(&rows, 0);
        *done_records = (uint64_t)row_int64(&rows, 1);
    }
    return rows_close(&rows);
}

recto_status repo_load_place_set(repo *repo, text file_key, uint64_t done_bytes, uint64_t done_records, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_LOAD_PLACE_SET, "bii", file_key, (int64_t)done_bytes, (int64_t)done_records);
    return change_end(repo, own, status, error);
}

recto_status repo_load_place_clear(repo *repo, text file_key, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_LOAD_PLACE_CLEAR, "b", file_key), error);
}
