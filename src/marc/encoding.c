/* src/marc/encoding.c - in which encoding did a record come? Decided here, once, for a whole record; never by a reader.
 *
 * Leader/09 is believed as long as the bytes allow it (search-resources SR-50, gateway GW-25). Otherwise the bytes decide, the
 * decision is reported, and what cannot be converted stands as U+FFFD and is reported as lost: nothing goes in silence. */
#include "reader.h"
#include "record_store.h"
#include "scan.h"
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { LEADER_ENCODING = 9 };

typedef struct encoding_choice {
    marc_encoding encoding;
    charset_loss loss;
} encoding_choice;

typedef struct utf8_evidence {
    size_t characters; /* of more than one byte, valid */
    size_t bad_bytes;
} utf8_evidence;

static text field_content(const marc_record *record, size_t index)
{
    return record->fields[index].field.content;
}

static bool all_plain(const marc_record *record)
{
    if (record->owners == 0 && record->count > 0) /* as read: the fields lie together, with little else between */
        return charset_plain(marc_record_spans(record));
    for (size_t i = 0; i < record->count; i++)
        if (!charset_plain(field_content(record, i)))
            return false;
    return true;
}

static bool is_utf8(text bytes)
{
    return scan_utf8(bytes.bytes, bytes.length) == bytes.length;
}

/* The whole record in one go: what stands between the fields is ASCII. */
static bool all_utf8(const marc_record *record)
{
    if (record->owners == 0 && record->count > 0)
        return is_utf8(marc_record_spans(record));
    for (size_t i = 0; i < record->count; i++)
        if (!is_utf8(field_content(record, i)))
            return false;
    return true;
}

static void weigh_utf8(utf8_evidence *evidence, text bytes)
{
    for (size_t at = 0; at < bytes.length;) {
        int32_t code = 0;
        if ((unsigned char)bytes.bytes[at] < 0x80) {
            at++;
            continue;
        }
        at += utf8_decode(bytes.bytes + at, bytes.length - at, &code);
        if (code < 0)
            evidence->bad_bytes++;
        else
            evidence->characters++;
    }
}

static bool has_marc8_escape(const marc_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        text rest = field_content(record, i);
        const char *escape = rest.length > 1 ? memchr(rest.bytes, 0x1B, rest.length - 1) : NULL;
        while (escape != NULL) {
            if (strchr("(),-$gbps", escape[1]) != NULL && escape[1] != '\0')
                return true;
            rest = text_of(escape + 1, rest.length - (size_t)(escape + 1 - rest.bytes));
            escape = rest.length > 1 ? memchr(rest.bytes, 0x1B, rest.length - 1) : NULL;
        }
    }
    return false;
}

static recto_status open_charset(marc_reader *reader, recto_error *error)
{
    return reader->charset != NULL ? RECTO_OK : charset_converter_new(&reader->charset, error);
}

/* Escapes hold to the end of a subfield at most: a delimiter ends whatever was begun. */
static recto_status convert_marc8(marc_reader *reader, text in, charset_loss *loss, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t at = 0; at < in.length && status == RECTO_OK;) {
        const char *delimiter = memchr(in.bytes + at, MARC_SUBFIELD_DELIMITER, in.length - at);
        size_t end = delimiter != NULL ? (size_t)(delimiter - in.bytes) : in.length;
        text piece = text_of(in.bytes + at, end - at);
        if (charset_plain(piece))
            buffer_append_text(&reader->converted, piece);
        else
            status = charset_from_marc8(reader->charset, &reader->converted, piece, false, loss, error);
        if (delimiter != NULL)
            buffer_append_char(&reader->converted, MARC_SUBFIELD_DELIMITER);
        at = end + 1;
    }
    return status;
}

static void put_code(buffer *out, int32_t code)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_encode(code, bytes));
}

static void convert_latin1(buffer *out, text in)
{
    for (size_t i = 0; i < in.length; i++)
        put_code(out, (unsigned char)in.bytes[i]);
}

static void convert_utf8(buffer *out, text in, charset_loss *loss)
{
    for (size_t at = 0; at < in.length;) {
        int32_t code = 0;
        size_t used = utf8_decode(in.bytes + at, in.length - at, &code);
        if (code < 0) {
            if (loss->count++ == 0)
                loss->first_code = (unsigned char)in.bytes[at];
            put_code(out, 0xFFFD);
        } else {
            buffer_append(out, in.bytes + at, used);
        }
        at += used;
    }
}

static recto_status convert_field(marc_reader *reader, text in, encoding_choice *conversion, recto_error *error)
{
    if (conversion->encoding == MARC_ENCODING_MARC8)
        return convert_marc8(reader, in, &conversion->loss, error);
    if (conversion->encoding == MARC_ENCODING_LATIN1)
        convert_latin1(&reader->converted, in);
    else
        convert_utf8(&reader->converted, in, &conversion->loss);
    return RECTO_OK;
}

/* All fields one after the other into reader->converted, and where each ends into reader->ends. */
static recto_status convert_fields(marc_reader *reader, const marc_record *record, encoding_choice *conversion,
                                   recto_error *error)
{
    recto_status status = open_charset(reader, error);
    if (record->count > reader->ends_capacity) {
        size_t *ends = realloc(reader->ends, record->count * sizeof *ends);
        if (ends == NULL)
            return recto_fail_memory(error, "converting a record");
        reader->ends = ends;
        reader->ends_capacity = record->count;
    }
    buffer_clear(&reader->converted);
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++) {
        status = convert_field(reader, field_content(record, i), conversion, error);
        reader->ends[i] = reader->converted.length;
    }
    if (status == RECTO_OK && buffer_failed(&reader->converted))
        status = recto_fail_memory(error, "converting a record");
    return status;
}

/* The converted fields as a record in place of the one that was read. */
static recto_status take_converted(marc_reader *reader, marc_record *record, recto_error *error)
{
    size_t start = 0;
    if (reader->spare == NULL && marc_record_new(&reader->spare, error) != RECTO_OK)
        return RECTO_ENOMEM;
    char *bytes = marc_record_open_block(reader->spare, reader->converted.length);
    if (bytes == NULL || !marc_record_reserve_fields(reader->spare, record->count))
        return recto_fail_memory(error, "converting a record");
    if (reader->converted.length > 0)
        memcpy(bytes, reader->converted.bytes, reader->converted.length);
    for (size_t i = 0; i < record->count; i++) {
        marc_record_add_span(reader->spare, record->fields[i].field.tag, bytes + start, reader->ends[i] - start);
        start = reader->ends[i];
    }
    marc_record_set_leader(reader->spare, record->leader);
    marc_record_swap(record, reader->spare);
    return RECTO_OK;
}

/* Marks that stand where Unicode has a character for mark and letter speak for MARC-8; Latin-1 read as MARC-8 puts marks on
 * blanks and on letters that never bear them. */
static bool looks_like_marc8(const buffer *decoded)
{
    buffer composed;
    size_t before = 0;
    size_t after = 0;
    buffer_init(&composed, 0);
    utf8_nfc(&composed, buffer_text(decoded));
    for (size_t i = 0; i + 1 < decoded->length; i++)
        before += (unsigned char)decoded->bytes[i] == 0xCC;
    for (size_t i = 0; i + 1 < composed.length; i++)
        after += (unsigned char)composed.bytes[i] == 0xCC;
    bool failed = buffer_failed(&composed);
    buffer_release(&composed);
    return !failed && after * 2 <= before;
}

static bool has_high_control(const marc_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        text content = field_content(record, i);
        for (size_t at = 0; at < content.length; at++)
            if ((unsigned char)content.bytes[at] >= 0x80 && (unsigned char)content.bytes[at] < 0xA0)
                return true;
    }
    return false;
}

/* Leader/09 says UTF-8, and not one character bears it out. */
static recto_status judge_foreign_bytes(marc_reader *reader, const marc_record *record, encoding_choice *conversion,
                                        recto_error *error)
{
    encoding_choice trial = { .encoding = MARC_ENCODING_MARC8 };
    recto_status status = convert_fields(reader, record, &trial, error);
    if (status != RECTO_OK)
        return status;
    if (has_marc8_escape(record) || (trial.loss.count == 0 && looks_like_marc8(&reader->converted))) {
        conversion->encoding = MARC_ENCODING_MARC8;
        reader_oddity(reader, "marc8-under-utf8", "leader/09 says UTF-8, the bytes are MARC-8; read as MARC-8");
    } else if (!has_high_control(record)) {
        conversion->encoding = MARC_ENCODING_LATIN1;
        reader_oddity(reader, "latin1-under-utf8", "leader/09 says UTF-8, the bytes are Latin-1; read as Latin-1");
    }
    return RECTO_OK;
}

static recto_status decide(marc_reader *reader, const marc_record *record, const utf8_evidence *evidence,
                           encoding_choice *conversion, recto_error *error)
{
    bool says_utf8 = record->leader[LEADER_ENCODING] == 'a';
    conversion->encoding = reader->options.encoding;
    if (conversion->encoding == MARC_ENCODING_AUTO && reader->format != MARC_FORMAT_ISO2709)
        conversion->encoding = MARC_ENCODING_UTF8; /* a text file is in UTF-8, whatever its leaders say */
    if (conversion->encoding == MARC_ENCODING_MARC8 && says_utf8 && evidence->bad_bytes == 0 && evidence->characters > 0) {
        conversion->encoding = MARC_ENCODING_UTF8; /* IP-27 */
        reader_oddity(reader, "utf8-not-marc8", "MARC-8 was asked for, leader/09 and the bytes say UTF-8; read as UTF-8");
    }
    if (conversion->encoding != MARC_ENCODING_AUTO)
        return RECTO_OK;
    conversion->encoding = says_utf8 ? MARC_ENCODING_UTF8 : MARC_ENCODING_MARC8;
    if (says_utf8 && evidence->bad_bytes > evidence->characters)
        return judge_foreign_bytes(reader, record, conversion, error);
    if (!says_utf8 && evidence->characters > 0 && evidence->bad_bytes == 0 && !has_marc8_escape(record)) {
        conversion->encoding = MARC_ENCODING_UTF8;
        reader_oddity(reader, "utf8-unflagged", "leader/09 does not say UTF-8, the bytes are; read as UTF-8");
    }
    return RECTO_OK;
}

static void report_loss(marc_reader *reader, const encoding_choice *conversion)
{
    if (conversion->loss.count == 0)
        return;
    bool utf8 = conversion->encoding == MARC_ENCODING_UTF8;
    reader_oddity(reader, utf8 ? "not-utf8" : "marc8-loss", "%zu %s no character in %s (the first: 0x%X) and stand as U+FFFD",
                  conversion->loss.count, utf8 ? "bytes are" : "codes are", utf8 ? "UTF-8" : "MARC-8",
                  (unsigned)conversion->loss.first_code);
}

/* In a format of text a leader may say what it likes while all is ASCII; and a line file is never touched, because it is
 * compared with others byte for byte. */
static void flag_utf8(const marc_reader *reader, marc_record *record, bool plain, bool converted)
{
    if (reader->format == MARC_FORMAT_ISO2709 || converted || (!plain && reader->format != MARC_FORMAT_LINE))
        record->leader[LEADER_ENCODING] = 'a';
}

/* The rare record, whose bytes must be weighed against its leader. */
static recto_status settle_doubtful(marc_reader *reader, marc_record *record, recto_error *error)
{
    encoding_choice conversion = { 0 };
    utf8_evidence evidence = { 0 };
    for (size_t i = 0; i < record->count; i++)
        weigh_utf8(&evidence, field_content(record, i));
    recto_status status = decide(reader, record, &evidence, &conversion, error);
    bool convert = conversion.encoding != MARC_ENCODING_UTF8 || evidence.bad_bytes > 0;
    if (status == RECTO_OK && convert)
        status = convert_fields(reader, record, &conversion, error);
    if (status == RECTO_OK && convert)
        status = take_converted(reader, record, error);
    if (status != RECTO_OK)
        return status;
    report_loss(reader, &conversion);
    flag_utf8(reader, record, false, convert);
    return RECTO_OK;
}

/* &#x....; in what was MARC-8: the way that characters are written which MARC-8 lacks. */
static recto_status resolve_references(marc_reader *reader, marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++) {
        const marc_field *field = &record->fields[i].field;
        buffer_clear(&reader->converted);
        if (!charset_resolve_references(&reader->converted, field->content))
            continue;
        if (buffer_failed(&reader->converted))
            return recto_fail_memory(error, "converting a record");
        status = marc_record_replace(record, i, field->tag, buffer_text(&reader->converted), error);
    }
    return status;
}

recto_status encoding_settle(marc_reader *reader, marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    bool marc8 = reader->options.encoding == MARC_ENCODING_MARC8 || record->leader[LEADER_ENCODING] != 'a';
    if (reader->options.encoding == MARC_ENCODING_AUTO && record->leader[LEADER_ENCODING] == 'a' && all_utf8(record))
        ; /* as it says */
    else if (all_plain(record))
        flag_utf8(reader, record, true, false);
    else
        status = settle_doubtful(reader, record, error);
    if (status == RECTO_OK && reader->options.references && marc8)
        status = resolve_references(reader, record, error);
    record->utf8 = status == RECTO_OK;
    return status;
}
