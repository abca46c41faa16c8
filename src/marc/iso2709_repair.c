/* src/marc/iso2709_repair.c - reading a record of ISO 2709 whose claims do not fit its bytes.
 *
 * What is certain in such a record is where its fields end: at 0x1E. The directory is tried against that in several ways,
 * from the most to the least trusting:
 *   1. every entry is right, though not in the order of the data, or leaving gaps;
 *   2. every entry is right when it is taken to count characters and not bytes;
 *   3. the entries are as if printed without regard to the width of their columns (fields over 9,999 bytes, records over
 *      99,999: five digits in a column of four);
 *   4. there are as many entries as fields: lengths and places are ignored, tags go to the fields in turn;
 *   5. entries follow each other without gaps to the end, although terminators are missing;
 *   6. most entries are there, though some bytes of the directory are lost or added (iso2709_resync.c).
 * When none fits, the record is rejected: a wrong tag is worse than a record not loaded. */
#include "iso2709_resync.h"
#include "recto/base/plural.h"
#include "recto/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_MAP = 4 /* bytes at the end of the leader, always 4500 in MARC 21 */ };

typedef struct directory_entry {
    const char *tag;
    iso2709_span claim;
    bool readable; /* its length and start are digits */
} directory_entry;

typedef struct record_layout {
    text directory, data;
    directory_entry *entries;
    size_t entry_count;
    iso2709_span *fields; /* what lies between terminators */
    size_t field_count;
    iso2709_span *chosen; /* for each entry */
    size_t *order;
    char *tags; /* of the fields, when they were put together anew */
} record_layout;

size_t iso2709_split(const char *bytes, size_t length)
{
    for (size_t at = 1; at + ISO2709_SHORTEST <= length; at++) {
        size_t claimed = 0;
        size_t base = 0;
        if (bytes[at] < '0' || bytes[at] > '9' || !iso2709_number(bytes + at, 5, &claimed) || claimed != length - at)
            continue;
        if (iso2709_number(bytes + at + 12, 5, &base) && base > MARC_LEADER_LENGTH && base < claimed &&
            bytes[at + base - 1] == MARC_FIELD_TERMINATOR)
            return at;
    }
    return length;
}

static void layout_release(record_layout *layout)
{
    free(layout->entries);
    free(layout->fields);
    free(layout->chosen);
    free(layout->order);
    free(layout->tags);
}

static size_t count_fields(text data)
{
    size_t count = 0;
    for (size_t i = 0; i < data.length; i++)
        count += data.bytes[i] == MARC_FIELD_TERMINATOR;
    return count + (data.length > 0 && data.bytes[data.length - 1] != MARC_FIELD_TERMINATOR);
}

static void find_fields(record_layout *layout)
{
    size_t start = 0;
    for (size_t i = 0; i < layout->data.length; i++) {
        if (layout->data.bytes[i] != MARC_FIELD_TERMINATOR && i + 1 < layout->data.length)
            continue;
        layout->fields[layout->field_count++] = (iso2709_span){ start, i + 1 - start };
        start = i + 1;
    }
}

static void read_entries(record_layout *layout)
{
    for (size_t i = 0; i < layout->entry_count; i++) {
        const char *bytes = layout->directory.bytes + i * ISO2709_ENTRY;
        directory_entry *entry = &layout->entries[i];
        entry->tag = bytes;
        entry->readable = iso2709_number(bytes + 3, 4, &entry->claim.length) && iso2709_number(bytes + 7, 5, &entry->claim.start);
        layout->order[i] = i;
    }
}

static bool layout_init(record_layout *layout, text directory, text data)
{
    size_t fields = count_fields(data);
    size_t entries = directory.length / ISO2709_ENTRY;
    size_t most = fields > entries ? fields : entries;
    *layout = (record_layout){ .directory = directory, .data = data, .entry_count = entries };
    layout->entries = calloc(most + 1, sizeof *layout->entries);
    layout->fields = calloc(fields + 1, sizeof *layout->fields);
    layout->chosen = calloc(most + 1, sizeof *layout->chosen);
    layout->order = calloc(most + 1, sizeof *layout->order);
    if (layout->entries == NULL || layout->fields == NULL || layout->chosen == NULL || layout->order == NULL)
        return false;
    find_fields(layout);
    read_entries(layout);
    return true;
}

static int by_start(const void *a, const void *b, void *context)
{
    const directory_entry *entries = context;
    size_t one = *(const size_t *)a;
    size_t other = *(const size_t *)b;
    size_t start = entries[one].claim.start;
    size_t other_start = entries[other].claim.start;
    if (start != other_start)
        return start < other_start ? -1 : 1;
    return one < other ? -1 : one > other;
}

static void sort_by_start(record_layout *layout)
{
    qsort_r(layout->order, layout->entry_count, sizeof *layout->order, by_start, layout->entries);
}

static bool ends_in_terminator(const record_layout *layout, iso2709_span span)
{
    return layout->data.bytes[span.start + span.length - 1] == MARC_FIELD_TERMINATOR;
}

static bool claim_is_inside(const record_layout *layout, const directory_entry *entry)
{
    return entry->readable && entry->claim.length > 0 && entry->claim.start <= layout->data.length &&
           entry->claim.length <= layout->data.length - entry->claim.start;
}

/* Do the claims, each ending in a terminator, divide the data among them? *covered tells how much of it. */
static bool claims_divide(record_layout *layout, size_t *covered, bool *sorted)
{
    size_t end = 0;
    *covered = 0;
    *sorted = true;
    if (layout->directory.length % ISO2709_ENTRY != 0 || (layout->entry_count == 0 && layout->data.length > 0))
        return false;
    for (size_t i = 0; i < layout->entry_count; i++)
        if (!claim_is_inside(layout, &layout->entries[i]) || !ends_in_terminator(layout, layout->entries[i].claim))
            return false;
    sort_by_start(layout);
    for (size_t i = 0; i < layout->entry_count; i++) {
        const directory_entry *entry = &layout->entries[layout->order[i]];
        if (entry->claim.start < end)
            return false; /* two claim the same bytes */
        end = entry->claim.start + entry->claim.length;
        *covered += entry->claim.length;
        *sorted = *sorted && layout->order[i] == i;
        layout->chosen[layout->order[i]] = entry->claim;
    }
    return true;
}

/* Way 1. */
static bool claims_are_right(marc_reader *reader, record_layout *layout)
{
    size_t covered = 0;
    bool sorted = true;
    if (!claims_divide(layout, &covered, &sorted))
        return false;
    if (!sorted)
        reader_oddity(reader, "directory-unsorted", "the directory is not in the order of the data; its own order was kept");
    if (covered < layout->data.length)
        reader_oddity(reader, "data-unclaimed", "%zu %s to no directory entry and %s left out", layout->data.length - covered,
                      plural(layout->data.length - covered, "byte of data belongs", "bytes of data belong"),
                      plural(layout->data.length - covered, "was", "were"));
    return true;
}

/* Byte offsets of all characters of the data and of its end; *count is that of the characters. */
static size_t *character_offsets(text data, size_t *count)
{
    size_t *offsets = malloc((data.length + 1) * sizeof *offsets);
    *count = 0;
    for (size_t i = 0; offsets != NULL && i < data.length; i++)
        if (((unsigned char)data.bytes[i] & 0xC0) != 0x80)
            offsets[(*count)++] = i;
    if (offsets != NULL)
        offsets[*count] = data.length;
    return offsets;
}

/* Way 2. The claims are turned into bytes for the trial, and back when it fails. */
static bool claims_count_characters(marc_reader *reader, record_layout *layout)
{
    size_t count = 0;
    size_t covered = 0;
    bool sorted = true;
    bool right = layout->entry_count > 0 && utf8_valid(layout->data, NULL);
    size_t *offsets = right ? character_offsets(layout->data, &count) : NULL;
    for (size_t i = 0; offsets != NULL && right && i < layout->entry_count; i++) {
        const iso2709_span *claim = &layout->entries[i].claim;
        right = layout->entries[i].readable && claim->start <= count && claim->length <= count - claim->start;
    }
    if (offsets == NULL || !right) {
        free(offsets);
        return false;
    }
    for (size_t i = 0; i < layout->entry_count; i++) {
        iso2709_span *claim = &layout->entries[i].claim;
        size_t end = offsets[claim->start + claim->length];
        claim->start = offsets[claim->start];
        claim->length = end - claim->start;
    }
    free(offsets);
    right = claims_divide(layout, &covered, &sorted) && covered == layout->data.length;
    if (right)
        reader_oddity(reader, "directory-characters", "the directory counts characters and not bytes; all %zu fields were kept",
                      layout->entry_count);
    else
        read_entries(layout);
    return right;
}

/* Way 3: what a program prints that gives each number the columns it needs. */
static bool claims_are_printed_wide(marc_reader *reader, record_layout *layout)
{
    size_t at = 0;
    for (size_t i = 0; i < layout->field_count; i++) {
        char digits[48];
        int length = snprintf(digits, sizeof digits, "%04zu%05zu", layout->fields[i].length, layout->fields[i].start);
        if (layout->directory.length - at < MARC_TAG_LENGTH + (size_t)length ||
            memcmp(layout->directory.bytes + at + MARC_TAG_LENGTH, digits, (size_t)length) != 0)
            return false;
        layout->entries[i].tag = layout->directory.bytes + at;
        layout->chosen[i] = layout->fields[i];
        at += MARC_TAG_LENGTH + (size_t)length;
    }
    if (at != layout->directory.length || layout->field_count == 0)
        return false;
    layout->entry_count = layout->field_count;
    if (at != layout->field_count * ISO2709_ENTRY)
        reader_oddity(reader, "directory-wide", "directory entries are wider than their columns; all %zu fields were kept",
                      layout->entry_count);
    return true;
}

/* How many entries claim just the place that they get when tags are dealt in this order. */
static size_t agreement(const record_layout *layout)
{
    size_t right = 0;
    for (size_t i = 0; i < layout->entry_count; i++) {
        const directory_entry *entry = &layout->entries[layout->order[i]];
        right += entry->readable && entry->claim.start == layout->fields[i].start;
    }
    return right;
}

/* Way 4. The entries may be unsorted besides: the order that agrees with more of the claims is taken, their own in doubt. */
static bool tags_in_turn(marc_reader *reader, record_layout *layout)
{
    if (layout->directory.length % ISO2709_ENTRY != 0 || layout->entry_count != layout->field_count || layout->entry_count == 0)
        return false;
    sort_by_start(layout);
    size_t sorted = agreement(layout);
    for (size_t i = 0; i < layout->entry_count; i++)
        layout->order[i] = i;
    if (agreement(layout) < sorted)
        sort_by_start(layout);
    for (size_t i = 0; i < layout->entry_count; i++)
        layout->chosen[layout->order[i]] = layout->fields[i];
    reader_oddity(reader, "directory-wrong",
                  "lengths or places in the directory are wrong; all %zu fields were kept by their terminators",
                  layout->entry_count);
    return true;
}

/* Way 5. */
static bool claims_are_gapless(marc_reader *reader, record_layout *layout)
{
    size_t expected = 0;
    if (layout->directory.length % ISO2709_ENTRY != 0 || layout->entry_count == 0)
        return false;
    for (size_t i = 0; i < layout->entry_count; i++) {
        const directory_entry *entry = &layout->entries[i];
        if (!claim_is_inside(layout, entry) || entry->claim.start != expected)
            return false;
        expected += entry->claim.length;
        layout->chosen[i] = entry->claim;
    }
    if (expected != layout->data.length)
        return false;
    reader_oddity(reader, "field-terminator-missing", "a field has no terminator; fields were kept by the directory");
    return true;
}

/* Way 6. Half of the entries must be there, or it would be guessing; and none for a field that is not, which data were lost of.
 */
static bool entries_are_found(marc_reader *reader, record_layout *layout)
{
    size_t count = layout->field_count;
    bool all_here = count > 0 && layout->directory.length < (count + 1) * ISO2709_ENTRY;
    layout->tags = all_here ? malloc(count * MARC_TAG_LENGTH) : NULL;
    if (layout->tags == NULL)
        return false;
    text directory = layout->directory;
    if (memcmp(directory.bytes - ENTRY_MAP, "4500", ENTRY_MAP) != 0) { /* the leader may be short: its end is of the directory */
        directory.bytes -= ISO2709_ENTRY;
        directory.length += ISO2709_ENTRY;
    }
    iso2709_resynced counts = iso2709_resync(layout->tags, directory, layout->fields, count);
    if (counts.found * 2 <= count)
        return false;
    for (size_t i = 0; i < count; i++) {
        layout->entries[i].tag = layout->tags + i * MARC_TAG_LENGTH;
        layout->chosen[i] = layout->fields[i];
    }
    layout->entry_count = count;
    reader_oddity(reader, "directory-damaged",
                  "bytes of the directory are lost or added; all %zu fields were kept, %zu with a tag from a damaged entry, "
                  "%zu with the tag XXX in place of a lost one",
                  count, counts.mended, counts.unknown);
    return true;
}

/* For the rejection: what is wrong, at the first entry that does not fit. */
static recto_status reject_directory(marc_reader *reader, const record_layout *layout, recto_error *error)
{
    size_t expected = 0;
    if (layout->directory.length % ISO2709_ENTRY != 0)
        return reader_reject(reader, error, RECTO_EDATA,
                             "the directory has %zu bytes, which is no multiple of 12, and does not fit %zu fields",
                             layout->directory.length, layout->field_count);
    for (size_t i = 0; i < layout->entry_count; i++) {
        const directory_entry *entry = &layout->entries[i];
        if (!claim_is_inside(layout, entry) || entry->claim.start != expected)
            return reader_reject(reader, error, RECTO_EDATA,
                                 "damaged: directory entry %zu of %zu (byte %zu) fits none of the %zu fields", i + 1,
                                 layout->entry_count, MARC_LEADER_LENGTH + i * ISO2709_ENTRY, layout->field_count);
        expected += entry->claim.length;
    }
    return reader_reject(reader, error, RECTO_EDATA, "damaged: %zu directory entries for %zu fields", layout->entry_count,
                         layout->field_count);
}

static recto_status fill_record(marc_record *record, const char *leader, const record_layout *layout, recto_error *error)
{
    char *data = marc_record_open_block(record, layout->data.length);
    if (data == NULL || !marc_record_reserve_fields(record, layout->entry_count))
        return recto_fail_memory(error, "reading a record");
    if (layout->data.length > 0)
        memcpy(data, layout->data.bytes, layout->data.length);
    marc_record_set_leader(record, leader);
    for (size_t i = 0; i < layout->entry_count; i++) {
        iso2709_span span = layout->chosen[i];
        marc_record_add_span(record, layout->entries[i].tag, data + span.start, span.length - ends_in_terminator(layout, span));
    }
    return RECTO_OK;
}

/* What the leader claims is not needed to read the record, only worth a remark. */
static void report_leader(marc_reader *reader, text bytes, size_t base)
{
    size_t claimed = 0;
    if (!iso2709_number(bytes.bytes, 5, &claimed) || claimed != bytes.length)
        reader_oddity(reader, "length-wrong", "the leader says %.5s bytes, the record has %zu", bytes.bytes, bytes.length);
    if (!iso2709_number(bytes.bytes + 12, 5, &claimed) || claimed != base)
        reader_oddity(reader, "base-address-wrong", "the leader says that data begin at %.5s, they begin at %zu",
                      bytes.bytes + 12, base);
    if (bytes.bytes[bytes.length - 1] != MARC_RECORD_TERMINATOR)
        reader_oddity(reader, "record-terminator-missing", "the record terminator is missing");
    else if (bytes.length - 1 > base && bytes.bytes[bytes.length - 2] != MARC_FIELD_TERMINATOR)
        reader_oddity(reader, "field-terminator-missing", "the last field has no terminator");
}

/* The file ended in the middle of a field: what is there of it would pass for the whole. */
static bool is_cut_off(text bytes, size_t base)
{
    char last = bytes.bytes[bytes.length - 1];
    return last != MARC_RECORD_TERMINATOR && last != MARC_FIELD_TERMINATOR && bytes.length > base;
}

static bool find_fields_by_directory(marc_reader *reader, record_layout *layout, bool cut_off)
{
    if (layout->entry_count == 0 && layout->directory.length == 0 && layout->data.length == 0)
        return true;
    if (claims_are_right(reader, layout))
        return true;
    return !cut_off && (claims_count_characters(reader, layout) || claims_are_printed_wide(reader, layout) ||
                        tags_in_turn(reader, layout) || claims_are_gapless(reader, layout) || entries_are_found(reader, layout));
}

static recto_status repair_data(marc_reader *reader, marc_record *record, text bytes, size_t base, recto_error *error)
{
    record_layout layout;
    size_t end = bytes.length - (bytes.bytes[bytes.length - 1] == MARC_RECORD_TERMINATOR);
    text directory = text_of(bytes.bytes + MARC_LEADER_LENGTH, base - 1 - MARC_LEADER_LENGTH);
    recto_status status = RECTO_OK;
    if (!layout_init(&layout, directory, text_of(bytes.bytes + base, end - base)))
        status = recto_fail_memory(error, "reading a record");
    else if (find_fields_by_directory(reader, &layout, is_cut_off(bytes, base)))
        status = fill_record(record, bytes.bytes, &layout, error);
    else
        status = reject_directory(reader, &layout, error);
    layout_release(&layout);
    return status;
}

/* Is this a directory throughout: tags of letters and digits, and numbers? */
static bool looks_like_directory(const char *bytes, size_t length)
{
    size_t start = 0;
    for (size_t at = 0; at < length; at += ISO2709_ENTRY)
        if (!isalnum((unsigned char)bytes[at]) || !isalnum((unsigned char)bytes[at + 1]) ||
            !isalnum((unsigned char)bytes[at + 2]) || !iso2709_number(bytes + at + MARC_TAG_LENGTH, 9, &start))
            return false;
    return length > 0;
}

/* Data begin behind the first field terminator, whatever the leader says; unless that is no terminator any more, and all before
 * the place that the leader names is a directory. 0: there is none. */
static size_t find_base(marc_reader *reader, text bytes)
{
    size_t claimed = 0;
    const char *end = memchr(bytes.bytes, MARC_FIELD_TERMINATOR, bytes.length);
    size_t base = end != NULL ? (size_t)(end - bytes.bytes) + 1 : 0;
    if (!iso2709_number(bytes.bytes + 12, 5, &claimed) || claimed >= base || claimed <= MARC_LEADER_LENGTH ||
        (claimed - 1 - MARC_LEADER_LENGTH) % ISO2709_ENTRY != 0 ||
        !looks_like_directory(bytes.bytes + MARC_LEADER_LENGTH, claimed - 1 - MARC_LEADER_LENGTH) ||
        isalnum((unsigned char)bytes.bytes[claimed - 1]))
        return base;
    reader_oddity(reader, "directory-terminator-missing", "the directory has no terminator; it ends where the leader says");
    return claimed;
}

recto_status iso2709_repair(marc_reader *reader, marc_record *record, text bytes, recto_error *error)
{
    if (bytes.length < ISO2709_SHORTEST - 1)
        return reader_reject(reader, error, RECTO_EDATA, "%zu %s too few for a record", bytes.length,
                             plural(bytes.length, "byte is", "bytes are"));
    size_t base = find_base(reader, bytes);
    if (base == 0)
        return reader_reject(reader, error, RECTO_EDATA, "no record: nothing ends a directory in these %zu bytes", bytes.length);
    if (base <= MARC_LEADER_LENGTH)
        return reader_reject(reader, error, RECTO_EDATA, "damaged: the leader ends at byte %zu", base - 1);
    report_leader(reader, bytes, base);
    return repair_data(reader, record, bytes, base, error);
}
