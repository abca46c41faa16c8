/* include/recto/repo/templates.h - texts that catalogers keep: record templates, text strings, macros; every version of each.
 *
 * A part of the repository's door of its own (repo.h). Nothing here reads such a text: a kind is a word, a text is bytes. Each
 * has a number of its zone's records, so that it can be locked and drafted as a record is (ED-91). A deleted one keeps its
 * versions; the deletion is the last of them. @spec editor.md section 11 */
#ifndef RECTO_REPO_TEMPLATES_H
#define RECTO_REPO_TEMPLATES_H

#include "recto/repo/repo.h"

typedef struct repo_template {
    mms_id id;
    int zone;
    char kind[16];  /* "template", "strings", "macros" */
    char owner[64]; /* "": shared by the zone */
    char name[120];
    int version; /* from 1 */
    bool deleted;
    int64_t saved_at;
    char saved_by[64], note[160];
} repo_template;

typedef void (*repo_template_visit)(void *context, const repo_template *info, text source);

/** The newest of each that is not deleted, by owner and name. @param owner  NULL: everybody's; "": the shared ones */
recto_status repo_templates(repo *repo, const char *kind, int zone, const char *owner, repo_template_visit visit, void *context,
                            recto_error *error);
/** One and its text (appended; may be NULL). @param version  0: the newest, a deletion too: out->deleted tells.
 *  RECTO_ENOTFOUND without filling `error`: the caller knows the words. */
recto_status repo_template_get(repo *repo, int zone, const char *kind, const char *owner, const char *name, int version,
                               repo_template *out, buffer *source, recto_error *error);
recto_status repo_template_by_id(repo *repo, mms_id id, repo_template *out, buffer *source, recto_error *error);
/** All versions, newest first, deletions among them. */
recto_status repo_template_versions(repo *repo, mms_id id, repo_template_visit visit, void *context, recto_error *error);
/** Stores the next version and gives a new one its number. Needs an open transaction. EREFUSED: the newest is not
 *  `expected_version` (0: there is none, or it is deleted); who saved it and when is said.
 *  @param info  zone, kind, owner, name, saved_at, saved_by, note; `deleted` makes it a deletion. id and version are filled */
recto_status repo_template_put(repo *repo, repo_template *info, text source, int expected_version, recto_error *error);

#endif
