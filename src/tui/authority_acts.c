/* src/tui/authority_acts.c - what is done with an authority record beside editing it: its bibs, and those with a former heading.
 */
#include "heading_panes.h"
#include "rules.h"
#include "search.h"

#include "recto/base/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(workstation *station, area area, const char *heading, mms_id *ids, size_t count)
{
    heading_bibs_pane_open(station, area, area == AREA_RECORDS ? PLACE_COMPANION : PLACE_MAIN, heading, ids, count);
}

void authority_bibs_pane_open(workstation *station, mms_id id, area area)
{
    mms_id *ids = NULL;
    size_t count = 0;
    marc_record *record = NULL;
    authority_info info;
    recto_error error;
    recto_status status = catalog_authority_load(station_catalog(station), id, 0, &record, &info, &error);
    if (status == RECTO_OK)
        status = catalog_authority_bibs(&ids, &count, station_catalog(station), record, &error);
    marc_record_free(record);
    if (status == RECTO_OK && count > 0) {
        show(station, area, info.shown, ids, count);
        return;
    }
    free(ids);
    if (status == RECTO_OK)
        station_say(station, "no bib has the heading %s", info.shown);
    else
        station_error(station, &error);
}

/* ---- a changed heading ---- */

typedef struct former_act {
    mms_id id;
    area area;
} former_act;

static bool progress(void *context, size_t done, size_t total)
{
    return station_progress(context, "Updating headings", done, total);
}

static void update_bibs(workstation *station, mms_id id)
{
    int64_t job = 0;
    recto_error error;
    catalog_job done;
    recto_status status = catalog_authority_update_bibs(&job, station_catalog(station), id, progress, station, &error);
    station_work_done(station);
    if (status != RECTO_OK || catalog_job_get(&done, station_catalog(station), job, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    jobs_pane_touched(station);
    search_pane_refresh(station);
    station_say(station, "Job %lld: %zu changed, %zu skipped; Revert Job takes it back", (long long)job, done.changed,
                done.skipped + done.unchanged + done.failed);
}

static void show_former(workstation *station, const former_act *act)
{
    mms_id *ids = NULL;
    size_t count = 0;
    recto_error error;
    if (catalog_authority_former_bibs(&ids, &count, station_catalog(station), act->id, &error) != RECTO_OK)
        station_error(station, &error);
    else
        show(station, act->area, "a former heading", ids, count);
}

static void former_answered(workstation *station, void *context, const char *choice)
{
    former_act *act = context;
    if (strcmp(choice, "update") == 0)
        update_bibs(station, act->id);
    else if (strcmp(choice, "show") == 0)
        show_former(station, act);
    else
        station_say(station, "the bibs are as they were");
    free(act);
}

static void ask_former(workstation *station, mms_id id, area area, size_t count, const char *heading)
{
    static const dialog_choice choices[] = {
        { "cancel", "Leave them", 'l' }, { "show", "Show them", 's' }, { "update", "Update", 'u' }, { NULL, NULL, 0 }
    };
    char first[120], second[300];
    former_act *act = malloc(sizeof *act);
    if (act == NULL)
        return;
    *act = (former_act){ id, area };
    snprintf(first, sizeof first, "%zu %s a former heading of this authority record.", count,
             plural(count, "bib has", "bibs have"));
    snprintf(second, sizeof second, "Update gives them \"%.*s\", as a job that can be taken back.", FIT(heading, 200));
    const char *const lines[] = { first, second, NULL };
    station_ask(station, &(dialog){ .title = "Update Headings of Bibs",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "show",
                                    .escape = "cancel",
                                    .done = former_answered,
                                    .context = act });
}

void authority_ask_update(workstation *station, mms_id id, area area)
{
    mms_id *ids = NULL;
    size_t count = 0;
    authority_info info;
    recto_error error;
    recto_status status = catalog_authority_load(station_catalog(station), id, 0, NULL, &info, &error);
    if (status == RECTO_OK)
        status = catalog_authority_former_bibs(&ids, &count, station_catalog(station), id, &error);
    free(ids);
    if (status != RECTO_OK)
        station_error(station, &error);
    else if (count == 0)
        station_say(station, "no bib has a former heading of this record");
    else
        ask_former(station, id, area, count, info.shown);
}
