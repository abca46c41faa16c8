/* src/tui/match_question.c - the question that is owed when a save finds matches, and saving in spite of them (SR-81 to SR-86).
 */
#include "matches.h"
#include "pane_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct match_question {
    session_tie tie;
    match_hit *hits;
    size_t count;
    bool release_after;
} match_question;

static const dialog_choice question_choices[] = {
    { "view", "Yes, view matches", 'y' },
    { "save", "No, save anyway", 'n' },
    { "cancel", "Cancel", 'c' },
    { NULL, NULL, 0 },
};

static void release_saved(workstation *station, edit_session *session)
{
    edit_session *gone = session;
    recto_error error;

    if (edit_release(&session, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_close_session(station, gone);
}

/* @param reason  why it is another record; NULL: none is kept */
static void save_beside(workstation *station, edit_session *session, const char *reason, bool release_after)
{
    ingest_outcome outcome = { .kind = OUTCOME_REFUSED };
    recto_error error;
    bool saved;
    recto_status status =
        reason != NULL ? edit_save_separate(&outcome, session, reason, &error) : edit_save(&outcome, session, true, &error);

    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    saved = outcome.kind == OUTCOME_ADDED || outcome.kind == OUTCOME_UPDATED || outcome.kind == OUTCOME_UNCHANGED ||
            outcome.kind == OUTCOME_MERGED || outcome.kind == OUTCOME_OVERLAID;
    station_record_changed(station, session);
    station_say(station, "%s", outcome.message);
    ingest_outcome_release(&outcome);
    if (!saved)
        return;
    if (station_find(station, &matches_pane) != NULL)
        station_pop(station, station_find(station, &matches_pane));
    if (release_after)
        release_saved(station, session);
    else
        focus_editor(station);
}

void matches_save_anyway(workstation *station, edit_session *session, bool release_after)
{
    save_beside(station, session, NULL, release_after);
}

static void reason_typed(workstation *station, void *context, const char *answer)
{
    edit_session *session = station_session(station);

    if (answer == NULL || *answer == '\0')
        station_say(station, "Not saved: the reason is kept with the record, so that the pair is not reported again");
    else if (session == NULL || session != context)
        station_say(station, "The record has gone; nothing was saved");
    else
        save_beside(station, session, answer, false);
}

void matches_save_separate(workstation *station, edit_session *session)
{
    station_prompt(station, "Why is it another record?", "", reason_typed, session);
}

static void question_answered(workstation *station, void *context, const char *choice)
{
    match_question *question = context;
    edit_session *session = session_tied(&question->tie, station);

    if (session == NULL) {
        station_say(station, "The record has gone; nothing was saved");
    } else if (strcmp(choice, "view") == 0) {
        matches_pane_open(station, session, question->hits, question->count);
        question->hits = NULL;
        station_say(station, "Nothing is saved yet");
    } else if (strcmp(choice, "save") == 0) {
        matches_save_anyway(station, session, question->release_after);
    } else {
        station_say(station, "Not saved");
    }
    free(question->hits);
    free(question);
}

static size_t count_zone(const match_question *question, zone_kind zone)
{
    size_t count = 0;

    for (size_t i = 0; i < question->count; i++)
        count += question->hits[i].zone == zone;
    return count;
}

/* "2 in Network, 1 in Community, by OCLC number" */
static void summarize(const match_question *question, char *out, size_t capacity)
{
    static const struct {
        zone_kind zone;
        const char *name;
    } zones[] = { { ZONE_INSTITUTION, "Institution" }, { ZONE_NETWORK, "Network" }, { ZONE_COMMUNITY, "Community" } };
    size_t at = 0;

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        size_t count = count_zone(question, zones[i].zone);

        if (count > 0 && at < capacity)
            at += (size_t)snprintf(out + at, capacity - at, "%s%zu in %s", at > 0 ? ", " : "", count, zones[i].name);
    }
    if (question->count > 0 && at < capacity)
        snprintf(out + at, capacity - at, ", by %s", match_method_label(question->hits[0].method));
}

void matches_ask(workstation *station, edit_session *session, ingest_outcome *outcome, bool release_after)
{
    match_question *question = calloc(1, sizeof *question);
    char summary[200] = "";

    if (question == NULL) {
        station_no_memory(station, "asking about matches");
        return;
    }
    question->tie = session_tie_to(session);
    question->hits = outcome->matches;
    question->count = outcome->match_count;
    question->release_after = release_after;
    outcome->matches = NULL;
    outcome->match_count = 0;
    summarize(question, summary, sizeof summary);
    station_ask(station, &(dialog){ .title = "Confirmation required",
                                    .lines =
                                        (const char *const[]){
                                            "Matched record/s exist in the catalog, do you want to view them before saving?",
                                            summary, NULL },
                                    .choices = question_choices,
                                    .initial = "view",
                                    .escape = "cancel",
                                    .done = question_answered,
                                    .context = question });
}
