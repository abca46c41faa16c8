/* src/catalog/undo_merge.c - taking back a merge that has been saved: of one record, or of a combine with all that it moved.
 *
 * A combine goes back as a whole or not at all: whoever was touched must be as the job left it. Every record gets the version
 * before as a new version; nothing is rewritten. @spec editor ED-162, inventory-orders IO-100, import-profiles IP-182 */
#include "combine.h"
#include "recto/catalog/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one more version */

recto_status write_version(int *version, catalog *catalog, mms_id id, int expected, const marc_record *record, const char *origin,
                           const char *note, recto_error *error)
{
    marc_record *stored = NULL, *made = NULL;
    bib_info info = { .id = 0 };
    char object[MMS_ID_LENGTH], detail[96];
    recto_status status = repo_bib_load(catalog->repo, id, &stored, &info, catalog_now(catalog), error);
    bib_write write = { .id = id,
                        .zone = info.zone,
                        .expected_version = expected,
                        .user = catalog->user,
                        .origin = origin,
                        .note = note,
                        .now = catalog_now(catalog),
                        .cataloging_level = info.cataloging_level,
                        .suppressed = -1 };
    if (status == RECTO_OK)
        status = marc_record_copy(&made, record, error);
    if (status == RECTO_OK)
        status = normalize_system_fields(made, id, recto_clock_ticks(&catalog->clock), marc_record_control(stored, "005"), error);
    if (status == RECTO_OK)
        status = catalog_brief_level(&write.brief_level, catalog, info.zone, made, error);
    write.record = made;
    if (status == RECTO_OK)
        status = repo_bib_write(catalog->repo, &write, version, error);
    mms_id_format(object, id);
    snprintf(detail, sizeof detail, "%s: version %d to %d", origin, expected, status == RECTO_OK ? *version : 0);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "bib.save", object, info.zone, "updated", detail, error);
    marc_record_free(stored);
    marc_record_free(made);
    return status;
}

static recto_status bring_back(int *version, catalog *catalog, mms_id id, int expected, int wanted, const char *note,
                               recto_error *error)
{
    marc_record *before = NULL;
    recto_status status = repo_version_load(catalog->repo, id, wanted, &before, error);
    if (status == RECTO_OK)
        status = write_version(version, catalog, id, expected, before, "revert", note, error);
    marc_record_free(before);
    return status;
}

/* ---- the rows of a job, read before anything is changed */

typedef struct part_row {
    int64_t number;
    mms_id id;
    char kind, part[16];
    int before, after;
    bool done; /* changed something that is to be taken back */
} part_row;

typedef struct part_list {
    part_row *rows;
    size_t count, capacity;
    bool failed;
} part_list;

static bool keep_row(void *context, const repo_job_row *row)
{
    part_list *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        part_row *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return false;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    part_row kept = { .number = row->number,
                      .id = row->id,
                      .kind = row->kind,
                      .before = row->version_before,
                      .after = row->version_after,
                      .done = strcmp(row->outcome, "changed") == 0 };
    snprintf(kept.part, sizeof kept.part, "%.*s", (int)row->detail.length, row->detail.bytes);
    list->rows[list->count++] = kept;
    return true;
}

static bool is_part(const part_row *row, const char *part)
{
    return strcmp(row->part, part) == 0;
}

/* ---- has anything changed since? */

static recto_status changed_since(recto_error *error, mms_id id, const char *format, ...) __attribute__((format(printf, 3, 4)));

static recto_status changed_since(recto_error *error, mms_id id, const char *format, ...)
{
    char where[MMS_ID_LENGTH], why[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    mms_id_format(where, id);
    return recto_fail(error, RECTO_EREFUSED, where, "nothing was taken back", "%s", why);
}

static recto_status check_lock(act *act, mms_id id)
{
    repo_lock holder;
    char where[MMS_ID_LENGTH], sentence[128];
    mms_id_format(where, id);
    if (draft_exists(act->catalog, id))
        return changed_since(act->error, id, "you have unsaved changes of this record: save or discard them first");
    if (!lock_refuses(act->catalog, id, &holder))
        return RECTO_OK;
    lock_sentence(sentence, sizeof sentence, act->catalog, &holder);
    return recto_fail(act->error, RECTO_ELOCKED, where, "nothing was taken back", "the record is locked: %s", sentence);
}

static recto_status check_bib(act *act, const part_row *row)
{
    bib_info info;
    const int left = row->after != 0 ? row->after : row->before;
    const bool gone = is_part(row, PART_DELETED);
    recto_status status = repo_bib_info(act->catalog->repo, row->id, &info, catalog_now(act->catalog), act->error);
    if (status == RECTO_OK)
        status = check_lock(act, row->id);
    if (status != RECTO_OK)
        return status;
    if (info.version != left)
        return changed_since(act->error, row->id, "the record was saved by %s since (version %d)", info.modified_by,
                             info.version);
    if (info.deleted != gone)
        return changed_since(act->error, row->id,
                             gone ? "the record was taken back by %s since" : "the record was deleted by %s since",
                             info.modified_by);
    if (is_part(row, PART_SUPPRESSED) && !info.suppressed)
        return changed_since(act->error, row->id, "the record was shown again by %s since", info.modified_by);
    if (is_part(row, PART_LINKED) && info.linked_to != act->primary)
        return changed_since(act->error, row->id, "the record was linked elsewhere since");
    return RECTO_OK;
}

static recto_status check_holding(act *act, const part_row *row)
{
    holding info;
    recto_status status = repo_holding_load(act->catalog->repo, row->id, NULL, &info, act->error);
    if (status == RECTO_ENOTFOUND)
        return changed_since(act->error, row->id, "the holdings record was deleted since");
    if (status != RECTO_OK)
        return status;
    if (info.bib != act->primary)
        return changed_since(act->error, row->id, "the holdings record was moved on to %lld since", (long long)info.bib);
    if (info.version != row->after)
        return changed_since(act->error, row->id, "the holdings record was saved by %s since (version %d)", info.modified_by,
                             info.version);
    return RECTO_OK;
}

static recto_status check_rows(act *act, const part_list *list)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < list->count && status == RECTO_OK; i++) {
        const part_row *row = &list->rows[i];
        if (row->kind == 'H')
            status = check_holding(act, row);
        else if (row->done || is_part(row, PART_PRIMARY) || is_part(row, PART_KEPT))
            status = is_part(row, PART_INHERITED) ? RECTO_OK : check_bib(act, row);
    }
    return status;
}

/* ---- the way back, in this order: the secondary lives again before its holdings come */

static recto_status revive(act *act, const part_row *row)
{
    int version = 0;
    recto_status status = bring_back(&version, act->catalog, row->id, row->before, row->before, "merge taken back", act->error);
    const act_row told = { row->id, 'B', row->before, version, "reverted", PART_DELETED };
    return status == RECTO_OK ? act_note(act, &told, "lives again as version %d", version) : status;
}

static recto_status show_again(act *act, const part_row *row)
{
    catalog *desk = act->catalog;
    recto_status status = repo_bib_set_tags(desk->repo, row->id, 0, 0, desk->user, catalog_now(desk), act->error);
    const act_row told = { row->id, 'B', row->before, row->before, "reverted", PART_SUPPRESSED };
    return status == RECTO_OK ? act_note(act, &told, "no longer suppressed") : status;
}

static recto_status text_back(act *act, const part_row *row)
{
    int version = 0;
    recto_status status = bring_back(&version, act->catalog, row->id, row->after, row->before, "merge taken back", act->error);
    const act_row told = { row->id, 'B', row->after, version, "reverted", row->part };
    return status == RECTO_OK ? act_note(act, &told, "version %d again, as version %d", row->before, version) : status;
}

static recto_status holding_back(act *act, const part_row *row)
{
    return move_holding(act, row->id, act->secondary, row->after, "reverted");
}

static recto_status set_link(act *act, const part_row *row, mms_id to)
{
    recto_status status = repo_bib_set_link(act->catalog->repo, row->id, to, act->error);
    const act_row told = { row->id, 'L', row->before, row->before, "reverted", row->part };
    if (status != RECTO_OK)
        return status;
    return to == 0 ? act_note(act, &told, "no longer linked") : act_note(act, &told, "linked to %lld again", (long long)to);
}

static recto_status link_back(act *act, const part_row *row)
{
    return set_link(act, row, act->secondary);
}

static recto_status unlink_again(act *act, const part_row *row)
{
    return set_link(act, row, 0);
}

static bool stop_at_first(void *context, mms_id id)
{
    *(mms_id *)context = id;
    return false;
}

/* Nobody else may be linked to it by now. */
static recto_status unmake(act *act, const part_row *row)
{
    catalog *desk = act->catalog;
    mms_id linked = 0;
    recto_status status = repo_bibs_linked(desk->repo, row->id, stop_at_first, &linked, act->error);
    if (status == RECTO_OK && linked != 0)
        return changed_since(act->error, row->id, "the record %lld was linked to it since", (long long)linked);
    if (status == RECTO_OK)
        status = repo_bib_delete(desk->repo, row->id, row->after, desk->user, catalog_now(desk), act->error);
    const act_row told = { row->id, 'B', row->after, 0, "reverted", PART_MADE };
    return status == RECTO_OK ? act_note(act, &told, "deleted: it was made by the sharing") : status;
}

static const struct {
    const char *part;
    recto_status (*take_back)(act *act, const part_row *row);
} WAY_BACK[] = {
    { PART_DELETED, revive },   { PART_SUPPRESSED, show_again }, { PART_MOVED, holding_back },     { PART_NAMED, text_back },
    { PART_LINKED, link_back }, { PART_PRIMARY, text_back },     { PART_INHERITED, unlink_again }, { PART_MADE, unmake },
};

static recto_status take_back_rows(act *act, const part_list *list)
{
    recto_status status = RECTO_OK;
    for (size_t step = 0; step < sizeof WAY_BACK / sizeof WAY_BACK[0]; step++)
        for (size_t i = 0; i < list->count && status == RECTO_OK; i++) {
            const part_row *row = &list->rows[i];
            if (!row->done || !is_part(row, WAY_BACK[step].part))
                continue;
            status = WAY_BACK[step].take_back(act, row);
            if (status == RECTO_OK)
                status = repo_job_row_taken_back(act->catalog->repo, act->job.of, row->number, act->error);
        }
    return status;
}

/* ---- the whole */

static bool read_parameter(mms_id *out, text parameters, const char *name)
{
    int64_t number;
    while (parameters.bytes != NULL) {
        text line = text_next_field(&parameters, '\n');
        if (text_equal(text_next_field(&line, ' '), text_from(name)) && text_to_integer(line, &number)) {
            *out = number;
            return true;
        }
    }
    return false;
}

static recto_status read_job(act *act, repo_job *of, int64_t id)
{
    buffer parameters;
    char where[32];
    buffer_init(&parameters, 4096);
    snprintf(where, sizeof where, "job %lld", (long long)id);
    recto_status status = repo_job_get(act->catalog->repo, id, of, &parameters, act->error);
    const bool whole = strcmp(of->type, "combine") == 0 || strcmp(of->type, "relink") == 0 || strcmp(of->type, "share") == 0;
    if (status == RECTO_OK && !whole)
        status = recto_fail(act->error, RECTO_EREFUSED, where, NULL, "this job moved nothing");
    else if (status == RECTO_OK && strcmp(of->status, "done") != 0)
        status = recto_fail(act->error, RECTO_EREFUSED, where, NULL, "the job is %s: there is nothing to take back", of->status);
    if (status == RECTO_OK && (!read_parameter(&act->primary, buffer_text(&parameters), "primary") ||
                               !read_parameter(&act->secondary, buffer_text(&parameters), "secondary")))
        status = recto_fail(act->error, RECTO_EDATA, where, "recto check --full", "the job does not say what it moved");
    buffer_release(&parameters);
    return status;
}

static recto_status check_right(act *act, const repo_job *of)
{
    const bool combined = strcmp(of->type, "combine") == 0, shared = strcmp(of->type, "share") == 0;
    const privilege wanted = combined ? PRIVILEGE_COMBINE : shared ? PRIVILEGE_CATALOG : PRIVILEGE_INVENTORY;
    const repo_zone *zone = catalog_zone_by_id(act->catalog, of->zone);
    char object[MMS_ID_LENGTH];
    mms_id_format(object, act->primary);
    if (zone == NULL || !catalog_sees(act->catalog, act->primary))
        return recto_fail(act->error, RECTO_EREFUSED, object, NULL, "another institution's job");
    if ((combined || shared) && !catalog_may_in(act->catalog, zone))
        return refuse_privilege(act->catalog, PRIVILEGE_CATALOG, "bib.merge.undo", object, true, act->error);
    if (!catalog_may(act->catalog, wanted))
        return refuse_privilege(act->catalog, wanted, "bib.merge.undo", object, true, act->error);
    return RECTO_OK;
}

static recto_status audit_undo(act *act)
{
    char object[MMS_ID_LENGTH], detail[120];
    recto_status status = RECTO_OK;
    const mms_id both[] = { act->primary, act->secondary };
    snprintf(detail, sizeof detail, "job %lld takes back job %lld; %lld has its own again", (long long)act->job.id,
             (long long)act->job.of, (long long)act->secondary);
    for (size_t i = 0; status == RECTO_OK && i < 2; i++) { /* in the history of both (IO-88) */
        mms_id_format(object, both[i]);
        status = catalog_audit(act->catalog, "bib.merge.undo", object, act->job.zone, "reverted", detail, act->error);
    }
    return status;
}

static recto_status revert_inside(act *act, int64_t id)
{
    part_list list = { .rows = NULL };
    repo_job of = { .id = 0 };
    recto_status status = read_job(act, &of, id);
    if (status == RECTO_OK)
        status = check_right(act, &of);
    if (status == RECTO_OK)
        status = repo_job_rows(act->catalog->repo, id, 0, 0, keep_row, &list, act->error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(act->error, "reading the job");
    if (status == RECTO_OK)
        status = check_rows(act, &list);
    snprintf(act->job.title, sizeof act->job.title, "take back: %.*s", FIT(of.title, 140));
    if (status == RECTO_OK)
        status = act_begin(act, "revert", of.zone, id, act->error);
    if (status == RECTO_OK)
        status = take_back_rows(act, &list);
    if (status == RECTO_OK)
        status = repo_job_end(act->catalog->repo, id, "reverted", 0, act->error);
    if (status == RECTO_OK)
        status = audit_undo(act);
    free(list.rows);
    return act_end(act, status);
}

recto_status combine_revert(int64_t *job, catalog *catalog, int64_t id, recto_error *error)
{
    transaction change = { .repo = NULL };
    act act = { .catalog = catalog, .error = error };
    recto_status status = need_privilege(catalog, PRIVILEGE_SEARCH, "bib.merge.undo", NULL, error); /* and the right to write */
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    act.job.of = id;
    if (status == RECTO_OK)
        status = revert_inside(&act, id);
    status = transaction_end(&change, status, error);
    if (status != RECTO_OK)
        return status;
    *job = act.job.id;
    session_follow(catalog, 0);
    return RECTO_OK;
}

/* ---- a merge or an overlay of one record */

typedef struct last_save {
    int version;
    char note[160];
} last_save;

static void keep_newest(void *context, const bib_version *version)
{
    last_save *last = context;
    if (version->version <= last->version)
        return;
    last->version = version->version;
    snprintf(last->note, sizeof last->note, "%s", version->note);
}

static recto_status check_merge(act *act, const last_save *last, bib_info *info)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, act->primary);
    recto_status status = repo_bib_info(act->catalog->repo, act->primary, info, catalog_now(act->catalog), act->error);
    if (status != RECTO_OK)
        return status;
    const repo_zone *zone = catalog_zone_by_id(act->catalog, info->zone);
    if (!catalog_may_in(act->catalog, zone) || !catalog_sees(act->catalog, act->primary))
        return refuse_privilege(act->catalog, PRIVILEGE_CATALOG, "bib.merge.undo", where, true, act->error);
    if (info->deleted)
        return changed_since(act->error, act->primary, "the record has been deleted");
    if (last->version < 2 || !note_tells_merge(last->note))
        return recto_fail(act->error, RECTO_EREFUSED, where, "look at its versions", "the last save of this record was no merge");
    return check_lock(act, act->primary);
}

/* The job that kept what the merge brought in; *row its one row. Merges that were made before there was one have none. */
static recto_status find_merge_job(int64_t *job, repo_job_row *row, catalog *catalog, mms_id id, int version, recto_error *error)
{
    repo_job found;
    recto_status status = repo_job_of_version(catalog->repo, id, version, job, error);
    if (status != RECTO_OK || *job == 0)
        return status;
    status = repo_job_get(catalog->repo, *job, &found, NULL, error);
    if (status == RECTO_OK && strcmp(found.type, "merge") != 0)
        *job = 0;
    return status == RECTO_OK && *job != 0 ? repo_job_row_get(catalog->repo, *job, id, row, NULL, error) : status;
}

static recto_status mark_merge(act *act, int64_t merge, const repo_job_row *row)
{
    if (merge == 0)
        return RECTO_OK;
    recto_status status = repo_job_row_taken_back(act->catalog->repo, merge, row->number, act->error);
    return status == RECTO_OK ? repo_job_end(act->catalog->repo, merge, "reverted", 0, act->error) : status;
}

static recto_status merge_back(act *act)
{
    catalog *desk = act->catalog;
    last_save last = { .version = 0 };
    bib_info info;
    int64_t merge = 0;
    repo_job_row merged = { .number = 0 };
    char object[MMS_ID_LENGTH];
    mms_id_format(object, act->primary);
    recto_status status = repo_versions(desk->repo, act->primary, keep_newest, &last, act->error);
    if (status == RECTO_OK)
        status = check_merge(act, &last, &info);
    if (status == RECTO_OK)
        status = find_merge_job(&merge, &merged, desk, act->primary, last.version, act->error);
    if (status != RECTO_OK)
        return status;
    const part_row row = {
        .id = act->primary, .kind = 'B', .part = PART_PRIMARY, .before = last.version - 1, .after = last.version
    };
    snprintf(act->job.title, sizeof act->job.title, "take back: %.*s", FIT(last.note, 140));
    status = act_begin(act, "revert", info.zone, merge, act->error);
    if (status == RECTO_OK)
        status = text_back(act, &row);
    if (status == RECTO_OK)
        status = mark_merge(act, merge, &merged);
    if (status == RECTO_OK)
        status = catalog_audit(desk, "bib.merge.undo", object, info.zone, "reverted", last.note, act->error);
    return act_end(act, status);
}

/* The job that left the record as it is now, if that was a combine. */
static recto_status find_combine(int64_t *job, catalog *catalog, mms_id id, recto_error *error)
{
    bib_info info;
    repo_job found;
    *job = 0;
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = repo_job_of_version(catalog->repo, id, info.version, job, error);
    if (status != RECTO_OK || *job == 0)
        return status;
    status = repo_job_get(catalog->repo, *job, &found, NULL, error);
    if (status == RECTO_OK && strcmp(found.type, "combine") != 0 && strcmp(found.type, "share") != 0)
        *job = 0;
    return status;
}

recto_status catalog_undo_merge(int64_t *job, catalog *catalog, mms_id id, recto_error *error)
{
    transaction change = { .repo = NULL };
    act act = { .catalog = catalog, .primary = id, .error = error };
    char object[MMS_ID_LENGTH];
    int64_t combine = 0;
    mms_id_format(object, id);
    if (!catalog_sees(catalog, id))
        return recto_fail(error, RECTO_ENOTFOUND, object, NULL, "no such record");
    recto_status status = find_combine(&combine, catalog, id, error);
    if (status == RECTO_OK && combine != 0)
        return combine_revert(job, catalog, combine, error);
    if (status == RECTO_OK)
        status = need_privilege(catalog, PRIVILEGE_SEARCH, "bib.merge.undo", object, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = merge_back(&act);
    status = transaction_end(&change, status, error);
    if (status != RECTO_OK)
        return status;
    *job = act.job.id;
    session_follow(catalog, id);
    return RECTO_OK;
}
