/* src/match/match_profile.c - Multi Step: an ordered table of methods, as data, as text, and at work.
 *
 * @spec match-merge.md 3.2: rows are tried in order, those for serials or non-serials only on such incoming records; the first
 * that finds anything decides. */
#include "match_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
    [MATCH_KIND_ALL] = "all", [MATCH_KIND_SERIAL] = "serial", [MATCH_KIND_NON_SERIAL] = "non-serial"
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* --- text --- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/** The next word of a line, or what stands in quotes. Empty: the end. */
static text next_word(text *rest)
{
    const char *end;
    text word;

    while (rest->length > 0 && is_blank(rest->bytes[0]))
        *rest = text_of(rest->bytes + 1, rest->length - 1);
    if (rest->length == 0 || rest->bytes[0] == '#') {
        *rest = text_of(rest->bytes, 0);
        return *rest;
    }
    if (rest->bytes[0] == '"' && (end = memchr(rest->bytes + 1, '"', rest->length - 1)) != NULL) {
        word = text_of(rest->bytes + 1, (size_t)(end - rest->bytes) - 1);
        *rest = text_of(end + 1, rest->length - word.length - 2);
        return word;
    }
    word = text_of(rest->bytes, 0);
    while (word.length < rest->length && !is_blank(rest->bytes[word.length]))
        word.length++;
    *rest = text_of(rest->bytes + word.length, rest->length - word.length);
    return word;
}

static recto_status fail_row(recto_error *error, int line, const char *todo, const char *what, text word)
{
    char where[32];

    (void)snprintf(where, sizeof where, "match profile, row %d", line);
    return recto_fail(error, RECTO_EINVALID, where, todo, "%s '%.*s'", what, (int)(word.length < 60 ? word.length : 60),
                      word.length > 0 ? word.bytes : "");
}

static bool parse_kind(match_kind *out, text word)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (text_equal_ascii_case(word, text_from(kinds[i]))) {
            *out = (match_kind)i;
            return true;
        }
    return false;
}

static match_method method_of(text word)
{
    char name[160];

    if (word.length == 0 || word.length >= sizeof name)
        return MATCH_NONE;
    memcpy(name, word.bytes, word.length);
    name[word.length] = '\0';
    return match_method_named(name);
}

static recto_status parse_setting(match_row *row, text word, int line, recto_error *error)
{
    static const text prefix = { "prefix=", 7 };

    if (text_equal_ascii_case(word, TEXT("off"))) {
        row->enabled = false;
        return RECTO_OK;
    }
    if (!text_starts(word, prefix))
        return fail_row(error, line, "after the method there may stand prefix=TEXT and off", "not understood:", word);
    word = text_of(word.bytes + prefix.length, word.length - prefix.length);
    if (word.length >= sizeof row->prefix)
        return fail_row(error, line, "at most 31 bytes", "the prefix is too long:", word);
    memcpy(row->prefix, word.bytes, word.length);
    row->prefix[word.length] = '\0';
    return RECTO_OK;
}

static recto_status parse_row(match_profile *out, text rest, int line, recto_error *error)
{
    static const char methods_are[] = "recto match --help lists the methods";
    match_row row = { .enabled = true, .kind = MATCH_KIND_ALL };
    int64_t number;
    text word = next_word(&rest);
    text whole = word;

    if (word.length == 0)
        return RECTO_OK;
    if (rest.length > 0 && text_to_integer(word, &number) && number == (int64_t)out->count + 1)
        word = next_word(&rest);
    if (parse_kind(&row.kind, word))
        word = next_word(&rest);
    else if (word.bytes != whole.bytes)
        return fail_row(error, line, "serial, non-serial or all", "a kind of record is expected, not", word);
    row.method = method_of(word);
    if (row.method == MATCH_NONE)
        return fail_row(error, line, methods_are, word.length > 0 ? "there is no match method" : "a match method is missing",
                        word);
    for (word = next_word(&rest); word.length > 0; word = next_word(&rest)) {
        recto_status status = parse_setting(&row, word, line, error);
        if (status != RECTO_OK)
            return status;
    }
    size_t same = 0;
    for (size_t i = 0; i < out->count; i++)
        same += out->rows[i].kind == row.kind;
    if (same == MATCH_ROWS_OF_KIND || out->count == MATCH_PROFILE_ROWS)
        return fail_row(error, line, "at most five rows for each kind", "too many rows of kind", text_from(kinds[row.kind]));
    out->rows[out->count++] = row;
    return RECTO_OK;
}

recto_status match_profile_parse(match_profile *out, text source, recto_error *error)
{
    recto_status status = RECTO_OK;
    match_method alone = method_of(text_trim(source)); /* labels have blanks and need no quotes when they are all */

    *out = (match_profile){ 0 };
    if (alone != MATCH_NONE) {
        out->rows[out->count++] = (match_row){ .enabled = true, .method = alone };
        return RECTO_OK;
    }
    for (int line = 1; status == RECTO_OK && source.length > 0; line++) {
        size_t length = 0;
        bool comment = false;
        while (length < source.length && source.bytes[length] != '\n' && (comment || source.bytes[length] != ';'))
            comment = source.bytes[length++] == '#' || comment;
        status = parse_row(out, text_of(source.bytes, length), line, error);
        length += length < source.length;
        source = text_of(source.bytes + length, source.length - length);
    }
    return status;
}

void match_profile_print(buffer *out, const match_profile *profile)
{
    for (size_t i = 0; i < profile->count; i++) {
        const match_row *row = &profile->rows[i];
        bool quoted = strpbrk(row->prefix, " \t\r;#") != NULL;
        buffer_append_format(out, "%zu %s %s", i + 1, kinds[row->kind], match_method_name(row->method));
        if (row->prefix[0] != '\0')
            buffer_append_format(out, quoted ? " \"prefix=%s\"" : " prefix=%s", row->prefix);
        buffer_append_string(out, row->enabled ? "\n" : " off\n");
    }
}

/* --- at work --- */

static bool row_is_for(const match_row *row, const marc_record *incoming)
{
    return row->kind == MATCH_KIND_ALL || (row->kind == MATCH_KIND_SERIAL) == match_is_serial(incoming);
}

static unsigned all_criteria(const match_plan *plan)
{
    return plan->identifiers | (plan->titles != 0 ? (unsigned)BY_TITLE : 0U);
}

/* Keys of several rows, each once: the set of one row visits those that no earlier row has. */
static bool was_asked(const key_set *sets, size_t count, const set_entry *entry)
{
    set_entry wanted = *entry;

    wanted.criterion = (int)entry->key.kind;
    wanted.by_code = false;
    for (size_t i = 0; i < count; i++)
        if (key_set_find(&sets[i], &wanted) != NULL)
            return true;
    return false;
}

/** Afterwards a key is the same whatever criterion it came by; sorted, so that later rows can ask. */
static void make_common(key_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->entries[i].criterion = (int)set->entries[i].key.kind;
    key_set_drop_repeated(set);
}

bool match_profile_wanted_keys(const marc_record *incoming, const match_profile *profile,
                               bool (*visit)(void *context, const marc_key *key), void *context)
{
    key_set sets[MATCH_PROFILE_ROWS] = { { 0 } };
    size_t count = 0;
    bool going = true, whole = true;

    for (size_t i = 0; i < profile->count && i < MATCH_PROFILE_ROWS && going; i++) {
        const match_row *row = &profile->rows[i];
        const match_plan *plan = match_plan_of(row->method);
        const match_options options = { .prefix = row->prefix };
        if (!row->enabled || plan == NULL || !row_is_for(row, incoming))
            continue;
        key_set *set = &sets[count];
        if (key_set_init(set, incoming, plan, all_criteria(plan), true, &options))
            make_common(set);
        whole = whole && !set->failed;
        for (size_t j = 0; j < set->count && going; j++)
            if (!was_asked(sets, count, &set->entries[j]))
                going = visit(context, &set->entries[j].key);
        key_set_sort(set);
        count++;
    }
    for (size_t i = 0; i < count; i++)
        key_set_release(&sets[i]);
    return whole;
}

bool match_profile_compare(match_outcome *out, const marc_record *incoming, const marc_record *candidate,
                           const match_profile *profile, bool without_retired)
{
    *out = (match_outcome){ 0 };
    for (size_t i = 0; i < profile->count && i < MATCH_PROFILE_ROWS; i++) {
        const match_row *row = &profile->rows[i];
        const match_options options = { row->prefix, without_retired };
        if (out->starved || !row->enabled || !row_is_for(row, incoming) ||
            !match_compare(out, incoming, candidate, row->method, &options))
            continue;
        out->row = (int)i + 1;
        return true;
    }
    return false;
}

void match_profile_explain(buffer *out, const marc_record *incoming, const marc_record *candidate, const match_profile *profile)
{
    match_outcome outcome = { 0 };

    if (profile->count == 0)
        buffer_append_string(out, "the match profile has no row: nothing matches\n");
    for (size_t i = 0; i < profile->count && i < MATCH_PROFILE_ROWS; i++) {
        const match_row *row = &profile->rows[i];
        const match_options options = { .prefix = row->prefix };
        buffer_append_format(out, "row %zu, ", i + 1);
        if (!row->enabled || !row_is_for(row, incoming)) {
            buffer_append_format(out, "%s: not asked, ", match_method_label(row->method));
            buffer_append_string(out, !row->enabled               ? "it is off\n"
                                      : match_is_serial(incoming) ? "the incoming record is a serial\n"
                                                                  : "the incoming record is no serial\n");
            continue;
        }
        match_explain(out, incoming, candidate, row->method, &options);
        if (match_compare(&outcome, incoming, candidate, row->method, &options))
            return;
        out->failed = out->failed || outcome.starved;
    }
}
