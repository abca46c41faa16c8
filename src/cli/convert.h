/* src/cli/convert.h - what the parts of recto convert share. */
#ifndef RECTO_CLI_CONVERT_H
#define RECTO_CLI_CONVERT_H

#include "command_line.h"

/* What is done to each record between reading and writing. May change it, and may append to `out` what comes in its place.
 * A record with *keep false is not written. RECTO_EDATA, RECTO_ELIMIT: the record is left out, and that is told; others end it.
 * @param number  of the record in the input; 0 where several jobs work on it */
typedef recto_status (*conversion_step)(void *context, marc_record *record, size_t number, buffer *out, bool *keep,
                                        recto_error *error);

typedef struct conversion {
    command_line *line;
    const char *name; /* of the input, for messages */
    marc_source source;
    void *source_context;
    marc_reader_options reading;
    marc_writer_options writing;
    bool writes;          /* false: --to none, which reads, checks and reports only */
    conversion_step step; /* NULL: none. With several jobs called by several threads at once */
    void *step_context;
    int jobs;
    size_t done, rejected, losses;
} conversion;

/** "FILE: record 7, byte 10280: length is wrong ..." on standard error. */
void convert_note(const conversion *conversion, const marc_oddity *oddity);
/** Input of ISO 2709, in blocks of whole records, by one thread or several. What comes out, and in what order, does not depend
 *  on how many. Begins and ends nothing: that is the caller's. */
recto_status convert_blocks(conversion *conversion, recto_error *error);
/** The whole input of an open file, whatever its format, with what stands before and after all records. Its reader's options
 *  are the conversion's. */
recto_status convert_file(conversion *conversion, record_file *file, recto_error *error);
/** How it ended, for the command: 0, 1 when records were left out, 3 when all were. */
int convert_exit_status(const conversion *conversion);

#endif
