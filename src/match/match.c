/* src/match/match.c - do two records describe the same thing, by one of their standard numbers?
 *
 * A method is a row of a table: the kind of key, where it must stand, and whether a code matches only itself. The keys are
 * those of marc/standard_numbers, so matching, search and the index cannot disagree about what a number is. Keys of
 * hostile records may be many: sets are sorted and searched, never compared each with each. */
#include "recto/match/match.h"

#include "recto/base/arena.h"
#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct method_row {
    match_method method;
    marc_key_kind kind;
    const char *tag, *codes; /* keys from elsewhere (019, 001) are for search and do not match */
    bool same_code;          /* $a matches only $a */
    const char *class_name;  /* last part of Alma's class string, where one is known; else NULL */
} method_row;

static const match_method_info methods[] = {
    { MATCH_UNIQUE_OCLC, "unique-oclc", "Unique OCLC Identifier" },
    { MATCH_OTHER_SYSTEM, "035", "035 (Other System Identifier)" },
    { MATCH_ISBN, "isbn", "ISBN" },
    { MATCH_ISBN_EXACT, "isbn-exact", "ISBN (exact subfield match)" },
    { MATCH_ISSN, "issn", "ISSN" },
    { MATCH_ISSN_EXACT, "issn-exact", "ISSN (exact subfield match)" },
};

static const method_row rows[] = {
    /* @spec match-merge.md section 3 */
    { MATCH_UNIQUE_OCLC, MARC_KEY_OCLC, "035", "az", false, "uniqueOCLC" },
    { MATCH_OTHER_SYSTEM, MARC_KEY_SYSTEM, "035", "az", false, NULL },
    { MATCH_ISBN, MARC_KEY_ISBN, "020", "az", false, NULL },
    { MATCH_ISBN_EXACT, MARC_KEY_ISBN, "020", "az", true, NULL },
    { MATCH_ISSN, MARC_KEY_ISSN, "022", "almyz", false, NULL },
    { MATCH_ISSN_EXACT, MARC_KEY_ISSN, "022", "alyz", true, NULL },
};

enum { METHOD_COUNT = sizeof methods / sizeof *methods, ROW_COUNT = sizeof rows / sizeof *rows };
_Static_assert((int)METHOD_COUNT == (int)ROW_COUNT, "every method has a name and a row");

const match_method_info *match_methods(size_t *count)
{
    *count = METHOD_COUNT;
    return methods;
}

static const method_row *row_of(match_method method)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].method == method)
            return &rows[i];
    return NULL;
}

static bool same_name(text a, const char *b)
{
    return b != NULL && text_equal_ascii_case(a, text_from(b));
}

/** "com.exlibris.repository.mms.match.uniqueOCLC" is "uniqueOCLC"; other names stay as they are. */
static text without_package(text name)
{
    for (size_t i = name.length; i > 0; i--)
        if (name.bytes[i - 1] == '.')
            return text_of(name.bytes + i, name.length - i);
    return name;
}

/** Screens write "ISBN Match Method" as well as "ISBN". */
static text without_kind(text name)
{
    static const char ending[] = " Match Method";
    size_t length = sizeof ending - 1;

    if (name.length > length && same_name(text_of(name.bytes + name.length - length, length), ending))
        name.length -= length;
    return text_trim(name);
}

match_method match_method_named(const char *name)
{
    text wanted = text_trim(text_from(name));

    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (same_name(wanted, methods[i].name) || same_name(without_kind(wanted), methods[i].label) ||
            same_name(without_package(wanted), rows[i].class_name))
            return methods[i].method;
    return MATCH_NONE;
}

static const match_method_info *info_of(match_method method)
{
    static const match_method_info none = { MATCH_NONE, "none", "no match method" };

    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (methods[i].method == method)
            return &methods[i];
    return &none;
}

const char *match_method_label(match_method method)
{
    return info_of(method)->label;
}

const char *match_method_name(match_method method)
{
    return info_of(method)->name;
}

/* --- sets of keys --- */

typedef struct set_entry {
    marc_key key; /* its texts are copies in the set's arena, or lent by the record */
    size_t order; /* in the record */
    bool by_code; /* $a and $z of the same number are two */
} set_entry;

typedef struct key_set {
    const method_row *row;
    arena *memory;
    set_entry *entries;
    size_t count, capacity;
    bool failed;
} key_set;

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

static bool collect_one(void *context, const marc_key *key)
{
    key_set *set = context;
    char *copy = NULL;

    if (key->kind != set->row->kind || strcmp(key->tag, set->row->tag) != 0 || strchr(set->row->codes, key->subfield) == NULL)
        return true;
    copy = arena_copy(set->memory, key->key.bytes, key->key.length);
    if (copy == NULL || !room_for_one(set)) {
        set->failed = true;
        return false;
    }
    set->entries[set->count] = (set_entry){ *key, set->count, set->row->same_code };
    set->entries[set->count].key.key.bytes = copy;
    set->count++;
    return true;
}

static int compare_keys(const set_entry *a, const set_entry *b)
{
    int order = text_compare(a->key.key, b->key.key);

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

/** @return false: no memory; the set is then empty, and nothing matches by it */
static bool key_set_init(key_set *set, const marc_record *record, const method_row *row)
{
    *set = (key_set){ .row = row, .memory = arena_new(0) };
    if (set->memory == NULL)
        return false;
    marc_record_keys(record, collect_one, set);
    if (set->failed)
        set->count = 0;
    return !set->failed;
}

static void key_set_release(key_set *set)
{
    free(set->entries);
    arena_free(set->memory);
}

static void sort_set(key_set *set, int (*order)(const void *left, const void *right))
{
    if (set->count > 1)
        qsort(set->entries, set->count, sizeof *set->entries, order);
}

/** The first entry, in record order, that equals `wanted`; the set is sorted by key. */
static const set_entry *find_in_set(const key_set *set, const set_entry *wanted)
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

/** Leaves each key once, in record order, whatever its code: the repository is asked by key. */
static void drop_repeated_keys(key_set *set)
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

void match_wanted_keys(const marc_record *incoming, match_method method, bool (*visit)(void *context, const marc_key *key),
                       void *context)
{
    const method_row *row = row_of(method);
    key_set set;

    if (row == NULL)
        return;
    if (key_set_init(&set, incoming, row)) {
        drop_repeated_keys(&set);
        for (size_t i = 0; i < set.count; i++)
            if (!visit(context, &set.entries[i].key))
                break;
    }
    key_set_release(&set);
}

/* --- does a candidate match? --- */

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

static void say_why(char why[MATCH_WHY_LENGTH], const marc_key *incoming, const marc_key *candidate)
{
    enum { SHOWN_MAX = 60 };
    buffer line;

    buffer_init(&line, 0);
    buffer_append_format(&line, "%s $%c ", incoming->tag, incoming->subfield);
    append_shown(&line, incoming->value, SHOWN_MAX);
    buffer_append_format(&line, " = %s $%c ", candidate->tag, candidate->subfield);
    append_shown(&line, candidate->value, SHOWN_MAX);
    (void)snprintf(why, MATCH_WHY_LENGTH, "%s", buffer_string(&line));
    buffer_release(&line);
}

static bool sets_meet(const key_set *incoming, const key_set *candidate, char why[MATCH_WHY_LENGTH])
{
    for (size_t i = 0; i < incoming->count; i++) {
        const set_entry *found = find_in_set(candidate, &incoming->entries[i]);
        if (found == NULL)
            continue;
        if (why != NULL)
            say_why(why, &incoming->entries[i].key, &found->key);
        return true;
    }
    return false;
}

bool match_records(const marc_record *incoming, const marc_record *candidate, match_method method, char why[MATCH_WHY_LENGTH])
{
    const method_row *row = row_of(method);
    key_set wanted;
    key_set offered;
    bool met = false;

    if (why != NULL)
        why[0] = '\0';
    if (row == NULL)
        return false;
    if (key_set_init(&wanted, incoming, row) && wanted.count > 0) {
        if (key_set_init(&offered, candidate, row)) {
            sort_set(&offered, by_key);
            met = sets_meet(&wanted, &offered, why);
        }
        key_set_release(&offered);
    }
    key_set_release(&wanted);
    return met;
}

/* --- serial, brief, old --- */

bool match_is_serial(const marc_record *record)
{
    char level = marc_record_leader(record)[7];

    return level == 'b' || level == 'i' || level == 's';
}

int match_brief_level(const marc_record *record)
{
    static const struct {
        int level;
        const char *encoding_levels;
    } table[] = {
        { 10, " 1IL" }, { 7, "24M" }, { 5, "7K" }, { 4, "8" }, { 3, "3" }, { 2, "5" },
    };
    char encoding_level = marc_record_leader(record)[17];

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (encoding_level != '\0' && strchr(table[i].encoding_levels, encoding_level) != NULL)
            return table[i].level;
    return 1;
}

bool match_is_briefer(const marc_record *incoming, const marc_record *existing)
{
    return match_brief_level(incoming) < match_brief_level(existing);
}

enum { STAMP_LENGTH = 14 }; /* of 005, to the second */

static int two_digits(const char *digits)
{
    return (digits[0] - '0') * 10 + (digits[1] - '0');
}

static bool is_time_stamp(text value)
{
    if (value.length < STAMP_LENGTH)
        return false;
    for (size_t i = 0; i < STAMP_LENGTH; i++)
        if (value.bytes[i] < '0' || value.bytes[i] > '9')
            return false;
    int month = two_digits(value.bytes + 4);
    int day = two_digits(value.bytes + 6);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && two_digits(value.bytes + 8) < 24 &&
           two_digits(value.bytes + 10) < 60 && two_digits(value.bytes + 12) <= 60;
}

bool match_is_older(const marc_record *incoming, text incoming_system, const marc_record *existing, text stored_system,
                    text stored_version, match_age_rule rule)
{
    text mine = text_trim(marc_record_control(incoming, "005"));
    text theirs = text_trim(stored_version);
    text system = text_trim(incoming_system);

    if (rule == MATCH_AGE_DISREGARD)
        return false;
    if (rule == MATCH_AGE_SAME_SYSTEM && (system.length == 0 || !text_equal_ascii_case(system, text_trim(stored_system))))
        return false;
    if (theirs.length == 0)
        theirs = text_trim(marc_record_control(existing, "005"));
    if (!is_time_stamp(mine) || !is_time_stamp(theirs))
        return false;
    return memcmp(mine.bytes, theirs.bytes, STAMP_LENGTH) < 0;
}
