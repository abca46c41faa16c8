/* src/marc/validate_report.c - how a finding is told: its severity by the profile, its place, its sentence, its remedy.
 *
 * Values of the record are shown without control bytes and cut; nothing is composed for a finding that nobody wants. */
#include "validate_check.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

const char *marc_severity_name(marc_severity severity)
{
    static const char *const names[] = { "ignore", "info", "warning", "block" };

    return names[severity + 1];
}

bool marc_severity_named(marc_severity *out, text name)
{
    for (int i = MARC_SEVERITY_IGNORE; i <= MARC_SEVERITY_BLOCK; i++)
        if (text_equal(name, text_from(marc_severity_name((marc_severity)i)))) {
            *out = (marc_severity)i;
            return true;
        }
    return false;
}

/* --- sentences --- */

typedef struct sentence {
    char *bytes;
    size_t used, capacity; /* of the bytes without the NUL */
} sentence;

static bool add_bytes(sentence *to, const char *bytes, size_t length)
{
    if (to->used + length > to->capacity)
        return false;
    memcpy(to->bytes + to->used, bytes, length);
    to->used += length;
    return true;
}

/** Plain ASCII as it is; anything else as a terminal may show it. */
static void add_shown(sentence *to, text value, int columns)
{
    static const char more[] = "\xE2\x80\xA6";

    for (size_t at = 0; at < value.length;) {
        display_unit unit;
        unsigned char byte = (unsigned char)value.bytes[at];
        bool plain = byte >= ' ' && byte < 0x7F && (at + 1 == value.length || (unsigned char)value.bytes[at + 1] < 0x7F);
        if (plain)
            unit = (display_unit){ .shown = { (char)byte }, .bytes = 1, .width = 1 };
        else
            display_next(&unit, value.bytes + at, value.length - at, true);
        columns -= unit.width;
        if (columns < 0 || !add_bytes(to, unit.shown, strlen(unit.shown))) {
            (void)add_bytes(to, more, sizeof more - 1);
            return;
        }
        at += unit.bytes;
    }
}

static const char *form_of(const char *said, int form)
{
    const char *bar = form > 0 ? strchr(said, '|') : NULL;

    return bar != NULL ? bar + 1 : said;
}

static void write_sentence(char *out, size_t size, const char *said, const text arguments[static FINDING_ARGUMENTS])
{
    enum { VALUE_COLUMNS = 40, LIST_COLUMNS = 90 };
    sentence to = { out, 0, size - 1 };

    for (; *said != '\0' && *said != '|'; said++) {
        if (said[0] != '{' || said[1] < '1' || said[1] > '0' + FINDING_ARGUMENTS) {
            (void)add_bytes(&to, said, 1);
            continue;
        }
        bool wide = said[2] == '+';
        add_shown(&to, arguments[said[1] - '1'], wide ? LIST_COLUMNS : VALUE_COLUMNS);
        said += wide ? 3 : 2;
    }
    out[to.used] = '\0';
}

/* --- places --- */

static void write_where(const validation *check, marc_finding *finding, const char *suffix)
{
    const marc_field *field = NULL;
    sentence to = { finding->where, 0, sizeof finding->where - 1 };
    char number[24];

    if (finding->field == SIZE_MAX) {
        const char *whole = suffix != NULL ? suffix : "record";
        (void)add_bytes(&to, whole, strlen(whole));
        finding->where[to.used] = '\0';
        return;
    }
    field = marc_record_field(check->record, finding->field);
    add_shown(&to, text_of(field->tag, MARC_TAG_LENGTH), 24);
    if (check->notes[finding->field].total > 1) {
        (void)add_bytes(&to, "[", 1);
        add_shown(&to, check_number(number, check->notes[finding->field].occurrence), 20);
        (void)add_bytes(&to, "]", 1);
    }
    if (suffix != NULL)
        (void)add_bytes(&to, suffix, strlen(suffix));
    if (finding->subfield > ' ' && finding->subfield < 0x7F)
        (void)add_bytes(&to, (const char[]){ ' ', '$', finding->subfield }, 3);
    finding->where[to.used] = '\0';
}

static void write_fix(marc_finding *finding, const finding_fix *fix)
{
    if (!fix->offered || fix->instead.length >= sizeof finding->suggestion)
        return;
    finding->fixable = true;
    finding->fix_offset = fix->offset;
    finding->fix_length = fix->length;
    if (fix->instead.length > 0)
        memcpy(finding->suggestion, fix->instead.bytes, fix->instead.length);
}

void check_report(const validation *check, finding_kind kind, finding_place place, int form,
                  const text arguments[static FINDING_ARGUMENTS])
{
    const char *tag = place.tag != NULL         ? place.tag
                      : place.field != SIZE_MAX ? marc_record_field(check->record, place.field)->tag
                      : place.suffix != NULL    ? place.suffix
                                                : "";
    marc_severity severity = profile_severity(check->profile, kind, tag, place.subfield);
    marc_finding finding = { .severity = severity,
                             .code = finding_kinds[kind].code,
                             .field = place.field,
                             .subfield = place.subfield,
                             .offset = place.offset };

    if (severity < check->least)
        return;
    write_where(check, &finding, place.suffix);
    write_sentence(finding.message, sizeof finding.message, form_of(finding_kinds[kind].sentence, form), arguments);
    write_fix(&finding, &place.fix);
    check->visit(check->context, &finding);
}

/* --- pieces --- */

text check_number(char out[static 24], size_t number)
{
    int length = snprintf(out, 24, "%zu", number);

    return text_of(out, length > 0 ? (size_t)length : 0);
}

text check_list_codes(char out[static SHOWN_LENGTH], const marc_code *codes, size_t count)
{
    enum { ROOM = 84, MANY = 60 };
    sentence to = { out, 0, ROOM };
    char number[24];

    if (count > MANY) {
        text many = check_number(number, count);
        (void)add_bytes(&to, "one of the ", 11);
        (void)add_bytes(&to, many.bytes, many.length);
        (void)add_bytes(&to, " codes of its list", 18);
        return text_of(out, to.used);
    }
    for (size_t i = 0; i < count; i++) {
        if (codes[i].obsolete)
            continue;
        if (to.used + codes[i].code.length + 5 > ROOM) {
            (void)add_bytes(&to, " ...", 4);
            break;
        }
        if (to.used > 0)
            (void)add_bytes(&to, " ", 1);
        (void)add_bytes(&to, codes[i].code.bytes, codes[i].code.length);
    }
    return text_of(out, to.used);
}

static char folded(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/** How many bytes differ, the case of letters not counted; blanks of the record are # in a list. */
static size_t bytes_apart(text code, text wrong)
{
    size_t apart = 0;

    for (size_t i = 0; i < code.length; i++)
        apart += folded(code.bytes[i]) != folded(wrong.bytes[i] == ' ' ? '#' : wrong.bytes[i]);
    return apart;
}

text check_nearest_code(const marc_code *codes, size_t count, text wrong)
{
    text nearest = TEXT("");
    size_t least = wrong.length > 1 ? 1 : 0; /* of a single byte only its case may be wrong */
    bool several = false;

    for (size_t i = 0; i < count; i++) {
        if (codes[i].obsolete || codes[i].code.length != wrong.length)
            continue;
        size_t apart = bytes_apart(codes[i].code, wrong);
        if (apart == 0)
            return codes[i].code;
        if (apart > least)
            continue;
        several = nearest.length > 0;
        nearest = codes[i].code;
    }
    return several ? TEXT("") : nearest;
}

finding_place check_at_field(size_t index)
{
    return (finding_place){ .field = index };
}

finding_place check_at_subfield(size_t index, const marc_subfield *subfield)
{
    return (finding_place){ .field = index, .subfield = subfield->code, .offset = subfield->offset };
}

finding_fix check_fix_value(const marc_subfield *subfield, text instead)
{
    return (finding_fix){ .offered = true, .offset = subfield->offset + 2, .length = subfield->value.length, .instead = instead };
}

finding_fix check_fix_indicator(int which, const char *instead)
{
    return (finding_fix){ .offered = true, .offset = (size_t)which - 1, .length = 1, .instead = text_of(instead, 1) };
}
