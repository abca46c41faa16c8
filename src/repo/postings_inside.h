/* src/repo/postings_inside.h - inside of the posting index of the repository: segments, what is kept of them, the merge.
 *
 * postings_collect.c and headings.c say what is searched of a record; postings.c writes entries and keeps the reader;
 * postings_segments.c makes, publishes and removes segments; postings_tidy.c does that in slices; rebuild.c makes all anew. */
#ifndef RECTO_SRC_REPO_POSTINGS_INSIDE_H
#define RECTO_SRC_REPO_POSTINGS_INSIDE_H

#include "postings.h"

enum {
    CATCH_UP_FROM = 1024, /* pending entries: nobody has tidied, and whoever saves does some of it, after his turn */
    CATCH_UP_MILLISECONDS = 8,
    BRIEF_MILLISECONDS = 100, /* of a command that ends */
    CATCH_UP_ENTRIES = 16,    /* of the transaction, for each of which there is another millisecond */
    FLUSH_AT_ONCE =
        4096, /* a save turns the oldest FLUSH_PART of them into a segment, although somebody has said that he would */
    FLUSH_PART = 256,
    FLUSH_WHEN_IDLE = 256,
    BUILD_ENTRIES = 2048,     /* that become one segment, in memory */
    MERGE_WIDTH = 8,          /* segments of a level that become one of the next */
    MERGE_WIDTH_IN_SAVE = 24, /* ... in a save, where nobody tidies */
    MERGE_WHOLE = 16384,      /* documents that a save merges at most, where nobody tidies */
    MERGE_AT_ONCE = 4096,     /* ... that a command merges which ends: more is for those that stay */
    LEVEL_DOCUMENTS = 512,    /* of a segment of level 0; each level holds MERGE_WIDTH times as many */
    SLICE_MILLISECONDS = 12,  /* of a write transaction of a rebuilding */
    TURN_MILLISECONDS = 1,    /* of one for what can wait: whoever saves stands behind it */
    BUILD_MILLISECONDS = 4,   /* of work without a turn, between two looks at the keyboard or the socket */
    SLICE_WORK = 20000,       /* postings of a merge, between two looks at the clock: about a millisecond */
    SLICE_BLOCKS = 4,         /* removed, between two looks at the clock */
    HELD_BYTES = 512 * 1024   /* of blocks that are built and not written yet; and what they overshoot by */
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

typedef struct entry_pile { /* pending entries, read out: their rows go in the transaction that publishes the segment */
    buffer bytes;
    index_source *sources;
    size_t *ends, count, capacity;
    int64_t first, last;
} entry_pile;

/** A segment that is built without a turn, and written in short ones. Its row, in state building, tells others of it. */
typedef struct building {
    index_store store;   /* blocks go to memory */
    segment_merge merge; /* number 0: there is none */
    entry_pile pile;     /* of pending entries: merge has no rows then */
    bool flush, alone, built;
    buffer held; /* blocks that are not written yet, from number `base` on */
    size_t *ends, count, capacity, written;
    uint32_t base;
    index_segment_info info;
    index_set *documents;
} building;

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
    building build;          /* under way, over several calls of repo_tidy */
    bool build_failed;       /* a source is damaged: not again in this process */
    bool behind;             /* nobody tidies: see postings_catch_up */
    bool queues;             /* ... which waits for its turn as those do who save, and takes one */
    int64_t written;         /* entries of this transaction */
    bool brief;              /* tidied by a command that ends: nothing is begun that takes long */
    postings_known broad[2]; /* postings_know_broad */
    int64_t abandoned;       /* segment of a merge of ours that went wrong: to be killed */
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

/** Whether a living process builds what stands for the pending entries from `first` on, the first of them, or rebuilds all: they
 *  must stay pending, and what is newer, too. */
bool segments_claimed(const segment_list *list, int64_t first);
/** Nothing is live, and nothing will be soon. */
bool segments_are_none(const segment_list *list);
int64_t segments_last(const segment_list *list); /* sequence that any of them stands for, at most */
/** The end of the range that a segment of pending entries stands for: of `most` of them, or of all where segments are newer. */
int64_t segments_range(const segment_list *list, int64_t first, int64_t last, int64_t most);
/** The oldest pending entries, at most `most`, as one segment, when there are at least `least`; nothing where a living process is
 *  at it, or at a rebuilding that stands for them. */
recto_status postings_flush(repo *repo, int64_t least, int64_t most, recto_error *error);
/** Reads the entries from `first` to `last`. */
recto_status pile_read(entry_pile *pile, repo *repo, int64_t first, int64_t last, recto_error *error);
void pile_free(entry_pile *pile);
/** Publishes what was made of the pile, and removes its entries. RECTO_ENOTFOUND without a word: somebody else has. */
recto_status pile_publish(const entry_pile *pile, repo *repo, const index_segment_info *info, const index_set *documents,
                          int64_t last, recto_error *error);
/** What is to be merged next: `*from` .. `*from + *count - 1`; count 0: nothing. Segments that others build from are left. */
void segments_choose(const segment_list *list, size_t width, size_t *from, size_t *count);
uint64_t segments_documents(const segment_list *list, size_t from, size_t count);

/** A merge of neighbours of the list into a new segment, which is begun here. */
recto_status merge_open(segment_merge *out, repo *repo, const index_store *store, const segment_list *list, size_t from,
                        size_t count, recto_error *error);
/** In place of its sources. RECTO_ENOTFOUND without a word: they are gone meanwhile. */
recto_status merge_publish(segment_merge *merge, repo *repo, const index_segment_info *info, const index_set *documents,
                           recto_error *error);
/** Goes on until `until_ms` (0: to the end) and publishes in the same transaction when it is whole. RECTO_ENOTFOUND without a
 *  word: its sources are gone meanwhile, and it is to be thrown away. */
recto_status merge_go_on(bool *done, segment_merge *merge, repo *repo, int64_t until_ms, recto_error *error);
void merge_close(segment_merge *merge);

/* ---- postings_tidy.c ---- */

/** A turn for upkeep: only when nobody else writes or waits; but from postings_catch_up in the order of the queue. */
recto_status upkeep_turn(bool *got, repo *repo, recto_error *error);

/* ---- postings_build.c ---- */

/** Begins one in the open write transaction: of the pending entries of that range, or a merge. */
recto_status building_begin_flush(repo *repo, int64_t first, int64_t last, bool alone, recto_error *error);
recto_status building_begin_merge(repo *repo, const segment_list *list, size_t from, size_t count, recto_error *error);
/** The next slice, outside of any transaction; whoever else writes is not waited for. */
recto_status building_go_on(repo *repo, recto_error *error);
/** Gives up what is under way: its row and its blocks are for the next who tidies. */
void building_drop(postings *kept);

/* ---- log_room.c ---- */

/** A piece of room for the log, or its pages into the file, when that is due. *did false: there is nothing to do. */
recto_status log_tidy(bool *did, repo *repo, recto_error *error);

#endif
