/* src/marc/record_store.h - the inside of a record, for the readers of this room that fill one at full speed.
 *
 * A field is a span. Spans lie in the record's one block of bytes, which a reader fills with a single copy and which is
 * kept when the record is cleared, so that reading a file allocates nothing for each field. A field that comes when the
 * block is full, or grows, owns bytes of its own: the block never moves while a span points into it, because a text that
 * was handed out stays where it is until its field is changed. */
#ifndef RECTO_MARC_RECORD_STORE_H
#define RECTO_MARC_RECORD_STORE_H

#include "recto/marc/record.h"

typedef struct stored_field {
    marc_field field; /* first, so that a lent marc_field is the stored one */
    size_t capacity;  /* of bytes owned by this field alone; 0: they lie in the block */
} stored_field;

struct marc_record {
    char leader[MARC_LEADER_LENGTH + 1];
    stored_field *fields;
    size_t count, capacity;
    size_t owners; /* fields with bytes of their own */
    char *block;
    size_t block_used, block_capacity;
    size_t wanted; /* bytes asked for since the last clear: how large the next block should be */
    text lent;     /* where the spans lie when it is not the block: bytes of the reader's, never written to */
    bool utf8;     /* every content is known to be valid UTF-8 */
};

/** All bytes in which the spans lie, with what stands between them; only while no field has bytes of its own. */
static inline text marc_record_spans(const marc_record *record)
{
    return record->lent.bytes != NULL ? record->lent : text_of(record->block, record->block_used);
}
/** Empties the record, whose spans then will lie in `bytes`, which are somebody else's and outlive its present content. */
void marc_record_lend(marc_record *record, text bytes);

/** Empties the record and gives a block of at least `bytes`, uninitialised, for spans. NULL: no memory. */
char *marc_record_open_block(marc_record *record, size_t bytes);
/** Room for `count` fields in all. */
bool marc_record_reserve_fields(marc_record *record, size_t count);
/** Appends a field whose bytes lie in the block. The fields must have been reserved. */
static inline void marc_record_add_span(marc_record *record, const char *tag, const char *bytes, size_t length)
{
    stored_field *stored = &record->fields[record->count++];
    stored->field.tag[0] = tag[0];
    stored->field.tag[1] = tag[1];
    stored->field.tag[2] = tag[2];
    stored->field.tag[3] = '\0';
    stored->field.content = (text){ bytes, length };
    stored->capacity = 0;
}
/** Exchanges the contents of two records. */
void marc_record_swap(marc_record *a, marc_record *b);

/* Limits of one record (RL-100 to RL-103). */
enum { MARC_RECORD_LIMIT = 16 << 20, MARC_FIELD_LIMIT = 1 << 20, MARC_FIELDS_LIMIT = 10000, MARC_SUBFIELDS_LIMIT = 10000 };

#endif
