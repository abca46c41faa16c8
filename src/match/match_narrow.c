/* src/match/match_narrow.c - several candidates match: which of them may stay. @spec match-merge.md 4.2, import-profiles 6.4 */
#include "recto/match/match.h"

static size_t count_in(const match_candidate *candidates, size_t count)
{
    size_t in = 0;

    for (size_t i = 0; i < count; i++)
        in += candidates[i].dropped == NULL;
    return in;
}

static bool has_inventory(const match_candidate *candidate, bool electronic)
{
    return electronic ? candidate->has_electronic : candidate->has_physical;
}

static void drop_all(match_candidate *candidates, size_t count, bool (*is_out)(const match_candidate *candidate), const char *why)
{
    for (size_t i = 0; i < count; i++)
        if (candidates[i].dropped == NULL && is_out(&candidates[i]))
            candidates[i].dropped = why;
}

static bool is_community_linked(const match_candidate *candidate)
{
    return candidate->community_linked;
}

static bool is_by_retired(const match_candidate *candidate)
{
    return !candidate->matches_without_retired;
}

static bool has_no_physical(const match_candidate *candidate)
{
    return !candidate->has_physical;
}

static bool has_no_electronic(const match_candidate *candidate)
{
    return !candidate->has_electronic;
}

/** A preference: where none has the type, all stay. */
static void prefer_inventory(match_candidate *candidates, size_t count, bool electronic)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || (candidates[i].dropped == NULL && has_inventory(&candidates[i], electronic));
    if (any)
        drop_all(candidates, count, electronic ? has_no_electronic : has_no_physical,
                 electronic ? "has no electronic inventory, another match has" : "has no physical inventory, another match has");
}

size_t match_narrow(match_candidate *candidates, size_t count, const match_narrowing *narrowing)
{
    for (size_t i = 0; i < count; i++)
        candidates[i].dropped = NULL;
    if (count_in(candidates, count) > 1 && narrowing->drop_community_linked)
        drop_all(candidates, count, is_community_linked, "is linked to the Community Zone");
    if (count_in(candidates, count) > 1 && narrowing->disregard_retired)
        drop_all(candidates, count, is_by_retired, "matches only by a retired number (019, 035 $z)");
    if (count_in(candidates, count) > 1 && narrowing->prefer_same_inventory)
        prefer_inventory(candidates, count, narrowing->incoming_electronic);
    return count_in(candidates, count);
}

size_t match_preferred(const match_candidate *candidates, size_t count)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        const match_candidate *one = &candidates[i];
        if (one->dropped != NULL)
            continue;
        if (best == SIZE_MAX || one->items > candidates[best].items ||
            (one->items == candidates[best].items && one->added_at > candidates[best].added_at))
            best = i;
    }
    return best;
}
