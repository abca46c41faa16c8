/* include/recto/catalog/lists.h - facets of a search, browse lists, and sets of records, for a user.
 *
 * @spec search.md SE-46, SE-47, SE-65 to SE-69; editor.md ED-115, ED-120, ED-121, ED-169 */
#ifndef RECTO_CATALOG_LISTS_H
#define RECTO_CATALOG_LISTS_H

#include "recto/catalog/catalog.h"
#include "recto/marc/formats.h"
#include "recto/repo/browse.h"
#include "recto/repo/sets.h"

/* ---- facets -------------------------------------------------------------------------------------------------------------- */

typedef struct catalog_facet_value {
    search_facet facet;
    char value[64]; /* for facet_choice */
    char label[64]; /* for people: "Institution Zone", "holdings only" */
    size_t count;   /* exact */
    bool chosen;
} catalog_facet_value;

const char *catalog_facet_name(search_facet facet); /* "language" */
bool catalog_facet_named(search_facet *out, const char *name);
/** All values of all facets of a query, choices of the query kept in mind (repo_facets says how); most frequent first in each
 *  facet, years newest first. Yours to free(). */
recto_status catalog_facets(catalog_facet_value **out, size_t *count, catalog *catalog, const catalog_query *query,
                            recto_error *error);

/* ---- all of a result (SE-48) ----------------------------------------------------------------------------------------------- */

typedef struct search_export {
    bool as_table; /* CSV, with a line of names */
    marc_format format;
} search_export;
/** "csv", or a format of records. @return false: there is none of that name */
bool catalog_export_named(search_export *out, const char *name);
/** Hands all hits from offset 0 up to the query's limit to `write`, piece by piece; `write` false: EIO. A record that goes
 *  meanwhile is left out. @param given  out: hits */
recto_status catalog_search_export(size_t *given, catalog *catalog, const catalog_query *query, const search_export *as,
                                   bool (*write)(void *context, text bytes), void *context, recto_error *error);

/* ---- browse -------------------------------------------------------------------------------------------------------------- */

bool catalog_browse_named(browse_kind *out, const char *name); /* names subjects series titles call-numbers shelf */
/** repo_browse in the zones a user sees. @param zone  0: all of them */
recto_status catalog_browse(catalog *catalog, zone_kind zone, browse_request *request,
                            bool (*visit)(void *context, const browse_row *row), void *context, recto_error *error);

/* ---- sets ------------------------------------------------------------------------------------------------------------------ */

/** Those of the institution that the user may see: public ones and one's own; for an administrator all. */
recto_status catalog_sets(catalog *catalog, bool (*visit)(void *context, const record_set *set, text query), void *context,
                          recto_error *error);
/** ENOTFOUND also where it is another's private set. @param query  appended; may be NULL */
recto_status catalog_set_get(record_set *out, buffer *query, catalog *catalog, const char *name, recto_error *error);
/** A logical set: the query, run anew each time. `set->name`, `is_public` and `note` are taken. */
recto_status catalog_set_keep_query(record_set *set, catalog *catalog, const catalog_query *query, recto_error *error);
/** An itemized set of what the query finds now, or more members for one's own set of that name. @param added  may be NULL */
recto_status catalog_set_keep_hits(record_set *set, catalog *catalog, const catalog_query *query, size_t *added,
                                   recto_error *error);
/** What was looked for in a line of a file of identifiers (SE-68). */
typedef struct set_line {
    size_t line; /* from 1 */
    text typed;
    size_t found; /* records: 0 not found; more than 1: none of them was added */
} set_line;
typedef struct set_line_counts {
    size_t lines, found, missing, several, added;
} set_line_counts;
/** Makes or fills an itemized set from lines: MMS IDs, OCLC numbers with their prefix, ISBNs, barcodes. The institution's
 *  records are looked for first, then the network's.
 *  @param kind  'm', 'o' (bare numbers too), 'i', 'b'; 0: told by its form  @param visit  every line; may be NULL */
recto_status catalog_set_keep_lines(record_set *set, set_line_counts *counts, catalog *catalog, text lines, char kind,
                                    void (*visit)(void *context, const set_line *line), void *context, recto_error *error);
/** The members: of an itemized set in order of addition, of a logical one what its query finds now. */
recto_status catalog_set_members(catalog *catalog, const char *name, bool (*visit)(void *context, mms_id id, bool gone),
                                 void *context, recto_error *error);
/** Changes one's own itemized set by the members of another, of either kind (SE-69). */
recto_status catalog_set_combine(catalog *catalog, const char *name, const char *other, set_operation operation,
                                 recto_error *error);
recto_status catalog_set_remove(catalog *catalog, const char *name, recto_error *error);

/* ---- values in use (ED-36) ------------------------------------------------------------------------------------------ */

enum { USED_VALUES_MOST = 100 };
typedef struct used_value {
    char *value; /* whole, as a record has it */
    size_t records;
} used_value;
typedef struct used_values { /* yours through used_values_release */
    used_value list[USED_VALUES_MOST];
    size_t count;
} used_values;
void used_values_release(used_values *values);

/** 260 $a $b $e $f, 264 $a $b, 505 $r $t, 561 $a. */
bool catalog_offers_used_values(const char *tag, char code);
/** Adds the values of this subfield that begin with `typed` (capitals and marks apart), those of most records first. At most 120
 *  records that have the words are looked into: of a very common beginning not every value is found. */
recto_status catalog_used_values(used_values *out, catalog *catalog, const char *tag, char code, text typed, recto_error *error);
/** Adds those of one record. @param folded  the beginning in the index's form (utf8_index_form) */
void used_values_of_record(used_values *out, const marc_record *record, const char *tag, char code, text folded);

#endif
