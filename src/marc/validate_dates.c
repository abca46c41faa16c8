/* src/marc/validate_dates.c - the dates of 008: type of date against Date1 and Date2, and both against 260 and 264 $c. */
#include "validate_check.h"

#include <string.h>

enum { TYPE_OF_DATE = 6, DATE1 = 7, DATE2 = 11, YEAR = 4, DATES_END = DATE2 + YEAR };

/* what a date may be */
typedef enum date_form {
    BLANK,   /* "    " */
    YEARS,   /* digits and u, not blank */
    NINES,   /* "9999" */
    UNKNOWN, /* "uuuu" */
    MONTHS,  /* mmdd, or mm and blanks */
    NOT_NINES
} date_form;

typedef struct date_rule {
    char type;
    date_form first, second;
    bool ordered; /* Date1 is not later than Date2 */
    const char *wants;
} date_rule;

static const date_rule rules[] = {
    { 'b', BLANK, BLANK, false, "no dates" },
    { 'c', YEARS, NINES, false, "a first year and 9999" },
    { 'd', YEARS, NOT_NINES, true, "a first and a last year" },
    { 'e', YEARS, MONTHS, false, "a year and mmdd" },
    { 'i', YEARS, YEARS, true, "a first and a last year" },
    { 'k', YEARS, YEARS, true, "a first and a last year" },
    { 'm', YEARS, YEARS, true, "a first and a last year" },
    { 'n', UNKNOWN, UNKNOWN, false, "uuuu and uuuu" },
    { 'p', YEARS, YEARS, false, "a year of release and one of production" },
    { 'q', YEARS, YEARS, true, "the earliest and the latest year" },
    { 'r', YEARS, YEARS, false, "the year of the reprint and that of the original" },
    { 's', YEARS, BLANK, false, "one year and then blanks" },
    { 't', YEARS, YEARS, false, "a year of publication and one of copyright" },
    { 'u', YEARS, UNKNOWN, false, "a first year and uuuu" },
};

static bool all_are(text date, char wanted)
{
    for (size_t i = 0; i < date.length; i++)
        if (date.bytes[i] != wanted)
            return false;
    return true;
}

static bool has_form(text date, date_form form)
{
    if (all_are(date, '|'))
        return true;
    switch (form) {
    case BLANK:
        return all_are(date, ' ');
    case YEARS:
        return !all_are(date, ' ');
    case NINES:
        return all_are(date, '9');
    case UNKNOWN:
        return all_are(date, 'u');
    case MONTHS:
        return check_all_digits(text_of(date.bytes, 2));
    case NOT_NINES:
        break;
    }
    return !all_are(date, '9') && !all_are(date, ' ');
}

static void check_combination(const validation *check, size_t index, text content)
{
    text first = text_of(content.bytes + DATE1, YEAR);
    text second = text_of(content.bytes + DATE2, YEAR);
    finding_place place = { .field = index, .offset = TYPE_OF_DATE, .suffix = "/06" };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].type != content.bytes[TYPE_OF_DATE])
            continue;
        bool backwards =
            rules[i].ordered && check_all_digits(first) && check_all_digits(second) && text_compare(first, second) > 0;
        if (!has_form(first, rules[i].first) || !has_form(second, rules[i].second) || backwards)
            check_report(check, FINDING_DATE_COMBINATION, place, 0,
                         ARGUMENTS(text_of(content.bytes + TYPE_OF_DATE, 1), text_from(rules[i].wants), first, second));
    }
}

/** The next run of exactly four digits at or after *at. */
static bool next_year(text value, size_t *at, text *year)
{
    while (*at < value.length) {
        size_t from = *at;
        while (*at < value.length && check_is_digit(value.bytes[*at]))
            ++*at;
        if (*at - from == YEAR) {
            *year = text_of(value.bytes + from, YEAR);
            return true;
        }
        *at += *at == from;
    }
    return false;
}

/** A year of the 008 with u in it stands for each year that has other digits there. */
static bool same_year(text coded, text year)
{
    for (size_t i = 0; i < YEAR; i++)
        if (coded.bytes[i] != year.bytes[i] && coded.bytes[i] != 'u')
            return false;
    return true;
}

typedef struct year_search {
    size_t years; /* seen */
    bool agrees;
    size_t field;
    char subfield;
    size_t offset;
    text value; /* of the first $c that has a year */
} year_search;

static void search_field(const validation *check, size_t index, text dates, year_search *search)
{
    const marc_field *field = marc_record_field(check->record, index);
    marc_subfield subfield;
    size_t offset = 0;

    while (marc_field_next_subfield(field, &offset, &subfield)) {
        text year = TEXT("");
        if (subfield.code != 'c' && subfield.code != 'g')
            continue;
        for (size_t at = 0; next_year(subfield.value, &at, &year);) {
            if (search->years++ == 0) {
                search->field = index;
                search->subfield = subfield.code;
                search->offset = subfield.offset;
                search->value = subfield.value;
            }
            search->agrees = search->agrees || same_year(text_of(dates.bytes, YEAR), year) ||
                             same_year(text_of(dates.bytes + YEAR, YEAR), year);
        }
    }
}

static void check_against_imprint(const validation *check, text content)
{
    static const int tags[] = { 260, 264 };
    text dates = text_of(content.bytes + DATE1, 2 * YEAR);
    year_search search = { .years = 0 };

    if (!check_is_digit(dates.bytes[0]))
        return;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        for (size_t at = check_first(check, tags[i]); at != SIZE_MAX; at = check_next(check, at))
            search_field(check, at, dates, &search);
    if (search.years == 0 || search.agrees)
        return;
    const text first = text_of(dates.bytes, YEAR), second = text_of(dates.bytes + YEAR, YEAR);
    check_report(check, FINDING_DATE_DIFFERS,
                 (finding_place){ .field = search.field, .subfield = search.subfield, .offset = search.offset },
                 text_trim(second).length == 0, ARGUMENTS(search.value, first, second));
}

void check_dates(const validation *check)
{
    const marc_field *fixed = check_first_field(check, 8);

    if (fixed == NULL || fixed->content.length < DATES_END)
        return;
    check_combination(check, check_first(check, 8), fixed->content);
    check_against_imprint(check, fixed->content);
}
