/* src/marc/record.c - the record: how its fields are kept, put in, changed and taken out.
 *
 * Reading out of fields and titles lives in record_text.c. How memory is laid out, and why, stands in record_store.h. */
#include "recto/marc/record.h"
#include "record_store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char new_leader[] = "00000nam a2200000 i 4500";

recto_status marc_record_new(marc_record **out, recto_error *error)
{
    marc_record *record = calloc(1, sizeof *record);
    if (record == NULL) {
        recto_fail_memory(error, "making a record");
        return RECTO_ENOMEM;
    }
    memcpy(record->leader, new_leader, sizeof new_leader);
    *out = record;
    return RECTO_OK;
}

static void release_bytes(marc_record *record, stored_field *stored)
{
    if (stored->capacity == 0)
        return;
    free((char *)stored->field.content.bytes);
    stored->capacity = 0;
    record->owners--;
}

static void release_all_bytes(marc_record *record)
{
    for (size_t i = 0; record->owners > 0 && i < record->count; i++)
        release_bytes(record, &record->fields[i]);
    record->count = 0;
}

void marc_record_free(marc_record *record)
{
    if (record == NULL)
        return;
    release_all_bytes(record);
    free(record->fields);
    free(record->block);
    free(record);
}

/* The block may move now: no span points into it. Without memory for a larger one the present one serves. */
static void size_block(marc_record *record, size_t bytes)
{
    if (bytes <= record->block_capacity)
        return;
    free(record->block);
    record->block = malloc(bytes);
    record->block_capacity = record->block == NULL ? 0 : bytes;
}

void marc_record_clear(marc_record *record)
{
    release_all_bytes(record);
    memcpy(record->leader, new_leader, sizeof new_leader);
    size_block(record, record->wanted);
    record->block_used = 0;
    record->wanted = 0;
    record->lent = text_of(NULL, 0);
    record->utf8 = false;
}

void marc_record_lend(marc_record *record, text bytes)
{
    marc_record_clear(record);
    record->lent = bytes;
}

char *marc_record_open_block(marc_record *record, size_t bytes)
{
    marc_record_clear(record);
#ifdef ARENA_DEBUG
    free(record->block); /* exactly as large as asked for, so that the sanitizers see a reader overrun it */
    record->block = NULL;
    record->block_capacity = 0;
    size_block(record, bytes + (bytes == 0));
#else
    size_block(record, bytes + bytes / 2 + 64);
#endif
    record->block_used = bytes;
    record->wanted = bytes;
    return record->block;
}

bool marc_record_reserve_fields(marc_record *record, size_t count)
{
    if (count <= record->capacity)
        return true;
    size_t capacity = record->capacity + record->capacity / 2 + 32;
    if (capacity < count)
        capacity = count;
    stored_field *fields = realloc(record->fields, capacity * sizeof *fields);
    if (fields == NULL)
        return false;
    record->fields = fields;
    record->capacity = capacity;
    return true;
}

void marc_record_swap(marc_record *a, marc_record *b)
{
    marc_record kept = *a;
    *a = *b;
    *b = kept;
}

const char *marc_record_leader(const marc_record *record)
{
    return record->leader;
}

void marc_record_set_leader(marc_record *record, const char leader[static MARC_LEADER_LENGTH])
{
    memmove(record->leader, leader, MARC_LEADER_LENGTH);
    record->leader[MARC_LEADER_LENGTH] = '\0';
}

size_t marc_record_count(const marc_record *record)
{
    return record->count;
}

const marc_field *marc_record_field(const marc_record *record, size_t index)
{
    assert(index < record->count);
    return &record->fields[index].field;
}

/* Bytes for a new field: from the block while it has room, else its own. */
static char *new_bytes(marc_record *record, size_t length, size_t *capacity)
{
    record->wanted += length;
    record->utf8 = false;
    *capacity = 0;
#ifndef ARENA_DEBUG
    if (record->lent.bytes == NULL && record->block_capacity - record->block_used > length) {
        char *bytes = record->block + record->block_used;
        record->block_used += length;
        return bytes;
    }
#endif
    char *bytes = malloc(length + 1);
    if (bytes != NULL) {
        *capacity = length + 1;
        record->owners++;
    }
    return bytes;
}

static recto_status check_tag(const char *tag, recto_error *error)
{
    if (strnlen(tag, MARC_TAG_LENGTH) < MARC_TAG_LENGTH)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "a tag has three characters");
    if (memcmp(tag, "LDR", MARC_TAG_LENGTH) == 0)
        return recto_fail(error, RECTO_EINVALID, "LDR", NULL, "the leader is not a field");
    return RECTO_OK;
}

static void set_tag(marc_field *field, const char *tag)
{
    memmove(field->tag, tag, MARC_TAG_LENGTH);
    field->tag[MARC_TAG_LENGTH] = '\0';
}

recto_status marc_record_insert(marc_record *record, size_t index, const char *tag, text content, recto_error *error)
{
    char kept_tag[MARC_TAG_LENGTH + 1] = { 0 };
    recto_status status = check_tag(tag, error);
    if (status != RECTO_OK)
        return status;
    memcpy(kept_tag, tag, MARC_TAG_LENGTH); /* the tag may be one of ours, and the fields are about to move */
    if (!marc_record_reserve_fields(record, record->count + 1))
        return recto_fail_memory(error, "adding a field");
    size_t capacity = 0;
    char *bytes = new_bytes(record, content.length, &capacity);
    if (bytes == NULL)
        return recto_fail_memory(error, "adding a field");
    if (content.length > 0)
        memcpy(bytes, content.bytes, content.length);
    if (index > record->count)
        index = record->count;
    stored_field *place = &record->fields[index];
    memmove(place + 1, place, (record->count - index) * sizeof *place);
    record->count++;
    set_tag(&place->field, kept_tag);
    place->field.content = text_of(bytes, content.length);
    place->capacity = capacity;
    return RECTO_OK;
}

recto_status marc_record_append(marc_record *record, const char *tag, text content, recto_error *error)
{
    return marc_record_insert(record, record->count, tag, content, error);
}

/* The new content may be a piece of the old one, so the old bytes go last. A field that is typed into grows by halves. */
static bool replace_bytes(marc_record *record, stored_field *stored, text content)
{
    size_t room = stored->capacity > 0 ? stored->capacity : record->lent.bytes != NULL ? 0 : stored->field.content.length;
    record->utf8 = false;
    if (content.length <= room) {
        if (content.length > 0)
            memmove((char *)stored->field.content.bytes, content.bytes, content.length);
        stored->field.content.length = content.length;
        return true;
    }
    size_t capacity = content.length + content.length / 2 + 16;
    char *bytes = malloc(capacity);
    if (bytes == NULL)
        return false;
    memcpy(bytes, content.bytes, content.length);
    release_bytes(record, stored);
    record->owners++;
    stored->capacity = capacity;
    stored->field.content = text_of(bytes, content.length);
    return true;
}

recto_status marc_record_replace(marc_record *record, size_t index, const char *tag, text content, recto_error *error)
{
    assert(index < record->count);
    recto_status status = check_tag(tag, error);
    if (status != RECTO_OK)
        return status;
    stored_field *stored = &record->fields[index];
    if (!replace_bytes(record, stored, content))
        return recto_fail_memory(error, "changing a field");
    set_tag(&stored->field, tag);
    return RECTO_OK;
}

void marc_record_remove(marc_record *record, size_t index)
{
    assert(index < record->count);
    stored_field *place = &record->fields[index];
    release_bytes(record, place);
    record->count--;
    memmove(place, place + 1, (record->count - index) * sizeof *place);
}

void marc_record_move(marc_record *record, size_t from, size_t to)
{
    assert(from < record->count && to < record->count);
    stored_field moved = record->fields[from];
    stored_field *fields = record->fields;
    if (from < to)
        memmove(&fields[from], &fields[from + 1], (to - from) * sizeof *fields);
    else
        memmove(&fields[to + 1], &fields[to], (from - to) * sizeof *fields);
    fields[to] = moved;
}

static size_t content_bytes(const marc_record *record)
{
    size_t bytes = 0;
    for (size_t i = 0; i < record->count; i++)
        bytes += record->fields[i].field.content.length;
    return bytes;
}

recto_status marc_record_copy(marc_record **out, const marc_record *record, recto_error *error)
{
    marc_record *copy = NULL;
    recto_status status = marc_record_new(&copy, error);
    if (status != RECTO_OK)
        return status;
    char *bytes = marc_record_open_block(copy, content_bytes(record));
    if (bytes == NULL || !marc_record_reserve_fields(copy, record->count)) {
        marc_record_free(copy);
        return recto_fail_memory(error, "copying a record");
    }
    memcpy(copy->leader, record->leader, sizeof copy->leader);
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        if (field->content.length > 0)
            memcpy(bytes, field->content.bytes, field->content.length);
        marc_record_add_span(copy, field->tag, bytes, field->content.length);
        bytes += field->content.length;
    }
    *out = copy;
    return RECTO_OK;
}

bool marc_record_equal(const marc_record *a, const marc_record *b)
{
    if (a->count != b->count || memcmp(a->leader, b->leader, MARC_LEADER_LENGTH) != 0)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const marc_field *one = &a->fields[i].field;
        const marc_field *other = &b->fields[i].field;
        if (memcmp(one->tag, other->tag, MARC_TAG_LENGTH) != 0 || !text_equal(one->content, other->content))
            return false;
    }
    return true;
}

size_t marc_record_place(const marc_record *record, const char *tag)
{
    size_t place = record->count;
    while (place > 0 && memcmp(record->fields[place - 1].field.tag, tag, MARC_TAG_LENGTH) > 0)
        place--;
    return place;
}

bool marc_tag_matches(const char *tag, const char *pattern)
{
    if (tag[0] != pattern[0] && (pattern[0] | 0x20) != 'x') /* most are not it */
        return false;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        bool any_digit = pattern[i] == 'X' || pattern[i] == 'x';
        if (pattern[i] == '\0' || tag[i] == '\0')
            return false;
        if (any_digit ? (tag[i] < '0' || tag[i] > '9') && tag[i] != pattern[i] : tag[i] != pattern[i])
            return false;
    }
    return true;
}

/* Most ask for one tag. */
static size_t find_tag(const marc_record *record, const char *tag, size_t from)
{
    for (size_t i = from; i < record->count; i++)
        if (memcmp(record->fields[i].field.tag, tag, MARC_TAG_LENGTH) == 0)
            return i;
    return SIZE_MAX;
}

size_t marc_record_find(const marc_record *record, const char *pattern, size_t from)
{
    if (strlen(pattern) >= MARC_TAG_LENGTH && strcspn(pattern, "Xx") >= MARC_TAG_LENGTH)
        return find_tag(record, pattern, from);
    for (size_t i = from; i < record->count; i++)
        if (marc_tag_matches(record->fields[i].field.tag, pattern))
            return i;
    return SIZE_MAX;
}

bool marc_tag_is_control(const char *tag)
{
    return tag[0] == '0' && tag[1] == '0';
}

const char *marc_record_name_field(char out[static MARC_FIELD_NAME], const marc_record *record, size_t index)
{
    const char *tag = record->fields[index].field.tag;
    size_t total = 0, number = 0;
    for (size_t i = 0; i < record->count; i++)
        if (memcmp(record->fields[i].field.tag, tag, MARC_TAG_LENGTH) == 0) {
            total++;
            number += i <= index;
        }
    if (total > 1)
        (void)snprintf(out, MARC_FIELD_NAME, "%.3s[%zu]", tag, number);
    else
        (void)snprintf(out, MARC_FIELD_NAME, "%.3s", tag);
    return out;
}
