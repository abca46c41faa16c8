/* src/repo/sql.c - pragmas, and every statement of Recto by name; the tables they speak of are in sql_schema.c.
 *
 * Nothing is put together at run time and no value stands in a text: what users typed comes in as a bound parameter (RL-139).
 * Statements of one group stand together. */
#include "sql.h"
#include <stddef.h>

const char *const sql_pragmas[PRAGMA_COUNT] = {
    [PRAGMA_APPLICATION_ID] = "PRAGMA application_id",
    [PRAGMA_SCHEMA_VERSION] = "PRAGMA user_version",
    [PRAGMA_SET_PAGE_SIZE] = "PRAGMA page_size = 8192", /* of a new file: half the calls for a load, a twentieth less room */
    [PRAGMA_JOURNAL_MODE] = "PRAGMA journal_mode",
    [PRAGMA_SET_WAL] = "PRAGMA journal_mode = WAL",
    [PRAGMA_SYNCHRONOUS] = "PRAGMA synchronous",
    [PRAGMA_SET_SYNCHRONOUS] = "PRAGMA synchronous = FULL",
    [PRAGMA_FOREIGN_KEYS] = "PRAGMA foreign_keys",
    [PRAGMA_SET_FOREIGN_KEYS] = "PRAGMA foreign_keys = ON",
    [PRAGMA_CELL_SIZE_CHECK] = "PRAGMA cell_size_check = ON",
    [PRAGMA_CACHE_SIZE] = "PRAGMA cache_size = -32768",              /* KiB */
    [PRAGMA_JOURNAL_LIMIT] = "PRAGMA journal_size_limit = 67108864", /* RL-10 */
    [PRAGMA_TEMPORARY_IN_MEMORY] = "PRAGMA temp_store = MEMORY",
    [PRAGMA_SET_APPLICATION_ID] = "PRAGMA application_id = 1380144207", /* "RCTO" */
};
const char sql_set_schema_version[] = "PRAGMA user_version = %d";

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
