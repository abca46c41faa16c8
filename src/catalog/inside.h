/* src/catalog/inside.h - what the files of this room share: the desk somebody sits at, and the steps of the corridor.
 *
 * Private to catalog/. A catalog belongs to one thread; everything it lends lives as long as it does. */
#ifndef CATALOG_INSIDE_H
#define CATALOG_INSIDE_H

#include "recto/catalog/catalog.h"
#include "recto/catalog/jobs.h"
#include "recto/catalog/rules.h"
#include "recto/repo/jobs.h"

enum { CATALOG_ZONES_MAX = 512, CATALOG_NAME = 64 };

/* Tables are read at the first validation: a search or a load never pays for them. */
typedef struct lazy_tables {
    marc_tables *tables;
    bool tried;
    recto_error fault; /* what was wrong with a configured file; its status is RECTO_OK when nothing was */
} lazy_tables;

struct catalog {
    repo *repo;
    recto_clock clock;
    char user[CATALOG_NAME], login[CATALOG_NAME], institution[CATALOG_NAME];
    char actor[CATALOG_NAME];   /* who really acts, for the audit: the login, or "owner" (decisions.md 13) */
    char session[CATALOG_NAME]; /* "" without one */
    unsigned privileges;        /* bits 1 << PRIVILEGE_...; of roles for one library, too */
    char roles[400];            /* as the account has them */
    repo_zone zones[CATALOG_ZONES_MAX];
    size_t zone_count;
    const repo_zone *own, *network, *community;
    lazy_tables *lazy;
    struct kept_rule *rules;       /* parsed, newest first; results of merges lend from them until the catalog is closed */
    struct kept_profile *profiles; /* validation exception profiles, read once */
    struct kept_checks *checks;    /* local checks of zones, parsed once for each text */
    edit_session *sessions;        /* the open ones, so that no record has two working copies here */
};

/* ---- catalog.c, roles.c, passwords.c */
recto_status catalog_session_needed(catalog *catalog, recto_error *error);
bool catalog_sees(const catalog *catalog, mms_id id); /* own institution, network or community */
unsigned roles_privileges(const char *roles);         /* those of every library together */
/** What the roles give in one library; "": in the whole institution. */
unsigned roles_privileges_at(const char *roles, text library);
recto_status password_hash(buffer *out, const char *password, recto_error *error);
/** False also for an empty hash, after the same work: how long it takes tells nobody whether the user exists. */
bool password_verify(const char *hash, const char *password);

/* ---- transaction.c: a use-case's transaction, which may be part of its caller's */
typedef struct transaction {
    repo *repo;
    bool joined, open;
} transaction;
recto_status transaction_begin(transaction *out, catalog *catalog, bool join, recto_error *error);
/** Commits when `status` is OK, rolls back otherwise; a joined one is left to its caller. @return status, or the commit's */
recto_status transaction_end(transaction *transaction, recto_status status, recto_error *error);
/** Refuses for want of a privilege, and keeps an audit row of it. */
recto_status refuse_privilege(catalog *catalog, privilege privilege, const char *act, const char *object, bool joined,
                              recto_error *error);
recto_status need_privilege(catalog *catalog, privilege privilege, const char *act, const char *object, recto_error *error);
/** The same for what is in one library (roles.c). Before the transaction, as the others. */
recto_status need_privilege_at(catalog *catalog, privilege privilege, const char *library, const char *act, const char *object,
                               recto_error *error);
/** For holdings that are there, and all that hangs on them (roles.c). */
recto_status need_privilege_for(catalog *catalog, privilege privilege, mms_id holding, const char *act, recto_error *error);

/* ---- normalize.c */
/** 003 and 001 to a 035 unless that number is there already; 003 goes. An 001 that is one of our own IDs is no number of
 *  another system. @spec match-merge.md section 8; search-resources.md SR-32 */
recto_status normalize_initial(marc_record *record, const catalog *catalog, recto_error *error);
recto_status normalize_019(marc_record *record, recto_error *error);
/** 001 = MMS ID, no 003, 005 strictly behind `stored_005` (RL-42). */
recto_status normalize_system_fields(marc_record *record, mms_id id, int64_t now_ticks, text stored_005, recto_error *error);
/** Equal but for what the system keeps: 001, 003, 005, leader 00-04, 12-16 and 20-23. */
bool same_content(const marc_record *a, const marc_record *b);

/** OCLC numbers of `other` (035 $a) that `record` has nowhere become a $z: a merged record answers to both (IO-99). */
recto_status normalize_keep_oclc(marc_record *record, const marc_record *other, recto_error *error);

/* ---- inventory.c */
/** 001, 005 and the 004 of a holdings record before it is stored. */
recto_status holding_stamp(marc_record *record, mms_id id, mms_id bib, catalog *catalog, text stored_005, recto_error *error);

/* ---- the same as catalog_..., perhaps in the transaction of the caller (inventory.c, records.c) */
recto_status holding_delete(catalog *catalog, mms_id id, bool join, recto_error *error);
recto_status item_delete(catalog *catalog, mms_id id, recto_error *error); /* always in it */
recto_status bib_delete(catalog *catalog, mms_id id, int expected_version, bool join, recto_error *error);
recto_status bib_set_tags(catalog *catalog, mms_id id, char sync, int suppressed, bool join, recto_error *error);

/* ---- policy.c */
/** A built-in policy gets the zone's settings; a caller's own is taken as it is. */
recto_status policy_of_request(ingest_policy *out, catalog *catalog, const ingest_policy *policy, int zone, recto_error *error);

/* ---- rules.c */
void kept_rules_free(struct kept_rule *rules);
/** By a zone's own rule of this name, a predefined method's name or label, or a shipped rule, in that order. */
recto_status rules_merge_named(const merge_program **out, catalog *catalog, int zone, const char *name, recto_error *error);
/** EREFUSED: the zone has chosen this rule for something; without it every save would fail. (rule_uses.c) */
recto_status rules_refuse_in_use(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error);

/* ---- rule_uses.c: what a zone has chosen, read at once */
typedef struct zone_rules {
    int zone;
    buffer chosen[RULE_USE_COUNT]; /* names, separated by commas; empty: none */
} zone_rules;
recto_status zone_rules_read(zone_rules *out, catalog *catalog, int zone, recto_error *error);
void zone_rules_release(zone_rules *rules);
/** Runs the zone's normalization rules of this use on a record of ours, in order. None chosen: costs nothing. */
recto_status zone_rules_normalize(const zone_rules *rules, catalog *catalog, rule_use use, marc_record *record,
                                  recto_error *error);
/** Does the zone's indication rule refuse the record? *name (120 bytes) is then which rule did. */
recto_status zone_rules_reject(bool *out, char *name, const zone_rules *rules, catalog *catalog, marc_record *record,
                               recto_error *error);
/** By the zone's brief-level rule, else by the built-in table; a rule of which none fired gives 1. The record is not changed. */
recto_status zone_rules_brief_level(int *out, const zone_rules *rules, catalog *catalog, const marc_record *record,
                                    recto_error *error);
/** The same for one record alone: reads the zone's choice first. */
recto_status catalog_brief_level(int *out, catalog *catalog, int zone, const marc_record *record, recto_error *error);
/** The zone's validation exception profile; *out NULL: none is chosen. Lent until the catalog is closed. (validation.c) */
recto_status zone_rules_validation(const marc_validation_profile **out, const zone_rules *rules, catalog *catalog, bool authority,
                                   recto_error *error);
/** A profile by name. ENOTFOUND names those there are; EDATA with file and line. (validation.c) */
recto_status validation_profile_named(const marc_validation_profile **out, catalog *catalog, const char *name,
                                      recto_error *error);
void kept_profiles_free(struct kept_profile *profiles); /* validation.c */
typedef struct kept_checks kept_checks;
void kept_checks_free(kept_checks *kept); /* checks.c */
/** The merge program that a policy means: its merge_rule, its built-in method, or the zone's choice for matches. */
recto_status policy_merge_program(const merge_program **out, catalog *catalog, const ingest_policy *policy, int zone,
                                  recto_error *error);

/** Refuses a rule that says of itself that it was written the other way round, with the name of the zone's right one (SR-73). A
 *  predefined method, and a rule that says nothing, goes either way. */
recto_status rule_needs_primary(catalog *catalog, int zone, rule_use use, const char *name, recto_error *error);

/* ---- call_numbers.c */
/** Appends $h and $i from the first of the scheme's fields that has a $a. @return false: the bib proposes nothing
 *  @param scheme  first indicator of 852 */
bool call_number_propose(buffer *out, catalog *catalog, const marc_record *bib, char scheme);
/** Puts them into an 852 that has no $h; the record has an 852. */
recto_status call_number_fill(marc_record *record, catalog *catalog, const marc_record *bib, recto_error *error);

/* ---- local_fields.c */
/** Does the zone keep the rules that its institutions run on its records to local fields? Never for an administrator. */
recto_status rules_only_local(bool *out, catalog *catalog, int zone, recto_error *error);
/** Gives the record that a rule made the shared fields of `before` again. *left: the rule would have changed some of them. */
recto_status keep_to_local(marc_record **made, bool *left, const marc_record *before, recto_error *error);

/* ---- jobs.c: work on many records, batch by batch (a save never waits long behind one) */
enum { JOB_BATCH_RECORDS = 200, JOB_BATCH_MS = 100 };
/** Begins a job and writes its audit row. @param joined  a transaction is open: it is part of that */
recto_status job_begin(int64_t *id, catalog *catalog, const char *type, const char *title, int zone, int64_t of, text parameters,
                       bool joined, recto_error *error);
recto_status job_end(catalog *catalog, int64_t id, const char *status, bool joined, recto_error *error); /* with an audit row */
/** Ends a job as "done", "stopped" or, when `status` is a failure, "failed". @return status, or the failure of ending */
recto_status job_finish(catalog *catalog, int64_t id, recto_status status, bool stopped, recto_error *error);
/** May this record be changed by a job now? False: `why` (200 bytes) says why not: changed since, deleted, locked, open here. */
bool job_may_change(char *why, catalog *catalog, const bib_info *info, int expected_version);
/** Writes one record as a job does: system fields, brief level, version with origin "job" and a note naming the job. Needs an
 *  open transaction. @param version  out */
recto_status job_write_record(int *version, catalog *catalog, int64_t job, const bib_info *info, text stored_005,
                              marc_record *record, recto_error *error);
typedef struct job_work { /* what is done with each row of an earlier job; the act fills a row of its own, or none */
    catalog *catalog;
    int64_t job;
    recto_status (*act)(void *context, const repo_job_row *row, repo_job_row *out, recto_error *error);
    void *context;
} job_work;
/** Goes through the rows of job `of` in batches of at most JOB_BATCH_RECORDS and JOB_BATCH_MS, each one transaction. */
recto_status job_work_rows(const job_work *work, int64_t of, size_t total, job_progress progress, void *context, bool *stopped,
                           recto_error *error);
void job_row_say(repo_job_row *row, const char *outcome, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- search.c */
/** Every record of a zone that a query finds, each once, by MMS ID; the ids are yours to free(). */
recto_status search_all_ids(mms_id **out, size_t *count, catalog *catalog, const catalog_query *query, int zone,
                            recto_error *error);

/* ---- locks.c */
/** Who holds the record against us? ELOCKED filled as repo_lock_take does; OK: nobody. */
bool lock_refuses(catalog *catalog, mms_id id, repo_lock *holder);
void lock_sentence(char *out, size_t capacity, const catalog *catalog, const repo_lock *lock); /* "cat2 has it since 13:52" */

/* ---- custody.c */
/** Leaves word for another user: what was done to a record of theirs ("taken", "assigned"), by us, and why. */
recto_status custody_tell(catalog *catalog, const char *kind, const char *owner, mms_id id, const char *reason,
                          recto_error *error);

/* ---- rule_locks.c */
/** ELOCKED: somebody else is changing the rule. */
recto_status rule_refuse_locked(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error);

/* ---- levels.c */
/** Is a record of this level above the user's? The sentence is ED-180's. False while levels are off. */
bool level_refuses(char *sentence, size_t capacity, catalog *catalog, int level);
/** The same of a stored record; false for one that is not there. */
bool level_of_record_refuses(char *sentence, size_t capacity, catalog *catalog, mms_id id);

/* ---- matches.c */
typedef struct match_list {
    match_hit *hits;
    size_t count, capacity;
} match_list;
/** @param self, linked  records that are no matches of it; 0 none */
recto_status matches_find(match_list *out, catalog *catalog, const marc_record *record, mms_id self, mms_id linked, int zone,
                          const ingest_policy *policy, recto_error *error);
extern const char CANNOT_CHANGE_COMMUNITY[];

/* ---- ingest.c (its steps share ingest.h) */
/* Where the walk is, and how long each part of it took: what failed there is told by the gateway in other words. */
typedef enum ingest_stage {
    INGEST_NORMALIZE,
    INGEST_VALIDATE,
    INGEST_MATCH,
    INGEST_CHECK,
    INGEST_MERGE,
    INGEST_SAVE,
    INGEST_STAGES
} ingest_stage;
typedef struct ingest_trace {
    ingest_stage stage;
    int64_t since; /* monotonic milliseconds */
    int milliseconds[INGEST_STAGES];
} ingest_trace;

typedef struct ingest_extra {        /* what only one of the doors knows: the editor's save, or the gateway's profile */
    mms_id draft;                    /* whose draft goes in the same transaction */
    mms_id linked_to;                /* 0: as it was */
    mms_id copied_from;              /* the record that was copied to the catalog is no match of its copy; 0 none */
    const char *originating_version; /* 005 of what was copied in; NULL: the record's own */
    const char *normalization;       /* rules, separated by commas, after those of the zone; NULL: none */
    const char *validation;          /* exception profile in place of the zone's; NULL: the zone's */
    bool framed;                     /* made from a frame or template: what nobody filled in is left out */
    bool tags_on_merge;              /* the management tag is for what is merged, too; so is the source, without a new version */
    const char *audit;               /* added to the audit row; NULL: nothing */
    text merged_incoming;            /* encoded: the record that a merge in the editor brought in; empty: none */
    ingest_trace *trace;             /* NULL: nobody asks */
} ingest_extra;
recto_status ingest_run(ingest_outcome *out, catalog *catalog, const ingest_request *request, const ingest_extra *extra,
                        recto_error *error);

/* ---- outcome.c */
/** The note of a version: what merged it, so that the merge can be taken back, and what the caller says. NULL: nothing.
 *  @param rule  of a merge or an overlay; may be NULL */
enum { VERSION_NOTE = 160 };
const char *note_of_save(char out[static VERSION_NOTE], outcome_kind kind, const char *rule, const char *note);
bool note_tells_merge(const char *note); /* did this save merge or overlay? */
extern const char MERGED_NOTE[];         /* "merged: " */
void outcome_say(ingest_outcome *out, outcome_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- session.c, edit.c, edit_match.c, drafts.c share the session */
typedef struct taken_match { /* one Copy & Merge or Overlay of the match list: at which step the session became whom */
    size_t step;             /* marc_edit_steps just after it */
    mms_id before, after;
    int before_version, after_version;
    bool before_new, applied, saved;
    char title[120]; /* of the step: redo of another step of the same number must not be taken for it */
} taken_match;

enum { TAKEN_MAX = 16, ORIGIN_LENGTH = 64 };

struct edit_session {
    catalog *catalog;
    edit_session *next;
    marc_edit *edit;
    edit_state state;
    bool holds_lock;
    bool kept;          /* a draft was stored since the session began */
    int template_scope; /* of a template (state.is_template) */
    uint64_t kept_revision;
    buffer view;
    char origin[ORIGIN_LENGTH];                /* what a new record came from; door of the version is "editor" */
    char system[ORIGIN_LENGTH];                /* originating system to be stored with the next save; "" none */
    char system_version[CLOCK_005_LENGTH + 1]; /* its 005 */
    mms_id linked_to, copied_from;             /* of a copy to catalog; 0 none */
    const char *note;                          /* during a save: of its version, when nothing else is told there; else NULL */
    const char *apart_reason;                  /* during a save as a separate record; else NULL */
    size_t merged_step;                        /* steps just after the last Copy & Merge or Overlay that is not saved; 0 none */
    char merged_note[96];
    buffer merged_incoming; /* what that merge brought in, as repo encodes it: undone after the save, it is a draft again */
    struct previewed {      /* what the last preview of a merge was made of (SR-97) */
        mms_id match;       /* 0: an external record */
        int version;        /* of the match */
        uint64_t revision;
        bool overlay, made;
    } previewed;
    taken_match taken[TAKEN_MAX];
    size_t taken_count;
};

recto_status session_new(edit_session **out, catalog *catalog, marc_record **record, recto_error *error);
void session_free(edit_session *session);
edit_session *session_open_for(catalog *catalog, mms_id id);
void session_set_identity(edit_session *session, mms_id id, int version, bool is_new);
void session_show_only(edit_session *session, const char *reason);
/** Somebody at this desk changed the stored record by another act: an open text without changes shows what is stored now.
 *  @param id  0: of every open record */
void session_follow(catalog *catalog, mms_id id);
/** Takes the record's lock if it may be changed at all; what stands against it makes the session view only. */
recto_status session_take_lock(edit_session *session, recto_error *error);
/** Levels, tags and the stored version as they are now; a newer one makes the text superseded. */
recto_status session_fill_info(edit_session *session, recto_error *error);
/** The end of opening what was found to be `status` so far: what is stored about it is filled in and it is given. On failure
 *  nothing stays locked, and the session is freed. */
recto_status session_give(edit_session **out, edit_session *session, recto_status status, recto_error *error);
/** What is edited must be what is stored now; a superseded text without changes is read anew. */
recto_status session_refresh(edit_session *session, recto_error *error);
void session_drop_lock(edit_session *session);
/** The external system and its 005, to be stored with the next save (decisions.md 4). */
void session_remember_source(edit_session *session, const marc_record *source, const char *system);
recto_status session_needs_edit(const edit_session *session, recto_error *error); /* EREFUSED when view only */
extern const char SESSION_PUSHED[]; /* why a record that was only put into the list is view only */
/** Its text is that of the stored draft, if there is one. */
recto_status session_adopt_draft(edit_session *session, recto_error *error);
/** The user's own draft of this record; *found false: there is none. */
recto_status session_resume(edit_session **out, catalog *catalog, mms_id id, bool *found, recto_error *error);
recto_status draft_store(edit_session *session, text view, recto_error *error);
recto_status draft_remove(catalog *catalog, mms_id id, recto_error *error); /* none there: OK */
bool draft_exists(catalog *catalog, mms_id id);
void taken_mark_saved(edit_session *session); /* the locks of what was given up go */
void taken_release(edit_session *session);
extern const char SAVE_STEP[]; /* title of the step in which a save writes 001 and 005 into the working copy */

/* authority_update.c */
/** How many bibs have the heading that an authority record had before this save, with or without something added.
 *  *at_most: too many to read each of them now; some may only have words like it. */
recto_status authority_count_former(size_t *count, bool *at_most, catalog *catalog, mms_id id, const marc_record *before,
                                    recto_error *error);

/* heading_extract.c (ED-119a) */
recto_status heading_extract_check(const char *value, recto_error *error);
void heading_extract(buffer *out, catalog *catalog, const marc_record *authority); /* appended; empty: nothing to tell */

#endif
