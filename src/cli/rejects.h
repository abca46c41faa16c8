/* src/cli/rejects.h - the file that a load's rejects are added to, so that after a crash each is there once (RL-5, RL-63). */
#ifndef RECTO_SRC_CLI_REJECTS_H
#define RECTO_SRC_CLI_REJECTS_H

#include "recto/catalog/load.h"

typedef struct rejects {
    const char *name; /* NULL: rejects are told of and not kept */
    int descriptor;
    char key[64]; /* what the repository knows the file by; "": it is no file on a disk, or nothing can be stored */
    catalog *catalog;
} rejects;

/** Opens what rejects are added to; what a load that was cut off has left behind its last batch is taken off first: those records
 *  come again. ELOCKED: another load is adding to it. @param name  NULL: there is none. */
recto_status rejects_open(rejects *out, catalog *catalog, const char *name, recto_error *error);
recto_status rejects_add(const rejects *rejects, text raw, recto_error *error);
/** In the transaction of a batch, which tells how much of the file is valid from then on: what was added is on the disk. */
recto_status rejects_reached(const rejects *rejects, recto_error *error);
/** @param is_whole  the load ended well, at its end or where it was stopped; else the rejects of what was rolled back go. */
recto_status rejects_close(rejects *rejects, bool is_whole, recto_error *error);

#endif
