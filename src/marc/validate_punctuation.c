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

typedef struct mark_wanted {
    const char *what; /* the sentence; NULL: nothing is wrong */
    const char *mark; /* that ends the subfield before */
} mark_wanted;

static mark_wanted before_part(const marc_subfield *before)
{
    bool behind_number = before->code == 'n';

    if (ends_with(before->value, behind_number ? "," : "."))
        return (mark_wanted){ NULL, NULL };
    return behind_number ? (mark_wanted){ "a comma goes before $p behind $n", "," }
                         : (mark_wanted){ "a period goes before $p", "." };
}

/** What is wrong between two subfields. */
static mark_wanted between(const marc_subfield *before, const marc_subfield *subfield)
{
    const mark_wanted sound = { NULL, NULL };
    text left = before->value;

    switch (subfield->code) {
    case 'b':
        return ends_with(left, " :") || ends_with(left, " ;") || ends_with(left, " =")
                   ? sound
                   : (mark_wanted){ "a blank and a colon, semicolon or equals sign go before $b", " :" };
    case 'c':
        return ends_with(left, " /") ? sound : (mark_wanted){ "a blank and a slash go before $c", " /" };
    case 'h':
        return ends_with(left, " ") ? (mark_wanted){ "no blank goes before the bracket of $h", "" } : sound;
    case 'n':
        return ends_with(left, ".") ? sound : (mark_wanted){ "a period goes before $n", "." };
    case 'p':
        return before_part(before);
    default:
        return sound;
    }
}

/** The blanks at the end of a value, and the mark where it stands without its blank, become the mark as it should be. */
static finding_fix end_with(const marc_subfield *subfield, const char *mark)
{
    text value = subfield->value;
    size_t kept = value.length;
    const char *bare = mark[0] == ' ' ? mark + 1 : mark;

    while (kept > 0 && value.bytes[kept - 1] == ' ')
        kept--;
    if (*bare != '\0' && kept > 0 && value.bytes[kept - 1] == *bare)
        kept--;
    while (kept > 0 && value.bytes[kept - 1] == ' ')
        kept--;
    return (finding_fix){ kept > 0, subfield->offset + 2 + kept, value.length - kept, text_from(mark) };
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

static void report_mark(const validation *check, size_t index, const marc_subfield *subfield, const char *what, finding_fix fix)
{
    finding_place place = check_at_subfield(index, subfield);

    place.fix = fix;
    if (what != NULL)
        check_report(check, FINDING_PUNCTUATION, place, 0, ARGUMENTS(text_from(what)));
}

static void check_marks(const validation *check, size_t index, const marc_subfield *before, const marc_subfield *subfield)
{
    const finding_fix none = { .offered = false };
    mark_wanted wanted = { NULL, NULL };

    if (before->code != '\0')
        wanted = between(before, subfield);
    report_mark(check, index, subfield, wanted.what, wanted.mark != NULL ? end_with(before, wanted.mark) : none);
    report_mark(check, index, subfield, within(subfield), none);
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
        if (form == 'a' || form == 'i')
            check_marks(check, index, &last, &subfield);
        last = subfield;
    }
    if ((form == 'a' || form == 'i') && last.value.length > 0 && strchr(".?!", last.value.bytes[last.value.length - 1]) == NULL)
        report_mark(check, index, &last, "245 should end with a period", end_with(&last, "."));
}
