/* src/tui/station_commands.c - the workstation's own commands, tried when no pane took them. */
#include "custody_panes.h"
#include "gateway_panes.h"
#include "heading_panes.h"
#include "remembered.h"
#include "rules.h"
#include "search.h"
#include "station.h"
#include "macros.h"
#include "template_panes.h"

#include "recto/catalog/templates.h"
#include "recto/catalog/settings.h"
#include "recto/marc/formats.h"

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

/* The record that Record > New makes: what every bib has, with the day and the library; the rest blank or undecided. */
static recto_status make_new_record(marc_record **out, catalog *catalog, recto_error *error)
{
    static const char bib[] = "LDR 00000nam\\a2200000\\i\\4500\n"
                              "008 {008date}s||||\\\\\\\\xx\\\\\\\\\\\\\\\\\\\\\\\\|||\\||und|d\n"
                              "040 \\\\ $a{symbol}$beng$erda$c{symbol}\n"
                              "245 00 $a\n"
                              "264 \\1 $a$b$c\n"
                              "300 \\\\ $a$c\n"
                              "336 \\\\ $atext$btxt$2rdacontent\n"
                              "337 \\\\ $aunmediated$bn$2rdamedia\n"
                              "338 \\\\ $avolume$bnc$2rdacarrier\n";
    template_values values;
    buffer symbol, filled;
    buffer_init(&symbol, 4096);
    buffer_init(&filled, 4096);
    catalog_template_values(&values, &symbol, catalog);
    template_fill_text(&filled, NULL, TEXT(bib), &values);
    recto_status status = marc_record_parse(out, buffer_text(&filled), MARC_FORMAT_LINE, error);
    buffer_release(&filled);
    buffer_release(&symbol);
    return status;
}

/* ED-51, ED-53: the placement is said whenever a record is made. */
static void make_in(workstation *station, const repo_zone *zone)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    recto_error error;
    if (template_new_by_default(station, zone))
        return;
    recto_status status = make_new_record(&record, station->options.catalog, &error);
    if (status == RECTO_OK)
        status = edit_new(&session, station->options.catalog, zone->id, &record, "new", &error);
    marc_record_free(record);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_add_session(station, &session);
    station_say(station, "New in: %s", zone->kind == ZONE_NETWORK ? "NETWORK" : "LOCAL (Institution Zone)");
}

/* ED-52: the network may have decided for all of its members. */
static bool is_network_enforced(workstation *station)
{
    bool enforced;
    (void)catalog_placement(&enforced, station->options.catalog, "");
    return enforced;
}

static void zone_chosen(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "local") == 0 && is_network_enforced(station)) {
        station_say(station, "New records go to the network: its central_record_management is ENFORCE_NETWORK");
        return;
    }
    const repo_zone *zone = strcmp(choice, "network") == 0 ? catalog_zone(station->options.catalog, ZONE_NETWORK)
                            : strcmp(choice, "local") == 0 ? catalog_zone(station->options.catalog, ZONE_INSTITUTION)
                                                           : NULL;
    if (zone == NULL)
        return;
    if (catalog_zone(station->options.catalog, ZONE_NETWORK) != NULL)
        remembered_set(station, "placement", choice); /* ED-51: of imports, too */
    make_in(station, zone);
}

static void placement_chosen(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "network") != 0 && strcmp(choice, "local") != 0)
        return;
    remembered_set(station, "placement", choice);
    station_say(station, "New records and imports go to: %s", choice[0] == 'n' ? "NETWORK" : "LOCAL (Institution Zone)");
}

/* ED-51: chosen without making a record. What holds now is the default. */
static void do_placement(workstation *station, const char *argument)
{
    static const dialog_choice choices[] = { { "network", "Network", 'n' },
                                             { "local", "Local (Institution Zone)", 'l' },
                                             { "cancel", "Cancel", 'c' },
                                             { NULL, NULL, 0 } };
    static const char *const lines[] = { "Where are new records and imports to go?", NULL };
    if (catalog_zone(station->options.catalog, ZONE_NETWORK) == NULL) {
        station_say(station, "this institution is in no network: new records go to the Institution Zone");
    } else if (is_network_enforced(station)) {
        station_say(station, "New records go to the network: its central_record_management is ENFORCE_NETWORK");
    } else if (argument != NULL) {
        placement_chosen(station, NULL, argument);
    } else {
        const char *now = template_placement(station)->kind == ZONE_NETWORK ? "network" : "local";
        station_ask(station, &(dialog){ .title = "Placement Options",
                                        .lines = lines,
                                        .choices = choices,
                                        .initial = now,
                                        .escape = "cancel",
                                        .done = placement_chosen });
    }
}

static void do_new(workstation *station, const char *argument)
{
    static const dialog_choice choices[] = { { "network", "Network", 'n' },
                                             { "local", "Local (Institution Zone)", 'l' },
                                             { "cancel", "Cancel", 'c' },
                                             { NULL, NULL, 0 } };
    static const char *const lines[] = { "Where is the new record to be?", NULL };
    if (argument != NULL || catalog_zone(station->options.catalog, ZONE_NETWORK) == NULL) {
        zone_chosen(station, NULL, argument != NULL ? argument : "local");
        return;
    }
    if (is_network_enforced(station)) {
        make_in(station, catalog_zone(station->options.catalog, ZONE_NETWORK));
        return;
    }
    buffer kept;
    buffer_init(&kept, 64);
    remembered_get(station, "placement", &kept);
    const bool local = text_equal(buffer_text(&kept), TEXT("local"));
    buffer_release(&kept);
    const dialog question = {
        "Placement of new records", lines, choices, local ? "local" : "network", "cancel", zone_chosen, NULL
    };
    station_ask(station, &question);
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
    { "record.new", do_new },
    { "record.placement", do_placement },
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
