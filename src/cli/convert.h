/* src/cli/convert.h - what the parts of recto convert share. */
#ifndef RECTO_CLI_CONVERT_H
#define RECTO_CLI_CONVERT_H

#include "command_line.h"

typedef struct conversion {
    command_line *line;
    const char *name; /* of the input, for messages */
    marc_source source;
    void *source_context;
    marc_reader_options reading;
    marc_writer_options writing;
    bool writes; /* false: --to none, which reads, checks and reports only */
    int jobs;
    size_t done, rejected, losses;
} conversion;

/** "FILE: record 7, byte 10280: length is wrong ..." on standard error. */
void convert_note(const conversion *conversion, const marc_oddity *oddity);
/** Input of ISO 2709, in blocks of whole records, by one thread or several. What comes out, and in what order, does not depend
 *  on how many. Begins and ends nothing: that is the caller's. */
recto_status convert_blocks(conversion *conversion, recto_error *error);

#endif
