/* Headings of bibs and authority records in one list, and a heading put into a field: what is controlled goes, the rest stays. */
#include "room.h"

#include "recto/catalog/headings.h"
#include "recto/catalog/settings.h"

static marc_record *read_lines(const char *const *lines)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    must(marc_record_new(&record, &error), &error);
    for (; *lines != NULL; lines++) {
        const char *line = *lines;
        const char tag[4] = { line[0], line[1], line[2], '\0' }, indicators[3] = { line[4], line[5], '\0' };
        if (marc_tag_is_control(tag))
            add_control(record, tag, line + 4);
        else
            add_line(record, tag, indicators, line + 7);
    }
    return record;
}
#define LINES(...) read_lines((const char *const[]){ __VA_ARGS__, NULL })

static void put_authority(catalog *desk, marc_record *record)
{
    recto_error error = { .status = RECTO_OK };
    char leader[MARC_LEADER_LENGTH + 1];
    ingest_outcome outcome = { 0 };
    memcpy(leader, marc_record_leader(record), sizeof leader);
    leader[6] = 'z';
    marc_record_set_leader(record, leader);
    const ingest_request request = { .record = record,
                                     .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                                     .policy = catalog_policy("load") };
    must(catalog_ingest(&outcome, desk, &request, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    assert_true(repo_is_authority(outcome.id));
    ingest_outcome_release(&outcome);
    marc_record_free(record);
}

static void put_bib(catalog *desk, marc_record *record)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome = { 0 };
    ingest_request request = { .record = record,
                               .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                               .policy = catalog_policy("load") };
    must(catalog_ingest(&outcome, desk, &request, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    ingest_outcome_release(&outcome);
    marc_record_free(record);
}

typedef struct desk_room {
    room room;
    catalog *desk;
} desk_room;

static desk_room begin(void)
{
    desk_room made;
    room_open(&made.room);
    room_user(&made.room, "tove", "CAT,CA,GSA");
    made.desk = room_desk(&made.room, "tove");
    put_authority(made.desk, LINES("001 n79021164", "003 DLC", "010    $an 79021164", "100 1  $aTwain, Mark,$d1835-1910",
                                   "400 1  $aClemens, Samuel Langhorne,$d1835-1910", "374    $aNovelists"));
    put_authority(made.desk, LINES("001 sh1", "003 DLC", "008 860211|| anannbabn          |a ana     ", "150    $aSolitude",
                                   "450    $aAloneness"));
    put_authority(made.desk, LINES("001 g1", "003 X", "040    $aX$flcgft", "155    $aLetters (Correspondence)"));
    put_bib(made.desk,
            LINES("100 1  $aTwain, Mark,$d1835-1910,$eauthor.", "245 10 $aRoughing it", "650  7 $aRivers.$2local$0(L)7"));
    put_bib(made.desk, LINES("100 1  $aTwain, Mark,$d1835-1910.", "245 10 $aLetters from the earth"));
    return made;
}

static heading_list list_of(desk_room *here, browse_kind kind, const char *from, const char *vocabulary)
{
    recto_error error = { .status = RECTO_OK };
    heading_list list;
    const browse_request request = { .kind = kind, .from = text_from(from), .before = 2, .after = 10 };
    must(catalog_headings(&list, here->desk, (zone_kind)0, &request, vocabulary, &error), &error);
    return list;
}

/* ED-119a: which fields are told is the institution's choice. */
static void what_is_told_beside_a_heading_is_a_rule(void **state)
{
    static const struct {
        const char *rule, *told; /* NULL: refused */
    } cases[] = { { "", "Novelists; His letters" },
                  { "670a", "His letters" },
                  { "670ab 374a 010a", "His letters; Novelists; n 11111" },
                  { "373a 670b", "" },
                  { "37a", NULL },
                  { "374", NULL },
                  { "001a", NULL },
                  { "374A", NULL } };
    (void)state;
    desk_room here = begin();
    recto_error error = { .status = RECTO_OK };
    put_authority(here.desk,
                  LINES("001 n1", "010    $an 11111", "100 1  $aAusten, Jane", "374    $aNovelists", "670    $aHis letters"));
    heading_list list = list_of(&here, BROWSE_NAMES, "austen", "*");
    assert_string_equal(list.rows[0].shown, "Austen, Jane");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer references, about;
        buffer_init(&references, 0);
        buffer_init(&about, 0);
        recto_status status =
            catalog_setting_set(here.desk, catalog_zone(here.desk, ZONE_INSTITUTION), "heading_extract", cases[i].rule, &error);
        assert_int_equal(status, cases[i].told != NULL ? RECTO_OK : RECTO_EINVALID);
        must(catalog_authority_describe(&references, &about, here.desk, list.rows[0].authority, &error), &error);
        if (cases[i].told != NULL)
            assert_string_equal(buffer_string(&about), cases[i].told);
        buffer_release(&references);
        buffer_release(&about);
    }
    heading_list_release(&list);
    room_close(&here.room);
}

static void one_row_for_bibs_and_authority(void **state)
{
    (void)state;
    desk_room here = begin();
    heading_list list = list_of(&here, BROWSE_NAMES, "twain", "");
    assert_int_equal(list.count, 2);
    assert_string_equal(list.rows[0].shown, "Clemens, Samuel Langhorne, 1835-1910");
    assert_string_equal(list.rows[0].use, "Twain, Mark, 1835-1910");
    assert_int_equal(list.rows[0].form, AUTHORITY_SEE);
    assert_true(list.rows[0].before);
    assert_int_equal(list.rows[1].form, AUTHORITY_HEADING);
    assert_int_equal(list.rows[1].count, 2);
    heading_list_release(&list);
    list = list_of(&here, BROWSE_SUBJECTS, "", "");
    assert_int_equal(list.count, 6); /* Aloneness, Clemens, Letters, Rivers, Solitude, Twain */
    assert_string_equal(list.rows[3].shown, "Rivers.");
    assert_int_equal(list.rows[3].authority, 0);
    heading_list_release(&list);
    list = list_of(&here, BROWSE_SUBJECTS, "", "lcgft");
    assert_int_equal(list.count, 1);
    heading_list_release(&list);
    list = list_of(&here, BROWSE_SUBJECTS, "", "*");
    assert_int_equal(list.count, 5);
    heading_list_release(&list);
    room_close(&here.room);
}

static void a_heading_without_records_is_gone(void **state)
{
    (void)state;
    desk_room here = begin();
    recto_error error = { .status = RECTO_OK };
    mms_id *ids;
    size_t count;
    heading_list list = list_of(&here, BROWSE_SUBJECTS, "rivers", "");
    assert_string_equal(list.rows[2].shown, "Rivers.");
    must(catalog_heading_bibs(&ids, &count, here.desk, (zone_kind)0, BROWSE_SUBJECTS,
                              text_of(list.rows[2].key, list.rows[2].key_length), &error),
         &error);
    assert_int_equal(count, 1);
    must(repo_begin(catalog_repo(here.desk), &error), &error);
    must(repo_bib_delete(catalog_repo(here.desk), ids[0], 1, "tove", catalog_now(here.desk), &error), &error);
    must(repo_commit(catalog_repo(here.desk), &error), &error);
    free(ids);
    heading_list_release(&list);
    list = list_of(&here, BROWSE_SUBJECTS, "rivers", "");
    for (size_t i = 0; i < list.count; i++)
        assert_string_not_equal(list.rows[i].shown, "Rivers.");
    heading_list_release(&list);
    room_close(&here.room);
}

/* Field and heading; then what becomes of it, $ for the delimiter. */
static void becomes(desk_room *here, const char *field_line, const char *from, const char *expected)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = LINES(field_line);
    const marc_field *field = marc_record_field(record, 0);
    browse_kind kind;
    buffer content;
    assert_true(catalog_controlled(&kind, field->tag));
    heading_list list = list_of(here, kind, from, "");
    size_t at = 0;
    while (at + 1 < list.count && list.rows[at].before)
        at++;
    assert_true(at < list.count);
    buffer_init(&content, 0);
    must(catalog_heading_apply(&content, here->desk, field, kind, &list.rows[at], &error), &error);
    for (size_t i = 0; i < content.length; i++)
        if (content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            content.bytes[i] = '$';
    assert_string_equal(buffer_string(&content), expected);
    buffer_release(&content);
    heading_list_release(&list);
    marc_record_free(record);
}

static void what_is_not_controlled_stays(void **state)
{
    (void)state;
    desk_room here = begin();
    /* relators, $5 and what stood before the heading */
    becomes(&here, "700 1  $iParody of:$aTwain, M.,$eauthor,$4aut$0(old)1$5DLC", "twain, mark",
            "1 $iParody of:$aTwain, Mark,$d1835-1910,$eauthor,$4aut$5DLC$0(DLC)n 79021164");
    /* a reference gives the form to use; the second indicator of an added entry stays; a work after the name stays */
    becomes(&here, "700 12 $aClemens, S. L.$tLetters.", "clemens", "12$aTwain, Mark,$d1835-1910.$tLetters.$0(DLC)n 79021164");
    /* a full stop where there was one */
    becomes(&here, "100 1  $aTwain, M.", "twain, mark", "1 $aTwain, Mark,$d1835-1910.$0(DLC)n 79021164");
    room_close(&here.room);
}

static void subjects_go_by_their_source(void **state)
{
    (void)state;
    desk_room here = begin();
    becomes(&here, "650  7 $aBeing alone.$2local", "alone", " 0$aSolitude.$0(DLC)sh1");
    becomes(&here, "655  4 $aLetters", "letters", " 7$aLetters (Correspondence)$2lcgft$0(X)g1");
    becomes(&here, "650  0 $aRiver", "rivers", " 7$aRivers$2local$0(L)7"); /* as a bib has it */
    /* subdivisions stay: the list becomes the authority's, and no number names the whole; but with the same subject all stays */
    becomes(&here, "600 14 $aTwain, Mark$xLetters.$0(old)1", "twain mark", "10$aTwain, Mark,$d1835-1910$xLetters.");
    becomes(&here, "650  7 $aBeing alone$zMexico$vFiction.$2local", "alone", " 0$aSolitude$zMexico$vFiction.");
    becomes(&here, "650  0 $aSolitude$xHistory.$0(DLC)sh9", "solitude", " 0$aSolitude$xHistory.$0(DLC)sh9");
    room_close(&here.room);
}

/* A bib of these lines, the last of them a 240: what F3 begins with, and what becomes of the 240 by the row that is found there.
 */
static void title_becomes(desk_room *here, marc_record *record, const char *begins, const char *from, const char *expected,
                          bool other_name)
{
    recto_error error = { .status = RECTO_OK };
    const marc_field *title = marc_record_field(record, marc_record_count(record) - 1);
    bool other = !other_name;
    size_t at = 0;
    buffer heading, content;
    buffer_init(&heading, 0);
    buffer_init(&content, 0);
    assert_true(catalog_is_uniform_title(record, title->tag));
    assert_true(catalog_uniform_title_heading(&heading, here->desk, record, title));
    assert_string_equal(buffer_string(&heading), begins);
    heading_list list = list_of(here, BROWSE_TITLES, from != NULL ? from : begins, "");
    while (at + 1 < list.count && list.rows[at].before)
        at++;
    assert_true(at < list.count);
    must(catalog_uniform_title_apply(&content, &other, here->desk, record, title, &list.rows[at], &error), &error);
    for (size_t i = 0; i < content.length; i++)
        if (content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            content.bytes[i] = '$';
    assert_string_equal(buffer_string(&content), expected);
    assert_int_equal(other, other_name);
    buffer_release(&heading);
    buffer_release(&content);
    heading_list_release(&list);
    marc_record_free(record);
}

static void a_uniform_title_is_browsed_with_its_name(void **state)
{
    (void)state;
    desk_room here = begin();
    put_authority(here.desk, LINES("001 n2", "003 DLC", "010    $an 2", "100 1  $aTwain, Mark,$d1835-1910.$tRoughing it.$lFrench",
                                   "400 1  $aTwain, Mark,$d1835-1910.$tÀ la dure"));
    put_bib(here.desk, LINES("100 1  $aTyler, Anne.", "245 10 $aWorks", "240 14 $aThe tin can tree.$lGerman"));
    /* the name comes from the 1XX, the title and no name goes into the 240; an article that is gone is not counted */
    title_becomes(&here, LINES("100 1  $aTwain, Mark,$d1835-1910,$eauthor.", "240 14 $aThe roughing it.$0(old)1$5DLC"),
                  "Twain, Mark, 1835-1910. roughing it.", NULL, "10$aRoughing it.$lFrench.$5DLC$0(DLC)n 2", false);
    /* an empty one lists what the author wrote; a reference leads to the form to use */
    title_becomes(&here, LINES("100 1  $aTwain, Mark,$d1835-1910.", "240 10 $a"), "Twain, Mark, 1835-1910.", NULL,
                  "10$aRoughing it.$lFrench$0(DLC)n 2", false);
    /* the work of another: its title without its number */
    title_becomes(&here, LINES("100 1  $aTyler, Anne.", "240 10 $aRoughing"), "Roughing", "twain mark 1835 1910 roughing",
                  "10$aRoughing it.$lFrench", true);
    /* no authority record of the author's works: the title as bibs have it, with its article */
    title_becomes(&here, LINES("100 1  $aTyler, Anne.", "240 10 $aTin can"), "Tin can", NULL, "14$aThe tin can tree.$lGerman",
                  false);
    room_close(&here.room);
}

static void which_fields_are_controlled(void **state)
{
    (void)state;
    browse_kind kind;
    static const char *const controlled[] = { "100", "110", "111", "130", "440", "490", "600",
                                              "648", "655", "700", "754", "813", "830" };
    static const char *const others[] = { "245", "500", "653", "740", "880", "008", "900" };
    for (size_t i = 0; i < sizeof controlled / sizeof *controlled; i++)
        assert_true(catalog_controlled(&kind, controlled[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(catalog_controlled(&kind, others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_for_bibs_and_authority),
        cmocka_unit_test(what_is_told_beside_a_heading_is_a_rule),
        cmocka_unit_test(a_heading_without_records_is_gone),
        cmocka_unit_test(what_is_not_controlled_stays),
        cmocka_unit_test(subjects_go_by_their_source),
        cmocka_unit_test(which_fields_are_controlled),
        cmocka_unit_test(a_uniform_title_is_browsed_with_its_name),
    };
    return cmocka_run_group_tests_name("headings", tests, NULL, NULL);
}
