/* include/recto/catalog/settings.h - what a zone has decided for all who work in it: one table of settings, with values and help.
 *
 * Choices of rules are settings, too, but made by catalog_rule_choose, which knows the rules. @spec editor.md ED-51, ED-52 */
#ifndef RECTO_CATALOG_SETTINGS_H
#define RECTO_CATALOG_SETTINGS_H

#include "recto/catalog/catalog.h"

typedef struct catalog_setting {
    const char *name;      /* "ignore_cz_records" */
    const char *zones;     /* letters of the kinds of zone that have it: "IN"; "" the repository as a whole */
    const char *values;    /* "yes|no"; a range "1..10080"; NULL: any text */
    const char *otherwise; /* what holds as long as nothing is set */
    const char *help;      /* a sentence */
} catalog_setting;

const catalog_setting *catalog_settings(size_t *count);
const catalog_setting *catalog_setting_named(const char *name); /* NULL: there is none */

/** Appends what is set, else what holds otherwise; *is_set (may be NULL) tells which. ENOTFOUND names the nearest setting;
 *  EINVALID: this kind of zone has no such setting. */
recto_status catalog_setting_get(buffer *out, bool *is_set, catalog *catalog, const repo_zone *zone, const char *name,
                                 recto_error *error);
/** Sets; an empty value goes back to what holds otherwise. ADMINISTER, audited. EINVALID names the values there are. */
recto_status catalog_setting_set(catalog *catalog, const repo_zone *zone, const char *name, const char *value,
                                 recto_error *error);

/** Where new records go: the network's central_record_management over the cataloger's last choice ("local", "network" or ""),
 * which counts for less. *enforced (may be NULL): it cannot be chosen. @spec ED-51, ED-52 */
const repo_zone *catalog_placement(bool *enforced, catalog *catalog, const char *last_choice);

#endif
