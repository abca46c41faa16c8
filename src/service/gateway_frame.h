/* src/service/gateway_frame.h - what a Connexion client sends, read from the bytes alone: header fields, records, faults.
 *
 * Pure: bytes come in, cut anywhere, and events go out. No socket, no clock. The protocol has no envelope and an ambiguous
 * length form; how that is read is told in gateway_frame.c. @spec gateway.md sections 2 and 3 */
#ifndef RECTO_SRC_SERVICE_GATEWAY_FRAME_H
#define RECTO_SRC_SERVICE_GATEWAY_FRAME_H

#include "recto/base/text.h"

enum {
    FRAME_VALUE_MAX = 255,    /* bytes of a value in the decimal form; 191 in the other (GW-11) */
    FRAME_HEADER_MAX = 1024,  /* GW-11 */
    FRAME_RECORD_LEAST = 26,  /* GW-21 */
    FRAME_RECORD_MOST = 99999 /* what five digits can say */
};

typedef enum frame_event {
    FRAME_MORE,   /* nothing can be said before more bytes come */
    FRAME_RECORD, /* reader->record holds one, lent until the next call */
    FRAME_FAULT,  /* reader->fault says which; the stream has lost its place and is of no more use */
    FRAME_END     /* the peer is done: NUL or end of stream behind a record, or nothing ever came */
} frame_event;

typedef enum frame_fault { FRAME_NO_RECORD, FRAME_UNREADABLE, FRAME_INCOMPLETE, FRAME_TOO_LONG } frame_fault; /* GW-33 to 36 */
typedef enum frame_form { FRAME_NO_HEADER, FRAME_ONE_BYTE, FRAME_DECIMAL } frame_form;
typedef enum frame_phase { FRAME_NOTHING, FRAME_IN_HEADER, FRAME_IN_RECORD } frame_phase; /* since the last record */

typedef struct frame_value {
    char bytes[FRAME_VALUE_MAX];
    unsigned char length;
} frame_value;

typedef struct frame_reader {
    unsigned char *bytes; /* grows with what has come, never with what a leader claims (GW-71) */
    size_t start, length, capacity;
    size_t record_limit;
    size_t scanned;   /* of the record at start, known to hold no end */
    size_t taken;     /* bytes of `record`, which go at the next call */
    size_t in_header; /* header bytes before start */
    unsigned named;   /* tags of this header, a bit each */
    bool heard;       /* anything at all */
    frame_value user, logon, password;
    frame_form form;
    size_t records; /* complete ones so far */
    text record;
    frame_fault fault;
    const char *spoke;                        /* "HTTP", "TLS", "SSH": another protocol; else NULL */
    char warning[64];                         /* of this record or its header; "" none */
    bool (*knows)(void *context, text logon); /* is it a configured institution? May be NULL */
    void *knows_context;
} frame_reader;

void frame_init(frame_reader *reader, size_t record_limit); /* allocates nothing; record_limit 0: FRAME_RECORD_MOST */
void frame_release(frame_reader *reader);                   /* wipes the password, too */

/** How many more bytes it will take: the bound of its memory. */
size_t frame_room(const frame_reader *reader);
bool frame_feed(frame_reader *reader, const void *bytes, size_t length); /* at most frame_room; false: no memory */
/** What stands there now. @param ended  no more bytes will come */
frame_event frame_next(frame_reader *reader, bool ended);
frame_phase frame_where(const frame_reader *reader);

text frame_user(const frame_reader *reader);
text frame_logon(const frame_reader *reader); /* blanks around it dropped (GW-10) */
text frame_password(const frame_reader *reader);

#endif
