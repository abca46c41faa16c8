/* tests/repo/check_test.c - what check finds, backup, rebuilding, and what is left after processes were killed or raced.
 *
 * Damage is done behind Recto's back, by SQLite on the closed file: so there is SQL here, and only here among the tests. */
#include "../../src/repo/store.h"
#include "room.h"

#include "recto/repo/jobs.h"
#include "recto/repo/rules.h"
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void reopen(room *room)
{
    recto_error error;
    repo_close(room->repo);
    room->repo = NULL;
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
}

static void damage(room *room, const char *script)
{
    sqlite3 *database = NULL;
    char *message = NULL;
    repo_close(room->repo);
    room->repo = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", script, message);
    sqlite3_close(database);
    reopen(room);
}

static void fill_job_and_rule(room *room, mms_id id)
{
    recto_error error;
    repo_job job = { .type = "rule", .title = "a job", .user = "cat1", .zone = 1 };
    repo_job_row row = { .id = id, .kind = 'B', .version_before = 1, .version_after = 2, .outcome = "changed" };
    repo_rule rule = { .zone = 1, .language = "norm", .name = "A rule", .saved_by = "cat1" };
    must(repo_begin(room->repo, &error), &error);
    must(repo_job_begin(room->repo, &job, text_of("", 0), &error), &error);
    must(repo_job_row_add(room->repo, job.id, &row, &error), &error);
    must(repo_job_end(room->repo, job.id, "done", NOON, &error), &error);
    must(repo_rule_put(room->repo, &rule, text_from("one"), 0, &error), &error);
    must(repo_rule_put(room->repo, &rule, text_from("two"), 1, &error), &error);
    must(repo_commit(room->repo, &error), &error);
}

static void fill(room *room)
{
    mms_id id = 0, holding = 0;
    recto_error error;
    for (int i = 0; i < 5; i++) {
        char number[40];
        snprintf(number, sizeof number, "035    $a(OCoLC)%d", 100 + i);
        id = room_add(room->repo, INSTITUTION, RECORD(number, "245 10 $aOne hundred years", "650  0 $aSolitude"));
    }
    marc_record *record = RECORD("852 0  $bMAIN");
    must(repo_holding_write(room->repo, &holding, id, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    item item = { .holding = holding, .barcode = "1" };
    must(repo_item_write(room->repo, &item, "cat1", NOON, &error), &error);
    fill_job_and_rule(room, id);
}

/* What other doors store, as they store it. */
static void fill_tables(room *room)
{
    damage(room, "INSERT INTO template VALUES (6, 1, 'template', '', 'Books', 2);"
                 "INSERT INTO template_version VALUES (6, 1, 0, 1, 'cat1', '', 'a'), (6, 2, 0, 2, 'cat1', '', 'b');"
                 "INSERT INTO profile VALUES (1, 'OCLC', 'gateway', 'From OCLC', 1, NULL, 2, 2, 'chief', 'new');"
                 "INSERT INTO profile_version VALUES (1, 'OCLC', 1, 1, 'chief', 'old'), (1, 'OCLC', 2, 2, 'chief', 'new');"
                 "INSERT INTO record_set VALUES (1, 1, 'Mine', 0, 0, 'cat1', 0, '', '', '', 1, 1);"
                 "INSERT INTO record_set_member VALUES (1, 1, 991000000000025801), (1, 2, 991000000000045801);"
                 "INSERT INTO notice (owner, mms_id, kind, made_by, made_at, reason) VALUES"
                 " ('cat1', 991000000000025801, 'taken', 'chief', 1, 'r'),"
                 " ('cat1', 991000000000035801, 'assigned', 'chief', 1, 'r')");
}

static void check__finds_each_kind_of_damage(void **state)
{
    static const struct {
        const char *script, *kind;
    } cases[] = {
        { "DELETE FROM posting_pending WHERE document = 3", "index-missing" },
        { "UPDATE posting_pending SET document = 2 WHERE document = 3", "index-differs" },
        { "INSERT INTO posting_pending SELECT 50, 99, entry FROM posting_pending WHERE document = 3", "index-stray" },
        { "UPDATE posting_pending SET document = -7 WHERE document = 3", "index-stray" },
        { "UPDATE posting_pending SET entry = zeroblob(9) WHERE document = 3", "index-" },
        { "UPDATE posting_pending SET entry = substr(entry, 1, length(entry) - 3) WHERE document = 3", "index-" },
        { "UPDATE bib SET suppressed = 1 WHERE doc = 3", "index-differs" },
        { "UPDATE bib SET deleted = 1 WHERE doc = 3", "index-stray" },
        { "INSERT INTO posting_block VALUES (7 << 32, x'00')", "index-stray" },
        { "UPDATE version SET record = zeroblob(40) WHERE doc = 2", "checksum" },
        { "UPDATE version SET checksum = x'00' WHERE doc = 2", "checksum" },
        { "UPDATE bib SET version = 3 WHERE doc = 1", "version-gap" },
        { "UPDATE holding SET deleted = 1", "orphan-item" },
        { "UPDATE bib SET items = 7 WHERE doc = 5", "inventory-count" },
        { "UPDATE holding_version SET record = x'00'", "checksum" },
        { "INSERT INTO lock VALUES (12345678, 'cat1', 'X', 'cli', 1, 1)", "orphan-lock" },
        { "INSERT INTO draft VALUES ('cat1', 12345678, 1, 4, 1, 't', '', '', '')", "orphan-draft" },
        { "DROP TRIGGER audit_never_changes; UPDATE audit SET actor = 'nobody' WHERE number = 1", "audit-chain" },
        { "DROP TRIGGER audit_never_goes; DELETE FROM audit WHERE number = 1;"
          " INSERT INTO audit SELECT 2, 1, 'a', 'a', 'h', 'p', 'act', '', '', '', '', x'00'",
          "audit-chain" },
        { "UPDATE job SET changed = 5", "job-count" },
        { "UPDATE job SET rows = 0, changed = 0", "job-count" },
        { "DELETE FROM job_row", "job-count" },
        { "UPDATE job_row SET number = 2", "job-count" },
        { "DELETE FROM rule_version WHERE version = 1", "rule-gap" },
        { "UPDATE rule_version SET version = 7 WHERE version = 2", "rule-gap" },
        { "UPDATE holding SET version = 2", "version-gap" },
        { "DELETE FROM holding_version", "version-gap" },
        { "UPDATE bib SET deleted = 1 WHERE doc = 5", "orphan-holding" },
        { "PRAGMA foreign_keys = OFF; DELETE FROM holding", "orphan-item" },
        { "PRAGMA foreign_keys = OFF; DELETE FROM bib WHERE doc = 4", "orphan-version" },
        { "UPDATE version SET doc = 77 WHERE doc = 4", "foreign-key" },
        { "UPDATE item SET doc = 4", "orphan-item" },
        { "INSERT INTO lock VALUES (991000000000025801, 'cat1', 'X', 's99', 1, 1)", "stale-lock" },
        { "UPDATE template SET version = 3", "template-gap" },
        { "DELETE FROM template_version WHERE version = 1", "template-gap" },
        { "UPDATE profile SET source = 'nobody saved this'", "profile-gap" },
        { "DELETE FROM profile_version WHERE version = 1", "profile-gap" },
        { "INSERT INTO record_set_member VALUES (1, 3, 12345678)", "set-member" },
        { "UPDATE record_set SET logical = 1", "set-member" },
        { "DELETE FROM record_set", "foreign-key" },
        { "INSERT INTO notice (owner, mms_id, kind, made_by, made_at, reason) VALUES ('cat1', 12345678, 'taken', 'x', 1, '')",
          "orphan-notice" },
        { "UPDATE bib SET linked_to = 12345678 WHERE doc = 2", "orphan-link" },
        { "UPDATE bib SET deleted = 1, merged_into = 12345678 WHERE doc = 2", "orphan-link" },
        { "UPDATE zone SET next_bib = next_bib - 1 WHERE id = 1", "number-counter" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *own = NULL;
        findings found;
        assert_int_equal(room_open(&own), 0);
        room *room = own;
        fill(room);
        fill_tables(room);
        assert_sound(room->repo);
        damage(room, cases[i].script);
        check_verdict verdict = room_check(room->repo, &found);
        if (verdict.sound || strstr(found.all, cases[i].kind) == NULL)
            fail_msg("%s: sought %s, found %s", cases[i].script, cases[i].kind, found.all);
        assert_non_null(strstr(found.all, "; ")); /* what to do about it */
        assert_int_equal(room_close(&own), 0);
    }
}

/* A page of the file that holds rows of records: said with what to do, and never a crash. */
static void check__finds_a_bad_page(void **state)
{
    enum { PAGE = 8192 };
    room *room = *state;
    findings found;
    unsigned char page[PAGE] = { 0 };
    int bad = 0;
    fill(room);
    repo_close(room->repo);
    room->repo = NULL;
    int descriptor = open(room->path, O_RDWR);
    struct stat file;
    assert_true(descriptor >= 0);
    assert_int_equal(fstat(descriptor, &file), 0);
    for (off_t at = file.st_size - PAGE; at > 0 && bad == 0; at -= PAGE) { /* the first ones are what opening reads */
        assert_int_equal(pread(descriptor, page, PAGE, at), PAGE);
        if (page[0] != 0x0D) /* a leaf of a table */
            continue;
        memset(page, 0x55, 64);
        assert_int_equal(pwrite(descriptor, page, PAGE, at), PAGE);
        bad++;
    }
    close(descriptor);
    assert_int_equal(bad, 1);
    reopen(room);
    assert_false(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "page 0: "));
    assert_non_null(strstr(found.all, "restore a backup"));
}

/* The lock of a session whose process was killed: told, with what frees it; nothing is wrong with the repository (RL-61). */
static void check__names_the_lock_of_a_killed_session(void **state)
{
    room *room = *state;
    findings found;
    char session[64];
    recto_error error;
    fill(room);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, session, &error), &error);
    must(repo_lock_take(room->repo, 991000000000025801, "cat1", "01EXAMPLE", session, NOON, NULL, &error), &error);
    assert_true(room_check(room->repo, &found).sound);
    assert_null(strstr(found.all, "dead-session"));
    damage(room, "UPDATE session SET process_started = process_started - 1"); /* its number is another's now */
    assert_true(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "dead-session"));
    assert_non_null(strstr(found.all, "991000000000025801"));
    assert_non_null(strstr(found.all, "recto lock break"));
}

static void check__names_rights_that_are_too_wide(void **state)
{
    room *room = *state;
    findings found;
    assert_int_equal(chmod(room->path, 0644), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "chmod o-r"));
    assert_int_equal(chmod(room->path, 0666), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "chmod o-w"));
    assert_int_equal(chmod(room->path, 0660), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_null(strstr(found.all, "chmod o-"));
}

/* RL-94: a folder that a group shares, and a file for one alone; or a file for all of them in a folder for one. */
static void check__names_what_keeps_a_group_out(void **state)
{
    room *room = *state;
    findings found;
    char folder[sizeof room->path];
    snprintf(folder, sizeof folder, "%s", room->path);
    *strrchr(folder, '/') = '\0';
    assert_true(room_check(room->repo, &found).sound);
    assert_null(strstr(found.all, "file-mode"));
    assert_int_equal(chmod(room->path, 0660), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "chmod g+rwxs of the folder"));
    assert_int_equal(chmod(folder, 02770), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_null(strstr(found.all, "file-mode"));
    assert_int_equal(chmod(room->path, 0600), 0);
    assert_true(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "chmod g+rw, also"));
}

/* The same of segments, which is where nearly all of a large index is. */
static void check__finds_damage_of_segments(void **state)
{
    static const struct {
        const char *script, *kind;
    } cases[] = {
        { "UPDATE posting_block SET bytes = zeroblob(length(bytes)) WHERE id & 4294967295 = 0", "index-damaged" },
        { "DELETE FROM posting_block WHERE id & 4294967295 = 0", "index-damaged" },
        { "DELETE FROM posting_block WHERE id & 4294967295 = 2147483647", "index-damaged" },
        { "UPDATE posting_block SET bytes = x'FFFFFF' WHERE id & 4294967295 = 2147483647", "index-damaged" },
        { "UPDATE posting_segment SET state = 2", "index-missing" },
        { "UPDATE posting_segment SET root = 77", "index-damaged" },
        { "UPDATE bib SET title_key = 'other' WHERE doc = 3", "index-differs" },
        { "UPDATE bib SET deleted = 1 WHERE doc = 3", "index-stray" },
        { "DELETE FROM version WHERE doc = 5; PRAGMA foreign_keys = OFF; DELETE FROM bib WHERE doc = 5", "index-stray" },
        { "DELETE FROM posting_segment", "index-stray" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *own = NULL;
        findings found;
        recto_error error;
        assert_int_equal(room_open(&own), 0);
        room *room = own;
        fill(room);
        must(repo_rebuild_indexes(room->repo, &error), &error); /* all in one segment */
        assert_sound(room->repo);
        damage(room, cases[i].script);
        check_verdict verdict = room_check(room->repo, &found);
        if (verdict.sound || strstr(found.all, cases[i].kind) == NULL)
            fail_msg("%s: sought %s, found %s", cases[i].script, cases[i].kind, found.all);
        must(repo_rebuild_indexes(room->repo, &error), &error);
        (void)room_check(room->repo, &found);
        if (strstr(found.all, "index-") != NULL)
            fail_msg("%s: not mended: %s", cases[i].script, found.all);
        assert_int_equal(room_close(&own), 0);
    }
}

static void rebuild__repairs_every_index_and_touches_no_record(void **state)
{
    room *room = *state;
    marc_record *record = NULL;
    findings found;
    recto_error error;
    fill(room);
    damage(room, "DELETE FROM posting_pending WHERE document < 4; INSERT INTO posting_pending SELECT 90, 77, max(entry) FROM"
                 " posting_pending WHERE document = 5; UPDATE bib SET items = 9 WHERE doc = 5");
    assert_false(room_check(room->repo, &found).sound);
    must(repo_rebuild_indexes(room->repo, &error), &error);
    assert_sound(room->repo);
    must(repo_bib_load(room->repo, 991000000000015801, &record, NULL, NOON, &error), &error);
    assert_true(text_equal(marc_record_text(record, "245", 'a'), TEXT("One hundred years")));
    marc_record_free(record);
}

static void damaged_version__names_the_last_good_one_and_spares_the_rest(void **state)
{
    room *room = *state;
    marc_record *record = RECORD("245 10 $aSecond"), *loaded = NULL;
    recto_error error;
    fill(room);
    must(room_change(room->repo, 991000000000025801, record, 1, NULL, &error), &error);
    damage(room, "UPDATE version SET record = substr(record, 1, length(record) - 1) WHERE doc = 2 AND version = 2");
    assert_int_equal(repo_bib_load(room->repo, 991000000000025801, &loaded, NULL, NOON, &error), RECTO_EDATA);
    assert_non_null(strstr(error.what, "version 2 is damaged"));
    assert_non_null(strstr(error.todo, "last good version: 1"));
    must(repo_bib_load(room->repo, 991000000000035801, &loaded, NULL, NOON, &error), &error);
    marc_record_free(loaded);
    must(room_change(room->repo, 991000000000025801, record, 2, NULL, &error), &error); /* and it can be saved anew */
    must(repo_bib_load(room->repo, 991000000000025801, &loaded, NULL, NOON, &error), &error);
    marc_record_free(loaded);
    marc_record_free(record);
}

static void audit_rows__cannot_be_changed_or_deleted(void **state)
{
    room *room = *state;
    sqlite3 *database = NULL;
    repo_close(room->repo);
    room->repo = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE audit SET actor = 'x'", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(database, "DELETE FROM audit", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(database);
}

static void backup__is_whole_private_and_never_overwrites(void **state)
{
    room *room = *state;
    char copy[160];
    repo *opened = NULL;
    struct stat file;
    bib_info info;
    repo_lock lock;
    recto_error error;
    fill(room);
    must(repo_lock_take(room->repo, 991000000000055801, "cat1", "01EXAMPLE", "a session", NOON, NULL, &error), &error);
    snprintf(copy, sizeof copy, "%s.copy", room->path);
    must(repo_backup(room->repo, copy, &error), &error);
    assert_int_equal(stat(copy, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(repo_backup(room->repo, copy, &error), RECTO_EUSAGE);
    must(repo_open(&opened, copy, REPO_READ_WRITE, &error), &error);
    assert_sound(opened);
    must(repo_bib_info(opened, 991000000000055801, &info, NOON, &error), &error);
    assert_int_equal(info.items, 1);
    assert_int_equal(repo_lock_get(opened, 991000000000055801, NOON, &lock, &error), RECTO_ENOTFOUND); /* RL-86 */
    assert_int_equal(repo_lock_get(room->repo, 991000000000055801, NOON, &lock, &error), RECTO_OK);
    repo_close(opened);
}

static void garbage_in_the_file__is_a_finding_or_a_sentence_and_no_crash(void **state)
{
    room *room = *state;
    unsigned seed = 12345;
    struct stat file;
    fill(room);
    repo_close(room->repo);
    room->repo = NULL;
    for (int round = 0; round < 60; round++) {
        char byte, kept;
        int descriptor = open(room->path, O_RDWR);
        assert_true(descriptor >= 0);
        assert_int_equal(fstat(descriptor, &file), 0);
        seed = seed * 1103515245U + 12345U;
        off_t at = (off_t)(seed >> 4) % file.st_size;
        assert_int_equal(pread(descriptor, &kept, 1, at), 1);
        byte = (char)(kept ^ 0x55);
        assert_int_equal(pwrite(descriptor, &byte, 1, at), 1);
        close(descriptor);
        repo *opened = NULL;
        check_verdict verdict;
        recto_error error;
        if (repo_open(&opened, room->path, REPO_READ_WRITE, &error) == RECTO_OK)
            (void)repo_check(opened, true, NULL, NULL, &verdict, &error);
        repo_close(opened);
        descriptor = open(room->path, O_RDWR);
        assert_true(descriptor >= 0);
        assert_int_equal(pwrite(descriptor, &kept, 1, at), 1);
        close(descriptor);
    }
}

/* ---- processes --------------------------------------------------------------------------------------------------- */

/* Saves without end, and says each acknowledged version. */
static void save_for_ever(const char *path, mms_id id, int report)
{
    repo *own = NULL;
    if (repo_open(&own, path, REPO_READ_WRITE, NULL) != RECTO_OK)
        _exit(1);
    for (;;) {
        char line[60];
        bib_info info;
        int version = 0;
        if (repo_bib_info(own, id, &info, NOON, NULL) != RECTO_OK)
            _exit(1);
        snprintf(line, sizeof line, "245 10 $aVersion %d", info.version + 1);
        marc_record *record = RECORD(line);
        if (room_change(own, id, record, info.version, &version, NULL) == RECTO_OK && write(report, &version, sizeof version) < 0)
            _exit(1);
        marc_record_free(record);
    }
}

static void kill_in_the_middle_of_writing__loses_nothing_acknowledged(void **state)
{
    room *room = *state;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Version 1");
    repo_close(room->repo);
    room->repo = NULL;
    for (int round = 0; round < 25; round++) {
        int reports[2], version = 0, last = 0;
        bib_info info;
        recto_error error;
        assert_int_equal(pipe(reports), 0);
        pid_t child = fork();
        if (child == 0)
            save_for_ever(room->path, id, reports[1]);
        close(reports[1]);
        usleep(4000 + 1700 * (useconds_t)round);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        while (read(reports[0], &version, sizeof version) == sizeof version)
            last = version;
        close(reports[0]);
        must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
        assert_sound(room->repo);
        must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
        assert_true(info.version == last || info.version == last + 1 || last == 0);
        repo_close(room->repo);
        room->repo = NULL;
    }
    reopen(room);
}

static void increment(const char *path, mms_id id, int times)
{
    repo *own = NULL;
    recto_error error = { .status = RECTO_OK };
    if (repo_open(&own, path, REPO_READ_WRITE, &error) != RECTO_OK) {
        print_error("opening: %s: %s\n", error.where, error.what);
        _exit(1);
    }
    while (times > 0) {
        char line[60];
        bib_info info;
        marc_record *stored = NULL;
        int64_t number = 0;
        if (repo_bib_load(own, id, &stored, &info, NOON, &error) != RECTO_OK ||
            !text_to_integer(marc_record_text(stored, "245", 'a'), &number)) {
            print_error("reading: %s: %s\n", error.where, error.what);
            _exit(2);
        }
        marc_record_free(stored);
        snprintf(line, sizeof line, "245 10 $a%lld", (long long)number + 1);
        marc_record *next = RECORD(line);
        recto_status status = room_change(own, id, next, info.version, NULL, &error);
        marc_record_free(next);
        if (status == RECTO_OK)
            times--;
        else if (status != RECTO_EREFUSED) {
            print_error("saving: %s: %s\n", error.where, error.what);
            _exit(3);
        }
    }
    repo_close(own);
    _exit(0);
}

static void processes_that_race__lose_no_update(void **state)
{
    enum { PROCESSES = 6, TIMES = 25 };
    room *room = *state;
    pid_t children[PROCESSES];
    marc_record *record = NULL;
    bib_info info;
    int64_t number = 0;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "0");
    repo_close(room->repo);
    room->repo = NULL;
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            increment(room->path, id, TIMES);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    reopen(room);
    must(repo_bib_load(room->repo, id, &record, &info, NOON, &error), &error);
    assert_true(text_to_integer(marc_record_text(record, "245", 'a'), &number));
    assert_int_equal(number, PROCESSES * TIMES);
    assert_int_equal(info.version, PROCESSES * TIMES + 1);
    marc_record_free(record);
    assert_sound(room->repo);
}

/* Bytes in place of the first version of a document, with the checksum of them. */
static void store_bytes(room *room, int document, text bytes)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    checksum_make(checksum, bytes);
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, "UPDATE version SET record = ?1, checksum = ?2 WHERE doc = ?3", -1, &row, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob(row, 1, bytes.bytes, (int)bytes.length, SQLITE_TRANSIENT), SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob(row, 2, checksum, CHECKSUM_LENGTH, SQLITE_TRANSIENT), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int(row, 3, document), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_DONE);
    sqlite3_finalize(row);
    sqlite3_close(database);
}

/* Of a record that is sound by its checksum and is none all the same; and of one whose bytes are not those it is written as. */
static void check__reads_and_writes_each_record(void **state)
{
    room *room = *state;
    recto_error error;
    findings found;
    fill(room);
    store_bytes(room, 2, TEXT("no record at all, but long enough to be one"));
    assert_false(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "record 991000000000025801: version 1 cannot be read back"));
    marc_record *record = RECORD("245 10 $aTitle");
    buffer bytes;
    buffer_init(&bytes, 0);
    must(repo_record_encode(&bytes, record, &error), &error);
    buffer_append_string(&bytes, "more");
    store_bytes(room, 2, buffer_text(&bytes));
    assert_false(room_check(room->repo, &found).sound);
    assert_non_null(strstr(found.all, "991000000000025801: version 1 "));
    buffer_release(&bytes);
    marc_record_free(record);
}

static void damaged_holdings__are_told(void **state)
{
    room *room = *state;
    recto_error error;
    holding info;
    marc_record *record = NULL;
    fill(room);
    damage(room, "UPDATE holding_version SET record = substr(record, 1, length(record) - 1)");
    assert_int_equal(repo_holding_load(room->repo, 221000000000015801, &record, &info, &error), RECTO_EDATA);
    assert_non_null(strstr(error.what, "version 1 is damaged (checksum)"));
    assert_string_equal(error.where, "MMS ID 221000000000015801");
    must(repo_holding_load(room->repo, 221000000000015801, NULL, &info, &error), &error);
}

static void a_damaged_index__is_told_by_who_searches(void **state)
{
    room *room = *state;
    recto_error error;
    size_t count = 0;
    fill(room);
    damage(room, "UPDATE posting_pending SET document = -7 WHERE document = 3");
    assert_int_equal(repo_search(room->repo, &(search_request){ .limit = 1 }, NULL, NULL, &count, &error), RECTO_EDATA);
    assert_string_equal(error.what, "the index is damaged");
    assert_string_equal(error.todo, "run: recto check --rebuild-index");
    must(repo_rebuild_indexes(room->repo, &error), &error);
    must(repo_search(room->repo, &(search_request){ .limit = 1 }, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 5);
}

/* What stands in the row and not in the record. */
static void rebuild__reads_the_rows(void **state)
{
    room *room = *state;
    recto_error error;
    size_t count = 0;
    const search_request electronic = { .type = SEARCH_ELECTRONIC_TITLES };
    fill(room);
    damage(room, "UPDATE bib SET portfolios = 1 WHERE doc = 2; UPDATE bib SET cataloging_level = -1 WHERE doc = 3");
    must(repo_rebuild_indexes(room->repo, &error), &error);
    must(repo_search(room->repo, &electronic, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_sound(room->repo);
}

static void rebuild__of_nothing_finds_what_comes(void **state)
{
    room *room = *state;
    recto_error error;
    size_t count = 0;
    must(repo_rebuild_indexes(room->repo, &error), &error);
    assert_sound(room->repo);
    room_add_title(room->repo, INSTITUTION, "The first");
    must(repo_search(room->repo, &(search_request){ .limit = 1 }, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
}

/* Somebody else throws away what is built, as one does who rebuilds, too. */
static void rebuild__leaves_the_index_to_who_was_first(void **state)
{
    room *room = *state;
    recto_error error;
    fill(room);
    damage(room, "CREATE TRIGGER overtaken AFTER INSERT ON posting_segment BEGIN"
                 " UPDATE posting_segment SET state = 2 WHERE number = new.number; END");
    assert_int_equal(repo_rebuild_indexes(room->repo, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "somebody else has rebuilt the index"));
    damage(room, "DROP TRIGGER overtaken");
    assert_sound(room->repo);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check__finds_each_kind_of_damage),
        cmocka_unit_test(check__finds_damage_of_segments),
        IN_ROOM(check__finds_a_bad_page),
        IN_ROOM(check__names_rights_that_are_too_wide),
        IN_ROOM(check__names_what_keeps_a_group_out),
        IN_ROOM(check__names_the_lock_of_a_killed_session),
        IN_ROOM(rebuild__repairs_every_index_and_touches_no_record),
        IN_ROOM(damaged_version__names_the_last_good_one_and_spares_the_rest),
        IN_ROOM(audit_rows__cannot_be_changed_or_deleted),
        IN_ROOM(backup__is_whole_private_and_never_overwrites),
        IN_ROOM(garbage_in_the_file__is_a_finding_or_a_sentence_and_no_crash),
        IN_ROOM(kill_in_the_middle_of_writing__loses_nothing_acknowledged),
        IN_ROOM(processes_that_race__lose_no_update),
        IN_ROOM(check__reads_and_writes_each_record),
        IN_ROOM(damaged_holdings__are_told),
        IN_ROOM(a_damaged_index__is_told_by_who_searches),
        IN_ROOM(rebuild__reads_the_rows),
        IN_ROOM(rebuild__of_nothing_finds_what_comes),
        IN_ROOM(rebuild__leaves_the_index_to_who_was_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
