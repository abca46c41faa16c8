/* tests/catalog/jobs_test.c - a rule on a set: the trial changes nothing, applying it does what it showed, and it goes back. */
#include "catalog/room.h"

#include "recto/catalog/jobs.h"
#include "recto/catalog/settings.h"

#include <sqlite3.h>
#include <sys/wait.h>

static const char DROP_300[] = "rule \"Drop 300\"\nwhen\n  exists \"245.a.*whale*\"\nthen\n  removeField \"300\"\nend\n";
static const char ADD_500[] = "rule \"Add 500\"\nwhen\n  TRUE\nthen\n  addField \"500.a.Seen\"\nend\n";
enum { MANY = 450 };

static int zone_of(const catalog *desk)
{
    return catalog_zone(desk, ZONE_INSTITUTION)->id;
}

static int64_t try_rule(catalog *desk, const char *source, const char *words)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    const catalog_query query = { .type = SEARCH_ALL_TITLES, .text = words };
    must(catalog_rule_trial(&job, desk, zone_of(desk), NULL, text_from(source), &query, NULL, NULL, &error), &error);
    return job;
}

static int64_t apply(catalog *desk, int64_t trial)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    must(catalog_trial_apply(&job, desk, trial, NULL, NULL, &error), &error);
    return job;
}

static catalog_job job_of(catalog *desk, int64_t id)
{
    recto_error error = { .status = RECTO_OK };
    catalog_job job;
    must(catalog_job_get(&job, desk, id, &error), &error);
    return job;
}

typedef struct row_list {
    catalog_job_row rows[MANY + 10];
    size_t count;
} row_list;

static bool keep_row(void *context, const catalog_job_row *row)
{
    row_list *list = context;
    assert_true(list->count < sizeof list->rows / sizeof *list->rows);
    list->rows[list->count++] = *row;
    return true;
}

static void read_rows(row_list *out, catalog *desk, int64_t job)
{
    recto_error error = { .status = RECTO_OK };
    out->count = 0;
    must(catalog_job_rows(desk, job, keep_row, out, &error), &error);
}

static void assert_row(catalog *desk, int64_t job, mms_id id, const char *outcome, const char *message)
{
    row_list list;
    read_rows(&list, desk, job);
    for (size_t i = 0; i < list.count; i++)
        if (list.rows[i].id == id) {
            assert_string_equal(list.rows[i].outcome, outcome);
            assert_non_null(strstr(list.rows[i].message, message));
            return;
        }
    fail_msg("job %lld has no row of %lld", (long long)job, (long long)id);
}

/* RA-79: the counters are what the rows say. */
static void assert_counted(catalog *desk, int64_t id)
{
    const catalog_job job = job_of(desk, id);
    size_t changed = 0, unchanged = 0, skipped = 0, failed = 0;
    row_list list;
    read_rows(&list, desk, id);
    for (size_t i = 0; i < list.count; i++) {
        const char *outcome = list.rows[i].outcome;
        changed += strcmp(outcome, "changed") == 0 || strcmp(outcome, "reverted") == 0;
        unchanged += strcmp(outcome, "unchanged") == 0;
        skipped += strcmp(outcome, "skipped") == 0;
        failed += strcmp(outcome, "failed") == 0;
    }
    assert_int_equal(job.read, list.count);
    assert_int_equal(job.changed, changed);
    assert_int_equal(job.unchanged, unchanged);
    assert_int_equal(job.skipped, skipped);
    assert_int_equal(job.failed, failed);
}

static void change_note(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    ingest_outcome outcome;
    must(edit_open(&session, desk, id, &error), &error);
    type_note(session, "Somebody was here");
    must(edit_save(&outcome, session, true, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    ingest_outcome_release(&outcome);
    must(edit_release(&session, &error), &error);
}

static int version_of(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    bib_info info;
    must(catalog_load(desk, id, &record, &info, &error), &error);
    marc_record_free(record);
    return info.version;
}

/* All bytes of a version but its 005, which every save writes anew. */
static void version_bytes(buffer *out, catalog *desk, mms_id id, int version)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    must(catalog_version_load(desk, id, version, &record, &error), &error);
    const size_t at = marc_record_find(record, "005", 0);
    if (at != SIZE_MAX)
        marc_record_remove(record, at);
    buffer_clear(out);
    must(repo_record_encode(out, record, &error), &error);
    marc_record_free(record);
}

/* ---- the repository as a text: every table but the jobs' own, the audit and the sessions */

static int dump_row(void *context, int count, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < count; i++)
        buffer_append_format(context, "%s|", values[i] != NULL ? values[i] : "");
    buffer_append_char(context, '\n');
    return 0;
}

static void dump(buffer *out, const room *room)
{
    static const char *const tables[] = {
        "zone", "setting", "bib", "posting_segment", "lock", "draft", "holding", "item", "rule_version", "user", "load_place",
    };
    sqlite3 *database = NULL;
    buffer_clear(out);
    assert_int_equal(sqlite3_open_v2(room->path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char query[80];
        snprintf(query, sizeof query, "SELECT * FROM %s", tables[i]);
        if (sqlite3_exec(database, query, dump_row, out, NULL) != SQLITE_OK)
            fail_msg("%s: %s", tables[i], sqlite3_errmsg(database));
    }
    assert_int_equal(sqlite3_exec(database, "SELECT sequence, document, hex(entry) FROM posting_pending", dump_row, out, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "SELECT doc, version, saved_at, note, hex(record) FROM version", dump_row, out, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* ---- trials */

static void trial__leaves_the_repository_as_it_was(void **state)
{
    room here;
    buffer before, after;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id whale = store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    const mms_id shark = store(chief, ZONE_INSTITUTION, book("12", "White shark"));
    store(chief, ZONE_INSTITUTION, book("13", "Black bird"));
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    dump(&before, &here);
    const int64_t trial = try_rule(chief, DROP_300, "ti=white");
    dump(&after, &here);
    assert_true(before.length > 1000);
    assert_string_equal(buffer_string(&after), buffer_string(&before));
    const catalog_job job = job_of(chief, trial);
    assert_string_equal(job.status, "done");
    assert_string_equal(job.type, "rule-trial");
    assert_int_equal(job.read, 2);
    assert_row(chief, trial, whale, "changed", "");
    assert_row(chief, trial, shark, "unchanged", "");
    assert_counted(chief, trial);
    buffer_release(&before);
    buffer_release(&after);
    room_close(&here);
}

static void trial__shows_each_record(void **state)
{
    room here;
    marc_record *before = NULL, *after = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    const int64_t trial = try_rule(chief, DROP_300, "ti=white");
    must(catalog_trial_record(&before, &after, chief, trial, id, &error), &error);
    assert_true(record_has(before, "300", "200 pages"));
    assert_false(record_has(after, "300", "200 pages"));
    marc_record_free(before);
    marc_record_free(after);
    change_note(chief, id);
    assert_int_equal(catalog_trial_record(&before, &after, chief, trial, id, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_trial_record(&before, &after, chief, trial, id + 1, &error), RECTO_ENOTFOUND);
    assert_int_equal(catalog_trial_record(&before, &after, chief, trial + 1, id, &error), RECTO_ENOTFOUND);
    room_close(&here);
}

static void trial__refuses_a_rule_that_does_not_parse_and_a_bad_query(void **state)
{
    room here;
    recto_error error;
    catalog_job *jobs = NULL;
    size_t count = 0;
    int64_t job = 0;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const catalog_query query = { .text = "ti=white" }, bad = { .text = "nosuch=white" };
    assert_int_equal(catalog_rule_trial(&job, chief, zone_of(chief), NULL, TEXT("rule \"x\" when"), &query, NULL, NULL, &error),
                     RECTO_EDATA);
    assert_int_equal(catalog_rule_trial(&job, chief, zone_of(chief), "Nothing", TEXT(""), &query, NULL, NULL, &error),
                     RECTO_ENOTFOUND);
    assert_int_equal(catalog_rule_trial(&job, chief, zone_of(chief), NULL, text_from(DROP_300), &bad, NULL, NULL, &error),
                     RECTO_EINVALID);
    must(catalog_jobs(&jobs, &count, chief, 0, &error), &error);
    assert_int_equal(count, 0);
    free(jobs);
    room_close(&here);
}

/* ---- applying */

static void apply__does_what_the_trial_showed(void **state)
{
    room here;
    marc_record *before = NULL, *after = NULL, *stored = NULL;
    bib_info info;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    int version = 0;
    must(catalog_rule_save(chief, zone_of(chief), RULES_NORMALIZATION, "Tried", text_from(DROP_300), 0, NULL, &version, &error),
         &error);
    const catalog_query query = { .text = "ti=white" };
    int64_t trial = 0;
    must(catalog_rule_trial(&trial, chief, zone_of(chief), "Tried", TEXT(""), &query, NULL, NULL, &error), &error);
    must(catalog_trial_record(&before, &after, chief, trial, id, &error), &error);
    /* Another version of the rule since: what was tried is what is done. */
    must(catalog_rule_save(chief, zone_of(chief), RULES_NORMALIZATION, "Tried", text_from(ADD_500), 1, NULL, &version, &error),
         &error);
    const int64_t job = apply(chief, trial);
    must(catalog_load(chief, id, &stored, &info, &error), &error);
    assert_int_equal(info.version, 2);
    assert_string_equal(info.origin, "job");
    marc_record *const records[] = { after, stored };
    buffer bytes[2];
    for (size_t i = 0; i < 2; i++) {
        const size_t at = marc_record_find(records[i], "005", 0);
        marc_record_remove(records[i], at);
        buffer_init(&bytes[i], 0);
        must(repo_record_encode(&bytes[i], records[i], &error), &error);
    }
    assert_true(text_equal(buffer_text(&bytes[0]), buffer_text(&bytes[1])));
    assert_int_equal(job_of(chief, job).of, trial);
    assert_counted(chief, job);
    for (size_t i = 0; i < 2; i++)
        buffer_release(&bytes[i]);
    marc_record_free(before);
    marc_record_free(after);
    marc_record_free(stored);
    room_close(&here);
}

static void apply__skips_what_changed_and_what_is_locked(void **state)
{
    room here;
    edit_session *locked = NULL, *mine = NULL;
    recto_error error = { .status = RECTO_OK };
    mms_id ids[5];
    (void)state;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    for (size_t i = 0; i < 5; i++)
        ids[i] = store(chief, ZONE_INSTITUTION, book(NULL, "White whale"));
    const int64_t trial = try_rule(chief, DROP_300, "ti=whale");
    change_note(chief, ids[0]);
    must(edit_open(&locked, cat2, ids[1], &error), &error);
    must(edit_open(&mine, chief, ids[2], &error), &error);
    must(catalog_delete(chief, ids[3], 1, &error), &error);
    const int64_t job = apply(chief, trial);
    assert_row(chief, job, ids[0], "skipped", "version 2, not 1");
    assert_row(chief, job, ids[1], "skipped", "cat2");
    assert_row(chief, job, ids[2], "skipped", "your own list");
    assert_row(chief, job, ids[3], "skipped", "deleted");
    assert_row(chief, job, ids[4], "changed", "");
    assert_counted(chief, job);
    assert_int_equal(version_of(chief, ids[1]), 1);
    assert_true(stored_has(chief, ids[0], "300", "200 pages"));
    assert_string_equal(job_of(chief, job).status, "done");
    must(edit_release(&locked, &error), &error);
    must(edit_release(&mine, &error), &error);
    room_close(&here);
}

static void apply__needs_the_privilege(void **state)
{
    room here;
    recto_error error;
    int64_t job = 0;
    (void)state;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    room_user(&here, "boss", "CM");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2"), *boss = room_desk(&here, "boss");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    const int64_t trial = try_rule(cat2, DROP_300, "ti=whale"); /* looking is free */
    assert_int_equal(catalog_trial_apply(&job, cat2, trial, NULL, NULL, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "Catalog Manager"));
    assert_int_equal(version_of(chief, id), 1);
    job = apply(boss, trial);
    assert_int_equal(version_of(chief, id), 2);
    assert_int_equal(catalog_job_revert(NULL, cat2, job, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_trial_apply(&job, boss, job, NULL, NULL, &error), RECTO_EINVALID); /* no trial */
    room_close(&here);
}

/* ---- taking back */

static void revert__restores_the_content_as_a_new_version(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    buffer before, after;
    int64_t back = 0;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    const int64_t job = apply(chief, try_rule(chief, DROP_300, "ti=whale"));
    must(catalog_job_revert(&back, chief, job, &error), &error);
    assert_int_equal(version_of(chief, id), 3);
    version_bytes(&before, chief, id, 1);
    version_bytes(&after, chief, id, 3);
    assert_true(text_equal(buffer_text(&before), buffer_text(&after)));
    assert_string_equal(job_of(chief, job).status, "reverted");
    assert_int_equal(job_of(chief, back).of, job);
    assert_row(chief, back, id, "reverted", "version 1");
    assert_counted(chief, back);
    assert_int_equal(catalog_job_revert(&back, chief, job, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_job_revert(&back, chief, back, &error), RECTO_EREFUSED);
    buffer_release(&before);
    buffer_release(&after);
    room_close(&here);
}

static void revert__lists_what_it_must_leave_and_can_be_gone_on_with(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *locked = NULL;
    mms_id ids[3];
    int64_t back = 0;
    (void)state;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    for (size_t i = 0; i < 3; i++)
        ids[i] = store(chief, ZONE_INSTITUTION, book(NULL, "White whale"));
    const int64_t job = apply(chief, try_rule(chief, DROP_300, "ti=whale"));
    change_note(chief, ids[0]);
    must(edit_open(&locked, cat2, ids[1], &error), &error);
    must(catalog_job_revert(&back, chief, job, &error), &error);
    assert_string_equal(job_of(chief, job).status, "partly-reverted");
    assert_row(chief, back, ids[0], "skipped", "version 3, not 2");
    assert_row(chief, back, ids[1], "skipped", "cat2");
    assert_row(chief, back, ids[2], "reverted", "");
    assert_true(stored_has(chief, ids[0], "500", "Somebody"));
    must(edit_release(&locked, &error), &error);
    must(catalog_job_revert(&back, chief, job, &error), &error);
    assert_row(chief, back, ids[1], "reverted", "");
    assert_int_equal(job_of(chief, back).read, 2); /* what went back already is not looked at again */
    assert_string_equal(job_of(chief, job).status, "partly-reverted");
    room_close(&here);
}

/* ---- many records: progress, stopping, a process that dies */

static void store_many(catalog *desk)
{
    recto_error error = { .status = RECTO_OK };
    const ingest_policy policy = *catalog_policy("load");
    must(repo_begin(catalog_repo(desk), &error), &error);
    for (size_t i = 0; i < MANY; i++) {
        marc_record *record = book(NULL, "White whale");
        ingest_outcome outcome;
        const ingest_request request = { .record = record, .zone = zone_of(desk), .policy = &policy, .join_transaction = true };
        must(catalog_ingest(&outcome, desk, &request, &error), &error);
        ingest_outcome_release(&outcome);
        marc_record_free(record);
    }
    must(repo_commit(catalog_repo(desk), &error), &error);
}

static bool stop_at_once(void *context, size_t done, size_t total)
{
    size_t *said = context;
    said[0] = done;
    said[1] = total;
    return false;
}

static bool die(void *context, size_t done, size_t total)
{
    (void)context;
    (void)done;
    (void)total;
    _exit(7);
}

static void job__stops_between_two_batches(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    size_t said[2] = { 0, 0 };
    int64_t job = 0, trial = 0;
    const catalog_query query = { .text = "ti=whale" };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store_many(chief);
    must(catalog_rule_trial(&trial, chief, zone_of(chief), NULL, text_from(DROP_300), &query, stop_at_once, said, &error),
         &error);
    assert_string_equal(job_of(chief, trial).status, "stopped");
    assert_int_equal(job_of(chief, trial).read, said[0]);
    assert_int_equal(said[1], MANY);
    assert_in_range(said[0], 1, MANY - 1);
    trial = try_rule(chief, DROP_300, "ti=whale");
    assert_int_equal(job_of(chief, trial).changed, MANY);
    must(catalog_trial_apply(&job, chief, trial, stop_at_once, said, &error), &error);
    assert_string_equal(job_of(chief, job).status, "stopped");
    assert_int_equal(job_of(chief, job).changed, said[0]);
    assert_in_range(said[0], 1, MANY - 1);
    /* so does taking back, and goes on where it was */
    const int64_t whole = apply(chief, try_rule(chief, ADD_500, "ti=whale"));
    int64_t back = 0;
    assert_true(job_of(chief, whole).changed > 1);
    must(catalog_job_revert_telling(&back, chief, whole, stop_at_once, said, &error), &error);
    assert_string_equal(job_of(chief, back).status, "stopped");
    assert_string_equal(job_of(chief, whole).status, "partly-reverted");
    const size_t first = job_of(chief, back).changed;
    assert_in_range(first, 1, job_of(chief, whole).changed - 1);
    must(catalog_job_revert(&back, chief, whole, &error), &error);
    assert_string_equal(job_of(chief, whole).status, "reverted");
    assert_int_equal(job_of(chief, back).changed + first, job_of(chief, whole).changed);
    room_close(&here);
}

static recto_status keep_local(catalog *desk, zone_kind zone, recto_error *error)
{
    return catalog_setting_set(desk, catalog_zone(desk, zone), "rules_by_institutions", "local", error);
}

/* A network that keeps its institutions' rules to local fields (rules.md part D). */
static void trial__keeps_to_local_fields_where_the_network_says_so(void **state)
{
    static const char RULE[] = "rule \"Both\"\nwhen\n  TRUE\nthen\n  removeField \"300\"\n  addField \"590.a.Ours\"\nend\n";
    static const char SHARED[] = "rule \"Shared\"\nwhen\n  TRUE\nthen\n  removeField \"300\"\nend\n";
    static const char OURS[] = "rule \"Ours\"\nwhen\n  TRUE\nthen\n  addField \"700.a.Me\" addSubField \"700.5.XyZ\"\nend\n";
    room here;
    recto_error error = { .status = RECTO_OK };
    const catalog_query query = { .text = "ti=whale" };
    marc_record *stored = NULL;
    (void)state;
    room_open(&here);
    room_user(&here, "cm1", "CAT,CM");
    catalog *chief = room_desk(&here, "chief"), *manager = room_desk(&here, "cm1");
    const int network = catalog_zone(chief, ZONE_NETWORK)->id;
    marc_record *first = book("11", "White whale");
    add_line(first, "300", "  ", "$a3 pages");
    const mms_id id = store(chief, ZONE_NETWORK, first);
    assert_int_equal(keep_local(manager, ZONE_NETWORK, &error), RECTO_EREFUSED);
    assert_int_equal(keep_local(chief, ZONE_INSTITUTION, &error), RECTO_EINVALID);
    must(keep_local(chief, ZONE_NETWORK, &error), &error);
    const struct {
        catalog *desk;
        const char *rule, *outcome, *message;
        bool has_300, has_own;
    } cases[] = {
        { manager, SHARED, "unchanged", "left as they are", true, false },
        { manager, RULE, "changed", "left as they are", true, true },
        { manager, OURS, "changed", "", true, true },
        { chief, SHARED, "changed", "", false, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t trial = 0, job = 0;
        catalog *desk = cases[i].desk;
        must(catalog_rule_trial(&trial, desk, network, NULL, text_from(cases[i].rule), &query, NULL, NULL, &error), &error);
        assert_row(desk, trial, id, cases[i].outcome, cases[i].message);
        must(catalog_trial_apply(&job, desk, trial, NULL, NULL, &error), &error);
        must(catalog_load(desk, id, &stored, NULL, &error), &error);
        assert_int_equal(marc_record_find(stored, "300", 0) != SIZE_MAX, cases[i].has_300);
        assert_int_equal(marc_record_find(stored, "590", 0) != SIZE_MAX, cases[i].has_own);
        marc_record_free(stored);
    }
    room_close(&here);
}

/* The catalog is opened anew in the child: a repository never crosses a fork. */
static void apply_and_die(const room *room, int64_t trial)
{
    const catalog_options options = { .repository = room->path, .user = "chief", .login = "chief", .clock = room->clock };
    catalog *desk = NULL;
    int64_t job = 0;
    if (catalog_open(&desk, &options, NULL) == RECTO_OK)
        (void)catalog_trial_apply(&job, desk, trial, die, NULL, NULL);
    _exit(1);
}

static void job__of_a_process_that_died_tells_what_was_done(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    int status = 0;
    catalog_job *jobs = NULL;
    size_t count = 0;
    row_list list;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store_many(chief);
    const int64_t trial = try_rule(chief, DROP_300, "ti=whale");
    room_leave(&here, chief);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        apply_and_die(&here, trial);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);

    chief = room_desk(&here, "chief");
    must(catalog_jobs(&jobs, &count, chief, 1, &error), &error);
    assert_int_equal(count, 1);
    assert_string_equal(jobs[0].status, "failed");
    assert_in_range(jobs[0].changed, 1, MANY - 1);
    const int64_t died = jobs[0].id;
    const size_t done = jobs[0].changed;
    free(jobs);
    assert_counted(chief, died);
    read_rows(&list, chief, died);
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(version_of(chief, list.rows[i].id), list.rows[i].version_after);

    const int64_t rest = apply(chief, trial); /* the same trial again: what is left is done, nothing twice */
    assert_int_equal(job_of(chief, rest).changed, MANY - done);
    assert_int_equal(job_of(chief, rest).skipped, done);
    int64_t back = 0;
    must(catalog_job_revert(&back, chief, died, &error), &error);
    assert_int_equal(job_of(chief, back).changed, done);
    room_close(&here);
}

static int count_audit(void *context, int count, char **values, char **names)
{
    (void)count;
    (void)names;
    *(int *)context = atoi(values[0]);
    return 0;
}

static void job__leaves_audit_rows(void **state)
{
    room here;
    sqlite3 *database = NULL;
    int rows = 0;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store(chief, ZONE_INSTITUTION, book("11", "White whale"));
    const int64_t job = apply(chief, try_rule(chief, DROP_300, "ti=whale"));
    must(catalog_job_revert(NULL, chief, job, &error), &error);
    assert_int_equal(sqlite3_open_v2(here.path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(database, "SELECT count(*) FROM audit WHERE act IN ('job.begin','job.end')", count_audit, &rows, NULL),
        SQLITE_OK);
    assert_int_equal(rows, 6); /* trial, application, way back: two each */
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trial__leaves_the_repository_as_it_was),
        cmocka_unit_test(trial__shows_each_record),
        cmocka_unit_test(trial__refuses_a_rule_that_does_not_parse_and_a_bad_query),
        cmocka_unit_test(trial__keeps_to_local_fields_where_the_network_says_so),
        cmocka_unit_test(apply__does_what_the_trial_showed),
        cmocka_unit_test(apply__skips_what_changed_and_what_is_locked),
        cmocka_unit_test(apply__needs_the_privilege),
        cmocka_unit_test(revert__restores_the_content_as_a_new_version),
        cmocka_unit_test(revert__lists_what_it_must_leave_and_can_be_gone_on_with),
        cmocka_unit_test(job__stops_between_two_batches),
        cmocka_unit_test(job__of_a_process_that_died_tells_what_was_done),
        cmocka_unit_test(job__leaves_audit_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
