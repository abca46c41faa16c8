/* src/catalog/draft_list.c - the drafts of a cataloger as a list with their ages, and giving one up (ED-69). */
#include "inside.h"

#include "recto/repo/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct draft_list {
    draft_row *rows;
    size_t count, capacity;
    int64_t now;
    bool failed;
} draft_list;

static draft_age age_of(int64_t changed_at, int64_t now)
{
    enum { DAY = 24 * 60 * 60 };
    const int64_t days = (now - changed_at) / DAY;
    return days >= DRAFT_YEAR_DAYS ? DRAFT_PAST_ITS_YEAR : days >= DRAFT_RESTS_AFTER_DAYS ? DRAFT_RESTING : DRAFT_IN_USE;
}

static marc_family family_of_bytes(text stored)
{
    marc_record *record = NULL;
    marc_family family = MARC_BIBLIOGRAPHIC;
    if (repo_record_decode(&record, stored, NULL) == RECTO_OK)
        family = marc_family_of(record);
    marc_record_free(record);
    return family;
}

static void add_row(void *context, const repo_draft *draft)
{
    draft_list *list = context;
    if (list->count == list->capacity && !list->failed) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 8;
        draft_row *grown = realloc(list->rows, capacity * sizeof *grown);
        list->failed = grown == NULL;
        if (grown != NULL) {
            list->rows = grown;
            list->capacity = capacity;
        }
    }
    if (list->failed)
        return;
    draft_row *row = &list->rows[list->count++];
    *row = (draft_row){ .id = draft->id,
                        .zone = draft->zone,
                        .changed_at = draft->changed_at,
                        .base_version = draft->base_version,
                        .family = family_of_bytes(draft->record),
                        .age = age_of(draft->changed_at, list->now) };
    snprintf(row->title, sizeof row->title, "%s", draft->title);
}

static int newest_first(const void *left, const void *right)
{
    const draft_row *a = left, *b = right;
    if (a->changed_at != b->changed_at)
        return a->changed_at < b->changed_at ? 1 : -1;
    return a->id < b->id ? 1 : a->id > b->id ? -1 : 0;
}

recto_status catalog_drafts(draft_row **out, size_t *count, catalog *catalog, recto_error *error)
{
    draft_list list = { .now = catalog_now(catalog) };
    recto_status status = repo_drafts(catalog->repo, catalog->user, add_row, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing drafts");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    for (size_t i = 0; i < list.count; i++) {
        bib_info info;
        draft_row *row = &list.rows[i];
        if (row->base_version > 0 && repo_bib_info(catalog->repo, row->id, &info, catalog_now(catalog), NULL) == RECTO_OK)
            row->record_changed_since = info.version != row->base_version;
    }
    if (list.count > 1)
        qsort(list.rows, list.count, sizeof *list.rows, newest_first);
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_discard_draft(catalog *catalog, mms_id id, recto_error *error)
{
    repo_lock lock;
    recto_status status = repo_draft_remove(catalog->repo, catalog->user, id, error);
    if (status == RECTO_OK)
        status = repo_notices_settle(catalog->repo, catalog->user, id, error);
    /* The lock of the session that left it has nothing to wait for any more. */
    if (status == RECTO_OK && repo_lock_get(catalog->repo, id, catalog_now(catalog), &lock, NULL) == RECTO_OK &&
        strcmp(lock.owner, catalog->user) == 0 && !lock.attached)
        repo_lock_release(catalog->repo, id, lock.session, NULL);
    return status;
}
