/* Authority records: loaded, known again by their numbers, their headings and references in the order of the bibs' own lists. */
#include "room.h"
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

static recto_status try_put(room *room, int zone, marc_record *record, mms_id *id, authority_outcome *outcome, recto_error *error)
{
    recto_error begun = { .status = RECTO_OK };
    const authority_write write = { .zone = zone, .record = record, .user = "chief", .origin = "load", .now = NOON };
    must(repo_begin(room->repo, &begun), &begun);
    recto_status status = repo_authority_put(room->repo, &write, id, outcome, error);
    if (status == RECTO_OK)
        must(repo_commit(room->repo, &begun), &begun);
    else
        repo_rollback(room->repo);
    marc_record_free(record);
    return status;
}

static mms_id put(room *room, marc_record *record, authority_outcome expected)
{
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    authority_outcome outcome = AUTHORITY_UNCHANGED;
    must(try_put(room, INSTITUTION, record, &id, &outcome, &error), &error);
    assert_int_equal(outcome, expected);
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
    mms_id id = put(room, twain(), AUTHORITY_ADDED), again;
    assert_int_equal(put(room, twain(), AUTHORITY_UNCHANGED), id);
    again = put(room, AUTHORITY("010    $an79021164", "100 1  $aTwain, Mark,$d1835-1910", "400 1  $aClemens, S. L."),
                AUTHORITY_UPDATED);
    assert_int_equal(again, id);
    must(repo_authority_load(room->repo, id, 0, &record, &info, &error), &error);
    assert_int_equal(info.version, 2);
    assert_string_equal(info.vocabulary, "naf");
    assert_string_equal(info.control, "(DLC)n79021164");
    assert_string_equal(info.shown, "Twain, Mark, 1835-1910");
    marc_record_free(record);
    must(repo_authority_load(room->repo, id, 1, &record, NULL, &error), &error);
    assert_int_equal(marc_record_count(record), 7);
    marc_record_free(record);
    /* references of the first version are gone */
    sees(room, BROWSE_NAMES, "clemens", "",
         "400 4 Clemens, S. L. > Twain, Mark, 1835-1910 (naf)\n100 1 Twain, Mark, 1835-1910 > Twain, Mark, 1835-1910 (naf)\n");
    assert_int_equal(repo_authority_load(room->repo, id, 3, &record, NULL, &error), RECTO_ENOTFOUND);
}

static void two_records_have_the_numbers(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    authority_outcome outcome;
    put(room, AUTHORITY("010    $an1", "100 1  $aOne"), AUTHORITY_ADDED);
    put(room, AUTHORITY("035    $a(X)2", "100 1  $aTwo"), AUTHORITY_ADDED);
    assert_int_equal(
        try_put(room, INSTITUTION, AUTHORITY("010    $an1", "035    $a(X)2", "100 1  $aBoth"), &id, &outcome, &error),
        RECTO_EREFUSED);
    /* another zone has its own */
    must(try_put(room, NETWORK, AUTHORITY("010    $an1", "100 1  $aOne"), &id, &outcome, &error), &error);
    assert_int_equal(outcome, AUTHORITY_ADDED);
    assert_int_equal(try_put(room, INSTITUTION, AUTHORITY("010    $an3"), &id, &outcome, &error), RECTO_EDATA);
    assert_int_equal(try_put(room, INSTITUTION, RECORD("100 1  $aNo authority"), &id, &outcome, &error), RECTO_EDATA);
}

static void lists_by_nature(void **state)
{
    room *room = *state;
    put(room, twain(), AUTHORITY_ADDED);
    put(room,
        AUTHORITY("001 sh1", "003 DLC", "008 960101|| anannbabn          |a ana     ", "150    $aSolitude", "450    $aAloneness",
                  "550    $aLoneliness"),
        AUTHORITY_ADDED);
    put(room,
        AUTHORITY("001 j1", "003 JP", "100 1  $aNatsume, Soseki",
                  "880 1  $6100-01/$1$a\xE5\xA4\x8F\xE7\x9B\xAE\xE6\xBC\xB1\xE7\x9F\xB3"),
        AUTHORITY_ADDED);
    put(room, AUTHORITY("001 t1", "003 DLC", "100 1  $aHomer.$tIliad"), AUTHORITY_ADDED);
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
    mms_id id = put(room, twain(), AUTHORITY_ADDED), found = 0;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_load_makes_versions, room_open, room_close),
        cmocka_unit_test_setup_teardown(two_records_have_the_numbers, room_open, room_close),
        cmocka_unit_test_setup_teardown(lists_by_nature, room_open, room_close),
        cmocka_unit_test_setup_teardown(found_by_number, room_open, room_close),
        cmocka_unit_test(headings_of_fields),
    };
    return cmocka_run_group_tests_name("authorities", tests, NULL, NULL);
}
