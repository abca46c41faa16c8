/* src/repo/sql.c - all SQL of Recto: the schema as numbered migrations, pragmas, and every statement by name.
 *
 * Nothing is put together at run time and no value stands in a text: what users typed comes in as a bound parameter
 * (RL-139). A record is a row of `bib` under a dense document number, because search works on sets of small numbers
 * (index.h of the index); all its versions, the present one among them, are rows of `version`. Statements of one group stand
 * together. */
#include "sql.h"
#include <stddef.h>

#define WORDS_TABLE     "CREATE VIRTUAL TABLE words USING fts5(ti, au, su, se, pub, pl, n, l9xx, rest, tokenize = 'ascii')"
#define WORDS_MERGE     "INSERT INTO words (words, rank) VALUES ('automerge', 8)"
#define WORDS_HASH_SIZE "INSERT INTO words (words, rank) VALUES ('hashsize', 16777216)"

static const char schema_1[] =
    "CREATE TABLE zone (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('I','N','C')), code TEXT NOT NULL UNIQUE,"
    " suffix TEXT NOT NULL UNIQUE CHECK (length(suffix) = 4), next_bib INTEGER NOT NULL DEFAULT 100000000001,"
    " next_holding INTEGER NOT NULL DEFAULT 100000000001, next_item INTEGER NOT NULL DEFAULT 100000000001);"
    "CREATE TABLE setting (zone INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (zone, name)) WITHOUT "
    "ROWID;"

    "CREATE TABLE bib (doc INTEGER PRIMARY KEY, mms_id INTEGER NOT NULL UNIQUE, zone INTEGER NOT NULL REFERENCES zone(id),"
    " version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, suppressed INTEGER NOT NULL DEFAULT 0,"
    " sync TEXT NOT NULL DEFAULT 'B', brief_level INTEGER NOT NULL DEFAULT 0, cataloging_level INTEGER NOT NULL DEFAULT 0,"
    " holdings INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0, portfolios INTEGER NOT NULL DEFAULT 0,"
    " linked_to INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, year INTEGER,"
    " created_by TEXT NOT NULL, modified_by TEXT NOT NULL, origin TEXT NOT NULL, originating_system TEXT NOT NULL DEFAULT '',"
    " originating_version TEXT NOT NULL DEFAULT '', title TEXT NOT NULL, creator TEXT NOT NULL, date TEXT NOT NULL,"
    " oclc TEXT NOT NULL, isbn TEXT NOT NULL, issn TEXT NOT NULL, material TEXT NOT NULL,"
    " title_key TEXT NOT NULL, creator_key TEXT NOT NULL);"
    "CREATE INDEX bib_zone ON bib (zone, deleted, items, portfolios);"
    "CREATE INDEX bib_title ON bib (title_key, mms_id);"
    "CREATE INDEX bib_creator ON bib (creator_key, mms_id);"
    "CREATE INDEX bib_year ON bib (year, mms_id);"
    "CREATE INDEX bib_modified ON bib (modified_at DESC, mms_id);"
    "CREATE INDEX bib_created ON bib (created_at DESC, mms_id);"
    "CREATE INDEX bib_linked ON bib (linked_to) WHERE linked_to <> 0;"
    "CREATE TABLE version (doc INTEGER NOT NULL REFERENCES bib(doc), version INTEGER NOT NULL, saved_at INTEGER NOT NULL,"
    " saved_by TEXT NOT NULL, origin TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', checksum BLOB NOT NULL, record BLOB NOT NULL,"
    " PRIMARY KEY (doc, version));"
    "CREATE TABLE ident (kind INTEGER NOT NULL, key TEXT NOT NULL, doc INTEGER NOT NULL, tag TEXT NOT NULL, subfield TEXT NOT "
    "NULL,"
    " PRIMARY KEY (kind, key, doc, tag, subfield)) WITHOUT ROWID;"
    /* The words are folded by Recto; the tokenizer has only to cut at blanks, and `ascii` takes all else as letters. */
    WORDS_TABLE ";" WORDS_HASH_SIZE ";"

    "CREATE TABLE session (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, owner TEXT NOT NULL, institution TEXT NOT "
    "NULL,"
    " host TEXT NOT NULL, boot TEXT NOT NULL, process INTEGER NOT NULL, process_started INTEGER NOT NULL,"
    " begun_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, left_at INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE lock (mms_id INTEGER PRIMARY KEY, owner TEXT NOT NULL, institution TEXT NOT NULL, session TEXT NOT NULL,"
    " taken_at INTEGER NOT NULL, seen_at INTEGER NOT NULL);"
    "CREATE INDEX lock_session ON lock (session);"
    "CREATE TABLE draft (owner TEXT NOT NULL, mms_id INTEGER NOT NULL, zone INTEGER NOT NULL, base_version INTEGER NOT NULL,"
    " changed_at INTEGER NOT NULL, title TEXT NOT NULL, record BLOB NOT NULL, log BLOB NOT NULL, state BLOB NOT NULL,"
    " PRIMARY KEY (owner, mms_id));"

    "CREATE TABLE holding (number INTEGER PRIMARY KEY, mms_id INTEGER NOT NULL UNIQUE, doc INTEGER NOT NULL REFERENCES bib(doc),"
    " zone INTEGER NOT NULL REFERENCES zone(id), version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,"
    " library TEXT NOT NULL, location TEXT NOT NULL, call_number TEXT NOT NULL, shelf_key TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, modified_by TEXT NOT NULL);"
    "CREATE INDEX holding_bib ON holding (doc);"
    "CREATE INDEX holding_shelf ON holding (shelf_key);"
    "CREATE INDEX holding_place ON holding (library, location);"
    "CREATE TABLE holding_version (holding INTEGER NOT NULL REFERENCES holding(number), version INTEGER NOT NULL,"
    " saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL, checksum BLOB NOT NULL, record BLOB NOT NULL,"
    " PRIMARY KEY (holding, version));"
    "CREATE TABLE item (number INTEGER PRIMARY KEY, mms_id INTEGER NOT NULL UNIQUE, holding INTEGER NOT NULL REFERENCES "
    "holding(number),"
    " doc INTEGER NOT NULL REFERENCES bib(doc), zone INTEGER NOT NULL REFERENCES zone(id), barcode TEXT NOT NULL,"
    " barcode_key TEXT NOT NULL, material TEXT NOT NULL, policy TEXT NOT NULL, description TEXT NOT NULL, note TEXT NOT NULL,"
    " copy INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, modified_by TEXT NOT NULL);"
    "CREATE INDEX item_bib ON item (doc);"
    "CREATE INDEX item_holding ON item (holding);"
    "CREATE UNIQUE INDEX item_barcode ON item (barcode_key, zone) WHERE barcode_key <> '';"

    "CREATE TABLE user (name TEXT PRIMARY KEY, full_name TEXT NOT NULL DEFAULT '', roles TEXT NOT NULL DEFAULT '',"
    " active INTEGER NOT NULL DEFAULT 1, password TEXT) WITHOUT ROWID;"
    "CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, acting_as TEXT NOT "
    "NULL,"
    " host TEXT NOT NULL, program TEXT NOT NULL, act TEXT NOT NULL, object TEXT NOT NULL, zone TEXT NOT NULL, outcome TEXT NOT "
    "NULL,"
    " detail TEXT NOT NULL, hash BLOB NOT NULL);"
    "CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;"
    "CREATE TRIGGER audit_never_goes BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;"
    "CREATE TABLE load_place (file_key BLOB PRIMARY KEY, done_bytes INTEGER NOT NULL, done_records INTEGER NOT NULL) WITHOUT "
    "ROWID;";

/* Rules and jobs (issue 4). A trigger counts a job's rows, so that its counters cannot differ from them (RA-79). */
static const char schema_2[] =
    "CREATE TABLE rule_version (zone INTEGER NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,"
    " deleted INTEGER NOT NULL DEFAULT 0, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',"
    " source TEXT NOT NULL, PRIMARY KEY (zone, language, name, version)) WITHOUT ROWID;"
    "CREATE TABLE job (number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, status TEXT NOT NULL, title TEXT NOT NULL,"
    " user TEXT NOT NULL, zone INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL DEFAULT 0,"
    " parent INTEGER NOT NULL DEFAULT 0, host TEXT NOT NULL, boot TEXT NOT NULL, process INTEGER NOT NULL,"
    " process_started INTEGER NOT NULL, parameters BLOB NOT NULL, rows INTEGER NOT NULL DEFAULT 0,"
    " changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE job_row (job INTEGER NOT NULL REFERENCES job(number), number INTEGER NOT NULL, mms_id INTEGER NOT NULL,"
    " kind TEXT NOT NULL, version_before INTEGER NOT NULL, version_after INTEGER NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('changed','reverted','unchanged','skipped','failed')), message TEXT NOT NULL,"
    " taken_back INTEGER NOT NULL DEFAULT 0, checksum BLOB, detail BLOB, PRIMARY KEY (job, number)) WITHOUT ROWID;"
    "CREATE INDEX job_row_record ON job_row (mms_id, job);"
    "CREATE TRIGGER job_row_counted AFTER INSERT ON job_row BEGIN UPDATE job SET rows = rows + 1,"
    " changed = changed + (NEW.outcome IN ('changed', 'reverted')), unchanged = unchanged + (NEW.outcome = 'unchanged'),"
    " skipped = skipped + (NEW.outcome = 'skipped'), failed = failed + (NEW.outcome = 'failed') WHERE number = NEW.job; END;";

/* Where a record that was merged away lives on, and pairs that somebody said are not the same. Identifiers are made anew with
 * this step: links ($w) are among them now. */
static const char schema_3[] = "ALTER TABLE bib ADD COLUMN merged_into INTEGER NOT NULL DEFAULT 0;"
                               "CREATE TABLE apart (low INTEGER NOT NULL, high INTEGER NOT NULL, reason TEXT NOT NULL,"
                               " decided_by TEXT NOT NULL, decided_at INTEGER NOT NULL, PRIMARY KEY (low, high)) WITHOUT ROWID;";

/* No table changes: titles are among the identifiers from here on, so these are made anew (open.c). */
static const char schema_4[] = "";

/* Integration profiles, and the gateway's log (issue 6). Only what was saved has a digest: a refusal is never answered from
 * memory. */
static const char schema_5[] =
    "CREATE TABLE profile (zone INTEGER NOT NULL REFERENCES zone(id), code TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,"
    " active INTEGER NOT NULL, password TEXT, version INTEGER NOT NULL, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL,"
    " source TEXT NOT NULL, PRIMARY KEY (zone, code)) WITHOUT ROWID;"
    "CREATE TABLE profile_version (zone INTEGER NOT NULL, code TEXT NOT NULL, version INTEGER NOT NULL, saved_at INTEGER NOT "
    "NULL,"
    " saved_by TEXT NOT NULL, source TEXT, PRIMARY KEY (zone, code, version)) WITHOUT ROWID;"
    "CREATE TABLE gateway_log (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, zone INTEGER NOT NULL,"
    " institution TEXT NOT NULL, connection INTEGER NOT NULL, record INTEGER NOT NULL, peer TEXT NOT NULL, user TEXT NOT NULL,"
    " form TEXT NOT NULL, bytes INTEGER NOT NULL, encoding TEXT NOT NULL, oclc TEXT NOT NULL, title TEXT NOT NULL,"
    " code TEXT NOT NULL, reply TEXT NOT NULL, mms_id INTEGER NOT NULL, version INTEGER NOT NULL, matches INTEGER NOT NULL,"
    " milliseconds INTEGER NOT NULL, stages TEXT NOT NULL, warning TEXT NOT NULL, digest BLOB);"
    "CREATE INDEX gateway_log_at ON gateway_log (at);"
    "CREATE INDEX gateway_log_oclc ON gateway_log (oclc) WHERE oclc <> '';"
    "CREATE INDEX gateway_log_digest ON gateway_log (digest) WHERE digest IS NOT NULL;"
    "CREATE TABLE gateway_kept (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, record BLOB NOT NULL);";

/* The word index is merged half as often, twice as much at a time: one save in a hundred must not wait for it (gateway, p99). */
static const char schema_6[] = WORDS_MERGE ";";

/* The own posting index in place of the word and identifier tables (issue 7). */
static const char schema_7[] =
    "DROP TABLE IF EXISTS words; DROP TABLE IF EXISTS ident; DROP INDEX bib_zone; DROP INDEX bib_title; DROP INDEX bib_creator;"
    "DROP INDEX bib_year; DROP INDEX bib_modified; DROP INDEX bib_created;"
    /* id: number of the segment << 32 | number of the block; the last number of all is the set of its documents. */
    "CREATE TABLE posting_block (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    /* state: 0 being built, 1 live, 2 dead. first, last: the sequences of posting_pending that it stands for; while it is built,
     * what others must leave as it is. Numbers are never given twice: readers know a segment by its number. */
    "CREATE TABLE posting_segment (number INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, level INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, root INTEGER NOT NULL DEFAULT 0, blocks INTEGER NOT NULL DEFAULT 0,"
    " bytes INTEGER NOT NULL DEFAULT 0, documents INTEGER NOT NULL DEFAULT 0, host TEXT NOT NULL DEFAULT '',"
    " boot TEXT NOT NULL DEFAULT '', process INTEGER NOT NULL DEFAULT 0, process_started INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE posting_pending (sequence INTEGER PRIMARY KEY, document INTEGER NOT NULL, entry BLOB NOT NULL);";

/* Templates, macros and text strings of catalogers (issue 5). */
static const char schema_8[] =
    "CREATE TABLE template (id INTEGER PRIMARY KEY, zone INTEGER NOT NULL REFERENCES zone(id), kind TEXT NOT NULL,"
    " owner TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, UNIQUE (zone, kind, owner, name));"
    "CREATE TABLE template_version (id INTEGER NOT NULL REFERENCES template(id), version INTEGER NOT NULL,"
    " deleted INTEGER NOT NULL DEFAULT 0, saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',"
    " source TEXT NOT NULL, PRIMARY KEY (id, version)) WITHOUT ROWID;";

/* Records assigned to another cataloger, levels (issue 5). */
static const char schema_9[] =
    "CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, mms_id INTEGER NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('taken', 'assigned')), made_by TEXT NOT NULL, made_at INTEGER NOT NULL,"
    " reason TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX notice_owner ON notice (owner, mms_id);"
    "CREATE INDEX bib_deleted ON bib (zone, modified_at DESC) WHERE deleted = 1;"
    "ALTER TABLE user ADD COLUMN cataloging_level INTEGER NOT NULL DEFAULT 0;";

/* Authority records and headings (issue 5). */
static const char schema_10[] =
    "CREATE TABLE authority (doc INTEGER PRIMARY KEY, mms_id INTEGER NOT NULL UNIQUE, zone INTEGER NOT NULL REFERENCES zone(id),"
    " number INTEGER NOT NULL, version INTEGER NOT NULL, tag TEXT NOT NULL, shown TEXT NOT NULL, vocabulary TEXT NOT NULL,"
    " control TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, modified_by TEXT NOT NULL,"
    " UNIQUE (zone, number));"
    "CREATE TABLE authority_version (doc INTEGER NOT NULL REFERENCES authority(doc), version INTEGER NOT NULL,"
    " saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL, origin TEXT NOT NULL, checksum BLOB NOT NULL, record BLOB NOT NULL,"
    " PRIMARY KEY (doc, version));"
    /* nature: name, title, subject; form: 1, 4, 5 as the tag begins */
    "CREATE TABLE authority_heading (doc INTEGER NOT NULL REFERENCES authority(doc), place INTEGER NOT NULL, key TEXT NOT NULL,"
    " nature INTEGER NOT NULL, form INTEGER NOT NULL, tag TEXT NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (doc, place)) WITHOUT "
    "ROWID;"
    "CREATE INDEX authority_heading_key ON authority_heading (nature, key, form, doc) WHERE form <> 5;"
    "CREATE TABLE authority_number (key TEXT NOT NULL, doc INTEGER NOT NULL REFERENCES authority(doc), PRIMARY KEY (key, doc))"
    " WITHOUT ROWID;"
    "CREATE INDEX authority_number_doc ON authority_number (doc);";

/* Survival: clocks of locks, what the gateway keeps (issues 6 and 7). */
static const char schema_11[] =
    /* Sets: a logical one is its query, run anew each time; an itemized one its members in order of addition (SE-65..69). */
    "CREATE TABLE record_set (number INTEGER PRIMARY KEY AUTOINCREMENT, zone INTEGER NOT NULL REFERENCES zone(id),"
    " name TEXT NOT NULL, type INTEGER NOT NULL, logical INTEGER NOT NULL, owner TEXT NOT NULL, public INTEGER NOT NULL,"
    " note TEXT NOT NULL, scope TEXT NOT NULL, query TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,"
    " UNIQUE (zone, name));"
    "CREATE TABLE record_set_member (record_set INTEGER NOT NULL REFERENCES record_set(number), position INTEGER NOT NULL,"
    " mms_id INTEGER NOT NULL, PRIMARY KEY (record_set, position), UNIQUE (record_set, mms_id)) WITHOUT ROWID;";

/* Authority records become rows of `bib`, with numbers that begin 98: they have versions, drafts, locks and an index as all
 * records have. What is theirs alone stays in tables of its own. What is derived is made by open.c after this step. */
static const char schema_12[] =
    "ALTER TABLE zone ADD COLUMN next_authority INTEGER NOT NULL DEFAULT 100000000001;"
    "UPDATE zone SET next_authority = (SELECT max(a.number) + 1 FROM authority a WHERE a.zone = zone.id)"
    " WHERE id IN (SELECT zone FROM authority);"
    "INSERT INTO bib (mms_id, zone, version, created_at, modified_at, created_by, modified_by, origin, title, creator, date, "
    "oclc,"
    " isbn, issn, material, title_key, creator_key) SELECT mms_id, zone, version, created_at, modified_at, coalesce((SELECT"
    " v.saved_by FROM authority_version v WHERE v.doc = authority.doc AND v.version = 1), modified_by), modified_by, 'load',"
    " shown, '', '', '', '', '', '', shown, '' FROM authority ORDER BY doc;"
    "INSERT INTO version (doc, version, saved_at, saved_by, origin, checksum, record) SELECT b.doc, v.version, v.saved_at,"
    " v.saved_by, v.origin, v.checksum, v.record FROM authority_version v JOIN authority a ON a.doc = v.doc"
    " JOIN bib b ON b.mms_id = a.mms_id;"
    "DROP TABLE authority_heading; DROP TABLE authority_number; DROP TABLE authority_version; DROP TABLE authority;"
    "CREATE TABLE authority (doc INTEGER PRIMARY KEY REFERENCES bib(doc), tag TEXT NOT NULL, vocabulary TEXT NOT NULL,"
    " control TEXT NOT NULL);"
    /* nature: name, title, subject; form: 1, 4, 5 as the tag begins */
    "CREATE TABLE authority_heading (doc INTEGER NOT NULL REFERENCES authority(doc), place INTEGER NOT NULL, key TEXT NOT NULL,"
    " nature INTEGER NOT NULL, form INTEGER NOT NULL, tag TEXT NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (doc, place)) WITHOUT "
    "ROWID;"
    "CREATE INDEX authority_heading_key ON authority_heading (nature, key, form, doc) WHERE form <> 5;"
    "CREATE TABLE authority_number (key TEXT NOT NULL, doc INTEGER NOT NULL REFERENCES authority(doc), PRIMARY KEY (key, doc))"
    " WITHOUT ROWID;"
    "CREATE INDEX authority_number_doc ON authority_number (doc);";

/* Items with call numbers of their own and for a time, the scheme of holdings (ED-169); items that were withdrawn stay to be
 * brought back (ED-150). */
static const char schema_13[] =
    "ALTER TABLE holding ADD COLUMN call_type TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN call_number TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN shelf_key TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN temporary_library TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN temporary_location TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN temporary_call_number TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN temporary_shelf_key TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX item_shelf ON item (shelf_key) WHERE shelf_key <> '';"
    "CREATE INDEX item_temporary_shelf ON item (temporary_shelf_key) WHERE temporary_shelf_key <> '';"
    "CREATE INDEX holding_deleted ON holding (modified_at) WHERE deleted = 1;"
    "CREATE TABLE item_deleted (mms_id INTEGER PRIMARY KEY, holding INTEGER NOT NULL REFERENCES holding(number),"
    " zone INTEGER NOT NULL REFERENCES zone(id), barcode TEXT NOT NULL, barcode_key TEXT NOT NULL, material TEXT NOT NULL,"
    " policy TEXT NOT NULL, description TEXT NOT NULL, note TEXT NOT NULL, copy INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " call_number TEXT NOT NULL, shelf_key TEXT NOT NULL, temporary_library TEXT NOT NULL, temporary_location TEXT NOT NULL,"
    " temporary_call_number TEXT NOT NULL, temporary_shelf_key TEXT NOT NULL, deleted_at INTEGER NOT NULL,"
    " deleted_by TEXT NOT NULL);"
    /* What went in one transaction has one step, and comes back together. */
    "CREATE TABLE deletion (mms_id INTEGER PRIMARY KEY, step INTEGER NOT NULL);"
    "CREATE INDEX deletion_step ON deletion (step);";

#define AUTHORITY_ROW                                                                                                            \
    "SELECT h.key, h.shown, h.tag, h.form, b.mms_id, b.title, a.vocabulary FROM authority_heading h JOIN authority a"            \
    " ON a.doc = h.doc JOIN bib b ON b.doc = h.doc"
/* One nature after the other, each in the order of its index; what a list does not want costs nothing. */
#define AUTHORITY_OF(nature, place)                                                                                              \
    "SELECT * FROM (SELECT h.key AS key, h.shown AS shown, h.tag, h.form AS form, b.mms_id, b.title, a.vocabulary, h.doc AS doc" \
    " FROM authority_heading h JOIN authority a ON a.doc = h.doc JOIN bib b ON b.doc = h.doc WHERE h.form <> 5 AND h.nature "    \
    "= " nature " AND (?2 >> " nature                                                                                            \
    ") & 1 AND (?3 = '' OR instr(?3, ',' || b.zone || ',') > 0) AND (?4 = '' OR a.vocabulary = ?4)"                              \
    " AND h.key " place " LIMIT ?5)"
#define AUTHORITY_NEAR(place)                                                                                                    \
    AUTHORITY_OF("0", place) " UNION ALL " AUTHORITY_OF("1", place) " UNION ALL " AUTHORITY_OF("2", place)

const char *const sql_migrations[] = { schema_1, schema_2, schema_3,  schema_4,  schema_5,  schema_6, schema_7,
                                       schema_8, schema_9, schema_10, schema_11, schema_12, schema_13 };
const int sql_migration_count = sizeof sql_migrations / sizeof *sql_migrations;

const char *const sql_pragmas[PRAGMA_COUNT] = {
    [PRAGMA_APPLICATION_ID] = "PRAGMA application_id",
    [PRAGMA_SCHEMA_VERSION] = "PRAGMA user_version",
    [PRAGMA_JOURNAL_MODE] = "PRAGMA journal_mode",
    [PRAGMA_SET_WAL] = "PRAGMA journal_mode = WAL",
    [PRAGMA_SYNCHRONOUS] = "PRAGMA synchronous",
    [PRAGMA_SET_SYNCHRONOUS] = "PRAGMA synchronous = FULL",
    [PRAGMA_FOREIGN_KEYS] = "PRAGMA foreign_keys",
    [PRAGMA_SET_FOREIGN_KEYS] = "PRAGMA foreign_keys = ON",
    [PRAGMA_CELL_SIZE_CHECK] = "PRAGMA cell_size_check = ON",
    [PRAGMA_CACHE_SIZE] = "PRAGMA cache_size = -32768",              /* KiB */
    [PRAGMA_JOURNAL_LIMIT] = "PRAGMA journal_size_limit = 67108864", /* RL-10 */
    [PRAGMA_CHECKPOINT_PAGES] = "PRAGMA wal_autocheckpoint = 12000", /* 48 MiB: a save writes 0.2, and few wait for one */
    [PRAGMA_TEMPORARY_IN_MEMORY] = "PRAGMA temp_store = MEMORY",
    [PRAGMA_SET_APPLICATION_ID] = "PRAGMA application_id = 1380144207", /* "RCTO" */
};
const char sql_set_schema_version[] = "PRAGMA user_version = %d";

#define BIB_INFO                                                                                                                 \
    "SELECT b.mms_id, b.zone, b.version, b.deleted, b.suppressed, b.sync, b.brief_level, b.cataloging_level, b.created_at,"      \
    " b.modified_at, b.created_by, b.modified_by, b.origin, b.originating_system, b.originating_version, b.linked_to,"           \
    " b.holdings, b.items, b.portfolios, b.title, b.creator, b.date, b.oclc, b.isbn, b.issn, b.material,"                        \
    " l.owner, l.taken_at, max(l.seen_at, coalesce(s.seen_at, 0)), coalesce(s.left_at, 0), b.doc, l.seen_at"                     \
    " FROM bib b LEFT JOIN lock l ON l.mms_id = b.mms_id LEFT JOIN session s ON s.name = l.session"

#define LOCK_ROW                                                                                                                 \
    "SELECT l.mms_id, l.owner, l.institution, l.session, l.taken_at, max(l.seen_at, coalesce(s.seen_at, 0)),"                    \
    " coalesce(s.left_at, 0), s.host, s.boot, s.process, s.process_started, l.seen_at"                                           \
    " FROM lock l LEFT JOIN session s ON s.name = l.session"

/* What of an item stays as it was when it is withdrawn, and when it comes back. */
#define ITEM_KEPT                                                                                                                \
    "barcode, barcode_key, material, policy, description, note, copy, created_at, call_number, shelf_key, temporary_library,"    \
    " temporary_location, temporary_call_number, temporary_shelf_key"
#define ITEM_KEPT_OF_D                                                                                                           \
    "d.barcode, d.barcode_key, d.material, d.policy, d.description, d.note, d.copy, d.created_at, d.call_number, d.shelf_key,"   \
    " d.temporary_library, d.temporary_location, d.temporary_call_number, d.temporary_shelf_key"

#define HOLDING_ROW                                                                                                              \
    "SELECT h.mms_id, b.mms_id, h.zone, h.version, h.library, h.location, h.call_number,"                                        \
    " (SELECT count(*) FROM item i WHERE i.holding = h.number), h.created_at, h.modified_at, h.modified_by, h.number"            \
    " FROM holding h JOIN bib b ON b.doc = h.doc"

/* The number of a record, and those of the records it was merged into, one after the other. */
#define MERGED_AWAY                                                                                                              \
    "WITH RECURSIVE merged (id) AS (SELECT ?1 UNION SELECT b.merged_into FROM bib b JOIN merged m ON b.mms_id = m.id"            \
    " WHERE b.deleted = 1 AND b.merged_into <> 0)"

#define RULE_ROW "SELECT r.zone, r.language, r.name, r.version, r.deleted, r.saved_at, r.saved_by, r.note"

#define TEMPLATE_ROW                                                                                                             \
    "SELECT t.id, t.zone, t.kind, t.owner, t.name, v.version, v.deleted, v.saved_at, v.saved_by, v.note, v.source"               \
    " FROM template t JOIN template_version v ON v.id = t.id"

/* The shelf by its levels: what key, call number and place a row has. A type is that of the holdings (ED-169). */
#define SHELF_LIMITS(library, location)                                                                                          \
    " AND (?2 = '' OR instr(?2, ',' || h.zone || ',') > 0) AND (?4 = '' OR h.call_type = ?4) AND (?5 = '' OR " library           \
    " = ?5) AND (?6 = '' OR " location " = ?6)"
#define HOLDINGS_SHELF                                                                                                           \
    " FROM holding h JOIN bib b ON b.doc = h.doc WHERE h.deleted = 0 AND h.shelf_key <> ''" SHELF_LIMITS("h.library",            \
                                                                                                         "h.location")
#define ITEMS_SHELF                                                                                                              \
    " FROM item i JOIN holding h ON h.number = i.holding JOIN bib b ON b.doc = i.doc WHERE i.shelf_key <> ''" SHELF_LIMITS(      \
        "h.library", "h.location")
#define TEMPORARY_SHELF                                                                                                          \
    " FROM item i JOIN holding h ON h.number = i.holding JOIN bib b ON b.doc = i.doc WHERE i.temporary_shelf_key <> "            \
    "''" SHELF_LIMITS("i.temporary_library", "i.temporary_location")
#define SHELF_ROWS(key, call_number, shelf, place, order)                                                                        \
    "SELECT " key ", min(" call_number "), min(b.mms_id), count(*)" shelf " AND " key place "GROUP BY " key                      \
    " ORDER BY " key order " LIMIT ?3"
#define SHELF_RECORDS(key, shelf) "SELECT DISTINCT b.mms_id" shelf " AND " key " = ?1 AND ?3 = ?3 ORDER BY b.mms_id"

#define SET_ROW                                                                                                                  \
    "SELECT number, zone, name, type, logical, owner, public, note, scope, query, created_at, modified_at FROM record_set"

#define JOB_ROW                                                                                                                  \
    "SELECT number, type, status, title, user, zone, started_at, ended_at, parent, rows, changed, unchanged, skipped, failed,"   \
    " host, boot, process, process_started"

#define PROFILE_ROW "SELECT zone, code, type, name, active, password IS NOT NULL, version, saved_at, saved_by"

#define JOB_RECORD_ROW                                                                                                           \
    "SELECT number, mms_id, kind, version_before, version_after, outcome, message, taken_back, checksum, detail FROM job_row"

const char *const sql[SQL_COUNT] = {
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SYNCHRONOUS_FULL] = "PRAGMA synchronous = FULL",
    [SQL_SYNCHRONOUS_NORMAL] = "PRAGMA synchronous = NORMAL",

    [SQL_ZONE_ADD] = "INSERT INTO zone (kind, code, suffix) VALUES (?1, ?2, ?3)",
    [SQL_ZONES] = "SELECT id, kind, code, suffix FROM zone ORDER BY kind <> 'I', kind <> 'N', id",
    [SQL_SETTING_GET] = "SELECT value FROM setting WHERE zone = ?1 AND name = ?2",
    [SQL_SETTING_SET] = "INSERT INTO setting (zone, name, value) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (zone, name) DO UPDATE SET value = excluded.value",
    [SQL_SETTINGS_FROM] = "SELECT name, value FROM setting WHERE zone = ?1 AND name >= ?2 AND name < ?2 || char(1114111)"
                          " ORDER BY name",
    [SQL_BIB_NUMBER] = "SELECT next_bib FROM zone WHERE id = ?1",
    [SQL_HOLDING_NUMBER] = "SELECT next_holding FROM zone WHERE id = ?1",
    [SQL_ITEM_NUMBER] = "SELECT next_item FROM zone WHERE id = ?1",
    [SQL_BIB_NUMBER_TAKEN] = "UPDATE zone SET next_bib = next_bib + 1 WHERE id = ?1",
    [SQL_BIB_NUMBERS_TAKEN] = "UPDATE zone SET next_bib = next_bib + ?2 WHERE id = ?1",
    [SQL_BIB_NUMBERS_RETURN] = "UPDATE zone SET next_bib = ?2 WHERE id = ?1 AND next_bib = ?3",
    [SQL_HOLDING_NUMBER_TAKEN] = "UPDATE zone SET next_holding = next_holding + 1 WHERE id = ?1",
    [SQL_ITEM_NUMBER_TAKEN] = "UPDATE zone SET next_item = next_item + 1 WHERE id = ?1",

    [SQL_BIB_ADD] =
        "INSERT INTO bib (mms_id, zone, version, suppressed, sync, brief_level, cataloging_level, linked_to, created_at,"
        " modified_at, year, created_by, modified_by, origin, originating_system, originating_version, title, creator,"
        " date, oclc, isbn, issn, material, title_key, creator_key)"
        " VALUES (?1, ?2, 1, max(?3, 0), coalesce(?4, 'B'), ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?10, ?11, coalesce(?12, ''),"
        " coalesce(?13, ''), ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    [SQL_BIB_STATE] = "SELECT doc, version, deleted, zone, modified_at, modified_by FROM bib WHERE mms_id = ?1",
    [SQL_BIB_UPDATE] =
        "UPDATE bib SET version = version + 1, deleted = 0, merged_into = 0, suppressed = iif(?3 < 0, suppressed, ?3),"
        " sync = coalesce(?4, sync), brief_level = ?5, cataloging_level = ?6, linked_to = iif(?7 = 0, linked_to, ?7),"
        " modified_at = ?8, year = ?9, modified_by = ?10, origin = ?11,"
        " originating_system = coalesce(?12, originating_system), originating_version = coalesce(?13, originating_version),"
        " title = ?14, creator = ?15, date = ?16, oclc = ?17, isbn = ?18, issn = ?19, material = ?20, title_key = ?21,"
        " creator_key = ?22 WHERE mms_id = ?1 AND zone = ?2",
    [SQL_BIB_DELETE] = "UPDATE bib SET deleted = 1, modified_at = ?2, modified_by = ?3 WHERE doc = ?1",
    [SQL_BIB_SET_TAGS] = "UPDATE bib SET sync = coalesce(?2, sync), suppressed = iif(?3 < 0, suppressed, ?3), modified_at = ?4,"
                         " modified_by = ?5 WHERE mms_id = ?1",
    [SQL_BIB_LINKED] = "SELECT mms_id FROM bib WHERE linked_to = ?1 AND linked_to <> 0 AND zone = ?2 AND deleted = 0"
                       " ORDER BY holdings = 0, mms_id",
    [SQL_BIB_INFO] = BIB_INFO " WHERE b.mms_id = ?1",
    [SQL_BIB_INFO_BY_DOCUMENT] = BIB_INFO " WHERE b.doc = ?1",
    [SQL_BIB_COUNT_INVENTORY] = "UPDATE bib SET holdings = (SELECT count(*) FROM holding h WHERE h.doc = ?1 AND h.deleted = 0),"
                                " items = (SELECT count(*) FROM item i WHERE i.doc = ?1) WHERE doc = ?1",
    [SQL_POSTING_FACTS] =
        "SELECT mms_id, version, deleted, zone, suppressed, sync, brief_level, cataloging_level, holdings, items, portfolios,"
        " linked_to, created_at, modified_at, year, created_by, modified_by, originating_system, material, title_key,"
        " creator_key FROM bib WHERE doc = ?1",
    [SQL_POSTING_DOCUMENT] = "SELECT doc FROM bib WHERE mms_id = ?1",
    [SQL_POSTING_INVENTORY] = "SELECT (holdings > 0) + 2 * (items > 0) + 4 * (portfolios > 0) FROM bib WHERE doc = ?1",
    [SQL_BIB_SOURCE_CHANGES] = "SELECT sync <> coalesce(?2, sync) OR originating_system <> coalesce(?3, originating_system)"
                               " FROM bib WHERE mms_id = ?1",
    [SQL_POSTING_BATCH] = "SELECT doc, deleted FROM bib WHERE doc > ?1 AND doc <= ?2 ORDER BY doc LIMIT ?3",
    [SQL_PENDING_ADD] =
        "INSERT INTO posting_pending (sequence, document, entry) SELECT 1 + max(coalesce((SELECT max(sequence) FROM"
        " posting_pending), 0), coalesce((SELECT max(last) FROM posting_segment), 0)), ?1, ?2 RETURNING sequence",
    [SQL_PENDING_FROM] = "SELECT sequence, document, entry FROM posting_pending WHERE sequence > ?1 ORDER BY sequence",
    [SQL_PENDING_BACKWARDS] = "SELECT sequence, document, entry FROM posting_pending ORDER BY sequence DESC",
    [SQL_CHECK_BIBS_OF] = "SELECT doc, mms_id, deleted FROM bib WHERE doc BETWEEN ?1 AND ?2 ORDER BY doc",
    [SQL_PENDING_RANGE] = "SELECT coalesce((SELECT min(sequence) FROM posting_pending), 0),"
                          " coalesce((SELECT max(sequence) FROM posting_pending), 0)",
    [SQL_PENDING_REMOVE] = "DELETE FROM posting_pending WHERE sequence BETWEEN ?1 AND ?2",
    [SQL_SEGMENTS] = "SELECT number, state, level, first, last, root, blocks, bytes, documents, host, boot, process,"
                     " process_started FROM posting_segment ORDER BY last, number",
    [SQL_SEGMENT_ADD] = "INSERT INTO posting_segment (state, level, first, last, host, boot, process, process_started)"
                        " VALUES (0, 0, ?1, ?2, ?3, ?4, ?5, ?6) RETURNING number",
    [SQL_SEGMENT_PUBLISH] = "UPDATE posting_segment SET state = 1, level = ?2, first = ?3, last = ?4, root = ?5, blocks = ?6,"
                            " bytes = ?7, documents = ?8, host = '', boot = '', process = 0, process_started = 0"
                            " WHERE number = ?1 AND state = 0",
    [SQL_SEGMENT_KILL] = "UPDATE posting_segment SET state = 2 WHERE number = ?1",
    [SQL_SEGMENT_REMOVE] = "DELETE FROM posting_segment WHERE number = ?1",
    [SQL_BLOCK_ADD] = "INSERT INTO posting_block (id, bytes) VALUES (?1, ?2)",
    [SQL_BLOCK_GET] = "SELECT bytes FROM posting_block WHERE id = ?1",
    [SQL_BLOCKS_REMOVE] =
        "DELETE FROM posting_block WHERE id IN (SELECT id FROM posting_block WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
    [SQL_BLOCK_FROM] = "SELECT min(id) FROM posting_block WHERE id >= ?1 HAVING min(id) IS NOT NULL",

    [SQL_VERSION_ADD] = "INSERT INTO version (doc, version, saved_at, saved_by, origin, note, checksum, record)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, ''), ?7, ?8)",
    [SQL_VERSION_RECORD] = "SELECT record, checksum FROM version WHERE doc = ?1 AND version = ?2",
    [SQL_VERSIONS] = "SELECT v.version, v.saved_at, v.saved_by, v.origin, v.note FROM bib b JOIN version v ON v.doc = b.doc"
                     " WHERE b.mms_id = ?1 ORDER BY v.version DESC",

    /* Document numbers, and item numbers beside them where a condition is about an item. */
    [SQL_FIND_MMS] = MERGED_AWAY " SELECT doc FROM bib WHERE mms_id IN merged AND deleted = 0"
                                 " AND (mms_id / 10000000000000000 = 98) = ?2"
                                 " UNION SELECT doc FROM bib WHERE linked_to = ?1 AND linked_to <> 0 AND deleted = 0 AND ?2 = 0",
    [SQL_FIND_LIBRARY] = "SELECT doc FROM holding WHERE library >= ?1 AND library <= ?2 AND library <> '' AND deleted = 0",
    [SQL_FIND_LOCATION] = "SELECT doc FROM holding WHERE location >= ?1 AND location <= ?2 AND location <> '' AND deleted = 0",
    [SQL_FIND_CALL_NUMBER] =
        "SELECT doc FROM holding WHERE shelf_key >= ?1 AND shelf_key <= ?2 AND shelf_key <> '' AND deleted = 0",
    [SQL_SHELF_KEYS_OF] = "SELECT shelf_key FROM holding WHERE doc = ?1 AND deleted = 0 AND shelf_key <> ''",
    [SQL_SHELF_WALK] = "SELECT h.doc FROM holding h JOIN bib b ON b.doc = h.doc WHERE h.shelf_key > '' AND h.deleted = 0"
                       " ORDER BY h.shelf_key, b.mms_id",
    [SQL_SHELF_WALK_BACKWARDS] = "SELECT h.doc FROM holding h JOIN bib b ON b.doc = h.doc WHERE h.shelf_key > '' AND"
                                 " h.deleted = 0 ORDER BY h.shelf_key DESC, b.mms_id",
    [SQL_FIND_ITEM_BARCODE] = "SELECT doc, number FROM item WHERE barcode_key >= ?1 AND barcode_key <= ?2 AND barcode_key <> ''",
    [SQL_ITEM_DOCUMENTS] = "SELECT doc, number FROM item",
    [SQL_DOCUMENT_LAST] = "SELECT coalesce(max(doc), 0) FROM bib",
    [SQL_ITEM_NUMBERS_OF] = "SELECT number FROM item WHERE doc = ?1 ORDER BY number",
    [SQL_SHOWN_WORDS] = "SELECT title, creator FROM bib WHERE doc = ?1",
    [SQL_DOCUMENT_VERSION] = "SELECT mms_id, version FROM bib WHERE doc = ?1 AND deleted = 0",
    [SQL_DOCUMENT_PLACE] = "SELECT mms_id, zone FROM bib WHERE doc = ?1 AND deleted = 0",
    [SQL_FIND_SET_MEMBERS] = "SELECT b.doc FROM record_set_member m JOIN bib b ON b.mms_id = m.mms_id"
                             " WHERE m.record_set = ?1 AND b.deleted = 0 AND (b.mms_id / 10000000000000000 = 98) = ?2",
    [SQL_SHELF_FROM] = SHELF_ROWS("h.shelf_key", "h.call_number", HOLDINGS_SHELF, " >= ?1 ", ""),
    [SQL_SHELF_BEFORE] = SHELF_ROWS("h.shelf_key", "h.call_number", HOLDINGS_SHELF, " < ?1 ", " DESC"),
    [SQL_SHELF_BIBS] = SHELF_RECORDS("h.shelf_key", HOLDINGS_SHELF),
    [SQL_SHELF_ITEMS_FROM] = SHELF_ROWS("i.shelf_key", "i.call_number", ITEMS_SHELF, " >= ?1 ", ""),
    [SQL_SHELF_ITEMS_BEFORE] = SHELF_ROWS("i.shelf_key", "i.call_number", ITEMS_SHELF, " < ?1 ", " DESC"),
    [SQL_SHELF_ITEMS_BIBS] = SHELF_RECORDS("i.shelf_key", ITEMS_SHELF),
    [SQL_SHELF_TEMPORARY_FROM] = SHELF_ROWS("i.temporary_shelf_key", "i.temporary_call_number", TEMPORARY_SHELF, " >= ?1 ", ""),
    [SQL_SHELF_TEMPORARY_BEFORE] =
        SHELF_ROWS("i.temporary_shelf_key", "i.temporary_call_number", TEMPORARY_SHELF, " < ?1 ", " DESC"),
    [SQL_SHELF_TEMPORARY_BIBS] = SHELF_RECORDS("i.temporary_shelf_key", TEMPORARY_SHELF),

    [SQL_AUTHORITY_NUMBER] = "SELECT next_authority FROM zone WHERE id = ?1",
    [SQL_AUTHORITY_NUMBER_TAKEN] = "UPDATE zone SET next_authority = next_authority + 1 WHERE id = ?1",
    [SQL_AUTHORITY_PUT] = "INSERT INTO authority (doc, tag, vocabulary, control) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (doc)"
                          " DO UPDATE SET tag = excluded.tag, vocabulary = excluded.vocabulary, control = excluded.control",
    [SQL_AUTHORITY_GET] = "SELECT b.doc, b.zone, b.version, b.modified_at, b.modified_by, a.tag, a.vocabulary, a.control, b.title"
                          " FROM bib b JOIN authority a ON a.doc = b.doc WHERE b.mms_id = ?1 AND b.deleted = 0",
    [SQL_AUTHORITY_COUNT] = "SELECT count(*) FROM authority a JOIN bib b ON b.doc = a.doc WHERE ?1 = 0 OR b.zone = ?1",
    [SQL_AUTHORITY_HEADING_ADD] = "INSERT INTO authority_heading (doc, place, key, nature, form, tag, shown)"
                                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_AUTHORITY_HEADINGS] = "SELECT place, key, nature, form, tag, shown FROM authority_heading WHERE doc = ?1 ORDER BY place",
    [SQL_AUTHORITY_HEADINGS_REMOVE] = "DELETE FROM authority_heading WHERE doc = ?1",
    [SQL_AUTHORITY_NUMBER_ADD] = "INSERT OR IGNORE INTO authority_number (key, doc) VALUES (?1, ?2)",
    [SQL_AUTHORITY_HAS_NUMBER] = "SELECT EXISTS (SELECT 1 FROM authority_number WHERE key = ?1 AND doc = ?2)",
    [SQL_AUTHORITY_NUMBERS_REMOVE] = "DELETE FROM authority_number WHERE doc = ?1",
    [SQL_AUTHORITY_REMOVE] = "DELETE FROM authority WHERE doc = ?1",
    [SQL_AUTHORITY_SHOWN] = "UPDATE bib SET title = ?2, material = ?3, title_key = ?4, creator_key = ?5 WHERE doc = ?1",
    [SQL_AUTHORITY_DOCUMENTS] = "SELECT doc, mms_id, version FROM bib WHERE mms_id BETWEEN 980000000000000000 AND"
                                " 989999999999999999 AND deleted = 0 ORDER BY doc",
    [SQL_AUTHORITY_STRAYS] = "SELECT a.doc, b.mms_id FROM authority a LEFT JOIN bib b ON b.doc = a.doc WHERE b.doc IS NULL"
                             " OR b.deleted = 1",
    [SQL_AUTHORITY_BY_NUMBER] = "SELECT b.mms_id FROM authority_number n JOIN bib b ON b.doc = n.doc WHERE n.key = ?1"
                                " AND (?2 = '' OR instr(?2, ',' || b.zone || ',') > 0) ORDER BY b.mms_id",
    [SQL_AUTHORITY_FROM] = AUTHORITY_NEAR(">= ?1 ORDER BY h.key, h.form, h.doc") " ORDER BY key, form, doc LIMIT ?5",
    [SQL_AUTHORITY_BEFORE] =
        AUTHORITY_NEAR("< ?1 ORDER BY h.key DESC, h.form DESC, h.doc DESC") " ORDER BY key DESC, form DESC, doc DESC LIMIT ?5",
    [SQL_AUTHORITY_REFERENCES] = AUTHORITY_ROW " WHERE b.mms_id = ?1 AND h.form <> 1 ORDER BY h.form, h.place",
    [SQL_SET_ADD] = "INSERT INTO record_set (zone, name, type, logical, owner, public, note, scope, query, created_at,"
                    " modified_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
    [SQL_SET_UPDATE] = "UPDATE record_set SET name = ?2, type = ?3, logical = ?4, owner = ?5, public = ?6, note = ?7, scope = ?8,"
                       " query = ?9, modified_at = ?10 WHERE number = ?1",
    [SQL_SET_REMOVE] = "DELETE FROM record_set WHERE number = ?1",
    [SQL_SET_GET] = SET_ROW " WHERE number = ?1",
    [SQL_SET_NAMED] = SET_ROW " WHERE zone = ?1 AND name = ?2",
    [SQL_SETS] = SET_ROW " WHERE ?1 = 0 OR zone = ?1 ORDER BY name",
    [SQL_SET_COUNTS] = "SELECT count(*), coalesce(sum(b.mms_id IS NULL), 0) FROM record_set_member m LEFT JOIN bib b"
                       " ON b.mms_id = m.mms_id AND b.deleted = 0 WHERE m.record_set = ?1",
    [SQL_SET_LAST] = "SELECT coalesce(max(position), 0) FROM record_set_member WHERE record_set = ?1",
    [SQL_SET_MEMBER_ADD] = "INSERT OR IGNORE INTO record_set_member (record_set, position, mms_id) VALUES (?1, ?2, ?3)",
    [SQL_SET_MEMBER_REMOVE] = "DELETE FROM record_set_member WHERE record_set = ?1 AND mms_id = ?2",
    [SQL_SET_CLEAR] = "DELETE FROM record_set_member WHERE record_set = ?1",
    [SQL_SET_MEMBERS] = "SELECT m.mms_id, b.mms_id IS NULL FROM record_set_member m LEFT JOIN bib b ON b.mms_id = m.mms_id"
                        " AND b.deleted = 0 WHERE m.record_set = ?1 ORDER BY m.position",
    [SQL_SET_TOUCH] = "UPDATE record_set SET modified_at = ?2 WHERE number = ?1",
    [SQL_SET_UNITE] =
        "INSERT OR IGNORE INTO record_set_member (record_set, position, mms_id) SELECT ?1, (SELECT coalesce(max(position), 0)"
        " FROM record_set_member WHERE record_set = ?1) + row_number() OVER (ORDER BY position), mms_id FROM record_set_member"
        " WHERE record_set = ?2 AND mms_id NOT IN (SELECT mms_id FROM record_set_member WHERE record_set = ?1)",
    [SQL_SET_KEEP_BOTH] = "DELETE FROM record_set_member WHERE record_set = ?1 AND mms_id NOT IN"
                          " (SELECT mms_id FROM record_set_member WHERE record_set = ?2)",
    [SQL_SET_SUBTRACT] = "DELETE FROM record_set_member WHERE record_set = ?1 AND mms_id IN"
                         " (SELECT mms_id FROM record_set_member WHERE record_set = ?2)",
    [SQL_BARCODE_BIBS] = "SELECT DISTINCT b.mms_id FROM item i JOIN bib b ON b.doc = i.doc WHERE i.barcode_key = ?1"
                         " AND b.deleted = 0 ORDER BY b.mms_id",
    [SQL_SORT_KEYS] = "SELECT mms_id, year, modified_at, created_at, title_key, creator_key FROM bib WHERE doc = ?1",

    [SQL_LOCK_ADD] = "INSERT INTO lock (mms_id, owner, institution, session, taken_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)"
                     " ON CONFLICT (mms_id) DO UPDATE SET owner = excluded.owner, institution = excluded.institution,"
                     " session = excluded.session, taken_at = excluded.taken_at, seen_at = excluded.seen_at",
    [SQL_LOCK_RENEW] = "UPDATE lock SET seen_at = max(seen_at, ?2) WHERE mms_id = ?1",
    [SQL_LOCKS_USED] = "UPDATE lock SET seen_at = max(seen_at, ?2) WHERE session = ?1",
    [SQL_LOCK_GET] = LOCK_ROW " WHERE l.mms_id = ?1",
    [SQL_LOCKS] = LOCK_ROW " ORDER BY l.taken_at, l.mms_id",
    [SQL_LOCK_RELEASE] = "DELETE FROM lock WHERE mms_id = ?1 AND session = ?2",
    [SQL_LOCK_REMOVE] = "DELETE FROM lock WHERE mms_id = ?1",
    [SQL_SESSION_ADD] = "INSERT INTO session (owner, institution, host, boot, process, process_started, begun_at, seen_at)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
    [SQL_SESSION_NAME] = "UPDATE session SET name = 's' || number WHERE number = last_insert_rowid() RETURNING name",
    [SQL_SESSION_SEEN] = "UPDATE session SET seen_at = max(seen_at, ?2) WHERE name = ?1 AND left_at = 0",
    [SQL_SESSION_END] = "UPDATE session SET left_at = ?2, seen_at = max(seen_at, ?2) WHERE name = ?1 AND left_at = 0",

    [SQL_DRAFT_PUT] =
        "INSERT INTO draft (owner, mms_id, zone, base_version, changed_at, title, record, log, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (owner, mms_id) DO UPDATE SET zone = excluded.zone,"
        " base_version = excluded.base_version, changed_at = excluded.changed_at, title = excluded.title,"
        " record = excluded.record, log = excluded.log, state = excluded.state",
    [SQL_DRAFT_EXISTS] = "SELECT 1 FROM draft WHERE owner = ?1 AND mms_id = ?2",
    [SQL_DRAFT_HAND_OVER] = "UPDATE draft SET owner = ?3 WHERE owner = ?1 AND mms_id = ?2",
    [SQL_NOTICE_ADD] = "INSERT INTO notice (owner, mms_id, kind, made_by, made_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_NOTICES] = "SELECT number, owner, mms_id, kind, made_by, made_at, reason, told FROM notice"
                    " WHERE owner = ?1 AND (?2 = 0 OR told = 0) ORDER BY number DESC",
    [SQL_NOTICES_TOLD] = "UPDATE notice SET told = 1 WHERE owner = ?1 AND told = 0",
    [SQL_NOTICES_SETTLE] = "DELETE FROM notice WHERE owner = ?1 AND mms_id = ?2 AND told = 1",
    [SQL_DELETED] = BIB_INFO " WHERE b.zone = ?1 AND b.deleted = 1 ORDER BY b.modified_at DESC, b.mms_id",
    [SQL_USER_LEVEL] = "SELECT cataloging_level FROM user WHERE name = ?1",
    [SQL_USER_SET_LEVEL] = "UPDATE user SET cataloging_level = ?2 WHERE name = ?1",
    [SQL_BIB_SET_LEVEL] = "UPDATE bib SET cataloging_level = ?2, modified_at = ?3, modified_by = ?4 WHERE mms_id = ?1",
    [SQL_DRAFT_REMOVE] = "DELETE FROM draft WHERE owner = ?1 AND mms_id = ?2",
    [SQL_DRAFTS] = "SELECT owner, mms_id, zone, base_version, changed_at, title, record, log, state FROM draft WHERE owner = ?1"
                   " ORDER BY changed_at DESC, mms_id",

    [SQL_HOLDING_ADD] = "INSERT INTO holding (mms_id, doc, zone, version, library, location, call_number, shelf_key, created_at,"
                        " modified_at, modified_by, call_type) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)",
    [SQL_HOLDING_UPDATE] =
        "UPDATE holding SET version = version + 1, library = ?2, location = ?3, call_number = ?4, shelf_key = ?5,"
        " modified_at = ?6, modified_by = ?7, call_type = ?8 WHERE number = ?1",
    [SQL_HOLDING_STATE] = "SELECT number, version, doc, zone FROM holding WHERE mms_id = ?1 AND deleted = 0",
    [SQL_HOLDING_INFO] = HOLDING_ROW " WHERE h.mms_id = ?1 AND h.deleted = 0",
    [SQL_HOLDINGS] = HOLDING_ROW " WHERE b.mms_id = ?1 AND h.deleted = 0 ORDER BY h.mms_id",
    [SQL_HOLDING_DELETE] = "UPDATE holding SET deleted = 1, modified_at = ?2, modified_by = ?3 WHERE number = ?1",
    [SQL_HOLDING_COUNT_ITEMS] = "SELECT count(*) FROM item WHERE holding = ?1",
    [SQL_HOLDING_VERSION_ADD] = "INSERT INTO holding_version (holding, version, saved_at, saved_by, checksum, record)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_HOLDING_VERSION_RECORD] = "SELECT record, checksum FROM holding_version WHERE holding = ?1 AND version = ?2",
    [SQL_ITEM_ADD] =
        "INSERT INTO item (mms_id, holding, doc, zone, barcode, barcode_key, material, policy, description, note, copy,"
        " created_at, modified_at, modified_by, call_number, shelf_key, temporary_library, temporary_location,"
        " temporary_call_number, temporary_shelf_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14,"
        " ?15, ?16, ?17, ?18, ?19)",
    [SQL_ITEM_UPDATE] = "UPDATE item SET barcode = ?2, barcode_key = ?3, material = ?4, policy = ?5, description = ?6, note = ?7,"
                        " copy = ?8, modified_at = ?9, modified_by = ?10, call_number = ?11, shelf_key = ?12,"
                        " temporary_library = ?13, temporary_location = ?14, temporary_call_number = ?15,"
                        " temporary_shelf_key = ?16 WHERE mms_id = ?1",
    [SQL_ITEM_HOLDING] = "SELECT i.doc, i.holding, i.created_at, h.mms_id, b.mms_id, i.zone FROM item i"
                         " JOIN holding h ON h.number = i.holding JOIN bib b ON b.doc = i.doc WHERE i.mms_id = ?1",
    [SQL_ITEMS] =
        "SELECT i.mms_id, h.mms_id, b.mms_id, i.barcode, i.material, i.policy, i.description, i.note, i.copy, i.created_at,"
        " i.modified_at, i.modified_by, i.call_number, i.temporary_library, i.temporary_location, i.temporary_call_number"
        " FROM item i JOIN holding h ON h.number = i.holding JOIN bib b ON b.doc = i.doc"
        " WHERE i.holding = (SELECT number FROM holding WHERE mms_id = ?1) OR i.doc = (SELECT doc FROM bib WHERE mms_id = ?1)"
        " ORDER BY h.mms_id, i.copy, i.mms_id",
    [SQL_ITEM_DELETE] = "DELETE FROM item WHERE mms_id = ?1",
    [SQL_ITEM_KEEP_DELETED] =
        "INSERT INTO item_deleted (mms_id, holding, zone, " ITEM_KEPT
        ", deleted_at, deleted_by) SELECT mms_id, holding, zone, " ITEM_KEPT ", ?2, ?3 FROM item WHERE mms_id = ?1",
    [SQL_ITEM_TAKE_BACK] =
        "INSERT INTO item (mms_id, holding, doc, zone, " ITEM_KEPT
        ", modified_at, modified_by) SELECT d.mms_id, d.holding, h.doc,"
        " d.zone, " ITEM_KEPT_OF_D ", ?2, ?3 FROM item_deleted d JOIN holding h ON h.number = d.holding WHERE d.mms_id = ?1",
    [SQL_ITEM_DELETED_FORGET] = "DELETE FROM item_deleted WHERE mms_id = ?1",
    [SQL_ITEM_DELETED_STATE] = "SELECT h.doc, d.zone, d.barcode, d.barcode_key, h.deleted FROM item_deleted d"
                               " JOIN holding h ON h.number = d.holding WHERE d.mms_id = ?1",
    [SQL_HOLDING_DELETED_STATE] = "SELECT h.number, h.doc, b.deleted FROM holding h JOIN bib b ON b.doc = h.doc"
                                  " WHERE h.mms_id = ?1 AND h.deleted = 1",
    [SQL_HOLDING_TAKE_BACK] = "UPDATE holding SET deleted = 0, modified_at = ?2, modified_by = ?3 WHERE number = ?1",
    [SQL_HOLDING_NEXT] = "SELECT number, mms_id, version FROM holding WHERE number > ?1 ORDER BY number LIMIT 1",
    [SQL_HOLDING_SET_TYPE] = "UPDATE holding SET call_type = ?2 WHERE number = ?1",
    [SQL_DELETION_NEXT] = "SELECT coalesce(max(step), 0) + 1 FROM deletion",
    [SQL_DELETION_NOTE] = "INSERT INTO deletion (mms_id, step) VALUES (?1, ?2) ON CONFLICT (mms_id) DO UPDATE SET step = ?2",
    [SQL_DELETION_STEP] = "SELECT step FROM deletion WHERE mms_id = ?1",
    [SQL_DELETED_HOLDINGS] = "SELECT h.mms_id, h.mms_id, b.mms_id, h.zone, b.title, h.library || ' ' || h.location || ' ' ||"
                             " h.call_number, h.modified_by, h.modified_at, '', coalesce(s.step, 0) FROM holding h"
                             " JOIN bib b ON b.doc = h.doc LEFT JOIN deletion s ON s.mms_id = h.mms_id"
                             " WHERE h.deleted = 1 AND (?1 = 0 OR h.zone = ?1) AND (?2 = 0 OR b.mms_id = ?2)"
                             " ORDER BY h.modified_at DESC, h.mms_id",
    [SQL_DELETED_ITEMS] = "SELECT d.mms_id, h.mms_id, b.mms_id, d.zone, b.title, d.barcode || ' ' || d.description, d.deleted_by,"
                          " d.deleted_at, d.barcode, coalesce(s.step, 0) FROM item_deleted d JOIN holding h"
                          " ON h.number = d.holding JOIN bib b ON b.doc = h.doc LEFT JOIN deletion s ON s.mms_id = d.mms_id "
                          "WHERE (?1 = 0 OR d.zone = ?1) AND (?2 = 0 OR b.mms_id = ?2)"
                          " ORDER BY d.deleted_at DESC, d.mms_id",
    [SQL_BARCODE_OWNER] = "SELECT mms_id FROM item WHERE barcode_key = ?1 AND zone = ?2 AND mms_id <> ?3",

    [SQL_USER_PUT] = "INSERT INTO user (name, full_name, roles, active) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE SET"
                     " full_name = excluded.full_name, roles = excluded.roles, active = excluded.active",
    [SQL_USER_GET] = "SELECT name, full_name, roles, active, password IS NOT NULL FROM user WHERE name = ?1",
    [SQL_USERS] = "SELECT name, full_name, roles, active, password IS NOT NULL FROM user ORDER BY name",
    [SQL_USER_SET_PASSWORD] = "UPDATE user SET password = ?2 WHERE name = ?1",
    [SQL_USER_PASSWORD] = "SELECT password FROM user WHERE name = ?1",
    [SQL_AUDIT_LAST] = "SELECT hash FROM audit ORDER BY number DESC LIMIT 1",
    [SQL_AUDIT_ADD] = "INSERT INTO audit (at, actor, acting_as, host, program, act, object, zone, outcome, detail, hash)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [SQL_AUDIT_ALL] = "SELECT number, at, actor, acting_as, host, program, act, object, zone, outcome, detail, hash FROM audit"
                      " ORDER BY number",
    [SQL_LOAD_PLACE_GET] = "SELECT done_bytes, done_records FROM load_place WHERE file_key = ?1",
    [SQL_LOAD_PLACE_SET] =
        "INSERT INTO load_place (file_key, done_bytes, done_records) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (file_key) DO UPDATE SET done_bytes = excluded.done_bytes, done_records = excluded.done_records",
    [SQL_LOAD_PLACE_CLEAR] = "DELETE FROM load_place WHERE file_key = ?1",

    [SQL_RULES] = RULE_ROW " FROM rule_version r WHERE r.zone = ?1 AND (?2 IS NULL OR r.language = ?2) AND r.deleted = 0"
                           " AND r.version = (SELECT max(v.version) FROM rule_version v WHERE v.zone = r.zone"
                           " AND v.language = r.language AND v.name = r.name) ORDER BY r.language, r.name",
    [SQL_RULE_NEWEST] = RULE_ROW ", r.source FROM rule_version r WHERE r.zone = ?1 AND r.language = ?2 AND r.name = ?3"
                                 " ORDER BY r.version DESC LIMIT 1",
    [SQL_RULE_VERSION] =
        RULE_ROW ", r.source FROM rule_version r WHERE r.zone = ?1 AND r.language = ?2 AND r.name = ?3 AND r.version = ?4",
    [SQL_RULE_VERSIONS] =
        RULE_ROW " FROM rule_version r WHERE r.zone = ?1 AND r.language = ?2 AND r.name = ?3 ORDER BY r.version DESC",
    [SQL_RULE_VERSION_ADD] = "INSERT INTO rule_version (zone, language, name, version, deleted, saved_at, saved_by, note, source)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SQL_JOB_ADD] = "INSERT INTO job (type, status, title, user, zone, started_at, parent, host, boot, process, process_started,"
                    " parameters) VALUES (?1, 'running', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [SQL_JOB_END] = "UPDATE job SET status = ?2, ended_at = iif(?3 = 0, ended_at, ?3) WHERE number = ?1",
    [SQL_JOBS] = JOB_ROW " FROM job ORDER BY number DESC LIMIT ?1",
    [SQL_JOB_GET] = JOB_ROW ", parameters FROM job WHERE number = ?1",
    [SQL_JOB_ROW_ADD] = "INSERT INTO job_row (job, number, mms_id, kind, version_before, version_after, outcome, message,"
                        " checksum, detail) VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM job_row WHERE job = ?1), ?2,"
                        " ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING number",
    [SQL_JOB_ROWS] = JOB_RECORD_ROW " WHERE job = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    [SQL_JOB_ROW_GET] = JOB_RECORD_ROW " WHERE mms_id = ?2 AND job = ?1 ORDER BY number LIMIT 1",
    [SQL_JOB_OF_VERSION] = "SELECT job FROM job_row WHERE mms_id = ?1 AND version_after = ?2 AND version_after > 0"
                           " ORDER BY job DESC LIMIT 1",
    [SQL_JOB_ROW_TAKEN_BACK] = "UPDATE job_row SET taken_back = 1 WHERE job = ?1 AND number = ?2",
    [SQL_JOB_OPEN_ROWS] = "SELECT count(*) FROM job_row WHERE job = ?1 AND outcome = 'changed' AND taken_back = 0",

    [SQL_CHECK_QUICK] = "PRAGMA quick_check(20)",
    [SQL_CHECK_FULL] = "PRAGMA integrity_check(100)",
    [SQL_CHECK_FOREIGN_KEYS] = "PRAGMA foreign_key_check",
    [SQL_CHECK_COUNTS] = "SELECT (SELECT count(*) FROM bib), (SELECT count(*) FROM version)",
    [SQL_CHECK_VERSION_GAPS] = "SELECT b.mms_id, b.version, count(v.version), min(v.version), max(v.version) FROM bib b"
                               " LEFT JOIN version v ON v.doc = b.doc GROUP BY b.doc"
                               " HAVING count(v.version) <> b.version OR min(v.version) <> 1 OR max(v.version) <> b.version",
    [SQL_CHECK_JOB_COUNTS] =
        "SELECT 0, j.number || ' (' || j.title || ')' FROM job j LEFT JOIN (SELECT job, count(*) AS rows, max(number) AS last,"
        " sum(outcome IN ('changed', 'reverted')) AS changed, sum(outcome = 'unchanged') AS unchanged,"
        " sum(outcome = 'skipped') AS skipped, sum(outcome = 'failed') AS failed FROM job_row GROUP BY job) r"
        " ON r.job = j.number WHERE j.rows <> ifnull(r.rows, 0) OR j.changed <> ifnull(r.changed, 0)"
        " OR j.unchanged <> ifnull(r.unchanged, 0) OR j.skipped <> ifnull(r.skipped, 0) OR j.failed <> ifnull(r.failed, 0)"
        " OR ifnull(r.last, 0) <> ifnull(r.rows, 0)",
    [SQL_CHECK_RULE_GAPS] = "SELECT 0, name FROM rule_version GROUP BY zone, language, name"
                            " HAVING min(version) <> 1 OR max(version) <> count(*)",
    [SQL_CHECK_HOLDING_GAPS] =
        "SELECT h.mms_id FROM holding h LEFT JOIN holding_version v ON v.holding = h.number GROUP BY h.number"
        " HAVING count(v.version) <> h.version OR min(v.version) <> 1 OR max(v.version) <> h.version",
    [SQL_CHECK_TEMPLATE_GAPS] = "SELECT 0, t.name FROM template t LEFT JOIN template_version v ON v.id = t.id GROUP BY t.id"
                                " HAVING count(v.version) <> t.version OR min(v.version) <> 1 OR max(v.version) <> t.version",
    [SQL_CHECK_PROFILE_GAPS] =
        "SELECT 0, code FROM profile_version GROUP BY zone, code HAVING min(version) <> 1 OR max(version) <> count(*)"
        " UNION SELECT 0, code FROM profile p WHERE NOT EXISTS (SELECT 1 FROM profile_version v WHERE v.zone = p.zone"
        " AND v.code = p.code AND v.version = p.version AND v.source IS p.source)",
    [SQL_CHECK_SET_MEMBERS] = "SELECT m.mms_id, s.name FROM record_set_member m JOIN record_set s ON s.number = m.record_set"
                              " WHERE s.logical = 1 OR NOT EXISTS (SELECT 1 FROM bib b WHERE b.mms_id = m.mms_id)",
    /* A record that was never saved may be gone; a number that was never given out is nobody's. */
    [SQL_CHECK_NOTICES] =
        "SELECT n.mms_id, n.owner FROM notice n WHERE NOT EXISTS (SELECT 1 FROM bib b WHERE b.mms_id = n.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.mms_id = n.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.mms_id = n.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM template t WHERE t.id = n.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM zone z WHERE n.mms_id > 200000000000000000"
        " AND CAST(z.suffix AS INTEGER) = n.mms_id % 10000"
        " AND (n.mms_id / 10000) % 1000000000000 < max(z.next_bib, z.next_authority, z.next_holding))",
    [SQL_CHECK_LINKS] = "SELECT b.mms_id FROM bib b WHERE b.linked_to <> 0 AND NOT EXISTS"
                        " (SELECT 1 FROM bib t WHERE t.mms_id = b.linked_to)"
                        " UNION ALL SELECT b.mms_id FROM bib b WHERE b.deleted = 1 AND b.merged_into <> 0 AND NOT EXISTS"
                        " (SELECT 1 FROM bib t WHERE t.mms_id = b.merged_into)",
    [SQL_CHECK_NUMBERS] =
        "SELECT 0, z.code FROM zone z"
        " JOIN (SELECT zone, max(iif(mms_id / 10000000000000000 = 99, (mms_id / 10000) % 1000000000000, 0)) AS bibs,"
        " max(iif(mms_id / 10000000000000000 = 98, (mms_id / 10000) % 1000000000000, 0)) AS authorities FROM bib GROUP BY zone) b"
        " ON b.zone = z.id WHERE b.bibs >= z.next_bib OR b.authorities >= z.next_authority",
    [SQL_CHECK_STALE_SESSIONS] = "SELECT l.mms_id, l.session FROM lock l LEFT JOIN session s ON s.name = l.session"
                                 " WHERE l.session LIKE 's%' AND s.name IS NULL AND substr(l.session, 2) GLOB '[0-9]*'",
    [SQL_CHECK_LOCK_ORPHANS] =
        "SELECT l.mms_id, l.owner FROM lock l WHERE NOT EXISTS (SELECT 1 FROM bib b WHERE b.mms_id = l.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.mms_id = l.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.mms_id = l.mms_id)"
        " AND NOT EXISTS (SELECT 1 FROM template t WHERE t.id = l.mms_id)"
        " AND l.mms_id NOT BETWEEN 280000000000000000 AND 289999999999999999" /* of rules: recto/repo/rules.h */,
    [SQL_CHECK_DRAFT_ORPHANS] = "SELECT d.mms_id, d.owner FROM draft d WHERE d.base_version > 0"
                                " AND NOT EXISTS (SELECT 1 FROM bib b WHERE b.mms_id = d.mms_id)"
                                " AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.mms_id = d.mms_id)",
    [SQL_CHECK_HOLDING_ORPHANS] = "SELECT h.mms_id FROM holding h LEFT JOIN bib b ON b.doc = h.doc WHERE h.deleted = 0"
                                  " AND (b.doc IS NULL OR b.deleted = 1)",
    [SQL_CHECK_ITEM_ORPHANS] = "SELECT i.mms_id FROM item i LEFT JOIN holding h ON h.number = i.holding"
                               " WHERE h.number IS NULL OR h.deleted = 1 OR h.doc <> i.doc",
    [SQL_CHECK_INVENTORY_COUNTS] =
        "SELECT b.mms_id FROM bib b WHERE (b.holdings > 0 OR b.items > 0 OR b.doc IN (SELECT doc FROM holding))"
        " AND (b.holdings <> (SELECT count(*) FROM holding h WHERE h.doc = b.doc AND h.deleted = 0)"
        " OR b.items <> (SELECT count(*) FROM item i WHERE i.doc = b.doc))",
    [SQL_CHECK_ALL_VERSIONS] = "SELECT b.mms_id, v.doc, v.version, v.record, v.checksum, b.version, b.deleted FROM version v"
                               " LEFT JOIN bib b ON b.doc = v.doc",
    [SQL_CHECK_HOLDING_VERSIONS] = "SELECT h.mms_id, v.version, v.record, v.checksum FROM holding_version v"
                                   " LEFT JOIN holding h ON h.number = v.holding",
    /* A list of all words with their places, made by FTS from its lists; a temporary table writes nothing to the file. */
    [SQL_BACKUP_INTO] = "VACUUM INTO ?1",
    [SQL_LOCKS_CLEAR] = "DELETE FROM lock",

    [SQL_HOLDING_MOVE] = "UPDATE holding SET doc = ?2 WHERE number = ?1",
    [SQL_ITEMS_MOVE] = "UPDATE item SET doc = ?2 WHERE holding = ?1",
    [SQL_BIBS_LINKED] = "SELECT mms_id FROM bib WHERE linked_to = ?1 AND linked_to <> 0 AND deleted = 0 ORDER BY mms_id",
    [SQL_BIB_SET_LINK] = "UPDATE bib SET linked_to = ?2 WHERE mms_id = ?1",
    [SQL_BIB_SET_SURVIVOR] = "UPDATE bib SET merged_into = ?2 WHERE mms_id = ?1",
    [SQL_APART_PUT] = "INSERT INTO apart (low, high, reason, decided_by, decided_at) VALUES (?1, ?2, ?3, ?4, ?5)"
                      " ON CONFLICT (low, high) DO UPDATE SET reason = excluded.reason, decided_by = excluded.decided_by,"
                      " decided_at = excluded.decided_at",
    [SQL_APART_GET] = "SELECT 1 FROM apart WHERE low = ?1 AND high = ?2",
    [SQL_PROFILES] = PROFILE_ROW " FROM profile WHERE ?1 = 0 OR zone = ?1 ORDER BY zone, code",
    [SQL_PROFILE_GET] = PROFILE_ROW ", source FROM profile WHERE zone = ?1 AND code = ?2",
    [SQL_PROFILE_ACTIVE] =
        PROFILE_ROW ", coalesce(password, '') FROM profile WHERE zone = ?1 AND type = ?2 AND active <> 0 ORDER BY code LIMIT 2",
    [SQL_PROFILE_LAST_VERSION] = "SELECT coalesce(max(version), 0) FROM profile_version WHERE zone = ?1 AND code = ?2",
    [SQL_PROFILE_PUT] =
        "INSERT INTO profile (zone, code, type, name, active, version, saved_at, saved_by, source)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (zone, code) DO UPDATE SET type = excluded.type,"
        " name = excluded.name, active = excluded.active, version = excluded.version, saved_at = excluded.saved_at,"
        " saved_by = excluded.saved_by, source = excluded.source",
    [SQL_PROFILE_VERSION_ADD] = "INSERT INTO profile_version (zone, code, version, saved_at, saved_by, source)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_PROFILE_SET_PASSWORD] = "UPDATE profile SET password = ?3 WHERE zone = ?1 AND code = ?2",
    [SQL_PROFILE_DELETE] = "DELETE FROM profile WHERE zone = ?1 AND code = ?2",
    [SQL_TEMPLATES] = TEMPLATE_ROW " WHERE v.version = t.version AND v.deleted = 0 AND t.kind = ?1 AND t.zone = ?2"
                                   " AND (?3 IS NULL OR t.owner = ?3) ORDER BY t.owner, t.name",
    [SQL_TEMPLATE_GET] = TEMPLATE_ROW " WHERE t.zone = ?1 AND t.kind = ?2 AND t.owner = ?3 AND t.name = ?4"
                                      " AND v.version = iif(?5 = 0, t.version, ?5)",
    [SQL_TEMPLATE_BY_ID] = TEMPLATE_ROW " WHERE t.id = ?1 AND v.version = t.version",
    [SQL_TEMPLATE_VERSIONS] = TEMPLATE_ROW " WHERE t.id = ?1 ORDER BY v.version DESC",
    [SQL_TEMPLATE_PUT] = "INSERT INTO template (id, zone, kind, owner, name, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                         " ON CONFLICT (id) DO UPDATE SET version = excluded.version",
    [SQL_TEMPLATE_VERSION_ADD] = "INSERT INTO template_version (id, version, deleted, saved_at, saved_by, note, source)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_GATEWAY_ADD] =
        "INSERT INTO gateway_log (at, zone, institution, connection, record, peer, user, form, bytes, encoding, oclc, title, "
        "code,"
        " reply, mms_id, version, matches, milliseconds, stages, warning, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, nullif(?21, x'')) RETURNING number",
    [SQL_GATEWAY_KEEP] = "INSERT INTO gateway_kept (number, at, record) VALUES (?1, ?2, ?3)",
    [SQL_GATEWAY_ROWS] =
        "SELECT number, at, zone, institution, connection, record, peer, user, form, bytes, encoding, oclc, title, code, reply,"
        " mms_id, version, matches, milliseconds, stages, warning,"
        " EXISTS (SELECT 1 FROM gateway_kept k WHERE k.number = g.number) FROM gateway_log g WHERE at BETWEEN ?1 AND ?2"
        " AND (?3 IS NULL OR institution = ?3) AND (?4 IS NULL OR oclc = ?4) AND (?5 IS NULL OR code = ?5)"
        " AND (?6 IS NULL OR instr(lower(title), lower(?6)) > 0 OR instr(lower(reply), lower(?6)) > 0)"
        " AND (?7 = 0 OR number = ?7) ORDER BY number DESC LIMIT ?8",
    [SQL_GATEWAY_KEPT] = "SELECT record FROM gateway_kept WHERE number = ?1",
    [SQL_GATEWAY_KEPT_REMOVE] = "DELETE FROM gateway_kept WHERE number = ?1",
    [SQL_GATEWAY_ANSWERED] = "SELECT reply, mms_id, version FROM gateway_log WHERE digest = ?1 AND at >= ?2"
                             " ORDER BY number DESC LIMIT 1",
    [SQL_GATEWAY_PRUNE_KEPT] = "DELETE FROM gateway_kept WHERE at < ?1 OR at < ?2",
    [SQL_GATEWAY_PRUNE] = "DELETE FROM gateway_log WHERE at < ?1",
    [SQL_BIB_SET_SOURCE] = "UPDATE bib SET sync = coalesce(?2, sync), originating_system = coalesce(?3, originating_system),"
                           " originating_version = coalesce(?4, originating_version) WHERE mms_id = ?1",
    [SQL_BIB_SURVIVOR] = MERGED_AWAY " SELECT id FROM merged WHERE id <> ?1 AND id IN (SELECT mms_id FROM bib WHERE deleted = 0)",
};
