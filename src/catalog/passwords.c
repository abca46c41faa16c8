/* src/catalog/passwords.c - passwords of users: Argon2id by libsodium, never stored in clear, never shown. */
#include "inside.h"

#include <sodium.h>
#include <string.h>

enum { PASSWORD_BYTES_MIN = 8, PASSWORD_BYTES_MAX = 1024 };

static const char PUBLIC_DEFAULT[] = "alma1234"; /* RL-165 */

recto_status password_hash(buffer *out, const char *password, recto_error *error)
{
    char hash[crypto_pwhash_STRBYTES];
    const size_t length = strlen(password);
    if (sodium_init() < 0)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "no source of randomness");
    if (length < PASSWORD_BYTES_MIN || length > PASSWORD_BYTES_MAX)
        return recto_fail(error, RECTO_EINVALID, NULL, "choose a longer one", "a password has %d to %d bytes", PASSWORD_BYTES_MIN,
                          PASSWORD_BYTES_MAX);
    if (strcmp(password, PUBLIC_DEFAULT) == 0)
        return recto_fail(error, RECTO_EREFUSED, NULL, "choose one that nobody can look up",
                          "this password is printed in manuals as a default");
    if (crypto_pwhash_str_alg(hash, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return recto_fail_memory(error, "hashing a password");
    buffer_append_string(out, hash);
    sodium_memzero(hash, sizeof hash);
    return buffer_failed(out) ? recto_fail_memory(error, "hashing a password") : RECTO_OK;
}

bool password_verify(const char *hash, const char *password)
{
    char spent[crypto_pwhash_STRBYTES];
    const size_t length = strlen(password);
    if (sodium_init() < 0)
        return false;
    if (hash[0] != '\0')
        return crypto_pwhash_str_verify(hash, password, length) == 0;
    /* Nobody there: the same work, so that the time of the answer says nothing. */
    (void)!crypto_pwhash_str_alg(spent, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                                 crypto_pwhash_ALG_ARGON2ID13);
    return false;
}

recto_status catalog_password_set(catalog *catalog, const char *user, const char *password, recto_error *error)
{
    transaction change = { .repo = NULL };
    buffer hash;
    buffer_init(&hash, 0);
    recto_status status =
        strcmp(user, catalog->user) == 0 ? RECTO_OK : need_privilege(catalog, PRIVILEGE_ADMINISTER, "user.password", user, error);
    if (status == RECTO_OK)
        status = password_hash(&hash, password, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_user_set_password(catalog->repo, user, buffer_string(&hash), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "user.password", user, 0, "changed", NULL, error);
    status = transaction_end(&change, status, error);
    buffer_release(&hash);
    return status;
}
