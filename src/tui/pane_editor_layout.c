/* src/tui/pane_editor_layout.c - one field as glyphs on wrapped lines, and the stops of the cursor among them.
 *
 * A field is laid out when it is seen or walked through, never the whole record: a record of 10,000 fields costs a
 * screenful. What was laid out is kept; after a key only what stands around the change is made anew, and lines are broken
 * from there on until one begins where one began before: a letter in a field of 32 KB costs about one line. Lines end at blanks
 * where they can, else where the room ends; a blank that no longer fits hangs in the one column that is kept free at the right,
 * where the cursor stands at the end of a full line. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_LEAST = 12, DOLLAR_COLUMNS = 8 }; /* the longest thing shown for one character; {dollar} */
enum { LONG_FIELD = 500 };                       /* bytes: shorter ones are laid out anew in no time */

void layout_release(layout *laid)
{
    free(laid->glyphs);
    free(laid->bytes);
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

/* What stands at an offset. @param bytes how many of them that is */
static bool add_next(layout *laid, const editor_row *row, size_t offset, bool utf8, size_t *bytes)
{
    if (row->control || row->content.bytes[offset] != MARC_SUBFIELD_DELIMITER)
        return add_character(laid, row, offset, utf8, bytes);
    *bytes = editor_has_code(row, offset) ? 2 : 1;
    return add_delimiter(laid, row, offset);
}

static bool add_glyphs(layout *laid, const editor_row *row, bool utf8)
{
    size_t offset = row->start;
    while (offset < row->content.length) {
        size_t bytes = 1;
        if (!add_next(laid, row, offset, utf8, &bytes))
            return false;
        offset += bytes;
    }
    return add_glyph(laid, GLYPH_END, row->content.length, 0, 1) != NULL;
}

static bool is_blank(const glyph *here)
{
    return here->breaks && here->width == 1;
}

/* @return the first glyph of the line behind the one that begins with `first`; the count: there is none */
static size_t line_end(const layout *laid, size_t first, int columns)
{
    int column = 0;
    size_t word = first; /* behind the last place where this line may end */
    for (size_t i = first; i < laid->count; i++) {
        const glyph *here = &laid->glyphs[i];
        bool hangs = (is_blank(here) || here->kind == GLYPH_END) && column <= columns;
        if (column + here->width > columns && !hangs && i > first)
            return word > first ? word : i;
        column += here->width;
        if (here->breaks)
            word = i + 1;
    }
    return laid->count;
}

static size_t place_line(layout *laid, size_t first, int line, int columns)
{
    const size_t end = line_end(laid, first, columns);
    int column = 0;
    for (size_t i = first; i < end; i++) {
        laid->glyphs[i].opens = i == first;
        laid->glyphs[i].line = line;
        laid->glyphs[i].column = column;
        column += laid->glyphs[i].width;
    }
    return end;
}

static void wrap(layout *laid, int columns)
{
    laid->lines = 0;
    for (size_t next = 0; next < laid->count;)
        next = place_line(laid, next, laid->lines++, columns);
}

/* ---- a field that was laid out before, and changed in one place ---- */

/* First glyph at or behind an offset. */
static size_t glyph_from(const layout *laid, size_t offset)
{
    size_t low = 0, high = laid->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (laid->glyphs[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_same_form(const layout *laid, const editor_row *row, int columns, bool utf8)
{
    return laid->bytes != NULL && laid->columns == columns && laid->utf8 == utf8 && laid->start == row->start &&
           laid->control == row->control && laid->hash_blanks == row->hash_blanks &&
           laid->delimiter_columns == (row->delimiter != NULL ? row->delimiter_columns : 2);
}

static bool remember(layout *laid, const editor_row *row, int columns, bool utf8)
{
    if (laid->bytes == NULL || laid->bytes_capacity < row->content.length) {
        size_t capacity = row->content.length + row->content.length / 4 + 64;
        char *larger = realloc(laid->bytes, capacity);
        if (larger == NULL)
            return false;
        laid->bytes = larger;
        laid->bytes_capacity = capacity;
    }
    if (row->content.length > 0)
        memcpy(laid->bytes, row->content.bytes, row->content.length);
    laid->length = row->content.length;
    laid->columns = columns;
    laid->utf8 = utf8;
    laid->start = row->start;
    laid->control = row->control;
    laid->hash_blanks = row->hash_blanks;
    laid->delimiter_columns = row->delimiter != NULL ? row->delimiter_columns : 2;
    return true;
}

static size_t common_prefix(text one, text other)
{
    enum { AT_ONCE = 256 };
    size_t most = one.length < other.length ? one.length : other.length, same = 0;
    while (same + AT_ONCE <= most && memcmp(one.bytes + same, other.bytes + same, AT_ONCE) == 0)
        same += AT_ONCE;
    while (same < most && one.bytes[same] == other.bytes[same])
        same++;
    return same;
}

/* At most what is not of the prefix already. */
static size_t common_suffix(text one, text other, size_t prefix)
{
    enum { AT_ONCE = 256 };
    size_t most = (one.length < other.length ? one.length : other.length) - prefix, same = 0;
    const char *one_end = one.bytes + one.length, *other_end = other.bytes + other.length;
    while (same + AT_ONCE <= most && memcmp(one_end - same - AT_ONCE, other_end - same - AT_ONCE, AT_ONCE) == 0)
        same += AT_ONCE;
    while (same < most && one_end[-1 - (ptrdiff_t)same] == other_end[-1 - (ptrdiff_t)same])
        same++;
    return same;
}

/* A glyph's extent is known by the character behind it: from a glyph this far before the change on they are made anew. */
static size_t first_to_redo(const layout *laid, size_t prefix)
{
    enum { LOOKS_AHEAD = 8 };
    size_t i = prefix > LOOKS_AHEAD ? glyph_from(laid, prefix - LOOKS_AHEAD + 1) : 0;
    i -= i > 0 ? 1 : 0;
    while (i > 0 && laid->glyphs[i].kind > GLYPH_DOLLAR)
        i--; /* the signs of a subfield are made together */
    return i;
}

/* Whether reading on from this place of the old content gives the old glyphs from `at` on. */
static bool begins_there(const layout *laid, size_t at, size_t offset)
{
    return at < laid->count && laid->glyphs[at].offset == offset && laid->glyphs[at].kind != GLYPH_CODE &&
           laid->glyphs[at].kind != GLYPH_GAP;
}

/* Glyphs of the new content from `offset` on, until the old ones go on as they were. @return false: no memory
 * @param rest the first of those, or the old count */
static bool add_until_known(layout *fresh, const layout *old, const editor_row *row, size_t offset, size_t suffix, size_t *rest)
{
    const size_t known = row->content.length - suffix, length = row->content.length;
    *rest = old->count;
    while (offset < length) {
        size_t bytes = 0;
        if (offset > known) {
            *rest = glyph_from(old, offset + old->length - length);
            if (begins_there(old, *rest, offset + old->length - length))
                return true;
        }
        if (!add_next(fresh, row, offset, old->utf8, &bytes))
            return false;
        offset += bytes;
    }
    *rest = old->count;
    return add_glyph(fresh, GLYPH_END, length, 0, 1) != NULL;
}

/* Puts the fresh glyphs in the place of those from `first` to `rest`. */
static bool put_between(layout *laid, size_t first, size_t rest, const layout *fresh, size_t length)
{
    const size_t tail = laid->count - rest, count = first + fresh->count + tail;
    if (count > laid->capacity) {
        size_t capacity = count + count / 4;
        glyph *larger = realloc(laid->glyphs, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        laid->glyphs = larger;
        laid->capacity = capacity;
    }
    memmove(laid->glyphs + first + fresh->count, laid->glyphs + rest, tail * sizeof *laid->glyphs);
    if (fresh->count > 0)
        memcpy(laid->glyphs + first, fresh->glyphs, fresh->count * sizeof *fresh->glyphs);
    for (size_t i = first + fresh->count; i < count; i++)
        laid->glyphs[i].offset = laid->glyphs[i].offset + length - laid->length;
    laid->count = count;
    return true;
}

/* From the line before the change on, until a line begins where one began before: a word may go up a line, too. */
static void wrap_again(layout *laid, size_t first, size_t known, int columns)
{
    size_t next = first > 0 ? first - 1 : 0;
    int line = 0;
    if (first > 0 && laid->glyphs[next].line > 0) {
        line = laid->glyphs[next].line - 1;
        while (laid->glyphs[next].line > line || !laid->glyphs[next].opens)
            next--;
    } else {
        next = 0;
    }
    while (next < laid->count && !(next >= known && laid->glyphs[next].opens))
        next = place_line(laid, next, line++, columns);
    const int shift = next < laid->count ? line - laid->glyphs[next].line : 0;
    for (size_t i = next; shift != 0 && i < laid->count; i++)
        laid->glyphs[i].line += shift;
    laid->lines = laid->glyphs[laid->count - 1].line + 1;
}

/* @return false: no memory, and the layout is not to be used */
static bool lay_out_again(layout *laid, const editor_row *row, size_t prefix, int columns)
{
    layout fresh = { 0 };
    size_t rest, first = first_to_redo(laid, prefix);
    const size_t suffix = common_suffix(text_of(laid->bytes, laid->length), row->content, prefix);
    bool done = add_until_known(&fresh, laid, row, laid->glyphs[first].offset, suffix, &rest) &&
                put_between(laid, first, rest, &fresh, row->content.length);
    if (done)
        wrap_again(laid, first, first + fresh.count, columns);
    layout_release(&fresh);
    return done;
}

bool layout_build(layout *laid, const editor_row *row, int columns, bool utf8)
{
    const int used = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
    size_t prefix = 0;
    bool done;
    if (is_same_form(laid, row, used, utf8)) {
        prefix = common_prefix(text_of(laid->bytes, laid->length), row->content);
        if (prefix == laid->length && prefix == row->content.length)
            return true;
    }
    if (prefix > row->start && row->content.length >= LONG_FIELD) {
        done = lay_out_again(laid, row, prefix, used);
    } else {
        laid->count = 0;
        done = add_glyphs(laid, row, utf8);
        if (done)
            wrap(laid, used);
    }
    if (!done || !remember(laid, row, used, utf8)) {
        layout_release(laid); /* half of it is worse than nothing */
        return false;
    }
    return true;
}

/* Short fields have a place by their row, so that those in sight do not drive each other out; of long ones the last are kept. */
bool editor_lay_out(editor *pane, const editor_row *row)
{
    size_t place = row->index % EDITOR_SHORT_LAYOUTS;
    if (row->content.length >= LONG_FIELD) {
        place = EDITOR_SHORT_LAYOUTS;
        for (size_t i = place; i < EDITOR_LAYOUTS && pane->layouts[place].row != row->index; i++)
            if (pane->layouts[i].row == row->index || pane->layouts[i].used_at < pane->layouts[place].used_at)
                place = i;
    }
    pane->laid = &pane->layouts[place];
    pane->laid->row = row->index;
    pane->laid->used_at = ++pane->layouts_used;
    return layout_build(pane->laid, row, editor_content_columns(pane), pane->utf8);
}

static bool is_stop(const glyph *here)
{
    return here->kind < GLYPH_DELIMITER;
}

const glyph *layout_at(const layout *laid, size_t offset)
{
    const size_t behind = glyph_from(laid, offset + 1);
    for (size_t i = behind; i-- > 0;)
        if (is_stop(&laid->glyphs[i]))
            return &laid->glyphs[i];
    for (size_t i = behind; i < laid->count; i++)
        if (is_stop(&laid->glyphs[i]))
            return &laid->glyphs[i];
    return NULL;
}

size_t layout_line(const layout *laid, int line)
{
    size_t low = 0, high = laid->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (laid->glyphs[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t layout_offset(const layout *laid, int line, int column)
{
    size_t best = 0;
    int best_distance = -1;
    for (size_t i = layout_line(laid, line); i < laid->count && laid->glyphs[i].line == line; i++) {
        const glyph *here = &laid->glyphs[i];
        if (!is_stop(here))
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
    if (!editor_row_get(pane, row, &what) || editor_is_flat(&what, editor_content_columns(pane)) || !editor_lay_out(pane, &what))
        return 1;
    return pane->laid->lines;
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
    if (!editor_lay_out(pane, row))
        return offset;
    for (size_t i = glyph_from(pane->laid, offset + 1); i < pane->laid->count; i++)
        if (is_stop(&pane->laid->glyphs[i]))
            return pane->laid->glyphs[i].offset;
    return offset;
}

size_t editor_stop_before(editor *pane, const editor_row *row, size_t offset)
{
    if (!editor_lay_out(pane, row))
        return offset;
    for (size_t i = glyph_from(pane->laid, offset); i-- > 0;)
        if (is_stop(&pane->laid->glyphs[i]))
            return pane->laid->glyphs[i].offset;
    return SIZE_MAX;
}
