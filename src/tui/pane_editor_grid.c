/* src/tui/pane_editor_grid.c - draws the grid of fields, and keeps the cursor in sight.
 *
 * Columns as in the mock-up: cursor or alert sign, change mark, link mark, blank, tag, indicators, content. Only the rows
 * that are seen are laid out, so the cost does not grow with the record. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALERT_COLUMN = 0,
    MARK_COLUMN = 1,
    LINK_COLUMN = 2,
    BLOCK_COLUMN = 3,
    TAG_COLUMN = 4,
    FIRST_INDICATOR_COLUMN = 8,
    SECOND_INDICATOR_COLUMN = 10
};

bool editor_place(editor *pane, int *line, int *column)
{
    editor_row row;
    *line = 0;
    *column = 0;
    if (!editor_row_get(pane, pane->row, &row) || pane->box != BOX_CONTENT)
        return false;
    if (!editor_lay_out(pane, &row))
        return false;
    const glyph *here = layout_at(pane->laid, pane->offset);
    if (here == NULL)
        return false;
    *line = here->line;
    *column = here->column;
    return true;
}

/* Lines from the first one seen down to (row, line); stops counting at `enough`. */
static int lines_below_top(editor *pane, size_t row, int line, int enough)
{
    int lines = -pane->top_line;
    for (size_t i = pane->top_row; i != row && i != SIZE_MAX && lines < enough; i = editor_row_after(pane, i))
        lines += editor_span(pane, i);
    return lines + line;
}

static void put_top_above(editor *pane, size_t row, int line, int lines)
{
    while (lines > line && editor_row_before(pane, row) != SIZE_MAX) {
        lines -= line + 1;
        row = editor_row_before(pane, row);
        line = editor_span(pane, row) - 1;
    }
    pane->top_row = row;
    pane->top_line = line > lines ? line - lines : 0;
}

void editor_fit(editor *pane, int rows)
{
    enum { CONTROL_ROWS = 2 };
    int line = 0, column = 0;
    editor_place(pane, &line, &column);
    line += editor_gap_before(pane, pane->row);
    if (pane->top_row >= editor_rows(pane)) {
        pane->top_row = 0;
        pane->top_line = 0;
    }
    if (editor_row_place(pane, pane->row) < editor_row_place(pane, pane->top_row) ||
        (pane->row == pane->top_row && line < pane->top_line)) {
        pane->top_row = pane->row;
        pane->top_line = line;
        return;
    }
    int height = editor_span(pane, pane->row);
    int last = height <= rows ? height - 1 : line; /* a field that fits is seen whole */
    const bool opened = pane->opened && height <= rows - rows / 3;
    pane->opened = false;
    const int below = lines_below_top(pane, pane->row, last, rows + CONTROL_ROWS);
    if (opened && below >= rows + CONTROL_ROWS) /* leader and 001 could not be seen in either way */
        put_top_above(pane, pane->row, line, rows / 3);
    else if (below >= rows)
        put_top_above(pane, pane->row, last, rows - 1);
}

static void draw_glyph(const surface *on, const editor_row *row, const glyph *here, int y, role look)
{
    int x = EDITOR_CONTENT_COLUMN + here->column;
    switch (here->kind) {
    case GLYPH_TEXT:
        surface_data(on, y, x, here->width, look, text_of(row->content.bytes + here->offset, here->bytes), false);
        break;
    case GLYPH_BLANK_AS_HASH:
        surface_put(on, y, x, look, "#");
        break;
    case GLYPH_DOLLAR:
        surface_put(on, y, x, ROLE_TEXT_PLACEHOLDER, "{dollar}");
        break;
    case GLYPH_DELIMITER:
        surface_put(on, y, x, ROLE_FIELD_CODE, row->delimiter != NULL ? row->delimiter : "$$");
        break;
    case GLYPH_CODE:
        surface_data(on, y, x, 1, ROLE_FIELD_CODE,
                     row->content.bytes[here->offset] == ' ' ? TEXT("#") : text_of(row->content.bytes + here->offset, 1), false);
        break;
    case GLYPH_VALUE_END:
    case GLYPH_END:
    case GLYPH_GAP:
        break;
    }
}

static role content_role(const editor_row *row)
{
    if (row->read_only != NULL)
        return ROLE_FIELD_READ_ONLY;
    return row->control ? ROLE_FIELD_FIXED : ROLE_FIELD_TEXT;
}

/* Text that stands together is drawn together. @return how many glyphs from `first` on */
static size_t text_run(const layout *laid, size_t first, glyph *joined, const bool *differs)
{
    size_t count = 1;
    *joined = laid->glyphs[first];
    for (; joined->kind == GLYPH_TEXT && first + count < laid->count; count++) {
        const glyph *next = &laid->glyphs[first + count];
        if (next->kind != GLYPH_TEXT || next->line != joined->line || next->offset != joined->offset + joined->bytes)
            break;
        if (differs != NULL && differs[next->offset] != differs[joined->offset])
            break;
        joined->bytes += next->bytes;
        joined->width += next->width;
    }
    return count;
}

/* Text up to the next delimiter. @return the offset behind it */
static size_t draw_flat_text(const surface *on, const editor_row *row, size_t from, int y, int x)
{
    size_t end = from;
    while (end < row->content.length && (row->control || row->content.bytes[end] != MARC_SUBFIELD_DELIMITER))
        end++;
    surface_data(on, y, x, (int)(end - from), content_role(row), text_of(row->content.bytes + from, end - from), false);
    for (size_t i = from; row->hash_blanks && i < end; i++)
        if (row->content.bytes[i] == ' ')
            surface_put(on, y, x + (int)(i - from), content_role(row), "#");
    return end;
}

/* A field that is flat, as its layout would have it. */
static void draw_flat(const surface *on, const editor_row *row, int y)
{
    int x = EDITOR_CONTENT_COLUMN;
    for (size_t at = row->start; at < row->content.length;) {
        if (row->control || row->content.bytes[at] != MARC_SUBFIELD_DELIMITER) {
            const size_t end = draw_flat_text(on, row, at, y, x);
            x += (int)(end - at);
            at = end;
            continue;
        }
        x += at > row->start ? 1 : 0;
        surface_put(on, y, x, ROLE_FIELD_CODE, row->delimiter != NULL ? row->delimiter : "$$");
        x += row->delimiter != NULL ? row->delimiter_columns : 2;
        if (editor_has_code(row, at)) {
            const char code = row->content.bytes[at + 1];
            surface_data(on, y, x, 1, ROLE_FIELD_CODE, code == ' ' ? TEXT("#") : text_of(&code, 1), false);
            x += 2;
            at++;
        }
        at++;
    }
}

/* Draws the lines of a field from `first` on. `differs`: by byte, against the record beside it; or NULL. */
static void draw_content(editor *pane, const surface *on, const editor_row *row, int y, int first, const bool *differs)
{
    role look = content_role(row);
    glyph here;
    if (differs == NULL && first == 0 && editor_is_flat(row, editor_content_columns(pane))) {
        draw_flat(on, row, y);
        return;
    }
    if (!editor_lay_out(pane, row))
        return;
    const layout *laid = pane->laid;
    for (size_t i = layout_line(laid, first), taken; i < laid->count; i += taken) {
        taken = text_run(laid, i, &here, differs);
        if (y + here.line - first >= on->rows)
            break;
        bool other = differs != NULL && here.bytes > 0 && differs[here.offset];
        draw_glyph(on, row, &here, y + here.line - first, other ? ROLE_DIFFERENT : look);
    }
}

/* While 001 is not the record's own, the number it will have stands beside the foreign one (ED-73). */
static void draw_own_number(const editor *pane, const surface *on, const editor_row *row, int y)
{
    char own[MMS_ID_LENGTH];
    if (strcmp(row->tag, "001") != 0)
        return;
    mms_id_format(own, edit_state_of(pane->session)->id);
    if (text_equal(row->content, text_from(own)))
        return;
    int x = EDITOR_CONTENT_COLUMN + display_width(row->content, pane->utf8) + 1;
    surface_format(on, y, x, ROLE_LABEL, "(on save: %s)", own);
}

static char link_mark(const editor_row *row)
{
    static const char *const controlled[] = { "1XX", "240", "6XX", "7XX", "8XX" };
    marc_field field = { .content = row->content };
    text number;
    memcpy(field.tag, row->tag, sizeof field.tag);
    for (size_t i = 0; !row->control && i < sizeof controlled / sizeof *controlled; i++)
        if (marc_tag_matches(row->tag, controlled[i]))
            return marc_field_subfield(&field, '0', &number) ? '@' : ' ';
    return ' ';
}

static void draw_marks(const editor *pane, const surface *on, const editor_row *row, size_t index, int y, bool focused)
{
    int severity = editor_row_severity(pane, index);
    if (index == pane->row && focused)
        surface_put(on, y, ALERT_COLUMN, ROLE_CURSOR_LINE, ">");
    else if (severity >= 0)
        editor_draw_severity(on, y, ALERT_COLUMN, (marc_severity)severity);
    char mark = editor_change_mark(pane, index);
    if (mark != ' ')
        surface_put(on, y, MARK_COLUMN, mark == '+' ? ROLE_MARK_NEW : ROLE_MARK_CHANGED, mark == '+' ? "+" : "*");
    char sign = editor_pair_sign(pane, index);
    if (sign != ' ')
        surface_put(on, y, BLOCK_COLUMN, ROLE_DIFFERENT, sign == '+' ? "+" : "≠");
    if (editor_is_marked(pane, index))
        surface_put(on, y, BLOCK_COLUMN, ROLE_MARK_LINKED, "x");
    if (link_mark(row) == '@')
        surface_put(on, y, LINK_COLUMN, ROLE_MARK_LINKED, "@");
}

static void draw_indicator(const editor *pane, const surface *on, const editor_row *row, size_t index, int which, int y, int x)
{
    char value[2] = { ' ', '\0' };
    if ((size_t)which <= row->content.length)
        value[0] = row->content.bytes[which - 1];
    bool here = index == pane->row && pane->box == (which == 1 ? BOX_INDICATOR_1 : BOX_INDICATOR_2);
    if (value[0] == ' ' && !here) /* empty where it is being typed (ED-34) */
        value[0] = '#';
    surface_data(on, y, x, 1, ROLE_FIELD_INDICATOR, text_of(value, 1), false);
}

static void draw_boxes(const editor *pane, const surface *on, const editor_row *row, size_t index, int y)
{
    const char *tag = index == pane->row && pane->tag_pending ? pane->tag_typed : row->tag;
    role look = editor_is_marked(pane, index) ? ROLE_SELECTION : ROLE_FIELD_TAG;
    if (editor_is_under_latin(pane, index) && !(index == pane->row && pane->box == BOX_TAG))
        surface_put(on, y, TAG_COLUMN + 1, ROLE_RULE, "=="); /* the tag is written once for the two (ED-126) */
    else
        surface_data(on, y, TAG_COLUMN, MARC_TAG_LENGTH, look, text_from(tag), false);
    if (row->control)
        return;
    draw_indicator(pane, on, row, index, 1, y, FIRST_INDICATOR_COLUMN);
    draw_indicator(pane, on, row, index, 2, y, SECOND_INDICATOR_COLUMN);
}

static void place_cursor(editor *pane, const surface *on, int y)
{
    static const int columns[] = { TAG_COLUMN, FIRST_INDICATOR_COLUMN, SECOND_INDICATOR_COLUMN };
    int line = 0, column = 0;
    if (pane->box == BOX_CONTENT)
        editor_place(pane, &line, &column);
    int x = pane->box == BOX_CONTENT ? EDITOR_CONTENT_COLUMN + column : columns[pane->box];
    if (pane->box == BOX_TAG)
        x += (int)pane->offset;
    if (x >= on->columns)
        x = on->columns - 1;
    surface_cursor(on, y + line, x);
    pane->cursor_y = y + line;
    pane->cursor_x = x;
}

/* One field from its line `skip` on; the first `gap` lines belong to rows that only the record beside it has. */
static void draw_row(editor *pane, const surface *on, const editor_row *row, size_t index, int y, int skip, int gap, bool focused)
{
    int first = skip > gap ? skip - gap : 0, top = y + (gap > skip ? gap - skip : 0);
    bool here = index == pane->row && focused;
    if (top >= on->rows)
        return;
    if (first == 0) {
        draw_marks(pane, on, row, index, top, focused);
        draw_boxes(pane, on, row, index, top);
    } else if (here) {
        surface_put(on, top, ALERT_COLUMN, ROLE_CURSOR_LINE, ">");
    }
    bool *differs = editor_pair_marks(pane, row, index);
    draw_content(pane, on, row, top, first, differs);
    free(differs);
    if (first == 0)
        draw_own_number(pane, on, row, top);
    if (here)
        place_cursor(pane, on, top - first);
}

static bool is_as_drawn(editor *pane, bool focused)
{
    const editor_drawn before = pane->drawn;
    const editor_drawn now = { .plain = focused && pane->box == BOX_CONTENT && !pane->tag_pending && !pane->offers &&
                                        pane->pair == NULL,
                               .revision = marc_edit_revision(edit_of(pane->session)),
                               .checked = pane->findings.revision,
                               .findings = pane->findings.count,
                               .marks = pane->marks.count,
                               .top_row = pane->top_row,
                               .top_line = pane->top_line,
                               .shows_links = pane->shows_links };
    pane->drawn = now;
    return now.plain && before.plain && now.revision == before.revision && now.checked == before.checked &&
           now.findings == before.findings && now.marks == before.marks && now.top_row == before.top_row &&
           now.top_line == before.top_line && now.shows_links == before.shows_links;
}

void editor_draw_grid(editor *pane, const surface *on, bool focused)
{
    size_t rows = editor_rows(pane);
    pane->grid_rows = on->rows;
    editor_pair_measure(pane);
    if (focused || !editor_scrolls_along(pane, on->rows))
        editor_fit(pane, on->rows);
    if (surface_may_stay(on, &pane->drawn, is_as_drawn(pane, focused))) {
        place_cursor(pane, on, lines_below_top(pane, pane->row, 0, on->rows));
        surface_marks(on, ALERT_COLUMN);
        return;
    }
    int y = 0, skip = pane->top_line;
    for (size_t index = pane->top_row; index < rows && y < on->rows; index = editor_row_after(pane, index), skip = 0) {
        editor_row row;
        int gap = editor_gap_before(pane, index), span = editor_span(pane, index);
        if (!editor_row_get(pane, index, &row))
            break;
        if (skip < span)
            draw_row(pane, on, &row, index, y, skip, gap, focused);
        y += span - skip;
    }
    if (focused)
        surface_marks(on, ALERT_COLUMN);
    if (focused)
        editor_draw_offers(pane, on, pane->cursor_y, pane->cursor_x);
}
