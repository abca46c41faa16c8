/* include/recto/marc/charset.h - MARC-8 and UTF-8.
 *
 * MARC-8 (ANSEL, Greek, Cyrillic, Hebrew, Arabic, EACC, super- and subscripts) both ways. Nothing is dropped in silence:
 * what has no counterpart is counted, and stands as U+FFFD (to UTF-8) or is refused (to MARC-8) unless references are asked
 * for. Ligature and double tilde halves become U+0361 and U+0360 on the base pair and are halved again on the way back
 * (decisions.md 9). Results are NFC only where `compose` is asked for. */
#ifndef RECTO_MARC_CHARSET_H
#define RECTO_MARC_CHARSET_H

#include "recto/base/error.h"
#include "recto/base/text.h"

typedef struct charset_loss {
    size_t count;        /* characters without a counterpart */
    size_t first_offset; /* of the first one, in the input */
    int32_t first_code;  /* code point (from UTF-8) or code value (from MARC-8) */
} charset_loss;

/** Appends `in` as UTF-8. `loss` may be NULL. RECTO_ENOMEM only. */
recto_status marc8_to_utf8(buffer *out, text in, bool compose, charset_loss *loss, recto_error *error);
/** Appends `in` as MARC-8. With `references` characters without counterpart become &#x....; otherwise RECTO_EDATA at the
 *  first of them, and out is as it was. */
recto_status utf8_to_marc8(buffer *out, text in, bool references, charset_loss *loss, recto_error *error);
/** What utf8_to_marc8 would find lacking, told before anything is written. RECTO_ENOMEM only. */
recto_status utf8_marc8_loss(text in, charset_loss *loss, recto_error *error);
bool marc8_has(int32_t code); /* can this code point be written in MARC-8? for the status line (ED, characters) */

#endif
