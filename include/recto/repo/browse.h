/* include/recto/repo/browse.h - lists that are looked through: headings, call numbers, the shelf; and facets of a search.
 *
 * Lists are made from the index of what is stored now, so that a heading whose last record goes is gone with it (ED-121). */
#ifndef RECTO_REPO_BROWSE_H
#define RECTO_REPO_BROWSE_H

#include "recto/repo/repo.h"

typedef enum browse_kind {
    BROWSE_NAMES,
    BROWSE_SUBJECTS,
    BROWSE_SERIES,
    BROWSE_TITLES,
    BROWSE_CALL_NUMBERS, /* of bibs: 050 060 082 090 */
    BROWSE_SHELF         /* of holdings: 852 */
} browse_kind;

typedef struct browse_row {
    text key;       /* compared and sorted by; as `from` of another call it begins the list here. Bytes, not for show */
    text shown;     /* as it stands in one of its records */
    char tag[4];    /* of the field there: "650"; "852" on the shelf */
    mms_id example; /* that record */
    size_t count;   /* of records that have it, in the zones asked for; of holdings or items on the shelf */
    bool before;    /* stands before `from` */
} browse_row;

/* What of the shelf is looked at (ED-169): call numbers of holdings, of items that have their own, those for a time, or all. */
typedef enum shelf_level { SHELF_HOLDINGS, SHELF_ITEMS, SHELF_TEMPORARY, SHELF_ALL_LEVELS } shelf_level;
typedef struct shelf_limits {
    shelf_level level;
    char type[2];     /* first indicator of 852: "0" Library of Congress, "1" Dewey, ...; "" any */
    char library[32]; /* "" any; of a temporary row the temporary one */
    char location[32];
} shelf_limits;

typedef struct browse_request {
    browse_kind kind;
    const shelf_limits *shelf; /* NULL: holdings, all of them */
    const int *zones;          /* zone ids; empty: all */
    size_t zone_count;
    text from;            /* as typed; or, with from_key, a row's key */
    bool from_key;        /* the list goes on at `from` as it is */
    size_t before, after; /* rows wanted before `from`, and from it on */
} browse_request;

/** Visits the rows in order, those before `from` first; a row's texts are lent for the visit. `visit` false: enough.
 *  @spec ED-115, ED-120, ED-121, ED-169 */
recto_status repo_browse(repo *repo, const browse_request *request, bool (*visit)(void *context, const browse_row *row),
                         void *context, recto_error *error);

/** The MMS IDs of the records behind one row, lowest first. On the shelf the bibs of its holdings. */
recto_status repo_browse_records(repo *repo, const browse_request *request, text key, bool (*visit)(void *context, mms_id id),
                                 void *context, recto_error *error);

/** How many of the hits of a request have each value of each facet; exact (SE-47). Values of one facet stand together, in
 *  the order of their codes. Where the request chooses values, a facet is counted within the choices of the others alone:
 *  the number beside a value is what one finds with it. `sort`, `offset` and `limit` say nothing here. */
recto_status repo_facets(repo *repo, const search_request *request,
                         bool (*visit)(void *context, search_facet facet, text value, size_t count), void *context,
                         recto_error *error);

#endif
