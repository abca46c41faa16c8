/* src/tui/pane_editor_marks.c - fields that are marked, so that cut, copy, move, sort and join take all of them at once.
 *
 * A mark belongs to a place among the fields: when fields come or go by something else than a block operation, marks are
 * dropped rather than left on fields that nobody chose. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

static bool holds(const editor *pane)
{
    return pane->marks.count > 0 && pane->marks.fields == marc_record_count(editor_record(pane));
}

bool editor_is_marked(const editor *pane, size_t row)
{
    return row > 0 && holds(pane) && row - 1 < pane->marks.fields && pane->marks.marked[row - 1];
}

size_t editor_marked_count(const editor *pane)
{
    return holds(pane) ? pane->marks.count : 0;
}

void editor_marks_clear(editor *pane)
{
    pane->marks.count = 0;
    if (pane->marks.marked != NULL)
        memset(pane->marks.marked, 0, pane->marks.capacity * sizeof *pane->marks.marked);
}

void editor_marks_release(editor *pane)
{
    free(pane->marks.marked);
    pane->marks = (editor_marks){ 0 };
}

static bool make_room(editor *pane)
{
    editor_marks *marks = &pane->marks;
    size_t fields = marc_record_count(editor_record(pane));
    if (marks->fields != fields)
        editor_marks_clear(pane);
    if (marks->capacity < fields) {
        bool *larger = realloc(marks->marked, fields * sizeof *larger);
        if (larger == NULL)
            return false;
        memset(larger + marks->capacity, 0, (fields - marks->capacity) * sizeof *larger);
        marks->marked = larger;
        marks->capacity = fields;
    }
    marks->fields = fields;
    return true;
}

/* After a block operation: these many fields from `first` on are the block now. */
void editor_marks_set(editor *pane, size_t first, size_t count)
{
    editor_marks_clear(pane);
    if (!make_room(pane))
        return;
    for (size_t i = first; i < first + count && i < pane->marks.fields; i++) {
        pane->marks.marked[i] = true;
        pane->marks.count++;
    }
}

/* Places of the fields to be worked on: the marked ones, else the one under the cursor. @return NULL: none, or no memory */
size_t *editor_chosen_fields(const editor *pane, size_t *count)
{
    size_t wanted = editor_marked_count(pane) > 0 ? editor_marked_count(pane) : pane->row > 0 ? 1 : 0;
    size_t *fields = wanted > 0 ? calloc(wanted, sizeof *fields) : NULL;
    *count = 0;
    if (fields == NULL)
        return NULL;
    if (editor_marked_count(pane) == 0) {
        fields[(*count)++] = pane->row - 1;
        return fields;
    }
    for (size_t i = 0; i < pane->marks.fields && *count < wanted; i++)
        if (pane->marks.marked[i])
            fields[(*count)++] = i;
    return fields;
}

static void say_count(editor *pane)
{
    size_t count = editor_marked_count(pane);
    if (count == 0)
        station_say(pane->station, "no field is marked");
    else
        station_say(pane->station, "%zu field%s marked for copy, cut, move, sort and join; Esc takes the marks off", count,
                    count == 1 ? "" : "s");
}

/* Marks the field or takes its mark off, and goes to the next one: held down, the key marks a block. */
void editor_mark_field(editor *pane)
{
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (pane->row == 0) {
        station_say(pane->station, "the leader is not a field to be marked");
        return;
    }
    if (!make_room(pane))
        return;
    bool *mark = &pane->marks.marked[pane->row - 1];
    *mark = !*mark;
    pane->marks.count += *mark ? 1 : (size_t)-1;
    if (pane->row + 1 < editor_rows(pane)) {
        editor_move_to(pane, pane->row + 1, BOX_CONTENT, 0);
        editor_enter_content(pane);
    }
    say_count(pane);
}

void editor_mark_tag(editor *pane)
{
    editor_row row;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (pane->row == 0 || !make_room(pane) || !editor_row_get(pane, pane->row, &row))
        return;
    for (size_t i = 0; i < pane->marks.fields; i++)
        if (!pane->marks.marked[i] && strcmp(marc_record_field(editor_record(pane), i)->tag, row.tag) == 0) {
            pane->marks.marked[i] = true;
            pane->marks.count++;
        }
    say_count(pane);
}
