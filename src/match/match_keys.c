/* src/match/match_keys.c - the keys of a record that a method compares.
 *
 * Numbers are those of marc/standard_numbers and titles those of marc/title_keys, so matching, search and the index cannot
 * disagree about what they are. Keys of hostile records may be many: sets are sorted and searched, never compared each with
 * each. */
#include "match_keys.h"

#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

typedef struct criterion_row {
    criterion criterion;
    marc_key_kind kind;
    const char *tag, *codes; /* keys from elsewhere (019, 001) are for search and do not match */
    bool same_code;          /* $a matches only $a */
} criterion_row;

static const criterion_row criteria[] = {
    /* @spec match-merge.md section 3 */
    { BY_OCLC, MARC_KEY_OCLC, "035", "az", false },         { BY_SYSTEM, MARC_KEY_SYSTEM, "035", "az", false },
    { BY_ISBN, MARC_KEY_ISBN, "020", "az", false },         { BY_ISBN_EXACT, MARC_KEY_ISBN, "020", "az", true },
    { BY_ISSN, MARC_KEY_ISSN, "022", "almyz", false },      { BY_ISSN_EXACT, MARC_KEY_ISSN, "022", "alyz", true },
    { BY_LCCN, MARC_KEY_LCCN, "010", "a", false },          { BY_CODEN, MARC_KEY_CODEN, "030", "a", false },
    { BY_024, MARC_KEY_OTHER_STANDARD, "024", "a", false },
};

typedef struct author_row {
    const char *tag, *codes;
} author_row;

static const author_row authors[] = {
    /* @spec match-merge.md 3.1; the plain fuzzy methods name only the fields, and take the same subfields */
    { "100", "abcdjqu" }, { "110", "abcdenu" },  { "111", "acdenqu" },
    { "700", "abcdjqu" }, { "710", "abcdeinu" }, { "711", "acdeijnqu" },
};

static bool room_for_one(key_set *set)
{
    size_t wanted = set->capacity == 0 ? 16 : set->capacity * 2;
    set_entry *grown = NULL;

    if (set->count < set->capacity)
        return true;
    grown = realloc(set->entries, wanted * sizeof *grown);
    if (grown == NULL)
        return false;
    set->entries = grown;
    set->capacity = wanted;
    return true;
}

/** @return false: no memory */
static bool add_entry(key_set *set, const marc_key *key, criterion criterion, bool by_code)
{
    char *copy = arena_copy(set->memory, key->key.bytes, key->key.length);
    char *value = arena_copy(set->memory, key->value.bytes, key->value.length);
    set_entry *entry;

    if (copy == NULL || value == NULL || !room_for_one(set)) {
        set->failed = true;
        return false;
    }
    entry = &set->entries[set->count];
    *entry = (set_entry){ *key, set->count, (int)criterion, by_code };
    entry->key.key.bytes = copy;
    entry->key.value.bytes = value;
    set->count++;
    return true;
}

static bool has_prefix(text value, const char *prefix)
{
    text wanted = text_from(prefix);

    return wanted.length == 0 ||
           (value.length >= wanted.length && text_equal_ascii_case(text_of(value.bytes, wanted.length), wanted));
}

static bool counts(const key_set *set, const marc_key *key)
{
    if (set->options == NULL || strcmp(key->tag, "035") != 0)
        return true;
    return has_prefix(key->value, set->options->prefix) && !(set->options->without_retired && key->subfield == 'z');
}

static bool collect_number(void *context, const marc_key *key)
{
    key_set *set = context;

    if (!counts(set, key))
        return true;
    for (size_t i = 0; i < sizeof criteria / sizeof *criteria; i++) {
        const criterion_row *row = &criteria[i];
        if ((set->criteria & row->criterion) == 0 || key->kind != row->kind || strcmp(key->tag, row->tag) != 0 ||
            strchr(row->codes, key->subfield) == NULL)
            continue;
        if (!add_entry(set, key, row->criterion, row->same_code))
            return false;
    }
    return true;
}

static bool collect_title(void *context, const marc_title *title)
{
    key_set *set = context;
    marc_key key = { .kind = MARC_KEY_TITLE, .key = title->key, .valid = true, .value = text_trim(title->value) };

    if ((set->plan->titles & title->form) == 0 || (title->linked && !set->plan->linked_titles))
        return true;
    memcpy(key.tag, title->tag, sizeof key.tag);
    key.subfield = title->form == MARC_TITLE_STATEMENT ? ' ' : 'a';
    return add_entry(set, &key, BY_TITLE, false);
}

static void collect_authors(key_set *set, const marc_record *record)
{
    buffer made;
    buffer joined;

    buffer_init(&made, 0);
    buffer_init(&joined, 0);
    for (size_t i = 0; i < marc_record_count(record) && !set->failed; i++) {
        const marc_field *field = marc_record_field(record, i);
        for (size_t j = 0; j < sizeof authors / sizeof *authors; j++) {
            marc_key key = { .kind = MARC_KEY_AUTHOR, .valid = true, .subfield = ' ' };
            buffer_clear(&made);
            buffer_clear(&joined);
            const bool has_key = strcmp(field->tag, authors[j].tag) == 0 && marc_heading_key(&made, field, authors[j].codes, 0);
            if (has_key)
                marc_field_join(&joined, field, authors[j].codes);
            set->failed = set->failed || buffer_failed(&made) || buffer_failed(&joined);
            if (!has_key || set->failed)
                continue;
            memcpy(key.tag, field->tag, sizeof key.tag);
            key.key = buffer_text(&made);
            key.value = text_trim(buffer_text(&joined));
            (void)add_entry(set, &key, BY_AUTHOR, false);
        }
    }
    buffer_release(&made);
    buffer_release(&joined);
}

static void collect_record_number(key_set *set, const marc_record *record)
{
    text number = text_trim(marc_record_control(record, "001"));
    marc_key key = { .kind = MARC_KEY_RECORD, .key = number, .tag = "001", .subfield = ' ', .valid = true, .value = number };

    if (number.length > 0)
        (void)add_entry(set, &key, BY_RECORD, false);
}

/** The incoming side of 024 to OriginalSystemId: each $a is asked for as an MMS ID and as a system number. */
static void collect_024_originals(key_set *set, const marc_record *record)
{
    buffer made;

    buffer_init(&made, 0);
    for (size_t i = marc_record_find(record, "024", 0); i != SIZE_MAX; i = marc_record_find(record, "024", i + 1)) {
        marc_subfield subfield;
        size_t offset = 0;
        while (marc_field_next_subfield(marc_record_field(record, i), &offset, &subfield)) {
            text value = text_trim(subfield.value);
            marc_key key = {
                .kind = MARC_KEY_RECORD, .key = value, .tag = "024", .subfield = 'a', .valid = true, .value = value
            };
            if (subfield.code != 'a' || value.length == 0 || !add_entry(set, &key, BY_RECORD, false))
                continue;
            buffer_clear(&made);
            key.kind = MARC_KEY_SYSTEM;
            if (!number_system_key(&made, value))
                continue;
            key.key = buffer_text(&made);
            (void)add_entry(set, &key, BY_SYSTEM, false);
        }
    }
    set->failed = set->failed || buffer_failed(&made);
    buffer_release(&made);
}

bool key_set_init(key_set *set, const marc_record *record, const match_plan *plan, unsigned wanted, bool incoming,
                  const match_options *options)
{
    *set = (key_set){ .memory = arena_new(0), .plan = plan, .criteria = wanted, .options = options };
    set->failed = set->memory == NULL;
    if (set->failed)
        return false;
    if (incoming && (wanted & BY_024_RECORD) != 0) {
        collect_024_originals(set, record);
    } else {
        if ((wanted & BY_RECORD) != 0)
            collect_record_number(set, record);
        if ((wanted & ~(unsigned)(BY_RECORD | BY_TITLE | BY_AUTHOR)) != 0)
            set->failed = !marc_record_keys(record, collect_number, set) || set->failed;
    }
    if ((wanted & BY_TITLE) != 0)
        set->failed = !marc_titles(record, collect_title, set) || set->failed;
    if ((wanted & BY_AUTHOR) != 0)
        collect_authors(set, record);
    if (set->failed)
        set->count = 0;
    return !set->failed;
}

void key_set_release(key_set *set)
{
    free(set->entries);
    arena_free(set->memory);
    *set = (key_set){ 0 };
}

/* --- searching --- */

static int compare_keys(const set_entry *a, const set_entry *b)
{
    int order = (a->criterion > b->criterion) - (a->criterion < b->criterion);

    if (order == 0)
        order = text_compare(a->key.key, b->key.key);
    return order != 0 || !a->by_code ? order : a->key.subfield - b->key.subfield;
}

static int by_key(const void *left, const void *right)
{
    const set_entry *a = left;
    const set_entry *b = right;
    int order = compare_keys(a, b);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *left, const void *right)
{
    const set_entry *a = left;
    const set_entry *b = right;

    return (a->order > b->order) - (a->order < b->order);
}

static void sort_set(key_set *set, int (*order)(const void *left, const void *right))
{
    if (set->count > 1)
        qsort(set->entries, set->count, sizeof *set->entries, order);
}

void key_set_sort(key_set *set)
{
    sort_set(set, by_key);
}

const set_entry *key_set_find(const key_set *set, const set_entry *wanted)
{
    size_t low = 0;
    size_t high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(&set->entries[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count && compare_keys(&set->entries[low], wanted) == 0 ? &set->entries[low] : NULL;
}

void key_set_drop_repeated(key_set *set)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++)
        set->entries[i].by_code = false;
    sort_set(set, by_key);
    for (size_t i = 0; i < set->count; i++)
        if (i == 0 || compare_keys(&set->entries[i], &set->entries[kept - 1]) != 0)
            set->entries[kept++] = set->entries[i];
    set->count = kept;
    sort_set(set, by_order);
}

/* --- showing --- */

/** Appends a value in the form a screen may show, at most `limit` bytes of it, cut at a character. */
static void append_shown(buffer *out, text value, size_t limit)
{
    size_t from = out->length;

    while (value.length > 0) {
        display_unit unit;
        display_next(&unit, value.bytes, value.length, true);
        if (out->length - from + strlen(unit.shown) + 3 > limit) {
            buffer_append_string(out, "\xE2\x80\xA6");
            return;
        }
        buffer_append_string(out, unit.shown);
        value = text_of(value.bytes + unit.bytes, value.length - unit.bytes);
    }
}

void match_show_key(buffer *out, const set_entry *entry, size_t limit)
{
    append_shown(out, text_from(entry->key.tag), 16);
    if (entry->key.subfield != ' ')
        buffer_append_format(out, " $%c", entry->key.subfield);
    buffer_append_char(out, ' ');
    append_shown(out, entry->key.value, limit);
}

/* --- the filter of the extended methods --- */

static text year_of(const marc_record *record)
{
    enum { YEAR = 7, YEAR_LENGTH = 4 };
    text fixed = marc_record_control(record, "008");

    return fixed.length >= YEAR + YEAR_LENGTH ? text_of(fixed.bytes + YEAR, YEAR_LENGTH) : text_of("", 0);
}

/** At most one apart, or equal strings where one is no number. */
static bool years_agree(text a, text b)
{
    int64_t one;
    int64_t other;

    if (a.length == 0 || b.length == 0 || a.bytes[0] == '-' || b.bytes[0] == '-' || !text_to_integer(a, &one) ||
        !text_to_integer(b, &other))
        return text_equal(a, b);
    return one - other <= 1 && other - one <= 1;
}

bool match_is_filtered_out(const match_plan *plan, const marc_record *incoming, const marc_record *candidate, buffer *why)
{
    char mine = marc_record_leader(incoming)[6];
    char theirs = marc_record_leader(candidate)[6];
    text my_year = year_of(incoming);
    text their_year = year_of(candidate);

    if (!plan->filtered)
        return false;
    if (mine != theirs) {
        if (why != NULL) {
            buffer_append_string(why, "leader/06 ");
            append_shown(why, text_of(&mine, 1), 16);
            buffer_append_string(why, " against ");
            append_shown(why, text_of(&theirs, 1), 16);
        }
        return true;
    }
    if (years_agree(my_year, their_year))
        return false;
    if (why != NULL) {
        buffer_append_string(why, "008/07-10 \"");
        append_shown(why, my_year, 40);
        buffer_append_string(why, "\" against \"");
        append_shown(why, their_year, 40);
        buffer_append_string(why, "\", more than one year apart");
    }
    return true;
}
