/* src/catalog/combine.h - what merging two records, its way back and relinking share. Private to catalog/. */
#ifndef CATALOG_COMBINE_H
#define CATALOG_COMBINE_H

#include "id_list.h"
#include "inside.h"
#include "recto/catalog/jobs.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"

/* What a row of such a job was, kept as its detail: the way back is chosen by it. */
#define PART_PRIMARY    "primary"   /* got the merged text */
#define PART_INHERITED  "inherited" /* the primary took over the secondary's network link */
#define PART_MOVED      "moved"     /* holdings, from the secondary */
#define PART_NAMED      "named"     /* a record with a $w that was mended */
#define PART_LINKED     "linked"    /* a record whose network link was turned */
#define PART_DELETED    "deleted"   /* the secondary */
#define PART_SUPPRESSED "suppressed"
#define PART_KEPT       "kept"
#define PART_MADE       "made" /* a network record that was made to share a local one */

/* A job under way, inside one transaction. */
typedef struct act {
    catalog *catalog;
    repo_job job;
    mms_id primary, secondary;
    recto_error *error;
} act;

typedef struct act_row {
    mms_id id;
    char kind;
    int before, after;
    const char *outcome, *part;
} act_row;

recto_status act_begin(act *act, const char *type, int zone, int64_t of, recto_error *error);
recto_status act_note(act *act, const act_row *row, const char *format, ...) __attribute__((format(printf, 3, 4)));
recto_status act_end(act *act, recto_status status);

/* ---- combine_moves.c */
/** Locks a record for this act unless it is ours already; *taken: to be given back with unlock_after. */
recto_status lock_for(bool *taken, catalog *catalog, mms_id id, recto_error *error);
void unlock_after(catalog *catalog, mms_id id, bool taken);

/* ---- combine_links.c */
/** Records other than the two whose $w name the secondary. */
recto_status links_naming(id_list *out, catalog *catalog, mms_id secondary, mms_id primary, recto_error *error);
/** Why such a record cannot be mended now, as a sentence; false: it can. */
bool links_refused(char *out, size_t capacity, catalog *catalog, mms_id id);
recto_status links_mend(act *act);
recto_status links_turn(act *act);

/* ---- combine_moves.c */
recto_status move_holding(act *act, mms_id id, mms_id to, int expected_version, const char *outcome);
/** All holdings of a bib. *holdings, *items: how many moved. */
recto_status move_holdings(act *act, mms_id from, mms_id to, size_t *holdings, size_t *items);

/* ---- undo_merge.c */
/** One more version of a stored record (of a deleted one, too): system fields, levels, audit. */
recto_status write_version(int *version, catalog *catalog, mms_id id, int expected, const marc_record *record, const char *origin,
                           const char *note, recto_error *error);
/** Takes back a "combine" or "relink" job as a whole, or refuses; part of catalog_job_revert. */
recto_status combine_revert(int64_t *job, catalog *catalog, int64_t id, recto_error *error);

#endif
