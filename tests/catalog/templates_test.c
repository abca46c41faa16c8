/* tests/catalog/templates_test.c - values and prompts, expand, duplicate, who may what, locks, defaults, and the kept texts. */
#include "catalog/room.h"

#include "recto/catalog/templates.h"
#include "recto/marc/formats.h"

enum { NOON_UTC = 1763812800 };

static marc_record *record_of(const char *lines)
{
    marc_record *record = NULL;
    recto_error error = { .status = RECTO_OK };
    must(marc_record_parse(&record, text_from(lines), MARC_FORMAT_LINE, &error), &error);
    return record;
}

static void assert_lines(const marc_record *record, const char *wanted)
{
    buffer out;
    buffer_init(&out, 0);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        marc_field_line(&out, marc_record_field(record, i));
        buffer_append_char(&out, '\n');
    }
    assert_string_equal(buffer_string(&out), wanted);
    buffer_release(&out);
}

/* ---- values */

static void fill_text__takes_every_value(void **state)
{
    static const struct {
        const char *source, *wanted;
    } cases[] = {
        { "seen {today:%Y%m%d} by {user}", "seen 20251122 by cat1" },
        { "{symbol}/{year}/{008date}", "EXA/2025/251122" },
        { "{today:100%% %d}", "100%% 22" }, /* only letters of a date are formats */
        { "{nothing} {ask", "{nothing} {ask" },
        { "a{cursor}b", "ab" },
        { "{ask:Place}", "" },
    };
    (void)state;
    const template_values values = { .user = "cat1", .symbol = "EXA", .now = NOON_UTC };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer out;
        buffer_init(&out, 0);
        template_fill_text(&out, NULL, text_from(cases[i].source), &values);
        assert_string_equal(buffer_string(&out), cases[i].wanted);
        buffer_release(&out);
    }
}

static void prompts__are_asked_once_each_and_say_where_they_go(void **state)
{
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    size_t count = 0;
    recto_error error;
    (void)state;
    marc_record *record =
        record_of("008 {ask:Year/4}\n264 \\1 $a{ask:Place} :$c{ask:Year}\n546 \\\\ $a{choose:Language?eng=English|fre=French}\n");
    must(template_prompts(prompts, &count, record, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(prompts[0].label, "Year");
    assert_int_equal(prompts[0].width, 4);
    assert_string_equal(prompts[1].place, "264 $a");
    assert_string_equal(prompts[2].label, "Language");
    assert_string_equal(prompts[2].choices, "eng=English|fre=French");
    marc_record_free(record);
}

static void fill__leaves_out_what_was_not_answered(void **state)
{
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    const char *answers[TEMPLATE_PROMPTS_MAX] = { NULL };
    template_cursor cursor;
    size_t count = 0;
    recto_error error;
    marc_record *filled = NULL;
    (void)state;
    marc_record *record =
        record_of("008 s{ask:Year/4}{ask:Minutes/3}{ask:Country/3}\n020 \\\\ $a{ask:ISBN}\n245 10 $a{ask:Title}{cursor}\n"
                  "264 \\1 $a{ask:Place} :$b{ask:Publisher},$c2025\n300 \\\\ $avolumes ;$c{ask:Height} cm\n"
                  "650 \\0 $a{ask:Subject}$vMaps\n");
    must(template_prompts(prompts, &count, record, &error), &error);
    for (size_t i = 0; i < count; i++)
        answers[i] = strcmp(prompts[i].label, "Publisher") == 0 ? "Norton" : strcmp(prompts[i].label, "Minutes") == 0 ? "95" : "";
    const template_values values = { .now = NOON_UTC, .prompts = prompts, .answers = answers, .prompt_count = count };
    must(template_fill(&filled, &cursor, record, &values, &error), &error);
    assert_lines(filled, "008 s||||095|||\n245 10 $a\n264 \\1 $bNorton,$c2025\n300 \\\\ $avolumes ;\n");
    assert_int_equal(cursor.field, 1);
    assert_int_equal(cursor.offset, 4);
    marc_record_free(filled);
    marc_record_free(record);
}

/* ---- expand, duplicate, brief */

static marc_tables *tables_of(void)
{
    marc_tables *tables = NULL;
    size_t count;
    recto_error error;
    const char *const *files = marc_tables_files(&count);
    must(marc_tables_new(&tables, &error), &error);
    for (size_t i = 0; i < count; i++) {
        char bytes[512 * 1024];
        FILE *file = fopen(files[i], "rb");
        assert_non_null(file);
        const size_t length = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        must(marc_tables_add(tables, text_of(bytes, length), files[i], &error), &error);
    }
    return tables;
}

static void expand__adds_what_is_absent_and_overwrites_nothing(void **state)
{
    marc_record *made = NULL;
    recto_error error;
    (void)state;
    marc_tables *tables = tables_of();
    marc_record *record = record_of("008 251122s1993\\\\\\\\xxu|||||\\||||||||\\||eng\\d\n245 10 $aMine\n500 \\\\ $aSame\n");
    marc_record *template =
        record_of("008 991231s2025\\\\\\\\enka\\\\\\job\\\\\\|101\\0|fre\\d\n245 00 $aTheirs\n336 \\\\ $atext\n"
                  "500 \\\\ $aSame\n500 \\\\ $aOther\n500 \\\\ $a\n040 \\\\ $aEXA\n");
    must(template_expand(&made, record, template, tables, &error), &error);
    assert_lines(made, "008 251122s1993\\\\\\\\xxua|||job||||101\\0|eng\\d\n040 \\\\ $aEXA\n245 10 $aMine\n336 \\\\ $atext\n"
                       "500 \\\\ $aSame\n500 \\\\ $aOther\n");
    marc_record_free(made);
    /* a map's positions are not a book's */
    marc_record_set_leader(template, "00000nem a2200000 i 4500");
    made = NULL;
    must(template_expand(&made, record, template, tables, &error), &error);
    assert_true(text_equal(marc_record_control(made, "008"), marc_record_control(record, "008")));
    marc_record_free(made);
    marc_record_free(template);
    marc_record_free(record);
    marc_tables_free(tables);
}

static void duplicate__leaves_out_what_names_the_original(void **state)
{
    marc_record *made = NULL;
    recto_error error;
    (void)state;
    marc_record *record =
        record_of("001 99123\n003 OCoLC\n005 20250101000000.0\n008 x\n035 \\\\ $a(OCoLC)123\n035 \\\\ $a(DE-599)9\n245 10 $aT\n");
    must(template_duplicate(&made, record, &error), &error);
    assert_lines(made, "008 x\n035 \\\\ $a(DE-599)9\n245 10 $aT\n");
    marc_record_free(made);
    char leader[MARC_LEADER_LENGTH + 1];
    snprintf(leader, sizeof leader, "%s", marc_record_leader(record));
    leader[6] = 'z';
    marc_record_set_leader(record, leader);
    must(template_duplicate(&made, record, &error), &error); /* the numbers of an authority record are the record */
    assert_true(marc_record_find(made, "035", 0) == SIZE_MAX);
    marc_record_free(made);
    marc_record_free(record);
}

static void brief__makes_a_sound_record_or_says_which_box(void **state)
{
    marc_record *made = NULL;
    recto_error error = { .status = RECTO_OK };
    const template_values values = { .symbol = "EXA", .now = NOON_UTC };
    (void)state;
    const brief_record full = { "Solitude", "Storr, Anthony", "0-345-35847-3", "Ballantine", "1989" };
    must(template_brief(&made, &full, &values, &error), &error);
    assert_int_equal(marc_record_control(made, "008").length, 40);
    assert_true(text_starts(marc_record_control(made, "008"), TEXT("251122s1989    xx ")));
    assert_int_equal(marc_record_leader(made)[17], '3');
    assert_true(marc_record_find(made, "264", 0) != SIZE_MAX);
    marc_record_free(made);
    static const struct {
        brief_record wanted;
        const char *where;
    } cases[] = {
        { { "", "x", NULL, NULL, NULL }, "title" },
        { { "T", NULL, "0-345-35847-4", NULL, NULL }, "ISBN" },
        { { "T", NULL, NULL, NULL, "89" }, "year" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(template_brief(&made, &cases[i].wanted, &values, &error), RECTO_EINVALID);
        assert_string_equal(error.where, cases[i].where);
    }
}

/* ---- the store */

static catalog_template must_save(catalog *desk, template_scope scope, const char *name, int expected)
{
    catalog_template out;
    recto_error error = { .status = RECTO_OK };
    marc_record *record =
        record_of("008 {008date}s{ask:Year/4}\\\\\\\\xxu||||\\||||\\||||||\\||eng\\d\n245 10 $a{ask:Title of it}{cursor}\n");
    must(catalog_template_save(&out, desk, scope, name, record, expected, "", &error), &error);
    marc_record_free(record);
    return out;
}

static void save__keeps_braces_readable_and_reads_them_back(void **state)
{
    room room;
    recto_error error;
    buffer source;
    marc_record *back = NULL;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    catalog *desk = room_desk(&room, "cat1");
    catalog_template saved = must_save(desk, TEMPLATE_PRIVATE, "Mine", 0);
    buffer_init(&source, 0);
    must(catalog_template_load(&source, &back, desk, &saved, 0, &error), &error);
    assert_non_null(strstr(buffer_string(&source), "=245  10$a{ask:Title of it}{cursor}\n"));
    assert_non_null(strstr(buffer_string(&source), "=008  {008date}s{ask:Year/4}"));
    assert_string_equal(marc_record_text(back, "245", 'a').bytes != NULL ? "there" : "", "there");
    assert_true(text_equal(marc_record_text(back, "245", 'a'), TEXT("{ask:Title of it}{cursor}")));
    marc_record_free(back);
    buffer_release(&source);
    room_close(&room);
}

static void rights__own_any_and_delivered(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    catalog_template found;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    room_user(&room, "cat2", "CAT");
    room_user(&room, "catx", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2"), *extended = room_desk(&room, "catx");
    must_save(one, TEMPLATE_PRIVATE, "Only mine", 0);
    catalog_template shared = must_save(one, TEMPLATE_SHARED, "Ours", 0);
    assert_int_equal(catalog_template_find(&found, two, "only mine", &error), RECTO_ENOTFOUND);
    must(catalog_template_find(&found, two, "ours", &error), &error);
    assert_string_equal(catalog_template_cannot(two, &found), "needs role Cataloger Extended");
    assert_int_equal(catalog_template_delete(two, &found, &error), RECTO_EREFUSED);
    assert_null(catalog_template_cannot(one, &shared));
    assert_null(catalog_template_cannot(extended, &found));
    must(catalog_template_find(&found, extended, "Book (Default)", &error), &error);
    assert_non_null(catalog_template_cannot(extended, &found));
    assert_int_equal(catalog_template_delete(extended, &found, &error), RECTO_EREFUSED);
    marc_record *record = record_of("245 10 $ax\n");
    assert_int_equal(catalog_template_save(NULL, extended, TEMPLATE_SHARED, "Book (Default)", record, 0, "", &error),
                     RECTO_EREFUSED);
    marc_record_free(record);
    must(catalog_template_delete(extended, &shared, &error), &error);
    assert_int_equal(catalog_template_find(&found, one, "Ours", &error), RECTO_ENOTFOUND);
    room_close(&room);
}

static void type_field(edit_session *session, const char *tag)
{
    recto_error error;
    must(marc_edit_insert(edit_of(session), 0, tag,
                          TEXT("  \x1F"
                               "aTyped"),
                          &error),
         &error);
}

static void editing__is_locked_drafted_and_saved_as_the_next_version(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    edit_session *first = NULL, *second = NULL;
    catalog_template found;
    int version = 0;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    room_user(&room, "catx", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1"), *extended = room_desk(&room, "catx");
    catalog_template shared = must_save(one, TEMPLATE_SHARED, "Ours", 0);
    must(catalog_template_edit(&first, one, &shared, &error), &error);
    assert_true(edit_state_of(first)->is_template && !edit_state_of(first)->view_only);
    must(catalog_template_edit(&second, extended, &shared, &error), &error);
    assert_true(edit_state_of(second)->view_only);
    assert_string_equal(edit_state_of(second)->locked_by, "cat1");
    must(edit_release(&second, &error), &error);
    must(catalog_template_find(&found, extended, "Ours", &error), &error);
    assert_string_equal(found.locked_by, "cat1");
    assert_int_equal(catalog_template_delete(extended, &found, &error), RECTO_ELOCKED);
    type_field(first, "500");
    must(edit_keep_draft(first, TEXT(""), &error), &error);
    edit_leave(&first);
    must(edit_resume(&first, one, shared.id, &error), &error); /* the text comes back, and is still a template */
    assert_true(edit_state_of(first)->is_template);
    assert_string_equal(edit_state_of(first)->template_name, "Ours");
    ingest_outcome outcome = { .matches = NULL };
    assert_int_equal(edit_save(&outcome, first, false, &error), RECTO_EREFUSED);
    must(edit_save_template(&version, first, "note added", &error), &error);
    assert_int_equal(version, 2);
    must(edit_save_template(&version, first, "", &error), &error);
    assert_int_equal(version, 0);
    must(edit_release(&first, &error), &error);
    must(catalog_template_edit(&second, extended, &shared, &error), &error);
    assert_false(edit_state_of(second)->view_only);
    assert_int_equal(edit_state_of(second)->template_version, 2); /* as it is now, not as it was listed */
    must(edit_release(&second, &error), &error);
    room_close(&room);
}

static void default__must_give_what_is_mandatory_and_is_everybodys(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    catalog_template found, poor;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    room_user(&room, "catx", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1"), *extended = room_desk(&room, "catx");
    const int zone = catalog_zone(one, ZONE_INSTITUTION)->id;
    assert_int_equal(catalog_template_default(&found, one, zone, "bib", &error), RECTO_ENOTFOUND);
    must(catalog_template_find(&found, one, "Book (Default)", &error), &error);
    assert_int_equal(catalog_template_set_default(one, zone, "bib", &found, true, &error), RECTO_EREFUSED);
    must(catalog_template_set_default(extended, zone, "bib", &found, true, &error), &error);
    must(catalog_template_default(&found, one, zone, "bib", &error), &error);
    assert_string_equal(found.name, "Book (Default)");
    marc_record *record = record_of("500 \\\\ $aNo title here\n");
    must(catalog_template_save(&poor, extended, TEMPLATE_SHARED, "Poor", record, 0, "", &error), &error);
    marc_record_free(record);
    assert_int_equal(catalog_template_set_default(extended, zone, "bib", &poor, true, &error), RECTO_EDATA);
    assert_non_null(strstr(error.what, "245"));
    must(catalog_template_find(&found, one, "Serial (Default)", &error), &error);
    must(catalog_template_set_default(one, zone, "bib", &found, false, &error), &error); /* one's own */
    must(catalog_template_default(&found, one, zone, "bib", &error), &error);
    assert_string_equal(found.name, "Serial (Default)");
    must(catalog_template_default(&found, extended, zone, "bib", &error), &error);
    assert_string_equal(found.name, "Book (Default)");
    room_close(&room);
}

static void delivered__each_can_be_the_default_and_has_a_sound_008(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    catalog_template *rows = NULL;
    size_t count = 0, delivered = 0;
    (void)state;
    room_open(&room);
    room_user(&room, "catx", "CAT,CATX");
    catalog *desk = room_desk(&room, "catx");
    must(catalog_templates(&rows, &count, desk, &error), &error);
    for (size_t i = 0; i < count; i++) {
        template_prompt prompts[TEMPLATE_PROMPTS_MAX];
        marc_record *record = NULL, *filled = NULL;
        size_t asked = 0;
        if (rows[i].scope != TEMPLATE_DELIVERED)
            continue;
        delivered++;
        must(catalog_template_load(NULL, &record, desk, &rows[i], 0, &error), &error);
        must(template_prompts(prompts, &asked, record, &error), &error);
        assert_true(asked > 3);
        const template_values values = { .symbol = "EXA", .now = NOON_UTC, .prompts = prompts, .prompt_count = asked };
        must(template_fill(&filled, NULL, record, &values, &error), &error);
        assert_int_equal(marc_record_control(filled, "008").length, 40);
        must(catalog_template_set_default(desk, catalog_zone(desk, ZONE_INSTITUTION)->id, rows[i].family, &rows[i], true, &error),
             &error);
        marc_record_free(filled);
        marc_record_free(record);
    }
    assert_int_equal(delivered, 10);
    free(rows);
    room_close(&room);
}

static void files__go_out_and_come_in(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    catalog_template saved, again;
    buffer file;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    catalog *desk = room_desk(&room, "cat1");
    saved = must_save(desk, TEMPLATE_SHARED, "Ours", 0);
    buffer_init(&file, 0);
    must(catalog_template_export(&file, desk, &saved, &error), &error);
    assert_true(text_starts(buffer_text(&file), TEXT("# name: Ours\n# scope: shared\n=LDR")));
    must(catalog_template_import(&again, desk, buffer_text(&file), NULL, NULL, &error), &error);
    assert_int_equal(again.version, 2);
    assert_int_equal(again.scope, TEMPLATE_SHARED);
    must(catalog_template_import(&again, desk, buffer_text(&file), "Copy", "private", &error), &error);
    assert_int_equal(again.version, 1);
    assert_int_equal(catalog_template_import(&again, desk, TEXT("=245  10$ax\n"), NULL, NULL, &error), RECTO_EINVALID);
    assert_int_equal(catalog_template_import(&again, desk, TEXT("# name: Empty\n"), NULL, NULL, &error), RECTO_EDATA);
    buffer_release(&file);
    room_close(&room);
}

/* ---- strings and macros */

static const char STRINGS[] =
    "# mine\n\n[rights] Alt+Q r\n$$a Access restricted to {symbol}.\n\n# the next\n[seen]\n$$a Seen\n$$5 EXA\n\n";

static void entries__are_walked_with_their_names_and_lines(void **state)
{
    text rest = text_from(STRINGS);
    text_entry entry;
    int line = 0;
    (void)state;
    assert_true(text_entry_next(&entry, &rest, &line));
    assert_string_equal(entry.name, "rights");
    assert_string_equal(entry.keys, "Alt+Q r");
    assert_int_equal(entry.line, 3);
    assert_true(text_equal(entry.body, TEXT("$$a Access restricted to {symbol}.")));
    assert_true(text_entry_next(&entry, &rest, &line));
    assert_string_equal(entry.name, "seen");
    assert_true(text_equal(entry.body, TEXT("$$a Seen\n$$5 EXA")));
    assert_int_equal(entry.line, 7);
    assert_false(text_entry_next(&entry, &rest, &line));
}

static void entries__faults_name_their_line(void **state)
{
    static const struct {
        const char *source, *where;
    } cases[] = {
        { "words\n[a]\nx\n", "line 1" },
        { "[]\nx\n", "line 1" },
        { "[a]\nx\n[b]\n\n", "line 3" },
        { "[a]\nx\n[b]\ny\n[A]\nz\n", "line 5" },
    };
    recto_error error;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(text_entries_check(text_from(cases[i].source), &error), RECTO_EDATA);
        assert_string_equal(error.where, cases[i].where);
    }
    must(text_entries_check(text_from(STRINGS), &error), &error);
    must(text_entries_check(TEXT(""), &error), &error);
}

static void texts__are_per_user_and_shared_ones_need_the_role(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    buffer out;
    int version = 0;
    (void)state;
    room_open(&room);
    room_user(&room, "cat1", "CAT");
    room_user(&room, "cat2", "CAT");
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    buffer_init(&out, 0);
    must(catalog_text_save(one, TEXT_STRINGS, false, text_from(STRINGS), 0, &version, &error), &error);
    assert_int_equal(version, 1);
    assert_int_equal(catalog_text_save(one, TEXT_STRINGS, true, text_from(STRINGS), 0, NULL, &error), RECTO_EREFUSED);
    must(catalog_text_load(&out, &version, two, TEXT_STRINGS, false, &error), &error);
    assert_int_equal(out.length, 0);
    must(catalog_text_load(&out, &version, one, TEXT_STRINGS, false, &error), &error);
    assert_string_equal(buffer_string(&out), STRINGS);
    assert_int_equal(catalog_text_save(one, TEXT_STRINGS, false, TEXT("[x]\ny\n"), 0, NULL, &error), RECTO_EREFUSED);
    buffer_release(&out);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fill_text__takes_every_value),
        cmocka_unit_test(prompts__are_asked_once_each_and_say_where_they_go),
        cmocka_unit_test(fill__leaves_out_what_was_not_answered),
        cmocka_unit_test(expand__adds_what_is_absent_and_overwrites_nothing),
        cmocka_unit_test(duplicate__leaves_out_what_names_the_original),
        cmocka_unit_test(brief__makes_a_sound_record_or_says_which_box),
        cmocka_unit_test(save__keeps_braces_readable_and_reads_them_back),
        cmocka_unit_test(rights__own_any_and_delivered),
        cmocka_unit_test(editing__is_locked_drafted_and_saved_as_the_next_version),
        cmocka_unit_test(default__must_give_what_is_mandatory_and_is_everybodys),
        cmocka_unit_test(delivered__each_can_be_the_default_and_has_a_sound_008),
        cmocka_unit_test(files__go_out_and_come_in),
        cmocka_unit_test(entries__are_walked_with_their_names_and_lines),
        cmocka_unit_test(entries__faults_name_their_line),
        cmocka_unit_test(texts__are_per_user_and_shared_ones_need_the_role),
    };
    setenv("TZ", "UTC", 1); /* a date is of the place where it is written */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
