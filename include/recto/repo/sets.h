/* include/recto/repo/sets.h - sets of records: itemized ones keep their members, logical ones the query that finds them.
 *
 * An itemized set keeps the order of addition and never holds a member twice; a member deleted later stays and is told apart
 * (SE-67). What a query means and who may see a set is catalog/'s business. Members are bibliographic records. */
#ifndef RECTO_REPO_SETS_H
#define RECTO_REPO_SETS_H

#include "recto/repo/repo.h"

typedef struct record_set {
    int64_t number; /* 0: not stored yet */
    int zone;       /* of the institution whose set it is; names are unique in it */
    char name[80];
    search_type type; /* SE-66 */
    bool logical, is_public;
    char owner[64], note[240];
    char scope[4]; /* of a logical one: zone kind letter, or "" for all zones */
    int64_t created_at, modified_at;
    size_t members, gone; /* of an itemized one: how many, and how many of them are deleted */
} record_set;

/** Stores a new set (number 0, which is filled) or what is said about an old one. Joins an open transaction.
 *  @param query  one-line form, of a logical set.  EREFUSED: the name is taken; EINVALID: no name */
recto_status repo_set_put(repo *repo, record_set *set, text query, int64_t now, recto_error *error);
recto_status repo_set_remove(repo *repo, int64_t number, recto_error *error); /* its members stay what they are */
/** @param query  appended; may be NULL. ENOTFOUND */
recto_status repo_set_get(repo *repo, int64_t number, record_set *out, buffer *query, recto_error *error);
recto_status repo_set_named(repo *repo, int zone, const char *name, record_set *out, buffer *query, recto_error *error);
recto_status repo_sets(repo *repo, int zone, bool (*visit)(void *context, const record_set *set, text query), void *context,
                       recto_error *error); /* zone 0: of all; by name */

/** Adds members behind those it has; one that it has stays where it is. EREFUSED: a logical set, of this as of the next ones.
 *  @param added  out, may be NULL: how many were new */
recto_status repo_set_add(repo *repo, int64_t number, const mms_id *ids, size_t count, int64_t now, size_t *added,
                          recto_error *error);
recto_status repo_set_take_out(repo *repo, int64_t number, const mms_id *ids, size_t count, int64_t now, size_t *taken,
                               recto_error *error);
recto_status repo_set_members(repo *repo, int64_t number, bool (*visit)(void *context, mms_id id, bool gone), void *context,
                              recto_error *error); /* in order of addition */

typedef enum set_operation { SET_UNITE, SET_INTERSECT, SET_SUBTRACT } set_operation;
/** Changes `number` by the members of another itemized set (SE-69). */
recto_status repo_set_combine(repo *repo, int64_t number, int64_t other, set_operation operation, int64_t now,
                              recto_error *error);

/** The bibs that have an item of this barcode (SE-85), lowest first. */
recto_status repo_find_by_barcode(repo *repo, text barcode, bool (*visit)(void *context, mms_id id), void *context,
                                  recto_error *error);

#endif
