/* src/tui/help.c - every key of this screen, made from the live tables; what this TERM cannot send is struck out (ED-200).
 *
 * A row is a command with all its keys. The keys of the pane come first, by the menu a command stands in, then those of every
 * list, then those of every screen. What is typed narrows the rows: all its words occur in keys, name, title or sentence. */
#include "pane_common.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINDINGS_READ = 1000, KEYS_SHOWN = 4, KEYS_COLUMN = 2, TITLE_COLUMN = 26, TYPED_MAX = 100, NAME_MAX = 64 };

typedef struct help_row {
    char heading[NAME_MAX]; /* a group begins; no command */
    const command *command;
    const char *argument;
    const binding *keys[KEYS_SHOWN];
    size_t key_count;
} help_row;

typedef struct help {
    help_row *rows; /* all, in order; headings among them */
    size_t row_count;
    size_t *found; /* of the rows: those that answer to what is typed */
    line_input input;
    const char *context;
    list_view list;
    bool unsent; /* some key cannot be sent by this terminal */
} help;

static void release(void *model)
{
    help *help = model;
    line_input_release(&help->input);
    free(help->rows);
    free(help->found);
    free(help);
}

/* ---- what there is ------------------------------------------------------------------------------------------------ */

/* The groups of the pane's own keys: its menus, then what stands in no menu. */
static const char *const groups[] = { "Record", "Edit", "Search", "View", "Inventory", "Rules", "File", NULL };
enum { GROUP_COUNT = sizeof groups / sizeof *groups };

static size_t group_of(const command *command)
{
    for (size_t i = 0; i + 1 < GROUP_COUNT; i++)
        if (command->menu != NULL && strcmp(command->menu, groups[i]) == 0)
            return i;
    return GROUP_COUNT - 1;
}

static bool is_sent(const binding *binding)
{
    for (size_t i = 0; i < binding->key_count; i++)
        if (!key_can_be_sent(&binding->keys[i], terminal_knows_key))
            return false;
    return true;
}

/* Another key of a command that has a row already. */
static bool joins_row(help *help, const binding *one)
{
    for (size_t i = 0; i < help->row_count; i++) {
        help_row *row = &help->rows[i];
        if (row->command == NULL || row->command != one->command || strcmp(row->argument, one->argument) != 0)
            continue;
        if (row->key_count < KEYS_SHOWN)
            row->keys[row->key_count++] = one;
        return true;
    }
    return false;
}

static void add_row(help *help, const binding *one, const char *heading)
{
    help->unsent |= !is_sent(one);
    if (joins_row(help, one))
        return;
    bool begins = true;
    for (size_t i = 0; i < help->row_count; i++)
        begins &= strcmp(help->rows[i].heading, heading) != 0;
    if (begins)
        (void)snprintf(help->rows[help->row_count++].heading, NAME_MAX, "%s", heading);
    help_row *row = &help->rows[help->row_count++];
    row->command = one->command;
    row->argument = one->argument;
    row->keys[row->key_count++] = one;
}

static void add_own(help *help, const binding *const *all, size_t count, size_t group)
{
    char heading[NAME_MAX];
    (void)snprintf(heading, sizeof heading, "%s: %s", keymap_context_title(help->context),
                   groups[group] != NULL ? groups[group] : "moving and typing");
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->context, help->context) == 0 && group_of(all[i]->command) == group)
            add_row(help, all[i], heading);
}

/* Where text is typed a character is text, whatever it does elsewhere: "?" is no key there (station_take_key). */
static bool types_letters(workstation *station, const char *context)
{
    const open_pane *pane = station_focused_pane(station);
    return pane != NULL && pane->kind->takes_letters && !keymap_context_is_list(context) && !station_is_modal(station);
}

static bool is_character_of_all(const binding *binding)
{
    const key *first = &binding->keys[0];
    return strcmp(binding->context, "all") == 0 && first->name == KEY_IS_TEXT && !first->ctrl && !first->alt;
}

static bool gather(help *help, const keymap *keymap, bool types)
{
    const binding *all[BINDINGS_READ];
    size_t count = keymap_list(all, BINDINGS_READ, keymap, help->context);
    count = count < BINDINGS_READ ? count : BINDINGS_READ;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!types || !is_character_of_all(all[i]))
            all[kept++] = all[i];
    count = kept;
    help->rows = calloc(count * 2 + 1, sizeof *help->rows);
    help->found = calloc(count * 2 + 1, sizeof *help->found);
    if (help->rows == NULL || help->found == NULL)
        return false;
    for (size_t group = 0; group < GROUP_COUNT; group++)
        add_own(help, all, count, group);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->context, help->context) != 0)
            add_row(help, all[i], strcmp(all[i]->context, "all") == 0 ? "On every screen" : "In every list");
    return true;
}

/* ---- what is looked for -------------------------------------------------------------------------------------------- */

static bool contains(text whole, text part)
{
    for (size_t i = 0; i + part.length <= whole.length; i++)
        if (text_equal_ascii_case(text_of(whole.bytes + i, part.length), part))
            return true;
    return false;
}

static void append_keys(buffer *out, const help_row *row)
{
    for (size_t i = 0; i < row->key_count; i++) {
        if (i > 0)
            buffer_append_string(out, ", ");
        if (!is_sent(row->keys[i]))
            buffer_append_char(out, '-');
        binding_write(out, row->keys[i], false);
        if (!is_sent(row->keys[i]))
            buffer_append_char(out, '-');
    }
}

static bool answers(const help_row *row, text words)
{
    buffer keys;
    bool all = true;
    buffer_init(&keys, 4096);
    append_keys(&keys, row);
    while (all && words.bytes != NULL && words.length > 0) {
        const text word = text_next_field(&words, ' ');
        all = word.length == 0 || contains(buffer_text(&keys), word) || contains(text_from(row->command->name), word) ||
              contains(text_from(row->command->title), word) || contains(text_from(row->command->help), word);
    }
    buffer_release(&keys);
    return all;
}

/* 3: called so; 2: its title begins so; 1: its title has it; 0: only its sentence mentions it */
static int is_called(const command *command, text typed)
{
    const text title = text_from(command->title);
    if (typed.length == 0 || !contains(title, typed))
        return 0;
    if (!text_equal_ascii_case(text_of(title.bytes, typed.length), typed))
        return 1;
    return title.length == typed.length ? 3 : 2;
}

/* What Enter runs when nothing else is chosen: the command that is called as what is typed. */
static size_t best_of(const help *help, text typed)
{
    size_t best = help->list.count > 1 ? 1 : 0;
    int called = 0;
    for (size_t i = 0; i < help->list.count; i++) {
        const command *command = help->rows[help->found[i]].command;
        if (command != NULL && is_called(command, typed) > called) {
            called = is_called(command, typed);
            best = i;
        }
    }
    return best;
}

/* A heading stays when something of its group does. */
static void narrow(help *help)
{
    const text typed = text_trim(buffer_text(&help->input.text));
    size_t heading = SIZE_MAX;
    help->list = (list_view){ 0 };
    for (size_t i = 0; i < help->row_count; i++) {
        if (help->rows[i].command == NULL) {
            heading = i;
            continue;
        }
        if (!answers(&help->rows[i], typed))
            continue;
        if (heading != SIZE_MAX)
            help->found[help->list.count++] = heading;
        heading = SIZE_MAX;
        help->found[help->list.count++] = i;
    }
    help->list.current = best_of(help, typed);
}

static const help_row *row_at(const help *help, size_t place)
{
    return place < help->list.count ? &help->rows[help->found[place]] : NULL;
}

static size_t commands_found(const help *help)
{
    size_t count = 0;
    for (size_t i = 0; i < help->list.count; i++)
        count += row_at(help, i)->command != NULL;
    return count;
}

/* ---- drawing ------------------------------------------------------------------------------------------------------- */

static bool can_be_typed(const help_row *row)
{
    for (size_t i = 0; i < row->key_count; i++)
        if (is_sent(row->keys[i]))
            return true;
    return false;
}

static const char *sentence_of(const help_row *row)
{
    return can_be_typed(row) ? row->command->help : "this terminal does not send the key; : and the name does it";
}

/* Below 100 columns keys and title are read whole, and the foot alone says what the current one does. */
static void draw_row(const help_row *row, const surface *area, int y, buffer *keys)
{
    const bool wide = area->columns >= SPLIT_COLUMNS;
    const int title = wide ? 32 : 40, told = wide ? 68 : area->columns;
    if (row->command == NULL) {
        surface_put(area, y, 1, ROLE_TITLE, row->heading);
        return;
    }
    buffer_clear(keys);
    append_keys(keys, row);
    surface_data(area, y, KEYS_COLUMN, title - KEYS_COLUMN - 1, can_be_typed(row) ? ROLE_HINT_KEY : ROLE_HINT_OFF,
                 buffer_text(keys), true);
    int x = title + surface_data(area, y, title, told - title - 1, ROLE_TEXT, text_from(row->command->title), true) + 1;
    if (row->argument[0] != '\0')
        surface_data(area, y, x, told - x - 1, ROLE_TEXT_DIM, text_from(row->argument), true);
    surface_data(area, y, told, area->columns - told, ROLE_TEXT_DIM, text_from(sentence_of(row)), true);
}

/* In two rows. */
static void draw_told(const surface *area, int y, int columns, text told)
{
    const size_t first = words_on_line(told, columns, surface_utf8(area));
    surface_data(area, y, 1, columns, ROLE_TEXT_DIM, text_of(told.bytes, first), false);
    surface_data(area, y + 1, 1, columns, ROLE_TEXT_DIM, text_of(told.bytes + first, told.length - first), true);
}

/* What the command under the cursor does, whole: the rows of 80 columns cut it. */
static void draw_foot(const help *help, const surface *area, int y)
{
    const help_row *row = row_at(help, help->list.current);
    if (row != NULL && row->command != NULL)
        draw_told(area, y, area->columns - 2, text_from(sentence_of(row)));
    else
        surface_put(area, y, 1, ROLE_TEXT_DIM, "no key here has to do with that; : takes any command by name");
}

/* How many answer to what is typed; else what the bars around a key mean. */
static void draw_heading(const help *help, const surface *area)
{
    char title[NAME_MAX + 10], right[40] = "";
    (void)snprintf(title, sizeof title, "Keys: %s", keymap_context_title(help->context));
    const size_t found = commands_found(help);
    if (help->input.text.length > 0)
        (void)snprintf(right, sizeof right, "%zu command%s", found, found == 1 ? "" : "s");
    else if (help->unsent)
        (void)snprintf(right, sizeof right, "-key-: not sent by this terminal");
    surface_rule(area, 0, true, title, right);
}

static void help_draw(void *model, const surface *whole, workstation *station)
{
    help *help = model;
    buffer keys;
    surface area = surface_part(whole, 1, 0, whole->rows - 2, whole->columns);
    surface list = surface_part(&area, 2, 0, area.rows - 4, area.columns);
    (void)station;
    surface_clear(&area, ROLE_TEXT);
    draw_heading(help, &area);
    list_view_fit(&help->list, (size_t)list.rows);
    if (help->list.current == 1 && help->list.top == 1)
        help->list.top = 0; /* the first heading */
    buffer_init(&keys, 4096);
    for (int y = 0; y < list.rows && help->list.top + (size_t)y < help->list.count; y++) {
        if (help->list.top + (size_t)y == help->list.current)
            surface_put(&list, y, 0, ROLE_CURSOR_LINE, ">");
        draw_row(row_at(help, help->list.top + (size_t)y), &list, y, &keys);
    }
    buffer_release(&keys);
    draw_foot(help, &area, area.rows - 2);
    surface_put(&area, 1, 1, ROLE_LABEL, "Filter");
    line_input_draw(&help->input, &area, 1, 8, area.columns - 9, true);
}

/* ---- keys ---------------------------------------------------------------------------------------------------------- */

static void run_current(help *help, workstation *station)
{
    const help_row *row = row_at(help, help->list.current);
    if (row == NULL || row->command == NULL)
        return;
    const binding chosen = *row->keys[0];
    station_drop_overlay(station, help);
    station_execute(station, chosen.command, chosen.argument);
}

/* A heading is no place to be: on over it, in the direction that was taken. */
static void pass_heading(help *help, size_t was)
{
    const help_row *row = row_at(help, help->list.current);
    if (row == NULL || row->command != NULL)
        return;
    const bool up = help->list.current < was && help->list.current > 0;
    help->list.current += up ? (size_t)-1 : 1;
}

static bool moves(help *help, const key *key, size_t rows)
{
    static const struct {
        key_name key;
        const char *command;
    } keys[] = { { KEY_NAME_UP, "list.up" },
                 { KEY_NAME_DOWN, "list.down" },
                 { KEY_NAME_PAGE_UP, "list.page_up" },
                 { KEY_NAME_PAGE_DOWN, "list.page_down" } };
    const size_t was = help->list.current;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key->name) {
            list_view_run(&help->list, keys[i].command, rows);
            pass_heading(help, was);
            return true;
        }
    return false;
}

static void help_typed(void *model, const key *key, workstation *station)
{
    help *help = model;
    if (key->name == KEY_NAME_ENTER) {
        run_current(help, station);
    } else if (key->name == KEY_NAME_ESCAPE && help->input.text.length > 0) {
        line_input_set(&help->input, "", false);
        narrow(help);
    } else if (key->name == KEY_NAME_ESCAPE || key->name == KEY_NAME_F1) {
        station_drop_overlay(station, help);
    } else if (!moves(help, key, (size_t)station_rows(station) - 6) && line_input_typed(&help->input, key)) {
        narrow(help);
    }
}

static void help_paste(void *model, text pasted)
{
    help *help = model;
    line_input_paste(&help->input, pasted);
    narrow(help);
}

void help_open(workstation *station)
{
    help *made = calloc(1, sizeof *made);
    if (made == NULL)
        return;
    line_input_init(&made->input, TYPED_MAX);
    made->context = station_context(station);
    if (!gather(made, station->keymap, types_letters(station, made->context))) {
        release(made);
        return;
    }
    narrow(made);
    const overlay layer = { help_draw, help_typed, help_paste,
                            release,   made,       "Typing narrows the list  Up/Down Choose  Enter Run it  Esc Back" };
    station_add_overlay(station, &layer);
}
