/* src/marc/mrk.c - the mnemonic format of MarcEdit: `=245  10$aTitle`, blanks of indicators and control fields as backslashes.
 *
 * A dollar sign in a value is {dollar}, braces are {lcub} and {rcub}; a control byte is written {U+000A}, so that nothing that
 * a record may hold is lost on the way there and back. A name that is not known stands for itself and is reported. A field may
 * go on in the next line, and lines that begin with # are remarks. Here is the reading; mrk_write.c is the writing. */
#include "lines.h"
#include "mrk_names.h"
#include "recto/base/utf8.h"

#include <string.h>

enum { DATA_COLUMN = 6, NAME_LIMIT = 16, PENDING_MARKS = 10, LEADER_ENCODING = 9 };
enum { LIGATURE = 0x0361, LIGATURE_RIGHT = 0xFE21, DOUBLE_TILDE = 0x0360, DOUBLE_TILDE_RIGHT = 0xFE23 };

/* Reads text with names into a field. */
typedef struct mrk_text {
    marc_reader *reader;
    text rest;
    int32_t pending[PENDING_MARKS]; /* marks for the next character */
    size_t pending_count;
    int32_t pair_mark;  /* on the last character, and spanning the next one too; 0: none */
    bool blanks_marked; /* a backslash is a blank here */
    bool marc8;         /* {esc} begins what it begins in MARC-8 */
} mrk_text;

static void put_code(buffer *out, int32_t code)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_encode(code, bytes));
}

static void put_composed(buffer *out, int32_t base, int32_t mark)
{
    char bytes[8];
    size_t length = utf8_encode(base, bytes);
    length += utf8_encode(mark, bytes + length);
    utf8_nfc(out, text_of(bytes, length));
}

/* The right half of a mark over two letters is in the left one already (decisions.md 9). */
static void put_pending(mrk_text *in)
{
    int32_t pair_mark = 0;
    for (size_t i = 0; i < in->pending_count; i++) {
        int32_t mark = in->pending[i];
        if (in->pair_mark != 0 && mark == (in->pair_mark == LIGATURE ? LIGATURE_RIGHT : DOUBLE_TILDE_RIGHT))
            continue;
        if (mark == LIGATURE || mark == DOUBLE_TILDE)
            pair_mark = mark;
        put_code(&in->reader->scratch, mark);
    }
    in->pair_mark = pair_mark;
    in->pending_count = 0;
}

static void skip(mrk_text *in, size_t bytes)
{
    in->rest = text_of(in->rest.bytes + bytes, in->rest.length - bytes);
}

/* The name that begins here, and its bytes with the braces. 0: none that is known. */
static size_t find_name(const mrk_text *in, mrk_name *name)
{
    size_t most = in->rest.length < NAME_LIMIT ? in->rest.length : NAME_LIMIT;
    const char *end = most > 0 && in->rest.bytes[0] == '{' ? memchr(in->rest.bytes, '}', most) : NULL;
    if (end == NULL)
        return 0;
    size_t length = (size_t)(end - in->rest.bytes) + 1;
    return mrk_name_find(name, text_of(in->rest.bytes + 1, length - 2)) ? length : 0;
}

static void report_unknown(const mrk_text *in)
{
    size_t most = in->rest.length < NAME_LIMIT ? in->rest.length : NAME_LIMIT;
    const char *end = memchr(in->rest.bytes, '}', most);
    if (end == NULL)
        reader_oddity(in->reader, "mnemonic-unknown", "a brace that begins no mnemonic; kept as it is");
    else
        reader_oddity(in->reader, "mnemonic-unknown", "%.*s is no mnemonic we know; kept as it is",
                      (int)(end - in->rest.bytes) + 1, in->rest.bytes);
}

/* {esc} and all that is ASCII behind it, up to the next subfield: a piece of MARC-8, as {esc}p0{esc}s in 255 $c. */
static recto_status take_escape(mrk_text *in, recto_error *error)
{
    buffer piece;
    mrk_name name;
    charset_loss loss = { 0 };
    buffer_init(&piece, 0);
    while (in->rest.length > 0 && in->rest.bytes[0] != '$' && (unsigned char)in->rest.bytes[0] < 0x80) {
        size_t length = find_name(in, &name);
        if (length > 0 && (name.mark || name.base != 0 || name.code >= 0x80))
            break;
        if (length > 0 && name.code < 0)
            buffer_append_string(&piece, name.sequence);
        else
            buffer_append_char(&piece, length > 0 ? (char)name.code : in->rest.bytes[0]);
        skip(in, length > 0 ? length : 1);
    }
    if (buffer_failed(&piece))
        in->reader->scratch.failed = true;
    recto_status status = in->reader->charset == NULL ? charset_converter_new(&in->reader->charset, error) : RECTO_OK;
    if (status == RECTO_OK)
        status = charset_from_marc8(in->reader->charset, &in->reader->scratch, buffer_text(&piece), false, &loss, error);
    if (loss.count > 0)
        reader_oddity(in->reader, "marc8-loss", "%zu codes behind {esc} are no character in MARC-8 and stand as U+FFFD",
                      loss.count);
    buffer_release(&piece);
    return status;
}

/* {name}; *taken is false when this brace begins no name that is known: it then stands for itself. */
static recto_status take_name(mrk_text *in, bool *taken, recto_error *error)
{
    mrk_name name;
    size_t length = find_name(in, &name);
    *taken = length > 0 && name.code >= 0;
    if (!*taken) {
        report_unknown(in);
        return RECTO_OK;
    }
    if (name.code == 0x1B && in->marc8)
        return take_escape(in, error);
    skip(in, length);
    if (name.mark && in->pending_count < PENDING_MARKS) {
        in->pending[in->pending_count++] = name.code;
        return RECTO_OK;
    }
    if (name.base != 0)
        put_composed(&in->reader->scratch, name.base, name.code);
    else
        put_code(&in->reader->scratch, name.code);
    put_pending(in);
    return RECTO_OK;
}

/* One character of a value, an indicator or a control field. */
static recto_status take_character(mrk_text *in, recto_error *error)
{
    bool taken = false;
    if (in->rest.bytes[0] == '{') {
        recto_status status = take_name(in, &taken, error);
        if (taken || status != RECTO_OK)
            return status;
    }
    size_t length = lines_character(in->rest);
    if (in->blanks_marked && in->rest.bytes[0] == '\\')
        buffer_append_char(&in->reader->scratch, ' ');
    else
        buffer_append(&in->reader->scratch, in->rest.bytes, length);
    put_pending(in);
    skip(in, length);
    return RECTO_OK;
}

static recto_status take_data_field(mrk_text *in, recto_error *error)
{
    recto_status status = RECTO_OK;
    in->blanks_marked = true;
    for (int i = 0; i < 2 && status == RECTO_OK; i++) {
        if (in->rest.length == 0 || in->rest.bytes[0] == '$')
            return reader_reject(in->reader, error, RECTO_EDATA, "the line has no two indicators");
        status = take_character(in, error);
    }
    in->blanks_marked = false;
    while (in->rest.length > 0 && status == RECTO_OK) {
        if (in->rest.bytes[0] != '$') {
            status = take_character(in, error);
            continue;
        }
        put_pending(in);
        in->pair_mark = 0;
        buffer_append_char(&in->reader->scratch, MARC_SUBFIELD_DELIMITER);
        skip(in, 1);
    }
    put_pending(in);
    return status;
}

static recto_status take_control_field(mrk_text *in, recto_error *error)
{
    recto_status status = RECTO_OK;
    in->blanks_marked = true;
    while (in->rest.length > 0 && status == RECTO_OK)
        status = take_character(in, error);
    put_pending(in);
    return status;
}

/* A leader has bytes and not characters: one above 0x7F was written as the character of that number. */
static void narrow_leader(buffer *leader)
{
    size_t narrow = 0;
    for (size_t at = 0; at < leader->length;) {
        int32_t code = 0;
        size_t length = utf8_decode(leader->bytes + at, leader->length - at, &code);
        leader->bytes[narrow++] = code >= 0x80 && code < 0x100 ? (char)code : leader->bytes[at];
        for (size_t i = 1; i < length && (code < 0x80 || code >= 0x100); i++)
            leader->bytes[narrow++] = leader->bytes[at + i];
        at += length;
    }
    leader->length = narrow;
}

static void set_leader(marc_reader *reader, marc_record *record, text leader)
{
    char bytes[MARC_LEADER_LENGTH];
    if (leader.length != MARC_LEADER_LENGTH)
        reader_oddity(reader, "leader-length", "the leader has %zu bytes instead of 24", leader.length);
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        bytes[i] = i < leader.length ? leader.bytes[i] : ' ';
    marc_record_set_leader(record, bytes);
}

static bool is_leader(text line)
{
    return text_starts(line, TEXT("=LDR")) || text_starts(line, TEXT("=000"));
}

static recto_status read_line(marc_reader *reader, marc_record *record, text line, recto_error *error)
{
    char tag[MARC_TAG_LENGTH + 1] = { 0 };
    recto_status status = RECTO_OK;
    if (line.bytes[0] == '#') {
        reader_oddity(reader, "remark-skipped", "a line that begins with # is a remark and no field");
        return RECTO_OK;
    }
    if (line.length < DATA_COLUMN || line.bytes[0] != '=' || line.bytes[4] != ' ' || line.bytes[5] != ' ')
        return reader_reject(reader, error, RECTO_EDATA, "a line begins with =, a tag of three and two blanks");
    memcpy(tag, line.bytes + 1, MARC_TAG_LENGTH);
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if (tag[i] == '\\')
            tag[i] = ' ';
    mrk_text in = { .reader = reader,
                    .rest = text_of(line.bytes + DATA_COLUMN, line.length - DATA_COLUMN),
                    .marc8 = !reader->options.keep_bytes && marc_record_leader(record)[LEADER_ENCODING] != 'a' };
    buffer_clear(&reader->scratch);
    if (is_leader(line)) {
        in.marc8 = false;
        status = take_control_field(&in, error);
        if (status == RECTO_OK && buffer_failed(&reader->scratch))
            return recto_fail_memory(error, "reading a record");
        narrow_leader(&reader->scratch);
        set_leader(reader, record, buffer_text(&reader->scratch));
        return status;
    }
    status = lines_check_tag(reader, tag, error);
    if (status == RECTO_OK)
        status = marc_tag_is_control(tag) ? take_control_field(&in, error) : take_data_field(&in, error);
    if (status == RECTO_OK && buffer_failed(&reader->scratch))
        status = recto_fail_memory(error, "reading a record");
    return status == RECTO_OK ? marc_record_append(record, tag, buffer_text(&reader->scratch), error) : status;
}

static bool looks_like_tag(text line)
{
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if (i >= line.length || line.bytes[i] < '0' || line.bytes[i] > '9')
            return false;
    return line.length > MARC_TAG_LENGTH && line.bytes[MARC_TAG_LENGTH] == ' ';
}

/* A line that begins with neither = nor # goes on where the last one ended, unless it looks like a field that lost its =. */
static bool goes_on(text line)
{
    return line.length > 0 && line.bytes[0] != '=' && line.bytes[0] != '#' && !looks_like_tag(line);
}

recto_status mrk_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    static const line_format format = { .is_leader = is_leader, .handle = read_line, .goes_on = goes_on };
    return lines_next(reader, record, &format, error);
}
