/* src/tui/remembered.c - see remembered.h. They lie among the settings of the institution, under the user's name. */
#include "remembered.h"

#include <stdio.h>
#include <string.h>

static const repo_zone *own_zone(workstation *station)
{
    return catalog_zone(station_catalog(station), ZONE_INSTITUTION);
}

static void setting_name(char *out, size_t capacity, workstation *station, const char *name)
{
    snprintf(out, capacity, "user/%s/%s", catalog_user(station_catalog(station)), name);
}

void remembered_get(workstation *station, const char *name, buffer *out)
{
    const repo_zone *zone = own_zone(station);
    char full[200];

    setting_name(full, sizeof full, station, name);
    if (zone != NULL)
        (void)repo_setting_get(catalog_repo(station_catalog(station)), zone->id, full, out, NULL);
}

void remembered_set(workstation *station, const char *name, const char *value)
{
    const repo_zone *zone = own_zone(station);
    char full[200];

    setting_name(full, sizeof full, station, name);
    if (zone != NULL && !catalog_is_read_only(station_catalog(station)))
        (void)repo_setting_set(catalog_repo(station_catalog(station)), zone->id, full, value, NULL);
}
