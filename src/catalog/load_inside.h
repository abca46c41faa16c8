/* src/catalog/load_inside.h - inside of a load: blocks of records on their way from the reader into batches, and those into the
 * repository.
 *
 * load_make.c reads blocks and makes them ready; load_batch.c gathers them and stores what was gathered; load.c says who does
 * which of it and when. */
#ifndef RECTO_SRC_CATALOG_LOAD_INSIDE_H
#define RECTO_SRC_CATALOG_LOAD_INSIDE_H

#include "ingest.h"
#include "recto/catalog/load.h"
#include "recto/repo/bulk.h"

#include <pthread.h>

enum {
    BLOCK_RECORDS = 256,
    BLOCK_BYTES = 2 * 1024 * 1024, /* of a block, from which on it is not filled up */
    BLOCKS_MAX = 32,
    BATCH_WHOLE = 256,
    BATCH_LEAST = 64, /* shares of a batch */
    BATCHES = 4,      /* one is filled, one has its index written, one waits, one is stored */
    JOBS_MAX = 8,
    REASON_BYTES = sizeof((ingest_outcome *)NULL)->message
};

typedef enum item_kind { ITEM_READY, ITEM_LATER, ITEM_REJECTED } item_kind;
typedef struct load_item {
    item_kind kind;
    marc_record *record;
    bulk_slot *slot;
    mms_id id;
    size_t number, raw_start, raw_length;
    uint64_t offset;
    char reason[REASON_BYTES];
} load_item;

typedef enum block_state { BLOCK_FREE, BLOCK_TAKEN, BLOCK_READY } block_state;
typedef struct block {
    block_state state;
    uint64_t sequence;
    load_item items[BLOCK_RECORDS];
    size_t count;
    bool asks;  /* some of its records need the repository before they can be made ready */
    buffer raw; /* bytes of rejects, or of all where a rule may refuse */
    int64_t first_number, end_number, now, ticks;
    uint64_t position; /* of the reader behind it */
    size_t last;       /* number of its last record */
    recto_status status;
    recto_error error;
} block;

typedef struct load_special { /* not stored with the others: a reject, or an authority record */
    marc_record *record;      /* NULL: rejected */
    size_t number, raw_start, raw_length;
    uint64_t offset;
    char *reason;
} load_special;

typedef enum batch_state { BATCH_FREE, BATCH_FILLING, BATCH_FULL, BATCH_ENDING, BATCH_READY } batch_state;
typedef struct batch { /* what becomes one transaction */
    batch_state state;
    uint64_t sequence;
    bulk_batch *rows;
    load_special *specials;
    size_t special_count, special_capacity;
    buffer raw;
    uint64_t read, before; /* records; documents that the load adds before it */
    int64_t numbers_end;   /* behind the last number that it uses */
    int64_t begun;         /* by the monotonic clock, in milliseconds */
    uint64_t position;
    size_t last;
    bool ended; /* the file ends with it */
    recto_status status;
    recto_error error;
} batch;

typedef struct load {
    catalog *catalog;
    const load_request *request;
    bulk *bulk;
    zone_rules rules;
    bool ruled; /* the zone's rules need the repository: all is done by the caller's thread */
    bulk_maker *maker;
    size_t batch_bytes; /* memory that a batch may take */
    block *blocks[BLOCKS_MAX];
    size_t block_count;
    batch batches[BATCHES];
    pthread_mutex_t mutex; /* of what follows, and of the states of blocks and batches */
    pthread_cond_t changed;
    bool reading, gathering, quit;
    unsigned share;                    /* of a batch, in 256ths: small ones while others wait to write */
    bool ended;                        /* no more blocks are taken */
    bool through;                      /* the end of the file is stored */
    uint64_t taken, gathered;          /* sequences of blocks: given out, gathered */
    uint64_t begun, stored, documents; /* batches begun, batches stored; documents in all batches that were begun */
    int64_t first_document;            /* of the load; moves on when others add records meanwhile */
    int64_t number, number_end, range_first, unused;
    recto_status status; /* what ends the load before its time */
    recto_error error;
    size_t threads;
    pthread_t thread[JOBS_MAX];
    load_counts *counts;
} load;

/* ---- load_make.c ---- */

void read_block(load *load, block *block);
/** All but what needs the repository. */
void make_block(load *load, bulk_maker *maker, block *block);
/** That too: in the caller's thread. */
recto_status make_rest(load *load, block *block, recto_error *error);
bool is_authority(const load_item *item);

/* ---- load_batch.c ---- */

recto_status batch_init(batch *batch, recto_error *error);
void batch_release(batch *batch);
void batch_begin(batch *batch, const load *load);
/** Takes the records of a block. */
recto_status batch_gather(batch *batch, block *block, recto_error *error);
bool batch_is_due(const batch *batch, const load *load);
/** One transaction, in the caller's thread. On failure nothing of it was loaded. */
recto_status batch_store(load *load, batch *batch, recto_error *error);
/** Numbers of new records ahead, in the open transaction. Call with the mutex held. */
recto_status take_numbers(load *load, recto_error *error);
bool numbers_are_low(const load *load);

/* ---- load_place.c: in the open transaction ---- */

recto_status load_place_reached(load *load, uint64_t bytes, uint64_t records, recto_error *error);
recto_status load_place_finished(load *load, uint64_t records, recto_error *error);

#endif
