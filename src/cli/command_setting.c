/* src/cli/command_setting.c - recto setting: what a zone has decided for all who work in it, listed, read and set. */
#include "command_line.h"

#include "recto/catalog/settings.h"

#include <string.h>

/* The zone that a setting is of: --zone, else the first that has it. */
static recto_status zone_of(const repo_zone **out, const catalog *catalog, const char *given, const char *name,
                            recto_error *error)
{
    const catalog_setting *setting = catalog_setting_named(name);
    *out = NULL;
    if (given != NULL)
        return zone_named(out, catalog, given, error);
    if (setting != NULL && setting->zones[0] != '\0')
        *out = catalog_zone(catalog, (zone_kind)setting->zones[0]);
    return RECTO_OK;
}

static recto_status print_setting(command_line *line, catalog *catalog, const catalog_setting *setting, const repo_zone *zone,
                                  recto_error *error)
{
    json_writer json;
    buffer value;
    bool is_set = false;
    buffer_init(&value, 0);
    recto_status status = catalog_setting_get(&value, &is_set, catalog, zone, setting->name, error);
    if (status == RECTO_OK && !line->json) {
        print_format(line, "%s\t%s\t%s\t%s\t%s\t%s", setting->zones[0] == '\0' ? "all" : zone_name(zone->kind), setting->name,
                     buffer_string(&value), is_set ? "set" : "", setting->values != NULL ? setting->values : "", setting->help);
        print_end(line);
    } else if (status == RECTO_OK) {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "zone", setting->zones[0] == '\0' ? "all" : zone_name(zone->kind));
        json_string(&json, "name", setting->name);
        json_string(&json, "value", buffer_string(&value));
        json_bool(&json, "set", is_set);
        json_string(&json, "values", setting->values);
        json_string(&json, "help", setting->help);
        json_close(&json, '}');
        print_end(line);
    }
    buffer_release(&value);
    return status;
}

/* Each setting once for every zone that has it. */
static recto_status list_settings(command_line *line, catalog *catalog, const char *zone_given, recto_error *error)
{
    size_t count;
    const catalog_setting *settings = catalog_settings(&count);
    const repo_zone *only = NULL;
    recto_status status = zone_given != NULL ? zone_named(&only, catalog, zone_given, error) : RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        const char *kind = settings[i].zones;
        if (*kind == '\0' && only == NULL)
            status = print_setting(line, catalog, &settings[i], NULL, error);
        for (; status == RECTO_OK && *kind != '\0'; kind++) {
            const repo_zone *zone = catalog_zone(catalog, (zone_kind)*kind);
            if (zone != NULL && (only == NULL || only == zone))
                status = print_setting(line, catalog, &settings[i], zone, error);
        }
    }
    return status;
}

static recto_status get_setting(command_line *line, catalog *catalog, const char *zone_given, const char *name,
                                recto_error *error)
{
    const repo_zone *zone;
    buffer value;
    buffer_init(&value, 0);
    recto_status status = zone_of(&zone, catalog, zone_given, name, error);
    if (status == RECTO_OK)
        status = catalog_setting_get(&value, NULL, catalog, zone, name, error);
    if (status == RECTO_OK) {
        print(line, buffer_text(&value));
        print_end(line);
    }
    buffer_release(&value);
    return status;
}

int command_setting(command_line *line, int argc, char **argv)
{
    const char *zone_given = NULL;
    const option_value options[] = { { "zone", true, &zone_given, NULL, NULL } };
    const int operands = read_options(argc, argv, options, 1);
    if (operands < 0)
        return 2;
    const char *act = operands > 0 ? argv[1] : "";
    const bool lists = strcmp(act, "list") == 0 && operands == 1, gets = strcmp(act, "get") == 0 && operands == 2;
    const bool sets = strcmp(act, "set") == 0 && operands == 3;
    if (!lists && !gets && !sets)
        return usage("setting takes list, get NAME, or set NAME VALUE (an empty value goes back to the default)");
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, sets ? REPO_READ_WRITE : REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK && lists)
        status = list_settings(line, catalog, zone_given, &error);
    else if (status == RECTO_OK && gets)
        status = get_setting(line, catalog, zone_given, argv[2], &error);
    else if (status == RECTO_OK)
        status = zone_of(&zone, catalog, zone_given, argv[2], &error);
    if (status == RECTO_OK && sets)
        status = catalog_setting_set(catalog, zone, argv[2], argv[3], &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}
