/* src/match/match.c - do two records describe the same thing, by which method, at which step, and why (not)?
 *
 * A method goes through at most three steps; what is compared in each is a row of match_methods.c. One walk over the steps
 * serves the answer and the explanation, so the two cannot disagree. */
#include "match_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct step_row {
    int step;
    const char *name;
    bool authors, titles; /* else identifiers */
} step_row;

static const step_row steps[] = {
    { 1, "identifiers", false, false },
    { 2, "author and title", true, true },
    { 3, "title", false, true },
};

static unsigned criteria_of(const match_plan *plan, const step_row *step)
{
    if (!step->titles)
        return plan->identifiers;
    if (plan->titles == 0 || (step->authors && !plan->authors))
        return 0;
    return BY_TITLE | (step->authors ? BY_AUTHOR : 0U);
}

static bool has_steps(const match_plan *plan)
{
    return plan->identifiers != 0 && plan->titles != 0;
}

bool match_wanted_keys(const marc_record *incoming, match_method method, bool (*visit)(void *context, const marc_key *key),
                       void *context)
{
    const match_profile profile = { .rows = { { .enabled = true, .method = method } }, .count = 1 };

    return match_profile_wanted_keys(incoming, &profile, visit, context);
}

/* --- one step --- */

typedef struct step_find {
    const set_entry *mine[2], *theirs[2]; /* the first pair of the numbers or titles, and of the authors */
    int agreeing;                         /* keys of the incoming record that the candidate has */
} step_find;

static bool find_pairs(step_find *found, const key_set *incoming, const key_set *candidate, unsigned criteria)
{
    *found = (step_find){ 0 };
    for (size_t i = 0; i < incoming->count; i++) {
        const set_entry *mine = &incoming->entries[i];
        const set_entry *theirs = key_set_find(candidate, mine);
        int which = mine->criterion == BY_AUTHOR;
        if (theirs == NULL)
            continue;
        found->agreeing++;
        if (found->mine[which] != NULL)
            continue;
        found->mine[which] = mine;
        found->theirs[which] = theirs;
    }
    return found->mine[0] != NULL && ((criteria & BY_AUTHOR) == 0 || found->mine[1] != NULL);
}

static void put_pair(buffer *line, const set_entry *mine, const set_entry *theirs, size_t limit)
{
    match_show_key(line, mine, limit);
    buffer_append_string(line, " = ");
    match_show_key(line, theirs, limit);
}

/** @return false: no memory */
static bool say_why(char why[MATCH_WHY_LENGTH], const step_find *found)
{
    enum { SHOWN_ALONE = 60, SHOWN_OF_TWO = 26 };
    buffer line;

    buffer_init(&line, 0);
    put_pair(&line, found->mine[0], found->theirs[0], found->mine[1] == NULL ? SHOWN_ALONE : SHOWN_OF_TWO);
    if (found->mine[1] != NULL) {
        buffer_append_string(&line, "; ");
        put_pair(&line, found->mine[1], found->theirs[1], SHOWN_OF_TWO);
    }
    const bool said = !buffer_failed(&line);
    (void)snprintf(why, MATCH_WHY_LENGTH, "%s", said ? buffer_string(&line) : "");
    buffer_release(&line);
    return said;
}

static void list_side(buffer *out, const char *side, const key_set *set)
{
    enum { LISTED_MAX = 12, SHOWN_MAX = 60 };

    buffer_append_format(out, "  %s: ", side);
    for (size_t i = 0; i < set->count && i < LISTED_MAX; i++) {
        buffer_append_string(out, i > 0 ? ", " : "");
        match_show_key(out, &set->entries[i], SHOWN_MAX);
    }
    if (set->count > LISTED_MAX)
        buffer_append_format(out, " and %zu more", set->count - LISTED_MAX);
    buffer_append_string(out, set->count == 0 ? "none\n" : "\n");
}

static bool has_author(const key_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->entries[i].criterion == BY_AUTHOR)
            return true;
    return false;
}

static void explain_step(buffer *out, const match_plan *plan, const step_row *step, const key_set *sides, const step_find *found,
                         bool met)
{
    if (has_steps(plan))
        buffer_append_format(out, "step %d, %s: ", step->step, step->name);
    if (met) {
        put_pair(out, found->mine[0], found->theirs[0], 60);
        if (found->mine[1] != NULL) {
            buffer_append_string(out, "; ");
            put_pair(out, found->mine[1], found->theirs[1], 60);
        }
        buffer_append_char(out, '\n');
        return;
    }
    if (step->authors && !has_author(&sides[0])) {
        buffer_append_string(out, "not done, the incoming record has no author\n");
        return;
    }
    if (step->authors && found->mine[0] != NULL)
        buffer_append_string(out, "a title is equal, no author is\n");
    else if (step->authors && found->mine[1] != NULL)
        buffer_append_string(out, "an author is equal, no title is\n");
    else
        buffer_append_string(out, "nothing is equal\n");
    list_side(out, "incoming", &sides[0]);
    list_side(out, "candidate", &sides[1]);
}

/** @param explain  may be NULL. @return whether the step finds the candidate; the filter is not asked */
static bool do_step(match_outcome *out, const marc_record *records[2], const match_plan *plan, const step_row *step,
                    const match_options *options, buffer *explain)
{
    enum { AGREEING_MAX = 99 };
    unsigned criteria = criteria_of(plan, step);
    key_set sides[2] = { { 0 } };
    step_find found = { 0 };
    bool met = false;

    if (key_set_init(&sides[0], records[0], plan, criteria, true, options) && (sides[0].count > 0 || explain != NULL) &&
        key_set_init(&sides[1], records[1], plan, criteria, false, options)) {
        key_set_sort(&sides[1]);
        met = find_pairs(&found, &sides[0], &sides[1], criteria);
        if (explain != NULL)
            explain_step(explain, plan, step, sides, &found, met);
    }
    out->starved = sides[0].failed || sides[1].failed || (met && !say_why(out->why, &found));
    met = met && !out->starved;
    if (met) {
        out->met = true;
        out->step = has_steps(plan) ? step->step : 1;
        out->score = 400 - 100 * out->step + (found.agreeing < AGREEING_MAX ? found.agreeing : AGREEING_MAX);
    }
    key_set_release(&sides[0]);
    key_set_release(&sides[1]);
    return met;
}

static void do_steps(match_outcome *out, const marc_record *records[2], const match_plan *plan, const match_options *options,
                     buffer *explain)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !out->met && !out->starved; i++)
        if (criteria_of(plan, &steps[i]) != 0)
            (void)do_step(out, records, plan, &steps[i], options, explain);
}

bool match_compare(match_outcome *out, const marc_record *incoming, const marc_record *candidate, match_method method,
                   const match_options *options)
{
    const match_plan *plan = match_plan_of(method);
    const marc_record *records[2] = { incoming, candidate };

    *out = (match_outcome){ 0 };
    if (plan != NULL && !match_is_filtered_out(plan, incoming, candidate, NULL))
        do_steps(out, records, plan, options, NULL);
    return out->met;
}

bool match_records(const marc_record *incoming, const marc_record *candidate, match_method method, char why[MATCH_WHY_LENGTH])
{
    match_outcome outcome;
    bool met = match_compare(&outcome, incoming, candidate, method, NULL);

    if (why != NULL)
        memcpy(why, outcome.why, MATCH_WHY_LENGTH);
    return met;
}

void match_explain(buffer *out, const marc_record *incoming, const marc_record *candidate, match_method method,
                   const match_options *options)
{
    const match_plan *plan = match_plan_of(method);
    const marc_record *records[2] = { incoming, candidate };
    match_outcome outcome = { 0 };
    buffer lines;
    buffer refused;
    bool filtered;

    if (plan == NULL) {
        buffer_append_string(out, "no match method: nothing matches\n");
        return;
    }
    buffer_init(&lines, 0);
    buffer_init(&refused, 0);
    do_steps(&outcome, records, plan, options, &lines);
    filtered = match_is_filtered_out(plan, incoming, candidate, &refused);
    buffer_append_format(out, "%s: %s\n", match_method_label(method), outcome.met && !filtered ? "match" : "no match");
    if (options != NULL && options->prefix != NULL && options->prefix[0] != '\0')
        buffer_append_format(out, "only 035 that begin with %s count\n", options->prefix);
    if (options != NULL && options->without_retired)
        buffer_append_string(out, "035 $z does not count\n");
    buffer_append_text(out, buffer_text(&lines));
    if (filtered)
        buffer_append_format(out, "filter: refused, %s\n", buffer_string(&refused));
    else if (plan->filtered)
        buffer_append_string(out, "filter: leader/06 and 008/07-10 agree\n");
    out->failed = out->failed || outcome.starved || buffer_failed(&lines) || buffer_failed(&refused);
    buffer_release(&refused);
    buffer_release(&lines);
}

/* --- many candidates --- */

static bool is_earlier(const match_outcome *a, const match_outcome *b)
{
    return a->row != b->row ? a->row < b->row : a->step < b->step;
}

size_t match_keep_first(match_outcome *outcomes, size_t count)
{
    const match_outcome *first = NULL;
    size_t left = 0;

    for (size_t i = 0; i < count; i++)
        if (outcomes[i].met && (first == NULL || is_earlier(&outcomes[i], first)))
            first = &outcomes[i];
    match_outcome kept = first != NULL ? *first : (match_outcome){ 0 };
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].met && is_earlier(&kept, &outcomes[i]))
            outcomes[i].met = false;
        left += outcomes[i].met;
    }
    return left;
}

int match_outcome_order(const void *a, const void *b)
{
    const match_outcome *one = a;
    const match_outcome *other = b;

    if (one->met != other->met)
        return one->met ? -1 : 1;
    if (one->row != other->row)
        return one->row < other->row ? -1 : 1;
    return (other->score > one->score) - (other->score < one->score);
}
