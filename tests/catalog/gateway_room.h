/* tests/catalog/gateway_room.h - a repository with a Connexion profile, records as Connexion sends them, and a look at everything
 * that a refusal must not have touched. */
#ifndef TESTS_CATALOG_GATEWAY_ROOM_H
#define TESTS_CATALOG_GATEWAY_ROOM_H

#include "catalog/room.h"
#include "recto/catalog/gateway.h"
#include "recto/catalog/rules.h"
#include "recto/marc/formats.h"

#include <sqlite3.h>

static const char PASSWORD[] = "alma1234";
static const char MADE[] = "The record has been processed successfully. MMS ID: ";

typedef struct counter {
    room room;
    catalog *chief;
    gateway_desk *desk;
    gateway_outcome out;
} counter;

static inline recto_status profile_set(catalog *desk, const char *code, const char *key, const char *value, recto_error *error)
{
    return catalog_profile_change(desk, code, &(profile_change){ .key = key, .value = value }, 1, error);
}

static inline void set(counter *here, const char *code, const char *key, const char *value)
{
    recto_error error = { .status = RECTO_OK };
    must(profile_set(here->chief, code, key, value, &error), &error);
}

static inline void counter_open(counter *here)
{
    recto_error error = { .status = RECTO_OK };
    room_open(&here->room);
    room_user(&here->room, "chief", "CAT,GSA,CM");
    here->chief = room_desk(&here->room, "chief");
    set(here, "IZ_OCLC", "name", "IZ_OCLC Connexion");
    must(catalog_profile_password(here->chief, "IZ_OCLC", PASSWORD, &error), &error);
    must(gateway_desk_new(&here->desk, here->chief, &error), &error);
}

static inline void counter_close(counter *here)
{
    gateway_desk_free(here->desk);
    room_close(&here->room);
}

/* ---- records */

static inline void set_leader(marc_record *record, size_t at, char byte)
{
    char leader[MARC_LEADER_LENGTH + 1];
    memcpy(leader, marc_record_leader(record), sizeof leader);
    leader[at] = byte;
    marc_record_set_leader(record, leader);
}

/* As WorldCat has it: 001, 003, 005 in front. */
static inline marc_record *worldcat(const char *number, const char *title, const char *stamp)
{
    marc_record *record = book(number, title);
    recto_error error = { .status = RECTO_OK };
    char line[64];
    snprintf(line, sizeof line, "ocm%s", number);
    must(marc_record_insert(record, 0, "001", text_from(line), &error), &error);
    must(marc_record_insert(record, 1, "003", TEXT("OCoLC"), &error), &error);
    if (stamp != NULL)
        must(marc_record_insert(record, 2, "005", text_from(stamp), &error), &error);
    set_leader(record, 9, 'a');
    return record;
}

static inline void encode(buffer *out, const marc_record *record)
{
    recto_error error = { .status = RECTO_OK };
    const marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    buffer_init(out, 0);
    must(marc_write_record(out, record, &options, &error), &error);
}

static inline const char *send_bytes_as(counter *here, const char *logon, const char *password, const char *peer, text bytes)
{
    recto_error error = { .status = RECTO_OK };
    gateway_request request = { .logon = text_from(logon),
                                .password = text_from(password),
                                .user = TEXT("100-200-300"),
                                .record = bytes,
                                .form = GATEWAY_ONE_BYTE,
                                .connection = 7,
                                .record_number = 1 };
    snprintf(request.peer, sizeof request.peer, "%s", peer);
    gateway_receive(&here->out, here->desk, &request, &error);
    assert_true(here->out.reply[0] != '\0');
    return here->out.reply;
}

static inline const char *send_bytes(counter *here, text bytes)
{
    return send_bytes_as(here, "01EXAMPLE", PASSWORD, "192.0.2.7", bytes);
}

static inline const char *send_as(counter *here, const char *logon, const char *password, marc_record *record)
{
    buffer bytes;
    encode(&bytes, record);
    marc_record_free(record);
    (void)send_bytes_as(here, logon, password, "192.0.2.7", buffer_text(&bytes));
    buffer_release(&bytes);
    return here->out.reply;
}

static inline const char *send(counter *here, marc_record *record)
{
    return send_as(here, "01EXAMPLE", PASSWORD, record);
}

/* ---- what was said */

static inline void expect_lines(const char *reply, const char *first, const char *rest)
{
    char want[2 * GATEWAY_REPLY_LENGTH];
    snprintf(want, sizeof want, "%s%s%s", first, rest[0] != '\0' ? "\n" : "", rest);
    assert_string_equal(reply, want);
}

static inline mms_id expect_success(counter *here, const char *second)
{
    char want[GATEWAY_REPLY_LENGTH], id[MMS_ID_LENGTH];
    mms_id_format(id, here->out.id);
    snprintf(want, sizeof want, "%s%s\n%s", MADE, id, second);
    assert_string_equal(here->out.reply, want);
    return here->out.id;
}

/* ---- everything but log, kept bytes and audit, as text */

static inline int add_value_row(void *context, int count, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < count; i++)
        buffer_append_format(context, "%s|", values[i] != NULL ? values[i] : "NULL");
    buffer_append_char(context, '\n');
    return 0;
}

static inline int dump_table(void *context, int count, char **values, char **names)
{
    char script[200];
    void **both = context;
    (void)count;
    (void)names;
    const char *table = values[0];
    buffer_append_format(both[1], "== %s\n", table);
    snprintf(script, sizeof script, "SELECT quote(t.rowid), * FROM \"%s\" t", table);
    if (sqlite3_exec(both[0], script, add_value_row, both[1], NULL) != SQLITE_OK) {
        snprintf(script, sizeof script, "SELECT * FROM \"%s\"", table);
        assert_int_equal(sqlite3_exec(both[0], script, add_value_row, both[1], NULL), SQLITE_OK);
    }
    return 0;
}

static inline void dump(buffer *out, const char *path)
{
    sqlite3 *database = NULL;
    buffer_init(out, 0);
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    void *both[2] = { database, out };
    assert_int_equal(sqlite3_exec(database,
                                  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('audit', 'gateway_log',"
                                  " 'gateway_kept', 'sqlite_sequence') ORDER BY name",
                                  dump_table, both, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    assert_false(buffer_failed(out));
    assert_true(out->length > 1000);
}

static inline int64_t count_of(const char *path, const char *query)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, query, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

static inline void assert_untouched(counter *here, const buffer *before)
{
    buffer after;
    dump(&after, here->room.path);
    assert_string_equal(buffer_string(&after), buffer_string(before));
    buffer_release(&after);
}

#endif
