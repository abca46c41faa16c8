/* src/tui/pick.c - see pick.h. Values that begin with what is typed come first, then labels whose words begin with it. */
#include "pick.h"

#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4000, SHOWN_MAX = 14, TITLE_MAX = 80, TYPED_MAX = 100, LABEL_LEAST = 30 };

typedef struct pick_row {
    char *value, *shown, *label;
} pick_row;

struct pick {
    workstation *station;
    char title[TITLE_MAX];
    pick_row *rows;
    size_t row_count, row_capacity;
    size_t *found;
    size_t start; /* the row that stands there now */
    line_input input;
    list_view list;
    int shown_columns, label_columns;
    void (*done)(workstation *station, void *context, const char *value);
    void *context;
};

static void release(void *model)
{
    pick *pick = model;
    for (size_t i = 0; i < pick->row_count; i++) {
        free(pick->rows[i].value);
        free(pick->rows[i].shown);
        free(pick->rows[i].label);
    }
    free(pick->rows);
    free(pick->found);
    line_input_release(&pick->input);
    free(pick);
}

pick *pick_new(workstation *station, const char *title, void (*done)(workstation *station, void *context, const char *value),
               void *context)
{
    pick *made = calloc(1, sizeof *made);
    if (made == NULL) {
        done(station, context, NULL);
        return NULL;
    }
    made->station = station;
    (void)snprintf(made->title, sizeof made->title, "%s", title);
    made->done = done;
    made->context = context;
    line_input_init(&made->input, TYPED_MAX);
    return made;
}

static int wider(int columns, text of)
{
    int here = display_width(of, true);
    return here > columns ? here : columns;
}

void pick_add(pick *pick, text value, text shown, text label)
{
    if (pick == NULL || pick->row_count == ROWS_MAX)
        return;
    if (pick->row_count == pick->row_capacity) {
        size_t capacity = pick->row_capacity == 0 ? 64 : pick->row_capacity * 2;
        pick_row *larger = realloc(pick->rows, capacity * sizeof *larger);
        if (larger == NULL)
            return;
        pick->rows = larger;
        pick->row_capacity = capacity;
    }
    pick_row row = { strndup(value.bytes, value.length), strndup(shown.bytes, shown.length), strndup(label.bytes, label.length) };
    if (row.value == NULL || row.shown == NULL || row.label == NULL) {
        free(row.value);
        free(row.shown);
        free(row.label);
        return;
    }
    pick->rows[pick->row_count++] = row;
    pick->shown_columns = wider(pick->shown_columns, shown);
    pick->label_columns = wider(pick->label_columns, label);
}

void pick_start_at(pick *pick, text value)
{
    for (size_t i = 0; pick != NULL && i < pick->row_count; i++)
        if (text_equal(text_from(pick->rows[i].value), value))
            pick->start = i;
}

/* ---- narrowing ---- */

static bool begins(const char *whole, text part)
{
    return strlen(whole) >= part.length && text_equal_ascii_case(text_of(whole, part.length), part);
}

static bool word_begins(const char *label, text part)
{
    for (const char *at = label; *at != '\0'; at++)
        if ((at == label || at[-1] == ' ' || at[-1] == '(' || at[-1] == '-') && begins(at, part))
            return true;
    return false;
}

static bool all_words_begin(const char *label, text words)
{
    while (words.bytes != NULL && words.length > 0) {
        text word = text_next_field(&words, ' ');
        if (word.length > 0 && !word_begins(label, word))
            return false;
    }
    return true;
}

static void narrow(pick *pick)
{
    text typed = text_trim(buffer_text(&pick->input.text));
    pick->list = (list_view){ 0 };
    for (int whole = 1; whole >= 0 && typed.length > 0; whole--) /* what is typed whole goes before what only begins so */
        for (size_t i = 0; i < pick->row_count; i++)
            if (begins(pick->rows[i].shown, typed) && (strlen(pick->rows[i].shown) == typed.length) == (whole == 1))
                pick->found[pick->list.count++] = i;
    for (size_t i = 0; i < pick->row_count; i++)
        if (typed.length == 0 || (!begins(pick->rows[i].shown, typed) && all_words_begin(pick->rows[i].label, typed)))
            pick->found[pick->list.count++] = i;
    if (typed.length == 0)
        pick->list.current = pick->start;
}

/* ---- overlay ---- */

static void draw_row(const pick *pick, const surface *on, int y, size_t index)
{
    const pick_row *row = &pick->rows[pick->found[index]];
    bool here = index == pick->list.current;
    int label = 1 + pick->shown_columns + 2;
    if (here)
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
    surface_data(on, y, 1, on->columns - 1, ROLE_FIELD_FIXED, text_from(row->shown), true);
    surface_data(on, y, label, on->columns - label, ROLE_DIALOG, text_from(row->label), true);
    if (here)
        surface_paint(on, y, 0, on->columns, ROLE_SELECTION);
}

static void draw(void *model, const surface *whole, workstation *station)
{
    pick *pick = model;
    (void)station;
    int rows = pick->row_count < SHOWN_MAX ? (int)pick->row_count : SHOWN_MAX;
    int label = pick->label_columns > LABEL_LEAST ? pick->label_columns : LABEL_LEAST;
    char count[64];
    if (pick->list.count == pick->row_count)
        snprintf(count, sizeof count, "%zu choice%s", pick->row_count, pick->row_count == 1 ? "" : "s");
    else
        snprintf(count, sizeof count, "%zu of %zu choices", pick->list.count, pick->row_count);
    surface inside = overlay_box(whole, rows + 1, pick->shown_columns + label + 4, pick->title, count);
    surface list = surface_part(&inside, 1, 0, inside.rows - 1, inside.columns);
    surface_put(&inside, 0, 0, ROLE_LABEL, "Filter");
    list_view_fit(&pick->list, (size_t)list.rows);
    for (size_t i = pick->list.top; i < pick->list.count && (int)(i - pick->list.top) < list.rows; i++)
        draw_row(pick, &list, (int)(i - pick->list.top), i);
    if (pick->list.count == 0)
        surface_put(&list, 0, 1, ROLE_TEXT_DIM, "nothing begins so");
    line_input_draw(&pick->input, &inside, 0, 7, inside.columns - 7, true);
}

static void give(workstation *station, pick *pick, bool chosen)
{
    void (*done)(workstation * station, void *context, const char *value) = pick->done;
    void *context = pick->context;
    char *value = NULL;
    if (chosen && pick->list.current < pick->list.count)
        value = strdup(pick->rows[pick->found[pick->list.current]].value);
    station_drop_overlay(station, pick);
    done(station, context, value);
    free(value);
}

static const char *list_command(key_name name)
{
    switch (name) {
    case KEY_NAME_UP:
        return "list.up";
    case KEY_NAME_DOWN:
        return "list.down";
    case KEY_NAME_PAGE_UP:
        return "list.page_up";
    case KEY_NAME_PAGE_DOWN:
        return "list.page_down";
    default:
        return NULL;
    }
}

static void typed(void *model, const key *key, workstation *station)
{
    pick *pick = model;
    const char *command = list_command(key->name);
    if (key->name == KEY_NAME_ESCAPE || key->name == KEY_NAME_ENTER) {
        if (key->name == KEY_NAME_ESCAPE || pick->list.count > 0)
            give(station, pick, key->name == KEY_NAME_ENTER);
    } else if (command != NULL) {
        list_view_run(&pick->list, command, SHOWN_MAX - 1);
    } else if (line_input_typed(&pick->input, key)) {
        narrow(pick);
    }
}

static void paste(void *model, text pasted)
{
    pick *pick = model;
    line_input_paste(&pick->input, pasted);
    narrow(pick);
}

void pick_open(pick *pick, text typed_already)
{
    if (pick == NULL)
        return;
    const overlay layer = { draw, typed, paste, release, pick, "Enter Choose  Esc Back; typing narrows the list" };
    char begun[TYPED_MAX];
    size_t length = typed_already.length < sizeof begun ? typed_already.length : sizeof begun - 1;
    pick->found = calloc(pick->row_count + 1, 2 * sizeof *pick->found);
    if (pick->found == NULL) {
        release(pick);
        return;
    }
    memcpy(begun, typed_already.bytes, length);
    begun[length] = '\0';
    line_input_set(&pick->input, begun, false);
    narrow(pick);
    station_add_overlay(pick->station, &layer);
}
