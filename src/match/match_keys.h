/* src/match/match_keys.h - methods as rows of a table, and the keys of a record that a row compares. Private to match/. */
#ifndef RECTO_MATCH_MATCH_KEYS_H
#define RECTO_MATCH_MATCH_KEYS_H

#include "recto/base/arena.h"
#include "recto/match/match.h"

/* What may be compared: bits. */
typedef enum criterion {
    BY_OCLC = 1,
    BY_SYSTEM = 2,
    BY_ISBN = 4,
    BY_ISBN_EXACT = 8,
    BY_ISSN = 16,
    BY_ISSN_EXACT = 32,
    BY_LCCN = 64,
    BY_CODEN = 128,
    BY_024 = 256,
    BY_RECORD = 512,      /* 001 against 001, the MMS ID */
    BY_024_RECORD = 1024, /* with BY_RECORD and BY_SYSTEM: the incoming side is 024 $a instead */
    BY_TITLE = 2048,
    BY_AUTHOR = 4096
} criterion;

typedef struct match_plan {
    match_method method;
    const char *class_names[3]; /* last part of Alma's class strings, where known */
    unsigned identifiers;       /* criteria of step 1, any of which is enough */
    unsigned titles;            /* marc_title_form bits of steps 2 and 3 */
    bool authors;               /* step 2 */
    bool linked_titles;         /* 880 too */
    bool filtered;              /* leader/06 and year must agree */
} match_plan;

const match_plan *match_plan_of(match_method method); /* NULL: MATCH_NONE */

typedef struct set_entry {
    marc_key key;  /* its texts are copies in the set's arena */
    size_t order;  /* in the record */
    int criterion; /* equal only within one */
    bool by_code;  /* $a and $z of the same number are two */
} set_entry;

typedef struct key_set {
    arena *memory;
    set_entry *entries;
    size_t count, capacity;
    bool failed;
    const match_plan *plan;
    unsigned criteria;
    const match_options *options;
} key_set;

/** The keys of a record for some criteria, in record order. False: no memory; the set is then empty, nothing matches by it.
 *  @param incoming  which side it is: of BY_024_RECORD they differ */
bool key_set_init(key_set *set, const marc_record *record, const match_plan *plan, unsigned criteria, bool incoming,
                  const match_options *options);
void key_set_release(key_set *set);
void key_set_sort(key_set *set); /* for key_set_find */
/** The first entry, in record order, that equals `wanted`; the set is sorted. */
const set_entry *key_set_find(const key_set *set, const set_entry *wanted);
/** Leaves each key once, in record order, whatever its code: the repository is asked by key. */
void key_set_drop_repeated(key_set *set);

/** "035 $a (OCoLC)123", the value cut at `limit` bytes. */
void match_show_key(buffer *out, const set_entry *entry, size_t limit);
bool match_is_filtered_out(const match_plan *plan, const marc_record *incoming, const marc_record *candidate, buffer *why);

#endif
