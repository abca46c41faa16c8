/* src/marc/validate_values.c - codes of the code lists in subfields, terms beside their codes, and sources that $2 must
 * name. */
#include "validate_check.h"

#include <string.h>

typedef struct coded_subfield {
    const char *pattern, *codes, *list, *name;
    size_t length;     /* of a code; 0: any */
    bool run_together; /* old records run them together: "engfre" */
    bool reviewed;     /* a value of another length is a link or another list's, and passed over */
} coded_subfield;

static const coded_subfield coded[] = {
    { "040", "b", "language", "language", 3, false, false },
    { "041", "abdefghijkmnpqrt", "language", "language", 3, true, false },
    { "044", "a", "country", "country", 0, false, false },
    { "043", "a", "gac", "geographic area", 7, false, false },
    { "1XX", "4", "relator", "relator", 3, false, true },
    { "7XX", "4", "relator", "relator", 3, false, true },
    { "336", "b", "content", "content type", 0, false, false },
    { "337", "b", "media", "media type", 0, false, false },
    { "338", "b", "carrier", "carrier type", 0, false, false },
};

static text without_hyphens(text code)
{
    while (code.length > 0 && code.bytes[code.length - 1] == '-')
        code.length--;
    return code;
}

static void report_unknown(const validation *check, finding_place place, const marc_subfield *subfield,
                           const coded_subfield *kind, text unit)
{
    size_t count = 0;
    const marc_code *codes = marc_tables_list(check->tables, kind->list, &count);
    text nearest = check_nearest_code(codes, count, without_hyphens(unit));

    if (nearest.length > 0 && unit.length == nearest.length)
        place.fix =
            (finding_fix){ true, subfield->offset + 2 + (size_t)(unit.bytes - subfield->value.bytes), unit.length, nearest };
    check_report(check, FINDING_CODE_UNDEFINED, place, nearest.length > 0, ARGUMENTS(unit, text_from(kind->name), nearest));
}

static void check_code(const validation *check, size_t index, const marc_subfield *subfield, const coded_subfield *kind,
                       text unit)
{
    const marc_code *code = marc_tables_code(check->tables, kind->list, without_hyphens(unit));
    finding_place place = check_at_subfield(index, subfield);

    if (code == NULL) {
        report_unknown(check, place, subfield, kind, unit);
    } else if (code->obsolete) {
        if (code->instead.length == unit.length)
            place.fix = (finding_fix){ true, subfield->offset + 2 + (size_t)(unit.bytes - subfield->value.bytes), unit.length,
                                       code->instead };
        check_report(check, FINDING_CODE_OBSOLETE, place, code->instead.length > 0,
                     ARGUMENTS(text_from(kind->name), unit, code->label, code->instead));
    }
}

/** A code of the wrong length; for geographic areas the hyphens at the end are part of it. */
static bool check_length(const validation *check, size_t index, const marc_subfield *subfield, const coded_subfield *kind,
                         text value)
{
    finding_place place = check_at_subfield(index, subfield);
    char padded[8] = "-------";
    char is[24];
    char wanted[24];

    if (kind->length == 0 || value.length == kind->length || (kind->run_together && value.length % kind->length == 0))
        return true;
    if (value.length < kind->length && kind->length == 7) {
        memcpy(padded, value.bytes, value.length);
        if (marc_tables_code(check->tables, kind->list, without_hyphens(value)) != NULL)
            place.fix = check_fix_value(subfield, text_of(padded, 7));
    }
    check_report(check, FINDING_CODE_LENGTH, place, 0,
                 ARGUMENTS(value, check_number(is, value.length), text_from(kind->name), check_number(wanted, kind->length)));
    return false;
}

static bool has_list(const validation *check, const char *list)
{
    size_t count = 0;

    return check->tables != NULL && marc_tables_list(check->tables, list, &count) != NULL;
}

static void check_codes(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield,
                        const coded_subfield *kind)
{
    text value = text_trim(subfield->value);
    bool other_source = memcmp(field->tag, "041", 3) == 0 && marc_field_indicator(field, 2) == '7';
    text source = TEXT("");

    if (value.length == 0 || other_source || !has_list(check, kind->list) || (kind->reviewed && value.length != kind->length))
        return;
    if (field->tag[0] == '3' && marc_field_subfield(field, '2', &source) && !text_starts(text_trim(source), TEXT("rda")))
        return; /* another vocabulary */
    if (!check_length(check, index, subfield, kind, value))
        return;
    size_t unit = kind->run_together ? kind->length : value.length;
    for (size_t at = 0; at < value.length; at += unit)
        check_code(check, index, subfield, kind, text_of(value.bytes + at, unit));
}

void check_value(const validation *check, size_t index, const marc_field *field, const marc_subfield *subfield)
{
    if (field->tag[0] == '0' && check_number_value(check, index, field, subfield))
        return;
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        if (field->tag[0] == coded[i].pattern[0] && marc_tag_matches(field->tag, coded[i].pattern) &&
            strchr(coded[i].codes, subfield->code) != NULL)
            check_codes(check, index, field, subfield, &coded[i]);
}

/* --- $2 --- */

/** The indicator whose value 7 means that $2 names the source; 0: none. */
static int source_indicator(const marc_field_definition *definition)
{
    for (int which = 1; which <= 2; which++) {
        const marc_code *seven = marc_definition_indicator(definition, which, '7');
        if (seven != NULL && seven->label.length >= 2 && memmem(seven->label.bytes, seven->label.length, "$2", 2) != NULL)
            return which;
    }
    return 0;
}

void check_source(const validation *check, size_t index, const marc_field *field, const marc_field_definition *definition)
{
    int which = source_indicator(definition);
    char value = which > 0 ? marc_field_indicator(field, which) : '\0';
    text said = which == 1 ? TEXT("1") : TEXT("2");
    text source = TEXT("");
    finding_place place = { .field = index, .subfield = '2' };
    char marked = value == ' ' ? '#' : value;

    if (which == 0)
        return;
    bool named = marc_field_subfield(field, '2', &source);
    if (value == '7' && !named)
        check_report(check, FINDING_SOURCE_MISSING, place, 0, ARGUMENTS(said));
    if (value == '7' || !named || field->tag[0] != '6' || marc_definition_indicator(definition, which, value) == NULL)
        return;
    if (value == '4' || (value == ' ' && check->family == MARC_BIBLIOGRAPHIC && memcmp(field->tag, "653", 3) != 0))
        place.fix = check_fix_indicator(which, "7");
    place.offset = (size_t)(source.bytes - field->content.bytes) - 2;
    check_report(check, FINDING_SOURCE_UNASKED, place, 0, ARGUMENTS(said, text_of(&marked, 1)));
}
