/* src/tui/pane_editor_subfields.c - whole subfields: remove, cut, copy, paste, move and sort within their field.
 *
 * A subfield is its delimiter, its code and its value up to the next delimiter; the one under the cursor is meant. Each of
 * these is one step of the undo log. */
#include "editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool editor_subfield_here(const editor *pane, const editor_row *row, size_t *start, size_t *end)
{
    size_t at = SIZE_MAX;
    if (row->control || pane->box != BOX_CONTENT)
        return false;
    for (size_t i = row->start; i < row->content.length && i < pane->offset + (at == SIZE_MAX ? 1 : 0); i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            at = i;
    if (at == SIZE_MAX)
        return false;
    *start = at;
    *end = at + 1;
    while (*end < row->content.length && row->content.bytes[*end] != MARC_SUBFIELD_DELIMITER)
        (*end)++;
    return true;
}

/* The subfield under the cursor, of a field that may be changed; says why not. */
static bool wanted(editor *pane, editor_row *row, size_t *start, size_t *end, bool changes)
{
    if (changes && !editor_may_change(pane, pane->row))
        return false;
    if (editor_row_get(pane, pane->row, row) && editor_subfield_here(pane, row, start, end))
        return true;
    station_say(pane->station, row->control ? "%s has no subfields" : "the cursor is in no subfield of %s", row->tag);
    return false;
}

static text piece(const editor_row *row, size_t start, size_t end)
{
    return text_of(row->content.bytes + start, end - start);
}

/* Content made of pieces takes the field's place as one step. */
static bool become(editor *pane, const char *title, const char *tag, const buffer *content)
{
    char full[60];
    if (buffer_failed(content)) {
        station_say(pane->station, "field %s would be over %d bytes; nothing was changed", tag, EDITOR_FIELD_LIMIT);
        return false;
    }
    snprintf(full, sizeof full, "%s %s", title, tag);
    marc_edit_settle(edit_of(pane->session));
    marc_edit_begin(edit_of(pane->session), full);
    bool done = editor_set_content(pane, pane->row, tag, buffer_text(content));
    marc_edit_end(edit_of(pane->session));
    return done;
}

static void take_out(editor *pane, const editor_row *row, size_t start, size_t end, const char *title)
{
    buffer content;
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    buffer_append_text(&content, piece(row, 0, start));
    buffer_append_text(&content, piece(row, end, row->content.length));
    if (become(pane, title, row->tag, &content)) {
        editor_move_to(pane, pane->row, BOX_CONTENT, start < content.length ? start + 2 : start);
        editor_clamp(pane);
    }
    buffer_release(&content);
}

void editor_copy_subfield(editor *pane, bool cut)
{
    editor_row row;
    size_t start, end;
    buffer *clipboard = station_clipboard(pane->station);
    if (!wanted(pane, &row, &start, &end, cut))
        return;
    char code = end > start + 1 ? row.content.bytes[start + 1] : ' ';
    buffer_clear(clipboard);
    buffer_append_text(clipboard, piece(&row, start, end));
    if (buffer_failed(clipboard)) {
        buffer_clear(clipboard);
        station_say(pane->station, "no memory to copy the subfield");
        return;
    }
    if (cut)
        take_out(pane, &row, start, end, "Cut subfield of");
    station_say(pane->station, "%s $$%c; paste puts it behind the subfield under the cursor", cut ? "cut" : "copied", code);
}

void editor_remove_subfield(editor *pane)
{
    editor_row row;
    size_t start, end;
    if (wanted(pane, &row, &start, &end, true))
        take_out(pane, &row, start, end, "Remove subfield of");
}

void editor_paste_subfield(editor *pane, text subfield)
{
    editor_row row;
    size_t start, end;
    buffer content;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (row.control) {
        station_say(pane->station, "%s has no subfields: a subfield was copied, and cannot be pasted here", row.tag);
        return;
    }
    if (!editor_subfield_here(pane, &row, &start, &end))
        end = row.content.length;
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    buffer_append_text(&content, piece(&row, 0, end));
    while (content.length < EDITOR_INDICATORS)
        buffer_append_char(&content, ' ');
    size_t at = content.length + 2;
    buffer_append_text(&content, subfield);
    if (end < row.content.length)
        buffer_append_text(&content, piece(&row, end, row.content.length));
    if (become(pane, "Paste subfield in", row.tag, &content))
        editor_move_to(pane, pane->row, BOX_CONTENT, at);
    buffer_release(&content);
}

/* ---- order ---- */

void editor_move_subfield(editor *pane, int by)
{
    editor_row row;
    size_t start, end, other;
    buffer content;
    if (!wanted(pane, &row, &start, &end, true))
        return;
    if (by < 0 ? start <= row.start : end >= row.content.length) {
        station_say(pane->station, by < 0 ? "it is the first subfield" : "it is the last subfield");
        return;
    }
    size_t in = pane->offset > start ? pane->offset - start : 0;
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    if (by < 0) {
        for (other = start - 1; other > row.start && row.content.bytes[other] != MARC_SUBFIELD_DELIMITER;)
            other--;
        buffer_append_text(&content, piece(&row, 0, other));
        buffer_append_text(&content, piece(&row, start, end));
        buffer_append_text(&content, piece(&row, other, start));
        buffer_append_text(&content, piece(&row, end, row.content.length));
        start = other;
    } else {
        for (other = end + 1; other < row.content.length && row.content.bytes[other] != MARC_SUBFIELD_DELIMITER;)
            other++;
        buffer_append_text(&content, piece(&row, 0, start));
        buffer_append_text(&content, piece(&row, end, other));
        buffer_append_text(&content, piece(&row, start, end));
        buffer_append_text(&content, piece(&row, other, row.content.length));
        start += other - end;
    }
    if (become(pane, "Move subfield of", row.tag, &content))
        editor_move_to(pane, pane->row, BOX_CONTENT, start + in);
    buffer_release(&content);
}

/* Linkage first, then letters, then the other digits: the order in which fields are written. */
static int rank(char code)
{
    static const char first[] = "863";
    const char *found = code != '\0' ? strchr(first, code) : NULL;
    if (found != NULL)
        return (int)(found - first);
    return code >= '0' && code <= '9' ? 1000 + code : 100 + (unsigned char)code;
}

typedef struct part {
    text bytes;
    size_t number; /* among the parts: those of equal code stay as they stand */
} part;

static int compare_parts(const void *one, const void *other)
{
    const part *a = one, *b = other;
    int by_code = rank(a->bytes.length > 1 ? a->bytes.bytes[1] : '\0') - rank(b->bytes.length > 1 ? b->bytes.bytes[1] : '\0');
    if (by_code != 0)
        return by_code;
    return a->number < b->number ? -1 : 1;
}

static part *cut_apart(const editor_row *row, size_t first, size_t *count)
{
    *count = 0;
    for (size_t i = first; i < row->content.length; i++)
        *count += row->content.bytes[i] == MARC_SUBFIELD_DELIMITER ? 1 : 0;
    part *parts = *count > 0 ? calloc(*count, sizeof *parts) : NULL;
    for (size_t i = first, n = 0; parts != NULL && i < row->content.length; n++) {
        size_t end = i + 1;
        while (end < row->content.length && row->content.bytes[end] != MARC_SUBFIELD_DELIMITER)
            end++;
        parts[n] = (part){ piece(row, i, end), n };
        i = end;
    }
    return parts;
}

void editor_sort_subfields(editor *pane)
{
    editor_row row;
    buffer content;
    size_t count, first;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    for (first = row.start; first < row.content.length && row.content.bytes[first] != MARC_SUBFIELD_DELIMITER;)
        first++;
    part *parts = row.control ? NULL : cut_apart(&row, first, &count);
    if (parts == NULL) {
        station_say(pane->station, "%s has no subfields to sort", row.tag);
        return;
    }
    qsort(parts, count, sizeof *parts, compare_parts);
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    buffer_append_text(&content, piece(&row, 0, first));
    for (size_t i = 0; i < count; i++)
        buffer_append_text(&content, parts[i].bytes);
    bool same = !buffer_failed(&content) && text_equal(buffer_text(&content), row.content);
    if (same)
        station_say(pane->station, "the subfields of %s are in order already", row.tag);
    else if (become(pane, "Sort subfields of", row.tag, &content))
        editor_clamp(pane);
    buffer_release(&content);
    free(parts);
}
