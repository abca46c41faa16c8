/* include/recto/catalog/catalog.h - the use-cases: who is at work, search, open, edit, save through the one corridor, release.
 *
 * The only room that combines the ones below. Every change is one transaction; privileges are checked here, not in screens
 * (decisions.md 12). The three doors (editor, gateway, import) call catalog_ingest with a policy as data (architecture.md).
 * Every status may also be what repo.h says of all its functions. EREFUSED where a privilege lacks, in the words of
 * privilege_sentence, and audited; ENOTFOUND also of what lies in a zone that the user does not see (RA-36). What fails has
 * changed nothing. Names in capitals (CATALOG, DELETE ...) are the privileges that an act needs. */
#ifndef RECTO_CATALOG_CATALOG_H
#define RECTO_CATALOG_CATALOG_H

#include "recto/base/clock.h"
#include "recto/marc/edit.h"
#include "recto/marc/validate.h"
#include "recto/match/match.h"
#include "recto/match/merge.h"
#include "recto/repo/repo.h"

typedef struct catalog catalog;

typedef struct catalog_options {
    const char *repository;  /* path */
    const char *user;        /* acting as; NULL: the operating system's name */
    const char *login;       /* whom the operating system says (getuid) */
    bool owns_file;          /* the login owns the repository file: may act as anyone (decisions.md 13) */
    const char *password;    /* given for acting as another; NULL none. Wiped by the caller */
    const char *institution; /* code; NULL: the user's or the first */
    recto_clock clock;
    repo_mode mode;
    repo_migration_teller *tell_migration; /* repo_open_telling; NULL: nobody is told */
    void *tell_context;
    bool with_session; /* true for the workstation: locks and drafts belong to a session */
} catalog_options;

/** Sits somebody down at the repository; yours to close. What repo_open gives; ENOTFOUND: no such user or institution; EREFUSED:
 *  inactive, or acting as another without that user's password. @spec RL-171, decisions.md 13 */
recto_status catalog_open(catalog **out, const catalog_options *options, recto_error *error);
void catalog_close(catalog *catalog); /* ends the session: its locks begin to age */
/** Every 60 s from the event loop. @param idle_seconds  since the last key: locks tell it, and may run out by it (ED-82) */
recto_status catalog_heartbeat(catalog *catalog, int64_t idle_seconds, recto_error *error);
/** A slice of what keeps searching quick (repo_tidy), for whoever has a moment; failures are of no concern, for nothing is lost.
 *  @return there is more to do */
bool catalog_tidy(catalog *catalog);
/** The same for a command that has saved and ends (repo_tidy_briefly). */
void catalog_tidy_briefly(catalog *catalog);
/** For a service that saves all day: its saves become cheaper (repo_reserve_log). Failures are of no concern. */
void catalog_expect_saves(catalog *catalog);
repo *catalog_repo(catalog *catalog); /* lent: for services below that only read; tui/ and cli/ prefer what follows */
const char *catalog_user(const catalog *catalog);
const char *catalog_institution(const catalog *catalog);
int64_t catalog_now(const catalog *catalog);
/** The MARC 21 tables, loaded at first use. When a file of the configuration is bad, those that are built in; NULL: no memory. */
const marc_tables *catalog_tables(const catalog *catalog);
/** Why the configured tables were not taken, with file and line, to be told to the user; NULL: they were. */
const recto_error *catalog_tables_fault(const catalog *catalog);
const repo_zone *catalog_zone(const catalog *catalog, zone_kind kind); /* own IZ, its NZ, the CZ; NULL: none */
const repo_zone *catalog_zone_of(const catalog *catalog, mms_id id);   /* by the last four digits; NULL: unknown */
const repo_zone *catalog_zone_by_id(const catalog *catalog, int id);
bool catalog_is_read_only(const catalog *catalog);

typedef enum privilege {
    PRIVILEGE_NONE,
    PRIVILEGE_SEARCH,
    PRIVILEGE_CATALOG,
    PRIVILEGE_CATALOG_NETWORK,
    PRIVILEGE_INVENTORY,
    PRIVILEGE_DELETE,
    PRIVILEGE_LOCK_BREAK,
    PRIVILEGE_ADMINISTER,
    PRIVILEGE_WITHDRAW,  /* delete holdings and items */
    PRIVILEGE_RULES,     /* write shared rules (rule.edit.shared) */
    PRIVILEGE_COMBINE,   /* merge two records of the repository (ED-5) */
    PRIVILEGE_BULK,      /* jobs on sets of records */
    PRIVILEGE_TEMPLATES, /* write shared templates, macros and text strings (ED-136) */
    PRIVILEGE_HOLDINGS   /* make and change holdings records (ED-2); items need INVENTORY */
} privilege;
bool catalog_may(const catalog *catalog, privilege privilege); /* anywhere: roles of one library count, too */
/** Whether a role that holds in this library gives it (ED-2, ED-6): one of the institution, or one of the library itself.
 *  @param library  its code as in 852 $b; "": only roles of the whole institution count */
bool catalog_may_at(const catalog *catalog, privilege privilege, const char *library);
/** The first library that the user's roles are limited to; "": they are not, or to none. Into CATALOG_NAME bytes. */
void catalog_own_library(char out[static 64], const catalog *catalog);
bool catalog_may_in(const catalog *catalog, const repo_zone *zone); /* catalog records of this zone; false for the CZ */
const char *privilege_sentence(privilege privilege);                /* "needs role Cataloger Extended" (ED-7) */

typedef struct catalog_role {
    const char *code, *name; /* "CAT", "Cataloger" */
    unsigned privileges;     /* bit 1 << PRIVILEGE_... */
    const char *only_with;   /* comma separated codes, one of which the user must have too (RA-14); NULL: none */
    bool of_library;         /* may be given for one library: "PIO@LAW" (RA-11); the others hold in the whole institution */
} catalog_role;
const catalog_role *catalog_roles(size_t *count); /* roles-admin.md 2.1, as far as this release has the acts */

/** Makes or changes a user; ADMINISTER. Unknown role codes are EINVALID. Audited. */
recto_status catalog_user_put(catalog *catalog, const repo_user *user, recto_error *error);
/** Argon2id; one's own, or ADMINISTER. At least 8 bytes (EINVALID). The caller wipes `password`. Audited. */
recto_status catalog_password_set(catalog *catalog, const char *user, const char *password, recto_error *error);
/** An audit row for an act that no function here makes (a batch of a load); joins an open transaction. */
recto_status catalog_audit(catalog *catalog, const char *act, const char *object, int zone, const char *outcome,
                           const char *detail, recto_error *error);

/* ---- search ---------------------------------------------------------------------------------------------------------------- */

typedef struct catalog_query {
    search_type type;
    zone_kind zone;    /* 0: all zones the user sees */
    const char *index; /* code; NULL or "": `text` is the one-line form of SE-35, or plain keywords */
    const char *text;
    search_sort sort;
    size_t offset, limit;
    const facet_choice *choices; /* values of facets (lists.h): of one facet any, of several each */
    size_t choice_count;
} catalog_query;

typedef struct catalog_hint { /* the way on when nothing, or not everything, was found (SE-9, SE-86, SE-90, SE-92) */
    char sentence[200];       /* "0 physical titles. 1 title without physical inventory matches: Enter to show" */
    bool offers;              /* Enter re-runs with these: */
    search_type type;
    zone_kind zone;
    const char *index; /* NULL: as it was; else in place of the query's index ("oclcz" for "oclc") */
    bool certain;      /* an MMS ID, and it is there: no question need be asked (SE-16) */
    char shared[24];   /* the OCLC number that several records of `zone` share (SE-92); "": none was found */
} catalog_hint;

typedef struct catalog_hits {
    bib_info *rows; /* the page asked for */
    size_t row_count;
    size_t total; /* exact */
    double seconds;
    catalog_hint hint;
    char form[300];  /* the query in the one-line form (SE-35) */
    bool identifier; /* it was asked for one number, in its index or typed as a keyword (SE-86, SE-91) */
} catalog_hits;

/** EINVALID: "unknown index 'tit' (column 1)", todo "did you mean ti?" (SE-36). */
recto_status catalog_search(catalog_hits *out, catalog *catalog, const catalog_query *query, recto_error *error);
void catalog_hits_release(catalog_hits *hits);

enum { SEARCH_NEAR_MOST = 5 };
typedef struct catalog_near { /* a search near to one that found nothing, and what it finds (SE-90) */
    char sentence[160];       /* "12 without \"solitude\"" */
    size_t count;
    search_type type;
    zone_kind zone;
    char text[400]; /* the one-line form */
} catalog_near;
/** Those with hits, in the order of SE-90; each costs a count. */
recto_status catalog_search_near(catalog_near out[static SEARCH_NEAR_MOST], size_t *count, catalog *catalog,
                                 const catalog_query *query, recto_error *error);
/** Counts for the zone tabs (SE-13), in the order I, N, C. */
recto_status catalog_search_counts(size_t counts[static 3], catalog *catalog, const catalog_query *query, recto_error *error);

/** The text form to a tree; nodes live in the arena. Exported for the Z39.50 server and tests. */
struct arena;
recto_status catalog_query_parse(const query_node **out, struct arena *arena, const char *index, const char *text,
                                 recto_error *error);

/* ---- the corridor ---------------------------------------------------------------------------------------------------------- */

typedef enum outcome_kind { /* the enumeration of architecture.md; names as in cli.md's JSON: outcome_name */
                            OUTCOME_ADDED,
                            OUTCOME_MERGED,
                            OUTCOME_OVERLAID,
                            OUTCOME_UNCHANGED,
                            OUTCOME_NOT_ADDED_BRIEF,
                            OUTCOME_NOT_ADDED_LOCKED,
                            OUTCOME_NOT_ADDED_OLD,
                            OUTCOME_MULTI_MATCH,
                            OUTCOME_CZ_LINKED,
                            OUTCOME_INVALID,
                            OUTCOME_REFUSED,
                            OUTCOME_NEEDS_DECISION,
                            OUTCOME_UPDATED /* a known record was saved again; no match was in question */
} outcome_kind;
const char *outcome_name(outcome_kind kind);
const char *outcome_message(outcome_kind kind); /* one table: gateway, jobs and editor say the same words */

typedef enum on_match { ON_MATCH_ASK, ON_MATCH_MERGE, ON_MATCH_OVERLAY, ON_MATCH_NEW, ON_MATCH_REFUSE } on_match;

typedef struct ingest_policy {                        /* who decides, as data: the editor's, a job's, the gateway's */
    const char *door;                                 /* origin of the version: "editor", "save", "load", "gateway", "import" */
    match_method serial_match, non_serial_match;      /* NONE: no matching */
    match_profile serial_profile, non_serial_profile; /* Multi Step; where it has rows it is used instead of the method */
    merge_method merge;                               /* NONE: the zone's choice (RULE_USE_MATCH_MERGE in rules.h) */
    const char *merge_rule; /* name of a rule or of a predefined method, before `merge`; NULL: none; the caller's */
    on_match on_match;
    bool initial_normalization; /* 003 + 001 to 035 (match-merge section 8) */
    bool copy_019_to_035;
    bool refuse_briefer;
    match_age_rule age_rule;
    bool ignore_community;          /* CZ records are no candidates */
    char sync;                      /* management tag for what is added; 0: default */
    const char *originating_system; /* NULL: none */
    bool match_again;               /* match even when the record is a known one (Find Matches on every save, SR-84) */
    bool structure_only;            /* no validation: bulk load keeps what could be read */
} ingest_policy;
/** The policies that are built in: "ask" (editor), "load". NULL: unknown. Zone settings override methods and merge. */
const ingest_policy *catalog_policy(const char *name);
/** A built-in policy with the settings of that zone, to be varied by the caller (`recto save --on-match merge`). EINVALID:
 * unknown */
recto_status catalog_policy_for(ingest_policy *out, catalog *catalog, const char *name, int zone, recto_error *error);

typedef struct match_hit {
    bib_info info;
    zone_kind zone;
    match_method method;
    char why[MATCH_WHY_LENGTH];
    bool can_change;   /* false for CZ records (SR-92) and for records locked by another */
    char cannot[160];  /* the reason, when not */
    char warning[160]; /* briefer or older incoming, in the words of the refusals (SR-96); "" none */
    /* what the list shows beside `info` (SR-94) */
    char imprint[120];   /* 264 or 260 $a $b $c, cut at a character */
    char encoding_level; /* leader/17 */
    int likeness;        /* 0 to 100, of title, date and format; decides nothing */
} match_hit;
enum { MATCH_IMPRINT = 120 };

typedef struct ingest_request {
    const marc_record *record; /* as it came; not changed */
    mms_id id;                 /* known record (edit), or a reserved temporary ID, or 0 */
    int base_version;          /* version that was seen; 0: new */
    int zone;                  /* target zone id */
    const ingest_policy *policy;
    bool ignore_matches; /* the decision "Save anyway" */
    const char *note;
    bool join_transaction; /* the caller has begun one (bulk load) and commits it */
} ingest_request;

typedef struct ingest_outcome {
    outcome_kind kind;
    mms_id id; /* the record's, where there is one */
    int version;
    char message[300];  /* a sentence for the status line, the gateway and the job report */
    match_hit *matches; /* yours through ingest_outcome_release */
    size_t match_count;
    size_t findings[3];       /* by marc_severity */
    char first_block[240];    /* the first blocking finding, in words */
    size_t first_block_field; /* index, SIZE_MAX: none */
    char by_rules[1200];      /* what the normalization on save changed, a line each: "029 taken out: $aX" (ED-106b); or "" */
} ingest_outcome;

/** normalize, validate, match, decide, merge, save: one transaction. RECTO_OK whenever there is an outcome, refusals
 *  included; other statuses mean that the corridor itself failed and nothing was changed. */
recto_status catalog_ingest(ingest_outcome *out, catalog *catalog, const ingest_request *request, recto_error *error);
void ingest_outcome_release(ingest_outcome *outcome);

/** Which stored record is this, by its 001, and which version has its author seen? By its 005, or by `if_version` when that
 *  is not 0 (decisions.md 14; RL-41, RL-43). *id 0: its 001 is no MMS ID of this repository. EREFUSED: not the stored
 *  version; says who saved when. For `recto save`, and before a request with an id from a file. */
recto_status catalog_identify(mms_id *id, int *base_version, catalog *catalog, const marc_record *record, int if_version,
                              recto_error *error);

/** Find Matches without saving (SR-84): hits are yours to free with free(). */
recto_status catalog_find_matches(match_hit **out, size_t *count, catalog *catalog, const marc_record *record, mms_id self,
                                  int zone, const ingest_policy *policy, recto_error *error);

/** Why the record matches a stored one by the zone's method, or why not: the keys of both sides, a line each. Appended. */
recto_status catalog_explain_match(buffer *out, catalog *catalog, const marc_record *record, mms_id candidate,
                                   const ingest_policy *policy, recto_error *error);

/* ---- editing --------------------------------------------------------------------------------------------------------------- */

typedef struct edit_session edit_session; /* one open record: working copy, undo log, draft, lock */

typedef struct edit_state {
    mms_id id;
    int zone;
    zone_kind zone_kind;
    int version; /* that was opened; 0: new */
    bool is_new, has_draft, view_only, temporary_id, suppressed;
    bool pushed;                /* in the list without a lock: view only until edit_begin (ED-187) */
    bool was_pushed;            /* and not saved since (ED-14) */
    char view_only_reason[200]; /* "cat2 has it since 13:52" */
    char locked_by[64];
    int brief_level, cataloging_level;
    int64_t draft_at;  /* when the draft was last stored; 0 never */
    bool draft_failed; /* RL-26: say "Draft NOT stored: ..." */
    char draft_failure[160];
    mms_id will_update; /* after Copy & Merge from the match list: the record that Save will update; else 0 */
    bool superseded;    /* somebody saved a newer version than this text began from: Save refuses (decisions.md 7) */
    int stored_version; /* the newest version in the repository when that was noticed; else as `version` */
    bool is_template;   /* no record: saved by edit_save_template; is_new is then true, too */
    int template_version;
    char template_name[120];
    bool is_holdings;     /* no bib: saved by edit_save_holding; is_new is then true, too */
    mms_id holdings_of;   /* the bib they hang on */
    int holdings_version; /* that was opened */
} edit_state;

/** Opens for editing: takes the lock, offers the user's own draft back. Another's lock: the session is view only and says
 *  why, which is no error (SE-58). A CZ record is view only. */
recto_status edit_open(edit_session **out, catalog *catalog, mms_id id, recto_error *error);
recto_status edit_open_view(edit_session **out, catalog *catalog, mms_id id, recto_error *error); /* read only, no lock */
/** The first editing key on a record that was opened to be viewed, or while another had it: takes its lock, and the record as it
 * is stored by now. EREFUSED: another has it, or it may not be changed; the session stays view only and says why. @spec ED-80,
 * ED-187 */
recto_status edit_begin(edit_session *session, recto_error *error);
/** It is view only since another had it, who has given it back by now, and no text of one's own waits in it: edit_begin would
 * take it. */
bool edit_is_free(const edit_session *session);
/** Holdings as a whole record, locked like one; the own draft of them comes back. Without a right to them: view only (ED-165). */
recto_status edit_open_holding(edit_session **out, catalog *catalog, mms_id id, recto_error *error);
/** *version 0: nothing had changed. EREFUSED also where others saved them meanwhile; the text is then kept as a draft. */
recto_status edit_save_holding(int *version, edit_session *session, recto_error *error);
/** A new record with a temporary MMS ID of the zone (SR-60); takes the record. */
recto_status edit_new(edit_session **out, catalog *catalog, int zone, marc_record **record, const char *origin,
                      recto_error *error);
/** Copy to Catalog: a new record of the own institution with the content of `id`, in another zone. @param link  keep a link to it
 */
recto_status edit_copy_to_catalog(edit_session **out, catalog *catalog, mms_id id, bool link, recto_error *error);
/** A superseded text whose author has now seen the newer version: Save will replace that one. Needs the lock. */
recto_status edit_rebase(edit_session *session, recto_error *error);
/** Gives lock and working copy back; the draft goes (ED-64). */
recto_status edit_release(edit_session **session, recto_error *error);
/** Where the cursor stands now: goes with the draft that is stored next (RL-24). */
void edit_note_view(edit_session *session, text view);
/** Leaves: the draft is stored, the lock begins to age; for quitting and hang-up. */
void edit_leave(edit_session **session);

const edit_state *edit_state_of(const edit_session *session);
marc_edit *edit_of(edit_session *session); /* the working copy and its undo log; changed through marc/edit.h */
/** Stores the draft when the record has changed since the last time; called by the event loop within a second (RL-20).
 *  @param view  opaque state of the editor (cursor, pane) kept with it */
recto_status edit_keep_draft(edit_session *session, text view, recto_error *error);
text edit_view(const edit_session *session); /* what was kept, after a draft was offered back; lent */

/** Save through the corridor with the zone's "ask" policy. NEEDS_DECISION: matches are in the outcome; call again with
 *  ignore_matches, or resolve with the functions below. UNCHANGED: "No changes to save." (ED-62). */
recto_status edit_save(ingest_outcome *out, edit_session *session, bool ignore_matches, recto_error *error);
recto_status edit_find_matches(match_hit **out, size_t *count, edit_session *session,
                               recto_error *error); /* as catalog_find_matches, of the text as it stands; free() */
/** What Copy & Merge / Copy & Overlay with this match would make; touches nothing (match-merge 5.3). */
recto_status edit_preview_match(merge_result **out, edit_session *session, mms_id match, bool overlay, recto_error *error);
/** Does it: lock of the match taken, temporary ID given up, the open record becomes the result as one undo step (SR-91). */
recto_status edit_take_match(edit_session *session, mms_id match, bool overlay, recto_error *error);
/** Undo and redo of the session: as marc_edit_undo and marc_edit_redo, and when the step of edit_take_match goes (or comes
 *  back), the session goes with it: the match's lock is given up (taken again), the record is the new one again. Use these
 *  and not those of marc/edit.h. ELOCKED: redo of a match somebody else holds by now; nothing was done. EREFUSED: nothing
 *  to undo, or an undo past a match that has been saved.
 *  @param field  out, may be NULL: as for marc_edit_undo */
recto_status edit_undo(edit_session *session, size_t *field, recto_error *error);
recto_status edit_redo(edit_session *session, size_t *field, recto_error *error);
/** Search Resources: the listed external record onto the open one; own MMS ID stays (SR-66). */
recto_status edit_preview_external(merge_result **out, edit_session *session, const marc_record *external, bool overlay,
                                   recto_error *error);
recto_status edit_take_external(edit_session *session, const marc_record *external, bool overlay, const char *target,
                                recto_error *error);
/** The stored version N into the working copy, as one undo step (decisions.md 6). */
recto_status edit_restore_version(edit_session *session, int version, recto_error *error);
/** The same two with a result that was previewed, lines toggled perhaps: exactly this becomes the open record. EREFUSED: the
 *  match was saved anew since the preview (SR-97); look again. */
recto_status edit_take_match_result(edit_session *session, mms_id match, bool overlay, const merge_result *result,
                                    recto_error *error);
recto_status edit_take_external_result(edit_session *session, const marc_record *external, bool overlay, const char *target,
                                       const merge_result *result, recto_error *error);
/** "Use this one" (SR-93): the open text goes, the match is opened in its place. *session is replaced; on failure it stays. */
recto_status edit_use_match(edit_session **session, mms_id match, recto_error *error);
/** "Save as separate record" (SR-93): saves in spite of the matches and remembers of each that it is another record, and why,
 *  so that the pair is not reported again. EINVALID: no reason. Outcomes as of edit_save. */
recto_status edit_save_separate(ingest_outcome *out, edit_session *session, const char *reason, recto_error *error);
const char *catalog_copy_rule(const catalog *catalog, int zone); /* label of the zone's merge rule for copy cataloging */

/* How long nobody has typed in it (ED-71). A resting draft is neither offered nor listed until asked for; one past its year
 * is listed so, but stays: only its owner throws it away (decisions.md 7). */
typedef enum draft_age { DRAFT_IN_USE, DRAFT_RESTING, DRAFT_PAST_ITS_YEAR } draft_age;
enum { DRAFT_RESTS_AFTER_DAYS = 30, DRAFT_YEAR_DAYS = 365 };

typedef struct draft_row {
    mms_id id;
    int zone;
    marc_family family;
    draft_age age;
    char title[240];
    int64_t changed_at;
    int base_version;
    bool record_changed_since; /* somebody saved a newer version: a three-way comparison is owed (decisions.md 7) */
} draft_row;
/** The user's drafts, newest first; rows are yours to free(). */
recto_status catalog_drafts(draft_row **out, size_t *count, catalog *catalog, recto_error *error);
/** Opens one of them as it was left: cursor and undo come back (RL-24). ENOTFOUND; EREFUSED: it is open already. */
recto_status edit_resume(edit_session **out, catalog *catalog, mms_id id, recto_error *error);
/** For good, with the lock of the session that left it. None there: OK. */
recto_status catalog_discard_draft(catalog *catalog, mms_id id, recto_error *error);

/* ---- records, versions, inventory ------------------------------------------------------------------------------------------ */

/* As the functions of these names in repo.h, for a user. */
recto_status catalog_load(catalog *catalog, mms_id id, marc_record **record, bib_info *info, recto_error *error);
recto_status catalog_versions(catalog *catalog, mms_id id, void (*visit)(void *context, const bib_version *version),
                              void *context, recto_error *error);
recto_status catalog_version_load(catalog *catalog, mms_id id, int version, marc_record **out, recto_error *error);
/** LOCK_BREAK. EINVALID: no reason; ENOTFOUND: free. Audited (RL-49). */
recto_status catalog_lock_break(catalog *catalog, mms_id id, const char *reason, recto_error *error);

/** Where the inventory of a bib hangs (seed 000, "local inventory is linked"): on itself in the own institution; for a
 *  network record on the institution's record that is linked to it. *out 0: there is none yet. */
recto_status catalog_inventory_bib(mms_id *out, catalog *catalog, mms_id bib, recto_error *error);
/** The same, and makes the linked record of the own institution when there is none; *made (may be NULL) tells. */
recto_status catalog_link_bib(mms_id *out, bool *made, catalog *catalog, mms_id bib, recto_error *error);
/** A holdings record as MARC 21 Holdings with 004 and 852; *id 0 makes one. HOLDINGS, in the library of 852 $b. EREFUSED on a bib
 *  never saved (ED-50), or not `expected_version`; EINVALID: no 852 with a library. Audited. */
recto_status catalog_holding_save(catalog *catalog, mms_id *id, mms_id bib, const marc_record *record, int expected_version,
                                  recto_error *error);
/** A new one to begin from, 852 proposed from 050/082/090. EREFUSED as above. */
recto_status catalog_holding_template(marc_record **out, catalog *catalog, mms_id bib, recto_error *error);
/** With its number as 001. @param info  may be NULL */
recto_status catalog_holding_load(catalog *catalog, mms_id id, marc_record **record, holding *info, recto_error *error);
recto_status catalog_holdings(catalog *catalog, mms_id bib, void (*visit)(void *context, const holding *holding), void *context,
                              recto_error *error);
recto_status catalog_holding_delete(catalog *catalog, mms_id id, recto_error *error); /* WITHDRAW; EREFUSED: it has items */
/** INVENTORY, audited. item->holding must be set; item->bib is filled. EINVALID: no barcode, or taken (IO-52). */
recto_status catalog_item_save(catalog *catalog, item *item, recto_error *error);
recto_status catalog_items(catalog *catalog, mms_id holding_or_bib, void (*visit)(void *context, const item *item), void *context,
                           recto_error *error);

/** Management tags (ED-178): sync 0 and suppressed -1 leave as it is. CATALOG; no version is made. ELOCKED; EREFUSED: an
 * authority record. */
recto_status catalog_set_tags(catalog *catalog, mms_id id, char sync, int suppressed, recto_error *error);
/** Deletes a bib: DELETE, nobody else's lock, no holdings (EREFUSED). */
recto_status catalog_delete(catalog *catalog, mms_id id, int expected_version, recto_error *error);

/** Is this record already in the institution or network, by the save's match rule? For result lists (SR-48). 0: no. */
mms_id catalog_already_held(catalog *catalog, const marc_record *record, zone_kind *zone);

#endif
