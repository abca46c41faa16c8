/* src/repo/sets.c - sets of records and their members. */
#include "recto/repo/sets.h"
#include "search.h"
#include <string.h>

static recto_status no_set(recto_error *error)
{
    return recto_fail(error, RECTO_ENOTFOUND, NULL, "see the list of sets", "there is no such set");
}

static void read_set(record_set *out, const rows *rows)
{
    *out = (record_set){ .number = row_int64(rows, 0),
                         .zone = row_int(rows, 1),
                         .type = (search_type)row_int(rows, 3),
                         .logical = row_int(rows, 4) != 0,
                         .is_public = row_int(rows, 6) != 0,
                         .created_at = row_int64(rows, 10),
                         .modified_at = row_int64(rows, 11) };
    row_string(rows, 2, out->name, sizeof out->name);
    row_string(rows, 5, out->owner, sizeof out->owner);
    row_string(rows, 7, out->note, sizeof out->note);
    row_string(rows, 8, out->scope, sizeof out->scope);
}

static recto_status count_members(record_set *set, repo *repo, recto_error *error)
{
    rows rows;
    if (set->logical)
        return RECTO_OK;
    (void)rows_open(&rows, repo, error, SQL_SET_COUNTS, "i", set->number);
    if (rows_next(&rows)) {
        set->members = (size_t)row_int64(&rows, 0);
        set->gone = (size_t)row_int64(&rows, 1);
    }
    return rows_close(&rows);
}

static recto_status finish_get(rows *rows, record_set *out, buffer *query, recto_error *error)
{
    repo *repo = rows->repo;
    bool found = rows_next(rows);
    if (found) {
        read_set(out, rows);
        if (query != NULL)
            buffer_append_text(query, row_text(rows, 9));
    }
    recto_status status = rows_close(rows);
    if (status == RECTO_OK && !found)
        return no_set(error);
    return status == RECTO_OK ? count_members(out, repo, error) : status;
}

recto_status repo_set_get(repo *repo, int64_t number, record_set *out, buffer *query, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_SET_GET, "i", number);
    return finish_get(&rows, out, query, error);
}

recto_status repo_set_named(repo *repo, int zone, const char *name, record_set *out, buffer *query, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_SET_NAMED, "ns", zone, name);
    return finish_get(&rows, out, query, error);
}

recto_status repo_sets(repo *repo, int zone, bool (*visit)(void *context, const record_set *set, text query), void *context,
                       recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    bool more = true;
    (void)rows_open(&rows, repo, error, SQL_SETS, "n", zone);
    while (more && status == RECTO_OK && rows_next(&rows)) {
        record_set set;
        read_set(&set, &rows);
        status = count_members(&set, repo, error);
        if (status == RECTO_OK)
            more = visit(context, &set, row_text(&rows, 9));
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static recto_status store_set(repo *repo, record_set *set, text query, int64_t now, recto_error *error)
{
    if (set->number != 0)
        return store_run(repo, error, SQL_SET_UPDATE, "isnnsnssti", set->number, set->name, (int)set->type, (int)set->logical,
                         set->owner, (int)set->is_public, set->note, set->scope, query, now);
    recto_status status = store_run(repo, error, SQL_SET_ADD, "nsnnsnssti", set->zone, set->name, (int)set->type,
                                    (int)set->logical, set->owner, (int)set->is_public, set->note, set->scope, query, now);
    if (status == RECTO_OK) {
        set->number = sqlite3_last_insert_rowid(repo->database);
        set->created_at = now;
    }
    return status;
}

recto_status repo_set_put(repo *repo, record_set *set, text query, int64_t now, recto_error *error)
{
    bool own;
    if (text_trim(text_from(set->name)).length == 0)
        return recto_fail(error, RECTO_EINVALID, NULL, "give it a name", "a set has no name");
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_set(repo, set, query, now, error);
    if (status != RECTO_OK && sqlite3_extended_errcode(repo->database) == SQLITE_CONSTRAINT_UNIQUE)
        status = recto_fail(error, RECTO_EREFUSED, set->name, "take another name", "a set of this name exists");
    if (status == RECTO_OK)
        set->modified_at = now;
    return change_end(repo, own, status, error);
}

recto_status repo_set_remove(repo *repo, int64_t number, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_SET_CLEAR, "i", number);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_SET_REMOVE, "i", number);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = no_set(error);
    return change_end(repo, own, status, error);
}

/* Only an itemized set has members. */
static recto_status need_members(repo *repo, int64_t number, recto_error *error)
{
    record_set set;
    recto_status status = repo_set_get(repo, number, &set, NULL, error);
    if (status == RECTO_OK && set.logical)
        return recto_fail(error, RECTO_EREFUSED, set.name, "make an itemized set of it first",
                          "a logical set has no members of its own");
    return status;
}

static recto_status touch(repo *repo, int64_t number, int64_t now, recto_error *error)
{
    recto_status status = need_members(repo, number, error);
    return status == RECTO_OK ? store_run(repo, error, SQL_SET_TOUCH, "ii", number, now) : status;
}

recto_status repo_set_add(repo *repo, int64_t number, const mms_id *ids, size_t count, int64_t now, size_t *added,
                          recto_error *error)
{
    int64_t last = 0;
    size_t new_ones = 0;
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = touch(repo, number, now, error);
    if (status == RECTO_OK)
        status = store_number(&last, repo, error, SQL_SET_LAST, "i", number);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        status = store_run(repo, error, SQL_SET_MEMBER_ADD, "iii", number, last + 1, ids[i]);
        if (status == RECTO_OK && store_changes(repo) > 0) {
            last++;
            new_ones++;
        }
    }
    if (added != NULL)
        *added = new_ones;
    return change_end(repo, own, status, error);
}

recto_status repo_set_take_out(repo *repo, int64_t number, const mms_id *ids, size_t count, int64_t now, size_t *taken,
                               recto_error *error)
{
    size_t went = 0;
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = touch(repo, number, now, error);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        status = store_run(repo, error, SQL_SET_MEMBER_REMOVE, "ii", number, ids[i]);
        went += status == RECTO_OK && store_changes(repo) > 0;
    }
    if (taken != NULL)
        *taken = went;
    return change_end(repo, own, status, error);
}

recto_status repo_set_combine(repo *repo, int64_t number, int64_t other, set_operation operation, int64_t now, recto_error *error)
{
    static const enum sql_id statements[] = { SQL_SET_UNITE, SQL_SET_KEEP_BOTH, SQL_SET_SUBTRACT };
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = need_members(repo, other, error);
    if (status == RECTO_OK)
        status = touch(repo, number, now, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, statements[operation], "ii", number, other);
    return change_end(repo, own, status, error);
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

recto_status repo_set_members(repo *repo, int64_t number, bool (*visit)(void *context, mms_id id, bool gone), void *context,
                              recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_SET_MEMBERS, "i", number);
    while (rows_next(&rows))
        if (!visit(context, row_int64(&rows, 0), row_int(&rows, 1) != 0))
            break;
    return rows_close(&rows);
}

recto_status repo_find_by_barcode(repo *repo, text barcode, bool (*visit)(void *context, mms_id id), void *context,
                                  recto_error *error)
{
    rows rows;
    buffer key;
    buffer_init(&key, 0);
    barcode_key(&key, barcode);
    if (buffer_failed(&key)) {
        buffer_release(&key);
        return recto_fail_memory(error, "looking for a barcode");
    }
    (void)rows_open(&rows, repo, error, SQL_BARCODE_BIBS, "t", buffer_text(&key));
    while (key.length > 0 && rows_next(&rows))
        if (!visit(context, row_int64(&rows, 0)))
            break;
    recto_status status = rows_close(&rows);
    buffer_release(&key);
    return status;
}
