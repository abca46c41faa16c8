/* src/service/gateway_guard.h - how often an address may connect, and how often a logon may fail from it (GW-72).
 *
 * Pure but for a random key at birth: the time comes in. Tables of fixed size, whatever is sent; where a row is needed and none
 * is free, the one that was used longest ago goes. The key keeps a peer from choosing whose row that is. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_GUARD_H
#define RECTO_SRC_SERVICE_GATEWAY_GUARD_H

#include "recto/base/text.h"

typedef struct gateway_guard gateway_guard;

gateway_guard *gateway_guard_new(void); /* NULL: no memory */
void gateway_guard_free(gateway_guard *guard);

/** A connection from `peer` at `now` (milliseconds, monotonic): false when it is the one too many of this second. */
bool gateway_guard_admits(gateway_guard *guard, const char *peer, int per_second, int64_t now);
/** Has this logon failed so often from there that it is not even tried? (GW-59) */
bool gateway_guard_refuses(gateway_guard *guard, const char *peer, text logon, int64_t now);
/** An attempt was answered. @return by how many milliseconds the answer is to be delayed: 0, or 1, 2, 4 ... 30 s after five
 *  failures within ten minutes. A success forgets them. */
int gateway_guard_answered(gateway_guard *guard, const char *peer, text logon, bool failed, int64_t now);

#endif
