/* tests/fault/scarce_upkeep.c - jobs on a repository of their own, run while memory, statements, writes or syncs fail: making,
 * opening and bringing up one, copying it, and what keeps its index and its log in order (scarce.h).
 *
 * Each run finds the same file, and what the failure has left is then checked wholly. */
#include "scarce.h"

#include "../../src/repo/postings_inside.h"
#include "recto/repo/bulk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void old_failed(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
#define OLD_FAILED(...) old_failed(__VA_ARGS__)
#include "repo/old_schema.h"

enum { PATH_LENGTH = 512, BATCHES = 25, WAITING = 300 };

static void old_failed(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)fprintf(stderr, "scarce: ");
    (void)vfprintf(stderr, format, values);
    (void)fputc('\n', stderr);
    va_end(values);
    exit(2);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static const char *path_of(char out[static PATH_LENGTH], const scarce_stage *stage, const char *name)
{
    (void)snprintf(out, PATH_LENGTH, "%s/%s.recto", stage->folder, name);
    return out;
}

static void remove_repository(const scarce_stage *stage, const char *name)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-queue", ".synced", "-wal.synced" };
    char path[PATH_LENGTH], beside[PATH_LENGTH + 16];
    (void)path_of(path, stage, name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        (void)snprintf(beside, sizeof beside, "%s%s", path, endings[i]);
        (void)unlink(beside);
    }
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t got;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (in == NULL || out == NULL)
        old_failed("cannot copy %s", from);
    while ((got = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, got, out) != got)
            old_failed("cannot write %s", to);
    (void)fclose(in);
    if (fclose(out) != 0 || chmod(to, 0600) != 0)
        old_failed("cannot write %s", to);
}

static void lay_out(scarce_stage *stage, const char *name)
{
    char from[PATH_LENGTH], to[PATH_LENGTH];
    remove_repository(stage, "guest");
    copy_file(path_of(from, stage, name), path_of(to, stage, "guest"));
}

static void open_guest(scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    char path[PATH_LENGTH];
    scarce_must(repo_open(&stage->guest, path_of(path, stage, "guest"), REPO_READ_WRITE, &error), &error);
}

static void tell(void *context, const check_finding *finding)
{
    (void)context;
    (void)fprintf(stderr, "  %s %lld: %s\n", finding->kind, (long long)finding->id, finding->message);
}

static bool close_guest(scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict = { .sound = false };
    if (stage->guest == NULL)
        open_guest(stage);
    scarce_must(repo_check(stage->guest, true, tell, NULL, &verdict, &error), &error);
    repo_close(stage->guest);
    stage->guest = NULL;
    remove_repository(stage, "guest");
    return verdict.sound;
}

/* ---- much to tidy: segments of many small batches, and entries that wait ------------------------------------------ */

static const repo_plan *plan_of_one(void)
{
    static const char *const institutions[] = { "01EXAMPLE", "02OTHER" };
    static const repo_plan plan = {
        .institutions = institutions, .institution_count = 2, .network = "NETWORK", .owner = "chief", .now = SCARCE_NOW
    };
    return &plan;
}

static bib_write write_of(const scarce_stage *stage, mms_id id)
{
    return (bib_write){ .id = id,
                        .zone = 1,
                        .record = id % 2 == 0 ? stage->own : stage->other,
                        .user = "chief",
                        .origin = "load",
                        .now = SCARCE_NOW,
                        .suppressed = -1 };
}

static recto_status store_batch(bulk *bulk, const scarce_stage *stage, recto_error *error)
{
    bulk_maker *maker = NULL;
    bulk_slot *slot = NULL;
    bulk_batch *batch = NULL;
    int64_t number = 0, document = 0;
    recto_status status = bulk_maker_new(&maker, error);
    THEN(bulk_slot_new(&slot, error));
    THEN(bulk_batch_new(&batch, error));
    THEN(bulk_numbers(bulk, 2, &number, error));
    THEN(bulk_next_document(&document, bulk, error));
    if (status == RECTO_OK)
        bulk_batch_clear(batch, document);
    for (int64_t i = 0; i < 2 && status == RECTO_OK; i++) {
        const bib_write write = write_of(stage, bulk_id(bulk, number + i));
        status = bulk_make(slot, maker, &write, error);
        THEN(bulk_batch_add(batch, slot, error));
    }
    THEN(bulk_batch_end(batch, error));
    THEN(bulk_store(bulk, batch, &document, error));
    bulk_batch_free(batch);
    bulk_slot_free(slot);
    bulk_maker_free(maker);
    return status;
}

static recto_status in_transaction(repo *repo, recto_status status, recto_error *error)
{
    if (status == RECTO_OK)
        return repo_commit(repo, error);
    repo_rollback(repo);
    return status;
}

static recto_status load_batches(repo *repo, const scarce_stage *stage, int count, recto_error *error)
{
    bulk *bulk = NULL;
    recto_status status = bulk_new(&bulk, repo, 1, error);
    for (int i = 0; i < count && status == RECTO_OK; i++) {
        status = repo_begin(repo, error);
        if (status == RECTO_OK)
            status = in_transaction(repo, store_batch(bulk, stage, error), error);
    }
    bulk_free(bulk);
    return status;
}

static recto_status save_some(repo *repo, const scarce_stage *stage, recto_error *error)
{
    recto_status status = repo_begin(repo, error);
    for (int i = 0; i < WAITING && status == RECTO_OK; i++) {
        mms_id id = 0;
        status = repo_bib_new_id(repo, 1, &id, error);
        const bib_write write = write_of(stage, id);
        THEN(repo_bib_write(repo, &write, NULL, error));
    }
    return in_transaction(repo, status, error);
}

static const int old_schemas[] = { 1, 4, 11, 12 };

/* Bibs, holdings and items alone: authority records stood in tables of their own. */
static recto_status save_little(repo *repo, const scarce_stage *stage, recto_error *error)
{
    mms_id id = 0, shelf = 0;
    item item = { .barcode = "3011", .call_number = "PQ1 .A1" };
    recto_status status = repo_begin(repo, error);
    THEN(repo_bib_new_id(repo, 1, &id, error));
    if (status == RECTO_OK && id != stage->bib)
        old_failed("the first record is another");
    const bib_write write = write_of(stage, id);
    THEN(repo_bib_write(repo, &write, NULL, error));
    THEN(repo_holding_write(repo, &shelf, id, 1, stage->holdings, 0, "chief", SCARCE_NOW, error));
    item.holding = shelf;
    THEN(repo_item_write(repo, &item, "chief", SCARCE_NOW, error));
    return in_transaction(repo, status, error);
}

static void set_old(const scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    repo *little = NULL;
    char path[PATH_LENGTH], name[32], old[PATH_LENGTH];
    recto_status status = repo_create(path_of(path, stage, "little"), plan_of_one(), &error);
    THEN(repo_open(&little, path, REPO_READ_WRITE, &error));
    THEN(save_little(little, stage, &error));
    repo_close(little);
    scarce_must(status, &error);
    for (size_t i = 0; i < sizeof old_schemas / sizeof *old_schemas; i++) {
        (void)snprintf(name, sizeof name, "old%d", old_schemas[i]);
        old_make(path_of(old, stage, name), path, old_schemas[i]);
    }
}

void scarce_set_upkeep(const scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    repo *much = NULL;
    char path[PATH_LENGTH];
    recto_status status = repo_create(path_of(path, stage, "much"), plan_of_one(), &error);
    THEN(repo_open(&much, path, REPO_READ_WRITE, &error));
    THEN(load_batches(much, stage, BATCHES, &error));
    THEN(save_some(much, stage, &error));
    repo_close(much);
    scarce_must(status, &error);
    set_old(stage);
}

static void lay_out_much(scarce_stage *stage)
{
    lay_out(stage, "much");
    open_guest(stage);
}

static recto_status count_segments(buffer *out, repo *repo, recto_error *error)
{
    segment_list list = { .rows = NULL };
    bool own = false;
    recto_status status = look_begin(repo, &own, error);
    THEN(segments_read(&list, repo, error));
    look_end(repo, own);
    buffer_append_format(out, "%zu segments\n", list.count);
    segment_list_free(&list);
    return status;
}

static recto_status tidy_all(repo *repo, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (bool more = true; more && status == RECTO_OK;)
        status = repo_tidy(repo, &more, error);
    return status;
}

static recto_status tidy_much(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = tidy_all(stage->guest, error);
    THEN(count_segments(out, stage->guest, error));
    return status;
}

/* What a command leaves undone, for want of time or of memory, is done by whoever comes next. */
static recto_status tidy_briefly(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo_tidy_briefly(stage->guest);
    (void)out;
    return tidy_all(stage->guest, error);
}

static recto_status flush_at_once(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = repo_begin(stage->guest, error);
    if (status == RECTO_OK)
        status = in_transaction(stage->guest, postings_flush(stage->guest, 1, INT64_MAX, error), error);
    THEN(count_segments(out, stage->guest, error));
    return status;
}

static recto_status merge_a_load(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->guest;
    bulk *bulk = NULL;
    (void)out;
    recto_status status = bulk_new(&bulk, repo, 1, error);
    THEN(repo_begin(repo, error));
    if (status == RECTO_OK)
        status = in_transaction(repo, store_batch(bulk, stage, error), error);
    for (bool more = true; more && status == RECTO_OK;)
        status = bulk_merge(bulk, true, &more, error);
    bulk_free(bulk);
    return status;
}

static recto_status index_anew(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = repo_rebuild_indexes(stage->guest, error);
    THEN(count_segments(out, stage->guest, error));
    return status;
}

/* More than are asked one by one: along the index. */
static bool note_row(void *context, const bib_info *row)
{
    buffer_append_format(context, "%lld ", (long long)row->id);
    return true;
}

static recto_status sort_much(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = TEXT("solitude")
    };
    recto_status status = RECTO_OK;
    for (int sort = SORT_RANK; sort <= SORT_SERIES_BACKWARDS; sort++) {
        const search_request request = { .query = &query, .sort = (search_sort)sort, .offset = 150, .limit = 20 };
        THEN(repo_search(stage->guest, &request, note_row, out, NULL, error));
    }
    return status;
}

/* ---- the log ----------------------------------------------------------------------------------------------------- */

static void lay_out_little(scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    char path[PATH_LENGTH];
    remove_repository(stage, "guest");
    scarce_must(repo_create(path_of(path, stage, "guest"), plan_of_one(), &error), &error);
    open_guest(stage);
}

static recto_status reserve_log(buffer *out, const scarce_stage *stage, recto_error *error)
{
    (void)out;
    return repo_reserve_log(stage->guest, error);
}

static recto_status keep_log(buffer *out, const scarce_stage *stage, recto_error *error)
{
    (void)out;
    repo_keep_log(stage->guest);
    return tidy_all(stage->guest, error);
}

/* ---- making, opening, bringing up, copying ----------------------------------------------------------------------- */

static recto_status look_into(buffer *out, const char *path, repo_mode mode, const scarce_stage *stage, recto_error *error)
{
    repo *opened = NULL;
    marc_record *record = NULL;
    bib_info info = { .id = 0 };
    repo_zone zones[8];
    size_t count = 0;
    recto_status status = repo_open(&opened, path, mode, error);
    THEN(repo_zones(opened, zones, sizeof zones / sizeof *zones, &count, error));
    if (status == RECTO_OK && stage != NULL)
        status = repo_bib_load(opened, stage->bib, &record, &info, SCARCE_NOW, error);
    if (status == RECTO_OK && stage != NULL)
        status = scarce_put_record(out, record, error);
    buffer_append_format(out, "%zu zones, %s, read only %d\n", count, info.title, opened != NULL && repo_is_read_only(opened));
    marc_record_free(record);
    repo_close(opened);
    return status;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* What failed has left neither half a file nor one under another name. */
static bool nothing_beside(scarce_stage *stage)
{
    char path[PATH_LENGTH], beside[PATH_LENGTH + 32];
    (void)path_of(path, stage, "guest");
    (void)snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid());
    return !is_there(beside) && close_guest(stage);
}

static recto_status make(buffer *out, const scarce_stage *stage, recto_error *error)
{
    char path[PATH_LENGTH];
    remove_repository(stage, "guest");
    recto_status status = repo_create(path_of(path, stage, "guest"), plan_of_one(), error);
    if (status != RECTO_OK && is_there(path))
        return recto_fail(error, RECTO_EINVALID, path, NULL, "a repository that could not be made is there");
    THEN(look_into(out, path, REPO_READ_WRITE, NULL, error));
    return status;
}

static recto_status open_to_write(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return look_into(out, repo_path(stage->repo), REPO_READ_WRITE, stage, error);
}

static recto_status open_to_read(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return look_into(out, repo_path(stage->repo), REPO_READ_ONLY, stage, error);
}

static recto_status copy(buffer *out, const scarce_stage *stage, recto_error *error)
{
    char path[PATH_LENGTH];
    remove_repository(stage, "guest");
    recto_status status = repo_backup(stage->repo, path_of(path, stage, "guest"), error);
    if (status != RECTO_OK && is_there(path))
        return recto_fail(error, RECTO_EINVALID, path, NULL, "a backup that could not be made is there");
    (void)out;
    return status;
}

static void lay_out_old1(scarce_stage *stage)
{
    lay_out(stage, "old1");
}

static void lay_out_old4(scarce_stage *stage)
{
    lay_out(stage, "old4");
}

static void lay_out_old11(scarce_stage *stage)
{
    lay_out(stage, "old11");
}

static void lay_out_old12(scarce_stage *stage)
{
    lay_out(stage, "old12");
}

static recto_status bring_up(buffer *out, const scarce_stage *stage, recto_error *error)
{
    char path[PATH_LENGTH];
    return look_into(out, path_of(path, stage, "guest"), REPO_READ_WRITE, stage, error);
}

const scarce_guest_job scarce_upkeep_jobs[] = {
    { { "tidying much", SCARCE_GUEST, tidy_much }, lay_out_much, close_guest, 9 },
    { { "tidying briefly", SCARCE_GUEST, tidy_briefly }, lay_out_much, close_guest, 29 },
    { { "entries into a segment", SCARCE_GUEST, flush_at_once }, lay_out_much, close_guest, 9 },
    { { "segments of a load", SCARCE_GUEST, merge_a_load }, lay_out_much, close_guest, 9 },
    { { "the index of much anew", SCARCE_GUEST, index_anew }, lay_out_much, close_guest, 71 },
    { { "sorting much", SCARCE_GUEST, sort_much }, lay_out_much, close_guest, 53 },
    { { "room for the log", SCARCE_GUEST, reserve_log }, lay_out_little, close_guest, 3 },
    { { "keeping room for the log", SCARCE_GUEST, keep_log }, lay_out_little, close_guest, 3 },
    { { "making a repository", SCARCE_GUEST, make }, NULL, nothing_beside, 41 },
    { { "opening", SCARCE_GUEST, open_to_write }, NULL, NULL, 7 },
    { { "opening to read", SCARCE_GUEST, open_to_read }, NULL, NULL, 7 },
    { { "a backup", SCARCE_GUEST, copy }, NULL, nothing_beside, 15 },
    { { "schema 1 brought up", SCARCE_GUEST, bring_up }, lay_out_old1, close_guest, 25 },
    { { "schema 4 brought up", SCARCE_GUEST, bring_up }, lay_out_old4, close_guest, 41 },
    { { "schema 11 brought up", SCARCE_GUEST, bring_up }, lay_out_old11, close_guest, 25 },
    { { "schema 12 brought up", SCARCE_GUEST, bring_up }, lay_out_old12, close_guest, 25 },
    { .job.name = NULL },
};
