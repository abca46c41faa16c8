/* include/recto/repo/repo.h - the shared repository: zones, records, versions, drafts, locks, identifiers, search, inventory.
 *
 * This is the door of the room; behind it is SQLite (src/repo/sql.c and sql_schema.c hold all SQL), and a second engine can stand
 * there: nothing here knows SQL, rows or FTS syntax (decisions.md 11). The room stores and finds; it decides nothing about
 * who may do what, matching or merging: catalog/ does. Times and users come in as arguments.
 * A repo belongs to one process and one thread. Everything given through `out` is yours to free.
 * What is said at each function is what it adds to this: reading may give RECTO_EIO, RECTO_EBUSY and RECTO_ENOMEM, changing also
 * RECTO_EREFUSED (open for reading only) and RECTO_ELIMIT (too large). A change joins the open transaction, where a failure
 * leaves the rollback to whoever began it, or is one of its own, and then all or nothing (RL-1). Zone 0 is the repository as a
 * whole.
 * What is lent to a visitor lives for that call. A visitor may read on; it must not begin a transaction or change anything,
 * except that of repo_search, whose reading is over when rows are shown, and inside a transaction that is open already. */
#ifndef RECTO_REPO_REPO_H
#define RECTO_REPO_REPO_H

#include "recto/base/clock.h"
#include "recto/marc/record.h"
#include "recto/marc/standard_numbers.h"

typedef struct repo repo;
typedef int64_t mms_id; /* bib 99..., holdings 22..., item 23...; the last four digits name the zone */

bool mms_id_parse(mms_id *out, text typed); /* digits 8 to 19, blanks around and a leading "MMS" allowed (SE-84) */
enum { MMS_ID_LENGTH = 20 };
void mms_id_format(char out[static MMS_ID_LENGTH], mms_id id);

/* ---- creating and opening ------------------------------------------------------------------------------------------ */

typedef struct repo_plan {
    const char *const *institutions; /* codes: "01EXAMPLE" */
    size_t institution_count;
    const char *network; /* code of the Network Zone, NULL: none */
    const char *owner;   /* first user, made General System Administrator (RL-172) */
    int64_t now;
} repo_plan;

typedef enum repo_mode { REPO_READ_WRITE, REPO_READ_ONLY } repo_mode;

/** Creates the file (mode 0600, directories made); EREFUSED when it exists; EIO on a network file system (RL-90). */
recto_status repo_create(const char *path, const repo_plan *plan, recto_error *error);
/** Opens; migrates an older schema in one transaction; EIO "no repository ... create one with: recto init" (RL-183),
 *  EDATA not a repository, EIO written by a newer Recto. Falls back to read only where the file may not be written (RL-95). */
recto_status repo_open(repo **out, const char *path, repo_mode mode, recto_error *error);
/** How an older schema is being brought up; with many records it takes minutes, and nobody else may write meanwhile. */
typedef struct repo_migration {
    const char *path;
    int from, to;          /* schemas */
    int64_t done, records; /* of the index, if that is made anew; 0 of 0 before that */
    bool over;             /* committed; one that fails is not told as over: the error says it */
} repo_migration;
typedef void repo_migration_teller(void *context, const repo_migration *now);
/** The same, and `tell` is called when it begins to migrate, now and then (every few milliseconds), and when that is over. It is
 *  called with a transaction open: it may print, and asks nobody anything. NULL: nobody is told. */
recto_status repo_open_telling(repo **out, const char *path, repo_mode mode, repo_migration_teller *tell, void *context,
                               recto_error *error);
void repo_close(repo *repo);
bool repo_is_read_only(const repo *repo);
const char *repo_path(const repo *repo);
/** "FUSE", "overlayfs": where a repository should better not lie (RL-91); NULL: on a disk. */
const char *repo_doubtful_system(const repo *repo);

/** One write transaction: waits fairly up to 10 s (RL-71), then EBUSY naming nobody's fault. Does not nest (asserted).
 *  A failed commit is rolled back. Reads outside of a transaction see the last commit. */
recto_status repo_begin(repo *repo, recto_error *error);
recto_status repo_commit(repo *repo, recto_error *error);
void repo_rollback(repo *repo); /* nothing happens when none is open */

/* ---- zones ----------------------------------------------------------------------------------------------------------- */

typedef enum zone_kind { ZONE_INSTITUTION = 'I', ZONE_NETWORK = 'N', ZONE_COMMUNITY = 'C' } zone_kind;
typedef struct repo_zone {
    int id; /* small, stable within the repository */
    zone_kind kind;
    char code[64];  /* "01EXAMPLE", "NETWORK", "COMMUNITY" */
    char suffix[5]; /* the last four digits of its MMS IDs */
} repo_zone;

/** Lists all zones, institutions first; at most `capacity`. */
recto_status repo_zones(repo *repo, repo_zone *out, size_t capacity, size_t *count, recto_error *error);
recto_status repo_setting_get(repo *repo, int zone, const char *name, buffer *out, recto_error *error); /* appended; ENOTFOUND */
recto_status repo_setting_set(repo *repo, int zone, const char *name, const char *value, recto_error *error);

/* ---- bibliographic records --------------------------------------------------------------------------------------------- */

typedef struct bib_info { /* everything about a record that is not in the record; strings are terminated */
    mms_id id;
    int zone;
    int version; /* 1 is the record as first saved */
    bool deleted, suppressed;
    char sync; /* 'B' publish bib, 'H' holdings only, 'N' don't publish */
    int brief_level, cataloging_level;
    int64_t created_at, modified_at; /* seconds UTC */
    char created_by[64], modified_by[64];
    char origin[64]; /* what made the last version: "editor", "load", "gateway", "merge" */
    char originating_system[64];
    char originating_version[20];    /* 005 last imported; "" none */
    mms_id linked_to;                /* record of another zone this one is linked to; 0 none */
    int holdings, items, portfolios; /* counts */
    char title[240], creator[120], date[8], oclc[24], isbn[24], issn[12], material[32]; /* cut at a character */
    char locked_by[64]; /* "" not locked, or the lock has expired */
    int64_t locked_at;
} bib_info;

/** A new ID of this zone; inside a transaction it is taken for good, outside it is only reserved (temporary MMS ID):
 *  numbers may be lost but are never given twice. */
recto_status repo_bib_new_id(repo *repo, int zone, mms_id *out, recto_error *error);

typedef struct bib_write { /* one version; needs an open transaction */
    mms_id id;
    int zone;
    const marc_record *record; /* stored as given: 001, 003, 005 are catalog/'s business */
    int expected_version;      /* 0: must not exist; else EREFUSED unless it is the stored one (RL-40) */
    const char *user, *origin, *note;
    int64_t now;
    int brief_level, cataloging_level;
    char sync;                                            /* 0: as it was ('B' for a new one) */
    int suppressed;                                       /* -1: as it was */
    const char *originating_system, *originating_version; /* NULL: as they were */
    mms_id linked_to;                                     /* 0: as it was */
} bib_write;

/** Stores record, version, identifiers, search index and browse columns together. EREFUSED: not `expected_version` (who saved
 * when is said), or a record of another zone; ENOTFOUND; EINVALID: no such zone. @param version  out, may be NULL */
recto_status repo_bib_write(repo *repo, const bib_write *write, int *version, recto_error *error);
/** Marks deleted: out of search and match, versions kept. Needs an open transaction. ENOTFOUND; EREFUSED: not `expected_version`,
 *  or it has holdings. One that is deleted already stays so. */
recto_status repo_bib_delete(repo *repo, mms_id id, int expected_version, const char *user, int64_t now, recto_error *error);
/** The newest version and what is known of it, both of one moment; of a deleted one, too. ENOTFOUND; EDATA as repo_version_load.
 *  @param info  may be NULL.  @param now  whether its lock still holds */
recto_status repo_bib_load(repo *repo, mms_id id, marc_record **record, bib_info *info, int64_t now, recto_error *error);
/** The record of `zone` that is linked to `to`, a record of another zone; *out 0: there is none. */
recto_status repo_bib_linked(repo *repo, mms_id to, int zone, mms_id *out, recto_error *error);
recto_status repo_bib_info(repo *repo, mms_id id, bib_info *info, int64_t now, recto_error *error); /* ENOTFOUND */
/** Management tags; no version is made. ENOTFOUND. @param sync  0: as it was. @param suppressed  -1: as it was. @spec ED-178 */
recto_status repo_bib_set_tags(repo *repo, mms_id id, char sync, int suppressed, const char *user, int64_t now,
                               recto_error *error);

typedef struct bib_version {
    int version;
    int64_t saved_at;
    char saved_by[64], origin[64], note[160];
} bib_version;
/** Newest first; none of a record that is not there. */
recto_status repo_versions(repo *repo, mms_id id, void (*visit)(void *context, const bib_version *version), void *context,
                           recto_error *error);
/** ENOTFOUND: no such record or version. EDATA "version is damaged (checksum)" with the last good one named (RL-82). */
recto_status repo_version_load(repo *repo, mms_id id, int version, marc_record **out, recto_error *error);

/* ---- candidates for match --------------------------------------------------------------------------------------------- */

/** IDs of records not deleted, in any of the zones (by id), that have this key in any subfield. What a visitor reads is of the
 * same state; he does not write. */
recto_status repo_find_by_key(repo *repo, marc_key_kind kind, text key, const int *zones, size_t zone_count,
                              bool (*visit)(void *context, mms_id id), void *context, recto_error *error);

/* ---- search ----------------------------------------------------------------------------------------------------------- */

typedef enum search_type {
    SEARCH_ALL_TITLES,
    SEARCH_PHYSICAL_TITLES,
    SEARCH_ELECTRONIC_TITLES,
    SEARCH_PHYSICAL_ITEMS,
    SEARCH_AUTHORITIES /* authority records; no other type finds one */
} search_type;

typedef enum search_operator {
    SEARCH_KEYWORDS, /* all words, any order; a trailing * truncates */
    SEARCH_PHRASE,
    SEARCH_STARTS_WITH,
    SEARCH_EQUALS,
    SEARCH_NOT_EQUALS,
    SEARCH_NOT_KEYWORDS,
    SEARCH_EMPTY,
    SEARCH_NOT_EMPTY,
    SEARCH_AT_LEAST,
    SEARCH_AT_MOST,
    SEARCH_BETWEEN,
    SEARCH_IN_LIST /* any of the lines of `value`, each as Equals takes it */
} search_operator;

typedef struct search_index { /* a row of the table of search.md section 2 */
    const char *code, *label; /* "ti", "Title" */
    bool simple;              /* offered in the simple search box */
    char kind;                /* 'w' words, 'k' identifier key, 'n' number or date, 'c' code, 'e' exact */
    char records;             /* of which records: 'b' bibs, 'a' authority records, '*' both */
} search_index;
const search_index *repo_search_indexes(size_t *count);
const search_index *repo_search_index(const char *code);              /* NULL: unknown */
bool repo_search_offers(search_type type, const search_index *index); /* else the search is EINVALID (SE-3) */

typedef enum query_kind { QUERY_TERM, QUERY_AND, QUERY_OR, QUERY_NOT } query_kind;
typedef struct query_node query_node;
struct query_node { /* a tree the caller owns; NOT is "left but not right" when left is set, else complement */
    query_kind kind;
    const query_node *left, *right;
    const search_index *index; /* of a term */
    search_operator operator;
    text value, value_to; /* as typed; the room folds and normalizes */
};

typedef enum search_sort {
    SORT_RANK,
    SORT_TITLE,
    SORT_CREATOR,
    SORT_DATE,
    SORT_DATE_NEWEST,
    SORT_MODIFIED_NEWEST,
    SORT_CREATED_NEWEST,
    SORT_MMS_ID,
    SORT_TITLE_BACKWARDS, /* from the last title to the first */
    SORT_CREATOR_BACKWARDS,
    SORT_SERIES, /* what has none comes last, both ways; so of the next ones */
    SORT_SERIES_BACKWARDS,
    SORT_UNIFORM_TITLE, /* 130, 240; of 20,000 hits at most, else ELIMIT */
    SORT_UNIFORM_TITLE_BACKWARDS,
    SORT_CALL_NUMBER, /* of holdings, then the record's own */
    SORT_CALL_NUMBER_BACKWARDS
} search_sort;

typedef enum search_facet {                  /* what hits are counted and narrowed by (SE-46, SE-47); browse.h counts */
                            FACET_ZONE,      /* zone id, decimal */
                            FACET_MATERIAL,  /* "Book" */
                            FACET_LANGUAGE,  /* "eng": 008 and each 041 $a */
                            FACET_YEAR,      /* "1967" */
                            FACET_INVENTORY, /* "P" holdings or items, "I" items, "E" portfolios, "N" none */
                            FACET_SYNC,      /* "B", "H", "N" */
                            FACET_SUPPRESSED /* "0", "1" */
} search_facet;
enum { FACET_COUNT = FACET_SUPPRESSED + 1 };
typedef struct facet_choice {
    search_facet facet;
    text value;
} facet_choice;

typedef struct search_request {
    search_type type;
    const int *zones; /* zone ids; empty: all */
    size_t zone_count;
    const query_node *query;     /* NULL: everything of the type and zones */
    search_sort sort;            /* equal keys by MMS ID, so paging never repeats a row (SE-45) */
    size_t offset, limit;        /* rows wanted; limit 0: the count alone */
    int64_t now;                 /* for locks in the rows */
    const facet_choice *choices; /* values of one facet: any of them; of several: each (SE-47) */
    size_t choice_count;
} search_request;

/** Visits the wanted rows in order; `count` (may be NULL) is the exact number of all hits. EINVALID names the index. For
 *  PHYSICAL_ITEMS a row is the bib of an item, one row an item. No user text can become an operator (RL-139). */
recto_status repo_search(repo *repo, const search_request *request, bool (*visit)(void *context, const bib_info *row),
                         void *context, size_t *count, recto_error *error);

/* ---- locks ------------------------------------------------------------------------------------------------------------- */

typedef struct repo_lock {
    mms_id id;
    char owner[64], institution[64], session[64];
    int64_t taken_at, last_seen_at, expires_at; /* counts from when the owner left; while attached 0, or from the last key */
    int64_t used_at;                            /* the last key, or the last sign of a session that has gone */
    bool attached;                              /* its session is there */
    char terminal[32];                          /* "pts/3": where that session sits, on this machine; "": nobody can say */
} repo_lock;
enum { LOCK_MINUTES_DEFAULT = 60 };

/** Gives a clock that nobody can set, in seconds since the machine was started: from then on locks and sessions age by it, and
 * the wall clock may jump (RL-46). What goes in and comes out stays the wall clock's time. Without it: by the wall clock alone.
 */
void repo_age_by(repo *repo, int64_t (*boot_seconds)(void *context), void *context);
bool lock_is_stale(int64_t left_or_seen_at, int64_t now, int minutes); /* 59:59 refuses, 60:01 does not (RL-51) */
/** Takes or renews. ELOCKED: error names user, institution, since, idle, expiry (RL-48) and *holder (may be NULL) is filled; so
 * it is with RECTO_OK when the lock had run out under another who is still there and has to be told (ED-82); else its id stays.
 *  The same user's other session counts as another holder unless it has left. */
recto_status repo_lock_take(repo *repo, mms_id id, const char *user, const char *institution, const char *session, int64_t now,
                            repo_lock *holder, recto_error *error);
recto_status repo_lock_release(repo *repo, mms_id id, const char *session, recto_error *error);     /* another's stays */
recto_status repo_lock_get(repo *repo, mms_id id, int64_t now, repo_lock *out, recto_error *error); /* ENOTFOUND: free */
/** ENOTFOUND: free. The audit row goes with it: where that cannot be written the lock stays (RL-49). */
recto_status repo_lock_break(repo *repo, mms_id id, const char *by, const char *reason, int64_t now, recto_error *error);
/** Those that hold, oldest first. */
recto_status repo_locks(repo *repo, int64_t now, void (*visit)(void *context, const repo_lock *lock), void *context,
                        recto_error *error);
/** A session of this process; its name goes into `session`, and to every lock it takes. */
recto_status repo_session_begin(repo *repo, const char *user, const char *institution, int64_t now, char session[static 64],
                                recto_error *error);
recto_status repo_session_seen(repo *repo, const char *session, int64_t now, recto_error *error);    /* heartbeat, every 60 s */
recto_status repo_session_used(repo *repo, const char *session, int64_t key_at, recto_error *error); /* when a key came, ED-82 */
recto_status repo_session_end(repo *repo, const char *session, int64_t now, recto_error *error);     /* its locks begin to age */

/* ---- drafts (working copies) --------------------------------------------------------------------------------------------- */

typedef struct repo_draft { /* belongs to its user; never thrown away by anybody else (decisions.md 7) */
    char owner[64];
    mms_id id; /* own or temporary MMS ID */
    int zone;
    int base_version; /* version opened; 0: a new record */
    int64_t changed_at;
    text record; /* ISO 2709 or long form, as repo stores records; lent for the visit */
    text log;    /* marc_edit_log_write */
    text state;  /* what the editor wants back: cursor, pane, badges; opaque here */
    char title[240];
} repo_draft;

/** In place of the owner's draft of that record. It survives the process; a power cut may cost the last second (RL-2). */
recto_status repo_draft_put(repo *repo, const repo_draft *draft, recto_error *error);
recto_status repo_draft_remove(repo *repo, const char *owner, mms_id id, recto_error *error); /* none there: OK */
/** Last changed first. */
recto_status repo_drafts(repo *repo, const char *owner, void (*visit)(void *context, const repo_draft *draft), void *context,
                         recto_error *error);

/* How repo stores a record as bytes: ISO 2709 where it fits, else the same layout with wider lengths. Used for drafts too.
 * Encoded bytes are appended; ELIMIT. EDATA: bytes that are no such record. */
recto_status repo_record_encode(buffer *out, const marc_record *record, recto_error *error);
recto_status repo_record_decode(marc_record **out, text bytes, recto_error *error);

/* ---- inventory ------------------------------------------------------------------------------------------------------------ */

typedef struct holding {
    mms_id id, bib;
    int zone, version;
    char library[32], location[32], call_number[128]; /* from 852 */
    int items;
    int64_t created_at, modified_at;
    char modified_by[64];
} holding;
/* A holdings record or item that is deleted is not there for any of these but repo/custody.h: ENOTFOUND. */
/** A new version, or (*id 0) a new one, whose number *id becomes. ENOTFOUND: bib or holdings; EREFUSED: not `expected_version`, a
 *  zone without inventory, or a bib of another zone. */
recto_status repo_holding_write(repo *repo, mms_id *id, mms_id bib, int zone, const marc_record *record, int expected_version,
                                const char *user, int64_t now, recto_error *error);
/** ENOTFOUND; EDATA: damaged. @param record, info  each may be NULL */
recto_status repo_holding_load(repo *repo, mms_id id, marc_record **record, holding *info, recto_error *error);
recto_status repo_holdings(repo *repo, mms_id bib, void (*visit)(void *context, const holding *holding), void *context,
                           recto_error *error); /* by number */
/** EREFUSED: it has items. ENOTFOUND. */
recto_status repo_holding_delete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error);

typedef struct item {
    mms_id id, holding, bib;
    char barcode[64], material[32], policy[32], description[120], note[240];
    char call_number[128];                                                          /* its own; "" that of its holdings */
    char temporary_library[32], temporary_location[32], temporary_call_number[128]; /* where it stands for now; "" not */
    int copy;
    int64_t created_at, modified_at;
    char modified_by[64];
} item;
/** id 0: a new one. What the repository says of it (id, bib, dates) is filled in the end. EINVALID: the barcode is taken. */
recto_status repo_item_write(repo *repo, item *item, const char *user, int64_t now, recto_error *error);
/** By holdings, then copy number. */
recto_status repo_items(repo *repo, mms_id holding_or_bib, void (*visit)(void *context, const item *item), void *context,
                        recto_error *error);
/** It is kept with all it had; the audit row goes with it. ENOTFOUND. */
recto_status repo_item_delete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error);

/* ---- users and audit ------------------------------------------------------------------------------------------------------- */

typedef struct repo_user {
    char name[64], full_name[120];
    char roles[400]; /* comma separated role codes (roles-admin.md) */
    bool active, has_password;
} repo_user;
/** Makes or changes one; the password stays. EINVALID: no name. */
recto_status repo_user_put(repo *repo, const repo_user *user, recto_error *error);
recto_status repo_user_get(repo *repo, const char *name, repo_user *out, recto_error *error); /* ENOTFOUND */
recto_status repo_users(repo *repo, void (*visit)(void *context, const repo_user *user), void *context,
                        recto_error *error); /* by name */
/** Keeps a hash that catalog/ made. ENOTFOUND: no such user. */
recto_status repo_user_set_password(repo *repo, const char *name, const char *hash, recto_error *error);
/** The hash, appended. ENOTFOUND: no such user, or one without a password. */
recto_status repo_user_password(repo *repo, const char *name, buffer *out, recto_error *error);

typedef struct audit_entry {
    int64_t at;
    const char *actor, *acting_as, *act, *object, *zone, *outcome, *detail;
} audit_entry;
/** Needs the open transaction of the act (RL-173); each row has the hash of the one before (RL-174). */
recto_status repo_audit(repo *repo, const audit_entry *entry, recto_error *error);

/* ---- loading in bulk, checking, copying ------------------------------------------------------------------------------------ */

/** Place of a load that was cut off, by content key of the file (RL-63). *done_bytes and *done_records 0 when none. */
recto_status repo_load_place_get(repo *repo, text file_key, uint64_t *done_bytes, uint64_t *done_records, recto_error *error);
recto_status repo_load_place_set(repo *repo, text file_key, uint64_t done_bytes, uint64_t done_records, recto_error *error);
recto_status repo_load_place_clear(repo *repo, text file_key, recto_error *error);

typedef struct check_finding {
    const char *kind;    /* "version-gap", "index-missing", "orphan-holding", "checksum", "page" ... */
    mms_id id;           /* 0: none */
    const char *message; /* what is wrong and what to run */
    bool harmless;       /* worth knowing, but the repository is sound: a lock whose session was killed */
} check_finding;
typedef struct check_verdict {
    bool sound;
    uint64_t records, versions;
} check_verdict;
/** Tells what is wrong and changes nothing; `verdict` sums it up. RECTO_OK whatever was found, other statuses when it could not
 * be looked at. @param full  every page, checksum and posting, too: reads all of the file. @spec RL-81 to RL-84 */
recto_status repo_check(repo *repo, bool full, void (*visit)(void *context, const check_finding *finding), void *context,
                        check_verdict *verdict, recto_error *error);
/** Makes the index again from the records, which are not touched (RL-83), while others work: in short transactions, so it needs
 *  no open one; in an open one it is a part of it. */
recto_status repo_rebuild_indexes(repo *repo, recto_error *error);
/** One short slice of what keeps the index quick: pending entries into a segment, segments into larger ones, old blocks out,
 *  the log moved into the file. Never waits for others: while somebody writes nothing happens. For whoever has a moment: after
 *  an answer, while keys rest, at the end of a load. Nothing is lost when nobody calls it.
 *  @param more  out: there is more to do; call again at the next moment */
recto_status repo_tidy(repo *repo, bool *more, recto_error *error);
/** For a command that has saved and ends: what is due, in its turn, a tenth of a second at most; nothing large is begun. */
void repo_tidy_briefly(repo *repo);
/** Makes the file of the write-ahead log long enough for what comes, so that no commit has to (32 MiB): for a service. EBUSY,
 *  EIO: nothing is lost but the time. */
recto_status repo_reserve_log(repo *repo, recto_error *error);
/** For a workstation: repo_tidy does the same, 8 MiB, a piece at a time. */
void repo_keep_log(repo *repo);
/** A copy of one moment while others work, synced, without the locks (RL-85, RL-86). EUSAGE: `path` exists; EIO. */
recto_status repo_backup(repo *repo, const char *path, recto_error *error);

#endif
