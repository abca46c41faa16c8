/* src/tui/records_acts.c - saving and releasing all records that are listed: one report, no question inside (ED-65, ED-74). */
#include "records_list.h"

#include "recto/catalog/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_LINES = 14 };

typedef struct report {
    char texts[REPORT_LINES + 2][200];
    size_t lines, saved, unchanged, refused, released;
} report;

static void add_refusal(report *report, mms_id id, const char *why)
{
    report->refused++;
    if (report->lines < REPORT_LINES)
        snprintf(report->texts[report->lines++], sizeof *report->texts, "%lld  %.*s", (long long)id, FIT(why, 160));
}

static void tell_nothing(workstation *station, void *context, const char *choice)
{
    (void)station;
    (void)context;
    (void)choice;
}

static void tell(workstation *station, const char *title, report *report, const char *summary)
{
    static const dialog_choice choices[] = { { "close", "Close", 'c' }, { NULL, NULL, 0 } };
    const char *lines[REPORT_LINES + 3] = { NULL };
    size_t count = 0;
    char more[60];
    station_say(station, "%s", summary);
    if (report->refused == 0)
        return;
    lines[count++] = summary;
    for (size_t i = 0; i < report->lines; i++)
        lines[count++] = report->texts[i];
    if (report->refused > report->lines) {
        snprintf(more, sizeof more, "and %zu more", report->refused - report->lines);
        lines[count++] = more;
    }
    station_ask(
        station,
        &(dialog){
            .title = title, .lines = lines, .choices = choices, .initial = "close", .escape = "close", .done = tell_nothing });
}

/* The open records that are listed, in list order; yours to free. What they are may change while they are saved. */
static edit_session **listed_sessions(const records_model *model, size_t *count)
{
    edit_session **sessions = calloc(model->list.count + 1, sizeof(edit_session *));
    *count = 0;
    for (size_t i = 0; sessions != NULL && i < model->list.count; i++)
        if (model->rows[i].session != NULL)
            sessions[(*count)++] = model->rows[i].session;
    return sessions;
}

/* Templates and holdings have doors of their own. */
static bool save_own_kind(report *report, workstation *station, edit_session *session)
{
    recto_error error = { 0 };
    int version = 0;
    recto_status status = edit_state_of(session)->is_template ? edit_save_template(&version, session, "", &error)
                                                              : edit_save_holding(&version, session, &error);
    if (status != RECTO_OK) {
        add_refusal(report, edit_state_of(session)->id, error.what);
        return false;
    }
    report->saved += version > 0;
    report->unchanged += version == 0;
    station_record_changed(station, session);
    return true;
}

/* @return true: what was typed is in the repository */
static bool save_one(report *report, workstation *station, edit_session *session)
{
    ingest_outcome outcome = { 0 };
    recto_error error = { 0 };
    const mms_id id = edit_state_of(session)->id;
    if (edit_state_of(session)->view_only || (!marc_edit_changed(edit_of(session)) && !edit_state_of(session)->is_new)) {
        report->unchanged++;
        return true;
    }
    if (edit_state_of(session)->is_template || edit_state_of(session)->is_holdings)
        return save_own_kind(report, station, session);
    if (edit_save(&outcome, session, false, &error) != RECTO_OK) {
        add_refusal(report, id, error.what);
        return false;
    }
    bool good = true;
    switch (outcome.kind) {
    case OUTCOME_ADDED:
    case OUTCOME_UPDATED:
    case OUTCOME_MERGED:
    case OUTCOME_OVERLAID:
        report->saved++;
        break;
    case OUTCOME_UNCHANGED:
        report->unchanged++;
        break;
    case OUTCOME_NEEDS_DECISION:
        add_refusal(report, id, "other records match it: save it by itself to decide");
        good = false;
        break;
    default:
        add_refusal(report, id, outcome.first_block[0] != '\0' ? outcome.first_block : outcome.message);
        good = false;
    }
    ingest_outcome_release(&outcome);
    station_record_changed(station, session);
    return good;
}

void records_save_all(records_model *model)
{
    workstation *station = model->station;
    report report = { .lines = 0 };
    char summary[160];
    size_t count = 0;
    edit_session **sessions = listed_sessions(model, &count);
    for (size_t i = 0; i < count; i++)
        save_one(&report, station, sessions[i]);
    free(sessions);
    model->drafts_known = false;
    snprintf(summary, sizeof summary, "%zu saved, %zu unchanged, %zu refused", report.saved, report.unchanged, report.refused);
    tell(station, "Save All", &report, summary);
}

/* ---- release ---- */

static void release_listed(records_model *model, bool save)
{
    workstation *station = model->station;
    report report = { .lines = 0 };
    char summary[160];
    size_t count = 0;
    edit_session **sessions = listed_sessions(model, &count);
    for (size_t i = 0; i < count; i++) {
        edit_session *closing = sessions[i];
        recto_error error = { 0 };
        if (save && !save_one(&report, station, sessions[i]))
            continue;
        if (edit_release(&closing, &error) != RECTO_OK) {
            add_refusal(&report, edit_state_of(sessions[i])->id, error.what);
            continue;
        }
        station_close_session(station, sessions[i]);
        report.released++;
    }
    free(sessions);
    model->drafts_known = false;
    if (report.refused > 0)
        snprintf(summary, sizeof summary, "%zu released, %zu stay open", report.released, report.refused);
    else
        snprintf(summary, sizeof summary, "%zu record%s released", report.released, report.released == 1 ? "" : "s");
    tell(station, "Release", &report, summary);
}

static void release_decided(workstation *station, void *context, const char *choice)
{
    (void)station;
    if (strcmp(choice, "cancel") != 0)
        release_listed(context, strcmp(choice, "save") == 0);
}

static bool is_unsaved(const row *row)
{
    const edit_state *state = row->session != NULL ? edit_state_of(row->session) : NULL;
    return row->session != NULL && !edit_state_of(row->session)->view_only &&
           (marc_edit_changed(edit_of(row->session)) ||
            (state->is_new && (state->has_draft || (!state->is_template && !state->is_holdings))));
}

/* "Release 14 records? 2 have unsaved changes:" and which (ED-65). */
void records_ask_release(records_model *model)
{
    static const dialog_choice choices[] = { { "save", "Save and release", 's' },
                                             { "lose", "Release, lose changes", 'r' },
                                             { "cancel", "Cancel", 'c' },
                                             { NULL, NULL, 0 } };
    enum { SHOWN = 10 };
    char texts[SHOWN + 1][200];
    const char *lines[SHOWN + 2] = { NULL };
    size_t open = 0, unsaved = 0, shown = 1;
    for (size_t i = 0; i < model->list.count; i++) {
        const row *row = &model->rows[i];
        open += row->session != NULL;
        if (!is_unsaved(row))
            continue;
        if (++unsaved < SHOWN) {
            snprintf(texts[shown], sizeof *texts, "%lld  %.*s", (long long)row->id, FIT(row->title, 100));
            lines[shown] = texts[shown];
            shown++;
        }
    }
    if (open == 0) {
        station_say(model->station, "no record that is listed is open");
        return;
    }
    snprintf(texts[0], sizeof *texts, "Release %zu record%s? %zu ha%s unsaved changes%s", open, open == 1 ? "" : "s", unsaved,
             unsaved == 1 ? "s" : "ve", unsaved > 0 ? ":" : ".");
    lines[0] = texts[0];
    station_ask(model->station, &(dialog){ .title = "Release",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "cancel",
                                           .escape = "cancel",
                                           .done = release_decided,
                                           .context = model });
}
