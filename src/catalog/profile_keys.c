/* src/catalog/profile_keys.c - the keys of a profile of type OCLC Connexion: names, labels, defaults, choices.
 *
 * One table for the text, the form in the workstation, `recto profile` and the checks. Labels are those of the screens that
 * the seeds describe; a choice is understood by its label or by the short name beside it. */
#include "profile_values.h"
#include "recto/base/nearest.h"

#include <stdio.h>
#include <string.h>

const char PROFILE_CONNEXION[] = "connexion";

static const char YES_NO[] = "yes|no";

static const profile_key KEYS[PROFILE_FIELDS] = {
    [PROFILE_CODE] = { "code", "Code", "", NULL, "a short name without blanks; commands name the profile by it" },
    [PROFILE_NAME] = { "name", "Name", "", NULL, "as people call it; empty: as the code" },
    [PROFILE_TYPE] = { "type", "Integration type", "OCLC Connexion", "OCLC Connexion", "cannot be changed afterwards" },
    [PROFILE_INSTITUTION] = { "institution", "Institution", "", NULL,
                              "code of the institution or network that sends it as Logon ID; empty: your own" },
    [PROFILE_USE_NETWORK] = { "use-network-zone", "Use network zone", "no", "yes|no",
                              "yes: records go to the Network Zone; a network's own profile always does so" },
    [PROFILE_DEFAULT] = { "default", "Default", "no", "yes|no", "shown, without effect for OCLC Connexion" },
    [PROFILE_DESCRIPTION] = { "description", "Description", "", NULL, "free text" },
    [PROFILE_ACTIVE] = { "active", "Active", "yes", "yes|no", "only one active profile of this type for an institution" },
    [PROFILE_TARGET_FORMAT] = { "target-format", "Target format", "MARC 21 Bibliographic",
                                "MARC 21 Bibliographic|UNIMARC Bibliographic|KORMARC Bibliographic|CNMARC Bibliographic",
                                "only MARC 21 is available" },
    [PROFILE_NORMALIZATION] = { "normalization", "Normalization: correct the data using", "Marc21 Bib Copy 019a to 035z", NULL,
                                "processes or rules in order, separated by commas; the initial normalization always runs first" },
    [PROFILE_VALIDATION] = { "validation", "Validation: check the data using", "MarcXML Bib Import", NULL,
                             "a validation exception profile; empty: that of the zone" },
    [PROFILE_SERIAL_MATCH] = { "serial-match", "Serial match method", "Unique OCLC Identifier", NULL,
                               "a method, or the rows of a Multi Step profile, separated by semicolons" },
    [PROFILE_NON_SERIAL_MATCH] = { "non-serial-match", "Non Serial match method", "Unique OCLC Identifier", NULL,
                                   "a method, or the rows of a Multi Step profile, separated by semicolons" },
    [PROFILE_MERGE_METHOD] = { "merge-method", "Merge method", "Overlay all fields but local", NULL,
                               "a predefined method or one of the zone's merge rules by name" },
    [PROFILE_REFUSE_BRIEFER] = { "refuse-briefer", "Do not override/merge a record with lower brief version", "yes", "yes|no",
                                 "yes: a briefer record is refused with NOT_ADDED_BRIEF" },
    [PROFILE_OLDER_VERSION] = { "older-version", "Do not override/merge record with an older version",
                                "Consider Originating System", "Disregard|Consider Originating System|Ignore originating system",
                                "whether an older 005 is refused with NOT_ADDED_OLD; Consider: only from the same system" },
    [PROFILE_SYNCHRONIZE] = { "synchronize", "Management tags: synchronize with external catalog",
                              "Publish bibliographic records",
                              "Publish bibliographic records|Publish holdings only|Don't publish",
                              "the tag that added and merged records get" },
    [PROFILE_ORIGINATING_SYSTEM] = { "originating-system", "Originating system", "OCLC", NULL, "where these records come from" },
    [PROFILE_ALLOWED_PEERS] = { "allowed-peers", "Allowed peer addresses", "", NULL,
                                "addresses or networks (10.0.0.0/8), separated by commas; empty: all" },
    [PROFILE_PERMANENT] = { "permanent-connections", "Permanent connections", "no", "yes|no",
                            "yes: a connection may stay idle for ten minutes" },
    [PROFILE_RATE_LIMIT] = { "rate-limit", "Rate limit", "0", NULL, "records a minute; 0: no limit" },
    [PROFILE_CONTACT] = { "contact", "Contact information", "", NULL, "free text" },
};

typedef struct short_name {
    profile_field field;
    const char *name, *choice;
} short_name;
static const short_name SHORT_NAMES[] = {
    { PROFILE_TYPE, "connexion", "OCLC Connexion" },
    { PROFILE_TARGET_FORMAT, "marc21", "MARC 21 Bibliographic" },
    { PROFILE_TARGET_FORMAT, "marc 21", "MARC 21 Bibliographic" },
    { PROFILE_TARGET_FORMAT, "marc21 bibliographic", "MARC 21 Bibliographic" },
    { PROFILE_TARGET_FORMAT, "unimarc", "UNIMARC Bibliographic" },
    { PROFILE_TARGET_FORMAT, "kormarc", "KORMARC Bibliographic" },
    { PROFILE_TARGET_FORMAT, "cnmarc", "CNMARC Bibliographic" },
    { PROFILE_OLDER_VERSION, "disabled", "Disregard" },
    { PROFILE_OLDER_VERSION, "consider", "Consider Originating System" },
    { PROFILE_OLDER_VERSION, "ignore", "Ignore originating system" },
    { PROFILE_SYNCHRONIZE, "bibliographic", "Publish bibliographic records" },
    { PROFILE_SYNCHRONIZE, "holdings", "Publish holdings only" },
    { PROFILE_SYNCHRONIZE, "none", "Don't publish" },
    { PROFILE_SYNCHRONIZE, "dont publish", "Don't publish" },
};

const profile_key *profile_keys(size_t *count)
{
    *count = PROFILE_FIELDS;
    return KEYS;
}

void profile_values_default(profile_values *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PROFILE_FIELDS; i++)
        snprintf(out->value[i], sizeof out->value[i], "%s", KEYS[i].default_value);
}

profile_field profile_field_named(text name)
{
    for (size_t i = 0; i < PROFILE_FIELDS; i++)
        if (text_equal_ascii_case(name, text_from(KEYS[i].name)) || text_equal_ascii_case(name, text_from(KEYS[i].label)))
            return (profile_field)i;
    return PROFILE_FIELDS;
}

/* ---- "did you mean" */

void profile_nearest_key(buffer *out, text wrong)
{
    const char *names[PROFILE_FIELDS], *nearest;
    char written[64];
    for (size_t i = 0; i < PROFILE_FIELDS; i++)
        names[i] = KEYS[i].name;
    (void)snprintf(written, sizeof written, "%.*s", (int)wrong.length, wrong.bytes);
    nearest = nearest_name(written, names, PROFILE_FIELDS);
    if (nearest != NULL)
        buffer_append_format(out, "did you mean %s?", nearest);
    else
        buffer_append_string(out, "recto profile keys lists them");
}

/* ---- values */

/* The choice in the words of the table; false: it is none. */
static bool find_choice(char out[static PROFILE_VALUE], profile_field field, text value)
{
    text choices = text_from(KEYS[field].choices);
    while (choices.bytes != NULL) {
        const text choice = text_next_field(&choices, '|');
        if (!text_equal_ascii_case(choice, value))
            continue;
        snprintf(out, PROFILE_VALUE, "%.*s", (int)choice.length, choice.bytes);
        return true;
    }
    for (size_t i = 0; i < sizeof SHORT_NAMES / sizeof SHORT_NAMES[0]; i++)
        if (SHORT_NAMES[i].field == field && text_equal_ascii_case(value, text_from(SHORT_NAMES[i].name))) {
            snprintf(out, PROFILE_VALUE, "%s", SHORT_NAMES[i].choice);
            return true;
        }
    const bool yes = text_equal_ascii_case(value, TEXT("true")) || text_equal(value, TEXT("1"));
    const bool no = text_equal_ascii_case(value, TEXT("false")) || text_equal(value, TEXT("0"));
    if (strcmp(KEYS[field].choices, YES_NO) != 0 || (!yes && !no))
        return false;
    snprintf(out, PROFILE_VALUE, "%s", yes ? "yes" : "no");
    return true;
}

static bool is_plain(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if ((unsigned char)value.bytes[i] < ' ' || value.bytes[i] == 0x7F)
            return false;
    return true;
}

static recto_status fail_choice(profile_field field, text value, recto_error *error)
{
    buffer todo;
    buffer_init(&todo, 400);
    buffer_append_string(&todo, "choose ");
    for (const char *c = KEYS[field].choices; *c != '\0'; c++)
        if (*c == '|')
            buffer_append_string(&todo, ", ");
        else
            buffer_append_char(&todo, *c);
    recto_status status = recto_fail(error, RECTO_EINVALID, KEYS[field].name, buffer_string(&todo), "'%.*s' is no choice here",
                                     value.length < 80 ? (int)value.length : 80, value.bytes);
    buffer_release(&todo);
    return status;
}

recto_status profile_value_take(char out[static PROFILE_VALUE], profile_field field, text value, recto_error *error)
{
    const profile_key *key = &KEYS[field];
    const text given = text_trim(value);
    if (given.length >= PROFILE_VALUE || !is_plain(given))
        return recto_fail(error, RECTO_EINVALID, key->name, NULL, "a value is one line of at most %d bytes", PROFILE_VALUE - 1);
    if (key->choices == NULL) {
        snprintf(out, PROFILE_VALUE, "%.*s", (int)given.length, given.length > 0 ? given.bytes : "");
        return RECTO_OK;
    }
    return find_choice(out, field, given) ? RECTO_OK : fail_choice(field, given, error);
}

bool profile_value_is(const profile_values *values, profile_field field, const char *choice)
{
    return strcmp(values->value[field], choice) == 0;
}
