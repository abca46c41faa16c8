/* src/catalog/normalize.c - what happens to a record at the door, and what the system keeps in it at every save.
 *
 * Nothing else is touched: no sorting, no cleaning that nobody asked for. @spec match-merge.md section 8, decisions.md 16 */
#include "inside.h"

#include <stdio.h>
#include <string.h>

/* ---- the old 001 as a 035 */

/* "(OCoLC)123" for what OCLC numbers its records with, "(ORG)number" for others; false: there is no number to keep. */
static bool old_number(buffer *out, text number, text organisation)
{
    buffer key;
    bool oclc;
    buffer_init(&key, 0);
    const bool prefixed = number.length > 2 && (number.bytes[0] == 'o' || number.bytes[0] == 'O');
    oclc = organisation.length == 0 ? prefixed : text_equal_ascii_case(organisation, TEXT("OCoLC"));
    if (oclc && number_oclc_typed(&key, number)) {
        buffer_append_string(out, "(OCoLC)");
        buffer_append_text(out, buffer_text(&key));
    } else if (organisation.length > 0) {
        buffer_append_char(out, '(');
        buffer_append_text(out, organisation);
        buffer_append_char(out, ')');
        buffer_append_text(out, number);
    }
    buffer_release(&key);
    return out->length > 0;
}

static bool value_has_key(text value, text key)
{
    buffer other;
    bool same;
    buffer_init(&other, 0);
    same = number_system_key(&other, value) && text_equal(buffer_text(&other), key);
    buffer_release(&other);
    return same;
}

/* Is this number in any 035, cancelled or not? */
static bool has_system_number(const marc_record *record, text number)
{
    buffer key;
    bool found = false;
    buffer_init(&key, 0);
    if (number_system_key(&key, number))
        for (size_t at = marc_record_find(record, "035", 0); at != SIZE_MAX && !found;
             at = marc_record_find(record, "035", at + 1)) {
            const marc_field *field = marc_record_field(record, at);
            marc_subfield subfield;
            for (size_t offset = 0; !found && marc_field_next_subfield(field, &offset, &subfield);)
                found = (subfield.code == 'a' || subfield.code == 'z') && value_has_key(subfield.value, buffer_text(&key));
        }
    buffer_release(&key);
    return found;
}

/* Our own number: an ID of this repository, not something another system counts with. */
static bool is_own_id(const catalog *catalog, text number, text organisation)
{
    mms_id id;
    bib_info info;
    if (number.length < 8 || !(text_starts(number, TEXT("99")) || text_starts(number, TEXT("98"))) ||
        !mms_id_parse(&id, number) || catalog_zone_of(catalog, id) == NULL)
        return false;
    return organisation.length == 0 || repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), NULL) == RECTO_OK;
}

static recto_status add_system_number(marc_record *record, char code, text value, recto_error *error)
{
    buffer content;
    recto_status status;
    buffer_init(&content, 0);
    buffer_append_string(&content, "  ");
    buffer_append_char(&content, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(&content, code);
    buffer_append_text(&content, value);
    if (buffer_failed(&content))
        status = recto_fail_memory(error, "adding a 035");
    else
        status = marc_record_insert(record, marc_record_place(record, "035"), "035", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

static void remove_all(marc_record *record, const char *tag)
{
    for (size_t at = marc_record_find(record, tag, 0); at != SIZE_MAX; at = marc_record_find(record, tag, at))
        marc_record_remove(record, at);
}

recto_status normalize_initial(marc_record *record, const catalog *catalog, recto_error *error)
{
    const text number = text_trim(marc_record_control(record, "001"));
    const text organisation = text_trim(marc_record_control(record, "003"));
    recto_status status = RECTO_OK;
    buffer value;
    buffer_init(&value, 0);
    if (number.length > 0 && !is_own_id(catalog, number, organisation) && old_number(&value, number, organisation) &&
        !has_system_number(record, buffer_text(&value)))
        status = add_system_number(record, 'a', buffer_text(&value), error);
    buffer_release(&value);
    if (status == RECTO_OK)
        remove_all(record, "003");
    return status;
}

/* ---- numbers that OCLC has retired */

/* The 035 that carries the OCLC number in $a; SIZE_MAX: none. */
static size_t find_oclc_field(const marc_record *record)
{
    buffer key;
    size_t at;
    buffer_init(&key, 0);
    for (at = marc_record_find(record, "035", 0); at != SIZE_MAX; at = marc_record_find(record, "035", at + 1)) {
        text value;
        if (marc_field_subfield(marc_record_field(record, at), 'a', &value) && number_oclc_key(&key, value))
            break;
    }
    buffer_release(&key);
    return at;
}

static recto_status append_cancelled(marc_record *record, text value, recto_error *error)
{
    const size_t at = find_oclc_field(record);
    recto_status status;
    buffer content;
    if (at == SIZE_MAX)
        return add_system_number(record, 'z', value, error);
    buffer_init(&content, 0);
    buffer_append_text(&content, marc_record_field(record, at)->content);
    buffer_append_char(&content, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(&content, 'z');
    buffer_append_text(&content, value);
    status = buffer_failed(&content) ? recto_fail_memory(error, "adding a retired number")
                                     : marc_record_replace(record, at, "035", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

/* Values are gathered first: fields are lent, and the 035 that changes may stand anywhere. */
static void gather_019(buffer *numbers, const marc_record *record)
{
    for (size_t at = marc_record_find(record, "019", 0); at != SIZE_MAX; at = marc_record_find(record, "019", at + 1)) {
        marc_subfield subfield;
        for (size_t offset = 0; marc_field_next_subfield(marc_record_field(record, at), &offset, &subfield);) {
            const size_t before = numbers->length;
            if (subfield.code == 'a' && number_oclc_typed(numbers, subfield.value) && numbers->length > before)
                buffer_append_char(numbers, '\n');
        }
    }
}

recto_status normalize_019(marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer numbers, value;
    text rest;
    buffer_init(&numbers, 0);
    buffer_init(&value, 0);
    gather_019(&numbers, record);
    rest = buffer_text(&numbers);
    while (status == RECTO_OK && rest.length > 0) {
        buffer_clear(&value);
        buffer_append_string(&value, "(OCoLC)");
        buffer_append_text(&value, text_next_field(&rest, '\n'));
        if (!has_system_number(record, buffer_text(&value)))
            status = append_cancelled(record, buffer_text(&value), error);
        if (rest.bytes == NULL)
            break;
    }
    buffer_release(&value);
    buffer_release(&numbers);
    return status;
}

recto_status normalize_keep_oclc(marc_record *record, const marc_record *other, recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer key, value;
    buffer_init(&key, 0);
    buffer_init(&value, 0);
    for (size_t at = marc_record_find(other, "035", 0); at != SIZE_MAX && status == RECTO_OK;
         at = marc_record_find(other, "035", at + 1)) {
        text number;
        if (!marc_field_subfield(marc_record_field(other, at), 'a', &number) || !number_oclc_key(&key, number) ||
            has_system_number(record, number))
            continue;
        buffer_clear(&value);
        buffer_append_text(&value, number);
        status = buffer_failed(&value) ? recto_fail_memory(error, "keeping a retired number")
                                       : append_cancelled(record, buffer_text(&value), error);
    }
    buffer_release(&value);
    buffer_release(&key);
    return status;
}

/* ---- what the system keeps */

static recto_status put_first(marc_record *record, const char *tag, size_t index, const char *content, recto_error *error)
{
    const size_t at = marc_record_find(record, tag, 0);
    if (at != SIZE_MAX)
        return marc_record_replace(record, at, tag, text_from(content), error);
    return marc_record_insert(record, index, tag, text_from(content), error);
}

recto_status normalize_system_fields(marc_record *record, mms_id id, int64_t now_ticks, text stored_005, recto_error *error)
{
    char number[MMS_ID_LENGTH], stamp[CLOCK_005_LENGTH + 1];
    int64_t stored, ticks = now_ticks;
    if (clock_parse_005(&stored, stored_005.bytes, stored_005.length) && ticks <= stored)
        ticks = stored + 1;
    mms_id_format(number, id);
    clock_format_005(stamp, ticks);
    remove_all(record, "001");
    remove_all(record, "003");
    recto_status status = marc_record_insert(record, 0, "001", text_from(number), error);
    return status == RECTO_OK ? put_first(record, "005", 1, stamp, error) : status;
}

static bool is_system_field(const marc_field *field)
{
    return strcmp(field->tag, "001") == 0 || strcmp(field->tag, "003") == 0 || strcmp(field->tag, "005") == 0;
}

static size_t next_own_field(const marc_record *record, size_t at)
{
    while (at < marc_record_count(record) && is_system_field(marc_record_field(record, at)))
        at++;
    return at;
}

static bool same_leader(const char *a, const char *b)
{
    return memcmp(a + 5, b + 5, 7) == 0 && memcmp(a + 17, b + 17, 3) == 0; /* 05-11 and 17-19 */
}

bool same_content(const marc_record *a, const marc_record *b)
{
    size_t i = 0, j = 0;
    if (!same_leader(marc_record_leader(a), marc_record_leader(b)))
        return false;
    for (;; i++, j++) {
        i = next_own_field(a, i);
        j = next_own_field(b, j);
        if (i >= marc_record_count(a) || j >= marc_record_count(b))
            return i >= marc_record_count(a) && j >= marc_record_count(b);
        const marc_field *left = marc_record_field(a, i), *right = marc_record_field(b, j);
        if (strcmp(left->tag, right->tag) != 0 || !text_equal(left->content, right->content))
            return false;
    }
}
