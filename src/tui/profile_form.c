/* src/tui/profile_form.c - the form of an integration profile, made from the table of keys (gateway.md section 7).
 *
 * One line a key; below stand the key's whole label, what it means and what it can be. What catalog/ refuses is shown at the line
 * it is about, and the form stays as it is. */
#include "pane_common.h"
#include "profiles_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMN = 2, HELP_ROWS = 5, FIRST_ROW = 1, WIDE = 100 };

static const profile_key *key_of(size_t box)
{
    size_t count;
    return &profile_keys(&count)[box];
}

static bool is_key(size_t box, const char *name)
{
    return strcmp(key_of(box)->name, name) == 0;
}

static const char *value_of(const profiles_model *model, size_t box)
{
    return buffer_string(&model->boxes[box].input.text);
}

/* Code and institution are what a profile is known by. */
static bool is_fixed(const profiles_model *model, size_t box)
{
    return is_key(box, "type") || (!model->is_new && (is_key(box, "code") || is_key(box, "institution")));
}

/* ---- opening and closing ----------------------------------------------------------------------------------------- */

void profile_form_close(profiles_model *model)
{
    for (size_t i = 0; i < model->box_count; i++) {
        line_input_release(&model->boxes[i].input);
        free(model->boxes[i].before);
        free(model->boxes[i].choices);
        model->boxes[i] = (profile_box){ .before = NULL };
    }
    model->box_count = 0;
    model->form = false;
}

static bool set_box(profile_box *box, text value)
{
    box->before = strndup(value.length > 0 ? value.bytes : "", value.length);
    line_input_init(&box->input, PROFILE_BOX_BYTES);
    line_input_set(&box->input, box->before, false);
    return box->before != NULL;
}

/* The text of a stored profile is one `key = value` a line; what it does not name is as shipped. */
static void take_values(profiles_model *model, text source)
{
    while (source.bytes != NULL && source.length > 0) {
        text line = text_trim(text_next_field(&source, '\n'));
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        const text name = text_trim(text_next_field(&line, '='));
        for (size_t i = 0; i < model->box_count; i++)
            if (line.bytes != NULL && text_equal(name, text_from(key_of(i)->name))) {
                free(model->boxes[i].before);
                line_input_release(&model->boxes[i].input);
                set_box(&model->boxes[i], text_trim(line));
            }
    }
}

static recto_status read_values(profiles_model *model, const catalog_profile *profile, recto_error *error)
{
    catalog_profile info;
    buffer source;
    buffer_init(&source, 1 << 20);
    recto_status status = profile == NULL
                              ? catalog_profile_shipped(&source, error)
                              : catalog_profile_text(&source, &info, station_catalog(model->station), profile->code, error);
    if (status == RECTO_OK)
        take_values(model, buffer_text(&source));
    buffer_release(&source);
    return status;
}

static void empty_box(profiles_model *model, const char *name)
{
    for (size_t i = 0; i < model->box_count; i++)
        if (is_key(i, name)) {
            line_input_set(&model->boxes[i].input, "", false);
            model->boxes[i].before[0] = '\0';
        }
}

void profile_form_open(profiles_model *model, const catalog_profile *profile)
{
    size_t count;
    recto_error error;
    const profile_key *keys = profile_keys(&count);
    const repo_zone *own = catalog_zone(station_catalog(model->station), ZONE_INSTITUTION);
    bool sound = true;
    profile_form_close(model);
    model->is_new = profile == NULL;
    model->zone = profile != NULL ? profile->zone : own != NULL ? own->id : 0;
    snprintf(model->code, sizeof model->code, "%s", profile != NULL ? profile->code : "");
    model->fault = SIZE_MAX;
    model->box_count = count < PROFILE_BOXES_MAX ? count : PROFILE_BOXES_MAX;
    for (size_t i = 0; i < model->box_count; i++)
        sound &= set_box(&model->boxes[i], text_from(keys[i].default_value));
    recto_status status = sound ? read_values(model, profile, &error) : recto_fail_memory(&error, "opening a profile");
    if (status != RECTO_OK) {
        profile_form_close(model);
        station_error(model->station, &error);
        return;
    }
    if (model->is_new) {
        empty_box(model, "code");
        empty_box(model, "name");
    }
    model->lines = (list_view){ .count = model->box_count, .current = model->is_new ? 0 : 1 };
    model->form = true;
}

bool profile_form_is_changed(const profiles_model *model)
{
    for (size_t i = 0; model->form && i < model->box_count; i++)
        if (strcmp(value_of(model, i), model->boxes[i].before) != 0)
            return true;
    return false;
}

/* ---- saving ------------------------------------------------------------------------------------------------------ */

/* Errors name their key at the end of the place ("NZ_OCLC: serial-match"); the two that do not are about active or code. */
static size_t box_at_fault(const profiles_model *model, const recto_error *error)
{
    const char *colon = strrchr(error->where, ':');
    const char *name = colon == NULL ? error->where : colon + 1 + strspn(colon + 1, " ");
    size_t active = SIZE_MAX, code = 0;
    for (size_t i = 0; i < model->box_count; i++) {
        if (is_key(i, name))
            return i;
        if (is_key(i, "active"))
            active = i;
        else if (is_key(i, "code"))
            code = i;
    }
    if (error->status == RECTO_EREFUSED && strstr(error->what, "institution is ") == error->what)
        for (size_t i = 0; i < model->box_count; i++)
            if (is_key(i, "institution"))
                return i;
    return error->status == RECTO_EREFUSED ? active : error->status == RECTO_EINVALID ? code : SIZE_MAX;
}

static void show_fault(profiles_model *model, const recto_error *error)
{
    model->fault = box_at_fault(model, error);
    recto_error_line(model->fault_line, sizeof model->fault_line, error);
    if (model->fault != SIZE_MAX)
        model->lines.current = model->fault;
    station_error(model->station, error);
}

/* A new one under a code that is there would change that one. */
static recto_status check_is_new(const profiles_model *model, const char *code, recto_error *error)
{
    catalog_profile info;
    buffer source;
    if (!model->is_new)
        return RECTO_OK;
    buffer_init(&source, 1 << 20);
    recto_status status = catalog_profile_text(&source, &info, station_catalog(model->station), code, error);
    buffer_release(&source);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK;
    return status != RECTO_OK ? status
                              : recto_fail(error, RECTO_EINVALID, "code", "choose another code, or open that one",
                                           "there is a profile %s already", code);
}

static size_t gather(const profiles_model *model, profile_change changes[static PROFILE_BOXES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < model->box_count; i++)
        if (!is_key(i, "code") && !is_fixed(model, i) &&
            (model->is_new || strcmp(value_of(model, i), model->boxes[i].before) != 0))
            changes[count++] = (profile_change){ .key = key_of(i)->name, .value = value_of(model, i) };
    return count;
}

void profile_form_save(profiles_model *model)
{
    profile_change changes[PROFILE_BOXES_MAX];
    recto_error error;
    char code[64];
    model->fault = SIZE_MAX;
    const text typed = model->is_new ? text_trim(text_from(value_of(model, 0))) : text_from(model->code);
    if (!profile_form_is_changed(model)) {
        station_say(model->station, "No changes to save.");
        return;
    }
    recto_status status = RECTO_OK;
    if (typed.length >= sizeof code)
        status = recto_fail(&error, RECTO_EINVALID, "code", NULL, "a code has at most %zu bytes", sizeof code - 1);
    snprintf(code, sizeof code, "%.*s", (int)(status == RECTO_OK ? typed.length : 0), typed.bytes);
    if (status == RECTO_OK)
        status = check_is_new(model, code, &error);
    if (status == RECTO_OK)
        status = catalog_profile_change(station_catalog(model->station), code, changes, gather(model, changes), &error);
    if (status != RECTO_OK) {
        show_fault(model, &error);
        return;
    }
    snprintf(model->on, sizeof model->on, "%s", code);
    station_say(model->station, "Saved; it counts with the next record%s", model->is_new ? ". p sets its password" : "");
    profile_form_close(model);
    model->stale = true;
}

/* ---- moving, typing ---------------------------------------------------------------------------------------------- */

static void ask_choices(profiles_model *model, size_t at)
{
    profile_box *box = &model->boxes[at];
    buffer choices;
    if (box->asked)
        return;
    box->asked = true;
    buffer_init(&choices, 1 << 16);
    if (catalog_profile_choices(&choices, station_catalog(model->station), model->zone, key_of(at)->name, NULL) == RECTO_OK &&
        choices.length > 0)
        box->choices = strdup(buffer_string(&choices));
    buffer_release(&choices);
}

void profile_form_step(profiles_model *model, int by)
{
    model->lines.current = (model->lines.current + model->box_count + (size_t)by) % model->box_count;
}

void profile_form_turn(profiles_model *model, int by)
{
    size_t at = model->lines.current, count = 0, now = SIZE_MAX;
    profile_box *box = &model->boxes[at];
    ask_choices(model, at);
    if (is_fixed(model, at)) {
        station_say(model->station, "the %s of a profile stays as it is", key_of(at)->name);
        return;
    }
    for (text rest = text_from(box->choices); rest.bytes != NULL && rest.length > 0; count++)
        if (text_equal(text_next_field(&rest, '\n'), buffer_text(&box->input.text)))
            now = count;
    if (count == 0) {
        station_say(model->station, "this line is typed: it has no list of values");
        return;
    }
    size_t wanted = now == SIZE_MAX ? 0 : (now + count + (size_t)by) % count;
    text rest = text_from(box->choices), value = { "", 0 };
    for (size_t i = 0; i <= wanted; i++)
        value = text_next_field(&rest, '\n');
    char *copy = strndup(value.bytes, value.length);
    if (copy != NULL)
        line_input_set(&box->input, copy, false);
    free(copy);
}

bool profile_form_typed(profiles_model *model, const key *key)
{
    size_t at = model->lines.current;
    bool turns = key_of(at)->choices != NULL;
    if (key->name == KEY_NAME_UP || key->name == KEY_NAME_DOWN) {
        profile_form_step(model, key->name == KEY_NAME_UP ? -1 : 1);
        return true;
    }
    if (turns && (key->name == KEY_NAME_LEFT || key->name == KEY_NAME_RIGHT ||
                  (key->name == KEY_IS_TEXT && !key->ctrl && !key->alt && strcmp(key->text, " ") == 0))) {
        profile_form_turn(model, key->name == KEY_NAME_LEFT ? -1 : 1);
        return true;
    }
    if (key->name == KEY_IS_TEXT && !key->ctrl && !key->alt && (turns || is_fixed(model, at))) {
        station_say(model->station,
                    is_fixed(model, at) ? "this line of a profile stays as it is" : "Left, Right and Space take another value");
        return true;
    }
    if (is_fixed(model, at) || turns)
        return false;
    return line_input_typed(&model->boxes[at].input, key);
}

void profile_form_paste(profiles_model *model, text pasted)
{
    size_t at = model->lines.current;
    if (!is_fixed(model, at) && key_of(at)->choices == NULL)
        line_input_paste(&model->boxes[at].input, pasted);
    else
        station_say(model->station, "this line is not typed");
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static void draw_line(profiles_model *model, size_t at, const surface *canvas, int row, bool focused)
{
    bool current = at == model->lines.current, changed = strcmp(value_of(model, at), model->boxes[at].before) != 0;
    int input = canvas->columns >= WIDE ? 60 : 34;
    const char *value = value_of(model, at);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    if (at == model->fault)
        surface_put(canvas, row, 1, ROLE_ALERT_BLOCK, "E");
    else if (changed)
        surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "*");
    surface_data(canvas, row, LABEL_COLUMN, input - LABEL_COLUMN - 1, ROLE_LABEL, text_from(key_of(at)->label), true);
    if (is_fixed(model, at) || key_of(at)->choices != NULL)
        surface_data(canvas, row, input, canvas->columns - input - 1, is_fixed(model, at) ? ROLE_TEXT_DIM : ROLE_INPUT,
                     text_from(value), true);
    else
        line_input_draw(&model->boxes[at].input, canvas, row, input, canvas->columns - input - 1, focused && current);
    if (current && (is_fixed(model, at) || key_of(at)->choices != NULL))
        surface_cursor(canvas, row, input);
}

static void append_choices(buffer *out, const profile_box *box, bool fixed)
{
    if (box->choices == NULL || fixed)
        return;
    buffer_append_string(out, "Can be: ");
    for (text rest = text_from(box->choices), first = rest; rest.bytes != NULL && rest.length > 0;) {
        const text one = text_next_field(&rest, '\n');
        buffer_append_string(out, one.bytes == first.bytes ? "" : " | ");
        buffer_append_text(out, one);
    }
}

static void draw_help(profiles_model *model, const surface *strip)
{
    size_t at = model->lines.current;
    char where[80];
    buffer choices;
    ask_choices(model, at);
    buffer_init(&choices, 1 << 17);
    append_choices(&choices, &model->boxes[at], is_fixed(model, at));
    snprintf(where, sizeof where, "%s", key_of(at)->name);
    surface_rule(strip, 0, false, key_of(at)->label, where);
    int row = 1;
    if (at == model->fault)
        row += draw_wrapped(strip, row, 1, strip->rows - 1, ROLE_ALERT_BLOCK, text_from(model->fault_line));
    if (row < strip->rows)
        row += draw_wrapped(strip, row, 1, strip->rows - row, ROLE_TEXT, text_from(key_of(at)->help));
    if (row < strip->rows && choices.length > 0)
        draw_wrapped(strip, row, 1, strip->rows - row, ROLE_TEXT_DIM, buffer_text(&choices));
    buffer_release(&choices);
}

void profile_form_draw(profiles_model *model, const surface *canvas, bool focused)
{
    char title[160];
    int rows = canvas->rows - FIRST_ROW - HELP_ROWS;
    if (model->is_new)
        snprintf(title, sizeof title, "New integration profile");
    else
        snprintf(title, sizeof title, "Integration profile %s", model->code);
    surface_rule(canvas, 0, focused, title, profile_form_is_changed(model) ? "changed" : "");
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->lines, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->lines.top + i < model->box_count; i++)
        draw_line(model, model->lines.top + i, canvas, FIRST_ROW + (int)i, focused);
    surface strip = surface_part(canvas, canvas->rows - HELP_ROWS, 0, HELP_ROWS, canvas->columns);
    if (rows > 0)
        draw_help(model, &strip);
}
