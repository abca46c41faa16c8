/* src/tui/station_commands.c - the workstation's own commands, tried when no pane took them. */
#include "custody_panes.h"
#include "gateway_panes.h"
#include "heading_panes.h"
#include "rules.h"
#include "search.h"
#include "station.h"
#include "macros.h"
#include "template_panes.h"

#include <string.h>

typedef void (*action)(workstation *station, const char *argument);

/* ---- the program ------------------------------------------------------------------------------------------------- */

static void do_menu(workstation *station, const char *argument)
{
    int64_t number = 0;
    if (argument != NULL)
        text_to_integer(text_from(argument), &number);
    menu_open(station, number >= 0 && number < 100 ? (int)number : 0);
}

static void do_palette(workstation *station, const char *argument)
{
    (void)argument;
    palette_open(station);
}

static void do_help(workstation *station, const char *argument)
{
    (void)argument;
    help_open(station);
}

static void do_redraw(workstation *station, const char *argument)
{
    (void)argument;
    station->repaint = true;
}

static void do_mouse(workstation *station, const char *argument)
{
    (void)argument;
    station_toggle_mouse(station);
}

static void do_quit(workstation *station, const char *argument)
{
    (void)argument;
    station_quit(station);
}

static void do_key_test(workstation *station, const char *argument)
{
    (void)argument;
    key_test_open(station);
}

static void do_tour(workstation *station, const char *argument)
{
    (void)argument;
    tour_toggle(station);
}

static void theme_named(workstation *station, void *context, const char *answer)
{
    (void)context;
    if (answer != NULL)
        station_set_theme(station, answer);
}

static void do_theme(workstation *station, const char *argument)
{
    if (argument != NULL)
        station_set_theme(station, argument);
    else
        station_prompt(station, "Theme (slate, paper, high-contrast, mono, solarized):", station->theme_name, theme_named, NULL);
}

static void keymap_named(workstation *station, void *context, const char *answer)
{
    (void)context;
    if (answer != NULL)
        station_set_keymap(station, answer);
}

static void do_keymap(workstation *station, const char *argument)
{
    if (argument != NULL)
        station_set_keymap(station, argument);
    else
        station_prompt(station, "Keymap (default, connexion, vi, emacs):", station->keymap_name, keymap_named, NULL);
}

/* ---- areas and panes --------------------------------------------------------------------------------------------- */

static void do_search(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_SEARCH);
}

/* The search box, from anywhere: views that lie over the search are closed (SE-1). */
static void do_search_focus(workstation *station, const char *argument)
{
    const command *focus = command_named("search.focus");
    const area from = station->area;
    (void)argument;
    station_show(station, AREA_SEARCH);
    search_pane_goes_back(station, from);
    pane_stack *stack = &station_desk(station)->stacks[PLACE_MAIN];
    for (size_t above = stack->count; above > 1 && stack->count == above; above--) /* one that asks its own question stays */
        station_pop(station, stack->panes[above - 1].model);
    const open_pane *search = desk_top(station_desk(station), PLACE_MAIN);
    if (search != NULL && search->kind == &search_pane)
        search->kind->run(search->model, focus, NULL, station);
}

/* First to the open record, then to the list. */
static void do_records(workstation *station, const char *argument)
{
    (void)argument;
    bool again = station->area == AREA_RECORDS && !station->listing;
    station_show(station, AREA_RECORDS);
    station->listing = again || station->record_count == 0;
}

static void do_records_list(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_RECORDS);
    station->listing = true;
}

static void do_strings(workstation *station, const char *argument)
{
    (void)argument;
    own_text_pane_open(station, TEXT_STRINGS, false);
}

static void do_shared_strings(workstation *station, const char *argument)
{
    (void)argument;
    own_text_pane_open(station, TEXT_STRINGS, true);
}

static void do_macros(workstation *station, const char *argument)
{
    (void)argument;
    own_text_pane_open(station, TEXT_MACROS, false);
}

static void do_shared_macros(workstation *station, const char *argument)
{
    (void)argument;
    own_text_pane_open(station, TEXT_MACROS, true);
}

static void do_templates(workstation *station, const char *argument)
{
    (void)argument;
    templates_pane_touched(station);
    station_show(station, AREA_TEMPLATES);
}

static void do_deleted(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_SEARCH);
    deleted_pane_open(station);
}

static void do_headings(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_SEARCH);
    headings_pane_open(station, false);
}

static void do_shelf(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_SEARCH);
    headings_pane_open(station, true);
}

static void do_rules(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, AREA_RULES);
}

static void do_jobs(workstation *station, const char *argument)
{
    (void)argument;
    jobs_pane_touched(station);
    station_show(station, AREA_JOBS);
}

static void do_gateway(workstation *station, const char *argument)
{
    (void)argument;
    gateway_pane_open(station);
}

static void do_profiles(workstation *station, const char *argument)
{
    (void)argument;
    profiles_pane_open(station);
}

static void do_next_area(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, (area)((station->area + 1) % AREA_COUNT));
}

static void do_toggle_area(workstation *station, const char *argument)
{
    (void)argument;
    station_show(station, station->area == AREA_SEARCH ? AREA_RECORDS : AREA_SEARCH);
}

static void do_next_pane(workstation *station, const char *argument)
{
    (void)argument;
    station_swap_panes(station);
}

/* Wide: split or one whole. Narrow: the other one. */
static void do_split(workstation *station, const char *argument)
{
    (void)argument;
    desk *desk = station_desk(station);
    const open_pane *companion = desk_top(desk, PLACE_COMPANION);
    bool narrow = station->screen.columns < SPLIT_COLUMNS;
    bool stacked = companion != NULL && companion->kind == &beside_pane && station->screen.rows >= STACKED_ROWS;
    if (!desk_has_companion(desk) && desk->session != NULL && station->record_count > 1)
        beside_next(station, NULL);
    else if (!desk_has_companion(desk))
        station_say(station, "nothing to split with: open a second record, matches, versions or targets");
    else if (narrow && !stacked)
        station_swap_panes(station);
    else
        station->unsplit = !station->unsplit;
    station->dirty = true;
}

static void do_beside(workstation *station, const char *argument)
{
    beside_next(station, argument);
}

static void do_close(workstation *station, const char *argument)
{
    (void)argument;
    station_close_pane(station);
}

static void do_back(workstation *station, const char *argument)
{
    (void)argument;
    if (!station_step_out(station))
        station_say(station, "already at the outermost pane; : takes a command, F10 opens the menus");
}

/* ---- records ----------------------------------------------------------------------------------------------------- */

static void open_typed(workstation *station, void *context, const char *answer)
{
    mms_id id;
    (void)context;
    if (answer == NULL)
        return;
    if (mms_id_parse(&id, text_from(answer)))
        station_open_record(station, id, false);
    else
        station_say(station, "'%s' is not an MMS ID: digits, 8 to 19 of them", answer);
}

static void do_open(workstation *station, const char *argument)
{
    if (argument != NULL)
        open_typed(station, NULL, argument);
    else
        station_prompt(station, "MMS ID:", "", open_typed, NULL);
}

static void step_record(workstation *station, bool forward)
{
    size_t count = station->record_count;
    if (count == 0) {
        station_say(station, "no record is open");
        return;
    }
    bool there = station->area == AREA_RECORDS && !station->listing;
    size_t next = !there ? station->focused_record : (station->focused_record + (forward ? 1 : count - 1)) % count;
    station_focus_record(station, next);
}

static void do_next_record(workstation *station, const char *argument)
{
    (void)argument;
    step_record(station, true);
}

static void do_previous_record(workstation *station, const char *argument)
{
    (void)argument;
    step_record(station, false);
}

static void do_external(workstation *station, const char *argument)
{
    (void)argument;
    external_pane_open(station);
}

static edit_session *wanted_session(workstation *station)
{
    edit_session *session = station_session(station);
    if (session == NULL)
        station_say(station, "no record is open");
    return session;
}

static void do_versions(workstation *station, const char *argument)
{
    (void)argument;
    edit_session *session = wanted_session(station);
    if (session != NULL)
        versions_pane_open(station, session);
}

static void do_alerts(workstation *station, const char *argument)
{
    (void)argument;
    edit_session *session = wanted_session(station);
    if (session != NULL)
        alerts_pane_open(station, session);
}

static void do_inventory(workstation *station, const char *argument)
{
    (void)argument;
    edit_session *session = wanted_session(station);
    if (session == NULL)
        return;
    if (edit_state_of(session)->version == 0)
        station_say(station, "the record was never saved: save it first, then holdings can hang on it");
    else
        inventory_pane_open(station, edit_state_of(session)->id);
}

static const struct {
    const char *command;
    action act;
} actions[] = {
    { "app.menu", do_menu },
    { "app.palette", do_palette },
    { "app.help", do_help },
    { "app.redraw", do_redraw },
    { "app.mouse", do_mouse },
    { "app.quit", do_quit },
    { "app.key_test", do_key_test },
    { "app.tour", do_tour },
    { "app.theme", do_theme },
    { "app.keymap", do_keymap },
    { "area.search", do_search },
    { "search.focus", do_search_focus },
    { "area.records", do_records },
    { "records.list", do_records_list },
    { "records.deleted", do_deleted },
    { "heading.list", do_headings },
    { "shelf.browse", do_shelf },
    { "area.templates", do_templates },
    { "template.new", template_new },
    { "authority.new", template_new_authority },
    { "record.brief", template_new_brief },
    { "string.insert", strings_insert },
    { "string.edit", do_strings },
    { "string.edit_shared", do_shared_strings },
    { "macro.record", macro_record },
    { "macro.play", macro_play },
    { "macro.edit", do_macros },
    { "macro.edit_shared", do_shared_macros },
    { "area.rules", do_rules },
    { "area.jobs", do_jobs },
    { "area.gateway", do_gateway },
    { "area.profiles", do_profiles },
    { "area.next", do_next_area },
    { "area.toggle", do_toggle_area },
    { "pane.next", do_next_pane },
    { "pane.split", do_split },
    { "pane.close", do_close },
    { "record.beside", do_beside },
    { "pane.back", do_back },
    { "record.open", do_open },
    { "record.new", station_new_record },
    { "record.placement", station_choose_placement },
    { "record.next", do_next_record },
    { "record.previous", do_previous_record },
    { "record.versions", do_versions },
    { "alert.list", do_alerts },
    { "external.search", do_external },
    { "result.external", do_external },
    { "inventory.holdings", do_inventory },
    { "inventory.items", do_inventory },
    { "holding.new", do_inventory },
};

bool station_own_command(workstation *station, const command *command, const char *argument)
{
    if (station_linear_command(station, command->name))
        return true;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].command, command->name) == 0) {
            actions[i].act(station, argument);
            return true;
        }
    return false;
}
