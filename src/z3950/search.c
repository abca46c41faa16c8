/* src/z3950/search.c - one search at several targets: the door's functions, each a loop over the runs.
 *
 * No run knows of another (SR-46); the caller's event loop polls for all of them at once. */
#include "run.h"
#include "recto/base/clock.h"
#include <stdlib.h>
#include <string.h>

struct external_search {
    external_query query; /* with copies of the texts */
    char *texts[BOX_COUNT];
    run *runs;
    size_t count;
};

static recto_status copy_query(external_search *search, const external_query *query, recto_error *error)
{
    bool any = false;
    for (int box = 0; box < BOX_COUNT; box++) {
        if (!query_is_used(query, (external_box)box))
            continue;
        search->texts[box] = strdup(query->boxes[box]);
        if (search->texts[box] == NULL)
            return recto_fail_memory(error, "starting a search");
        search->query.boxes[box] = search->texts[box];
        any = true;
    }
    return any ? RECTO_OK : recto_fail(error, RECTO_EINVALID, NULL, NULL, "type something to search for");
}

static recto_status make_runs(external_search *search, target_list *list, const target *const *targets, size_t count,
                              size_t page_size, recto_error *error)
{
    recto_status status = RECTO_OK;
    search->runs = calloc(count == 0 ? 1 : count, sizeof *search->runs);
    if (search->runs == NULL)
        return recto_fail_memory(error, "starting a search");
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        target_entry *entry = target_list_entry(list, targets[i]);
        if (entry == NULL)
            return recto_fail(error, RECTO_EINVALID, NULL, NULL, "a target is not of this list");
        status = run_init(&search->runs[i], entry, &search->query, page_size, error);
        search->count += status == RECTO_OK;
    }
    return status;
}

recto_status external_search_new(external_search **out, target_list *list, const target *const *targets, size_t count,
                                 const external_query *query, size_t page_size, recto_error *error)
{
    recto_status status = RECTO_OK;
    external_search *search = calloc(1, sizeof *search);
    if (search == NULL)
        return recto_fail_memory(error, "starting a search");
    if (count == 0)
        status = recto_fail(error, RECTO_EINVALID, NULL, "choose at least one target", "no target to search");
    else
        status = copy_query(search, query, error);
    if (status == RECTO_OK)
        status = make_runs(search, list, targets, count, page_size, error);
    if (status != RECTO_OK) {
        external_search_free(search);
        return status;
    }
    for (size_t i = 0; i < search->count; i++)
        run_start(&search->runs[i]);
    *out = search;
    return RECTO_OK;
}

void external_search_free(external_search *search)
{
    if (search == NULL)
        return;
    for (size_t i = 0; i < search->count; i++)
        search_run_release(&search->runs[i]);
    for (int box = 0; box < BOX_COUNT; box++)
        free(search->texts[box]);
    free(search->runs);
    free(search);
}

size_t external_search_wanted(const external_search *search, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    size_t count = 0;
    int64_t now = recto_clock_monotonic_ms(), soonest = INT64_MAX;
    for (size_t i = 0; i < search->count; i++) {
        struct pollfd one;
        int64_t until = INT64_MAX;
        if (!run_busy(&search->runs[i]))
            continue;
        run_wanted(&search->runs[i], &one, &until);
        if (one.fd >= 0 && count < capacity)
            out[count++] = one;
        soonest = until < soonest ? until : soonest;
    }
    *timeout_ms = soonest == INT64_MAX ? -1 : soonest <= now ? 0 : soonest - now > 60000 ? 60000 : (int)(soonest - now);
    return count;
}

static short events_of(const run *run, const struct pollfd *polled, size_t count)
{
    struct pollfd wanted;
    int64_t until = 0;
    run_wanted(run, &wanted, &until);
    for (size_t i = 0; i < count && wanted.fd >= 0; i++)
        if (polled[i].fd == wanted.fd)
            return polled[i].revents;
    return 0;
}

bool external_search_step(external_search *search, const struct pollfd *polled, size_t count)
{
    bool changed = false;
    for (size_t i = 0; i < search->count; i++)
        if (run_busy(&search->runs[i]))
            changed = run_step(&search->runs[i], events_of(&search->runs[i], polled, count)) || changed;
    return changed;
}

bool external_search_busy(const external_search *search)
{
    bool busy = false;
    for (size_t i = 0; i < search->count; i++)
        busy = busy || run_busy(&search->runs[i]);
    return busy;
}

void external_search_stop(external_search *search)
{
    for (size_t i = 0; i < search->count; i++)
        run_stop(&search->runs[i]);
}

recto_status external_search_more(external_search *search, const target *target, size_t more, recto_error *error)
{
    for (size_t i = 0; i < search->count; i++) {
        run *run = &search->runs[i];
        if (&run->entry->shown != target)
            continue;
        if (run->hit_count >= RECORDS_MAX)
            return recto_fail(error, RECTO_ELIMIT, target->label, "narrow the search", "%d records are taken of one search",
                              RECORDS_MAX);
        run_more(run, more);
        return RECTO_OK;
    }
    return recto_fail(error, RECTO_EINVALID, NULL, NULL, "this search does not ask that target");
}

size_t external_search_targets(const external_search *search)
{
    return search->count;
}

const external_status *external_search_status(const external_search *search, size_t index)
{
    return index < search->count ? &search->runs[index].status : NULL;
}

size_t external_search_hits(const external_search *search)
{
    size_t hits = 0;
    for (size_t i = 0; i < search->count; i++)
        hits += search->runs[i].hit_count;
    return hits;
}

const external_hit *external_search_hit(const external_search *search, size_t index)
{
    for (size_t i = 0; i < search->count; i++) {
        if (index < search->runs[i].hit_count)
            return search->runs[i].hits[index];
        index -= search->runs[i].hit_count;
    }
    return NULL;
}
