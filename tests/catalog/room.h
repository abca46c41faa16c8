/* tests/catalog/room.h - a repository of its own for each test, people at their desks, a clock that the test sets. */
#ifndef TESTS_CATALOG_ROOM_H
#define TESTS_CATALOG_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/catalog/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DESKS_MAX = 8 };

typedef struct room {
    char folder[64], path[128];
    recto_clock clock; /* fixed at START; a test that sets it does so before a desk is taken */
    catalog *desks[DESKS_MAX];
    size_t count;
} room;

static const char START[] = "2025-11-22T13:52:00Z";

static inline void must(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    fail_msg("status %d: %s", (int)status, line);
}

static inline void room_open(room *room)
{
    static const char *const institutions[] = { "01EXAMPLE", "02OTHER" };
    recto_error error = { .status = RECTO_OK };
    *room = (struct room){ .count = 0 };
    snprintf(room->folder, sizeof room->folder, "/tmp/recto-catalog-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    snprintf(room->path, sizeof room->path, "%s/test.recto", room->folder);
    must(recto_clock_init(&room->clock, START, &error), &error);
    const repo_plan plan = { .institutions = institutions,
                             .institution_count = 2,
                             .network = "NETWORK",
                             .owner = "chief",
                             .now = recto_clock_now(&room->clock) };
    must(repo_create(room->path, &plan, &error), &error);
}

/* Somebody sits down. Privileges come from the roles in the repository. */
static inline recto_status room_try(room *room, catalog **out, const char *user, const char *login, bool owner,
                                    const char *password, recto_error *error)
{
    const catalog_options options = { .repository = room->path,
                                      .user = user,
                                      .login = login,
                                      .owns_file = owner,
                                      .password = password,
                                      .clock = room->clock,
                                      .mode = REPO_READ_WRITE,
                                      .with_session = true };
    recto_status status = catalog_open(out, &options, error);
    if (status == RECTO_OK)
        room->desks[room->count++] = *out;
    return status;
}

static inline catalog *room_desk(room *room, const char *user)
{
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    must(room_try(room, &desk, user, user, false, NULL, &error), &error);
    return desk;
}

static inline void room_leave(room *room, catalog *desk)
{
    for (size_t i = 0; i < room->count; i++)
        if (room->desks[i] == desk)
            room->desks[i] = room->desks[--room->count];
    catalog_close(desk);
}

static inline void room_user(room *room, const char *name, const char *roles)
{
    recto_error error = { .status = RECTO_OK };
    catalog *chief = room_desk(room, "chief");
    repo_user user = { .active = true };
    snprintf(user.name, sizeof user.name, "%s", name);
    snprintf(user.roles, sizeof user.roles, "%s", roles);
    must(catalog_user_put(chief, &user, &error), &error);
    room_leave(room, chief);
}

static inline void room_close(room *room)
{
    char command[160];
    while (room->count > 0)
        catalog_close(room->desks[--room->count]);
    snprintf(command, sizeof command, "rm -rf '%s'", room->folder);
    assert_int_equal(system(command), 0);
}

/* ---- records */

static inline void add_line(marc_record *record, const char *tag, const char *indicators, const char *line)
{
    recto_error error = { .status = RECTO_OK };
    must(marc_record_append_line(record, tag, indicators, line, &error), &error);
}

static inline void add_control(marc_record *record, const char *tag, const char *content)
{
    recto_error error = { .status = RECTO_OK };
    must(marc_record_append(record, tag, text_from(content), &error), &error);
}

/* A book of which the tests know the number and the title; `oclc` NULL: none. */
static inline marc_record *book(const char *oclc, const char *title)
{
    marc_record *record = NULL;
    recto_error error = { .status = RECTO_OK };
    char line[200];
    must(marc_record_new(&record, &error), &error);
    add_control(record, "008", "250101s2001    xxu           000 1 eng d");
    if (oclc != NULL) {
        snprintf(line, sizeof line, "$a(OCoLC)%s", oclc);
        add_line(record, "035", "  ", line);
    }
    add_line(record, "100", "1 ", "$aWriter, Ann.");
    snprintf(line, sizeof line, "$a%s /$cAnn Writer.", title);
    add_line(record, "245", "10", line);
    add_line(record, "264", " 1", "$aTown :$bHouse,$c2001.");
    add_line(record, "300", "  ", "$a200 pages");
    return record;
}

static inline mms_id store(catalog *desk, zone_kind zone, marc_record *record)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    ingest_policy policy = *catalog_policy("load");
    const ingest_request request = { .record = record, .zone = catalog_zone(desk, zone)->id, .policy = &policy };
    must(catalog_ingest(&outcome, desk, &request, &error), &error);
    if (outcome.kind != OUTCOME_ADDED)
        fail_msg("not added: %s", outcome.message);
    const mms_id id = outcome.id;
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    return id;
}

static inline bool record_has(const marc_record *record, const char *tag, const char *value)
{
    for (size_t at = marc_record_find(record, tag, 0); at != SIZE_MAX; at = marc_record_find(record, tag, at + 1)) {
        buffer joined;
        buffer_init(&joined, 0);
        marc_field_join(&joined, marc_record_field(record, at), NULL);
        const bool found = strstr(buffer_string(&joined), value) != NULL;
        buffer_release(&joined);
        if (found)
            return true;
    }
    return false;
}

static inline bool stored_has(catalog *desk, mms_id id, const char *tag, const char *value)
{
    marc_record *record = NULL;
    recto_error error = { .status = RECTO_OK };
    must(catalog_load(desk, id, &record, NULL, &error), &error);
    const bool found = record_has(record, tag, value);
    marc_record_free(record);
    return found;
}

static inline void type_note(edit_session *session, const char *line)
{
    recto_error error = { .status = RECTO_OK };
    buffer content;
    buffer_init(&content, 0);
    buffer_append_string(&content, "  ");
    buffer_append_char(&content, MARC_SUBFIELD_DELIMITER);
    buffer_append_string(&content, "a");
    buffer_append_string(&content, line);
    marc_edit *edit = edit_of(session);
    must(marc_edit_insert(edit, marc_record_place(marc_edit_record(edit), "500"), "500", buffer_text(&content), &error), &error);
    buffer_release(&content);
}

static inline size_t count_hits(catalog *desk, search_type type, zone_kind zone, const char *index, const char *text,
                                catalog_hint *hint)
{
    recto_error error = { .status = RECTO_OK };
    catalog_hits hits;
    const catalog_query query = { .type = type, .zone = zone, .index = index, .text = text, .limit = 20 };
    must(catalog_search(&hits, desk, &query, &error), &error);
    const size_t total = hits.total;
    if (hint != NULL)
        *hint = hits.hint;
    catalog_hits_release(&hits);
    return total;
}

#endif
