/* tests/catalog/load_test.c - a load by several threads stores what the corridor stores one by one, is told of once, and is one
 * transaction a batch. */
#include "room.h"

#include "recto/catalog/load.h"
#include "recto/catalog/rules.h"

#include <glob.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 1500000 };

typedef struct told { /* what a load said */
    size_t rejects, raw_bytes;
    bool stop;
} told;

static recto_status count_reject(void *context, const load_reject *reject, recto_error *error)
{
    told *told = context;
    (void)error;
    assert_true(reject->reason[0] != '\0');
    told->rejects++;
    told->raw_bytes += reject->raw.length;
    return RECTO_OK;
}

static void no_progress(void *context, const load_counts *counts)
{
    (void)context;
    assert_true(counts->read >= counts->added);
}

static bool asks_to_stop(void *context)
{
    return ((told *)context)->stop;
}

static text whole_file(buffer *bytes, const char *path)
{
    char piece[65536];
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    buffer_clear(bytes);
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        buffer_append(bytes, piece, got);
    (void)fclose(file);
    return buffer_text(bytes);
}

static load_counts load_bytes(catalog *desk, text bytes, text key, int jobs, told *told)
{
    recto_error error = { .status = RECTO_OK };
    load_counts counts = { 0 };
    marc_reader *reader = NULL;
    bool ended = false;
    must(marc_reader_new_bytes(&reader, bytes, "a file", NULL, &error), &error);
    const load_request request = { .reader = reader,
                                   .name = "a file",
                                   .key = key,
                                   .zone = catalog_zone(desk, ZONE_INSTITUTION),
                                   .policy = catalog_policy("load"),
                                   .jobs = jobs,
                                   .memory = 64 * 1024 * 1024,
                                   .context = told,
                                   .reject = count_reject,
                                   .progress = no_progress,
                                   .stop = asks_to_stop };
    must(catalog_load_file(&counts, &ended, desk, &request, &error), &error);
    assert_int_equal(ended, !told->stop);
    marc_reader_free(reader);
    return counts;
}

/* The reference: the corridor, record by record. */
static load_counts ingest_bytes(catalog *desk, text bytes)
{
    recto_error error = { .status = RECTO_OK };
    load_counts counts = { 0 };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_status status = RECTO_OK;
    must(marc_reader_new_bytes(&reader, bytes, "a file", NULL, &error), &error);
    must(marc_record_new(&record, &error), &error);
    must(repo_begin(catalog_repo(desk), &error), &error);
    while ((status = marc_reader_next(reader, record, &error)) != RECTO_END) {
        ingest_outcome outcome;
        const ingest_request request = { .record = record,
                                         .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                                         .policy = catalog_policy("load"),
                                         .join_transaction = true };
        counts.read++;
        if (status == RECTO_OK) {
            must(catalog_ingest(&outcome, desk, &request, &error), &error);
            counts.added += outcome.kind == OUTCOME_ADDED;
            ingest_outcome_release(&outcome);
        } else {
            assert_true(status == RECTO_EDATA || status == RECTO_ELIMIT);
            counts.rejected++;
        }
    }
    must(repo_commit(catalog_repo(desk), &error), &error);
    marc_record_free(record);
    marc_reader_free(reader);
    return counts;
}

/* ---- comparing two repositories */

static void assert_same_record(catalog *a, catalog *b, mms_id id)
{
    marc_record *one = NULL, *other = NULL;
    bib_info first, second;
    recto_error error = { .status = RECTO_OK };
    must(catalog_load(a, id, &one, &first, &error), &error);
    must(catalog_load(b, id, &other, &second, &error), &error);
    assert_true(marc_record_equal(one, other));
    assert_int_equal(first.version, second.version);
    assert_int_equal(first.brief_level, second.brief_level);
    assert_int_equal(first.modified_at, second.modified_at);
    assert_int_equal(first.sync, second.sync);
    assert_string_equal(first.title, second.title);
    assert_string_equal(first.creator, second.creator);
    assert_string_equal(first.date, second.date);
    assert_string_equal(first.oclc, second.oclc);
    assert_string_equal(first.isbn, second.isbn);
    assert_string_equal(first.issn, second.issn);
    assert_string_equal(first.material, second.material);
    assert_string_equal(first.origin, second.origin);
    assert_string_equal(first.modified_by, second.modified_by);
    assert_string_equal(first.originating_version, second.originating_version);
    marc_record_free(one);
    marc_record_free(other);
}

static void print_finding(void *context, const check_finding *finding)
{
    (void)context;
    print_message("%s: %lld: %s\n", finding->kind, (long long)finding->id, finding->message);
}

/* A full check makes every term of every record again and compares it with the index, in both directions. */
static void assert_sound(catalog *desk, uint64_t records)
{
    check_verdict verdict;
    recto_error error = { .status = RECTO_OK };
    must(repo_check(catalog_repo(desk), true, print_finding, NULL, &verdict, &error), &error);
    assert_true(verdict.sound);
    assert_int_equal(verdict.records, records);
    assert_int_equal(verdict.versions, records);
}

static void assert_same_searches(catalog *a, catalog *b)
{
    static const char *const words[] = {
        "history",  "the of",  "war and peace", "music",  "paris",
        "die",      "library", "1999",          "garcia", "\xD0\xBA\xD0\xBD\xD0\xB8\xD0\xB3\xD0\xB0",
        "new york", "water"
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(count_hits(a, SEARCH_ALL_TITLES, 0, NULL, words[i], NULL),
                         count_hits(b, SEARCH_ALL_TITLES, 0, NULL, words[i], NULL));
}

static void real_files__are_stored_as_one_by_one(void **state)
{
    static const char *const folders[] = { "utf8", "marc8", "xml", "broken", "long" };
    room first, second;
    glob_t files = { .gl_pathc = 0 };
    load_counts ours = { 0 };
    buffer bytes;
    told told = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char pattern[100];
        snprintf(pattern, sizeof pattern, "../shared/data/marc/%s/*.[mx][rm][cl]", folders[i]);
        (void)glob(pattern, i > 0 ? GLOB_APPEND : 0, NULL, &files);
    }
    if (files.gl_pathc == 0) {
        printf("skipped: no ../shared/data/marc beside the checkout\n");
        skip();
    }
    room_open(&first);
    room_open(&second);
    catalog *fast = room_desk(&first, "chief"), *slow = room_desk(&second, "chief");
    buffer_init(&bytes, 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct stat about;
        assert_int_equal(stat(files.gl_pathv[i], &about), 0);
        if (about.st_size > FILE_BYTES_MAX)
            continue;
        const text content = whole_file(&bytes, files.gl_pathv[i]);
        const load_counts one = load_bytes(fast, content, TEXT(""), 3, &told), other = ingest_bytes(slow, content);
        assert_int_equal(one.read, other.read);
        assert_int_equal(one.added, other.added);
        assert_int_equal(one.rejected, other.rejected);
        assert_int_equal(one.read, one.added + one.rejected);
        ours.added += one.added;
        ours.rejected += one.rejected;
    }
    assert_true(ours.added > 1000);
    assert_int_equal(told.rejects, ours.rejected);
    for (uint64_t i = 1; i <= ours.added; i++) /* 99, the number, the zone */
        assert_same_record(fast, slow, (mms_id)((INT64_C(99100000000000) + (int64_t)i) * 10000 + 5801));
    assert_sound(fast, ours.added);
    assert_sound(slow, ours.added);
    assert_same_searches(fast, slow);
    buffer_release(&bytes);
    globfree(&files);
    room_close(&first);
    room_close(&second);
}

/* ---- files of our own */

static void make_file(buffer *out, size_t count)
{
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    recto_error error = { .status = RECTO_OK };
    for (size_t i = 0; i < count; i++) {
        char number[20], title[60];
        snprintf(number, sizeof number, "%zu", 5000 + i);
        snprintf(title, sizeof title, "Loaded book %zu word%zu", i, i);
        marc_record *record = book(number, title);
        must(marc_write_record(out, record, &options, &error), &error);
        marc_record_free(record);
    }
}

static void a_load_that_stops__goes_on_behind_its_last_batch(void **state)
{
    enum { COUNT = 1500 };
    room room;
    buffer bytes;
    load_state reached;
    recto_error error = { .status = RECTO_OK };
    told told = { .stop = true };
    (void)state;
    room_open(&room);
    catalog *desk = room_desk(&room, "chief");
    const repo_zone *zone = catalog_zone(desk, ZONE_INSTITUTION);
    buffer_init(&bytes, 0);
    make_file(&bytes, COUNT);
    const text key = TEXT("of this content");
    must(catalog_load_state(&reached, desk, zone, key, &error), &error);
    assert_false(reached.finished);
    assert_int_equal(reached.records, 0);
    load_counts counts = load_bytes(desk, buffer_text(&bytes), key, 2, &told);
    assert_int_equal(counts.added, 0); /* it was asked before the first batch */
    told.stop = false;
    counts = load_bytes(desk, buffer_text(&bytes), key, 2, &told);
    assert_int_equal(counts.added, COUNT);
    assert_int_equal(counts.position, bytes.length);
    must(catalog_load_state(&reached, desk, zone, key, &error), &error);
    assert_true(reached.finished);
    assert_int_equal(reached.records, COUNT);
    must(catalog_load_forget(desk, zone, key, &error), &error);
    must(catalog_load_state(&reached, desk, zone, key, &error), &error);
    assert_false(reached.finished);
    assert_sound(desk, COUNT);
    buffer_release(&bytes);
    room_close(&room);
}

/* Batches are made ahead for documents that somebody else may get meanwhile: all are found as what they are. */
typedef struct other_hand {
    catalog *desk;
    size_t saved;
} other_hand;

static void save_another(void *context, const load_counts *counts)
{
    enum { SAVES = 3 };
    other_hand *other = context;
    char number[20], title[60];
    assert_true(counts->read > 0);
    for (size_t i = 0; i < SAVES && other->saved < 60; i++, other->saved++) {
        snprintf(number, sizeof number, "%zu", 900000 + other->saved);
        snprintf(title, sizeof title, "Saved meanwhile other%zu", other->saved);
        (void)store(other->desk, ZONE_INSTITUTION, book(number, title));
    }
}

static recto_status no_reject(void *context, const load_reject *reject, recto_error *error)
{
    (void)context;
    (void)error;
    fail_msg("record %zu: %s", reject->number, reject->reason);
    return RECTO_OK;
}

static bool never_stops(void *context)
{
    (void)context;
    return false;
}

static void records_saved_meanwhile__move_what_was_made_ahead(void **state)
{
    enum { COUNT = 9000 };
    room room;
    buffer bytes;
    bool ended = false;
    load_counts counts = { 0 };
    marc_reader *reader = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&room);
    catalog *desk = room_desk(&room, "chief");
    other_hand other = { .desk = room_desk(&room, "chief") };
    buffer_init(&bytes, 0);
    make_file(&bytes, COUNT);
    must(marc_reader_new_bytes(&reader, buffer_text(&bytes), "a file", NULL, &error), &error);
    const load_request request = { .reader = reader,
                                   .name = "a file",
                                   .zone = catalog_zone(desk, ZONE_INSTITUTION),
                                   .policy = catalog_policy("load"),
                                   .jobs = 3,
                                   .memory = 1, /* the least there is: many batches */
                                   .context = &other,
                                   .reject = no_reject,
                                   .progress = save_another,
                                   .stop = never_stops };
    must(catalog_load_file(&counts, &ended, desk, &request, &error), &error);
    assert_true(ended);
    assert_int_equal(counts.added, COUNT);
    assert_true(other.saved >= 6); /* there were several batches */
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, NULL, "loaded book", NULL), COUNT);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, NULL, "saved meanwhile", NULL), other.saved);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, NULL, "word8999", NULL), 1);
    assert_sound(desk, COUNT + other.saved);
    marc_reader_free(reader);
    buffer_release(&bytes);
    room_close(&room);
}

/* Numbers are taken ahead; what was not used is given back, and what others save afterwards follows on. */
static void numbers_taken_ahead__are_given_back(void **state)
{
    room room;
    buffer bytes;
    told told = { 0 };
    (void)state;
    room_open(&room);
    catalog *desk = room_desk(&room, "chief");
    const mms_id before = store(desk, ZONE_INSTITUTION, book("1", "Before"));
    buffer_init(&bytes, 0);
    make_file(&bytes, 700);
    (void)load_bytes(desk, buffer_text(&bytes), TEXT(""), 2, &told);
    const mms_id after = store(desk, ZONE_INSTITUTION, book("2", "After"));
    assert_int_equal((after - before) / 10000, 701);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, NULL, "loaded book", NULL), 700);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, NULL, "word699", NULL), 1);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, 0, "oclc", "5000", NULL), 1);
    assert_sound(desk, 702);
    buffer_release(&bytes);
    room_close(&room);
}

/* The rules of a zone need the repository: the caller's thread does it all, with the same result. */
static void rules_of_the_zone__refuse_and_normalize(void **state)
{
    static const char refuse[] = "rule \"Nothing\"\nwhen\n  exists \"245.a.Loaded*\"\nthen\n  set indication.\"true\"\nend\n";
    char warning[RULE_WARNING];
    int version = 0;
    room room;
    buffer bytes;
    recto_error error = { .status = RECTO_OK };
    told told = { 0 };
    (void)state;
    room_open(&room);
    catalog *desk = room_desk(&room, "chief");
    const int zone = catalog_zone(desk, ZONE_INSTITUTION)->id;
    must(catalog_rule_save(desk, zone, RULES_INDICATION, "refuse all", text_from(refuse), 0, NULL, &version, &error), &error);
    must(catalog_rule_choose(desk, zone, RULE_USE_REJECT, "refuse all", false, warning, &error), &error);
    buffer_init(&bytes, 0);
    make_file(&bytes, 300);
    const load_counts counts = load_bytes(desk, buffer_text(&bytes), TEXT(""), 4, &told);
    assert_int_equal(counts.added, 0);
    assert_int_equal(counts.rejected, 300);
    assert_int_equal(told.rejects, 300);
    assert_int_equal(told.raw_bytes, bytes.length); /* to the byte (RL-65) */
    assert_sound(desk, 0);
    buffer_release(&bytes);
    room_close(&room);
}

/* Nobody without the right loads: every record is told of with the sentence. */
static void who_may_not__is_refused_record_by_record(void **state)
{
    room room;
    buffer bytes;
    told told = { 0 };
    (void)state;
    room_open(&room);
    room_user(&room, "reader", "");
    catalog *desk = room_desk(&room, "reader");
    buffer_init(&bytes, 0);
    make_file(&bytes, 3);
    const load_counts counts = load_bytes(desk, buffer_text(&bytes), TEXT(""), 2, &told);
    assert_int_equal(counts.added, 0);
    assert_int_equal(told.rejects, 3);
    buffer_release(&bytes);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files__are_stored_as_one_by_one),
        cmocka_unit_test(a_load_that_stops__goes_on_behind_its_last_batch),
        cmocka_unit_test(records_saved_meanwhile__move_what_was_made_ahead),
        cmocka_unit_test(numbers_taken_ahead__are_given_back),
        cmocka_unit_test(rules_of_the_zone__refuse_and_normalize),
        cmocka_unit_test(who_may_not__is_refused_record_by_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
