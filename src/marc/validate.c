/* src/marc/validate.c - walks a record and says what is wrong: structure, missing, repeated and undefined fields and
 * subfields, indicators. Fixed positions are in validate_fixed.c, numbers, codes and links in validate_values.c.
 *
 * Severities are those of match-merge.md section 9 (as delivered by Alma): few things block. Local fields (a 9 in the tag,
 * or letters) are the library's own business and are only checked for structure. */
#include "validate_check.h"

#include "recto/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *marc_severity_name(marc_severity severity)
{
    static const char *const names[] = {
        [MARC_SEVERITY_INFO] = "info",
        [MARC_SEVERITY_WARNING] = "warning",
        [MARC_SEVERITY_BLOCK] = "block",
    };

    return names[severity];
}

/* --- reporting --- */

const char *check_shown(char out[static SHOWN_LENGTH], text value)
{
    enum { COLUMNS = 40 };
    size_t used = 0;
    int columns = 0;

    out[0] = '\0';
    while (value.length > 0) {
        display_unit unit;
        display_next(&unit, value.bytes, value.length, true);
        size_t length = strlen(unit.shown);
        if (columns + unit.width > COLUMNS || used + length + 4 > SHOWN_LENGTH) {
            memcpy(out + used, "\xE2\x80\xA6", 4);
            break;
        }
        memcpy(out + used, unit.shown, length + 1);
        used += length;
        columns += unit.width;
        value = text_of(value.bytes + unit.bytes, value.length - unit.bytes);
    }
    return out;
}

const char *check_list_codes(char out[static SHOWN_LENGTH], const marc_code *codes, size_t count)
{
    enum { ROOM = SHOWN_LENGTH - 8, MANY = 60 };
    size_t used = 0;

    if (count > MANY) {
        (void)snprintf(out, SHOWN_LENGTH, "one of the %zu codes of its list", count);
        return out;
    }
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (codes[i].obsolete)
            continue;
        if (used + codes[i].code.length + 3 > ROOM) {
            memcpy(out + used, " ...", 5);
            break;
        }
        used += (size_t)snprintf(out + used, SHOWN_LENGTH - used, "%s%.*s", used > 0 ? " " : "", (int)codes[i].code.length,
                                 codes[i].code.bytes);
    }
    return out;
}

static void write_where(const validation *check, marc_finding *finding, const char *suffix)
{
    const marc_field *field = NULL;
    char tag[SHOWN_LENGTH];
    char occurrence[24] = "";

    if (finding->field == SIZE_MAX) {
        (void)snprintf(finding->where, sizeof finding->where, "%s", suffix != NULL ? suffix : "record");
        return;
    }
    field = marc_record_field(check->record, finding->field);
    if (check->notes[finding->field].total > 1)
        (void)snprintf(occurrence, sizeof occurrence, "[%zu]", check->notes[finding->field].occurrence);
    (void)snprintf(finding->where, sizeof finding->where, "%.12s%s%s", check_shown(tag, text_of(field->tag, MARC_TAG_LENGTH)),
                   occurrence, suffix != NULL ? suffix : "");
    if (finding->subfield > ' ' && finding->subfield < 0x7F) {
        size_t used = strlen(finding->where);
        (void)snprintf(finding->where + used, sizeof finding->where - used, " $%c", finding->subfield);
    }
}

void check_report(const validation *check, marc_severity severity, const char *code, finding_place place, const char *message,
                  ...)
{
    marc_finding finding = {
        .severity = severity, .code = code, .field = place.field, .subfield = place.subfield, .offset = place.offset
    };
    va_list arguments;
    size_t cut = 0;

    write_where(check, &finding, place.suffix);
    va_start(arguments, message);
    (void)vsnprintf(finding.message, sizeof finding.message, message, arguments);
    va_end(arguments);
    if (!utf8_valid(text_from(finding.message), &cut)) /* cut in the middle of a character */
        finding.message[cut] = '\0';
    check->visit(check->context, &finding);
}

static finding_place at_field(size_t index)
{
    return (finding_place){ .field = index };
}

static finding_place at_subfield(size_t index, const marc_subfield *subfield)
{
    return (finding_place){ .field = index, .subfield = subfield->code, .offset = subfield->offset };
}

/* --- what is known of the fields before the walk --- */

typedef struct noted_field {
    const marc_field *field;
    field_note *note;
} noted_field;

static int by_index(const noted_field *a, const noted_field *b)
{
    return (a->note->index > b->note->index) - (a->note->index < b->note->index);
}

static int by_tag(const void *left, const void *right)
{
    const noted_field *a = left;
    const noted_field *b = right;
    int order = memcmp(a->field->tag, b->field->tag, MARC_TAG_LENGTH);

    return order != 0 ? order : by_index(a, b);
}

static int by_content(const void *left, const void *right)
{
    const noted_field *a = left;
    const noted_field *b = right;
    int order = memcmp(a->field->tag, b->field->tag, MARC_TAG_LENGTH);

    if (order == 0)
        order = text_compare(a->field->content, b->field->content);
    return order != 0 ? order : by_index(a, b);
}

static void count_occurrences(const noted_field *sorted, size_t count)
{
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && memcmp(sorted[from].field->tag, sorted[to].field->tag, MARC_TAG_LENGTH) == 0)
            to++;
        for (size_t i = from; i < to; i++) {
            sorted[i].note->occurrence = i - from + 1;
            sorted[i].note->total = to - from;
        }
    }
}

static void find_duplicates(const noted_field *sorted, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const noted_field *before = &sorted[i - 1];
        if (memcmp(before->field->tag, sorted[i].field->tag, MARC_TAG_LENGTH) == 0 &&
            text_equal(before->field->content, sorted[i].field->content))
            sorted[i].note->same_as = before->note->same_as != SIZE_MAX ? before->note->same_as : before->note->index;
    }
}

static bool note_fields(validation *check)
{
    size_t count = marc_record_count(check->record);
    noted_field *sorted = arena_calloc(check->memory, count + 1, sizeof *sorted);

    check->notes = arena_calloc(check->memory, count + 1, sizeof *check->notes);
    if (sorted == NULL || check->notes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        check->notes[i] = (field_note){ .index = i, .same_as = SIZE_MAX };
        sorted[i] = (noted_field){ marc_record_field(check->record, i), &check->notes[i] };
    }
    qsort(sorted, count, sizeof *sorted, by_tag);
    count_occurrences(sorted, count);
    qsort(sorted, count, sizeof *sorted, by_content);
    find_duplicates(sorted, count);
    return true;
}

/* --- the record as a whole --- */

static bool is_blank(text value)
{
    return text_trim(value).length == 0;
}

static void check_presence(const validation *check)
{
    static const struct {
        const char *pattern, *name;
        marc_family family;
        marc_severity severity;
    } wanted[] = {
        { "245", "title statement", MARC_BIBLIOGRAPHIC, MARC_SEVERITY_BLOCK },
        { "008", "fixed-length data elements", MARC_BIBLIOGRAPHIC, MARC_SEVERITY_WARNING },
        { "008", "fixed-length data elements", MARC_HOLDINGS, MARC_SEVERITY_WARNING },
        { "852", "location", MARC_HOLDINGS, MARC_SEVERITY_WARNING },
        { "008", "fixed-length data elements", MARC_AUTHORITY, MARC_SEVERITY_WARNING },
        { "1XX", "heading", MARC_AUTHORITY, MARC_SEVERITY_WARNING },
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i].family == check->family && marc_record_find(check->record, wanted[i].pattern, 0) == SIZE_MAX)
            check_report(check, wanted[i].severity, "field-missing",
                         (finding_place){ .field = SIZE_MAX, .suffix = wanted[i].pattern },
                         "there is no %s; a record has one field %s", wanted[i].name, wanted[i].pattern);
}

static void check_main_entries(const validation *check, size_t index, const marc_field *field)
{
    size_t first = marc_record_find(check->record, "1XX", 0);

    if (check->family == MARC_HOLDINGS || field->tag[0] != '1' || first >= index)
        return;
    const marc_field *other = marc_record_field(check->record, first);
    if (memcmp(other->tag, field->tag, MARC_TAG_LENGTH) != 0)
        check_report(check, MARC_SEVERITY_WARNING, "main-entry-repeated", at_field(index),
                     "%s stands beside %s; a record has one 1XX, and further names go into 7XX", field->tag, other->tag);
}

/* --- one data field --- */

static bool is_local(const char *tag)
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (tag[i] == '9' || tag[i] < '0' || tag[i] > '9')
            return true;
    return false;
}

static bool one_of(const char *tag, const char *const *tags)
{
    for (; *tags != NULL; tags++)
        if (strcmp(tag, *tags) == 0)
            return true;
    return false;
}

static void check_repetition(const validation *check, size_t index, const marc_field *field,
                             const marc_field_definition *definition)
{
    static const char *const blocking[] = { "100", "110", "111", "245", NULL };
    const field_note *note = &check->notes[index];
    bool stops = check->family == MARC_BIBLIOGRAPHIC && one_of(field->tag, blocking);

    if (note->occurrence > 1 && ((definition != NULL && !definition->repeatable) || stops))
        check_report(check, stops ? MARC_SEVERITY_BLOCK : MARC_SEVERITY_WARNING, "field-repeated", at_field(index),
                     "%s stands %zu times; it may stand once", field->tag, note->total);
    if (note->same_as != SIZE_MAX && strcmp(field->tag, "006") != 0 && strcmp(field->tag, "007") != 0)
        check_report(check, MARC_SEVERITY_WARNING, "field-duplicate", at_field(index),
                     "the same as field %zu of the record; once is enough", note->same_as + 1);
}

static void check_indicator(const validation *check, size_t index, const marc_field *field,
                            const marc_field_definition *definition, int which)
{
    char value = marc_field_indicator(field, which);
    char marked = value == ' ' ? '#' : value;
    const marc_code *meaning = marc_definition_indicator(definition, which, value);
    text label = definition->indicator_label[which - 1];
    finding_place place = { .field = index, .offset = (size_t)which - 1, .suffix = which == 1 ? " ind1" : " ind2" };
    char found[SHOWN_LENGTH];
    char allowed[SHOWN_LENGTH];

    if (label.length == 0)
        label = TEXT("undefined");
    if (meaning != NULL && meaning->obsolete)
        check_report(check, MARC_SEVERITY_INFO, "indicator-obsolete", place, "indicator %d is \"%c\" (%.*s), which is obsolete",
                     which, marked, (int)meaning->label.length, meaning->label.bytes);
    if (marc_definition_indicator_allowed(definition, which, value))
        return;
    check_report(check, MARC_SEVERITY_WARNING, "indicator-invalid", place, "indicator %d is \"%s\"; %s would be right (%.*s)",
                 which, check_shown(found, text_of(&marked, 1)),
                 check_list_codes(allowed, definition->indicator_values[which - 1], definition->indicator_count[which - 1]),
                 (int)label.length, label.bytes);
}

static bool needs_a(marc_family family, const char *tag)
{
    static const char *const tags[] = { "100", "110", "111", "130", "245", "600", "610", "611", "630", "647", "648", "650",
                                        "651", "653", "654", "655", "700", "710", "711", "720", "730", "740", NULL };

    return family == MARC_BIBLIOGRAPHIC && one_of(tag, tags);
}

static void check_subfield(const validation *check, size_t index, const marc_field *field,
                           const marc_field_definition *definition, const marc_subfield *subfield, size_t seen[static 128])
{
    unsigned char code = (unsigned char)subfield->code;
    const marc_subfield_definition *known =
        definition != NULL && code > ' ' && code < 128 ? marc_definition_subfield(definition, subfield->code) : NULL;

    if (code <= ' ' || code >= 0x7F) {
        check_report(check, MARC_SEVERITY_WARNING, "subfield-malformed", at_subfield(index, subfield),
                     subfield->code == '\0' ? "text before the first subfield, or a delimiter without a code"
                                            : "the subfield code is no letter and no digit");
        return;
    }
    seen[code]++;
    if (is_blank(subfield->value))
        check_report(check, MARC_SEVERITY_WARNING, "subfield-empty", at_subfield(index, subfield),
                     "$%c is empty; remove it or fill it", subfield->code);
    if (definition == NULL)
        return;
    if (known == NULL)
        check_report(check, MARC_SEVERITY_WARNING, "subfield-undefined", at_subfield(index, subfield),
                     "$%c is not defined in %s (%.*s)", subfield->code, field->tag, (int)definition->label.length,
                     definition->label.bytes);
    else if (known->obsolete)
        check_report(check, MARC_SEVERITY_INFO, "subfield-obsolete", at_subfield(index, subfield), "$%c (%.*s) is obsolete in %s",
                     subfield->code, (int)known->label.length, known->label.bytes, field->tag);
    else if (!known->repeatable && seen[code] == 2)
        check_report(check, MARC_SEVERITY_WARNING, "subfield-repeated", at_subfield(index, subfield),
                     "$%c (%.*s) stands more than once; it may stand once", subfield->code, (int)known->label.length,
                     known->label.bytes);
}

static void check_emptiness(const validation *check, size_t index, const marc_field *field, size_t filled,
                            const size_t seen[static 128])
{
    bool title = check->family == MARC_BIBLIOGRAPHIC && strcmp(field->tag, "245") == 0;

    if (filled == 0)
        check_report(check, title ? MARC_SEVERITY_BLOCK : MARC_SEVERITY_WARNING, "field-empty", at_field(index),
                     title ? "245 is empty; a record needs a title in $a" : "%s is empty; remove it or fill it", field->tag);
    else if (needs_a(check->family, field->tag) && seen['a'] == 0)
        check_report(check, MARC_SEVERITY_WARNING, "subfield-missing", (finding_place){ .field = index, .subfield = 'a' },
                     "%s has no $a", field->tag);
}

/** Bytes that would end a field or a record where they must not, and characters that no catalogue wants. */
static void check_characters(const validation *check, size_t index, const marc_field *field)
{
    text content = field->content;
    bool control = marc_tag_is_control(field->tag);
    size_t bad = 0;

    if (!utf8_valid(content, &bad))
        check_report(check, MARC_SEVERITY_WARNING, "not-utf8", (finding_place){ .field = index, .offset = bad },
                     "byte %zu (0x%02X) is not UTF-8; look at the encoding the record came in", bad + 1,
                     (unsigned)(unsigned char)content.bytes[bad]);
    for (size_t at = 0; at < content.length;) {
        int32_t code = 0;
        size_t length = utf8_decode(content.bytes + at, content.length - at, &code);
        bool ends =
            code == MARC_FIELD_TERMINATOR || code == MARC_RECORD_TERMINATOR || (control && code == MARC_SUBFIELD_DELIMITER);
        bool harmless = code == MARC_SUBFIELD_DELIMITER || code == 0x98 || code == 0x9C; /* non-sorting marks are legal */
        if (ends || (!harmless && ((code >= 0 && code < 0x20) || (code >= 0x7F && code < 0xA0)))) {
            check_report(check, ends ? MARC_SEVERITY_BLOCK : MARC_SEVERITY_WARNING, "control-character",
                         (finding_place){ .field = index, .offset = at }, "control character U+%04X at byte %zu; remove it",
                         (unsigned)code, at + 1);
            return; /* one a field is enough to send someone there */
        }
        at += length;
    }
}

static void check_data_field(const validation *check, size_t index, const marc_field *field,
                             const marc_field_definition *definition)
{
    size_t seen[128] = { 0 };
    size_t filled = 0;
    size_t offset = 0;
    marc_subfield subfield;

    for (int which = 1; definition != NULL && which <= 2; which++)
        check_indicator(check, index, field, definition, which);
    while (marc_field_next_subfield(field, &offset, &subfield)) {
        check_subfield(check, index, field, definition, &subfield, seen);
        filled += !is_blank(subfield.value);
        if (subfield.code != '\0')
            check_value(check, index, field, &subfield);
    }
    check_emptiness(check, index, field, filled, seen);
    check_link(check, index, field);
}

/** What rules the indicators and subfields of a field: for an 880 the field that its $6 names. */
static const marc_field_definition *content_definition(const validation *check, const marc_field *field,
                                                       const marc_field_definition *definition)
{
    char tag[MARC_TAG_LENGTH + 1] = "";
    text link = TEXT("");

    if (definition == NULL || strcmp(field->tag, "880") != 0 || !marc_field_subfield(field, '6', &link) ||
        link.length < MARC_TAG_LENGTH)
        return definition;
    memcpy(tag, link.bytes, MARC_TAG_LENGTH);
    return is_local(tag) ? definition : marc_tables_field(check->tables, check->family, tag);
}

static bool sound_tag(const char *tag)
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (!((tag[i] >= '0' && tag[i] <= '9') || (tag[i] >= 'A' && tag[i] <= 'Z') || (tag[i] >= 'a' && tag[i] <= 'z')))
            return false;
    return true;
}

static void check_field(const validation *check, size_t index)
{
    const marc_field *field = marc_record_field(check->record, index);
    const marc_field_definition *definition =
        check->tables != NULL ? marc_tables_field(check->tables, check->family, field->tag) : NULL;
    char shown[SHOWN_LENGTH];

    if (!sound_tag(field->tag))
        check_report(check, MARC_SEVERITY_BLOCK, "tag-malformed", at_field(index),
                     "the tag \"%s\" is not made of three digits or letters",
                     check_shown(shown, text_of(field->tag, MARC_TAG_LENGTH)));
    else if (check->tables != NULL && definition == NULL && !is_local(field->tag))
        check_report(check, MARC_SEVERITY_WARNING, "field-undefined", at_field(index),
                     "%s is not defined in MARC 21; local fields have a 9 in the tag", field->tag);
    else if (definition != NULL && definition->obsolete)
        check_report(check, MARC_SEVERITY_INFO, "field-obsolete", at_field(index), "%s (%.*s) is obsolete", field->tag,
                     (int)definition->label.length, definition->label.bytes);
    check_repetition(check, index, field, definition);
    check_main_entries(check, index, field);
    check_characters(check, index, field);
    if (marc_tag_is_control(field->tag))
        check_control_field(check, index, field);
    else
        check_data_field(check, index, field, content_definition(check, field, definition));
}

recto_status marc_validate(const marc_record *record, const marc_tables *tables,
                           void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error)
{
    validation check = {
        .record = record, .tables = tables, .family = marc_family_of(record), .visit = visit, .context = context
    };
    size_t count = marc_record_count(record);

    check.memory = arena_new(0);
    if (check.memory == NULL || !note_fields(&check) || !check_collect_links(&check)) {
        arena_free(check.memory);
        return recto_fail_memory(error, "validating a record");
    }
    check_leader(&check);
    check_presence(&check);
    for (size_t i = 0; i < count; i++)
        check_field(&check, i);
    arena_free(check.memory);
    return RECTO_OK;
}
