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
        if ((unit.bytes[i] < '0' || unit.bytes[i] > '9') && unit.bytes[i] != other)
            return false;
    return true;
}

typedef struct fixed_field {
    size_t index; /* SIZE_MAX: the leader */
    const char *tag;
    text content;
} fixed_field;

static finding_place at_bytes(const fixed_field *field, size_t offset, char suffix[static 16])
{
    (void)snprintf(suffix, 16, "%s/%02zu", field->index == SIZE_MAX ? field->tag : "", offset);
    return (finding_place){ .field = field->index, .offset = offset, .suffix = suffix };
}

static void report_unit(const validation *check, const fixed_field *field, const marc_position *position, size_t offset,
                        text unit)
{
    char suffix[16];
    char shown[SHOWN_LENGTH];
    char allowed[SHOWN_LENGTH];
    char marked[16] = "";

    for (size_t i = 0; i < unit.length && i + 1 < sizeof marked; i++)
        marked[i] = unit.bytes[i] == ' ' ? '#' : unit.bytes[i];
    check_report(check, MARC_SEVERITY_WARNING, "fixed-code", at_bytes(field, offset, suffix),
                 "%.*s (%.*s) is \"%s\", which is not defined; right would be %s", (int)position->name.length,
                 position->name.bytes, (int)(position->label.length > 40 ? 40 : position->label.length), position->label.bytes,
                 check_shown(shown, text_of(marked, strlen(marked))),
                 check_list_codes(allowed, position->codes, position->code_count));
}

static void check_unit(const validation *check, const fixed_field *field, const marc_position *position, size_t offset, text unit)
{
    const marc_code *code = marc_position_code(position, unit);
    bool leader = field->index == SIZE_MAX;
    bool category = offset == 0 && strcmp(field->tag, "008") != 0;
    char suffix[16];
    char shown[SHOWN_LENGTH];

    if (code != NULL && code->obsolete)
        check_report(check, MARC_SEVERITY_INFO, "fixed-code-obsolete", at_bytes(field, offset, suffix),
                     "%.*s is \"%s\" (%.*s), which is obsolete", (int)position->name.length, position->name.bytes,
                     check_shown(shown, unit), (int)code->label.length, code->label.bytes);
    if (code != NULL || (!leader && !category && all_of(unit, '|')))
        return;
    if (text_equal(position->name, TEXT("Lang")) && all_of(unit, ' ')) /* "no information provided" */
        return;
    report_unit(check, field, position, offset, unit);
}

static void check_date(const validation *check, const fixed_field *field, const marc_position *position, text value)
{
    bool entered = text_equal(position->name, TEXT("Entered"));
    bool year = text_equal(position->name, TEXT("Date1")) || text_equal(position->name, TEXT("Date2"));
    char suffix[16];
    char shown[SHOWN_LENGTH];

    if (entered && !all_digits_or(value, '\0'))
        check_report(check, MARC_SEVERITY_WARNING, "fixed-date", at_bytes(field, position->offset, suffix),
                     "date entered is \"%s\"; six digits yymmdd would be right", check_shown(shown, value));
    if (year && !all_digits_or(value, 'u') && !all_of(value, ' ') && !all_of(value, '|') && !all_digits_or(value, ' '))
        check_report(check, MARC_SEVERITY_WARNING, "fixed-date", at_bytes(field, position->offset, suffix),
                     "%.*s is \"%s\"; four digits, with u for each one unknown, would be right", (int)position->name.length,
                     position->name.bytes, check_shown(shown, value));
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

void check_leader(const validation *check)
{
    const char *leader = marc_record_leader(check->record);
    fixed_field field = { SIZE_MAX, "LDR", text_of(leader, MARC_LEADER_LENGTH) };
    const marc_fixed_layout *layout = NULL;

    if (text_trim(field.content).length == 0 || all_of(field.content, '\0')) {
        check_report(check, MARC_SEVERITY_BLOCK, "leader-missing", (finding_place){ .field = SIZE_MAX, .suffix = "LDR" },
                     "the leader is missing; a record needs its 24 bytes");
        return;
    }
    if (check->tables == NULL)
        return;
    layout = marc_tables_fixed(check->tables, check->family, "LDR", leader, field.content);
    if (layout != NULL)
        check_positions(check, &field, layout);
}

static void check_005(const validation *check, size_t index, text content)
{
    int64_t ticks = 0;
    char shown[SHOWN_LENGTH];

    if (!clock_parse_005(&ticks, content.bytes, content.length))
        check_report(check, MARC_SEVERITY_WARNING, "fixed-date", (finding_place){ .field = index },
                     "005 is \"%s\"; yyyymmddhhmmss.f would be right", check_shown(shown, content));
}

void check_control_field(const validation *check, size_t index, const marc_field *field)
{
    fixed_field fixed = { index, field->tag, field->content };
    const marc_fixed_layout *layout = NULL;
    char shown[SHOWN_LENGTH];

    if (text_trim(field->content).length == 0) {
        check_report(check, MARC_SEVERITY_WARNING, "field-empty", (finding_place){ .field = index },
                     "%s is empty; remove it or fill it", field->tag);
        return;
    }
    if (strcmp(field->tag, "005") == 0)
        check_005(check, index, field->content);
    if (check->tables == NULL)
        return;
    layout = marc_tables_fixed(check->tables, check->family, field->tag, marc_record_leader(check->record), field->content);
    if (layout == NULL) {
        if (strcmp(field->tag, "006") == 0 || strcmp(field->tag, "007") == 0)
            check_report(check, MARC_SEVERITY_WARNING, "fixed-code", (finding_place){ .field = index, .suffix = "/00" },
                         "the first byte is \"%s\", which names no kind of material",
                         check_shown(shown, text_of(field->content.bytes, 1)));
        return;
    }
    if (field->content.length != layout->length)
        check_report(check, MARC_SEVERITY_WARNING, "fixed-length", (finding_place){ .field = index },
                     "%s has %zu bytes; %zu would be right (%.*s)", field->tag, field->content.length, layout->length,
                     (int)layout->name.length, layout->name.bytes);
    check_positions(check, &fixed, layout);
}
