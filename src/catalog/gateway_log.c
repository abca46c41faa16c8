/* src/catalog/gateway_log.c - what came through the gateway, for those who never saw its reply; and trying again.
 *
 * Connexion's browser form shows "record exported" whatever the gateway answers (GW-32): here staff look it up. */
#include "gateway_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 10000, SECONDS_A_DAY = 86400, RECORD_MAX = 16 * 1024 * 1024 };

typedef struct row_list {
    gateway_log_row *rows;
    size_t count, capacity;
    recto_status status;
    recto_error *error;
} row_list;

static void take_row(gateway_log_row *out, const repo_gateway_row *row)
{
    const text reply = text_from(row->reply);
    text rest = reply;
    const text first = text_next_field(&rest, '\n');
    *out = (gateway_log_row){ .number = row->number,
                              .at = row->at,
                              .id = row->id,
                              .bytes = row->bytes,
                              .milliseconds = row->milliseconds,
                              .connection = row->connection,
                              .record_number = row->record,
                              .matches = row->matches,
                              .kept = row->kept };
    snprintf(out->institution, sizeof out->institution, "%s", row->institution);
    snprintf(out->peer, sizeof out->peer, "%s", row->peer);
    snprintf(out->user, sizeof out->user, "%s", row->user);
    snprintf(out->oclc, sizeof out->oclc, "%s", row->oclc);
    snprintf(out->title, sizeof out->title, "%s", row->title);
    snprintf(out->code, sizeof out->code, "%s", row->code);
    snprintf(out->form, sizeof out->form, "%s", row->form);
    snprintf(out->encoding, sizeof out->encoding, "%s", row->encoding);
    snprintf(out->stages, sizeof out->stages, "%s", row->stages);
    snprintf(out->warning, sizeof out->warning, "%s", row->warning);
    snprintf(out->message, sizeof out->message, "%.*s", (int)first.length, first.bytes);
    if (rest.bytes != NULL)
        snprintf(out->details, sizeof out->details, "%.*s", (int)rest.length, rest.bytes);
}

static void add_row(void *context, const repo_gateway_row *row)
{
    row_list *list = context;
    if (list->status == RECTO_OK && list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 32;
        gateway_log_row *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->status = recto_fail_memory(list->error, "reading the gateway's log");
            return;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    if (list->status == RECTO_OK)
        take_row(&list->rows[list->count++], row);
}

/* One's own institution, or the network's; others' and unknown ones are for the administrator. */
static recto_status may_see(const char **institution, catalog *catalog, const char *wanted, recto_error *error)
{
    *institution = catalog->own->code;
    if (wanted == NULL || strcmp(wanted, catalog->own->code) == 0)
        return RECTO_OK;
    *institution = strcmp(wanted, "*") == 0 ? NULL : wanted;
    if (*institution != NULL && catalog->network != NULL && strcmp(wanted, catalog->network->code) == 0)
        return RECTO_OK;
    if (catalog_may(catalog, PRIVILEGE_ADMINISTER))
        return RECTO_OK;
    return refuse_privilege(catalog, PRIVILEGE_ADMINISTER, "gateway.log", wanted, false, error);
}

recto_status catalog_gateway_log(gateway_log_row **out, size_t *count, catalog *catalog, const gateway_log_query *query,
                                 recto_error *error)
{
    row_list list = { .status = RECTO_OK, .error = error };
    repo_gateway_query wanted = { .from = query->from,
                                  .to = query->to,
                                  .code = query->code,
                                  .words = query->words,
                                  .number = query->number,
                                  .limit = query->limit == 0 || query->limit > ROWS_MAX ? ROWS_MAX : query->limit };
    buffer key;
    buffer_init(&key, 0);
    recto_status status = may_see(&wanted.institution, catalog, query->institution, error);
    if (status == RECTO_OK && query->oclc != NULL) {
        if (!number_oclc_typed(&key, text_from(query->oclc)))
            status = recto_fail(error, RECTO_EINVALID, query->oclc, NULL, "this is no OCLC number");
        wanted.oclc = buffer_string(&key);
    }
    if (status == RECTO_OK)
        status = repo_gateway_rows(catalog->repo, &wanted, add_row, &list, error);
    buffer_release(&key);
    if (status == RECTO_OK)
        status = list.status;
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

/* ---- trying again (GW-81) */

static recto_status find_row(gateway_log_row *out, catalog *catalog, int64_t number, recto_error *error)
{
    char what[32];
    row_list list = { .status = RECTO_OK, .error = error };
    const repo_gateway_query wanted = { .number = number, .limit = 1 };
    const char *institution = NULL;
    recto_status status = repo_gateway_rows(catalog->repo, &wanted, add_row, &list, error);
    snprintf(what, sizeof what, "gateway log %lld", (long long)number);
    if (status == RECTO_OK)
        status = list.status;
    if (status == RECTO_OK && list.count == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, what, "recto gateway log lists them", "there is no such row");
    if (status == RECTO_OK) {
        *out = list.rows[0];
        status = may_see(&institution, catalog, out->institution, error);
    }
    free(list.rows);
    return status;
}

static recto_status find_kept(buffer *out, catalog *catalog, int64_t number, recto_error *error)
{
    char what[32];
    recto_status status = repo_gateway_kept(catalog->repo, number, out, error);
    if (status != RECTO_ENOTFOUND)
        return status;
    snprintf(what, sizeof what, "gateway log %lld", (long long)number);
    return recto_fail(error, RECTO_ENOTFOUND, what, "export it from Connexion again",
                      "the bytes of this record are not kept, or not any more");
}

static recto_status forget_kept(catalog *catalog, int64_t number, recto_error *error)
{
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_gateway_kept_remove(catalog->repo, number, error);
    return transaction_end(&change, status, error);
}

static recto_status run_again(gateway_outcome *out, catalog *catalog, const gateway_log_row *row, text record, recto_error *error)
{
    gateway_desk *desk = NULL;
    gateway_request request = {
        .logon = text_from(row->institution), .user = text_from(row->user), .record = record, .record_number = (size_t)row->number
    };
    snprintf(request.peer, sizeof request.peer, "retry by %.54s", catalog->user);
    recto_status status = gateway_desk_new(&desk, catalog, error);
    if (status != RECTO_OK)
        return status;
    if (gateway_walk_run(out, desk, &request, true, error) == RECTO_OK) {
        session_follow(catalog, out->id); /* it may be open here, to be looked at */
        status = forget_kept(catalog, row->number, error);
    }
    gateway_desk_free(desk);
    return status;
}

recto_status catalog_gateway_retry(gateway_outcome *out, catalog *catalog, int64_t number, recto_error *error)
{
    gateway_log_row row = { .number = 0 };
    buffer record;
    buffer_init(&record, RECORD_MAX);
    *out = (gateway_outcome){ .kind = OUTCOME_REFUSED };
    recto_status status = need_privilege(catalog, PRIVILEGE_CATALOG, "gateway.retry", "gateway log", error);
    if (status == RECTO_OK)
        status = find_row(&row, catalog, number, error);
    if (status == RECTO_OK)
        status = find_kept(&record, catalog, number, error);
    if (status == RECTO_OK)
        status = run_again(out, catalog, &row, buffer_text(&record), error);
    buffer_release(&record);
    return status;
}

/* ---- growing old */

recto_status catalog_gateway_log_prune(catalog *catalog, int keep_days, int record_days, recto_error *error)
{
    transaction change = { .repo = NULL };
    const int64_t now = catalog_now(catalog);
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_gateway_prune(catalog->repo, now - (int64_t)keep_days * SECONDS_A_DAY,
                                    now - (int64_t)record_days * SECONDS_A_DAY, error);
    return transaction_end(&change, status, error);
}
