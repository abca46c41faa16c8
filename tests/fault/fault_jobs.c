/* tests/fault/fault_jobs.c - the jobs that are disturbed (faults.c): each says what it was told is saved. */
#include "fault_jobs.h"

#include "recto/catalog/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOADED = 10, LOAD_MEMORY = 16 * 1024 * 1024, SLICES_MAX = 400 };

static const char MARK[] = "Typed while the disk was failing.";

/* ---- records ---------------------------------------------------------------------------------------------------------- */

static recto_status make_book(marc_record **out, int number, recto_error *error)
{
    char line[200];
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_record_append(record, "008", text_from("250101s2001    xxu           000 1 eng d"), error);
    (void)snprintf(line, sizeof line, "$a(OCoLC)%d", 7000 + number);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "035", "  ", line, error);
    (void)snprintf(line, sizeof line, "$aBook number %d /$cAnn Writer.", number);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "245", "10", line, error);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "650", " 0", "$aDisks$xFailures.", error);
    if (status == RECTO_OK)
        *out = record;
    else
        marc_record_free(record);
    return status;
}

static recto_status type_mark(edit_session *session, recto_error *error)
{
    char content[100];
    marc_edit *edit = edit_of(session);
    (void)snprintf(content, sizeof content, "  %ca%s", MARC_SUBFIELD_DELIMITER, MARK);
    return marc_edit_insert(edit, marc_record_place(marc_edit_record(edit), "500"), "500", text_from(content), error);
}

bool has_mark(const marc_record *record)
{
    for (size_t at = marc_record_find(record, "500", 0); at != SIZE_MAX; at = marc_record_find(record, "500", at + 1)) {
        text value = { NULL, 0 };
        if (marc_field_subfield(marc_record_field(record, at), 'a', &value) && text_equal(value, text_from(MARK)))
            return true;
    }
    return false;
}

recto_status sit_down(catalog **out, const char *path, recto_error *error)
{
    catalog_options options = {
        .repository = path, .user = "chief", .login = "chief", .owns_file = true, .mode = REPO_READ_WRITE, .with_session = true
    };
    recto_status status = recto_clock_init(&options.clock, "2026-01-31T12:00:00Z", error);
    return status == RECTO_OK ? catalog_open(out, &options, error) : status;
}

/* ---- jobs ------------------------------------------------------------------------------------------------------------- */

static void tell_parent(int pipe, char what, mms_id id, int version)
{
    const told line = { what, id, version };
    if (write(pipe, &line, sizeof line) != (ssize_t)sizeof line)
        _exit(1);
}

recto_status ingest_one(catalog *desk, int number, int tell, recto_error *error)
{
    marc_record *record = NULL;
    ingest_outcome outcome;
    recto_status status = make_book(&record, number, error);
    if (status != RECTO_OK)
        return status;
    const ingest_request request = { .record = record,
                                     .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                                     .policy = catalog_policy("load") };
    status = catalog_ingest(&outcome, desk, &request, error);
    if (status == RECTO_OK) {
        if (outcome.kind == OUTCOME_ADDED)
            tell_parent(tell, 'V', outcome.id, outcome.version);
        ingest_outcome_release(&outcome);
    }
    marc_record_free(record);
    return status;
}

static recto_status ingest_ten(catalog *desk, mms_id first, int tell, recto_error *error)
{
    recto_status status = RECTO_OK;
    (void)first;
    for (int i = 0; i < 10 && status == RECTO_OK; i++)
        status = ingest_one(desk, 100 + i, tell, error);
    return status;
}

static recto_status save_changed(catalog *desk, mms_id first, int tell, recto_error *error)
{
    edit_session *session = NULL;
    ingest_outcome outcome;
    recto_status status = edit_open(&session, desk, first, error);
    if (status == RECTO_OK)
        status = type_mark(session, error);
    if (status == RECTO_OK)
        status = edit_save(&outcome, session, true, error);
    if (status == RECTO_OK) {
        if (outcome.kind == OUTCOME_UPDATED)
            tell_parent(tell, 'V', outcome.id, outcome.version);
        ingest_outcome_release(&outcome);
    }
    edit_leave(&session);
    return status;
}

static recto_status keep_draft(catalog *desk, mms_id first, int tell, recto_error *error)
{
    edit_session *session = NULL;
    recto_status status = edit_open(&session, desk, first, error);
    if (status == RECTO_OK)
        status = type_mark(session, error);
    if (status == RECTO_OK)
        status = edit_keep_draft(session, text_of("", 0), error);
    if (status == RECTO_OK)
        tell_parent(tell, 'D', first, 0);
    edit_leave(&session);
    return status;
}

static recto_status add_holdings(catalog *desk, mms_id first, int tell, recto_error *error)
{
    marc_record *record = NULL;
    mms_id id = 0;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "852", "0 ", "$bMAIN$cSTACKS$hQA76$i.F4", error);
    if (status == RECTO_OK)
        status = catalog_holding_save(desk, &id, first, record, 0, error);
    if (status == RECTO_OK)
        tell_parent(tell, 'H', id, 0);
    marc_record_free(record);
    return status;
}

/* ---- a load in bulk: the same bytes again go on where the first stopped ------------------------------------------------- */

static void no_progress(void *context, const load_counts *counts)
{
    (void)context;
    (void)counts;
}

static recto_status no_rejects(void *context, const load_reject *reject, recto_error *error)
{
    (void)context;
    return recto_fail(error, RECTO_EDATA, "faults", NULL, "record %zu of the load was rejected: %s", reject->number,
                      reject->reason);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static recto_status pass_over(marc_reader *reader, uint64_t records, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK && marc_reader_number(reader) < records)
        status = marc_reader_next(reader, record, error);
    marc_record_free(record);
    return status;
}

static recto_status load_bytes(catalog *desk, text bytes, load_counts *counts, recto_error *error)
{
    const text key = text_from("the file of the load");
    const repo_zone *zone = catalog_zone(desk, ZONE_INSTITUTION);
    load_state state;
    marc_reader *reader = NULL;
    bool ended = false;
    recto_status status = catalog_load_state(&state, desk, zone, key, error);
    if (status != RECTO_OK || state.finished)
        return status;
    status = marc_reader_new_bytes(&reader, bytes, "load.mrk", NULL, error);
    if (status == RECTO_OK)
        status = pass_over(reader, state.records, error);
    const load_request request = { .reader = reader,
                                   .name = "load.mrk",
                                   .key = key,
                                   .zone = zone,
                                   .policy = catalog_policy("load"),
                                   .jobs = 1, /* the layer counts events of one thread */
                                   .memory = LOAD_MEMORY,
                                   .reject = no_rejects,
                                   .progress = no_progress,
                                   .stop = never };
    if (status == RECTO_OK)
        status = catalog_load_file(counts, &ended, desk, &request, error);
    marc_reader_free(reader);
    return status;
}

static recto_status load_in_bulk(catalog *desk, mms_id first, int tell, recto_error *error)
{
    buffer bytes;
    load_counts counts = { 0 };
    (void)first;
    buffer_init(&bytes, 0);
    for (int i = 0; i < LOADED; i++)
        buffer_append_format(&bytes, "=LDR  00000nam a2200000 i 4500\n=245  10$aLoaded book %d\n=500  \\\\$aWords w%d of it.\n\n",
                             i, i);
    recto_status status =
        buffer_failed(&bytes) ? recto_fail_memory(error, "loading") : load_bytes(desk, buffer_text(&bytes), &counts, error);
    if (status == RECTO_OK)
        tell_parent(tell, 'N', 0, LOADED);
    buffer_release(&bytes);
    return status;
}

/* ---- what keeps the repository quick and safe ---------------------------------------------------------------------------- */

static recto_status tidy_up(catalog *desk, mms_id first, int tell, recto_error *error)
{
    bool more = true;
    recto_status status = RECTO_OK;
    (void)first;
    (void)tell;
    for (int i = 0; i < SLICES_MAX && more && status == RECTO_OK; i++)
        status = repo_tidy(catalog_repo(desk), &more, error);
    return status;
}

static recto_status index_anew(catalog *desk, mms_id first, int tell, recto_error *error)
{
    (void)first;
    (void)tell;
    return repo_rebuild_indexes(catalog_repo(desk), error);
}

static recto_status copy(catalog *desk, mms_id first, int tell, recto_error *error)
{
    char name[FAULT_PATH];
    (void)first;
    (void)snprintf(name, sizeof name, "%s-copy", repo_path(catalog_repo(desk)));
    recto_status status = repo_backup(catalog_repo(desk), name, error);
    if (status == RECTO_OK)
        tell_parent(tell, 'B', 0, 0);
    return status;
}

/* The migration is done by opening. */
static recto_status only_open(catalog *desk, mms_id first, int tell, recto_error *error)
{
    (void)desk;
    (void)first;
    (void)tell;
    (void)error;
    return RECTO_OK;
}

const job jobs[] = {
    { "ingest of ten", STAGE_PLAIN, ingest_ten, NULL, 1 },
    { "save", STAGE_PLAIN, save_changed, NULL, 1 },
    { "draft", STAGE_PLAIN, keep_draft, NULL, 1 },
    { "holdings", STAGE_PLAIN, add_holdings, NULL, 3 },
    { "load in bulk", STAGE_PLAIN, load_in_bulk, load_in_bulk, 1 },
    { "tidying the index", STAGE_UNTIDY, tidy_up, tidy_up, 35 },
    { "index made anew", STAGE_PLAIN, index_anew, NULL, 7 },
    { "backup", STAGE_PLAIN, copy, NULL, 7 },
    { "migration", STAGE_OLD, only_open, NULL, 7 },
};
const size_t job_count = sizeof jobs / sizeof *jobs;
