/* src/tui/tour.c - one line that leads a newcomer of `recto demo` through the main job; every other key just works. */
#include "station.h"

#include <string.h>

/* A step is done when its command has run; `next_also` lets a cataloger who knows the way go ahead. */
static const struct {
    const char *line;
    const char *done_by[4];
} steps[] = {
    { "Tour 1/8: type some words of a title, for instance: tea, and press Enter.", { "search.run" } },
    { "Tour 2/8: arrows choose a title; Enter shows it, Esc goes back. Then e opens it in the editor.", { "result.edit" } },
    { "Tour 3/8: change something: arrows move, typing types, Ctrl+Z takes it back. Then Alt+R searches WorldCat.",
      { "external.search", "result.external" } },
    { "Tour 4/8: the boxes are filled from your record; Enter asks the targets.", { "external.run" } },
    { "Tour 5/8: p previews what a merge would make; m does it (Copy & Merge).",
      { "external.preview", "external.merge", "external.overlay", "external.import" } },
    { "Tour 6/8: m puts the result into the editor, Esc goes back without it. Then F2 saves.",
      { "record.save", "record.save_release" } },
    { "Tour 7/8: if matches are shown, look at them: m merges, s saves anyway. Then Alt+Shift+R releases the record.",
      { "record.release", "record.save_release" } },
    { "Tour 8/8: done. F1 lists the keys of each screen, : takes any command. :tour hides this line, Ctrl+Q leaves.",
      { "app.tour" } },
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
