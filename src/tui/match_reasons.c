/* src/tui/match_reasons.c - why does the open record match a stored one, or why not: the keys of both sides (SR-84).
 *
 * Asked of a row of the match list, or of any record by its MMS ID: that one is missing from the list is the usual question. */
#include "matches.h"

#include <stdio.h>
#include <string.h>

enum { REASONS_BYTES = 1 << 16, REASONS_SHOWN = 24, REASON_WIDTH = 300 };

static void closed(workstation *station, void *context, const char *choice)
{
    (void)station;
    (void)context;
    (void)choice;
}

static void show_reasons(workstation *station, mms_id candidate, text reasons)
{
    static const dialog_choice choices[] = { { "close", "Close", 'c' }, { NULL, NULL, 0 } };
    char words[REASONS_SHOWN][REASON_WIDTH], title[80], id[MMS_ID_LENGTH];
    const char *lines[REASONS_SHOWN + 1];
    size_t count = 0;
    mms_id_format(id, candidate);
    snprintf(title, sizeof title, "The open record and %s", id);
    while (reasons.bytes != NULL && reasons.length > 0 && count < REASONS_SHOWN) {
        const text line = text_next_field(&reasons, '\n');
        snprintf(words[count], REASON_WIDTH, "%.*s", (int)line.length, line.bytes);
        lines[count] = words[count];
        count++;
    }
    lines[count] = NULL;
    station_ask(
        station,
        &(dialog){ .title = title, .lines = lines, .choices = choices, .initial = "close", .escape = "close", .done = closed });
}

void match_reasons_show(workstation *station, edit_session *session, mms_id candidate)
{
    ingest_policy policy;
    recto_error error;
    buffer reasons;
    buffer_init(&reasons, REASONS_BYTES);
    recto_status status = catalog_policy_for(&policy, station_catalog(station), "ask", edit_state_of(session)->zone, &error);
    if (status == RECTO_OK)
        status = catalog_explain_match(&reasons, station_catalog(station), marc_edit_record(edit_of(session)), candidate, &policy,
                                       &error);
    if (status == RECTO_OK)
        show_reasons(station, candidate, buffer_text(&reasons));
    else
        station_error(station, &error);
    buffer_release(&reasons);
}

static void candidate_typed(workstation *station, void *context, const char *answer)
{
    mms_id candidate = 0;
    edit_session *session = station_session(station);
    (void)context;
    if (answer == NULL || session == NULL)
        return;
    if (mms_id_parse(&candidate, text_from(answer)))
        match_reasons_show(station, session, candidate);
    else
        station_say(station, "that is no MMS ID");
}

void match_reasons_ask(workstation *station)
{
    station_prompt(station, "Why does it match, or not: MMS ID of the other record:", "", candidate_typed, NULL);
}
