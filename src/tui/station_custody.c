/* src/tui/station_custody.c - what others did to this cataloger's records is told at the next key (ED-88, ED-90). */
#include "custody_panes.h"
#include "station.h"

#include <stdio.h>

enum { HEAR_EVERY_MS = 200, NOTICES_SHOWN = 6 };

typedef struct heard {
    workstation *station;
    char texts[2 * NOTICES_SHOWN][300];
    size_t lines, count;
    bool taken;
} heard;

static void hear_one(void *context, const repo_notice *notice)
{
    heard *heard = context;
    char id[MMS_ID_LENGTH], when[32];
    const bool taken = notice->kind[0] == 't';
    heard->count++;
    heard->taken |= taken;
    if (heard->lines + 2 > sizeof heard->texts / sizeof *heard->texts)
        return;
    mms_id_format(id, notice->id);
    clock_format_short(when, sizeof when, notice->at, catalog_now(heard->station->options.catalog));
    snprintf(heard->texts[heard->lines++], sizeof *heard->texts, taken ? "%s took over %s at %s" : "%s assigned %s to you at %s",
             notice->by, id, when);
    if (notice->reason[0] != '\0')
        snprintf(heard->texts[heard->lines++], sizeof *heard->texts, "    %s", notice->reason);
}

static void told(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (choice[0] == 'l')
        station_run(station, "records.list", NULL);
}

static void tell(workstation *station, const heard *heard)
{
    static const dialog_choice choices[] = { { "close", "Close", 'c' }, { "list", "Records List", 'l' }, { NULL, NULL, 0 } };
    const char *lines[2 * NOTICES_SHOWN + 2] = { NULL };
    size_t count = 0;
    for (; count < heard->lines; count++)
        lines[count] = heard->texts[count];
    lines[count] = heard->taken ? "Your text is kept as a draft, to be viewed, compared and re-applied."
                                : "Enter in the list of records opens it.";
    const char *title = heard->taken ? "Taken over by another cataloger" : "Assigned to you";
    station_ask(
        station,
        &(dialog){ .title = title, .lines = lines, .choices = choices, .initial = "close", .escape = "close", .done = told });
}

void station_hear(workstation *station)
{
    heard heard = { .station = station };
    if (!station->test_mode && station->now_ms < station->hear_at_ms)
        return;
    station->hear_at_ms = station->now_ms + HEAR_EVERY_MS;
    if (catalog_tell(station->options.catalog, hear_one, &heard, NULL) != RECTO_OK || heard.count == 0)
        return;
    for (size_t i = 0; i < station->record_count; i++)
        if (edit_state_of(station->records[i]->session)->view_only)
            station_record_changed(station, station->records[i]->session);
    tell(station, &heard);
}
