/* include/recto/repo/bulk.h - many new records at once: made ready in any thread, stored by one, indexed as a segment a batch.
 *
 * What a record costs stands in three steps: making it ready (encoding, packing, list columns, all that is searched), which
 * knows no repository and may be done by several threads; storing its rows; collecting it for the index. A batch is one
 * transaction: its records, their segment of the index, and whatever else the caller stores in it (RL-62). */
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
/** @param memory  bytes that the index of a batch may take before it is written */
recto_status bulk_new(bulk **out, repo *repo, int zone, size_t memory, recto_error *error);
void bulk_free(bulk *bulk);
/** Numbers of the zone for `count` new records, in the open write transaction: taken ahead, because 001 is part of a record that
 *  is made ready. bulk_id composes; it may be asked in any thread. */
recto_status bulk_numbers(bulk *bulk, int64_t count, int64_t *first, recto_error *error);
mms_id bulk_id(const bulk *bulk, int64_t number);
/** Gives back the numbers from `first` to the end of those taken last, when nobody else has taken one since. */
recto_status bulk_return_numbers(bulk *bulk, int64_t first, recto_error *error);
/** Stores a record in the open write transaction. It is found when the batch has ended. */
recto_status bulk_add(bulk *bulk, bulk_slot *slot, recto_error *error);
bool bulk_is_full(const bulk *bulk); /* the index of the batch takes its memory */
/** Ends a batch: its segment, in the same transaction, which the caller commits. */
recto_status bulk_end_batch(bulk *bulk, recto_error *error);
void bulk_drop_batch(bulk *bulk); /* after a rollback */
/** Between transactions: makes fewer segments of many, a slice at a time, so that others get their turn.
 *  @param at_end  the load is through: few are enough.  @param more  out: call again */
recto_status bulk_merge(bulk *bulk, bool at_end, bool *more, recto_error *error);

#endif
