/* src/marc/charset.c - MARC-8 to UTF-8 and back.
 *
 * The escape sequences and the order of marks are followed here; what a code stands for, charset_tables.c knows. Marks come
 * before their base in MARC-8 and after it in Unicode. The left half of a ligature (EB) or a double tilde (FA) becomes U+0361
 * or U+0360, which spans two letters; the right half (EC, FB) on the second is then in it already, and alone is U+FE21 or U+FE23.
 */
#include "charset_tables.h"
#include "scan.h"
#include "recto/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 0x1B, FEW_MARKS = 32, REPLACEMENT = 0xFFFD };

typedef struct marc8_decoder {
    charset_converter *converter;
    buffer *out;
    const unsigned char *in;
    size_t length, at;
    char g0, g1;                  /* the sets in use for 21-7E and A1-FE */
    int32_t few_marks[FEW_MARKS]; /* that wait for their base; nothing but mischief has more */
    int32_t *marks;               /* those, or as many as there are, of its own */
    size_t mark_count, mark_capacity;
    int32_t pair_mark; /* U+0361 or U+0360 on the last base: it spans the next one too; 0: none */
    charset_loss *loss;
} marc8_decoder;

bool charset_plain(text in)
{
    return scan_plain(in.bytes, in.length) == in.length;
}

static void count_loss(charset_loss *loss, size_t offset, int32_t code)
{
    if (loss->count++ > 0)
        return;
    loss->first_offset = offset;
    loss->first_code = code;
}

static void put(buffer *out, int32_t code)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_encode(code, bytes));
}

static void put_marks(marc8_decoder *decoder)
{
    int32_t pair_mark = 0;
    for (size_t i = 0; i < decoder->mark_count; i++) {
        int32_t mark = decoder->marks[i];
        if (decoder->pair_mark != 0 && mark == (decoder->pair_mark == 0x0361 ? 0xFE21 : 0xFE23)) {
            decoder->pair_mark = 0; /* the other end of a mark that already spans both letters; a second one is none */
            continue;
        }
        if (mark == 0x0361 || mark == 0x0360)
            pair_mark = mark;
        put(decoder->out, mark);
    }
    decoder->pair_mark = pair_mark;
    decoder->mark_count = 0;
}

static void put_base(marc8_decoder *decoder, int32_t code)
{
    put(decoder->out, code);
    put_marks(decoder);
}

static void put_loss(marc8_decoder *decoder, size_t offset, int32_t code)
{
    count_loss(decoder->loss, offset, code);
    put_base(decoder, REPLACEMENT);
}

static bool reserve_mark(marc8_decoder *decoder)
{
    if (decoder->mark_count < decoder->mark_capacity)
        return true;
    size_t capacity = decoder->mark_capacity * 2;
    int32_t *marks = realloc(decoder->marks == decoder->few_marks ? NULL : decoder->marks, capacity * sizeof *marks);
    if (marks == NULL)
        return false;
    if (decoder->marks == decoder->few_marks)
        memcpy(marks, decoder->few_marks, sizeof decoder->few_marks);
    decoder->marks = marks;
    decoder->mark_capacity = capacity;
    return true;
}

static void put_glyph(marc8_decoder *decoder, marc8_glyph glyph, size_t offset, int32_t code)
{
    if (glyph.code == 0)
        put_loss(decoder, offset, code);
    else if (!glyph.mark)
        put_base(decoder, glyph.code);
    else if (reserve_mark(decoder))
        decoder->marks[decoder->mark_count++] = glyph.code;
    else
        decoder->out->failed = true;
}

/* ESC and what follows. @return its length, 0 when it is no sequence of MARC-8. */
static size_t read_escape(marc8_decoder *decoder)
{
    const unsigned char *in = decoder->in + decoder->at + 1;
    size_t left = decoder->length - decoder->at - 1;
    size_t used = 0;
    char *slot = &decoder->g0;
    bool several = false;
    if (left >= 1 && in[0] != '\0' && strchr("gbps", in[0]) != NULL) {
        decoder->g0 = in[0] == 's' ? SET_ASCII : (char)in[0];
        return 2;
    }
    if (used < left && in[used] == '$') {
        several = true;
        used++;
    }
    if (used < left && in[used] != '\0' && strchr("(,)-", in[used]) != NULL) {
        slot = in[used] == ')' || in[used] == '-' ? &decoder->g1 : &decoder->g0;
        used++;
    } else if (!several) {
        return 0;
    }
    if (used < left && in[used] == '!')
        used++;
    if (used >= left || !charset_set_known((char)in[used]) || several != (in[used] == SET_EACC))
        return 0;
    *slot = (char)in[used];
    return used + 2;
}

static bool is_graphic(unsigned char byte)
{
    return byte >= SET_FIRST_CODE && byte <= SET_LAST_CODE;
}

/* In EACC a code has three bytes. The last one is a blank in a single code, and otherwise a blank is a blank. */
static void decode_eacc(marc8_decoder *decoder, unsigned char high)
{
    const unsigned char *in = decoder->in + decoder->at;
    size_t left = decoder->length - decoder->at;
    unsigned char triple[3] = { 0 };
    size_t count = 0;
    marc8_glyph glyph = { 0, false };
    while (count < 3 && count < left && is_graphic(in[count] ^ high)) {
        triple[count] = in[count] ^ high;
        count++;
    }
    if (count == 2 && left > 2 && in[2] == ' ') {
        triple[2] = ' ';
        count += charset_eacc_glyph(decoder->converter, triple).code != 0;
    }
    if (count == 3)
        glyph = charset_eacc_glyph(decoder->converter, triple);
    put_glyph(decoder, glyph, decoder->at, triple[0] << 16 | triple[1] << 8 | triple[2]);
    decoder->at += count;
}

static void decode_code(marc8_decoder *decoder, char set, unsigned char high)
{
    unsigned char byte = decoder->in[decoder->at];
    if (set == SET_EACC) {
        decode_eacc(decoder, high);
        return;
    }
    put_glyph(decoder, charset_glyph(decoder->converter, set, byte ^ high), decoder->at, byte);
    decoder->at++;
}

static void decode_control(marc8_decoder *decoder, unsigned char byte)
{
    size_t escape = byte == ESCAPE ? read_escape(decoder) : 0;
    int32_t code = byte < 0x80 ? byte : charset_control(byte);
    if (escape > 0) {
        decoder->at += escape;
        return;
    }
    if (byte == ESCAPE)
        count_loss(decoder->loss, decoder->at, ESCAPE); /* it stays, but means nothing */
    if (code == 0 && byte != 0)
        put_loss(decoder, decoder->at, byte);
    else
        put_base(decoder, code);
    decoder->at++;
}

/* A run of ASCII with nothing pending goes as it is. */
static bool copy_run(marc8_decoder *decoder)
{
    if (decoder->g0 != SET_ASCII || decoder->mark_count > 0 || decoder->pair_mark != 0)
        return false;
    const char *from = (const char *)decoder->in + decoder->at;
    size_t run = scan_plain(from, decoder->length - decoder->at);
    buffer_append(decoder->out, from, run);
    decoder->at += run;
    return run > 0;
}

static void decode(marc8_decoder *decoder)
{
    while (decoder->at < decoder->length) {
        if (copy_run(decoder))
            continue;
        unsigned char byte = decoder->in[decoder->at];
        if (byte == ' ') {
            put_base(decoder, byte);
            decoder->at++;
        } else if (is_graphic(byte)) {
            decode_code(decoder, decoder->g0, 0);
        } else if (byte > 0x80 && is_graphic(byte & 0x7F)) {
            decode_code(decoder, decoder->g1, 0x80);
        } else {
            decode_control(decoder, byte);
        }
    }
    put_marks(decoder);
}

recto_status charset_from_marc8(charset_converter *converter, buffer *out, text in, bool compose, charset_loss *loss,
                                recto_error *error)
{
    charset_loss unwanted = { 0 };
    buffer composed;
    buffer_init(&composed, 0);
    marc8_decoder decoder = { .converter = converter,
                              .out = compose ? &composed : out,
                              .in = (const unsigned char *)in.bytes,
                              .length = in.length,
                              .g0 = SET_ASCII,
                              .g1 = SET_ANSEL,
                              .mark_capacity = FEW_MARKS,
                              .loss = loss != NULL ? loss : &unwanted };
    decoder.marks = decoder.few_marks;
    if (charset_plain(in))
        buffer_append_text(decoder.out, in);
    else
        decode(&decoder);
    if (decoder.marks != decoder.few_marks)
        free(decoder.marks);
    if (compose)
        utf8_nfc(out, buffer_text(&composed));
    bool failed = buffer_failed(&composed) || buffer_failed(out);
    buffer_release(&composed);
    return failed ? recto_fail_memory(error, "converting MARC-8") : RECTO_OK;
}

typedef struct marc8_encoder {
    charset_converter *converter;
    buffer *out;
    char g0;
    marc8_lack lack;
    charset_loss *loss;
    unsigned char second_half; /* for the next base: EC or FB; 0: none */
} marc8_encoder;

static void designate(marc8_encoder *encoder, char set)
{
    if (encoder->g0 == set)
        return;
    bool technique_1 = set == 'g' || set == 'b' || set == 'p';
    bool leaves_technique_1 = encoder->g0 == 'g' || encoder->g0 == 'b' || encoder->g0 == 'p';
    buffer_append_char(encoder->out, ESCAPE);
    if (set == SET_ASCII && leaves_technique_1)
        buffer_append_char(encoder->out, 's');
    else if (set == SET_EACC)
        buffer_append_string(encoder->out, "$1");
    else if (technique_1)
        buffer_append_char(encoder->out, set);
    else
        buffer_append(encoder->out, (const char[]){ '(', set }, 2);
    encoder->g0 = set;
}

static void put_spelled(marc8_encoder *encoder, const marc8_spelling *spelling)
{
    buffer_append(encoder->out, (const char *)spelling->marks, spelling->mark_count);
    if (spelling->base_length == 0)
        return;
    bool blank = spelling->base[0] == ' ' && encoder->g0 != SET_EACC; /* the same in every set of one byte */
    if (spelling->set != SET_ANSEL && !blank)
        designate(encoder, spelling->set);
    buffer_append(encoder->out, (const char *)spelling->base, spelling->base_length);
}

/* A base with the marks that follow it: the marks of the base itself, the later ones, then the bare base.
 * @return bytes of `in` taken; 0 when the base has no spelling. */
static size_t encode_cluster(marc8_encoder *encoder, const char *in, size_t length, size_t base_length,
                             const marc8_spelling *base)
{
    marc8_spelling bare = *base; /* a copy: looking up marks may turn it out of the cache */
    size_t at = base_length;
    unsigned char second_half = 0;
    if (encoder->second_half != 0 && !bare.mark)
        buffer_append_char(encoder->out, (char)encoder->second_half);
    buffer_append(encoder->out, (const char *)bare.marks, bare.mark_count);
    bare.mark_count = 0;
    while (at < length && (unsigned char)in[at] >= 0x80 && !bare.mark) {
        int32_t code = 0;
        size_t used = utf8_decode(in + at, length - at, &code);
        const marc8_spelling *mark = code < 0 ? NULL : charset_spelling(encoder->converter, code);
        if (mark == NULL || mark->set == 0 || !mark->mark)
            break;
        if (code == 0x0361 || code == 0x0360)
            second_half = code == 0x0361 ? 0xEC : 0xFB;
        put_spelled(encoder, mark);
        at += used;
    }
    put_spelled(encoder, &bare);
    encoder->second_half = second_half;
    return at;
}

static recto_status lacks(marc8_encoder *encoder, int32_t code, size_t offset, recto_error *error)
{
    char where[48];
    count_loss(encoder->loss, offset, code);
    if (encoder->lack == MARC8_LACK_QUESTION || (encoder->lack == MARC8_LACK_REFERENCE && code >= 0)) {
        designate(encoder, SET_ASCII);
        if (encoder->lack == MARC8_LACK_QUESTION)
            buffer_append_char(encoder->out, '?');
        else
            buffer_append_format(encoder->out, "&#x%04X;", (unsigned)code);
        return RECTO_OK;
    }
    snprintf(where, sizeof where, "byte %zu", offset);
    if (code < 0)
        return recto_fail(error, RECTO_EDATA, where, NULL, "the text is not valid UTF-8");
    return recto_fail(error, RECTO_EDATA, where, "write UTF-8, or allow references", "MARC-8 has no character U+%04X",
                      (unsigned)code);
}

static recto_status encode_next(marc8_encoder *encoder, text in, size_t *at, recto_error *error)
{
    int32_t code = 0;
    size_t used = utf8_decode(in.bytes + *at, in.length - *at, &code);
    size_t offset = *at;
    *at += used;
    if (code == ESCAPE) /* would be read as the beginning of a change of sets */
        return lacks(encoder, code, offset, error);
    marc8_spelling plain = { .code = code, .set = SET_ASCII, .base_length = 1, .base = { (unsigned char)code } };
    const marc8_spelling *base = code >= 0 && code < 0x80 ? &plain : code < 0 ? NULL : charset_spelling(encoder->converter, code);
    if (base == NULL || base->set == 0)
        return lacks(encoder, code, offset, error);
    *at = offset + encode_cluster(encoder, in.bytes + offset, in.length - offset, used, base);
    return RECTO_OK;
}

/* A run of ASCII goes as it is, but for its last letter: marks may follow that, and come before it in MARC-8. */
static size_t encode_run(marc8_encoder *encoder, text in, size_t at)
{
    size_t run = encoder->second_half == 0 ? scan_plain(in.bytes + at, in.length - at) : 0;
    if (run > 0 && at + run < in.length)
        run--;
    if (run == 0)
        return at;
    if (in.bytes[at] != ' ' || run > 1)
        designate(encoder, SET_ASCII);
    buffer_append(encoder->out, in.bytes + at, run);
    return at + run;
}

recto_status charset_to_marc8(charset_converter *converter, buffer *out, text in, marc8_lack lack, charset_loss *loss,
                              recto_error *error)
{
    charset_loss unwanted = { 0 };
    marc8_encoder encoder = {
        .converter = converter, .out = out, .g0 = SET_ASCII, .lack = lack, .loss = loss != NULL ? loss : &unwanted
    };
    size_t start = out->length;
    recto_status status = RECTO_OK;
    for (size_t at = 0; status == RECTO_OK && (at = encode_run(&encoder, in, at)) < in.length;)
        status = encode_next(&encoder, in, &at, error);
    designate(&encoder, SET_ASCII);
    if (buffer_failed(out))
        return recto_fail_memory(error, "converting to MARC-8");
    if (status != RECTO_OK && out->bytes != NULL) {
        out->length = start;
        out->bytes[start] = '\0';
    }
    return status;
}

/* The character that a reference at the front names, none that would change what is a field or a subfield. @return its length */
static size_t read_reference(text in, int32_t *code)
{
    size_t at = 3;
    int32_t number = 0;
    if (!text_starts(in, TEXT("&#x")))
        return 0;
    for (; at < in.length && at < 9 && isxdigit((unsigned char)in.bytes[at]); at++)
        number = number * 16 + (isdigit((unsigned char)in.bytes[at]) ? in.bytes[at] - '0' : (in.bytes[at] | 0x20) - 'a' + 10);
    bool character = number >= 0x20 && number != 0x7F && number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
    *code = number;
    return at > 3 && at < in.length && in.bytes[at] == ';' && character ? at + 1 : 0;
}

bool charset_resolve_references(buffer *out, text in)
{
    size_t copied = 0;
    bool any = false;
    for (size_t at = 0; at + 4 < in.length;) {
        const char *sign = memmem(in.bytes + at, in.length - at, "&#x", 3);
        if (sign == NULL)
            break;
        int32_t code = 0;
        at = (size_t)(sign - in.bytes);
        size_t length = read_reference(text_of(sign, in.length - at), &code);
        if (length > 0) {
            buffer_append(out, in.bytes + copied, at - copied);
            put(out, code);
            copied = at + length;
            any = true;
        }
        at += length > 0 ? length : 3;
    }
    if (any)
        buffer_append(out, in.bytes + copied, in.length - copied);
    return any;
}

recto_status marc8_to_utf8(buffer *out, text in, bool compose, charset_loss *loss, recto_error *error)
{
    charset_converter *converter = NULL;
    recto_status status = charset_converter_new(&converter, error);
    if (loss != NULL)
        *loss = (charset_loss){ 0 };
    if (status == RECTO_OK)
        status = charset_from_marc8(converter, out, in, compose, loss, error);
    charset_converter_free(converter);
    return status;
}

recto_status utf8_to_marc8(buffer *out, text in, bool references, charset_loss *loss, recto_error *error)
{
    charset_converter *converter = NULL;
    recto_status status = charset_converter_new(&converter, error);
    if (loss != NULL)
        *loss = (charset_loss){ 0 };
    if (status == RECTO_OK)
        status = charset_to_marc8(converter, out, in, references ? MARC8_LACK_REFERENCE : MARC8_LACK_REFUSED, loss, error);
    charset_converter_free(converter);
    return status;
}

recto_status utf8_marc8_loss(text in, charset_loss *loss, recto_error *error)
{
    charset_converter *converter = NULL;
    buffer unwanted;
    buffer_init(&unwanted, 0);
    *loss = (charset_loss){ 0 };
    recto_status status = charset_converter_new(&converter, error);
    if (status == RECTO_OK)
        status = charset_to_marc8(converter, &unwanted, in, MARC8_LACK_QUESTION, loss, error);
    charset_converter_free(converter);
    buffer_release(&unwanted);
    return status;
}

bool marc8_has(int32_t code)
{
    charset_converter *converter = NULL;
    if (code >= 0 && code < 0x80)
        return code != ESCAPE;
    if (code < 0 || charset_converter_new(&converter, NULL) != RECTO_OK)
        return false;
    bool has = charset_spelling(converter, code)->set != 0;
    charset_converter_free(converter);
    return has;
}
