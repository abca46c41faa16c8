/* src/catalog/profile_values.h - a profile as values by key, and what the gateway makes of them. Private to catalog/. */
#ifndef CATALOG_PROFILE_VALUES_H
#define CATALOG_PROFILE_VALUES_H

#include "inside.h"

#include "recto/catalog/profiles.h"
#include "recto/repo/profiles.h"

enum { PROFILE_VALUE = 512, PROFILE_BYTES_MAX = 64 * 1024 };

/* In the order of the table of keys. */
typedef enum profile_field {
    PROFILE_CODE,
    PROFILE_NAME,
    PROFILE_TYPE,
    PROFILE_INSTITUTION,
    PROFILE_USE_NETWORK,
    PROFILE_DEFAULT,
    PROFILE_DESCRIPTION,
    PROFILE_ACTIVE,
    PROFILE_TARGET_FORMAT,
    PROFILE_NORMALIZATION,
    PROFILE_VALIDATION,
    PROFILE_SERIAL_MATCH,
    PROFILE_NON_SERIAL_MATCH,
    PROFILE_MERGE_METHOD,
    PROFILE_REFUSE_BRIEFER,
    PROFILE_OLDER_VERSION,
    PROFILE_SYNCHRONIZE,
    PROFILE_ORIGINATING_SYSTEM,
    PROFILE_ALLOWED_PEERS,
    PROFILE_PERMANENT,
    PROFILE_RATE_LIMIT,
    PROFILE_CONTACT,
    PROFILE_FIELDS
} profile_field;

typedef struct profile_values {
    char value[PROFILE_FIELDS][PROFILE_VALUE];
    int line[PROFILE_FIELDS]; /* where it stands in the text; 0: not there, the default */
} profile_values;

extern const char PROFILE_CONNEXION[]; /* the type */

/* ---- profile_keys.c */
void profile_values_default(profile_values *out);
/** By name or label. PROFILE_FIELDS: unknown. */
profile_field profile_field_named(text name);
void profile_nearest_key(buffer *out, text wrong); /* "did you mean x?"; nothing when none is near */
/** The value as it is kept: a choice in the words of the table, however it was written. EINVALID names the choices. */
recto_status profile_value_take(char out[static PROFILE_VALUE], profile_field field, text value, recto_error *error);
bool profile_value_is(const profile_values *values, profile_field field, const char *choice);

/* ---- profile_text.c */
/** @param origin  for messages: "IZ_OCLC" or a file's name. EDATA "ORIGIN:LINE: ..." */
recto_status profile_text_parse(profile_values *out, const char *origin, text source, recto_error *error);
void profile_text_print(buffer *out, const profile_values *values);

/* ---- profile_settings.c: what the values mean */
typedef struct connexion_profile {
    char code[64];
    int zone, version; /* of the institution or network it belongs to */
    int target;        /* zone that records go to */
    bool permanent;
    int rate_limit;       /* records a minute; 0: none */
    ingest_policy policy; /* lends from the texts below */
    char merge_rule[PROFILE_VALUE], originating_system[64], validation[64], normalization[PROFILE_VALUE];
    char peers[PROFILE_VALUE];
} connexion_profile;
/** Checks every value against the catalog: rules, methods, validation profile, addresses. EDATA, ENOTFOUND or EREFUSED with the
 *  key's name and line as place. */
recto_status profile_settings(connexion_profile *out, catalog *catalog, const profile_values *values, int zone,
                              const char *origin, recto_error *error);
/** Is the address one of a list of addresses and networks (10.0.0.0/8, 2001:db8::/32), separated by commas? An empty list
 *  admits all. */
bool peers_admit(const char *list, const char *address);
bool peers_valid(const char *list, char wrong[static 64]);

#endif
