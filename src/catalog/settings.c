/* src/catalog/settings.c - the settings of zones as one table, and the placement of new records, which one of them decides.
 *
 * Readers of a setting stand where it matters (policy.c, locks of repo/, inventory.c, levels.c); the table says what they take,
 * so that a command can refuse what nobody would understand. */
#include "recto/catalog/settings.h"

#include "inside.h"

#include "recto/base/utf8.h"

#include <string.h>

static const char CENTRAL[] = "central_record_management";

static const catalog_setting SETTINGS[] = {
    { "central_record_management", "N", "DEFAULT_NETWORK|ENFORCE_NETWORK", "DEFAULT_NETWORK",
      "new records of the members go to the network until a cataloger chooses otherwise, or always" },
    { "serial_match_profile", "IN", NULL, "unique-oclc", "match method of serials, none, or the rows of a Multi Step profile" },
    { "non_serial_match_profile", "IN", NULL, "unique-oclc",
      "match method of all but serials, none, or the rows of a Multi Step profile" },
    { "match_on_every_save", "IN", "yes|no", "no", "matches are looked for with every save, not with the first alone" },
    { "ignore_cz_records", "IN", "yes|no", "no", "records of the Community Zone are no matches" },
    { "rules_by_institutions", "N", "all|local", "all", "rules that members run on sets change all fields, or local ones only" },
    { "cataloging_levels", "I", "on|off", "off", "records above a user's cataloging level are View Only" },
    { "default_library", "I", NULL, "MAIN", "852 $b of new holdings" },
    { "default_location", "I", NULL, "STACKS", "852 $c of new holdings" },
    { "call_number_fields", "I", NULL, "0=050,090|1=082,092|2=060,096|3=086|7=084,099|8=099",
      "an empty call number of new holdings: fields of the bib by 852 first indicator, in this order" },
    { "libraries", "I", NULL, "", "852 $b offered first: MAIN=Main Library|LAW=Law" },
    { "locations", "I", NULL, "", "852 $c offered first: STACKS=Stacks|REF=Reference" },
    { "symbol", "I", NULL, "", "the library's MARC organization code, {symbol} in templates" },
    { "heading_extract", "I", NULL, "372a 373a 374a 670ab",
      "what F3 tells of an authority record beside its heading: fields with subfields" },
    { "index_labels", "I", NULL, "", "what local fields are called where an index is chosen: 910=Fund|949=Donor" },
    { "alternate_graphic_representation_editing", "I", "yes|no", "yes",
      "the script of an 880 can be changed, and fields linked, unlinked and flipped; no: an 880 can only be added" },
    { "lock_timeout_minutes", "", "1..10080", "60", "how long a record stays locked after its cataloger has left the editor" },
    { "lock_idle_minutes", "", "0..10080", "0",
      "how long a record stays locked without a key of a cataloger who is there; 0: as long as the session is" },
};
enum { SETTING_COUNT = sizeof SETTINGS / sizeof SETTINGS[0], VALUE_BYTES = 16 * 1024 };

const catalog_setting *catalog_settings(size_t *count)
{
    *count = SETTING_COUNT;
    return SETTINGS;
}

const catalog_setting *catalog_setting_named(const char *name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(SETTINGS[i].name, name) == 0)
            return &SETTINGS[i];
    return NULL;
}

static recto_status find(const catalog_setting **out, int *zone_id, const repo_zone *zone, const char *name, recto_error *error)
{
    *out = catalog_setting_named(name);
    *zone_id = 0;
    if (*out == NULL)
        return recto_fail(error, RECTO_ENOTFOUND, name, "recto setting list names all", "there is no such setting");
    if ((*out)->zones[0] == '\0')
        return RECTO_OK;
    if (zone == NULL || strchr((*out)->zones, (int)zone->kind) == NULL)
        return recto_fail(error, RECTO_EINVALID, name, (*out)->zones[0] == 'N' ? "--zone nz" : "--zone iz",
                          "%s has no such setting", zone != NULL ? zone->code : "the repository");
    *zone_id = zone->id;
    return RECTO_OK;
}

recto_status catalog_setting_get(buffer *out, bool *is_set, catalog *catalog, const repo_zone *zone, const char *name,
                                 recto_error *error)
{
    const catalog_setting *setting;
    int zone_id;
    buffer value;
    recto_status status = find(&setting, &zone_id, zone, name, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&value, VALUE_BYTES);
    status = repo_setting_get(catalog->repo, zone_id, name, &value, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        status = RECTO_OK;
    }
    const bool set = status == RECTO_OK && value.length > 0;
    if (status == RECTO_OK)
        buffer_append_string(out, set ? buffer_string(&value) : setting->otherwise);
    if (is_set != NULL)
        *is_set = set;
    buffer_release(&value);
    return status;
}

/* ---- setting --------------------------------------------------------------------------------------------------------- */

static bool is_one_of(const char *values, const char *value)
{
    text rest = text_from(values);
    int64_t least, most, number;
    const char *dots = strstr(values, "..");
    if (dots != NULL)
        return text_to_integer(text_of(values, (size_t)(dots - values)), &least) && text_to_integer(text_from(dots + 2), &most) &&
               text_to_integer(text_from(value), &number) && number >= least && number <= most;
    while (rest.bytes != NULL)
        if (text_equal(text_next_field(&rest, '|'), text_from(value)))
            return true;
    return false;
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* "910=Fund|949=Donor" */
static recto_status check_labels(const catalog_setting *setting, const char *value, recto_error *error)
{
    enum { TAG = 3, LABEL_MOST = 40 };
    text rest = text_from(value);
    while (rest.bytes != NULL && rest.length > 0) {
        const text one = text_next_field(&rest, '|');
        const bool is_field =
            one.length > TAG && one.bytes[0] == '9' && is_digit(one.bytes[1]) && is_digit(one.bytes[2]) && one.bytes[TAG] == '=';
        if (!is_field || one.length == TAG + 1 || one.length > TAG + 1 + LABEL_MOST)
            return recto_fail(error, RECTO_EINVALID, setting->name, "tags 900 to 999 with labels, as in 910=Fund|949=Donor",
                              "'%.*s' is no field with a label of 1 to %d bytes", (int)(one.length < 60 ? one.length : 60),
                              one.bytes, LABEL_MOST);
    }
    return RECTO_OK;
}

static bool is_match_method(const catalog_setting *setting)
{
    return strstr(setting->name, "_match_profile") != NULL;
}

static recto_status check_value(const catalog_setting *setting, const char *value, recto_error *error)
{
    match_profile rows = { .count = 0 };
    size_t bad;
    if (value[0] == '\0')
        return RECTO_OK;
    if (strlen(value) >= VALUE_BYTES || !utf8_valid(text_from(value), &bad))
        return recto_fail(error, RECTO_EINVALID, setting->name, "give less than 16 KiB of UTF-8", "this value cannot be kept");
    if (setting->values != NULL && !is_one_of(setting->values, value))
        return recto_fail(error, RECTO_EINVALID, setting->name, setting->values, "'%.60s' is none of its values", value);
    if (strcmp(setting->name, "index_labels") == 0)
        return check_labels(setting, value, error);
    if (strcmp(setting->name, "heading_extract") == 0)
        return heading_extract_check(value, error);
    if (!is_match_method(setting) || strcmp(value, "none") == 0 || match_method_named(value) != MATCH_NONE)
        return RECTO_OK;
    return match_profile_parse(&rows, text_from(value), error);
}

recto_status catalog_setting_set(catalog *catalog, const repo_zone *zone, const char *name, const char *value, recto_error *error)
{
    const catalog_setting *setting;
    int zone_id;
    transaction change = { .repo = NULL };
    recto_status status = find(&setting, &zone_id, zone, name, error);
    if (status == RECTO_OK)
        status = check_value(setting, value, error);
    if (status == RECTO_OK)
        status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "setting.set", name, error);
    if (status != RECTO_OK)
        return status;
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_setting_set(catalog->repo, zone_id, name, value, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "setting.set", name, zone_id, "done", value, error);
    return transaction_end(&change, status, error);
}

/* ---- placement ------------------------------------------------------------------------------------------------------- */

const repo_zone *catalog_placement(bool *enforced, catalog *catalog, const char *last_choice)
{
    buffer value;
    const repo_zone *network = catalog->network;
    if (enforced != NULL)
        *enforced = false;
    if (network == NULL)
        return catalog->own;
    buffer_init(&value, VALUE_BYTES);
    if (catalog_setting_get(&value, NULL, catalog, network, CENTRAL, NULL) != RECTO_OK)
        buffer_clear(&value);
    const bool enforces = strcmp(buffer_string(&value), "ENFORCE_NETWORK") == 0;
    buffer_release(&value);
    if (enforced != NULL)
        *enforced = enforces;
    return enforces || strcmp(last_choice, "local") != 0 ? network : catalog->own;
}
