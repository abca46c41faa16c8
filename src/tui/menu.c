/* src/tui/menu.c - the numbered menus (ED-26, ED-28): rows of the command table by menu, with their keys.
 *
 * What cannot be done is greyed and says why when chosen; it is never missing (ED-7). */
#include "quick_links.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const menus[] = { "File", "Record", "Edit", "View", "Search", "Inventory", "Rules", "Quick" };
enum {
    MENU_COUNT = sizeof menus / sizeof *menus,
    QUICK = MENU_COUNT - 1, /* what the cataloger has pinned (ED-27) */
    ENTRIES_MAX = 64,
    DIGITS = 9,
    BINDINGS_MAX = 1000,
    BOX_COLUMNS = 64,
    TITLE_COLUMN = 3
};

typedef struct menu {
    size_t number; /* which of the menus */
    const command *entries[ENTRIES_MAX];
    const binding *keys[ENTRIES_MAX][2]; /* its key, and another for terminals that do not send the first */
    bool pinned[ENTRIES_MAX];            /* stands in the menu Quick, too */
    list_view list;
} menu;

/* Gathered once a menu: the list of all keys is long. */
static void find_keys(workstation *station, menu *menu)
{
    const binding *all[BINDINGS_MAX];
    size_t count = keymap_list(all, BINDINGS_MAX, station->keymap, station_context(station));
    memset(menu->keys, 0, sizeof menu->keys);
    for (size_t i = 0; i < count && i < BINDINGS_MAX; i++)
        for (size_t entry = 0; entry < menu->list.count && all[i]->argument[0] == '\0'; entry++) {
            if (menu->entries[entry] != all[i]->command)
                continue;
            if (menu->keys[entry][0] == NULL)
                menu->keys[entry][0] = all[i];
            else if (menu->keys[entry][1] == NULL)
                menu->keys[entry][1] = all[i];
        }
}

/* Rows of this screen and of the whole program; what the cataloger may not do stays, greyed. */
static void find_pins(workstation *station, menu *menu)
{
    const command *pinned[QUICK_LINKS_MOST];
    const size_t count = quick_links(pinned, QUICK_LINKS_MOST, station);
    memset(menu->pinned, 0, sizeof menu->pinned);
    for (size_t i = 0; i < count; i++)
        for (size_t entry = 0; entry < menu->list.count; entry++)
            menu->pinned[entry] |= menu->entries[entry] == pinned[i];
}

static bool is_in(workstation *station, const command *command, size_t number)
{
    return command->menu != NULL && strcmp(command->menu, menus[number]) == 0 && station_belongs_here(station, command);
}

static void fill_quick(workstation *station, menu *menu)
{
    const command *pinned[QUICK_LINKS_MOST];
    const size_t count = quick_links(pinned, QUICK_LINKS_MOST, station);
    for (size_t i = 0; i < count; i++)
        if (station_belongs_here(station, pinned[i]))
            menu->entries[menu->list.count++] = pinned[i];
}

static void fill(workstation *station, menu *menu, size_t number)
{
    size_t count;
    const command *table = command_table(&count);
    menu->number = number;
    menu->list = (list_view){ 0 };
    if (number == QUICK)
        fill_quick(station, menu);
    for (size_t i = 0; i < count && menu->list.count < ENTRIES_MAX; i++)
        if (is_in(station, &table[i], number))
            menu->entries[menu->list.count++] = &table[i];
    find_keys(station, menu);
    find_pins(station, menu);
}

static int draw_titles(const menu *menu, const surface *row)
{
    int column = 1, at = 1;
    surface_fill(row, 0, 0, row->columns, ' ', ROLE_MENU);
    for (size_t i = 0; i < MENU_COUNT; i++) {
        bool current = i == menu->number;
        if (current)
            at = column;
        column += surface_format(row, 0, column, current ? ROLE_MENU_CURRENT : ROLE_MENU, "%c%zu %s%c", current ? '[' : ' ',
                                 i + 1, menus[i], current ? ']' : ' ');
    }
    return at;
}

static void first_key(const menu *menu, size_t index, buffer *out)
{
    buffer_clear(out);
    if (menu->keys[index][0] != NULL)
        binding_write(out, menu->keys[index][0], false);
}

/* The key and its fallback (ED-28): another key, else the name that the command line takes; without the latter where
 * the title needs the room. */
static void key_text(const menu *menu, size_t index, int columns, buffer *out)
{
    first_key(menu, index, out);
    if (out->length > 0)
        buffer_append_string(out, "  ");
    if (menu->keys[index][1] != NULL)
        binding_write(out, menu->keys[index][1], false);
    else
        buffer_append_format(out, ":%s", menu->entries[index]->name);
    if (menu->keys[index][0] != NULL && display_width(buffer_text(out), true) > columns)
        first_key(menu, index, out);
}

static void draw_entry(workstation *station, const menu *menu, const surface *box, int row, size_t index, buffer *key)
{
    const command *command = menu->entries[index];
    const char *cannot = station_cannot(station, command);
    bool current = index == menu->list.current, off = cannot != NULL && *cannot != '\0';
    role look = off ? ROLE_HINT_OFF : ROLE_DIALOG;
    if (index < DIGITS)
        surface_format(box, row, 1, look, "%zu", index + 1);
    surface_put(box, row, 0, look, current ? ">" : " ");
    if (menu->pinned[index])
        surface_put(box, row, TITLE_COLUMN - 1, look, "+");
    surface_put(box, row, TITLE_COLUMN, look, command->title);
    key_text(menu, index, box->columns - TITLE_COLUMN - display_width(text_from(command->title), true) - 2, key);
    int columns = display_width(buffer_text(key), true);
    surface_data(box, row, box->columns - columns - 1, columns, look, buffer_text(key), false);
    if (current)
        surface_paint(box, row, 0, box->columns, ROLE_DIALOG_CURRENT);
}

static const char *nothing_in(const menu *menu)
{
    return menu->number == QUICK ? "nothing is pinned for this screen: + on an entry of another menu pins it"
                                 : "nothing in this menu here";
}

/* The lower edge; where a menu is longer than the screen it says what is seen of it, and where the rest is. */
static void draw_edge(const menu *menu, const surface *box, int rows)
{
    char left[40] = "", right[40] = "";
    const size_t last = menu->list.top + (size_t)rows;
    const bool above = menu->list.top > 0, below = last < menu->list.count;
    if (above || below) {
        snprintf(left, sizeof left, "more %s%s%s", above ? "above" : "", above && below ? " and " : "", below ? "below" : "");
        snprintf(right, sizeof right, "%zu-%zu of %zu", menu->list.top + 1, last, menu->list.count);
    }
    surface_rule(box, rows, false, left, right);
}

static void menu_draw(void *model, const surface *whole, workstation *station)
{
    menu *menu = model;
    buffer key;
    surface titles = surface_part(whole, 0, 0, 1, whole->columns);
    int at = draw_titles(menu, &titles), columns = BOX_COLUMNS, rows = whole->rows - 4;
    if ((size_t)rows > menu->list.count)
        rows = (int)menu->list.count;
    if (at + columns > whole->columns)
        at = whole->columns > columns ? whole->columns - columns : 0;
    surface box = surface_part(whole, 1, at, rows + 1, columns);
    surface_clear(&box, ROLE_DIALOG);
    list_view_fit(&menu->list, (size_t)rows);
    buffer_init(&key, 400);
    for (int row = 0; row < rows && menu->list.top + (size_t)row < menu->list.count; row++)
        draw_entry(station, menu, &box, row, menu->list.top + (size_t)row, &key);
    draw_edge(menu, &box, rows);
    const command *current = menu->list.count > 0 ? menu->entries[menu->list.current] : NULL;
    const char *cannot = current != NULL ? station_cannot(station, current) : NULL;
    surface status = surface_part(whole, whole->rows - 2, 0, 1, whole->columns);
    surface_fill(&status, 0, 0, status.columns, ' ', ROLE_STATUS);
    int used = surface_data(&status, 0, 1, status.columns - 2, ROLE_STATUS,
                            text_from(current != NULL ? current->help : nothing_in(menu)), true);
    if (cannot != NULL && *cannot != '\0')
        surface_format(&status, 0, 1 + used, ROLE_STATUS_ERROR, ": %s", cannot);
    surface_cursor(&box, (int)(menu->list.current - menu->list.top), 0);
    buffer_release(&key);
}

static void choose(workstation *station, menu *menu, size_t index)
{
    const command *chosen = menu->entries[index];
    station_drop_overlay(station, menu);
    station_execute(station, chosen, NULL);
}

/* Into the menu of one's own, or out of it. */
static void turn_pin(workstation *station, menu *menu)
{
    const size_t current = menu->list.current;
    if (menu->list.count == 0)
        return;
    quick_links_turn(station, menu->entries[current]);
    find_pins(station, menu);
    if (menu->number != QUICK)
        return;
    fill(station, menu, QUICK);
    menu->list.current = current < menu->list.count || current == 0 ? current : current - 1;
}

static void menu_typed(void *model, const key *key, workstation *station)
{
    menu *menu = model;
    size_t rows = (size_t)(station_rows(station) - 4);
    static const struct {
        key_name key;
        const char *command;
    } moves[] = { { KEY_NAME_UP, "list.up" },           { KEY_NAME_DOWN, "list.down" },
                  { KEY_NAME_PAGE_UP, "list.page_up" }, { KEY_NAME_PAGE_DOWN, "list.page_down" },
                  { KEY_NAME_HOME, "list.home" },       { KEY_NAME_END, "list.end" } };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].key == key->name)
            list_view_run(&menu->list, moves[i].command, rows);
    if (key->name == KEY_NAME_ESCAPE || key->name == KEY_NAME_F10)
        station_drop_overlay(station, menu);
    else if (key->name == KEY_NAME_LEFT || key->name == KEY_NAME_BACKTAB)
        fill(station, menu, (menu->number + MENU_COUNT - 1) % MENU_COUNT);
    else if (key->name == KEY_NAME_RIGHT || key->name == KEY_NAME_TAB)
        fill(station, menu, (menu->number + 1) % MENU_COUNT);
    else if (key->name == KEY_NAME_ENTER && menu->list.count > 0)
        choose(station, menu, menu->list.current);
    else if (key->name == KEY_IS_TEXT && !key->ctrl && !key->alt && key->text[0] == '+')
        turn_pin(station, menu);
    else if (key->name == KEY_IS_TEXT && key->alt && key->text[0] >= '1' && key->text[0] < '1' + MENU_COUNT)
        fill(station, menu, (size_t)(key->text[0] - '1'));
    else if (key->name == KEY_IS_TEXT && !key->ctrl && key->text[0] >= '1' && key->text[0] <= '9' &&
             (size_t)(key->text[0] - '1') < menu->list.count)
        choose(station, menu, (size_t)(key->text[0] - '1'));
}

/* F10 alone: a digit chooses the menu first. */
static void titles_typed(void *model, const key *key, workstation *station)
{
    menu *menu = model;
    if (key->name == KEY_IS_TEXT && !key->ctrl && key->text[0] >= '1' && key->text[0] < '1' + MENU_COUNT) {
        fill(station, menu, (size_t)(key->text[0] - '1'));
        station->overlays[station->overlay_count - 1].typed = menu_typed;
        return;
    }
    station->overlays[station->overlay_count - 1].typed = menu_typed;
    if (key->name != KEY_NAME_DOWN)
        menu_typed(model, key, station);
}

void menu_open(workstation *station, int number)
{
    menu *made = calloc(1, sizeof *made);
    if (made == NULL)
        return;
    bool named = number >= 1 && number <= MENU_COUNT;
    fill(station, made, named ? (size_t)number - 1 : 0);
    const overlay layer = { menu_draw, named ? menu_typed : titles_typed,
                            NULL,      free,
                            made,      "1-9 Choose  Left/Right Other menu  Up/Down Entry  Enter Run  + Pin  Esc Back" };
    station_add_overlay(station, &layer);
}
