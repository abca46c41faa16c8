/* src/tui/station_keys.c - from a key to what it does: overlay, pane, keymap, command; and what is said about it. */
#include "custody_panes.h"
#include "macros.h"
#include "station.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COUNT_MOST = 10000 };

void station_say(workstation *station, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(station->status, sizeof station->status, format, arguments);
    va_end(arguments);
    station->status_is_error = false;
    station->status_was_seen = false;
    station->dirty = true;
}

void station_error(workstation *station, const recto_error *error)
{
    char line[STATUS_BYTES];
    recto_error_line(line, sizeof line, error);
    station_say(station, "%s", line);
    station->status_is_error = true;
}

void station_no_memory(workstation *station, const char *doing)
{
    recto_error error;
    (void)recto_fail_memory(&error, doing);
    station_error(station, &error);
}

const char *station_context(workstation *station)
{
    const open_pane *pane = station_focused_pane(station);
    if (pane == NULL)
        return "list";
    const char *context = pane->kind->context != NULL ? pane->kind->context(pane->model) : NULL;
    return context != NULL ? context : pane->kind->name;
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* Named in keymaps and menus already, built with the rooms they need. */
bool station_comes_later(const command *command)
{
    static const char *const later[] = { "order.create" };
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (strcmp(command->name, later[i]) == 0)
            return true;
    return false;
}

static bool has_context(const command *command, const char *wanted)
{
    text contexts = text_from(command->contexts);
    while (contexts.bytes != NULL && contexts.length > 0)
        if (text_equal(text_next_field(&contexts, ','), text_from(wanted)))
            return true;
    return false;
}

bool station_belongs_here(workstation *station, const command *command)
{
    const char *context = station_context(station);
    return has_context(command, "all") || has_context(command, context) ||
           (has_context(command, "list") && keymap_context_is_list(context)) ||
           (has_context(command, "editor") && station_desk(station)->session != NULL);
}

static bool is_for_open_records(const command *command)
{
    return has_context(command, "editor") && !has_context(command, "all");
}

/* What is done to the text of open holdings is inventory work, for those who may not change bibs (ED-2). */
static privilege privilege_here(workstation *station, const command *command)
{
    const open_pane *pane = station_focused_pane(station);
    const edit_session *session =
        pane != NULL && pane->kind == &beside_pane ? beside_session(pane->model) : station_desk(station)->session;
    const bool own = session != NULL && edit_state_of(session)->is_holdings && is_for_open_records(command) &&
                     !catalog_may(station->options.catalog, PRIVILEGE_CATALOG);
    return own && command->privilege == PRIVILEGE_CATALOG ? PRIVILEGE_HOLDINGS : command->privilege;
}

const char *station_cannot(workstation *station, const command *command)
{
    desk *desk = station_desk(station);
    if (station_comes_later(command))
        return "comes with a later version of Recto";
    if (station->linear == NULL && strncmp(command->name, "linear.", 7) == 0)
        return "only in linear mode: recto --linear";
    const privilege wanted = privilege_here(station, command);
    if (!catalog_may(station->options.catalog, wanted))
        return privilege_sentence(wanted);
    const open_pane *pane = station_focused_pane(station), *main = desk_top(desk, PLACE_MAIN);
    const char *why = pane != NULL && pane->kind->cannot != NULL ? pane->kind->cannot(pane->model, command, station) : NULL;
    if (why != NULL && *why != '\0')
        return why;
    if (main != NULL && main != pane && (pane == NULL || pane->kind != &beside_pane) && main->kind->cannot != NULL &&
        desk->session != NULL && is_for_open_records(command))
        return main->kind->cannot(main->model, command, station);
    return NULL;
}

static bool run_in(workstation *station, const open_pane *pane, const command *command, const char *argument)
{
    return pane != NULL && pane->kind->run != NULL && pane->kind->run(pane->model, command, argument, station);
}

/* A companion has the focus, but Save means the record beside it. */
static bool run_in_editor(workstation *station, const command *command, const char *argument)
{
    desk *desk = station_desk(station);
    const open_pane *editor = desk_top(desk, PLACE_MAIN);
    if (desk->session == NULL || editor == station_focused_pane(station) || !is_for_open_records(command))
        return false;
    return run_in(station, editor, command, argument);
}

void station_execute(workstation *station, const command *command, const char *argument)
{
    const char *given = argument != NULL && *argument != '\0' ? argument : NULL;
    const char *why = station_cannot(station, command);
    station->dirty = true;
    if (why != NULL && *why != '\0') {
        station_say(station, "%s: %s", command->title, why);
        station->refused = true;
        return;
    }
    if (station->executing++ == 0)
        macro_note_command(station, command, given);
    if (!run_in(station, station_focused_pane(station), command, given) && !run_in_editor(station, command, given) &&
        !station_own_command(station, command, given)) {
        station_say(station, "%s does nothing here", command->title);
        station->refused = true;
    }
    station->executing--;
    tour_saw(station, command);
}

void station_run(workstation *station, const char *name, const char *argument)
{
    const command *command = command_named(name);
    if (command != NULL)
        station_execute(station, command, argument);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static bool type_into(workstation *station, const key *key)
{
    const open_pane *pane = station_focused_pane(station);
    if (pane == NULL || pane->kind->typed == NULL || !pane->kind->typed(pane->model, key, station))
        return false;
    macro_note_key(station, key);
    station->dirty = true;
    return true;
}

static bool is_plain_character(const key *key)
{
    return key->name == KEY_IS_TEXT && !key->ctrl && !key->alt;
}

static void say_unbound(workstation *station)
{
    buffer name;
    buffer_init(&name, 300);
    for (size_t i = 0; i < station->sequence_length; i++) {
        if (i > 0)
            buffer_append_char(&name, ' ');
        key_write(&name, &station->sequence[i], false);
    }
    station_say(station, "%s does nothing here; F1 shows the keys", buffer_string(&name));
    station->refused = true;
    buffer_release(&name);
}

buffer *station_cut_text(workstation *station)
{
    return &station->cut_text;
}

bool station_is_modal(const workstation *station)
{
    return station->keymap != NULL && keymap_is_modal(station->keymap);
}

/* vi: digits before a command say how often. */
static bool takes_count(workstation *station, const key *key)
{
    char digit = key->text[0];
    if (!station_is_modal(station) || station->sequence_length > 0 || !is_plain_character(key) || key->text[1] != '\0' ||
        digit < '0' || digit > '9' || (digit == '0' && station->count == 0))
        return false;
    if (station->count < COUNT_MOST / 10)
        station->count = station->count * 10 + (digit - '0');
    return true;
}

/* As often as was typed before it, as long as nothing asks or fails. A place is not gone to often, but by its number. */
static void execute_counted(workstation *station, const binding *found, int count)
{
    char number[16];
    size_t overlays = station->overlay_count;
    snprintf(number, sizeof number, "%d", count);
    if (count > 0 && strcmp(found->command->name, "cursor.last") == 0) {
        station_execute(station, found->command, number);
        return;
    }
    for (int done = 0; done < (count > 0 ? count : 1); done++) {
        if (done > 0 && (station->overlay_count != overlays || station->status_is_error))
            break;
        station->counts_on = done > 0;
        station_execute(station, found->command, found->argument);
    }
    station->counts_on = false;
}

static void ask_keymap(workstation *station, const key *key)
{
    if (takes_count(station, key))
        return;
    const binding *found = NULL;
    station->sequence[station->sequence_length++] = *key;
    if (own_texts_take_keys(station))
        return;
    keymap_answer answer =
        keymap_find(&found, station->keymap, station_context(station), station->sequence, station->sequence_length);
    if (answer == KEYMAP_PREFIX && station->sequence_length < KEYS_IN_SEQUENCE)
        return;
    bool alone = station->sequence_length == 1;
    if (answer == KEYMAP_FOUND) {
        int count = station->count;
        station->sequence_length = station->count = 0;
        execute_counted(station, found, count);
    } else if (!alone || !type_into(station, key)) {
        say_unbound(station);
    }
    station->sequence_length = 0;
    station->count = 0;
}

/* A message stays until it has been seen and a key is pressed. */
static void settle_status(workstation *station)
{
    if (!station->status_was_seen)
        return;
    station->status[0] = '\0';
    station->status_is_error = false;
}

/* What lies over the panes knows the plain keys: a keymap's own keys for one step out, the menus and the rows of a list stand for
 * them there, too. Letters are text that narrows the choice. */
static const key *plain_key_for(const workstation *station, const key *pressed)
{
    static const struct {
        const char *command;
        key key;
    } plain[] = { { "pane.back", { .name = KEY_NAME_ESCAPE } },     { "app.menu", { .name = KEY_NAME_F10 } },
                  { "list.up", { .name = KEY_NAME_UP } },           { "list.down", { .name = KEY_NAME_DOWN } },
                  { "list.page_up", { .name = KEY_NAME_PAGE_UP } }, { "list.page_down", { .name = KEY_NAME_PAGE_DOWN } },
                  { "list.home", { .name = KEY_NAME_HOME } },       { "list.end", { .name = KEY_NAME_END } } };
    const binding *found = NULL;
    bool own = pressed->name == KEY_IS_TEXT ? pressed->ctrl || pressed->alt : pressed->name >= KEY_NAME_F1;
    if (own && keymap_find(&found, station->keymap, "list", pressed, 1) == KEYMAP_FOUND && found->argument[0] == '\0')
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (strcmp(found->command->name, plain[i].command) == 0)
                return &plain[i].key;
    return pressed;
}

/* In linear mode what lies over the panes can be read out, too. */
static bool asks_to_be_told(workstation *station, const key *key)
{
    const binding *found = NULL;
    return station->linear != NULL && keymap_find(&found, station->keymap, "all", key, 1) == KEYMAP_FOUND &&
           station_linear_command(station, found->command->name);
}

void station_take_key(workstation *station, const key *key)
{
    const open_pane *pane = station_focused_pane(station);
    station->dirty = true;
    settle_status(station);
    if (station->overlay_count > 0) {
        overlay *top = &station->overlays[station->overlay_count - 1];
        if (!asks_to_be_told(station, key))
            top->typed(top->model, top->typed == key_test_typed ? key : plain_key_for(station, key), station);
    } else if (station->screen.rows < SMALLEST_ROWS || station->screen.columns < SMALLEST_COLUMNS) {
        return; /* nothing is seen, so nothing is done */
    } else if (!(station->sequence_length == 0 && is_plain_character(key) && pane != NULL && pane->kind->takes_letters &&
                 type_into(station, key))) {
        ask_keymap(station, key);
    }
    station_bury(station);
    station_note_changes(station);
    station_hear(station);
}

static void paste_by_characters(workstation *station, text pasted)
{
    while (pasted.length > 0) {
        key typed = { 0 };
        int32_t code;
        size_t used = utf8_decode(pasted.bytes, pasted.length, &code);
        if (code >= ' ' && code != 0x7F && !(code >= 0x80 && code < 0xA0)) {
            memcpy(typed.text, pasted.bytes, used);
            type_into(station, &typed);
        }
        pasted = text_of(pasted.bytes + used, pasted.length - used);
    }
}

void station_take_paste(workstation *station, text pasted)
{
    const open_pane *pane = station_focused_pane(station);
    station->dirty = true;
    station->sequence_length = 0;
    settle_status(station);
    if (station->overlay_count == 0)
        macro_note_paste(station, pasted);
    if (station->overlay_count > 0) {
        overlay *top = &station->overlays[station->overlay_count - 1];
        if (top->paste != NULL)
            top->paste(top->model, pasted);
    } else if (pane != NULL && pane->kind->paste != NULL) {
        pane->kind->paste(pane->model, pasted, station);
    } else if (pane != NULL && pane->kind->takes_letters) {
        paste_by_characters(station, pasted);
    } else {
        station_say(station, "nothing here takes a paste");
    }
    station_bury(station);
    station_note_changes(station);
}
