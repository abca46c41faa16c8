/* src/marc/title_keys.c - titles and names in the form in which matching compares them. */
#include "recto/marc/title_keys.h"
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

typedef struct title_row {
    const char *tag, *codes;
    marc_title_form form;
    bool non_filing; /* the second indicator counts characters to leave out */
} title_row;

static const title_row rows[] = {
    /* @spec match-merge.md 3.1 */
    { "245", "a", MARC_TITLE_PROPER, true },
    { "245", "abknp", MARC_TITLE_STATEMENT, true },
    { "210", "a", MARC_TITLE_ABBREVIATED, false },
    { "246", "a", MARC_TITLE_VARYING, false },
};

static uint64_t hash_of(text value)
{
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

    for (size_t i = 0; i < value.length; i++)
        hash = (hash ^ (unsigned char)value.bytes[i]) * 1099511628211ULL;
    return hash;
}

/** Leaves out so many characters, and none of the marks that follow them. */
static text without_characters(text value, int skip)
{
    while (skip-- > 0 && value.length > 0) {
        size_t length = utf8_grapheme(value.bytes, value.length);
        value = text_of(value.bytes + length, value.length - length);
    }
    return value;
}

/** Cuts what was appended at `from`; '#' does not occur in normal forms, so that no short key equals a cut one. */
static void cut_key(buffer *out, size_t from)
{
    enum { HASH_BYTES = 17, BEGINNING = MARC_TITLE_KEY_MAX - HASH_BYTES };
    text key = text_of(out->bytes + from, out->length - from);
    size_t end = BEGINNING;
    uint64_t hash;

    if (key.length <= MARC_TITLE_KEY_MAX)
        return;
    hash = hash_of(key);
    while (end > 0 && ((unsigned char)key.bytes[end] & 0xC0) == 0x80)
        end--;
    out->length = from + end;
    buffer_append_format(out, "#%016llx", (unsigned long long)hash);
}

/** @param joined  scratch, and afterwards the value as it stands, without what was skipped */
static bool make_key(buffer *out, buffer *joined, const marc_field *field, const char *codes, int skip)
{
    size_t from = out->length;

    buffer_clear(joined);
    marc_field_join(joined, field, codes);
    out->failed = out->failed || buffer_failed(joined);
    if (buffer_failed(out))
        return false;
    utf8_index_form(out, without_characters(buffer_text(joined), skip));
    if (buffer_failed(out) || out->length == from)
        return false;
    cut_key(out, from);
    return !buffer_failed(out);
}

bool marc_heading_key(buffer *out, const marc_field *field, const char *codes, int skip)
{
    buffer joined;
    bool made;

    buffer_init(&joined, 0);
    made = make_key(out, &joined, field, codes, skip);
    buffer_release(&joined);
    return made;
}

/** The tag that the field stands for: its own, or that of the field an 880 belongs to ($6 245-01). */
static bool tag_stood_for(char out[static MARC_TAG_LENGTH + 1], const marc_field *field)
{
    text link;

    memcpy(out, field->tag, MARC_TAG_LENGTH + 1);
    if (memcmp(field->tag, "880", MARC_TAG_LENGTH) != 0)
        return true;
    if (!marc_field_subfield(field, '6', &link) || link.length < MARC_TAG_LENGTH)
        return false;
    memcpy(out, link.bytes, MARC_TAG_LENGTH);
    return true;
}

static int non_filing(const title_row *row, const marc_field *field)
{
    char count = marc_field_indicator(field, 2);

    return row->non_filing && count >= '1' && count <= '9' ? count - '0' : 0;
}

typedef struct title_walk {
    bool (*visit)(void *context, const marc_title *title);
    void *context;
    buffer key, joined;
    bool memory_short; /* a title was left out */
} title_walk;

static bool visit_field(title_walk *walk, const marc_field *field)
{
    char tag[MARC_TAG_LENGTH + 1];

    if ((field->tag[0] != '2' && field->tag[0] != '8') || !tag_stood_for(tag, field))
        return true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        marc_title title = { .form = rows[i].form, .linked = field->tag[0] == '8' };
        if (memcmp(rows[i].tag, tag, MARC_TAG_LENGTH) != 0)
            continue;
        buffer_clear(&walk->key);
        if (!make_key(&walk->key, &walk->joined, field, rows[i].codes, non_filing(&rows[i], field))) {
            walk->memory_short = walk->memory_short || buffer_failed(&walk->key) || buffer_failed(&walk->joined);
            continue;
        }
        memcpy(title.tag, field->tag, sizeof title.tag);
        title.key = buffer_text(&walk->key);
        title.value = buffer_text(&walk->joined);
        if (!walk->visit(walk->context, &title))
            return false;
    }
    return true;
}

bool marc_titles(const marc_record *record, bool (*visit)(void *context, const marc_title *title), void *context)
{
    title_walk walk = { .visit = visit, .context = context };

    buffer_init(&walk.key, 0);
    buffer_init(&walk.joined, 0);
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (!visit_field(&walk, marc_record_field(record, i)))
            break;
    buffer_release(&walk.key);
    buffer_release(&walk.joined);
    return !walk.memory_short;
}

/* --- keys, each once --- */

typedef struct key_walk {
    bool (*visit)(void *context, const marc_key *key);
    void *context;
    buffer seen; /* hashes of the keys so far, sorted */
    bool memory_short;
} key_walk;

/** Notes the hash. @return false: it was there */
static bool is_new(key_walk *walk, uint64_t hash)
{
    size_t low = 0;
    size_t count = walk->seen.length / sizeof hash;
    size_t high = count;
    uint64_t at;
    char *place;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        memcpy(&at, walk->seen.bytes + middle * sizeof at, sizeof at);
        if (at < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < count && memcmp(walk->seen.bytes + low * sizeof hash, &hash, sizeof hash) == 0)
        return false;
    if (buffer_reserve(&walk->seen, sizeof hash) == NULL) {
        walk->memory_short = true;
        return true;
    }
    place = walk->seen.bytes + low * sizeof hash;
    memmove(place + sizeof hash, place, (count - low) * sizeof hash);
    memcpy(place, &hash, sizeof hash);
    buffer_grow(&walk->seen, sizeof hash);
    return true;
}

static bool visit_title(void *context, const marc_title *title)
{
    key_walk *walk = context;
    marc_key key = { .kind = MARC_KEY_TITLE, .key = title->key, .valid = true, .value = title->value };

    if (!is_new(walk, hash_of(title->key)))
        return true;
    memcpy(key.tag, title->tag, sizeof key.tag);
    key.subfield = title->form == MARC_TITLE_STATEMENT ? ' ' : 'a';
    return walk->visit(walk->context, &key);
}

bool marc_title_keys(const marc_record *record, bool (*visit)(void *context, const marc_key *key), void *context)
{
    key_walk walk = { .visit = visit, .context = context };

    buffer_init(&walk.seen, 0);
    const bool whole = marc_titles(record, visit_title, &walk) && !walk.memory_short;
    buffer_release(&walk.seen);
    return whole;
}
