/* tests/tui/editor_bench.h - a workstation without a terminal, with one record in its editor: keys go to the pane as the event
 * loop would send them, and the record is looked at. */
#ifndef RECTO_TESTS_EDITOR_BENCH_H
#define RECTO_TESTS_EDITOR_BENCH_H

#include "../catalog/room.h"

#include "../../src/tui/editor.h"
#include "../../src/tui/station.h"
#include "recto/marc/formats.h"

typedef struct bench {
    room room;
    workstation *station;
    editor *pane;
} bench;

static const char BOOK[] = "=LDR  00000cam a2200000 i 4500\n"
                           "=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\\n"
                           "=100  1\\$aGarcía Márquez, Gabriel,$d1927-2014.\n"
                           "=245  10$aSolitude /$cG. García Márquez.\n"
                           "=300  \\\\$a422 pages ;$c22 cm\n\n";

static inline void put_down(bench *bench, const char *mrk)
{
    recto_error error = { 0 };
    marc_record *record = NULL;
    edit_session *session = NULL;
    catalog *desk = station_catalog(bench->station);
    must(marc_record_parse(&record, text_from(mrk), MARC_FORMAT_MRK, &error), &error);
    must(edit_new(&session, desk, catalog_zone(desk, ZONE_INSTITUTION)->id, &record, "test", &error), &error);
    station_add_session(bench->station, &session);
    bench->pane = station_find(bench->station, &editor_pane);
    assert_non_null(bench->pane);
    bench->pane->columns = 80;
    bench->pane->grid_rows = 14;
}

static inline void sit_down(bench *bench, const char *mrk)
{
    *bench = (struct bench){ .station = calloc(1, sizeof(workstation)) };
    assert_non_null(bench->station);
    room_open(&bench->room);
    bench->station->options.catalog = room_desk(&bench->room, "chief");
    bench->station->screen.columns = 80;
    bench->station->screen.rows = 24;
    buffer_init(&bench->station->clipboard, 0);
    put_down(bench, mrk);
}

static inline void stand_up(bench *bench)
{
    while (bench->station->overlay_count > 0)
        station_drop_overlay(bench->station, bench->station->overlays[bench->station->overlay_count - 1].model);
    station_leave_all(bench->station);
    station_release_panes(bench->station);
    buffer_release(&bench->station->clipboard);
    free(bench->station);
    room_close(&bench->room);
}

static inline void command_named_runs(bench *bench, const char *name)
{
    const command *what = command_named(name);
    assert_non_null(what);
    assert_true(editor_pane.run(bench->pane, what, NULL, bench->station));
}

/* "abc<End>$$d<field.append>": letters are typed, <Name> is a key or a command. */
static inline void types(bench *bench, const char *script)
{
    static const struct {
        const char *name;
        key_name key;
    } keys[] = {
        { "<End>", KEY_NAME_END },        { "<Home>", KEY_NAME_HOME },       { "<Left>", KEY_NAME_LEFT },
        { "<Right>", KEY_NAME_RIGHT },    { "<Up>", KEY_NAME_UP },           { "<Down>", KEY_NAME_DOWN },
        { "<Tab>", KEY_NAME_TAB },        { "<BackTab>", KEY_NAME_BACKTAB }, { "<BS>", KEY_NAME_BACKSPACE },
        { "<Del>", KEY_NAME_DELETE },     { "<Enter>", KEY_NAME_ENTER },     { "<PgUp>", KEY_NAME_PAGE_UP },
        { "<PgDn>", KEY_NAME_PAGE_DOWN },
    };
    while (*script != '\0') {
        key pressed = { .name = KEY_IS_TEXT };
        size_t length = utf8_grapheme(script, strlen(script));
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (strncmp(script, keys[i].name, strlen(keys[i].name)) == 0) {
                pressed.name = keys[i].key;
                length = strlen(keys[i].name);
            }
        const char *end = strchr(script, '>');
        if (pressed.name == KEY_IS_TEXT && *script == '<' && end != NULL) {
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)(end - script - 1), script + 1);
            command_named_runs(bench, name);
            script = end + 1;
            continue;
        }
        if (pressed.name == KEY_IS_TEXT)
            memcpy(pressed.text, script, length);
        editor_pane.typed(bench->pane, &pressed, bench->station);
        script += length;
    }
}

/* The question that lies over the editor, if there is one, is answered by a letter. */
static inline bool answers(bench *bench, const char *letter)
{
    key pressed = { .name = KEY_IS_TEXT };
    if (bench->station->overlay_count == 0)
        return false;
    memcpy(pressed.text, letter, strlen(letter));
    overlay *top = &bench->station->overlays[bench->station->overlay_count - 1];
    top->typed(top->model, &pressed, bench->station);
    return true;
}

static inline void shows(const bench *bench, size_t row, const char *want, const char *name)
{
    buffer line;
    editor_row here;
    buffer_init(&line, 0);
    assert_true(editor_row_get(bench->pane, row, &here));
    if (here.leader) {
        buffer_append_text(&line, here.content);
    } else {
        marc_field_line(&line, marc_record_field(editor_record(bench->pane), row - 1));
    }
    if (strcmp(buffer_string(&line), want) != 0)
        fail_msg("%s: row %zu is '%s', wanted '%s'", name, row, buffer_string(&line), want);
    buffer_release(&line);
}

static inline size_t row_of(const bench *bench, const char *tag)
{
    return marc_record_find(editor_record(bench->pane), tag, 0) + 1;
}

static inline void goes_to(bench *bench, const char *tag, char code)
{
    editor_go_to(bench->pane, row_of(bench, tag), code, 0);
}

#endif
