/* src/tui/pane_editor_pairs.c - a field and its 880 are shown together: the vernacular under the Latin, whatever place the 880
 * has in the record (ED-126).
 *
 * Rows stay what they are, places of fields in the record; only the order in which they are walked and drawn differs. It is
 * worked out anew after each change, from the fields that begin with $6 alone. */
#include "editor.h"

#include "recto/marc/linkage.h"

#include <stdlib.h>
#include <string.h>

enum { LINKED_MAX = 2000 };

struct editor_linkage {
    uint64_t revision;
    bool any;        /* is there a pair? else rows stand as they are, and the arrays are not filled */
    size_t *partner; /* by row; 0: it stands alone */
    size_t *place;   /* by row */
    size_t *row_at;  /* by place */
    size_t capacity;
};

void editor_linkage_release(editor *pane)
{
    if (pane->linkage == NULL)
        return;
    free(pane->linkage->partner);
    free(pane->linkage->place);
    free(pane->linkage->row_at);
    free(pane->linkage);
    pane->linkage = NULL;
}

static bool grow(struct editor_linkage *linkage, size_t rows)
{
    size_t **arrays[] = { &linkage->partner, &linkage->place, &linkage->row_at };
    for (size_t i = 0; linkage->capacity < rows && i < sizeof arrays / sizeof *arrays; i++) {
        size_t *larger = realloc(*arrays[i], (rows + 64) * sizeof *larger);
        if (larger == NULL)
            return false;
        *arrays[i] = larger;
    }
    if (linkage->capacity < rows)
        linkage->capacity = rows + 64;
    return true;
}

static bool begins_with_link(const marc_field *field)
{
    const char *bytes = field->content.bytes;
    return field->content.length > EDITOR_INDICATORS + 2 && bytes[2] == MARC_SUBFIELD_DELIMITER && bytes[3] == '6' &&
           !marc_tag_is_control(field->tag);
}

/* Rows whose field begins with $6, at most LINKED_MAX of them. */
static size_t collect(const marc_record *record, size_t linked[static LINKED_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < marc_record_count(record) && count < LINKED_MAX; i++)
        if (begins_with_link(marc_record_field(record, i)))
            linked[count++] = i + 1;
    return count;
}

static void pair_rows(struct editor_linkage *linkage, const marc_record *record, const size_t *linked, size_t count)
{
    marc_linkage one, other;
    for (size_t i = 0; i < count; i++) {
        const marc_field *field = marc_record_field(record, linked[i] - 1);
        if (linkage->partner[linked[i]] != 0 || !marc_linkage_of(field, &one) || one.in_880 || one.number == 0)
            continue;
        for (size_t j = 0; j < count; j++) {
            const marc_field *here = marc_record_field(record, linked[j] - 1);
            if (linkage->partner[linked[j]] != 0 || !marc_linkage_of(here, &other) || !other.in_880 ||
                other.number != one.number || strcmp(other.tag, field->tag) != 0)
                continue;
            linkage->partner[linked[i]] = linked[j];
            linkage->partner[linked[j]] = linked[i];
            linkage->any = true;
            break;
        }
    }
}

static bool is_880(const marc_record *record, size_t row)
{
    return row > 0 && strcmp(marc_record_field(record, row - 1)->tag, "880") == 0;
}

static void put_in_order(struct editor_linkage *linkage, const marc_record *record, size_t rows)
{
    size_t place = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t partner = linkage->partner[row];
        if (partner != 0 && is_880(record, row))
            continue; /* it stands under the other one */
        linkage->place[row] = place;
        linkage->row_at[place++] = row;
        if (partner != 0) {
            linkage->place[partner] = place;
            linkage->row_at[place++] = partner;
        }
    }
}

/* What holds for the record as it is now; NULL: no memory, and rows stand as they are. */
static const struct editor_linkage *linkage_now(const editor *pane)
{
    struct editor_linkage *linkage = pane->linkage;
    if (linkage == NULL || pane->session == NULL)
        return NULL;
    uint64_t revision = marc_edit_revision(edit_of(pane->session));
    if (linkage->capacity > 0 && linkage->revision == revision)
        return linkage;
    const marc_record *record = editor_record(pane);
    size_t rows = editor_rows(pane), linked[LINKED_MAX], count = collect(record, linked);
    linkage->any = false;
    linkage->revision = revision;
    if (!grow(linkage, rows))
        return NULL;
    if (count > 1) {
        memset(linkage->partner, 0, rows * sizeof *linkage->partner);
        pair_rows(linkage, record, linked, count);
        if (linkage->any)
            put_in_order(linkage, record, rows);
    }
    return linkage;
}

static const struct editor_linkage *pairs_of(const editor *pane)
{
    const struct editor_linkage *linkage = linkage_now(pane);
    return linkage != NULL && linkage->any ? linkage : NULL;
}

/* Two records side by side are lined up field by field: there rows stand in their own order. */
static const struct editor_linkage *order_of(const editor *pane)
{
    return pane->pair == NULL ? pairs_of(pane) : NULL;
}

void editor_linkage_begin(editor *pane)
{
    pane->linkage = calloc(1, sizeof *pane->linkage);
}

size_t editor_partner(const editor *pane, size_t row)
{
    const struct editor_linkage *pairs = pairs_of(pane);
    return pairs != NULL && row < editor_rows(pane) && pairs->partner[row] != 0 ? pairs->partner[row] : SIZE_MAX;
}

bool editor_is_under_latin(const editor *pane, size_t row)
{
    return order_of(pane) != NULL && editor_partner(pane, row) != SIZE_MAX && is_880(editor_record(pane), row);
}

size_t editor_row_place(const editor *pane, size_t row)
{
    const struct editor_linkage *order = order_of(pane);
    return order != NULL && row < editor_rows(pane) ? order->place[row] : row;
}

static size_t row_at(const editor *pane, size_t place)
{
    const struct editor_linkage *order = order_of(pane);
    return order != NULL ? order->row_at[place] : place;
}

size_t editor_row_after(const editor *pane, size_t row)
{
    size_t place = editor_row_place(pane, row) + 1;
    return place < editor_rows(pane) ? row_at(pane, place) : SIZE_MAX;
}

size_t editor_row_before(const editor *pane, size_t row)
{
    size_t place = editor_row_place(pane, row);
    return place > 0 ? row_at(pane, place - 1) : SIZE_MAX;
}

size_t editor_last_row(const editor *pane)
{
    return row_at(pane, editor_rows(pane) - 1);
}

size_t editor_row_anchor(const editor *pane, size_t row)
{
    return editor_is_under_latin(pane, row) ? editor_partner(pane, row) : row;
}

size_t editor_hidden_link(const editor *pane, size_t row, text content)
{
    if (pane->shows_links || editor_partner(pane, row) == SIZE_MAX)
        return 0;
    const char *end =
        memchr(content.bytes + EDITOR_INDICATORS + 2, MARC_SUBFIELD_DELIMITER, content.length - EDITOR_INDICATORS - 2);
    return (end != NULL ? (size_t)(end - content.bytes) : content.length) - EDITOR_INDICATORS;
}
