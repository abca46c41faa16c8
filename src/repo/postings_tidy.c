/* src/repo/postings_tidy.c - what keeps the posting index small and quick, in slices that nobody has to wait for.
 *
 * A slice is work in memory (postings_build.c), or a write transaction of a millisecond, begun only when nobody else writes, and
 * relaxed: what a power cut takes back is only done again. Here it is decided what is due. */
#include "postings_inside.h"
#include <time.h>

typedef enum work {
    WORK_NONE,
    WORK_FLUSH,   /* pending entries become a segment: begun */
    WORK_ABANDON, /* segments that dead processes were building */
    WORK_MERGE,   /* segments become a larger one: begun */
    WORK_REMOVE   /* blocks of dead segments */
} work;

typedef struct plan {
    work work;
    int64_t number;      /* to be removed or abandoned */
    int64_t first, last; /* pending entries */
    size_t from, count;  /* to be merged */
} plan;

/* ---- what is due ------------------------------------------------------------------------------------------------- */

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

/* Not while somebody builds what stands for some of them: the next ones must not become a segment before the first. */
static recto_status pending_is_due(bool *due, plan *plan, repo *repo, const segment_list *list, recto_error *error)
{
    rows range;
    (void)rows_open(&range, repo, error, SQL_PENDING_RANGE, "");
    if (rows_next(&range)) {
        plan->first = row_int64(&range, 0);
        plan->last = row_int64(&range, 1);
    }
    recto_status status = rows_close(&range);
    *due = status == RECTO_OK && plan->last != 0 && plan->last - plan->first + 1 >= FLUSH_WHEN_IDLE &&
           !segments_claimed(list, plan->first);
    plan->last = segments_range(list, plan->first, plan->last, BUILD_ENTRIES);
    return status;
}

static bool merge_is_due(plan *plan, const postings *kept, const segment_list *list)
{
    if (kept->build_failed)
        return false;
    segments_choose(list, MERGE_WIDTH, &plan->from, &plan->count);
    return plan->count > 0 && (!kept->brief || segments_documents(list, plan->from, plan->count) <= MERGE_AT_ONCE);
}

static recto_status make_plan(plan *out, repo *repo, const postings *kept, const segment_list *list, recto_error *error)
{
    bool due = false;
    const segment_row *row;
    *out = (plan){ .work = WORK_NONE };
    recto_status status = pending_is_due(&due, out, repo, list, error);
    if (status != RECTO_OK)
        return status;
    if (due)
        out->work = WORK_FLUSH;
    else if ((out->number = abandoned(kept, list)) != 0)
        out->work = WORK_ABANDON;
    else if (merge_is_due(out, kept, list))
        out->work = WORK_MERGE;
    else if ((row = row_of(list, SEGMENT_DEAD)) != NULL)
        *out = (plan){ .work = WORK_REMOVE, .number = row->info.segment };
    return RECTO_OK;
}

/* ---- doing it: in a write transaction ---------------------------------------------------------------------------- */

static recto_status do_work(repo *repo, postings *kept, const plan *plan, const segment_list *list, recto_error *error)
{
    bool gone = false;
    const int64_t until = recto_clock_monotonic_ms() + TURN_MILLISECONDS;
    switch (plan->work) {
    case WORK_FLUSH:
        return building_begin_flush(repo, plan->first, plan->last, segments_are_none(list), error);
    case WORK_ABANDON:
        kept->abandoned = kept->abandoned == plan->number ? 0 : kept->abandoned;
        return segment_kill(repo, plan->number, error);
    case WORK_MERGE:
        return building_begin_merge(repo, list, plan->from, plan->count, error);
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
    if (status != RECTO_OK) {
        kept->build_failed = kept->build_failed || (status == RECTO_EDATA && plan.work == WORK_MERGE);
        building_drop(kept); /* what was begun was taken back */
    }
    return status;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

recto_status upkeep_turn(bool *got, repo *repo, recto_error *error)
{
    const struct timespec moment = { .tv_nsec = 1000000 };
    if (repo->postings->queues) {
        repo->postings->queues = false; /* one turn */
        return change_begin_relaxed(repo, got, error);
    }
    recto_status status = change_try(repo, got, error);
    if (status == RECTO_OK && !*got)
        (void)nanosleep(&moment, NULL); /* whoever calls again at once shall not turn in circles */
    return status;
}

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
    if (kept->build.merge.number != 0) {
        *more = true;
        return building_go_on(repo, error);
    }
    status = look_for_work(&plan, repo, kept, error);
    if (status != RECTO_OK || plan.work == WORK_NONE)
        return status;
    *more = true;
    status = upkeep_turn(&got, repo, error);
    return status == RECTO_OK && got ? slice(repo, kept, error) : status;
}

/* Where nobody has a moment, at saturation or in a command that does nothing but save, each save pays its part, when its turn is
 * over and its record safe; what is under way goes on with the next one. */
void postings_catch_up(repo *repo)
{
    postings *kept = repo->postings;
    if (kept == NULL)
        return;
    bool more = kept->behind;
    const int64_t until = recto_clock_monotonic_ms() + CATCH_UP_MILLISECONDS + kept->written / CATCH_UP_ENTRIES;
    kept->written = 0;
    kept->queues = true;
    while (more && kept->queues && recto_clock_monotonic_ms() < until)
        if (repo_tidy(repo, &more, NULL) != RECTO_OK)
            more = false;
    kept->queues = false;
    kept->behind = kept->behind && more;
}

void repo_tidy_briefly(repo *repo)
{
    postings *kept = NULL;
    bool more = !repo->read_only && !repo->writing && !repo->reading;
    const int64_t until = recto_clock_monotonic_ms() + BRIEF_MILLISECONDS;
    if (!more || postings_of(&kept, repo, NULL) != RECTO_OK)
        return;
    kept->brief = true;
    repo->log_room = 0; /* for those that stay */
    for (; more && recto_clock_monotonic_ms() < until; kept->queues = false) {
        kept->queues = true;
        if (repo_tidy(repo, &more, NULL) != RECTO_OK)
            more = false;
    }
}
