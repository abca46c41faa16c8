/* src/repo/postings_inside.h - inside of the posting index of the repository: segments, what is kept of them, the merge.
 *
 * postings_collect.c and headings.c say what is searched of a record; postings.c writes entries and keeps the reader;
 * postings_segments.c makes, publishes and removes segments; postings_tidy.c does that in slices; rebuild.c makes all anew. */
#ifndef RECTO_SRC_REPO_POSTINGS_INSIDE_H
#define RECTO_SRC_REPO_POSTINGS_INSIDE_H

#include "postings.h"

enum {
    FLUSH_AT_ONCE = 512, /* pending entries: a save turns them into a segment */
    FLUSH_WHEN_IDLE = 256,
    MERGE_WIDTH = 8,             /* segments of a level that become one of the next */
    MERGE_WIDTH_IN_SAVE = 24,    /* ... in a save, where nobody tidies */
    MERGE_WHOLE = 16384,         /* documents that a save merges at most, where nobody tidies */
    MERGE_AT_ONCE = 4096,        /* ... that are merged in one transaction else; more go in slices */
    LEVEL_DOCUMENTS = 512,       /* of a segment of level 0; each level holds MERGE_WIDTH times as many */
    SLICE_MILLISECONDS = 12,     /* of a write transaction for what can wait */
    SLICE_WORK = 20000,          /* postings of a merge, between two looks at the clock: about a millisecond */
    SLICE_BLOCKS = 16            /* removed, between two looks at the clock */
};

typedef enum segment_state { SEGMENT_BUILDING, SEGMENT_LIVE, SEGMENT_DEAD } segment_state;

typedef struct segment_row {
    index_segment_info info; /* info.segment is its number */
    int64_t first, last;     /* of the pending entries it stands for */
    segment_state state;
    int level;
    process_identity builder;
} segment_row;

typedef struct segment_list { /* in the order of reading: oldest first */
    segment_row *rows;
    size_t count, capacity;
} segment_list;
void segment_list_free(segment_list *list);
/** All segments, whatever their state. */
recto_status segments_read(segment_list *out, repo *repo, recto_error *error);

/** A merge of segments; what its sources lend lives here. */
typedef struct segment_merge {
    index_merge *merge;
    index_source *sources;
    segment_row *rows;
    index_set **sets;
    size_t count;
    int64_t number, first, last;
} segment_merge;

typedef struct postings {
    index_store store;
    buffer lent, bytes; /* the block given last; an entry or a set on its way */
    index_entry *entry;
    index_reader *reader;
    int64_t *segments; /* that the reader holds, in order */
    size_t segment_count, segment_capacity;
    int64_t last; /* pending entry that the reader holds */
    bool unsure;  /* the reader holds what a rollback takes back */
    bool current; /* the reader was right at `version` of the data, which changes with whatever anybody commits */
    unsigned version;
    segment_merge merge; /* under way, over several transactions; number 0: none */
    bool merge_failed;   /* a source is damaged: not again in this process */
    int64_t abandoned;   /* segment of a merge of ours that went wrong: to be killed */
} postings;
recto_status postings_of(postings **out, repo *repo, recto_error *error);

/* ---- postings_segments.c: all in the open write transaction, but what reads ---- */

int64_t block_id(int64_t segment, uint32_t block);
recto_status postings_put(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error);
recto_status postings_get(void *context, int64_t segment, uint32_t block, text *bytes, recto_error *error);
recto_status documents_get(index_set **out, repo *repo, int64_t segment, recto_error *error);
/** A row in state building, by this process. */
recto_status segment_begin(int64_t *number, repo *repo, int64_t first, int64_t last, recto_error *error);
/** Stores the set and makes the segment live. `documents` stays the caller's. */
recto_status segment_publish(repo *repo, const index_segment_info *info, const index_set *documents, int64_t first, int64_t last,
                             recto_error *error);
recto_status segment_kill(repo *repo, int64_t number, recto_error *error);
/** Removes blocks of a dead segment until it is gone or `until_ms` (of the monotonic clock; 0: to the end). */
recto_status segment_remove(bool *gone, repo *repo, int64_t number, int64_t until_ms, recto_error *error);

/** The first segment from `*number` on of which there are blocks but no row: left by damage. RECTO_ENOTFOUND: none. */
recto_status segment_stray(int64_t *number, repo *repo, const segment_list *list, recto_error *error);

/** Sequences that a rebuilding of another living process stands for: they must stay pending. 0: none. */
int64_t segments_barrier(const segment_list *list);
/** All pending entries behind the barrier as one segment, when there are at least `least`. */
recto_status postings_flush(repo *repo, int64_t least, recto_error *error);
/** What is to be merged next: `*from` .. `*from + *count - 1`; count 0: nothing. Segments that others build from are left. */
void segments_choose(const segment_list *list, size_t width, size_t *from, size_t *count);
uint64_t segments_documents(const segment_list *list, size_t from, size_t count);

/** A merge of neighbours of the list into a new segment, which is begun here. */
recto_status merge_open(segment_merge *out, repo *repo, const segment_list *list, size_t from, size_t count, recto_error *error);
/** Goes on until `until_ms` (0: to the end) and publishes in the same transaction when it is whole. RECTO_ENOTFOUND without a
 *  word: its sources are gone meanwhile, and it is to be thrown away. */
recto_status merge_go_on(bool *done, segment_merge *merge, repo *repo, int64_t until_ms, recto_error *error);
void merge_close(segment_merge *merge);

/* ---- log_room.c ---- */

/** A piece of room for the log, or its pages into the file, when that is due. *did false: there is nothing to do. */
recto_status log_tidy(bool *did, repo *repo, recto_error *error);

#endif
