/* src/z3950/relay.h - stands between a target and YAZ: every byte is counted and looked at before YAZ reads it. */
#ifndef RECTO_SRC_Z3950_RELAY_H
#define RECTO_SRC_Z3950_RELAY_H

#include "recto/base/error.h"
#include "recto/base/text.h"
#include <yaz/zoom.h>

typedef struct relay relay;

typedef enum relay_verdict { RELAY_OK, RELAY_TOO_MUCH, RELAY_NOT_THE_PROTOCOL } relay_verdict;

/** Takes over the connection's socket as soon as it is connected; does nothing before, or when it has been done.
 *  @param place  NULL at first; the relay belongs to the caller. @return false: no memory or descriptors */
bool relay_attach(relay **place, ZOOM_connection connection, bool z3950);
void relay_free(relay *relay);
int relay_descriptor(const relay *relay); /* to poll, always for reading */
bool relay_has_more(const relay *relay);  /* and for writing */
bool relay_ended(const relay *relay);     /* the target has closed its end */
void relay_ask(relay *relay);             /* a question follows: the count of its answer begins at 0 */
void relay_send(relay *relay);            /* what YAZ has written goes to the target */
/** A piece of what the target sent goes to YAZ: small enough that YAZ is done with it in a moment.
 *  @param opening  the session is not open yet: an Init response may come */
relay_verdict relay_receive(relay *relay, size_t answer_limit, bool opening);

#endif
