/* src/marc/validate_fixed.c - the leader and the control fields: length and every coded position, by the tables' layouts.
 *
 * A fill character stands for "not coded" in any position of 006, 007 and 008, though not in their first byte (ED-46: they
 * are legal and stay). Positions without a code list are free, apart from dates. */
#include "validate_check.h"

#include "recto/base/clock.h"

#include <stdio.h>
#include <string.h>

static bool all_of(text unit, char wanted)
{
    for (size_t i = 0; i < unit.length; i++)
        if (unit.bytes[i] != wanted)
            return false;
    return unit.length > 0;
}

static bool all_digits_or(text unit, char other)
{
    for (size_t i = 0; i < unit.length; i++)
        if (!check_is_digit(unit.bytes[i]) && unit.bytes[i] != other)
            return false;
    return true;
}

typedef struct fixed_field {
    size_t index; /* SIZE_MAX: the leader */
    const char *tag;
    text content;
} fixed_field;

enum { SUFFIX_LENGTH = 16, UNIT_MAX = 16 };

static finding_place at_bytes(const fixed_field *field, size_t offset, char suffix[static SUFFIX_LENGTH])
{
    (void)snprintf(suffix, SUFFIX_LENGTH, "%s/%02zu", field->index == SIZE_MAX ? field->tag : "", offset);
    return (finding_place){ .field = field->index, .offset = offset, .suffix = suffix, .tag = field->tag };
}

/** Blanks as #, as the tables write them; or back. */
static text exchanged(char out[static UNIT_MAX], text unit, char from, char to)
{
    size_t length = unit.length < UNIT_MAX ? unit.length : UNIT_MAX;

    for (size_t i = 0; i < length; i++)
        out[i] = unit.bytes[i] == from ? to : unit.bytes[i];
    return text_of(out, length);
}

static void report_unit(const validation *check, const fixed_field *field, const marc_position *position, size_t offset,
                        text unit)
{
    char suffix[SUFFIX_LENGTH];
    char allowed[SHOWN_LENGTH];
    char marked[UNIT_MAX];
    char blanks[UNIT_MAX];
    finding_place place = at_bytes(field, offset, suffix);
    text nearest = check_nearest_code(position->codes, position->code_count, unit);

    if (nearest.length == unit.length)
        place.fix = (finding_fix){ true, offset, unit.length, exchanged(blanks, nearest, '#', ' ') };
    check_report(check, FINDING_FIXED_CODE, place, 0,
                 ARGUMENTS(position->name, position->label, exchanged(marked, unit, ' ', '#'),
                           check_list_codes(allowed, position->codes, position->code_count)));
}

static void check_unit(const validation *check, const fixed_field *field, const marc_position *position, size_t offset, text unit)
{
    const marc_code *code = marc_position_code(position, unit);
    bool leader = field->index == SIZE_MAX;
    bool category = offset == 0 && strcmp(field->tag, "008") != 0;
    char suffix[SUFFIX_LENGTH];

    if (code != NULL && code->obsolete)
        check_report(check, FINDING_FIXED_CODE_OBSOLETE, at_bytes(field, offset, suffix), 0,
                     ARGUMENTS(position->name, unit, code->label));
    if (code != NULL || (!leader && !category && all_of(unit, '|')))
        return;
    if (text_equal(position->name, TEXT("Lang")) && all_of(unit, ' ')) /* "no information provided" */
        return;
    report_unit(check, field, position, offset, unit);
}

static bool is_day(text value) /* yymmdd */
{
    int month = (value.bytes[2] - '0') * 10 + (value.bytes[3] - '0');
    int day = (value.bytes[4] - '0') * 10 + (value.bytes[5] - '0');

    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static void check_date(const validation *check, const fixed_field *field, const marc_position *position, text value)
{
    bool entered = text_equal(position->name, TEXT("Entered"));
    bool year = text_equal(position->name, TEXT("Date1")) || text_equal(position->name, TEXT("Date2"));
    char suffix[SUFFIX_LENGTH];

    if (entered && !all_of(value, '|') && !(value.length == 6 && all_digits_or(value, '\0') && is_day(value)))
        check_report(check, FINDING_FIXED_DATE, at_bytes(field, position->offset, suffix), 0,
                     ARGUMENTS(position->label, value, TEXT("six digits yymmdd")));
    if (year && !all_digits_or(value, 'u') && !all_of(value, ' ') && !all_of(value, '|') && !all_digits_or(value, ' '))
        check_report(check, FINDING_FIXED_DATE, at_bytes(field, position->offset, suffix), 0,
                     ARGUMENTS(position->name, value, TEXT("four digits, with u for each one unknown,")));
}

static void check_positions(const validation *check, const fixed_field *field, const marc_fixed_layout *layout)
{
    for (size_t i = 0; i < layout->position_count; i++) {
        const marc_position *position = &layout->positions[i];
        size_t end = position->offset + position->length;
        if (position->system || end > field->content.length)
            continue;
        if (position->code_count == 0) {
            check_date(check, field, position, text_of(field->content.bytes + position->offset, position->length));
            continue;
        }
        for (size_t at = position->offset; at < end; at += position->unit_length)
            check_unit(check, field, position, at, text_of(field->content.bytes + at, position->unit_length));
    }
}

/** What has one value in every MARC 21 record, whatever its family. A blank there is filled when the record is saved. */
static void check_leader_constants(const validation *check, const fixed_field *field)
{
    static const struct {
        size_t offset;
        text value;
    } constants[] = {
        { 10, { "22", 2 } },
        { 20, { "4500", 4 } },
    };

    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        char suffix[SUFFIX_LENGTH];
        text found = text_of(field->content.bytes + constants[i].offset, constants[i].value.length);
        finding_place place = at_bytes(field, constants[i].offset, suffix);
        place.fix = (finding_fix){ true, constants[i].offset, found.length, constants[i].value };
        if (!text_equal(found, constants[i].value) && !all_of(found, ' '))
            check_report(check, FINDING_LEADER_VALUE, place, 0, ARGUMENTS(found, constants[i].value));
    }
}

void check_leader(const validation *check)
{
    const char *leader = marc_record_leader(check->record);
    fixed_field field = { SIZE_MAX, "LDR", text_of(leader, MARC_LEADER_LENGTH) };
    const marc_fixed_layout *layout = NULL;

    if (text_trim(field.content).length == 0 || all_of(field.content, '\0')) {
        check_report(check, FINDING_LEADER_MISSING, (finding_place){ .field = SIZE_MAX, .suffix = "LDR" }, 0, NO_ARGUMENTS);
        return;
    }
    check_leader_constants(check, &field);
    if (check->tables == NULL)
        return;
    layout = marc_tables_fixed(check->tables, check->family, "LDR", leader, field.content);
    if (layout != NULL)
        check_positions(check, &field, layout);
}

/* --- 003, 005 --- */

static void check_005(const validation *check, size_t index, text content)
{
    int64_t ticks = 0;

    if (!clock_parse_005(&ticks, content.bytes, content.length))
        check_report(check, FINDING_FIXED_DATE, check_at_field(index), 0,
                     ARGUMENTS(TEXT("005"), content, TEXT("yyyymmddhhmmss.f")));
}

/** A MARC organization code: letters, digits, hyphens, and at times a stroke or apostrophe. */
static void check_003(const validation *check, size_t index, text content)
{
    finding_place place = check_at_field(index);
    text trimmed = text_trim(content);

    for (size_t i = 0; i < trimmed.length; i++) {
        char byte = trimmed.bytes[i];
        bool sound = check_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '-' ||
                     byte == '/' || byte == ':' || byte == '\'';
        if (!sound) {
            check_report(check, FINDING_FIXED_FORM, place, 0,
                         ARGUMENTS(TEXT("003"), content, TEXT("the code of an organization, as OCoLC or DLC, would be right")));
            return;
        }
    }
    if (trimmed.length != content.length) {
        place.fix = (finding_fix){ true, 0, content.length, trimmed };
        check_report(check, FINDING_FIXED_FORM, place, 0,
                     ARGUMENTS(TEXT("003"), content, TEXT("blanks around the code are not part of it")));
    }
}

/* --- the others --- */

/** Was nobody there to code what the material needs? Then one finding stands for many: 007 blank behind its first byte, 008
 *  blank from 18 to 34 though not all of that may be blank. */
static bool is_uncoded(const validation *check, const fixed_field *fixed, const marc_fixed_layout *layout)
{
    enum { MATERIAL = 18, MATERIAL_END = 35 };
    text content = fixed->content;
    size_t wrong = 0;

    if (strcmp(fixed->tag, "007") == 0)
        return layout->length > 2 && content.length > 2 && all_of(text_of(content.bytes + 1, content.length - 1), ' ');
    if (check->family != MARC_BIBLIOGRAPHIC || strcmp(fixed->tag, "008") != 0 || content.length < MATERIAL_END ||
        !all_of(text_of(content.bytes + MATERIAL, MATERIAL_END - MATERIAL), ' '))
        return false;
    for (size_t i = 0; i < layout->position_count; i++) {
        const marc_position *position = &layout->positions[i];
        text unit = text_of(content.bytes + position->offset, position->unit_length);
        wrong += position->offset >= MATERIAL && position->offset < MATERIAL_END && position->code_count > 0 &&
                 marc_position_code(position, unit) == NULL;
    }
    return wrong > 1;
}

enum { FILLED_LONGEST = 48, DATE_ENTERED = 6, CATEGORY_AND_KIND = 2 };

/* Missing bytes become "no attempt to code" where the layout has a position, blank elsewhere; blanks too many go. */
static finding_fix fix_of_length(char filled[static FILLED_LONGEST], const fixed_field *fixed, const marc_fixed_layout *layout)
{
    const text content = fixed->content;
    const size_t least = strcmp(fixed->tag, "008") == 0 ? DATE_ENTERED : CATEGORY_AND_KIND;
    finding_fix fix = { .offset = content.length, .instead = { filled, 0 } };

    if (content.length > layout->length) {
        fix.offset = layout->length;
        fix.length = content.length - layout->length;
        fix.offered = all_of(text_of(content.bytes + fix.offset, fix.length), ' ');
        return fix;
    }
    fix.instead.length = layout->length - content.length;
    fix.offered = content.length >= least && fix.instead.length <= FILLED_LONGEST;
    if (!fix.offered)
        return fix;
    memset(filled, ' ', fix.instead.length);
    for (size_t i = 0; i < layout->position_count; i++)
        for (size_t at = layout->positions[i].offset; at < layout->positions[i].offset + layout->positions[i].length; at++)
            if (at >= content.length && at < layout->length)
                filled[at - content.length] = '|';
    return fix;
}

static void check_layout(const validation *check, const fixed_field *fixed)
{
    char filled[FILLED_LONGEST];
    const marc_fixed_layout *layout =
        marc_tables_fixed(check->tables, check->family, fixed->tag, marc_record_leader(check->record), fixed->content);
    finding_place place = check_at_field(fixed->index);
    text content = fixed->content;
    char is[24];
    char wanted[24];

    if (layout == NULL) {
        place.suffix = "/00";
        if (strcmp(fixed->tag, "006") == 0 || strcmp(fixed->tag, "007") == 0)
            check_report(check, FINDING_FIXED_CODE, place, 1, ARGUMENTS(text_of(content.bytes, 1)));
        return;
    }
    if (content.length != layout->length) {
        place.fix = fix_of_length(filled, fixed, layout);
        check_report(check, FINDING_FIXED_LENGTH, place, 0,
                     ARGUMENTS(text_from(fixed->tag), check_number(is, content.length), check_number(wanted, layout->length),
                               layout->name));
        place.fix.offered = false;
    }
    if (is_uncoded(check, fixed, layout))
        check_report(check, FINDING_FIXED_BLANK, place, 0, ARGUMENTS(text_from(fixed->tag), layout->name));
    else
        check_positions(check, fixed, layout);
}

void check_control_field(const validation *check, size_t index, const marc_field *field)
{
    fixed_field fixed = { index, field->tag, field->content };

    if (text_trim(field->content).length == 0) {
        check_report(check, FINDING_FIELD_EMPTY, check_at_field(index), 0, ARGUMENTS(text_of(field->tag, MARC_TAG_LENGTH)));
        return;
    }
    if (strcmp(field->tag, "005") == 0)
        check_005(check, index, field->content);
    else if (strcmp(field->tag, "003") == 0)
        check_003(check, index, field->content);
    else if (check->tables != NULL && field->tag[2] >= '6')
        check_layout(check, &fixed);
}
