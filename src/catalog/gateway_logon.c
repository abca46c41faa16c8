/* src/catalog/gateway_logon.c - whose record is it, and may they send it: institution, profile, address, password, rate.
 *
 * An institution's code is public, its password is not: what is wrong with the profile is said first (GW-65), what is wrong with
 * the logon is not said at all (GW-50). A password that was right is remembered for five minutes as a keyed hash, so that a batch
 * pays for Argon2id once (GW-72). */
#include "gateway_inside.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGON_MILLISECONDS = 5 * 60 * 1000, SECONDS_A_MINUTE = 60 };

void desk_profiles_free(desk_profile *profiles)
{
    while (profiles != NULL) {
        desk_profile *next = profiles->next;
        free(profiles);
        profiles = next;
    }
}

const repo_zone *gateway_institution(const catalog *catalog, text logon)
{
    for (size_t i = 0; i < catalog->zone_count; i++)
        if (catalog->zones[i].kind != ZONE_COMMUNITY && text_equal(logon, text_from(catalog->zones[i].code)))
            return &catalog->zones[i];
    return NULL;
}

/* ---- the profile, parsed once for each of its versions */

static void read_settings(desk_profile *out, catalog *catalog, const repo_profile *stored)
{
    buffer source;
    repo_profile again;
    recto_error fault = { .status = RECTO_OK };
    profile_values *values = malloc(sizeof *values);
    buffer_init(&source, PROFILE_BYTES_MAX);
    recto_status status = values == NULL ? recto_fail_memory(&fault, "reading a profile") : RECTO_OK;
    if (status == RECTO_OK)
        status = repo_profile_get(catalog->repo, stored->zone, stored->code, &again, &source, &fault);
    if (status == RECTO_OK)
        status = profile_text_parse(values, stored->code, buffer_text(&source), &fault);
    if (status == RECTO_OK)
        status = profile_settings(&out->settings, catalog, values, stored->zone, stored->code, &fault);
    out->fault = fault;
    out->fault.status = status;
    out->settings.zone = stored->zone;
    out->settings.version = stored->version;
    snprintf(out->settings.code, sizeof out->settings.code, "%s", stored->code);
    buffer_release(&source);
    free(values);
}

static desk_profile *find_kept(gateway_desk *desk, int zone)
{
    for (desk_profile *at = desk->profiles; at != NULL; at = at->next)
        if (at->settings.zone == zone)
            return at;
    desk_profile *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->settings.zone = zone;
    made->next = desk->profiles;
    desk->profiles = made;
    return made;
}

/* A fault may be gone by now, when a rule was saved that was missing: a faulty one is read for every record. */
static desk_profile *profile_now(gateway_desk *desk, const repo_profile *stored)
{
    desk_profile *kept = find_kept(desk, stored->zone);
    if (kept == NULL)
        return NULL;
    const connexion_profile *settings = &kept->settings;
    if (settings->version != stored->version || strcmp(settings->code, stored->code) != 0 || kept->fault.status != RECTO_OK)
        read_settings(kept, desk->catalog, stored);
    return kept;
}

/* ---- the password */

static void logon_digest(unsigned char out[static LOGON_DIGEST], const gateway_desk *desk, int zone, const buffer *hash,
                         text password)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, desk->key, sizeof desk->key, LOGON_DIGEST);
    (void)crypto_generichash_update(&state, (const unsigned char *)&zone, sizeof zone);
    (void)crypto_generichash_update(&state, (const unsigned char *)buffer_string(hash), hash->length + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)password.bytes, password.length);
    (void)crypto_generichash_final(&state, out, LOGON_DIGEST);
}

static bool is_remembered(const gateway_desk *desk, const unsigned char digest[static LOGON_DIGEST])
{
    const int64_t now = recto_clock_monotonic_ms();
    bool found = false;
    for (size_t i = 0; i < LOGONS_KEPT; i++)
        found |= sodium_memcmp(desk->logons[i].digest, digest, LOGON_DIGEST) == 0 && now < desk->logons[i].until;
    return found;
}

static void remember(gateway_desk *desk, const unsigned char digest[static LOGON_DIGEST])
{
    kept_logon *place = &desk->logons[desk->next_logon++ % LOGONS_KEPT];
    memcpy(place->digest, digest, LOGON_DIGEST);
    place->until = recto_clock_monotonic_ms() + LOGON_MILLISECONDS;
}

/* The stored hash goes into the digest: a new password makes what is remembered of the old one worthless at once. */
static bool password_is_right(gateway_walk *walk, const buffer *hash)
{
    unsigned char digest[LOGON_DIGEST];
    const text password = walk->request->password;
    if (password.length == 0)
        return false;
    logon_digest(digest, walk->desk, walk->institution->id, hash, password);
    if (is_remembered(walk->desk, digest))
        return true;
    const bool right = crypto_pwhash_str_verify(buffer_string(hash), password.bytes, password.length) == 0;
    if (right)
        remember(walk->desk, digest);
    return right;
}

/* ---- the steps */

static bool over_rate(gateway_walk *walk)
{
    desk_profile *profile = walk->profile;
    const int64_t minute = catalog_now(walk->desk->catalog) / SECONDS_A_MINUTE;
    if (profile->settings.rate_limit == 0)
        return false;
    if (profile->minute != minute) {
        profile->minute = minute;
        profile->received = 0;
    }
    return ++profile->received > profile->settings.rate_limit;
}

static void check_sender(gateway_walk *walk, const buffer *hash)
{
    const connexion_profile *settings = &walk->profile->settings;
    if (walk->trusted)
        return;
    if (!peers_admit(settings->peers, walk->request->peer))
        walk_refuse(walk, ANSWER_LOGON, NULL);
    else if (!password_is_right(walk, hash))
        walk_refuse(walk, ANSWER_LOGON, NULL);
    else if (over_rate(walk))
        walk_refuse(walk, ANSWER_RATE, NULL);
}

static void refuse_fault(gateway_walk *walk)
{
    const recto_error *fault = &walk->profile->fault;
    walk->keep = true;
    walk_refuse(walk,
                fault->status == RECTO_EIO || fault->status == RECTO_EBUSY || fault->status == RECTO_ENOMEM ? ANSWER_NOT_AVAILABLE
                                                                                                            : ANSWER_NOT_APPLIED,
                "%s: %s", fault->where, fault->what);
}

static void take_profile(gateway_walk *walk, const repo_profile *stored, const buffer *hash)
{
    walk->profile = profile_now(walk->desk, stored);
    if (walk->profile == NULL) {
        walk_refuse(walk, ANSWER_NOT_AVAILABLE, NULL);
        return;
    }
    check_sender(walk, hash);
    if (walk->refused)
        return;
    walk->out->permanent = walk->profile->settings.permanent;
    if (walk->profile->fault.status != RECTO_OK)
        refuse_fault(walk);
}

void walk_logon(gateway_walk *walk)
{
    repo_profile stored;
    size_t count = 0;
    buffer hash;
    const text logon = text_trim(walk->request->logon);
    if (logon.length == 0) {
        walk_refuse(walk, ANSWER_LOGON, NULL);
        return;
    }
    walk->institution = gateway_institution(walk->desk->catalog, logon);
    if (walk->institution == NULL) {
        walk_refuse(walk, ANSWER_PROFILE, NULL);
        return;
    }
    walk->row.zone = walk->institution->id;
    buffer_init(&hash, crypto_pwhash_STRBYTES);
    recto_status status = repo_profile_active(walk->desk->catalog->repo, walk->institution->id, PROFILE_CONNEXION, &stored, &hash,
                                              &count, walk->error);
    if (status != RECTO_OK)
        walk_refuse(walk, ANSWER_NOT_AVAILABLE, NULL);
    else if (count > 1)
        walk_refuse(walk, ANSWER_PROFILE, "More than one Connexion profile is active.");
    else if (count == 0 || hash.length == 0)
        walk_refuse(walk, ANSWER_PROFILE, NULL);
    else
        take_profile(walk, &stored, &hash);
    buffer_release(&hash);
}
