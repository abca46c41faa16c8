/* src/service/gateway_sockets.h - where the gateway listens, and who connects. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_SOCKETS_H
#define RECTO_SRC_SERVICE_GATEWAY_SOCKETS_H

#include "recto/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum { LISTENERS_MOST = 16, PEER_LENGTH = 64 };

typedef struct gateway_listeners {
    int descriptors[LISTENERS_MOST];
    size_t count;
    char address[256]; /* of all, for people: "127.0.0.1, ::1" */
    int port;          /* of the first */
    bool passed;       /* by the service manager */
} gateway_listeners;

/** Opens a socket for each address of `list` (separated by commas), or takes those that the service manager has passed
 *  (LISTEN_FDS). EINVALID, EIO as port_listen; nothing stays open then. */
recto_status gateway_listen(gateway_listeners *out, const char *list, int port, recto_error *error);
void gateway_listeners_close(gateway_listeners *listeners);

/** Can others than this machine and its private network reach `list`? Then logons cross a network in clear (GW-77). */
bool gateway_is_public(const char *list);

/** Takes one connection, nonblocking, with its options set. @return -1: none (errno) */
int gateway_accept(int listener, char peer[static PEER_LENGTH]);

#endif
