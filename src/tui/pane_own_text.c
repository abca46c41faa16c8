/* src/tui/pane_own_text.c - the text of one's text strings or macros: written, checked and saved as a whole.
 *
 * What was typed and not saved is kept for its author when the pane goes, however that happens, and offered when it is opened. */
#include "external_editor.h"
#include "macros.h"
#include "pane_common.h"
#include "remembered.h"
#include "text_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_TEXT_BYTES = 256 * 1024, GUTTER = 6, KEEP_AFTER_MS = 600 };

typedef struct own_model {
    workstation *station;
    text_kind kind;
    bool shared, closing;
    int version;
    text_edit edit;
    size_t top, rows;
    int left;
    uint64_t kept_revision;
    int64_t keep_at_ms; /* 0: it is kept */
} own_model;

static text source_of(const own_model *model)
{
    return text_of(buffer_string(&model->edit.text), model->edit.text.length);
}

/* ---- keeping what is not saved ----------------------------------------------------------------------------------- */

static void draft_name(char out[static 48], const own_model *model)
{
    snprintf(out, 48, "own-text-draft/%s%s", model->shared ? "shared-" : "", model->kind == TEXT_MACROS ? "macros" : "strings");
}

static void keep_draft(own_model *model)
{
    char name[48];
    draft_name(name, model);
    model->keep_at_ms = 0;
    model->kept_revision = model->edit.revision;
    remembered_set(model->station, name, text_edit_changed(&model->edit) ? buffer_string(&model->edit.text) : "");
}

static size_t keep_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const own_model *model = context;
    (void)out;
    (void)capacity;
    if (model->keep_at_ms != 0) {
        const int64_t wait = model->keep_at_ms - station_now_ms(model->station);
        *timeout_ms = wait < 0 ? 0 : (int)wait;
    }
    return 0;
}

static bool keep_step(void *context, const struct pollfd *polled, size_t count)
{
    own_model *model = context;
    (void)polled;
    (void)count;
    if (model->keep_at_ms != 0 && station_now_ms(model->station) >= model->keep_at_ms)
        keep_draft(model);
    return false;
}

static bool keep_is_busy(void *context)
{
    (void)context;
    return false;
}

static void note_change(own_model *model)
{
    if (model->kept_revision != model->edit.revision && model->keep_at_ms == 0)
        model->keep_at_ms = station_now_ms(model->station) + KEEP_AFTER_MS;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static const char *title_of(const own_model *model)
{
    if (model->kind == TEXT_MACROS)
        return model->shared ? "Shared macros" : "My macros";
    return model->shared ? "Shared text strings" : "My text strings";
}

static void fit(own_model *model, int columns)
{
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    if (line < model->top)
        model->top = line;
    if (line >= model->top + model->rows)
        model->top = line - model->rows + 1;
    const int at = display_width(text_of(text_edit_line(&model->edit, line).bytes, offset), true);
    if (at < model->left)
        model->left = at;
    if (at >= model->left + columns)
        model->left = at - columns + 1;
}

static void draw_line(const own_model *model, const surface *canvas, int row, size_t index)
{
    text line = text_edit_line(&model->edit, index);
    const role look = line.length > 0 && line.bytes[0] == '['   ? ROLE_LABEL
                      : line.length > 0 && line.bytes[0] == '#' ? ROLE_CODE_COMMENT
                                                                : ROLE_TEXT;
    int skipped = 0;
    while (line.length > 0 && skipped < model->left) {
        display_unit unit;
        display_next(&unit, line.bytes, line.length, surface_utf8(canvas));
        skipped += unit.width;
        line = text_of(line.bytes + unit.bytes, line.length - unit.bytes);
    }
    surface_format(canvas, row, 0, ROLE_TEXT_DIM, "%4zu", index + 1);
    surface_data(canvas, row, GUTTER, canvas->columns - GUTTER, look, line, true);
}

static void draw_hint(const own_model *model, const surface *canvas, int row)
{
    surface_rule(canvas, row, false, "How it is written", "");
    surface_put(canvas, row + 1, 1, ROLE_TEXT_DIM,
                model->kind == TEXT_MACROS ? "[name] Alt+1 r   then a command a line; type \"text\"; press Down 3"
                                           : "[name] Alt+1 r   then its text: $$a Seen {today:%d.%m.%Y} by {user}{cursor}");
}

static void own_draw(void *state, const surface *canvas, bool focused)
{
    own_model *model = state;
    char left[80], right[40];
    size_t line, offset;
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "%s%s", text_edit_changed(&model->edit) ? "*" : "", title_of(model));
    snprintf(right, sizeof right, model->version > 0 ? "version %d" : "new", model->version);
    surface_rule(canvas, 0, focused, left, right);
    model->rows = canvas->rows > 4 ? (size_t)canvas->rows - 3 : 1;
    fit(model, canvas->columns - GUTTER);
    for (size_t i = 0; i < model->rows && model->top + i < text_edit_lines(&model->edit); i++)
        draw_line(model, canvas, 1 + (int)i, model->top + i);
    draw_hint(model, canvas, canvas->rows - 2);
    text_edit_place(&model->edit, &line, &offset);
    const int column = display_width(text_of(text_edit_line(&model->edit, line).bytes, offset), true);
    if (focused)
        surface_cursor(canvas, 1 + (int)(line - model->top), GUTTER + column - model->left);
}

static void own_position(void *state, buffer *out)
{
    const own_model *model = state;
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    buffer_append_format(out, "%zu:%zu", line + 1, utf8_count(text_of(text_edit_line(&model->edit, line).bytes, offset)) + 1);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* "line 12" names where the cursor is wanted. */
static void go_to_fault(own_model *model, const recto_error *error)
{
    int64_t line;
    if (strncmp(error->where, "line ", 5) == 0 && text_to_integer(text_from(error->where + 5), &line))
        text_edit_go_to(&model->edit, (int)line, 1);
}

static bool save(own_model *model)
{
    recto_error error;
    catalog *house = station_catalog(model->station);
    if (!text_edit_changed(&model->edit)) {
        station_say(model->station, "No changes to save.");
        return true;
    }
    recto_status status = own_text_check(model->kind, source_of(model), &error);
    if (status == RECTO_OK)
        status = catalog_text_save(house, model->kind, model->shared, source_of(model), model->version, &model->version, &error);
    if (status != RECTO_OK) {
        station_error(model->station, &error);
        go_to_fault(model, &error);
        return false;
    }
    text_edit_mark_saved(&model->edit);
    keep_draft(model);
    own_texts_forget(model->station);
    buffer taken;
    buffer_init(&taken, 400);
    own_texts_tell_taken(&taken, model->station, source_of(model));
    station_say(model->station, "Saved as version %d; the keys hold from now on%s", model->version, buffer_string(&taken));
    buffer_release(&taken);
    return true;
}

static void edit_elsewhere(own_model *model)
{
    buffer edited;
    recto_error error;
    size_t bad;
    buffer_init(&edited, OWN_TEXT_BYTES);
    if (external_editor_run(&edited, model->station, source_of(model), &error) != RECTO_OK)
        station_error(model->station, &error);
    else if (!utf8_valid(text_of(buffer_string(&edited), edited.length), &bad))
        station_say(model->station, "Not taken: byte %zu is no UTF-8", bad + 1);
    else if (!text_edit_become(&model->edit, text_of(buffer_string(&edited), edited.length)))
        station_say(model->station, "Not taken: no memory for the text");
    buffer_release(&edited);
}

static void leave_answered(workstation *station, void *context, const char *choice)
{
    own_model *model = context;
    if (strcmp(choice, "stay") == 0 || (strcmp(choice, "save") == 0 && !save(model)))
        return;
    model->closing = true;
    if (strcmp(choice, "drop") == 0) {
        char name[48];
        draft_name(name, model);
        remembered_set(station, name, "");
    }
    station_pop(station, model);
}

static void ask_to_leave(own_model *model)
{
    static const char *const lines[] = { "The text has changes that are not saved.", NULL };
    ask_unsaved(model->station, "Leave the text", lines, leave_answered, model);
}

static bool own_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    own_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    if (strcmp(name, "text.save") == 0)
        save(model);
    else if (strcmp(name, "text.undo") == 0 && !text_edit_undo(&model->edit))
        station_say(station, "Nothing to undo");
    else if (strcmp(name, "text.redo") == 0 && !text_edit_redo(&model->edit))
        station_say(station, "Nothing to make again");
    else if (strcmp(name, "text.editor") == 0)
        edit_elsewhere(model);
    else if (strcmp(name, "pane.back") == 0) {
        if (text_edit_changed(&model->edit))
            ask_to_leave(model);
        else
            station_pop(station, model);
    } else if (strncmp(name, "text.", 5) != 0)
        return false;
    note_change(model);
    return true;
}

static bool own_typed(void *state, const key *pressed, workstation *station)
{
    own_model *model = state;
    (void)station;
    const bool used = text_edit_typed(&model->edit, pressed, model->rows);
    note_change(model);
    return used;
}

static void own_paste(void *state, text pasted, workstation *station)
{
    own_model *model = state;
    size_t bad;
    if (!utf8_valid(pasted, &bad))
        station_say(station, "not pasted: byte %zu is no UTF-8", bad + 1);
    else if (!text_edit_paste(&model->edit, pasted))
        station_say(station, "not pasted: such a text holds at most %d bytes", OWN_TEXT_BYTES);
    note_change(model);
}

static bool own_may_close(void *state, workstation *station)
{
    own_model *model = state;
    (void)station;
    if (model->closing || !text_edit_changed(&model->edit))
        return true;
    ask_to_leave(model);
    return false;
}

static void own_release(void *state, workstation *station)
{
    own_model *model = state;
    (void)station;
    if (!model->closing && text_edit_changed(&model->edit))
        keep_draft(model);
    text_edit_release(&model->edit);
    free(model);
}

const pane_kind own_text_pane = {
    .name = "owntext",
    .title = "Own texts",
    .draw = own_draw,
    .run = own_run,
    .typed = own_typed,
    .paste = own_paste,
    .position = own_position,
    .may_close = own_may_close,
    .release = own_release,
    .takes_letters = true,
};

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static void take_draft(own_model *model)
{
    char name[48];
    buffer kept;
    draft_name(name, model);
    buffer_init(&kept, OWN_TEXT_BYTES);
    remembered_get(model->station, name, &kept);
    if (kept.length > 0 && text_edit_become(&model->edit, buffer_text(&kept)))
        station_say(model->station, "What you had typed and not saved is here again; F2 saves it");
    buffer_release(&kept);
    model->kept_revision = model->edit.revision;
}

void own_text_pane_open(workstation *station, text_kind kind, bool shared)
{
    recto_error error;
    buffer stored;
    own_model *model = station_find(station, &own_text_pane);
    if (model != NULL) { /* one at a time; the other asks when it is not saved */
        const bool same = model->kind == kind && model->shared == shared;
        station_focus(station, model);
        if (!same)
            station_pop(station, model);
        if (same || text_edit_changed(&model->edit))
            return;
    }
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "opening a text");
        return;
    }
    model->station = station;
    model->kind = kind;
    model->shared = shared;
    text_edit_init(&model->edit, OWN_TEXT_BYTES);
    buffer_init(&stored, OWN_TEXT_BYTES + 1);
    recto_status status = catalog_text_load(&stored, &model->version, station_catalog(station), kind, shared, &error);
    if (status == RECTO_OK && !text_edit_set(&model->edit, text_of(buffer_string(&stored), stored.length)))
        status = recto_fail_memory(&error, "opening a text");
    buffer_release(&stored);
    if (status != RECTO_OK) {
        station_error(station, &error);
        model->closing = true;
        own_release(model, station);
        return;
    }
    take_draft(model);
    station_show(station, AREA_TEMPLATES); /* the list lies below it */
    station_push(station, AREA_TEMPLATES, PLACE_MAIN, &own_text_pane, model);
    station_add_source(station,
                       &(station_source){ .wanted = keep_wanted, .step = keep_step, .context = model, .busy = keep_is_busy });
}
