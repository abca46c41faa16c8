/* src/catalog/call_numbers.c - the call number that a bib proposes for its holdings, by the scheme and in the order of a setting.
 *
 * The first indicator of 852 is the scheme; the setting says which fields of the bib are tried for it, and in which order.
 * @spec editor.md ED-171, inventory-orders.md IO-35 to IO-39 */
#include "inside.h"
#include "recto/catalog/settings.h"

#include <string.h>

/* Government documents and local schemes have the whole number in $a. */
static bool has_item_part(char scheme)
{
    return scheme != '3' && scheme != '8';
}

/* "050,090" of the row of this scheme; empty: there is none. */
static text fields_of(text setting, char scheme)
{
    while (setting.bytes != NULL && setting.length > 0) {
        text row = text_next_field(&setting, '|');
        const text name = text_trim(text_next_field(&row, '='));
        if (name.length == 1 && name.bytes[0] == scheme && row.bytes != NULL)
            return row;
    }
    return text_of("", 0);
}

static bool propose_from(buffer *out, const marc_record *bib, const char *tag, char scheme)
{
    const size_t at = marc_record_find(bib, tag, 0);
    text class, item;
    if (at == SIZE_MAX || !marc_field_subfield(marc_record_field(bib, at), 'a', &class))
        return false;
    buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(out, 'h');
    buffer_append_text(out, class);
    if (has_item_part(scheme) && marc_field_subfield(marc_record_field(bib, at), 'b', &item)) {
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, 'i');
        buffer_append_text(out, item);
    }
    return true;
}

bool call_number_propose(buffer *out, catalog *catalog, const marc_record *bib, char scheme)
{
    buffer setting;
    bool found = false;
    buffer_init(&setting, 4096);
    if (repo_setting_get(catalog->repo, catalog->own->id, "call_number_fields", &setting, NULL) != RECTO_OK ||
        setting.length == 0)
        buffer_append_string(&setting, catalog_setting_named("call_number_fields")->otherwise);
    text fields = fields_of(buffer_text(&setting), scheme);
    while (!found && fields.bytes != NULL && fields.length > 0) {
        const text tag = text_trim(text_next_field(&fields, ','));
        char wanted[4] = "";
        if (tag.length != 3)
            continue;
        memcpy(wanted, tag.bytes, 3);
        found = !marc_tag_is_control(wanted) && propose_from(out, bib, wanted, scheme);
    }
    buffer_release(&setting);
    return found;
}

recto_status call_number_fill(marc_record *record, catalog *catalog, const marc_record *bib, recto_error *error)
{
    const size_t at = marc_record_find(record, "852", 0);
    recto_status status = RECTO_OK;
    text there;
    buffer content;
    if (marc_field_subfield(marc_record_field(record, at), 'h', &there))
        return RECTO_OK;
    buffer_init(&content, 0);
    buffer_append_text(&content, marc_record_field(record, at)->content);
    if (call_number_propose(&content, catalog, bib, marc_field_indicator(marc_record_field(record, at), 1)))
        status = buffer_failed(&content) ? recto_fail_memory(error, "filling the call number")
                                         : marc_record_replace(record, at, "852", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}
