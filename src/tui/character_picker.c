/* src/tui/character_picker.c - see character_picker.h. Tables are shown as a grid; what is looked for by name as a list.
 *
 * Recent and favourite characters are kept with the cataloger's settings, as text with a blank between each two. */
#include "character_picker.h"

#include "remembered.h"
#include "station.h"

#include "recto/marc/characters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOUND_MAX = 6144,
    TABLES_MAX = 40,
    RECENT_MAX = 32,
    GRID_COLUMNS = 16,
    CELL_COLUMNS = 4,
    BOX_ROWS = 14,
    BOX_COLUMNS = 68,
    HEAD_ROWS = 2,
    KEPT_BYTES = 512
};

typedef struct character_table {
    char key; /* 0: recent and favourite ones; '*': all */
    text name;
} character_table;

typedef struct picker {
    resource file;
    line_input input;
    character_table tables[TABLES_MAX];
    size_t table_count, table;
    struct found_character {
        int32_t code;
        text name; /* lent by the file; empty: looked up when it is drawn */
    } found[FOUND_MAX];
    list_view list;
    size_t seen_rows;
    bool everywhere; /* what was typed was looked for in all tables */
    bool in_lines;   /* linear mode: never a grid */
    void (*done)(workstation *station, void *context, text character);
    void *context;
} picker;

/* ---- recent and favourite ones ---- */

static const char RECENT[] = "characters/recent", FAVOURITE[] = "characters/favourite";

static bool has_character(text kept, text character)
{
    while (kept.bytes != NULL && kept.length > 0)
        if (text_equal(text_next_field(&kept, ' '), character))
            return true;
    return false;
}

/* All but `without`, at most `most`. */
static void append_others(buffer *out, text kept, text without, size_t most)
{
    while (kept.bytes != NULL && kept.length > 0 && most-- > 0) {
        text one = text_next_field(&kept, ' ');
        if (one.length == 0 || text_equal(one, without))
            continue;
        if (out->length > 0)
            buffer_append_char(out, ' ');
        buffer_append_text(out, one);
    }
}

void character_used(workstation *station, text character)
{
    buffer kept, next;
    buffer_init(&kept, KEPT_BYTES);
    buffer_init(&next, KEPT_BYTES);
    remembered_get(station, RECENT, &kept);
    buffer_append_text(&next, character);
    append_others(&next, buffer_text(&kept), character, RECENT_MAX - 1);
    if (!buffer_failed(&next) && !text_equal(buffer_text(&next), buffer_text(&kept)))
        remembered_set(station, RECENT, buffer_string(&next));
    buffer_release(&kept);
    buffer_release(&next);
}

/* @return true: it is a favourite now */
static bool turn_favourite(workstation *station, text character)
{
    buffer kept, next;
    buffer_init(&kept, KEPT_BYTES);
    buffer_init(&next, KEPT_BYTES);
    remembered_get(station, FAVOURITE, &kept);
    bool was = has_character(buffer_text(&kept), character);
    append_others(&next, buffer_text(&kept), character, RECENT_MAX);
    if (!was) {
        if (next.length > 0)
            buffer_append_char(&next, ' ');
        buffer_append_text(&next, character);
    }
    if (!buffer_failed(&next))
        remembered_set(station, FAVOURITE, buffer_string(&next));
    buffer_release(&kept);
    buffer_release(&next);
    return !was;
}

/* ---- what is found ---- */

static void add_found(picker *picker, int32_t code, text name)
{
    if (picker->list.count < FOUND_MAX)
        picker->found[picker->list.count++] = (struct found_character){ code, name };
}

static void add_kept(picker *picker, workstation *station, const char *which)
{
    buffer kept;
    buffer_init(&kept, KEPT_BYTES);
    remembered_get(station, which, &kept);
    text rest = buffer_text(&kept);
    while (rest.bytes != NULL && rest.length > 0) {
        text one = text_next_field(&rest, ' ');
        int32_t code = -1;
        if (one.length > 0)
            utf8_decode(one.bytes, one.length, &code);
        for (size_t i = 0; i < picker->list.count; i++)
            if (picker->found[i].code == code)
                code = -1;
        if (code >= 0)
            add_found(picker, code, TEXT(""));
    }
    buffer_release(&kept);
}

/* Every word typed begins a word of the name. */
static bool name_answers(text name, text words)
{
    while (words.bytes != NULL && words.length > 0) {
        text word = text_next_field(&words, ' ');
        bool here = word.length == 0;
        for (size_t i = 0; !here && i + word.length <= name.length; i++)
            here = (i == 0 || name.bytes[i - 1] == ' ' || name.bytes[i - 1] == '-') &&
                   text_equal_ascii_case(text_of(name.bytes + i, word.length), word);
        if (!here)
            return false;
    }
    return true;
}

static void add_typed_code(picker *picker, text typed)
{
    buffer made;
    bool mark;
    int32_t code = character_code_typed(typed);
    buffer_init(&made, 64);
    if (code >= 0x20 && (code < 0x7F || code > 0x9F) && (code < 0xD800 || code > 0xDFFF))
        add_found(picker, code, TEXT(""));
    else if (character_mnemonic(&made, typed, &mark) && utf8_decode(made.bytes, made.length, &code) == made.length)
        add_found(picker, code, TEXT(""));
    buffer_release(&made);
}

/* A mnemonic or code that was typed whole stands first already. */
static void add_named(picker *picker, text typed, char table)
{
    const int32_t first = picker->list.count > 0 ? picker->found[0].code : -1;
    text rest = picker->file.content;
    character_line line;
    while (character_next(&rest, &line))
        if (line.code >= 0 && line.code != first && (table == '*' || line.table == table) && name_answers(line.name, typed))
            add_found(picker, line.code, line.name);
}

static void find(picker *picker, workstation *station)
{
    text typed = text_trim(buffer_text(&picker->input.text));
    char table = picker->tables[picker->table].key;
    picker->list = (list_view){ 0 };
    if (typed.length > 0) {
        add_typed_code(picker, typed);
    } else if (table == 0) {
        add_kept(picker, station, FAVOURITE);
        add_kept(picker, station, RECENT);
        return;
    }
    picker->everywhere = table == '*' || table == 0;
    add_named(picker, typed, picker->everywhere ? '*' : table);
    if (picker->list.count == 0 && !picker->everywhere) { /* not in this table: then wherever it is */
        picker->everywhere = true;
        add_named(picker, typed, '*');
    }
}

static bool open_tables(picker *picker)
{
    character_line line;
    picker->tables[picker->table_count++] = (character_table){ 0, TEXT("Favourite and recent") };
    if (character_file_open(&picker->file, NULL) != RECTO_OK)
        return false;
    text rest = picker->file.content;
    while (picker->table_count + 1 < TABLES_MAX && character_next(&rest, &line))
        if (line.code < 0)
            picker->tables[picker->table_count++] = (character_table){ line.table, line.name };
    picker->tables[picker->table_count++] = (character_table){ '*', TEXT("All") };
    return true;
}

/* ---- describing ---- */

static void describe_code(buffer *out, int32_t code)
{
    marc8_home home = marc8_home_of(code);
    buffer_append_format(out, "U+%04X ", (unsigned)code);
    if (!character_name(out, code))
        buffer_append_string(out, "(no name known)");
    if (home.set == 0)
        buffer_append_string(out, ", not in MARC-8");
    else
        buffer_append_format(out, ", MARC-8 %s%s", home.name, home.in_parts ? " (letter and mark)" : "");
}

void character_describe(buffer *out, text grapheme)
{
    enum { MOST = 3 };
    size_t at = 0;
    for (int count = 0; at < grapheme.length; count++) {
        int32_t code;
        size_t bytes = utf8_decode(grapheme.bytes + at, grapheme.length - at, &code);
        if (count > 0)
            buffer_append_string(out, " + ");
        if (count == MOST) {
            buffer_append_string(out, "...");
            return;
        }
        if (code < 0)
            buffer_append_format(out, "byte %02X, not UTF-8", (unsigned)(unsigned char)grapheme.bytes[at]);
        else
            describe_code(out, code);
        at += bytes;
    }
}

/* ---- drawing ---- */

static bool as_grid(const picker *picker)
{
    return !picker->in_lines && picker->input.text.length == 0 && picker->tables[picker->table].key != 0;
}

static void draw_cell(const picker *picker, const surface *on, int y, int x, size_t index)
{
    char bytes[4];
    text character = text_of(bytes, utf8_encode(picker->found[index].code, bytes));
    bool here = index == picker->list.current;
    surface_data(on, y, x + 1, CELL_COLUMNS - 1, ROLE_FIELD_TEXT, character, false);
    if (here) {
        surface_put(on, y, x, ROLE_CURSOR_LINE, ">");
        surface_paint(on, y, x, CELL_COLUMNS - 1, ROLE_SELECTION);
        if (as_grid(picker)) /* else it stays where the name is typed */
            surface_cursor(on, y, x);
    }
}

static void draw_grid(picker *picker, const surface *on)
{
    size_t rows = (size_t)on->rows, line = picker->list.current / GRID_COLUMNS;
    size_t top = picker->list.top / GRID_COLUMNS;
    if (line < top)
        top = line;
    if (line >= top + rows)
        top = line - rows + 1;
    picker->list.top = top * GRID_COLUMNS;
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < GRID_COLUMNS; x++) {
            size_t index = (top + y) * GRID_COLUMNS + x;
            if (index < picker->list.count)
                draw_cell(picker, on, (int)y, (int)x * CELL_COLUMNS, index);
        }
}

static void draw_name(const picker *picker, const surface *on, int y, int x, size_t index)
{
    buffer name;
    if (picker->found[index].name.length > 0) {
        surface_data(on, y, x, on->columns - x, ROLE_DIALOG, picker->found[index].name, true);
        return;
    }
    buffer_init(&name, 256);
    if (character_name(&name, picker->found[index].code))
        surface_data(on, y, x, on->columns - x, ROLE_DIALOG, buffer_text(&name), true);
    buffer_release(&name);
}

static void draw_list(picker *picker, const surface *on)
{
    enum { CODE_COLUMN = 6, NAME_COLUMN = 15 };
    list_view_fit(&picker->list, (size_t)on->rows);
    for (size_t i = picker->list.top; i < picker->list.count && (int)(i - picker->list.top) < on->rows; i++) {
        int y = (int)(i - picker->list.top);
        draw_cell(picker, on, y, 0, i);
        surface_format(on, y, CODE_COLUMN, ROLE_TEXT_DIM, "U+%04X", (unsigned)picker->found[i].code);
        draw_name(picker, on, y, NAME_COLUMN, i);
    }
    if (picker->list.count == 0)
        surface_put(on, 0, 1, ROLE_TEXT_DIM,
                    picker->input.text.length > 0 ? "no character has such a name, code or mnemonic"
                                                  : "none yet: Tab goes to the tables, or type a name");
}

static void draw_current(const picker *picker, const surface *on, int y)
{
    buffer said;
    char bytes[4];
    if (picker->list.current >= picker->list.count)
        return;
    buffer_init(&said, 512);
    character_describe(&said, text_of(bytes, utf8_encode(picker->found[picker->list.current].code, bytes)));
    surface_data(on, y, 0, on->columns, ROLE_LABEL, buffer_text(&said), true);
    buffer_release(&said);
}

/* Which table is shown, and where Tab leads. */
static void draw_neighbours(const picker *picker, const surface *on, int y)
{
    const text next = picker->tables[(picker->table + 1) % picker->table_count].name;
    const text before = picker->tables[(picker->table + picker->table_count - 1) % picker->table_count].name;
    int x = surface_data(on, y, 0, on->columns, ROLE_TITLE, picker->tables[picker->table].name, true) + 2;
    x += surface_put(on, y, x, ROLE_TEXT_DIM, "Tab: ");
    x += surface_data(on, y, x, on->columns - x, ROLE_TEXT_DIM, next, true) + 2;
    x += surface_put(on, y, x, ROLE_TEXT_DIM, "Shift+Tab: ");
    surface_data(on, y, x, on->columns - x, ROLE_TEXT_DIM, before, true);
}

static void picker_draw(void *model, const surface *whole, workstation *station)
{
    picker *picker = model;
    (void)station;
    char count[120];
    const bool everywhere = picker->input.text.length > 0 && picker->everywhere;
    const text table = everywhere ? TEXT("All tables") : picker->tables[picker->table].name;
    snprintf(count, sizeof count, "%.*s: %zu character%s", (int)table.length, table.bytes, picker->list.count,
             picker->list.count == 1 ? "" : "s");
    surface inside = overlay_box(whole, BOX_ROWS, BOX_COLUMNS, "Insert Character", count);
    int used = surface_put(&inside, 0, 0, ROLE_LABEL, "Name, code or mnemonic ");
    line_input_draw(&picker->input, &inside, 0, used, inside.columns - used, true);
    draw_neighbours(picker, &inside, 1);
    surface body = surface_part(&inside, HEAD_ROWS, 0, inside.rows - HEAD_ROWS - 1, inside.columns);
    picker->seen_rows = (size_t)body.rows;
    if (as_grid(picker))
        draw_grid(picker, &body);
    else
        draw_list(picker, &body);
    draw_current(picker, &inside, inside.rows - 1);
}

/* ---- keys ---- */

static void give(workstation *station, picker *picker, bool chosen)
{
    void (*done)(workstation * station, void *context, text character) = picker->done;
    void *context = picker->context;
    char bytes[4];
    size_t length = 0;
    if (chosen && picker->list.current < picker->list.count)
        length = utf8_encode(picker->found[picker->list.current].code, bytes);
    station_drop_overlay(station, picker);
    if (length > 0)
        character_used(station, text_of(bytes, length));
    done(station, context, text_of(bytes, length));
}

static void step(picker *picker, long by)
{
    size_t count = picker->list.count;
    if (count == 0)
        return;
    if (by < 0)
        picker->list.current -= picker->list.current < (size_t)-by ? picker->list.current : (size_t)-by;
    else
        picker->list.current = picker->list.current + (size_t)by < count ? picker->list.current + (size_t)by : count - 1;
}

static void next_table(picker *picker, workstation *station, size_t by)
{
    picker->table = (picker->table + by) % picker->table_count;
    find(picker, station);
}

static void complete_name(picker *picker, workstation *station)
{
    buffer name;
    if (picker->list.current >= picker->list.count)
        return;
    buffer_init(&name, 256);
    if (character_name(&name, picker->found[picker->list.current].code))
        line_input_set(&picker->input, buffer_string(&name), false);
    buffer_release(&name);
    find(picker, station);
}

static bool picker_moves(picker *picker, const key *key, workstation *station)
{
    bool grid = as_grid(picker);
    long line = grid ? GRID_COLUMNS : 1, page = line * (picker->seen_rows > 1 ? (long)picker->seen_rows - 1 : 1);
    switch (key->name) {
    case KEY_NAME_UP:
        step(picker, -line);
        return true;
    case KEY_NAME_DOWN:
        step(picker, line);
        return true;
    case KEY_NAME_PAGE_UP:
        step(picker, -page);
        return true;
    case KEY_NAME_PAGE_DOWN:
        step(picker, page);
        return true;
    case KEY_NAME_LEFT:
        if (grid)
            step(picker, -1);
        return grid;
    case KEY_NAME_RIGHT:
        if (grid)
            step(picker, 1);
        else if (picker->input.cursor == picker->input.text.length)
            complete_name(picker, station);
        else
            return false;
        return true;
    case KEY_NAME_TAB:
        next_table(picker, station, 1);
        return true;
    case KEY_NAME_BACKTAB:
        next_table(picker, station, picker->table_count - 1);
        return true;
    default:
        return false;
    }
}

static void favour(picker *picker, workstation *station)
{
    char bytes[4];
    if (picker->list.current >= picker->list.count)
        return;
    text character = text_of(bytes, utf8_encode(picker->found[picker->list.current].code, bytes));
    bool now = turn_favourite(station, character);
    station_say(station, now ? "%.*s is a favourite now" : "%.*s is no favourite any more", (int)character.length,
                character.bytes);
    if (picker->tables[picker->table].key == 0 && picker->input.text.length == 0)
        find(picker, station);
}

static void picker_typed(void *model, const key *key, workstation *station)
{
    picker *picker = model;
    if (key->name == KEY_NAME_ESCAPE || key->name == KEY_NAME_ENTER)
        give(station, picker, key->name == KEY_NAME_ENTER);
    else if (key->name == KEY_IS_TEXT && key->ctrl && (key->text[0] == 'f' || key->text[0] == 'F'))
        favour(picker, station);
    else if (!picker_moves(picker, key, station) && line_input_typed(&picker->input, key))
        find(picker, station);
}

static void picker_paste(void *model, text pasted)
{
    picker *picker = model;
    line_input_paste(&picker->input, pasted);
}

static void picker_release(void *model)
{
    picker *picker = model;
    line_input_release(&picker->input);
    resource_release(&picker->file);
    free(picker);
}

void character_picker_open(workstation *station, void (*done)(workstation *station, void *context, text character), void *context)
{
    enum { INPUT_MAX = 100 };
    picker *made = calloc(1, sizeof *made);
    if (made == NULL)
        return;
    line_input_init(&made->input, INPUT_MAX);
    made->done = done;
    made->in_lines = station_is_linear(station);
    made->context = context;
    if (!open_tables(made)) {
        picker_release(made);
        station_say(station, "the names of characters cannot be read; the compose key and {mnemonics} work without them");
        return;
    }
    find(made, station);
    const overlay layer = { picker_draw,    picker_typed, picker_paste,
                            picker_release, made,         "Enter Insert  Tab Table  Right Complete  Ctrl+F Favourite  Esc Back" };
    station_add_overlay(station, &layer);
}
