/* src/catalog/match_facts.c - what the list of matches shows of each record, how alike it is, and why it matched or did not.
 *
 * @spec search-resources.md SR-94, match-merge.md section 3 */
#include "match_facts.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- likeness: title 60, date 20, format 20 */

enum { TITLE_POINTS = 60, DATE_POINTS = 20, FORMAT_POINTS = 20, WORDS_MAX = 64 };

typedef struct word_list {
    buffer folded;
    text words[WORDS_MAX];
    size_t count;
} word_list;

static void read_words(word_list *out, const marc_record *record)
{
    buffer title;
    buffer_init(&title, 0);
    buffer_init(&out->folded, 0);
    out->count = 0;
    marc_record_title(&title, record);
    utf8_index_form(&out->folded, buffer_text(&title));
    buffer_release(&title);
    text rest = buffer_text(&out->folded);
    while (rest.bytes != NULL && out->count < WORDS_MAX) {
        const text word = text_next_field(&rest, ' ');
        if (word.length > 0)
            out->words[out->count++] = word;
    }
}

static size_t common_words(const word_list *a, const word_list *b)
{
    bool used[WORDS_MAX] = { false };
    size_t common = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (!used[j] && text_equal(a->words[i], b->words[j])) {
                used[j] = true;
                common++;
                break;
            }
    return common;
}

/* Twice the shared words of all words: one is 0, the other 60. */
static int title_points(const marc_record *a, const marc_record *b)
{
    word_list left, right;
    int points = 0;
    read_words(&left, a);
    read_words(&right, b);
    if (left.count + right.count > 0)
        points = (int)(2 * TITLE_POINTS * common_words(&left, &right) / (left.count + right.count));
    buffer_release(&left.folded);
    buffer_release(&right.folded);
    return points;
}

static int date_points(const marc_record *a, const marc_record *b)
{
    buffer left, right;
    int64_t one, other;
    int points = 0;
    buffer_init(&left, 0);
    buffer_init(&right, 0);
    marc_record_date(&left, a);
    marc_record_date(&right, b);
    if (text_to_integer(buffer_text(&left), &one) && text_to_integer(buffer_text(&right), &other))
        points = one == other ? DATE_POINTS : llabs(one - other) <= 1 ? DATE_POINTS / 2 : 0;
    buffer_release(&left);
    buffer_release(&right);
    return points;
}

int match_likeness(const marc_record *a, const marc_record *b)
{
    const char *left = marc_record_leader(a), *right = marc_record_leader(b);
    const int type = left[6] == right[6] ? FORMAT_POINTS / 2 : 0, level = left[7] == right[7] ? FORMAT_POINTS / 2 : 0;
    return title_points(a, b) + date_points(a, b) + type + level;
}

/* ---- the columns */

static void read_imprint(char out[static MATCH_IMPRINT], const marc_record *record)
{
    size_t at = marc_record_find(record, "264", 0);
    buffer joined;
    if (at == SIZE_MAX)
        at = marc_record_find(record, "260", 0);
    out[0] = '\0';
    if (at == SIZE_MAX)
        return;
    buffer_init(&joined, 0);
    marc_field_join(&joined, marc_record_field(record, at), "abc");
    const text shown = buffer_text(&joined);
    size_t length = 0;
    for (size_t next = 0; next < shown.length; length = next) {
        int32_t code;
        next = length + utf8_decode(shown.bytes + length, shown.length - length, &code);
        if (next >= MATCH_IMPRINT)
            break;
    }
    snprintf(out, MATCH_IMPRINT, "%.*s", (int)length, shown.length > 0 ? shown.bytes : "");
    buffer_release(&joined);
}

void match_facts_fill(match_hit *hit, const marc_record *incoming, const marc_record *stored)
{
    read_imprint(hit->imprint, stored);
    hit->encoding_level = marc_record_leader(stored)[17];
    hit->likeness = match_likeness(incoming, stored);
}

/* ---- why, and why not */

recto_status catalog_explain_match(buffer *out, catalog *catalog, const marc_record *record, mms_id candidate,
                                   const ingest_policy *policy, recto_error *error)
{
    marc_record *stored = NULL;
    ingest_policy settled;
    bib_info info;
    recto_status status = catalog_load(catalog, candidate, &stored, &info, error);
    if (status == RECTO_OK)
        status = policy_of_request(&settled, catalog, policy, info.zone, error);
    if (status == RECTO_OK) {
        const bool serial = match_is_serial(record);
        const match_method method = serial ? settled.serial_match : settled.non_serial_match;
        const match_profile *profile = serial ? &settled.serial_profile : &settled.non_serial_profile;
        if (info.deleted)
            buffer_append_string(out, "the record has been deleted: deleted records match nothing\n");
        if (profile->count > 0)
            match_profile_explain(out, record, stored, profile);
        else if (method == MATCH_NONE)
            buffer_append_string(out, "this zone looks for no matches\n");
        else
            match_explain(out, record, stored, method, NULL);
        if (buffer_failed(out))
            status = recto_fail_memory(error, "explaining a match");
    }
    marc_record_free(stored);
    return status;
}
