/* src/tui/pane_editor_help.c - what the MARC tables say of what is under the cursor: field, indicator, subfield, code.
 *
 * It stands below the grid and follows the cursor; the tables are in the program, so it needs no network. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 400, CODE_COLUMN = 1, LABEL_COLUMN = 7, SENTENCE = 300 };

typedef struct help_line {
    text code, label;
    const char *note;
    text instead;
} help_line;

typedef struct help {
    char title[SENTENCE], more[SENTENCE];
    help_line lines[LINES_MAX];
    size_t count, current; /* SIZE_MAX: none of them */
} help;

static void add(help *help, text code, text label, const char *note, text instead)
{
    if (help->count < LINES_MAX)
        help->lines[help->count++] = (help_line){ code, label, note, instead };
}

static void add_codes(help *help, const marc_code *codes, size_t count, const marc_code *current)
{
    for (size_t i = 0; codes != NULL && i < count; i++) {
        if (&codes[i] == current)
            help->current = help->count;
        add(help, codes[i].code, codes[i].label, codes[i].obsolete ? "obsolete" : "", codes[i].instead);
    }
}

static void describe_field(help *help, const editor_row *row, const marc_field_definition *field)
{
    (void)snprintf(help->title, sizeof help->title, "%s %.*s: %s%s%s%s%.*s", row->tag, (int)field->label.length,
                   field->label.bytes, field->repeatable ? "repeatable" : "not repeatable",
                   field->mandatory ? ", a record must have it" : "", field->obsolete ? ", obsolete" : "",
                   field->instead.length > 0 ? ": " : "", (int)field->instead.length, field->instead.bytes);
}

static void describe_position(const editor *pane, help *help, const editor_row *row)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    editor_values values;
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++) {
        const marc_position *position = &fixed->positions[i];
        if (pane->offset < position->offset || pane->offset >= position->offset + position->length)
            continue;
        (void)snprintf(help->title, sizeof help->title, "%s/%02zu-%02zu %.*s, of %.*s%s", row->tag, position->offset,
                       position->offset + position->length - 1, (int)position->label.length, position->label.bytes,
                       (int)fixed->name.length, fixed->name.bytes,
                       position->system            ? ": computed when the record is saved"
                       : position->code_count == 0 ? ": free text"
                                                   : "");
        const marc_code *here = NULL;
        if (editor_values_here(pane, &values) && values.from + values.length <= row->content.length)
            here = marc_position_code(position, text_of(row->content.bytes + values.from, values.length));
        add_codes(help, position->codes, position->code_count, here);
        return;
    }
    (void)snprintf(help->title, sizeof help->title, "%s: no layout is known for what stands here", row->tag);
}

static void describe_indicator(const editor *pane, help *help, const editor_row *row, const marc_field_definition *field)
{
    size_t which = pane->box == BOX_INDICATOR_1 ? 0 : 1;
    (void)snprintf(help->title, sizeof help->title, "%s indicator %zu: %.*s%s", row->tag, which + 1,
                   (int)field->indicator_label[which].length, field->indicator_label[which].bytes,
                   field->indicator_count[which] == 0 ? ": any value" : "");
    add_codes(help, field->indicator_values[which], field->indicator_count[which],
              which < row->content.length ? marc_definition_indicator(field, (int)which + 1, row->content.bytes[which]) : NULL);
}

static void describe_subfields(const editor *pane, help *help, const editor_row *row, const marc_field_definition *field)
{
    char code = 0;
    editor_values values;
    for (size_t i = row->start; pane->box == BOX_CONTENT && i + 1 < row->content.length && i < pane->offset; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            code = row->content.bytes[i + 1];
    describe_field(help, row, field);
    if (pane->box == BOX_CONTENT && editor_values_here(pane, &values))
        (void)snprintf(help->more, sizeof help->more, "$$%c takes the values of a list, which Choose Value shows", code);
    for (size_t i = 0; i < field->subfield_count; i++) {
        const marc_subfield_definition *subfield = &field->subfields[i];
        if (subfield->code == code)
            help->current = help->count;
        add(help, text_of(&subfield->code, 1), subfield->label,
            subfield->obsolete     ? "obsolete"
            : subfield->repeatable ? "repeatable"
                                   : "not repeatable",
            subfield->instead);
    }
    if (code > 0x20 && help->current == SIZE_MAX)
        (void)snprintf(help->more, sizeof help->more, "(undefined) $$%c", code);
}

static void describe(const editor *pane, help *help)
{
    editor_row row;
    help->current = SIZE_MAX;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    const marc_field_definition *field = row.leader ? NULL : editor_definition(pane, &row);
    if (row.control && pane->box == BOX_CONTENT && editor_fixed_layout(pane, &row) != NULL)
        describe_position(pane, help, &row);
    else if (field == NULL)
        (void)snprintf(help->title, sizeof help->title, "%s is not in the MARC tables%s", row.tag,
                       strchr(row.tag, '9') != NULL ? "; tags with a 9 are for local use" : "");
    else if (pane->box == BOX_INDICATOR_1 || pane->box == BOX_INDICATOR_2)
        describe_indicator(pane, help, &row, field);
    else
        describe_subfields(pane, help, &row, field);
}

static void draw_line(const surface *on, int y, const help_line *line, bool current)
{
    if (current)
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
    int x = CODE_COLUMN + surface_data(on, y, CODE_COLUMN, on->columns - CODE_COLUMN, ROLE_FIELD_CODE, line->code, true) + 1;
    x = x < LABEL_COLUMN ? LABEL_COLUMN : x;
    x += surface_data(on, y, x, on->columns - x, current ? ROLE_TEXT : ROLE_TEXT_DIM, line->label, true) + 1;
    if (*line->note != '\0' && x < on->columns)
        x += surface_format(on, y, x, ROLE_TEXT_DIM, "(%s)", line->note) + 1;
    if (line->instead.length > 0 && x < on->columns)
        surface_data(on, y, x, on->columns - x, ROLE_TEXT_DIM, line->instead, true);
}

int editor_help_rows(const editor *pane, int pane_rows)
{
    enum { LEAST = 12, SMALL = 7, TALL = 12, TALL_PANE = 30 };
    if (!pane->shows_help || pane_rows < LEAST)
        return 0;
    return pane_rows < TALL_PANE ? SMALL : TALL;
}

void editor_draw_help(const editor *pane, const surface *on)
{
    help shown;
    memset(&shown, 0, sizeof shown);
    describe(pane, &shown);
    surface_rule(on, 0, false, shown.title, "");
    int y = 1;
    if (shown.more[0] != '\0')
        surface_data(on, y++, CODE_COLUMN, on->columns - CODE_COLUMN, ROLE_LABEL, text_from(shown.more), true);
    size_t rows = on->rows > y ? (size_t)(on->rows - y) : 0, first = 0;
    if (shown.current != SIZE_MAX && shown.count > rows && shown.current > 0)
        first = shown.current - 1 + rows <= shown.count ? shown.current - 1 : shown.count - rows;
    for (size_t i = first; i < shown.count && y < on->rows; i++)
        draw_line(on, y++, &shown.lines[i], i == shown.current);
}

void editor_turn_help(editor *pane)
{
    pane->shows_help = !pane->shows_help;
    station_say(pane->station, pane->shows_help ? "help follows the cursor; Esc or the same key closes it" : "help is closed");
}
