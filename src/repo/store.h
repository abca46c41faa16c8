/* src/repo/store.h - inside of the room: the open repository, prepared statements, reading rows, transactions.
 *
 * Every statement is named by its sql_id, prepared at first use and kept until the repository is closed. */
#ifndef RECTO_SRC_REPO_STORE_H
#define RECTO_SRC_REPO_STORE_H

#include "recto/repo/repo.h"
#include "sql.h"
#include <sqlite3.h>
#include <sys/types.h>

struct repo {
    sqlite3 *database;
    sqlite3_stmt *statements[SQL_COUNT];
    char *path; /* links resolved */
    bool read_only;
    bool writing;          /* a write transaction is open */
    bool reading;          /* a read transaction is open */
    int64_t deletion_step; /* of the deletions in the open transaction; 0: none yet */
    bool relaxed;          /* synchronous=NORMAL, for a draft (RL-2) */
    int queue;             /* descriptor of the side file on which writers queue; -1: not opened yet */
    bool queued;           /* we hold the queue */
    int64_t ticket;        /* our number in it; 0: none */
    dev_t device;          /* of the file when it was opened (RL-93) */
    ino_t inode;
    int64_t (*boot_seconds)(void *context); /* steady.c; NULL: locks age by the wall clock */
    void *boot_context;
    int64_t steady_constant;
    bool steady_known;
    pid_t process;            /* who opened: a database never crosses a fork (RL-8) */
    buffer scratch, words[5]; /* reused by bib_write, so that a load allocates little */
    repo_zone zones[64];      /* read once; zones are made with the repository */
    size_t zone_count;
    struct packer *packer;   /* pack.h; NULL: not used yet */
    int64_t log_room;        /* bytes that the log's file shall have, kept by whoever stays; 0: as it comes, -1: not possible */
    int64_t log_moved_at_ms; /* of the monotonic clock: our last checkpoint */
    repo_migration_teller *tell; /* while it is opened: of a migration */
    void *tell_context;
    repo_migration migration;
    struct postings *postings; /* what is kept of the posting index: postings_inside.h; NULL: not used yet */
};

/* ---- statements.c ---- */

/** Fills the error from what SQLite said last: full disk, damage, busy, no right. Always returns a failure. */
recto_status store_fail(const repo *repo, recto_error *error);
recto_status store_fail_code(const repo *repo, int code, recto_error *error);

/** A statement under way. The format binds the parameters in order: i int64_t, n int, s terminated (NULL is null),
 *  t text, b text as a blob. */
typedef struct rows {
    repo *repo;
    sqlite3_stmt *statement;
    bool borrowed; /* the cached one is busy (a visitor asked again): this one is ours alone */
    recto_status status;
    recto_error *error;
} rows;
recto_status rows_open(rows *out, repo *repo, recto_error *error, enum sql_id id, const char *format, ...);
bool rows_next(rows *rows);          /* false at the end and on failure */
recto_status rows_close(rows *rows); /* RECTO_OK, or the failure */

/** Prepares a statement that must not fail later for want of memory: what ends a transaction. */
recto_status statement_ready(repo *repo, enum sql_id id, recto_error *error);

/** Runs a statement that gives no rows, or whose rows are not wanted. */
recto_status store_run(repo *repo, recto_error *error, enum sql_id id, const char *format, ...);
/** Runs one that gives one integer. RECTO_ENOTFOUND without filling error when there is no row. */
recto_status store_number(int64_t *out, repo *repo, recto_error *error, enum sql_id id, const char *format, ...);
int store_changes(const repo *repo); /* rows changed by the last run */

int64_t row_int64(const rows *rows, int column);
int row_int(const rows *rows, int column);
bool row_is_null(const rows *rows, int column);
text row_text(const rows *rows, int column);                               /* lent until the next row; a blob, too */
void row_string(const rows *rows, int column, char *out, size_t capacity); /* cut at a character */

/* ---- open.c ---- */

/** Tells who opened how far the migration that is under way has come; without one nothing happens. */
void migration_reached(repo *repo, int64_t done, int64_t records);

/* ---- queue.c, transactions.c ---- */

/** A change that joins the open transaction, or is one of its own: change_end commits or rolls back its own only. */
recto_status change_begin(repo *repo, bool *own, recto_error *error);
recto_status change_begin_relaxed(repo *repo, bool *own, recto_error *error); /* synchronous=NORMAL: drafts only */
recto_status change_end(repo *repo, bool own, recto_status status, recto_error *error);
/** A change of its own that is begun only when nobody else writes now; *got false: somebody does. For what can wait. Relaxed:
 *  only for changes that are made again when a power cut takes them back. */
recto_status change_try(repo *repo, bool *got, recto_error *error);
/** In a write transaction: somebody waits for his turn. For what can give way. */
bool queue_has_others(const repo *repo);
/** Several reads that must see one state. */
recto_status look_begin(repo *repo, bool *own, recto_error *error);
void look_end(repo *repo, bool own);
recto_status refuse_read_only(const repo *repo, recto_error *error);

/* ---- log_room.c ---- */
void log_watch(repo *repo); /* once, on a connection that writes: how long the log is */

/* ---- file.c ---- */
recto_status file_resolve(char **out, const char *path, recto_error *error); /* links followed once (RL-92) */
recto_status file_check(const char *path, dev_t *device, ino_t *inode, recto_error *error);
recto_status file_no_right(const char *path, const char *what, recto_error *error); /* "read", "write": EIO, naming whose it is */
const char *file_doubtful_system(const char *path); /* its name, where a repository should better not lie; NULL: a disk */
recto_status file_check_system(const char *path, recto_error *error); /* RL-90, of the directory */
recto_status file_make_directories(const char *path, recto_error *error);
mode_t file_mode_in_folder(const char *path); /* 0660 where a group shares the folder, else 0600; whatever the umask (RL-94) */
bool file_has_beside(const char *path, const char *suffix);

/* ---- zones.c ---- */
recto_status zones_load(repo *repo, recto_error *error);
const repo_zone *zone_by_id(const repo *repo, int id); /* NULL: unknown */
recto_status number_take(mms_id *out, repo *repo, enum sql_id counter, int zone, int prefix, recto_error *error);

/* ---- codec.c ---- */
enum { CHECKSUM_LENGTH = 16 };
void checksum_make(unsigned char out[static CHECKSUM_LENGTH], text bytes);

/* ---- bibs.c, versions.c, indexing.c ---- */
recto_status stored_record(marc_record **out, repo *repo, mms_id id, int64_t document, int version, recto_error *error);
void bib_info_read(bib_info *out, const rows *rows, int64_t now);
enum { BIB_INFO_DOCUMENT = 30 }; /* the column of such a row */
/** Kinds of identifier rows beside those of marc_key_kind. */
enum {
    IDENTIFIER_LANGUAGE = 101,
    IDENTIFIER_TYPE = 102,
    IDENTIFIER_STANDARD = 103,
    IDENTIFIER_LINK = 104,
    IDENTIFIER_VOCABULARY = 105
};
enum word_column {
    WORDS_TITLE,
    WORDS_CREATOR,
    WORDS_SUBJECT,
    WORDS_SERIES,
    WORDS_PUBLISHER,
    WORDS_PLACE,
    WORDS_NOTES,
    WORDS_LOCAL,
    WORDS_REST,
    WORDS_COLUMNS,
    WORDS_OF_FIELD = WORDS_COLUMNS, /* the words of a local field once more, each behind its tag: "950smith" */
    WORDS_VISITED
};
/** Visits the folded words of the record, those of a column in order of their places, which count from 1.
 *  @param scratch  buffers that are used meanwhile.  @return false: for want of memory some were left out */
enum { WORDS_SCRATCH = 5 };
_Static_assert(WORDS_SCRATCH == sizeof((repo *)NULL)->words / sizeof(buffer), "a repository has them");
typedef void (*word_visit)(void *context, enum word_column column, text word);
bool index_words(buffer scratch[static WORDS_SCRATCH], const marc_record *record, word_visit visit, void *context);
/** The tag by which a field is indexed: one in another script counts as the field it belongs to, 880 $6 245-01 as a 245. */
void index_tag(char out[static MARC_TAG_LENGTH + 1], const marc_field *field);
/** The words of a typed text, as index_words would make them: blank separated. */
void index_fold(buffer *out, buffer *scratch, text typed);
/** Calls visit for all identifiers of a record: standard numbers, titles, languages, types, links. @return false: for want of
 *  memory some were left out */
typedef bool (*identifier_visit)(void *context, int kind, text key, const char *tag, char subfield);
bool index_identifiers(const marc_record *record, identifier_visit visit, void *context);
/** An FTS expression's edges: the token that marks a field's first word, its last word. */
#define INDEX_FIRST "\xEE\x80\x80" /* U+E000, U+E001: private use; folding takes them out of what others wrote */
#define INDEX_LAST  "\xEE\x80\x81"
enum { INDEX_FIRST_CODE = 0xE000, INDEX_LAST_CODE = 0xE001 };

/* ---- locks.c ---- */
int lock_minutes(repo *repo); /* the setting lock_timeout_minutes of the whole repository */
/** Has the holder, though still there, pressed no key for the minutes of the setting lock_idle_minutes? Without one: never. */
bool lock_is_idle(repo *repo, int64_t used_at, int64_t now);

/* ---- steady.c ---- */
int64_t steady_now(repo *repo, int64_t now);                  /* what is stored of `now` in locks and sessions, and compared */
int64_t steady_shown(repo *repo, int64_t stamp, int64_t now); /* a stored time by the wall clock; 0 stays 0 */
recto_status steady_begin(repo *repo, int64_t now, recto_error *error); /* before a first stamp; in a write transaction */

/* ---- sessions.c ---- */
typedef struct process_identity {
    char host[64], boot[40];  /* boot id: a process number means nothing after a restart */
    int64_t process, started; /* started: clock ticks since boot, from /proc; tells a reused number apart */
} process_identity;
void process_identity_own(process_identity *out);
bool process_lives(const process_identity *identity);
enum { TERMINAL_NAME = 32 };
/** "pts/3"; "" where the process has none, has ended, or is another machine's. */
void process_terminal(char out[static TERMINAL_NAME], const process_identity *identity);

/* ---- inventory.c ---- */
/** Notes that a bib, holdings or item is deleted in the open transaction: what goes in one comes back together (ED-150). */
recto_status deletion_note(repo *repo, mms_id id, recto_error *error);

/* ---- holdings.c ---- */
recto_status holdings_derive(repo *repo, recto_error *error); /* what schema 13 keeps beside each, from its 852 */

/* ---- users.c ---- */
enum { AUDIT_HASH_LENGTH = 32, AUDIT_PARTS = 9 }; /* parts: actor to detail, in the order of the table */
void audit_hash(unsigned char out[static AUDIT_HASH_LENGTH], text before, int64_t at, const text *parts, size_t count);

#endif
