/* src/tui/station_draw.c - the screen as a function of the workstation: bar, panes, status line, hints, overlays.
 *
 * Everything is drawn into cells on every change; what did not change is not sent. Hints are gathered once a context. */
#include "macros.h"
#include "pane_common.h"
#include "station.h"

#include <stdio.h>
#include <string.h>

static const char *const area_titles[AREA_COUNT] = { "Search", "Records", "Templates", "Rules", "Jobs" };

/* ---- row 1 ------------------------------------------------------------------------------------------------------- */

static const char *zone_letters(const repo_zone *zone)
{
    return zone == NULL ? "" : zone->kind == ZONE_INSTITUTION ? "IZ" : zone->kind == ZONE_NETWORK ? "NZ" : "CZ";
}

/* The area that is shown stands in brackets, so that it is seen without colours. Other areas leave first on a narrow screen. */
static void draw_bar(workstation *station, const surface *row)
{
    char title[40];
    bool full = false;
    char user[80]; /* a recording is seen all the time */
    snprintf(user, sizeof user, "%s%s", macro_is_recording(station) ? "REC " : "", catalog_user(station->options.catalog));
    if (surface_may_wait(row, &station->areas[station->area]))
        return;
    int columns = row->columns, user_columns = display_width(text_from(user), row->screen->utf8);
    surface_fill(row, 0, 0, columns, ' ', ROLE_BAR);
    int column = 1 + surface_put(row, 0, 1, ROLE_BAR, "Recto  ");
    const repo_zone *zone = catalog_zone(station->options.catalog, ZONE_INSTITUTION);
    if (columns >= 60) {
        column += surface_format(row, 0, column, ROLE_BAR, "%s ", zone_letters(zone));
        column +=
            surface_data(row, 0, column, columns / 4, ROLE_BAR, text_from(catalog_institution(station->options.catalog)), true) +
            2;
    }
    for (int i = 0; i < AREA_COUNT; i++) {
        bool current = station->area == (area)i;
        if (i == AREA_RECORDS && station->record_count > 0)
            snprintf(title, sizeof title, "%c%s %zu%c", current ? '[' : ' ', area_titles[i], station->record_count,
                     current ? ']' : ' ');
        else
            snprintf(title, sizeof title, "%c%s%c", current ? '[' : ' ', area_titles[i], current ? ']' : ' ');
        full |= column + (int)strlen(title) + user_columns + 2 > columns;
        if (full && !current)
            continue;
        column += surface_put(row, 0, column, current ? ROLE_BAR_CURRENT : ROLE_BAR, title);
    }
    if (column + user_columns + 1 < columns)
        surface_data(row, 0, columns - user_columns - 1, user_columns, ROLE_BAR, text_from(user), false);
}

/* ---- panes ------------------------------------------------------------------------------------------------------- */

/* Below 100 columns two records stand one above the other, below 24 rows only one is seen (ED-23). Other companions take the
 * whole of a narrow screen: their lists need it. */
static bool is_wide_enough(const workstation *station, const open_pane *companion)
{
    return station->screen.columns >= SPLIT_COLUMNS || (companion->kind == &beside_pane && station->screen.rows >= STACKED_ROWS);
}

bool station_is_split(workstation *station)
{
    desk *desk = station_desk(station);
    const open_pane *main = desk_top(desk, PLACE_MAIN), *companion = desk_top(desk, PLACE_COMPANION);
    return main != NULL && companion != NULL && is_wide_enough(station, companion) && !station->unsplit &&
           station->linear == NULL && !main->kind->wants_full_width && !companion->kind->wants_full_width;
}

static void draw_pane(const open_pane *pane, const surface *area, bool focused)
{
    if (pane != NULL && area->rows > 0)
        pane->kind->draw(pane->model, area, focused);
}

/* Only the pane with the focus places the cursor. */
void station_draw_side(workstation *station, const open_pane *pane, const surface *area, bool focused)
{
    int row = station->screen.cursor_row, column = station->screen.cursor_column;
    draw_pane(pane, area, focused);
    if (!focused) {
        station->screen.cursor_row = row;
        station->screen.cursor_column = column;
    }
}

static void draw_stacked(workstation *station, const surface *work)
{
    desk *desk = station_desk(station);
    surface above = surface_part(work, 0, 0, work->rows / 2, work->columns);
    surface below = surface_part(work, work->rows / 2, 0, work->rows - work->rows / 2, work->columns);
    station_draw_side(station, desk_top(desk, PLACE_MAIN), &above, desk->focus == PLACE_MAIN);
    station_draw_side(station, desk_top(desk, PLACE_COMPANION), &below, desk->focus == PLACE_COMPANION);
}

static void draw_split(workstation *station, const surface *work)
{
    desk *desk = station_desk(station);
    if (work->columns < SPLIT_COLUMNS) {
        draw_stacked(station, work);
        return;
    }
    if (station_has_strip(station)) {
        station_draw_strip(station, work);
        return;
    }
    int left = (work->columns - 1) / 2;
    surface main = surface_part(work, 0, 0, work->rows, left);
    surface companion = surface_part(work, 0, left + 1, work->rows, work->columns - left - 1);
    station_draw_side(station, desk_top(desk, PLACE_MAIN), &main, desk->focus == PLACE_MAIN);
    station_draw_side(station, station_companion_seen(station), &companion, desk->focus == PLACE_COMPANION);
    surface_vertical_rule(work, left);
}

static void draw_work(workstation *station, const surface *work)
{
    const open_pane *pane = station_focused_pane(station);
    if (station_is_split(station)) {
        draw_split(station, work);
    } else if (pane != NULL) {
        draw_pane(pane, work, true);
    } else {
        surface_rule(work, 0, true, area_titles[station->area], NULL);
        surface_format(work, 2, 1, ROLE_TEXT_DIM, "%s come with a later version of Recto. Ctrl+G goes to the search.",
                       area_titles[station->area]);
    }
}

/* ---- the two last rows ------------------------------------------------------------------------------------------- */

/* The pane that is hidden behind is named (ED-23). */
static const char *hidden_title(workstation *station)
{
    desk *desk = station_desk(station);
    if (station_is_split(station))
        return NULL;
    const open_pane *hidden = desk_top(desk, desk->focus == PLACE_MAIN ? PLACE_COMPANION : PLACE_MAIN);
    if (hidden == NULL || desk_top(desk, desk->focus) == NULL)
        return NULL;
    return hidden->kind->title != NULL ? hidden->kind->title : hidden->kind->name;
}

static void position_text(workstation *station, buffer *out)
{
    const open_pane *pane = station_focused_pane(station);
    if (station->count > 0)
        buffer_append_format(out, "%d%s", station->count, station->sequence_length > 0 ? " " : " ...  ");
    for (size_t i = 0; i < station->sequence_length; i++) {
        key_write(out, &station->sequence[i], true);
        buffer_append_string(out, i + 1 == station->sequence_length ? " ...  " : " ");
    }
    if (pane != NULL && pane->kind->position != NULL)
        pane->kind->position(pane->model, out);
}

/* RL-26: as long as a draft cannot be stored, it is said. */
static bool draft_failure(workstation *station, buffer *out)
{
    for (size_t i = 0; i < station->record_count; i++) {
        const edit_state *state = edit_state_of(station->records[i]->session);
        if (state->draft_failed) {
            const char *elsewhere = station_kept_elsewhere(station->records[i]);
            buffer_append_format(out, "Draft NOT stored: %s", state->draft_failure);
            if (elsewhere != NULL)
                buffer_append_format(out, ". Its text is kept in %s", elsewhere);
            return true;
        }
    }
    return false;
}

/* The hidden pane is named as long as the message leaves room for it. */
static void add_hidden(workstation *station, buffer *position, const surface *row, int message_columns)
{
    enum { PLACE_OF_POSITION = 16 };
    const char *hidden = hidden_title(station);
    if (hidden != NULL && message_columns + (int)strlen(hidden) + 8 + PLACE_OF_POSITION < row->columns)
        buffer_append_format(position, "[F6: %s]  ", hidden);
}

enum { MESSAGE_ROWS = 4 };

/* A message is read whole: what does not fit into one row takes rows above it, as long as it stands. Its last row leaves room for
 * what stands there always (ED-107), but where it takes every row. */
typedef struct message_lines {
    size_t lengths[MESSAGE_ROWS];
    int rows, last_columns; /* of the last one: how wide it is */
} message_lines;

static message_lines lay_message(text message, int columns, int reserved, bool utf8)
{
    message_lines lines = { .rows = 0 };
    while (message.length > 0 && lines.rows < MESSAGE_ROWS) {
        const int wide = display_width(message, utf8);
        size_t *length = &lines.lengths[lines.rows++];
        if (lines.rows == MESSAGE_ROWS || wide <= columns - reserved)
            *length = message.length;
        else
            *length = words_on_line(message, wide <= columns ? columns - reserved : columns, utf8);
        lines.last_columns = display_width(text_of(message.bytes, *length), utf8);
        message = text_of(message.bytes + *length, message.length - *length);
    }
    return lines;
}

static void draw_message(const surface *whole, role look, text message, const message_lines *lines)
{
    const int columns = whole->columns - 2, last = whole->rows - 2;
    for (int i = 0; i < lines->rows; i++) {
        if (i + 1 < lines->rows)
            surface_fill(whole, last - lines->rows + 1 + i, 0, whole->columns, ' ', ROLE_STATUS);
        surface_data(whole, last - lines->rows + 1 + i, 1, columns, look, text_of(message.bytes, lines->lengths[i]), true);
        message = text_of(message.bytes + lines->lengths[i], message.length - lines->lengths[i]);
    }
}

/* What stands at the end of the row always. @return its columns; 0: nothing, or too much of it */
static int standing_text(workstation *station, buffer *out, int columns, bool utf8)
{
    const open_pane *pane = station_focused_pane(station);
    if (pane != NULL && pane->kind->standing != NULL)
        pane->kind->standing(pane->model, out);
    const int wide = display_width(buffer_text(out), utf8);
    return wide < columns / 2 ? wide : 0;
}

/* What happened comes first, then where the cursor is, then what stands there always. */
static void draw_status(workstation *station, const surface *screen)
{
    buffer position, message, standing;
    const surface whole = surface_part(screen, screen->rows - 2, 0, 1, screen->columns);
    const bool news = station->status[0] != '\0' && strcmp(station->status, station->status_shown) != 0;
    buffer_init(&message, 4096);
    const bool failed = draft_failure(station, &message);
    if (surface_may_wait(&whole, station) && !news && !failed) {
        buffer_release(&message);
        return;
    }
    snprintf(station->status_shown, sizeof station->status_shown, "%s", station->status);
    surface_fill(&whole, 0, 0, whole.columns, ' ', ROLE_STATUS);
    buffer_init(&position, 4096);
    buffer_init(&standing, 200);
    if (!failed)
        buffer_append_string(&message, station->status);
    const bool utf8 = screen->screen->utf8;
    const int standing_columns = standing_text(station, &standing, whole.columns, utf8);
    const message_lines lines =
        lay_message(buffer_text(&message), whole.columns - 2, standing_columns > 0 ? standing_columns + 2 : 0, utf8);
    const int said = display_width(buffer_text(&message), utf8);
    station->message_covers = lines.rows > 1;
    const bool stands = standing_columns > 0 && lines.last_columns + standing_columns + 3 < whole.columns;
    const surface row = surface_part(&whole, 0, 0, 1, whole.columns - (stands ? standing_columns + 1 : 0));
    add_hidden(station, &position, &row, said);
    position_text(station, &position);
    int right = display_width(buffer_text(&position), screen->screen->utf8);
    const int most = message.length == 0 ? row.columns - 4 : row.columns / 2;
    right = right > most ? most : right;
    if (lines.rows > 1 || said > row.columns - 3 - right)
        right = 0; /* what happened matters more than where the cursor is */
    draw_message(screen,
                 failed                     ? ROLE_TEXT_PLACEHOLDER
                 : station->status_is_error ? ROLE_STATUS_ERROR
                                            : ROLE_STATUS,
                 buffer_text(&message), &lines);
    if (stands)
        surface_data(&whole, 0, whole.columns - 1 - standing_columns, standing_columns, ROLE_STATUS, buffer_text(&standing),
                     true);
    if (right > 0)
        surface_data(&row, 0, row.columns - 1 - right, right, ROLE_STATUS, buffer_text(&position), true);
    buffer_release(&message);
    buffer_release(&position);
    buffer_release(&standing);
}

static void gather_hints(workstation *station, const char *context)
{
    const binding *all[512];
    size_t count = keymap_list(all, sizeof all / sizeof *all, station->keymap, context);
    station->hint_count = 0;
    for (size_t i = 0; i < count && i < sizeof all / sizeof *all && station->hint_count < HINTS_MAX; i++) {
        bool known = false; /* the first key of a command is its hint */
        for (size_t j = 0; j < station->hint_count; j++)
            known |= station->hints[j]->command == all[i]->command;
        if (all[i]->hint[0] != '\0' && !known)
            station->hints[station->hint_count++] = all[i];
    }
    station->menu_hint = keymap_key_of(station->keymap, context, "app.menu");
    station->hint_context = context;
}

static void draw_hints(workstation *station, const surface *row)
{
    const char *context = station_context(station);
    buffer key;
    if (station->hint_context == NULL || strcmp(station->hint_context, context) != 0)
        gather_hints(station, context);
    if (surface_may_wait(row, context))
        return;
    surface_fill(row, 0, 0, row->columns, ' ', ROLE_HINT_TEXT);
    int column = 1, room = row->columns - 5; /* F10 always fits */
    buffer_init(&key, 200);
    for (size_t i = 0; i < station->hint_count; i++) {
        const binding *hint = station->hints[i];
        buffer_clear(&key);
        binding_write(&key, hint, true);
        int columns = display_width(buffer_text(&key), row->screen->utf8) + 1 + (int)strlen(hint->hint);
        if (column + columns > room || strcmp(hint->command->name, "app.menu") == 0)
            continue;
        const char *cannot = station_cannot(station, hint->command);
        bool off = cannot != NULL && *cannot != '\0';
        column += surface_data(row, 0, column, columns, off ? ROLE_HINT_OFF : ROLE_HINT_KEY, buffer_text(&key), false) + 1;
        column += surface_data(row, 0, column, columns, off ? ROLE_HINT_OFF : ROLE_HINT_TEXT, text_from(hint->hint), false) + 2;
    }
    const binding *menu = station->menu_hint;
    buffer_clear(&key);
    if (menu != NULL)
        binding_write(&key, menu, true);
    if (menu != NULL && column + (int)key.length < row->columns)
        surface_data(row, 0, column, row->columns - column, ROLE_HINT_KEY, buffer_text(&key), false);
    buffer_release(&key);
}

/* One line; on fewer columns than it has, it goes on in the next row. */
static void draw_too_small(const surface *whole)
{
    text left = TEXT("Terminal too small (need 40x12)");
    for (int row = 0; row < whole->rows && left.length > 0; row++) {
        size_t used = left.length < (size_t)whole->columns ? left.length : (size_t)whole->columns;
        surface_data(whole, row, 0, whole->columns, ROLE_TEXT, text_of(left.bytes, used), false);
        left = text_of(left.bytes + used, left.length - used);
    }
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void draw_tour(workstation *station, const surface *row)
{
    surface_fill(row, 0, 0, row->columns, ' ', ROLE_BAR);
    surface_data(row, 0, 1, row->columns - 2, ROLE_BAR, text_from(tour_line(station)), true);
}

static void draw_overlays(workstation *station, const surface *whole)
{
    for (size_t i = 0; i < station->overlay_count; i++) {
        station->screen.cursor_row = -1;
        station->overlays[i].draw(station->overlays[i].model, whole, station);
    }
    if (station->overlay_count > 0 && station->overlays[station->overlay_count - 1].hint != NULL) {
        surface row = surface_part(whole, whole->rows - 1, 0, 1, whole->columns);
        surface_fill(&row, 0, 0, row.columns, ' ', ROLE_HINT_TEXT);
        surface_data(&row, 0, 1, row.columns - 2, ROLE_HINT_TEXT, text_from(station->overlays[station->overlay_count - 1].hint),
                     true);
    }
}

void station_draw(workstation *station)
{
    surface whole = screen_surface(&station->screen);
    screen_begin(&station->screen, station->hurries, station->key_is_held);
    if (whole.rows < SMALLEST_ROWS || whole.columns < SMALLEST_COLUMNS) {
        draw_too_small(&whole);
        return;
    }
    bool tour = tour_line(station) != NULL;
    surface bar = surface_part(&whole, 0, 0, 1, whole.columns);
    surface work = surface_part(&whole, 1, 0, whole.rows - 3 - (tour ? 1 : 0), whole.columns);
    surface hints = surface_part(&whole, whole.rows - 1, 0, 1, whole.columns);
    draw_bar(station, &bar);
    draw_work(station, &work);
    if (tour) {
        surface row = surface_part(&whole, whole.rows - 3, 0, 1, whole.columns);
        draw_tour(station, &row);
    }
    draw_status(station, &whole);
    draw_hints(station, &hints);
    draw_overlays(station, &whole);
}
