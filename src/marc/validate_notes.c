/* src/marc/validate_notes.c - what is known of the fields before they are walked: how often a tag stands, which field is the
 * next of its tag, which are the same byte for byte.
 *
 * Tags of three digits are counted in a table. Others are rare and sorted. Duplicates are sought within a tag only: pair by
 * pair while they are few, by sorting where they are many, so that no record takes the square of its fields. */
#include "validate_check.h"

#include <stdlib.h>
#include <string.h>

bool check_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool check_all_digits(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (!check_is_digit(value.bytes[i]))
            return false;
    return value.length > 0;
}

static int tag_number(const char *tag)
{
    if (!check_is_digit(tag[0]) || !check_is_digit(tag[1]) || !check_is_digit(tag[2]))
        return -1;
    return (tag[0] - '0') * 100 + (tag[1] - '0') * 10 + (tag[2] - '0');
}

bool check_is_local(const char *tag)
{
    return tag_number(tag) < 0 || tag[0] == '9' || tag[1] == '9' || tag[2] == '9';
}

size_t check_first(const validation *check, int tag)
{
    return (size_t)check->first[tag] - 1; /* 0 becomes SIZE_MAX */
}

size_t check_next(const validation *check, size_t index)
{
    return (size_t)check->notes[index].next - 1;
}

const marc_field *check_first_field(const validation *check, int tag)
{
    return check->first[tag] == 0 ? NULL : marc_record_field(check->record, check->first[tag] - 1);
}

bool check_has(const validation *check, int from_tag, int to_tag)
{
    for (int tag = from_tag; tag <= to_tag; tag++)
        if (check->first[tag] != 0)
            return true;
    return false;
}

/* --- one tag: its fields by index --- */

typedef struct tag_group {
    validation *check;
    uint32_t *indexes;
    size_t count;
} tag_group;

static text content_of(const validation *check, uint32_t index)
{
    return marc_record_field(check->record, index)->content;
}

static void compare_pairs(const tag_group *group)
{
    const validation *check = group->check;

    for (size_t i = 1; i < group->count; i++) {
        text content = content_of(check, group->indexes[i]);
        for (size_t j = 0; j < i; j++)
            if (text_equal(content, content_of(check, group->indexes[j]))) {
                check->notes[group->indexes[i]].same_as = group->indexes[j] + 1;
                break;
            }
    }
}

typedef struct sorted_content {
    text content;
    uint32_t index;
} sorted_content;

static int by_content(const void *left, const void *right)
{
    const sorted_content *a = left;
    const sorted_content *b = right;
    int order = a->content.length != b->content.length
                    ? (a->content.length > b->content.length) - (a->content.length < b->content.length)
                    : text_compare(a->content, b->content);

    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static bool compare_sorted(const tag_group *group)
{
    const validation *check = group->check;
    sorted_content *sorted = arena_alloc(check->memory, group->count * sizeof *sorted);
    uint32_t first = 0;

    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < group->count; i++)
        sorted[i] = (sorted_content){ content_of(check, group->indexes[i]), group->indexes[i] };
    qsort(sorted, group->count, sizeof *sorted, by_content);
    for (size_t i = 1; i < group->count; i++) {
        if (!text_equal(sorted[i].content, sorted[first].content))
            first = (uint32_t)i;
        else
            check->notes[sorted[i].index].same_as = sorted[first].index + 1;
    }
    return true;
}

static bool note_group(const tag_group *group)
{
    enum { FEW = 24 };

    for (size_t i = 0; i < group->count; i++) {
        field_note *note = &group->check->notes[group->indexes[i]];
        note->occurrence = (uint32_t)i + 1;
        note->total = (uint32_t)group->count;
        note->next = i + 1 < group->count ? group->indexes[i + 1] + 1 : 0;
    }
    if (group->count <= FEW) {
        compare_pairs(group);
        return true;
    }
    return compare_sorted(group);
}

/* --- all tags --- */

typedef struct odd_tag { /* not three digits */
    char tag[MARC_TAG_LENGTH];
    uint32_t index;
} odd_tag;

static int by_odd_tag(const void *left, const void *right)
{
    const odd_tag *a = left;
    const odd_tag *b = right;
    int order = memcmp(a->tag, b->tag, MARC_TAG_LENGTH);

    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static bool note_odd_tags(validation *check, odd_tag *odd, size_t count, uint32_t *indexes)
{
    qsort(odd, count, sizeof *odd, by_odd_tag);
    for (size_t from = 0, to = 0; from < count; from = to) {
        for (; to < count && memcmp(odd[from].tag, odd[to].tag, MARC_TAG_LENGTH) == 0; to++)
            indexes[to - from] = odd[to].index;
        if (!note_group(&(tag_group){ check, indexes, to - from }))
            return false;
    }
    return true;
}

/** The fields of the tags of digits are chained through `next`; each chain becomes a group. */
static bool note_numeric_tags(validation *check, uint32_t *indexes)
{
    for (size_t i = 0; i < check->count; i++) {
        if (check->notes[i].total != 0 || tag_number(marc_record_field(check->record, i)->tag) < 0)
            continue;
        size_t members = 0;
        for (uint32_t at = (uint32_t)i + 1; at != 0; at = check->notes[at - 1].next)
            indexes[members++] = at - 1;
        if (!note_group(&(tag_group){ check, indexes, members }))
            return false;
    }
    return true;
}

bool check_note_fields(validation *check)
{
    size_t count = check->count;
    uint32_t last[NUMERIC_TAGS]; /* read only where first[] says that it was written */
    uint32_t *indexes = arena_alloc(check->memory, (count + 1) * sizeof *indexes);
    odd_tag *odd = NULL;
    size_t odd_count = 0;

    check->notes = arena_calloc(check->memory, count + 1, sizeof *check->notes);
    if (indexes == NULL || check->notes == NULL || count >= UINT32_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *tag = marc_record_field(check->record, i)->tag;
        int number = tag_number(tag);
        if (number < 0) {
            if (odd == NULL && (odd = arena_alloc(check->memory, (count - i) * sizeof *odd)) == NULL)
                return false;
            odd[odd_count].index = (uint32_t)i;
            memcpy(odd[odd_count++].tag, tag, MARC_TAG_LENGTH);
            continue;
        }
        if (check->first[number] == 0)
            check->first[number] = (uint32_t)i + 1;
        else
            check->notes[last[number]].next = (uint32_t)i + 1;
        last[number] = (uint32_t)i;
    }
    return note_numeric_tags(check, indexes) && (odd_count == 0 || note_odd_tags(check, odd, odd_count, indexes));
}
