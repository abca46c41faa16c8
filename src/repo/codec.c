/* src/repo/codec.c - a record as stored bytes, and back: ISO 2709 where it fits, the same layout with wide lengths else.
 *
 * This is not the file format of marc/formats.h, which repairs, converts and reports: what is stored must come back byte
 * for byte, whatever it holds. Fields are found by the directory alone, so that contents may hold any byte. In the wide
 * layout a `W` stands first, then lengths of twelve digits, then the leader, then directory entries of 3 + 12 + 12. */
#include "store.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

typedef struct layout {
    size_t prefix; /* bytes before the leader */
    size_t length_digits, start_digits;
} layout;

static const layout narrow = { 0, 4, 5 };
static const layout wide = { 1 + 12 + 12, 12, 12 };
enum { RECORD_LENGTH_MAX = 99999, FIELD_LENGTH_MAX = 9999, RECORD_MAX = 256 * 1024 * 1024 };

static size_t entry_length(const layout *layout)
{
    return MARC_TAG_LENGTH + layout->length_digits + layout->start_digits;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void put_number(char *out, size_t digits, size_t value)
{
    for (size_t i = digits; i > 0; i--, value /= 10)
        out[i - 1] = (char)('0' + value % 10);
}

static bool fits_narrow(const marc_record *record, size_t *data_length)
{
    bool fits = true;
    size_t total = 0;
    const size_t count = marc_record_count(record);
    for (size_t i = 0; i < count; i++) {
        size_t length = marc_record_field(record, i)->content.length + 1;
        fits = fits && length <= FIELD_LENGTH_MAX;
        total += length;
    }
    *data_length = total;
    return fits && MARC_LEADER_LENGTH + count * entry_length(&narrow) + 1 + total + 1 <= RECORD_LENGTH_MAX;
}

static void put_leader(char *out, const layout *layout, const marc_record *record, size_t total, size_t base)
{
    if (layout->prefix > 0) {
        out[0] = 'W';
        put_number(out + 1, 12, total);
        put_number(out + 13, 12, base);
    }
    char *leader = out + layout->prefix;
    memcpy(leader, marc_record_leader(record), MARC_LEADER_LENGTH);
    put_number(leader, 5, layout->prefix > 0 ? 0 : total);
    put_number(leader + 12, 5, layout->prefix > 0 ? 0 : base);
}

recto_status repo_record_encode(buffer *out, const marc_record *record, recto_error *error)
{
    size_t data_length;
    const layout *layout = fits_narrow(record, &data_length) ? &narrow : &wide;
    const size_t count = marc_record_count(record);
    const size_t base = layout->prefix + MARC_LEADER_LENGTH + count * entry_length(layout) + 1;
    const size_t total = base + data_length + 1;
    if (total > RECORD_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "the record is larger than %d MiB", RECORD_MAX / 1024 / 1024);
    char *bytes = buffer_reserve(out, total);
    if (bytes == NULL)
        return recto_fail_memory(error, "storing a record");
    put_leader(bytes, layout, record, total, base);
    char *entry = bytes + layout->prefix + MARC_LEADER_LENGTH, *data = bytes + base;
    for (size_t i = 0; i < count; i++, entry += entry_length(layout)) {
        const marc_field *field = marc_record_field(record, i);
        memcpy(entry, field->tag, MARC_TAG_LENGTH);
        put_number(entry + MARC_TAG_LENGTH, layout->length_digits, field->content.length + 1);
        put_number(entry + MARC_TAG_LENGTH + layout->length_digits, layout->start_digits, (size_t)(data - bytes) - base);
        if (field->content.length > 0)
            memcpy(data, field->content.bytes, field->content.length);
        data += field->content.length;
        *data++ = MARC_FIELD_TERMINATOR;
    }
    *entry = MARC_FIELD_TERMINATOR;
    *data = MARC_RECORD_TERMINATOR;
    buffer_grow(out, total);
    return RECTO_OK;
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static bool get_number(size_t *out, const char *digits, size_t count)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        value = value * 10 + (size_t)(digits[i] - '0');
    }
    *out = value;
    return true;
}

static bool read_layout(const layout **layout, size_t *base, text bytes)
{
    size_t total;
    *layout = bytes.length > 0 && bytes.bytes[0] == 'W' ? &wide : &narrow;
    if (bytes.length < (*layout)->prefix + MARC_LEADER_LENGTH + 2)
        return false;
    bool sound = *layout == &wide ? get_number(&total, bytes.bytes + 1, 12) && get_number(base, bytes.bytes + 13, 12)
                                  : get_number(&total, bytes.bytes, 5) && get_number(base, bytes.bytes + 12, 5);
    return sound && total == bytes.length && *base<total && * base>(*layout)->prefix + MARC_LEADER_LENGTH &&
           (*base - 1 - (*layout)->prefix - MARC_LEADER_LENGTH) % entry_length(*layout) == 0;
}

static recto_status fail_damaged(recto_error *error)
{
    return recto_fail(error, RECTO_EDATA, NULL, "run: recto check --full", "a stored record cannot be read back");
}

recto_status repo_record_decode(marc_record **out, text bytes, recto_error *error)
{
    const layout *layout;
    size_t base, length, start;
    marc_record *record = NULL;
    if (!read_layout(&layout, &base, bytes))
        return fail_damaged(error);
    recto_status status = marc_record_new(&record, error);
    if (status != RECTO_OK)
        return status;
    marc_record_set_leader(record, bytes.bytes + layout->prefix);
    const char *end = bytes.bytes + base - 1;
    for (const char *entry = bytes.bytes + layout->prefix + MARC_LEADER_LENGTH; entry < end; entry += entry_length(layout)) {
        const char tag[MARC_TAG_LENGTH + 1] = { entry[0], entry[1], entry[2], '\0' };
        if (!get_number(&length, entry + MARC_TAG_LENGTH, layout->length_digits) ||
            !get_number(&start, entry + MARC_TAG_LENGTH + layout->length_digits, layout->start_digits) || length == 0 ||
            start > bytes.length - base || length > bytes.length - base - start) {
            status = fail_damaged(error);
            goto out;
        }
        status = marc_record_append(record, tag, text_of(bytes.bytes + base + start, length - 1), error);
        if (status != RECTO_OK) { /* a tag or content that no record has was not written here, either */
            status = status == RECTO_ENOMEM ? status : fail_damaged(error);
            goto out;
        }
    }
    *out = record;
    record = NULL;
out:
    marc_record_free(record);
    return status;
}

void checksum_make(unsigned char out[static CHECKSUM_LENGTH], text bytes)
{
    (void)crypto_generichash(out, CHECKSUM_LENGTH, (const unsigned char *)bytes.bytes, bytes.length, NULL, 0);
}
