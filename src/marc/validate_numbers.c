/* src/marc/validate_numbers.c - standard numbers in 010, 020, 022, 024 and 035: their form and their check digits.
 *
 * A wrong number is never corrected, but the finding says which check digit would be right: mostly one digit was mistyped,
 * and the cataloger has the book in hand. */
#include "validate_check.h"

#include "recto/marc/standard_numbers.h"

#include <stdio.h>
#include <string.h>

enum { CLEANED_LENGTH = 32 };

/** Without blanks and hyphens, x as X, up to a parenthesis; an empty text when that is too long to be a number. */
static text clean(char out[static CLEANED_LENGTH], text value)
{
    size_t used = 0;

    for (size_t i = 0; i < value.length && value.bytes[i] != '('; i++) {
        char byte = value.bytes[i];
        if (byte == '-' || byte == ' ')
            continue;
        if (used == CLEANED_LENGTH)
            return TEXT("");
        out[used++] = byte == 'x' ? 'X' : byte == 'm' ? 'M' : byte;
    }
    return text_of(out, used);
}

/** The check digit that would make the number right; 0: none would. */
static char right_check_digit(text cleaned, bool (*valid)(text cleaned))
{
    static const char digits[] = "0123456789X";
    char tried[16];

    if (cleaned.length == 0 || cleaned.length >= sizeof tried)
        return '\0';
    memcpy(tried, cleaned.bytes, cleaned.length);
    for (const char *digit = digits; *digit != '\0'; digit++) {
        tried[cleaned.length - 1] = *digit;
        if (valid(text_of(tried, cleaned.length)))
            return *digit;
    }
    return '\0';
}

/** The last digit of the value as it stands, taken for the check digit, becomes the right one. */
static finding_fix fix_check_digit(const marc_subfield *subfield, text cleaned, const char *right)
{
    char wrong = cleaned.bytes[cleaned.length - 1];
    size_t digits = 0;

    for (size_t i = 0; i < subfield->value.length && digits < cleaned.length; i++) {
        char byte = subfield->value.bytes[i];
        digits += byte != '-' && byte != ' ';
        if (digits == cleaned.length && (byte == wrong || (byte == 'x' && wrong == 'X')))
            return (finding_fix){ true, subfield->offset + 2 + i, 1, text_of(right, 1) };
    }
    return (finding_fix){ .offered = false };
}

/* --- ISBN --- */

static void check_isbn_form(const validation *check, size_t index, const marc_subfield *subfield, text cleaned)
{
    finding_place place = check_at_subfield(index, subfield);
    char right = right_check_digit(cleaned, number_isbn_valid);
    char number[24];

    if (right == '\0') {
        check_report(check, FINDING_ISBN_FORM, place, 0, ARGUMENTS(cleaned, check_number(number, cleaned.length)));
        return;
    }
    place.fix = fix_check_digit(subfield, cleaned, &right);
    check_report(check, FINDING_ISBN_CHECK_DIGIT, place, 0,
                 ARGUMENTS(cleaned, text_of(cleaned.bytes + cleaned.length - 1, 1), text_of(&right, 1)));
}

static void check_isbn_qualifier(const validation *check, size_t index, const marc_subfield *subfield)
{
    const char *open = memchr(subfield->value.bytes, '(', subfield->value.length);
    finding_place place = check_at_subfield(index, subfield);
    size_t at = 0;

    if (open == NULL || open == subfield->value.bytes || open[-1] == ' ')
        return;
    at = (size_t)(open - subfield->value.bytes);
    place.fix = (finding_fix){ true, subfield->offset + 2 + at, 0, TEXT(" ") };
    check_report(check, FINDING_ISBN_QUALIFIER, place, 0, ARGUMENTS(subfield->value));
}

static bool has_digit(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (check_is_digit(value.bytes[i]))
            return true;
    return false;
}

static void check_isbn(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    char bytes[CLEANED_LENGTH];
    text trimmed = text_trim(subfield->value);
    text cleaned = clean(bytes, trimmed);
    buffer key;
    bool valid = false;

    (void)field;
    if (trimmed.length == 0)
        return;
    if (number_isbn_valid(cleaned)) {
        check_isbn_qualifier(check, index, subfield);
        return;
    }
    if (!check_is_digit(trimmed.bytes[0]) && has_digit(trimmed)) {
        check_report(check, FINDING_ISBN_FORM, check_at_subfield(index, subfield), 1, ARGUMENTS(trimmed));
        return;
    }
    buffer_init(&key, 0);
    if (number_isbn_key(&key, subfield->value, &valid) && !valid)
        check_isbn_form(check, index, subfield, buffer_text(&key));
    *check->starved = *check->starved || buffer_failed(&key);
    buffer_release(&key);
}

static void check_canceled_isbn(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    char bytes[CLEANED_LENGTH];
    text cleaned = clean(bytes, subfield->value);
    text valid = TEXT("");

    if (number_isbn_valid(cleaned) && !marc_field_subfield(field, 'a', &valid))
        check_report(check, FINDING_ISBN_CANCELED_VALID, check_at_subfield(index, subfield), 0, ARGUMENTS(cleaned));
}

/* --- ISSN --- */

static void check_issn(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    finding_place place = check_at_subfield(index, subfield);
    buffer key;
    bool valid = false;

    (void)field;
    buffer_init(&key, 0);
    if (text_trim(subfield->value).length == 0) {
        /* reported as an empty subfield */
    } else if (!number_issn_key(&key, subfield->value, &valid)) {
        check_report(check, FINDING_ISSN_FORM, place, 0, ARGUMENTS(subfield->value));
    } else if (!valid) {
        char right = right_check_digit(buffer_text(&key), number_issn_valid);
        place.fix = fix_check_digit(subfield, buffer_text(&key), &right);
        check_report(check, FINDING_ISSN_CHECK_DIGIT, place, 0, ARGUMENTS(subfield->value, text_of(&right, 1)));
    }
    *check->starved = *check->starved || buffer_failed(&key);
    buffer_release(&key);
}

/* --- 024 --- */

static bool sound_isrc(text cleaned)
{
    if (cleaned.length != 12)
        return false;
    for (size_t i = 0; i < 12; i++) {
        char byte = cleaned.bytes[i];
        bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (i < 2 ? !letter : i < 5 ? !letter && !check_is_digit(byte) : !check_is_digit(byte))
            return false;
    }
    return true;
}

static void check_other_number(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    static const struct {
        char indicator;
        const char *name, *form;
        bool (*valid)(text cleaned);
    } kinds[] = {
        { '0', "ISRC", "two letters for the country, three characters, seven digits", sound_isrc },
        { '1', "UPC", "12 digits", number_upc_valid },
        { '2', "ISMN", "M and nine digits, or 13 digits from 9790", number_ismn_valid },
        { '3', "EAN", "13 digits", number_ean_valid },
    };
    char bytes[CLEANED_LENGTH];
    text cleaned = clean(bytes, text_trim(subfield->value));
    char indicator = marc_field_indicator(field, 1);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && text_trim(subfield->value).length > 0; i++) {
        finding_place place = check_at_subfield(index, subfield);
        if (kinds[i].indicator != indicator || kinds[i].valid(cleaned))
            continue;
        char right = i > 0 ? right_check_digit(cleaned, kinds[i].valid) : '\0';
        if (right != '\0') {
            place.fix = fix_check_digit(subfield, cleaned, &right);
            check_report(check, FINDING_NUMBER_CHECK_DIGIT, place, 0,
                         ARGUMENTS(text_from(kinds[i].name), subfield->value, text_of(&right, 1)));
        } else {
            check_report(check, FINDING_NUMBER_FORM, place, 0,
                         ARGUMENTS(subfield->value, text_from(kinds[i].name), text_from(kinds[i].form)));
        }
    }
}

/* --- LCCN, OCLC --- */

enum { LCCN_LENGTH = 12 };

/** "n78890351": up to three letters and eight digits, or up to two and ten. Gives it padded as 010 has it. */
static bool pad_lccn(char out[static LCCN_LENGTH], text key)
{
    size_t letters = 0;

    while (letters < key.length && key.bytes[letters] >= 'a' && key.bytes[letters] <= 'z')
        letters++;
    size_t digits = key.length - letters;
    size_t prefix = digits == 10 ? 2 : 3;
    if (!check_all_digits(text_of(key.bytes + letters, digits)) || (digits != 8 && digits != 10) || letters > prefix)
        return false;
    memset(out, ' ', LCCN_LENGTH);
    memcpy(out, key.bytes, letters);
    memcpy(out + prefix, key.bytes + letters, digits);
    return true;
}

static void check_lccn(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    finding_place place = check_at_subfield(index, subfield);
    char padded[LCCN_LENGTH];
    buffer key;

    (void)field;
    if (text_trim(subfield->value).length == 0)
        return;
    buffer_init(&key, 0);
    if (!number_lccn_key(&key, subfield->value) || !pad_lccn(padded, buffer_text(&key))) {
        check_report(check, FINDING_LCCN_FORM, place, 0,
                     ARGUMENTS(subfield->value, TEXT("up to three letters and eight digits, or up to two and ten")));
    } else if (memchr(subfield->value.bytes, '/', subfield->value.length) == NULL &&
               !text_equal(subfield->value, text_of(padded, LCCN_LENGTH)) &&
               !(padded[LCCN_LENGTH - 1] == ' ' && text_equal(subfield->value, text_of(padded, LCCN_LENGTH - 1)))) {
        place.fix = check_fix_value(subfield, text_of(padded, LCCN_LENGTH));
        check_report(check, FINDING_LCCN_PADDING, place, 0, ARGUMENTS(subfield->value, text_of(padded, LCCN_LENGTH)));
    }
    *check->starved = *check->starved || buffer_failed(&key);
    buffer_release(&key);
}

static void check_system_number(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    text value = text_trim(subfield->value);
    bool agency = value.length > 2 && value.bytes[0] == '(' && memchr(value.bytes, ')', value.length) != NULL;
    buffer key;

    (void)field;
    if (value.length == 0)
        return;
    if (!agency) {
        check_report(check, FINDING_SYSTEM_NUMBER_FORM, check_at_subfield(index, subfield), 0, ARGUMENTS(value));
        return;
    }
    if (value.length < 7 || !text_equal_ascii_case(text_of(value.bytes, 7), TEXT("(OCoLC)")))
        return;
    buffer_init(&key, 0);
    if (!number_oclc_key(&key, value))
        check_report(check, FINDING_OCLC_FORM, check_at_subfield(index, subfield), 0, ARGUMENTS(value));
    *check->starved = *check->starved || buffer_failed(&key);
    buffer_release(&key);
}

/* --- which --- */

bool check_number_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    static const struct {
        const char *tag, *codes;
        void (*check)(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield);
    } numbers[] = {
        { "010", "a", check_lccn },  { "020", "a", check_isbn },         { "020", "z", check_canceled_isbn },
        { "022", "al", check_issn }, { "024", "a", check_other_number }, { "035", "a", check_system_number },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (memcmp(field->tag, numbers[i].tag, MARC_TAG_LENGTH) == 0 && strchr(numbers[i].codes, subfield->code) != NULL) {
            numbers[i].check(check, index, field, subfield);
            return true;
        }
    return false;
}
