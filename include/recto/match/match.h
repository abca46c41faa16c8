/* include/recto/match/match.h - which records are the same, which is fuller, which is older. Pure functions.
 *
 * Candidates come from whoever asks (catalog/ looks the keys up in repo/); nothing here knows a repository.
 * @spec match-merge.md sections 2 to 4, 6 and 7 */
#ifndef RECTO_MATCH_MATCH_H
#define RECTO_MATCH_MATCH_H

#include "recto/marc/standard_numbers.h"

typedef enum match_method {
    MATCH_NONE = 0,
    MATCH_UNIQUE_OCLC,  /* "unique-oclc": 035 $a or $z equals 035 $a or $z */
    MATCH_OTHER_SYSTEM, /* "035": Other System Identifier */
    MATCH_ISBN,
    MATCH_ISBN_EXACT, /* "isbn", "isbn-exact" */
    MATCH_ISSN,
    MATCH_ISSN_EXACT /* "issn", "issn-exact" */
} match_method;

typedef struct match_method_info {
    match_method method;
    const char *name;  /* for the command line and profiles */
    const char *label; /* as Alma's screens call it */
} match_method_info;

const match_method_info *match_methods(size_t *count);
match_method match_method_named(const char *name); /* by name, label or Alma's class string; MATCH_NONE: unknown */
const char *match_method_label(match_method method);
const char *match_method_name(match_method method);

/** The keys by which candidates of this method are looked up, each once. No key of the kind: none, never "all". */
void match_wanted_keys(const marc_record *incoming, match_method method, bool (*visit)(void *context, const marc_key *key),
                       void *context);

enum { MATCH_WHY_LENGTH = 160 };
/** Does the candidate match? `why` (may be NULL) then says by which keys: "035 $z (OCoLC)123 = 035 $a (OCoLC)ocm00000123". */
bool match_records(const marc_record *incoming, const marc_record *candidate, match_method method, char why[MATCH_WHY_LENGTH]);

bool match_is_serial(const marc_record *record);                                 /* leader/07 b, i, s. @spec section 1 */
int match_brief_level(const marc_record *record);                                /* 1 to 10, CARLI's LDR/17 table. @spec 6.2 */
bool match_is_briefer(const marc_record *incoming, const marc_record *existing); /* strictly lower level */

typedef enum match_age_rule { MATCH_AGE_DISREGARD, MATCH_AGE_SAME_SYSTEM, MATCH_AGE_ALWAYS } match_age_rule;
/** Is the incoming record older than what was last imported? `stored_version` is the 005 last imported, or empty: then the
 *  existing record's own 005 (decisions.md 4). Systems are names ("OCLC"); malformed or missing 005: false. @spec section 7 */
bool match_is_older(const marc_record *incoming, text incoming_system, const marc_record *existing, text stored_system,
                    text stored_version, match_age_rule rule);

#endif
