/* include/recto/catalog/profiles.h - integration profiles: what a library has decided about records that arrive by themselves.
 *
 * A profile is a readable text, one `key = value` a line, with comments; the keys are a table (profile_keys) that the form in
 * the workstation, `recto profile` and the checks all use. Its password is not part of the text: it is stored as an Argon2id
 * hash and never shown, logged or exported. @spec gateway.md section 7, seeds 000 and 002, cli.md */
#ifndef RECTO_CATALOG_PROFILES_H
#define RECTO_CATALOG_PROFILES_H

#include "recto/catalog/catalog.h"

typedef struct profile_key {
    const char *name;          /* "serial-match" */
    const char *label;         /* as the seeds' screen calls it: "Serial match profile" */
    const char *default_value; /* as shipped */
    const char *choices;       /* separated by '|'; NULL: free text */
    const char *help;
} profile_key;
const profile_key *profile_keys(size_t *count); /* of type "connexion" */

typedef struct catalog_profile {
    char code[64], type[24], name[120];
    int zone; /* of the institution (or network) it belongs to */
    bool active, has_password;
    int version;
    int64_t saved_at;
    char saved_by[64];
} catalog_profile;

/** All profiles the user may see; yours to free(). */
recto_status catalog_profiles(catalog_profile **out, size_t *count, catalog *catalog, recto_error *error);
/** The text, appended: every key, in the order of the table, with its label as a comment. ENOTFOUND. */
recto_status catalog_profile_text(buffer *out, catalog_profile *info, catalog *catalog, const char *code, recto_error *error);
/** Checks and stores; ADMINISTER. EDATA "CODE:LINE: unknown key 'serial-mach'", nearest named; EREFUSED a second active
 *  Connexion profile for one institution (GW-66), in the words the seeds' error needs. Audited, versioned.
 *  @param code  NULL: from the text's `code` key */
recto_status catalog_profile_put(catalog *catalog, const char *code, text source, recto_error *error);
/** Changes values and saves, all or nothing. A code that is not there yet begins as the shipped default. EINVALID: an unknown
 *  key or choice; EREFUSED: code, and institution of one that is there. */
typedef struct profile_change {
    const char *key, *value;
} profile_change;
recto_status catalog_profile_change(catalog *catalog, const char *code, const profile_change *changes, size_t count,
                                    recto_error *error);
recto_status catalog_profile_delete(catalog *catalog, const char *code, recto_error *error);
/** Argon2id; ADMINISTER; the caller wipes `password`. EINVALID: empty, or longer than the 191 bytes that Connexion can send. A
 *  profile that never had one answers every record as if it were not there. Audited. */
recto_status catalog_profile_password(catalog *catalog, const char *code, const char *password, recto_error *error);
/** Sentences about what is doubtful: no password, another institution's rule, plain network ... one a line, appended. */
recto_status catalog_profile_check(buffer *out, catalog *catalog, const char *code, recto_error *error);

/** What can be chosen for a key in a zone, one a line, appended; nothing for free text. For keys with `choices` just those; for
 *  the others methods, rules and profiles as they are now. */
recto_status catalog_profile_choices(buffer *out, catalog *catalog, int zone, const char *key, recto_error *error);
/** The text of the profile that Recto ships, appended. */
recto_status catalog_profile_shipped(buffer *out, recto_error *error);

#endif
