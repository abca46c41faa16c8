/* src/tui/pane_editor_form.c - the fixed-field form: LDR, 006, 007 and 008 element by element, with what each code means.
 *
 * The form holds no copy: it shows the field through its layout and writes only the position that was typed or chosen. So
 * closing it unchanged leaves every byte as it was, fill characters and undefined codes too (ED-46), and each change is one
 * that undo takes back. Blank is shown as #, fill as |. */
#include "editor_form.h"

#include <stdio.h>
#include <string.h>

enum { CHOICES_ABOVE = 6 };

const marc_fixed_layout *editor_form_layout(const editor *pane, editor_row *row)
{
    if (!editor_row_get(pane, pane->form.row, row))
        return NULL;
    return editor_fixed_layout(pane, row);
}

const marc_position *editor_form_element(const marc_fixed_layout *fixed, size_t number)
{
    for (size_t i = 0; i < fixed->position_count; i++) {
        size_t before = 0;
        for (size_t j = 0; j < fixed->position_count; j++) {
            size_t here = fixed->positions[i].offset, other = fixed->positions[j].offset;
            before += other < here || (other == here && j < i) ? 1 : 0;
        }
        if (before == number)
            return &fixed->positions[i];
    }
    return &fixed->positions[0];
}

size_t editor_form_unit(const marc_position *position)
{
    size_t unit = position->unit_length > 0 ? position->unit_length : position->length;
    return unit > 0 ? unit : 1;
}

text editor_form_unit_at(const editor_row *row, const marc_position *position, size_t within)
{
    size_t unit = editor_form_unit(position), at = position->offset + within / unit * unit;
    if (at >= row->content.length)
        return (text){ "", 0 };
    return text_of(row->content.bytes + at, row->content.length - at < unit ? row->content.length - at : unit);
}

/* ---- opening, closing, walking ---- */

/* The cursor of the grid goes with the form, so that the status line and the return agree. */
static void follow(editor *pane)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL || fixed->position_count == 0)
        return;
    if (pane->form.element >= fixed->position_count)
        pane->form.element = fixed->position_count - 1;
    const marc_position *position = editor_form_element(fixed, pane->form.element);
    if (pane->form.unit_cursor >= position->length)
        pane->form.unit_cursor = position->length - 1;
    editor_move_to(pane, pane->form.row, BOX_CONTENT, position->offset + pane->form.unit_cursor);
    pane->form.choices.count = position->code_count;
    pane->form.choices.current = 0;
    text unit = editor_form_unit_at(&row, position, pane->form.unit_cursor);
    const marc_code *code = marc_position_code(position, unit);
    if (code != NULL)
        pane->form.choices.current = (size_t)(code - position->codes);
    pane->form.choices.top = pane->form.choices.current > CHOICES_ABOVE ? pane->form.choices.current - CHOICES_ABOVE : 0;
}

static size_t row_for_form(const editor *pane)
{
    editor_row row;
    if (editor_row_get(pane, pane->row, &row) && row.overwrite)
        return pane->row;
    size_t found = marc_record_find(editor_record(pane), "008", 0);
    return found == SIZE_MAX ? 0 : found + 1;
}

void editor_form_open(editor *pane)
{
    editor_row row;
    size_t offset = pane->offset;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    size_t index = row_for_form(pane);
    bool from_grid = index == pane->row && pane->box == BOX_CONTENT;
    pane->form = (editor_form){ .row = index, .from_row = pane->row, .from_offset = pane->offset, .from_box = pane->box };
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL || fixed->position_count == 0) {
        station_say(pane->station,
                    strcmp(row.tag, "007") == 0 ? "type the first character of 007 (its category) before opening the form"
                                                : "the MARC tables have no layout for %s here",
                    row.tag);
        return;
    }
    for (size_t i = 0; from_grid && i < fixed->position_count; i++) {
        const marc_position *position = editor_form_element(fixed, i);
        if (offset >= position->offset && offset < position->offset + position->length) {
            pane->form.element = i;
            pane->form.unit_cursor = offset - position->offset;
        }
    }
    pane->form.open = true;
    follow(pane);
}

void editor_form_close(editor *pane)
{
    pane->form.open = false;
    pane->form.choosing = false;
    if (pane->form.from_row != pane->form.row) {
        editor_move_to(pane, pane->form.from_row, pane->form.from_box, pane->form.from_offset);
        editor_clamp(pane);
    }
    marc_edit_settle(edit_of(pane->session));
}

static void step_element(editor *pane, int by)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL || (by < 0 && pane->form.element == 0) || (by > 0 && pane->form.element + 1 >= fixed->position_count))
        return;
    pane->form.element += (size_t)by;
    pane->form.unit_cursor = 0;
    pane->form.choosing = false;
    follow(pane);
}

/* ---- changing ---- */

static size_t list_undefined(const editor *pane, const editor_row *row, buffer *out)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    size_t count = 0;
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++) {
        const marc_position *position = &fixed->positions[i];
        for (size_t at = 0; position->code_count > 0 && at < position->length; at += editor_form_unit(position)) {
            text unit = editor_form_unit_at(row, position, at);
            if (unit.length != editor_form_unit(position) || marc_position_code(position, unit) != NULL)
                continue;
            buffer_append_format(out, "%s%02zu ", count == 0 ? "" : ", ", position->offset + at);
            for (size_t i = 0; i < unit.length; i++)
                buffer_append_char(out, unit.bytes[i] == ' ' ? '#' : unit.bytes[i]);
            count++;
        }
    }
    return count;
}

/* The type of record was changed: 008 is read by another layout from now on, and nothing in it is touched (ED-45). */
void editor_relabelled(editor *pane)
{
    text content = marc_record_control(editor_record(pane), "008");
    editor_row row = { .tag = "008", .content = content, .control = true };
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, &row);
    buffer list;
    if (fixed == NULL || content.length == 0)
        return;
    buffer_init(&list, 4096);
    size_t count = list_undefined(pane, &row, &list);
    if (count == 0)
        station_say(pane->station, "008 is read as %.*s now; all its codes are defined there", (int)fixed->name.length,
                    fixed->name.bytes);
    else
        station_say(pane->station, "008 is read as %.*s now; not defined there: %s", (int)fixed->name.length, fixed->name.bytes,
                    buffer_string(&list));
    buffer_release(&list);
}

static bool write_bytes(editor *pane, const editor_row *row, size_t offset, text bytes)
{
    buffer content;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append_text(&content, row->content);
    while (content.length < offset + bytes.length && !buffer_failed(&content))
        buffer_append_char(&content, ' ');
    for (size_t i = 0; i < bytes.length && !buffer_failed(&content); i++)
        content.bytes[offset + i] = bytes.bytes[i] == '#' ? ' ' : bytes.bytes[i];
    bool done = !buffer_failed(&content) && editor_set_content(pane, pane->form.row, row->tag, buffer_text(&content));
    buffer_release(&content);
    return done;
}

static bool change(editor *pane, size_t within, text bytes)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL || !editor_may_change(pane, pane->form.row))
        return false;
    const marc_position *position = editor_form_element(fixed, pane->form.element);
    if (position->system) {
        editor_say_computed(pane, &row, position->offset);
        return false;
    }
    return write_bytes(pane, &row, position->offset + within, bytes);
}

static void type_code(editor *pane, char letter)
{
    editor_row row;
    if (letter < 0x20 || letter > 0x7E) {
        station_say(pane->station, "a code is a plain letter or digit, # for blank, | for fill");
        return;
    }
    if (!change(pane, pane->form.unit_cursor, text_of(&letter, 1)))
        return;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL)
        editor_form_close(pane);
    else if (pane->form.unit_cursor + 1 < editor_form_element(fixed, pane->form.element)->length)
        pane->form.unit_cursor++;
    else if (pane->form.element + 1 < fixed->position_count)
        step_element(pane, 1);
    if (pane->form.open)
        follow(pane);
}

static void take_choice(editor *pane)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL)
        return;
    const marc_position *position = editor_form_element(fixed, pane->form.element);
    size_t unit = editor_form_unit(position), within = pane->form.unit_cursor / unit * unit;
    text code = pane->form.choices.current < position->code_count ? position->codes[pane->form.choices.current].code : TEXT("");
    if (code.length != unit) {
        station_say(pane->station, "type the number itself: any of %.*s", (int)code.length, code.bytes);
    } else if (change(pane, within, code)) {
        pane->form.unit_cursor = within;
        if (within + unit < position->length)
            pane->form.unit_cursor += unit;
    }
    pane->form.choosing = false;
    follow(pane);
}

static void walk_choices(editor *pane, int by)
{
    list_view *choices = &pane->form.choices;
    if (by < 0)
        choices->current = choices->current > (size_t)-by ? choices->current - (size_t)-by : 0;
    else
        choices->current = choices->current + (size_t)by < choices->count ? choices->current + (size_t)by : choices->count - 1;
}

static bool choosing_key(editor *pane, const key *pressed)
{
    enum { PAGE = 10 };
    switch (pressed->name) {
    case KEY_NAME_UP:
        walk_choices(pane, -1);
        return true;
    case KEY_NAME_DOWN:
        walk_choices(pane, 1);
        return true;
    case KEY_NAME_PAGE_UP:
        walk_choices(pane, -PAGE);
        return true;
    case KEY_NAME_PAGE_DOWN:
        walk_choices(pane, PAGE);
        return true;
    case KEY_NAME_ENTER:
        take_choice(pane);
        return true;
    case KEY_NAME_LEFT:
        pane->form.choosing = false;
        return true;
    default:
        return false;
    }
}

/* Of codes of one letter the letter goes to the first that begins with it; longer ones, and words of their meanings, are typed
 * into the list that narrows. */
static void choose_by_typing(editor *pane, const char *typed)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    const marc_position *position = fixed != NULL ? editor_form_element(fixed, pane->form.element) : NULL;
    char letter = *typed == ' ' ? '#' : *typed;
    for (size_t i = 0; position != NULL && editor_form_unit(position) == 1 && i < position->code_count; i++)
        if (position->codes[i].code.length > 0 && position->codes[i].code.bytes[0] == letter) {
            pane->form.choices.current = i;
            return;
        }
    pane->form.choosing = false;
    editor_choose_value_from(pane, text_from(typed));
}

/* ---- the raw string ---- */

/* The element goes with the cursor, so that what it is stands beside what is typed. */
static void follow_raw(editor *pane)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (pane->row != pane->form.row || pane->box != BOX_CONTENT)
        editor_move_to(pane, pane->form.row, BOX_CONTENT, 0);
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++) {
        const marc_position *position = editor_form_element(fixed, i);
        if (pane->offset < position->offset || pane->offset >= position->offset + position->length)
            continue;
        pane->form.element = i;
        pane->form.unit_cursor = pane->offset - position->offset;
    }
    if (fixed == NULL)
        editor_form_close(pane); /* its first byte names no layout any more */
}

static bool leaves_raw(const key *pressed)
{
    return pressed->name == KEY_NAME_DOWN || pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_ENTER ||
           pressed->name == KEY_NAME_TAB || pressed->name == KEY_NAME_BACKTAB || pressed->name == KEY_NAME_PAGE_DOWN ||
           pressed->name == KEY_NAME_PAGE_UP;
}

static bool raw_key(editor *pane, const key *pressed)
{
    if (leaves_raw(pressed)) {
        pane->form.raw = false;
        follow(pane);
        return true;
    }
    bool used = editor_type(pane, pressed);
    follow_raw(pane);
    return used;
}

static void move_within(editor *pane, int by)
{
    editor_row row;
    const marc_fixed_layout *fixed = editor_form_layout(pane, &row);
    if (fixed == NULL)
        return;
    const marc_position *position = editor_form_element(fixed, pane->form.element);
    if (by < 0 && pane->form.unit_cursor > 0)
        pane->form.unit_cursor--;
    else if (by > 0 && pane->form.unit_cursor + 1 < position->length)
        pane->form.unit_cursor++;
    else if (by > 0 && position->code_count > 0)
        pane->form.choosing = true;
    follow(pane);
}

static bool form_key(editor *pane, const key *pressed)
{
    enum { PAGE = 8 };
    switch (pressed->name) {
    case KEY_NAME_UP:
    case KEY_NAME_BACKTAB:
        pane->form.raw = pane->form.element == 0; /* above the first element stands the raw string */
        step_element(pane, -1);
        return true;
    case KEY_NAME_DOWN:
    case KEY_NAME_TAB:
        step_element(pane, 1);
        return true;
    case KEY_NAME_PAGE_UP:
        for (int i = 0; i < PAGE; i++)
            step_element(pane, -1);
        return true;
    case KEY_NAME_PAGE_DOWN:
        for (int i = 0; i < PAGE; i++)
            step_element(pane, 1);
        return true;
    case KEY_NAME_LEFT:
        move_within(pane, -1);
        return true;
    case KEY_NAME_RIGHT:
        move_within(pane, 1);
        return true;
    case KEY_NAME_ENTER:
        pane->form.choosing = pane->form.choices.count > 0;
        if (!pane->form.choosing)
            step_element(pane, 1);
        return true;
    case KEY_NAME_BACKSPACE:
        move_within(pane, -1);
        change(pane, pane->form.unit_cursor, TEXT(" "));
        follow(pane);
        return true;
    case KEY_NAME_DELETE:
        change(pane, pane->form.unit_cursor, TEXT(" "));
        follow(pane);
        return true;
    default:
        return false;
    }
}

bool editor_form_type(editor *pane, const key *pressed)
{
    if (pane->form.raw)
        return raw_key(pane, pressed);
    if (pressed->name != KEY_IS_TEXT)
        return pane->form.choosing && choosing_key(pane, pressed) ? true : form_key(pane, pressed);
    if (pressed->ctrl || pressed->alt || (unsigned char)pressed->text[0] < 0x20)
        return false;
    if (pane->form.choosing)
        choose_by_typing(pane, pressed->text);
    else
        type_code(pane, pressed->text[0]);
    return true;
}
