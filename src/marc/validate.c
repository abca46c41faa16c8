/* src/marc/validate.c - walks a record and says what is wrong: structure, missing, repeated and undefined fields and
 * subfields, indicators, characters. The other files of the validator look at one thing each.
 *
 * Local fields (a 9 in the tag, or letters) are the library's own business and are only checked for structure. */
#include "validate_check.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

static text tag_of(const marc_field *field)
{
    return text_of(field->tag, MARC_TAG_LENGTH);
}

/* --- the record as a whole --- */

static bool is_blank(text value)
{
    return text_trim(value).length == 0;
}

static void check_presence(const validation *check)
{
    static const struct {
        int from, to;
        const char *pattern, *name;
        marc_family family;
    } wanted[] = {
        { 245, 245, "245", "title statement", MARC_BIBLIOGRAPHIC },
        { 8, 8, "008", "fixed-length data elements", MARC_BIBLIOGRAPHIC },
        { 8, 8, "008", "fixed-length data elements", MARC_HOLDINGS },
        { 852, 852, "852", "location", MARC_HOLDINGS },
        { 8, 8, "008", "fixed-length data elements", MARC_AUTHORITY },
        { 100, 199, "1XX", "heading", MARC_AUTHORITY },
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const char *name = wanted[i].name;
        if (wanted[i].family == check->family && !check_has(check, wanted[i].from, wanted[i].to))
            check_report(check, FINDING_FIELD_MISSING,
                         (finding_place){ .field = SIZE_MAX, .suffix = wanted[i].pattern, .tag = wanted[i].pattern }, 0,
                         ARGUMENTS(text_from(name), text_from(wanted[i].pattern)));
    }
}

static void check_size(const validation *check)
{
    enum { DIRECTORY_ENTRY = 12, RECORD_MAX = 99999 };
    size_t bytes = MARC_LEADER_LENGTH + 2; /* and the terminators of directory and record */
    char number[24];

    for (size_t i = 0; i < check->count; i++)
        bytes += DIRECTORY_ENTRY + marc_record_field(check->record, i)->content.length + 1;
    if (bytes > RECORD_MAX)
        check_report(check, FINDING_RECORD_TOO_LONG, (finding_place){ .field = SIZE_MAX }, 0,
                     ARGUMENTS(check_number(number, bytes)));
}

static void check_main_entries(const validation *check)
{
    size_t first = SIZE_MAX;

    if (check->family == MARC_HOLDINGS)
        return;
    for (int tag = 100; tag <= 199; tag++)
        for (size_t at = check_first(check, tag); at != SIZE_MAX; at = check_next(check, at))
            first = at < first ? at : first;
    if (first == SIZE_MAX)
        return;
    const marc_field *main = marc_record_field(check->record, first);
    for (int tag = 100; tag <= 199; tag++) {
        for (size_t at = check_first(check, tag); at != SIZE_MAX; at = check_next(check, at)) {
            const marc_field *other = marc_record_field(check->record, at);
            if (at != first && memcmp(other->tag, main->tag, MARC_TAG_LENGTH) != 0)
                check_report(check, FINDING_MAIN_ENTRY_REPEATED, check_at_field(at), 0, ARGUMENTS(tag_of(other), tag_of(main)));
        }
    }
}

/* --- one data field --- */

static bool one_of(const char *tag, const char *const *tags)
{
    for (; *tags != NULL; tags++)
        if (memcmp(tag, *tags, MARC_TAG_LENGTH) == 0)
            return true;
    return false;
}

/* Said with the tag and the words that stand on the screen: which field of the record it is, nobody counts. */
static text first_words(const marc_field *field)
{
    marc_subfield subfield;
    size_t offset = 0;

    while (!marc_tag_is_control(field->tag) && marc_field_next_subfield(field, &offset, &subfield))
        if (subfield.value.length > 0 && subfield.code != '6' && subfield.code != '8')
            return subfield.value;
    return field->content;
}

static void report_duplicate(const validation *check, size_t index, const marc_field *field, size_t earlier)
{
    char name[MARC_TAG_LENGTH + 24];

    (void)snprintf(name, sizeof name, "%.3s[%u]", field->tag, (unsigned)check->notes[earlier].occurrence);
    check_report(check, FINDING_FIELD_DUPLICATE, check_at_field(index), 0, ARGUMENTS(text_from(name), first_words(field)));
}

static void check_repetition(const validation *check, size_t index, const marc_field *field,
                             const marc_field_definition *definition)
{
    static const char *const once[] = { "100", "110", "111", "245", NULL }; /* where no tables are */
    const field_note *note = &check->notes[index];
    bool single = definition != NULL ? !definition->repeatable : check->family == MARC_BIBLIOGRAPHIC && one_of(field->tag, once);
    char number[24];

    if (note->occurrence > 1 && single)
        check_report(check, FINDING_FIELD_REPEATED, check_at_field(index), 0,
                     ARGUMENTS(tag_of(field), check_number(number, note->total)));
    if (note->same_as != 0 && memcmp(field->tag, "006", 3) != 0 && memcmp(field->tag, "007", 3) != 0)
        report_duplicate(check, index, field, note->same_as - 1);
}

/** The only value that may stand there; 0: there are several, or any may. */
static char only_value(const marc_field_definition *definition, int which)
{
    const marc_code *values = definition->indicator_values[which - 1];
    char only = '\0';

    for (size_t i = 0; i < definition->indicator_count[which - 1]; i++) {
        if (values[i].obsolete)
            continue;
        if (only != '\0')
            return '\0';
        only = values[i].code.bytes[0] == '#' ? ' ' : values[i].code.bytes[0];
    }
    return only;
}

static void check_indicator(const validation *check, size_t index, const marc_field *field,
                            const marc_field_definition *definition, int which)
{
    char value = marc_field_indicator(field, which);
    char marked = value == ' ' ? '#' : value;
    const marc_code *meaning = marc_definition_indicator(definition, which, value);
    text label = definition->indicator_label[which - 1];
    text said = which == 1 ? TEXT("1") : TEXT("2");
    finding_place place = { .field = index, .offset = (size_t)which - 1, .suffix = which == 1 ? " ind1" : " ind2" };
    char only = '\0';
    char allowed[SHOWN_LENGTH];

    if (meaning == NULL && marc_definition_indicator_allowed(definition, which, value))
        return;
    if (meaning != NULL && !meaning->obsolete)
        return;
    only = only_value(definition, which);
    if (only != '\0' && field->content.length >= 2)
        place.fix = check_fix_indicator(which, &only);
    if (meaning != NULL) {
        check_report(check, FINDING_INDICATOR_OBSOLETE, place, meaning->instead.length > 0,
                     ARGUMENTS(said, text_of(&marked, 1), meaning->label, meaning->instead));
        return;
    }
    check_report(
        check, FINDING_INDICATOR_INVALID, place, 0,
        ARGUMENTS(said, text_of(&marked, 1),
                  check_list_codes(allowed, definition->indicator_values[which - 1], definition->indicator_count[which - 1]),
                  label.length > 0 ? label : TEXT("undefined")));
}

static bool needs_a(marc_family family, const char *tag)
{
    static const char *const tags[] = { "100", "110", "111", "130", "245", "600", "610", "611", "630", "647", "648", "650",
                                        "651", "653", "654", "655", "700", "710", "711", "720", "730", "740", NULL };

    return family == MARC_BIBLIOGRAPHIC && one_of(tag, tags);
}

static void check_known_subfield(const validation *check, size_t index, const marc_field *field,
                                 const marc_field_definition *definition, const marc_subfield *subfield, size_t times)
{
    const marc_subfield_definition *known = marc_definition_subfield(definition, subfield->code);
    finding_place place = check_at_subfield(index, subfield);
    text code = text_of(&subfield->code, 1);

    if (known == NULL)
        check_report(check, FINDING_SUBFIELD_UNDEFINED, place, 0, ARGUMENTS(code, tag_of(field), definition->label));
    else if (known->obsolete)
        check_report(check, FINDING_SUBFIELD_OBSOLETE, place, known->instead.length > 0,
                     ARGUMENTS(code, known->label, tag_of(field), known->instead));
    else if (!known->repeatable && times == 2)
        check_report(check, FINDING_SUBFIELD_REPEATED, place, 0, ARGUMENTS(code, known->label));
}

static void check_subfield(const validation *check, size_t index, const marc_field *field,
                           const marc_field_definition *definition, const marc_subfield *subfield, uint16_t seen[static 128])
{
    unsigned char code = (unsigned char)subfield->code;
    finding_place place = check_at_subfield(index, subfield);

    if (code <= ' ' || code >= 0x7F) {
        check_report(check, FINDING_SUBFIELD_MALFORMED, place, subfield->code == '\0' ? 0 : 1,
                     ARGUMENTS(text_of(&subfield->code, 1)));
        return;
    }
    seen[code] += seen[code] < 3;
    if (is_blank(subfield->value)) {
        place.fix = (finding_fix){ true, subfield->offset, 2 + subfield->value.length, TEXT("") };
        check_report(check, FINDING_SUBFIELD_EMPTY, place, 0, ARGUMENTS(text_of(&subfield->code, 1)));
    }
    if (definition != NULL)
        check_known_subfield(check, index, field, definition, subfield, seen[code]);
    else if (profile_names_subfield(check->profile, FINDING_SUBFIELD_UNDEFINED, field->tag, subfield->code))
        check_report(check, FINDING_SUBFIELD_UNDEFINED, place, 0,
                     ARGUMENTS(text_of(&subfield->code, 1), tag_of(field), TEXT("local field")));
}

static void check_emptiness(const validation *check, size_t index, const marc_field *field, size_t filled,
                            const uint16_t seen[static 128])
{
    bool title = check->family == MARC_BIBLIOGRAPHIC && memcmp(field->tag, "245", 3) == 0;

    if (filled == 0)
        check_report(check, FINDING_FIELD_EMPTY, check_at_field(index), title, ARGUMENTS(tag_of(field)));
    else if (seen['a'] == 0 && needs_a(check->family, field->tag))
        check_report(check, FINDING_SUBFIELD_MISSING, (finding_place){ .field = index, .subfield = 'a' }, 0,
                     ARGUMENTS(tag_of(field), TEXT("a")));
}

/* --- characters --- */

static finding_fix take_away(size_t offset, size_t length)
{
    return (finding_fix){ .offered = true, .offset = offset, .length = length, .instead = TEXT("") };
}

static void report_control(const validation *check, size_t index, size_t at, size_t length, int32_t code, bool control_field)
{
    finding_place place = { .field = index, .offset = at, .fix = take_away(at, length) };
    bool delimiter = control_field && code == MARC_SUBFIELD_DELIMITER;
    bool ends = code == MARC_FIELD_TERMINATOR || code == MARC_RECORD_TERMINATOR;
    char byte[24];
    char name[16];

    (void)snprintf(name, sizeof name, "U+%04X", (unsigned)code);
    check_report(check, ends || delimiter ? FINDING_TERMINATOR_INSIDE : FINDING_CONTROL_CHARACTER, place, delimiter,
                 ARGUMENTS(text_from(name), check_number(byte, at + 1)));
}

static void check_replacement(const validation *check, size_t index, text content)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    const char *at = memmem(content.bytes, content.length, replacement, sizeof replacement - 1);
    char number[24];

    if (at != NULL)
        check_report(check, FINDING_REPLACEMENT_CHARACTER,
                     (finding_place){ .field = index, .offset = (size_t)(at - content.bytes) }, 0,
                     ARGUMENTS(check_number(number, (size_t)(at - content.bytes) + 1)));
}

/** Where something else than plain ASCII and delimiters begins; the length when nowhere. */
static size_t plain_until(text content)
{
    size_t at = 0;

    while (at < content.length && (((unsigned char)content.bytes[at] >= ' ' && (unsigned char)content.bytes[at] < 0x7F) ||
                                   content.bytes[at] == MARC_SUBFIELD_DELIMITER))
        at++;
    return at;
}

/** Bytes that would end a field or a record where they must not, and characters that no catalogue wants. */
static void check_characters(const validation *check, size_t index, const marc_field *field)
{
    text content = field->content;
    bool control = marc_tag_is_control(field->tag);
    size_t at = control ? 0 : plain_until(content);
    size_t bad = 0;
    char number[24];
    char byte[8];

    if (at == content.length)
        return;
    if (!utf8_valid(content, &bad)) {
        (void)snprintf(byte, sizeof byte, "0x%02X", (unsigned)(unsigned char)content.bytes[bad]);
        check_report(check, FINDING_NOT_UTF8, (finding_place){ .field = index, .offset = bad }, 0,
                     ARGUMENTS(check_number(number, bad + 1), text_from(byte)));
    }
    check_replacement(check, index, content);
    while (at < content.length) {
        int32_t code = 0;
        size_t length = utf8_decode(content.bytes + at, content.length - at, &code);
        bool harmless = (code == MARC_SUBFIELD_DELIMITER && !control) || code == 0x98 || code == 0x9C; /* non-sorting marks */
        if (!harmless && ((code >= 0 && code < 0x20) || (code >= 0x7F && code < 0xA0))) {
            report_control(check, index, at, length, code, control);
            return; /* one a field is enough to send someone there */
        }
        at += length;
    }
}

/* --- a field --- */

static void check_data_field(const validation *check, size_t index, const marc_field *field,
                             const marc_field_definition *definition)
{
    uint16_t seen[128] = { 0 };
    size_t filled = 0;
    size_t offset = 0;
    marc_subfield subfield;

    for (int which = 1; definition != NULL && which <= 2; which++)
        check_indicator(check, index, field, definition, which);
    while (marc_field_next_subfield(field, &offset, &subfield)) {
        check_subfield(check, index, field, definition, &subfield, seen);
        filled += !is_blank(subfield.value);
        if (subfield.code != '\0' && (field->tag[0] < '5' || field->tag[0] == '7'))
            check_value(check, index, field, &subfield);
    }
    check_emptiness(check, index, field, filled, seen);
    if (definition != NULL)
        check_source(check, index, field, definition);
    if (seen['6'] > 0 || memcmp(field->tag, "880", 3) == 0)
        check_link(check, index, field);
}

/** What rules the indicators and subfields of a field: for an 880 the field that its $6 names. */
static const marc_field_definition *content_definition(const validation *check, const marc_field *field,
                                                       const marc_field_definition *definition)
{
    char tag[MARC_TAG_LENGTH + 1] = "";
    text link = TEXT("");

    if (definition == NULL || memcmp(field->tag, "880", 3) != 0 || !marc_field_subfield(field, '6', &link) ||
        link.length < MARC_TAG_LENGTH)
        return definition;
    memcpy(tag, link.bytes, MARC_TAG_LENGTH);
    return check_is_local(tag) ? definition : marc_tables_field(check->tables, check->family, tag);
}

static bool sound_tag(const char *tag)
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (!((tag[i] >= '0' && tag[i] <= '9') || (tag[i] >= 'A' && tag[i] <= 'Z') || (tag[i] >= 'a' && tag[i] <= 'z')))
            return false;
    return true;
}

static void check_tag(const validation *check, size_t index, const marc_field *field, const marc_field_definition *definition)
{
    enum { FIELD_MAX = 9999 };
    finding_place place = check_at_field(index);
    char number[24];

    if (!sound_tag(field->tag))
        check_report(check, FINDING_TAG_MALFORMED, place, 0, ARGUMENTS(tag_of(field)));
    else if (check->tables != NULL && definition == NULL && !check_is_local(field->tag))
        check_report(check, FINDING_FIELD_UNDEFINED, place, 0, ARGUMENTS(tag_of(field)));
    else if (definition != NULL && definition->obsolete)
        check_report(check, FINDING_FIELD_OBSOLETE, place, definition->instead.length > 0,
                     ARGUMENTS(tag_of(field), definition->label, definition->instead));
    if (field->content.length + 1 > FIELD_MAX)
        check_report(check, FINDING_FIELD_TOO_LONG, place, 0,
                     ARGUMENTS(tag_of(field), check_number(number, field->content.length + 1)));
}

static void check_field(const validation *check, size_t index)
{
    const marc_field *field = marc_record_field(check->record, index);
    const marc_field_definition *definition =
        check->tables != NULL ? marc_tables_field(check->tables, check->family, field->tag) : NULL;

    check_tag(check, index, field, definition);
    check_repetition(check, index, field, definition);
    check_characters(check, index, field);
    if (marc_tag_is_control(field->tag))
        check_control_field(check, index, field);
    else
        check_data_field(check, index, field, content_definition(check, field, definition));
}

static void check_all(const validation *check)
{
    check_leader(check);
    check_size(check);
    check_presence(check);
    for (size_t i = 0; i < check->count; i++)
        check_field(check, i);
    check_main_entries(check);
    if (check->family != MARC_BIBLIOGRAPHIC)
        return;
    check_dates(check);
    check_languages(check);
    check_titles(check);
    check_carriers(check);
}

recto_status marc_validate_with(const marc_record *record, const marc_tables *tables, const marc_validate_options *options,
                                void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error)
{
    enum { FIRST_BLOCK = 8 * 1024 };
    bool starved = false;
    validation check = { .record = record,
                         .starved = &starved,
                         .tables = tables,
                         .profile = options != NULL ? options->profile : NULL,
                         .least = options != NULL && options->least > MARC_SEVERITY_INFO ? options->least : MARC_SEVERITY_INFO,
                         .family = marc_family_of(record),
                         .count = marc_record_count(record),
                         .visit = visit,
                         .context = context };

    check.memory = arena_new(FIRST_BLOCK);
    if (check.memory == NULL || !check_note_fields(&check) || !check_collect_links(&check)) {
        arena_free(check.memory);
        return recto_fail_memory(error, "validating a record");
    }
    check_all(&check);
    arena_free(check.memory);
    return starved ? recto_fail_memory(error, "validating a record") : RECTO_OK;
}

recto_status marc_validate(const marc_record *record, const marc_tables *tables,
                           void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error)
{
    return marc_validate_with(record, tables, NULL, visit, context, error);
}
