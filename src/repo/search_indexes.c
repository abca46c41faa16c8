/* src/repo/search_indexes.c - the indexes of search.md section 2, and the keys that typed values become. */
#include "search.h"
#include "recto/base/utf8.h"
#include <assert.h>
#include <string.h>

static bool isbn_key(buffer *out, text typed)
{
    bool valid;
    return number_isbn_key(out, typed, &valid);
}

static bool issn_key(buffer *out, text typed)
{
    bool valid;
    return number_issn_key(out, typed, &valid);
}

static void append_ascii_case(buffer *out, text typed, bool upper)
{
    for (size_t i = 0; i < typed.length; i++) {
        char c = typed.bytes[i];
        if (upper && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (!upper && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        buffer_append_char(out, c);
    }
}

static bool small_letters_key(buffer *out, text typed)
{
    append_ascii_case(out, text_trim(typed), false);
    return true;
}

static bool capital_letters_key(buffer *out, text typed)
{
    append_ascii_case(out, text_trim(typed), true);
    return true;
}

static const key_place oclc_keys[] = { { MARC_KEY_OCLC, "035a", number_oclc_typed }, { 0, NULL, NULL } };
static const key_place oclc_all_keys[] = { { MARC_KEY_OCLC, "", number_oclc_typed }, { 0, NULL, NULL } };
static const key_place system_keys[] = { { MARC_KEY_SYSTEM, "", number_system_key }, { 0, NULL, NULL } };
static const key_place source_keys[] = { { MARC_KEY_SYSTEM, "035a", number_system_key }, { 0, NULL, NULL } };
static const key_place isbn_keys[] = { { MARC_KEY_ISBN, "", isbn_key }, { 0, NULL, NULL } };
static const key_place issn_keys[] = { { MARC_KEY_ISSN, "", issn_key }, { 0, NULL, NULL } };
static const key_place lccn_keys[] = { { MARC_KEY_LCCN, "", number_lccn_key }, { 0, NULL, NULL } };
static const key_place language_keys[] = { { IDENTIFIER_LANGUAGE, "", small_letters_key }, { 0, NULL, NULL } };
static const key_place type_keys[] = { { IDENTIFIER_TYPE, "", small_letters_key }, { 0, NULL, NULL } };
static const key_place vocabulary_keys[] = { { IDENTIFIER_VOCABULARY, "", small_letters_key }, { 0, NULL, NULL } };
static const key_place standard_keys[] = {
    { MARC_KEY_ISBN, "", isbn_key },
    { MARC_KEY_ISSN, "", issn_key },
    { MARC_KEY_CODEN, "", capital_letters_key },
    { IDENTIFIER_STANDARD, "", small_letters_key },
    { 0, NULL, NULL },
};

static const search_index indexes[] = {
    { "kw", "Keywords", true, 'w', '*' },
    { "ti", "Title", true, 'w', 'b' },
    { "au", "Creator", true, 'w', 'b' },
    { "mms", "MMS ID", true, 'k', '*' },
    { "oclc", "OCLC Control Number (035a)", true, 'k', 'b' },
    { "oclcz", "OCLC Control Number (035a+z), (019)", true, 'k', 'b' },
    { "sysno", "Other System Number", true, 'k', '*' },
    { "isbn", "ISBN", true, 'k', 'b' },
    { "issn", "ISSN", true, 'k', 'b' },
    { "stdno", "Standard Number", true, 'k', 'b' },
    { "lccn", "LCCN", true, 'k', '*' },
    { "bc", "Barcode", true, 'k', 'b' },
    { "cn", "Permanent call number", true, 'e', 'b' },
    { "pub", "Publisher", true, 'w', 'b' },
    { "pl", "Place of publication", false, 'w', 'b' },
    { "yr", "Year", false, 'n', 'b' },
    { "su", "Subjects", true, 'w', 'b' },
    { "se", "Series", true, 'w', 'b' },
    { "n", "Notes", true, 'w', '*' },
    { "l9xx", "Local fields 9XX", true, 'w', '*' },
    { "lang", "Language", false, 'c', 'b' },
    { "type", "Material type", false, 'c', '*' },
    { "sync", "Tag Sync External Catalog", false, 'c', 'b' },
    { "supp", "Tag Suppressed", false, 'c', 'b' },
    { "brief", "Brief level", false, 'n', 'b' },
    { "clevel", "Cataloging level", false, 'n', '*' },
    { "osys", "Originating system", false, 'e', '*' },
    { "osysid", "Originating system ID", false, 'k', '*' }, /* import puts it into 035 $a: (agency)number */
    { "cdate", "Creation date", false, 'n', '*' },
    { "mdate", "Modification date", false, 'n', '*' },
    { "cby", "Created by", false, 'e', '*' },
    { "mby", "Modified by", false, 'e', '*' },
    { "lib", "Library", false, 'c', 'b' },
    { "loc", "Location", false, 'c', 'b' },
    { "has", "Inventory present", false, 'c', 'b' },
    { "set", "Set", false, 'e', '*' },
    { "hd", "Heading (1XX)", true, 'w', 'a' },
    { "sf", "See from (4XX)", true, 'w', 'a' },
    { "sa", "See also (5XX)", true, 'w', 'a' },
    { "voc", "Vocabulary", false, 'c', 'a' },
};

/* Each local field is an index of its own (SE-21); "l9xx" is all of them. */
#define LOCAL_FIELD(tens, ones)                                                                                                  \
    {                                                                                                                            \
        "l9" tens ones, "Local field 9" tens ones, false, 'w', '*'                                                               \
    }
#define LOCAL_FIELDS(tens)                                                                                                       \
    LOCAL_FIELD(tens, "0"), LOCAL_FIELD(tens, "1"), LOCAL_FIELD(tens, "2"), LOCAL_FIELD(tens, "3"), LOCAL_FIELD(tens, "4"),      \
        LOCAL_FIELD(tens, "5"), LOCAL_FIELD(tens, "6"), LOCAL_FIELD(tens, "7"), LOCAL_FIELD(tens, "8"), LOCAL_FIELD(tens, "9")
static const search_index local_fields[] = {
    LOCAL_FIELDS("0"), LOCAL_FIELDS("1"), LOCAL_FIELDS("2"), LOCAL_FIELDS("3"), LOCAL_FIELDS("4"),
    LOCAL_FIELDS("5"), LOCAL_FIELDS("6"), LOCAL_FIELDS("7"), LOCAL_FIELDS("8"), LOCAL_FIELDS("9"),
};
static const index_origin local_origin = { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_OF_FIELD };

static const index_origin origins[] = {
    /* in the same order */
    { .source = FROM_WORDS },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_TITLE },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_CREATOR },
    { .source = FROM_MMS, .find = SQL_FIND_MMS },
    { .source = FROM_KEYS, .keys = oclc_keys },
    { .source = FROM_KEYS, .keys = oclc_all_keys },
    { .source = FROM_KEYS, .keys = system_keys },
    { .source = FROM_KEYS, .keys = isbn_keys },
    { .source = FROM_KEYS, .keys = issn_keys },
    { .source = FROM_KEYS, .keys = standard_keys },
    { .source = FROM_KEYS, .keys = lccn_keys },
    { .source = FROM_BARCODE, .find = SQL_FIND_ITEM_BARCODE },
    { .source = FROM_CALL_NUMBER, .find = SQL_FIND_CALL_NUMBER },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_PUBLISHER },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_PLACE },
    { .source = FROM_YEAR, .column = POSTING_YEAR },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_SUBJECT },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_SERIES },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_NOTES },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_LOCAL },
    { .source = FROM_KEYS, .keys = language_keys },
    { .source = FROM_KEYS, .keys = type_keys },
    { .source = FROM_SYNC, .column = POSTING_SYNC },
    { .source = FROM_FLAG, .column = POSTING_SUPPRESSED },
    { .source = FROM_LEVEL, .column = POSTING_BRIEF_LEVEL },
    { .source = FROM_LEVEL, .column = POSTING_CATALOGING_LEVEL },
    { .source = FROM_NAME, .column = POSTING_ORIGINATING_SYSTEM },
    { .source = FROM_KEYS, .keys = source_keys },
    { .source = FROM_TIME, .column = POSTING_ORDER_CREATED },
    { .source = FROM_TIME, .column = POSTING_ORDER_MODIFIED },
    { .source = FROM_NAME, .column = POSTING_CREATED_BY },
    { .source = FROM_NAME, .column = POSTING_MODIFIED_BY },
    { .source = FROM_HOLDINGS, .find = SQL_FIND_LIBRARY },
    { .source = FROM_HOLDINGS, .find = SQL_FIND_LOCATION },
    { .source = FROM_INVENTORY, .column = POSTING_INVENTORY },
    { .source = FROM_SET },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_TITLE },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_CREATOR },
    { .source = FROM_WORDS, .column = POSTING_WORDS + WORDS_SUBJECT },
    { .source = FROM_KEYS, .keys = vocabulary_keys },
};
_Static_assert(sizeof indexes / sizeof *indexes == sizeof origins / sizeof *origins, "one origin for each index");

const search_index *repo_search_indexes(size_t *count)
{
    *count = sizeof indexes / sizeof *indexes;
    return indexes;
}

const search_index *repo_search_index(const char *code)
{
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        if (strcmp(indexes[i].code, code) == 0)
            return &indexes[i];
    for (size_t i = 0; i < sizeof local_fields / sizeof *local_fields; i++)
        if (strcmp(local_fields[i].code, code) == 0)
            return &local_fields[i];
    return NULL;
}

bool repo_search_offers(search_type type, const search_index *index)
{
    return index->records == '*' || (index->records == 'a') == (type == SEARCH_AUTHORITIES);
}

const char *search_field_of(const search_index *index)
{
    const bool local = index >= local_fields && index < local_fields + sizeof local_fields / sizeof *local_fields;
    return local ? index->code + 1 : NULL;
}

const index_origin *index_origin_of(const search_index *index)
{
    if (search_field_of(index) != NULL)
        return &local_origin;
    assert(index >= indexes && index < indexes + sizeof indexes / sizeof *indexes && "indexes come from repo_search_index");
    return &origins[index - indexes];
}

void barcode_key(buffer *out, text typed)
{
    for (size_t i = 0; i < typed.length; i++)
        if (typed.bytes[i] != ' ' && typed.bytes[i] != '\t')
            append_ascii_case(out, text_of(typed.bytes + i, 1), true);
}

/* "ML410.B41 F679 1998" and "ML 410 .B41 F679 1998" give "ML 00410 B41 F679 1998": the class number stands padded, so that
 * it sorts as a number; its decimals and the Cutters follow as they are, which is how fractions sort. */
void shelf_key(buffer *out, text call_number)
{
    enum { CLASS_DIGITS = 5 };
    buffer folded;
    size_t at = 0;
    buffer_init(&folded, 0);
    utf8_index_form(&folded, call_number);
    text all = buffer_text(&folded);
    const size_t start = out->length;
    for (; at < all.length && (all.bytes[at] < '0' || all.bytes[at] > '9'); at++)
        if (all.bytes[at] != ' ')
            append_ascii_case(out, text_of(all.bytes + at, 1), true);
    size_t digits = 0;
    while (at + digits < all.length && all.bytes[at + digits] >= '0' && all.bytes[at + digits] <= '9')
        digits++;
    if (digits > 0) {
        if (out->length > start)
            buffer_append_char(out, ' ');
        for (size_t i = digits; i < CLASS_DIGITS; i++)
            buffer_append_char(out, '0');
        buffer_append(out, all.bytes + at, digits);
        at += digits;
    }
    if (at < all.length && all.bytes[at] != ' ')
        buffer_append_char(out, ' ');
    append_ascii_case(out, text_of(all.bytes + at, all.length - at), true);
    out->failed = out->failed || buffer_failed(&folded);
    buffer_release(&folded);
}
