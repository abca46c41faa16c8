/* src/rules/clear_empty.c - the task "clear empty fields", which stands behind every file of normalization rules.
 *
 * Rules may leave subfields without a value: replaceContents with "" does, and a later rule may look at them. When all have
 * run, what is empty goes. @spec rules.md 3.4, match-merge.md 8 */
#include "recto/rules/rules.h"

#include <string.h>

static bool has_empty(const marc_field *field)
{
    marc_subfield subfield;
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);)
        if (subfield.code != '\0' && subfield.value.length == 0)
            return true;
    return false;
}

/* What stands before the first subfield, the indicators, stays; so do stray bytes, which are not this task's. */
static void copy_without_empty(buffer *out, const marc_field *field)
{
    marc_subfield subfield;
    const char *first = memchr(field->content.bytes, MARC_SUBFIELD_DELIMITER, field->content.length);
    buffer_clear(out);
    buffer_append(out, field->content.bytes, (size_t)(first - field->content.bytes));
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        if (subfield.code == '\0' || subfield.value.length == 0)
            continue;
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, subfield.code);
        buffer_append_text(out, subfield.value);
    }
}

static bool has_subfields(const marc_field *field)
{
    return field->content.length > 0 && memchr(field->content.bytes, MARC_SUBFIELD_DELIMITER, field->content.length) != NULL;
}

recto_status rule_clear_empty(marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer content;
    buffer_init(&content, 0);
    for (size_t i = marc_record_count(record); i-- > 0 && status == RECTO_OK;) {
        const marc_field *field = marc_record_field(record, i);
        char tag[MARC_TAG_LENGTH + 1];
        if (marc_tag_is_control(field->tag))
            continue;
        if (has_empty(field)) {
            memcpy(tag, field->tag, sizeof tag);
            copy_without_empty(&content, field);
            status = buffer_failed(&content) ? recto_fail_memory(error, "clearing empty fields")
                                             : marc_record_replace(record, i, tag, buffer_text(&content), error);
        }
        if (status == RECTO_OK && !has_subfields(marc_record_field(record, i)))
            marc_record_remove(record, i);
    }
    buffer_release(&content);
    return status;
}

recto_status rule_file_normalize(rule_result *out, const rule_file *file, marc_record *record, rule_trace trace, void *context,
                                 recto_error *error)
{
    rule_result result;
    recto_status status = rule_file_apply(&result, file, record, trace, context, error);
    if (status == RECTO_OK && result.changed && rule_file_language(file) == RULES_NORMALIZATION)
        status = rule_clear_empty(record, error);
    if (status == RECTO_OK && out != NULL)
        *out = result;
    return status;
}
