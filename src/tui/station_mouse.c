/* src/tui/station_mouse.c - the mouse: what a click or the wheel stands for is done by the keys that do it.
 *
 * No pane knows of a mouse. A click on a row or letter walks the cursor there by arrow keys, without sending anything meanwhile;
 * twice on the same row is Enter; the wheel is three arrows. In the first row a click chooses an area, or a menu; in the last one
 * it runs the hint. Dragging selects nothing: with app.mouse, RECTO_MOUSE=0 or the Shift key the terminal selects as it always
 * does. */
#include "remembered.h"
#include "station.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 1000, TWICE_MS = 500, WHEEL_ROWS = 3, WHEEL_UP = 64, WHEEL_DOWN = 65 };

static void press(workstation *station, key_name name)
{
    const key key = { .name = name };
    station_take_key(station, &key);
}

static bool can_walk(workstation *station)
{
    const char *context = station_context(station);
    return station->overlay_count > 0 || keymap_context_is_list(context) || strcmp(context, "editor") == 0 ||
           strcmp(context, "ruletext") == 0;
}

/* Up and down until the cursor is in the row, or walks no further. */
static bool walk_to_row(workstation *station, int row)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        station_draw(station);
        int before = station->screen.cursor_row;
        if (before < 0 || before == row)
            return before == row;
        press(station, before < row ? KEY_NAME_DOWN : KEY_NAME_UP);
        station_draw(station);
        int after = station->screen.cursor_row;
        if (after == before || (before < row) != (after < row || after == row) || (after > row) == (before < row))
            return after == row;
    }
    return false;
}

static void walk_to_column(workstation *station, int row, int column)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        station_draw(station);
        int before = station->screen.cursor_column;
        if (station->screen.cursor_row != row || before == column)
            return;
        press(station, before < column ? KEY_NAME_RIGHT : KEY_NAME_LEFT);
        station_draw(station);
        int after = station->screen.cursor_column;
        bool left_row = station->screen.cursor_row != row, passed = (before < column) != (after < column) && after != column;
        if (left_row || (passed && before < column))
            press(station, before < column ? KEY_NAME_LEFT : KEY_NAME_RIGHT); /* one too far: back to the stop before */
        if (left_row || passed || after == before)
            return;
    }
}

/* ---- the first and the last row ---------------------------------------------------------------------------------- */

static bool row_holds(workstation *station, int row, int column, const char *words)
{
    buffer text;
    int at = 0;
    bool found = false;
    size_t length = strlen(words);
    buffer_init(&text, 64 * 1024);
    screen_row_text(&text, &station->screen, row);
    for (const char *place = buffer_string(&text); !found && length > 0 && (place = strstr(place, words)) != NULL; place++) {
        at = display_width(text_of(buffer_string(&text), (size_t)(place - buffer_string(&text))), true);
        found = column >= at && column < at + display_width(text_from(words), true);
    }
    buffer_release(&text);
    return found;
}

static void click_bar(workstation *station, int column)
{
    static const struct {
        const char *title, *command;
    } areas[] = {
        { "Search", "area.search" }, { "Records", "area.records" }, { "Rules", "area.rules" }, { "Jobs", "area.jobs" }
    };
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        if (row_holds(station, 0, column, areas[i].title)) {
            station_run(station, areas[i].command, NULL);
            return;
        }
    if (row_holds(station, 0, column, "Templates"))
        station_show(station, AREA_TEMPLATES);
}

static void click_menu_title(workstation *station, int column)
{
    for (; column >= 0; column--) {
        wchar_t digit = station->screen.cells[column].text[0];
        if (digit >= L'1' && digit <= L'9') {
            const key key = { .text = { (char)digit }, .alt = true };
            station_take_key(station, &key);
            return;
        }
    }
}

static void click_hint(workstation *station, int column)
{
    int row = station->screen.rows - 1;
    buffer words;
    buffer_init(&words, 400);
    for (size_t i = 0; i <= station->hint_count; i++) {
        const binding *hint = i < station->hint_count ? station->hints[i] : station->menu_hint;
        if (hint == NULL)
            continue;
        buffer_clear(&words);
        binding_write(&words, hint, true);
        if (i < station->hint_count)
            buffer_append_format(&words, " %s", hint->hint);
        if (row_holds(station, row, column, buffer_string(&words))) {
            station_execute(station, hint->command, hint->argument);
            break;
        }
    }
    buffer_release(&words);
}

/* ---- the work between -------------------------------------------------------------------------------------------- */

/* The pane of a split screen that was clicked takes the focus. */
static void focus_side(workstation *station, int column)
{
    desk *desk = station_desk(station);
    if (!station_is_split(station))
        return;
    if (station_has_strip(station)) {
        station_click_strip(station, column);
        return;
    }
    bool right = column > (station->screen.columns - 1) / 2;
    if (right != (desk->focus == PLACE_COMPANION))
        station_run(station, "pane.next", NULL);
}

static void click_work(workstation *station, int row, int column, bool twice)
{
    if (station->overlay_count == 0)
        focus_side(station, column);
    if (strcmp(station_context(station), "search") == 0 && station->overlay_count == 0)
        station_run(station, "pane.back", NULL); /* from the form into the list, when there is one */
    if (!can_walk(station))
        return;
    bool there = walk_to_row(station, row);
    if (there && station->overlay_count == 0 && !keymap_context_is_list(station_context(station)))
        walk_to_column(station, row, column);
    else if (there && twice)
        press(station, KEY_NAME_ENTER);
    else if (!there && station->overlay_count == 0 && strcmp(station_context(station), "results") == 0)
        station_run(station, "search.focus", NULL);
}

static void click(workstation *station, int row, int column)
{
    bool twice = row == station->clicked_row && station->now_ms - station->clicked_at_ms < TWICE_MS;
    station->clicked_row = row;
    station->clicked_at_ms = station->now_ms;
    station_draw(station);
    if (row < 0 || column < 0 || row >= station->screen.rows || column >= station->screen.columns)
        return;
    if (row == 0 && station->overlay_count > 0)
        click_menu_title(station, column);
    else if (row == 0)
        click_bar(station, column);
    else if (row == station->screen.rows - 1 && station->overlay_count == 0)
        click_hint(station, column);
    else if (row < station->screen.rows - 2)
        click_work(station, row, column, twice);
}

void station_take_mouse(workstation *station, const event *event)
{
    if (station->screen.rows < SMALLEST_ROWS || station->screen.columns < SMALLEST_COLUMNS || !event->pressed)
        return;
    station->dirty = true;
    if (event->button == 0)
        click(station, event->row, event->column);
    else if ((event->button == WHEEL_UP || event->button == WHEEL_DOWN) && can_walk(station))
        for (int i = 0; i < WHEEL_ROWS; i++)
            press(station, event->button == WHEEL_UP ? KEY_NAME_UP : KEY_NAME_DOWN);
}

/* ---- the setting ------------------------------------------------------------------------------------------------- */

bool station_mouse_is_wanted(workstation *station)
{
    buffer kept;
    const char *refused = getenv("RECTO_MOUSE");
    buffer_init(&kept, 0);
    remembered_get(station, "mouse", &kept);
    bool wanted = !text_equal(buffer_text(&kept), TEXT("off")) && (refused == NULL || strcmp(refused, "0") != 0);
    buffer_release(&kept);
    return wanted;
}

void station_toggle_mouse(workstation *station)
{
    bool on = !terminal_has_mouse(station->terminal);
    if (!terminal_set_mouse(station->terminal, on)) {
        station_say(station, "this terminal has no mouse that Recto knows");
        return;
    }
    remembered_set(station, "mouse", on ? "on" : "off");
    station_say(station,
                on ? "The mouse is Recto's now; with Shift the terminal selects." : "The mouse is the terminal's again.");
}
