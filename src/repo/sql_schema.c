/* src/repo/sql_schema.c - the schema as numbered migrations: what stands in a repository, and how it came to be so. A number that
 * has been written by a released Recto never changes; what is new is a further one (open.c applies them).
 *
 * A record is a row of `bib` under a dense document number, because search works on sets of small numbers (index.h of the index);
 * all its versions, the present one among them, are rows of `version`. */
#include "sql.h"

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

const char *const sql_migrations[] = { schema_1, schema_2, schema_3,  schema_4,  schema_5,  schema_6, schema_7,
                                       schema_8, schema_9, schema_10, schema_11, schema_12, schema_13 };
const int sql_migration_count = sizeof sql_migrations / sizeof *sql_migrations;
