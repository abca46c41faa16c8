/* src/marc/iso2709_resync.c - tags out of a directory that lost bytes, or has some too many.
 *
 * Where the fields lie is known by their terminators, and so what the directory should say of each: nine digits, which hardly
 * ever come by chance. They are looked for one after the other. A tag is the three bytes before them, as long as nothing is
 * missing or left over there; of an entry whose digits are damaged the tag stands behind the entry before. Where it cannot be
 * said, the tag is "XXX": the field's bytes are kept, and nobody takes it for something that it is not. */
#include "iso2709_resync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 9, SLACK = 3 * ISO2709_ENTRY };

static const char unknown_tag[] = "XXX";

typedef struct resync {
    text directory;
    const iso2709_span *fields;
    char *tags;
    size_t at;      /* behind the last entry that was found */
    size_t pending; /* fields before the present one whose entries were not found */
    iso2709_resynced *counts;
} resync;

static void expect(char digits[static DIGITS + 1], iso2709_span field)
{
    char printed[48];
    snprintf(printed, sizeof printed, "%04zu%05zu", field.length, field.start);
    memcpy(digits, printed, DIGITS);
    digits[DIGITS] = '\0';
}

/* Where the digits of a field stand, the place where they should be first; SIZE_MAX: not within reach. */
static size_t find_digits(const resync *state, const char *digits)
{
    text directory = state->directory;
    size_t due = state->at + MARC_TAG_LENGTH + state->pending * ISO2709_ENTRY;
    size_t from = state->at;
    size_t reach = due + SLACK + DIGITS;
    if (due + DIGITS <= directory.length && memcmp(directory.bytes + due, digits, DIGITS) == 0)
        return due;
    if (reach > directory.length)
        reach = directory.length;
    const char *found = from < reach ? memmem(directory.bytes + from, reach - from, digits, DIGITS) : NULL;
    return found != NULL ? (size_t)(found - directory.bytes) : SIZE_MAX;
}

static void set_tag(resync *state, size_t index, const char *tag)
{
    memcpy(state->tags + index * MARC_TAG_LENGTH, tag, MARC_TAG_LENGTH);
    if (tag == unknown_tag)
        state->counts->unknown++;
}

/* Are the bytes those digits with one of them left out, or one added? */
static bool is_one_off(text bytes, const char *digits)
{
    size_t same = 0;
    while (same < bytes.length && same < DIGITS && bytes.bytes[same] == digits[same])
        same++;
    if (bytes.length == DIGITS - 1)
        return memcmp(bytes.bytes + same, digits + same + 1, DIGITS - 1 - same) == 0;
    return bytes.length == DIGITS + 1 && memcmp(bytes.bytes + same + 1, digits + same, DIGITS - same) == 0;
}

/* Fields before `index` whose entries must lie in the gap behind the last one found. */
static void settle_pending(resync *state, size_t index, size_t gap)
{
    const char *bytes = state->directory.bytes + state->at;
    bool whole = gap == state->pending * ISO2709_ENTRY;
    for (size_t i = 0; i < state->pending; i++) {
        size_t field = index - state->pending + i;
        char digits[DIGITS + 1];
        expect(digits, state->fields[field]);
        bool sure = whole || (state->pending == 1 && gap > MARC_TAG_LENGTH &&
                              is_one_off(text_of(bytes + MARC_TAG_LENGTH, gap - MARC_TAG_LENGTH), digits));
        set_tag(state, field, sure ? bytes + i * ISO2709_ENTRY : unknown_tag);
        state->counts->mended += sure;
    }
    state->pending = 0;
}

/* The entry of a field, whose digits were found at `digits_at`. */
static void take_entry(resync *state, size_t index, size_t digits_at)
{
    size_t before = digits_at - state->at;
    bool clear = before == MARC_TAG_LENGTH || state->pending > 0 || before >= 2 * (size_t)MARC_TAG_LENGTH;
    state->counts->found++;
    if (before < MARC_TAG_LENGTH || !clear) { /* some of the tag is lost, or one of these bytes is too many */
        settle_pending(state, index, 0);
        set_tag(state, index, unknown_tag);
    } else {
        settle_pending(state, index, before - MARC_TAG_LENGTH);
        set_tag(state, index, state->directory.bytes + digits_at - MARC_TAG_LENGTH);
    }
    state->at = digits_at + DIGITS;
}

iso2709_resynced iso2709_resync(char *tags, text directory, const iso2709_span *fields, size_t count)
{
    iso2709_resynced counts = { 0 };
    resync state = { .directory = directory, .fields = fields, .tags = tags, .counts = &counts };
    for (size_t i = 0; i < count; i++) {
        char digits[DIGITS + 1];
        expect(digits, fields[i]);
        size_t digits_at = find_digits(&state, digits);
        if (digits_at == SIZE_MAX)
            state.pending++;
        else
            take_entry(&state, i, digits_at);
    }
    settle_pending(&state, count, directory.length - state.at);
    return counts;
}
