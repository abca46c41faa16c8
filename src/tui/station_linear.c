/* src/tui/station_linear.c - linear mode: what the panes draw is said line by line (linear.h), and the commands to ask for more.
 */
#include "station.h"

#include <string.h>

bool station_is_linear(const workstation *station)
{
    return station->linear != NULL;
}

/* What lies over the panes is all there is to say as long as it is there. */
static void draw(workstation *station)
{
    surface whole = screen_surface(&station->screen);
    if (station->overlay_count == 0) {
        station_draw(station);
        return;
    }
    overlay *top = &station->overlays[station->overlay_count - 1];
    surface_clear(&whole, ROLE_TEXT);
    station->screen.cursor_row = station->screen.cursor_column = -1;
    top->draw(top->model, &whole, station);
}

void station_paint_linear(workstation *station)
{
    buffer out;
    int rows, columns;
    terminal_size(&rows, &columns);
    buffer_init(&out, 4 * 1024 * 1024);
    if (station->repaint) {
        terminal_keep_modes(station->terminal);
        linear_forget(station->linear);
    }
    draw(station);
    const linear_view view = {
        .screen = &station->screen,
        .status = station->overlay_count == 0 ? station->status : "",
        .over = station->overlay_count == 0 ? NULL : station->overlays[station->overlay_count - 1].model,
        .hint = station->overlay_count == 0 ? NULL : station->overlays[station->overlay_count - 1].hint,
        .columns = columns < 20 ? 20 : columns,
        .shifts = terminal_shifts(),
    };
    if (station->reads_screen)
        linear_read(station->linear, &out, &view);
    station->reads_screen = false;
    linear_tell(station->linear, &out, &view);
    terminal_answer(station->terminal, buffer_string(&out), out.length);
    buffer_release(&out);
}

/* "Records, record 1 of 3, 245 $$a 1:5" */
static void say_where(workstation *station)
{
    static const char *const areas[AREA_COUNT] = { "Search", "Records", "Templates", "Rules", "Jobs" };
    const open_pane *pane = station_focused_pane(station);
    buffer place;
    buffer_init(&place, 4096);
    buffer_append_string(&place, areas[station->area]);
    if (station->area == AREA_RECORDS && !station->listing && station->record_count > 0)
        buffer_append_format(&place, ", record %zu of %zu", station->focused_record + 1, station->record_count);
    if (pane != NULL && pane->kind->position != NULL) {
        buffer_append_string(&place, ", ");
        pane->kind->position(pane->model, &place);
    }
    station_say(station, "%s", buffer_string(&place));
    buffer_release(&place);
}

bool station_linear_command(workstation *station, const char *name)
{
    if (strncmp(name, "linear.", 7) != 0 || station->linear == NULL)
        return false;
    linear_forget(station->linear);
    if (strcmp(name, "linear.read") == 0)
        station->reads_screen = true;
    else if (strcmp(name, "linear.where") == 0)
        say_where(station);
    return true;
}
