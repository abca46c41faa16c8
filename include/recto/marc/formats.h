/* include/recto/marc/formats.h - records from bytes and back: ISO 2709, MARCXML, MarcEdit mnemonic, MARC-in-JSON, line.
 *
 * Bytes come through a source the caller gives (this room opens nothing) or from memory. Every byte is hostile: lengths,
 * base address and directory are claims, checked before use. What is unsound is read as far as it can be and reported;
 * a bad record is rejected whole and reading goes on behind it (RL-130). A sound record written again is the same bytes.
 * Limits are those of reliability.md section 9 (RL-100 to RL-108). Memory: a reader and the record it fills take at most sixteen
 * times the bytes of the largest record so far and 2 MiB, whatever the input claims; tests/fuzz holds them to it. */
#ifndef RECTO_MARC_FORMATS_H
#define RECTO_MARC_FORMATS_H

#include "recto/marc/record.h"
#include <sys/types.h>

typedef enum marc_format {
    MARC_FORMAT_UNKNOWN = 0,
    MARC_FORMAT_ISO2709, /* "marc", .mrc .marc */
    MARC_FORMAT_MARCXML, /* "marcxml", .xml */
    MARC_FORMAT_MRK,     /* "mrk", .mrk: =245  10$aTitle */
    MARC_FORMAT_JSON,    /* "json", .json: MARC-in-JSON, one object a record, array or lines */
    MARC_FORMAT_LINE     /* "line": 245 10 $aTitle; blanks as backslash; a blank line ends a record (cli.md) */
} marc_format;

marc_format marc_format_named(const char *name); /* MARC_FORMAT_UNKNOWN when none */
const char *marc_format_name(marc_format format);
marc_format marc_format_of_file(const char *file_name); /* by its ending */
marc_format marc_format_sniff(text beginning);          /* by the first bytes (up to 4 KiB are enough) */
/** "gzip", "zip" and the like when the bytes are no records, but others packed: a reader refuses them with that word. Else NULL.
 */
const char *marc_sniff_container(text beginning);

typedef enum marc_encoding {
    MARC_ENCODING_AUTO = 0, /* leader/09; bytes that do not fit decide (SR-50) and are reported */
    MARC_ENCODING_UTF8,
    MARC_ENCODING_MARC8,
    MARC_ENCODING_LATIN1
} marc_encoding;

bool marc_encoding_named(marc_encoding *out, const char *name); /* auto, utf-8, marc-8, latin-1 */

/** Fills `bytes` with at most `capacity` bytes. @return how many; 0 at the end; -1 on failure, with error filled. */
typedef ssize_t (*marc_source)(void *context, char *bytes, size_t capacity, recto_error *error);

/** Told of every oddity of a record that was kept, and of every record that was not (code "rejected").
 *  @param record_number counts from 1; @param offset in bytes from the beginning of the input (line number for text formats) */
typedef struct marc_oddity {
    size_t record_number;
    uint64_t offset;
    const char *code;  /* stable, for scripts: "length-wrong", "directory-unsorted", "not-utf8" ... */
    char message[200]; /* what was odd and what was kept */
} marc_oddity;
typedef void (*marc_oddity_report)(void *context, const marc_oddity *oddity);

typedef struct marc_reader_options {
    marc_format format; /* UNKNOWN: sniffed */
    marc_encoding encoding;
    size_t record_limit;       /* bytes of one record, 0: 16 MiB (RL-100) */
    bool references;           /* MARC-8: &#x....; becomes the character that it names */
    bool keep_bytes;           /* no conversion of MARC-8: content stays as it came and the leader too */
    bool lend;                 /* a sound record's fields are lent, not copied: they live until the next call with the reader,
                                * and in a reader of bytes as long as the bytes. Fields that are changed get bytes of their own */
    marc_oddity_report report; /* may be NULL */
    void *report_context;
} marc_reader_options;

typedef struct marc_reader marc_reader;

/** A reader of what `source` gives; yours to free. Nothing is read yet.
 *  @param source_context  handed to source; it and what it points to must outlive the reader
 *  @param name            for messages ("books.mrc"), copied, may be NULL
 *  @param options         copied; NULL: the format is sniffed, all else is as zero
 *  @return RECTO_ENOMEM only */
recto_status marc_reader_new(marc_reader **out, marc_source source, void *source_context, const char *name,
                             const marc_reader_options *options, recto_error *error);
/** Reads from memory, which must outlive the reader; no copy of the input is made. */
recto_status marc_reader_new_bytes(marc_reader **out, text bytes, const char *name, const marc_reader_options *options,
                                   recto_error *error);
/** A reader of bytes reads on in others, of ISO 2709, which lie at `offset` of the whole input; records count from 1 anew. */
void marc_reader_feed(marc_reader *reader, text bytes, uint64_t offset);
void marc_reader_free(marc_reader *reader);

/** Reads the next record into `record` (cleared first). Converted to UTF-8 with leader/09 set to 'a' unless keep_bytes.
 *  @return RECTO_OK; RECTO_END; RECTO_EDATA or RECTO_ELIMIT: this record was rejected, error says why, marc_reader_raw is
 *          its bytes, and the next call goes on behind it; RECTO_EIO, RECTO_ENOMEM: the reader is finished. */
recto_status marc_reader_next(marc_reader *reader, marc_record *record, recto_error *error);
text marc_reader_raw(const marc_reader *reader);          /* bytes of the last record or reject as they came; lent */
size_t marc_reader_number(const marc_reader *reader);     /* of the last record, from 1; rejects count */
uint64_t marc_reader_offset(const marc_reader *reader);   /* where the last record began */
uint64_t marc_reader_position(const marc_reader *reader); /* bytes consumed: for progress and for resuming a load */

/** Cuts input of ISO 2709 into blocks of whole records, so that readers may work on them side by side.
 *  @param record_limit as in marc_reader_options */
typedef struct marc_splitter marc_splitter;
recto_status marc_splitter_new(marc_splitter **out, marc_source source, void *context, size_t record_limit, recto_error *error);
void marc_splitter_free(marc_splitter *splitter);
/** The next block into `block` (cleared first), of some multiple of `about` bytes; *offset is where it lies in the input. A
 *  reader of bytes finds in the blocks, one after the other, the records and oddities that a reader of the input would.
 *  RECTO_END, RECTO_EIO, RECTO_ENOMEM. */
recto_status marc_splitter_next(marc_splitter *splitter, buffer *block, size_t about, uint64_t *offset, recto_error *error);

/** All at once: the first record of `bytes`, yours to free. UNKNOWN: the format is sniffed. RECTO_ENOMEM; RECTO_EDATA or
 * RECTO_ELIMIT when there is none or it is unsound beyond reading. */
recto_status marc_record_parse(marc_record **out, text bytes, marc_format format, recto_error *error);

typedef struct marc_writer_options {
    marc_format format;
    marc_encoding encoding; /* AUTO or UTF8: UTF-8; MARC8: leader/09 becomes blank */
    bool lossy_references;  /* MARC-8: characters it lacks become &#x....; otherwise they are an error */
    bool lossy;             /* MARC-8: characters it lacks become question marks */
    bool long_records;      /* ISO 2709: numbers too large for their columns are written as nines, as MARC4J does when oversize
                             * entries are allowed: 99999 for the length of the record, its base address and the place of a
                             * field, 9999 for the length of a field. Such a record is read by its terminators. This room's
                             * reader gives it back whole, and also one that has zeros there, as ruby-marc writes them, or the
                             * last digits only */
    bool mnemonics;         /* mrk: all that is not ASCII as {eacute}, {Acy} or {U+05D0}; reads back as the same characters */
    bool keep_bytes;        /* ISO 2709: leader written as it is apart from the lengths that must be right */
} marc_writer_options;

/* A format is written in three steps, each appending to `out`, which the caller may empty between two of them: streaming.
 * RECTO_EUSAGE for options that name no format or do not go together, RECTO_ENOMEM. */
/** Appends what stands before, a record, and what stands after all records (MARCXML collection, JSON array ...).
 *  RECTO_ELIMIT: over 99,999 bytes or a field over 9,999 in ISO 2709; RECTO_EDATA: bytes the format cannot hold (RL-133).
 *  On failure nothing was appended. */
recto_status marc_write_begin(buffer *out, const marc_writer_options *options, recto_error *error);
recto_status marc_write_record(buffer *out, const marc_record *record, const marc_writer_options *options, recto_error *error);
recto_status marc_write_end(buffer *out, const marc_writer_options *options, recto_error *error);

/** The same for many records: what the options need, tables and working space, is made once. Not for use by several threads.
 *  RECTO_EUSAGE when the options name no format or do not go together. */
typedef struct marc_writer marc_writer;
recto_status marc_writer_new(marc_writer **out, const marc_writer_options *options, recto_error *error);
void marc_writer_free(marc_writer *writer);
recto_status marc_writer_record(marc_writer *writer, buffer *out, const marc_record *record, recto_error *error);
/** What was lost, or written as a reference, in all records so far, where the options allow it (MARC-8). */
size_t marc_writer_losses(const marc_writer *writer);

/** One field in the line format, without a line end: `245 10 $aText$bText`. Used by lists, diffs and tests. */
void marc_field_line(buffer *out, const marc_field *field);
/** The text of the editor grid to a content and back: "$$a Title / $$c Author" (ED-32, ED-34). */
void marc_field_to_grid(buffer *out, const marc_field *field, const char *delimiter);
/** Subfields of a data field from line text (`$aText$bText`), appended with 0x1F; RECTO_EDATA with the column. */
recto_status marc_subfields_from_line(buffer *out, text line, recto_error *error);

#endif
