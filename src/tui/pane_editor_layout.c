/* src/tui/pane_editor_layout.c - one field as glyphs on wrapped lines, and the stops of the cursor among them.
 *
 * A field is laid out when it is seen or walked through, never the whole record: a record of 10,000 fields costs a
 * screenful. Lines end at blanks where they can, else where the room ends; a blank that no longer fits hangs in the one
 * column that is kept free at the right, where the cursor stands at the end of a full line. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_LEAST = 12, DOLLAR_COLUMNS = 8 }; /* the longest thing shown for one character; {dollar} */

void layout_release(layout *laid)
{
    free(laid->glyphs);
    *laid = (struct layout){ 0 };
}

static glyph *add_glyph(layout *laid, glyph_kind kind, size_t offset, size_t bytes, int width)
{
    if (laid->count == laid->capacity) {
        size_t capacity = laid->capacity == 0 ? 256 : laid->capacity * 2;
        glyph *larger = realloc(laid->glyphs, capacity * sizeof *larger);
        if (larger == NULL)
            return NULL;
        laid->glyphs = larger;
        laid->capacity = capacity;
    }
    glyph *added = &laid->glyphs[laid->count++];
    *added = (glyph){ .offset = offset, .bytes = bytes, .width = width, .kind = kind };
    return added;
}

bool editor_has_code(const editor_row *row, size_t delimiter)
{
    size_t code = delimiter + 1;
    return code < row->content.length && row->content.bytes[code] >= 0x20 && row->content.bytes[code] <= 0x7E;
}

static bool add_delimiter(layout *laid, const editor_row *row, size_t offset)
{
    if (offset > row->start) {
        glyph *end = add_glyph(laid, GLYPH_VALUE_END, offset, 0, 1);
        if (end == NULL)
            return false;
        end->breaks = true;
    }
    if (add_glyph(laid, GLYPH_DELIMITER, offset, 1, row->delimiter != NULL ? row->delimiter_columns : 2) == NULL)
        return false;
    if (!editor_has_code(row, offset))
        return true;
    return add_glyph(laid, GLYPH_CODE, offset + 1, 1, 1) != NULL && add_glyph(laid, GLYPH_GAP, offset + 1, 0, 1) != NULL;
}

static bool is_plain(const char *bytes, size_t left)
{
    unsigned char here = (unsigned char)bytes[0];
    return here >= 0x20 && here <= 0x7E && (left == 1 || (unsigned char)bytes[1] < 0x80);
}

/* A line may end anywhere among them. What else is two columns wide is a letter with its vowel sign. */
static bool is_ideographic(const char *bytes, size_t left)
{
    enum { FIRST_IDEOGRAPHIC = 0x1100 };
    int32_t code;
    utf8_decode(bytes, left, &code);
    return code >= FIRST_IDEOGRAPHIC;
}

static bool dollar_beside(const editor_row *row, size_t offset)
{
    const char *bytes = row->content.bytes;
    return (offset > row->start && bytes[offset - 1] == '$') || (offset + 1 < row->content.length && bytes[offset + 1] == '$');
}

static bool add_character(layout *laid, const editor_row *row, size_t offset, bool utf8, size_t *bytes)
{
    const char *here = row->content.bytes + offset;
    size_t left = row->content.length - offset;
    glyph *added;
    *bytes = 1;
    if (*here == ' ' && (is_plain(here, left) || utf8_grapheme(here, left) == 1)) {
        added = add_glyph(laid, row->hash_blanks ? GLYPH_BLANK_AS_HASH : GLYPH_TEXT, offset, 1, 1);
        if (added != NULL)
            added->breaks = !row->hash_blanks;
    } else if (*here == '$' && !row->control && dollar_beside(row, offset)) {
        added = add_glyph(laid, GLYPH_DOLLAR, offset, 1, DOLLAR_COLUMNS);
    } else if (is_plain(here, left)) {
        added = add_glyph(laid, GLYPH_TEXT, offset, 1, 1);
    } else {
        display_unit unit;
        display_next(&unit, here, left, utf8);
        *bytes = unit.bytes;
        added = add_glyph(laid, GLYPH_TEXT, offset, unit.bytes, unit.width);
        if (added != NULL)
            added->breaks = unit.width == 2 && !unit.placeholder && is_ideographic(here, left);
    }
    return added != NULL;
}

static bool add_glyphs(layout *laid, const editor_row *row, bool utf8)
{
    size_t offset = row->start;
    while (offset < row->content.length) {
        size_t bytes = 1;
        if (!row->control && row->content.bytes[offset] == MARC_SUBFIELD_DELIMITER) {
            if (!add_delimiter(laid, row, offset))
                return false;
            bytes = editor_has_code(row, offset) ? 2 : 1;
        } else if (!add_character(laid, row, offset, utf8, &bytes)) {
            return false;
        }
        offset += bytes;
    }
    return add_glyph(laid, GLYPH_END, row->content.length, 0, 1) != NULL;
}

static bool is_blank(const glyph *here)
{
    return here->breaks && here->width == 1;
}

/* Moves the glyphs from `first` on to a new line. @return the column behind them */
static int carry_over(layout *laid, size_t first, size_t last, int line)
{
    int column = 0;
    for (size_t i = first; i <= last; i++) {
        laid->glyphs[i].line = line;
        laid->glyphs[i].column = column;
        column += laid->glyphs[i].width;
    }
    return column;
}

static void wrap(layout *laid, int columns)
{
    int line = 0, column = 0;
    size_t line_start = 0, word = 0; /* first glyph behind the last place where this line may end */
    for (size_t i = 0; i < laid->count; i++) {
        glyph *here = &laid->glyphs[i];
        bool hangs = (is_blank(here) || here->kind == GLYPH_END) && column <= columns;
        if (column + here->width > columns && !hangs && i > line_start) {
            line_start = word > line_start ? word : i;
            column = carry_over(laid, line_start, i, ++line);
            word = line_start;
        } else {
            here->line = line;
            here->column = column;
            column += here->width;
        }
        if (here->breaks)
            word = i + 1;
    }
    laid->lines = line + 1;
}

bool layout_build(layout *laid, const editor_row *row, int columns, bool utf8)
{
    laid->count = 0;
    laid->lines = 1;
    if (!add_glyphs(laid, row, utf8))
        return false;
    wrap(laid, columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns);
    return true;
}

static bool is_stop(const glyph *here)
{
    return here->kind < GLYPH_DELIMITER;
}

const glyph *layout_at(const layout *laid, size_t offset)
{
    const glyph *found = NULL;
    for (size_t i = 0; i < laid->count; i++) {
        const glyph *here = &laid->glyphs[i];
        if (is_stop(here) && (here->offset <= offset || found == NULL))
            found = here;
        if (here->offset > offset)
            break;
    }
    return found;
}

size_t layout_offset(const layout *laid, int line, int column)
{
    size_t best = 0;
    int best_distance = -1;
    for (size_t i = 0; i < laid->count && laid->glyphs[i].line <= line; i++) {
        const glyph *here = &laid->glyphs[i];
        if (here->line != line || !is_stop(here))
            continue;
        int distance = abs(here->column - column);
        if (column > here->column && column < here->column + here->width)
            distance = 0;
        if (best_distance < 0 || distance < best_distance) {
            best = here->offset;
            best_distance = distance;
        }
    }
    return best;
}

int editor_content_columns(const editor *pane)
{
    return pane->columns - EDITOR_CONTENT_COLUMN - 1;
}

bool editor_is_flat(const editor_row *row, int columns)
{
    enum { SHOWN_FOR_DELIMITER = 4 }; /* blank, $$, blank: one more column each than the byte itself */
    size_t width = row->content.length - row->start, most = columns < COLUMNS_LEAST ? COLUMNS_LEAST : (size_t)columns;
    for (size_t i = row->start; i < row->content.length && width <= most; i++) {
        char byte = row->content.bytes[i];
        if (byte == MARC_SUBFIELD_DELIMITER)
            width += SHOWN_FOR_DELIMITER - 1;
        else if (byte < ' ' || byte > '~' || byte == '$')
            return false;
    }
    return width <= most;
}

int editor_height(editor *pane, size_t row)
{
    editor_row what;
    if (!editor_row_get(pane, row, &what) || editor_is_flat(&what, editor_content_columns(pane)) ||
        !layout_build(&pane->scratch, &what, editor_content_columns(pane), pane->utf8))
        return 1;
    return pane->scratch.lines;
}

size_t editor_first_stop(const editor_row *row)
{
    size_t start = row->start;
    if (!row->control && start < row->content.length && row->content.bytes[start] == MARC_SUBFIELD_DELIMITER)
        return start + (editor_has_code(row, start) ? 2 : 1);
    return start < row->content.length ? start : row->content.length;
}

size_t editor_stop_after(editor *pane, const editor_row *row, size_t offset)
{
    if (!layout_build(&pane->scratch, row, editor_content_columns(pane), pane->utf8))
        return offset;
    for (size_t i = 0; i < pane->scratch.count; i++)
        if (is_stop(&pane->scratch.glyphs[i]) && pane->scratch.glyphs[i].offset > offset)
            return pane->scratch.glyphs[i].offset;
    return offset;
}

size_t editor_stop_before(editor *pane, const editor_row *row, size_t offset)
{
    size_t found = SIZE_MAX;
    if (!layout_build(&pane->scratch, row, editor_content_columns(pane), pane->utf8))
        return offset;
    for (size_t i = 0; i < pane->scratch.count && pane->scratch.glyphs[i].offset < offset; i++)
        if (is_stop(&pane->scratch.glyphs[i]))
            found = pane->scratch.glyphs[i].offset;
    return found;
}
