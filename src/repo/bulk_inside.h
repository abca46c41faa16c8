/* src/repo/bulk_inside.h - inside of the room: a record made ready, and the storing side of a load. */
#ifndef RECTO_SRC_REPO_BULK_INSIDE_H
#define RECTO_SRC_REPO_BULK_INSIDE_H

#include "bibs.h"
#include "postings_inside.h"
#include "recto/repo/bulk.h"

enum { ORIGINATING_VERSION_BYTES = 32 };

struct bulk_slot {
    bib_write write; /* originating_version is the copy below */
    brief brief;
    char originating_version[ORIGINATING_VERSION_BYTES];
    unsigned char checksum[CHECKSUM_LENGTH];
    buffer packed;
    index_entry *entry;
};

struct bulk {
    repo *repo;
    const repo_zone *zone;
    int64_t numbers_end; /* behind the last number taken */
    size_t segments;     /* since all was merged that was due */
    size_t small;        /* counted when a merge was begun, and those since */
    uint64_t documents;  /* stored so far */
    segment_merge merge; /* under way; number 0: none */
};

#endif
