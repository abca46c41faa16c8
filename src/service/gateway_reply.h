/* src/service/gateway_reply.h - the words of the wire itself, and the form in which every reply leaves. Pure. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_REPLY_H
#define RECTO_SRC_SERVICE_GATEWAY_REPLY_H

#include "gateway_frame.h"

typedef struct gateway_words {
    const char *code; /* for the log: "incomplete" */
    const char *line; /* the reply's first line (gateway.md sections 4 and 6) */
} gateway_words;

gateway_words gateway_fault_words(frame_fault fault); /* GW-33 to GW-36 */
gateway_words gateway_busy_words(void);               /* GW-57 */
gateway_words gateway_rate_words(void);               /* GW-59 */

/** Appends `words` as ASCII without control characters but LF, at most 1,022 bytes, and then LF NUL: exactly one NUL a reply
 *  (GW-30, GW-31). Empty words become those of GW-57: there is always a reply (GW-39). */
void gateway_reply_append(buffer *out, const char *words);

#endif
