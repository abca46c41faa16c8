/* src/marc/iso2709_read.c - a record out of bytes of ISO 2709.
 *
 * Every byte here is hostile. A record ends at its first 0x1D, whatever its length says (GW-20). A sound one, its directory
 * in the order of its data and every length right, takes one copy and one pass over the directory. Any other goes to
 * iso2709_repair.c, which keeps it when all of its data can be told apart, and rejects it otherwise: never half. */
#include "iso2709.h"

#include "recto/base/plural.h"

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

/* Eight digits of a directory entry are read as one word, whose lowest byte is the first of them on any machine. */
static inline uint64_t load_digits(const char *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline bool are_digits(uint64_t word)
{
    return (((word + 0x4646464646464646U) | (word - 0x3030303030303030U)) & 0x8080808080808080U) == 0;
}

/* Pairs of digits, then of pairs, then of those: the first byte is the highest digit. */
static inline uint32_t number_of_digits(uint64_t word)
{
    word -= 0x3030303030303030U;
    word = word * 10 + (word >> 8);
    word = ((word & 0x000000FF000000FFU) * (100 + (1000000ULL << 32)) +
            ((word >> 16) & 0x000000FF000000FFU) * (1 + (10000ULL << 32))) >>
           32;
    return (uint32_t)word;
}

/* Length of the field when the entry is sound and its field begins where the one before ended; else 0. */
static inline size_t sound_entry(const char *entry, size_t expected)
{
    enum { STARTS = 100000 };
    uint64_t digits = load_digits(entry + 4); /* LLLSSSSS, behind the first L */
    unsigned first = (unsigned char)entry[3] - (unsigned)'0';
    if (first > 9 || !are_digits(digits))
        return 0;
    uint32_t number = number_of_digits(digits);
    uint32_t length = number / STARTS;
    return number - length * STARTS == expected ? first * 1000 + length : 0;
}

/* The whole directory against the data; false at the first entry that is not where the one before ended. */
static bool read_directory(marc_record *record, const char *entry, size_t count, text data)
{
    size_t expected = 0;
    for (size_t i = 0; i < count; i++, entry += ISO2709_ENTRY) {
        size_t length = sound_entry(entry, expected);
        if (length == 0 || length > data.length - expected || data.bytes[expected + length - 1] != MARC_FIELD_TERMINATOR)
            return false;
        marc_record_add_span(record, entry, data.bytes + expected, length - 1);
        expected += length;
    }
    return expected == data.length;
}

/* Where the data of a record lie whose leader and terminators are in order; 0 when they are not. */
static size_t sound_base(text bytes)
{
    size_t length = 0;
    size_t base = 0;
    if (bytes.length < ISO2709_SHORTEST || !iso2709_number(bytes.bytes, 5, &length) || length != bytes.length ||
        !iso2709_number(bytes.bytes + 12, 5, &base) || base <= MARC_LEADER_LENGTH || base >= length ||
        (base - MARC_LEADER_LENGTH - 1) % ISO2709_ENTRY != 0 || bytes.bytes[base - 1] != MARC_FIELD_TERMINATOR ||
        bytes.bytes[length - 1] != MARC_RECORD_TERMINATOR)
        return 0;
    return base;
}

static recto_status read_sound(bool *sound, marc_reader *reader, marc_record *record, text bytes, recto_error *error)
{
    size_t base = sound_base(bytes);
    *sound = false;
    if (base == 0)
        return RECTO_OK;
    size_t count = (base - MARC_LEADER_LENGTH - 1) / ISO2709_ENTRY;
    text data = text_of(bytes.bytes + base, bytes.length - base - 1);
    if (!marc_record_reserve_fields(record, count))
        return recto_fail_memory(error, "reading a record");
    if (reader->options.lend) {
        marc_record_lend(record, data);
    } else {
        char *copy = marc_record_open_block(record, data.length);
        if (copy == NULL)
            return recto_fail_memory(error, "reading a record");
        memcpy(copy, data.bytes, data.length);
        data.bytes = copy;
    }
    marc_record_set_leader(record, bytes.bytes);
    *sound = read_directory(record, bytes.bytes + MARC_LEADER_LENGTH, count, data);
    return RECTO_OK;
}

size_t iso2709_filler(text rest)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t length = 0;
    while (length < rest.length) {
        if (iso2709_is_filler((unsigned char)rest.bytes[length]))
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
    text rest = reader_rest(reader);
    if (rest.length >= 3 && rest.bytes[0] >= '0' && rest.bytes[0] <= '9') { /* no filler: nearly always */
        reader->offset = reader->oddity_offset = marc_reader_position(reader);
        return RECTO_OK;
    }
    do {
        size_t filler = iso2709_filler(reader_rest(reader));
        reader->next += filler;
        passed += filler;
    } while (reader_rest(reader).length < 3 && (status = reader_more(reader, error)) == RECTO_OK);
    reader->offset = reader->oddity_offset = marc_reader_position(reader);
    if (passed > 0)
        reader_oddity(reader, "filler", "%zu %s to no record and %s passed over", passed,
                      plural(passed, "byte belongs", "bytes belong"), plural(passed, "was", "were"));
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
    status = read_sound(&sound, reader, record, text_of(reader_rest(reader).bytes, length), error);
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
