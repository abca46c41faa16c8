/* src/marc/marcxml_read.c - MARCXML, streamed through libxml2's SAX interface.
 *
 * Nothing is loaded from anywhere, no document type declaration is accepted, no entity expanded, libxml2's own limits stay on.
 * Records may lie anywhere in the document (collection, OAI-PMH, SRU), in the namespace of MARCXML or in none. A record with a
 * fault of its own is rejected alone; a document that is not well-formed ends the reading there. A chunk of input may end
 * several records: they wait in a queue. */
#include "reader.h"
#include "record_store.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 8 * 1024, DEPTH_LIMIT = 64, FAULT_LENGTH = 160 }; /* RL-105 */

typedef struct waiting_record {
    marc_record *record;
    uint64_t start, end; /* in the input */
    recto_status status;
    char fault[FAULT_LENGTH];
} waiting_record;

typedef enum xml_place { OUTSIDE, IN_RECORD, IN_LEADER, IN_CONTROL_FIELD, IN_DATA_FIELD, IN_SUBFIELD } xml_place;

typedef struct xml_state {
    marc_reader *reader;
    xmlParserCtxtPtr parser;
    uint64_t parser_start, fed; /* offsets in the input: where this parser began, and up to where it was given bytes */
    uint64_t root_end;          /* of the root element that was closed; 0: none yet */
    int depth;
    xml_place place;
    waiting_record current;
    char tag[MARC_TAG_LENGTH + 1];
    buffer content;
    waiting_record *queue;
    size_t queue_start, queue_count, queue_capacity;
    recto_status status; /* why the document ended */
    char fault[FAULT_LENGTH];
    int fault_line;
    bool finished;
} xml_state;

static void xml_state_free(void *given)
{
    xml_state *state = given;
    if (state == NULL)
        return;
    if (state->parser != NULL)
        xmlFreeParserCtxt(state->parser);
    marc_record_free(state->current.record);
    for (size_t i = 0; i < state->queue_capacity; i++)
        marc_record_free(state->queue[i].record);
    free(state->queue);
    buffer_release(&state->content);
    free(state);
}

/* The document cannot go on. */
static void stop(xml_state *state, recto_status status, const char *fault, int line)
{
    if (state->status != RECTO_OK)
        return;
    state->status = status;
    state->fault_line = line;
    snprintf(state->fault, sizeof state->fault, "%s", fault);
    xmlStopParser(state->parser);
}

/* The record that is being read cannot be kept. */
static void reject_current(xml_state *state, recto_status status, const char *fault)
{
    if (state->current.status != RECTO_OK)
        return;
    state->current.status = status;
    snprintf(state->current.fault, sizeof state->current.fault, "%s", fault);
}

static void oddity(xml_state *state, const char *code, const char *message, const char *detail)
{
    marc_reader *reader = state->reader;
    size_t number = reader->number;
    reader->number = number + state->queue_count; /* those that wait come first */
    reader->oddity_offset = state->current.start;
    reader_oddity(reader, code, message, detail);
    reader->number = number;
}

/* Where the parser stands in the input; it may not know in encodings other than UTF-8. */
static uint64_t position(const xml_state *state)
{
    long consumed = xmlByteConsumed(state->parser);
    uint64_t at = consumed < 0 ? state->fed : state->parser_start + (uint64_t)consumed;
    if (at > state->fed)
        at = state->fed;
    return at < state->reader->window_offset ? state->reader->window_offset : at;
}

/* The parser stands behind the name and the attributes: the tag began at the last <. */
static uint64_t tag_start(const xml_state *state)
{
    const marc_reader *reader = state->reader;
    uint64_t at = position(state);
    while (at > reader->window_offset && reader->window[at - reader->window_offset - 1] != '<')
        at--;
    return at > reader->window_offset ? at - 1 : at;
}

static bool is_marc_namespace(const xmlChar *uri)
{
    static const char *const known[] = { "http://www.loc.gov/MARC21/slim", "info:lc/xmlns/marcxchange-v1",
                                         "info:lc/xmlns/marcxchange-v2" };
    if (uri == NULL)
        return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp((const char *)uri, known[i]) == 0)
            return true;
    return false;
}

/* libxml2 gives five pointers for each attribute: name, prefix, namespace, and the two ends of the value. */
static text attribute(const xmlChar **attributes, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        const xmlChar **one = attributes + (ptrdiff_t)i * 5;
        if (strcmp((const char *)one[0], name) != 0)
            continue;
        text value = text_of((const char *)one[3], (size_t)(one[4] - one[3]));
        return text_equal(value, TEXT("&#38;")) ? TEXT("&") : value; /* how libxml2 gives &amp; while it expands nothing */
    }
    return text_of("", 0);
}

static void begin_record(xml_state *state)
{
    state->current.start = tag_start(state);
    state->current.status = RECTO_OK;
    state->place = IN_RECORD;
    if (state->current.record != NULL)
        marc_record_clear(state->current.record);
    else if (marc_record_new(&state->current.record, NULL) != RECTO_OK)
        stop(state, RECTO_ENOMEM, "no memory", 0);
}

static void read_tag(xml_state *state, text tag)
{
    bool fits = tag.length == MARC_TAG_LENGTH && !text_equal(tag, TEXT("LDR"));
    bool odd = false;
    for (size_t i = 0; fits && i < tag.length; i++) {
        char byte = tag.bytes[i];
        fits = byte >= ' ' && byte <= '~';
        odd = odd || !((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'));
    }
    memset(state->tag, 0, sizeof state->tag);
    if (!fits) {
        reject_current(state, RECTO_EDATA, "a field without a tag of three characters");
        return;
    }
    memcpy(state->tag, tag.bytes, MARC_TAG_LENGTH);
    if (odd)
        oddity(state, "tag-odd", "the tag \"%s\" has other characters than letters and digits", state->tag);
}

static size_t first_character(text value)
{
    size_t length = value.length > 0;
    while (length > 0 && length < value.length && ((unsigned char)value.bytes[length] & 0xC0) == 0x80)
        length++;
    return length;
}

static void read_indicator(xml_state *state, text value)
{
    size_t length = first_character(value);
    if (length == 0)
        value = TEXT(" ");
    else if (length < value.length)
        oddity(state, "indicator-odd", "an indicator of several characters in field %s; the first was kept", state->tag);
    buffer_append(&state->content, value.bytes, length > 0 ? length : 1);
}

static void begin_data_field(xml_state *state, const xmlChar **attributes, int count)
{
    state->place = IN_DATA_FIELD;
    read_tag(state, attribute(attributes, count, "tag"));
    buffer_clear(&state->content);
    read_indicator(state, attribute(attributes, count, "ind1"));
    read_indicator(state, attribute(attributes, count, "ind2"));
}

/* An empty code: a delimiter with nothing behind it when the value is empty too, else text without a delimiter. The delimiter
 * goes in now and out again when a value comes. */
static void begin_subfield(xml_state *state, text code)
{
    state->place = IN_SUBFIELD;
    if (first_character(code) < code.length) /* one is a code, and the rest is kept before the text rather than lost */
        oddity(state, "code-odd", "a subfield code of several characters in field %s", state->tag);
    buffer_append_char(&state->content, MARC_SUBFIELD_DELIMITER);
    buffer_append_text(&state->content, code);
}

static void start_element(void *given, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
                          const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
    xml_state *state = given;
    const char *local = (const char *)name;
    (void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted;
    if (++state->depth > DEPTH_LIMIT) {
        stop(state, RECTO_ELIMIT, "elements nested deeper than 64", 0);
        return;
    }
    if (!is_marc_namespace(uri))
        return;
    if (strcmp(local, "record") == 0) {
        begin_record(state);
    } else if (state->place == IN_RECORD && strcmp(local, "leader") == 0) {
        state->place = IN_LEADER;
        buffer_clear(&state->content);
    } else if (state->place == IN_RECORD && strcmp(local, "controlfield") == 0) {
        state->place = IN_CONTROL_FIELD;
        read_tag(state, attribute(attributes, attribute_count, "tag"));
        buffer_clear(&state->content);
    } else if (state->place == IN_RECORD && strcmp(local, "datafield") == 0) {
        begin_data_field(state, attributes, attribute_count);
    } else if (state->place == IN_DATA_FIELD && strcmp(local, "subfield") == 0) {
        begin_subfield(state, attribute(attributes, attribute_count, "code"));
    }
}

static void characters(void *given, const xmlChar *bytes, int length)
{
    xml_state *state = given;
    buffer *content = &state->content;
    if (state->place != IN_LEADER && state->place != IN_CONTROL_FIELD && state->place != IN_SUBFIELD)
        return;
    if (state->current.status != RECTO_OK || length <= 0)
        return;
    if (content->length + (size_t)length > MARC_FIELD_LIMIT) {
        reject_current(state, RECTO_ELIMIT, "a field of more than 1 MiB");
        return;
    }
    bool no_code = state->place == IN_SUBFIELD && content->length > 0 && !content->failed &&
                   content->bytes[content->length - 1] == MARC_SUBFIELD_DELIMITER;
    if (no_code)
        content->length--;
    buffer_append(content, (const char *)bytes, (size_t)length);
}

static void end_field(xml_state *state)
{
    state->place = IN_RECORD;
    if (state->current.status != RECTO_OK)
        return;
    if (state->current.record->count >= MARC_FIELDS_LIMIT)
        reject_current(state, RECTO_ELIMIT, "more than 10,000 fields");
    else if (buffer_failed(&state->content) ||
             marc_record_append(state->current.record, state->tag, buffer_text(&state->content), NULL) != RECTO_OK)
        stop(state, RECTO_ENOMEM, "no memory", 0);
}

static void end_leader(xml_state *state)
{
    char leader[MARC_LEADER_LENGTH];
    const buffer *content = &state->content;
    state->place = IN_RECORD;
    if (buffer_failed(content)) {
        stop(state, RECTO_ENOMEM, "no memory", 0);
        return;
    }
    if (content->length != MARC_LEADER_LENGTH)
        oddity(state, "leader-length", "the leader has not 24 bytes%s", "");
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        leader[i] = i < content->length ? content->bytes[i] : ' ';
    marc_record_set_leader(state->current.record, leader);
}

static void end_record(xml_state *state)
{
    state->place = OUTSIDE;
    state->current.end = position(state);
    if (state->queue_count == state->queue_capacity) {
        size_t capacity = state->queue_capacity + 16;
        waiting_record *larger = realloc(state->queue, capacity * sizeof *larger);
        if (larger == NULL) {
            stop(state, RECTO_ENOMEM, "no memory", 0);
            return;
        }
        memset(larger + state->queue_capacity, 0, (capacity - state->queue_capacity) * sizeof *larger);
        state->queue = larger;
        state->queue_capacity = capacity;
    }
    waiting_record *slot = &state->queue[state->queue_count++];
    marc_record *reused = slot->record;
    *slot = state->current;
    state->current.record = reused;
}

static void end_element(void *given, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xml_state *state = given;
    const char *local = (const char *)name;
    (void)prefix;
    if (--state->depth == 0)
        state->root_end = position(state);
    if (!is_marc_namespace(uri))
        return;
    if (state->place == IN_RECORD && strcmp(local, "record") == 0)
        end_record(state);
    else if (state->place == IN_LEADER && strcmp(local, "leader") == 0)
        end_leader(state);
    else if (state->place == IN_CONTROL_FIELD && strcmp(local, "controlfield") == 0)
        end_field(state);
    else if (state->place == IN_DATA_FIELD && strcmp(local, "datafield") == 0)
        end_field(state);
    else if (state->place == IN_SUBFIELD && strcmp(local, "subfield") == 0)
        state->place = IN_DATA_FIELD;
}

/* Others leave it to a converter of the system what the bytes mean, and some (UTF-7) mean different things by where the input
 * happens to be cut. */
static void refuse_other_encodings(void *given)
{
    static const char *const known[] = { "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII", "ISO-8859-1" };
    xml_state *state = given;
    const xmlChar *declared = state->parser->encoding != NULL ? state->parser->encoding : state->parser->input->encoding;
    for (size_t i = 0; declared != NULL && i < sizeof known / sizeof *known; i++)
        if (xmlStrcasecmp(declared, (const xmlChar *)known[i]) == 0)
            declared = NULL;
    if (declared != NULL)
        stop(state, RECTO_EDATA, "only UTF-8, UTF-16, US-ASCII and ISO-8859-1 are accepted in MARCXML", 0);
}

static void refuse_document_type(void *given, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    stop(given, RECTO_EDATA, "document type declarations are not accepted in MARCXML", 0);
}

/* Messages of libxml2 end in a line end. Namespaces that were not declared are no fault to us. */
static void on_error(void *given, xmlErrorPtr fault)
{
    xml_state *state = given;
    char message[FAULT_LENGTH];
    if (fault->level != XML_ERR_FATAL || state->status != RECTO_OK)
        return;
    snprintf(message, sizeof message, "not well-formed XML: %s", fault->message != NULL ? fault->message : "no reason is given");
    message[strcspn(message, "\r\n")] = '\0';
    state->status = RECTO_EDATA;
    state->fault_line = fault->line;
    snprintf(state->fault, sizeof state->fault, "%s", message);
}

static bool open_parser(xml_state *state, uint64_t start)
{
    xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
                              .startElementNs = start_element,
                              .endElementNs = end_element,
                              .characters = characters,
                              .cdataBlock = characters,
                              .ignorableWhitespace = characters,
                              .internalSubset = refuse_document_type,
                              .startDocument = refuse_other_encodings,
                              .serror = on_error };
    if (state->parser != NULL)
        xmlFreeParserCtxt(state->parser);
    state->parser = xmlCreatePushParserCtxt(&handler, state, NULL, 0, NULL);
    if (state->parser == NULL)
        return false;
    xmlCtxtUseOptions(state->parser, XML_PARSE_NONET);
    state->parser_start = state->fed = start;
    state->root_end = 0;
    state->depth = 0;
    state->place = OUTSIDE;
    state->status = RECTO_OK;
    return true;
}

static recto_status open_state(marc_reader *reader, recto_error *error)
{
    if (reader->parser != NULL)
        return RECTO_OK;
    xml_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return recto_fail_memory(error, "reading MARCXML");
    reader->parser = state;
    reader->parser_free = xml_state_free;
    state->reader = reader;
    buffer_init(&state->content, MARC_FIELD_LIMIT + 4096);
    return open_parser(state, marc_reader_position(reader)) ? RECTO_OK : recto_fail_memory(error, "reading MARCXML");
}

static text without_space(text whole)
{
    while (whole.length > 0 && strchr(" \t\r\n", whole.bytes[0]) != NULL && whole.bytes[0] != '\0')
        whole = text_of(whole.bytes + 1, whole.length - 1);
    return whole;
}

/* Files put one behind the other, and records without a collection around them, have several root elements. */
static bool go_on_behind_root(xml_state *state)
{
    uint64_t start = state->root_end;
    marc_reader *reader = state->reader;
    if (state->status != RECTO_EDATA || start == 0 || state->depth != 0 || start < reader->window_offset)
        return false;
    text behind = text_of(reader->window + (start - reader->window_offset), (size_t)(state->fed - start));
    start += behind.length - without_space(behind).length;
    if (start >= state->fed || reader->window[start - reader->window_offset] != '<' || !open_parser(state, start))
        return false;
    reader->next = (size_t)(start - reader->window_offset);
    return true;
}

/* From where the window must still hold the bytes: the record being read, what follows a closed root, a tag that has come in
 * part. */
static uint64_t first_needed(const xml_state *state)
{
    if (state->place != OUTSIDE)
        return state->current.start;
    return state->depth == 0 && state->root_end > 0 ? state->root_end : position(state);
}

static void pass_read(xml_state *state)
{
    marc_reader *reader = state->reader;
    uint64_t needed = first_needed(state);
    if (state->place != OUTSIDE && state->fed - needed > reader_limit(reader)) {
        reject_current(state, RECTO_ELIMIT, "the record is over the limit");
        buffer_clear(&state->content);
        needed = state->current.start = state->fed;
    }
    if (state->queue_count == 0 && needed > marc_reader_position(reader))
        reader->next = (size_t)(needed - reader->window_offset);
}

static void say_nothing(void *context, const char *message, ...)
{
    (void)context, (void)message;
}

/* libxml2 writes to standard error what it cannot convert, and then ends without a word to its handlers. */
static void parse_chunk(xml_state *state, const char *bytes, size_t length, bool last)
{
    xmlGenericErrorFunc heard = xmlGenericError;
    void *hearer = xmlGenericErrorContext;
    xmlSetGenericErrorFunc(NULL, say_nothing); /* of this thread */
    xmlParseChunk(state->parser, bytes, (int)length, last);
    xmlSetGenericErrorFunc(hearer, heard);
    if (state->status == RECTO_OK && state->parser->disableSAX)
        stop(state, RECTO_EDATA, "not well-formed XML: bytes that its encoding does not have", 0);
}

static recto_status feed(xml_state *state, recto_error *error)
{
    marc_reader *reader = state->reader;
    uint64_t window_end = reader->window_offset + reader->window_length;
    if (state->fed >= window_end) {
        recto_status status = reader_more(reader, error);
        if (status == RECTO_END) {
            state->finished = true;
            if (state->fed > state->parser_start)
                parse_chunk(state, NULL, 0, true);
            return RECTO_OK;
        }
        if (status != RECTO_OK)
            return status;
        window_end = reader->window_offset + reader->window_length;
    }
    size_t length = window_end - state->fed < CHUNK ? (size_t)(window_end - state->fed) : CHUNK;
    const char *bytes = reader->window + (state->fed - reader->window_offset);
    state->fed += length;
    parse_chunk(state, bytes, length, false);
    return RECTO_OK;
}

static recto_status deliver(xml_state *state, marc_record *record, recto_error *error)
{
    marc_reader *reader = state->reader;
    waiting_record *waiting = &state->queue[state->queue_start++];
    reader->offset = reader->oddity_offset = waiting->start;
    reader->next = (size_t)(waiting->start - reader->window_offset);
    reader_consume(reader, (size_t)(waiting->end - waiting->start));
    if (state->queue_start == state->queue_count)
        state->queue_start = state->queue_count = 0;
    if (waiting->status != RECTO_OK)
        return reader_reject(reader, error, waiting->status, "%s", waiting->fault);
    marc_record_swap(record, waiting->record);
    return reader->options.keep_bytes ? RECTO_OK : encoding_settle(reader, record, error);
}

static recto_status end_of_document(xml_state *state, recto_error *error)
{
    marc_reader *reader = state->reader;
    char fault[FAULT_LENGTH + 32];
    state->finished = true;
    reader->finished = RECTO_END;
    if (state->status == RECTO_ENOMEM)
        return recto_fail_memory(error, "reading MARCXML");
    reader->offset = reader->oddity_offset = state->place != OUTSIDE ? state->current.start : position(state);
    reader_consume(reader, reader_rest(reader).length);
    if (state->fault_line > 0)
        snprintf(fault, sizeof fault, "%s (line %d)", state->fault, state->fault_line);
    else
        snprintf(fault, sizeof fault, "%s", state->fault);
    return reader_reject(reader, error, state->status, "%s", fault);
}

recto_status marcxml_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    recto_status status = open_state(reader, error);
    xml_state *state = reader->parser;
    while (status == RECTO_OK && state->queue_count == 0) {
        if (state->status != RECTO_OK && !go_on_behind_root(state))
            return end_of_document(state, error);
        if (state->finished)
            return RECTO_END;
        status = feed(state, error);
        pass_read(state);
    }
    return status == RECTO_OK ? deliver(state, record, error) : status;
}
