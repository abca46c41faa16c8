/* src/repo/check_full.c - every record read back, every index compared with the records in both directions (RL-81).
 *
 * Identifier rows and words are a function of the record (indexing.c): they are made again and compared. The inverted
 * lists of FTS are compared with the words by a sum over all (word, document, column, place): FTS's own check would need
 * the right to write, and would hold up those who save. */
#include "check.h"
#include "recto/base/utf8.h"
#include <string.h>

typedef struct full_check {
    check *check;
    int64_t document;
    mms_id id;
    int64_t identifier_rows; /* that the records ask for; compared with the rows there are */
    uint64_t places;         /* sum over the words of all records */
    recto_status status;
    struct { /* rows seen for this record: a key named twice in it is one row */
        uint64_t hashes[512];
        size_t count;
    } seen;
} full_check;

/* ---- identifiers --------------------------------------------------------------------------------------------------------------
 */

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool is_first(full_check *full, int kind, text key, const char *tag, char subfield)
{
    uint64_t hash = mix(UINT64_C(14695981039346656037), &kind, sizeof kind);
    hash = mix(mix(mix(hash, key.bytes, key.length), tag, strlen(tag)), &subfield, 1);
    for (size_t i = 0; i < full->seen.count; i++)
        if (full->seen.hashes[i] == hash)
            return false;
    if (full->seen.count < sizeof full->seen.hashes / sizeof *full->seen.hashes)
        full->seen.hashes[full->seen.count++] = hash;
    return true;
}

static bool check_identifier(void *context, int kind, text key, const char *tag, char subfield)
{
    full_check *full = context;
    int64_t found = 0;
    const char code[2] = { subfield, '\0' };
    if (!is_first(full, kind, key, tag, subfield))
        return true;
    full->identifier_rows++;
    full->status = store_number(&found, full->check->repo, full->check->error, SQL_CHECK_IDENTIFIER, "ntiss", kind, key,
                                full->document, tag, code);
    if (full->status == RECTO_OK && found == 0)
        tell_finding(full->check, "index-missing", full->id, "the identifier of field %s $%s is not in the index; " RUN_REBUILD,
                     tag, code);
    return full->status == RECTO_OK;
}

/* The other direction: rows that no record asks for. Looked for only when the counts differ. */
typedef struct wanted_row {
    int kind;
    text key;
    char tag[8], subfield;
    bool found;
} wanted_row;

static bool wanted_by(void *context, int kind, text key, const char *tag, char subfield)
{
    wanted_row *row = context;
    row->found =
        row->found || (row->kind == kind && row->subfield == subfield && text_equal(row->key, key) && strcmp(row->tag, tag) == 0);
    return !row->found;
}

static recto_status find_strays_of(check *check, int64_t document, mms_id id, const marc_record *record)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_IDENTIFIERS_OF, "i", document);
    while (rows_next(&rows)) {
        wanted_row row = { .kind = row_int(&rows, 0), .key = row_text(&rows, 1) };
        text subfield = row_text(&rows, 3);
        row_string(&rows, 2, row.tag, sizeof row.tag);
        row.subfield = subfield.length > 0 ? subfield.bytes[0] : ' ';
        index_identifiers(record, wanted_by, &row);
        if (!row.found)
            tell_finding(check, "index-stray", id, "the index holds an identifier that the record has not; " RUN_REBUILD);
    }
    return rows_close(&rows);
}

static recto_status find_strays(check *check)
{
    rows rows;
    int64_t reported = 0;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_IDENTIFIER_STRAYS, "");
    while (rows_next(&rows))
        if (row_is_null(&rows, 3) || row_int(&rows, 4) != 0) {
            tell_finding(check, "index-stray", row_int64(&rows, 3),
                         "the index holds an identifier of a record that is not there; " RUN_REBUILD);
            if (++reported == 100)
                break;
        }
    return rows_close(&rows);
}

/* ---- words
 * --------------------------------------------------------------------------------------------------------------------- */

static uint64_t place_hash(text word, int64_t document, int column, int64_t place)
{
    uint64_t hash = mix(UINT64_C(14695981039346656037), word.bytes, word.length);
    hash = mix(mix(hash, &document, sizeof document), &column, sizeof column);
    return mix(hash, &place, sizeof place);
}

static void add_places(full_check *full, text words, int column)
{
    int64_t place = 0;
    while (words.length > 0) {
        text word = text_next_field(&words, ' ');
        if (word.length > 0)
            full->places += place_hash(word, full->document, column, place++);
        if (words.bytes == NULL)
            break;
    }
}

static recto_status check_words(full_check *full, const marc_record *record)
{
    rows rows;
    repo *repo = full->check->repo;
    bool found = false;
    index_words(repo->words, &repo->words[WORDS_COLUMNS], record);
    (void)rows_open(&rows, repo, full->check->error, SQL_CHECK_WORDS_OF, "i", full->document);
    if (rows_next(&rows)) {
        found = true;
        for (int column = 0; column < WORDS_COLUMNS; column++) {
            add_places(full, row_text(&rows, column), column);
            if (!text_equal(row_text(&rows, column), buffer_text(&repo->words[column])))
                tell_finding(full->check, "index-differs", full->id, "the word index differs from the record; " RUN_REBUILD);
        }
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && !found)
        tell_finding(full->check, "index-missing", full->id, "the record is not in the word index; " RUN_REBUILD);
    return status;
}

static recto_status check_word_strays(check *check)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_WORDS_STRAYS, "");
    while (rows_next(&rows))
        tell_finding(check, "index-stray", row_int64(&rows, 1), "the word index holds a record that is not there; " RUN_REBUILD);
    return rows_close(&rows);
}

static int column_number(text name)
{
    static const char *const names[WORDS_COLUMNS] = { "ti", "au", "su", "se", "pub", "pl", "n", "l9xx", "rest" };
    for (int i = 0; i < WORDS_COLUMNS; i++)
        if (text_equal(name, text_from(names[i])))
            return i;
    return -1;
}

static recto_status check_places(full_check *full)
{
    rows rows;
    uint64_t places = 0;
    recto_status status = store_run(full->check->repo, full->check->error, SQL_CHECK_PLACES_TABLE, "");
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, full->check->repo, full->check->error, SQL_CHECK_PLACES, "");
    while (rows_next(&rows))
        places += place_hash(row_text(&rows, 0), row_int64(&rows, 1), column_number(row_text(&rows, 2)), row_int64(&rows, 3));
    status = rows_close(&rows);
    if (status == RECTO_OK && places != full->places)
        tell_finding(full->check, "index-differs", 0, "the lists of the word index differ from its words; " RUN_REBUILD);
    return status;
}

/* ---- records
 * ---------------------------------------------------------------------------------------------------------------------- */

/* A stored record must read back, and be the same bytes when written again. NULL in *out: reported. */
static recto_status check_record(marc_record **out, check *check, mms_id id, int version, text bytes, text kept)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    buffer again;
    *out = NULL;
    checksum_make(checksum, bytes);
    if (!text_equal(kept, text_of((const char *)checksum, CHECKSUM_LENGTH))) {
        tell_finding(check, "checksum", id, "version %d is damaged (checksum); go back to an earlier version, or " RUN_RESTORE,
                     version);
        return RECTO_OK;
    }
    recto_status status = repo_record_decode(out, bytes, check->error);
    if (status == RECTO_EDATA) {
        recto_error_clear(check->error);
        tell_finding(check, "record", id, "version %d cannot be read back; go back to an earlier version, or " RUN_RESTORE,
                     version);
        return RECTO_OK;
    }
    if (status != RECTO_OK)
        return status;
    buffer_init(&again, 0);
    status = repo_record_encode(&again, *out, check->error);
    if (status == RECTO_OK && !text_equal(buffer_text(&again), bytes))
        tell_finding(check, "record", id, "version %d is not the same bytes when written again; please report this", version);
    buffer_release(&again);
    return status;
}

static recto_status check_indexes(full_check *full, const marc_record *record)
{
    full->seen.count = 0;
    full->status = RECTO_OK;
    index_identifiers(record, check_identifier, full);
    return full->status == RECTO_OK ? check_words(full, record) : full->status;
}

static recto_status check_versions(full_check *full)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, full->check->repo, full->check->error, SQL_CHECK_ALL_VERSIONS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        full->id = row_int64(&rows, 0);
        full->document = row_int64(&rows, 1);
        if (row_is_null(&rows, 0))
            tell_finding(full->check, "orphan-version", 0, "a version of a record that is not there (%lld); " RUN_RESTORE,
                         (long long)full->document);
        status = check_record(&record, full->check, full->id, row_int(&rows, 2), row_text(&rows, 3), row_text(&rows, 4));
        if (status == RECTO_OK && record != NULL && row_int(&rows, 2) == row_int(&rows, 5) && row_int(&rows, 6) == 0)
            status = check_indexes(full, record);
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

static recto_status check_holding_versions(check *check)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_HOLDING_VERSIONS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        status = check_record(&record, check, row_int64(&rows, 0), row_int(&rows, 1), row_text(&rows, 2), row_text(&rows, 3));
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* Only when the index has more rows than the records ask for is each row looked at. */
static recto_status check_stray_identifiers(full_check *full)
{
    rows rows;
    int64_t there = 0;
    recto_status status = store_number(&there, full->check->repo, full->check->error, SQL_CHECK_IDENTIFIER_COUNT, "");
    if (status != RECTO_OK || there <= full->identifier_rows)
        return status;
    status = find_strays(full->check);
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, full->check->repo, full->check->error, SQL_CHECK_ALL_BIBS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        if (row_int(&rows, 3) == 0 && stored_record(&record, full->check->repo, row_int64(&rows, 1), row_int64(&rows, 0),
                                                    row_int(&rows, 2), NULL) == RECTO_OK)
            status = find_strays_of(full->check, row_int64(&rows, 0), row_int64(&rows, 1), record);
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* ---- the audit chain
 * ------------------------------------------------------------------------------------------------------------------ */

static recto_status check_audit(check *check)
{
    rows rows;
    bool broken = false;
    unsigned char hash[AUDIT_HASH_LENGTH];
    size_t length = 0; /* of the hash before: none before the first row */
    int64_t number = 0;
    (void)rows_open(&rows, check->repo, check->error, SQL_AUDIT_ALL, "");
    while (!broken && rows_next(&rows)) {
        text parts[AUDIT_PARTS];
        for (int i = 0; i < AUDIT_PARTS; i++)
            parts[i] = row_text(&rows, 2 + i);
        unsigned char next[AUDIT_HASH_LENGTH];
        audit_hash(next, text_of((const char *)hash, length), row_int64(&rows, 1), parts, AUDIT_PARTS);
        broken = !text_equal(row_text(&rows, 11), text_of((const char *)next, sizeof next)) || row_int64(&rows, 0) != number + 1;
        number = row_int64(&rows, 0);
        memcpy(hash, next, sizeof hash);
        length = sizeof hash;
    }
    if (broken)
        tell_finding(check, "audit-chain", 0, "the audit trail was changed at or before row %lld; compare it with a backup",
                     (long long)number);
    return rows_close(&rows);
}

recto_status check_everything(check *check)
{
    full_check full = { .check = check };
    recto_status status = check_versions(&full);
    if (status == RECTO_OK)
        status = check_holding_versions(check);
    if (status == RECTO_OK)
        status = check_stray_identifiers(&full);
    if (status == RECTO_OK)
        status = check_word_strays(check);
    if (status == RECTO_OK)
        status = check_places(&full);
    if (status == RECTO_OK)
        status = check_postings(check);
    return status == RECTO_OK ? check_audit(check) : status;
}
