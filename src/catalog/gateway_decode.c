/* src/catalog/gateway_decode.c - the record's bytes to a record: nothing is stored that was not sent (GW-20 to GW-27).
 *
 * The reader repairs what it can and says so. What it repaired without a doubt (a length, an order) is a warning here; where it
 * had to guess or to lose something, the record is refused: a cataloger at the other end can send it again. */
#include "gateway_inside.h"

#include "recto/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LEADER_STATUS_TYPE = 6, LEADER_ENCODING = 9, ENTRY_LENGTH = 12, TITLE_CHARACTERS = 60 };

/* Content was lost or guessed. */
static const char *const FATAL[] = { "base-address-wrong",
                                     "directory-wrong",
                                     "directory-damaged",
                                     "directory-terminator-missing",
                                     "data-unclaimed",
                                     "field-terminator-missing",
                                     "filler",
                                     "not-utf8",
                                     "marc8-loss",
                                     "marc8-under-utf8",
                                     "latin1-under-utf8" };

static void note_oddity(void *context, const marc_oddity *oddity)
{
    decode_report *report = context;
    for (size_t i = 0; i < sizeof FATAL / sizeof FATAL[0]; i++)
        if (strcmp(FATAL[i], oddity->code) == 0) {
            if (report->fault[0] == '\0')
                snprintf(report->fault, sizeof report->fault, "%s", oddity->message);
            return;
        }
    if (report->warning[0] == '\0')
        snprintf(report->warning, sizeof report->warning, "%.150s", oddity->message);
}

/* ---- where a bad byte stands */

static size_t digits(text bytes, size_t from, size_t count)
{
    size_t value = 0;
    for (size_t i = from; i < from + count && i < bytes.length; i++) {
        if (!isdigit((unsigned char)bytes.bytes[i]))
            return SIZE_MAX;
        value = 10 * value + (size_t)(bytes.bytes[i] - '0');
    }
    return value;
}

/* The tag of the field that holds byte `at`, by the directory; "" when it holds none. */
static void tag_at(char out[static MARC_TAG_LENGTH + 1], text record, size_t at)
{
    const size_t base = digits(record, 12, 5);
    out[0] = '\0';
    if (base == SIZE_MAX || at < base)
        return;
    for (size_t entry = MARC_LEADER_LENGTH; entry + ENTRY_LENGTH < base && entry + ENTRY_LENGTH <= record.length;
         entry += ENTRY_LENGTH) {
        const size_t length = digits(record, entry + 3, 4), start = digits(record, entry + 7, 5);
        if (length == SIZE_MAX || start == SIZE_MAX || at - base < start || at - base >= start + length)
            continue;
        snprintf(out, MARC_TAG_LENGTH + 1, "%.3s", record.bytes + entry);
        return;
    }
}

static bool claims_utf8_in_vain(gateway_walk *walk)
{
    size_t bad = 0;
    char tag[MARC_TAG_LENGTH + 1];
    const text record = walk->request->record;
    if (record.length <= LEADER_ENCODING || record.bytes[LEADER_ENCODING] != 'a' || utf8_valid(record, &bad))
        return false;
    tag_at(tag, record, bad);
    walk_refuse(walk, ANSWER_UNREADABLE, "The leader says UTF-8, byte %zu is 0x%02X and not UTF-8%s%s.", bad,
                (unsigned)(unsigned char)record.bytes[bad], tag[0] != '\0' ? ", in field " : "", tag);
    return true;
}

/* ---- reading */

static recto_status open_reader(gateway_desk *desk, text bytes, recto_error *error)
{
    const marc_reader_options options = { .format = MARC_FORMAT_ISO2709, .report = note_oddity, .report_context = &desk->report };
    if (desk->reader != NULL) {
        marc_reader_feed(desk->reader, bytes, 0);
        return RECTO_OK;
    }
    return marc_reader_new_bytes(&desk->reader, bytes, "the record", &options, error);
}

/* Lends bytes of the request; after a failure the reader is made anew. */
static recto_status read_record(gateway_walk *walk, recto_error *error)
{
    gateway_desk *desk = walk->desk;
    desk->report = (decode_report){ .code = NULL };
    recto_status status = marc_record_new(&walk->record, error);
    if (status == RECTO_OK)
        status = open_reader(desk, walk->request->record, error);
    if (status == RECTO_OK)
        status = marc_reader_next(desk->reader, walk->record, error);
    if (status != RECTO_OK) {
        marc_reader_free(desk->reader);
        desk->reader = NULL;
    }
    return status;
}

/* ---- what the log says of it */

static void note_oclc(gateway_walk *walk)
{
    buffer key;
    bool found = false;
    const marc_record *record = walk->record;
    buffer_init(&key, 64);
    for (size_t at = marc_record_find(record, "035", 0); at != SIZE_MAX && !found; at = marc_record_find(record, "035", at + 1)) {
        text value;
        buffer_clear(&key);
        found = marc_field_subfield(marc_record_field(record, at), 'a', &value) && number_oclc_key(&key, value);
    }
    const text number = text_trim(marc_record_control(record, "001"));
    const bool prefixed = number.length > 2 && number.bytes[0] == 'o';
    if (!found && (prefixed || text_equal_ascii_case(text_trim(marc_record_control(record, "003")), TEXT("OCoLC")))) {
        buffer_clear(&key);
        found = number_oclc_typed(&key, number);
    }
    if (found)
        snprintf(walk->row.oclc, sizeof walk->row.oclc, "%s", buffer_string(&key));
    buffer_release(&key);
}

static void note_title(gateway_walk *walk)
{
    buffer title;
    size_t end = 0;
    buffer_init(&title, 0);
    marc_record_title(&title, walk->record);
    const text whole = buffer_text(&title);
    for (int i = 0; i < TITLE_CHARACTERS && end < whole.length; i++) {
        int32_t code;
        end += utf8_decode(whole.bytes + end, whole.length - end, &code);
    }
    snprintf(walk->row.title, sizeof walk->row.title, "%.*s", (int)end, end > 0 ? whole.bytes : "");
    buffer_release(&title);
}

/* Authorities, holdings, classification and community information have formats of their own. */
static bool is_bibliographic(const marc_record *record)
{
    return strchr("zuvxywq", marc_record_leader(record)[LEADER_STATUS_TYPE]) == NULL;
}

static void refuse_unreadable(gateway_walk *walk, const recto_error *cause)
{
    if (cause->status == RECTO_ENOMEM || cause->status == RECTO_EIO)
        walk_refuse(walk, ANSWER_NOT_AVAILABLE, NULL);
    else if (cause->what[0] != '\0')
        walk_refuse(walk, ANSWER_UNREADABLE, "%s%s%s.", cause->what, cause->todo[0] != '\0' ? "; " : "", cause->todo);
    else
        walk_refuse(walk, ANSWER_UNREADABLE, NULL);
}

void walk_decode(gateway_walk *walk)
{
    recto_error cause = { .status = RECTO_OK };
    walk->keep = true;
    if (claims_utf8_in_vain(walk))
        return;
    recto_status status = read_record(walk, &cause);
    const decode_report *report = &walk->desk->report;
    if (walk->row.warning[0] == '\0')
        snprintf(walk->row.warning, sizeof walk->row.warning, "%s", report->warning);
    if (status != RECTO_OK) {
        cause.status = status;
        refuse_unreadable(walk, &cause);
        return;
    }
    note_oclc(walk);
    note_title(walk);
    if (report->fault[0] != '\0')
        walk_refuse(walk, ANSWER_UNREADABLE, "%s.", report->fault);
    else if (!is_bibliographic(walk->record))
        walk_refuse(walk, ANSWER_NOT_BIBLIOGRAPHIC, NULL);
}

/* Who was refused for the logon finds the row again by its number. What cannot be read has none. */
void walk_glance(gateway_walk *walk)
{
    if (read_record(walk, NULL) != RECTO_OK)
        return;
    note_oclc(walk);
    note_title(walk);
}
