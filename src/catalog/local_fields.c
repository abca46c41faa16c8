/* src/catalog/local_fields.c - which fields of a network record are an institution's own, and keeping a rule to them.
 *
 * A network may say (setting `rules_by_institutions` of its zone: "local") that the rules which its institutions run on sets of
 * its records change local fields only: what all share stays. An administrator's run in full, and so do those that the network
 * itself has chosen for a save. @spec rules.md part D */
#include "inside.h"

#include <string.h>

static const char SETTING[] = "rules_by_institutions";

recto_status rules_only_local(bool *out, catalog *catalog, int zone, recto_error *error)
{
    const repo_zone *place = catalog_zone_by_id(catalog, zone);
    buffer value;
    *out = false;
    if (place == NULL || place->kind != ZONE_NETWORK || catalog_may(catalog, PRIVILEGE_ADMINISTER))
        return RECTO_OK;
    buffer_init(&value, 64);
    recto_status status = repo_setting_get(catalog->repo, zone, SETTING, &value, error);
    *out = status == RECTO_OK && strcmp(buffer_string(&value), "local") == 0;
    buffer_release(&value);
    if (status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(error);
    return RECTO_OK;
}

/* 9XX and X9X, what is marked with $9 LOCAL, and what has its institution in $5. */
static bool is_local(const marc_field *field)
{
    text value;
    if (marc_tag_is_control(field->tag))
        return false;
    if (field->tag[0] == '9' || field->tag[1] == '9' || marc_field_subfield(field, '5', &value))
        return true;
    return marc_field_subfield(field, '9', &value) && text_equal_ascii_case(text_trim(value), TEXT("local"));
}

static const marc_field *next_field(const marc_record *record, size_t *at, bool local)
{
    for (; *at < marc_record_count(record); ++*at)
        if (is_local(marc_record_field(record, *at)) == local)
            return marc_record_field(record, (*at)++);
    return NULL;
}

/* Have both the same fields of this kind, in the same order? */
static bool same_fields(const marc_record *a, const marc_record *b, bool local)
{
    size_t at_a = 0, at_b = 0;
    for (;;) {
        const marc_field *one = next_field(a, &at_a, local), *other = next_field(b, &at_b, local);
        if (one == NULL || other == NULL)
            return one == other;
        if (strcmp(one->tag, other->tag) != 0 || !text_equal(one->content, other->content))
            return false;
    }
}

static recto_status take_local(marc_record *into, const marc_record *from, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = marc_record_count(into); i-- > 0;)
        if (is_local(marc_record_field(into, i)))
            marc_record_remove(into, i);
    size_t at = 0;
    for (const marc_field *field = next_field(from, &at, true); field != NULL && status == RECTO_OK;
         field = next_field(from, &at, true))
        status = marc_record_insert(into, marc_record_place(into, field->tag), field->tag, field->content, error);
    return status;
}

recto_status keep_to_local(marc_record **made, bool *left, const marc_record *before, recto_error *error)
{
    marc_record *kept = NULL;
    *left = memcmp(marc_record_leader(before), marc_record_leader(*made), MARC_LEADER_LENGTH) != 0 ||
            !same_fields(before, *made, false);
    if (!*left)
        return RECTO_OK;
    recto_status status = marc_record_copy(&kept, before, error);
    if (status == RECTO_OK && !same_fields(before, *made, true))
        status = take_local(kept, *made, error);
    if (status != RECTO_OK) {
        marc_record_free(kept);
        return status;
    }
    marc_record_free(*made);
    *made = kept;
    return RECTO_OK;
}
