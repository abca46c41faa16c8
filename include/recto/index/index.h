/* include/recto/index/index.h - the posting index: which documents hold a term, and where in them.
 *
 * Everything that is searched is a term in a column: words with their places, identifiers, codes, sort keys, headings. A
 * document is a dense number of 32 bits. A *segment* is immutable: a dictionary in the order of columns and terms, each with
 * its documents and, in columns of words, their places; it is written once, from documents or from other segments, as numbered
 * blocks of bytes which the caller keeps (repo/ in its database, a test in memory). An *entry* is one document alone in the
 * same order: what a save writes. A *reader* sees a row of segments and entries, oldest first, as one index: of a document only
 * what the newest of them says counts, so a changed document is simply written again and a deleted one is written empty.
 *
 * The room knows no MARC and no SQL. It does no I/O but by the caller's functions, and starts no threads. Blocks are hostile
 * until read: a damaged one is RECTO_EDATA, never a crash. Nothing here is shared between threads. Beside what is said at each
 * function all that give a status may give RECTO_ENOMEM, RECTO_EDATA (a damaged block) and what the store's functions give; out
 * parameters are then left alone. @spec search.md SE-31 (what a term is made of is repo/'s business) */
#ifndef RECTO_INDEX_INDEX_H
#define RECTO_INDEX_INDEX_H

#include "recto/base/error.h"
#include "recto/base/text.h"

typedef uint32_t index_document; /* 1 ..; 0 is no document */
enum { INDEX_COLUMNS_MAX = 250, INDEX_TERM_BYTES_MAX = 240, INDEX_NO_PLACE = 0 };

/* ---- sets of documents ------------------------------------------------------------------------------------------------- */

typedef struct index_set index_set; /* compressed; NULL stands for the empty set wherever one is read */

index_set *index_set_new(void); /* NULL: no memory, as for all that give a set */
index_set *index_set_copy(const index_set *set);
index_set *index_set_range(index_document first, index_document last); /* both included */
void index_set_free(index_set *set);
/** false: no memory. The library behind it does not notice each such failure by itself: see src/index/set.c. */
bool index_set_add(index_set *set, index_document document);
void index_set_and(index_set *set, const index_set *other);
index_set *index_set_both(const index_set *set, const index_set *other); /* a new one: what both have */
bool index_set_or(index_set *set, const index_set *other);
void index_set_and_not(index_set *set, const index_set *other);
bool index_set_has(const index_set *set, index_document document);
uint64_t index_set_count(const index_set *set);
uint64_t index_set_count_both(const index_set *set, const index_set *other); /* of the intersection, which is not made */
/** Writes up to `capacity` members that are greater than `after`, in order. @return how many */
size_t index_set_list(const index_set *set, index_document after, index_document *out, size_t capacity);
/** As bytes, and back. RECTO_EDATA: not a set. */
recto_status index_set_write(buffer *out, const index_set *set, recto_error *error);
recto_status index_set_read(index_set **out, text bytes, recto_error *error);

/* ---- entries: one document ------------------------------------------------------------------------------------------------ */

typedef struct index_entry index_entry; /* collects the terms of one document; reused for the next */

index_entry *index_entry_new(void);
void index_entry_free(index_entry *entry);
void index_entry_clear(index_entry *entry);
/** Adds a term; its bytes are copied. @param column 1..INDEX_COLUMNS_MAX  @param place INDEX_NO_PLACE, or from 1; the same term
 *  may come at several places, in any order, and again at one. A longer term is cut at INDEX_TERM_BYTES_MAX bytes. */
void index_entry_add(index_entry *entry, unsigned column, text term, uint32_t place);
/** The terms in order, as bytes for index_reader_add_entry and index_builder_add. No terms: a deleted document. */
recto_status index_entry_write(buffer *out, index_entry *entry, recto_error *error);

/* ---- where blocks are kept ------------------------------------------------------------------------------------------------- */

typedef struct index_store { /* the caller's; both are called with `context` */
    void *context;
    /** Keeps the bytes of a block; blocks of a segment come in rising order from 0, each once. */
    recto_status (*put)(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error);
    /** Gives a block; the bytes are lent until the next get. RECTO_ENOTFOUND: there is none (read as damage). */
    recto_status (*get)(void *context, int64_t segment, uint32_t block, text *bytes, recto_error *error);
} index_store;
/* Small blocks (dictionary) have at most INDEX_BLOCK_BYTES bytes, so that one fits a page of the database; a list of
 * documents or places that is longer stands in blocks of its own of up to INDEX_LIST_BYTES. */
enum { INDEX_BLOCK_BYTES = 4000, INDEX_LIST_BYTES = 256 * 1024 };

typedef struct index_segment_info { /* the caller keeps it with the blocks */
    int64_t segment;                /* the caller's number for it */
    uint32_t root;                  /* block from which it is read */
    uint32_t blocks;                /* how many there are: 0 .. blocks - 1 */
    uint64_t bytes;                 /* of all blocks */
    uint64_t documents;             /* members of its set of documents, the empty ones among them */
} index_segment_info;

/* ---- making segments ------------------------------------------------------------------------------------------------------- */

typedef struct index_builder index_builder; /* many new documents at once, in memory: for loads and rebuilding */

index_builder *index_builder_new(void);
void index_builder_free(index_builder *builder);
void index_builder_clear(index_builder *builder); /* no documents; memory is kept */
/** Takes the terms of a document straight from a collected entry, which is then cleared. Documents must rise (EINVALID). */
recto_status index_builder_add(index_builder *builder, index_document document, index_entry *entry, recto_error *error);
size_t index_builder_bytes(const index_builder *builder); /* memory in use: the caller writes when it is enough */
size_t index_builder_documents(const index_builder *builder);
/** Writes all as one segment and empties the builder. @param documents  out: the set, to be kept with the segment */
recto_status index_builder_write(index_builder *builder, const index_store *store, int64_t segment, index_segment_info *out,
                                 index_set **documents, recto_error *error);

typedef struct index_source {          /* a segment or an entry to be read */
    const index_segment_info *segment; /* NULL: an entry */
    const index_set *documents;        /* of the segment */
    index_document document;           /* of the entry */
    text entry;
} index_source;

typedef struct index_merge index_merge; /* a row of sources, oldest first, into one segment, a slice at a time */

/** Sources and what they lend must live until index_merge_free. @param drop_empty  documents that are empty in the newest
 *  source are left out of the set: right only when nothing older than the sources exists. */
recto_status index_merge_new(index_merge **out, const index_source *sources, size_t count, const index_store *store,
                             int64_t segment, bool drop_empty, recto_error *error);
/** Goes on until about as much is done as `work` postings cost when they are moved one by one, some twenty million a second (0:
 *  to the end); a step may stop within a term, and does at most some 65,536 documents of each source more than it was asked to.
 *  *done: the segment is whole, and info and documents are filled. Memory is bounded by the number of sources. */
recto_status index_merge_step(index_merge *merge, uint64_t work, bool *done, index_segment_info *out, index_set **documents,
                              recto_error *error);
void index_merge_free(index_merge *merge); /* half done: the blocks that were put are the caller's to throw away */

/** A segment once more, with every document moved by `by`: written ahead for documents that became others. */
recto_status index_shift(const index_source *from, const index_store *from_store, int64_t by, const index_store *store,
                         int64_t segment, index_segment_info *out, index_set **documents, recto_error *error);

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

typedef struct index_reader index_reader;

index_reader *index_reader_new(const index_store *store);
void index_reader_free(index_reader *reader);
void index_reader_clear(index_reader *reader); /* no segments, no entries */
/** The same, for a newer state of the same index: a number of a segment still means the same blocks, and what was found in
 *  segments that come again is kept. */
void index_reader_renew(index_reader *reader);
/** Segments are added oldest first, before all entries (EINVALID); the set is taken over also on failure. */
recto_status index_reader_add_segment(index_reader *reader, const index_segment_info *info, index_set *documents,
                                      recto_error *error);
/** An entry newer than all before; its bytes are copied. A document may come again: the later one counts. */
recto_status index_reader_add_entry(index_reader *reader, index_document document, text entry, recto_error *error);
size_t index_reader_entries(const index_reader *reader);
/** Columns (ended by 0) that have few terms, thousands at most: their terms and sets are kept once they were read. A reader keeps
 *  what it found, up to some 96 MiB; segments do not change, so this is never wrong. */
void index_reader_expect_few(index_reader *reader, const uint8_t *columns);
/** Segments of so many documents (16,384) are held to stay: what is found in them is kept apart. Before any is added. */
void index_reader_expect_large(index_reader *reader, uint64_t documents);

/** Documents that hold the term in any of the columns. All these give a new set in *out, yours; empty when there are none.
 *  @param columns  column numbers, ended by 0 */
recto_status index_find(index_set **out, index_reader *reader, const uint8_t *columns, text term, recto_error *error);
/** ... a term that begins so. */
recto_status index_find_prefix(index_set **out, index_reader *reader, const uint8_t *columns, text beginning, recto_error *error);
/** ... a term from `from` to `to`, both included (compared as bytes; empty `to`: no end). */
recto_status index_find_range(index_set **out, index_reader *reader, const uint8_t *columns, text from, text to,
                              recto_error *error);
/** ... the terms at following places within one column; `last_cut`: the last is a beginning. An empty term stands for whatever is
 *  at its place; none does at either end, or before a beginning. */
recto_status index_find_phrase(index_set **out, index_reader *reader, const uint8_t *columns, const text *terms, size_t count,
                               bool last_cut, recto_error *error);
/** Whether one document holds the term; quicker than a set for checks. */
recto_status index_holds(bool *out, index_reader *reader, unsigned column, text term, index_document document,
                         recto_error *error);

/** Visits the terms of a column in order, from `from` (included) on, or when `backwards` from the last before it down (empty
 *  `from`: from the last of the column); a term that only masked documents hold is left out. `documents` is lent for the visit.
 * For browse, facets and sort orders. */
typedef bool (*index_term_visit)(void *context, text term, const index_set *documents); /* false: enough */
recto_status index_terms(index_reader *reader, unsigned column, text from, bool backwards, index_term_visit visit, void *context,
                         recto_error *error);
/** The terms in order, with how many of `within` hold each (NULL: of all); terms held by none are left out. */
typedef bool (*index_count_visit)(void *context, text term, uint64_t count);
recto_status index_counts(index_reader *reader, unsigned column, const index_set *within, index_count_visit visit, void *context,
                          recto_error *error);

/** The same, where terms that are alike up to the first `separator` in them are one: "eng|008" and "eng|041" are "eng". It is a
 *  byte lower than all others of the terms, so that such terms are neighbours. */
recto_status index_counts_joined(index_reader *reader, unsigned column, char separator, const index_set *within,
                                 index_count_visit visit, void *context, recto_error *error);

/** Visits all that is held, for a full check: every term, document and place of one source in order.
 *  @param place INDEX_NO_PLACE in columns without places */
typedef bool (*index_posting_visit)(void *context, unsigned column, text term, index_document document, uint32_t place);
recto_status index_walk(const index_source *source, const index_store *store, index_posting_visit visit, void *context,
                        recto_error *error);

#endif
