/* src/marc/standard_numbers.c - the one form of an identifier that search, matching and the index compare.
 *
 * Values come from records of every age: prefixes, zeros, hyphens, terms of availability in the same subfield. A number
 * is never corrected: one with a wrong check digit keeps its cleaned text and is marked invalid, so that it can be found
 * and shown, and matches only itself. Numbers are handled as digits, never as integers: OCLC's grow without limit. */
#include "recto/marc/standard_numbers.h"

#include <string.h>

enum { ISBN_10 = 10, ISBN_13 = 13, ISSN_LENGTH = 8, LCCN_SERIAL_LENGTH = 6 };

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static char upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static text skip(text from, size_t count)
{
    return text_of(from.bytes + count, from.length - count);
}

static text skip_blanks(text from)
{
    while (from.length > 0 && is_blank(from.bytes[0]))
        from = skip(from, 1);
    return from;
}

static bool starts_without_case(text whole, text beginning)
{
    return whole.length >= beginning.length && text_equal_ascii_case(text_of(whole.bytes, beginning.length), beginning);
}

static bool all_digits(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (!is_digit(value.bytes[i]))
            return false;
    return value.length > 0;
}

/* --- OCLC numbers and other system numbers --- */

/** Takes "(OCoLC)" off, blanks inside the parentheses and behind them allowed (SE-77). */
static bool take_oclc_qualifier(text *value)
{
    text rest = *value;

    if (rest.length == 0 || rest.bytes[0] != '(')
        return false;
    rest = skip_blanks(skip(rest, 1));
    if (!starts_without_case(rest, TEXT("OCoLC")))
        return false;
    rest = skip_blanks(skip(rest, 5));
    if (rest.length == 0 || rest.bytes[0] != ')')
        return false;
    *value = skip_blanks(skip(rest, 1));
    return true;
}

static text without_oclc_prefix(text value)
{
    static const text prefixes[] = { { "ocm", 3 }, { "ocn", 3 }, { "ocl", 3 }, { "on", 2 }, { "oc", 2 } };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = prefixes[i].length;
        if (value.length > length && is_digit(value.bytes[length]) && starts_without_case(value, prefixes[i]))
            return skip(value, length);
    }
    return value;
}

static bool append_oclc_digits(buffer *out, text value)
{
    text digits = without_oclc_prefix(value);

    if (!all_digits(digits))
        return false;
    while (digits.length > 0 && digits.bytes[0] == '0')
        digits = skip(digits, 1);
    if (digits.length == 0) /* zeros only: a placeholder, not a number */
        return false;
    buffer_append_text(out, digits);
    return true;
}

bool number_oclc_key(buffer *out, text value)
{
    text rest = text_trim(value);

    return take_oclc_qualifier(&rest) && append_oclc_digits(out, rest);
}

bool number_oclc_typed(buffer *out, text typed)
{
    text rest = text_trim(typed);

    (void)take_oclc_qualifier(&rest);
    return append_oclc_digits(out, rest);
}

/** Appends in lower case with each run of blanks as one. ASCII only: identifiers have no other letters. */
static void append_folded(buffer *out, text value)
{
    for (size_t i = 0; i < value.length; i++) {
        bool blank = is_blank(value.bytes[i]);
        if (blank && i > 0 && is_blank(value.bytes[i - 1]))
            continue;
        buffer_append_char(out, blank ? ' ' : lower(value.bytes[i]));
    }
}

bool number_system_key(buffer *out, text value)
{
    text rest = text_trim(value);
    text oclc = rest;
    const char *closing = NULL;

    if (rest.length == 0)
        return false;
    if (take_oclc_qualifier(&oclc)) {
        buffer_append_string(out, "(ocolc)");
        if (!append_oclc_digits(out, oclc))
            append_folded(out, oclc);
        return true;
    }
    if (rest.bytes[0] == '(')
        closing = memchr(rest.bytes, ')', rest.length);
    if (closing != NULL) { /* "(DLC)   97012345" is "(DLC)97012345" */
        size_t length = (size_t)(closing - rest.bytes) + 1;
        append_folded(out, text_of(rest.bytes, length));
        rest = skip_blanks(skip(rest, length));
    }
    append_folded(out, rest);
    return true;
}

/* --- ISBN --- */

static bool isbn_10_sum_is_right(text cleaned)
{
    int sum = 0;

    for (size_t i = 0; i < ISBN_10; i++) {
        char byte = cleaned.bytes[i];
        if (!is_digit(byte) && !(i == ISBN_10 - 1 && byte == 'X'))
            return false;
        sum += (10 - (int)i) * (byte == 'X' ? 10 : byte - '0');
    }
    return sum % 11 == 0;
}

static int isbn_13_check(const char *digits) /* of the first twelve */
{
    int sum = 0;

    for (size_t i = 0; i < ISBN_13 - 1; i++)
        sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return (10 - sum % 10) % 10;
}

bool number_isbn_valid(text cleaned)
{
    if (cleaned.length == ISBN_10)
        return isbn_10_sum_is_right(cleaned);
    return cleaned.length == ISBN_13 && all_digits(cleaned) &&
           (text_starts(cleaned, TEXT("978")) || text_starts(cleaned, TEXT("979"))) &&
           isbn_13_check(cleaned.bytes) == cleaned.bytes[ISBN_13 - 1] - '0';
}

bool number_ean_valid(text cleaned)
{
    return cleaned.length == ISBN_13 && all_digits(cleaned) && isbn_13_check(cleaned.bytes) == cleaned.bytes[ISBN_13 - 1] - '0';
}

/** Widened in front, which does not change the check digit of an EAN. */
static bool valid_behind(text prefix, text digits)
{
    char widened[ISBN_13];

    if (digits.length + prefix.length != ISBN_13)
        return false;
    memcpy(widened, prefix.bytes, prefix.length);
    memcpy(widened + prefix.length, digits.bytes, digits.length);
    return number_ean_valid(text_of(widened, ISBN_13));
}

bool number_upc_valid(text cleaned)
{
    return valid_behind(TEXT("0"), cleaned);
}

bool number_ismn_valid(text cleaned)
{
    if (cleaned.length == ISBN_10 && cleaned.bytes[0] == 'M')
        return valid_behind(TEXT("9790"), skip(cleaned, 1));
    return text_starts(cleaned, TEXT("9790")) && number_ean_valid(cleaned);
}

bool number_isbn_10_of(char out[static 11], text isbn_13)
{
    int sum = 0;

    if (isbn_13.length != ISBN_13 || !number_isbn_valid(isbn_13) || !text_starts(isbn_13, TEXT("978")))
        return false;
    memcpy(out, isbn_13.bytes + 3, ISBN_10 - 1);
    for (int i = 0; i < ISBN_10 - 1; i++)
        sum += (10 - i) * (out[i] - '0');
    sum = (11 - sum % 11) % 11;
    out[ISBN_10 - 1] = sum == 10 ? 'X' : (char)('0' + sum);
    out[ISBN_10] = '\0';
    return true;
}

/** Bytes of a hyphen or dash at the beginning, 0 for none: people paste U+2010 to U+2015 as well as "-". */
static size_t hyphen_length(text from)
{
    if (from.bytes[0] == '-')
        return 1;
    if (from.length >= 3 && memcmp(from.bytes, "\xE2\x80", 2) == 0 && (unsigned char)from.bytes[2] >= 0x90 &&
        (unsigned char)from.bytes[2] <= 0x95)
        return 3;
    return 0;
}

/** Appends without hyphens, X as a capital, up to a parenthesis or colon; blanks end the number or are passed over. */
static void append_cleaned(buffer *out, text value, bool blanks_end)
{
    while (value.length > 0) {
        size_t hyphen = hyphen_length(value);
        char byte = value.bytes[0];
        if (byte == '(' || byte == ':' || (blanks_end && is_blank(byte)))
            return;
        if (hyphen == 0 && !is_blank(byte))
            buffer_append_char(out, byte == 'x' ? 'X' : byte);
        value = skip(value, hyphen > 0 ? hyphen : 1);
    }
}

static void cut_back(buffer *out, size_t length)
{
    if (out->bytes == NULL || buffer_failed(out))
        return;
    out->length = length;
    out->bytes[length] = '\0';
}

static text appended(const buffer *out, size_t from)
{
    return out->length > from ? text_of(out->bytes + from, out->length - from) : TEXT("");
}

static void widen_isbn_10(buffer *out, size_t from)
{
    char digits[ISBN_13 + 1] = "978";

    memcpy(digits + 3, out->bytes + from, ISBN_10 - 1);
    digits[ISBN_13 - 1] = (char)('0' + isbn_13_check(digits));
    cut_back(out, from);
    buffer_append(out, digits, ISBN_13);
}

bool number_isbn_key(buffer *out, text value, bool *valid)
{
    text trimmed = text_trim(value);
    size_t from = out->length;
    bool sound = false;

    append_cleaned(out, trimmed, false); /* "978 0 306 40615 7" */
    sound = number_isbn_valid(appended(out, from));
    if (!sound) {
        cut_back(out, from);
        append_cleaned(out, trimmed, true); /* "0306406152 pbk." */
        sound = number_isbn_valid(appended(out, from));
    }
    if (sound && appended(out, from).length == ISBN_10)
        widen_isbn_10(out, from);
    if (valid != NULL)
        *valid = sound;
    return appended(out, from).length > 0;
}

/* --- ISSN, LCCN --- */

static bool issn_form(text cleaned)
{
    return cleaned.length == ISSN_LENGTH && all_digits(text_of(cleaned.bytes, ISSN_LENGTH - 1)) &&
           (is_digit(cleaned.bytes[ISSN_LENGTH - 1]) || cleaned.bytes[ISSN_LENGTH - 1] == 'X');
}

bool number_issn_valid(text cleaned)
{
    int sum = 0;

    if (!issn_form(cleaned))
        return false;
    for (int i = 0; i < ISSN_LENGTH; i++)
        sum += (ISSN_LENGTH - i) * (cleaned.bytes[i] == 'X' ? 10 : cleaned.bytes[i] - '0');
    return sum % 11 == 0;
}

bool number_issn_key(buffer *out, text value, bool *valid)
{
    text trimmed = text_trim(value);
    size_t from = out->length;

    append_cleaned(out, trimmed, false);
    if (!issn_form(appended(out, from))) { /* "0317-8471 print" */
        cut_back(out, from);
        append_cleaned(out, trimmed, true);
    }
    if (!issn_form(appended(out, from))) {
        cut_back(out, from);
        return false;
    }
    if (valid != NULL)
        *valid = number_issn_valid(appended(out, from));
    return true;
}

/** Appends up to the first slash in lower case, without blanks; stops before a hyphen. @return bytes read */
static size_t append_lccn_part(buffer *out, text value)
{
    size_t read = 0;

    for (; read < value.length && value.bytes[read] != '/' && value.bytes[read] != '-'; read++)
        if (!is_blank(value.bytes[read]))
            buffer_append_char(out, lower(value.bytes[read]));
    return read;
}

bool number_lccn_key(buffer *out, text value)
{
    text rest = text_trim(value);
    size_t from = out->length;
    size_t read = append_lccn_part(out, rest);

    rest = skip(rest, read);
    if (appended(out, from).length > 0 && rest.length > 0 && rest.bytes[0] == '-') {
        char serial[] = "000000";
        size_t hyphen = out->length;
        size_t length = 0;
        append_lccn_part(out, skip(rest, 1));
        length = appended(out, hyphen).length;
        if (length > 0 && length < LCCN_SERIAL_LENGTH && all_digits(appended(out, hyphen))) {
            memcpy(serial + LCCN_SERIAL_LENGTH - length, out->bytes + hyphen, length);
            cut_back(out, hyphen);
            buffer_append(out, serial, LCCN_SERIAL_LENGTH);
        }
    }
    return appended(out, from).length > 0;
}

/* --- the keys of a record --- */

typedef struct key_walk {
    buffer bytes;
    marc_key key;
    bool (*visit)(void *context, const marc_key *key);
    void *context;
    bool stopped;
    bool memory_short; /* a key was left out */
    bool oclc_001;     /* 003 says that 001 is OCLC's */
} key_walk;

static void offer(key_walk *walk, marc_key_kind kind, bool found)
{
    if (found && !walk->stopped && !buffer_failed(&walk->bytes)) {
        walk->key.kind = kind;
        walk->key.key = buffer_text(&walk->bytes);
        walk->stopped = !walk->visit(walk->context, &walk->key);
    }
    walk->memory_short = walk->memory_short || buffer_failed(&walk->bytes);
    buffer_clear(&walk->bytes);
    walk->key.valid = true;
}

static void offer_lccn(key_walk *walk, const marc_field *field, text value)
{
    (void)field;
    offer(walk, MARC_KEY_LCCN, number_lccn_key(&walk->bytes, value));
}

static void offer_former_oclc(key_walk *walk, const marc_field *field, text value)
{
    (void)field;
    offer(walk, MARC_KEY_OCLC, number_oclc_typed(&walk->bytes, value));
}

static void offer_isbn(key_walk *walk, const marc_field *field, text value)
{
    (void)field;
    offer(walk, MARC_KEY_ISBN, number_isbn_key(&walk->bytes, value, &walk->key.valid));
}

static void offer_issn(key_walk *walk, const marc_field *field, text value)
{
    (void)field;
    offer(walk, MARC_KEY_ISSN, number_issn_key(&walk->bytes, value, &walk->key.valid));
}

/** "7/doi/10.1000/182": first indicator, $2, the value; the first two never hold a slash. */
static void offer_other_standard(key_walk *walk, const marc_field *field, text value)
{
    char indicator = marc_field_indicator(field, 1);
    text source = TEXT("");
    text trimmed = text_trim(value);

    (void)marc_field_subfield(field, '2', &source);
    buffer_append_char(&walk->bytes, indicator == ' ' ? '#' : lower(indicator));
    buffer_append_char(&walk->bytes, '/');
    append_folded(&walk->bytes, text_trim(source));
    buffer_append_char(&walk->bytes, '/');
    append_folded(&walk->bytes, trimmed);
    offer(walk, MARC_KEY_OTHER_STANDARD, trimmed.length > 0);
}

static void offer_publisher_number(key_walk *walk, const marc_field *field, text value)
{
    text trimmed = text_trim(value);

    (void)field;
    append_folded(&walk->bytes, trimmed);
    offer(walk, MARC_KEY_PUBLISHER_NUMBER, trimmed.length > 0);
}

static void offer_coden(key_walk *walk, const marc_field *field, text value)
{
    text trimmed = text_trim(value);

    (void)field;
    for (size_t i = 0; i < trimmed.length; i++)
        buffer_append_char(&walk->bytes, upper(trimmed.bytes[i]));
    offer(walk, MARC_KEY_CODEN, trimmed.length > 0);
}

static void offer_system_number(key_walk *walk, const marc_field *field, text value)
{
    (void)field;
    offer(walk, MARC_KEY_OCLC, number_oclc_key(&walk->bytes, value));
    offer(walk, MARC_KEY_SYSTEM, number_system_key(&walk->bytes, value));
}

typedef struct key_source {
    const char *tag, *codes;
    void (*offer)(key_walk *walk, const marc_field *field, text value);
} key_source;

static const key_source key_sources[] = {
    { "010", "az", offer_lccn },    { "019", "a", offer_former_oclc },     { "020", "az", offer_isbn },
    { "022", "almyz", offer_issn }, { "024", "az", offer_other_standard }, { "028", "a", offer_publisher_number },
    { "030", "az", offer_coden },   { "035", "az", offer_system_number },
};

static const key_source *key_source_of(const char *tag)
{
    if (tag[0] != '0') /* most fields */
        return NULL;
    for (size_t i = 0; i < sizeof key_sources / sizeof *key_sources; i++)
        if (strcmp(key_sources[i].tag, tag) == 0)
            return &key_sources[i];
    return NULL;
}

static void walk_field(key_walk *walk, const marc_field *field)
{
    const key_source *source = key_source_of(field->tag);
    marc_subfield subfield;
    size_t offset = 0;

    memcpy(walk->key.tag, field->tag, sizeof walk->key.tag);
    if (walk->oclc_001 && strcmp(field->tag, "001") == 0) {
        walk->key.subfield = ' ';
        walk->key.value = text_trim(field->content);
        offer(walk, MARC_KEY_OCLC, number_oclc_typed(&walk->bytes, field->content));
    }
    if (source == NULL)
        return;
    while (!walk->stopped && marc_field_next_subfield(field, &offset, &subfield)) {
        if (subfield.code == '\0' || strchr(source->codes, subfield.code) == NULL)
            continue;
        walk->key.subfield = subfield.code;
        walk->key.value = text_trim(subfield.value);
        source->offer(walk, field, subfield.value);
    }
}

bool marc_record_keys(const marc_record *record, bool (*visit)(void *context, const marc_key *key), void *context)
{
    key_walk walk = { .key = { .valid = true }, .visit = visit, .context = context };
    size_t count = marc_record_count(record);

    buffer_init(&walk.bytes, 0);
    walk.oclc_001 = text_equal_ascii_case(text_trim(marc_record_control(record, "003")), TEXT("OCoLC"));
    for (size_t i = 0; i < count && !walk.stopped; i++)
        walk_field(&walk, marc_record_field(record, i));
    buffer_release(&walk.bytes);
    return !walk.memory_short;
}
