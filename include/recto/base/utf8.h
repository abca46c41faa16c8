/* include/recto/base/utf8.h - Unicode text: decoding, normalization, graphemes, width, and what may reach a terminal.
 *
 * Graphemes and normalization come from utf8proc; widths from wcwidth of the C library, because that is what terminals
 * are likely to use (decisions.md, "Width"). Nothing here depends on the locale except through the `utf8` arguments. */
#ifndef RECTO_BASE_UTF8_H
#define RECTO_BASE_UTF8_H

#include "recto/base/text.h"

/** Decodes one code point. @return its length in bytes, 1 to 4; a byte that is no valid UTF-8 gives *code = -1 and 1.
 *  Overlong forms, surrogates and values above U+10FFFF are invalid. `length` must be at least 1. */
size_t utf8_decode(const char *bytes, size_t length, int32_t *code);
size_t utf8_encode(int32_t code, char out[static 4]); /* bytes written; 0 for a surrogate or above U+10FFFF */
bool utf8_valid(text bytes, size_t *first_bad);       /* first_bad may be NULL: offset of the first invalid byte */
size_t utf8_count(text bytes);                        /* code points; each invalid byte counts one */

/** Bytes of the grapheme cluster that begins at `bytes`, at least 1 (invalid bytes stand alone). */
size_t utf8_grapheme(const char *bytes, size_t length);
/** Start of the grapheme before `offset` (0 when there is none). Linear in the distance to the last ASCII letter pair. */
size_t utf8_grapheme_before(text whole, size_t offset);

void utf8_nfc(buffer *out, text in);        /* appends; invalid bytes are passed on as they are */
void utf8_nfc_folded(buffer *out, text in); /* the same, capitals as small letters; marks stay */
/** Appends the form that is compared and indexed: NFKD, marks dropped, case folded, SE-34 letters (ß=ss, æ=ae, ø=o, ı=i),
 *  every run of other characters one blank, none at the ends. Kana voicing marks and other marks that tell words apart
 *  in their scripts follow search.md. */
void utf8_index_form(buffer *out, text in);

/* What a terminal is shown for a piece of text (RL-150, RL-151). One cell run: a grapheme, or a placeholder. */
typedef struct display_unit {
    char shown[40];   /* UTF-8, safe, terminated: a cluster, "^[" or "<U+009B>" */
    size_t bytes;     /* bytes of the original consumed, at least 1 */
    int width;        /* columns, at least 1 */
    bool placeholder; /* drawn in the role text.placeholder */
} display_unit;

/** The next unit of `length` (>= 1) bytes of data. `utf8` false: the terminal has no UTF-8, and every character above
 *  U+007E becomes <U+05D0> (RL-141). */
void display_next(display_unit *out, const char *bytes, size_t length, bool utf8);
int display_width(text data, bool utf8);                /* columns of the whole text as display_next shows it */
void display_append(buffer *out, text data, bool utf8); /* appends the safe form; for messages and command output */
/** The same for records where no look tells a placeholder from the same letters typed: a typed one has its `<` doubled (RL-152).
 */
void display_append_data(buffer *out, text data, bool utf8);
bool display_seems_hidden(text data); /* does it begin with letters that a placeholder in < > consists of? */
/** Appends at most `columns` columns, the last one an ellipsis when cut ("…", "~" without UTF-8). @return columns used. */
int display_cut(buffer *out, text data, int columns, bool utf8);

#endif
