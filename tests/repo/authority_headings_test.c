/* tests/repo/authority_headings_test.c - what of an authority record is a heading, a reference, a number, a source; and which of
 * its fields are none. */
#include "room.h"

#include "../../src/repo/authority_headings.h"

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

typedef struct seen {
    char lines[2000];
} seen;

static bool note_heading(void *context, const authority_heading *heading)
{
    seen *seen = context;
    const size_t at = strlen(seen->lines);
    snprintf(seen->lines + at, sizeof seen->lines - at, "%s %d %c %.*s\n", heading->tag, (int)heading->form,
             "NTS"[heading->nature], (int)heading -> shown.length, heading->shown.bytes);
    return true;
}

static void has_headings(marc_record *record, const char *expected)
{
    seen seen = { "" };
    assert_true(authority_headings(record, note_heading, &seen));
    assert_string_equal(seen.lines, expected);
    marc_record_free(record);
}

static bool note_number(void *context, text number)
{
    seen *seen = context;
    const size_t at = strlen(seen->lines);
    snprintf(seen->lines + at, sizeof seen->lines - at, "%.*s ", (int)number.length, number.bytes);
    return true;
}

static void has_numbers(marc_record *record, const char *expected)
{
    seen seen = { "" };
    assert_true(authority_numbers(record, note_number, &seen));
    assert_string_equal(seen.lines, expected);
    marc_record_free(record);
}

static void a_heading__goes_by_its_tag_and_what_it_has(void **state)
{
    (void)state;
    has_headings(AUTHORITY("100 1  $aTwain, Mark,$d1835-1910."), "100 1 N Twain, Mark, 1835-1910.\n");
    has_headings(AUTHORITY("100 1  $aTwain, Mark.$tPlays"), "100 1 T Twain, Mark. Plays\n");
    has_headings(AUTHORITY("100 1  $aTwain, Mark$xHumor"), "100 1 S Twain, Mark -- Humor\n");
    has_headings(AUTHORITY("110 2  $aLibrary$bBoard$e(none)"), "110 1 N Library Board\n"); /* $e is for meetings */
    has_headings(AUTHORITY("111 2  $aFair$d(1900 :$cParis)$eBoard"), "111 1 N Fair (1900 : Paris) Board\n");
    has_headings(AUTHORITY("130  0 $aBeowulf", "430  0 $aBeowolf", "530  0 $aGrendel"),
                 "130 1 T Beowulf\n430 4 T Beowolf\n530 5 T Grendel\n");
    has_headings(AUTHORITY("150    $aCats$vFiction", "155    $aNovels", "185    $xHistory", "151    $aParis"),
                 "150 1 S Cats -- Fiction\n155 1 S Novels\n185 1 S History\n151 1 S Paris\n");
    has_headings(AUTHORITY("150    $aCats /", "450    $zFelines ,;:="), "150 1 S Cats\n450 4 S Felines\n");
}

static void what_is_no_heading__is_passed_over(void **state)
{
    (void)state;
    has_headings(AUTHORITY("001 1", "010    $an1", "670    $aHis works", "750  0 $aElsewhere"), "");
    has_headings(AUTHORITY("100 1  $0only a number", "150    $a ,;"), "");
    has_headings(AUTHORITY("880 1  $6100-01$aOther script", "880    $6400-02$aAnd this", "880    $6500-03$aNot this",
                           "880    $aNo link", "880    $61$aShort", "880    $61-0$aNo tag"),
                 "100 4 N Other script\n400 4 N And this\n");
}

static void numbers__are_those_of_its_sources(void **state)
{
    (void)state;
    has_numbers(AUTHORITY("001 n79021164", "003 DLC", "010    $an  79021164 ", "035    $a(OCoLC)oca00267959"),
                "(dlc)n79021164 (ocolc)oca00267959 (dlc)n79021164 ");
    has_numbers(AUTHORITY("001 gf 1", "100 1  $aNobody"), "001:gf1 "); /* a bare number, where there is no better one */
    has_numbers(AUTHORITY("001 gf 1", "035    $a(X)1"), "(x)1 ");
    has_numbers(AUTHORITY("001 981000000000015801", "003 DLC", "010    $z1", "035    $z2"), ""); /* our own is none */
    has_numbers(AUTHORITY("010    $a ", "035    $a\t", "001 1", "003 A code of a library that is longer than any that there is"),
                "");
    has_numbers(AUTHORITY("001 1\x01\x02 2", "003 Us"), "(us)12 ");
}

static void shown(marc_record *record, const char *control, const char *vocabulary)
{
    char out[64];
    authority_control(out, sizeof out, record);
    assert_string_equal(out, control);
    authority_vocabulary(out, sizeof out, record);
    assert_string_equal(out, vocabulary);
    marc_record_free(record);
}

static void the_number_of_a_link__is_the_best_there_is(void **state)
{
    (void)state;
    shown(AUTHORITY("001 7", "003 Us", "010    $an  7", "035    $a(X)7"), "(DLC)n  7", "naf");
    shown(AUTHORITY("001 7", "003 Us", "035    $a(X)7"), "(Us)7", "");
    shown(AUTHORITY("001 981000000000015801", "003 Us", "035    $a(X)7"), "(X)7", "");
    shown(AUTHORITY("001 981000000000015801", "003 Us"), "981000000000015801", "");
    shown(AUTHORITY("001 7", "035    $a(X)7"), "(X)7", "");
    shown(AUTHORITY("100 1  $aNobody"), "", "");
}

static void the_source__is_named_lettered_or_told_by_the_number(void **state)
{
    static const struct {
        char letter;
        const char *name;
    } letters[] = { { 'a', "lcsh" }, { 'b', "lcshac" }, { 'c', "mesh" }, { 'd', "nal" }, { 'k', "cash" },
                    { 'r', "aat" },  { 's', "sears" },  { 'v', "rvm" },  { 'n', "" },    { 'z', "" } };
    (void)state;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        char fixed[60];
        snprintf(fixed, sizeof fixed, "008 790309| az%cnnaabn          |a aaa      ", 'n');
        fixed[4 + 11] = letters[i].letter;
        shown(AUTHORITY(fixed, "150    $aCats"), "", letters[i].name);
    }
    shown(AUTHORITY("008 790309| ", "040    $fgnd", "010    $an1"), "(DLC)n1", "gnd");
    shown(AUTHORITY("010    $agf20"), "(DLC)gf20", "lcgft");
    shown(AUTHORITY("010    $ag"), "(DLC)g", "");
    shown(AUTHORITY("010    $ash85"), "(DLC)sh85", "");
}

static void has_title(marc_record *record, const char *title, const char *kind)
{
    buffer out;
    buffer_init(&out, 0);
    authority_title(&out, record);
    assert_string_equal(buffer_string(&out), title);
    assert_string_equal(authority_kind(record), kind);
    buffer_release(&out);
    marc_record_free(record);
}

static void the_list__shows_its_heading_and_what_it_is(void **state)
{
    (void)state;
    has_title(AUTHORITY("400 1  $aClemens", "100 1  $aTwain, Mark"), "Twain, Mark", "Personal name");
    has_title(AUTHORITY("110 2  $aLibrary"), "Library", "Corporate name");
    has_title(AUTHORITY("150    $aCats"), "Cats", "Topical term");
    has_title(AUTHORITY("100 1  $aTwain, Mark.$tPlays"), "Twain, Mark. Plays", "Name/title");
}

static void a_field_of_a_bib__has_a_heading_of_one_kind(void **state)
{
    marc_record *record = RECORD("100 1  $aTwain, Mark,$d1835-1910.", "245 10 $aPlays.", "650  0 $aCats$vFiction.",
                                 "880 1  $6100-01$aX", "650  0 $0(DLC)1");
    buffer heading, key;
    (void)state;
    buffer_init(&heading, 0);
    buffer_init(&key, 0);
    assert_true(repo_field_heading(&heading, &key, marc_record_field(record, 0), BROWSE_NAMES));
    assert_string_equal(buffer_string(&heading), "Twain, Mark, 1835-1910.");
    assert_false(repo_field_heading(&heading, &key, marc_record_field(record, 0), BROWSE_SERIES));
    assert_false(repo_field_heading(&heading, &key, marc_record_field(record, 4), BROWSE_SUBJECTS));
    buffer_clear(&key);
    repo_heading_key(&key, BROWSE_SUBJECTS, TEXT("cats -- fiction"));
    assert_int_equal(repo_heading_field(record, BROWSE_SUBJECTS, buffer_text(&key)), 2);
    assert_int_equal(repo_heading_field(record, BROWSE_NAMES, buffer_text(&key)), SIZE_MAX);
    buffer_release(&heading);
    buffer_release(&key);
    marc_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heading__goes_by_its_tag_and_what_it_has),
        cmocka_unit_test(what_is_no_heading__is_passed_over),
        cmocka_unit_test(numbers__are_those_of_its_sources),
        cmocka_unit_test(the_number_of_a_link__is_the_best_there_is),
        cmocka_unit_test(the_source__is_named_lettered_or_told_by_the_number),
        cmocka_unit_test(the_list__shows_its_heading_and_what_it_is),
        cmocka_unit_test(a_field_of_a_bib__has_a_heading_of_one_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
