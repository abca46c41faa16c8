/* src/rules/commit.c - from the list of fields back to the record.
 *
 * First every new content is appended to the record, which may fail and can be taken back; then the fields are put in order and
 * the old ones dropped, which cannot fail. */
#include "run.h"

#include <stdio.h>
#include <string.h>

static bool is_unchanged(const run *r, const marc_record *record)
{
    if (r->count != marc_record_count(record) || memcmp(r->leader_bytes, marc_record_leader(record), MARC_LEADER_LENGTH) != 0)
        return false;
    for (size_t i = 0; i < r->count; i++) {
        const work_field *mine = &r->fields[i];
        if (mine->origin == i && !mine->fresh)
            continue;
        const marc_field *theirs = marc_record_field(record, i);
        if (strcmp(mine->tag, theirs->tag) != 0 || !text_equal(mine->content, theirs->content))
            return false;
    }
    return true;
}

/* [U] An invented tag must be gone at the end: a MARC record has no place for it. */
static bool tags_can_be_kept(run *r)
{
    char words[80];
    for (size_t i = 0; i < r->count; i++) {
        if (r->fields[i].fresh && strlen(r->fields[i].tag) != MARC_TAG_LENGTH) {
            (void)snprintf(words, sizeof words, "field %s is left: a record keeps tags of three characters only",
                           r->fields[i].tag);
            return run_fail(r, RECTO_EDATA, words);
        }
    }
    return true;
}

/* The fresh fields, behind the others. */
static bool append_fresh(run *r, marc_record *record)
{
    size_t before = marc_record_count(record);
    for (size_t i = 0; i < r->count; i++) {
        const work_field *field = &r->fields[i];
        if (!field->fresh)
            continue;
        recto_status status = marc_record_append(record, field->tag, field->content, r->error);
        if (status == RECTO_OK)
            continue;
        while (marc_record_count(record) > before)
            marc_record_remove(record, marc_record_count(record) - 1);
        r->status = status;
        return false;
    }
    return true;
}

/* The record begins with `place` fields that are final; then come the old ones from `next_old` on, then the fresh ones that are
 * left, in the order of the list. The old ones in the list never change their order. */
static void put_in_order(const run *r, marc_record *record, size_t old_count)
{
    size_t place = 0, next_old = 0;
    for (size_t i = 0; i < r->count; i++, place++) {
        if (r->fields[i].fresh) {
            marc_record_move(record, place + old_count - next_old, place);
            continue;
        }
        for (; next_old < r->fields[i].origin; next_old++)
            marc_record_remove(record, place);
        next_old++;
    }
    while (marc_record_count(record) > place)
        marc_record_remove(record, marc_record_count(record) - 1);
}

recto_status run_commit(run *r, marc_record *record)
{
    if (is_unchanged(r, record))
        return RECTO_OK;
    size_t old_count = marc_record_count(record);
    if (!tags_can_be_kept(r) || !append_fresh(r, record))
        return r->status;
    put_in_order(r, record, old_count);
    marc_record_set_leader(record, r->leader_bytes);
    r->result.changed = true;
    return RECTO_OK;
}
