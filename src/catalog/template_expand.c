/* src/catalog/template_expand.c - what a template adds to a record that is there (ED-140), a duplicate (ED-142), a brief record.
 */
#include "recto/catalog/templates.h"
#include "recto/marc/standard_numbers.h"

#include <stdio.h>
#include <string.h>

/* ---- expand ------------------------------------------------------------------------------------------------------ */

static bool has_value(const marc_field *field)
{
    marc_subfield piece;
    for (size_t at = 0; marc_field_next_subfield(field, &at, &piece);)
        if (text_trim(piece.value).length > 0)
            return true;
    return false;
}

static bool has_identical(const marc_record *record, const marc_field *field)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *other = marc_record_field(record, i);
        if (strcmp(other->tag, field->tag) == 0 && text_equal(other->content, field->content))
            return true;
    }
    return false;
}

static bool is_open(char byte)
{
    return byte == ' ' || byte == '|';
}

/* Positions of one layout mean something else in another: a book's illustrations are a map's relief. */
static bool same_layout(const marc_record *record, const marc_record *filled, const char *tag, text one, text other,
                        const marc_tables *tables)
{
    const marc_family family = marc_family_of(record);
    if (one.length != other.length || tables == NULL)
        return false;
    const marc_fixed_layout *here = marc_tables_fixed(tables, family, tag, marc_record_leader(record), one);
    return here != NULL && here == marc_tables_fixed(tables, family, tag, marc_record_leader(filled), other);
}

static recto_status fill_fixed(marc_record *made, size_t at, const marc_field *field, buffer *content, recto_error *error)
{
    const marc_field *stored = marc_record_field(made, at);
    buffer_clear(content);
    buffer_append_text(content, stored->content);
    if (buffer_failed(content))
        return recto_fail_memory(error, "expanding from a template");
    for (size_t i = 0; i < content->length && i < field->content.length; i++)
        if (is_open(content->bytes[i]) && !is_open(field->content.bytes[i]))
            content->bytes[i] = field->content.bytes[i];
    return marc_record_replace(made, at, field->tag, buffer_text(content), error);
}

static bool is_kept_by_system(const char *tag)
{
    return strcmp(tag, "001") == 0 || strcmp(tag, "003") == 0 || strcmp(tag, "005") == 0;
}

static bool is_repeatable(const marc_record *record, const char *tag, const marc_tables *tables)
{
    const marc_field_definition *known = tables != NULL ? marc_tables_field(tables, marc_family_of(record), tag) : NULL;
    return known == NULL ? tag[0] == '9' || tag[1] == '9' || tag[2] == '9' : known->repeatable;
}

static recto_status expand_control(marc_record *made, const marc_record *filled, const marc_field *field,
                                   const marc_tables *tables, buffer *content, recto_error *error)
{
    size_t at = marc_record_find(made, field->tag, 0);
    if (is_kept_by_system(field->tag) && at != SIZE_MAX)
        return RECTO_OK;
    for (size_t found = at; found != SIZE_MAX; found = marc_record_find(made, field->tag, found + 1))
        if (same_layout(made, filled, field->tag, marc_record_field(made, found)->content, field->content, tables))
            return fill_fixed(made, found, field, content, error);
    if (at != SIZE_MAX && !is_repeatable(made, field->tag, tables))
        return RECTO_OK;
    return marc_record_insert(made, marc_record_place(made, field->tag), field->tag, field->content, error);
}

recto_status template_expand(marc_record **out, const marc_record *record, const marc_record *filled, const marc_tables *tables,
                             recto_error *error)
{
    marc_record *made = NULL;
    buffer content;
    recto_status status = marc_record_copy(&made, record, error);
    buffer_init(&content, 1 << 20);
    for (size_t i = 0; status == RECTO_OK && i < marc_record_count(filled); i++) {
        const marc_field *field = marc_record_field(filled, i);
        const bool there = marc_record_find(record, field->tag, 0) != SIZE_MAX;
        if (marc_tag_is_control(field->tag))
            status = expand_control(made, filled, field, tables, &content, error);
        else if (!there || (is_repeatable(record, field->tag, tables) && has_value(field) && !has_identical(record, field)))
            status = marc_record_insert(made, marc_record_place(made, field->tag), field->tag, field->content, error);
    }
    buffer_release(&content);
    if (status != RECTO_OK) {
        marc_record_free(made);
        return status;
    }
    *out = made;
    return RECTO_OK;
}

/* ---- duplicate --------------------------------------------------------------------------------------------------- */

static bool is_oclc_number(const marc_field *field)
{
    marc_subfield piece;
    for (size_t at = 0; strcmp(field->tag, "035") == 0 && marc_field_next_subfield(field, &at, &piece);) {
        const text value = text_trim(piece.value);
        if (value.length >= 7 && text_equal_ascii_case(text_of(value.bytes, 7), TEXT("(OCoLC)")))
            return true;
    }
    return false;
}

/* An authority record is known by these: a copy that keeps them would be the same one. */
static bool is_authority_number(marc_family family, const char *tag)
{
    return family == MARC_AUTHORITY && (strcmp(tag, "010") == 0 || strcmp(tag, "035") == 0);
}

recto_status template_duplicate(marc_record **out, const marc_record *record, recto_error *error)
{
    recto_status status = marc_record_copy(out, record, error);
    for (size_t i = status == RECTO_OK ? marc_record_count(*out) : 0; i-- > 0;) {
        const marc_field *field = marc_record_field(*out, i);
        if (is_kept_by_system(field->tag) || is_oclc_number(field) || is_authority_number(marc_family_of(record), field->tag))
            marc_record_remove(*out, i);
    }
    return status;
}

/* ---- brief ------------------------------------------------------------------------------------------------------- */

static bool is_given(const char *value)
{
    return value != NULL && text_trim(text_from(value)).length > 0;
}

static recto_status add_field(marc_record *record, const char *tag, const char *indicators, const char *codes,
                              const char *const *values, recto_error *error)
{
    buffer content;
    size_t given = 0;
    recto_status status = RECTO_OK;
    buffer_init(&content, 1 << 20);
    buffer_append_string(&content, indicators);
    for (size_t i = 0; codes[i] != '\0'; i++)
        if (is_given(values[i])) {
            buffer_append_char(&content, MARC_SUBFIELD_DELIMITER);
            buffer_append_char(&content, codes[i]);
            buffer_append_text(&content, text_trim(text_from(values[i])));
            given++;
        }
    if (buffer_failed(&content))
        status = recto_fail_memory(error, "making a record");
    else if (given > 0)
        status = marc_record_append(record, tag, buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

static recto_status check_brief(const brief_record *wanted, recto_error *error)
{
    int64_t year;
    if (!is_given(wanted->title))
        return recto_fail(error, RECTO_EINVALID, "title", "type the title", "a record needs a title");
    if (is_given(wanted->year)) {
        const text typed = text_trim(text_from(wanted->year));
        if (typed.length != 4 || !text_to_integer(typed, &year) || year < 1000)
            return recto_fail(error, RECTO_EINVALID, "year", "four digits, or nothing", "'%s' is no year", wanted->year);
    }
    if (is_given(wanted->isbn)) {
        bool valid = false;
        buffer key;
        buffer_init(&key, 64);
        const bool found = number_isbn_key(&key, text_trim(text_from(wanted->isbn)), &valid);
        buffer_release(&key);
        if (!found || !valid)
            return recto_fail(error, RECTO_EINVALID, "ISBN", "check the digits, or leave it empty", "'%s' is no ISBN",
                              wanted->isbn);
    }
    return RECTO_OK;
}

recto_status template_brief(marc_record **out, const brief_record *wanted, const template_values *values, recto_error *error)
{
    marc_record *made = NULL;
    char fixed[41];
    buffer date;
    recto_status status = check_brief(wanted, error);
    if (status == RECTO_OK)
        status = marc_record_new(&made, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&date, 64);
    template_fill_text(&date, NULL, TEXT("{008date}"), values);
    const bool dated = is_given(wanted->year);
    const text year = dated ? text_trim(text_from(wanted->year)) : TEXT("    ");
    snprintf(fixed, sizeof fixed, "%.6s%c%.4s    xx |||||||||||||| ||und d", buffer_string(&date), dated ? 's' : '|',
             dated ? year.bytes : "||||");
    buffer_release(&date);
    marc_record_set_leader(made, "00000nam a22000003i 4500");
    status = marc_record_append(made, "008", text_from(fixed), error);
    if (status == RECTO_OK)
        status = add_field(made, "020", "  ", "a", &wanted->isbn, error);
    const char *const source[] = { values->symbol, is_given(values->symbol) ? "eng" : NULL, values->symbol };
    if (status == RECTO_OK)
        status = add_field(made, "040", "  ", "abc", source, error);
    if (status == RECTO_OK)
        status = add_field(made, "100", "1 ", "a", &wanted->author, error);
    if (status == RECTO_OK)
        status = add_field(made, "245", is_given(wanted->author) ? "10" : "00", "a", &wanted->title, error);
    const char *const imprint[] = { wanted->publisher, wanted->year };
    if (status == RECTO_OK)
        status = add_field(made, "264", " 1", "bc", imprint, error);
    if (status == RECTO_OK)
        *out = made;
    else
        marc_record_free(made);
    return status;
}
