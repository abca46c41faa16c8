/* include/recto/repo/rules.h - rule texts as they are kept: by zone, language and name, every version of each.
 *
 * A part of the repository's door of its own (repo.h). Nothing here parses a rule or knows what it is for: a language is a
 * word, a text is bytes. A deleted rule keeps its versions; the deletion is the last of them. @spec roles-admin RA-93, RA-96 */
#ifndef RECTO_REPO_RULES_H
#define RECTO_REPO_RULES_H

#include "recto/repo/repo.h"

/* The numbers that locks of rules have: no record has one of them. */
static const mms_id REPO_RULE_LOCKS = 280000000000000000, REPO_RULE_LOCKS_RANGE = 10000000000000000;

typedef struct repo_rule {
    int zone;
    char language[16], name[120];
    int version; /* from 1 */
    bool deleted;
    int64_t saved_at;
    char saved_by[64], note[160];
} repo_rule;

/** The newest version of every rule of a zone that is not deleted, by language and name.
 *  @param language  NULL: all */
recto_status repo_rules(repo *repo, int zone, const char *language, void (*visit)(void *context, const repo_rule *rule),
                        void *context, recto_error *error);
/** One version and its text (appended; `source` may be NULL). @param version  0: the newest, if it is not deleted.
 *  RECTO_ENOTFOUND without filling `error`: the caller knows the words. */
recto_status repo_rule_get(repo *repo, int zone, const char *language, const char *name, int version, repo_rule *out,
                           buffer *source, recto_error *error);
/** All versions, newest first, deletions among them. */
recto_status repo_rule_versions(repo *repo, int zone, const char *language, const char *name,
                                void (*visit)(void *context, const repo_rule *rule), void *context, recto_error *error);
/** Stores the next version. Needs an open transaction. EREFUSED: the newest is not `expected_version` (0: there is none, or
 *  it is deleted); who saved it and when is said.
 *  @param rule  zone, language, name, saved_at, saved_by, note; `deleted` makes it a deletion. version is filled */
recto_status repo_rule_put(repo *repo, repo_rule *rule, text source, int expected_version, recto_error *error);

/** Visits the settings of a zone whose names begin with `prefix`, in one reading; values are lent. */
recto_status repo_settings(repo *repo, int zone, const char *prefix, void (*visit)(void *context, const char *name, text value),
                           void *context, recto_error *error);

#endif
