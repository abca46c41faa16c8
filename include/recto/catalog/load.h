/* include/recto/catalog/load.h - records of a whole file into a zone: the corridor of a load, by several threads.
 *
 * Reading is one after the other; normalizing, packing, collecting what is searched and writing the index of a batch are done by
 * as many threads as there are jobs; storing and merging by the caller's thread, in the order of the file. Some batches are on
 * their way at once: what was not stored when a load is killed is read again. A batch is one transaction: records, their index,
 * the place in the file and one audit row (RL-62). Between batches others may write (RL-67). What is stored is the same as
 * catalog_ingest with the policy "load" would store, one by one. */
#ifndef RECTO_CATALOG_LOAD_H
#define RECTO_CATALOG_LOAD_H

#include "recto/catalog/catalog.h"
#include "recto/marc/formats.h"

typedef struct load_counts {
    uint64_t read, added, rejected;
    uint64_t authorities, updated; /* authority records: all of them, and those that became the next version of a known one */
    uint64_t unchanged;            /* known, and stored as they are */
    uint64_t position;             /* bytes of the file that are done */
} load_counts;

typedef struct load_reject {
    size_t number;   /* of the record in the file, from 1 */
    uint64_t offset; /* where it began */
    text raw;        /* its bytes as they came */
    const char *reason;
} load_reject;

typedef struct load_request {
    marc_reader *reader; /* standing where the load goes on; used by other threads until the load returns */
    const char *name;    /* of the file, for the audit */
    text key;            /* of its content, for the place that is reached; empty: it is not kept */
    const repo_zone *zone;
    const ingest_policy *policy;
    int jobs;      /* threads beside the caller's, of 2 on; 1: only that; 0: as many as there are processors, 8 at most */
    size_t memory; /* bytes, about */
    void *context;
    /** Told of each record that is not loaded, in the order of the file, before the batch is committed. */
    recto_status (*reject)(void *context, const load_reject *reject, recto_error *error);
    /** In the transaction of a batch that had rejects, behind the last of them; NULL: of no concern. */
    recto_status (*rejected)(void *context, recto_error *error);
    void (*progress)(void *context, const load_counts *counts); /* now and then */
    bool (*stop)(void *context);                                /* true: commit what is stored and return */
} load_request;

/** Loads until the reader ends or `stop` says so. @param counts  added to. @param ended  the file is through: then its place
 *  tells so (catalog_load_state). On failure what was committed before stays. */
recto_status catalog_load_file(load_counts *counts, bool *ended, catalog *catalog, const load_request *request,
                               recto_error *error);

/** What is known of a file of this content in this zone: how far it was loaded, and when it was loaded to its end. */
typedef struct load_state {
    uint64_t bytes, records; /* 0: never begun */
    bool finished;
    int64_t finished_at;
} load_state;
recto_status catalog_load_state(load_state *out, catalog *catalog, const repo_zone *zone, text key, recto_error *error);
recto_status catalog_load_forget(catalog *catalog, const repo_zone *zone, text key, recto_error *error); /* --restart */

/** How much of a file of rejects is of batches that were committed, while a load adds to it (RL-5). Setting joins the open
 *  transaction of a batch, and is one by itself elsewhere. @param key  the file's; not empty */
recto_status catalog_load_rejects(uint64_t *length, bool *known, catalog *catalog, text key, recto_error *error);
recto_status catalog_load_rejects_set(catalog *catalog, text key, uint64_t length, recto_error *error);
recto_status catalog_load_rejects_forget(catalog *catalog, text key, recto_error *error);

#endif
