/* Authority records: loaded, known again by their numbers, their headings and references in the order of the bibs' own lists. */
#include "old.h"
#include "recto/repo/authorities.h"

static marc_record *authority_of(const char *const *lines)
{
    char leader[MARC_LEADER_LENGTH + 1];
    marc_record *record = record_of(lines);
    memcpy(leader, marc_record_leader(record), sizeof leader);
    leader[6] = 'z';
    marc_record_set_leader(record, leader);
    return record;
}
#define AUTHORITY(...) authority_of((const char *const[]){ __VA_ARGS__, NULL })

typedef enum written { ADDED, UPDATED } written;

/* As catalog/ does: a record with the numbers of another is the next version of that one. */
static recto_status try_put(room *room, int zone, marc_record *record, mms_id *id, written *how, recto_error *error)
{
    recto_error begun = { .status = RECTO_OK };
    mms_id known = 0, other = 0;
    authority_info info = { .version = 0 };
    must(repo_begin(room->repo, &begun), &begun);
    recto_status status = repo_authority_known(&known, &other, room->repo, zone, record, 0, error);
    if (status == RECTO_OK && known != 0)
        status = repo_authority_info(room->repo, known, &info, error);
    else if (status == RECTO_OK)
        status = repo_authority_new_id(room->repo, zone, &known, error);
    const bib_write write = { .id = known,
                              .zone = zone,
                              .record = record,
                              .expected_version = info.version,
                              .user = "chief",
                              .origin = "load",
                              .now = NOON,
                              .suppressed = -1 };
    if (status == RECTO_OK && other == 0)
        status = repo_bib_write(room->repo, &write, NULL, error);
    else if (status == RECTO_OK)
        status = RECTO_EREFUSED;
    if (status == RECTO_OK)
        must(repo_commit(room->repo, &begun), &begun);
    else
        repo_rollback(room->repo);
    *id = known;
    *how = info.version > 0 ? UPDATED : ADDED;
    marc_record_free(record);
    return status;
}

static mms_id put(room *room, marc_record *record, written expected)
{
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    written how = UPDATED;
    must(try_put(room, INSTITUTION, record, &id, &how, &error), &error);
    assert_int_equal(how, expected);
    assert_true(repo_is_authority(id));
    return id;
}

static marc_record *twain(void)
{
    return AUTHORITY("001 n79021164", "003 DLC", "010    $an  79021164 ", "040    $aDLC", "100 1  $aTwain, Mark,$d1835-1910",
                     "400 1  $aClemens, Samuel Langhorne,$d1835-1910", "500 1  $aSnodgrass, Quintus Curtius,$d1835-1910");
}

typedef struct seen {
    char lines[2000];
} seen;

static bool note_row(void *context, const authority_row *row)
{
    seen *seen = context;
    size_t at = strlen(seen->lines);
    snprintf(seen->lines + at, sizeof seen->lines - at, "%s%s %d %.*s > %.*s (%.*s)\n", row->before ? "-" : "", row->tag,
             (int)row->form, (int)row->shown.length, row->shown.bytes, (int)row->heading.length, row->heading.bytes,
             (int)row->vocabulary.length, row->vocabulary.bytes);
    return true;
}

static void sees(room *room, browse_kind kind, const char *from, const char *vocabulary, const char *expected)
{
    recto_error error = { .status = RECTO_OK };
    const int zones[] = { INSTITUTION };
    const browse_request request = {
        .kind = kind, .zones = zones, .zone_count = 1, .from = text_from(from), .before = 2, .after = 10
    };
    seen seen = { "" };
    must(repo_authority_browse(room->repo, &request, vocabulary, note_row, &seen, &error), &error);
    assert_string_equal(seen.lines, expected);
}

static void a_second_load_makes_versions(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    authority_info info;
    marc_record *record = NULL;
    mms_id id = put(room, twain(), ADDED), again;
    again = put(room, AUTHORITY("010    $an79021164", "100 1  $aTwain, Mark,$d1835-1910", "400 1  $aClemens, S. L."), UPDATED);
    assert_int_equal(again, id);
    must(repo_authority_info(room->repo, id, &info, &error), &error);
    must(repo_version_load(room->repo, id, 2, &record, &error), &error);
    assert_int_equal(info.version, 2);
    assert_string_equal(info.vocabulary, "naf");
    assert_string_equal(info.control, "(DLC)n79021164");
    assert_string_equal(info.shown, "Twain, Mark, 1835-1910");
    marc_record_free(record);
    must(repo_version_load(room->repo, id, 1, &record, &error), &error);
    assert_int_equal(marc_record_count(record), 7);
    marc_record_free(record);
    /* references of the first version are gone */
    sees(room, BROWSE_NAMES, "clemens", "",
         "400 4 Clemens, S. L. > Twain, Mark, 1835-1910 (naf)\n100 1 Twain, Mark, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n");
    assert_int_equal(repo_version_load(room->repo, id, 3, &record, &error), RECTO_ENOTFOUND);
}

static void two_records_have_the_numbers(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    written how;
    put(room, AUTHORITY("010    $an1", "100 1  $aOne"), ADDED);
    put(room, AUTHORITY("035    $a(X)2", "100 1  $aTwo"), ADDED);
    assert_int_equal(try_put(room, INSTITUTION, AUTHORITY("010    $an1", "035    $a(X)2", "100 1  $aBoth"), &id, &how, &error),
                     RECTO_EREFUSED);
    /* another zone has its own */
    must(try_put(room, NETWORK, AUTHORITY("010    $an1", "100 1  $aOne"), &id, &how, &error), &error);
    assert_int_equal(how, ADDED);
    assert_int_equal(try_put(room, INSTITUTION, AUTHORITY("010    $an3"), &id, &how, &error), RECTO_EDATA);
    assert_int_equal(try_put(room, INSTITUTION, RECORD("100 1  $aNo authority"), &id, &how, &error), RECTO_EDATA);
}

static void lists_by_nature(void **state)
{
    room *room = *state;
    put(room, twain(), ADDED);
    put(room,
        AUTHORITY("001 sh1", "003 DLC", "008 960101|| anannbabn          |a ana     ", "150    $aSolitude", "450    $aAloneness",
                  "550    $aLoneliness"),
        ADDED);
    put(room,
        AUTHORITY("001 j1", "003 JP", "100 1  $aNatsume, Soseki",
                  "880 1  $6100-01/$1$a\xE5\xA4\x8F\xE7\x9B\xAE\xE6\xBC\xB1\xE7\x9F\xB3"),
        ADDED);
    put(room, AUTHORITY("001 t1", "003 DLC", "100 1  $aHomer.$tIliad"), ADDED);
    sees(room, BROWSE_NAMES, "twain", "",
         "-100 1 Natsume, Soseki > Natsume, Soseki ()\n-400 4 Clemens, Samuel Langhorne, 1835-1910 > Twain, Mark, 1835-1910 "
         "(naf)\n"
         "100 1 Twain, Mark, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n"
         "100 4 \xE5\xA4\x8F\xE7\x9B\xAE\xE6\xBC\xB1\xE7\x9F\xB3 > Natsume, Soseki ()\n");
    sees(room, BROWSE_TITLES, "", "", "100 1 Homer. Iliad > Homer. Iliad ()\n");
    sees(room, BROWSE_SUBJECTS, "", "lcsh", "450 4 Aloneness > Solitude (lcsh)\n150 1 Solitude > Solitude (lcsh)\n");
    sees(room, BROWSE_SHELF, "", "", "");
}

static void found_by_number(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    mms_id id = put(room, twain(), ADDED), found = 0;
    const int network = NETWORK;
    must(repo_authority_named(&found, room->repo, NULL, 0, text_from("(DLC)n 79021164"), &error), &error);
    assert_int_equal(found, id);
    assert_int_equal(repo_authority_named(&found, room->repo, &network, 1, text_from("(DLC)n79021164"), &error), RECTO_ENOTFOUND);
    assert_int_equal(repo_authority_named(&found, room->repo, NULL, 0, text_from("(DLC)n0"), &error), RECTO_ENOTFOUND);
    seen seen = { "" };
    must(repo_authority_references(room->repo, id, note_row, &seen, &error), &error);
    assert_string_equal(seen.lines, "400 4 Clemens, Samuel Langhorne, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n"
                                    "500 5 Snodgrass, Quintus Curtius, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n");
}

/* ---- searched as records of their own ---- */

static const query_node *term(query_node *node, const char *index, search_operator operator, const char * value)
{
    *node = (query_node){ .kind = QUERY_TERM, .index = repo_search_index(index), .operator= operator, .value = text_from(value) };
    return node;
}

static bool note_id(void *context, const bib_info *row)
{
    mms_id *id = context;
    *id = row->id;
    return true;
}

static size_t count_of(room *room, search_type type, const query_node *query, mms_id *last)
{
    recto_error error = { .status = RECTO_OK };
    size_t count = 0;
    const search_request request = { .type = type, .query = query, .sort = SORT_TITLE, .limit = 20, .now = NOON };
    *last = 0;
    must(repo_search(room->repo, &request, note_id, last, &count, &error), &error);
    return count;
}

static void no_search_of_bibs_meets_one(void **state)
{
    room *room = *state;
    query_node node;
    mms_id last = 0, id = put(room, twain(), ADDED);
    recto_error error = { .status = RECTO_OK };
    const mms_id bib = room_add(room->repo, INSTITUTION, RECORD("100 1  $aTwain, Mark", "245 10 $aHuckleberry Finn"));
    assert_int_equal(count_of(room, SEARCH_ALL_TITLES, NULL, &last), 1);
    assert_int_equal(last, bib);
    assert_int_equal(count_of(room, SEARCH_ALL_TITLES, term(&node, "kw", SEARCH_KEYWORDS, "twain"), &last), 1);
    assert_int_equal(last, bib);
    assert_int_equal(count_of(room, SEARCH_ALL_TITLES, term(&node, "ti", SEARCH_EMPTY, ""), &last), 0);
    assert_int_equal(count_of(room, SEARCH_ALL_TITLES, term(&node, "kw", SEARCH_NOT_KEYWORDS, "finn"), &last), 0);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, NULL, &last), 1);
    assert_int_equal(last, id);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "kw", SEARCH_KEYWORDS, "twain"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "hd", SEARCH_KEYWORDS, "clemens"), &last), 0);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "sf", SEARCH_STARTS_WITH, "clemens, sam"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "sa", SEARCH_KEYWORDS, "snodgrass"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "voc", SEARCH_EQUALS, "NAF"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "lccn", SEARCH_EQUALS, "n 79021164"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "type", SEARCH_EQUALS, "personal name"), &last), 1);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "kw", SEARCH_NOT_KEYWORDS, "twain"), &last), 0);
    const search_request wrong = { .type = SEARCH_AUTHORITIES, .query = term(&node, "ti", SEARCH_KEYWORDS, "x"), .now = NOON };
    assert_int_equal(repo_search(room->repo, &wrong, note_id, &last, NULL, &error), RECTO_EINVALID);
}

static void ignore_finding(void *context, const check_finding *finding)
{
    (void)context;
    (void)finding;
}

static void sound(room *room, bool expected)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict;
    must(repo_check(room->repo, true, ignore_finding, NULL, &verdict, &error), &error);
    assert_true(verdict.sound == expected);
}

static void a_deleted_one_is_nowhere(void **state)
{
    room *room = *state;
    query_node node;
    recto_error error = { .status = RECTO_OK };
    mms_id last = 0, found = 0, id = put(room, twain(), ADDED);
    authority_info info;
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, id, 1, "chief", NOON, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "kw", SEARCH_KEYWORDS, "twain"), &last), 0);
    sees(room, BROWSE_NAMES, "twain", "", "");
    assert_int_equal(repo_authority_info(room->repo, id, &info, &error), RECTO_ENOTFOUND);
    assert_int_equal(repo_authority_named(&found, room->repo, NULL, 0, text_from("(DLC)n79021164"), &error), RECTO_ENOTFOUND);
    sound(room, true);
    /* the same again is a new record: numbers are never given twice */
    assert_true(put(room, twain(), ADDED) != id);
}

static void run_sql(room *room, const char *script)
{
    recto_error error = { .status = RECTO_OK };
    sqlite3 *database = NULL;
    repo_close(room->repo);
    room->repo = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    old_run(database, script);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
}

static void damage_is_found_and_mended(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    const char *const damages[] = { "DELETE FROM authority_heading WHERE form = 4", "UPDATE authority_heading SET shown = 'x'",
                                    "DELETE FROM authority_number" };
    put(room, twain(), ADDED);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        sound(room, true);
        run_sql(room, damages[i]);
        sound(room, false);
        must(repo_rebuild_indexes(room->repo, &error), &error);
        sound(room, true);
    }
    sees(room, BROWSE_NAMES, "clemens", "naf",
         "400 4 Clemens, Samuel Langhorne, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n100 1 Twain, Mark, 1835-1910 > Twain, Mark, "
         "1835-1910 (naf)\n");
}

/* As the schema before kept them: in tables of their own, beside those of bibs. */
static void an_older_repository_keeps_them(void **state)
{
    room *room = *state;
    query_node node;
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    bib_info info;
    mms_id last = 0, id = put(room, twain(), ADDED);
    (void)put(room, AUTHORITY("010    $an79021164", "100 1  $aTwain, Mark,$d1835-1910", "400 1  $aClemens, S. L."), UPDATED);
    const mms_id bib = room_add_title(room->repo, INSTITUTION, "Huckleberry Finn");
    room_make_old(room, 11);
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    old_run(database,
            "INSERT INTO authority (doc, mms_id, zone, number, version, tag, shown, vocabulary, control, created_at,"
            " modified_at, modified_by) SELECT 1, mms_id, zone, 100000000001, version, '100', 'as it was', 'naf', '',"
            " created_at, modified_at, modified_by FROM bib WHERE mms_id < 990000000000000000;"
            "INSERT INTO authority_version (doc, version, saved_at, saved_by, origin, checksum, record) SELECT 1,"
            " version, saved_at, saved_by, origin, checksum, record FROM version WHERE doc = 1;"
            "DELETE FROM version WHERE doc = 1; DELETE FROM bib WHERE doc = 1; DELETE FROM posting_pending WHERE document = 1;"
            "INSERT INTO authority_heading VALUES (1, 0, 'x', 0, 1, '100', 'x');"
            "INSERT INTO authority_number VALUES ('x', 1);");
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    assert_int_equal(count_of(room, SEARCH_ALL_TITLES, NULL, &last), 1);
    assert_int_equal(last, bib);
    assert_int_equal(count_of(room, SEARCH_AUTHORITIES, term(&node, "sf", SEARCH_KEYWORDS, "clemens"), &last), 1);
    assert_int_equal(last, id);
    must(repo_bib_load(room->repo, id, &record, &info, NOON, &error), &error);
    marc_record_free(record);
    assert_int_equal(info.version, 2);
    assert_string_equal(info.title, "Twain, Mark, 1835-1910");
    assert_string_equal(info.material, "Personal name");
    must(repo_version_load(room->repo, id, 1, &record, &error), &error);
    marc_record_free(record);
    sees(room, BROWSE_NAMES, "", "naf",
         "400 4 Clemens, S. L. > Twain, Mark, 1835-1910 (naf)\n100 1 Twain, Mark, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n");
    sound(room, true);
    assert_true(put(room, AUTHORITY("010    $an2", "100 1  $aTwo"), ADDED) > id);
}

/* One that is damaged keeps none of the others from being brought up; check tells of it. */
static void an_older_repository_is_brought_up_whatever_is_damaged(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    (void)put(room, twain(), ADDED);
    (void)put(room, AUTHORITY("010    $an2", "100 1  $aTwo"), ADDED);
    room_make_old(room, 11);
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    old_run(database, "UPDATE version SET record = zeroblob(40) WHERE doc = 1");
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    sees(room, BROWSE_NAMES, "", "", "100 1 Two > Two (naf)\n");
    sound(room, false);
}

static void headings_of_fields(void **state)
{
    (void)state;
    buffer shown, key, typed;
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    buffer_init(&typed, 0);
    marc_record *record =
        RECORD("245 10 $aSolitude", "700 1  $aTwain, Mark,$d1835-1910,$eauthor.$tLetters", "650  0 $aSolitude$xHistory.");
    assert_true(repo_field_heading(&shown, &key, marc_record_field(record, 1), BROWSE_NAMES));
    assert_string_equal(buffer_string(&shown), "Twain, Mark, 1835-1910");
    repo_heading_key(&typed, BROWSE_NAMES, text_from("TWAIN, Mark 1835-1910"));
    assert_true(text_equal(buffer_text(&key), buffer_text(&typed)));
    assert_int_equal(repo_heading_field(record, BROWSE_NAMES, buffer_text(&typed)), 1);
    assert_true(repo_heading_field(record, BROWSE_SUBJECTS, buffer_text(&typed)) == SIZE_MAX);
    assert_false(repo_field_heading(&shown, &key, marc_record_field(record, 2), BROWSE_NAMES));
    marc_record_free(record);
    buffer_release(&shown);
    buffer_release(&key);
    buffer_release(&typed);
}

static bool stop_at_once(void *context, const authority_row *row)
{
    (void)row;
    ++*(int *)context;
    return false;
}

static bool stop_at_bib(void *context, mms_id id)
{
    (void)id;
    ++*(int *)context;
    return false;
}

static void edges_of_lists_and_numbers(void **state)
{
    room *room = *state;
    repo *repo = room->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id id = put(room, twain(), ADDED);
    const int zones[] = { INSTITUTION, OTHER };
    int visits = 0;
    size_t count = 0, references = 7, bibs = 7;
    mms_id named = 0;
    char number[MMS_ID_LENGTH];
    buffer key;
    browse_request request = { .kind = BROWSE_NAMES, .from = TEXT("twain"), .before = 1, .after = 0 };
    must(repo_authority_browse(repo, &request, "", stop_at_once, &visits, &error), &error);
    assert_int_equal(visits, 1); /* Clemens stands before */
    request = (browse_request){ .kind = BROWSE_NAMES, .zones = zones, .zone_count = 2, .from = TEXT("a"), .after = 5 };
    must(repo_authority_browse(repo, &request, "naf", stop_at_once, &visits, &error), &error);
    assert_int_equal(visits, 2);
    marc_record *record = twain();
    buffer_init(&key, 0);
    repo_authority_key(&key, record);
    request = (browse_request){ .kind = BROWSE_NAMES, .from = buffer_text(&key), .from_key = true, .after = 1 };
    must(repo_authority_browse(repo, &request, "", stop_at_once, &visits, &error), &error);
    assert_int_equal(visits, 3);
    buffer_release(&key);
    must(repo_authority_references(repo, id, stop_at_once, &visits, &error), &error);
    assert_int_equal(visits, 4);
    for (int kind = BROWSE_NAMES; kind <= BROWSE_SHELF; kind++) {
        request = (browse_request){ .kind = (browse_kind)kind, .from = TEXT("zz"), .after = 1 };
        must(repo_authority_browse(repo, &request, "", stop_at_once, &visits, &error), &error);
    }
    assert_int_equal(visits, 4); /* nothing stands so late */
    mms_id_format(number, id);
    must(repo_authority_named(&named, repo, zones, 2, text_from(number), &error), &error);
    assert_int_equal(named, id);
    assert_int_equal(repo_authority_named(&named, repo, NULL, 0, TEXT("(DLC)none"), &error), RECTO_ENOTFOUND);
    for (int i = 0; i < 3; i++)
        (void)room_add(repo, INSTITUTION,
                       RECORD("100 1  $aTwain, Mark,$d1835-1910", "245 10 $aPlays", "650  0 $aTwain, Mark, 1835-1910$xStage"));
    visits = 0;
    must(repo_authority_uses(&count, repo, record, zones, 2, stop_at_bib, &visits, &error), &error);
    assert_int_equal(visits, 1);
    assert_int_equal(count, 3);
    must(repo_authority_uses(&count, repo, record, NULL, 0, NULL, NULL, &error), &error);
    assert_int_equal(count, 3);
    must(repo_authority_longer(&count, repo, record, NULL, 0, NULL, NULL, &error), &error);
    must(repo_authority_counts(&references, &bibs, repo, id, NULL, 0, &error), &error);
    assert_int_equal(references, 1);
    assert_int_equal(bibs, 3);
    must(repo_authority_counts(&references, &bibs, repo, id + 10000, NULL, 0, &error), &error);
    assert_int_equal(references + bibs, 0);
    marc_record_free(record);
    assert_sound(repo);
}

/* Written by number, as a cataloger does who was told of the other and saves all the same. */
static void a_number_that_two_have__is_known_of_both(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    mms_id known = 0, other = 0, second = 0;
    const mms_id first = put(room, AUTHORITY("010    $an1", "100 1  $aOne"), ADDED);
    marc_record *record = AUTHORITY("010    $an1", "100 1  $aOne again");
    must(repo_begin(room->repo, &error), &error);
    must(repo_authority_new_id(room->repo, INSTITUTION, &second, &error), &error);
    must(room_try_write(room->repo, second, INSTITUTION, record, 0, NULL, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    must(repo_authority_known(&known, &other, room->repo, INSTITUTION, record, 0, &error), &error);
    assert_int_equal(known, first);
    assert_int_equal(other, second);
    must(repo_authority_known(&known, &other, room->repo, INSTITUTION, record, first, &error), &error);
    assert_int_equal(known, second);
    assert_int_equal(other, 0);
    marc_record_free(record);
}

static void a_heading_of_no_kind__is_an_authority_record(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    bib_info info;
    buffer key;
    marc_record *record = AUTHORITY("010    $an9", "400 1  $aReference", "190    $aNo kind of ours");
    const mms_id id = put(room, AUTHORITY("010    $an9", "400 1  $aReference", "190    $aNo kind of ours"), ADDED);
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_string_equal(info.material, "Authority");
    buffer_init(&key, 0);
    repo_authority_key(&key, record); /* of the heading, whatever stands before it */
    assert_true(text_equal(buffer_text(&key), TEXT("no kind of ours")));
    buffer_release(&key);
    marc_record_free(record);
}

/* Longer than any term of the index: none can go on where it ends. */
static void a_heading_of_many_words__has_none_that_is_longer(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    size_t count = 7;
    char line[400] = "150    $a", more[420];
    for (size_t at = strlen(line); at < 320; at = strlen(line))
        snprintf(line + at, sizeof line - at, "Solitude ");
    snprintf(more, sizeof more, "650  0 %s$xFiction", line + 7);
    (void)room_add(room->repo, INSTITUTION, RECORD("245 10 $aTitle", more));
    marc_record *record = AUTHORITY("010    $ash1", line), *brief = AUTHORITY("010    $ash2", "150    $aSolitude");
    must(repo_authority_longer(&count, room->repo, record, NULL, 0, NULL, NULL, &error), &error);
    assert_int_equal(count, 0);
    must(repo_authority_longer(&count, room->repo, brief, NULL, 0, NULL, NULL, &error), &error);
    assert_int_equal(count, 1);
    marc_record_free(record);
    marc_record_free(brief);
}

static void keep_kinds(void *context, const check_finding *finding)
{
    buffer_append_format(context, "%s ", finding->kind);
}

static void finds(room *room, const char *kinds)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict;
    buffer found;
    buffer_init(&found, 0);
    must(repo_check(room->repo, true, keep_kinds, &found, &verdict, &error), &error);
    assert_string_equal(buffer_string(&found), kinds);
    buffer_release(&found);
}

/* What is kept of a record that is gone goes when the indexes are made anew; of one that is damaged it stays as it was. */
static void headings_of_what_is_gone__go(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    (void)put(room, twain(), ADDED);
    (void)put(room, AUTHORITY("010    $an2", "100 1  $aTwo"), ADDED);
    run_sql(room, "UPDATE bib SET deleted = 1 WHERE doc = 1");
    finds(room, "authority-stray index-stray ");
    must(repo_rebuild_indexes(room->repo, &error), &error);
    sound(room, true);
    sees(room, BROWSE_NAMES, "a", "", "100 1 Two > Two (naf)\n");
    run_sql(room, "UPDATE version SET record = zeroblob(40) WHERE doc = 2");
    finds(room, "checksum index-differs ");
    must(repo_rebuild_indexes(room->repo, &error), &error);
    sees(room, BROWSE_NAMES, "a", "", "100 1 Two > Two (naf)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_load_makes_versions, room_open, room_close),
        cmocka_unit_test_setup_teardown(two_records_have_the_numbers, room_open, room_close),
        cmocka_unit_test_setup_teardown(lists_by_nature, room_open, room_close),
        cmocka_unit_test_setup_teardown(found_by_number, room_open, room_close),
        cmocka_unit_test_setup_teardown(no_search_of_bibs_meets_one, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_deleted_one_is_nowhere, room_open, room_close),
        cmocka_unit_test_setup_teardown(damage_is_found_and_mended, room_open, room_close),
        cmocka_unit_test_setup_teardown(an_older_repository_keeps_them, room_open, room_close),
        cmocka_unit_test_setup_teardown(an_older_repository_is_brought_up_whatever_is_damaged, room_open, room_close),
        cmocka_unit_test(headings_of_fields),
        cmocka_unit_test_setup_teardown(edges_of_lists_and_numbers, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_number_that_two_have__is_known_of_both, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_heading_of_no_kind__is_an_authority_record, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_heading_of_many_words__has_none_that_is_longer, room_open, room_close),
        cmocka_unit_test_setup_teardown(headings_of_what_is_gone__go, room_open, room_close),
    };
    return cmocka_run_group_tests_name("authorities", tests, NULL, NULL);
}
