/* src/repo/headings.c - names, subjects, series, titles and call numbers of a record, as they stand in a browse list.
 *
 * A heading is what identifies it: no relators, no links, no volume. Its key is folded like all else that is searched, so
 * that two spellings of one heading stand together; a call number's key sorts as on the shelf. A field in another script
 * (880) is a heading of the kind of the field it belongs to. @spec editor.md ED-115, ED-120 */
#include "headings.h"
#include "search.h"
#include "recto/base/utf8.h"
#include <string.h>

typedef struct heading_rule {
    const char *tag; /* X is any digit */
    const char *codes;
    unsigned column;
    char nonfiling; /* indicator that counts the characters of a leading article; 0 none */
} heading_rule;

#define NAME_CODES    "abcdgjq"
#define MEETING_CODES "acdengq"
#define TITLE_CODES   "afgklmnoprst"

static const heading_rule heading_rules[] = {
    { "100", NAME_CODES, POSTING_HEADING_NAME, 0 },
    { "110", "abcdgn", POSTING_HEADING_NAME, 0 },
    { "111", MEETING_CODES, POSTING_HEADING_NAME, 0 },
    { "700", NAME_CODES, POSTING_HEADING_NAME, 0 },
    { "710", "abcdgn", POSTING_HEADING_NAME, 0 },
    { "711", MEETING_CODES, POSTING_HEADING_NAME, 0 },
    { "720", "a", POSTING_HEADING_NAME, 0 },
    { "6XX", "abcdfghjklmnopqrstvxyz", POSTING_HEADING_SUBJECT, 0 },
    { "440", "anp", POSTING_HEADING_SERIES, '2' },
    { "490", "a", POSTING_HEADING_SERIES, 0 },
    { "800", "abcdfghjklmnopqrst", POSTING_HEADING_SERIES, 0 },
    { "810", "abcdfghklmnoprst", POSTING_HEADING_SERIES, 0 },
    { "811", "acdefghklnpqst", POSTING_HEADING_SERIES, 0 },
    { "830", TITLE_CODES, POSTING_HEADING_SERIES, '2' },
    { "130", TITLE_CODES, POSTING_HEADING_TITLE, '1' },
    { "240", TITLE_CODES, POSTING_HEADING_TITLE, '2' },
    { "245", "abnp", POSTING_HEADING_TITLE, '2' },
    { "246", "abnp", POSTING_HEADING_TITLE, 0 },
    { "247", "abnp", POSTING_HEADING_TITLE, 0 },
    { "730", TITLE_CODES, POSTING_HEADING_TITLE, '1' },
    { "740", "anp", POSTING_HEADING_TITLE, '1' },
    { "050", "ab", POSTING_CALL_NUMBER, 0 },
    { "060", "ab", POSTING_CALL_NUMBER, 0 },
    { "082", "ab", POSTING_CALL_NUMBER, 0 },
    { "090", "ab", POSTING_CALL_NUMBER, 0 },
};

typedef struct heading_work {
    buffer shown, key;
    size_t field;
    bool (*visit)(void *context, const heading *heading);
    void *context;
    bool memory_short; /* a heading was left out */
} heading_work;

static size_t skipped_bytes(const marc_field *field, char nonfiling, text value)
{
    size_t at = 0;
    char digit = nonfiling != 0 ? marc_field_indicator(field, nonfiling - '0') : '0';
    for (int left = digit >= '1' && digit <= '9' ? digit - '0' : 0; left > 0 && at < value.length; left--) {
        int32_t code;
        at += utf8_decode(value.bytes + at, value.length - at, &code);
    }
    return at < value.length ? at : 0;
}

static void cut_key(buffer *key)
{
    size_t length = key->length;
    if (length <= INDEX_TERM_BYTES_MAX)
        return;
    for (length = INDEX_TERM_BYTES_MAX; length > 0 && ((unsigned char)key->bytes[length] & 0xC0) == 0x80; length--)
        ;
    key->length = length;
    key->bytes[length] = '\0';
}

unsigned heading_column(browse_kind kind)
{
    static const unsigned columns[] = {
        [BROWSE_NAMES] = POSTING_HEADING_NAME,       [BROWSE_SUBJECTS] = POSTING_HEADING_SUBJECT,
        [BROWSE_SERIES] = POSTING_HEADING_SERIES,    [BROWSE_TITLES] = POSTING_HEADING_TITLE,
        [BROWSE_CALL_NUMBERS] = POSTING_CALL_NUMBER, [BROWSE_SHELF] = POSTING_CALL_NUMBER,
    };
    return columns[kind];
}

void heading_key(buffer *out, unsigned column, text typed)
{
    if (column == POSTING_CALL_NUMBER)
        shelf_key(out, typed);
    else
        utf8_index_form(out, typed);
    if (!buffer_failed(out))
        cut_key(out);
}

/* Punctuation that only leads to what follows says nothing at the end of a heading. */
static void trim_end(buffer *shown)
{
    while (shown->length > 0 && strchr(" ,;:/=", shown->bytes[shown->length - 1]) != NULL)
        shown->bytes[--shown->length] = '\0';
}

static bool give(heading_work *work, const heading_rule *rule, const char *tag)
{
    heading heading = { .column = rule->column, .field = work->field };
    trim_end(&work->shown);
    buffer_clear(&work->key);
    heading_key(&work->key, rule->column, buffer_text(&work->shown));
    heading.key = buffer_text(&work->key);
    heading.shown = buffer_text(&work->shown);
    memcpy(heading.tag, tag, sizeof heading.tag);
    work->memory_short = work->memory_short || buffer_failed(&work->shown) || buffer_failed(&work->key);
    bool go_on = heading.key.length == 0 || work->memory_short || work->visit(work->context, &heading);
    buffer_clear(&work->shown);
    return go_on;
}

static const char *border(const heading_rule *rule, char code)
{
    if (rule->column == POSTING_HEADING_SUBJECT && strchr("vxyz", code) != NULL)
        return " -- ";
    return " ";
}

/* A name stops where a work of its author begins; a call number begins anew with every $a. */
static bool visit_field(heading_work *work, const marc_field *field, const heading_rule *rule, const char *tag)
{
    marc_subfield subfield;
    size_t offset = 0;
    bool go_on = true;
    buffer_clear(&work->shown);
    while (go_on && marc_field_next_subfield(field, &offset, &subfield)) {
        if (rule->column == POSTING_HEADING_NAME && subfield.code == 't')
            break;
        if (subfield.code == '\0' || strchr(rule->codes, subfield.code) == NULL)
            continue;
        if (rule->column == POSTING_CALL_NUMBER && subfield.code == 'a' && work->shown.length > 0)
            go_on = give(work, rule, tag);
        size_t skip = work->shown.length == 0 ? skipped_bytes(field, rule->nonfiling, subfield.value) : 0;
        if (work->shown.length > 0)
            buffer_append_string(&work->shown, border(rule, subfield.code));
        buffer_append(&work->shown, subfield.value.bytes + skip, subfield.value.length - skip);
    }
    work->memory_short = work->memory_short || buffer_failed(&work->shown);
    return go_on && work->shown.length > 0 ? give(work, rule, tag) : go_on;
}

static bool byte_matches(char pattern, char byte)
{
    return pattern == byte || (pattern == 'X' && byte >= '0' && byte <= '9');
}

/* The first digit is the same. */
static bool is_for(const heading_rule *rule, const char *tag)
{
    return byte_matches(rule->tag[1], tag[1]) && byte_matches(rule->tag[2], tag[2]);
}

enum { DIGITS = 10 };
_Static_assert(sizeof heading_rules / sizeof *heading_rules <= 32, "a rule is a bit");

/* A bit for each rule whose tag begins with the digit. */
static void rules_by_digit(uint32_t out[static DIGITS])
{
    for (size_t i = 0; i < sizeof heading_rules / sizeof *heading_rules; i++)
        out[heading_rules[i].tag[0] - '0'] |= UINT32_C(1) << i;
}

bool index_headings(const marc_record *record, bool (*visit)(void *context, const heading *heading), void *context)
{
    heading_work work = { .visit = visit, .context = context };
    uint32_t rules[DIGITS] = { 0 };
    bool go_on = true;
    buffer_init(&work.shown, 0);
    buffer_init(&work.key, 0);
    rules_by_digit(rules);
    for (size_t i = 0; i < marc_record_count(record) && go_on; i++) {
        char tag[MARC_TAG_LENGTH + 1];
        const marc_field *field = marc_record_field(record, i);
        if (marc_tag_is_control(field->tag))
            continue;
        index_tag(tag, field);
        work.field = i;
        const unsigned digit = (unsigned char)tag[0] - '0';
        for (uint32_t left = digit < DIGITS ? rules[digit] : 0; left != 0 && go_on; left &= left - 1) {
            const heading_rule *rule = &heading_rules[__builtin_ctz(left)];
            if (is_for(rule, tag))
                go_on = visit_field(&work, field, rule, tag);
        }
    }
    buffer_release(&work.shown);
    buffer_release(&work.key);
    return !work.memory_short;
}
