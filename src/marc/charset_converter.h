/* src/marc/charset_converter.h - MARC-8 conversion with its tables kept from one call to the next, for readers and writers. */
#ifndef RECTO_MARC_CHARSET_CONVERTER_H
#define RECTO_MARC_CHARSET_CONVERTER_H

#include "recto/marc/charset.h"

typedef struct charset_converter charset_converter;

recto_status charset_converter_new(charset_converter **out, recto_error *error);
void charset_converter_free(charset_converter *converter);
/** As marc8_to_utf8; the state of escapes begins anew with each call. */
recto_status charset_from_marc8(charset_converter *converter, buffer *out, text in, bool compose, charset_loss *loss,
                                recto_error *error);
/* What becomes of a character that MARC-8 lacks. */
typedef enum marc8_lack {
    MARC8_LACK_REFUSED,   /* RECTO_EDATA, and out is as it was */
    MARC8_LACK_REFERENCE, /* &#x....; */
    MARC8_LACK_QUESTION   /* ? */
} marc8_lack;
recto_status charset_to_marc8(charset_converter *converter, buffer *out, text in, marc8_lack lack, charset_loss *loss,
                              recto_error *error);
/** Appends `in` with each &#x....; as the character that it names, in UTF-8; false when there was none, and nothing appended. */
bool charset_resolve_references(buffer *out, text in);
/** Is every byte ASCII, and none the escape that begins a MARC-8 sequence? */
bool charset_plain(text in);

#endif
