/* src/index/merge_join.c - short lists put end to end: only the first distance of each changes, all else is copied.
 *
 * That groups of places are sound is not looked into: whoever reads them does. */
#include "merge_join.h"

void join_init(list_join *join)
{
    *join = (list_join){ .count = 0 };
    buffer_init(&join->distances, 0);
    buffer_init(&join->groups, 0);
}

void join_release(list_join *join)
{
    buffer_release(&join->distances);
    buffer_release(&join->groups);
}

void join_clear(list_join *join)
{
    buffer_clear(&join->distances);
    buffer_clear(&join->groups);
    join->count = join->last = 0;
}

/* The next document of a list, whose distances begin at 0. @return NULL, or what is wrong: "" for want of memory */
static const char *take_document(list_join *join, index_document *document, reading *from)
{
    const uint32_t distance = reading_number(from);
    if (from->bad || distance == 0 || distance > UINT32_MAX - *document)
        return "damaged";
    *document += distance;
    return join->visit == NULL || join->visit(join->context, *document) ? NULL : "";
}

static recto_status fault(const list_ref *list, const char *what, recto_error *error)
{
    return what[0] == '\0' ? recto_fail_memory(error, "merging the index") : list_damaged(list, error);
}

static recto_status add_inline(list_join *join, const list_ref *list, recto_error *error)
{
    reading from = reading_of(list->payload);
    index_document document = 0;
    while (from.at < from.end) {
        const char *wrong = take_document(join, &document, &from);
        if (wrong != NULL || document <= join->last)
            return fault(list, wrong != NULL ? wrong : "damaged", error);
        number_append(&join->distances, document - join->last);
        join->last = document;
        join->count++;
        if (!join->has_places)
            continue;
        const unsigned char *group = from.at;
        reading_group(&from);
        if (from.bad)
            return list_damaged(list, error);
        buffer_append(&join->groups, (const char *)group, (size_t)(from.at - group));
    }
    return RECTO_OK;
}

static recto_status add_packed(list_join *join, const list_ref *list, recto_error *error)
{
    packed_parts parts = { 0 };
    index_document document = 0, first = 0;
    recto_status status = packed_list(&parts, list, error);
    const unsigned char *rest = parts.documents.at;
    for (uint32_t i = 0; status == RECTO_OK && i < parts.count; i++) {
        const char *wrong = take_document(join, &document, &parts.documents);
        if (wrong != NULL)
            return fault(list, wrong, error);
        if (i > 0)
            continue;
        first = document;
        rest = parts.documents.at;
    }
    if (status != RECTO_OK)
        return status;
    if (first <= join->last || parts.documents.at != parts.documents.end ||
        join->has_places != (parts.places.at < parts.places.end))
        return list_damaged(list, error);
    number_append(&join->distances, first - join->last);
    buffer_append(&join->distances, (const char *)rest, (size_t)(parts.documents.end - rest));
    buffer_append(&join->groups, (const char *)parts.places.at, (size_t)(parts.places.end - parts.places.at));
    join->last = document;
    join->count += parts.count;
    return RECTO_OK;
}

recto_status join_add(bool *fits, list_join *join, const list_ref *list, recto_error *error)
{
    const enum list_kind kind = list_kind_of(list);
    recto_status status = RECTO_OK;
    *fits = kind != LIST_LARGE && (join->count == 0 || join->has_places == list_has_places(list));
    if (!*fits)
        return RECTO_OK;
    join->has_places = list_has_places(list);
    status = kind == LIST_INLINE ? add_inline(join, list, error) : add_packed(join, list, error);
    if (status == RECTO_OK && (buffer_failed(&join->distances) || buffer_failed(&join->groups)))
        status = recto_fail_memory(error, "merging the index");
    *fits = join->distances.length + join->groups.length <= PACK_BYTES_MAX;
    return status;
}
