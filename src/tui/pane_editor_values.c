/* src/tui/pane_editor_values.c - the values that may stand under the cursor: offered while one is typed, and chosen from a list.
 *
 * Tags, indicators, subfield codes and fixed positions come from the field's definition; which subfields take the codes of a
 * list (languages, countries, relators, areas, RDA terms) is the table below. Nothing is refused for not being in a list. */
#include "editor.h"
#include "pick.h"

#include "recto/marc/linkage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFERED_ROWS = 6, OFFERED_LEAST_COLUMNS = 40, TAGS_END = 1000, LABEL_BYTES = 200 };

static const struct listed_subfield {
    const char *tags; /* X is any digit */
    const char *codes;
    const char *list;
    bool by_label; /* the label is the value */
} listed[] = {
    { "040", "b", "language", false }, { "041", "abdefghijkmnpqrt", "language", false },
    { "043", "a", "gac", false },      { "044", "a", "country", false },
    { "336", "b", "content", false },  { "336", "a", "content", true },
    { "337", "b", "media", false },    { "337", "a", "media", true },
    { "338", "b", "carrier", false },  { "338", "a", "carrier", true },
    { "377", "a", "language", false }, { "1XX", "4", "relator", false },
    { "1XX", "e", "relator", true },   { "6XX", "4", "relator", false },
    { "70X", "e", "relator", true },   { "71X", "e", "relator", true },
    { "7XX", "4", "relator", false },  { "8XX", "4", "relator", false },
    { "77X", "e", "language", false }, { "775", "f", "country", false },
};

const marc_field_definition *editor_definition(const editor *pane, const editor_row *row)
{
    const marc_tables *tables = catalog_tables(station_catalog(pane->station));
    marc_field field = { .content = row->content };
    marc_linkage link;
    const char *tag = row->tag;
    memcpy(field.tag, row->tag, sizeof field.tag);
    if (strcmp(tag, "880") == 0 && marc_linkage_of(&field, &link))
        tag = link.tag; /* what it renders says what it may hold */
    return tables == NULL ? NULL : marc_tables_field(tables, marc_family_of(editor_record(pane)), tag);
}

static const char *tag_of(const editor_row *row, marc_linkage *link)
{
    marc_field field = { .content = row->content };
    memcpy(field.tag, row->tag, sizeof field.tag);
    return strcmp(row->tag, "880") == 0 && marc_linkage_of(&field, link) ? link->tag : row->tag;
}

/* The subfield the cursor is in: its code and where its value stands. */
static char subfield_at(const editor *pane, const editor_row *row, size_t *from, size_t *end)
{
    char code = 0;
    *from = *end = row->start;
    for (size_t i = row->start; i + 1 < row->content.length && i < pane->offset; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER) {
            code = row->content.bytes[i + 1];
            *from = i + 2;
        }
    for (*end = *from; *end < row->content.length && row->content.bytes[*end] != MARC_SUBFIELD_DELIMITER;)
        (*end)++;
    return code;
}

static bool values_of_subfield(const editor *pane, const editor_row *row, editor_values *out)
{
    const marc_tables *tables = catalog_tables(station_catalog(pane->station));
    marc_linkage link;
    size_t from, end;
    char code = subfield_at(pane, row, &from, &end);
    const char *tag = tag_of(row, &link);
    for (size_t i = 0; tables != NULL && code > 0x20 && i < sizeof listed / sizeof *listed; i++) {
        if (!marc_tag_matches(tag, listed[i].tags) || strchr(listed[i].codes, code) == NULL)
            continue;
        *out = (editor_values){ .from = from, .length = end - from, .by_label = listed[i].by_label };
        out->codes = marc_tables_list(tables, listed[i].list, &out->count);
        (void)snprintf(out->title, sizeof out->title, "%s $$%c: %s", row->tag, code, listed[i].list);
        return out->count > 0;
    }
    *out = (editor_values){ .from = from, .length = end - from };
    return pane->offset >= from && pane->offset <= end &&
           editor_used_values(pane, tag, code, text_of(row->content.bytes + from, pane->offset - from), out);
}

void editor_look_for_used(editor *pane)
{
    editor_row row;
    marc_linkage link;
    size_t from, end;
    if (pane->box != BOX_CONTENT || !editor_row_get(pane, pane->row, &row) || row.control || pane->offset > row.content.length)
        return;
    const char code = subfield_at(pane, &row, &from, &end);
    if (pane->offset > from && code != 0)
        editor_used_wanted(pane, tag_of(&row, &link), code, text_of(row.content.bytes + from, pane->offset - from));
}

static bool values_of_position(const editor *pane, const editor_row *row, editor_values *out)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++) {
        const marc_position *position = &fixed->positions[i];
        if (pane->offset < position->offset || pane->offset >= position->offset + position->length || position->code_count == 0)
            continue;
        size_t unit = position->unit_length > 0 ? position->unit_length : position->length;
        *out = (editor_values){ .codes = position->codes, .count = position->code_count, .blanks = true };
        out->from = position->offset + (pane->offset - position->offset) / unit * unit;
        out->length = unit;
        (void)snprintf(out->title, sizeof out->title, "%s/%02zu %.*s", row->tag, out->from, (int)position->label.length,
                       position->label.bytes);
        return !position->system;
    }
    return false;
}

bool editor_values_here(const editor *pane, editor_values *out)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row) || pane->box == BOX_TAG)
        return false;
    if (row.control)
        return values_of_position(pane, &row, out);
    if (pane->box == BOX_CONTENT)
        return values_of_subfield(pane, &row, out);
    size_t which = pane->box == BOX_INDICATOR_1 ? 0 : 1;
    const marc_field_definition *field = editor_definition(pane, &row);
    if (field == NULL || field->indicator_count[which] == 0)
        return false;
    *out = (editor_values){ .codes = field->indicator_values[which],
                            .count = field->indicator_count[which],
                            .from = which,
                            .length = 1,
                            .blanks = true };
    (void)snprintf(out->title, sizeof out->title, "%s indicator %zu: %.*s", row.tag, which + 1,
                   (int)field->indicator_label[which].length, field->indicator_label[which].bytes);
    return true;
}

/* ---- chosen from a list ---- */

static void put_value(editor *pane, size_t from, size_t length, text value)
{
    editor_row row;
    buffer content;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row) || from > row.content.length)
        return;
    size_t behind = from + length < row.content.length ? from + length : row.content.length;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append(&content, row.content.bytes, from);
    buffer_append_text(&content, value);
    buffer_append(&content, row.content.bytes + behind, row.content.length - behind);
    marc_edit_settle(edit_of(pane->session));
    if (!buffer_failed(&content) && editor_set_content(pane, pane->row, row.tag, buffer_text(&content)) &&
        pane->box == BOX_CONTENT)
        editor_move_to(pane, pane->row, BOX_CONTENT, from + value.length);
    editor_clamp(pane);
    buffer_release(&content);
}

static void value_chosen(workstation *station, void *context, const char *value)
{
    editor *pane = context;
    editor_values here;
    if (value == NULL || pane->session == NULL || !editor_values_here(pane, &here))
        return;
    if (here.blanks && strlen(value) != here.length) {
        station_say(station, "type the number itself: any of %s", value);
        return;
    }
    char bytes[LABEL_BYTES];
    (void)snprintf(bytes, sizeof bytes, "%s", value);
    for (char *at = bytes; here.blanks && *at != '\0'; at++)
        if (*at == '#')
            *at = ' ';
    put_value(pane, here.from, here.length, text_from(bytes));
}

/* Relator terms are written in small letters; the tables begin them with a capital, as they stand in lists. */
static text as_value(const marc_code *code, bool by_label, char bytes[static LABEL_BYTES])
{
    if (!by_label)
        return code->code;
    (void)snprintf(bytes, LABEL_BYTES, "%.*s", (int)code->label.length, code->label.bytes);
    if (bytes[0] >= 'A' && bytes[0] <= 'Z' && (bytes[1] < 'A' || bytes[1] > 'Z'))
        bytes[0] = (char)(bytes[0] - 'A' + 'a');
    return text_from(bytes);
}

static void add_code(pick *offered, const marc_code *code, bool by_label)
{
    char bytes[LABEL_BYTES], label[LABEL_BYTES];
    text value = as_value(code, by_label, bytes);
    if (code->obsolete)
        (void)snprintf(label, sizeof label, "%.*s (obsolete%s%.*s)", (int)code->label.length, code->label.bytes,
                       code->instead.length > 0 ? ": " : "", (int)code->instead.length, code->instead.bytes);
    else
        (void)snprintf(label, sizeof label, "%.*s", (int)code->label.length, code->label.bytes);
    pick_add(offered, value, value, by_label ? code->code : text_from(label));
}

static text typed_here(const editor *pane, const editor_row *row, const editor_values *values)
{
    if (pane->box != BOX_CONTENT || values->blanks || pane->offset <= values->from || pane->offset > row->content.length)
        return TEXT("");
    return text_of(row->content.bytes + values->from, pane->offset - values->from);
}

/* Enter on a list just opened changes nothing. */
static void start_at_value(pick *offered, text value, bool blanks)
{
    char bytes[LABEL_BYTES];
    size_t length = value.length < sizeof bytes ? value.length : 0;
    for (size_t i = 0; i < length; i++)
        bytes[i] = blanks && value.bytes[i] == ' ' ? '#' : value.bytes[i];
    pick_start_at(offered, text_of(bytes, length));
}

static void offer_codes(editor *pane, const editor_values *values, text typed)
{
    editor_row row;
    pick *offered = pick_new(pane->station, values->title, value_chosen, pane);
    for (size_t i = 0; i < values->count; i++)
        add_code(offered, &values->codes[i], values->by_label);
    if (editor_row_get(pane, pane->row, &row) && values->from + values->length <= row.content.length)
        start_at_value(offered, text_of(row.content.bytes + values->from, values->length), values->blanks);
    pick_open(offered, typed);
}

void editor_choose_value_from(editor *pane, text typed)
{
    editor_values values;
    if (editor_may_change(pane, pane->row) && editor_values_here(pane, &values))
        offer_codes(pane, &values, typed);
}

static void subfield_chosen(workstation *station, void *context, const char *value)
{
    editor *pane = context;
    (void)station;
    if (value == NULL || pane->session == NULL)
        return;
    editor_add_subfield(pane);
    editor_type_text(pane, text_of(value, 1));
}

static void offer_subfields(editor *pane, const editor_row *row)
{
    const marc_field_definition *field = editor_definition(pane, row);
    char title[80];
    if (field == NULL || field->subfield_count == 0) {
        station_say(pane->station, "the MARC tables know no values here");
        return;
    }
    (void)snprintf(title, sizeof title, "New subfield of %s, at the cursor", row->tag);
    pick *offered = pick_new(pane->station, title, subfield_chosen, pane);
    for (size_t i = 0; i < field->subfield_count; i++) {
        const marc_subfield_definition *subfield = &field->subfields[i];
        char label[LABEL_BYTES];
        (void)snprintf(label, sizeof label, "%.*s %s%s", (int)subfield->label.length, subfield->label.bytes,
                       subfield->repeatable ? "(R)" : "(NR)", subfield->obsolete ? ", obsolete" : "");
        if (subfield->code != '*')
            pick_add(offered, text_of(&subfield->code, 1), text_of(&subfield->code, 1), text_from(label));
    }
    pick_open(offered, TEXT(""));
}

static void tag_chosen(workstation *station, void *context, const char *value)
{
    editor *pane = context;
    (void)station;
    if (value == NULL || pane->session == NULL || pane->box != BOX_TAG)
        return;
    editor_move_to(pane, pane->row, BOX_TAG, 0);
    for (size_t i = 0; value[i] != '\0' && pane->box == BOX_TAG; i++)
        editor_type_text(pane, text_of(value + i, 1));
}

static void offer_tags(editor *pane, const char *now)
{
    const marc_tables *tables = catalog_tables(station_catalog(pane->station));
    marc_family family = marc_family_of(editor_record(pane));
    pick *offered = pick_new(pane->station, "Fields", tag_chosen, pane);
    for (unsigned number = 1; tables != NULL && number < TAGS_END; number++) {
        char tag[MARC_TAG_LENGTH + 1], label[LABEL_BYTES];
        (void)snprintf(tag, sizeof tag, "%03u", number % TAGS_END);
        const marc_field_definition *field = marc_tables_field(tables, family, tag);
        if (field == NULL || number == 1 || number == 5)
            continue;
        (void)snprintf(label, sizeof label, "%.*s %s%s", (int)field->label.length, field->label.bytes,
                       field->repeatable ? "(R)" : "(NR)", field->obsolete ? ", obsolete" : "");
        pick_add(offered, text_from(tag), text_from(tag), text_from(label));
    }
    pick_start_at(offered, text_from(now));
    pick_open(offered, TEXT(""));
}

void editor_choose_value(editor *pane)
{
    editor_row row;
    editor_values values;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_TAG)
        offer_tags(pane, row.tag);
    else if (editor_values_here(pane, &values))
        offer_codes(pane, &values, typed_here(pane, &row, &values));
    else if (!row.control && pane->box == BOX_CONTENT)
        offer_subfields(pane, &row);
    else
        station_say(pane->station, "the MARC tables know no values here: any text will do");
}

/* ---- offered while it is typed ---- */

static bool begins_so(text whole, text part)
{
    return whole.length >= part.length && text_equal_ascii_case(text_of(whole.bytes, part.length), part);
}

static size_t matching(const editor_values *values, text typed, size_t *found, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < values->count && count < most; i++)
        if (!values->codes[i].obsolete && begins_so(values->codes[i].code, typed) && !values->by_label)
            found[count++] = i;
    for (size_t i = 0; i < values->count && count < most; i++)
        if (!values->codes[i].obsolete && begins_so(values->codes[i].label, typed) &&
            (values->by_label || !begins_so(values->codes[i].code, typed)))
            found[count++] = i;
    return count;
}

/* What is typed already stands there whole: nothing more is to be offered. */
static bool is_whole(const editor_values *values, const size_t *found, size_t count, text typed)
{
    return count == 1 && (values->by_label ? values->codes[found[0]].label : values->codes[found[0]].code).length == typed.length;
}

void editor_draw_offers(const editor *pane, const surface *on, int y, int x)
{
    editor_row row;
    editor_values values;
    size_t found[OFFERED_ROWS];
    if (!pane->offers || on->columns < OFFERED_LEAST_COLUMNS || pane->box != BOX_CONTENT ||
        !editor_row_get(pane, pane->row, &row) || row.control || !values_of_subfield(pane, &row, &values))
        return;
    text typed = typed_here(pane, &row, &values);
    size_t count = typed.length > 0 ? matching(&values, typed, found, OFFERED_ROWS) : 0;
    if (count == 0 || is_whole(&values, found, count, typed))
        return;
    int columns = OFFERED_LEAST_COLUMNS, below = on->rows - y - 1;
    int top = below >= (int)count ? y + 1 : y - (int)count;
    if (x + columns > on->columns)
        x = on->columns - columns;
    surface box = surface_part(on, top < 0 ? 0 : top, x, (int)count, columns);
    surface_clear(&box, ROLE_DIALOG);
    for (size_t i = 0; i < count; i++) {
        const marc_code *code = &values.codes[found[i]];
        surface_put(&box, (int)i, 0, ROLE_RULE_FOCUS, "│");
        int used = 2 + surface_data(&box, (int)i, 2, values.used ? columns - 14 : 8, ROLE_FIELD_FIXED, code->code, true);
        surface_data(&box, (int)i, used + 1, columns - used - 1, ROLE_DIALOG, code->label, true);
    }
}
