/* tests/fault/scarce_changing.c - jobs that change a repository in a transaction, run while memory or a statement of SQLite
 * fails; the transaction is taken back each time (scarce.h). */
#include "scarce.h"

#include "recto/repo/authorities.h"
#include "recto/repo/bulk.h"
#include "recto/repo/custody.h"
#include "recto/repo/gateway.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"
#include "recto/repo/profiles.h"
#include "recto/repo/rules.h"
#include "recto/repo/sets.h"
#include "recto/repo/templates.h"

/* What has become of a record. */
static recto_status put_bib(buffer *out, const scarce_stage *stage, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    bib_info info = { .id = 0 };
    recto_status status = repo_bib_load(stage->repo, id, &record, &info, SCARCE_NOW, error);
    THEN(scarce_put_record(out, record, error));
    buffer_append_format(out, "%lld %d %d %c %d %d %s %s\n", (long long)id, info.version, info.deleted, info.sync, info.items,
                         info.cataloging_level, info.title, info.originating_version);
    marc_record_free(record);
    return status;
}

static bib_write write_of(const scarce_stage *stage, mms_id id, const marc_record *record, int expected)
{
    return (bib_write){ .id = id,
                        .zone = stage->zone,
                        .record = record,
                        .expected_version = expected,
                        .user = "chief",
                        .origin = "editor",
                        .now = SCARCE_NOW + 60,
                        .brief_level = 3,
                        .suppressed = 1,
                        .sync = 'N' };
}

static recto_status add_record(buffer *out, const scarce_stage *stage, recto_error *error)
{
    mms_id id = 0;
    int version = 0;
    recto_status status = repo_bib_new_id(stage->repo, stage->zone, &id, error);
    const bib_write write = write_of(stage, id, stage->own, 0);
    THEN(repo_bib_write(stage->repo, &write, &version, error));
    THEN(put_bib(out, stage, id, error));
    return status;
}

static recto_status change_record(buffer *out, const scarce_stage *stage, recto_error *error)
{
    int version = 0;
    const bib_write write = write_of(stage, stage->bib, stage->other, 2);
    recto_status status = repo_bib_write(stage->repo, &write, &version, error);
    THEN(repo_bib_set_tags(stage->repo, stage->bib, 'B', 0, "chief", SCARCE_NOW, error));
    THEN(repo_bib_set_level(stage->repo, stage->bib, 30, "chief", SCARCE_NOW, error));
    THEN(repo_bib_set_source(stage->repo, stage->bib, 'H', "DLC", "20260202", error));
    THEN(repo_bib_set_link(stage->repo, stage->bib, stage->second, error));
    THEN(put_bib(out, stage, stage->bib, error));
    return status;
}

static recto_status delete_record(buffer *out, const scarce_stage *stage, recto_error *error)
{
    mms_id lives_on = 0;
    int64_t step = 0;
    recto_status status = repo_bib_delete(stage->repo, stage->second, 1, "chief", SCARCE_NOW, error);
    THEN(repo_bib_set_survivor(stage->repo, stage->second, stage->bib, error));
    THEN(repo_bib_survivor(stage->repo, stage->second, &lives_on, error));
    THEN(repo_deletion_step(&step, stage->repo, stage->second, error));
    THEN(repo_apart_put(stage->repo, stage->bib, stage->second, "because", "chief", SCARCE_NOW, error));
    THEN(put_bib(out, stage, stage->second, error));
    buffer_append_format(out, "%lld\n", (long long)lives_on);
    return status;
}

static recto_status change_authority(buffer *out, const scarce_stage *stage, recto_error *error)
{
    mms_id id = 0;
    recto_status status = repo_authority_new_id(stage->repo, stage->zone, &id, error);
    const bib_write first = write_of(stage, id, stage->authority, 0),
                    again = write_of(stage, stage->heading, stage->authority, 1);
    THEN(repo_bib_write(stage->repo, &first, NULL, error));
    THEN(repo_bib_write(stage->repo, &again, NULL, error));
    THEN(put_bib(out, stage, id, error));
    THEN(repo_bib_delete(stage->repo, stage->heading, 2, "chief", SCARCE_NOW, error));
    return status;
}

static recto_status change_holdings(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    mms_id id = stage->shelf, more = 0;
    recto_status status = repo_holding_write(repo, &id, stage->bib, stage->zone, stage->holdings, 1, "chief", SCARCE_NOW, error);
    THEN(repo_holding_write(repo, &more, stage->bib, stage->zone, stage->holdings, 0, "chief", SCARCE_NOW, error));
    THEN(repo_holding_move(repo, id, stage->second, stage->holdings, 2, "chief", SCARCE_NOW, error));
    THEN(repo_holding_delete(repo, more, "chief", SCARCE_NOW, error));
    THEN(repo_holding_undelete(repo, more, "chief", SCARCE_NOW, error));
    THEN(put_bib(out, stage, stage->bib, error));
    THEN(put_bib(out, stage, stage->second, error));
    return status;
}

static recto_status change_items(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    item made = {
        .holding = stage->shelf, .barcode = "3012", .copy = 2, .temporary_library = "LAW", .temporary_call_number = "K1"
    };
    item changed = { .id = stage->piece, .holding = stage->shelf, .barcode = "3013", .copy = 1 };
    recto_status status = repo_item_write(repo, &made, "chief", SCARCE_NOW, error);
    THEN(repo_item_write(repo, &changed, "chief", SCARCE_NOW, error));
    THEN(repo_item_delete(repo, made.id, "chief", SCARCE_NOW, error));
    THEN(repo_item_undelete(repo, made.id, "chief", SCARCE_NOW, error));
    THEN(put_bib(out, stage, stage->bib, error));
    return status;
}

static recto_status change_drafts(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const repo_draft draft = { .owner = "chief", .id = stage->second, .zone = stage->zone, .record = TEXT("r"), .title = "T" };
    repo *repo = stage->repo;
    repo_notice notice = { .owner = "chief", .id = stage->second, .kind = "assigned", .by = "cat2", .at = SCARCE_NOW };
    (void)out;
    recto_status status = repo_draft_put(repo, &draft, error);
    THEN(repo_draft_hand_over(repo, stage->second, "chief", "cat2", error));
    THEN(repo_draft_remove(repo, "chief", stage->bib, error));
    THEN(repo_notice_add(repo, &notice, error));
    THEN(repo_notices_told(repo, "chief", error));
    THEN(repo_notices_settle(repo, "chief", stage->second, error));
    return status;
}

static recto_status change_locks(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_lock holder = { .id = 0 };
    char session[64] = "";
    recto_status status = repo_session_begin(repo, "chief", "01EXAMPLE", SCARCE_NOW, session, error);
    THEN(repo_lock_take(repo, stage->bib, "chief", "01EXAMPLE", session, SCARCE_NOW, NULL, error));
    THEN(repo_session_seen(repo, session, SCARCE_NOW + 60, error));
    THEN(repo_session_used(repo, session, SCARCE_NOW + 61, error));
    THEN(repo_lock_get(repo, stage->bib, SCARCE_NOW + 62, &holder, error));
    THEN(repo_lock_take(repo, stage->second, "chief", "01EXAMPLE", session, SCARCE_NOW, NULL, error));
    THEN(repo_lock_break(repo, stage->second, "cat2", "why", SCARCE_NOW + 63, error));
    THEN(repo_lock_release(repo, stage->bib, session, error));
    THEN(repo_session_end(repo, session, SCARCE_NOW + 64, error));
    buffer_append_format(out, "%s %s\n", holder.owner, holder.institution);
    return status;
}

static recto_status change_users(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const repo_user user = { .name = "cat2", .full_name = "A cataloger", .roles = "cataloger", .active = true };
    const audit_entry entry = { SCARCE_NOW, "chief", "", "user.put", "cat2", "", "done", "detail" };
    repo *repo = stage->repo;
    recto_status status = repo_user_put(repo, &user, error);
    THEN(repo_user_set_password(repo, "cat2", "hash", error));
    THEN(repo_user_set_level(repo, "cat2", 20, error));
    THEN(repo_user_password(repo, "cat2", out, error));
    THEN(repo_audit(repo, &entry, error));
    THEN(repo_setting_set(repo, stage->zone, "lock_minutes", "30", error));
    THEN(repo_load_place_set(repo, TEXT("file"), 200, 4, error));
    THEN(repo_load_place_clear(repo, TEXT("file"), error));
    return status;
}

static recto_status change_sets(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    const mms_id ids[] = { stage->bib, stage->second };
    record_set one = { .zone = stage->zone, .name = "one", .owner = "chief" }, two = { .zone = stage->zone, .name = "two" };
    record_set logical = { .zone = stage->zone, .name = "logical", .logical = true };
    size_t count = 0;
    recto_status status = repo_set_put(repo, &one, TEXT(""), SCARCE_NOW, error);
    THEN(repo_set_put(repo, &two, TEXT(""), SCARCE_NOW, error));
    THEN(repo_set_put(repo, &logical, TEXT("ti = solitude"), SCARCE_NOW, error));
    THEN(repo_set_add(repo, one.number, ids, 2, SCARCE_NOW, &count, error));
    THEN(repo_set_add(repo, two.number, ids, 1, SCARCE_NOW, &count, error));
    THEN(repo_set_combine(repo, one.number, two.number, SET_SUBTRACT, SCARCE_NOW, error));
    THEN(repo_set_combine(repo, one.number, two.number, SET_UNITE, SCARCE_NOW, error));
    THEN(repo_set_combine(repo, one.number, two.number, SET_INTERSECT, SCARCE_NOW, error));
    THEN(repo_set_take_out(repo, one.number, ids, 2, SCARCE_NOW, &count, error));
    THEN(repo_set_put(repo, &two, TEXT(""), SCARCE_NOW + 1, error));
    THEN(repo_set_remove(repo, two.number, error));
    buffer_append_format(out, "%zu\n", count);
    return status;
}

static recto_status change_jobs(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_job job = { .type = "rules", .title = "Another", .user = "chief", .zone = stage->zone, .started_at = SCARCE_NOW };
    repo_job_row row = { .id = stage->bib, .kind = 'B', .outcome = "failed", .message = "no", .has_checksum = true };
    recto_status status = repo_record_checksum(row.checksum, repo, stage->own, error);
    THEN(repo_job_begin(repo, &job, TEXT("parameters"), error));
    THEN(repo_job_row_add(repo, job.id, &row, error));
    THEN(repo_job_row_taken_back(repo, job.id, row.number, error));
    THEN(repo_job_end(repo, job.id, "failed", SCARCE_NOW, error));
    THEN(repo_job_get(repo, job.id, &job, out, error));
    buffer_append_format(out, "%s %zu\n", job.status, job.failed);
    return status;
}

static recto_status change_texts(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_rule rule = { .zone = stage->zone, .language = "norm", .name = "ours", .saved_at = SCARCE_NOW, .saved_by = "chief" };
    repo_profile profile = {
        .zone = stage->zone, .code = "GATE", .type = "gateway", .saved_at = SCARCE_NOW, .saved_by = "chief"
    };
    repo_template template = { .zone = stage->zone, .kind = "template", .owner = "chief", .name = "Book", .saved_by = "chief" };
    recto_status status = repo_rule_put(repo, &rule, TEXT("rule \"b\" when TRUE then end"), 1, error);
    rule.deleted = true;
    THEN(repo_rule_put(repo, &rule, TEXT(""), 2, error));
    THEN(repo_profile_put(repo, &profile, TEXT("port 5501"), error));
    THEN(repo_profile_set_password(repo, stage->zone, "GATE", NULL, error));
    THEN(repo_profile_delete(repo, stage->zone, "GATE", "chief", SCARCE_NOW, error));
    THEN(repo_template_put(repo, &template, TEXT("=245  10$aAnother"), 1, error));
    buffer_append_format(out, "%d %d %d\n", rule.version, profile.version, template.version);
    return status;
}

static recto_status change_gateway(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_gateway_row row = { .at = SCARCE_NOW + 5, .zone = stage->zone, .code = "no", .reply = "refused" };
    recto_status status = repo_gateway_add(repo, &row, TEXT(""), TEXT("bytes of another"), error);
    THEN(repo_gateway_kept(repo, row.number, out, error));
    THEN(repo_gateway_kept_remove(repo, row.number, error));
    THEN(repo_gateway_prune(repo, SCARCE_NOW + 1, SCARCE_NOW + 1, error));
    return status;
}

static recto_status index_anew(buffer *out, const scarce_stage *stage, recto_error *error)
{
    (void)out;
    return repo_rebuild_indexes(stage->repo, error);
}

/* ---- each a transaction of its own ------------------------------------------------------------------------------- */

static recto_status change_own_texts(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const repo_draft draft = { .owner = "cat3", .id = stage->second, .zone = stage->zone, .record = TEXT("r"), .title = "T" };
    const repo_notice notice = { .owner = "cat3", .id = stage->second, .kind = "assigned", .by = "chief", .at = SCARCE_NOW };
    repo *repo = stage->repo;
    recto_status status = repo_draft_put(repo, &draft, error);
    THEN(repo_draft_remove(repo, "cat3", stage->second, error));
    THEN(repo_notice_add(repo, &notice, error));
    THEN(repo_notices_told(repo, "cat3", error));
    THEN(repo_notices_settle(repo, "cat3", stage->second, error));
    THEN(repo_setting_set(repo, stage->zone, "own", "1", error));
    THEN(repo_setting_get(repo, stage->zone, "own", out, error));
    return status;
}

static recto_status change_own_records(buffer *out, const scarce_stage *stage, recto_error *error)
{
    item changed = { .id = stage->piece, .holding = stage->shelf, .barcode = "3011", .copy = 1 };
    repo *repo = stage->repo;
    const mms_id ids[] = { stage->second };
    size_t count = 0;
    recto_status status = repo_bib_set_tags(repo, stage->second, 'B', 0, "chief", SCARCE_NOW, error);
    THEN(repo_bib_set_level(repo, stage->second, 10, "chief", SCARCE_NOW, error));
    THEN(repo_bib_set_link(repo, stage->second, stage->bib, error));
    THEN(repo_apart_put(repo, stage->bib, stage->second, "because", "chief", SCARCE_NOW, error));
    THEN(repo_item_write(repo, &changed, "chief", SCARCE_NOW, error));
    THEN(repo_set_add(repo, 1, ids, 1, SCARCE_NOW, NULL, error));
    THEN(repo_set_take_out(repo, 1, ids, 1, SCARCE_NOW, &count, error));
    THEN(put_bib(out, stage, stage->second, error));
    return status;
}

static recto_status tidy_up(buffer *out, const scarce_stage *stage, recto_error *error)
{
    bool more = true;
    recto_status status = RECTO_OK;
    (void)out;
    while (more && status == RECTO_OK)
        status = repo_tidy(stage->repo, &more, error);
    return status;
}

/* ---- many at once ------------------------------------------------------------------------------------------------ */

typedef struct bulk_tools {
    bulk_maker *maker;
    bulk_slot *slot;
    bulk_batch *batch;
    bulk *bulk;
} bulk_tools;

static recto_status fill_batch(const bulk_tools *tools, const scarce_stage *stage, recto_error *error)
{
    int64_t number = 0, document = 0;
    recto_status status = bulk_numbers(tools->bulk, 3, &number, error);
    THEN(bulk_next_document(&document, tools->bulk, error));
    if (status == RECTO_OK)
        bulk_batch_clear(tools->batch, document);
    for (int64_t i = 0; i < 2 && status == RECTO_OK; i++) {
        const bib_write write = write_of(stage, bulk_id(tools->bulk, number + i), i == 0 ? stage->own : stage->other, 0);
        status = bulk_make(tools->slot, tools->maker, &write, error);
        THEN(bulk_batch_add(tools->batch, tools->slot, error));
    }
    THEN(bulk_return_numbers(tools->bulk, number + 2, error));
    THEN(bulk_batch_end(tools->batch, error));
    return status;
}

static recto_status store_in_bulk(buffer *out, const scarce_stage *stage, recto_error *error)
{
    bulk_tools tools = { .maker = NULL };
    int64_t first = 0;
    recto_status status = bulk_maker_new(&tools.maker, error);
    THEN(bulk_slot_new(&tools.slot, error));
    THEN(bulk_batch_new(&tools.batch, error));
    THEN(bulk_new(&tools.bulk, stage->repo, stage->zone, error));
    THEN(fill_batch(&tools, stage, error));
    THEN(bulk_store(tools.bulk, tools.batch, &first, error));
    if (status == RECTO_OK)
        buffer_append_format(out, "%zu\n", bulk_batch_count(tools.batch));
    bulk_free(tools.bulk);
    bulk_batch_free(tools.batch);
    bulk_slot_free(tools.slot);
    bulk_maker_free(tools.maker);
    return status;
}

const scarce_job scarce_changing_jobs[] = {
    { "a new record", SCARCE_CHANGES, add_record },
    { "a changed record", SCARCE_CHANGES, change_record },
    { "a deleted record", SCARCE_CHANGES, delete_record },
    { "authority records", SCARCE_CHANGES, change_authority },
    { "holdings records", SCARCE_CHANGES, change_holdings },
    { "items", SCARCE_CHANGES, change_items },
    { "drafts and notices", SCARCE_CHANGES, change_drafts },
    { "sessions and locks", SCARCE_CHANGES, change_locks },
    { "users", SCARCE_CHANGES, change_users },
    { "sets", SCARCE_CHANGES, change_sets },
    { "jobs", SCARCE_CHANGES, change_jobs },
    { "rules, profiles, templates", SCARCE_CHANGES, change_texts },
    { "log of the gateway", SCARCE_CHANGES, change_gateway },
    { "the index anew in a transaction", SCARCE_CHANGES, index_anew },
    { "storing in bulk", SCARCE_CHANGES, store_in_bulk },
    { "drafts and notices alone", SCARCE_ALONE, change_own_texts },
    { "tags, items and sets alone", SCARCE_ALONE, change_own_records },
    { "tidying alone", SCARCE_ALONE, tidy_up },
    { "the index anew alone", SCARCE_ALONE, index_anew },
    { .name = NULL },
};
