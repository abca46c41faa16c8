/* include/recto/catalog/rules.h - a library's rules: kept with versions, chosen by each zone, tried before they are used.
 *
 * A rule is a text in one of the rule languages (rules/rules.h). Shipped ones (data/rules/) are read only and are found by the
 * same names as a zone's own; a zone's own of the same name and language takes precedence. What a zone uses where is its
 * profile: one row a use. @spec rules.md, match-merge.md 5 to 9, search-resources SR-73, import-profiles IP-185, roles-admin */
#ifndef RECTO_CATALOG_RULES_H
#define RECTO_CATALOG_RULES_H

#include "recto/catalog/catalog.h"
#include "recto/rules/checks.h"
#include "recto/rules/rules.h"

/* Which record a merge rule was written for as primary: the comment line `# primary: incoming` or `# primary: existing` at the
 * head of its file says it; without one, either. @spec SR-73, IP-185, decisions.md 3 */
typedef enum rule_primary { RULE_PRIMARY_EITHER, RULE_PRIMARY_EXISTING, RULE_PRIMARY_INCOMING } rule_primary;

typedef struct catalog_rule {
    rule_language language;
    char name[120];
    int zone;    /* 0: shipped */
    int version; /* 0: shipped */
    int64_t saved_at;
    char saved_by[64], note[160];
    bool deleted;
    rule_primary primary;
} catalog_rule;

/** All rules a zone can use, by language and name, shipped ones among them (without those that a zone's own hides).
 *  @param zone  a zone id; rows are yours to free() */
recto_status catalog_rules(catalog_rule **out, size_t *count, catalog *catalog, int zone, recto_error *error);
/** The text of a rule, appended. @param version  0: the newest. ENOTFOUND names the nearest name. */
recto_status catalog_rule_text(buffer *out, catalog_rule *info, catalog *catalog, int zone, rule_language language,
                               const char *name, int version, recto_error *error);
/** Locks a rule for changing, as a record is locked (ED-91): ELOCKED says who has it and since when. A user without the right to
 *  change rules locks nothing. The lock is given back by catalog_rule_unlock, or ages when the session has ended. */
recto_status catalog_rule_lock(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error);
void catalog_rule_unlock(catalog *catalog, int zone, rule_language language, const char *name);
/** Saves a new version; the text must parse (EDATA, with the first fault's place). Needs PRIVILEGE_RULES ("rule.edit.shared").
 *  EREFUSED: not `expected_version` (0: a new one, or over a shipped one). ELOCKED. One transaction, audited. */
recto_status catalog_rule_save(catalog *catalog, int zone, rule_language language, const char *name, text source,
                               int expected_version, const char *note, int *version, recto_error *error);
/** EREFUSED: the zone uses it, and nothing of the same name would take its place. ENOTFOUND: no rule of its own. */
recto_status catalog_rule_delete(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error);
/** Versions of a zone's own rule, newest first; yours to free(). */
recto_status catalog_rule_versions(catalog_rule **out, size_t *count, catalog *catalog, int zone, rule_language language,
                                   const char *name, recto_error *error);
/** Parsed, and kept by the catalog until it is closed (results of merges lend from it). Made anew when a newer version was
 *  saved. A path ("./x.rules", anything with a slash) is no name here: command lines read files themselves. */
recto_status catalog_rule_file(const rule_file **out, catalog *catalog, int zone, rule_language language, const char *name,
                               recto_error *error);

/* Where a zone uses a rule. */
typedef enum rule_use {
    RULE_USE_COPY_MERGE,           /* merge; Search Resources: the external record is primary */
    RULE_USE_MATCH_MERGE,          /* merge; match list, gateway and import: the existing record is primary */
    RULE_USE_COMBINE,              /* merge; two records of the repository: the left one is primary. None: keep-old */
    RULE_USE_NORMALIZE_INCOMING,   /* norm; after the built-in initial normalization, at every door */
    RULE_USE_NORMALIZE_EXTERNAL,   /* norm; a record copied from Search Resources */
    RULE_USE_NORMALIZE_SAVE,       /* norm; at every save */
    RULE_USE_BRIEF_LEVEL,          /* brief; at every save. None: the built-in CARLI table */
    RULE_USE_REJECT,               /* indication; true: an incoming record is refused */
    RULE_USE_VALIDATION,           /* a validation exception profile (marc/validate.h), not a rule */
    RULE_USE_AUTHORITY_SAVE,       /* norm; at every save of an authority record, for which the others do not hold */
    RULE_USE_AUTHORITY_VALIDATION, /* a profile; of authority records */
    RULE_USE_COUNT
} rule_use;
typedef struct rule_use_info {
    rule_use use;
    const char *name, *label; /* "copy-merge", "Merge rule for copy cataloging" */
    rule_language language;   /* RULES_UNKNOWN: none, a validation profile */
    rule_primary primary;     /* what the scenario needs */
} rule_use_info;
const rule_use_info *rule_uses(size_t *count);
/** Names the zone has chosen for a use, in order, separated by commas (normalization may have several); empty: none. For merge
 *  uses also a predefined method's name. Appended. */
recto_status catalog_rule_chosen(buffer *out, catalog *catalog, int zone, rule_use use, recto_error *error);
enum { RULE_WARNING = 240 };
/** Chooses; ADMINISTER. ENOTFOUND: no such rule. *warning (may be NULL, RULE_WARNING bytes) is filled when a merge rule says
 * another primary than the scenario has (SR-73); it is then refused (EREFUSED) unless `despite`. Audited. */
recto_status catalog_rule_choose(catalog *catalog, int zone, rule_use use, const char *names, bool despite, char *warning,
                                 recto_error *error);

/** The merge program of a use in a zone: a chosen rule file's, or a predefined method's. Lent as catalog_rule_file. */
recto_status catalog_merge_program(const merge_program **out, catalog *catalog, int zone, rule_use use, recto_error *error);

/** Runs the normalization rules that the zone has chosen for a use, in order, on the record in place: for those who bring a
 *  record in by a door of their own (RULE_USE_NORMALIZE_EXTERNAL). None chosen: nothing happens. */
recto_status catalog_normalize(catalog *catalog, int zone, rule_use use, marc_record *record, recto_error *error);
/** The zone's validation exception profile, for marc_validate_with; *out NULL: none is chosen. Lent until the catalog closes.
 *  EDATA, ENOTFOUND: what was chosen cannot be read. @param authority  that of authority records */
recto_status catalog_validation_profile(const marc_validation_profile **out, catalog *catalog, int zone, bool authority,
                                        recto_error *error);

/* ---- local checks (ED-106a): blocking at every save through the corridor but a bulk load's -------------------------- */

/** Of the zone; *out NULL: it has none. Lent until the catalog is closed. EDATA with the line: what is kept cannot be read. */
recto_status catalog_checks(const local_checks **out, catalog *catalog, int zone, recto_error *error);
recto_status catalog_checks_text(buffer *out, catalog *catalog, int zone, recto_error *error); /* appended, as it was put */
/** Keeps a file of checks in place of the zone's; an empty one takes them away. EDATA; ADMINISTER, audited. */
recto_status catalog_checks_put(catalog *catalog, int zone, text source, recto_error *error);

/* ---- trying ---------------------------------------------------------------------------------------------------------------- */

/** A rule text (saved or not) on one record: what it would make. Normalization: *after is the new record (yours), and `trace`
 *  tells each step. EDATA: the text does not parse. */
recto_status catalog_rule_try(marc_record **after, rule_result *result, const rule_file *file, const marc_record *record,
                              rule_trace trace, void *context, recto_error *error);

#endif
