/* src/tui/record_as_text.c - see record_as_text.h.
 *
 * A field may go on in the lines behind it, so the text is taken apart into pieces that begin with `=`; each is read by itself,
 * and so each can tell its own fault. */
#include "record_as_text.h"

#include "recto/base/utf8.h"
#include "recto/marc/formats.h"

#include <stdio.h>
#include <string.h>

recto_status record_as_text(buffer *out, const marc_record *record, const char *number, recto_error *error)
{
    static const marc_writer_options options = { .format = MARC_FORMAT_MRK };
    buffer_append_format(out,
                         "# Record %s: one field a line, =TAG, two blanks, indicators, $ and code before each subfield.\n"
                         "# A blank that counts is a backslash, a dollar sign {dollar}. Lines with # are left out.\n"
                         "# Save and leave: the changes are shown before they are taken. What is in 001 and 005 stays.\n",
                         number);
    recto_status status = marc_write_record(out, record, &options, error);
    if (status == RECTO_OK && out->length > 2 && memcmp(out->bytes + out->length - 2, "\n\n", 2) == 0)
        out->bytes[--out->length] = '\0'; /* the empty line between records of a file: here it would be the place to write */
    return status;
}

typedef struct reading {
    marc_record *record;
    buffer *faults;
    size_t *fault_count;
    bool leader_seen;
    size_t line; /* of the piece, from 1 */
} reading;

static void fault(reading *in, const char *what)
{
    buffer_append_format(in->faults, "line %zu: %s\n", in->line, what);
    (*in->fault_count)++;
}

static void note_oddity(void *context, const marc_oddity *oddity)
{
    reading *in = context;
    static const char *const harmless[] = { "remark-skipped", "line-wrapped", "mnemonic-unknown" };
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(oddity->code, harmless[i]) == 0)
            return;
    fault(in, oddity->message);
}

/* One field with the lines it goes on in. A leader stands before it, so that its characters are read as UTF-8. */
static recto_status read_piece(reading *in, text piece, recto_error *error)
{
    static const char leader[] = "=LDR  00000nam a2200000 i 4500\n";
    bool is_leader = text_starts(piece, TEXT("=LDR")) || text_starts(piece, TEXT("=000"));
    marc_reader_options options = { .format = MARC_FORMAT_MRK, .report = note_oddity, .report_context = in };
    marc_reader *reader = NULL;
    marc_record *one = NULL;
    buffer whole;
    recto_error why = { 0 };
    buffer_init(&whole, 0);
    if (!is_leader)
        buffer_append_string(&whole, leader);
    buffer_append_text(&whole, piece);
    buffer_append_char(&whole, '\n');
    size_t faults = *in->fault_count;
    recto_status status = marc_record_new(&one, error);
    if (status == RECTO_OK)
        status = buffer_failed(&whole) ? recto_fail_memory(error, "reading a text")
                                       : marc_reader_new_bytes(&reader, buffer_text(&whole), NULL, &options, error);
    if (status != RECTO_OK)
        goto out;
    recto_status read = marc_reader_next(reader, one, &why);
    if (read == RECTO_ENOMEM)
        status = recto_fail_memory(error, "reading a text");
    else if (read != RECTO_OK && *in->fault_count == faults)
        fault(in, why.what[0] != '\0' ? why.what : "this is no field");
    else if (read == RECTO_OK && is_leader && in->leader_seen)
        fault(in, "a second leader: there is one in a record");
    else if (read == RECTO_OK && is_leader)
        marc_record_set_leader(in->record, marc_record_leader(one));
    else if (read == RECTO_OK && marc_record_count(one) == 1)
        status = marc_record_append(in->record, marc_record_field(one, 0)->tag, marc_record_field(one, 0)->content, error);
    in->leader_seen |= is_leader;
out:
    marc_reader_free(reader);
    marc_record_free(one);
    buffer_release(&whole);
    return status;
}

static bool begins_piece(text line)
{
    bool tagged = line.length > MARC_TAG_LENGTH && line.bytes[MARC_TAG_LENGTH] == ' ';
    for (size_t i = 0; i < MARC_TAG_LENGTH && tagged; i++)
        tagged = line.bytes[i] >= '0' && line.bytes[i] <= '9';
    return tagged || (line.length > 0 && line.bytes[0] == '=');
}

static text without_return(text line)
{
    if (line.length > 0 && line.bytes[line.length - 1] == '\r')
        line.length--;
    return line;
}

/* Appends to the piece, or reads the one before and begins anew. An empty line is air between two fields: there is one record
 * only, and a field written behind the last line of the file belongs to it. */
static recto_status take_line(reading *in, buffer *piece, size_t number, text line, recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t bad;
    bool blank = text_trim(line).length == 0;
    if (line.length > 0 && line.bytes[0] == '#')
        return RECTO_OK;
    if (blank || begins_piece(line)) {
        if (piece->length > 0)
            status = read_piece(in, buffer_text(piece), error);
        buffer_clear(piece);
        in->line = number;
    }
    if (status != RECTO_OK || blank)
        return status;
    if (piece->length == 0)
        in->line = number;
    if (!utf8_valid(line, &bad))
        fault(in, "a byte that is no UTF-8");
    if (piece->length == 0 && !begins_piece(line)) {
        fault(in, "a line begins with =, a tag of three and two blanks");
        return RECTO_OK;
    }
    if (piece->length > 0)
        buffer_append_char(piece, '\n');
    buffer_append_text(piece, line);
    return RECTO_OK;
}

/* ---- what the system keeps ---- */

static void keep_leader(marc_record *record, const marc_record *former, bool *kept)
{
    char leader[MARC_LEADER_LENGTH];
    const char *was = marc_record_leader(former);
    memcpy(leader, marc_record_leader(record), sizeof leader);
    for (size_t i = 0; i < sizeof leader; i++)
        if (i < 5 || (i >= 10 && i <= 16) || i >= 20) {
            *kept |= leader[i] != was[i];
            leader[i] = was[i];
        }
    marc_record_set_leader(record, leader);
}

static recto_status keep_field(marc_record *record, const marc_record *former, const char *tag, bool *kept, recto_error *error)
{
    size_t is = marc_record_find(record, tag, 0), was = marc_record_find(former, tag, 0);
    recto_status status = RECTO_OK;
    for (size_t second; is != SIZE_MAX && (second = marc_record_find(record, tag, is + 1)) != SIZE_MAX;) {
        marc_record_remove(record, second);
        *kept = true;
    }
    if (was == SIZE_MAX) {
        *kept |= is != SIZE_MAX;
        if (is != SIZE_MAX)
            marc_record_remove(record, is);
        return RECTO_OK;
    }
    text content = marc_record_field(former, was)->content;
    if (is == SIZE_MAX)
        status = marc_record_insert(record, marc_record_place(record, tag), tag, content, error);
    else if (!text_equal(marc_record_field(record, is)->content, content))
        status = marc_record_replace(record, is, tag, content, error);
    else
        return RECTO_OK;
    *kept = true;
    return status;
}

recto_status record_from_text(marc_record **out, buffer *faults, size_t *fault_count, bool *kept, text content,
                              const marc_record *former, recto_error *error)
{
    reading in = { .faults = faults, .fault_count = fault_count };
    buffer piece;
    size_t number = 0;
    buffer_init(&piece, 16 << 20);
    *fault_count = 0;
    *kept = false;
    recto_status status = marc_record_new(&in.record, error);
    while (status == RECTO_OK && content.bytes != NULL)
        status = take_line(&in, &piece, ++number, without_return(text_next_field(&content, '\n')), error);
    if (status == RECTO_OK && piece.length > 0)
        status = read_piece(&in, buffer_text(&piece), error);
    in.line = number;
    if (status == RECTO_OK && !in.leader_seen)
        fault(&in, "there is no leader: a line =LDR and 24 positions");
    if (status == RECTO_OK && *fault_count > 0)
        status = recto_fail(error, RECTO_EDATA, NULL, "edit the text again", "the text has %zu fault%s", *fault_count,
                            *fault_count == 1 ? "" : "s");
    if (status == RECTO_OK)
        keep_leader(in.record, former, kept);
    if (status == RECTO_OK)
        status = keep_field(in.record, former, "001", kept, error);
    if (status == RECTO_OK)
        status = keep_field(in.record, former, "005", kept, error);
    if (status == RECTO_OK)
        *out = in.record;
    else
        marc_record_free(in.record);
    buffer_release(&piece);
    return status;
}
