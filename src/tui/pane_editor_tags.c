/* src/tui/pane_editor_tags.c - Set Management Tags: suppressed from discovery or not, and what is published to WorldCat (ED-148,
 * ED-178). They are facts about the record, not a part of it: set at once, without a version. */
#include "custody_panes.h"
#include "editor.h"
#include "pane_common.h"
#include "pick.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *value, *label;
    char sync;      /* 0: stays */
    int suppressed; /* -1: stays */
} tags[] = {
    { "suppress", "Suppress from discovery", 0, 1 },
    { "show", "Show in discovery", 0, 0 },
    { "publish", "Publish bib", 'B', -1 },
    { "holdings", "Publish holdings only", 'H', -1 },
    { "dont", "Don't publish", 'N', -1 },
};
enum { TAG_COUNT = sizeof tags / sizeof *tags };

static void tag_chosen(workstation *station, void *context, const char *value)
{
    editor *pane = context;
    recto_error error;
    if (value == NULL || pane->session == NULL)
        return;
    for (size_t i = 0; i < TAG_COUNT; i++) {
        if (strcmp(tags[i].value, value) != 0)
            continue;
        if (catalog_set_tags(station_catalog(station), edit_state_of(pane->session)->id, tags[i].sync, tags[i].suppressed,
                             &error) != RECTO_OK)
            station_error(station, &error);
        else
            station_say(station, "%s: done, without a new version", tags[i].label);
    }
    station_redraw(station);
}

void editor_set_tags(editor *pane)
{
    bib_info info;
    recto_error error;
    catalog *house = station_catalog(pane->station);
    if (repo_bib_info(catalog_repo(house), edit_state_of(pane->session)->id, &info, catalog_now(house), &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    pick *offered = pick_new(pane->station, "Management tags", tag_chosen, pane);
    for (size_t i = 0; i < TAG_COUNT; i++) {
        const bool now = tags[i].sync != 0 ? info.sync == tags[i].sync : info.suppressed == (tags[i].suppressed == 1);
        pick_add(offered, text_from(tags[i].value), text_from(now ? "*" : " "), text_from(tags[i].label));
    }
    pick_open(offered, TEXT(""));
}
