/* tests/catalog/edit_room.h - records opened, saved and released, and what their working copies show. */
#ifndef TESTS_CATALOG_EDIT_ROOM_H
#define TESTS_CATALOG_EDIT_ROOM_H

#include "catalog/room.h"

static inline edit_session *open_record(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    must(edit_open(&session, desk, id, &error), &error);
    return session;
}

static inline edit_session *new_record(catalog *desk, zone_kind zone, marc_record *record, const char *origin)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    must(edit_new(&session, desk, catalog_zone(desk, zone)->id, &record, origin, &error), &error);
    assert_null(record);
    return session;
}

static inline outcome_kind save(edit_session *session, bool ignore, char message[300])
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    must(edit_save(&outcome, session, ignore, &error), &error);
    if (message != NULL)
        snprintf(message, 300, "%s", outcome.message);
    const outcome_kind kind = outcome.kind;
    ingest_outcome_release(&outcome);
    return kind;
}

static inline void release(edit_session **session)
{
    recto_error error = { .status = RECTO_OK };
    must(edit_release(session, &error), &error);
    assert_null(*session);
}

static inline size_t draft_count(catalog *desk)
{
    recto_error error = { .status = RECTO_OK };
    draft_row *rows = NULL;
    size_t count = 0;
    must(catalog_drafts(&rows, &count, desk, &error), &error);
    free(rows);
    return count;
}

static inline bool shows(edit_session *session, const char *tag, const char *value)
{
    return record_has(marc_edit_record(edit_of(session)), tag, value);
}

#endif
