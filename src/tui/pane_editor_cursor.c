/* src/tui/pane_editor_cursor.c - where the cursor stands and how it walks: boxes, stops, wrapped lines, fields.
 *
 * Every move goes through editor_move_to, because leaving a box settles what was half done in it: a typed tag goes into the
 * record, a field that never got a tag or a letter goes away. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

static bool is_empty_row(const editor_row *row)
{
    size_t first = editor_first_stop(row);
    return !row->leader && strcmp(row->tag, "   ") == 0 && first >= row->content.length;
}

/* @return true when the row the cursor leaves was empty and is gone */
static bool drop_empty_row(editor *pane)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row) || !is_empty_row(&row))
        return false;
    if (marc_edit_remove(edit_of(pane->session), pane->row - 1, NULL) != RECTO_OK)
        return false;
    editor_changed(pane);
    return true;
}

static void settle_box(editor *pane, const editor_row *row, editor_box box, size_t offset)
{
    if (row->leader)
        box = BOX_CONTENT;
    if (row->control && box != BOX_TAG && box != BOX_CONTENT) {
        box = BOX_CONTENT;
        offset = row->start;
    }
    if (box == BOX_TAG && offset >= MARC_TAG_LENGTH)
        offset = MARC_TAG_LENGTH - 1;
    if (box == BOX_CONTENT && offset < row->start)
        offset = editor_first_stop(row);
    if (box == BOX_CONTENT && offset > row->content.length)
        offset = row->content.length;
    pane->box = box;
    pane->offset = offset;
}

/* The field whose tag was typed may go to another place: the row that is gone to is still the same field. */
static size_t commit_and_follow(editor *pane, size_t index)
{
    size_t was = pane->row;
    editor_commit_tag(pane);
    if (index == was)
        return pane->row;
    if (index > was && index <= pane->row)
        return index - 1;
    return index < was && index >= pane->row ? index + 1 : index;
}

void editor_move_to(editor *pane, size_t index, editor_box box, size_t offset)
{
    if (pane->tag_pending && (index != pane->row || box != BOX_TAG))
        index = commit_and_follow(pane, index);
    if (index != pane->row) {
        pane->code_supplied = false;
        marc_edit_settle(edit_of(pane->session));
        if (drop_empty_row(pane) && index > pane->row)
            index--;
    }
    if (index >= editor_rows(pane))
        index = editor_rows(pane) - 1;
    editor_row row;
    pane->row = index;
    pane->goal = -1;
    pane->dollar_typed = false;
    pane->code_typed = false;
    if (editor_row_get(pane, index, &row))
        settle_box(pane, &row, box, offset);
}

void editor_clamp(editor *pane)
{
    editor_row row;
    pane->tag_pending = false;
    if (pane->row >= editor_rows(pane))
        pane->row = editor_rows(pane) - 1;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    settle_box(pane, &row, pane->box, pane->offset);
    if (pane->box == BOX_CONTENT && editor_lay_out(pane, &row)) {
        const glyph *here = layout_at(pane->laid, pane->offset);
        if (here != NULL)
            pane->offset = here->offset;
    }
}

/* ---- a tag that was typed ---- */

/* A fixed field made new begins as fill characters: nothing is claimed that nobody has coded. */
static void prefill(const editor *pane, const char *tag, buffer *content)
{
    editor_row row = { .leader = false, .control = true };
    memcpy(row.tag, tag, MARC_TAG_LENGTH + 1);
    if (strcmp(tag, "008") != 0 && strcmp(tag, "006") != 0)
        return;
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, &row);
    size_t length = fixed != NULL ? fixed->length : strcmp(tag, "008") == 0 ? 40 : 18;
    if (strcmp(tag, "006") == 0)
        buffer_append_char(content, marc_record_leader(editor_record(pane))[6]);
    while (content->length < length)
        buffer_append_char(content, '|');
}

/* Nothing that stands in the field is lost when its tag makes another kind of field of it. */
static void convert(const editor *pane, const editor_row *row, const char *tag, buffer *content)
{
    bool becomes_control = marc_tag_is_control(tag);
    marc_field field = { .content = row->content };
    memcpy(field.tag, row->tag, sizeof field.tag);
    if (row->control == becomes_control) {
        buffer_append_text(content, row->content);
    } else if (becomes_control) {
        marc_field_join(content, &field, NULL);
        if (content->length == 0)
            prefill(pane, tag, content);
    } else {
        buffer_append_string(content, "  \x1F"
                                      "a");
        buffer_append_text(content, row->content);
    }
}

static bool tag_is_the_systems(const char *tag)
{
    return strcmp(tag, "001") == 0 || strcmp(tag, "005") == 0 || strcmp(tag, "LDR") == 0;
}

/* Behind the last other field whose tag is not greater (ED-38). */
static void go_to_place_of_tag(editor *pane)
{
    const marc_record *record = editor_record(pane);
    recto_error error = { 0 };
    size_t from = pane->row - 1, to = 0;
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (i != from && strcmp(marc_record_field(record, i)->tag, marc_record_field(record, from)->tag) <= 0)
            to = i < from ? i + 1 : i;
    if (marc_edit_move(edit_of(pane->session), from, to, &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    pane->row = to + 1;
    editor_changed(pane);
}

void editor_commit_tag(editor *pane)
{
    editor_row row;
    pane->tag_pending = false;
    if (!editor_row_get(pane, pane->row, &row) || row.leader || strcmp(row.tag, pane->tag_typed) == 0)
        return;
    if (tag_is_the_systems(pane->tag_typed)) {
        station_say(pane->station, "%s is kept by the system; the field stays %s", pane->tag_typed, row.tag);
        return;
    }
    buffer content;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    convert(pane, &row, pane->tag_typed, &content);
    if (pane->sort_on_tag) { /* tag and place are one step */
        char title[24];
        snprintf(title, sizeof title, "Set tag %s", pane->tag_typed);
        marc_edit_begin(edit_of(pane->session), title);
    }
    bool done = editor_set_content(pane, pane->row, pane->tag_typed, buffer_text(&content));
    if (pane->sort_on_tag && done)
        go_to_place_of_tag(pane);
    if (pane->sort_on_tag)
        marc_edit_end(edit_of(pane->session));
    buffer_release(&content);
}

/* ---- sideways ---- */

void editor_enter_content(editor *pane)
{
    editor_row row;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (editor_row_get(pane, pane->row, &row))
        editor_move_to(pane, pane->row, BOX_CONTENT, editor_first_stop(&row));
}

void editor_next_box(editor *pane)
{
    editor_row row;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_CONTENT) {
        if (editor_row_after(pane, pane->row) != SIZE_MAX)
            editor_move_to(pane, editor_row_after(pane, pane->row), BOX_TAG, 0);
    } else if (row.control || pane->box == BOX_INDICATOR_2) {
        editor_enter_content(pane);
    } else {
        editor_move_to(pane, pane->row, pane->box + 1, 0);
    }
}

static void previous_box(editor *pane)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_TAG || row.leader) {
        if (pane->row > 0) {
            editor_move_to(pane, editor_row_before(pane, pane->row), BOX_CONTENT, 0);
            editor_enter_content(pane);
        }
    } else if (row.control) {
        editor_move_to(pane, pane->row, BOX_TAG, 0);
    } else {
        editor_move_to(pane, pane->row, pane->box - 1, 0);
    }
}

static void go_left(editor *pane)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_CONTENT) {
        size_t before = editor_stop_before(pane, &row, pane->offset);
        if (before != SIZE_MAX)
            editor_move_to(pane, pane->row, BOX_CONTENT, before);
        else if (!row.leader)
            editor_move_to(pane, pane->row, row.control ? BOX_TAG : BOX_INDICATOR_2, MARC_TAG_LENGTH - 1);
    } else if (pane->box != BOX_TAG) {
        editor_move_to(pane, pane->row, pane->box - 1, MARC_TAG_LENGTH - 1);
    } else if (pane->offset > 0) {
        editor_move_to(pane, pane->row, BOX_TAG, pane->offset - 1);
    } else if (pane->row > 0) {
        editor_move_to(pane, editor_row_before(pane, pane->row), BOX_CONTENT, SIZE_MAX);
    }
}

static void go_right(editor *pane)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_CONTENT) {
        size_t after = editor_stop_after(pane, &row, pane->offset);
        if (after != pane->offset)
            editor_move_to(pane, pane->row, BOX_CONTENT, after);
        else
            editor_next_box(pane);
    } else if (pane->box == BOX_TAG && pane->offset + 1 < MARC_TAG_LENGTH) {
        editor_move_to(pane, pane->row, BOX_TAG, pane->offset + 1);
    } else {
        editor_next_box(pane);
    }
}

static void go_home(editor *pane)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    size_t first = editor_first_stop(&row);
    if (pane->box != BOX_CONTENT || (pane->offset == first && !row.leader))
        editor_move_to(pane, pane->row, BOX_TAG, 0);
    else
        editor_move_to(pane, pane->row, BOX_CONTENT, first);
}

/* ---- up and down ---- */

/* From one of the boxes before the content: the same box of the next field. */
static bool step_boxes(editor *pane, int by)
{
    size_t next = by > 0 ? editor_row_after(pane, pane->row) : editor_row_before(pane, pane->row);
    editor_row row;
    if (!editor_row_get(pane, next, &row))
        return false;
    size_t offset = pane->box == BOX_TAG ? pane->offset : 0;
    editor_move_to(pane, next, pane->box, offset);
    return true;
}

/* A code is typed over: who only comes by from above or below is put behind it, into the value (ED-33). */
static size_t into_the_value(const editor *pane, size_t index, int line, size_t offset)
{
    editor_row row;
    if (!editor_row_get(pane, index, &row) || row.control || offset <= row.start || offset >= row.content.length ||
        row.content.bytes[offset - 1] != MARC_SUBFIELD_DELIMITER)
        return offset;
    const glyph *value = layout_at(pane->laid, offset + 1);
    return value != NULL && value->line == line ? offset + 1 : offset;
}

/* One wrapped line up or down, keeping the column aimed at. @return false at either end of the record */
static bool step_line(editor *pane, int by)
{
    int line, column;
    if (pane->box != BOX_CONTENT)
        return (by > 0 || pane->row > 0) && step_boxes(pane, by);
    if (!editor_place(pane, &line, &column))
        return false;
    int goal = pane->goal >= 0 ? pane->goal : column;
    size_t index = pane->row;
    line += by;
    if (line < 0 || line >= pane->laid->lines) {
        editor_row row;
        index = by > 0 ? editor_row_after(pane, index) : editor_row_before(pane, index);
        if (index == SIZE_MAX || !editor_row_get(pane, index, &row))
            return false;
        if (!editor_lay_out(pane, &row))
            return false;
        line = by < 0 ? pane->laid->lines - 1 : 0;
    }
    editor_move_to(pane, index, BOX_CONTENT, into_the_value(pane, index, line, layout_offset(pane->laid, line, goal)));
    pane->goal = goal;
    return true;
}

static void step_lines(editor *pane, int by, int times)
{
    while (times-- > 0 && step_line(pane, by))
        ;
}

bool editor_move_key(editor *pane, const key *pressed)
{
    int page = pane->grid_rows > 2 ? pane->grid_rows - 1 : 1;
    switch (pressed->name) {
    case KEY_NAME_UP:
        step_lines(pane, -1, 1);
        return true;
    case KEY_NAME_DOWN:
        step_lines(pane, 1, 1);
        return true;
    case KEY_NAME_PAGE_UP:
        step_lines(pane, -1, page);
        return true;
    case KEY_NAME_PAGE_DOWN:
        step_lines(pane, 1, page);
        return true;
    case KEY_NAME_LEFT:
        go_left(pane);
        return true;
    case KEY_NAME_RIGHT:
        go_right(pane);
        return true;
    case KEY_NAME_HOME:
        if (pressed->ctrl)
            editor_move_to(pane, 0, BOX_CONTENT, 0);
        else
            go_home(pane);
        return true;
    case KEY_NAME_END:
        editor_move_to(pane, pressed->ctrl ? editor_last_row(pane) : pane->row, BOX_CONTENT, SIZE_MAX);
        return true;
    case KEY_NAME_TAB:
        editor_next_box(pane);
        return true;
    case KEY_NAME_BACKTAB:
        previous_box(pane);
        return true;
    default:
        return false;
    }
}

/* ---- to a place that is named ---- */

static size_t subfield_offset(const editor_row *row, char code, size_t offset)
{
    for (size_t i = row->start; code != 0 && i + 1 < row->content.length; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER && row->content.bytes[i + 1] == code && i + 2 > offset)
            return i + 2;
    return offset;
}

void editor_go_to(editor *pane, size_t index, char subfield, size_t offset)
{
    editor_row row;
    if (!editor_row_get(pane, index, &row))
        return;
    if (row.control)
        editor_move_to(pane, index, BOX_CONTENT, offset);
    else if (subfield != 0)
        editor_move_to(pane, index, BOX_CONTENT, subfield_offset(&row, subfield, offset));
    else
        editor_move_to(pane, index, BOX_CONTENT, editor_first_stop(&row));
    editor_clamp(pane);
}

/* How many fields of this tag stand before the row. */
static size_t occurrence_at(const editor *pane, const char *tag, size_t row)
{
    editor_row before;
    size_t count = 0;
    for (size_t i = 0; i < row && editor_row_get(pane, i, &before); i++)
        count += strcmp(before.tag, tag) == 0 ? 1 : 0;
    return count;
}

void editor_note_place(editor *pane)
{
    editor_row row;
    pane->place = (saved_place){ .row = pane->row };
    if (!editor_row_get(pane, pane->row, &row))
        return;
    memcpy(pane->place.tag, row.tag, sizeof pane->place.tag);
    pane->place.occurrence = occurrence_at(pane, row.tag, pane->row);
}

void editor_return_place(editor *pane)
{
    const saved_place place = pane->place;
    editor_row row;
    size_t seen = 0;
    pane->place.tag[0] = '\0';
    if (place.tag[0] == '\0' || place.row != pane->row)
        return;
    for (size_t i = 0; editor_row_get(pane, i, &row); i++)
        if (strcmp(row.tag, place.tag) == 0 && seen++ == place.occurrence) {
            pane->row = i;
            return;
        }
}

static size_t find_tag(editor *pane, size_t from)
{
    editor_row row;
    for (size_t i = from; editor_row_get(pane, i, &row); i++)
        if (strncmp(row.tag, pane->jump, pane->jump_length) == 0)
            return i;
    return SIZE_MAX;
}

/* In a record that is only viewed, digits are a tag to go to (style.md, "An expert's eye"). */
void editor_jump_digit(editor *pane, char digit)
{
    if (pane->jump_length == MARC_TAG_LENGTH)
        pane->jump_length = 0;
    pane->jump[pane->jump_length++] = digit;
    pane->jump[pane->jump_length] = '\0';
    size_t found = find_tag(pane, 0);
    if (found == SIZE_MAX) {
        station_say(pane->station, "no field %s%s", pane->jump, pane->jump_length < MARC_TAG_LENGTH ? "..." : "");
        pane->jump_length = 0;
        return;
    }
    editor_move_to(pane, found, BOX_TAG, 0);
}
