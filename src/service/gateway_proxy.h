/* src/service/gateway_proxy.h - the line by which a proxy in front (stunnel, a load balancer) tells the true peer. Pure.
 *
 * PROXY protocol, version 1: "PROXY TCP4 192.0.2.7 10.0.0.1 51034 5500" CR LF. Believed only from configured addresses: anyone
 * could write it (GW-77). */
#ifndef RECTO_SRC_SERVICE_GATEWAY_PROXY_H
#define RECTO_SRC_SERVICE_GATEWAY_PROXY_H

#include "recto/base/text.h"

enum { PROXY_LINE_MOST = 107, PROXY_ADDRESS = 64 }; /* the protocol's own limit for a line */

typedef enum proxy_result { PROXY_MORE, PROXY_DONE, PROXY_BAD } proxy_result;

/** Reads the line at the beginning of `bytes`. DONE: *used bytes belong to it, and `peer` holds the address that it names
 *  (left alone with UNKNOWN). BAD: there is no such line. */
proxy_result proxy_read(char peer[static PROXY_ADDRESS], size_t *used, text bytes);

/** Is `peer` one of `list`: addresses separated by commas or blanks? */
bool proxy_trusted(const char *list, const char *peer);

#endif
