/* src/catalog/outcome.c - names and sentences of what became of a record: one table for editor, gateway, jobs and commands. */
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct outcome_words {
    const char *name, *message;
} outcome_words;

/* The capital words are those that catalogers know from the gateway's refusals (seed 001, gateway.md section 6). */
static const outcome_words WORDS[] = {
    [OUTCOME_ADDED] = { "added", "New record added." },
    [OUTCOME_MERGED] = { "merged", "Existing record updated by merge." },
    [OUTCOME_OVERLAID] = { "overlaid", "Existing record overlaid." },
    [OUTCOME_UNCHANGED] = { "unchanged", "No changes to save." },
    [OUTCOME_NOT_ADDED_BRIEF] = { "not_added_brief", "NOT_ADDED_BRIEF: the record in the catalog has a higher brief level." },
    [OUTCOME_NOT_ADDED_LOCKED] = { "not_added_locked", "NOT_ADDED_LOCKED: the record in the catalog is being edited." },
    [OUTCOME_NOT_ADDED_OLD] = { "not_added_old", "NOT_ADDED_OLD: the record in the catalog is of a more recent version." },
    [OUTCOME_MULTI_MATCH] = { "multi_match", "Multi matches found for this record." },
    [OUTCOME_CZ_LINKED] = { "cz_linked", "NOT_ADDED_CZ_LINKED: the match belongs to, or is linked to, the Community Zone." },
    [OUTCOME_INVALID] = { "invalid", "NOT_ADDED_INVALID: the record has blocking errors." },
    [OUTCOME_REFUSED] = { "refused", "The save was refused." },
    [OUTCOME_NEEDS_DECISION] = { "needs_decision",
                                 "Matched record/s exist in the catalog, do you want to view them before saving?" },
    [OUTCOME_UPDATED] = { "updated", "Record saved." },
};

static const outcome_words *words_of(outcome_kind kind)
{
    const size_t count = sizeof WORDS / sizeof WORDS[0];
    return &WORDS[(size_t)kind < count ? kind : OUTCOME_REFUSED];
}

const char *outcome_name(outcome_kind kind)
{
    return words_of(kind)->name;
}

const char *outcome_message(outcome_kind kind)
{
    return words_of(kind)->message;
}

const char MERGED_NOTE[] = "merged: ";
static const char OVERLAID_NOTE[] = "overlaid";

const char *note_of_save(char out[static VERSION_NOTE], outcome_kind kind, const char *rule, const char *note)
{
    const bool merged = kind == OUTCOME_MERGED, overlaid = kind == OUTCOME_OVERLAID;
    if (!merged && !overlaid)
        return note != NULL ? note : rule;
    snprintf(out, VERSION_NOTE, "%s%.*s%s%.*s", merged ? MERGED_NOTE : OVERLAID_NOTE, FIT(merged && rule != NULL ? rule : "", 80),
             note != NULL ? "; " : "", FIT(note != NULL ? note : "", 60));
    return out;
}

bool note_tells_merge(const char *note)
{
    return text_starts(text_from(note), text_from(MERGED_NOTE)) || text_starts(text_from(note), text_from(OVERLAID_NOTE));
}

void outcome_say(ingest_outcome *out, outcome_kind kind, const char *format, ...)
{
    va_list arguments;
    out->kind = kind;
    if (format == NULL) {
        snprintf(out->message, sizeof out->message, "%s", outcome_message(kind));
        return;
    }
    va_start(arguments, format);
    vsnprintf(out->message, sizeof out->message, format, arguments);
    va_end(arguments);
}

void ingest_outcome_release(ingest_outcome *outcome)
{
    free(outcome->matches);
    outcome->matches = NULL;
    outcome->match_count = 0;
}
