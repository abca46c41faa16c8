/* src/marc/validate_carrier.c - kind of content, media and carrier: 336, 337 and 338 against the leader, 007, 300 and the
 * form of item, and their terms against their codes.
 *
 * One fitting field is enough: a book with a disc has a 337 of each. Fields of other vocabularies are passed over. */
#include "validate_check.h"

#include <stdio.h>
#include <string.h>

enum { CODES_MAX = 16 };

typedef struct codes_of_tag { /* $b of all fields of a tag, of the RDA vocabulary */
    text codes[CODES_MAX];
    size_t count;
    size_t fields; /* with or without $b */
} codes_of_tag;

static void check_term(const validation *check, size_t index, const char *list)
{
    const marc_field *field = marc_record_field(check->record, index);
    text term = TEXT("");
    text code = TEXT("");
    finding_place place = { .field = index, .subfield = 'a' };

    if (!marc_field_subfield(field, 'a', &term) || !marc_field_subfield(field, 'b', &code))
        return;
    const marc_code *known = check->tables != NULL ? marc_tables_code(check->tables, list, text_trim(code)) : NULL;
    if (known == NULL || text_equal_ascii_case(text_trim(term), known->label))
        return;
    place.offset = (size_t)(term.bytes - field->content.bytes) - 2;
    place.fix = (finding_fix){ true, place.offset + 2, term.length, known->label };
    check_report(check, FINDING_TERM_DIFFERS, place, 0, ARGUMENTS(term, code, known->label));
}

/** Terms of other languages than English are right, too: only English ones are compared. */
static bool is_list_term(const validation *check, const char *list, text term)
{
    size_t count = 0;
    const marc_code *codes = check->tables != NULL ? marc_tables_list(check->tables, list, &count) : NULL;

    for (size_t i = 0; i < count; i++)
        if (text_equal_ascii_case(codes[i].label, text_trim(term)))
            return true;
    return false;
}

/** The code of a 336 to 338: $b, or that of the English term in $a. */
static text code_of(const validation *check, const marc_field *field, const char *list)
{
    text value = TEXT("");
    size_t count = 0;
    const marc_code *codes = check->tables != NULL ? marc_tables_list(check->tables, list, &count) : NULL;

    if (marc_field_subfield(field, 'b', &value))
        return text_trim(value);
    if (!marc_field_subfield(field, 'a', &value))
        return TEXT("");
    for (size_t i = 0; i < count; i++)
        if (text_equal_ascii_case(codes[i].label, text_trim(value)))
            return codes[i].code;
    return TEXT("");
}

static codes_of_tag gather(const validation *check, int tag, const char *list)
{
    codes_of_tag found = { .count = 0 };

    for (size_t at = check_first(check, tag); at != SIZE_MAX; at = check_next(check, at)) {
        const marc_field *field = marc_record_field(check->record, at);
        text value = TEXT("");
        found.fields++;
        if (marc_field_subfield(field, '2', &value) && !text_starts(text_trim(value), TEXT("rda")))
            continue;
        if (marc_field_subfield(field, 'a', &value) && is_list_term(check, list, value))
            check_term(check, at, list);
        text code = code_of(check, field, list);
        if (code.length > 0 && found.count < CODES_MAX)
            found.codes[found.count++] = code;
    }
    return found;
}

/** Is one of the codes in "txt tci", words with blanks between? An unspecified code ("zzz", "z", "zu") fits anywhere. */
static bool any_fits(const codes_of_tag *found, const char *fitting)
{
    for (size_t i = 0; i < found->count; i++) {
        text code = found->codes[i];
        const char *at = memmem(fitting, strlen(fitting), code.bytes, code.length);
        if (code.bytes[0] == 'z' || code.bytes[0] == 'x')
            return true;
        if (at != NULL && (at == fitting || at[-1] == ' ') && (at[code.length] == ' ' || at[code.length] == '\0'))
            return true;
    }
    return false;
}

/* --- leader/06 and 336 --- */

static void check_content_type(const validation *check, const codes_of_tag *content)
{
    static const struct {
        char type;
        const char *fitting;
    } types[] = {
        { 'a', "txt tct tcn sti ntm cri" },
        { 'c', "ntm tcm" },
        { 'd', "ntm tcm" },
        { 'e', "cri crm crt crn crd crf tcf" },
        { 'f', "cri crm crt crn crd crf" },
        { 'g', "tdi tdm sti tdf" },
        { 'i', "spw snd" },
        { 'j', "prm snd" },
        { 'k', "sti tci" },
        { 'm', "cod cop crd txt tdi sti prm snd spw" },
        { 't', "txt tct tcn" },
    };
    char type = marc_record_leader(check->record)[6];

    for (size_t i = 0; content->count > 0 && i < sizeof types / sizeof *types; i++)
        if (types[i].type == type && !any_fits(content, types[i].fitting))
            check_report(check, FINDING_CONTENT_TYPE_DIFFERS, check_at_field(check_first(check, 336)), 0,
                         ARGUMENTS(text_of(&type, 1), text_from(types[i].fitting)));
}

/* --- 338 and 337: the first letter of a carrier code is its media type, but for films --- */

static void check_carrier_media(const validation *check, const codes_of_tag *media, const codes_of_tag *carriers)
{
    for (size_t i = 0; media->count > 0 && i < carriers->count; i++) {
        text carrier = carriers->codes[i];
        const marc_code *known = check->tables != NULL ? marc_tables_code(check->tables, "carrier", carrier) : NULL;
        char wanted[2] = { carrier.bytes[0] == 'm' ? 'g' : carrier.bytes[0], '\0' }; /* films are projected */
        if (known == NULL || any_fits(media, wanted) || wanted[0] == 'z')
            continue;
        check_report(check, FINDING_CARRIER_MEDIA_DIFFERS, check_at_field(check_first(check, 338)), 0,
                     ARGUMENTS(carrier, known->label, text_of(wanted, 1)));
        return;
    }
}

/* --- 007 and 337 --- */

static void check_category(const validation *check, size_t index, const codes_of_tag *media)
{
    static const struct {
        char category;
        const char *name, *fitting;
    } categories[] = {
        { 'a', "map", "n c h g" },
        { 'c', "electronic resource", "c s v" },
        { 'd', "globe", "n" },
        { 'f', "tactile material", "n" },
        { 'g', "projected graphic", "g c" },
        { 'h', "microform", "h" },
        { 'k', "nonprojected graphic", "n c" },
        { 'm', "motion picture", "g v c" },
        { 'q', "notated music", "n c h" },
        { 's', "sound recording", "s c v g" },
        { 't', "text", "n c h" },
        { 'v', "videorecording", "v c" },
    };
    const marc_field *field = marc_record_field(check->record, index);
    finding_place place = { .field = index, .suffix = "/00" };

    for (size_t i = 0; field->content.length > 0 && i < sizeof categories / sizeof *categories; i++)
        if (categories[i].category == field->content.bytes[0] && !any_fits(media, categories[i].fitting))
            check_report(
                check, FINDING_CATEGORY_MEDIA_DIFFERS, place, 0,
                ARGUMENTS(text_of(field->content.bytes, 1), text_from(categories[i].name), text_from(categories[i].fitting)));
}

/* --- 300 and 338 --- */

static bool contains(text whole, const char *word)
{
    return memmem(whole.bytes, whole.length, word, strlen(word)) != NULL;
}

static void check_extent(const validation *check, size_t index, const codes_of_tag *carriers)
{
    static const struct {
        const char *word, *fitting;
    } extents[] = {
        { "online resource", "cr" },      { "audio disc", "sd cd" }, { "sound disc", "sd cd" }, { "audiocassette", "ss" },
        { "sound cassette", "ss" },       { "videodisc", "vd cd" },  { "videocassette", "vf" }, { "microfiche", "he hf" },
        { "microfilm reel", "hd hj hf" }, { "CD-ROM", "cd" },        { "computer disc", "cd" }, { "film reel", "mr" },
    };
    const marc_field *field = marc_record_field(check->record, index);
    text extent = TEXT("");

    if (!marc_field_subfield(field, 'a', &extent))
        return;
    for (size_t i = 0; i < sizeof extents / sizeof *extents; i++) {
        if (!contains(extent, extents[i].word))
            continue;
        if (any_fits(carriers, extents[i].fitting))
            return;
        finding_place place = { .field = index, .subfield = 'a', .offset = (size_t)(extent.bytes - field->content.bytes) - 2 };
        check_report(check, FINDING_EXTENT_CARRIER_DIFFERS, place, 0, ARGUMENTS(extent, text_from(extents[i].fitting)));
        return;
    }
}

/* --- form of item and 338 --- */

static void check_form_of_item(const validation *check, const codes_of_tag *carriers)
{
    const marc_field *fixed = check_first_field(check, 8);
    char type = marc_record_leader(check->record)[6];
    size_t offset = strchr("efgkor", type) != NULL ? 29 : 23;
    char suffix[8];

    for (size_t i = 0; i < carriers->count; i++)
        if (!text_equal(carriers->codes[i], TEXT("cr")))
            return;
    if (carriers->count == 0 || fixed == NULL || fixed->content.length <= offset)
        return;
    char form = fixed->content.bytes[offset];
    if (form == 'o' || form == 's' || form == '|')
        return;
    (void)snprintf(suffix, sizeof suffix, "/%02zu", offset);
    finding_place place = { .field = check_first(check, 8), .offset = offset, .suffix = suffix };
    place.fix = (finding_fix){ true, offset, 1, TEXT("o") };
    check_report(check, FINDING_FORM_CARRIER_DIFFERS, place, 0, ARGUMENTS(form == ' ' ? TEXT("#") : text_of(&form, 1)));
}

void check_carriers(const validation *check)
{
    codes_of_tag content;
    codes_of_tag media;
    codes_of_tag carriers;

    if (check->first[336] == 0 && check->first[337] == 0 && check->first[338] == 0)
        return;
    content = gather(check, 336, "content");
    media = gather(check, 337, "media");
    carriers = gather(check, 338, "carrier");
    check_content_type(check, &content);
    check_carrier_media(check, &media, &carriers);
    if (media.count > 0 && media.count == media.fields)
        for (size_t at = check_first(check, 7); at != SIZE_MAX; at = check_next(check, at))
            check_category(check, at, &media);
    if (carriers.count > 0 && carriers.count == carriers.fields)
        for (size_t at = check_first(check, 300); at != SIZE_MAX; at = check_next(check, at))
            check_extent(check, at, &carriers);
    check_form_of_item(check, &carriers);
}
