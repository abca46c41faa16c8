/* src/repo/postings_collect.c - what is searched of a record, as the terms of one entry: words, identifiers, facts, headings.
 *
 * All of it is a function of the record and of its row of `bib`, so that `recto check --full` can make it again and compare.
 * A deleted record has no terms at all. */
#include "headings.h"
#include "postings_inside.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SEPARATOR = 0x1F, ORDER_BYTES = 8, BROAD_BYTES = 3, PLACE_BYTES = 5 }; /* separator, tag, subfield code */

/* ---- identifiers ---------------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(text bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < bytes.length; i++)
        hash = (hash ^ (unsigned char)bytes.bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

/* A key too long for a term keeps its beginning, by which it can be found, and a hash stands for the rest. */
void postings_key_beginning(buffer *out, text key)
{
    enum { ROOM = INDEX_TERM_BYTES_MAX - PLACE_BYTES, HASH = 16 };
    char digits[HASH + 1];
    if (key.length <= ROOM) {
        buffer_append_text(out, key);
    } else {
        (void)snprintf(digits, sizeof digits, "%016" PRIx64, hash_of(key));
        buffer_append(out, key.bytes, ROOM - HASH);
        buffer_append(out, digits, HASH);
    }
    buffer_append_char(out, KEY_SEPARATOR);
}

void postings_key_term(buffer *out, text key, const char *tag, char subfield)
{
    postings_key_beginning(out, key);
    buffer_append(out, tag, strnlen(tag, MARC_TAG_LENGTH));
    buffer_append_char(out, subfield);
}

typedef struct key_collector {
    index_entry *entry;
    buffer term;
    bool memory_short; /* a key was left out */
} key_collector;

static bool collect_key(void *context, int kind, text key, const char *tag, char subfield)
{
    key_collector *to = context;
    unsigned column =
        kind >= IDENTIFIER_LANGUAGE ? POSTING_OWN_KEYS + (unsigned)(kind - IDENTIFIER_LANGUAGE) : POSTING_KEYS + (unsigned)kind;
    buffer_clear(&to->term);
    postings_key_term(&to->term, key, tag, subfield);
    index_entry_add(to->entry, column, buffer_text(&to->term), INDEX_NO_PLACE);
    to->memory_short = to->memory_short || buffer_failed(&to->term);
    return !to->memory_short;
}

static recto_status collect_keys(index_entry *entry, const marc_record *record, recto_error *error)
{
    key_collector to = { .entry = entry };
    buffer_init(&to.term, 0);
    bool failed = !index_identifiers(record, collect_key, &to) || to.memory_short;
    buffer_release(&to.term);
    return failed ? recto_fail_memory(error, "indexing a record") : RECTO_OK;
}

/* ---- words and headings ------------------------------------------------------------------------------------------------- */

static recto_status collect_words(index_entry *entry, buffer *columns, const marc_record *record, recto_error *error)
{
    index_words(columns, &columns[WORDS_COLUMNS], record);
    for (unsigned column = 0; column < WORDS_COLUMNS; column++) {
        uint32_t place = 1;
        text words = buffer_text(&columns[column]);
        if (buffer_failed(&columns[column]))
            return recto_fail_memory(error, "indexing a record");
        while (words.bytes != NULL && words.length > 0) {
            text word = text_next_field(&words, ' ');
            if (word.length > 0)
                index_entry_add(entry, POSTING_WORDS + column, word, place++);
        }
    }
    return RECTO_OK;
}

static bool collect_heading(void *context, const heading *heading)
{
    index_entry_add(context, heading->column, heading->key, INDEX_NO_PLACE);
    return true;
}

/* ---- facts: the row of `bib` ------------------------------------------------------------------------------------------------
 */

enum fact { /* columns of SQL_POSTING_FACTS */
            FACT_ID,
            FACT_VERSION,
            FACT_DELETED,
            FACT_ZONE,
            FACT_SUPPRESSED,
            FACT_SYNC,
            FACT_BRIEF_LEVEL,
            FACT_CATALOGING_LEVEL,
            FACT_HOLDINGS,
            FACT_ITEMS,
            FACT_PORTFOLIOS,
            FACT_LINKED_TO,
            FACT_CREATED_AT,
            FACT_MODIFIED_AT,
            FACT_YEAR,
            FACT_CREATED_BY,
            FACT_MODIFIED_BY,
            FACT_SYSTEM,
            FACT_MATERIAL,
            FACT_TITLE_KEY,
            FACT_CREATOR_KEY
};

static void add_text(index_entry *entry, unsigned column, text value)
{
    if (value.length > 0)
        index_entry_add(entry, column, value, INDEX_NO_PLACE);
}

static void add_beginning(index_entry *entry, unsigned column, text value, size_t bytes)
{
    add_text(entry, column, text_of(value.bytes, value.length < bytes ? value.length : bytes));
}

/* @param width  at least so many digits, so that the order of terms is that of numbers */
static void add_number(index_entry *entry, unsigned column, int width, int64_t value)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%0*" PRId64, width, value);
    add_text(entry, column, text_from(digits));
}

static void add_moment(index_entry *entry, unsigned column, int64_t seconds)
{
    int64_t held = seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : seconds;
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%08" PRIx64, (uint64_t)held);
    add_text(entry, column, text_from(digits));
}

static void add_inventory(index_entry *entry, const record_facts *facts)
{
    const bool physical = facts->holdings > 0 || facts->items > 0;
    const bool electronic = facts->portfolios > 0;
    if (physical)
        add_text(entry, POSTING_INVENTORY, TEXT("P"));
    if (electronic)
        add_text(entry, POSTING_INVENTORY, TEXT("E"));
    if (!physical && !electronic)
        add_text(entry, POSTING_INVENTORY, TEXT("N"));
    if (facts->items > 0)
        add_text(entry, POSTING_INVENTORY, TEXT("I"));
}

static void collect_facts(index_entry *entry, const record_facts *facts)
{
    enum { MMS_TAIL = 6, MMS_BROAD_TAIL = 8, YEAR_MOST = 9999 };
    char number[24];
    add_text(entry, POSTING_LIVE, TEXT("1"));
    add_number(entry, POSTING_ZONE, 1, facts->zone);
    add_inventory(entry, facts);
    add_text(entry, POSTING_SUPPRESSED, facts->suppressed ? TEXT("1") : TEXT("0"));
    add_text(entry, POSTING_SYNC, facts->sync);
    add_number(entry, POSTING_BRIEF_LEVEL, 2, facts->brief_level);
    add_number(entry, POSTING_CATALOGING_LEVEL, 2, facts->cataloging_level);
    add_text(entry, POSTING_CREATED_BY, facts->created_by);
    add_text(entry, POSTING_MODIFIED_BY, facts->modified_by);
    add_text(entry, POSTING_ORIGINATING_SYSTEM, facts->originating_system);
    if (facts->has_year && facts->year >= 0 && facts->year <= YEAR_MOST)
        add_number(entry, POSTING_YEAR, 4, facts->year);
    add_text(entry, POSTING_MATERIAL, facts->material);
    if (facts->linked_to != 0)
        add_number(entry, POSTING_LINKED, 1, facts->linked_to);
    add_beginning(entry, POSTING_ORDER_TITLE, facts->title_key, ORDER_BYTES);
    add_beginning(entry, POSTING_ORDER_CREATOR, facts->creator_key, ORDER_BYTES);
    add_moment(entry, POSTING_ORDER_MODIFIED, facts->modified_at);
    add_moment(entry, POSTING_ORDER_CREATED, facts->created_at);
    (void)snprintf(number, sizeof number, "%019" PRId64, facts->id);
    add_text(entry, POSTING_ORDER_MMS, text_of(number, strlen(number) - MMS_TAIL));
    add_beginning(entry, POSTING_BROAD_TITLE, facts->title_key, BROAD_BYTES);
    add_beginning(entry, POSTING_BROAD_CREATOR, facts->creator_key, BROAD_BYTES);
    add_text(entry, POSTING_BROAD_MMS, text_of(number, strlen(number) - MMS_BROAD_TAIL));
}

static void read_facts(record_facts *out, const rows *row)
{
    *out = (record_facts){
        .id = row_int64(row, FACT_ID),
        .zone = row_int64(row, FACT_ZONE),
        .suppressed = row_int(row, FACT_SUPPRESSED) != 0,
        .sync = row_text(row, FACT_SYNC),
        .brief_level = row_int64(row, FACT_BRIEF_LEVEL),
        .cataloging_level = row_int64(row, FACT_CATALOGING_LEVEL),
        .holdings = row_int64(row, FACT_HOLDINGS),
        .items = row_int64(row, FACT_ITEMS),
        .portfolios = row_int64(row, FACT_PORTFOLIOS),
        .linked_to = row_int64(row, FACT_LINKED_TO),
        .created_at = row_int64(row, FACT_CREATED_AT),
        .modified_at = row_int64(row, FACT_MODIFIED_AT),
        .has_year = !row_is_null(row, FACT_YEAR),
        .year = row_int64(row, FACT_YEAR),
        .created_by = row_text(row, FACT_CREATED_BY),
        .modified_by = row_text(row, FACT_MODIFIED_BY),
        .originating_system = row_text(row, FACT_SYSTEM),
        .material = row_text(row, FACT_MATERIAL),
        .title_key = row_text(row, FACT_TITLE_KEY),
        .creator_key = row_text(row, FACT_CREATOR_KEY),
    };
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------------
 */

static recto_status collect_record(index_entry *entry, buffer *words, const marc_record *record, recto_error *error)
{
    recto_status status = collect_words(entry, words, record, error);
    if (status == RECTO_OK)
        status = collect_keys(entry, record, error);
    if (status == RECTO_OK && !index_headings(record, collect_heading, entry))
        status = recto_fail_memory(error, "indexing a record");
    return status;
}

/* A version that is damaged or gone has no words any more, but the record is still there, and is found by what its row says. */
static recto_status collect_stored(index_entry *entry, repo *repo, mms_id id, int64_t document, int version, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = stored_record(&record, repo, id, document, version, error);
    if (status == RECTO_OK)
        status = collect_record(entry, repo->words, record, error);
    else if (status == RECTO_EDATA || status == RECTO_ENOTFOUND)
        status = RECTO_OK;
    marc_record_free(record);
    return status;
}

recto_status postings_collect_new(index_entry *entry, buffer words[static WORDS_COLUMNS + 1], const record_facts *facts,
                                  const marc_record *record, recto_error *error)
{
    index_entry_clear(entry);
    collect_facts(entry, facts);
    return collect_record(entry, words, record, error);
}

recto_status postings_collect(index_entry *entry, repo *repo, int64_t document, const marc_record *record, recto_error *error)
{
    rows facts;
    mms_id id = 0;
    int version = 0;
    index_entry_clear(entry);
    (void)rows_open(&facts, repo, error, SQL_POSTING_FACTS, "i", document);
    if (rows_next(&facts) && row_int(&facts, FACT_DELETED) == 0) {
        id = row_int64(&facts, FACT_ID);
        version = row_int(&facts, FACT_VERSION);
        record_facts known;
        read_facts(&known, &facts);
        collect_facts(entry, &known);
    }
    recto_status status = rows_close(&facts);
    if (status != RECTO_OK || id == 0)
        return status;
    return record != NULL ? collect_record(entry, repo->words, record, error)
                          : collect_stored(entry, repo, id, document, version, error);
}
