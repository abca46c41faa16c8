/* src/tui/record_lines.c - lays a MARC record out in lines: see record_lines.h.
 *
 * Wrapping goes by display columns and breaks at blanks where it can, within a word where it must (a URL, Japanese). The
 * content is turned into what the grid shows first, so that a line break never falls into a subfield delimiter. */
#include "record_lines.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_LINES = 64, CONTENT_LIMIT = 1 << 26 };

void record_lines_init(record_lines *lines)
{
    *lines = (record_lines){ .lines = NULL };
    buffer_init(&lines->text, CONTENT_LIMIT);
}

void record_lines_release(record_lines *lines)
{
    free(lines->lines);
    buffer_release(&lines->text);
    *lines = (record_lines){ .lines = NULL };
}

void record_lines_clear(record_lines *lines)
{
    buffer_clear(&lines->text);
    lines->count = 0;
    lines->failed = false;
}

static record_line *add_line(record_lines *lines)
{
    if (lines->count == lines->capacity) {
        size_t capacity = lines->capacity == 0 ? FIRST_LINES : lines->capacity * 2;
        record_line *grown = realloc(lines->lines, capacity * sizeof *grown);

        if (grown == NULL) {
            lines->failed = true;
            return NULL;
        }
        lines->lines = grown;
        lines->capacity = capacity;
    }
    lines->lines[lines->count] = (record_line){ .first = false };
    return &lines->lines[lines->count++];
}

/* ---- content as read ---------------------------------------------------------------------------------------------------- */

static void append_hashed(buffer *out, text value)
{
    for (size_t i = 0; i < value.length; i++)
        buffer_append_char(out, value.bytes[i] == ' ' ? '#' : value.bytes[i]);
}

/* Two dollar signs of the data must not read as a delimiter (ED-34). */
static void append_value(buffer *out, text value)
{
    for (size_t i = 0; i < value.length; i++) {
        if (value.bytes[i] == '$' && i + 1 < value.length && value.bytes[i + 1] == '$') {
            buffer_append_string(out, "{dollar}{dollar}");
            i++;
        } else {
            buffer_append_char(out, value.bytes[i]);
        }
    }
}

static bool is_control(const char *tag)
{
    return strcmp(tag, "LDR") == 0 || marc_tag_is_control(tag);
}

void record_content(buffer *out, const char *tag, text content)
{
    bool hashed = strcmp(tag, "010") == 0 || strcmp(tag, "035") == 0; /* stored blanks must be countable (ED-35) */
    marc_field field = { .content = content };
    marc_subfield subfield;
    size_t offset = 0;
    bool begun = false;

    if (is_control(tag)) {
        append_hashed(out, content);
        return;
    }
    memcpy(field.tag, tag, MARC_TAG_LENGTH);
    while (marc_field_next_subfield(&field, &offset, &subfield)) {
        if (begun)
            buffer_append_char(out, ' ');
        begun = true;
        if (subfield.code != 0)
            buffer_append_format(out, "$$%c ", subfield.code);
        if (hashed)
            append_hashed(out, subfield.value);
        else
            append_value(out, subfield.value);
    }
}

/* ---- wrapping ----------------------------------------------------------------------------------------------------------- */

/* Bytes of `rest` that go on a line of `columns`; a break at a blank takes the blank along. Never 0 for a rest that is not empty.
 */
static size_t line_length(text rest, int columns, bool utf8)
{
    size_t offset = 0;
    size_t after_blank = 0;
    int used = 0;

    while (offset < rest.length) {
        display_unit unit;

        display_next(&unit, rest.bytes + offset, rest.length - offset, utf8);
        if (used + unit.width > columns && rest.bytes[offset] != ' ')
            break;
        offset += unit.bytes;
        used += unit.width;
        /* "$$a" stays with the word behind it */
        if (offset < rest.length && rest.bytes[offset - 1] == ' ' &&
            !(offset >= 4 && rest.bytes[offset - 4] == '$' && rest.bytes[offset - 3] == '$'))
            after_blank = offset;
        if (used > columns)
            break;
    }
    if (offset >= rest.length)
        return rest.length;
    if (after_blank > 0)
        return after_blank;
    return offset > 0 ? offset : 1;
}

static void set_tag(record_line *line, const char *tag, text content)
{
    line->first = true;
    memcpy(line->tag, tag, MARC_TAG_LENGTH);
    if (is_control(tag))
        return;
    for (size_t i = 0; i < 2; i++) {
        char indicator = i < content.length ? content.bytes[i] : ' ';

        /* one column is too narrow for a placeholder */
        line->indicators[i] = indicator == ' ' ? '#' : indicator > ' ' && indicator < 0x7F ? indicator : '?';
    }
}

void record_lines_add(record_lines *lines, const char *tag, text content, size_t field, int columns, bool utf8, size_t most)
{
    size_t start = lines->text.length;
    size_t made = 0;
    text rest;

    record_content(&lines->text, tag, content);
    if (buffer_failed(&lines->text)) {
        lines->failed = true;
        return;
    }
    rest = buffer_text(&lines->text);
    rest = text_of(rest.bytes == NULL ? "" : rest.bytes + start, rest.length - start);
    do {
        record_line *line = add_line(lines);
        bool last = most > 0 && made + 1 == most;
        size_t length = last ? rest.length : line_length(rest, columns < 1 ? 1 : columns, utf8);

        if (line == NULL)
            return;
        line->field = field;
        line->start = start;
        line->length = length;
        if (made++ == 0)
            set_tag(line, tag, content);
        start += length;
        rest = text_of(rest.bytes + length, rest.length - length);
    } while (rest.length > 0);
}

void record_lines_layout(record_lines *lines, const marc_record *record, int columns, bool utf8)
{
    record_lines_clear(lines);
    record_lines_add(lines, "LDR", text_of(marc_record_leader(record), MARC_LEADER_LENGTH), RECORD_LEADER_INDEX, columns, utf8,
                     0);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);

        record_lines_add(lines, field->tag, field->content, i, columns, utf8, 0);
    }
}

/* ---- drawing ------------------------------------------------------------------------------------------------------------ */

/* Is there a delimiter of the grid ("$$a") at `offset`? */
static bool at_delimiter(text content, size_t offset)
{
    return offset + 2 < content.length && content.bytes[offset] == '$' && content.bytes[offset + 1] == '$' &&
           (offset == 0 || content.bytes[offset - 1] == ' ');
}

static size_t next_delimiter(text content, size_t from)
{
    while (from < content.length && !at_delimiter(content, from))
        from++;
    return from;
}

int record_content_draw(const surface *area, int row, int column, int columns, role look, text content, bool ellipsis)
{
    bool cut = ellipsis && display_width(content, surface_utf8(area)) > columns;
    int room = cut ? columns - 1 : columns;
    int used = 0;

    for (size_t offset = 0; offset < content.length && used < room;) {
        bool code = at_delimiter(content, offset);
        size_t end = code ? offset + 3 : next_delimiter(content, offset);

        used += surface_data(area, row, column + used, room - used, code ? ROLE_FIELD_CODE : look,
                             text_of(content.bytes + offset, end - offset), false);
        offset = end;
    }
    if (cut && columns > 0)
        used += surface_put(area, row, column + used, ROLE_TEXT_DIM, "…");
    return used;
}

void record_lines_draw(const record_lines *lines, size_t index, const surface *area, int row, int column, int columns, role tags,
                       role content)
{
    const record_line *line = &lines->lines[index];
    text all = buffer_text(&lines->text);

    if (line->first) {
        surface_data(area, row, column, RECORD_TAG_COLUMNS, tags, text_from(line->tag), false);
        if (line->indicators[0] != '\0') {
            surface_data(area, row, column + RECORD_FIRST_INDICATOR, 1, ROLE_FIELD_INDICATOR, text_of(&line->indicators[0], 1),
                         false);
            surface_data(area, row, column + RECORD_SECOND_INDICATOR, 1, ROLE_FIELD_INDICATOR, text_of(&line->indicators[1], 1),
                         false);
        }
    }
    if (columns > RECORD_CONTENT)
        record_content_draw(area, row, column + RECORD_CONTENT, columns - RECORD_CONTENT, content,
                            text_of(all.bytes + line->start, line->length), true);
}

/* ---- a record to be read --------------------------------------------------------------------------------------------------- */

void record_view_init(record_view *view)
{
    *view = (record_view){ .record = NULL };
    record_lines_init(&view->lines);
}

void record_view_release(record_view *view)
{
    marc_record_free(view->record);
    record_lines_release(&view->lines);
    view->record = NULL;
}

void record_view_set(record_view *view, marc_record *record)
{
    marc_record_free(view->record);
    view->record = record;
    view->laid_out_for = 0;
    view->top = 0;
    record_lines_clear(&view->lines);
}

static void keep_top_inside(record_view *view)
{
    size_t last = view->lines.count > view->rows ? view->lines.count - view->rows : 0;

    if (view->top > last)
        view->top = last;
}

void record_view_draw(record_view *view, const surface *area, int first_row, int rows)
{
    int content = area->columns - 1 - RECORD_CONTENT;

    view->rows = rows > 0 ? (size_t)rows : 0;
    if (view->record == NULL || rows < 1)
        return;
    if (view->laid_out_for != content || view->laid_out_utf8 != surface_utf8(area)) {
        record_lines_layout(&view->lines, view->record, content, surface_utf8(area));
        view->laid_out_for = content;
        view->laid_out_utf8 = surface_utf8(area);
    }
    keep_top_inside(view);
    for (int row = 0; row < rows && view->top + (size_t)row < view->lines.count; row++)
        record_lines_draw(&view->lines, view->top + (size_t)row, area, first_row + row, 1, area->columns - 1, ROLE_FIELD_TAG,
                          ROLE_FIELD_TEXT);
}

bool record_view_run(record_view *view, const char *name)
{
    size_t page = view->rows > 1 ? view->rows - 1 : 1;

    if (strcmp(name, "list.up") == 0)
        view->top -= view->top > 0;
    else if (strcmp(name, "list.down") == 0)
        view->top++;
    else if (strcmp(name, "list.page_up") == 0)
        view->top -= view->top > page ? page : view->top;
    else if (strcmp(name, "list.page_down") == 0)
        view->top += page;
    else if (strcmp(name, "list.home") == 0)
        view->top = 0;
    else if (strcmp(name, "list.end") == 0)
        view->top = view->lines.count;
    else
        return false;
    keep_top_inside(view);
    return true;
}
