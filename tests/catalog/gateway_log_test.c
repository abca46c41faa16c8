/* tests/catalog/gateway_log_test.c - bytes to records and what the log keeps of them; searching it; trying again; growing old. */
#include "catalog/gateway_room.h"

static int setup(void **state)
{
    *state = calloc(1, sizeof(counter));
    counter_open(*state);
    return 0;
}

static int teardown(void **state)
{
    counter_close(*state);
    free(*state);
    return 0;
}

static const char UNREADABLE[] = "Import failed. Reason: the record could not be read.";

/* ---- decoding */

/* The bytes of a record with something done to them. */
static void damaged(buffer *out, size_t at, const char *instead)
{
    marc_record *record = worldcat("123", "Caf\xC3\xA9 au lait", NULL);
    encode(out, record);
    marc_record_free(record);
    for (size_t i = 0; instead[i] != '\0'; i++)
        out->bytes[at + i] = instead[i];
}

static size_t place_of(const buffer *bytes, const char *words)
{
    const char *found = memmem(bytes->bytes, bytes->length, words, strlen(words));
    assert_non_null(found);
    return (size_t)(found - bytes->bytes);
}

static void a_record_that_cannot_be_read__is_refused_with_the_place(void **state)
{
    counter *here = *state;
    buffer bytes, before;
    dump(&before, here->room.path);
    damaged(&bytes, 12, "99998"); /* base address */
    assert_true(text_starts(text_from(send_bytes(here, buffer_text(&bytes))), text_from(UNREADABLE)));
    assert_non_null(strchr(here->out.reply, '\n'));
    buffer_release(&bytes);
    damaged(&bytes, MARC_LEADER_LENGTH + 3, "9999"); /* length of the first field */
    assert_true(text_starts(text_from(send_bytes(here, buffer_text(&bytes))), text_from(UNREADABLE)));
    buffer_release(&bytes);
    damaged(&bytes, 5, "n"); /* nothing */
    bytes.bytes[place_of(&bytes, "\xC3\xA9")] = '\xE9';
    char want[GATEWAY_REPLY_LENGTH];
    snprintf(want, sizeof want, "%s\nThe leader says UTF-8, byte %zu is 0x%02X and not UTF-8, in field 245.", UNREADABLE,
             place_of(&bytes, "\xE9"), 0xE9);
    assert_string_equal(send_bytes(here, buffer_text(&bytes)), want);
    assert_string_equal(here->out.code, "unreadable");
    assert_untouched(here, &before);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_kept"), 3);
    buffer_release(&bytes);
    buffer_release(&before);
}

static void a_leader_that_lies_of_the_length__is_a_warning(void **state)
{
    counter *here = *state;
    buffer bytes;
    damaged(&bytes, 0, "09999");
    (void)send_bytes(here, buffer_text(&bytes));
    (void)expect_success(here, "New record in 01EXAMPLE.");
    buffer_release(&bytes);
    damaged(&bytes, 0, "00040");
    (void)send_bytes(here, buffer_text(&bytes));
    (void)expect_success(here, "Existing record already up to date.");
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log WHERE warning LIKE '%leader says%'"), 2);
    buffer_release(&bytes);
}

static void marc_8__becomes_utf_8(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    buffer bytes;
    marc_record *record = worldcat("123", "Caf\xC3\xA9", NULL);
    const marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 };
    buffer_init(&bytes, 0);
    must(marc_write_record(&bytes, record, &options, &error), &error);
    assert_int_equal(bytes.bytes[9], ' ');
    assert_non_null(memmem(bytes.bytes, bytes.length,
                           "Caf\xE2"
                           "e",
                           5));
    (void)send_bytes(here, buffer_text(&bytes));
    const mms_id id = expect_success(here, "New record in 01EXAMPLE.");
    assert_true(stored_has(here->chief, id, "245", "Cafe\xCC\x81") || stored_has(here->chief, id, "245", "Caf\xC3\xA9"));
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log WHERE encoding = ' '"), 1);
    buffer_release(&bytes);
    marc_record_free(record);
}

/* The scripts that MARC-8 has, each by its escape sequences. */
static void marc_8__has_many_scripts(void **state)
{
    static const char *const titles[] = {
        "\xD8\xA7\xD9\x84\xD9\x81 \xD9\x84\xD9\x8A\xD9\x84\xD8\xA9",                        /* Arabic */
        "\xD7\xA9\xD7\x99\xD7\xA8 \xD7\x94\xD7\xA9\xD7\x99\xD7\xA8\xD7\x99\xD7\x9D",        /* Hebrew */
        "\xD0\x94\xD0\xBE\xD1\x81\xD1\x82\xD0\xBE\xD0\xB5\xD0\xB2\xD1\x81\xD0\xBA\xD0\xB8", /* Cyrillic */
        "\xCE\x9F\xCE\x94\xCE\xA5\xCE\xA3\xCE\xA3\xCE\x95\xCE\x99\xCE\x91", /* Greek; without marks, which come apart (GW-26) */
        "\xE7\xB4\x85\xE6\xA8\x93\xE5\xA4\xA2",                             /* Chinese */
        "\xE3\x83\xA9\xE3\x83\x86\xE3\x83\xB3 \xE3\x81\xAE",                /* Japanese */
        "\xED\x95\x9C\xEA\xB5\xAD",                                         /* Korean */
    };
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    const marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        char number[16], escape[] = "\x1B";
        buffer bytes;
        snprintf(number, sizeof number, "%zu", 900 + i);
        marc_record *record = worldcat(number, titles[i], NULL);
        buffer_init(&bytes, 0);
        must(marc_write_record(&bytes, record, &options, &error), &error);
        assert_int_equal(bytes.bytes[9], ' ');
        assert_non_null(memmem(bytes.bytes, bytes.length, escape, 1)); /* it is another set, and no entity */
        assert_null(memmem(bytes.bytes, bytes.length, "&#x", 3));
        (void)send_bytes(here, buffer_text(&bytes));
        const mms_id id = expect_success(here, "New record in 01EXAMPLE.");
        if (!stored_has(here->chief, id, "245", titles[i]))
            assert_string_equal(titles[i], "as it was sent");
        buffer_release(&bytes);
        marc_record_free(record);
    }
}

static void utf_8_that_the_leader_keeps_silent_about__is_read_as_such(void **state)
{
    counter *here = *state;
    buffer bytes;
    damaged(&bytes, 9, " "); /* GW-25 */
    (void)send_bytes(here, buffer_text(&bytes));
    const mms_id id = expect_success(here, "New record in 01EXAMPLE.");
    assert_true(stored_has(here->chief, id, "245", "Caf\xC3\xA9"));
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log WHERE warning LIKE '%UTF-8%'"), 1);
    buffer_release(&bytes);
}

static void a_replacement_character__is_never_stored(void **state)
{
    counter *here = *state;
    buffer bytes, before;
    damaged(&bytes, 9, " ");
    const size_t at = place_of(&bytes, "\xC3\xA9");
    bytes.bytes[at] = '\xFF'; /* no character of MARC-8, no UTF-8 */
    dump(&before, here->room.path);
    assert_true(text_starts(text_from(send_bytes(here, buffer_text(&bytes))), text_from(UNREADABLE)));
    assert_untouched(here, &before);
    buffer_release(&bytes);
    buffer_release(&before);
}

/* ---- what the log says */

typedef struct log_list {
    gateway_log_row *rows;
    size_t count;
} log_list;

static log_list look(catalog *desk, gateway_log_query query)
{
    log_list list = { .count = 0 };
    recto_error error = { .status = RECTO_OK };
    must(catalog_gateway_log(&list.rows, &list.count, desk, &query, &error), &error);
    return list;
}

static size_t count_log(catalog *desk, gateway_log_query query)
{
    log_list list = look(desk, query);
    free(list.rows);
    return list.count;
}

static void a_row__tells_all_but_the_password(void **state)
{
    counter *here = *state;
    const mms_id stored = store(here->chief, ZONE_INSTITUTION, book("123", "One"));
    (void)store(here->chief, ZONE_INSTITUTION, book("123", "Two"));
    (void)send(here, worldcat("123", "A title that is much longer than the sixty characters that the log is to keep", NULL));
    log_list list = look(here->chief, (gateway_log_query){ .limit = 10 });
    assert_int_equal(list.count, 1);
    const gateway_log_row *row = &list.rows[0];
    assert_string_equal(row->institution, "01EXAMPLE");
    assert_string_equal(row->peer, "192.0.2.7");
    assert_string_equal(row->user, "100-200-300");
    assert_string_equal(row->form, "one-byte");
    assert_string_equal(row->encoding, "a");
    assert_string_equal(row->oclc, "123");
    assert_string_equal(row->title, "A title that is much longer than the sixty characters that t");
    assert_string_equal(row->code, "multi_match");
    assert_string_equal(row->message, "Import failed. Reason: Multi matches found for this record.");
    assert_true(text_starts(text_from(row->details), TEXT("Matches: ")));
    assert_int_equal(row->connection, 7);
    assert_int_equal(row->record_number, 1);
    assert_int_equal(row->matches, 2);
    assert_int_equal(row->at, catalog_now(here->chief));
    assert_true(row->bytes > 300);
    assert_true(row->kept);
    assert_true(stored != 0);
    free(list.rows);
}

static void the_log__is_searched(void **state)
{
    counter *here = *state;
    (void)send(here, worldcat("123", "Whales of the north", NULL));
    (void)send(here, worldcat("456", "Birds of the south", NULL));
    (void)send_as(here, "01EXAMPLE", "wrong", worldcat("789", "Never", NULL));
    (void)send_as(here, "nowhere\nat all\xC3\xA9", "wrong", worldcat("790", "Never", NULL));
    const int64_t now = catalog_now(here->chief);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .limit = 0 }), 3);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .institution = "*" }), 4);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .institution = "nowhere?at all?" }), 1);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .oclc = "ocm00000123" }), 1);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .code = "added" }), 2);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .code = "logon" }), 1);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .words = "WHALES" }), 1);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .words = "password is/are" }), 1);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .words = "%" }), 0); /* no wildcard */
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .from = now + 1 }), 0);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .from = now, .to = now }), 3);
    assert_int_equal(count_log(here->chief, (gateway_log_query){ .limit = 1 }), 1);
    log_list list = look(here->chief, (gateway_log_query){ .limit = 5 });
    assert_string_equal(list.rows[0].code, "logon"); /* newest first */
    assert_string_equal(list.rows[2].oclc, "123");
    free(list.rows);
    recto_error error = { .status = RECTO_OK };
    size_t count;
    const gateway_log_query bad = { .oclc = "no number" };
    assert_int_equal(catalog_gateway_log(&list.rows, &count, here->chief, &bad, &error), RECTO_EINVALID);
    room_user(&here->room, "cat2", "CAT");
    catalog *cat2 = room_desk(&here->room, "cat2");
    assert_int_equal(count_log(cat2, (gateway_log_query){ .limit = 0 }), 3);
    const gateway_log_query others = { .institution = "*" };
    assert_int_equal(catalog_gateway_log(&list.rows, &count, cat2, &others, &error), RECTO_EREFUSED);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM audit WHERE act = 'gateway.logon'"), 1);
}

static void what_was_no_record__has_a_row_too(void **state)
{
    counter *here = *state;
    gateway_request request = { .logon = TEXT("01EXAMPLE"), .connection = 3, .record = TEXT("00500") };
    snprintf(request.peer, sizeof request.peer, "192.0.2.9");
    gateway_note(here->desk, &request, "incomplete", "Import failed. Reason: the record is incomplete.");
    log_list list = look(here->chief, (gateway_log_query){ .limit = 0 });
    assert_int_equal(list.count, 1);
    assert_string_equal(list.rows[0].code, "incomplete");
    assert_string_equal(list.rows[0].message, "Import failed. Reason: the record is incomplete.");
    assert_string_equal(list.rows[0].form, "none");
    assert_int_equal(list.rows[0].bytes, 5);
    assert_false(list.rows[0].kept);
    free(list.rows);
}

/* ---- once more */

static int64_t newest(counter *here)
{
    log_list list = look(here->chief, (gateway_log_query){ .limit = 1 });
    assert_int_equal(list.count, 1);
    const int64_t number = list.rows[0].number;
    free(list.rows);
    return number;
}

static void a_refused_record__is_tried_again(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    gateway_outcome outcome;
    edit_session *session = NULL;
    const mms_id id = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    room_user(&here->room, "cat2", "CAT");
    catalog *cat2 = room_desk(&here->room, "cat2");
    must(edit_open(&session, cat2, id, &error), &error);
    (void)send(here, worldcat("123", "Coming", NULL));
    assert_string_equal(here->out.code, "not_added_locked");
    const int64_t number = newest(here);
    must(catalog_gateway_retry(&outcome, here->chief, number, &error), &error);
    assert_string_equal(outcome.code, "not_added_locked");
    must(edit_release(&session, &error), &error);
    must(catalog_gateway_retry(&outcome, here->chief, number, &error), &error);
    assert_string_equal(outcome.code, "merged");
    assert_int_equal(outcome.id, id);
    assert_true(stored_has(here->chief, id, "245", "Coming"));
    assert_string_equal(catalog_user(here->chief), "chief");
    log_list list = look(here->chief, (gateway_log_query){ .limit = 1 });
    assert_string_equal(list.rows[0].peer, "retry by chief");
    free(list.rows);
    assert_int_equal(catalog_gateway_retry(&outcome, here->chief, number, &error), RECTO_ENOTFOUND); /* it is in */
    assert_int_equal(catalog_gateway_retry(&outcome, here->chief, 9999, &error), RECTO_ENOTFOUND);
    room_user(&here->room, "reader", "");
    assert_int_equal(catalog_gateway_retry(&outcome, room_desk(&here->room, "reader"), number, &error), RECTO_EREFUSED);
}

/* ---- growing old */

static void old_rows_and_bytes__go(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    (void)send(here, worldcat("123", "Saved", NULL));
    marc_record *brief = worldcat("123", "Refused", NULL);
    set_leader(brief, 17, 'u');
    (void)send(here, brief);
    must(catalog_gateway_log_prune(here->chief, 180, 30, &error), &error);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 2);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_kept"), 1);
    must(recto_clock_init(&here->room.clock, "2026-01-15T00:00:00Z", &error), &error);
    must(catalog_gateway_log_prune(room_desk(&here->room, "chief"), 180, 30, &error), &error);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 2);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_kept"), 0);
    must(recto_clock_init(&here->room.clock, "2026-06-15T00:00:00Z", &error), &error);
    must(catalog_gateway_log_prune(room_desk(&here->room, "chief"), 180, 30, &error), &error);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 0);
}

/* ---- nothing that comes in gets out as it is */

static void replies__are_ascii_and_short(void **state)
{
    counter *here = *state;
    char logon[800];
    memset(logon, 'A', sizeof logon - 1);
    logon[sizeof logon - 1] = '\0';
    memcpy(logon, "\x1B[31m\xC3\xA9%n\n\r", 11);
    (void)send_as(here, logon, PASSWORD, worldcat("1", "x", NULL));
    const size_t first = strcspn(here->out.reply, "\n");
    assert_true(first <= 200 && strlen(here->out.reply) < GATEWAY_REPLY_LENGTH);
    for (const char *c = here->out.reply; *c != '\0'; c++)
        assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7F));
    assert_non_null(strstr(here->out.reply, "institution ?[31m?%n??AAA"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_that_cannot_be_read__is_refused_with_the_place, setup, teardown),
        cmocka_unit_test_setup_teardown(a_leader_that_lies_of_the_length__is_a_warning, setup, teardown),
        cmocka_unit_test_setup_teardown(marc_8__becomes_utf_8, setup, teardown),
        cmocka_unit_test_setup_teardown(marc_8__has_many_scripts, setup, teardown),
        cmocka_unit_test_setup_teardown(utf_8_that_the_leader_keeps_silent_about__is_read_as_such, setup, teardown),
        cmocka_unit_test_setup_teardown(a_replacement_character__is_never_stored, setup, teardown),
        cmocka_unit_test_setup_teardown(a_row__tells_all_but_the_password, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log__is_searched, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_no_record__has_a_row_too, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refused_record__is_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(old_rows_and_bytes__go, setup, teardown),
        cmocka_unit_test_setup_teardown(replies__are_ascii_and_short, setup, teardown),
    };
    return cmocka_run_group_tests_name("gateway log", tests, NULL, NULL);
}
