/* include/recto/repo/bulk.h - many new records at once: made ready in any thread, stored by one, indexed as a segment a batch.
 *
 * What a record costs stands in three steps: making it ready (encoding, packing, list columns, all that is searched), which
 * knows no repository and may be done by several threads side by side; gathering it in a batch, in the order of the records, by
 * any thread; storing the batch, which alone needs the repository. A batch is one transaction: its records, their segment of the
 * index, and whatever else the caller stores in it (RL-62). */
#ifndef RECTO_REPO_BULK_H
#define RECTO_REPO_BULK_H

#include "recto/repo/repo.h"

typedef struct bulk_maker bulk_maker; /* what a thread needs to make records ready */
recto_status bulk_maker_new(bulk_maker **out, recto_error *error);
void bulk_maker_free(bulk_maker *maker);

typedef struct bulk_slot bulk_slot; /* a record made ready; used again for the next */
recto_status bulk_slot_new(bulk_slot **out, recto_error *error);
void bulk_slot_free(bulk_slot *slot);
/** Makes a new record ready: expected_version must be 0. `write->record` may change afterwards; the strings must live until the
 *  record is stored, but for originating_version, which is copied. RECTO_ELIMIT, RECTO_ENOMEM. */
recto_status bulk_make(bulk_slot *slot, bulk_maker *maker, const bib_write *write, recto_error *error);

typedef struct bulk bulk; /* the storing side; belongs to the thread of its repo */
recto_status bulk_new(bulk **out, repo *repo, int zone, recto_error *error);
void bulk_free(bulk *bulk);
/** Numbers of the zone for `count` new records, in the open write transaction: taken ahead, because 001 is part of a record that
 *  is made ready. bulk_id composes; it may be asked in any thread. */
recto_status bulk_numbers(bulk *bulk, int64_t count, int64_t *first, recto_error *error);
mms_id bulk_id(const bulk *bulk, int64_t number);
/** Gives back the numbers from `first` to the end of those taken last, when nobody else has taken one since. */
recto_status bulk_return_numbers(bulk *bulk, int64_t first, recto_error *error);
/** The number that the next new record gets as a document of the index, when nobody else adds one before. */
recto_status bulk_next_document(int64_t *out, bulk *bulk, recto_error *error);

typedef struct bulk_batch bulk_batch; /* records of one transaction, in memory; one thread at a time */
recto_status bulk_batch_new(bulk_batch **out, recto_error *error);
void bulk_batch_free(bulk_batch *batch);
/** Begins anew. @param first  the document that its first record will be; when it is another after all, storing costs more */
void bulk_batch_clear(bulk_batch *batch, int64_t first);
/** Takes over the working memory of a batch that has ended, if it has none itself. */
void bulk_batch_inherit(bulk_batch *batch, bulk_batch *ended);
/** Takes what was made ready; the slot may be used again. */
recto_status bulk_batch_add(bulk_batch *batch, bulk_slot *slot, recto_error *error);
size_t bulk_batch_count(const bulk_batch *batch);
size_t bulk_batch_bytes(const bulk_batch *batch);
/** Writes the index of the batch, in memory. Nothing is added afterwards. */
recto_status bulk_batch_end(bulk_batch *batch, recto_error *error);
/** Stores an ended batch in the open write transaction: its records are found when that is committed.
 *  @param first  out: the document that its first record is */
recto_status bulk_store(bulk *bulk, bulk_batch *batch, int64_t *first, recto_error *error);

/** Somebody waits to write behind the open write transaction. */
bool bulk_others_wait(const bulk *bulk);

/** Between transactions: makes fewer segments of many, a slice at a time, so that others get their turn.
 *  @param at_end  the load is through: few are enough.  @param more  out: call again */
recto_status bulk_merge(bulk *bulk, bool at_end, bool *more, recto_error *error);

/** Merging has not kept up with storing: it is to be called before the next batch is stored.
 *  @param others_wait  for a batch to be stored: then only when it is far behind */
bool bulk_merges_first(const bulk *bulk, bool others_wait);

#endif
