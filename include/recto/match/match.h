/* include/recto/match/match.h - which records are the same, which is fuller, which is older. Pure functions.
 *
 * Candidates come from whoever asks (catalog/ looks the keys up in repo/); nothing here knows a repository.
 * @spec match-merge.md sections 2 to 4, 6 and 7 */
#ifndef RECTO_MATCH_MATCH_H
#define RECTO_MATCH_MATCH_H

#include "recto/marc/title_keys.h"

typedef enum match_method {
    MATCH_NONE = 0,
    MATCH_UNIQUE_OCLC,  /* "unique-oclc": 035 $a or $z equals 035 $a or $z */
    MATCH_OTHER_SYSTEM, /* "035": Other System Identifier */
    MATCH_ISBN,
    MATCH_ISBN_EXACT, /* "isbn", "isbn-exact" */
    MATCH_ISSN,
    MATCH_ISSN_EXACT,         /* "issn", "issn-exact" */
    MATCH_ISBN_EXACT_024_035, /* "isbn-exact-024-035": one of the three */
    MATCH_ISSN_EXACT_024_035, /* "issn-exact-024-035" */
    MATCH_ISBN_024_035,       /* "isbn-024-035" */
    MATCH_ISSN_024_035,       /* "issn-024-035" */
    MATCH_LCCN,               /* "lccn": 010 $a */
    MATCH_RECORD_NUMBER,      /* "001": the incoming 001 is the candidate's MMS ID */
    MATCH_024_ORIGINAL,       /* "024-original": the incoming 024 $a is the candidate's MMS ID, or stands in its 035 */
    MATCH_TITLE,              /* "title": 245 $a $b $k $n $p */
    MATCH_FUZZY,              /* "fuzzy": Fuzzy Non-Serial. The steps of section 3.1 */
    MATCH_FUZZY_SERIAL,       /* "fuzzy-serial" */
    MATCH_EXTENDED_FUZZY,     /* "extended-fuzzy": more title forms; same leader/06, 008/07-10 at most one year apart */
    MATCH_EXTENDED_FUZZY_SERIAL,
    MATCH_STATEMENT_FUZZY, /* "statement-fuzzy": Title Statement Extended Fuzzy, titles only as a whole */
    MATCH_STATEMENT_FUZZY_SERIAL
} match_method;

typedef struct match_method_info {
    match_method method;
    const char *name;  /* for the command line and profiles */
    const char *label; /* as Alma's screens call it */
} match_method_info;

const match_method_info *match_methods(size_t *count);
/** By name, label or Alma's class string; MATCH_NONE: unknown. Of the class strings of section 1, OCLCMatchProfile and
 *  OCLCSerialMatchProfile are taken for Unique OCLC: nobody has published what else they do. */
match_method match_method_named(const char *name);
const char *match_method_label(match_method method);
const char *match_method_name(match_method method);

/** The keys by which candidates of this method are looked up, each once, over all its steps. No key of the kind: none, never
 *  "all". MARC_KEY_TITLE keys are those of marc_title_keys; a MARC_KEY_RECORD key is an MMS ID as it stands in 001 or 024.
 *  @return false: for want of memory keys were left out */
bool match_wanted_keys(const marc_record *incoming, match_method method, bool (*visit)(void *context, const marc_key *key),
                       void *context);

enum { MATCH_WHY_LENGTH = 160 };
/** Does the candidate match? `why` (may be NULL) then says by which keys: "035 $z (OCoLC)123 = 035 $a (OCoLC)ocm00000123". */
bool match_records(const marc_record *incoming, const marc_record *candidate, match_method method, char why[MATCH_WHY_LENGTH]);

/* ---- steps, and why or why not
 *
 * A fuzzy method goes in steps (1 identifiers, 2 author and title, 3 title) and stops at the first that finds anything; so
 * whether a candidate counts depends on the others: compare each, then keep the first step. Methods without steps are step 1.
 *
 * No score decides anything (section 3.1). For the order of a list there is one: 400 less 100 for each step, and one for each
 * key of the incoming record that the candidate has, 99 at most: identifiers come before author and title, those before
 * title alone, and within a step the candidate with which more agrees. */

enum { MATCH_PREFIX_LENGTH = 32, MATCH_PROFILE_ROWS = 15, MATCH_ROWS_OF_KIND = 5 };

typedef struct match_options {
    const char *prefix;   /* only 035 that begin with it count; NULL or "": all. @spec section 3, 3.2 */
    bool without_retired; /* 035 $z does not count, on either side. @spec section 4.2 */
} match_options;

typedef struct match_outcome {
    bool met;
    bool starved; /* for want of memory nobody knows whether it matches; met is false */
    int row;      /* of a profile, from 1; 0: no profile */
    int step;     /* 1 to 3 */
    int score;
    char why[MATCH_WHY_LENGTH];
} match_outcome;

/** @param options  NULL: none. @return out->met */
bool match_compare(match_outcome *out, const marc_record *incoming, const marc_record *candidate, match_method method,
                   const match_options *options);
/** Of all candidates: what matched only in a later row or step is no match any more. @return how many are left */
size_t match_keep_first(match_outcome *outcomes, size_t count);
/** For qsort: better ones first; those that did not match last. */
int match_outcome_order(const void *a, const void *b);

/** Why, or why not, as lines of text: step by step the keys of both sides, and the filter that refused. Without memory the
 * buffer fails. */
void match_explain(buffer *out, const marc_record *incoming, const marc_record *candidate, match_method method,
                   const match_options *options);

/* ---- Multi Step: an ordered table of methods. @spec section 3.2 */

typedef enum match_kind { MATCH_KIND_ALL, MATCH_KIND_SERIAL, MATCH_KIND_NON_SERIAL } match_kind;

typedef struct match_row {
    bool enabled;
    match_kind kind; /* which incoming records it is for */
    match_method method;
    char prefix[MATCH_PREFIX_LENGTH];
} match_row;

typedef struct match_profile { /* plain data; {0}: no row, and nothing ever matches */
    match_row rows[MATCH_PROFILE_ROWS];
    size_t count;
} match_profile;

/** A row on a line, or several with semicolons: "1 serial issn-exact-024-035 prefix=(OCoLC)", "2 all fuzzy off". The number is
 *  the order and may be left out; kinds are serial, non-serial and all; a method is named as match_method_named takes
 *  it, in quotes where it has blanks; '#' begins a comment. A single method name is a profile of that method for all.
 *  RECTO_EINVALID with the place: unknown kind or method, more than five rows of a kind, a prefix too long. */
recto_status match_profile_parse(match_profile *out, text source, recto_error *error);
void match_profile_print(buffer *out, const match_profile *profile); /* one row a line; parses to the same */

bool match_profile_wanted_keys(const marc_record *incoming, const match_profile *profile,
                               bool (*visit)(void *context, const marc_key *key), void *context);
/** By the first row by which the candidate matches. @return out->met */
bool match_profile_compare(match_outcome *out, const marc_record *incoming, const marc_record *candidate,
                           const match_profile *profile, bool without_retired);
void match_profile_explain(buffer *out, const marc_record *incoming, const marc_record *candidate, const match_profile *profile);

/* ---- more than one match, at import. @spec section 4.2, import-profiles.md 6.4 */

typedef struct match_candidate {
    bool community_linked;        /* linked to a CZ record */
    bool matches_without_retired; /* match_options.without_retired still finds it */
    bool has_physical, has_electronic;
    size_t items;        /* for the choice of the preferred record */
    int64_t added_at;    /* UTC seconds */
    const char *dropped; /* set by match_narrow: why it is out; NULL: in */
} match_candidate;

typedef struct match_narrowing { /* each only if selected, in this order, counting again after each */
    bool drop_community_linked;
    bool disregard_retired;
    bool prefer_same_inventory; /* those that have the type, where any has it */
    bool incoming_electronic;   /* the type of the incoming record's inventory; else physical */
} match_narrowing;

/** @return how many are in: 1 is a single match, 0 none (IP-62) */
size_t match_narrow(match_candidate *candidates, size_t count, const match_narrowing *narrowing);
/** The one into which others are combined: most items, then added last. SIZE_MAX: none is in. */
size_t match_preferred(const match_candidate *candidates, size_t count);

/* ---- serial, brief, old */

bool match_is_serial(const marc_record *record);                                 /* leader/07 b, i, s. @spec section 1 */
int match_brief_level(const marc_record *record);                                /* 1 to 10, CARLI's LDR/17 table. @spec 6.2 */
bool match_is_briefer(const marc_record *incoming, const marc_record *existing); /* strictly lower level */

typedef enum match_age_rule { MATCH_AGE_DISREGARD, MATCH_AGE_SAME_SYSTEM, MATCH_AGE_ALWAYS } match_age_rule;
/** Is the incoming record older than what was last imported? `stored_version` is the 005 last imported, or empty: then the
 *  existing record's own 005 (decisions.md 4). Systems are names ("OCLC"); malformed or missing 005: false. @spec section 7 */
bool match_is_older(const marc_record *incoming, text incoming_system, const marc_record *existing, text stored_system,
                    text stored_version, match_age_rule rule);

#endif
