/* src/catalog/heading_extract.c - what of an authority record is told beside its heading: a rule of the institution (ED-119a).
 *
 * The rule is the setting heading_extract: fields with their subfields, "373a 374a 670ab", in the order in which they are told;
 * of a field that is there more than once, the first. */
#include "recto/catalog/settings.h"

#include "inside.h"

#include <string.h>

static const char EXTRACT[] = "heading_extract";
enum { CODES_MOST = 36 };

/* One word of the rule: a data field and at least one subfield code. */
static bool take_word(text *rest, char tag[static MARC_TAG_LENGTH + 1], char codes[static CODES_MOST + 1])
{
    const text word = text_next_field(rest, ' ');
    if (word.length <= MARC_TAG_LENGTH || word.length > MARC_TAG_LENGTH + CODES_MOST)
        return false;
    memcpy(tag, word.bytes, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
    memcpy(codes, word.bytes + MARC_TAG_LENGTH, word.length - MARC_TAG_LENGTH);
    codes[word.length - MARC_TAG_LENGTH] = '\0';
    return strspn(tag, "0123456789") == MARC_TAG_LENGTH && strncmp(tag, "00", 2) != 0 &&
           strspn(codes, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(codes);
}

recto_status heading_extract_check(const char *value, recto_error *error)
{
    char tag[MARC_TAG_LENGTH + 1], codes[CODES_MOST + 1];
    text rest = text_from(value);
    while (rest.bytes != NULL && rest.length > 0) {
        const text before = rest;
        if (!take_word(&rest, tag, codes))
            return recto_fail(error, RECTO_EINVALID, EXTRACT, "tags with subfield codes, as in 373a 374a 670ab",
                              "'%.*s' is no field with subfields", (int)strcspn(before.bytes, " "), before.bytes);
    }
    return RECTO_OK;
}

void heading_extract(buffer *out, catalog *catalog, const marc_record *authority)
{
    char tag[MARC_TAG_LENGTH + 1], codes[CODES_MOST + 1];
    buffer rule, told;
    buffer_init(&rule, 0);
    buffer_init(&told, 0);
    if (catalog_setting_get(&rule, NULL, catalog, catalog->own, EXTRACT, NULL) != RECTO_OK)
        buffer_clear(&rule);
    text rest = buffer_text(&rule);
    while (rest.length > 0 && take_word(&rest, tag, codes)) {
        const size_t at = marc_record_find(authority, tag, 0);
        if (at == SIZE_MAX)
            continue;
        buffer_clear(&told);
        marc_field_join(&told, marc_record_field(authority, at), codes);
        if (told.length > 0 && out->length > 0)
            buffer_append_string(out, "; ");
        buffer_append_text(out, buffer_text(&told));
    }
    buffer_release(&rule);
    buffer_release(&told);
}
