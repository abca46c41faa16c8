/* src/catalog/profile_settings.c - what a profile's values mean: the policy of its records, and who may send them.
 *
 * Rules and methods are looked up here, so that a profile that names what is not there is refused when it is saved; and looked up
 * again for every record, because a rule may have gone since (GW-56). */
#include "profile_values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char COPY_019[] = "Marc21 Bib Copy 019a to 035z";
static const char RULE_019[] = "copy-019-to-035";

/* ---- addresses */

typedef struct network {
    int family;
    unsigned char bytes[16];
    int bits;
} network;

static bool read_address(network *out, const char *address)
{
    static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    *out = (network){ .family = AF_INET, .bits = 32 };
    if (inet_pton(AF_INET, address, out->bytes) == 1)
        return true;
    *out = (network){ .family = AF_INET6, .bits = 128 };
    if (inet_pton(AF_INET6, address, out->bytes) != 1)
        return false;
    if (memcmp(out->bytes, mapped, sizeof mapped) != 0)
        return true;
    memmove(out->bytes, out->bytes + 12, 4); /* ::ffff:10.0.0.1 is 10.0.0.1 */
    out->family = AF_INET;
    out->bits = 32;
    return true;
}

static bool read_network(network *out, text piece)
{
    char address[64];
    int64_t bits;
    text rest = piece;
    const text host = text_trim(text_next_field(&rest, '/'));
    snprintf(address, sizeof address, "%.*s", (int)(host.length < 63 ? host.length : 63), host.bytes);
    if (!read_address(out, address))
        return false;
    if (rest.bytes == NULL)
        return true;
    if (!text_to_integer(text_trim(rest), &bits) || bits < 0 || bits > out->bits)
        return false;
    out->bits = (int)bits;
    return true;
}

static bool network_has(const network *network, const struct network *address)
{
    if (network->family != address->family)
        return false;
    for (int bit = 0; bit < network->bits; bit += 8) {
        const int left = network->bits - bit;
        const unsigned mask = left >= 8 ? 0xFFu : (0xFFu << (8 - left)) & 0xFFu;
        if (((network->bytes[bit / 8] ^ address->bytes[bit / 8]) & mask) != 0)
            return false;
    }
    return true;
}

bool peers_admit(const char *list, const char *address)
{
    network peer, one;
    text rest = text_from(list);
    if (text_trim(rest).length == 0)
        return true;
    if (!read_address(&peer, address))
        return false;
    while (rest.bytes != NULL)
        if (read_network(&one, text_next_field(&rest, ',')) && network_has(&one, &peer))
            return true;
    return false;
}

bool peers_valid(const char *list, char wrong[static 64])
{
    network one;
    text rest = text_from(list);
    while (rest.bytes != NULL) {
        const text piece = text_trim(text_next_field(&rest, ','));
        if (piece.length == 0 || read_network(&one, piece))
            continue;
        snprintf(wrong, 64, "%.*s", (int)(piece.length < 63 ? piece.length : 63), piece.bytes);
        return false;
    }
    return true;
}

/* ---- each value */

typedef struct settling { /* one profile on its way to settings */
    connexion_profile *out;
    catalog *catalog;
    const profile_values *values;
} settling;

static const char *value_of(const settling *settling, profile_field field)
{
    return settling->values->value[field];
}

static recto_status settle_format(settling *settling, profile_field field, recto_error *error)
{
    const char *format = value_of(settling, field);
    if (strcmp(format, "MARC 21 Bibliographic") == 0)
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, NULL, "choose MARC 21 Bibliographic", "target format %s is not available", format);
}

static recto_status settle_match(settling *settling, profile_field field, recto_error *error)
{
    const bool serial = field == PROFILE_SERIAL_MATCH;
    ingest_policy *policy = &settling->out->policy;
    const char *value = value_of(settling, field);
    match_profile *profile = serial ? &policy->serial_profile : &policy->non_serial_profile;
    match_method *method = serial ? &policy->serial_match : &policy->non_serial_match;
    *method = match_method_named(value);
    *profile = (match_profile){ .count = 0 };
    if (*method != MATCH_NONE)
        return RECTO_OK;
    recto_error cause = { .status = RECTO_OK };
    if (value[0] != '\0' && match_profile_parse(profile, text_from(value), &cause) == RECTO_OK && profile->count > 0)
        return RECTO_OK;
    return recto_fail(error, RECTO_EINVALID, NULL, "for example: Unique OCLC Identifier", "'%.80s' is no match method", value);
}

static recto_status settle_merge(settling *settling, profile_field field, recto_error *error)
{
    const merge_program *program = NULL;
    connexion_profile *out = settling->out;
    snprintf(out->merge_rule, sizeof out->merge_rule, "%s", value_of(settling, field));
    if (out->merge_rule[0] == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, "for example: Overlay all fields but local", "there is no merge method");
    out->policy.merge_rule = out->merge_rule;
    return rules_merge_named(&program, settling->catalog, out->target, out->merge_rule, error);
}

static recto_status settle_normalization(settling *settling, profile_field field, recto_error *error)
{
    connexion_profile *out = settling->out;
    recto_status status = RECTO_OK;
    text rest = text_from(value_of(settling, field));
    out->normalization[0] = '\0';
    out->policy.copy_019_to_035 = false;
    while (status == RECTO_OK && rest.bytes != NULL) {
        char name[PROFILE_VALUE];
        const rule_file *file = NULL;
        const text piece = text_trim(text_next_field(&rest, ','));
        if (piece.length == 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)piece.length, piece.bytes);
        if (text_equal_ascii_case(piece, text_from(COPY_019)) || strcmp(name, RULE_019) == 0) {
            out->policy.copy_019_to_035 = true; /* the same as the shipped rule, without parsing one */
            continue;
        }
        status = catalog_rule_file(&file, settling->catalog, out->target, RULES_NORMALIZATION, name, error);
        const size_t used = strlen(out->normalization);
        snprintf(out->normalization + used, sizeof out->normalization - used, "%s%s", used > 0 ? "," : "", name);
    }
    return status;
}

/* "MarcXML Bib Import" is the file marcxml-bib-import. */
static recto_status settle_validation(settling *settling, profile_field field, recto_error *error)
{
    connexion_profile *out = settling->out;
    const marc_validation_profile *profile = NULL;
    snprintf(out->validation, sizeof out->validation, "%.63s", value_of(settling, field));
    for (char *c = out->validation; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : (char)tolower((unsigned char)*c);
    return out->validation[0] != '\0' ? validation_profile_named(&profile, settling->catalog, out->validation, error) : RECTO_OK;
}

static recto_status settle_age(settling *settling, profile_field field, recto_error *error)
{
    (void)error;
    const char *value = value_of(settling, field);
    settling->out->policy.age_rule = strcmp(value, "Disregard") == 0                     ? MATCH_AGE_DISREGARD
                                     : strcmp(value, "Consider Originating System") == 0 ? MATCH_AGE_SAME_SYSTEM
                                                                                         : MATCH_AGE_ALWAYS;
    return RECTO_OK;
}

static recto_status settle_sync(settling *settling, profile_field field, recto_error *error)
{
    (void)error;
    const char *value = value_of(settling, field);
    settling->out->policy.sync = strcmp(value, "Publish holdings only") == 0 ? 'H'
                                 : strcmp(value, "Don't publish") == 0       ? 'N'
                                                                             : 'B';
    return RECTO_OK;
}

static recto_status settle_system(settling *settling, profile_field field, recto_error *error)
{
    connexion_profile *out = settling->out;
    const char *value = value_of(settling, field);
    if (value[0] == '\0' || strlen(value) >= sizeof out->originating_system)
        return recto_fail(error, RECTO_EINVALID, NULL, "for example: OCLC", "a system has a name of 1 to 63 bytes");
    snprintf(out->originating_system, sizeof out->originating_system, "%s", value);
    out->policy.originating_system = out->originating_system;
    return RECTO_OK;
}

static recto_status settle_peers(settling *settling, profile_field field, recto_error *error)
{
    char wrong[64];
    const char *value = value_of(settling, field);
    snprintf(settling->out->peers, sizeof settling->out->peers, "%s", value);
    if (peers_valid(value, wrong))
        return RECTO_OK;
    return recto_fail(error, RECTO_EINVALID, NULL, "write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32", "'%s' is no address", wrong);
}

static recto_status settle_rate(settling *settling, profile_field field, recto_error *error)
{
    int64_t rate = 0;
    if (!text_to_integer(text_from(value_of(settling, field)), &rate) || rate < 0 || rate > 1000000)
        return recto_fail(error, RECTO_EINVALID, NULL, "0: no limit", "a rate is a number of records a minute");
    settling->out->rate_limit = (int)rate;
    return RECTO_OK;
}

typedef struct settle_step {
    profile_field field;
    recto_status (*settle)(settling *settling, profile_field field, recto_error *error);
} settle_step;
static const settle_step STEPS[] = {
    { PROFILE_TARGET_FORMAT, settle_format },      { PROFILE_NORMALIZATION, settle_normalization },
    { PROFILE_VALIDATION, settle_validation },     { PROFILE_SERIAL_MATCH, settle_match },
    { PROFILE_NON_SERIAL_MATCH, settle_match },    { PROFILE_MERGE_METHOD, settle_merge },
    { PROFILE_OLDER_VERSION, settle_age },         { PROFILE_SYNCHRONIZE, settle_sync },
    { PROFILE_ORIGINATING_SYSTEM, settle_system }, { PROFILE_ALLOWED_PEERS, settle_peers },
    { PROFILE_RATE_LIMIT, settle_rate },
};

static recto_status fail_place(const settling *settling, profile_field field, const char *origin, const recto_error *cause,
                               recto_error *error)
{
    char where[RECTO_ERROR_WHERE];
    size_t count;
    const char *key = profile_keys(&count)[field].name;
    const int line = settling->values->line[field];
    if (line > 0)
        snprintf(where, sizeof where, "%.90s:%d: %s", origin, line, key);
    else
        snprintf(where, sizeof where, "%.90s: %s", origin, key);
    if (cause->where[0] == '\0')
        return recto_fail(error, cause->status, where, cause->todo, "%s", cause->what);
    return recto_fail(error, cause->status, where, cause->todo, "%.80s: %.110s", cause->where, cause->what);
}

static recto_status find_target(settling *settling, int zone, recto_error *error)
{
    catalog *desk = settling->catalog;
    const repo_zone *own = catalog_zone_by_id(desk, zone);
    settling->out->target = zone;
    if (own == NULL || own->kind == ZONE_NETWORK || !profile_value_is(settling->values, PROFILE_USE_NETWORK, "yes"))
        return RECTO_OK;
    if (desk->network == NULL)
        return recto_fail(error, RECTO_EREFUSED, NULL, "set it to no", "this repository has no Network Zone");
    settling->out->target = desk->network->id;
    return RECTO_OK;
}

recto_status profile_settings(connexion_profile *out, catalog *catalog, const profile_values *values, int zone,
                              const char *origin, recto_error *error)
{
    settling settling = { .out = out, .catalog = catalog, .values = values };
    recto_error cause = { .status = RECTO_OK };
    *out = (connexion_profile){ .zone = zone,
                                .permanent = profile_value_is(values, PROFILE_PERMANENT, "yes"),
                                .policy = { .door = "gateway",
                                            .on_match = ON_MATCH_MERGE,
                                            .initial_normalization = true,
                                            .refuse_briefer = profile_value_is(values, PROFILE_REFUSE_BRIEFER, "yes"),
                                            .ignore_community = true } };
    snprintf(out->code, sizeof out->code, "%.63s", values->value[PROFILE_CODE]);
    if (find_target(&settling, zone, &cause) != RECTO_OK)
        return fail_place(&settling, PROFILE_USE_NETWORK, origin, &cause, error);
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
        if (STEPS[i].settle(&settling, STEPS[i].field, &cause) != RECTO_OK)
            return fail_place(&settling, STEPS[i].field, origin, &cause, error);
    return RECTO_OK;
}
