/* src/catalog/combine_links.c - who names or is linked to the record that is merged away: they get the survivor.
 *
 * A record that another holds or that belongs to another institution stays as it is and is listed; a search for the old number
 * leads to the survivor all the same. @spec match-merge 5.4, inventory-orders IO-94, jobs: reliability RL-66 */
#include "combine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void leave_out(id_list *list, mms_id id)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] != id)
            list->ids[kept++] = list->ids[i];
    list->count = kept;
}

recto_status links_naming(id_list *out, catalog *catalog, mms_id secondary, mms_id primary, recto_error *error)
{
    *out = (id_list){ .ids = NULL };
    recto_status status = repo_bibs_naming(catalog->repo, secondary, id_list_add, out, error);
    if (status == RECTO_OK && out->failed)
        status = recto_fail_memory(error, "listing links");
    leave_out(out, secondary);
    leave_out(out, primary);
    if (status != RECTO_OK)
        id_list_release(out);
    return status;
}

bool links_refused(char *out, size_t capacity, catalog *catalog, mms_id id)
{
    const repo_zone *zone = catalog_zone_of(catalog, id);
    repo_lock holder;
    char sentence[128];
    if (zone == NULL || zone->kind == ZONE_COMMUNITY) {
        snprintf(out, capacity, "%s", CANNOT_CHANGE_COMMUNITY);
    } else if (zone->kind == ZONE_INSTITUTION && zone != catalog->own) {
        snprintf(out, capacity, "a record of %s", zone->code);
    } else if (!catalog_may_in(catalog, zone)) {
        snprintf(out, capacity, "changing it %s", privilege_sentence(PRIVILEGE_CATALOG));
    } else if (lock_refuses(catalog, id, &holder)) {
        lock_sentence(sentence, sizeof sentence, catalog, &holder);
        snprintf(out, capacity, "locked: %s", sentence);
    } else if (draft_exists(catalog, id)) {
        snprintf(out, capacity, "you have unsaved changes of it");
    } else {
        return false;
    }
    return true;
}

/* ---- $w */

/* The digits at the end of a value. */
static text last_number(text value)
{
    value = text_trim(value);
    size_t start = value.length;
    while (start > 0 && value.bytes[start - 1] >= '0' && value.bytes[start - 1] <= '9')
        start--;
    return text_of(value.bytes + start, value.length - start);
}

/* Replaces the number alone: prefix, blanks and whatever else is odd in the field stay byte for byte. */
static bool put_number(buffer *out, const marc_field *field, mms_id from, mms_id to)
{
    const char *done = field->content.bytes, *end = done + field->content.length;
    marc_subfield subfield;
    bool found = false;
    buffer_clear(out);
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        mms_id id;
        text prefix;
        if (subfield.code != 'w' || !repo_link_number(&id, &prefix, subfield.value) || id != from)
            continue;
        const text number = last_number(subfield.value);
        buffer_append(out, done, (size_t)(number.bytes - done));
        buffer_append_format(out, "%lld", (long long)to);
        done = number.bytes + number.length;
        found = true;
    }
    buffer_append(out, done, (size_t)(end - done));
    return found;
}

static recto_status mend_fields(size_t *mended, marc_record *record, mms_id from, mms_id to, recto_error *error)
{
    buffer content;
    recto_status status = RECTO_OK;
    buffer_init(&content, 0);
    *mended = 0;
    for (size_t i = 0; i < marc_record_count(record) && status == RECTO_OK; i++) {
        const marc_field *field = marc_record_field(record, i);
        char tag[MARC_TAG_LENGTH + 1];
        if (marc_tag_is_control(field->tag) || !put_number(&content, field, from, to))
            continue;
        memcpy(tag, field->tag, sizeof tag);
        status = buffer_failed(&content) ? recto_fail_memory(error, "mending links")
                                         : marc_record_replace(record, i, tag, buffer_text(&content), error);
        (*mended)++;
    }
    buffer_release(&content);
    return status;
}

static recto_status mend(act *act, mms_id id)
{
    catalog *desk = act->catalog;
    marc_record *record = NULL;
    bib_info info;
    char note[96];
    size_t mended = 0;
    int version = 0;
    recto_status status = repo_bib_load(desk->repo, id, &record, &info, catalog_now(desk), act->error);
    if (status == RECTO_OK)
        status = mend_fields(&mended, record, act->secondary, act->primary, act->error);
    snprintf(note, sizeof note, "$w %lld is now %lld", (long long)act->secondary, (long long)act->primary);
    if (status == RECTO_OK && mended > 0)
        status = write_version(&version, desk, id, info.version, record, "combine", note, act->error);
    marc_record_free(record);
    if (status != RECTO_OK || mended == 0)
        return status;
    const act_row row = { id, 'B', info.version, version, "changed", PART_NAMED };
    return act_note(act, &row, "%s", note);
}

recto_status links_mend(act *act)
{
    id_list list;
    recto_status status = links_naming(&list, act->catalog, act->secondary, act->primary, act->error);
    if (status != RECTO_OK)
        return status;
    for (size_t i = 0; i < list.count && status == RECTO_OK; i++) {
        char reason[160];
        const act_row skipped = { list.ids[i], 'B', 0, 0, "skipped", "" };
        if (links_refused(reason, sizeof reason, act->catalog, list.ids[i]))
            status = act_note(act, &skipped, "$w still names %lld: %s", (long long)act->secondary, reason);
        else
            status = mend(act, list.ids[i]);
    }
    id_list_release(&list);
    return status;
}

/* ---- links of institution records to network records */

static recto_status turn(act *act, mms_id id)
{
    catalog *desk = act->catalog;
    bib_info info;
    recto_status status = repo_bib_info(desk->repo, id, &info, catalog_now(desk), act->error);
    if (status == RECTO_OK)
        status = repo_bib_set_link(desk->repo, id, act->primary, act->error);
    if (status != RECTO_OK)
        return status;
    const act_row row = { id, 'L', info.version, info.version, "changed", PART_LINKED };
    return act_note(act, &row, "linked to %lld instead of %lld", (long long)act->primary, (long long)act->secondary);
}

recto_status links_turn(act *act)
{
    id_list list = { .ids = NULL };
    recto_status status = repo_bibs_linked(act->catalog->repo, act->secondary, id_list_add, &list, act->error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(act->error, "listing links");
    for (size_t i = 0; i < list.count && status == RECTO_OK; i++)
        if (list.ids[i] != act->primary)
            status = turn(act, list.ids[i]);
    id_list_release(&list);
    return status;
}
