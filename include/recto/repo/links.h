/* include/recto/repo/links.h - what hangs on a record or names it, and turning that to another record.
 *
 * A part of the repository's door of its own (repo.h); merging two records is made of these steps. All that change something
 * join the open transaction or are one of their own. @spec match-merge 5.4, inventory-orders section 8 */
#ifndef RECTO_REPO_LINKS_H
#define RECTO_REPO_LINKS_H

#include "recto/repo/repo.h"

/** Hangs a holdings record with its items on another bib of the same zone. Numbers stay; the record gets a new version, and the
 *  inventory of both bibs is counted again. EREFUSED: not `expected_version`; ENOTFOUND: no such holdings, or bib.
 *  @param record  the holdings record as it is from now on: its 004 is catalog/'s business */
recto_status repo_holding_move(repo *repo, mms_id id, mms_id to, const marc_record *record, int expected_version,
                               const char *user, int64_t now, recto_error *error);

/** Records not deleted, of any zone, with a $w that is this MMS ID: "99...", or "(PREFIX)99...". By MMS ID. What a visitor reads
 * is of the same state; he does not write. */
recto_status repo_bibs_naming(repo *repo, mms_id id, bool (*visit)(void *context, mms_id id), void *context, recto_error *error);
/** The MMS ID that a $w gives, without its prefix; *prefix is what stands in parentheses, or empty. False: none. */
bool repo_link_number(mms_id *out, text *prefix, text value);

/** Records not deleted, of any zone, that are linked to this one (bib_info.linked_to). By MMS ID. */
recto_status repo_bibs_linked(repo *repo, mms_id to, bool (*visit)(void *context, mms_id id), void *context, recto_error *error);
/** Sets or (0) ends the link of a record; no version is made. */
recto_status repo_bib_set_link(repo *repo, mms_id id, mms_id to, recto_error *error);

/** Remembers of a deleted record into which it was merged (0: none): a search for its number then finds that one. A later
 *  save of the record forgets it. */
recto_status repo_bib_set_survivor(repo *repo, mms_id id, mms_id survivor, recto_error *error);
/** Where a record that was merged away lives on, through all merges since; *out 0: it was not merged away. */
recto_status repo_bib_survivor(repo *repo, mms_id id, mms_id *out, recto_error *error);

/** Somebody looked at two records and decided that they are not the same, and why; order does not matter. */
recto_status repo_apart_put(repo *repo, mms_id one, mms_id other, const char *reason, const char *user, int64_t now,
                            recto_error *error);
recto_status repo_apart(repo *repo, mms_id one, mms_id other, bool *out, recto_error *error);

#endif
