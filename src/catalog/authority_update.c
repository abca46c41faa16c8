/* src/catalog/authority_update.c - when the heading of an authority record has changed: the bibs that still have a former one,
 * and giving them the present one as a job, which is looked at row by row and taken back as every job.
 *
 * Nothing is changed unasked: a save only says how many bibs there are. */
#include "recto/catalog/headings.h"
#include "recto/catalog/jobs.h"
#include "heading_apply.h"
#include "id_list.h"
#include "inside.h"
#include "recto/base/plural.h"
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMER_MAX = 40, WHY = 200, READ_AT_A_SAVE = 1000 };

typedef struct former {
    catalog *catalog;
    mms_id id;
    authority_info info;
    buffer now;              /* key of the present heading */
    buffer keys[FORMER_MAX]; /* of the others, the newest first */
    size_t count;
    id_list bibs;
    int64_t job;
} former;

/* The heading of a field that is a former one: all of it, or what stands before `tail`. */
typedef struct former_heading {
    browse_kind kind;
    const char *tail;
    bool known; /* its list is the authority's; false: nobody knows */
} former_heading;

static void former_release(former *former)
{
    buffer_release(&former->now);
    for (size_t i = 0; i < former->count; i++)
        buffer_release(&former->keys[i]);
    id_list_release(&former->bibs);
}

static bool is_known(const former *former, text key)
{
    if (text_equal(buffer_text(&former->now), key))
        return true;
    for (size_t i = 0; i < former->count; i++)
        if (text_equal(buffer_text(&former->keys[i]), key))
            return true;
    return false;
}

static recto_status add_bibs(former *former, const marc_record *record, recto_error *error)
{
    int zones[SEARCH_ZONES];
    size_t count = 0;
    const size_t zone_count = search_zones(zones, former->catalog, (zone_kind)0);
    recto_status status =
        repo_authority_uses(&count, former->catalog->repo, record, zones, zone_count, id_list_add, &former->bibs, error);
    if (status == RECTO_OK)
        status =
            repo_authority_longer(&count, former->catalog->repo, record, zones, zone_count, id_list_add, &former->bibs, error);
    return status == RECTO_OK && former->bibs.failed ? recto_fail_memory(error, "listing the records of a heading") : status;
}

/* A heading that is neither the present one nor noted already, with the bibs that have it. */
static recto_status add_former(former *former, const marc_record *record, recto_error *error)
{
    buffer *key = &former->keys[former->count];
    buffer_init(key, 0);
    repo_authority_key(key, record);
    if (buffer_failed(key) || key->length == 0 || is_known(former, buffer_text(key))) {
        const bool failed = buffer_failed(key);
        buffer_release(key);
        return failed ? recto_fail_memory(error, "reading an authority record") : RECTO_OK;
    }
    former->count++;
    return add_bibs(former, record, error);
}

static int by_number(const void *left, const void *right)
{
    const mms_id a = *(const mms_id *)left, b = *(const mms_id *)right;
    return a < b ? -1 : a > b;
}

static void make_unique(id_list *list)
{
    size_t kept = 0;
    if (list->count > 0)
        qsort(list->ids, list->count, sizeof *list->ids, by_number);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->ids[i] != list->ids[i - 1])
            list->ids[kept++] = list->ids[i];
    list->count = kept;
}

/* ---- the fields of a bib */

/* Has the field a former heading, read up to `end`? */
static bool is_former_until(const former *former, const marc_field *field, browse_kind kind, const char *end)
{
    marc_field head = *field;
    buffer shown, key;
    bool found = false;
    if (end != NULL)
        head.content.length = (size_t)(end - field->content.bytes);
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    if (repo_field_heading(&shown, &key, &head, kind))
        for (size_t i = 0; i < former->count && !found; i++)
            found = text_equal(buffer_text(&former->keys[i]), buffer_text(&key));
    buffer_release(&shown);
    buffer_release(&key);
    return found;
}

/* What may follow a heading that an authority record is made for: a subdivision of a subject, the title of a name's work. A field
 * of another list is another heading, whatever its words. */
static bool is_former(former_heading *out, const former *former, const marc_field *field)
{
    marc_subfield subfield;
    size_t offset = 0;
    const char *vocabulary = former->info.vocabulary;
    *out = (former_heading){ .known = field->tag[0] != '6' || vocabulary[0] != '\0' };
    if (!catalog_controlled(&out->kind, field->tag) || (vocabulary[0] != '\0' && !heading_list_agrees(field, vocabulary)))
        return false;
    if (is_former_until(former, field, out->kind, NULL))
        return true;
    if (out->kind != BROWSE_SUBJECTS && out->kind != BROWSE_SERIES)
        return false;
    const char *following = out->kind == BROWSE_SUBJECTS ? "tvxyz" : "t";
    while (marc_field_next_subfield(field, &offset, &subfield)) {
        if (subfield.code == '\0' || strchr(following, subfield.code) == NULL)
            continue;
        out->tail = subfield.value.bytes - 2; /* its delimiter */
        if (is_former_until(former, field, out->kind, out->tail))
            return true;
    }
    return false;
}

static bool has_former(const former *former, const marc_record *record)
{
    former_heading found;
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (!marc_tag_is_control(marc_record_field(record, i)->tag) && is_former(&found, former, marc_record_field(record, i)))
            return true;
    return false;
}

/* The index knows words; who has the heading itself, the records say. */
static recto_status keep_those_that_have_it(former *former, recto_error *error)
{
    id_list *list = &former->bibs;
    recto_status status = RECTO_OK;
    size_t kept = 0;
    for (size_t i = 0; i < list->count && status == RECTO_OK; i++) {
        marc_record *record = NULL;
        bib_info info;
        status = repo_bib_load(former->catalog->repo, list->ids[i], &record, &info, catalog_now(former->catalog), error);
        if (status == RECTO_OK && has_former(former, record))
            list->ids[kept++] = list->ids[i];
        marc_record_free(record);
    }
    list->count = kept;
    return status;
}

/* ---- the bibs */

static recto_status find_former(former *out, catalog *catalog, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    *out = (former){ .catalog = catalog, .id = id };
    buffer_init(&out->now, 0);
    recto_status status = catalog_authority_load(catalog, id, 0, &record, &out->info, error);
    if (status == RECTO_OK)
        repo_authority_key(&out->now, record);
    marc_record_free(record);
    for (int version = out->info.version - 1; status == RECTO_OK && version > 0 && out->count < FORMER_MAX; version--) {
        marc_record *old = NULL;
        status = catalog_authority_load(catalog, id, version, &old, NULL, error);
        if (status == RECTO_OK)
            status = add_former(out, old, error);
        marc_record_free(old);
    }
    if (status == RECTO_OK && buffer_failed(&out->now))
        status = recto_fail_memory(error, "reading an authority record");
    make_unique(&out->bibs);
    return status == RECTO_OK ? keep_those_that_have_it(out, error) : status;
}

recto_status authority_count_former(size_t *count, bool *at_most, catalog *catalog, mms_id id, const marc_record *before,
                                    recto_error *error)
{
    former former = { .catalog = catalog, .id = id };
    buffer_init(&former.now, 0);
    recto_status status = repo_authority_info(catalog->repo, id, &former.info, error);
    if (status == RECTO_OK)
        status = add_former(&former, before, error);
    make_unique(&former.bibs);
    *at_most = former.bibs.count > READ_AT_A_SAVE;
    if (status == RECTO_OK && !*at_most)
        status = keep_those_that_have_it(&former, error);
    *count = former.bibs.count;
    former_release(&former);
    return status;
}

recto_status catalog_authority_former_bibs(mms_id **out, size_t *count, catalog *catalog, mms_id id, recto_error *error)
{
    former former;
    recto_status status = find_former(&former, catalog, id, error);
    *out = NULL;
    *count = 0;
    if (status == RECTO_OK) {
        *out = former.bibs.ids;
        *count = former.bibs.count;
        former.bibs = (id_list){ .ids = NULL };
    }
    former_release(&former);
    return status;
}

/* ---- one bib */

static recto_status change_field(former *former, marc_record *record, size_t at, const former_heading *found, recto_error *error)
{
    catalog_heading heading = { .key = former->now.bytes,
                                .key_length = former->now.length,
                                .shown = former->info.shown,
                                .use = former->info.shown,
                                .form = AUTHORITY_HEADING,
                                .authority = former->id };
    const marc_field *field = marc_record_field(record, at);
    char tag[4];
    buffer content;
    buffer_init(&content, 0);
    memcpy(tag, field->tag, sizeof tag);
    memcpy(heading.vocabulary, former->info.vocabulary, sizeof heading.vocabulary);
    recto_status status = heading_apply_before(&content, former->catalog, field, found->kind, &heading, found->tail, error);
    if (status == RECTO_OK)
        status = marc_record_replace(record, at, tag, buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

static recto_status change_record(size_t *changed, former *former, marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    *changed = 0;
    for (size_t i = 0; i < marc_record_count(record) && status == RECTO_OK; i++) {
        former_heading found;
        if (!is_former(&found, former, marc_record_field(record, i)) || !found.known)
            continue;
        status = change_field(former, record, i, &found, error);
        ++*changed;
    }
    return status;
}

static recto_status write_changed(former *former, const bib_info *info, marc_record *record, repo_job_row *row,
                                  recto_error *error)
{
    buffer stamp;
    size_t changed = 0;
    int version = 0;
    buffer_init(&stamp, 64);
    buffer_append_text(&stamp, marc_record_control(record, "005"));
    recto_status status = change_record(&changed, former, record, error);
    if (status == RECTO_OK && changed == 0) {
        job_row_say(row, "unchanged", "no field of it can take the heading by itself");
    } else if (status == RECTO_OK) {
        status = job_write_record(&version, former->catalog, former->job, info, buffer_text(&stamp), record, error);
        row->version_after = version;
        job_row_say(row, "changed", "%zu %s: %.*s", changed, plural(changed, "field", "fields"), FIT(former->info.shown, 120));
    }
    buffer_release(&stamp);
    return status;
}

static recto_status change_bib(former *former, mms_id id, repo_job_row *row, recto_error *error)
{
    catalog *desk = former->catalog;
    marc_record *record = NULL;
    bib_info info;
    char why[WHY];
    *row = (repo_job_row){ .id = id, .kind = 'B' };
    recto_status status = repo_bib_load(desk->repo, id, &record, &info, catalog_now(desk), error);
    if (status != RECTO_OK)
        return status;
    row->version_before = info.version;
    if (info.zone != former->info.zone)
        job_row_say(row, "skipped", "a record of another zone than the authority record");
    else if (level_refuses(why, sizeof why, desk, info.cataloging_level) || !job_may_change(why, desk, &info, info.version))
        job_row_say(row, "skipped", "%s", why);
    else
        status = write_changed(former, &info, record, row, error);
    marc_record_free(record);
    return status;
}

/* ---- the job */

/* At least one in a transaction, and no more than its time. */
static recto_status change_batch(former *former, size_t *at, recto_error *error)
{
    const int64_t until = recto_clock_monotonic_ms() + JOB_BATCH_MS;
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, former->catalog, false, error);
    for (size_t done = 0; status == RECTO_OK && *at < former->bibs.count && done < JOB_BATCH_RECORDS; done++) {
        repo_job_row row;
        if (done > 0 && recto_clock_monotonic_ms() >= until)
            break;
        status = change_bib(former, former->bibs.ids[*at], &row, error);
        if (status == RECTO_OK)
            status = repo_job_row_add(former->catalog->repo, former->job, &row, error);
        ++*at;
    }
    return transaction_end(&change, status, error);
}

static recto_status run(former *former, job_progress progress, void *context, recto_error *error)
{
    char title[160];
    bool stopped = false;
    snprintf(title, sizeof title, "headings: %.*s", FIT(former->info.shown, 140));
    recto_status status =
        job_begin(&former->job, former->catalog, "headings", title, former->info.zone, 0, TEXT(""), false, error);
    if (status != RECTO_OK)
        return status;
    for (size_t at = 0; status == RECTO_OK && at < former->bibs.count && !stopped;) {
        status = change_batch(former, &at, error);
        stopped = status == RECTO_OK && progress != NULL && !progress(context, at, former->bibs.count);
    }
    return job_finish(former->catalog, former->job, status, stopped, error);
}

recto_status catalog_authority_update_bibs(int64_t *job, catalog *catalog, mms_id id, job_progress progress, void *context,
                                           recto_error *error)
{
    former former;
    char where[MMS_ID_LENGTH];
    const repo_zone *zone = catalog_zone_of(catalog, id);
    mms_id_format(where, id);
    recto_status status = need_privilege(catalog, PRIVILEGE_BULK, "authority.update", where, error);
    if (status == RECTO_OK && (zone == NULL || !catalog_may_in(catalog, zone)))
        status = recto_fail(error, RECTO_EREFUSED, where, NULL, "the records of this zone are not yours to change");
    if (status != RECTO_OK)
        return status;
    status = find_former(&former, catalog, id, error);
    if (status == RECTO_OK && former.bibs.count == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no bib has a former heading of this record");
    if (status == RECTO_OK)
        status = run(&former, progress, context, error);
    *job = former.job;
    former_release(&former);
    return status;
}
