/* src/marc/validate_punctuation.c - ISBD punctuation of 245, where leader/18 says that the record has it.
 *
 * Information only: since 2019 many libraries leave the final period out, and a transcribed title has its own marks. */
#include "validate_check.h"

#include <string.h>

static bool ends_with(text value, const char *end)
{
    size_t length = strlen(end);

    return value.length >= length && memcmp(value.bytes + value.length - length, end, length) == 0;
}

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/** "J. R. Smith": a letter, a period, a blank, a letter and a period, at the beginning of words */
static bool has_spaced_initials(text value)
{
    for (size_t i = 0; i + 5 <= value.length; i++) {
        const char *at = value.bytes + i;
        bool begins = i == 0 || at[-1] == ' ' || at[-1] == '.';
        if (begins && is_letter(at[0]) && at[1] == '.' && at[2] == ' ' && is_letter(at[3]) && at[4] == '.')
            return true;
    }
    return false;
}

/** What is wrong between two subfields; NULL: nothing. */
static const char *between(const marc_subfield *before, const marc_subfield *subfield)
{
    text left = before->value;

    switch (subfield->code) {
    case 'b':
        return ends_with(left, " :") || ends_with(left, " ;") || ends_with(left, " =")
                   ? NULL
                   : "a blank and a colon, semicolon or equals sign go before $b";
    case 'c':
        return ends_with(left, " /") ? NULL : "a blank and a slash go before $c";
    case 'h':
        return ends_with(left, " ") ? "no blank goes before the bracket of $h" : NULL;
    case 'n':
        return ends_with(left, ".") ? NULL : "a period goes before $n";
    case 'p':
        if (before->code == 'n')
            return ends_with(left, ",") ? NULL : "a comma goes before $p behind $n";
        return ends_with(left, ".") ? NULL : "a period goes before $p";
    default:
        return NULL;
    }
}

static const char *within(const marc_subfield *subfield)
{
    text value = subfield->value;

    if (subfield->code == 'h' && (value.length == 0 || value.bytes[0] != '[' || memchr(value.bytes, ']', value.length) == NULL))
        return "$h stands in square brackets";
    if (subfield->code == 'c' && has_spaced_initials(value))
        return "no blank goes between initials in $c";
    return NULL;
}

static void report_mark(const validation *check, size_t index, const marc_subfield *subfield, const char *what)
{
    if (what != NULL)
        check_report(check, FINDING_PUNCTUATION, check_at_subfield(index, subfield), 0, ARGUMENTS(text_from(what)));
}

static bool is_descriptive(char code)
{
    return code >= 'a' && code <= 'z';
}

void check_punctuation(const validation *check, size_t index)
{
    const marc_field *field = marc_record_field(check->record, index);
    char form = marc_record_leader(check->record)[18];
    marc_subfield subfield;
    marc_subfield last = { .code = '\0' };
    size_t offset = 0;
    text title = TEXT("");
    bool titled = marc_field_subfield(field, 'a', &title);

    while (marc_field_next_subfield(field, &offset, &subfield)) {
        if (!is_descriptive(subfield.code))
            continue;
        if (titled && last.code == '\0' && subfield.code != 'a')
            check_report(check, FINDING_SUBFIELD_ORDER, check_at_subfield(index, &subfield), 0, ARGUMENTS(TEXT("a")));
        if (form == 'a' || form == 'i') {
            report_mark(check, index, &subfield, last.code != '\0' ? between(&last, &subfield) : NULL);
            report_mark(check, index, &subfield, within(&subfield));
        }
        last = subfield;
    }
    if ((form == 'a' || form == 'i') && last.value.length > 0 && strchr(".?!", last.value.bytes[last.value.length - 1]) == NULL)
        report_mark(check, index, &last, "245 ends with a period");
}
