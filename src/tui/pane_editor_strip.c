/* src/tui/pane_editor_strip.c - the fixed field as a strip above the grid, and what the code under the cursor means.
 *
 * The elements stand where catalogers have learnt to look for them; those of a material that has others fill the places
 * that are free. Names, codes and labels come from the MARC tables; here are only places. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

enum { SLOT_WIDTH = 8, MEANING_COLUMN = 50, MEANING_LEAST = 24 };

typedef struct slot_place {
    const char *name; /* NULL: by offset */
    size_t offset;
    int row, column;
} slot_place;

static const slot_place leader_places[] = {
    { "Type", 6, 0, 0 }, { "BLvl", 7, 1, 0 }, { "Ctrl", 8, 0, 4 }, { "ELvl", 17, 0, 1 }, { "Desc", 18, 3, 0 },
};
static const slot_place common_places[] = {
    /* 008, all materials: by offset */
    { "DtSt", 6, 3, 3 },  { "Dates", 7, 3, 4 }, { "Ctry", 15, 1, 5 },
    { "Lang", 35, 0, 5 }, { "MRec", 38, 1, 4 }, { "Srce", 39, 0, 2 },
};
static const slot_place material_places[] = {
    /* 008/18-34: by name */
    { "Ills", 0, 3, 1 }, { "Audn", 0, 0, 3 }, { "Form", 0, 1, 1 }, { "Cont", 0, 2, 1 }, { "GPub", 0, 2, 2 },
    { "Conf", 0, 1, 2 }, { "Fest", 0, 3, 2 }, { "Indx", 0, 2, 4 }, { "LitF", 0, 2, 3 }, { "Biog", 0, 1, 3 },
};

static const slot_place authority_places[] = {
    /* 008 of authority records: by offset */
    { "Kind", 9, 0, 2 }, { "Rules", 10, 0, 3 }, { "Subj", 11, 0, 4 },  { "Srce", 39, 0, 5 },  { "AuSt", 33, 1, 0 },
    { "Ref", 29, 1, 1 }, { "Upd", 31, 1, 2 },   { "Main", 14, 1, 3 },  { "SubjU", 15, 1, 4 }, { "MRec", 38, 1, 5 },
    { "Geo", 6, 2, 0 },  { "Pers", 32, 2, 1 },  { "Govt", 28, 2, 2 },  { "Serie", 12, 2, 3 }, { "SerU", 16, 2, 4 },
    { "Lang", 8, 2, 5 }, { "Roman", 7, 3, 0 },  { "SubdT", 17, 3, 1 }, { "Numb", 13, 3, 2 },
};

static const struct {
    slot_place at;
    size_t length;
} holdings_places[] = {
    /* 008 of holdings: by offset */
    { { "Recpt", 6, 0, 2 }, 1 },  { { "AcqM", 7, 0, 3 }, 1 },   { { "AcqEn", 8, 0, 4 }, 4 },  { { "Lang", 22, 0, 5 }, 3 },
    { { "GenRt", 12, 1, 1 }, 1 }, { { "SpRet", 13, 1, 2 }, 3 }, { { "Compl", 16, 1, 3 }, 1 }, { { "Copys", 17, 1, 4 }, 3 },
    { { "Lend", 20, 2, 1 }, 1 },  { { "Repro", 21, 2, 2 }, 1 }, { { "SepCo", 25, 2, 3 }, 1 }, { { "RepDt", 26, 2, 4 }, 6 },
};

const marc_fixed_layout *editor_fixed_layout(const editor *pane, const editor_row *row)
{
    const marc_tables *tables = catalog_tables(station_catalog(pane->station));
    const marc_record *record = editor_record(pane);
    if (tables == NULL || !row->control)
        return NULL;
    return marc_tables_fixed(tables, marc_family_of(record), row->tag, marc_record_leader(record), row->content);
}

/* ---- the strip ---- */

/* "Ills a", "Ills #": blanks behind the last code say nothing in the strip; the form shows them all. */
static void write_slot(char *out, const char *name, text content, size_t offset, size_t length)
{
    char value[16] = "";
    size_t used = 0;
    for (size_t i = 0; i < length && i + 1 < sizeof value && offset + i < content.length; i++) {
        char here = content.bytes[offset + i];
        value[i] = here == ' ' ? '#' : here >= 0x21 && here <= 0x7E ? here : '?';
        if (here != ' ')
            used = i + 1;
    }
    value[used == 0 ? 1 : used] = '\0';
    snprintf(out, STRIP_TEXT, "%.5s %s", name, value);
}

static void write_dates(char *out, text content)
{
    char first[5], second[5];
    enum { DATES = 7, DATE_LENGTH = 4 };
    if (content.length < DATES + DATE_LENGTH * 2)
        return;
    for (size_t i = 0; i < DATE_LENGTH; i++) {
        char one = content.bytes[DATES + i], other = content.bytes[DATES + DATE_LENGTH + i];
        first[i] = one == ' ' ? '#' : one;
        second[i] = other == ' ' ? '#' : other;
    }
    first[DATE_LENGTH] = second[DATE_LENGTH] = '\0';
    snprintf(out, STRIP_TEXT, "Dates %s,%s", first, second);
}

static bool is_common(size_t offset)
{
    return offset < 18 || offset > 34;
}

static char *free_slot(editor_strip *taken)
{
    static const struct {
        int row, column;
    } order[] = { { 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 2 }, { 2, 2 }, { 3, 2 },
                  { 0, 3 }, { 1, 3 }, { 2, 3 }, { 2, 4 }, { 2, 0 }, { 2, 5 } };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (taken->slots[order[i].row][order[i].column][0] == '\0')
            return taken->slots[order[i].row][order[i].column];
    return NULL;
}

static const slot_place *place_named(text name)
{
    for (size_t i = 0; i < sizeof material_places / sizeof *material_places; i++)
        if (text_equal(name, text_from(material_places[i].name)))
            return &material_places[i];
    return NULL;
}

static void put_material(editor_strip *out, const marc_position *position, text content, bool named_ones)
{
    char name[8];
    const slot_place *wanted = place_named(position->name);
    if (is_common(position->offset) || position->name.length == 0 || (wanted != NULL) != named_ones)
        return;
    char *where = wanted != NULL ? out->slots[wanted->row][wanted->column] : free_slot(out);
    if (where == NULL)
        return;
    snprintf(name, sizeof name, "%.*s", (int)(position->name.length < 5 ? position->name.length : 5), position->name.bytes);
    write_slot(where, name, content, position->offset, position->length);
}

/* Leader and 008 decide all of it. */
static bool is_built(editor_strip *strip, text leader, text content)
{
    bool same = strip->built && content.length == strip->fixed_length &&
                memcmp(strip->leader, leader.bytes, leader.length) == 0 &&
                (content.length == 0 || memcmp(strip->fixed, content.bytes, content.length) == 0);
    strip->built = content.length <= sizeof strip->fixed;
    strip->fixed_length = content.length;
    memcpy(strip->leader, leader.bytes, leader.length);
    if (strip->built && content.length > 0)
        memcpy(strip->fixed, content.bytes, content.length);
    return same;
}

static void build_authority(editor_strip *out, text leader, text content)
{
    write_slot(out->slots[0][0], "Type", leader, 6, 1);
    write_slot(out->slots[0][1], "ELvl", leader, 17, 1);
    for (size_t i = 0; content.length > 0 && i < sizeof authority_places / sizeof *authority_places; i++) {
        const slot_place *where = &authority_places[i];
        write_slot(out->slots[where->row][where->column], where->name, content, where->offset, 1);
    }
}

static void build_holdings(editor_strip *out, text leader, text content)
{
    write_slot(out->slots[0][0], "Type", leader, 6, 1);
    write_slot(out->slots[0][1], "ELvl", leader, 17, 1);
    write_slot(out->slots[1][0], "Items", leader, 18, 1);
    for (size_t i = 0; content.length > 0 && i < sizeof holdings_places / sizeof *holdings_places; i++) {
        const slot_place *where = &holdings_places[i].at;
        write_slot(out->slots[where->row][where->column], where->name, content, where->offset, holdings_places[i].length);
    }
}

static void build_strip(const editor *pane, editor_strip *out)
{
    text leader = text_of(marc_record_leader(editor_record(pane)), MARC_LEADER_LENGTH);
    text content = marc_record_control(editor_record(pane), "008");
    if (is_built(out, leader, content))
        return;
    editor_row row = { .tag = "008", .content = content, .control = true };
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, &row);
    memset(out->slots, 0, sizeof out->slots);
    if (marc_family_of(editor_record(pane)) == MARC_AUTHORITY) {
        build_authority(out, leader, content);
        return;
    }
    if (marc_family_of(editor_record(pane)) == MARC_HOLDINGS) {
        build_holdings(out, leader, content);
        return;
    }
    for (size_t i = 0; i < sizeof leader_places / sizeof *leader_places; i++)
        write_slot(out->slots[leader_places[i].row][leader_places[i].column], leader_places[i].name, leader,
                   leader_places[i].offset, 1);
    if (content.length == 0)
        return;
    for (size_t i = 0; i < sizeof common_places / sizeof *common_places; i++) {
        const slot_place *where = &common_places[i];
        char *box = out->slots[where->row][where->column];
        if (where->offset == 7)
            write_dates(box, content);
        else
            write_slot(box, where->name, content, where->offset, where->offset == 15 || where->offset == 35 ? 3 : 1);
    }
    for (int named = 1; fixed != NULL && named >= 0; named--)
        for (size_t i = 0; i < fixed->position_count; i++)
            put_material(out, &fixed->positions[i], content, named == 1);
}

/* Columns a slot column needs for its longest slot and a gap. Dates run on: nothing stands at their right. */
static int least_width(const editor_strip *strip, int column)
{
    int least = 0;
    for (int row = 0; row < STRIP_ROWS; row++) {
        const char *shown = strip->slots[row][column];
        const bool runs_on = row == STRIP_ROWS - 1 && column == 4;
        if (!runs_on && strchr(shown, ' ') != NULL && (int)strlen(shown) + 1 > least)
            least = (int)strlen(shown) + 1;
    }
    return least;
}

/* Each of the same width, or of what it needs; where the last one would be cut, those before it give what they do not need. */
static void share_columns(const editor_strip *strip, int columns, int widths[static STRIP_SLOTS])
{
    int least[STRIP_SLOTS], total = 0;
    for (int column = 0; column < STRIP_SLOTS; column++) {
        least[column] = least_width(strip, column);
        widths[column] = least[column] > SLOT_WIDTH ? least[column] : SLOT_WIDTH;
        total += column + 1 < STRIP_SLOTS ? widths[column] : least[column];
    }
    for (int column = STRIP_SLOTS - 2; column >= 0 && total > columns; column--) {
        const int over = total - columns, spare = widths[column] - least[column];
        widths[column] -= over < spare ? over : spare;
        total -= over < spare ? over : spare;
    }
}

static void draw_slots(const editor_strip *strip, const surface *on)
{
    int widths[STRIP_SLOTS], x = 1;
    share_columns(strip, on->columns, widths);
    for (int column = 0; column < STRIP_SLOTS; column++) {
        for (int row = 0; row < STRIP_ROWS; row++) {
            const char *shown = strip->slots[row][column];
            const char *value = strchr(shown, ' ');
            if (value == NULL)
                continue;
            int label = (int)(value - shown);
            surface_data(on, row, x, label, ROLE_LABEL, text_of(shown, (size_t)label), false);
            surface_data(on, row, x + label + 1, on->columns - x - label - 1, ROLE_FIELD_FIXED, text_from(value + 1), true);
        }
        x += widths[column];
    }
}

/* ---- what the cursor is on ---- */

typedef struct meaning {
    char title[160];
    const marc_code *codes;
    const marc_subfield_definition *subfields;
    size_t count, current; /* SIZE_MAX: none of them */
    char odd[40];          /* a value that is not defined */
} meaning;

static const marc_position *position_at(const marc_fixed_layout *fixed, size_t offset)
{
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++)
        if (offset >= fixed->positions[i].offset && offset < fixed->positions[i].offset + fixed->positions[i].length)
            return &fixed->positions[i];
    return NULL;
}

static void find_code(meaning *out, const marc_code *code, text value)
{
    out->current = code != NULL ? (size_t)(code - out->codes) : SIZE_MAX;
    if (code == NULL && out->count > 0)
        snprintf(out->odd, sizeof out->odd, "(undefined) %.*s", (int)(value.length < 16 ? value.length : 16), value.bytes);
}

static void mean_position(const editor *pane, const editor_row *row, meaning *out)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    const marc_position *position = position_at(fixed, pane->offset);
    if (position == NULL)
        return;
    snprintf(out->title, sizeof out->title, "%s/%02zu %.*s, %.*s", row->tag, position->offset, (int)position->label.length,
             position->label.bytes, (int)fixed->name.length, fixed->name.bytes);
    out->codes = position->codes;
    out->count = position->code_count;
    size_t unit = position->unit_length > 0 ? position->unit_length : position->length > 0 ? position->length : 1;
    size_t at = position->offset + (pane->offset - position->offset) / unit * unit;
    if (at + unit <= row->content.length) {
        text value = text_of(row->content.bytes + at, unit);
        find_code(out, marc_position_code(position, value), value);
    }
}

static char code_at(const editor_row *row, size_t offset)
{
    char code = 0;
    for (size_t i = row->start; i + 1 < row->content.length && i < offset; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            code = row->content.bytes[i + 1];
    return code;
}

static void mean_data(const editor *pane, const editor_row *row, meaning *out)
{
    const marc_field_definition *field = editor_definition(pane, row);
    if (field == NULL) {
        snprintf(out->title, sizeof out->title, "%s: not in the MARC tables", row->tag);
    } else if (pane->box == BOX_INDICATOR_1 || pane->box == BOX_INDICATOR_2) {
        size_t which = pane->box == BOX_INDICATOR_1 ? 0 : 1;
        snprintf(out->title, sizeof out->title, "%s indicator %zu: %.*s", row->tag, which + 1,
                 (int)field->indicator_label[which].length, field->indicator_label[which].bytes);
        out->codes = field->indicator_values[which];
        out->count = field->indicator_count[which];
        if (which < row->content.length)
            find_code(out, marc_definition_indicator(field, (int)which + 1, row->content.bytes[which]),
                      text_of(row->content.bytes + which, 1));
    } else {
        snprintf(out->title, sizeof out->title, "%s %.*s%s", row->tag, (int)field->label.length, field->label.bytes,
                 field->repeatable ? " (R)" : " (NR)");
        char code = pane->box == BOX_CONTENT ? code_at(row, pane->offset) : 0;
        out->subfields = field->subfields;
        out->count = field->subfield_count;
        out->current = SIZE_MAX;
        for (size_t i = 0; i < out->count; i++)
            if (field->subfields[i].code == code)
                out->current = i;
        if (code > 0x20 && out->current == SIZE_MAX)
            snprintf(out->odd, sizeof out->odd, "(undefined) $$%c", code);
    }
}

static void draw_meaning_line(const surface *on, int y, const meaning *what, size_t index)
{
    text label = what->subfields != NULL ? what->subfields[index].label : what->codes[index].label;
    role look = index == what->current ? ROLE_TEXT : ROLE_TEXT_DIM;
    int x = 1;
    if (index == what->current)
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
    if (what->subfields != NULL) {
        char code[] = { '$', '$', what->subfields[index].code };
        x += surface_data(on, y, x, 3, ROLE_FIELD_CODE, text_of(code, sizeof code), false);
    } else {
        x += surface_data(on, y, x, on->columns - x, ROLE_FIELD_FIXED, what->codes[index].code, false);
    }
    surface_data(on, y, x + 1, on->columns - x - 1, look, label, true);
}

static void draw_meaning(const editor *pane, const surface *on)
{
    meaning what = { .current = SIZE_MAX };
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (row.control && pane->box == BOX_CONTENT)
        mean_position(pane, &row, &what);
    if (what.title[0] == '\0')
        mean_data(pane, &row, &what);
    surface_data(on, 0, 0, on->columns, ROLE_LABEL, text_from(what.title), true);
    int y = 1;
    if (what.odd[0] != '\0')
        surface_data(on, y++, 1, on->columns - 1, ROLE_ALERT_WARNING, text_from(what.odd), true);
    size_t lines = (size_t)(STRIP_ROWS - y), first = 0;
    if (what.current != SIZE_MAX && what.count > lines && what.current > 0)
        first = what.current - 1 + lines <= what.count ? what.current - 1 : what.count - lines;
    for (size_t i = first; i < what.count && y < STRIP_ROWS; i++)
        draw_meaning_line(on, y++, &what, i);
}

int editor_meaning_column(const surface *on)
{
    return on->columns < MEANING_COLUMN + 2 + MEANING_LEAST ? 0 : MEANING_COLUMN;
}

void editor_draw_strip(editor *pane, const surface *on)
{
    build_strip(pane, &pane->strip);
    if (editor_meaning_column(on) == 0) {
        draw_slots(&pane->strip, on);
        return;
    }
    surface left = surface_part(on, 0, 0, STRIP_ROWS, MEANING_COLUMN);
    surface right = surface_part(on, 0, MEANING_COLUMN + 2, STRIP_ROWS, on->columns - MEANING_COLUMN - 2);
    draw_slots(&pane->strip, &left);
    for (int y = 0; y < STRIP_ROWS; y++)
        surface_put(on, y, MEANING_COLUMN, ROLE_RULE, "│");
    draw_meaning(pane, &right);
}
