/* src/catalog/related.c - which records a record names or is linked to, and which name it: a bound-with from both ends (ED-172).
 *
 * A $w with an MMS ID in any linking field counts (760 to 787, 8XX), as the index of links has it. */
#include "inside.h"

#include "recto/catalog/share.h"
#include "recto/repo/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct related_list {
    catalog *catalog;
    related_row *rows;
    size_t count;
    mms_id of;
    relation relation;
    bool failed;
} related_list;

static bool add(related_list *list, relation relation, const char *tag, mms_id id)
{
    bib_info info;
    related_row *grown = realloc(list->rows, (list->count + 1) * sizeof *grown);
    if (grown == NULL) {
        list->failed = true;
        return false;
    }
    list->rows = grown;
    related_row *row = &grown[list->count++];
    *row = (related_row){ .relation = relation, .id = id };
    snprintf(row->tag, sizeof row->tag, "%s", tag);
    row->there = repo_bib_info(list->catalog->repo, id, &info, catalog_now(list->catalog), NULL) == RECTO_OK && !info.deleted;
    if (row->there)
        string_keep(row->title, sizeof row->title, text_from(info.title));
    return true;
}

/* The field of `record` whose $w is `wanted`, or (0) each that has one of ours. */
static void add_named(related_list *list, const marc_record *record, mms_id wanted, mms_id other, relation relation)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield subfield;
        size_t offset = 0;
        while (!marc_tag_is_control(field->tag) && marc_field_next_subfield(field, &offset, &subfield)) {
            mms_id named;
            text prefix;
            if (subfield.code != 'w' || !repo_link_number(&named, &prefix, subfield.value) || (wanted != 0 && named != wanted))
                continue;
            add(list, relation, field->tag, other != 0 ? other : named);
            if (other != 0)
                return;
        }
    }
}

static bool add_naming(void *context, mms_id id)
{
    related_list *list = context;
    marc_record *record = NULL;
    bib_info info;
    if (!catalog_sees(list->catalog, id) || catalog_load(list->catalog, id, &record, &info, NULL) != RECTO_OK)
        return true;
    add_named(list, record, list->of, id, RELATION_NAMED_BY);
    marc_record_free(record);
    return !list->failed;
}

static bool add_linked(void *context, mms_id id)
{
    related_list *list = context;
    return !catalog_sees(list->catalog, id) || add(list, RELATION_LINKED_FROM, "", id);
}

recto_status catalog_related(related_row **out, size_t *count, catalog *catalog, mms_id id, recto_error *error)
{
    related_list list = { .catalog = catalog, .of = id };
    marc_record *record = NULL;
    bib_info info;
    recto_status status = catalog_load(catalog, id, &record, &info, error);
    if (status == RECTO_OK) {
        add_named(&list, record, 0, 0, RELATION_NAMES);
        if (info.linked_to != 0)
            add(&list, RELATION_LINKED_TO, "", info.linked_to);
        status = repo_bibs_naming(catalog->repo, id, add_naming, &list, error);
    }
    if (status == RECTO_OK)
        status = repo_bibs_linked(catalog->repo, id, add_linked, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "looking for related records");
    marc_record_free(record);
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}
