/* tests/support/connexion.h - a Connexion client for tests: what the desktop and the web client send, and much that they do not.
 */
#ifndef RECTO_TESTS_CONNEXION_H
#define RECTO_TESTS_CONNEXION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef enum connexion_form { CONNEXION_DESKTOP, CONNEXION_WEB } connexion_form; /* one-byte or decimal lengths */

typedef struct connexion_logon {
    connexion_form form;
    const char *user, *logon, *password; /* NULL: not sent */
    bool filler;                         /* blanks between the fields */
} connexion_logon;

size_t connexion_header(char *out, size_t capacity, const connexion_logon *logon);
int connexion_connect(const char *host, int port); /* -1: refused */
/** Sends in segments of `cut` bytes (0: whole), with a pause between them. @return false: the peer has closed */
bool connexion_send(int connection, const char *bytes, size_t length, size_t cut, int pause_ms);
/** Waits for a reply. @return its length without the NUL; -1: closed before one; -2: time is up; -3: bytes without NUL, then
 * closed */
ssize_t connexion_reply(int connection, char *out, size_t capacity, int timeout_ms);
bool connexion_is_closed(int connection, int timeout_ms); /* by the peer, with nothing more to read */
void connexion_reset(int connection);                     /* closes with a reset instead of an orderly end */
double connexion_now_ms(void);

#endif
