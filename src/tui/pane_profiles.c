/* src/tui/pane_profiles.c - the integration profiles of the institution and its network: list, doubts, password, deleting.
 *
 * For the General System Administrator; all others get the sentence of the privilege. The form is profile_form.c. */
#include "external_editor.h"
#include "list_columns.h"
#include "pane_common.h"
#include "profiles_model.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP_ROWS = 7, LIST_TOP = 2, LEAST_FOR_STRIP = 12, TEXT_BYTES = 1 << 18 };

enum {
    COLUMN_CODE,
    COLUMN_NAME,
    COLUMN_INSTITUTION,
    COLUMN_ACTIVE,
    COLUMN_PASSWORD,
    COLUMN_VERSION,
    COLUMN_SAVED,
    COLUMN_BY,
    COLUMN_COUNT
};
static const list_column columns[COLUMN_COUNT] = {
    { "Code", 12, 3, 0, 0 },    { "Name", 12, 6, 0, 0 },   { "Institution", 11, 2, 0, 0 }, { "Active", 6, 0, 0, 0 },
    { "Password", 8, 0, 0, 0 }, { "Version", 7, 0, 0, 0 }, { "Saved", 10, 0, 90, 0 },      { "By", 8, 1, 100, 0 },
};

const catalog_profile *profiles_current(const profiles_model *model)
{
    return model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
}

const char *profiles_institution(const profiles_model *model, int zone)
{
    const repo_zone *of = catalog_zone_by_id(station_catalog(model->station), zone);
    return of != NULL ? of->code : "";
}

static void read_profiles(profiles_model *model)
{
    recto_error error;
    catalog_profile *rows = NULL;
    size_t count = 0;
    model->stale = false;
    model->doubts_of[0] = '\0';
    if (catalog_profiles(&rows, &count, station_catalog(model->station), &error) != RECTO_OK) {
        station_error(model->station, &error);
        count = 0;
    }
    free(model->rows);
    model->rows = rows;
    model->list.count = count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].code, model->on) == 0)
            model->list.current = i;
    model->on[0] = '\0';
    if (model->list.current >= count)
        model->list.current = count > 0 ? count - 1 : 0;
}

static void read_doubts(profiles_model *model, const catalog_profile *profile)
{
    recto_error error;
    if (strcmp(model->doubts_of, profile->code) == 0)
        return;
    snprintf(model->doubts_of, sizeof model->doubts_of, "%s", profile->code);
    buffer_clear(&model->doubts);
    if (catalog_profile_check(&model->doubts, station_catalog(model->station), profile->code, &error) == RECTO_OK)
        return;
    char line[600];
    recto_error_line(line, sizeof line, &error);
    buffer_append_string(&model->doubts, line);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static void draw_row(const profiles_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const catalog_profile *profile = &model->rows[index];
    bool current = index == model->list.current;
    char version[24], saved[32];
    snprintf(version, sizeof version, "%7d", profile->version);
    format_time_short(saved, sizeof saved, profile->saved_at, catalog_now(station_catalog(model->station)));
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_CODE, canvas, row, ROLE_TEXT, profile->code);
    list_layout_cell(layout, COLUMN_NAME, canvas, row, ROLE_TEXT, profile->name);
    list_layout_cell(layout, COLUMN_INSTITUTION, canvas, row, ROLE_TEXT_DIM, profiles_institution(model, profile->zone));
    list_layout_cell(layout, COLUMN_ACTIVE, canvas, row, profile->active ? ROLE_TEXT : ROLE_TEXT_DIM,
                     profile->active ? "yes" : "no");
    list_layout_cell(layout, COLUMN_PASSWORD, canvas, row, profile->has_password ? ROLE_TEXT : ROLE_ALERT_WARNING,
                     profile->has_password ? "set" : "none");
    list_layout_cell(layout, COLUMN_VERSION, canvas, row, ROLE_TEXT_DIM, version);
    list_layout_cell(layout, COLUMN_SAVED, canvas, row, ROLE_TEXT_DIM, saved);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT_DIM, profile->saved_by);
    if (current) {
        surface_mark_row(canvas, row);
        surface_cursor(canvas, row, 0);
    }
}

static void draw_doubts(profiles_model *model, const surface *strip)
{
    const catalog_profile *profile = profiles_current(model);
    int row = 1;
    if (profile == NULL)
        return;
    read_doubts(model, profile);
    surface_rule(strip, 0, false, "Checks", profile->code);
    text rest = buffer_text(&model->doubts);
    if (rest.length == 0)
        surface_put(strip, 1, 1, ROLE_TEXT, "Nothing is doubtful.");
    while (rest.bytes != NULL && rest.length > 0 && row < strip->rows)
        row += draw_wrapped(strip, row, 1, strip->rows - row, ROLE_ALERT_WARNING, text_next_field(&rest, '\n'));
}

static void draw_list(profiles_model *model, const surface *canvas, bool focused)
{
    list_layout layout;
    char right[40];
    int strip_rows = canvas->rows >= LEAST_FOR_STRIP && model->list.count > 0 ? STRIP_ROWS : 0;
    int rows = canvas->rows - strip_rows - LIST_TOP;
    snprintf(right, sizeof right, "%zu profile%s", model->list.count, model->list.count == 1 ? "" : "s");
    surface_rule(canvas, 0, focused, "Integration profiles", right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, LIST_TOP + (int)i);
    if (model->list.count == 0)
        surface_put(canvas, LIST_TOP + 1, 2, ROLE_TEXT_DIM, "No profile: every record from Connexion is refused. n makes one.");
    if (strip_rows > 0) {
        surface strip = surface_part(canvas, canvas->rows - strip_rows, 0, strip_rows, canvas->columns);
        draw_doubts(model, &strip);
    }
}

static void profiles_draw(void *state, const surface *canvas, bool focused)
{
    profiles_model *model = state;
    surface_clear(canvas, ROLE_TEXT);
    if (model->stale)
        read_profiles(model);
    if (model->form)
        profile_form_draw(model, canvas, focused);
    else
        draw_list(model, canvas, focused);
}

static void profiles_position(void *state, buffer *out)
{
    const profiles_model *model = state;
    const list_view *list = model->form ? &model->lines : &model->list;
    if (list->count > 0)
        buffer_append_format(out, "%zu/%zu", list->current + 1, list->count);
}

/* ---- password: typed twice, never shown -------------------------------------------------------------------------- */

static void again_typed(workstation *station, void *context, const char *answer)
{
    profiles_model *model = context;
    recto_error error;
    if (answer == NULL)
        station_say(station, "The password is as it was");
    else if (strcmp(answer, model->secret) != 0)
        station_say(station, "Not set: the two were not the same");
    else if (catalog_profile_password(station_catalog(station), model->code, answer, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "The password of %s is set; it counts with the next record", model->code);
    explicit_bzero(model->secret, sizeof model->secret);
    snprintf(model->on, sizeof model->on, "%s", model->code);
    model->stale = true;
}

static void password_typed(workstation *station, void *context, const char *answer)
{
    profiles_model *model = context;
    if (answer == NULL || *answer == '\0') {
        station_say(station, "The password is as it was");
        return;
    }
    snprintf(model->secret, sizeof model->secret, "%s", answer);
    station_prompt_secret(station, "Once more:", again_typed, model);
}

static void ask_password(profiles_model *model)
{
    char label[120];
    const catalog_profile *profile = profiles_current(model);
    if (!model->form && profile != NULL)
        snprintf(model->code, sizeof model->code, "%s", profile->code);
    snprintf(label, sizeof label, "Gateway password of %s:", model->code);
    station_prompt_secret(model->station, label, password_typed, model);
}

/* ---- as a text -------------------------------------------------------------------------------------------------- */

/* The whole profile in the cataloger's own editor; stored when it was changed and is sound. */
static void edit_text(profiles_model *model, const catalog_profile *profile)
{
    catalog_profile info;
    buffer before, after;
    recto_error error;
    char code[sizeof profile->code];
    snprintf(code, sizeof code, "%s", profile->code);
    buffer_init(&before, TEXT_BYTES);
    buffer_init(&after, TEXT_BYTES);
    recto_status status = catalog_profile_text(&before, &info, station_catalog(model->station), code, &error);
    if (status == RECTO_OK)
        status = external_editor_run(&after, model->station, buffer_text(&before), &error);
    if (status == RECTO_OK && text_equal(buffer_text(&before), buffer_text(&after)))
        station_say(model->station, "The profile is as it was");
    else if (status == RECTO_OK &&
             (status = catalog_profile_put(station_catalog(model->station), code, buffer_text(&after), &error)) == RECTO_OK)
        station_say(model->station, "Saved; it counts with the next record");
    if (status != RECTO_OK)
        station_error(model->station, &error);
    snprintf(model->on, sizeof model->on, "%s", code);
    model->stale = true;
    buffer_release(&before);
    buffer_release(&after);
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

static void delete_answered(workstation *station, void *context, const char *choice)
{
    profiles_model *model = context;
    recto_error error;
    if (strcmp(choice, "delete") != 0)
        station_say(station, "Not deleted");
    else if (catalog_profile_delete(station_catalog(station), model->code, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "Deleted");
    model->stale = true;
}

static void ask_delete(profiles_model *model, const catalog_profile *profile)
{
    static const dialog_choice choices[] = { { "keep", "Keep it", 'k' }, { "delete", "Delete", 'd' }, { NULL, NULL, 0 } };
    char line[300];
    snprintf(model->code, sizeof model->code, "%s", profile->code);
    snprintf(line, sizeof line, "Delete the integration profile %s, \"%s\"?", profile->code, profile->name);
    const char *const lines[] = {
        line, profile->active ? "It is active: without it every record from Connexion is refused." : "It is not active.", NULL
    };
    station_ask(model->station, &(dialog){ .title = "Delete a profile",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "keep",
                                           .escape = "keep",
                                           .done = delete_answered,
                                           .context = model });
}

static void leave_answered(workstation *station, void *context, const char *choice)
{
    profiles_model *model = context;
    if (strcmp(choice, "save") == 0) {
        profile_form_save(model);
    } else if (strcmp(choice, "drop") == 0) {
        profile_form_close(model);
        station_say(station, "Nothing was saved");
    }
}

static void leave_form(profiles_model *model)
{
    static const char *const lines[] = { "The profile has changes that are not saved.", NULL };
    if (!profile_form_is_changed(model)) {
        profile_form_close(model);
        return;
    }
    ask_unsaved(model->station, "Leave the profile", lines, leave_answered, model);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static bool run_form(profiles_model *model, const char *name)
{
    if (strcmp(name, "pane.back") == 0)
        leave_form(model);
    else if (strcmp(name, "profile.save") == 0)
        profile_form_save(model);
    else if (strcmp(name, "box.next") == 0 || strcmp(name, "box.previous") == 0)
        profile_form_step(model, strcmp(name, "box.next") == 0 ? 1 : -1);
    else if (strcmp(name, "profile.next_value") == 0 || strcmp(name, "profile.previous_value") == 0)
        profile_form_turn(model, strcmp(name, "profile.next_value") == 0 ? 1 : -1);
    else if (strcmp(name, "profile.password") == 0)
        ask_password(model);
    else
        return false;
    return true;
}

static bool run_list(profiles_model *model, const char *name)
{
    const catalog_profile *profile = profiles_current(model);
    if (list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "profile.new") == 0)
        profile_form_open(model, NULL);
    else if (strcmp(name, "profile.refresh") == 0)
        model->stale = true;
    else if (profile == NULL)
        return false;
    else if (strcmp(name, "profile.open") == 0 || strcmp(name, "list.open") == 0)
        profile_form_open(model, profile);
    else if (strcmp(name, "profile.password") == 0)
        ask_password(model);
    else if (strcmp(name, "profile.text") == 0)
        edit_text(model, profile);
    else if (strcmp(name, "profile.delete") == 0)
        ask_delete(model, profile);
    else
        return false;
    return true;
}

static bool profiles_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    profiles_model *model = state;
    (void)argument;
    (void)station;
    if (model->stale)
        read_profiles(model);
    return model->form ? run_form(model, command_row->name) : run_list(model, command_row->name);
}

static bool profiles_typed(void *state, const key *key, workstation *station)
{
    profiles_model *model = state;
    (void)station;
    return model->form && profile_form_typed(model, key);
}

static void profiles_paste(void *state, text pasted, workstation *station)
{
    profiles_model *model = state;
    if (model->form)
        profile_form_paste(model, pasted);
    else
        station_say(station, "nothing here takes a paste");
}

static const char *profiles_cannot(void *state, const command *command_row, workstation *station)
{
    profiles_model *model = state;
    const char *name = command_row->name;
    (void)station;
    if (model->stale) /* asked before it was ever drawn: keys typed ahead */
        read_profiles(model);
    if (model->form)
        return strcmp(name, "profile.password") == 0 && model->is_new ? "it is not saved yet: F2 saves it" : NULL;
    if (strncmp(name, "profile.", 8) == 0 && strcmp(name, "profile.new") != 0 && strcmp(name, "profile.refresh") != 0 &&
        profiles_current(model) == NULL)
        return "no profile is chosen";
    return NULL;
}

static const char *profiles_context(void *state)
{
    const profiles_model *model = state;
    return model->form ? "profile" : "profiles";
}

static bool profiles_may_close(void *state, workstation *station)
{
    profiles_model *model = state;
    (void)station;
    if (!model->form || !profile_form_is_changed(model))
        return true;
    leave_form(model);
    return false;
}

static void profiles_release(void *state, workstation *station)
{
    profiles_model *model = state;
    (void)station;
    profile_form_close(model);
    buffer_release(&model->doubts);
    explicit_bzero(model->secret, sizeof model->secret);
    free(model->rows);
    free(model);
}

const pane_kind profiles_pane = {
    .name = "profiles",
    .title = "Integration profiles",
    .draw = profiles_draw,
    .run = profiles_run,
    .typed = profiles_typed,
    .paste = profiles_paste,
    .cannot = profiles_cannot,
    .position = profiles_position,
    .may_close = profiles_may_close,
    .release = profiles_release,
    .context = profiles_context,
    .takes_letters = true,
};

void profiles_pane_open(workstation *station)
{
    profiles_model *model = station_find(station, &profiles_pane);
    if (model != NULL)
        model->stale = true;
    if (pane_is_in_front(station, model))
        return;
    model = pane_model_new(station, sizeof *model, "opening the integration profiles");
    if (model == NULL)
        return;
    model->station = station;
    model->stale = true;
    buffer_init(&model->doubts, 1 << 16);
    station_show(station, AREA_RULES); /* which puts its own list below */
    station_push(station, AREA_RULES, PLACE_MAIN, &profiles_pane, model);
}
