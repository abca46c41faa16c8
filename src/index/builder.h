/* src/index/builder.h - inside of the builder: terms are sorted into streams (builder.c) and written run by run (builder_run.c).
 */
#ifndef RECTO_SRC_INDEX_BUILDER_H
#define RECTO_SRC_INDEX_BUILDER_H

#include "entry.h"
#include "tree.h"

enum { READ_AHEAD = 8 }; /* bytes behind a term that may be read, whatever they are */

typedef struct run_item { /* a term at a place of a document */
    const unsigned char *bytes;
    uint32_t place;
    index_document document;
    uint8_t column, length;
} run_item;

typedef struct term_run term_run;
term_run *term_run_new(void);
void term_run_free(term_run *run);
void term_run_clear(term_run *run); /* memory is kept */
/** Documents of a term rise, and its places within a document. Bytes are lent until the run is written or cleared, and READ_AHEAD
 *  bytes behind them, too. false: no memory */
bool term_run_add(term_run *run, const run_item *item);
/** Writes its terms in order, all of which come after what was written before, and empties it. */
recto_status term_run_write(term_run *run, writer *writer, recto_error *error);
size_t term_run_items(const term_run *run);
size_t term_run_bytes(const term_run *run); /* memory that it has */

#endif
