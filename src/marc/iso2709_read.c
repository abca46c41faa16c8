/* src/marc/iso2709_read.c - a record out of bytes of ISO 2709.
 *
 * Every byte here is hostile. A record ends at its first 0x1D, whatever its length says (GW-20). A sound one, its directory
 * in the order of its data and every length right, takes one copy and one pass over the directory. Any other goes to
 * iso2709_repair.c, which keeps it when all of its data can be told apart, and rejects it otherwise: never half. */
#include "iso2709.h"

#include <string.h>

bool iso2709_number(const char *digits, int count, size_t *out)
{
    size_t number = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned char)digits[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

/* The whole directory against the data; false at the first entry that is not where the one before ended. */
static bool read_directory(marc_record *record, const char *entry, size_t count, const char *data, size_t length)
{
    size_t expected = 0;
    for (size_t i = 0; i < count; i++, entry += ISO2709_ENTRY) {
        size_t field_length = 0;
        size_t start = 0;
        if (!iso2709_number(entry + 3, 4, &field_length) || !iso2709_number(entry + 7, 5, &start) || start != expected ||
            field_length == 0 || field_length > length - expected)
            return false;
        expected += field_length;
        if (data[expected - 1] != MARC_FIELD_TERMINATOR)
            return false;
        marc_record_add_span(record, entry, data + start, field_length - 1);
    }
    return expected == length;
}

static recto_status read_sound(bool *sound, marc_record *record, text bytes, recto_error *error)
{
    size_t length = 0;
    size_t base = 0;
    *sound = false;
    if (bytes.length < ISO2709_SHORTEST || !iso2709_number(bytes.bytes, 5, &length) || length != bytes.length ||
        !iso2709_number(bytes.bytes + 12, 5, &base) || base <= MARC_LEADER_LENGTH || base >= length ||
        (base - MARC_LEADER_LENGTH - 1) % ISO2709_ENTRY != 0 || bytes.bytes[base - 1] != MARC_FIELD_TERMINATOR ||
        bytes.bytes[length - 1] != MARC_RECORD_TERMINATOR)
        return RECTO_OK;
    size_t count = (base - MARC_LEADER_LENGTH - 1) / ISO2709_ENTRY;
    size_t data_length = length - base - 1;
    char *data = marc_record_open_block(record, data_length);
    if (data == NULL || !marc_record_reserve_fields(record, count))
        return recto_fail_memory(error, "reading a record");
    memcpy(data, bytes.bytes + base, data_length);
    marc_record_set_leader(record, bytes.bytes);
    *sound = read_directory(record, bytes.bytes + MARC_LEADER_LENGTH, count, data, data_length);
    return RECTO_OK;
}

static bool is_filler(unsigned char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == 0x1A || byte == 0 ||
           byte == MARC_RECORD_TERMINATOR;
}

static size_t filler_length(text rest)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t length = 0;
    while (length < rest.length) {
        if (is_filler((unsigned char)rest.bytes[length]))
            length++;
        else if (rest.length - length >= 3 && memcmp(rest.bytes + length, byte_order_mark, 3) == 0)
            length += 3;
        else
            break;
    }
    return length;
}

/* Passes over line ends, DOS end-of-file marks and the like before a record. */
static recto_status skip_filler(marc_reader *reader, recto_error *error)
{
    size_t passed = 0;
    recto_status status = RECTO_OK;
    do {
        size_t filler = filler_length(reader_rest(reader));
        reader->next += filler;
        passed += filler;
    } while (reader_rest(reader).length < 3 && (status = reader_more(reader, error)) == RECTO_OK);
    reader->offset = reader->oddity_offset = marc_reader_position(reader);
    if (passed > 0)
        reader_oddity(reader, "filler", "%zu bytes that belong to no record were passed over", passed);
    if (status == RECTO_END)
        return reader_rest(reader).length == 0 ? RECTO_END : RECTO_OK;
    return status;
}

/* Length of the bytes up to and with the next record terminator, or of all that is left. */
static recto_status find_end(marc_reader *reader, size_t *length, recto_error *error)
{
    size_t searched = 0;
    for (;;) {
        text rest = reader_rest(reader);
        const char *end =
            rest.length > searched ? memchr(rest.bytes + searched, MARC_RECORD_TERMINATOR, rest.length - searched) : NULL;
        *length = end != NULL ? (size_t)(end - rest.bytes) + 1 : rest.length;
        if (end != NULL || *length > reader_limit(reader))
            return RECTO_OK;
        searched = rest.length;
        recto_status status = reader_more(reader, error);
        if (status != RECTO_OK)
            return status == RECTO_END ? RECTO_OK : status;
    }
}

/* What is left of a record that was over the limit, in constant memory. */
static recto_status skip_rest(marc_reader *reader, recto_error *error)
{
    recto_status status = RECTO_OK;
    while (reader->skipping && status == RECTO_OK) {
        text rest = reader_rest(reader);
        const char *end = rest.length > 0 ? memchr(rest.bytes, MARC_RECORD_TERMINATOR, rest.length) : NULL;
        reader->next += end != NULL ? (size_t)(end - rest.bytes) + 1 : rest.length;
        if (end != NULL)
            reader->skipping = false;
        else
            status = reader_more(reader, error);
    }
    return status;
}

static recto_status over_limit(marc_reader *reader, size_t length, recto_error *error)
{
    reader->skipping = reader_rest(reader).bytes[length - 1] != MARC_RECORD_TERMINATOR;
    reader_consume(reader, length);
    return reader_reject(reader, error, RECTO_ELIMIT, "the record has more than %zu bytes", reader_limit(reader));
}

recto_status iso2709_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    size_t length = 0;
    bool sound = false;
    recto_status status = skip_rest(reader, error);
    if (status == RECTO_OK)
        status = skip_filler(reader, error);
    if (status == RECTO_OK)
        status = find_end(reader, &length, error);
    if (status != RECTO_OK)
        return status;
    if (length > reader_limit(reader))
        return over_limit(reader, length, error);
    status = read_sound(&sound, record, text_of(reader_rest(reader).bytes, length), error);
    if (status == RECTO_OK && !sound) {
        length = iso2709_split(reader_rest(reader).bytes, length);
        reader_consume(reader, length);
        status = iso2709_repair(reader, record, reader->raw, error);
    } else {
        reader_consume(reader, length);
    }
    if (status == RECTO_OK && !reader->options.keep_bytes)
        status = encoding_settle(reader, record, error);
    return status;
}
