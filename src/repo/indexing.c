/* src/repo/indexing.c - what search finds a record by: words a column, identifier keys, languages and types.
 *
 * All of it is a function of the record alone, so that `recto check --full` can make it again and compare. Words are folded
 * by base/utf8.h, the same way for records and queries. Scripts written without blanks (Han, kana, and Hangul; Thai, Lao,
 * Burmese, Khmer) are cut into single characters, and a query in them is a phrase: so any fragment of a Japanese title finds
 * its record. A field with an article cut short before a vowel ("L'homme", "Dell'arte", "O'Brien") is there a second time with
 * the word on its own: folding makes one word of both, and people type either.
 * Each field's text is followed by tokens of its own for its first and its last word, `<INDEX_FIRST>word` before and
 * `word<INDEX_LAST>` behind: they make "starts with" and "equals" phrases like any other, and keep a phrase from running
 * over the end of a field. A title with a leading article is there a second time without it (SE-31). */
#include "authority_headings.h"
#include "store.h"
#include "recto/base/utf8.h"
#include "recto/marc/tables.h"
#include "recto/marc/title_keys.h"
#include "recto/repo/links.h"
#include <string.h>

/* ---- which subfields feed which index (search.md section 2) ---------------------------------------------------------- */

typedef struct word_rule {
    const char *tag;   /* X is any digit */
    const char *codes; /* NULL: all that hold words */
    enum word_column column;
    char nonfiling; /* indicator that counts the characters of a leading article, '1' or '2'; 0 none */
} word_rule;

static const word_rule word_rules[] = {
    { "245", "abdefghijklmnopqrstuvwxyz", WORDS_TITLE, '2' },
    { "245", "c", WORDS_REST, 0 },
    { "130", NULL, WORDS_TITLE, '1' },
    { "240", NULL, WORDS_TITLE, '2' },
    { "246", NULL, WORDS_TITLE, 0 },
    { "247", NULL, WORDS_TITLE, 0 },
    { "242", NULL, WORDS_TITLE, '2' },
    { "210", NULL, WORDS_TITLE, 0 },
    { "222", NULL, WORDS_TITLE, '2' },
    { "730", NULL, WORDS_TITLE, '1' },
    { "740", NULL, WORDS_TITLE, '1' },
    { "4XX", "at", WORDS_TITLE, 0 },
    { "800", "t", WORDS_TITLE, 0 },
    { "810", "t", WORDS_TITLE, 0 },
    { "811", "t", WORDS_TITLE, 0 },
    { "830", "a", WORDS_TITLE, '2' },
    { "70X", "t", WORDS_TITLE, 0 },
    { "71X", "t", WORDS_TITLE, 0 },
    { "76X", "t", WORDS_TITLE, 0 },
    { "77X", "t", WORDS_TITLE, 0 },
    { "78X", "t", WORDS_TITLE, 0 },
    { "100", NULL, WORDS_CREATOR, 0 },
    { "110", NULL, WORDS_CREATOR, 0 },
    { "111", NULL, WORDS_CREATOR, 0 },
    { "700", NULL, WORDS_CREATOR, 0 },
    { "710", NULL, WORDS_CREATOR, 0 },
    { "711", NULL, WORDS_CREATOR, 0 },
    { "720", NULL, WORDS_CREATOR, 0 },
    { "6XX", "abcdefghijklmnopqrstvxyz", WORDS_SUBJECT, 0 }, /* $x is a subdivision */
    { "4XX", NULL, WORDS_SERIES, 0 },
    { "800", NULL, WORDS_SERIES, 0 },
    { "810", NULL, WORDS_SERIES, 0 },
    { "811", NULL, WORDS_SERIES, 0 },
    { "830", NULL, WORDS_SERIES, '2' },
    { "260", "bf", WORDS_PUBLISHER, 0 },
    { "264", "b", WORDS_PUBLISHER, 0 },
    { "260", "ae", WORDS_PLACE, 0 },
    { "264", "a", WORDS_PLACE, 0 },
    { "26X", "cg", WORDS_REST, 0 },
    { "5XX", NULL, WORDS_NOTES, 0 },
    { "9XX", NULL, WORDS_LOCAL, 0 },
    { "9XX", NULL, WORDS_OF_FIELD, 0 },
    { "25X", NULL, WORDS_REST, 0 },
    { "30X", NULL, WORDS_REST, 0 },
    { "31X", NULL, WORDS_REST, 0 },
    { "32X", NULL, WORDS_REST, 0 },
    { "34X", NULL, WORDS_REST, 0 },
    { "36X", NULL, WORDS_REST, 0 },
    { "38X", NULL, WORDS_REST, 0 },
    { "75X", NULL, WORDS_REST, 0 },
    { "76X", "abcdgiklmnprs", WORDS_REST, 0 },
    { "77X", "abcdgiklmnprs", WORDS_REST, 0 },
    { "78X", "abcdgiklmnprs", WORDS_REST, 0 },
    { "85X", "yz3", WORDS_REST, 0 },
};

#define AUTHORITY_CODES "abcdefghjklmnopqrstvxyz" /* $x is a subdivision, $w a control code */
/* Of authority records: the heading, what it is seen from, what to see also, notes. */
static const word_rule authority_rules[] = {
    { "1XX", AUTHORITY_CODES, WORDS_TITLE, 0 },
    { "4XX", AUTHORITY_CODES, WORDS_CREATOR, 0 },
    { "5XX", AUTHORITY_CODES, WORDS_SUBJECT, 0 },
    { "6XX", NULL, WORDS_NOTES, 0 },
    { "9XX", NULL, WORDS_LOCAL, 0 },
    { "9XX", NULL, WORDS_OF_FIELD, 0 },
    { "3XX", NULL, WORDS_REST, 0 },
    { "26X", NULL, WORDS_REST, 0 },
    { "05X", NULL, WORDS_REST, 0 },
    { "7XX", NULL, WORDS_REST, 0 },
};

/* Links, sources, authority numbers, relator codes, ISSNs: not words anybody reads. */
static const char coded_subfields[] = "012345678wux";

/* ---- folding ---------------------------------------------------------------------------------------------------------- */

static bool stands_alone(int32_t code)
{
    return (code >= 0x1100 && code <= 0x11FF) || (code >= 0x2E80 && code <= 0x2FDF) || (code >= 0x3005 && code <= 0x3007) ||
           (code >= 0x3040 && code <= 0x30FF && code != 0x3099 && code != 0x309A) || (code >= 0x31F0 && code <= 0x31FF) ||
           (code >= 0x0E00 && code <= 0x0EFF) || (code >= 0x1000 && code <= 0x109F) || (code >= 0x1780 && code <= 0x17FF) ||
           (code >= 0x3400 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0x20000 && code <= 0x3FFFF);
}

static bool all_ascii(text bytes)
{
    size_t at = 0;
    for (uint64_t eight; at + sizeof eight <= bytes.length; at += sizeof eight) {
        memcpy(&eight, bytes.bytes + at, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0)
            return false;
    }
    for (; at < bytes.length; at++)
        if ((unsigned char)bytes.bytes[at] >= 0x80)
            return false;
    return true;
}

/* Copies folded text with blanks around every character that stands alone; a voicing mark stays with its kana. */
static void append_cut(buffer *out, text folded)
{
    bool alone_before = false;
    const size_t start = out->length;
    for (size_t at = 0; at < folded.length;) {
        int32_t code;
        size_t length = utf8_decode(folded.bytes + at, folded.length - at, &code);
        bool mark = code == 0x3099 || code == 0x309A, alone = stands_alone(code);
        bool blank_before = out->length == start || out->bytes[out->length - 1] == ' ';
        if ((alone || (alone_before && !mark)) && !blank_before && code != ' ')
            buffer_append_char(out, ' ');
        if (code != INDEX_FIRST_CODE && code != INDEX_LAST_CODE) /* ours alone: no record may forge an edge */
            buffer_append(out, folded.bytes + at, length);
        alone_before = alone || (alone_before && mark);
        at += length;
    }
}

void index_fold(buffer *out, buffer *scratch, text typed)
{
    if (all_ascii(typed)) { /* nothing stands alone */
        utf8_index_form(out, typed);
        return;
    }
    buffer_clear(scratch);
    utf8_index_form(scratch, typed);
    append_cut(out, buffer_text(scratch));
    out->failed = out->failed || buffer_failed(scratch);
}

/* ---- words ------------------------------------------------------------------------------------------------------------ */

/* Which rules a tag asks for and which subfields a rule: worked out once, and kept with the buffers of whoever indexes. */
enum { RULES_MAX = 64, TAGS = 1000 };
typedef struct rule_table {
    const word_rule *rules;
    size_t count;
    uint64_t of_tag[TAGS];               /* a bit for each rule; of tags that are three digits */
    uint64_t codes[RULES_MAX][256 / 64]; /* a bit for each subfield code */
} rule_table;
_Static_assert(sizeof word_rules / sizeof *word_rules <= RULES_MAX, "a rule is a bit");
_Static_assert(sizeof authority_rules / sizeof *authority_rules <= RULES_MAX, "a rule is a bit");

static bool is_asked(const rule_table *table, const word_rule *rule, char code)
{
    const unsigned char at = (unsigned char)code;
    return table->codes[rule - table->rules][at >> 6] >> (at & 63) & 1;
}

static void fill_codes(uint64_t out[static 256 / 64], const char *codes)
{
    for (unsigned code = 1; code < 256; code++)
        if (codes == NULL ? strchr(coded_subfields, (int)code) == NULL : strchr(codes, (int)code) != NULL)
            out[code >> 6] |= UINT64_C(1) << (code & 63);
}

static uint64_t rules_asked(const rule_table *table, const char *tag)
{
    uint64_t asked = 0;
    for (size_t i = 0; i < table->count; i++)
        if (marc_tag_matches(tag, table->rules[i].tag))
            asked |= UINT64_C(1) << i;
    return asked;
}

static void fill_table(rule_table *table, bool authority)
{
    memset(table, 0, sizeof *table);
    table->rules = authority ? authority_rules : word_rules;
    table->count = authority ? sizeof authority_rules / sizeof *authority_rules : sizeof word_rules / sizeof *word_rules;
    for (unsigned tag = 0; tag < TAGS; tag++) {
        const char digits[] = { (char)('0' + tag / 100), (char)('0' + tag / 10 % 10), (char)('0' + tag % 10), '\0' };
        table->of_tag[tag] = rules_asked(table, digits);
    }
    for (size_t i = 0; i < table->count; i++)
        fill_codes(table->codes[i], table->rules[i].codes);
}

/* NULL: no memory */
static const rule_table *table_in(buffer *kept, bool authority)
{
    rule_table *tables = (rule_table *)(void *)kept->bytes;
    if (kept->length == 0) {
        buffer_clear(kept); /* a time before there may have been no memory */
        tables = (rule_table *)(void *)buffer_reserve(kept, 2 * sizeof *tables);
        if (tables == NULL)
            return NULL;
        fill_table(&tables[0], false);
        fill_table(&tables[1], true);
        buffer_grow(kept, 2 * sizeof *tables);
    }
    return &tables[authority];
}

static uint64_t rules_of(const rule_table *table, const char *tag)
{
    const unsigned a = (unsigned char)tag[0] - '0', b = (unsigned char)tag[1] - '0', c = (unsigned char)tag[2] - '0';
    return a < 10 && b < 10 && c < 10 ? table->of_tag[a * 100 + b * 10 + c] : rules_asked(table, tag);
}

typedef struct word_writer {
    buffer *joined, *scratch, *folded, *edge;
    const rule_table *table;
    const word_rule *rule;
    const char *tag; /* of the field */
    word_visit visit;
    void *context;
    bool failed;
} word_writer;

/* A word as part of a term. */
static void visit_edge(word_writer *writer, text before, text word, text behind)
{
    const text tag = writer->rule->column == WORDS_OF_FIELD ? text_of(writer->tag, MARC_TAG_LENGTH) : TEXT("");
    const text pieces[] = { tag, before, word, behind };
    const size_t length = tag.length + before.length + word.length + behind.length;
    buffer_clear(writer->edge);
    char *const room = buffer_reserve(writer->edge, length), *at = room;
    if (room == NULL) {
        writer->failed = true;
        return;
    }
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; at += pieces[i++].length)
        memcpy(at, pieces[i].bytes, pieces[i].length);
    writer->visit(writer->context, writer->rule->column, text_of(room, length));
}

/* "a b c" is visited as "<first>a a b c c<last>". */
static void visit_words(word_writer *writer, text words)
{
    const bool edges = writer->rule->column != WORDS_REST;
    const char *at = words.bytes, *const end = words.bytes + words.length;
    text word = { at, 0 };
    for (bool first = true; at < end; first = false, at = word.bytes + word.length + 1) {
        const char *blank = memchr(at, ' ', (size_t)(end - at));
        word = text_of(at, (size_t)((blank != NULL ? blank : end) - at));
        if (first && edges)
            visit_edge(writer, TEXT(INDEX_FIRST), word, TEXT(""));
        if (word.length > 0 && writer->rule->column == WORDS_OF_FIELD)
            visit_edge(writer, TEXT(""), word, TEXT(""));
        else if (word.length > 0)
            writer->visit(writer->context, writer->rule->column, word);
    }
    if (edges)
        visit_edge(writer, TEXT(""), word, TEXT(INDEX_LAST));
}

/* Bytes of a leading article, as the indicator counts its characters; 0 when there is none or it is nonsense. */
static size_t article_length(const marc_field *field, char nonfiling, text value)
{
    size_t at = 0;
    char digit = marc_field_indicator(field, nonfiling - '0');
    if (digit < '1' || digit > '9')
        return 0;
    for (int left = digit - '0'; left > 0 && at < value.length; left--) {
        int32_t code;
        at += utf8_decode(value.bytes + at, value.length - at, &code);
    }
    return at < value.length ? at : 0;
}

static void append_subfields(word_writer *writer, const marc_field *field, bool without_article)
{
    buffer *joined = writer->joined;
    marc_subfield subfield;
    size_t offset = 0;
    bool first = true;
    while (marc_field_next_subfield(field, &offset, &subfield)) {
        if (!is_asked(writer->table, writer->rule, subfield.code))
            continue;
        size_t skip = first && without_article ? article_length(field, writer->rule->nonfiling, subfield.value) : 0;
        if (joined->length > 0)
            buffer_append_char(joined, ' ');
        buffer_append(joined, subfield.value.bytes + skip, subfield.value.length - skip);
        first = false;
    }
}

/* ---- articles that are cut short ---- */

/* Not "t": Wade-Giles writes T'ang. */
static const char *const cut_articles[] = { "l",   "d",    "c",    "j",    "m",    "n",     "s",     "o",      "qu",    "un",
                                            "all", "dell", "dall", "nell", "sull", "quell", "jusqu", "lorsqu", "puisqu" };

static bool is_ascii_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Does such an article end here, and a word follow it at `behind`? */
static bool article_ends(text whole, size_t at, size_t behind)
{
    size_t start = at;
    while (start > 0 && is_ascii_letter(whole.bytes[start - 1]))
        start--;
    if (start == at || behind >= whole.length || (start > 0 && (unsigned char)whole.bytes[start - 1] >= 0x80) ||
        (!is_ascii_letter(whole.bytes[behind]) && (unsigned char)whole.bytes[behind] < 0x80))
        return false;
    for (size_t i = 0; i < sizeof cut_articles / sizeof *cut_articles; i++)
        if (text_equal_ascii_case(text_of(whole.bytes + start, at - start), text_from(cut_articles[i])))
            return true;
    return false;
}

/* Puts a blank in place of the apostrophe behind each of them. @return false: there is none, and nothing was changed */
static bool part_articles(buffer *joined)
{
    static const char curved[] = "\xE2\x80\x99"; /* U+2019 */
    const text whole = buffer_text(joined);
    bool parted = false;
    if (memchr(whole.bytes, '\'', whole.length) == NULL && memchr(whole.bytes, 0xE2, whole.length) == NULL)
        return false;
    for (size_t at = 0; at < whole.length; at++) {
        const bool is_curved = whole.length - at >= 3 && memcmp(whole.bytes + at, curved, 3) == 0;
        const size_t length = is_curved ? 3 : 1;
        if ((!is_curved && whole.bytes[at] != '\'') || !article_ends(whole, at, at + length))
            continue;
        memset(joined->bytes + at, ' ', length);
        parted = true;
    }
    return parted;
}

static void fold_and_visit(word_writer *writer)
{
    buffer_clear(writer->folded);
    index_fold(writer->folded, writer->scratch, buffer_text(writer->joined));
    writer->failed = writer->failed || buffer_failed(writer->folded);
    if (writer->folded->length > 0)
        visit_words(writer, buffer_text(writer->folded));
}

static void append_words(word_writer *writer, const marc_field *field, bool without_article)
{
    buffer_clear(writer->joined);
    append_subfields(writer, field, without_article);
    writer->failed = writer->failed || buffer_failed(writer->joined);
    if (writer->joined->length == 0)
        return;
    fold_and_visit(writer);
    if (!without_article && part_articles(writer->joined))
        fold_and_visit(writer);
}

static void apply_rule(word_writer *writer, const marc_field *field)
{
    const char nonfiling = writer->rule->nonfiling;
    text value = { NULL, 0 };
    append_words(writer, field, false);
    if (nonfiling != 0 && marc_field_subfield(field, 'a', &value) && article_length(field, nonfiling, value) > 0)
        append_words(writer, field, true);
}

void index_tag(char out[static MARC_TAG_LENGTH + 1], const marc_field *field)
{
    text link = { NULL, 0 };
    memcpy(out, field->tag, MARC_TAG_LENGTH + 1);
    if (field->tag[0] == '8' && strcmp(field->tag, "880") == 0 && marc_field_subfield(field, '6', &link) &&
        link.length >= MARC_TAG_LENGTH)
        memcpy(out, link.bytes, MARC_TAG_LENGTH);
}

bool index_words(buffer scratch[static WORDS_SCRATCH], const marc_record *record, word_visit visit, void *context)
{
    const bool authority = marc_family_of(record) == MARC_AUTHORITY;
    word_writer writer = { .joined = &scratch[0],
                           .scratch = &scratch[1],
                           .folded = &scratch[2],
                           .edge = &scratch[3],
                           .table = table_in(&scratch[4], authority),
                           .visit = visit,
                           .context = context };
    if (writer.table == NULL)
        return false;
    for (size_t i = 0; i < marc_record_count(record); i++) {
        char tag[MARC_TAG_LENGTH + 1];
        const marc_field *field = marc_record_field(record, i);
        if (field->tag[0] == '0' && !authority)
            continue;
        index_tag(tag, field);
        writer.tag = tag;
        for (uint64_t rules = rules_of(writer.table, tag); rules != 0; rules &= rules - 1) {
            writer.rule = &writer.table->rules[__builtin_ctzll(rules)];
            apply_rule(&writer, field);
        }
    }
    return !writer.failed;
}

/* ---- identifiers, languages, types ------------------------------------------------------------------------------------- */

typedef struct visitor {
    identifier_visit visit;
    void *context;
} visitor;

static bool visit_key(void *context, const marc_key *key)
{
    const visitor *to = context;
    return to->visit(to->context, (int)key->kind, key->key, key->tag, key->subfield);
}

static bool is_language(text code)
{
    for (size_t i = 0; i < code.length; i++)
        if (code.bytes[i] < 'a' || code.bytes[i] > 'z')
            return false;
    return code.length == 3;
}

/* 008/35-37 and each code of 041 $a, which older records write without a border: $aengfre. */
static void visit_languages(const marc_record *record, const visitor *to)
{
    enum { LANGUAGE = 35, CODE = 3 };
    text fixed = marc_record_control(record, "008");
    if (fixed.length >= LANGUAGE + CODE && is_language(text_of(fixed.bytes + LANGUAGE, CODE)))
        (void)to->visit(to->context, IDENTIFIER_LANGUAGE, text_of(fixed.bytes + LANGUAGE, CODE), "008", ' ');
    for (size_t i = marc_record_find(record, "041", 0); i != SIZE_MAX; i = marc_record_find(record, "041", i + 1)) {
        marc_subfield subfield;
        size_t offset = 0;
        while (marc_field_next_subfield(marc_record_field(record, i), &offset, &subfield))
            for (size_t at = 0; subfield.code == 'a' && at + CODE <= subfield.value.length; at += CODE)
                if (is_language(text_of(subfield.value.bytes + at, CODE)))
                    (void)to->visit(to->context, IDENTIFIER_LANGUAGE, text_of(subfield.value.bytes + at, CODE), "041", 'a');
    }
}

/* Leader 06-07 as they are ("am"), and the name of the material type in small letters ("book"). */
static void visit_types(const marc_record *record, const visitor *to)
{
    char name[40];
    const char *leader = marc_record_leader(record),
               *material = marc_family_of(record) == MARC_AUTHORITY ? authority_kind(record) : marc_material_type(record);
    size_t length = 0;
    (void)to->visit(to->context, IDENTIFIER_TYPE, text_of(leader + 6, 2), "LDR", ' ');
    for (; material != NULL && material[length] != '\0' && length < sizeof name; length++)
        name[length] = (char)(material[length] >= 'A' && material[length] <= 'Z' ? material[length] + 32 : material[length]);
    if (length > 0)
        (void)to->visit(to->context, IDENTIFIER_TYPE, text_of(name, length), "LDR", ' ');
}

/* 024, 027 and 028 as a person types them: without indicator, source and case. */
static void visit_standard_numbers(const marc_record *record, const visitor *to)
{
    for (size_t i = marc_record_find(record, "02X", 0); i != SIZE_MAX; i = marc_record_find(record, "02X", i + 1)) {
        const marc_field *field = marc_record_field(record, i);
        char key[120];
        marc_subfield subfield;
        size_t offset = 0;
        if (strchr("478", field->tag[2]) == NULL)
            continue;
        while (marc_field_next_subfield(field, &offset, &subfield)) {
            text value = text_trim(subfield.value);
            if ((subfield.code != 'a' && subfield.code != 'z') || value.length == 0 || value.length > sizeof key)
                continue;
            for (size_t at = 0; at < value.length; at++)
                key[at] = (char)(value.bytes[at] >= 'A' && value.bytes[at] <= 'Z' ? value.bytes[at] + 32 : value.bytes[at]);
            (void)to->visit(to->context, IDENTIFIER_STANDARD, text_of(key, value.length), field->tag, subfield.code);
        }
    }
}

static bool has_subfield_w(text content)
{
    const char *const end = content.bytes + content.length;
    for (const char *at = content.bytes; at < end && (at = memchr(at, 'w', (size_t)(end - at))) != NULL; at++)
        if (at > content.bytes && at[-1] == '\x1F')
            return true;
    return false;
}

/* $w that names a record of ours by its MMS ID: whoever is merged or deleted is asked for by these. */
static void visit_links_to_records(const marc_record *record, const visitor *to)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield subfield;
        size_t offset = 0;
        if (marc_tag_is_control(field->tag) || !has_subfield_w(field->content))
            continue;
        while (marc_field_next_subfield(field, &offset, &subfield)) {
            char number[MMS_ID_LENGTH];
            text prefix;
            mms_id id;
            if (subfield.code != 'w' || !repo_link_number(&id, &prefix, subfield.value))
                continue;
            mms_id_format(number, id);
            (void)to->visit(to->context, IDENTIFIER_LINK, text_from(number), field->tag, 'w');
        }
    }
}

/* The list that an authority record belongs to: "naf". */
static void visit_vocabulary(const marc_record *record, const visitor *to)
{
    char vocabulary[sizeof((authority_info *)NULL)->vocabulary];
    authority_vocabulary(vocabulary, sizeof vocabulary, record);
    if (vocabulary[0] != '\0')
        (void)to->visit(to->context, IDENTIFIER_VOCABULARY, text_from(vocabulary), "040", 'f');
}

bool index_identifiers(const marc_record *record, identifier_visit visit, void *context)
{
    const visitor to = { visit, context };
    if (!marc_record_keys(record, visit_key, (void *)&to) || !marc_title_keys(record, visit_key, (void *)&to))
        return false;
    visit_languages(record, &to);
    visit_types(record, &to);
    visit_standard_numbers(record, &to);
    visit_links_to_records(record, &to);
    if (marc_family_of(record) == MARC_AUTHORITY)
        visit_vocabulary(record, &to);
    return true;
}
