/* src/catalog/blame.c - who last changed each field and subfield: versions walked from the first to the last.
 *
 * For each version a history is made from that of the one before: what stayed, and what only moved, keeps its own; in a field
 * that changed each subfield that is there as before keeps its own. */
#include "inside.h"

#include "recto/catalog/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 1000000 };

/* ---- one state of the record and its history */

typedef struct state {
    marc_record *record;
    blame_field *fields;
    size_t field_count;
    blame_part *parts;
    size_t part_count, part_capacity;
} state;

static void state_release(state *state)
{
    marc_record_free(state->record);
    free(state->fields);
    free(state->parts);
    *state = (struct state){ .record = NULL };
}

static bool add_part(state *state, char code, size_t version)
{
    if (state->part_count == state->part_capacity) {
        const size_t capacity = state->part_capacity > 0 ? 2 * state->part_capacity : 256;
        blame_part *grown = realloc(state->parts, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        state->parts = grown;
        state->part_capacity = capacity;
    }
    state->parts[state->part_count++] = (blame_part){ .code = code, .version = version };
    return true;
}

static size_t place_of(size_t index)
{
    return index == DIFFERENCE_LEADER ? 0 : index + 1;
}

static bool is_plain(const marc_field *field)
{
    return strcmp(field->tag, "LDR") == 0 || marc_tag_is_control(field->tag);
}

/* ---- the subfields of one field */

typedef struct pieces {
    text *list; /* code and value of each, as they lie in the field */
    size_t count;
} pieces;

static bool split(pieces *out, const marc_field *field)
{
    size_t offset = 0, count = 0;
    marc_subfield subfield;
    *out = (pieces){ .list = NULL };
    if (is_plain(field))
        return true;
    while (marc_field_next_subfield(field, &offset, &subfield))
        count++;
    out->list = calloc(count + 1, sizeof *out->list);
    offset = 0;
    while (out->list != NULL && marc_field_next_subfield(field, &offset, &subfield)) {
        const size_t end = (size_t)(subfield.value.bytes - field->content.bytes) + subfield.value.length;
        out->list[out->count++] = text_of(field->content.bytes + subfield.offset, end - subfield.offset);
    }
    return out->list != NULL;
}

static char code_of(text piece)
{
    return piece.length > 1 && piece.bytes[0] == MARC_SUBFIELD_DELIMITER ? piece.bytes[1] : '\0';
}

/* origin[i]: which subfield of `before` is the i-th of `after`, or SIZE_MAX: it is new. */
static bool find_origins(size_t *origin, const pieces *before, const pieces *after)
{
    const size_t rows = before->count, columns = after->count;
    const bool small = (rows + 1) * (columns + 1) <= CELLS_MAX;
    uint16_t *lengths = small ? calloc((rows + 1) * (columns + 1), sizeof *lengths) : NULL;
    for (size_t j = 0; j < columns; j++)
        origin[j] = SIZE_MAX;
    if (lengths == NULL)
        return !small;
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint16_t *cell = &lengths[i * (columns + 1) + j];
            const uint16_t down = cell[columns + 1], right = cell[1];
            *cell = text_equal(before->list[i], after->list[j]) ? (uint16_t)(cell[columns + 2] + 1) : down > right ? down : right;
        }
    for (size_t i = 0, j = 0; i < rows && j < columns;) {
        const uint16_t *cell = &lengths[i * (columns + 1) + j];
        if (text_equal(before->list[i], after->list[j]))
            origin[j++] = i++;
        else if (cell[columns + 1] >= cell[1])
            i++;
        else
            j++;
    }
    free(lengths);
    return true;
}

static bool same_indicators(const marc_field *one, const marc_field *other)
{
    return marc_field_indicator(one, 1) == marc_field_indicator(other, 1) &&
           marc_field_indicator(one, 2) == marc_field_indicator(other, 2);
}

/* ---- from one version to the next */

typedef struct step {
    const state *before;
    state *after;
    size_t version;
} step;

static bool keep_history(const step *step, size_t from, size_t to)
{
    const blame_field *old = &step->before->fields[from];
    blame_field *made = &step->after->fields[to];
    *made = (blame_field){ .version = old->version, .first_part = step->after->part_count, .part_count = old->part_count };
    assert(old->part_count == 0 || step->before->parts != NULL);
    for (size_t i = 0; i < old->part_count; i++) {
        const blame_part *part = &step->before->parts[old->first_part + i];
        if (!add_part(step->after, part->code, part->version))
            return false;
    }
    return true;
}

/* @param from  SIZE_MAX: the field is new */
static bool make_history(const step *step, size_t from, size_t to)
{
    const marc_field field = record_difference_field(step->after->record, to == 0 ? DIFFERENCE_LEADER : to - 1);
    marc_field old = field;
    const blame_field *history = NULL;
    pieces before = { .list = NULL }, after;
    blame_field *made = &step->after->fields[to];
    size_t *origin = NULL;
    bool good = split(&after, &field);
    *made = (blame_field){ .version = step->version, .first_part = step->after->part_count, .part_count = after.count + 1 };
    if (good && from != SIZE_MAX) {
        old = record_difference_field(step->before->record, from == 0 ? DIFFERENCE_LEADER : from - 1);
        history = &step->before->fields[from];
        good = split(&before, &old);
    }
    origin = good ? calloc(after.count + 1, sizeof *origin) : NULL;
    good = origin != NULL && find_origins(origin, &before, &after);
    const bool same_head = good && history != NULL && !is_plain(&field) && same_indicators(&old, &field);
    good = good && add_part(step->after, '\0', same_head ? step->before->parts[history->first_part].version : step->version);
    for (size_t i = 0; good && i < after.count; i++) {
        const bool kept = history != NULL && origin[i] != SIZE_MAX;
        const size_t version = kept ? step->before->parts[history->first_part + 1 + origin[i]].version : step->version;
        good = add_part(step->after, code_of(after.list[i]), version);
    }
    free(origin);
    free(before.list);
    free(after.list);
    return good;
}

/* The place of a field that went elsewhere in this step and is the same; its line is used up. SIZE_MAX: none. */
static size_t moved_from(const step *step, record_difference *lines, size_t count, size_t right)
{
    const marc_field *field = marc_record_field(step->after->record, right);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind != DIFFERENCE_ONLY_LEFT || lines[i].left == SIZE_MAX)
            continue;
        const marc_field *gone = marc_record_field(step->before->record, lines[i].left);
        if (strcmp(gone->tag, field->tag) == 0 && text_equal(gone->content, field->content)) {
            const size_t from = lines[i].left + 1;
            lines[i].left = SIZE_MAX;
            return from;
        }
    }
    return SIZE_MAX;
}

static bool take_line(const step *step, record_difference *lines, size_t count, size_t at)
{
    const record_difference *line = &lines[at];
    size_t from;
    switch (line->kind) {
    case DIFFERENCE_ONLY_LEFT:
        return true;
    case DIFFERENCE_NONE:
        return keep_history(step, place_of(line->left), place_of(line->right));
    case DIFFERENCE_CHANGED:
        if (line->left == DIFFERENCE_LEADER && record_difference_is_system(line, step->before->record, step->after->record))
            return keep_history(step, 0, 0);
        return make_history(step, place_of(line->left), place_of(line->right));
    case DIFFERENCE_ONLY_RIGHT:
        from = moved_from(step, lines, count, line->right);
        return from != SIZE_MAX ? keep_history(step, from, line->right + 1) : make_history(step, SIZE_MAX, line->right + 1);
    }
    return true;
}

/* Takes the record. `now` becomes the state after it. */
static recto_status go_on(state *now, marc_record **record, size_t version, recto_error *error)
{
    state after = { .record = *record, .field_count = marc_record_count(*record) + 1 };
    const step step = { .before = now, .after = &after, .version = version };
    record_difference *lines = NULL;
    size_t count = 0;
    recto_status status = RECTO_OK;
    *record = NULL;
    after.fields = calloc(after.field_count, sizeof *after.fields);
    bool good = after.fields != NULL;
    if (now->record == NULL) {
        for (size_t i = 0; good && i < after.field_count; i++)
            good = make_history(&step, SIZE_MAX, i);
    } else if (good) {
        status = record_difference_make(&lines, &count, now->record, after.record, error);
        for (size_t i = 0; status == RECTO_OK && good && i < count; i++)
            good = take_line(&step, lines, count, i);
    }
    if (status == RECTO_OK && !good)
        status = recto_fail_memory(error, "asking who changed what");
    free(lines);
    state_release(now);
    *now = after;
    return status;
}

/* ---- all versions */

static void add_version(void *context, const bib_version *version)
{
    record_blame *blame = context;
    bib_version *grown = realloc(blame->versions, (blame->version_count + 1) * sizeof *grown);
    if (grown == NULL) {
        blame->damaged = SIZE_MAX; /* told below */
        return;
    }
    blame->versions = grown;
    blame->versions[blame->version_count++] = *version;
}

static int oldest_first(const void *one, const void *other)
{
    const bib_version *a = one, *b = other;
    return (a->version > b->version) - (a->version < b->version);
}

static recto_status walk_versions(state *now, record_blame *out, catalog *catalog, mms_id id, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < out->version_count; i++) {
        marc_record *record = NULL;
        status = catalog_version_load(catalog, id, out->versions[i].version, &record, error);
        if (status == RECTO_EDATA && i + 1 < out->version_count) {
            recto_error_clear(error);
            out->damaged++;
            status = RECTO_OK;
        } else if (status == RECTO_OK) {
            status = go_on(now, &record, i, error);
        }
    }
    return status;
}

recto_status catalog_blame(record_blame *out, catalog *catalog, mms_id id, const marc_record *open, recto_error *error)
{
    state now = { .record = NULL };
    marc_record *copy = NULL;
    *out = (record_blame){ .record = NULL };
    recto_status status = catalog_versions(catalog, id, add_version, out, error);
    if (status == RECTO_OK && out->damaged != 0)
        status = recto_fail_memory(error, "asking who changed what");
    if (status != RECTO_OK)
        return status;
    if (out->version_count > 1)
        qsort(out->versions, out->version_count, sizeof *out->versions, oldest_first);
    status = walk_versions(&now, out, catalog, id, error);
    if (status == RECTO_OK && open != NULL)
        status = marc_record_copy(&copy, open, error);
    if (status == RECTO_OK && copy != NULL)
        status = go_on(&now, &copy, BLAME_OPEN, error);
    if (status != RECTO_OK) {
        state_release(&now);
        return status;
    }
    out->record = now.record;
    out->fields = now.fields;
    out->field_count = now.field_count;
    out->parts = now.parts;
    out->part_count = now.part_count;
    return RECTO_OK;
}

void record_blame_release(record_blame *blame)
{
    marc_record_free(blame->record);
    free(blame->versions);
    free(blame->fields);
    free(blame->parts);
    *blame = (record_blame){ .record = NULL };
}
