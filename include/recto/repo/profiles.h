/* include/recto/repo/profiles.h - integration profiles as they are kept: by zone and code, every version of each.
 *
 * A part of the repository's door of its own (repo.h). Nothing here reads a profile: a type is a word, a text is bytes, a
 * password is a hash that somebody else made. A code that was deleted keeps its versions. @spec gateway.md 7, roles-admin 5 */
#ifndef RECTO_REPO_PROFILES_H
#define RECTO_REPO_PROFILES_H

#include "recto/repo/repo.h"

typedef struct repo_profile {
    int zone; /* of the institution or network that it belongs to */
    char code[64], type[24], name[120];
    bool active, has_password;
    int version; /* from 1 */
    int64_t saved_at;
    char saved_by[64];
} repo_profile;

/** All profiles of a zone, by code. @param zone  0: of all zones */
recto_status repo_profiles(repo *repo, int zone, void (*visit)(void *context, const repo_profile *profile), void *context,
                           recto_error *error);
/** One and its text (appended; `source` may be NULL). RECTO_ENOTFOUND without filling `error`: the caller knows the words. */
recto_status repo_profile_get(repo *repo, int zone, const char *code, repo_profile *out, buffer *source, recto_error *error);
/** The active ones of a type in a zone: how many (2 stands for more), the first of them, and its password's hash (appended;
 *  nothing when it has none). */
recto_status repo_profile_active(repo *repo, int zone, const char *type, repo_profile *out, buffer *hash, size_t *count,
                                 recto_error *error);
/** Stores the next version; the password stays. profile->version is filled. Needs an open transaction. */
recto_status repo_profile_put(repo *repo, repo_profile *profile, text source, recto_error *error);
/** @param hash  NULL: none. ENOTFOUND, error not filled. Needs an open transaction. */
recto_status repo_profile_set_password(repo *repo, int zone, const char *code, const char *hash, recto_error *error);
/** ENOTFOUND, error not filled. Needs an open transaction. */
recto_status repo_profile_delete(repo *repo, int zone, const char *code, const char *user, int64_t now, recto_error *error);

#endif
