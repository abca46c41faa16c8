/* src/repo/steady.c - the clock that locks and sessions age by: one that nobody can set (RL-46).
 *
 * The kernel counts seconds since the machine was started, sleep included. What is stored is that count and a constant which
 * makes it the wall clock's time of the first lock after the start; the constant stands in a setting, with the boot id that it is
 * good for. So stamps stay readable, and compare rightly when the wall clock jumps. After a restart the wall clock gives a new
 * constant. Where no such clock was given (repo_age_by) the wall clock serves alone. */
#include "store.h"
#include <stdio.h>
#include <string.h>

static const char STEADY_SETTING[] = "lock_clock"; /* "BOOT-ID CONSTANT" */

void repo_age_by(repo *repo, int64_t (*boot_seconds)(void *context), void *context)
{
    repo->boot_seconds = boot_seconds;
    repo->boot_context = context;
    repo->steady_known = false;
}

static void find_constant(repo *repo)
{
    buffer value;
    process_identity here;
    process_identity_own(&here);
    buffer_init(&value, 100);
    if (repo_setting_get(repo, 0, STEADY_SETTING, &value, NULL) == RECTO_OK) {
        text rest = buffer_text(&value);
        const text boot = text_next_field(&rest, ' ');
        repo->steady_known = text_equal(boot, text_from(here.boot)) && text_to_integer(rest, &repo->steady_constant);
    }
    buffer_release(&value);
}

int64_t steady_now(repo *repo, int64_t now)
{
    if (repo->boot_seconds == NULL)
        return now;
    const bool looked = !repo->steady_known;
    if (looked)
        find_constant(repo);
    const int64_t steady = repo->steady_known ? repo->boot_seconds(repo->boot_context) + repo->steady_constant : now;
    if (looked && repo->writing)
        repo->steady_known = false; /* it may be of this transaction, which may be taken back */
    return steady;
}

int64_t steady_shown(repo *repo, int64_t stamp, int64_t now)
{
    return stamp == 0 ? 0 : stamp + now - steady_now(repo, now);
}

recto_status steady_begin(repo *repo, int64_t now, recto_error *error)
{
    char value[80];
    process_identity here;
    if (repo->boot_seconds == NULL || repo->steady_known)
        return RECTO_OK;
    find_constant(repo);
    const bool there = repo->steady_known;
    repo->steady_known = false;
    if (there)
        return RECTO_OK;
    process_identity_own(&here);
    (void)snprintf(value, sizeof value, "%s %lld", here.boot, (long long)(now - repo->boot_seconds(repo->boot_context)));
    return store_run(repo, error, SQL_SETTING_SET, "nss", 0, STEADY_SETTING, value);
}
