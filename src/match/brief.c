/* src/match/brief.c - is a record a serial, how full is it, and is it older than what is stored? @spec match-merge.md 1, 6, 7 */
#include "recto/match/match.h"

#include <string.h>

bool match_is_serial(const marc_record *record)
{
    char level = marc_record_leader(record)[7];

    return level == 'b' || level == 'i' || level == 's';
}

int match_brief_level(const marc_record *record)
{
    static const struct {
        int level;
        const char *encoding_levels;
    } table[] = {
        { 10, " 1IL" }, { 7, "24M" }, { 5, "7K" }, { 4, "8" }, { 3, "3" }, { 2, "5" },
    };
    char encoding_level = marc_record_leader(record)[17];

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (encoding_level != '\0' && strchr(table[i].encoding_levels, encoding_level) != NULL)
            return table[i].level;
    return 1;
}

bool match_is_briefer(const marc_record *incoming, const marc_record *existing)
{
    return match_brief_level(incoming) < match_brief_level(existing);
}

enum { STAMP_LENGTH = 14 }; /* of 005, to the second */

static int two_digits(const char *digits)
{
    return (digits[0] - '0') * 10 + (digits[1] - '0');
}

static bool is_time_stamp(text value)
{
    if (value.length < STAMP_LENGTH)
        return false;
    for (size_t i = 0; i < STAMP_LENGTH; i++)
        if (value.bytes[i] < '0' || value.bytes[i] > '9')
            return false;
    int month = two_digits(value.bytes + 4);
    int day = two_digits(value.bytes + 6);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && two_digits(value.bytes + 8) < 24 &&
           two_digits(value.bytes + 10) < 60 && two_digits(value.bytes + 12) <= 60;
}

bool match_is_older(const marc_record *incoming, text incoming_system, const marc_record *existing, text stored_system,
                    text stored_version, match_age_rule rule)
{
    text mine = text_trim(marc_record_control(incoming, "005"));
    text theirs = text_trim(stored_version);
    text system = text_trim(incoming_system);

    if (rule == MATCH_AGE_DISREGARD)
        return false;
    if (rule == MATCH_AGE_SAME_SYSTEM && (system.length == 0 || !text_equal_ascii_case(system, text_trim(stored_system))))
        return false;
    if (theirs.length == 0)
        theirs = text_trim(marc_record_control(existing, "005"));
    if (!is_time_stamp(mine) || !is_time_stamp(theirs))
        return false;
    return memcmp(mine.bytes, theirs.bytes, STAMP_LENGTH) < 0;
}
