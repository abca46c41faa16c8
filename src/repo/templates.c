/* src/repo/templates.c - templates, text strings and macros with their versions. */
#include "recto/repo/templates.h"
#include "store.h"
#include <assert.h>

enum { SOURCE = 10 }; /* column behind those of the row */

static void read_template(repo_template *out, const rows *rows)
{
    *out = (repo_template){ .id = row_int64(rows, 0),
                            .zone = row_int(rows, 1),
                            .version = row_int(rows, 5),
                            .deleted = row_int(rows, 6) != 0,
                            .saved_at = row_int64(rows, 7) };
    row_string(rows, 2, out->kind, sizeof out->kind);
    row_string(rows, 3, out->owner, sizeof out->owner);
    row_string(rows, 4, out->name, sizeof out->name);
    row_string(rows, 8, out->saved_by, sizeof out->saved_by);
    row_string(rows, 9, out->note, sizeof out->note);
}

static recto_status visit_all(rows *rows, repo_template_visit visit, void *context)
{
    while (rows_next(rows)) {
        repo_template found;
        read_template(&found, rows);
        visit(context, &found, row_text(rows, SOURCE));
    }
    return rows_close(rows);
}

recto_status repo_templates(repo *repo, const char *kind, int zone, const char *owner, repo_template_visit visit, void *context,
                            recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_TEMPLATES, "sns", kind, zone, owner);
    return visit_all(&rows, visit, context);
}

recto_status repo_template_versions(repo *repo, mms_id id, repo_template_visit visit, void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_TEMPLATE_VERSIONS, "i", id);
    return visit_all(&rows, visit, context);
}

static recto_status take_one(rows *rows, repo_template *out, buffer *source, recto_error *error)
{
    bool found = false;
    if (rows_next(rows)) {
        found = true;
        read_template(out, rows);
        if (source != NULL && !out->deleted)
            buffer_append_text(source, row_text(rows, SOURCE));
    }
    recto_status status = rows_close(rows);
    if (status == RECTO_OK && source != NULL && buffer_failed(source))
        return recto_fail_memory(error, "reading a template");
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

recto_status repo_template_get(repo *repo, int zone, const char *kind, const char *owner, const char *name, int version,
                               repo_template *out, buffer *source, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_TEMPLATE_GET, "nsssn", zone, kind, owner, name, version);
    return take_one(&rows, out, source, error);
}

recto_status repo_template_by_id(repo *repo, mms_id id, repo_template *out, buffer *source, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_TEMPLATE_BY_ID, "i", id);
    return take_one(&rows, out, source, error);
}

static recto_status refuse_unseen(const repo_template *stored, int expected, recto_error *error)
{
    char when[40];
    const int seen = stored->deleted ? 0 : stored->version;
    if (seen == expected)
        return RECTO_OK;
    if (seen == 0)
        return recto_fail(error, RECTO_EREFUSED, stored->name, "save it under a new name", "it is not there any more");
    clock_format_local(when, sizeof when, stored->saved_at);
    return recto_fail(error, RECTO_EREFUSED, stored->name, "nothing was saved; look at the newest version first",
                      "it was saved at %s by %s (version %d); your text is of version %d", when, stored->saved_by, seen,
                      expected);
}

recto_status repo_template_put(repo *repo, repo_template *info, text source, int expected_version, recto_error *error)
{
    repo_template stored = { .deleted = true };
    assert(repo->writing && "a template is saved in a transaction");
    string_keep(stored.name, sizeof stored.name, text_from(info->name));
    recto_status status = repo_template_get(repo, info->zone, info->kind, info->owner, info->name, 0, &stored, NULL, error);
    if (status == RECTO_ENOTFOUND)
        status = RECTO_OK;
    if (status == RECTO_OK)
        status = refuse_unseen(&stored, expected_version, error);
    if (status == RECTO_OK && stored.id == 0)
        status = repo_bib_new_id(repo, info->zone, &stored.id, error);
    if (status != RECTO_OK)
        return status;
    info->id = stored.id;
    info->version = stored.version + 1;
    status = store_run(repo, error, SQL_TEMPLATE_PUT, "insssn", info->id, info->zone, info->kind, info->owner, info->name,
                       info->version);
    if (status != RECTO_OK)
        return status;
    return store_run(repo, error, SQL_TEMPLATE_VERSION_ADD, "innisst", info->id, info->version, (int)info->deleted,
                     info->saved_at, info->saved_by, info->note, source);
}
