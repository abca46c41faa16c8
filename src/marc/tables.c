/* src/marc/tables.c - what the MARC 21 tables answer: definitions, layouts, codes. tables_parse.c fills them.
 *
 * Fields and lists are sorted and searched; layouts are few and asked in the order of the file, because the first one whose
 * conditions hold is the right one. */
#include "tables_store.h"

#include <stdlib.h>
#include <string.h>

void *vector_push(vector *grows, size_t item_bytes)
{
    if (grows->count == grows->capacity) {
        size_t capacity = grows->capacity == 0 ? 16 : grows->capacity * 2;
        void *grown = realloc(grows->items, capacity * item_bytes);
        if (grown == NULL)
            return NULL;
        grows->items = grown;
        grows->capacity = capacity;
    }
    void *item = (char *)grows->items + grows->count++ * item_bytes;
    memset(item, 0, item_bytes);
    return item;
}

void vector_release(vector *grows)
{
    free(grows->items);
    *grows = (vector){ 0 };
}

recto_status marc_tables_new(marc_tables **out, recto_error *error)
{
    enum { FIRST_BLOCK = 64 * 1024 };
    marc_tables *tables = calloc(1, sizeof *tables);

    if (tables == NULL)
        return recto_fail_memory(error, "reading the MARC 21 tables");
    tables->memory = arena_new(FIRST_BLOCK);
    if (tables->memory == NULL) {
        free(tables);
        return recto_fail_memory(error, "reading the MARC 21 tables");
    }
    *out = tables;
    return RECTO_OK;
}

void marc_tables_free(marc_tables *tables)
{
    if (tables == NULL)
        return;
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        vector_release(&tables->families[i].fields);
        vector_release(&tables->families[i].layouts);
    }
    vector_release(&tables->lists);
    vector_release(&tables->groups);
    vector_release(&tables->pending);
    arena_free(tables->memory);
    free(tables);
}

const char *const *marc_tables_files(size_t *count)
{
    static const char *const files[] = {
        "data/marc21/bibliographic.txt", "data/marc21/fixed.txt",
        "data/marc21/holdings.txt",      "data/marc21/authority.txt",
        "data/marc21/countries.txt",     "data/marc21/languages.txt",
        "data/marc21/relators.txt",      "data/marc21/geographic-areas.txt",
        "data/marc21/rda.txt",
    };

    *count = sizeof files / sizeof *files;
    return files;
}

text marc_tables_missing_list(const marc_tables *tables)
{
    const pending_list *pending = tables->pending.items;

    return tables->pending.count > 0 ? pending[0].list : TEXT("");
}

/* --- fields --- */

static int compare_tag(const void *tag, const void *definition)
{
    return memcmp(tag, ((const marc_field_definition *)definition)->tag, MARC_TAG_LENGTH);
}

static const marc_field_definition *find_field(const vector *fields, const char *tag)
{
    if (fields->count == 0 || strlen(tag) != MARC_TAG_LENGTH)
        return NULL;
    return bsearch(tag, fields->items, fields->count, sizeof(marc_field_definition), compare_tag);
}

const marc_field_definition *marc_tables_field(const marc_tables *tables, marc_family family, const char *tag)
{
    const marc_field_definition *found = find_field(&tables->families[family].fields, tag);

    if (found == NULL && family == MARC_BIBLIOGRAPHIC && strcmp(tag, "841") >= 0) /* holdings embedded in a bib */
        found = find_field(&tables->families[MARC_HOLDINGS].fields, tag);
    return found;
}

const marc_subfield_definition *marc_definition_subfield(const marc_field_definition *definition, char code)
{
    const marc_subfield_definition *any = NULL;

    for (size_t i = 0; i < definition->subfield_count; i++) {
        if (definition->subfields[i].code == code)
            return &definition->subfields[i];
        if (definition->subfields[i].code == '*')
            any = &definition->subfields[i];
    }
    return any;
}

const marc_code *marc_definition_indicator(const marc_field_definition *definition, int which, char value)
{
    const marc_code *values = definition->indicator_values[which - 1];
    char wanted = value == ' ' ? '#' : value;

    for (size_t i = 0; i < definition->indicator_count[which - 1]; i++)
        if (values[i].code.length == 1 && values[i].code.bytes[0] == wanted)
            return &values[i];
    return NULL;
}

bool marc_definition_indicator_allowed(const marc_field_definition *definition, int which, char value)
{
    return definition->indicator_count[which - 1] == 0 || marc_definition_indicator(definition, which, value) != NULL;
}

/* --- layouts --- */

static bool condition_holds(const condition *wanted, const char *leader, text content)
{
    text bytes = wanted->of_leader ? text_of(leader, MARC_LEADER_LENGTH) : content;

    return wanted->offset < bytes.length &&
           memchr(wanted->values.bytes, bytes.bytes[wanted->offset], wanted->values.length) != NULL;
}

static bool layout_fits(const layout_entry *entry, const char *leader, text content)
{
    for (size_t i = 0; i < entry->when_count; i++) {
        const when_line *when = &entry->whens[i];
        size_t held = 0;
        while (held < when->count && condition_holds(&when->conditions[held], leader, content))
            held++;
        if (held == when->count)
            return true;
    }
    return entry->when_count == 0;
}

const marc_fixed_layout *marc_tables_fixed(const marc_tables *tables, marc_family family, const char *tag,
                                           const char leader[static MARC_LEADER_LENGTH], text content)
{
    const vector *layouts = &tables->families[family].layouts;
    const layout_entry *entries = layouts->items;

    for (size_t i = 0; i < layouts->count; i++)
        if (strcmp(entries[i].tag, tag) == 0 && layout_fits(&entries[i], leader, content))
            return &entries[i].layout;
    return NULL;
}

/** "001-999": two numbers of one length. */
static bool range_holds(text range, text unit)
{
    size_t length = unit.length;

    if (range.length != 2 * length + 1 || range.bytes[length] != '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (unit.bytes[i] < '0' || unit.bytes[i] > '9')
            return false;
    return memcmp(range.bytes, unit.bytes, length) <= 0 && memcmp(unit.bytes, range.bytes + length + 1, length) <= 0;
}

static bool unit_equals(text code, text unit)
{
    if (code.length != unit.length)
        return false;
    for (size_t i = 0; i < unit.length; i++)
        if (code.bytes[i] != (unit.bytes[i] == ' ' ? '#' : unit.bytes[i]))
            return false;
    return true;
}

const marc_code *marc_position_code(const marc_position *position, text unit)
{
    for (size_t i = 0; i < position->code_count; i++)
        if (unit_equals(position->codes[i].code, unit) || range_holds(position->codes[i].code, unit))
            return &position->codes[i];
    return NULL;
}

/* --- lists --- */

const code_list *tables_find_list(const marc_tables *tables, text name)
{
    const code_list *lists = tables->lists.items;
    size_t low = 0;
    size_t high = tables->lists.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(lists[middle].name, name);
        if (order == 0)
            return &lists[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const marc_code *marc_tables_code(const marc_tables *tables, const char *list, text code)
{
    const code_list *found = tables_find_list(tables, text_from(list));
    size_t low = 0;
    size_t high = found != NULL ? found->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(found->sorted[middle]->code, code);
        if (order == 0)
            return found->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const marc_code *marc_tables_list(const marc_tables *tables, const char *list, size_t *count)
{
    const code_list *found = tables_find_list(tables, text_from(list));

    *count = found != NULL ? found->count : 0;
    return found != NULL ? found->codes : NULL;
}

/* --- what a record is --- */

marc_family marc_family_of(const marc_record *record)
{
    switch (marc_record_leader(record)[6]) {
    case 'u':
    case 'v':
    case 'x':
    case 'y':
        return MARC_HOLDINGS;
    case 'z':
        return MARC_AUTHORITY;
    default:
        return MARC_BIBLIOGRAPHIC;
    }
}

const char *marc_material_type(const marc_record *record)
{
    static const struct {
        char type;
        const char *levels, *name;
    } materials[] = {
        { 'a', "bs", "Serial" },
        { 'a', "i", "Integrating resource" },
        { 'a', NULL, "Book" },
        { 't', NULL, "Manuscript" },
        { 'c', NULL, "Score" },
        { 'd', NULL, "Score" },
        { 'e', NULL, "Map" },
        { 'f', NULL, "Map" },
        { 'g', NULL, "Video" },
        { 'i', NULL, "Sound recording" },
        { 'j', NULL, "Sound recording" },
        { 'k', NULL, "Picture" },
        { 'm', NULL, "Computer file" },
        { 'o', NULL, "Kit" },
        { 'p', NULL, "Mixed materials" },
        { 'r', NULL, "Object" },
        { 'u', NULL, "Holdings" },
        { 'v', NULL, "Holdings" },
        { 'x', NULL, "Holdings" },
        { 'y', NULL, "Holdings" },
        { 'z', NULL, "Authority" },
        { 'w', NULL, "Classification" },
    };
    const char *leader = marc_record_leader(record);

    for (size_t i = 0; i < sizeof materials / sizeof *materials; i++)
        if (leader[6] == materials[i].type &&
            (materials[i].levels == NULL || (leader[7] != '\0' && strchr(materials[i].levels, leader[7]) != NULL)))
            return materials[i].name;
    return "Other";
}
