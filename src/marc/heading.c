/* src/marc/heading.c - the comparison form of headings; the rules stand in heading.h. */
#include "recto/marc/heading.h"
#include "recto/base/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum { PARTS = 32, DIGITS = 10 };

typedef struct naco_writer {
    buffer form;
    bool gap;         /* a blank is owed before the next character */
    bool first_comma; /* the next comma stays */
    bool comma;       /* it was met, and stays when something follows */
} naco_writer;

/* What Unicode does not take apart, in capitals, and what goes without a trace. */
static const struct {
    int32_t code;
    const char *instead;
} letters[] = {
    { 0x00C6, "AE" }, { 0x00D0, "D" },  { 0x00D8, "O" },  { 0x00DE, "TH" }, { 0x0110, "D" }, { 0x0131, "I" },
    { 0x0141, "L" },  { 0x0152, "OE" }, { 0x1E9E, "SS" }, { '\'', "" },     { '[', "" },     { ']', "" },
    { 0x2018, "" },   { 0x2019, "" },   { 0x201B, "" },   { 0x05F3, "" },   { 0x05F4, "" },  { 0x0640, "" },
};

static const char *letter_instead(int32_t code)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].code == code)
            return letters[i].instead;
    return code >= 0x02B0 && code < 0x0300 ? "" : NULL; /* modifier letters: ayn, alif, soft and hard sign and the like */
}

static bool is_kept_sign(int32_t code)
{
    return code == '#' || code == '&' || code == '+' || code == '@' || code == 0x266D || code == 0x266F;
}

/* Marks of the scripts whose readers leave them out; the others tell words apart. */
static bool is_dropped_mark(int32_t code)
{
    return code < 0x0900 || (code >= 0x1AB0 && code < 0x1B00) || (code >= 0x1DC0 && code < 0x1E00) ||
           (code >= 0x20D0 && code < 0x2100) || (code >= 0xFE00 && code < 0xFE30);
}

static void put(naco_writer *to, const char *bytes, size_t length)
{
    if (to->comma) {
        buffer_append_char(&to->form, ',');
        to->comma = false;
    }
    if (to->gap && to->form.length > 0)
        buffer_append_char(&to->form, ' ');
    to->gap = false;
    buffer_append(&to->form, bytes, length);
}

static void put_code(naco_writer *to, int32_t code)
{
    char bytes[4];
    put(to, bytes, utf8_encode(code, bytes));
}

/* Digits stand in runs of ten in Unicode. */
static void put_digit(naco_writer *to, int32_t code)
{
    int32_t first = code;
    while (code - first < 5 * DIGITS && utf8proc_category(first - 1) == UTF8PROC_CATEGORY_ND)
        first--;
    put_code(to, '0' + (code - first) % DIGITS);
}

static void put_by_category(naco_writer *to, int32_t code)
{
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
        break;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        if (!is_dropped_mark(code))
            put_code(to, code);
        break;
    case UTF8PROC_CATEGORY_ND:
        put_digit(to, code);
        break;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_SC:
        put_code(to, code);
        break;
    default:
        to->gap = true;
    }
}

/* One character, taken apart already. */
static void put_part(naco_writer *to, int32_t code)
{
    int32_t capital = utf8proc_toupper(code);
    const char *instead = letter_instead(capital);
    if (instead == NULL && capital != code)
        instead = letter_instead(code);
    if (instead != NULL) {
        if (instead[0] != '\0')
            put(to, instead, strlen(instead));
    } else if (code == '\t' || code == '\n' || code == '\r') {
        to->gap = true;
    } else if (is_kept_sign(code)) {
        put_code(to, code);
    } else if (code == ',' && to->first_comma) {
        to->comma = true;
        to->first_comma = false;
        to->gap = true;
    } else {
        put_by_category(to, capital);
    }
}

static void put_character(naco_writer *to, int32_t code)
{
    utf8proc_int32_t parts[PARTS];
    int boundary = 0;
    if (code < 0) {
        to->gap = true;
        return;
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char(code, parts, PARTS, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
    if (count < 0 || count > PARTS) {
        put_part(to, code);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        put_part(to, parts[i]);
}

/* The bytes of a non-sorting piece that begins here, with its marks; 0: none begins, SIZE_MAX: it has no end. */
static size_t non_sorting_length(text rest)
{
    static const struct {
        text begin, end;
    } marks[] = {
        { { "\xC2\x98", 2 }, { "\xC2\x9C", 2 } },
        { { "\xC2\x88", 2 }, { "\xC2\x89", 2 } },
        { { "<<", 2 }, { ">>", 2 } },
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!text_starts(rest, marks[i].begin))
            continue;
        const char *end = memmem(rest.bytes + 2, rest.length - 2, marks[i].end.bytes, 2);
        return end != NULL ? (size_t)(end - rest.bytes) + 2 : SIZE_MAX;
    }
    return 0;
}

static void normalize(naco_writer *to, text heading, bool drop_non_sorting)
{
    for (size_t at = 0; at < heading.length;) {
        text rest = text_of(heading.bytes + at, heading.length - at);
        unsigned char byte = (unsigned char)rest.bytes[0];
        bool may_begin = drop_non_sorting && (byte == 0xC2 || byte == '<');
        size_t length = may_begin ? non_sorting_length(rest) : 0;
        if (length == SIZE_MAX) {
            drop_non_sorting = false; /* searched for once, not again and again in hostile text */
        } else if (length > 0) {
            at += length;
            continue;
        }
        int32_t code = 0;
        at += utf8_decode(rest.bytes, rest.length, &code);
        put_character(to, code);
    }
}

void marc_naco_normalize(buffer *out, text heading, bool first_comma)
{
    naco_writer to = { .first_comma = first_comma };
    buffer_init(&to.form, 0);
    normalize(&to, heading, true);
    if (to.form.length == 0) { /* all of it was marked: then the marks say nothing */
        to.first_comma = first_comma;
        to.comma = to.gap = false;
        normalize(&to, heading, false);
    }
    if (buffer_failed(&to.form))
        out->failed = true;
    utf8_nfc(out, buffer_text(&to.form)); /* marks that stayed, in one order */
    buffer_release(&to.form);
}

static bool belongs_to_heading(const char *tag, char code)
{
    bool meeting = tag[1] == '1' && tag[2] == '1';
    bool series = tag[0] == '8' || strcmp(tag, "440") == 0 || strcmp(tag, "490") == 0;
    switch (code) {
    case 'i':
    case 'u':
    case 'w':
        return false;
    case 'e': /* a part of a meeting; a relator of all others */
        return meeting;
    case 'j': /* a relator of a meeting */
        return !meeting;
    case 'v': /* the volume in a series, a subdivision elsewhere */
        return !series;
    case 'x': /* the ISSN, or a subdivision */
        return !series && tag[0] != '7';
    default:
        return code >= 'a' && code <= 'z';
    }
}

bool marc_naco_heading(buffer *out, const marc_field *field)
{
    marc_subfield subfield;
    size_t start = out->length;
    bool comma_is_due = true;
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        size_t before = out->length;
        if (!belongs_to_heading(field->tag, subfield.code))
            continue;
        if (before > start || subfield.code != 'a')
            buffer_append(out, (const char[]){ MARC_SUBFIELD_DELIMITER, subfield.code }, 2);
        size_t behind_code = out->length;
        marc_naco_normalize(out, subfield.value, subfield.code == 'a' && comma_is_due);
        comma_is_due = comma_is_due && subfield.code != 'a';
        if (out->length == behind_code && !buffer_failed(out) && out->length > before) {
            out->length = before; /* nothing was left of the value */
            out->bytes[before] = '\0';
        }
    }
    return out->length > start;
}
