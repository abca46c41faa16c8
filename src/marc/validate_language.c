/* src/marc/validate_language.c - the language of 008 against that of 041, and what 041 says of translation. */
#include "validate_check.h"

#include <string.h>

enum { LANGUAGE = 35, CODE = 3 };

static bool is_language(text code)
{
    for (size_t i = 0; i < code.length; i++)
        if (code.bytes[i] < 'a' || code.bytes[i] > 'z')
            return false;
    return code.length == CODE;
}

/** What says the language of the thing itself: $a, of sound recordings $d as well. */
static bool main_language(const marc_field *field, char type, marc_subfield *out)
{
    marc_subfield subfield;
    size_t offset = 0;
    bool sung = type == 'i' || type == 'j' || type == 'g' || type == 'c' || type == 'd';

    while (marc_field_next_subfield(field, &offset, &subfield))
        if ((subfield.code == 'a' || (sung && subfield.code == 'd')) && subfield.value.length >= CODE) {
            *out = subfield;
            return true;
        }
    return false;
}

static bool names_language(const marc_field *field, text code)
{
    marc_subfield subfield;
    size_t offset = 0;

    while (marc_field_next_subfield(field, &offset, &subfield))
        for (size_t at = 0; subfield.code != '\0' && strchr("adj", subfield.code) != NULL && at + CODE <= subfield.value.length;
             at += CODE)
            if (text_equal(text_of(subfield.value.bytes + at, CODE), code))
                return true;
    return false;
}

/** "mul" in 008 stands for many languages, of which 041 names the first. */
static void check_first_language(const validation *check, size_t index, text fixed)
{
    const marc_field *field = marc_record_field(check->record, index);
    char type = marc_record_leader(check->record)[6];
    marc_subfield subfield;
    bool many = text_equal(fixed, TEXT("mul")) || text_equal(fixed, TEXT("und")) || text_equal(fixed, TEXT("zxx"));
    bool sung = type == 'i' || type == 'j' || type == 'g' || type == 'c' || type == 'd';

    if (!is_language(fixed) || many || !main_language(field, type, &subfield))
        return;
    text first = text_of(subfield.value.bytes, CODE);
    if (text_equal(first, fixed) || text_equal(first, TEXT("mul")) || !is_language(first) ||
        (sung && names_language(field, fixed)))
        return;
    check_report(check, FINDING_LANGUAGE_DIFFERS, check_at_subfield(index, &subfield), 0,
                 ARGUMENTS(text_of(&subfield.code, 1), first, fixed));
}

static bool has_subfield(const marc_field *field, char code)
{
    text value = TEXT("");

    return marc_field_subfield(field, code, &value);
}

static bool runs_together(const marc_field *field)
{
    text value = TEXT("");

    return marc_field_subfield(field, 'a', &value) && value.length > CODE;
}

/** $h is the original, $k a language in between, $n the original of a libretto: each says that something was translated. In old
 *  records the original follows in the same $a. */
static void check_translation(const validation *check, size_t index)
{
    const marc_field *field = marc_record_field(check->record, index);
    char indicator = marc_field_indicator(field, 1);
    finding_place place = { .field = index, .suffix = " ind1" };

    if (indicator == '0' && has_subfield(field, 'h')) {
        place.fix = check_fix_indicator(1, "1");
        check_report(check, FINDING_TRANSLATION_DIFFERS, place, 0, NO_ARGUMENTS);
    } else if (indicator == '1' && !runs_together(field) && !has_subfield(field, 'h') && !has_subfield(field, 'k') &&
               !has_subfield(field, 'n')) {
        check_report(check, FINDING_TRANSLATION_DIFFERS, place, 1, NO_ARGUMENTS);
    }
}

void check_languages(const validation *check)
{
    const marc_field *fixed = check_first_field(check, 8);
    bool first = true;

    for (size_t at = check_first(check, 41); at != SIZE_MAX; at = check_next(check, at)) {
        if (marc_field_indicator(marc_record_field(check->record, at), 2) != ' ')
            continue;
        if (first && fixed != NULL && fixed->content.length >= LANGUAGE + CODE)
            check_first_language(check, at, text_of(fixed->content.bytes + LANGUAGE, CODE));
        first = false;
        check_translation(check, at);
    }
}
