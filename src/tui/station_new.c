/* src/tui/station_new.c - new records: where they go, which is said whenever one is made, and what they begin with. */
#include "remembered.h"
#include "station.h"
#include "template_panes.h"

#include "recto/catalog/settings.h"
#include "recto/catalog/templates.h"
#include "recto/marc/formats.h"

#include <string.h>

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
void station_choose_placement(workstation *station, const char *argument)
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

void station_new_record(workstation *station, const char *argument)
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
