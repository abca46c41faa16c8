/* tests/repo/postings_test.c - the posting index of the repository: found at once, taken back with a rollback, kept small in
 * slices, thrown away when half done, made again while others save. */
#include "room.h"

#include "../../src/repo/postings_inside.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

static index_set *find(repo *repo, unsigned column, const char *term)
{
    bool own;
    recto_error error;
    index_reader *reader = NULL;
    index_set *found = NULL;
    const uint8_t columns[] = { (uint8_t)column, 0 };
    must(look_begin(repo, &own, &error), &error);
    must(postings_reader(&reader, repo, &error), &error);
    must(index_find(&found, reader, columns, text_from(term), &error), &error);
    look_end(repo, own);
    return found;
}

static uint64_t count(repo *repo, unsigned column, const char *term)
{
    index_set *found = find(repo, column, term);
    uint64_t many = index_set_count(found);
    index_set_free(found);
    return many;
}

static size_t segments_in(repo *repo, segment_state state)
{
    segment_list list = { .rows = NULL };
    recto_error error;
    size_t many = 0;
    bool own;
    must(look_begin(repo, &own, &error), &error);
    must(segments_read(&list, repo, &error), &error);
    look_end(repo, own);
    for (size_t i = 0; i < list.count; i++)
        many += list.rows[i].state == state;
    segment_list_free(&list);
    return many;
}

static size_t tidy_all(repo *repo)
{
    bool more = true;
    size_t slices = 0;
    recto_error error;
    for (; more; slices++) {
        must(repo_tidy(repo, &more, &error), &error);
        assert_true(slices < 100000);
    }
    return slices;
}

static void add_titles(repo *repo, int from, int to)
{
    recto_error error;
    must(repo_begin(repo, &error), &error);
    for (int i = from; i < to; i++) {
        char line[80];
        mms_id id = 0;
        snprintf(line, sizeof line, "245 10 $aCommon title%d third%d", i, i % 3);
        marc_record *record = RECORD(line);
        must(repo_bib_new_id(repo, INSTITUTION, &id, &error), &error);
        must(room_try_write(repo, id, INSTITUTION, record, 0, NULL, &error), &error);
        marc_record_free(record);
    }
    must(repo_commit(repo, &error), &error);
}

/* ---- one save ---------------------------------------------------------------------------------------------------- */

static void save__is_found_in_its_transaction_and_goes_with_a_rollback(void **state)
{
    room *room = *state;
    recto_error error;
    mms_id id = 0;
    add_titles(room->repo, 0, 3);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 3);
    marc_record *record = RECORD("245 10 $aCommon again");
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_new_id(room->repo, INSTITUTION, &id, &error), &error);
    must(room_try_write(room->repo, id, INSTITUTION, record, 0, NULL, &error), &error);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 4);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "again"), 1);
    repo_rollback(room->repo);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 3);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "again"), 0);
    marc_record_free(record);
    assert_sound(room->repo);
}

static void save__is_found_by_another_at_once(void **state)
{
    room *room = *state;
    repo *other = NULL;
    recto_error error;
    must(repo_open(&other, room->path, REPO_READ_ONLY, &error), &error);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "common"), 0);
    for (int i = 0; i < 1400; i += 70) { /* over two segments */
        add_titles(room->repo, i, i + 70);
        assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "common"), i + 70);
    }
    (void)tidy_all(room->repo);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "third0"), 467);
    assert_int_equal(count(other, POSTING_LIVE, "1"), 1400);
    repo_close(other);
}

static void facts__follow_every_change_of_the_row(void **state)
{
    room *room = *state;
    recto_error error;
    mms_id holding = 0;
    marc_record *of_holding = RECORD("852 0  $bMAIN");
    mms_id id = room_add_title(room->repo, INSTITUTION, "Facts"), other = room_add_title(room->repo, NETWORK, "Other");
    char number[MMS_ID_LENGTH];
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "N"), 2);
    must(repo_holding_write(room->repo, &holding, id, INSTITUTION, of_holding, 0, "cat1", NOON, &error), &error);
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "P"), 1);
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "N"), 1);
    item item = { .holding = holding, .barcode = "7" };
    must(repo_item_write(room->repo, &item, "cat1", NOON, &error), &error);
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "I"), 1);
    must(repo_item_delete(room->repo, item.id, "cat1", NOON, &error), &error);
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "I"), 0);
    must(repo_holding_delete(room->repo, holding, "cat1", NOON, &error), &error);
    assert_int_equal(count(room->repo, POSTING_INVENTORY, "N"), 2);
    must(repo_bib_set_tags(room->repo, id, 'N', 1, "cat2", NOON + 9, &error), &error);
    assert_int_equal(count(room->repo, POSTING_SYNC, "N"), 1);
    assert_int_equal(count(room->repo, POSTING_SUPPRESSED, "1"), 1);
    assert_int_equal(count(room->repo, POSTING_MODIFIED_BY, "cat2"), 1);
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, id, 1, "cat1", NOON, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    assert_int_equal(count(room->repo, POSTING_LIVE, "1"), 1);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "facts"), 0);
    mms_id_format(number, other);
    assert_int_equal(count(room->repo, POSTING_LINKED, number), 0);
    assert_sound(room->repo);
    marc_record_free(of_holding);
}

static void key_term__is_never_longer_than_a_term(void **state)
{
    static char one[600], other[600];
    buffer a, b;
    (void)state;
    memset(one, 'x', sizeof one);
    memset(other, 'x', sizeof other);
    other[599] = 'y';
    buffer_init(&a, 0);
    buffer_init(&b, 0);
    postings_key_term(&a, text_of(one, sizeof one), "035", 'a');
    postings_key_term(&b, text_of(other, sizeof other), "035", 'a');
    assert_int_equal(a.length, INDEX_TERM_BYTES_MAX);
    assert_false(text_equal(buffer_text(&a), buffer_text(&b)));
    buffer_clear(&b);
    postings_key_beginning(&b, text_of(one, sizeof one));
    assert_true(text_starts(buffer_text(&a), buffer_text(&b)));
    buffer_release(&a);
    buffer_release(&b);
}

/* ---- many saves, tidied ------------------------------------------------------------------------------------------ */

enum { RECORDS = 300 };
typedef struct work {
    repo *repo;
    mms_id ids[RECORDS];
    int versions[RECORDS];
    size_t known;
    int step;
} work;

/* One change of one record, in a transaction that is taken back now and then. */
static void change_something(work *work, unsigned dice)
{
    recto_error error;
    char line[80];
    const bool add = work->known == 0 || (work->known < RECORDS && dice % 5 == 0);
    const size_t at = add ? work->known : dice % work->known;
    int version = add ? 0 : work->versions[at];
    snprintf(line, sizeof line, "245 10 $aStep%d word%u common", work->step, dice % 17);
    marc_record *record = RECORD(line, "650  0 $aThings");
    must(repo_begin(work->repo, &error), &error);
    if (add) {
        must(repo_bib_new_id(work->repo, INSTITUTION, &work->ids[at], &error), &error);
        must(room_try_write(work->repo, work->ids[at], INSTITUTION, record, 0, &version, &error), &error);
    } else if (dice % 23 == 1) {
        must(repo_bib_delete(work->repo, work->ids[at], version, "cat1", NOON + work->step, &error), &error);
    } else if (dice % 7 == 2) {
        must(repo_bib_set_tags(work->repo, work->ids[at], 'H', (int)(dice & 1), "cat2", NOON + work->step, &error), &error);
    } else {
        must(room_try_write(work->repo, work->ids[at], INSTITUTION, record, version, &version, &error), &error);
    }
    if (dice % 3 == 0)
        assert_true(count(work->repo, POSTING_WORDS + WORDS_SUBJECT, "things") > 0 || dice % 23 == 1 || dice % 7 == 2);
    if (dice % 11 == 3) {
        repo_rollback(work->repo);
    } else {
        must(repo_commit(work->repo, &error), &error);
        work->versions[at] = version;
        work->known += add;
    }
    marc_record_free(record);
}

/* A few hundred records are added, changed, hidden, deleted and taken back in any order, tidied now and then: after all of it
 * the index is what the records ask for. */
static void random_work__leaves_the_index_as_the_records_are(void **state)
{
    enum { STEPS = 2600 };
    room *room = *state;
    static work work;
    recto_error error;
    unsigned seed = 4711;
    memset(&work, 0, sizeof work);
    work.repo = room->repo;
    for (work.step = 0; work.step < STEPS; work.step++) {
        bool more;
        seed = seed * 1103515245U + 12345U;
        change_something(&work, seed >> 16 & 0xFFF);
        if (seed >> 20 & 1)
            must(repo_tidy(room->repo, &more, &error), &error);
        if (work.step % 650 == 649)
            assert_sound(room->repo);
    }
    assert_true(segments_in(room->repo, SEGMENT_LIVE) > 0);
    (void)tidy_all(room->repo);
    assert_sound(room->repo);
}

static void tidy__merges_segments_until_few_are_left(void **state)
{
    room *room = *state;
    for (int i = 0; i < 4700; i += 100) {
        add_titles(room->repo, i, i + 100);
        (void)tidy_all(room->repo);
    }
    assert_true(segments_in(room->repo, SEGMENT_LIVE) < 10);
    assert_int_equal(segments_in(room->repo, SEGMENT_DEAD), 0);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 0);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 4700);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "title4699"), 1);
    assert_sound(room->repo);
}

static void saves_that_nobody_tidies_after__still_leave_few_segments(void **state)
{
    room *room = *state;
    for (int i = 0; i < 26 * 512; i += 512)
        add_titles(room->repo, i, i + 512);
    assert_true(segments_in(room->repo, SEGMENT_LIVE) <= MERGE_WIDTH_IN_SAVE);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 26 * 512);
}

static void add_built(repo *repo, index_document first, index_document last)
{
    recto_error error;
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    assert_non_null(builder);
    assert_non_null(entry);
    for (index_document document = first; document <= last; document++) {
        char word[32];
        index_entry_clear(entry);
        snprintf(word, sizeof word, "word%u", (unsigned)document);
        index_entry_add(entry, POSTING_WORDS + WORDS_TITLE, text_from(word), 1);
        index_entry_add(entry, POSTING_WORDS + WORDS_TITLE, TEXT("all"), 2);
        must(index_builder_add(builder, document, entry, &error), &error);
    }
    held_segment held;
    held_init(&held);
    const index_store store = held_store(&held);
    must(index_builder_write(builder, &store, 0, &held.info, &held.documents, &error), &error);
    must(repo_begin(repo, &error), &error);
    must(postings_add_held(repo, &held, &error), &error);
    must(repo_commit(repo, &error), &error);
    held_release(&held);
    index_entry_free(entry);
    index_builder_free(builder);
}

/* Large segments, as a load makes them; every third of the documents is in two of them. */
static void fill_large(repo *repo)
{
    for (index_document i = 0; i < 8; i++)
        add_built(repo, i * 6000 + 1, i * 6000 + 8000);
}

static void large_merge__goes_in_slices_and_is_published_at_once(void **state)
{
    room *room = *state;
    recto_error error;
    bool more = true;
    fill_large(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 8);
    size_t slices = 0;
    for (; more; slices++) {
        must(repo_tidy(room->repo, &more, &error), &error);
        size_t live = segments_in(room->repo, SEGMENT_LIVE);
        assert_true(live == 8 || live == 1);
        assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "all"), 50000);
    }
    assert_true(slices > 4);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_int_equal(segments_in(room->repo, SEGMENT_DEAD), 0);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "word49999"), 1);
}

static void merge_of_a_dead_process__is_thrown_away(void **state)
{
    room *room = *state;
    recto_error error;
    bool more;
    fill_large(room->repo);
    repo_close(room->repo);
    room->repo = NULL;
    pid_t child = fork();
    if (child == 0) {
        repo *own = NULL;
        if (repo_open(&own, room->path, REPO_READ_WRITE, NULL) != RECTO_OK || repo_tidy(own, &more, NULL) != RECTO_OK)
            _exit(1);
        _exit(segments_in(own, SEGMENT_BUILDING) == 1 ? 0 : 2); /* in the middle, without closing anything */
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 1);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "all"), 50000);
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING) + segments_in(room->repo, SEGMENT_DEAD), 0);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "all"), 50000);
}

/* Another living process merges the same segments: they are left to it, and small ones beside them are merged all the same. */
static void two_that_tidy__do_not_build_the_same(void **state)
{
    room *room = *state;
    repo *other = NULL;
    recto_error error;
    bool more;
    fill_large(room->repo);
    must(repo_open(&other, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_tidy(other, &more, &error), &error);
    assert_true(more);
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 1);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 8);
    (void)tidy_all(other);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "all"), 50000);
    repo_close(other);
}

/* ---- somebody else is at the pending entries --------------------------------------------------------------------- */

static size_t pending_in(repo *repo)
{
    index_reader *reader = NULL;
    recto_error error;
    bool own;
    must(look_begin(repo, &own, &error), &error);
    must(postings_reader(&reader, repo, &error), &error);
    const size_t entries = index_reader_entries(reader);
    look_end(repo, own);
    return entries;
}

/* Begins to make a segment of pending entries, and stops in the middle. */
static repo *begin_elsewhere(const char *path)
{
    repo *other = NULL;
    recto_error error;
    bool more = false;
    must(repo_open(&other, path, REPO_READ_WRITE, &error), &error);
    must(repo_tidy(other, &more, &error), &error);
    assert_true(more);
    assert_int_equal(segments_in(other, SEGMENT_BUILDING), 1);
    return other;
}

static void segment_of_entries__is_built_while_others_save(void **state)
{
    room *room = *state;
    add_titles(room->repo, 0, 300);
    repo *other = begin_elsewhere(room->path);
    add_titles(room->repo, 300, 900);
    (void)tidy_all(room->repo); /* leaves it to the other: what is newer must not become a segment before */
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 0);
    assert_int_equal(pending_in(room->repo), 900);
    (void)tidy_all(other);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 0);
    assert_true(pending_in(room->repo) < FLUSH_WHEN_IDLE);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 900);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "title299"), 1);
    repo_close(other);
    assert_sound(room->repo);
}

static void segment_of_entries__is_left_to_others_at_the_end(void **state)
{
    room *room = *state;
    add_titles(room->repo, 0, 300);
    repo_close(begin_elsewhere(room->path)); /* the process lives on */
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_int_equal(pending_in(room->repo), 0);
    assert_sound(room->repo);
}

static void segment_of_entries__is_taken_from_who_does_not_go_on(void **state)
{
    room *room = *state;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Before");
    marc_record *after = RECORD("245 10 $aAfter");
    add_titles(room->repo, 0, 300);
    repo *other = begin_elsewhere(room->path);
    add_titles(room->repo, 300, FLUSH_AT_ONCE - 400);
    must(room_change(room->repo, id, after, 1, NULL, &error), &error);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 0);
    add_titles(room->repo, FLUSH_AT_ONCE - 400, FLUSH_AT_ONCE + 100);
    assert_true(segments_in(room->repo, SEGMENT_LIVE) > 0);
    (void)tidy_all(other); /* finds that what it has built is not wanted, and puts in order what there is */
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 0);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "before"), 0);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "after"), 1);
    assert_int_equal(count(other, POSTING_WORDS + WORDS_TITLE, "common"), FLUSH_AT_ONCE + 100);
    marc_record_free(after);
    repo_close(other);
    assert_sound(room->repo);
}

static void command_that_ends__leaves_no_more_entries_than_others_do(void **state)
{
    room *room = *state;
    add_titles(room->repo, 0, 300);
    /* One goes as far as a tenth of a second goes: under sanitizers not to the end. */
    for (int i = 0; i < 50 && pending_in(room->repo) > 0; i++)
        repo_tidy_briefly(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_int_equal(pending_in(room->repo), 0);
    fill_large(room->repo);
    repo_tidy_briefly(room->repo); /* a large merge is not begun */
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 9);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING), 0);
}

static void saves_in_short_transactions__pay_for_the_index_out_of_turn(void **state)
{
    room *room = *state;
    for (int i = 0; i < 3000; i += 10)
        add_titles(room->repo, i, i + 10);
    assert_true(segments_in(room->repo, SEGMENT_LIVE) > 0);
    assert_true(pending_in(room->repo) < CATCH_UP_FROM * 2); /* never so many that a save has to stop for them */
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common"), 3000);
    assert_sound(room->repo);
}

/* A load's segments are newer than entries that still wait, and may become one with older ones. */
static void entries__stay_newer_than_what_is_merged_around_them(void **state)
{
    room *room = *state;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Before");
    marc_record *after = RECORD("245 10 $aAfter");
    add_titles(room->repo, 0, 300);
    (void)tidy_all(room->repo);
    must(room_change(room->repo, id, after, 1, NULL, &error), &error);
    add_titles(room->repo, 300, 300 + FLUSH_WHEN_IDLE - 2);
    for (index_document i = 0; i < 8; i++)
        add_built(room->repo, 100000 + i * 600, 100000 + i * 600 + 500);
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
    assert_true(pending_in(room->repo) > 0);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "after"), 1);
    add_titles(room->repo, 1000, 1000 + FLUSH_AT_ONCE); /* so many that the oldest become a segment at once */
    assert_true(segments_in(room->repo, SEGMENT_LIVE) > 1);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "after"), 1);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "before"), 0);
    marc_record_free(after);
}

/* ---- made again -------------------------------------------------------------------------------------------------- */

static void save_until_told(const char *path, int told)
{
    repo *own = NULL;
    char byte;
    if (repo_open(&own, path, REPO_READ_WRITE, NULL) != RECTO_OK)
        _exit(1);
    for (int i = 0; i == 0 || read(told, &byte, 1) < 0; i++) {
        add_titles(own, 100000 + i, 100001 + i);
        if (room_change(own, 991000000000005801 + (mms_id)(1 + i % 900) * 10000, RECORD("245 10 $aChanged meanwhile"),
                        1 + i / 900, NULL, NULL) != RECTO_OK)
            _exit(2);
    }
    repo_close(own);
    _exit(0);
}

static void rebuild__goes_on_while_others_save(void **state)
{
    room *room = *state;
    recto_error error;
    int told[2], status = 0;
    add_titles(room->repo, 0, 3000);
    repo_close(room->repo);
    room->repo = NULL;
    assert_int_equal(pipe2(told, O_NONBLOCK), 0);
    pid_t child = fork();
    if (child == 0)
        save_until_told(room->path, told[0]);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    for (int i = 0; i < 5; i++)
        must(repo_rebuild_indexes(room->repo, &error), &error);
    assert_int_equal(write(told[1], "x", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_sound(room->repo);
    uint64_t all = count(room->repo, POSTING_LIVE, "1");
    assert_true(all > 3000);
    assert_int_equal(count(room->repo, POSTING_WORDS + WORDS_TITLE, "common") +
                         count(room->repo, POSTING_WORDS + WORDS_TITLE, "meanwhile"),
                     all);
    close(told[0]);
    close(told[1]);
}

/* It is tried once in a process: what cannot be read does not become better. */
static void damaged_segments__are_not_merged_again_and_again(void **state)
{
    room *room = *state;
    recto_error error;
    recto_status status = RECTO_OK;
    bool more = true;
    sqlite3 *database = NULL;
    fill_large(room->repo);
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE posting_block SET bytes = zeroblob(length(bytes)) WHERE id & 4294967295 = 0",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    for (int i = 0; i < 100 && status == RECTO_OK && more; i++)
        status = repo_tidy(room->repo, &more, &error);
    assert_int_equal(status, RECTO_EDATA);
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 8);
}

/* While somebody writes nothing happens. */
static void tidy__waits_for_nobody(void **state)
{
    room *room = *state;
    recto_error error;
    repo *other = NULL;
    bool more = false;
    add_titles(room->repo, 0, 300);
    must(repo_open(&other, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_begin(other, &error), &error);
    must(repo_tidy(room->repo, &more, &error), &error);
    assert_int_equal(segments_in(room->repo, SEGMENT_BUILDING) + segments_in(room->repo, SEGMENT_LIVE), 0);
    repo_rollback(other);
    repo_close(other);
    (void)tidy_all(room->repo);
    assert_int_equal(segments_in(room->repo, SEGMENT_LIVE), 1);
}

/* Segments that came while somebody rebuilds: what he builds stands for them, too. */
static void segments_that_are_rebuilt__are_not_merged_meanwhile(void **state)
{
    enum { SEGMENTS = 3 * MERGE_WIDTH };
    segment_row rows[1 + SEGMENTS] = { { .state = SEGMENT_BUILDING, .first = 0, .last = 10 } };
    const segment_list list = { .rows = rows, .count = 1 + SEGMENTS };
    size_t from = 0, count = 0;
    (void)state;
    for (size_t i = 1; i <= SEGMENTS; i++)
        rows[i] = (segment_row){ .state = SEGMENT_LIVE, .first = 1, .last = 10 };
    process_identity_own(&rows[0].builder);
    rows[0].builder.process = 0;
    segments_choose(&list, MERGE_WIDTH, &from, &count);
    assert_int_equal(count, SEGMENTS); /* whoever rebuilt them has ended */
    process_identity_own(&rows[0].builder);
    segments_choose(&list, MERGE_WIDTH, &from, &count);
    assert_int_equal(count, 0);
    string_keep(rows[0].builder.host, sizeof rows[0].builder.host, TEXT("another machine"));
    segments_choose(&list, MERGE_WIDTH, &from, &count);
    assert_int_equal(count, 0); /* whether he lives cannot be asked */
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(save__is_found_in_its_transaction_and_goes_with_a_rollback),
        IN_ROOM(save__is_found_by_another_at_once),
        IN_ROOM(facts__follow_every_change_of_the_row),
        cmocka_unit_test(key_term__is_never_longer_than_a_term),
        IN_ROOM(random_work__leaves_the_index_as_the_records_are),
        IN_ROOM(tidy__merges_segments_until_few_are_left),
        IN_ROOM(saves_that_nobody_tidies_after__still_leave_few_segments),
        IN_ROOM(large_merge__goes_in_slices_and_is_published_at_once),
        IN_ROOM(merge_of_a_dead_process__is_thrown_away),
        IN_ROOM(two_that_tidy__do_not_build_the_same),
        IN_ROOM(segment_of_entries__is_built_while_others_save),
        IN_ROOM(segment_of_entries__is_left_to_others_at_the_end),
        IN_ROOM(segment_of_entries__is_taken_from_who_does_not_go_on),
        IN_ROOM(command_that_ends__leaves_no_more_entries_than_others_do),
        IN_ROOM(saves_in_short_transactions__pay_for_the_index_out_of_turn),
        IN_ROOM(entries__stay_newer_than_what_is_merged_around_them),
        IN_ROOM(rebuild__goes_on_while_others_save),
        cmocka_unit_test(segments_that_are_rebuilt__are_not_merged_meanwhile),
        IN_ROOM(damaged_segments__are_not_merged_again_and_again),
        IN_ROOM(tidy__waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
