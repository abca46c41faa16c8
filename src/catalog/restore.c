/* src/catalog/restore.c - counting what a version changed, and taking single fields or a whole version back. */
#include "inside.h"

#include "recto/catalog/history.h"

#include <stdio.h>
#include <string.h>

recto_status catalog_version_counts(difference_counts *out, catalog *catalog, mms_id id, int version, recto_error *error)
{
    marc_record *record = NULL, *before = NULL;
    *out = (difference_counts){ .added = 0 };
    recto_status status = catalog_version_load(catalog, id, version, &record, error);
    if (status == RECTO_OK && version > 1)
        status = catalog_version_load(catalog, id, version - 1, &before, error);
    if (status == RECTO_OK && before != NULL)
        status = record_difference_count(out, before, record, error);
    else if (status == RECTO_OK)
        out->added = marc_record_count(record);
    marc_record_free(before);
    marc_record_free(record);
    return status;
}

/* ---- into the working copy */

static recto_status refuse_system_field(const char *tag, recto_error *error)
{
    if (strcmp(tag, "001") != 0 && strcmp(tag, "003") != 0 && strcmp(tag, "005") != 0)
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, tag, "every save writes it anew", "this field is the system's");
}

static recto_status take_back(marc_edit *edit, const marc_record *stored, const record_difference *line, recto_error *error)
{
    const bool here = line->kind != DIFFERENCE_ONLY_LEFT, there = line->kind != DIFFERENCE_ONLY_RIGHT;
    if (there && line->left == DIFFERENCE_LEADER)
        return marc_edit_set_leader(edit, marc_record_leader(stored), error);
    if (!there)
        return marc_edit_remove(edit, line->right, error);
    const marc_field *field = marc_record_field(stored, line->left);
    if (here)
        return marc_edit_replace(edit, line->right, field->tag, field->content, error);
    const size_t count = marc_record_count(marc_edit_record(edit));
    return marc_edit_insert(edit, line->right < count ? line->right : count, field->tag, field->content, error);
}

recto_status edit_restore_line(edit_session *session, const marc_record *stored, int version, const record_difference *line,
                               recto_error *error)
{
    char title[64];
    recto_status status = session_needs_edit(session, error);
    const marc_record *now = marc_edit_record(session->edit);
    const bool of_version = line->kind != DIFFERENCE_ONLY_RIGHT;
    const marc_field field = record_difference_field(of_version ? stored : now, of_version ? line->left : line->right);
    if (status == RECTO_OK)
        status = refuse_system_field(field.tag, error);
    if (status != RECTO_OK || line->kind == DIFFERENCE_NONE)
        return status;
    snprintf(title, sizeof title, "Restore of %s from version %d", field.tag, version);
    marc_edit_settle(session->edit);
    marc_edit_begin(session->edit, title);
    status = take_back(session->edit, stored, line, error);
    marc_edit_end(session->edit);
    return status;
}

static size_t nth(const marc_record *record, const char *tag, size_t occurrence)
{
    size_t at = marc_record_find(record, tag, 0);
    while (at != SIZE_MAX && --occurrence > 0)
        at = marc_record_find(record, tag, at + 1);
    return at;
}

static recto_status restore_one(marc_edit *edit, const marc_record *stored, const char *tag, size_t occurrence,
                                recto_error *error)
{
    const marc_record *now = marc_edit_record(edit);
    const size_t there = nth(stored, tag, occurrence), here = nth(now, tag, occurrence);
    record_difference line = { .kind = DIFFERENCE_CHANGED, .left = there, .right = here };
    if (there == SIZE_MAX)
        line.kind = DIFFERENCE_ONLY_RIGHT;
    if (here == SIZE_MAX) {
        line.kind = DIFFERENCE_ONLY_LEFT;
        line.right = marc_record_place(now, tag);
    }
    return take_back(edit, stored, &line, error);
}

static size_t count_tag(const marc_record *record, const char *tag)
{
    size_t count = 0;
    for (size_t at = marc_record_find(record, tag, 0); at != SIZE_MAX; at = marc_record_find(record, tag, at + 1))
        count++;
    return count;
}

/* From the last one on, so that what goes does not move what is still to be looked at. */
static recto_status restore_tag(marc_edit *edit, const marc_record *stored, const char *tag, recto_error *error)
{
    const size_t there = count_tag(stored, tag), here = count_tag(marc_edit_record(edit), tag);
    recto_status status = RECTO_OK;
    for (size_t n = here; status == RECTO_OK && n > there; n--)
        status = restore_one(edit, stored, tag, n, error);
    for (size_t n = 1; status == RECTO_OK && n <= there; n++)
        status = restore_one(edit, stored, tag, n, error);
    return status;
}

static recto_status restore_named(marc_edit *edit, const marc_record *stored, int version, const char *tag, size_t occurrence,
                                  recto_error *error)
{
    char title[64], where[32];
    const bool leader = strcmp(tag, "LDR") == 0;
    const size_t wanted = occurrence > 0 ? occurrence : 1;
    snprintf(where, sizeof where, occurrence > 1 ? "%.3s[%zu]" : "%.3s", tag, occurrence);
    if (!leader && nth(stored, tag, wanted) == SIZE_MAX && nth(marc_edit_record(edit), tag, wanted) == SIZE_MAX)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "neither version %d nor the record has this field", version);
    snprintf(title, sizeof title, "Restore of %.3s from version %d", tag, version);
    marc_edit_settle(edit);
    marc_edit_begin(edit, title);
    recto_status status = leader            ? marc_edit_set_leader(edit, marc_record_leader(stored), error)
                          : occurrence == 0 ? restore_tag(edit, stored, tag, error)
                                            : restore_one(edit, stored, tag, occurrence, error);
    marc_edit_end(edit);
    return status;
}

recto_status edit_restore_field(edit_session *session, int version, const char *tag, size_t occurrence, recto_error *error)
{
    marc_record *stored = NULL;
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = refuse_system_field(tag, error);
    if (status == RECTO_OK)
        status = catalog_version_load(session->catalog, session->state.id, version, &stored, error);
    if (status == RECTO_OK)
        status = restore_named(session->edit, stored, version, tag, occurrence, error);
    marc_record_free(stored);
    return status;
}

/* ---- at once, from the command line */

static recto_status must_be_locked_by_us(const edit_session *session, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, session->state.id);
    if (!session->state.view_only)
        return RECTO_OK;
    return recto_fail(error, session->state.locked_by[0] != '\0' ? RECTO_ELOCKED : RECTO_EREFUSED, where, NULL,
                      "not restored: %.100s", session->state.view_only_reason);
}

recto_status catalog_restore(ingest_outcome *out, catalog *catalog, mms_id id, int version, const char *tag, size_t occurrence,
                             recto_error *error)
{
    edit_session *session = NULL;
    char where[MMS_ID_LENGTH], note[VERSION_NOTE];
    mms_id_format(where, id);
    *out = (ingest_outcome){ .first_block_field = SIZE_MAX };
    if (draft_exists(catalog, id))
        return recto_fail(error, RECTO_EREFUSED, where, "save or discard it in the workstation first",
                          "you have a draft of this record with changes of its own");
    recto_status status = edit_open(&session, catalog, id, error);
    if (status != RECTO_OK)
        return status;
    status = must_be_locked_by_us(session, error);
    if (status == RECTO_OK)
        status = tag != NULL ? edit_restore_field(session, version, tag, occurrence, error)
                             : edit_restore_version(session, version, error);
    if (status == RECTO_OK) {
        if (tag != NULL)
            snprintf(note, sizeof note, "%.3s restored from version %d", tag, version);
        else
            snprintf(note, sizeof note, "restored version %d", version);
        session->note = note;
        status = edit_save(out, session, true, error);
        session->note = NULL;
    }
    recto_status ended = edit_release(&session, status == RECTO_OK ? error : NULL);
    return status != RECTO_OK ? status : ended;
}
