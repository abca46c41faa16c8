/* src/marc/linkage.c - see linkage.h. What is written is always the whole content of a field: indicators, $6, and the rest. */
#include "recto/marc/linkage.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDICATORS = 2, LINK_BYTES = 80, DIGITS_MAX = 6 };

/* ---- scripts ---- */

static const marc_script scripts[] = {
    { "Hebrew", "(2/r", 0x0590, 0x05FF },
    { "Arabic", "(3/r", 0x0600, 0x06FF },
    { "Cyrillic", "(N", 0x0400, 0x052F },
    { "Greek", "(S", 0x0370, 0x03FF },
    { "Chinese, Japanese, Korean", "$1", 0x2E80, 0x9FFF },
    { "Latin", "(B", 0, 0 },
    { "Devanagari", "Deva", 0x0900, 0x097F },
    { "Bengali", "Beng", 0x0980, 0x09FF },
    { "Gurmukhi", "Guru", 0x0A00, 0x0A7F },
    { "Gujarati", "Gujr", 0x0A80, 0x0AFF },
    { "Oriya", "Orya", 0x0B00, 0x0B7F },
    { "Tamil", "Taml", 0x0B80, 0x0BFF },
    { "Telugu", "Telu", 0x0C00, 0x0C7F },
    { "Kannada", "Knda", 0x0C80, 0x0CFF },
    { "Malayalam", "Mlym", 0x0D00, 0x0D7F },
    { "Sinhala", "Sinh", 0x0D80, 0x0DFF },
    { "Thai", "Thai", 0x0E00, 0x0E7F },
    { "Lao", "Laoo", 0x0E80, 0x0EFF },
    { "Tibetan", "Tibt", 0x0F00, 0x0FFF },
    { "Burmese", "Mymr", 0x1000, 0x109F },
    { "Georgian", "Geor", 0x10A0, 0x10FF },
    { "Armenian", "Armn", 0x0530, 0x058F },
    { "Ethiopic", "Ethi", 0x1200, 0x137F },
    { "Khmer", "Khmr", 0x1780, 0x17FF },
    { "Hangul", "$1", 0xAC00, 0xD7AF },
};
enum { SCRIPT_COUNT = sizeof scripts / sizeof *scripts };

const marc_script *marc_scripts(size_t *count)
{
    *count = SCRIPT_COUNT;
    return scripts;
}

const marc_script *marc_script_of(const marc_field *field)
{
    size_t seen[SCRIPT_COUNT] = { 0 }, best = SCRIPT_COUNT, at = 0;
    while (at < field->content.length) {
        int32_t code;
        at += utf8_decode(field->content.bytes + at, field->content.length - at, &code);
        for (size_t i = 0; code >= 0x370 && i < SCRIPT_COUNT; i++)
            if (code >= scripts[i].first && code <= scripts[i].last)
                seen[i]++;
    }
    for (size_t i = 0; i < SCRIPT_COUNT; i++)
        if (seen[i] > 0 && (best == SCRIPT_COUNT || seen[i] > seen[best]))
            best = i;
    return best < SCRIPT_COUNT ? &scripts[best] : NULL;
}

/* ---- reading ---- */

bool marc_linkage_of(const marc_field *field, marc_linkage *out)
{
    text value = TEXT("");
    size_t at = MARC_TAG_LENGTH + 1;
    *out = (marc_linkage){ .in_880 = strcmp(field->tag, "880") == 0 };
    if (marc_tag_is_control(field->tag) || !marc_field_subfield(field, '6', &value) || value.length <= at ||
        value.bytes[3] != '-')
        return false;
    memcpy(out->tag, value.bytes, MARC_TAG_LENGTH);
    size_t first = at;
    for (; at < value.length && value.bytes[at] >= '0' && value.bytes[at] <= '9' && at - first < DIGITS_MAX; at++)
        out->number = out->number * 10 + (unsigned)(value.bytes[at] - '0');
    if (at == first || (at < value.length && value.bytes[at] != '/'))
        return false;
    if (at < value.length)
        out->script = text_of(value.bytes + at + 1, value.length - at - 1);
    return out->in_880 || strcmp(out->tag, "880") == 0;
}

/* The tag that both halves have in common: that of the ordinary field. */
static const char *common_tag(const marc_field *field, const marc_linkage *link)
{
    return link->in_880 ? link->tag : field->tag;
}

static bool belong_together(const marc_field *a, const marc_linkage *link_a, const marc_field *b, const marc_linkage *link_b)
{
    return link_a->in_880 != link_b->in_880 && link_a->number == link_b->number && link_a->number > 0 &&
           strcmp(common_tag(a, link_a), common_tag(b, link_b)) == 0;
}

size_t marc_linkage_partner(const marc_record *record, size_t index)
{
    const marc_field *field = marc_record_field(record, index);
    marc_linkage link, other;
    if (!marc_linkage_of(field, &link) || link.number == 0)
        return SIZE_MAX;
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *here = marc_record_field(record, i);
        if (i != index && marc_linkage_of(here, &other) && belong_together(field, &link, here, &other))
            return i;
    }
    return SIZE_MAX;
}

static bool number_is_taken(const marc_record *record, unsigned number)
{
    marc_linkage link;
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (marc_linkage_of(marc_record_field(record, i), &link) && link.number == number)
            return true;
    return false;
}

static unsigned free_number(const marc_record *record)
{
    unsigned number = 1;
    while (number_is_taken(record, number))
        number++;
    return number;
}

/* ---- writing ---- */

/* Indicators, `link` as $6 (NULL: none), and all other subfields of the content. */
static void relinked(buffer *out, text content, const char *link)
{
    const marc_field field = { .content = content };
    marc_subfield subfield;
    size_t offset = 0;
    buffer_append(out, content.bytes, content.length < INDICATORS ? content.length : INDICATORS);
    while (out->length < INDICATORS && !buffer_failed(out))
        buffer_append_char(out, ' ');
    if (link != NULL) {
        buffer_append(out,
                      "\x1F"
                      "6",
                      2);
        buffer_append_string(out, link);
    }
    while (marc_field_next_subfield(&field, &offset, &subfield))
        if (subfield.code != '6') {
            size_t head = subfield.code != 0 ? 2 : 0;
            const char *from = subfield.code != 0 ? subfield.value.bytes - head : subfield.value.bytes;
            buffer_append(out, from, subfield.value.length + head);
        }
}

static recto_status write_link(marc_edit *edit, size_t index, const char *tag, text content, const char *link, recto_error *error)
{
    buffer made;
    buffer_init(&made, 0);
    relinked(&made, content, link);
    recto_status status = buffer_failed(&made) ? recto_fail_memory(error, "linking fields")
                                               : marc_edit_replace(edit, index, tag, buffer_text(&made), error);
    buffer_release(&made);
    return status;
}

static void link_text(char out[static LINK_BYTES], const char *tag, unsigned number, text script)
{
    int most = script.length < LINK_BYTES - 20 ? (int)script.length : LINK_BYTES - 20;
    (void)snprintf(out, LINK_BYTES, "%.3s-%02u%s%.*s", tag, number, most > 0 ? "/" : "", most, most > 0 ? script.bytes : "");
}

/* The field anew with this number; tag and script stay. */
static recto_status set_number(marc_edit *edit, size_t index, unsigned number, recto_error *error)
{
    const marc_field *field = marc_record_field(marc_edit_record(edit), index);
    marc_linkage link;
    char value[LINK_BYTES], tag[MARC_TAG_LENGTH + 1];
    if (!marc_linkage_of(field, &link))
        return RECTO_OK;
    memcpy(tag, field->tag, sizeof tag);
    link_text(value, link.tag, number, link.script);
    return write_link(edit, index, tag, field->content, value, error);
}

static recto_status refuse(recto_error *error, const marc_field *field, const char *what, const char *todo)
{
    return recto_fail(error, RECTO_EINVALID, field->tag, todo, "%s", what);
}

/* ---- what is done with a pair ---- */

static recto_status add_copy(marc_edit *edit, size_t index, const char *link, size_t *made, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    buffer content;
    buffer_init(&content, 0);
    relinked(&content, marc_record_field(record, index)->content, link);
    *made = marc_record_place(record, "880");
    recto_status status = buffer_failed(&content) ? recto_fail_memory(error, "adding an 880")
                                                  : marc_edit_insert(edit, *made, "880", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

recto_status marc_linkage_add(marc_edit *edit, size_t index, const char *script_code, size_t *made, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    const marc_field *field = marc_record_field(record, index);
    char tag[MARC_TAG_LENGTH + 1], to_880[LINK_BYTES], from_880[LINK_BYTES];
    if (marc_tag_is_control(field->tag))
        return refuse(error, field, "a control field has no alternate graphic representation", "");
    if (strcmp(field->tag, "880") == 0)
        return refuse(error, field, "this field is an alternate representation already",
                      "put the cursor on the field it goes with");
    if (marc_linkage_partner(record, index) != SIZE_MAX)
        return refuse(error, field, "the field has its 880 already", "change its script, or unlink it first");
    unsigned number = free_number(record);
    memcpy(tag, field->tag, sizeof tag);
    link_text(to_880, "880", number, TEXT(""));
    link_text(from_880, tag, number, text_from(script_code));
    marc_edit_begin(edit, "add alternate graphic representation");
    recto_status status = write_link(edit, index, tag, field->content, to_880, error);
    if (status == RECTO_OK)
        status = add_copy(edit, index, from_880, made, error);
    marc_edit_end(edit);
    return status;
}

static recto_status pair_up(marc_edit *edit, size_t latin, size_t vernacular, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    const marc_field *field = marc_record_field(record, latin), *other = marc_record_field(record, vernacular);
    const marc_script *script = marc_script_of(other);
    marc_linkage old;
    char tag[MARC_TAG_LENGTH + 1], to_880[LINK_BYTES], from_880[LINK_BYTES];
    unsigned number = free_number(record);
    text code = text_from(script != NULL ? script->code : "");
    if (marc_linkage_of(other, &old) && old.script.length > 0)
        code = old.script;
    memcpy(tag, field->tag, sizeof tag);
    link_text(to_880, "880", number, TEXT(""));
    link_text(from_880, tag, number, code);
    marc_edit_begin(edit, "link fields");
    recto_status status = write_link(edit, vernacular, "880", other->content, from_880, error);
    if (status == RECTO_OK)
        status = write_link(edit, latin, tag, marc_record_field(record, latin)->content, to_880, error);
    marc_edit_end(edit);
    return status;
}

recto_status marc_linkage_link(marc_edit *edit, size_t one, size_t other, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    const marc_field *a = marc_record_field(record, one), *b = marc_record_field(record, other);
    bool a_880 = strcmp(a->tag, "880") == 0, b_880 = strcmp(b->tag, "880") == 0;
    if (one == other || (a_880 && b_880))
        return refuse(error, a, "two 880 cannot be linked", "link an 880 with the field it renders");
    if (marc_tag_is_control(a->tag) || marc_tag_is_control(b->tag))
        return refuse(error, a, "a control field cannot be linked", "");
    if (marc_linkage_partner(record, one) != SIZE_MAX || marc_linkage_partner(record, other) != SIZE_MAX)
        return refuse(error, a, "one of the two is linked already", "unlink it first");
    if (!a_880 && !b_880 && strcmp(a->tag, b->tag) != 0)
        return refuse(error, a, "fields of different tags cannot be linked", "link two fields of one tag, or a field and an 880");
    if (a_880 || b_880)
        return pair_up(edit, a_880 ? other : one, a_880 ? one : other, error);
    bool first_is_vernacular = marc_script_of(a) != NULL && marc_script_of(b) == NULL;
    return pair_up(edit, first_is_vernacular ? other : one, first_is_vernacular ? one : other, error);
}

static recto_status find_pair(const marc_record *record, size_t index, size_t *latin, size_t *vernacular, recto_error *error)
{
    const marc_field *field = marc_record_field(record, index);
    size_t partner = marc_linkage_partner(record, index);
    bool in_880 = strcmp(field->tag, "880") == 0;
    if (partner == SIZE_MAX)
        return refuse(error, field, "the field is linked with none", "");
    *latin = in_880 ? partner : index;
    *vernacular = in_880 ? index : partner;
    return RECTO_OK;
}

recto_status marc_linkage_unlink(marc_edit *edit, size_t index, bool as_880, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    size_t latin = 0, vernacular = 0;
    char tag[MARC_TAG_LENGTH + 1];
    recto_status status = find_pair(record, index, &latin, &vernacular, error);
    if (status != RECTO_OK)
        return status;
    memcpy(tag, marc_record_field(record, latin)->tag, sizeof tag);
    marc_edit_begin(edit, "unlink fields");
    if (as_880)
        status = set_number(edit, vernacular, 0, error);
    else
        status = write_link(edit, vernacular, tag, marc_record_field(record, vernacular)->content, NULL, error);
    if (status == RECTO_OK)
        status = write_link(edit, latin, tag, marc_record_field(record, latin)->content, NULL, error);
    marc_edit_end(edit);
    return status;
}

static void copy_link(const marc_field *field, char out[static LINK_BYTES])
{
    marc_linkage link;
    out[0] = '\0';
    if (marc_linkage_of(field, &link))
        link_text(out, link.tag, link.number, link.script);
}

recto_status marc_linkage_flip(marc_edit *edit, size_t index, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    size_t latin = 0, vernacular = 0;
    char tag[MARC_TAG_LENGTH + 1], to_880[LINK_BYTES], from_880[LINK_BYTES];
    buffer kept;
    recto_status status = find_pair(record, index, &latin, &vernacular, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&kept, 0);
    const marc_field *field = marc_record_field(record, latin);
    memcpy(tag, field->tag, sizeof tag);
    buffer_append_text(&kept, field->content);
    copy_link(field, to_880);
    copy_link(marc_record_field(record, vernacular), from_880);
    marc_edit_begin(edit, "flip fields");
    status = buffer_failed(&kept) ? recto_fail_memory(error, "flipping fields")
                                  : write_link(edit, latin, tag, marc_record_field(record, vernacular)->content, to_880, error);
    if (status == RECTO_OK)
        status = write_link(edit, vernacular, "880", buffer_text(&kept), from_880, error);
    marc_edit_end(edit);
    buffer_release(&kept);
    return status;
}

recto_status marc_linkage_set_script(marc_edit *edit, size_t index, const char *script_code, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    const marc_field *field = marc_record_field(record, index);
    marc_linkage link;
    char value[LINK_BYTES];
    if (strcmp(field->tag, "880") != 0) {
        size_t partner = marc_linkage_partner(record, index);
        if (partner == SIZE_MAX)
            return refuse(error, field, "the field has no 880 whose script could change", "");
        return marc_linkage_set_script(edit, partner, script_code, error);
    }
    if (!marc_linkage_of(field, &link))
        return refuse(error, field, "the 880 has no $6 that can be read", "write it as in 245-01");
    link_text(value, link.tag, link.number, text_from(script_code));
    return write_link(edit, index, "880", field->content, value, error);
}

recto_status marc_linkage_remove(marc_edit *edit, size_t index, bool both, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    size_t partner = marc_linkage_partner(record, index);
    char tag[MARC_TAG_LENGTH + 1];
    recto_status status = RECTO_OK;
    marc_edit_begin(edit, both ? "remove both fields" : "remove field");
    if (partner != SIZE_MAX && !both) {
        const marc_field *other = marc_record_field(record, partner);
        memcpy(tag, other->tag, sizeof tag);
        status = strcmp(tag, "880") == 0 ? set_number(edit, partner, 0, error)
                                         : write_link(edit, partner, tag, other->content, NULL, error);
    }
    if (status == RECTO_OK && both && partner != SIZE_MAX && partner > index)
        status = marc_edit_remove(edit, partner, error);
    if (status == RECTO_OK)
        status = marc_edit_remove(edit, index, error);
    if (status == RECTO_OK && both && partner != SIZE_MAX && partner < index)
        status = marc_edit_remove(edit, partner, error);
    marc_edit_end(edit);
    return status;
}

/* ---- numbers of their own ---- */

/* The 880 of the field at `index` that no earlier field of the same number has taken. */
static size_t untaken_partner(const marc_record *record, size_t index, const bool *taken)
{
    const marc_field *field = marc_record_field(record, index);
    marc_linkage link, other;
    if (!marc_linkage_of(field, &link))
        return SIZE_MAX;
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *here = marc_record_field(record, i);
        if (!taken[i] && marc_linkage_of(here, &other) && belong_together(field, &link, here, &other))
            return i;
    }
    return SIZE_MAX;
}

static bool number_was_used(const marc_record *record, const bool *settled, unsigned number)
{
    marc_linkage link;
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (settled[i] && marc_linkage_of(marc_record_field(record, i), &link) && link.number == number)
            return true;
    return false;
}

recto_status marc_linkage_renumber(marc_edit *edit, size_t *changed, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit);
    size_t count = marc_record_count(record);
    bool *settled = calloc(count + 1, sizeof *settled);
    recto_status status = RECTO_OK;
    *changed = 0;
    if (settled == NULL)
        return recto_fail_memory(error, "numbering linked fields");
    marc_edit_begin(edit, "number linked fields");
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_linkage link;
        if (!marc_linkage_of(field, &link) || link.in_880 || link.number == 0)
            continue;
        size_t partner = untaken_partner(record, i, settled);
        if (partner == SIZE_MAX)
            continue;
        if (number_was_used(record, settled, link.number)) {
            unsigned number = free_number(record);
            status = set_number(edit, i, number, error);
            if (status == RECTO_OK)
                status = set_number(edit, partner, number, error);
            (*changed)++;
        }
        settled[i] = settled[partner] = true;
    }
    marc_edit_end(edit);
    free(settled);
    return status;
}
