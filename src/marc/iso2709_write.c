/* src/marc/iso2709_write.c - a record as bytes of ISO 2709.
 *
 * Only the lengths are made here: leader 00-04 and 12-16 and the directory. All else is written as it stands, so that a
 * sound record that was read comes out as the same bytes. A record too long for its columns is refused, never written wrong,
 * unless long records are asked for (formats.h says how they look). */
#include "writer.h"
#include "iso2709.h"

#include <string.h>

/* A number that is too large is all nines: it stands for "see the terminators". */
static void put_number(char *out, int digits, size_t number)
{
    size_t most = digits == 4 ? ISO2709_FIELD_LONGEST : ISO2709_LONGEST;
    if (number > most)
        number = most;
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
}

static recto_status measure(const marc_record *record, bool long_records, size_t *data_length, recto_error *error)
{
    size_t length = 0;
    char name[MARC_FIELD_NAME];
    for (size_t i = 0; i < record->count; i++) {
        size_t field = record->fields[i].field.content.length + 1;
        if (field > ISO2709_FIELD_LONGEST && !long_records)
            return recto_fail(error, RECTO_ELIMIT, NULL, "write it as marcxml, or allow long records",
                              "%s has %zu bytes, ISO 2709 ends at 9,999", marc_record_name_field(name, record, i), field);
        length += field;
    }
    size_t total = MARC_LEADER_LENGTH + record->count * ISO2709_ENTRY + 1 + length + 1;
    if (total > ISO2709_LONGEST && !long_records)
        return recto_fail(error, RECTO_ELIMIT, NULL, "write it as marcxml, or allow long records",
                          "the record would have %zu bytes, ISO 2709 ends at 99,999", total);
    *data_length = length;
    return RECTO_OK;
}

static void put_record(char *out, const marc_record *record, size_t base, size_t total)
{
    char *entry = out + MARC_LEADER_LENGTH;
    char *data = out + base;
    size_t start = 0;
    memcpy(out, record->leader, MARC_LEADER_LENGTH);
    put_number(out, 5, total);
    put_number(out + 12, 5, base);
    for (size_t i = 0; i < record->count; i++, entry += ISO2709_ENTRY) {
        const marc_field *field = &record->fields[i].field;
        memcpy(entry, field->tag, MARC_TAG_LENGTH);
        put_number(entry + 3, 4, field->content.length + 1);
        put_number(entry + 7, 5, start);
        if (field->content.length > 0)
            memcpy(data + start, field->content.bytes, field->content.length);
        start += field->content.length;
        data[start++] = MARC_FIELD_TERMINATOR;
    }
    *entry = MARC_FIELD_TERMINATOR;
    data[start] = MARC_RECORD_TERMINATOR;
}

/* A record terminator inside of the record would end it for every reader. */
static recto_status check_bytes(const marc_record *record, recto_error *error)
{
    if (memchr(record->leader, MARC_RECORD_TERMINATOR, MARC_LEADER_LENGTH) != NULL ||
        memchr(record->leader, MARC_FIELD_TERMINATOR, MARC_LEADER_LENGTH) != NULL)
        return recto_fail(error, RECTO_EDATA, "leader", NULL, "a terminator (0x1D or 0x1E) cannot stand in the leader");
    char name[MARC_FIELD_NAME];
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        if (memchr(field->tag, MARC_RECORD_TERMINATOR, MARC_TAG_LENGTH) != NULL ||
            memchr(field->tag, MARC_FIELD_TERMINATOR, MARC_TAG_LENGTH) != NULL ||
            (field->content.length > 0 && memchr(field->content.bytes, MARC_RECORD_TERMINATOR, field->content.length) != NULL))
            return recto_fail(error, RECTO_EDATA, NULL, NULL, "%s holds a record terminator (0x1D)",
                              marc_record_name_field(name, record, i));
    }
    return RECTO_OK;
}

recto_status iso2709_write(buffer *out, const marc_record *record, bool long_records, recto_error *error)
{
    size_t data_length = 0;
    recto_status status = measure(record, long_records, &data_length, error);
    if (status == RECTO_OK)
        status = check_bytes(record, error);
    if (status != RECTO_OK)
        return status;
    size_t base = MARC_LEADER_LENGTH + record->count * ISO2709_ENTRY + 1;
    size_t total = base + data_length + 1;
    char *bytes = buffer_reserve(out, total);
    if (bytes == NULL)
        return recto_fail_memory(error, "writing a record");
    put_record(bytes, record, base, total);
    buffer_grow(out, total);
    return RECTO_OK;
}
