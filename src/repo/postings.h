/* src/repo/postings.h - inside of the room: the posting index of the repository, over tables of blocks and pending entries.
 *
 * What is searched of a record is one entry (index.h): a save writes it as one row of `posting_pending` in its own transaction,
 * beside record and version, so it is found at once and goes with a rollback. Some hundred entries become a segment, and
 * segments of like size become one larger (postings_tidy): the cost of a save does not grow with the repository. Readers see one
 * state: segments are immutable, and a row of `posting_segment` publishes one. */
#ifndef RECTO_SRC_REPO_POSTINGS_H
#define RECTO_SRC_REPO_POSTINGS_H

#include "held_segment.h"
#include "store.h"

/** Columns of the index. Words have places; the others none. */
enum posting_column {
    POSTING_WORDS = 1, /* + enum word_column; edges of fields are terms of their own, as indexing.c makes them */
    /* Identifiers: column POSTING_KEYS + kind for marc_key_kind, POSTING_OWN_KEYS + kind - 101 for IDENTIFIER_LANGUAGE and on.
     * The term is key, 0x1F, tag, subfield code: "key 0x1F" as a beginning finds it in any place. */
    POSTING_KEYS = 20,
    POSTING_OWN_KEYS = 60,
    /* Facts about the record in the repository */
    POSTING_LIVE = 80, /* one term, "1": every record that is not deleted */
    POSTING_ZONE,      /* decimal id */
    POSTING_INVENTORY, /* "P" holdings or items, "E" portfolios, "N" none of them; "I" has items */
    POSTING_SUPPRESSED,
    POSTING_SYNC,
    POSTING_BRIEF_LEVEL,      /* two digits */
    POSTING_CATALOGING_LEVEL, /* two digits */
    POSTING_CREATED_BY,
    POSTING_MODIFIED_BY,
    POSTING_ORIGINATING_SYSTEM,
    POSTING_YEAR, /* four digits; none for the undated. Facet, range and sort key */
    POSTING_MATERIAL,
    POSTING_LINKED, /* MMS ID linked to, decimal */
    /* Sort keys: the beginning of the key, for walking in order; what stands under one term is sorted by the rows */
    POSTING_ORDER_TITLE = 100, /* first 8 bytes of title_key */
    POSTING_ORDER_CREATOR,
    POSTING_ORDER_MODIFIED, /* seconds, 8 hexadecimal digits */
    POSTING_ORDER_CREATED,
    POSTING_ORDER_MMS, /* decimal, padded to 19 digits, without its last 6 */
    /* The same in few terms, so that a walk goes to where the hits are. An index made before they were has none of them. */
    POSTING_BROAD_TITLE, /* first 3 bytes of title_key */
    POSTING_BROAD_CREATOR,
    POSTING_BROAD_MMS, /* without its last 8 digits */
    /* Headings, for browse: the normalized heading */
    POSTING_HEADING_NAME = 110,
    POSTING_HEADING_SUBJECT,
    POSTING_HEADING_SERIES,
    POSTING_HEADING_TITLE,
    POSTING_CALL_NUMBER, /* shelf keys of the bib's 050, 060, 082, 090 */
    /* The same columns again, for authority records: no search of bibs ever meets one, and none has to leave them out. */
    POSTING_OF_AUTHORITIES = 128,
};

typedef struct record_facts { /* what is searched of the row of a record */
    mms_id id, linked_to;
    int64_t zone, brief_level, cataloging_level, holdings, items, portfolios, created_at, modified_at, year;
    bool suppressed, has_year;
    text sync, created_by, modified_by, originating_system, material, title_key, creator_key;
} record_facts;

/** Collects what is searched of a record that is not stored yet, without the repository: in any thread.
 *  @param words  buffers that are used for the words */
recto_status postings_collect_new(index_entry *entry, buffer words[static WORDS_SCRATCH], const record_facts *facts,
                                  const marc_record *record, recto_error *error);
/** Collects what is searched of a record, from the record and its row of `bib`, into `entry`, which is cleared before. */
recto_status postings_collect(index_entry *entry, repo *repo, int64_t document, const marc_record *record, recto_error *error);
/** Writes the entry of a document in the open write transaction: after its row is as it shall be. `record` NULL: it is read;
 *  a deleted document gets an empty entry. Every change of a row that a column above tells of ends with this. */
recto_status postings_write(repo *repo, int64_t document, const marc_record *record, recto_error *error);

/** The reader of the state that is read now: call inside look_begin/look_end or a write transaction. Lent until that ends; kept
 *  by the repo and only brought up to date at the next call. */
recto_status postings_reader(index_reader **out, repo *repo, recto_error *error);
/** Whether the index has the short beginnings of sort keys, as whoever searches has found out: a note for the segments that the
 * reader holds, which is UNKNOWN again when there are others. */
typedef enum postings_known { POSTINGS_UNKNOWN, POSTINGS_YES, POSTINGS_NO } postings_known;
postings_known *postings_know_broad(repo *repo, bool of_authorities);
void postings_forget(repo *repo);   /* after a rollback: what was cached may not be so */
void postings_settle(repo *repo);   /* after a commit: what was seen in the transaction is so */
void postings_close(repo *repo);    /* at the end */
void postings_catch_up(repo *repo); /* after a commit, out of turn: some upkeep where nobody does it */
void building_leave(repo *repo);    /* before it: lets others go on with what is under way here */

/** A row of a repository whose record changed in nothing but what stands in `bib`: postings_write by MMS ID. */
recto_status postings_write_id(repo *repo, mms_id id, recto_error *error);
/** A segment that was made in memory, in the open write transaction, newer than all before: for loads. Documents of it that are
 *  in pending entries of this transaction too must not have changed since. */
recto_status postings_add_held(repo *repo, const held_segment *held, recto_error *error);
/** Makes the whole index again in the open write transaction: for migrations. */
recto_status postings_rebuild_here(repo *repo, recto_error *error);
enum { POSTINGS_MEMORY = 64 * 1024 * 1024 }; /* of a builder, before it is written */

/** The terms of an identifier: "key 0x1F tag code", cut and made unique where it is too long for a term. */
void postings_key_term(buffer *out, text key, const char *tag, char subfield);
/** Visits the records of any of the zones (none: all) that have the key in any place, by MMS ID.
 *  @param kind  of marc_key_kind, or IDENTIFIER_LANGUAGE and on */
recto_status find_by_identifier(repo *repo, int kind, text key, const int *zones, size_t zone_count,
                                bool (*visit)(void *context, mms_id id), void *context, recto_error *error);
/** "key 0x1F" of the same: the beginning by which a key is found in any place. */
void postings_key_beginning(buffer *out, text key);

#endif
