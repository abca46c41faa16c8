/* src/marc/validate_values.c - what stands in subfields: check digits of ISBN and ISSN, codes of the code lists, links
 * between a field and its 880.
 *
 * A wrong number is never corrected, but the message says which check digit would be right: mostly one digit was mistyped,
 * and the cataloger has the book in hand. */
#include "validate_check.h"

#include "recto/marc/standard_numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static finding_place at_value(size_t index, const marc_subfield *subfield)
{
    return (finding_place){ .field = index, .subfield = subfield->code, .offset = subfield->offset };
}

/* --- standard numbers --- */

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

static void check_isbn(const validation *check, size_t index, const marc_subfield *subfield)
{
    buffer key;
    bool valid = false;
    char shown[SHOWN_LENGTH];

    buffer_init(&key, 0);
    if (number_isbn_key(&key, subfield->value, &valid) && !valid) {
        text cleaned = buffer_text(&key);
        char right = right_check_digit(cleaned, number_isbn_valid);
        check_shown(shown, cleaned);
        if (right != '\0')
            check_report(check, MARC_SEVERITY_WARNING, "isbn-check-digit", at_value(index, subfield),
                         "ISBN %s: the check digit %c is wrong, %c would be right; a number printed wrong goes into $z", shown,
                         cleaned.bytes[cleaned.length - 1], right);
        else
            check_report(check, MARC_SEVERITY_WARNING, "isbn-form", at_value(index, subfield),
                         "\"%s\" (%zu characters) is no ISBN; 10, or 13 from 978 or 979, would be right", shown, cleaned.length);
    }
    buffer_release(&key);
}

static void check_issn(const validation *check, size_t index, const marc_subfield *subfield)
{
    buffer key;
    bool valid = false;
    char shown[SHOWN_LENGTH];

    buffer_init(&key, 0);
    if (text_trim(subfield->value).length == 0) {
        /* reported as an empty subfield */
    } else if (!number_issn_key(&key, subfield->value, &valid)) {
        check_report(check, MARC_SEVERITY_WARNING, "issn-form", at_value(index, subfield),
                     "\"%s\" is no ISSN; four digits, a hyphen and four would be right", check_shown(shown, subfield->value));
    } else if (!valid) {
        check_report(check, MARC_SEVERITY_WARNING, "issn-check-digit", at_value(index, subfield),
                     "ISSN %s: the check digit is wrong, %c would be right; an incorrect ISSN goes into $y",
                     check_shown(shown, subfield->value), right_check_digit(buffer_text(&key), number_issn_valid));
    }
    buffer_release(&key);
}

/* --- codes --- */

typedef struct coded_subfield {
    const char *pattern, *codes, *list, *name;
    size_t unit_length; /* 0: the whole value */
} coded_subfield;

static const coded_subfield coded[] = {
    { "040", "b", "language", "language", 0 },
    { "041", "abdefghijkmnpqrt", "language", "language", 3 }, /* old records run them together: "engfre" */
    { "044", "a", "country", "country", 0 },
    { "043", "a", "gac", "geographic area", 0 },
    { "1XX", "4", "relator", "relator", 0 },
    { "7XX", "4", "relator", "relator", 0 },
};

static text without_hyphens(text code)
{
    while (code.length > 0 && code.bytes[code.length - 1] == '-')
        code.length--;
    return code;
}

static void check_code(const validation *check, size_t index, const marc_subfield *subfield, const coded_subfield *kind,
                       text unit)
{
    const marc_code *code = marc_tables_code(check->tables, kind->list, without_hyphens(unit));
    char shown[SHOWN_LENGTH];

    if (code == NULL)
        check_report(check, MARC_SEVERITY_WARNING, "code-undefined", at_value(index, subfield),
                     "\"%s\" is not in the list of %s codes", check_shown(shown, unit), kind->name);
    else if (code->obsolete)
        check_report(check, MARC_SEVERITY_INFO, "code-obsolete", at_value(index, subfield),
                     "the %s code \"%s\" (%.*s) is discontinued", kind->name, check_shown(shown, unit), (int)code->label.length,
                     code->label.bytes);
}

static void check_codes(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield,
                        const coded_subfield *kind)
{
    text value = text_trim(subfield->value);
    bool other_source = strcmp(field->tag, "041") == 0 && marc_field_indicator(field, 2) == '7';
    bool link = strcmp(kind->list, "relator") == 0 && value.length != 3; /* a URI, or a code of another list */
    size_t unit = kind->unit_length > 0 && value.length % kind->unit_length == 0 ? kind->unit_length : value.length;

    if (other_source || link || marc_tables_list(check->tables, kind->list, &(size_t){ 0 }) == NULL)
        return;
    for (size_t at = 0; at < value.length; at += unit)
        check_code(check, index, subfield, kind, text_of(value.bytes + at, unit));
}

void check_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    if (strcmp(field->tag, "020") == 0 && subfield->code == 'a')
        check_isbn(check, index, subfield);
    if (strcmp(field->tag, "022") == 0 && (subfield->code == 'a' || subfield->code == 'l'))
        check_issn(check, index, subfield);
    for (size_t i = 0; check->tables != NULL && i < sizeof coded / sizeof *coded; i++)
        if (marc_tag_matches(field->tag, coded[i].pattern) && strchr(coded[i].codes, subfield->code) != NULL)
            check_codes(check, index, field, subfield, &coded[i]);
}

/* --- $6: a field and its 880 --- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/** "880-01/(B" -> tag 880, number 01. */
static bool parse_link(text value, char tag[static MARC_TAG_LENGTH + 1], char number[static 3])
{
    if (value.length < 6 || value.bytes[3] != '-' || !is_digit(value.bytes[4]) || !is_digit(value.bytes[5]) ||
        (value.length > 6 && value.bytes[6] != '/' && !is_digit(value.bytes[6])))
        return false;
    memcpy(tag, value.bytes, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
    memcpy(number, value.bytes + 4, 2);
    number[2] = '\0';
    return true;
}

/** @return false: the field has no $6, or one that cannot be read */
static bool link_of(const marc_field *field, field_link *out)
{
    char named[MARC_TAG_LENGTH + 1];
    text value = TEXT("");

    *out = (field_link){ .in_880 = strcmp(field->tag, "880") == 0 };
    if (!marc_field_subfield(field, '6', &value) || !parse_link(value, named, out->number))
        return false;
    memcpy(out->tag, out->in_880 ? named : field->tag, MARC_TAG_LENGTH);
    return out->in_880 || strcmp(named, "880") == 0;
}

static int by_link(const void *left, const void *right)
{
    const field_link *a = left;
    const field_link *b = right;
    int order = memcmp(a->tag, b->tag, MARC_TAG_LENGTH);

    if (order == 0)
        order = memcmp(a->number, b->number, 2);
    return order != 0 ? order : a->in_880 - b->in_880;
}

bool check_collect_links(validation *check)
{
    size_t count = marc_record_count(check->record);

    check->links = arena_calloc(check->memory, count + 1, sizeof *check->links);
    if (check->links == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const marc_field *field = marc_record_field(check->record, i);
        if (!marc_tag_is_control(field->tag) && link_of(field, &check->links[check->link_count]))
            check->link_count++;
    }
    qsort(check->links, check->link_count, sizeof *check->links, by_link);
    return true;
}

void check_link(const validation *check, size_t index, const marc_field *field)
{
    field_link link;
    text value = TEXT("");
    bool in_880 = strcmp(field->tag, "880") == 0;
    char shown[SHOWN_LENGTH];

    if (!marc_field_subfield(field, '6', &value)) {
        if (in_880)
            check_report(check, MARC_SEVERITY_WARNING, "link-missing", (finding_place){ .field = index, .subfield = '6' },
                         "880 has no $6; it names the field it belongs to, as in 245-01");
        return;
    }
    if (!link_of(field, &link)) {
        check_report(check, MARC_SEVERITY_WARNING, "link-malformed", (finding_place){ .field = index, .subfield = '6' },
                     "$6 is \"%s\"; %s would be right", check_shown(shown, value), in_880 ? "245-01" : "880-01");
        return;
    }
    if (strcmp(link.number, "00") == 0)
        return; /* an 880 that stands alone */
    link.in_880 = !link.in_880;
    if (bsearch(&link, check->links, check->link_count, sizeof link, by_link) == NULL)
        check_report(check, MARC_SEVERITY_WARNING, "link-broken", (finding_place){ .field = index, .subfield = '6' },
                     in_880 ? "no field %s has $6 880-%s; number this one %s-00 if it stands alone"
                            : "no 880 has $6 %s-%s; add it, or take this $6 away",
                     link.tag, link.number, link.tag);
}
