/* src/marc/validate_links.c - $6: a field and its 880, both ways; numbers that stand once; the script after the stroke. */
#include "validate_check.h"

#include <stdlib.h>
#include <string.h>

/** "880-01/(B" -> tag 880, number 01. */
static bool parse_link(text value, char tag[static MARC_TAG_LENGTH + 1], char number[static 3])
{
    if (value.length < 6 || value.bytes[3] != '-' || !check_is_digit(value.bytes[4]) || !check_is_digit(value.bytes[5]) ||
        (value.length > 6 && value.bytes[6] != '/' && !check_is_digit(value.bytes[6])))
        return false;
    memcpy(tag, value.bytes, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
    memcpy(number, value.bytes + 4, 2);
    number[2] = '\0';
    return true;
}

/** @return false: the field has no $6, or one that cannot be read */
static bool link_of(const marc_field *field, field_link *out)
{
    char named[MARC_TAG_LENGTH + 1];
    text value = TEXT("");

    *out = (field_link){ .in_880 = memcmp(field->tag, "880", MARC_TAG_LENGTH) == 0 };
    if (!marc_field_subfield(field, '6', &value) || !parse_link(value, named, out->number))
        return false;
    memcpy(out->tag, out->in_880 ? named : field->tag, MARC_TAG_LENGTH);
    return out->in_880 || strcmp(named, "880") == 0;
}

/** By number, then by tag, the 880 behind its partner. */
static int by_link(const void *left, const void *right)
{
    const field_link *a = left;
    const field_link *b = right;
    int order = memcmp(a->number, b->number, 2);

    if (order == 0)
        order = memcmp(a->tag, b->tag, MARC_TAG_LENGTH);
    return order != 0 ? order : a->in_880 - b->in_880;
}

bool check_collect_links(validation *check)
{
    size_t room = 0;

    for (size_t i = 0; i < check->count; i++) {
        const marc_field *field = marc_record_field(check->record, i);
        field_link link;
        if (marc_tag_is_control(field->tag) || !link_of(field, &link))
            continue;
        if (check->link_count == room) {
            size_t more = room == 0 ? 32 : room * 2;
            field_link *grown = arena_alloc(check->memory, more * sizeof *grown);
            if (grown == NULL)
                return false;
            if (room > 0)
                memcpy(grown, check->links, room * sizeof *grown);
            check->links = grown;
            room = more;
        }
        check->links[check->link_count++] = link;
    }
    if (check->link_count > 1)
        qsort(check->links, check->link_count, sizeof *check->links, by_link);
    return true;
}

static const field_link *find_link(const validation *check, const field_link *link)
{
    return check->link_count == 0 ? NULL : bsearch(link, check->links, check->link_count, sizeof *link, by_link);
}

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/** "(N", "$1", "Cyrl", each with "/r" behind it or not */
static bool sound_script(text script)
{
    static const char *const codes[] = { "(3", "(4", "(B", "$1", "(N", "(Q", "(S", "(2" };

    if (script.length >= 3 && memcmp(script.bytes + script.length - 3, "\xE2\x80\x8F", 3) == 0) /* a right-to-left mark */
        script.length -= 3;
    if (script.length >= 2 && memcmp(script.bytes + script.length - 2, "/r", 2) == 0)
        script.length -= 2;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (text_equal(script, text_from(codes[i])))
            return true;
    if (script.length == 1) /* only the orientation: "/r" */
        return script.bytes[0] == 'r';
    return script.length == 4 && is_letter(script.bytes[0]) && is_letter(script.bytes[1]) && is_letter(script.bytes[2]) &&
           is_letter(script.bytes[3]);
}

static void check_script(const validation *check, finding_place place, text value)
{
    const char *stroke = memchr(value.bytes, '/', value.length);

    if (stroke == NULL)
        return;
    text script = text_of(stroke + 1, value.length - (size_t)(stroke + 1 - value.bytes));
    if (!sound_script(text_trim(script)))
        check_report(check, FINDING_LINK_SCRIPT, place, 0, ARGUMENTS(script));
}

/** The same link from the same side stands twice, or its number links another field too. Told at the 880 only. */
static void check_numbering(const validation *check, finding_place place, const field_link *link)
{
    const field_link *found = find_link(check, link);
    const field_link *end = check->links + check->link_count;
    text number = text_of(link->number, 2);

    if (found == NULL)
        return;
    if ((found > check->links && by_link(found - 1, link) == 0) || (found + 1 < end && by_link(found + 1, link) == 0)) {
        check_report(check, FINDING_LINK_AMBIGUOUS, place, link->in_880 ? 0 : 1, ARGUMENTS(text_of(link->tag, 3), number));
        return;
    }
    for (const field_link *other = found; link->in_880 && other > check->links; other--)
        if (memcmp(other[-1].number, link->number, 2) != 0) {
            break;
        } else if (memcmp(other[-1].tag, link->tag, MARC_TAG_LENGTH) != 0) {
            check_report(check, FINDING_LINK_NUMBER_REUSED, place, 0,
                         ARGUMENTS(number, text_of(link->tag, 3), text_of(other[-1].tag, 3)));
            break;
        }
}

void check_link(const validation *check, size_t index, const marc_field *field)
{
    finding_place place = { .field = index, .subfield = '6' };
    bool in_880 = memcmp(field->tag, "880", MARC_TAG_LENGTH) == 0;
    field_link link;
    marc_subfield first;
    size_t offset = 0;
    text value = TEXT("");

    if (!marc_field_subfield(field, '6', &value)) {
        if (in_880)
            check_report(check, FINDING_LINK_MISSING, place, 0, NO_ARGUMENTS);
        return;
    }
    place.offset = (size_t)(value.bytes - field->content.bytes) - 2;
    if (marc_field_next_subfield(field, &offset, &first) && first.code != '6' && first.code != '8')
        check_report(check, FINDING_SUBFIELD_ORDER, place, 1, NO_ARGUMENTS);
    if (!link_of(field, &link)) {
        check_report(check, FINDING_LINK_MALFORMED, place, 0, ARGUMENTS(value, in_880 ? TEXT("245-01") : TEXT("880-01")));
        return;
    }
    check_script(check, place, value);
    if (strcmp(link.number, "00") == 0)
        return; /* an 880 that stands alone */
    check_numbering(check, place, &link);
    link.in_880 = !link.in_880;
    place.fix = in_880 ? (finding_fix){ true, place.offset + 2 + 4, 2, TEXT("00") }
                       : (finding_fix){ true, place.offset, 2 + value.length, TEXT("") };
    if (find_link(check, &link) == NULL)
        check_report(check, FINDING_LINK_BROKEN, place, in_880, ARGUMENTS(text_of(link.tag, 3), text_of(link.number, 2)));
}
