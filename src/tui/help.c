/* src/tui/help.c - every key of this screen, made from the live tables; what this TERM cannot send is struck out (ED-200). */
#include "station.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 500 };

typedef struct help {
    const binding *rows[ROWS_MAX];
    const char *context;
    list_view list;
} help;

static void draw_row(const help *help, const surface *area, int row, size_t index, buffer *key)
{
    const binding *binding = help->rows[index];
    bool sent = true;
    buffer_clear(key);
    for (size_t i = 0; i < binding->key_count; i++)
        sent &= key_can_be_sent(&binding->keys[i], terminal_knows_key);
    if (!sent)
        buffer_append_char(key, '-');
    binding_write(key, binding, false);
    if (!sent)
        buffer_append_char(key, '-');
    surface_data(area, row, 2, 17, sent ? ROLE_HINT_KEY : ROLE_HINT_OFF, buffer_text(key), true);
    surface_data(area, row, 20, 26, ROLE_TEXT, text_from(binding->command->title), true);
    int column = 47;
    if (binding->argument[0] != '\0')
        column += surface_format(area, row, column, ROLE_TEXT_DIM, "%s ", binding->argument);
    surface_data(area, row, column, area->columns - column, ROLE_TEXT_DIM,
                 text_from(sent ? binding->command->help : "this terminal does not send it; : works"), true);
}

/* What the command under the cursor does, whole: the rows of 80 columns cut it. */
static void draw_foot(const help *help, const surface *area, int row)
{
    if (help->list.current > 0 && help->list.current < help->list.count)
        surface_data(area, row, 1, area->columns - 12, ROLE_TEXT_DIM, text_from(help->rows[help->list.current]->command->help),
                     true);
    else
        surface_put(area, row, 1, ROLE_TEXT_DIM, ": takes any command by name, F10 opens the menus, Esc goes one step out.");
    surface_format(area, row, area->columns - 8, ROLE_TEXT_DIM, "%zu/%zu", help->list.current + 1, help->list.count);
}

static void help_draw(void *model, const surface *whole, workstation *station)
{
    help *help = model;
    buffer text;
    surface area = surface_part(whole, 1, 0, whole->rows - 2, whole->columns);
    int rows = area.rows - 2;
    (void)station;
    surface_clear(&area, ROLE_TEXT);
    buffer_init(&text, 400);
    buffer_append_format(&text, "Keys: %s", keymap_context_title(help->context));
    surface_rule(&area, 0, true, buffer_string(&text), "-key- cannot be sent by this terminal");
    list_view_fit(&help->list, (size_t)rows);
    for (int row = 0; row < rows && help->list.top + (size_t)row < help->list.count; row++) {
        size_t index = help->list.top + (size_t)row;
        if (index == help->list.current) {
            surface_put(&area, row + 1, 0, ROLE_TEXT, ">");
            surface_cursor(&area, row + 1, 0);
        }
        draw_row(help, &area, row + 1, index, &text);
    }
    buffer_release(&text);
    draw_foot(help, &area, rows + 1);
}

static void help_typed(void *model, const key *key, workstation *station)
{
    help *help = model;
    const binding *found = NULL;
    if (key->name == KEY_NAME_ENTER && help->list.count > 0) {
        const binding chosen = *help->rows[help->list.current];
        station_drop_overlay(station, help);
        station_execute(station, chosen.command, chosen.argument);
        return;
    }
    if (keymap_find(&found, station->keymap, "list", key, 1) == KEYMAP_FOUND &&
        list_view_run(&help->list, found->command->name, (size_t)station_rows(station) - 4))
        return;
    station_drop_overlay(station, help);
}

void help_open(workstation *station)
{
    help *made = calloc(1, sizeof *made);
    if (made == NULL)
        return;
    made->context = station_context(station);
    size_t count = keymap_list(made->rows, ROWS_MAX, station->keymap, made->context);
    made->list.count = count < ROWS_MAX ? count : ROWS_MAX;
    const overlay layer = { help_draw, help_typed, NULL, free, made, "Up/Down Scroll  Enter Run it  Esc Back" };
    station_add_overlay(station, &layer);
}
