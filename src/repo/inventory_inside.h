/* src/repo/inventory_inside.h - inside of the room: what holdings records (holdings.c) and items (items.c) share. */
#ifndef RECTO_SRC_REPO_INVENTORY_INSIDE_H
#define RECTO_SRC_REPO_INVENTORY_INSIDE_H

#include "store.h"
#include "recto/repo/custody.h"

/* The first two digits of their numbers. */
enum { HOLDING_PREFIX = 22, ITEM_PREFIX = 23 };

typedef struct holding_state {
    int64_t number, document; /* its row, and the bib it belongs to */
    int version, zone;
} holding_state;

/** RECTO_ENOTFOUND where there is none, or it is deleted. (holdings.c) */
recto_status holding_find(holding_state *out, repo *repo, mms_id id, recto_error *error);

/** Fills the error: "no item of this number". @param what  "item" @return RECTO_ENOTFOUND */
recto_status inventory_unknown(mms_id id, const char *what, recto_error *error);
/** Counts what the bib has, in its row, and writes its entry of the posting index where it got its first or lost its last;
 *  to be called in the write transaction of the change. */
recto_status inventory_count(repo *repo, int64_t document, recto_error *error);

#endif
