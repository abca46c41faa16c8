/* src/tui/tour.c - one line that leads a newcomer of `recto demo` through the main job; every other key just works. */
#include "station.h"

#include <string.h>

/* A step is done when one of its commands has run. */
static const struct {
    const char *line;
    const char *done_by[4];
} steps[] = {
    { "Tour 1/8: type cien and press Enter to search the library.", { "search.run" } },
    { "Tour 2/8: Enter shows a title, Esc goes back; e opens it in the editor.", { "result.edit" } },
    { "Tour 3/8: typing types, Ctrl+Z takes it back. Alt+R searches WorldCat for it.", { "external.search", "result.external" } },
    { "Tour 4/8: Ctrl+U empties the boxes; type the OCLC number (035) and Enter.", { "external.run" } },
    { "Tour 5/8: p previews a merge, field by field; m merges (Copy & Merge).",
      { "external.merge", "external.overlay", "external.import", "preview.apply" } },
    { "Tour 6/8: F2 saves a new version of the record.", { "record.save", "record.save_release" } },
    { "Tour 7/8: Alt+Shift+R releases the record, so that others may edit it.", { "record.release", "record.save_release" } },
    { "Tour 8/8: that was it. F1 lists the keys, :tour ends the tour, Ctrl+Q leaves.", { "app.tour" } },
};

enum { STEP_COUNT = sizeof steps / sizeof *steps };

const char *tour_line(const workstation *station)
{
    return station->touring && station->tour_step < STEP_COUNT && station->screen.rows >= 20 ? steps[station->tour_step].line
                                                                                             : NULL;
}

/* A later step that is done takes the tour on as well: nobody is held back. */
void tour_saw(workstation *station, const command *command)
{
    for (size_t step = station->tour_step; station->touring && step + 1 < STEP_COUNT; step++)
        for (size_t i = 0; i < 4 && steps[step].done_by[i] != NULL; i++)
            if (strcmp(steps[step].done_by[i], command->name) == 0) {
                station->tour_step = step + 1;
                return;
            }
}

void tour_toggle(workstation *station)
{
    station->touring = !station->touring;
    if (station->tour_step >= STEP_COUNT - 1)
        station->tour_step = 0;
    station->dirty = true;
}
