/* src/marc/edit_saved.c - what a record under edit is compared with: the state that is stored, and the mark of each field.
 *
 * A field's identity below saved_count is its place in the saved copy; all others are new. The log names fields by identity,
 * too, so whenever the saved copy becomes another one all are numbered anew. */
#include "edit_log.h"

#include <stdlib.h>
#include <string.h>

static bool same_field(const marc_field *a, const marc_field *b)
{
    return memcmp(a->tag, b->tag, MARC_TAG_LENGTH) == 0 && text_equal(a->content, b->content);
}

char marc_edit_mark(const marc_edit *edit, size_t index)
{
    size_t identity = edit->identities[index];
    if (identity >= edit->saved_count)
        return '+';
    bool same = same_field(marc_record_field(edit->record, index), marc_record_field(edit->saved, identity));
    return same ? ' ' : '*';
}

/* Lengths, addresses and what is the same in every record are written when the record is saved: 05 to 09 and 17 to 19 are said.
 */
bool marc_edit_leader_changed(const marc_edit *edit)
{
    const char *here = marc_record_leader(edit->record), *saved = marc_record_leader(edit->saved);
    return memcmp(here + 5, saved + 5, 5) != 0 || memcmp(here + 17, saved + 17, 3) != 0;
}

bool marc_edit_changed(const marc_edit *edit)
{
    return !marc_record_equal(edit->record, edit->saved);
}

/* `new_of_old` has the places in the saved copy; identities that have none (SIZE_MAX) are numbered behind. */
static void renumber(marc_edit *edit, size_t *new_of_old, size_t saved_count)
{
    size_t next = saved_count;
    for (size_t i = 0; i < edit->next_identity; i++)
        if (new_of_old[i] == SIZE_MAX)
            new_of_old[i] = next++;
    for (size_t i = 0; i < marc_record_count(edit->record); i++)
        edit->identities[i] = new_of_old[edit->identities[i]];
    for (size_t i = 0; i < edit->operation_count; i++)
        if (edit->operations[i].kind != EDIT_LEADER)
            edit->operations[i].identity = new_of_old[edit->operations[i].identity];
    edit->saved_count = saved_count;
    edit->next_identity = next;
}

static size_t *no_places(const marc_edit *edit)
{
    size_t *places = malloc((edit->next_identity + 1) * sizeof *places);
    for (size_t i = 0; places != NULL && i < edit->next_identity; i++)
        places[i] = SIZE_MAX;
    return places;
}

static void take_saved(marc_edit *edit, marc_record **saved, size_t *new_of_old)
{
    renumber(edit, new_of_old, marc_record_count(*saved));
    marc_record_free(edit->saved);
    edit->saved = *saved;
    *saved = NULL;
}

void marc_edit_mark_saved(marc_edit *edit)
{
    marc_record *saved = NULL;
    size_t *places = no_places(edit);
    edit->typing = false;
    if (places != NULL && marc_record_copy(&saved, edit->record, NULL) == RECTO_OK) {
        for (size_t i = 0; i < marc_record_count(saved); i++)
            places[edit->identities[i]] = i;
        take_saved(edit, &saved, places);
    } /* without memory the marks stay against the former state: wrong in the margin, and nowhere else */
    free(places);
}

/* ---- another state than the present one is the saved one ---- */

/* The same record with the same log, to be taken back while the one under edit stays as it is. */
static recto_status twin_of(marc_edit **out, const marc_edit *edit, recto_error *error)
{
    marc_record *copy = NULL;
    marc_edit *twin = NULL;
    buffer log;
    buffer_init(&log, 0);
    recto_status status = marc_edit_log_write(&log, edit, error);
    if (status == RECTO_OK)
        status = marc_record_copy(&copy, edit->record, error);
    if (status == RECTO_OK)
        status = marc_edit_new(&twin, &copy, error);
    if (status == RECTO_OK)
        status = marc_edit_log_read(twin, buffer_text(&log), error);
    marc_record_free(copy);
    buffer_release(&log);
    if (status == RECTO_OK)
        *out = twin;
    else
        marc_edit_free(twin);
    return status;
}

/* Takes the twin back to the saved state, or as far as it goes. @param met  out: it is the saved state. RECTO_ENOMEM */
static recto_status take_back_to(bool *met, marc_edit *twin, const marc_record *saved, recto_error *error)
{
    recto_status status = RECTO_OK;
    *met = false;
    while (status == RECTO_OK && !*met) {
        *met = saved != NULL && marc_record_equal(twin->record, saved);
        if (!*met)
            status = marc_edit_undo(twin, NULL, error);
    }
    *met = *met || (status == RECTO_END && saved == NULL);
    return status == RECTO_END ? RECTO_OK : status;
}

/* Without a log that leads there: a field like it, else the next one of its tag that is not like another. */
static void places_by_content(size_t *places, const marc_edit *edit, const marc_record *saved, bool alike)
{
    for (size_t place = 0; place < marc_record_count(saved); place++) {
        const marc_field *wanted = marc_record_field(saved, place);
        bool taken = false;
        for (size_t i = 0; i < edit->next_identity && !alike; i++)
            taken |= places[i] == place;
        for (size_t i = 0; i < marc_record_count(edit->record) && !taken; i++) {
            const marc_field *field = marc_record_field(edit->record, i);
            if (places[edit->identities[i]] != SIZE_MAX || memcmp(field->tag, wanted->tag, MARC_TAG_LENGTH) != 0 ||
                (alike && !text_equal(field->content, wanted->content)))
                continue;
            places[edit->identities[i]] = place;
            taken = true;
        }
    }
}

recto_status marc_edit_saved_is(marc_edit *edit, const marc_record *saved, recto_error *error)
{
    marc_record *copy = NULL;
    size_t *places = no_places(edit);
    if (places == NULL)
        return recto_fail_memory(error, "comparing with the stored record");
    marc_edit *twin = NULL;
    bool met = false;
    recto_status status = twin_of(&twin, edit, error);
    if (status == RECTO_EDATA) /* no log that leads anywhere */
        status = RECTO_OK;
    if (status == RECTO_OK && twin != NULL)
        status = take_back_to(&met, twin, saved, error);
    const marc_record *oldest = twin != NULL ? twin->record : edit->record;
    if (status == RECTO_OK)
        status = marc_record_copy(&copy, saved != NULL ? saved : oldest, error);
    if (status == RECTO_OK) {
        for (size_t i = 0; met && i < marc_record_count(copy); i++)
            if (twin->identities[i] < edit->next_identity)
                places[twin->identities[i]] = i;
        for (int alike = 1; alike >= 0 && !met; alike--)
            places_by_content(places, edit, copy, alike == 1);
        take_saved(edit, &copy, places);
        edit->typing = false;
    }
    marc_edit_free(twin);
    free(places);
    return status;
}
