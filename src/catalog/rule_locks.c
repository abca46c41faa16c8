/* src/catalog/rule_locks.c - a rule is locked while it is changed, as a record is (ED-91).
 *
 * Locks go by number, and a rule has none: its lock has one that is made of zone, language and name, in a range where no record,
 * holdings, item or template ever has one. `recto lock break` takes it as any other. */
#include "inside.h"

#include "recto/repo/rules.h"

#include <string.h>

static const uint64_t FNV_BASIS = 14695981039346656037ULL, FNV_PRIME = 1099511628211ULL;

static uint64_t mix(uint64_t sum, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (unsigned char)bytes[i]) * FNV_PRIME;
    return sum;
}

static mms_id number_of(int zone, rule_language language, const char *name)
{
    const char *word = rule_language_name(language);
    uint64_t sum = mix(FNV_BASIS, (const char *)&zone, sizeof zone);
    sum = mix(sum, word, strlen(word) + 1);
    sum = mix(sum, name, strlen(name));
    return REPO_RULE_LOCKS + (mms_id)(sum % (uint64_t)REPO_RULE_LOCKS_RANGE);
}

static recto_status refuse(const catalog *catalog, const char *name, const repo_lock *holder, recto_error *error)
{
    char sentence[160];
    lock_sentence(sentence, sizeof sentence, catalog, holder);
    return recto_fail(error, RECTO_ELOCKED, name, NULL, "%s", sentence);
}

recto_status catalog_rule_lock(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error)
{
    repo_lock holder = { .id = 0 };
    if (!catalog_may(catalog, PRIVILEGE_RULES) || catalog_is_read_only(catalog))
        return RECTO_OK;
    recto_status status = catalog_session_needed(catalog, error);
    if (status == RECTO_OK)
        status = repo_lock_take(catalog->repo, number_of(zone, language, name), catalog->user, catalog->institution,
                                catalog->session, catalog_now(catalog), &holder, error);
    return status == RECTO_ELOCKED ? refuse(catalog, name, &holder, error) : status;
}

void catalog_rule_unlock(catalog *catalog, int zone, rule_language language, const char *name)
{
    if (catalog->session[0] != '\0')
        (void)repo_lock_release(catalog->repo, number_of(zone, language, name), catalog->session, NULL);
}

recto_status rule_refuse_locked(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error)
{
    repo_lock holder;
    return lock_refuses(catalog, number_of(zone, language, name), &holder) ? refuse(catalog, name, &holder, error) : RECTO_OK;
}
