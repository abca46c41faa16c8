/* src/tui/palette.c - the command line: `:` and any command by its name or title, with completion (ED-201).
 *
 * An empty line lists all that can be done here; typing narrows; Tab completes; Enter runs the marked one. What follows the
 * command's name is its argument: "record.open 991000000000105816", "menu 3". */
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOUND_MAX = 1000, SHOWN_MAX = 12 };

typedef struct palette {
    line_input input;
    const command *found[FOUND_MAX];
    list_view list;
} palette;

/* The first word is looked for; the rest is the argument. */
static text first_word(text line, text *rest)
{
    line = text_trim(line);
    const char *blank = line.length > 0 ? memchr(line.bytes, ' ', line.length) : NULL;
    if (blank == NULL) {
        *rest = TEXT("");
        return line;
    }
    *rest = text_trim(text_of(blank + 1, (size_t)(line.bytes + line.length - blank - 1)));
    return text_of(line.bytes, (size_t)(blank - line.bytes));
}

static bool contains(const char *whole, text part)
{
    size_t length = strlen(whole);
    for (size_t i = 0; i + part.length <= length; i++)
        if (text_equal_ascii_case(text_of(whole + i, part.length), part))
            return true;
    return part.length == 0;
}

/* How well a command answers to what was typed: 3 its name, 2 the last part of its name, 1 somewhere; 0 not at all. */
static int answers(const command *command, text line)
{
    text rest, word = first_word(line, &rest);
    const char *last = strrchr(command->name, '.');
    if (text_equal_ascii_case(word, text_from(command->name)) ||
        text_equal_ascii_case(text_trim(line), text_from(command->title)))
        return 3;
    if (last != NULL && text_equal_ascii_case(word, text_from(last + 1)))
        return 2;
    return contains(command->name, word) || contains(command->title, text_trim(line)) ? 1 : 0;
}

/* What hands that know vi type behind the colon. */
static const struct {
    const char *typed, *command;
} abbreviations[] = {
    { "w", "record.save" },         { "wq", "record.save_release" },
    { "x", "record.save_release" }, { "q", "pane.close" },
    { "q!", "record.release" },     { "qa", "app.quit" },
    { "e", "record.open" },         { "n", "record.next" },
    { "N", "record.previous" },     { "bn", "record.next" },
    { "bp", "record.previous" },    { "u", "edit.undo" },
    { "red", "edit.redo" },         { "h", "app.help" },
    { "ls", "records.list" },       { "sp", "pane.split" },
    { "d", "field.cut" },           { "y", "field.copy" },
    { "pu", "field.paste" },        { "dr", "record.save_draft" },
    { "wa", "records.save_all" },
};

/* A number alone is a tag to go to. */
static const command *abbreviated(text line, char *argument, size_t capacity)
{
    text rest, word = first_word(line, &rest);
    int64_t number;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (text_equal(word, text_from(abbreviations[i].typed))) {
            snprintf(argument, capacity, "%.*s", (int)rest.length, rest.length > 0 ? rest.bytes : "");
            return command_named(abbreviations[i].command);
        }
    if (rest.length > 0 || word.length == 0 || word.length > 3 || !text_to_integer(word, &number) || number < 0)
        return NULL;
    snprintf(argument, capacity, "%.*s", (int)word.length, word.bytes);
    return command_named("cursor.last");
}

const command *palette_find(const char *line, char *argument, size_t capacity)
{
    const command *abbreviation = abbreviated(text_from(line), argument, capacity);
    if (abbreviation != NULL)
        return abbreviation;
    size_t count;
    const command *table = command_table(&count), *best = NULL;
    int best_answer = 0;
    bool several = false;
    text rest;
    first_word(text_from(line), &rest);
    for (size_t i = 0; i < count; i++) {
        int answer = answers(&table[i], text_from(line));
        if (answer > best_answer) {
            best = &table[i];
            best_answer = answer;
            several = false;
        } else if (answer == best_answer && answer > 0 && answer < 3) {
            several = true;
        }
    }
    bool by_title = best != NULL && text_equal_ascii_case(text_trim(text_from(line)), text_from(best->title));
    snprintf(argument, capacity, "%.*s", by_title ? 0 : (int)rest.length, rest.length > 0 ? rest.bytes : "");
    return several && best_answer < 3 ? NULL : best;
}

/* Commands of this screen come first among equals. */
static void search(palette *palette, workstation *station)
{
    size_t count;
    const command *table = command_table(&count);
    palette->list = (list_view){ 0 };
    for (int wanted = 3; wanted > 0; wanted--)
        for (int here = 1; here >= 0; here--)
            for (size_t i = 0; i < count && palette->list.count < FOUND_MAX; i++)
                if (answers(&table[i], buffer_text(&palette->input.text)) == wanted &&
                    station_belongs_here(station, &table[i]) == (here == 1))
                    palette->found[palette->list.count++] = &table[i];
}

static void palette_release(void *model)
{
    palette *palette = model;
    line_input_release(&palette->input);
    free(palette);
}

static void draw_found(workstation *station, const palette *palette, const surface *area, int row, size_t index, buffer *key)
{
    const command *command = palette->found[index];
    const char *cannot = station_cannot(station, command);
    bool off = cannot != NULL && *cannot != '\0', current = index == palette->list.current;
    const binding *bound = keymap_key_of(station->keymap, station_context(station), command->name);
    role look = off ? ROLE_HINT_OFF : ROLE_DIALOG;
    surface_fill(area, row, 0, area->columns, ' ', ROLE_DIALOG);
    surface_put(area, row, 0, look, current ? ">" : " ");
    surface_put(area, row, 2, look, command->name);
    surface_data(area, row, 26, area->columns - 40, look, text_from(off ? cannot : command->help), true);
    buffer_clear(key);
    if (bound != NULL)
        binding_write(key, bound, false);
    surface_data(area, row, area->columns - 13, 12, look, buffer_text(key), false);
    if (current)
        surface_paint(area, row, 0, area->columns, ROLE_DIALOG_CURRENT);
}

static void palette_draw(void *model, const surface *whole, workstation *station)
{
    palette *palette = model;
    buffer key;
    int rows = SHOWN_MAX < whole->rows - 5 ? SHOWN_MAX : whole->rows - 5;
    rows = (size_t)rows > palette->list.count ? (int)palette->list.count : rows;
    surface list = surface_part(whole, whole->rows - 2 - rows, 0, rows, whole->columns);
    surface rule = surface_part(whole, whole->rows - 3 - rows, 0, 1, whole->columns);
    surface line = surface_part(whole, whole->rows - 2, 0, 1, whole->columns);
    list_view_fit(&palette->list, (size_t)rows);
    char count[40] = "";
    if (palette->input.text.length > 0)
        snprintf(count, sizeof count, "%zu command%s", palette->list.count, palette->list.count == 1 ? "" : "s");
    surface_rule(&rule, 0, true, "Command", count);
    buffer_init(&key, 400);
    for (int row = 0; row < rows; row++)
        draw_found(station, palette, &list, row, palette->list.top + (size_t)row, &key);
    buffer_release(&key);
    surface_fill(&line, 0, 0, line.columns, ' ', ROLE_STATUS);
    surface_put(&line, 0, 0, ROLE_LABEL, ":");
    line_input_draw(&palette->input, &line, 0, 1, line.columns - 2, true);
}

static void run_line(palette *palette, workstation *station)
{
    char argument[1024];
    const command *found = palette_find(buffer_string(&palette->input.text), argument, sizeof argument);
    bool moved = palette->list.current > 0;
    if ((found == NULL || moved) && palette->list.count > 0) {
        found = palette->found[palette->list.current];
        if (answers(found, buffer_text(&palette->input.text)) < 2)
            argument[0] = '\0'; /* the line was only a search */
    }
    if (found == NULL) {
        const char *nearest = command_nearest(buffer_string(&palette->input.text));
        if (nearest != NULL)
            station_say(station, "no command '%s'; did you mean %s?", buffer_string(&palette->input.text), nearest);
        else
            station_say(station, "no command '%s'", buffer_string(&palette->input.text));
        station_drop_overlay(station, palette);
        return;
    }
    station_drop_overlay(station, palette);
    station_execute(station, found, argument);
}

static void palette_typed(void *model, const key *key, workstation *station)
{
    palette *palette = model;
    static const struct {
        key_name key;
        const char *command;
    } moves[] = { { KEY_NAME_UP, "list.up" },
                  { KEY_NAME_DOWN, "list.down" },
                  { KEY_NAME_PAGE_UP, "list.page_up" },
                  { KEY_NAME_PAGE_DOWN, "list.page_down" } };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].key == key->name) {
            list_view_run(&palette->list, moves[i].command, SHOWN_MAX);
            return;
        }
    if (key->name == KEY_NAME_ESCAPE || (key->name == KEY_NAME_BACKSPACE && palette->input.text.length == 0)) {
        station_drop_overlay(station, palette);
    } else if (key->name == KEY_NAME_ENTER) {
        run_line(palette, station);
    } else if (key->name == KEY_NAME_TAB) {
        if (palette->list.count > 0)
            line_input_set(&palette->input, palette->found[palette->list.current]->name, false);
        search(palette, station);
    } else if (line_input_typed(&palette->input, key)) {
        search(palette, station);
    }
}

static void palette_paste(void *model, text pasted)
{
    palette *palette = model;
    line_input_paste(&palette->input, pasted);
    palette->list = (list_view){ 0 };
}

void palette_open(workstation *station)
{
    palette *made = calloc(1, sizeof *made);
    if (made == NULL)
        return;
    line_input_init(&made->input, 1024);
    search(made, station);
    const overlay layer = { palette_draw,    palette_typed, palette_paste,
                            palette_release, made,          "Enter Run  Tab Complete  Up/Down Choose  Esc Back" };
    station_add_overlay(station, &layer);
}
