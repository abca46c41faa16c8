/* src/repo/postings_tidy.c - what keeps the posting index small and quick, in slices that nobody has to wait for.
 *
 * Each slice is a short write transaction, begun only when nobody else writes, and relaxed: what a power cut takes back is
 * only done again. A large merge goes over many of them; its segment is in state `building` with the identity of this process,
 * and whoever finds such a row of a dead process throws it away. */
#include "postings_inside.h"
#include <time.h>

typedef enum work {
    WORK_NONE,
    WORK_FLUSH,   /* pending entries become a segment */
    WORK_ABANDON, /* segments that dead processes were building */
    WORK_MERGE,   /* begin one */
    WORK_GO_ON,   /* with ours */
    WORK_REMOVE   /* blocks of dead segments */
} work;

typedef struct plan {
    work work;
    int64_t number;     /* to be removed or abandoned */
    size_t from, count; /* to be merged */
} plan;

/* ---- what is due
 * ------------------------------------------------------------------------------------------------------------------- */

static const segment_row *row_of(const segment_list *list, segment_state state)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].state == state)
            return &list->rows[i];
    return NULL;
}

static int64_t abandoned(const postings *kept, const segment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].state == SEGMENT_BUILDING && !process_lives(&list->rows[i].builder))
            return list->rows[i].info.segment;
    return kept->abandoned;
}

static recto_status pending_is_due(bool *due, repo *repo, const segment_list *list, recto_error *error)
{
    rows range;
    int64_t first = 0, last = 0;
    (void)rows_open(&range, repo, error, SQL_PENDING_RANGE, "");
    if (rows_next(&range)) {
        first = row_int64(&range, 0);
        last = row_int64(&range, 1);
    }
    recto_status status = rows_close(&range);
    *due = false;
    if (status != RECTO_OK || last == 0 || last - first + 1 < FLUSH_WHEN_IDLE)
        return status;
    int64_t barrier = segments_barrier(list);
    *due = last - (barrier >= first ? barrier : first - 1) >= FLUSH_WHEN_IDLE;
    return RECTO_OK;
}

static recto_status make_plan(plan *out, repo *repo, const postings *kept, const segment_list *list, recto_error *error)
{
    bool due = false;
    int64_t number = 0;
    const segment_row *row;
    *out = (plan){ .work = WORK_NONE };
    recto_status status = pending_is_due(&due, repo, list, error);
    if (status != RECTO_OK)
        return status;
    if (due) {
        out->work = WORK_FLUSH;
    } else if ((number = abandoned(kept, list)) != 0) {
        *out = (plan){ .work = WORK_ABANDON, .number = number };
    } else if (kept->merge.number != 0) {
        out->work = WORK_GO_ON;
    } else if (!kept->merge_failed && (segments_choose(list, MERGE_WIDTH, &out->from, &out->count), out->count > 0)) {
        out->work = WORK_MERGE;
    } else if ((row = row_of(list, SEGMENT_DEAD)) != NULL) {
        *out = (plan){ .work = WORK_REMOVE, .number = row->info.segment };
    }
    return RECTO_OK;
}

/* ---- doing it: in a write transaction
 * ------------------------------------------------------------------------------------------ */

/* What is half done is thrown away: by the next slice, because this one may be taken back. */
static recto_status drop_merge(postings *kept, recto_status status)
{
    kept->abandoned = kept->merge.number;
    merge_close(&kept->merge);
    kept->merge_failed = kept->merge_failed || status == RECTO_EDATA;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

static bool still_building(const segment_list *list, int64_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].info.segment == number)
            return list->rows[i].state == SEGMENT_BUILDING;
    return false;
}

static recto_status go_on(repo *repo, postings *kept, const segment_list *list, int64_t until_ms, recto_error *error)
{
    bool done = false;
    recto_status status = RECTO_ENOTFOUND;
    if (still_building(list, kept->merge.number))
        status = merge_go_on(&done, &kept->merge, repo, until_ms, error);
    if (status != RECTO_OK)
        return drop_merge(kept, status);
    if (done)
        merge_close(&kept->merge);
    return RECTO_OK;
}

static recto_status begin_merge(repo *repo, postings *kept, const segment_list *list, const plan *plan, int64_t until_ms,
                                recto_error *error)
{
    bool done = false;
    const bool small = segments_documents(list, plan->from, plan->count) <= MERGE_AT_ONCE;
    recto_status status = merge_open(&kept->merge, repo, list, plan->from, plan->count, error);
    if (status == RECTO_OK)
        status = merge_go_on(&done, &kept->merge, repo, small ? 0 : until_ms, error);
    if (status != RECTO_OK)
        return drop_merge(kept, status);
    if (done)
        merge_close(&kept->merge);
    return RECTO_OK;
}

static recto_status do_work(repo *repo, postings *kept, const plan *plan, const segment_list *list, recto_error *error)
{
    bool gone = false;
    const int64_t until = recto_clock_monotonic_ms() + SLICE_MILLISECONDS;
    switch (plan->work) {
    case WORK_FLUSH:
        return postings_flush(repo, FLUSH_WHEN_IDLE, error);
    case WORK_ABANDON:
        kept->abandoned = kept->abandoned == plan->number ? 0 : kept->abandoned;
        return segment_kill(repo, plan->number, error);
    case WORK_MERGE:
        return begin_merge(repo, kept, list, plan, until, error);
    case WORK_GO_ON:
        return go_on(repo, kept, list, until, error);
    case WORK_REMOVE:
        return segment_remove(&gone, repo, plan->number, until, error);
    case WORK_NONE:
        break;
    }
    return RECTO_OK;
}

/* The plan is made again: between looking and writing others may have done it. */
static recto_status slice(repo *repo, postings *kept, recto_error *error)
{
    segment_list list = { .rows = NULL };
    plan plan = { .work = WORK_NONE };
    recto_status status = segments_read(&list, repo, error);
    if (status == RECTO_OK)
        status = make_plan(&plan, repo, kept, &list, error);
    if (status == RECTO_OK)
        status = do_work(repo, kept, &plan, &list, error);
    segment_list_free(&list);
    status = change_end(repo, true, status, error);
    if (status != RECTO_OK && kept->merge.number != 0)
        (void)drop_merge(kept, status); /* its last blocks were not kept */
    return status;
}

/* ---- the door
 * --------------------------------------------------------------------------------------------------------------------------- */

static recto_status look_for_work(plan *out, repo *repo, const postings *kept, recto_error *error)
{
    bool own;
    segment_list list = { .rows = NULL };
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = segments_read(&list, repo, error);
    if (status == RECTO_OK)
        status = make_plan(out, repo, kept, &list, error);
    segment_list_free(&list);
    look_end(repo, own);
    return status;
}

recto_status repo_tidy(repo *repo, bool *more, recto_error *error)
{
    postings *kept = NULL;
    plan plan = { .work = WORK_NONE };
    bool got = false;
    *more = false;
    if (repo->read_only || repo->writing || repo->reading)
        return RECTO_OK;
    recto_status status = postings_of(&kept, repo, error);
    if (status == RECTO_OK)
        status = log_tidy(more, repo, error);
    if (status != RECTO_OK || *more)
        return status;
    if (status == RECTO_OK)
        status = look_for_work(&plan, repo, kept, error);
    if (status != RECTO_OK || plan.work == WORK_NONE)
        return status;
    *more = true;
    status = change_try(repo, &got, error);
    if (status != RECTO_OK || got)
        return status == RECTO_OK ? slice(repo, kept, error) : status;
    const struct timespec moment = { .tv_nsec = 1000000 };
    (void)nanosleep(&moment, NULL); /* whoever calls again at once shall not turn in circles */
    return RECTO_OK;
}
