/* src/service/gateway_look.h - the look-ahead of GW-9: which reading of a header do the bytes behind it confirm? */
#ifndef RECTO_SRC_SERVICE_GATEWAY_LOOK_H
#define RECTO_SRC_SERVICE_GATEWAY_LOOK_H

#include "recto/base/text.h"

enum { LOOK_FIELDS = 4 }; /* one, and at most one of each tag behind it */

typedef enum look_result { LOOK_REFUTED, LOOK_OPEN, LOOK_CONFIRMED } look_result;

typedef struct look_field {
    unsigned char tag;
    bool decimal;
    size_t at, length; /* of the value */
} look_field;

typedef struct look_reading {
    look_field fields[LOOK_FIELDS];
    size_t count;
} look_reading;

typedef struct look_stream {
    const unsigned char *bytes;
    size_t length;
    size_t header_end; /* a field that ends beyond it is too much header (GW-11) */
    bool ended;        /* no more bytes will come */
    bool (*knows)(void *context, text logon);
    void *knows_context;
} look_stream;

bool look_is_filler(unsigned char byte); /* blank, and for Recto CR, LF, TAB */
bool look_is_tag(unsigned char byte);
unsigned look_bit(unsigned char tag);

/** Reads the field at `at`: with a one-byte length that field alone; with a decimal length the fields up to the record, or NUL,
 *  that confirms them. @param named  tags that this header has had, bits of look_bit
 *  @return OPEN: bytes are missing; REFUTED: no reading is possible (GW-34) */
look_result look_ahead(look_reading *out, const look_stream *stream, size_t at, unsigned named);

#endif
