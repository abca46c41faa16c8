/* src/marc/reader.h - what all format readers of this room share: a window on the input, and the report of oddities.
 *
 * The window holds the bytes of the present record and whatever was read beyond it; it grows with the bytes that came and
 * never with a length that the input claims (RL-118). Read from memory, the window is the input itself. */
#ifndef RECTO_MARC_READER_H
#define RECTO_MARC_READER_H

#include "recto/marc/formats.h"
#include "charset_converter.h"

struct marc_reader {
    marc_source source; /* NULL: reading from memory */
    void *source_context;
    marc_reader_options options;
    char name[100]; /* the end of a long one */
    marc_format format;

    const char *window;
    size_t window_length;
    size_t next;            /* in the window: where the present record begins, or the next one */
    uint64_t window_offset; /* of the window's first byte in the input */
    uint64_t lines;         /* line ends before `next`, for the text formats */
    char *owned;            /* the window's memory when there is a source */
    size_t owned_capacity;
    bool ended;            /* the source has no more */
    bool skipping;         /* the rest of a record over the limit is still to be passed over */
    recto_status finished; /* not RECTO_OK: every further call answers so */

    text raw;
    size_t number;
    uint64_t offset;
    uint64_t oddity_offset;

    buffer scratch, converted;
    size_t *ends; /* of converted fields */
    size_t ends_capacity;
    marc_record *spare;
    charset_converter *charset;
    void *parser; /* the MARCXML or JSON state */
    void (*parser_free)(void *parser);
};

/** Takes more input behind the window; the window may move (next, and what lies behind it, is kept).
 *  RECTO_END: there is no more. */
recto_status reader_more(marc_reader *reader, recto_error *error);
/** Passes `bytes` of the window: they are the raw bytes of the record that was read. */
void reader_consume(marc_reader *reader, size_t bytes);
static inline text reader_rest(const marc_reader *reader)
{
    return text_of(reader->window + reader->next, reader->window_length - reader->next);
}
void reader_oddity(marc_reader *reader, const char *code, const char *message, ...) __attribute__((format(printf, 3, 4)));
/** RECTO_EDATA or such, with "FILE: record N, byte M" as the place. */
recto_status reader_reject(marc_reader *reader, recto_error *error, recto_status status, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
size_t reader_limit(const marc_reader *reader);

/* Each reads one record behind `next` and consumes it; the caller has cleared the record and counts. */
recto_status iso2709_next(marc_reader *reader, marc_record *record, recto_error *error);
recto_status marcxml_next(marc_reader *reader, marc_record *record, recto_error *error);
recto_status mrk_next(marc_reader *reader, marc_record *record, recto_error *error);
recto_status line_next(marc_reader *reader, marc_record *record, recto_error *error);
recto_status marcjson_next(marc_reader *reader, marc_record *record, recto_error *error);

/** Decides the encoding of a record that came as bytes, converts it to UTF-8 and sets leader/09. */
recto_status encoding_settle(marc_reader *reader, marc_record *record, recto_error *error);
/** RL-101 to RL-103. */
recto_status record_check_limits(marc_reader *reader, const marc_record *record, recto_error *error);

#endif
