/* src/repo/postings_collect.c - what is searched of a record, as the terms of one entry: words, identifiers, facts, headings.
 *
 * All of it is a function of the record and of its row of `bib`, so that `recto check --full` can make it again and compare.
 * A deleted record has no terms at all. */
#include "authority_headings.h"
#include "headings.h"
#include "postings_inside.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SEPARATOR = 0x1F, ORDER_BYTES = 8, BROAD_BYTES = 3, PLACE_BYTES = 5 }; /* separator, tag, subfield code */

typedef struct target { /* where terms go: authority records have columns of their own */
    index_entry *entry;
    unsigned first; /* added to each column */
} target;

static target target_of(index_entry *entry, mms_id id)
{
    return (target){ entry, repo_is_authority(id) ? POSTING_OF_AUTHORITIES : 0 };
}

static void add_term(const target *to, unsigned column, text term, uint32_t place)
{
    index_entry_add(to->entry, to->first + column, term, place);
}

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
    const target *target;
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
    add_term(to->target, column, buffer_text(&to->term), INDEX_NO_PLACE);
    to->memory_short = to->memory_short || buffer_failed(&to->term);
    return !to->memory_short;
}

static recto_status collect_keys(const target *target, const marc_record *record, recto_error *error)
{
    key_collector to = { .target = target };
    buffer_init(&to.term, 0);
    bool failed = !index_identifiers(record, collect_key, &to) || to.memory_short;
    buffer_release(&to.term);
    return failed ? recto_fail_memory(error, "indexing a record") : RECTO_OK;
}

/* ---- words and headings ------------------------------------------------------------------------------------------------- */

typedef struct word_collector {
    const target *target;
    uint32_t places[WORDS_VISITED]; /* the last */
} word_collector;

static void collect_word(void *context, enum word_column column, text word)
{
    word_collector *to = context;
    add_term(to->target, POSTING_WORDS + column, word, ++to->places[column]);
}

static recto_status collect_words(const target *target, buffer *scratch, const marc_record *record, recto_error *error)
{
    word_collector to = { .target = target };
    return index_words(scratch, record, collect_word, &to) ? RECTO_OK : recto_fail_memory(error, "indexing a record");
}

static bool collect_heading(void *context, const heading *heading)
{
    add_term(context, heading->column, heading->key, INDEX_NO_PLACE);
    return true;
}

/* ---- facts: the row of `bib` ------------------------------------------------------------------------------------- */

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

static void add_text(const target *to, unsigned column, text value)
{
    if (value.length > 0)
        add_term(to, column, value, INDEX_NO_PLACE);
}

static void add_beginning(const target *to, unsigned column, text value, size_t bytes)
{
    add_text(to, column, text_of(value.bytes, value.length < bytes ? value.length : bytes));
}

/* @param width  at least so many digits, so that the order of terms is that of numbers */
static text write_digits(char room[static 24], int width, uint64_t value, unsigned base)
{
    char *const end = room + 24, *at = end;
    for (; value > 0 || end - at < width || at == end; value /= base)
        *--at = "0123456789abcdef"[value % base];
    return text_of(at, (size_t)(end - at));
}

static void add_number(const target *to, unsigned column, int width, int64_t value)
{
    char digits[32];
    if (value >= 0) {
        add_text(to, column, write_digits(digits, width, (uint64_t)value, 10));
        return;
    }
    (void)snprintf(digits, sizeof digits, "%0*" PRId64, width, value);
    add_text(to, column, text_from(digits));
}

static void add_moment(const target *to, unsigned column, int64_t seconds)
{
    const int64_t held = seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : seconds;
    char digits[24];
    add_text(to, column, write_digits(digits, 8, (uint64_t)held, 16));
}

static void add_inventory(const target *to, const record_facts *facts)
{
    const bool physical = facts->holdings > 0 || facts->items > 0;
    const bool electronic = facts->portfolios > 0;
    if (physical)
        add_text(to, POSTING_INVENTORY, TEXT("P"));
    if (electronic)
        add_text(to, POSTING_INVENTORY, TEXT("E"));
    if (!physical && !electronic)
        add_text(to, POSTING_INVENTORY, TEXT("N"));
    if (facts->items > 0)
        add_text(to, POSTING_INVENTORY, TEXT("I"));
}

static void collect_facts(const target *to, const record_facts *facts)
{
    enum { MMS_DIGITS = 19, MMS_TAIL = 6, MMS_BROAD_TAIL = 8, YEAR_MOST = 9999 };
    char number[24];
    add_text(to, POSTING_LIVE, TEXT("1"));
    add_number(to, POSTING_ZONE, 1, facts->zone);
    if (to->first == 0) { /* what an authority record cannot have */
        add_inventory(to, facts);
        add_text(to, POSTING_SUPPRESSED, facts->suppressed ? TEXT("1") : TEXT("0"));
        add_text(to, POSTING_SYNC, facts->sync);
        add_number(to, POSTING_BRIEF_LEVEL, 2, facts->brief_level);
    }
    add_number(to, POSTING_CATALOGING_LEVEL, 2, facts->cataloging_level);
    add_text(to, POSTING_CREATED_BY, facts->created_by);
    add_text(to, POSTING_MODIFIED_BY, facts->modified_by);
    add_text(to, POSTING_ORIGINATING_SYSTEM, facts->originating_system);
    if (facts->has_year && facts->year >= 0 && facts->year <= YEAR_MOST)
        add_number(to, POSTING_YEAR, 4, facts->year);
    add_text(to, POSTING_MATERIAL, facts->material);
    if (facts->linked_to != 0)
        add_number(to, POSTING_LINKED, 1, facts->linked_to);
    add_beginning(to, POSTING_ORDER_TITLE, facts->title_key, ORDER_BYTES);
    add_beginning(to, POSTING_ORDER_CREATOR, facts->creator_key, ORDER_BYTES);
    add_moment(to, POSTING_ORDER_MODIFIED, facts->modified_at);
    add_moment(to, POSTING_ORDER_CREATED, facts->created_at);
    const text id = write_digits(number, MMS_DIGITS, (uint64_t)facts->id, 10);
    add_text(to, POSTING_ORDER_MMS, text_of(id.bytes, id.length - MMS_TAIL));
    add_beginning(to, POSTING_BROAD_TITLE, facts->title_key, BROAD_BYTES);
    add_beginning(to, POSTING_BROAD_CREATOR, facts->creator_key, BROAD_BYTES);
    add_text(to, POSTING_BROAD_MMS, text_of(id.bytes, id.length - MMS_BROAD_TAIL));
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

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static recto_status collect_record(const target *to, buffer *words, const marc_record *record, recto_error *error)
{
    recto_status status = collect_words(to, words, record, error);
    if (status == RECTO_OK)
        status = collect_keys(to, record, error);
    if (status == RECTO_OK && to->first == 0 && !index_headings(record, collect_heading, (void *)to))
        status = recto_fail_memory(error, "indexing a record");
    return status;
}

/* A version that is damaged or gone has no words any more, but the record is still there, and is found by what its row says. */
static recto_status collect_stored(const target *to, repo *repo, mms_id id, int64_t document, int version, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = stored_record(&record, repo, id, document, version, error);
    if (status == RECTO_OK)
        status = collect_record(to, repo->words, record, error);
    else if (status == RECTO_EDATA || status == RECTO_ENOTFOUND)
        status = RECTO_OK;
    marc_record_free(record);
    return status;
}

recto_status postings_collect_new(index_entry *entry, buffer words[static WORDS_SCRATCH], const record_facts *facts,
                                  const marc_record *record, recto_error *error)
{
    const target to = target_of(entry, facts->id);
    index_entry_clear(entry);
    collect_facts(&to, facts);
    return collect_record(&to, words, record, error);
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
        const target to = target_of(entry, id);
        collect_facts(&to, &known);
    }
    recto_status status = rows_close(&facts);
    if (status != RECTO_OK || id == 0)
        return status;
    const target to = target_of(entry, id);
    return record != NULL ? collect_record(&to, repo->words, record, error)
                          : collect_stored(&to, repo, id, document, version, error);
}
