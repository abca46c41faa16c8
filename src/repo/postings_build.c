/* src/repo/postings_build.c - a segment that is built while others write: of pending entries, or of smaller segments.
 *
 * What it costs to build one, tens of milliseconds for some hundred entries and minutes for the largest, is nobody's but ours:
 * only what is short needs a turn among those who write. One turn begins it with a row in state building; then entries are read
 * and blocks are built in memory, without a turn; ready blocks are written in turns of a millisecond, and the last of these
 * publishes it. Sources do not change meanwhile: entries and blocks are written once. Whoever finds the row leaves the
 * entries to us, and throws the row away when this process is dead. */
#include "postings_inside.h"
#include <assert.h>
#include <stdlib.h>

/* ---- blocks in memory -------------------------------------------------------------------------------------------- */

static recto_status hold(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error)
{
    const repo *repo = context;
    building *build = &repo->postings->build;
    (void)segment;
    assert(block == build->base + build->count && "blocks come in rising order");
    if (build->count == build->capacity) {
        size_t capacity = build->capacity * 2 + 256;
        size_t *grown = realloc(build->ends, capacity * sizeof *grown);
        if (grown == NULL)
            return recto_fail_memory(error, "building the index");
        build->ends = grown;
        build->capacity = capacity;
    }
    buffer_append_text(&build->held, bytes);
    build->ends[build->count++] = build->held.length;
    return buffer_failed(&build->held) ? recto_fail_memory(error, "building the index") : RECTO_OK;
}

static void forget_held(building *build)
{
    build->base += (uint32_t)build->count;
    build->count = build->written = 0;
    buffer_clear(&build->held);
}

void building_drop(postings *kept)
{
    building *build = &kept->build;
    if (build->merge.number == 0)
        return;
    merge_close(&build->merge);
    pile_free(&build->pile);
    buffer_release(&build->held);
    free(build->ends);
    index_set_free(build->documents);
    *build = (building){ .count = 0 };
}

/* ---- beginning: in a write transaction --------------------------------------------------------------------------- */

static building *begin(repo *repo)
{
    building *build = &repo->postings->build;
    assert(build->merge.number == 0);
    *build = (building){ .store = { .context = repo, .put = hold, .get = postings_get } };
    buffer_init(&build->held, 0);
    return build;
}

recto_status building_begin_flush(repo *repo, int64_t first, int64_t last, bool alone, recto_error *error)
{
    building *build = begin(repo);
    build->flush = true;
    build->alone = alone;
    build->merge.first = first;
    build->merge.last = last;
    return segment_begin(&build->merge.number, repo, first, last, error);
}

recto_status building_begin_merge(repo *repo, const segment_list *list, size_t from, size_t count, recto_error *error)
{
    building *build = begin(repo);
    return merge_open(&build->merge, repo, &build->store, list, from, count, error);
}

/* ---- building: in a read transaction ----------------------------------------------------------------------------- */

static recto_status open_pile(repo *repo, building *build, recto_error *error)
{
    recto_status status = pile_read(&build->pile, repo, build->merge.first, build->merge.last, error);
    if (status == RECTO_OK && build->pile.count == 0)
        return RECTO_ENOTFOUND;
    if (status == RECTO_OK)
        status = index_merge_new(&build->merge.merge, build->pile.sources, build->pile.count, &build->store, build->merge.number,
                                 build->alone, error);
    return status;
}

static recto_status build_some(repo *repo, building *build, recto_error *error)
{
    bool own = false;
    const int64_t until = recto_clock_monotonic_ms() + BUILD_MILLISECONDS;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    if (build->merge.merge == NULL)
        status = open_pile(repo, build, error);
    while (status == RECTO_OK && !build->built && build->held.length < HELD_BYTES && recto_clock_monotonic_ms() < until)
        status = index_merge_step(build->merge.merge, SLICE_WORK, &build->built, &build->info, &build->documents, error);
    look_end(repo, own);
    return status;
}

/* ---- writing: in turns ------------------------------------------------------------------------------------------- */

static recto_status is_ours(repo *repo, int64_t number, recto_error *error)
{
    segment_list list = { .rows = NULL };
    bool found = false;
    recto_status status = segments_read(&list, repo, error);
    for (size_t i = 0; i < list.count; i++)
        found |= list.rows[i].info.segment == number && list.rows[i].state == SEGMENT_BUILDING;
    segment_list_free(&list);
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

static recto_status write_some(repo *repo, building *build, recto_error *error)
{
    const int64_t until = recto_clock_monotonic_ms() + TURN_MILLISECONDS;
    recto_status status = is_ours(repo, build->merge.number, error);
    while (status == RECTO_OK && build->written < build->count) {
        const size_t start = build->written == 0 ? 0 : build->ends[build->written - 1];
        status = postings_put(repo, build->merge.number, build->base + (uint32_t)build->written,
                              text_of(build->held.bytes + start, build->ends[build->written] - start), error);
        build->written++;
        if (recto_clock_monotonic_ms() >= until || (repo->ticket == 0 && queue_has_others(repo)))
            break; /* who has queued for his turn has it whole */
    }
    return status;
}

static recto_status publish(repo *repo, building *build, recto_error *error)
{
    return build->flush ? pile_publish(&build->pile, repo, &build->info, build->documents, build->merge.last, error)
                        : merge_publish(&build->merge, repo, &build->info, build->documents, error);
}

static recto_status take_turn(repo *repo, building *build, recto_error *error)
{
    bool got = false, over = false;
    recto_status status = upkeep_turn(&got, repo, error);
    if (status != RECTO_OK || !got)
        return status;
    status = write_some(repo, build, error);
    if (status == RECTO_OK && build->written == build->count && build->built) {
        status = publish(repo, build, error);
        over = status == RECTO_OK;
    }
    status = change_end(repo, true, status, error);
    if (status == RECTO_OK && over)
        building_drop(repo->postings);
    else if (status == RECTO_OK && build->written == build->count)
        forget_held(build);
    return status;
}

recto_status building_go_on(repo *repo, recto_error *error)
{
    postings *kept = repo->postings;
    building *build = &kept->build;
    assert(build->merge.number != 0);
    const bool ready = build->built || build->held.length >= HELD_BYTES || build->written > 0;
    recto_status status = ready ? take_turn(repo, build, error) : build_some(repo, build, error);
    if (status == RECTO_OK)
        return status;
    kept->abandoned = build->merge.number;
    kept->build_failed = kept->build_failed || status == RECTO_EDATA;
    building_drop(kept);
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

void building_leave(repo *repo)
{
    bool got = false;
    postings *kept = repo->postings;
    if (kept == NULL || kept->build.merge.number == 0 || repo->writing || repo->reading)
        return;
    if (change_try(repo, &got, NULL) == RECTO_OK && got)
        (void)change_end(repo, true, segment_kill(repo, kept->build.merge.number, NULL), NULL);
}
